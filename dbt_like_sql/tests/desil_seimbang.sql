-- Largest decile less the smallest, in families; a decile that does not occur counts as empty.
with nasional as (
    select desil_nasional as desil, count(*) as jumlah
    from welfare.desil
    group by desil_nasional
),

provinsi as (
    select keluarga.kode_provinsi as kode, desil.desil_provinsi as desil, count(*) as jumlah
    from welfare.desil as desil
    inner join marts.keluarga as keluarga on desil.family_id = keluarga.family_id
    where keluarga.kode_provinsi is not null
    group by keluarga.kode_provinsi, desil.desil_provinsi
),

kabupaten as (
    select keluarga.kode_kabupaten as kode, desil.desil_kabupaten_kota as desil, count(*) as jumlah
    from welfare.desil as desil
    inner join marts.keluarga as keluarga on desil.family_id = keluarga.family_id
    where keluarga.kode_kabupaten is not null
    group by keluarga.kode_kabupaten, desil.desil_kabupaten_kota
),

selisih as (
    select
        'nasional' as ukuran,
        max(jumlah) - case when count(*) < 10 then 0 else min(jumlah) end as selisih
    from nasional
    union all
    select
        'provinsi' as ukuran,
        max(jumlah) - case when count(*) < 10 then 0 else min(jumlah) end as selisih
    from provinsi
    group by kode
    union all
    select
        'kabupaten/kota' as ukuran,
        max(jumlah) - case when count(*) < 10 then 0 else min(jumlah) end as selisih
    from kabupaten
    group by kode
)

select ukuran, cast(max(selisih) as double) as nilai
from selisih
group by ukuran
