-- Grain: bucket; the sums over its records, a cell of sel with n records counting n times. A cluster of t records is one by 1/t
-- each.
select
    'semua' as kelompok,
    ember,
    sum(n * (n - 1)) as sama,
    sum(n * (f - 1)) as ditemukan,
    sum(n * (t - 1)) as benar,
    sum(n * n / f) as b3_presisi,
    sum(n * n / t) as b3_recall,
    sum(n) as rekaman,
    sum(case when n = f and n = t then n / t else 0 end) as tepat,
    sum(n / t) as utuh_benar,
    sum(n / f) as utuh_ditemukan
from sel
group by ember
