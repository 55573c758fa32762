-- Grain: unordered pair of nodes that share a blocking key; the first rule that found it is kept for the report.
with pakai as (
    select k.aturan, k.kunci, k.node_id
    from linkage.kunci_blok as k
    inner join linkage.blok as b on k.aturan = b.aturan and k.kunci = b.kunci
    where b.dipakai
)
select
    l.node_id as join_key_l,
    r.node_id as join_key_r,
    min(l.aturan) as match_key
from pakai as l
inner join pakai as r on l.aturan = r.aturan and l.kunci = r.kunci and l.node_id < r.node_id
group by l.node_id, r.node_id
