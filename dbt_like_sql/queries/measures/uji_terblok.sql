-- Grain: pair of uji_pasangan that blocking brings together. A key makes pairs unless the month's own block of it is too large.
select distinct
    p.l,
    p.r
from uji_pasangan as p
inner join uji_kunci as a on p.l = a.node_id
inner join uji_kunci as b on p.r = b.node_id and a.aturan = b.aturan and a.kunci = b.kunci
left join linkage.blok as k on a.aturan = k.aturan and a.kunci = k.kunci
where p.jenis <> 'diri' and coalesce(k.dipakai, true)
