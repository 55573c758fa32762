-- Grain: pair of unchanged nodes (table padanan) left over in one family last month. Its weight is null where it was too low to
-- be kept: such a pair is known as well.
select least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r, p.match_weight
from lalu.linkage.pasangan_sisa as s
inner join padanan as l on s.join_key_l = l.node_lalu
inner join padanan as r on s.join_key_r = r.node_lalu
left join lalu.linkage.pasangan_dalam_keluarga as p on s.join_key_l = p.node_l and s.join_key_r = p.node_r
