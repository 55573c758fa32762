-- Grain: bucket of the nodes compared with their own copies; tak_tertaut counts those that stay below the threshold.
select
    kelompok,
    ember,
    count(*) filter (where bobot is null) as tak_tertaut,
    count(*) as penyebut
from uji_hasil
where jenis = 'diri'
group by kelompok, ember
