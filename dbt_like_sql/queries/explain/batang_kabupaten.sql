-- Grain: bar of scores, $lebar wide from $bawah on, 0 to $terakhir; the families of the regency in it. The end bars hold all
-- beyond.
select
    cast(least(greatest(floor((d.skor - $bawah) / $lebar), 0), $terakhir) as integer) as batang,
    count(*) as keluarga
from welfare.desil as d
inner join welfare.fitur_keluarga as f on d.family_id = f.family_id
where f.kode_kabupaten = $kabupaten
group by batang
