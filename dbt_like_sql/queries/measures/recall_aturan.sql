-- Grain: blocking rule and bucket of the sampled true pairs of different nodes: those that the rule finds, and those that no
-- other does.
select
    concat('aturan=', a.nama) as kelompok,
    t.ember,
    count(*) filter (where s.dipakai) as recall_aturan,
    count(*) filter (where s.dipakai and t.berapa = 1) as recall_hanya_aturan,
    count(*) as penyebut
from terblok as t
cross join seeds.aturan_blok as a
left join sekunci as s on t.node_l = s.node_l and t.node_r = s.node_r and a.aturan = cast(s.aturan as varchar)
where not t.satu
group by a.nama, t.ember
