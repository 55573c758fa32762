-- Area codes of families that are not in force in the month, at each level, and codes that do not lie within one another.
with kode as (
    select 'provinsi' as tingkat, kode_provinsi as kode from marts.keluarga
    union all
    select 'kabupaten/kota' as tingkat, kode_kabupaten as kode from marts.keluarga
    union all
    select 'kecamatan' as tingkat, kode_kecamatan as kode from marts.keluarga
    union all
    select 'desa/kelurahan' as tingkat, kode_desa as kode from marts.keluarga
),

jumlah as (
    select tingkat, kode, count(*) as keluarga
    from kode
    group by tingkat, kode
)

select
    concat('kode ', jumlah.tingkat, ' yang tidak berlaku / not in force') as ukuran,
    cast(sum(case when jumlah.kode is not null and aktif.kode_kemendagri is null then jumlah.keluarga else 0 end) as double) as nilai
from jumlah
left join intermediate.int_wilayah__aktif as aktif on jumlah.kode = aktif.kode_kemendagri
group by jumlah.tingkat
union all
select
    'kode yang tidak bersarang / codes not within one another' as ukuran,
    cast(count(*) as double) as nilai
from marts.keluarga
where left(kode_desa, 6) <> kode_kecamatan or left(kode_kecamatan, 4) <> kode_kabupaten or left(kode_kabupaten, 2) <> kode_provinsi
