-- Grain: pair of nodes that a reviewer said are one person.
select distinct l.node_id as node_l, r.node_id as node_r
from linkage.keputusan as k
inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
where k.putusan = 'sama' and l.node_id <> r.node_id
