select
    'porsi keluarga dengan kabupaten/kota dikenal' as ukuran,
    avg(case when kode_kabupaten is not null then 1.0 else 0.0 end) as nilai
from marts.keluarga
