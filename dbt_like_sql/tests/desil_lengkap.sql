-- A family whose regency or province nobody knows cannot be ranked there; wilayah_keluarga keeps such families few.
select
    'keluarga berskor tanpa desil nasional atau desil wilayahnya' as ukuran,
    cast(count(*) as double) as nilai
from welfare.skor as skor
left join welfare.desil as desil on skor.family_id = desil.family_id
left join marts.keluarga as keluarga on skor.family_id = keluarga.family_id
where skor.skor is not null
    and (
        coalesce(desil.desil_nasional, 0) not between 1 and 10
        or (keluarga.kode_provinsi is not null and coalesce(desil.desil_provinsi, 0) not between 1 and 10)
        or (keluarga.kode_kabupaten is not null and coalesce(desil.desil_kabupaten_kota, 0) not between 1 and 10)
    )
union all
select
    'desil tanpa skor, atau ganda' as ukuran,
    cast(count(*) - count(distinct skor.family_id) as double) as nilai
from welfare.desil as desil
left join welfare.skor as skor on desil.family_id = skor.family_id and skor.skor is not null
