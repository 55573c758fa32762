-- The poorer decile may not hold a higher score than the richer one. Scores equal to nine digits are ties.
with batas as (
    select desil_nasional as desil, min(round(skor, 9)) as terendah, max(round(skor, 9)) as tertinggi
    from welfare.desil
    group by desil_nasional
)

select
    'pasangan desil yang tumpang tindih' as ukuran,
    cast(count(*) as double) as nilai
from batas as bawah
inner join batas as atas on bawah.desil < atas.desil and bawah.tertinggi > atas.terendah
