-- Grain: the family; the sources of its member lists, and the last day one of its records was observed.
select
    coalesce(string_agg(distinct p.source, ', ' order by p.source), '') as sumber,
    max(p.tanggal_amatan) as tanggal
from linkage.crosswalk as c
inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
where c.family_id = $family
