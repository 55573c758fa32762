-- Grain: month from $dari to before $sampai; the run that speaks for it.
-- That is the run that made the standing release (of status $berlaku): the last one that entered counts and had asked the rules before
-- the release was made. Without one, the last run; and of a run that was recorded twice, the last record.
select
    m.bulan,
    m.run_id,
    m.dijalankan
from (select distinct bulan, run_id, dijalankan from mutu where bulan >= $dari and bulan < $sampai) as m
left join (select distinct bulan, run_id from ukuran) as u on m.bulan = u.bulan and m.run_id = u.run_id
left join (select bulan, created_at from rilis where status = $berlaku) as r
    on m.bulan = r.bulan and m.dijalankan <= r.created_at
qualify row_number() over (
    partition by m.bulan
    order by u.run_id is not null and r.bulan is not null desc, m.dijalankan desc, m.run_id
) = 1
