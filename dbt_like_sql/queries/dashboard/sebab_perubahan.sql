-- Grain: cause for which families changed since the last release. Those that went up or came in, and those that went down or out.
select
    sebab,
    count(*) filter (where selisih > 0 or (desil_lalu is null and desil is not null)) as naik,
    count(*) filter (where selisih < 0 or (desil_lalu is not null and desil is null)) as turun
from welfare.perubahan
where sebab <> 'tetap'
group by sebab
order by count(*) desc, sebab
