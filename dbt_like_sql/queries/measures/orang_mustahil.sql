-- Grain: node of an impossible pair; the person it ended in.
select distinct
    o.node_id,
    o.orang
from linkage.orang as o
semi join (select l as node_id from mustahil union all select r as node_id from mustahil) as m on o.node_id = m.node_id
