-- Grain: bucket of the sampled true pairs: those that blocking finds, those that its first pass alone does, and those that it
-- would find if large blocks made pairs too.
select
    'semua' as kelompok,
    ember,
    sum(case when satu or calon or sisa then n else 0 end) as recall_blok,
    sum(case when satu or calon then n else 0 end) as recall_blok_tahap_satu,
    sum(case when satu or sekunci or sisa then n else 0 end) as recall_blok_tanpa_batas,
    sum(n) as penyebut
from terblok
group by ember
