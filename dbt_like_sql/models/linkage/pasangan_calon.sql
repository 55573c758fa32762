-- Grain: unordered pair of nodes that share a blocking key, unless both are as last month and the key made pairs then too; the first
-- rule that found it is kept for the report.
with pakai as (
    select k.aturan, k.kunci, k.node_id, case when t.node_id is null or b.baru then 1 else 0 end as baru
    from linkage.kunci_blok as k
    inner join linkage.blok as b on k.aturan = b.aturan and k.kunci = b.kunci
    left join linkage.simpul_tetap as t on k.node_id = t.node_id
    where b.dipakai and b.periksa
)
select
    l.node_id as join_key_l,
    r.node_id as join_key_r,
    min(l.aturan) as match_key
from pakai as l
inner join pakai as r on l.aturan = r.aturan and l.kunci = r.kunci and l.node_id < r.node_id
where l.baru + r.baru > 0
group by l.node_id, r.node_id
