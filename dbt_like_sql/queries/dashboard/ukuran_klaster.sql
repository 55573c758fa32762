-- Grain: number of records in a person and sources they come from. How many persons; `$terbesar` and more records are one number.
select least(rekaman, $terbesar) as rekaman, source, count(*) as orang
from (
    select count(*) as rekaman, string_agg(distinct source, '+' order by source) as source
    from linkage.crosswalk
    group by person_id
) as p
group by least(rekaman, $terbesar), source
