-- Grain: pair of unchanged nodes left over in one family, with last month's weight where it was high enough to be kept.
select l.node_l, l.node_r, l.match_weight
from linkage.sisa_lalu as l
inner join linkage.pasangan_sisa as s on s.join_key_l = l.node_l and s.join_key_r = l.node_r
where l.match_weight is not null
