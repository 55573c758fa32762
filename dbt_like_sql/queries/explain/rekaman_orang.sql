-- Grain: record of person $person; its node, whether it stands for that node (wakil), and its family.
select
    c.record_uid,
    s.node_id,
    s.wakil,
    c.family_id
from linkage.crosswalk as c
inner join linkage.simpul_rekaman as s on c.record_uid = s.record_uid
where c.person_id = $person
order by c.record_uid
