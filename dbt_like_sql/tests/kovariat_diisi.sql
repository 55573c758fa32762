select
    'sebagian cirinya diisi / with features filled in' as ukuran,
    avg(case when imputasi <> '' then 1.0 else 0.0 end) as nilai
from welfare.skor
union all
select
    'dinilai tanpa data aset / scored without assets' as ukuran,
    avg(case when model = 'lengkap' then 0.0 else 1.0 end) as nilai
from welfare.skor
