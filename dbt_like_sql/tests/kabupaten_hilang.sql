-- Regencies in which the last release had ten families or more and this month has none, by the codes now in force.
with lalu as (
    select
        coalesce(peta.kode_kini, keluarga.kode_kabupaten) as kode_kabupaten,
        min(keluarga.nama_kabupaten) as nama,
        count(*) as jumlah
    from welfare.keluarga_lalu as keluarga
    left join intermediate.int_wilayah__peta as peta
        on peta.sistem = 'kemendagri' and keluarga.kode_kabupaten = peta.kode_sumber
    where keluarga.kode_kabupaten is not null
    group by coalesce(peta.kode_kini, keluarga.kode_kabupaten)
    having count(*) >= 10
),

kini as (
    select distinct kode_kabupaten
    from marts.keluarga
),

hilang as (
    select lalu.kode_kabupaten, lalu.nama, lalu.jumlah
    from lalu
    left join kini on lalu.kode_kabupaten = kini.kode_kabupaten
    where kini.kode_kabupaten is null
)

select ukuran, nilai
from (
    select concat(kode_kabupaten, ' ', nama) as ukuran, 1.0 as nilai
    from hilang
    order by jumlah desc, kode_kabupaten
    limit 20
) as terbesar
union all
select
    case
        when (select count(*) from lalu) = 0 then 'belum ada rilis untuk dibandingkan / no release to compare with'
        else 'kabupaten/kota yang hilang / regencies gone'
    end as ukuran,
    cast((select count(*) from hilang) as double) as nilai
