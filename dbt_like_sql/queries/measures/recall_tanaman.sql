-- Grain: kind of damage (and all kinds) and bucket of the planted copies; recall_tanaman counts those found.
select
    'semua' as kelompok,
    ember,
    count(*) filter (where terblok and bobot is not null) as recall_tanaman,
    count(*) as penyebut
from uji_hasil
where jenis = 'tanam'
group by ember
union all
select
    kelompok,
    ember,
    count(*) filter (where terblok and bobot is not null) as recall_tanaman,
    count(*) as penyebut
from uji_hasil
where jenis = 'tanam'
group by kelompok, ember
