-- Grain: province or regency of the open table. Its families and persons as the open table has them, and the class 0 to 5 of the share
-- of its families that have a desil; `$batas_2` to `$batas_5` are the lower ends of the classes 2 to 5.
-- The class is of the true share, so that rounding does not move an area. Where fewer than `$terkecil` families may be without a desil
-- above a break, the class stops below it: it would tell how many they are.
with keluarga as (
    select
        coalesce(k.kode_provinsi, '00') as kode_provinsi,
        coalesce(k.kode_kabupaten, concat(coalesce(k.kode_provinsi, '00'), '00')) as kode_kabupaten,
        d.family_id is not null as ber_desil
    from marts.keluarga as k
    left join welfare.desil as d on k.family_id = d.family_id
    where k.jumlah_anggota > 0
),

bagian as (
    select kode_provinsi, kode_kabupaten, avg(cast(ber_desil as integer)) as bagian, count(*) as banyak
    from keluarga
    group by grouping sets ((kode_provinsi), (kode_provinsi, kode_kabupaten))
)

select
    t.tingkat,
    t.kode_provinsi,
    t.nama_provinsi,
    t.kode_kabupaten,
    t.nama_kabupaten,
    t.keluarga,
    t.orang,
    case
        when t.keluarga is null or b.bagian is null then 0
        when b.banyak * round(1000 * (1 - $batas_2)) < 1000 * $terkecil then 0
        else
            1
            + cast(b.bagian >= $batas_2 and b.banyak * round(1000 * (1 - $batas_2)) >= 1000 * $terkecil as integer)
            + cast(b.bagian >= $batas_3 and b.banyak * round(1000 * (1 - $batas_3)) >= 1000 * $terkecil as integer)
            + cast(b.bagian >= $batas_4 and b.banyak * round(1000 * (1 - $batas_4)) >= 1000 * $terkecil as integer)
            + cast(b.bagian >= $batas_5 and b.banyak * round(1000 * (1 - $batas_5)) >= 1000 * $terkecil as integer)
    end as kelas
from publikasi.terbuka as t
left join bagian as b on t.kode_provinsi = b.kode_provinsi and t.kode_kabupaten is not distinct from b.kode_kabupaten
where t.desil = 0 and t.tingkat in (1, 2)
order by t.tingkat, t.jalur
