-- Grain: month, rule and measure, of the run that counts for the month. NULL where the rule was not answered.
select m.bulan, m.rule, m.ukuran, m.nilai, m.lulus
from mutu as m
inner join lari as l on m.bulan = l.bulan and m.run_id = l.run_id and m.dijalankan = l.dijalankan
order by m.bulan, m.rule, m.ukuran
