-- Grain: pair of nodes whose weight is known to the first clustering. Reads the table keputusan_sama; $diputuskan is the weight
-- of a reviewer's decision.
with semua as (
    select node_l, node_r, match_weight
    from linkage.pasangan
    union all
    select node_l, node_r, match_weight
    from linkage.pasangan_ragu
    union all
    select node_l, node_r, $diputuskan as match_weight
    from keputusan_sama
)
select node_l, node_r, max(match_weight) as bobot
from semua
group by node_l, node_r
order by node_l, node_r
