-- Grain: pair of unchanged nodes (table padanan) that last month's linkage scored, with its weight.
select least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r, p.match_weight
from lalu.linkage.pasangan as p
inner join padanan as l on p.node_l = l.node_lalu
inner join padanan as r on p.node_r = r.node_lalu
