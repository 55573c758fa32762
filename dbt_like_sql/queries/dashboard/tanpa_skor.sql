-- Grain: reason for which families have no score. How many, the most first.
select alasan, count(*) as keluarga
from welfare.tanpa_skor
group by alasan
order by 2 desc, 1
