-- Grain: pair with one end in the person (ini), the heaviest first: refused merges where $ditolak, else scored pairs that were not
-- refused. milik and lawan: the nodes; record and id of the other side.
with pasangan as (
    select
        node_l,
        node_r,
        match_weight,
        alasan
    from linkage.tolakan
    where $ditolak
    union all
    select
        node_l,
        node_r,
        max(match_weight) as match_weight,
        '' as alasan
    from (
        select node_l, node_r, match_weight from linkage.pasangan
        union all
        select node_l, node_r, match_weight from linkage.pasangan_dalam_keluarga
    ) as p
    anti join linkage.tolakan as t using (node_l, node_r)
    where
        not $ditolak
        -- Before the sum: few of the month's pairs touch the person.
        and (node_l in (select node_id from ini) or node_r in (select node_id from ini))
    group by node_l, node_r
),

searah as (
    select
        node_l as milik,
        node_r as lawan,
        match_weight,
        alasan
    from pasangan
    where node_l in (select node_id from ini)
    union all
    select
        node_r as milik,
        node_l as lawan,
        match_weight,
        alasan
    from pasangan
    where node_r in (select node_id from ini)
)

select
    p.milik,
    p.lawan,
    s.record_uid,
    c.person_id,
    p.alasan
from searah as p
inner join linkage.simpul_rekaman as s on p.lawan = s.node_id and s.wakil
inner join linkage.crosswalk as c on s.record_uid = c.record_uid
where p.lawan not in (select node_id from ini)
order by p.match_weight desc, s.record_uid, p.milik
