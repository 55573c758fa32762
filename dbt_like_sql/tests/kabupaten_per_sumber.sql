-- Share of its records that a source has lost in a regency since the last release, in the twenty cases where it is largest. Of fewer
-- than fifty records a share says too little.
with lalu as (
    select
        silang.source,
        coalesce(peta.kode_kini, keluarga.kode_kabupaten) as kode_kabupaten,
        min(keluarga.nama_kabupaten) as nama,
        cast(count(*) as double) as rekaman
    from linkage.penetapan_lalu as silang
    inner join welfare.keluarga_lalu as keluarga on silang.family_id = keluarga.family_id
    left join intermediate.int_wilayah__peta as peta
        on peta.sistem = 'kemendagri' and keluarga.kode_kabupaten = peta.kode_sumber
    where keluarga.kode_kabupaten is not null
    group by silang.source, coalesce(peta.kode_kini, keluarga.kode_kabupaten)
    having count(*) >= 50
),

kini as (
    select source, kode_kabupaten, cast(count(*) as double) as rekaman
    from intermediate.int_person_record
    group by source, kode_kabupaten
),

susut as (
    select
        concat(lalu.source, ' ', lalu.kode_kabupaten, ' ', lalu.nama) as ukuran,
        1.0 - coalesce(kini.rekaman, 0.0) / lalu.rekaman as nilai
    from lalu
    left join kini on lalu.source = kini.source and lalu.kode_kabupaten = kini.kode_kabupaten
)

select ukuran, nilai
from (
    select ukuran, nilai
    from susut
    order by nilai desc, ukuran
    limit 20
) as terbesar
union all
select 'tidak ada kabupaten/kota untuk dibandingkan / no regency to compare' as ukuran, 0.0 as nilai
where not exists (select 1 from susut)
