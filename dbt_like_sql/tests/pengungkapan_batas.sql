-- Cells of the open tables that tell of a few families: a count below 10 (an area's total below 20), by the figure or by the truth; a
-- figure that is no multiple of 5; one of families and persons withheld without the other; a cell of an area whose families nearly all
-- (90 percent) fall in one tenth; a cell told twice or missing.
with sel as (
    select
        s.jalur,
        s.desil,
        s.keluarga as benar,
        t.keluarga,
        t.orang,
        t.jalur is null as hilang,
        case s.desil when 0 then 20 else 10 end as batas,
        max(case when s.desil > 0 then s.keluarga end) over (partition by s.jalur) as terbesar,
        max(case when s.desil = 0 then s.keluarga end) over (partition by s.jalur) as semua
    from publikasi.sel as s
    left join publikasi.terbuka as t on s.jalur = t.jalur and s.desil = t.desil
)

select 'sel kecil diterbitkan / small cells published' as ukuran, count(*) as nilai
from sel
where keluarga is not null and (benar < batas or keluarga < 10 or orang < 10)
union all
select 'bukan kelipatan 5 / no multiple of 5' as ukuran, count(*) as nilai
from sel
where keluarga % 5 <> 0 or orang % 5 <> 0
union all
select 'jauh dari hitungan / far from the count' as ukuran, count(*) as nilai
from sel
where abs(keluarga - benar) >= 12
union all
select 'keluarga atau orang saja ditahan / families or persons withheld alone' as ukuran, count(*) as nilai
from sel
where (keluarga is null) <> (orang is null)
union all
select 'daerah dengan satu desil / area of one tenth' as ukuran, count(*) as nilai
from sel
where desil > 0 and keluarga is not null and terbesar >= 0.9 * semua
union all
select 'sel hilang atau ganda / cells missing or told twice' as ukuran, count(*) as nilai
from (
    select jalur, desil
    from sel
    group by jalur, desil
    having count(*) > 1 or bool_or(hilang)
) as salah
