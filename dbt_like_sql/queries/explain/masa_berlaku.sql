-- Grain: interval of months in which a record was of person $person; the month it ended is '' while it lasts.
select
    concat(source, ':', record_id) as record_uid,
    family_id,
    bulan_mulai,
    coalesce(bulan_selesai, '') as bulan_selesai
from rekaman
where person_id = $person
order by rekaman.bulan_mulai, rekaman.source, rekaman.record_id
