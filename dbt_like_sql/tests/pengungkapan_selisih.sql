-- Cells whose figure, set against that of the last release, tells of fewer than ten families: a step of 5, or a figure made anew while
-- the truth is within 12 of the old one. And cells told again although their count is less than ten above the bound.
with sel as (
    select
        t.desil,
        t.keluarga,
        l.keluarga as lalu,
        s.keluarga as benar,
        case t.desil when 0 then 20 else 10 end as batas
    from publikasi.terbuka as t
    inner join publikasi.lalu as l on t.jalur = l.jalur and t.desil = l.desil
    inner join publikasi.sel as s on t.jalur = s.jalur and t.desil = s.desil
    where t.keluarga is not null
)

select 'langkah di bawah 10 / steps below 10' as ukuran, count(*) as nilai
from sel
where keluarga <> lalu and (abs(keluarga - lalu) < 10 or abs(benar - lalu) < 12)
union all
select 'kembali terlalu dini / told again too early' as ukuran, count(*) as nilai
from sel
where lalu is null and benar < batas + 10
