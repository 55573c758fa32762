-- Grain: blocking rule with blocks; its largest block, and how many blocks the cap leaves out.
select
    concat('aturan=', a.nama) as kelompok,
    max(b.jumlah) as blok_terbesar,
    count(*) filter (where not b.dipakai) as blok_dilewati
from linkage.blok as b
inner join seeds.aturan_blok as a on cast(b.aturan as varchar) = a.aturan
group by a.nama
order by a.nama
