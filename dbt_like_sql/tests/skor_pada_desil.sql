-- The score that a family was ranked by is the score it was given.
select
    'keluarga yang skornya lain pada desil / families with another score beside their decile' as ukuran,
    cast(count(*) as double) as nilai
from welfare.desil as desil
left join welfare.skor as skor on desil.family_id = skor.family_id
where skor.skor is null or desil.skor <> skor.skor
