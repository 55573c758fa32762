-- Grain: pair of nodes that weighs enough to join ($ambang), with its weight.
select node_l, node_r, max(match_weight) as bobot
from linkage.pasangan
where match_weight >= $ambang
group by node_l, node_r
order by node_l, node_r
