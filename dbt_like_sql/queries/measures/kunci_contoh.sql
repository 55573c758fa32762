-- Grain: blocking key of a node of the sampled true pairs.
select
    k.node_id,
    k.aturan,
    k.kunci
from linkage.kunci_blok as k
semi join (
    select node_l as node_id from pasangan_benar where node_l < node_r
    union all
    select node_r as node_id from pasangan_benar where node_l < node_r
) as p on k.node_id = p.node_id
