-- Grain: national desil. Its families.
select desil_nasional, count(*) as keluarga
from welfare.desil
where desil_nasional between 1 and 10
group by desil_nasional
