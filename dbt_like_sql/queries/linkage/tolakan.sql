-- Grain: merge that either clustering refused and that did not come about by another way, and why. Reads the view tolakan_akhir,
-- which is as linkage.tolakan_awal.
with simpul as (
    select distinct node_id, orang
    from linkage.orang
),
semua as (
    select node_l, node_r, match_weight, alasan
    from linkage.tolakan_awal
    union all
    select node_l, node_r, match_weight, alasan
    from tolakan_akhir
)
select t.node_l, t.node_r, max(t.match_weight) as match_weight, min(t.alasan) as alasan
from semua as t
inner join simpul as l on t.node_l = l.node_id
inner join simpul as r on t.node_r = r.node_id
where l.orang <> r.orang
group by t.node_l, t.node_r
order by t.node_l, t.node_r
