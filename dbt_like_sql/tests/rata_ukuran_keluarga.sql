select
    'rata-rata anggota per keluarga' as ukuran,
    avg(cast(nullif(jumlah_anggota, 0) as double)) as nilai
from marts.keluarga
