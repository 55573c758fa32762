-- Grain: sampled true pair and rule by which its nodes share a key; whether a block of such a key makes pairs (dipakai).
select
    p.node_l,
    p.node_r,
    l.aturan,
    bool_or(b.dipakai) as dipakai
from pasangan_benar as p
inner join kunci_contoh as l on p.node_l = l.node_id
inner join kunci_contoh as r on p.node_r = r.node_id and l.aturan = r.aturan and l.kunci = r.kunci
inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
where p.node_l < p.node_r
group by p.node_l, p.node_r, l.aturan
