-- Grain: family, as published, with its score and deciles; NULL where it has none.
select
    keluarga.*,
    desil.skor,
    desil.desil_nasional,
    desil.desil_provinsi,
    desil.desil_kabupaten_kota
from marts.keluarga as keluarga
left join welfare.desil as desil on keluarga.family_id = desil.family_id
order by keluarga.family_id
