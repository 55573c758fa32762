select
    'porsi keluarga tanpa anggota hadir / share of families without a member present' as ukuran,
    avg(case when jumlah_anggota = 0 then 1.0 else 0.0 end) as nilai
from marts.keluarga
