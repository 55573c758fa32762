-- Grain: kind and bucket of the impossible pairs; mustahil_terskor counts those that score at or above $ambang.
-- Buckets by node number: it follows the names of records, of which there is no reason to think that they know about mistakes.
select
    m.kelompok,
    m.l % $ember as ember,
    count(*) filter (where p.match_weight is not null) as mustahil_terskor,
    count(*) as penyebut
from mustahil as m
left join linkage.pasangan as p on m.l = p.node_l and m.r = p.node_r and p.match_weight >= $ambang
group by m.kelompok, ember
