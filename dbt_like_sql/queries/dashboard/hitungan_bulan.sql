-- Grain: month and released table. Its rows, of the run that counts for the month.
select u.bulan, u.nama, u.nilai
from ukuran as u
inner join lari as l on u.bulan = l.bulan and u.run_id = l.run_id
order by 1, 2, 3
