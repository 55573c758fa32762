-- Grain: rule that the last run of $bulan asked; whether every measure of it held.
with terakhir as (select run_id from mutu where bulan = $bulan order by dijalankan desc limit 1)

select
    rule,
    bool_and(lulus) as lulus
from mutu
where bulan = $bulan and run_id = (select run_id from terakhir)
group by rule
order by rule
