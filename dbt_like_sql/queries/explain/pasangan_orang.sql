-- Grain: pair that can join two nodes of the person (ini), the heaviest first: scored from $ambang on, scored inside a family from
-- $ambang_keluarga on, or decided by a reviewer.
with pasangan as (
    select
        node_l,
        node_r,
        match_weight,
        'langsung' as cara
    from linkage.pasangan
    where match_weight >= $ambang
    union all
    select
        node_l,
        node_r,
        match_weight,
        'dalam_keluarga' as cara
    from linkage.pasangan_dalam_keluarga
    where match_weight >= $ambang_keluarga
    union all
    select
        least(l.node_id, r.node_id) as node_l,
        greatest(l.node_id, r.node_id) as node_r,
        cast('infinity' as double) as match_weight,
        'keputusan' as cara
    from linkage.keputusan as k
    inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
    where k.putusan = 'sama' and l.node_id <> r.node_id
)

select
    node_l,
    node_r,
    cara
from pasangan
where node_l in (select node_id from ini) and node_r in (select node_id from ini)
order by match_weight desc, node_l, node_r, cara desc
