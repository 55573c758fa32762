-- Grain: pair left over in one family that last month's linkage has not scored.
select s.join_key_l, s.join_key_r, s.match_key
from linkage.pasangan_sisa as s
anti join linkage.sisa_lalu as l on s.join_key_l = l.node_l and s.join_key_r = l.node_r
