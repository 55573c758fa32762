select
    'porsi keluarga di luar 1 sampai 15 anggota' as ukuran,
    avg(case when jumlah_tercatat between 1 and 15 then 0.0 else 1.0 end) as nilai
from marts.keluarga
