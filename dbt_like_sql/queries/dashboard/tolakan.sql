-- Grain: reason for which pairs above the threshold are kept apart. How many, the most first.
select alasan, count(*) as banyak
from linkage.tolakan
group by alasan
order by 2 desc, 1
