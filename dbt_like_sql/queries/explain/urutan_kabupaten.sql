-- Grain: the regency; how many of its families are ranked at $urutan of the nation or poorer, how many it has, and the scores
-- between which all but the outer hundredths lie.
select
    count(case when d.urutan_nasional <= $urutan then 1 end) as urutan,
    count(*) as keluarga,
    quantile_cont(d.skor, 0.01) as bawah,
    quantile_cont(d.skor, 0.99) as atas
from welfare.desil as d
inner join welfare.fitur_keluarga as f on d.family_id = f.family_id
where f.kode_kabupaten = $kabupaten
