-- Grain: group and bucket of the pairs of one NIK; recall_nik_ditahan counts those found with the NIK hidden.
select
    kelompok,
    ember,
    count(*) filter (where terblok and bobot is not null) as recall_nik_ditahan,
    count(*) as penyebut
from uji_hasil
where jenis = 'nik'
group by kelompok, ember
