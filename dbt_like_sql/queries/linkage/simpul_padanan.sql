-- Grain: node that has not changed, and its number last month.
select a.unique_id as node_id, b.unique_id as node_lalu
from linkage.simpul as a
inner join lalu.linkage.simpul as b on a.wakil = b.wakil and a.sidik = b.sidik
