-- Grain: kind and bucket of the impossible pairs; mustahil_tergabung counts those that ended in one person.
-- Buckets by node number, as in mustahil_terskor.
select
    m.kelompok,
    m.l % $ember as ember,
    count(*) filter (where a.orang = b.orang) as mustahil_tergabung,
    count(*) as penyebut
from mustahil as m
inner join orang_mustahil as a on m.l = a.node_id
inner join orang_mustahil as b on m.r = b.node_id
group by m.kelompok, ember
