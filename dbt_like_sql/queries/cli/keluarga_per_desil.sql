-- Grain: national decile; its families.
select
    desil_nasional,
    count(*) as keluarga
from welfare.desil
group by desil_nasional
order by desil_nasional
