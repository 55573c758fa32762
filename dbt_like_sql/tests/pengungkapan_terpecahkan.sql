-- Sums of the open tables with a single gap, which anyone can fill by subtracting: an area's tenths and its total, and the areas within
-- an area with that area's own figure. Where no sum has a single gap, solving one after the other cannot even begin.
with jumlah as (
    select jalur, cast(null as integer) as desil, keluarga
    from publikasi.terbuka
    union all
    select induk as jalur, desil, keluarga
    from publikasi.terbuka
    where induk is not null
    union all
    select jalur, desil, keluarga
    from publikasi.terbuka
    where jalur in (select induk from publikasi.terbuka)
),

celah as (
    select jalur, desil, count(case when keluarga is null then 1 end) as ditahan
    from jumlah
    group by jalur, desil
)

select 'jumlah dengan satu celah / sums with one gap' as ukuran, count(case when ditahan = 1 then 1 end) as nilai
from celah
