-- Grain: month, entity and kind of event of an id. How many.
select bulan, entity, jenis, count(*) as banyak
from peristiwa
group by bulan, entity, jenis
order by 1, 2, 3, 4
