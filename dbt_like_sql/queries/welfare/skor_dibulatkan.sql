-- Grain: score and standard error, rounded to 0.01 log points. How many families have both: a few thousand rows stand for millions.
select round(skor, 2) as skor, round(galat, 2) as galat, count(*) as n
from welfare.skor
group by round(skor, 2), round(galat, 2)
order by 1, 2
