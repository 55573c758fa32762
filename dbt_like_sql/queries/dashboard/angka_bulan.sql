-- Grain: month and measure of linkage or welfare, of all (no part of the people) and of the run that counts for the month.
select t.bulan, t.ukuran, t.nilai
from (
    select 1 as urutan, bulan, run_id, kelompok, ukuran, nilai
    from penautan
    union all
    select 2, bulan, run_id, kelompok, ukuran, nilai
    from kesejahteraan
) as t
inner join lari as l on t.bulan = l.bulan and t.run_id = l.run_id
where t.kelompok = 'semua'
order by t.bulan, t.urutan, t.ukuran, t.nilai
