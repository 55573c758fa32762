-- Grain: family record and person in it. Several rows of one person in one family record count once.
select
    o.rumah,
    o.orang,
    max(case when p.hubungan = 1 then 1 else 0 end) as kepala
from linkage.orang as o
inner join intermediate.int_person_record as p on o.record_uid = p.record_uid
group by o.rumah, o.orang
