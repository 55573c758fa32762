-- Grain: measure and group of the linkage of $bulan, by the run that speaks for the month (lari).
select
    p.ukuran,
    p.kelompok,
    p.nilai
from penautan as p
inner join lari as l on p.bulan = l.bulan and p.run_id = l.run_id
where p.bulan = $bulan
order by p.ukuran, p.kelompok
