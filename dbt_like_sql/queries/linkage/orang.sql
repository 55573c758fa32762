-- Grain: record and its person: the smallest node of the person. Reads the view label (node_id, orang).
select s.record_uid, s.rumah, s.node_id, l.orang
from linkage.simpul_rekaman as s
inner join label as l on s.node_id = l.node_id
