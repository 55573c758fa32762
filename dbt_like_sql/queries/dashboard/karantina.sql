-- Grain: column of a delivered table and reason. How many of its values are in quarantine, the most first.
select source, tabel, coalesce(kolom, '') as kolom, alasan, count(*) as banyak
from quarantine.alasan
group by source, tabel, coalesce(kolom, ''), alasan
order by 5 desc, 1, 2, 3, 4
