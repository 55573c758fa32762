-- Grain: pair of nodes that joins in the second clustering: one person by the first, alike members of one family (from the
-- weight $ambang on, or where the rest goes together too), or a reviewer's decision (table keputusan_sama). $tergabung and
-- $diputuskan are the weights of what the first clustering joined and of a decision.
with semua as (
    select distinct orang as node_l, node_id as node_r, $tergabung as match_weight
    from linkage.orang_awal
    where orang <> node_id
    union all
    select p.node_l, p.node_r, p.match_weight
    from linkage.pasangan_dalam_keluarga as p
    inner join linkage.pasangan_sisa as s on p.node_l = s.join_key_l and p.node_r = s.join_key_r
    where p.match_weight >= $ambang or s.sejalan
    union all
    select node_l, node_r, $diputuskan as match_weight
    from keputusan_sama
)
select node_l, node_r, max(match_weight) as bobot
from semua
group by node_l, node_r
order by node_l, node_r
