-- Grain: person of whom a record carries $nik, as corrected or as delivered.
select distinct c.person_id
from intermediate.int_person_record as p
inner join linkage.crosswalk as c on p.record_uid = c.record_uid
where p.nik = $nik or p.nik_asal = $nik
order by c.person_id
