-- In the nation, and in each province and regency, the poorer decile may not hold a higher score than the richer one. Scores equal to
-- nine digits are ties. A family of an unknown area is ranked in none.
with peringkat as (
    select 'nasional' as tingkat, 'ID' as kode, desil_nasional as desil, round(skor, 9) as skor
    from welfare.desil
    union all
    select 'provinsi' as tingkat, keluarga.kode_provinsi as kode, desil.desil_provinsi as desil, round(desil.skor, 9) as skor
    from welfare.desil as desil
    inner join marts.keluarga as keluarga on desil.family_id = keluarga.family_id
    where keluarga.kode_provinsi is not null
    union all
    select 'kabupaten/kota' as tingkat, keluarga.kode_kabupaten as kode, desil.desil_kabupaten_kota as desil, round(desil.skor, 9) as skor
    from welfare.desil as desil
    inner join marts.keluarga as keluarga on desil.family_id = keluarga.family_id
    where keluarga.kode_kabupaten is not null
),

batas as (
    select tingkat, kode, desil, min(skor) as terendah, max(skor) as tertinggi
    from peringkat
    group by tingkat, kode, desil
)

select
    concat('pasangan desil yang tumpang tindih, ', bawah.tingkat) as ukuran,
    cast(sum(case when atas.terendah < bawah.tertinggi then 1 else 0 end) as double) as nilai
from batas as bawah
left join batas as atas on bawah.tingkat = atas.tingkat and bawah.kode = atas.kode and bawah.desil < atas.desil
group by bawah.tingkat
