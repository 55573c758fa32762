-- Grain: pair of nodes of one true person, and n, how many pairs of its records it stands for; a node with itself for the pairs
-- inside it. Of a sample of the true persons, by hash: as many as hold about $besar records.
with simpul as (
    select
        orang_benar,
        node_id,
        cast(hash(orang_benar) % $ember as integer) as ember,
        count(*) as n
    from banding
    where hash(orang_benar, 'blok') % greatest((select count(*) from banding) // $besar, 1) = 0
    group by orang_benar, node_id
)

select
    l.ember,
    l.node_id as node_l,
    r.node_id as node_r,
    l.n * r.n as n
from simpul as l
inner join simpul as r on l.orang_benar = r.orang_benar and l.node_id < r.node_id
union all
select
    ember,
    node_id as node_l,
    node_id as node_r,
    n * (n - 1) / 2 as n
from simpul
where n > 1
