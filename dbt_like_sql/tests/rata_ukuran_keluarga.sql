select
    'rata-rata anggota per keluarga' as ukuran,
    avg(cast(jumlah_anggota as double)) as nilai
from marts.keluarga
