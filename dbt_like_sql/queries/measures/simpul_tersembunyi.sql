-- Grain: hidden record that is in a pair, as a node without its NIK.
select * exclude (record_uid, family_uid) replace (cast(null as varchar) as nik, cast(null as integer) as cocok)
from tersembunyi as t
semi join (select l as id from uji_pasangan union select r as id from uji_pasangan) as p on t.unique_id = p.id
