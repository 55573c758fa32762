-- Of the families of which somebody is present: the others have no score by rule (keluarga_kosong keeps them few).
select
    'porsi keluarga tanpa skor' as ukuran,
    avg(case when skor.skor is null then 1.0 else 0.0 end) as nilai
from marts.keluarga as keluarga
left join welfare.skor as skor on keluarga.family_id = skor.family_id
where keluarga.jumlah_anggota is null or keluarga.jumlah_anggota > 0
