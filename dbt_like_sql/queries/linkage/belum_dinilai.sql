-- Grain: pair of nodes of one component that blocking left out, so that it has no weight yet. Reads the view komponen (node_id,
-- komponen).
select l.node_id as join_key_l, r.node_id as join_key_r, 'ragu' as match_key
from komponen as l
inner join komponen as r on l.komponen = r.komponen and l.node_id < r.node_id
anti join linkage.pasangan as p on l.node_id = p.node_l and r.node_id = p.node_r
