-- Grain: area (nation, province, regency or city, district) and national tenth, and the area's total (desil 0). True counts of scored
-- families and their members, zeros included: a cell that is left out would say as much as a zero. `jalur` is the area's path of
-- codes, `induk` that of the area above. Families without a code make an area of their own ('00'), or the rest would give them away.
with keluarga as (
    select
        coalesce(k.kode_provinsi, '00') as kode_provinsi,
        coalesce(k.kode_kabupaten, concat(coalesce(k.kode_provinsi, '00'), '00')) as kode_kabupaten,
        coalesce(
            k.kode_kecamatan, concat(coalesce(k.kode_kabupaten, concat(coalesce(k.kode_provinsi, '00'), '00')), '00')
        ) as kode_kecamatan,
        coalesce(k.nama_provinsi, 'Tidak diketahui') as nama_provinsi,
        coalesce(k.nama_kabupaten, 'Tidak diketahui') as nama_kabupaten,
        coalesce(k.nama_kecamatan, 'Tidak diketahui') as nama_kecamatan,
        k.jumlah_anggota,
        d.desil_nasional
    from marts.keluarga as k
    inner join welfare.desil as d on k.family_id = d.family_id
),

kecamatan as (
    select
        kode_provinsi,
        kode_kabupaten,
        kode_kecamatan,
        min(nama_provinsi) as nama_provinsi,
        min(nama_kabupaten) as nama_kabupaten,
        min(nama_kecamatan) as nama_kecamatan,
        desil_nasional as desil,
        count(*) as keluarga,
        sum(jumlah_anggota) as orang
    from keluarga
    group by kode_provinsi, kode_kabupaten, kode_kecamatan, desil_nasional
),

terurai as (
    select * from kecamatan
    union all
    select
        kode_provinsi,
        kode_kabupaten,
        kode_kecamatan,
        min(nama_provinsi) as nama_provinsi,
        min(nama_kabupaten) as nama_kabupaten,
        min(nama_kecamatan) as nama_kecamatan,
        0 as desil,
        sum(keluarga) as keluarga,
        sum(orang) as orang
    from kecamatan
    group by kode_provinsi, kode_kabupaten, kode_kecamatan
),

bertingkat as (
    select
        0 as tingkat,
        'ID' as jalur,
        cast(null as varchar) as induk,
        cast(null as varchar) as kode_provinsi,
        cast(null as varchar) as nama_provinsi,
        cast(null as varchar) as kode_kabupaten,
        cast(null as varchar) as nama_kabupaten,
        cast(null as varchar) as kode_kecamatan,
        cast(null as varchar) as nama_kecamatan,
        desil,
        sum(keluarga) as keluarga,
        sum(orang) as orang
    from terurai
    group by desil
    union all
    select
        1 as tingkat,
        concat('ID/', kode_provinsi) as jalur,
        'ID' as induk,
        kode_provinsi,
        min(nama_provinsi) as nama_provinsi,
        cast(null as varchar) as kode_kabupaten,
        cast(null as varchar) as nama_kabupaten,
        cast(null as varchar) as kode_kecamatan,
        cast(null as varchar) as nama_kecamatan,
        desil,
        sum(keluarga) as keluarga,
        sum(orang) as orang
    from terurai
    group by kode_provinsi, desil
    union all
    select
        2 as tingkat,
        concat('ID/', kode_provinsi, '/', kode_kabupaten) as jalur,
        concat('ID/', kode_provinsi) as induk,
        kode_provinsi,
        min(nama_provinsi) as nama_provinsi,
        kode_kabupaten,
        min(nama_kabupaten) as nama_kabupaten,
        cast(null as varchar) as kode_kecamatan,
        cast(null as varchar) as nama_kecamatan,
        desil,
        sum(keluarga) as keluarga,
        sum(orang) as orang
    from terurai
    group by kode_provinsi, kode_kabupaten, desil
    union all
    select
        3 as tingkat,
        concat('ID/', kode_provinsi, '/', kode_kabupaten, '/', kode_kecamatan) as jalur,
        concat('ID/', kode_provinsi, '/', kode_kabupaten) as induk,
        kode_provinsi,
        nama_provinsi,
        kode_kabupaten,
        nama_kabupaten,
        kode_kecamatan,
        nama_kecamatan,
        desil,
        keluarga,
        orang
    from terurai
),

wilayah as (
    select
        tingkat,
        jalur,
        induk,
        kode_provinsi,
        min(nama_provinsi) as nama_provinsi,
        kode_kabupaten,
        min(nama_kabupaten) as nama_kabupaten,
        kode_kecamatan,
        min(nama_kecamatan) as nama_kecamatan
    from bertingkat
    group by tingkat, jalur, induk, kode_provinsi, kode_kabupaten, kode_kecamatan
),

desil as (
    select desil
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as t(desil)
)

select
    w.tingkat,
    w.jalur,
    w.induk,
    w.kode_provinsi,
    w.nama_provinsi,
    w.kode_kabupaten,
    w.nama_kabupaten,
    w.kode_kecamatan,
    w.nama_kecamatan,
    d.desil,
    cast(coalesce(b.keluarga, 0) as bigint) as keluarga,
    cast(coalesce(b.orang, 0) as bigint) as orang
from wilayah as w
cross join desil as d
left join bertingkat as b on w.jalur = b.jalur and d.desil = b.desil
