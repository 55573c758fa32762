-- Grain: sampled true pair; whether it is one node (satu), shares a key (sekunci), one that makes pairs (calon; berapa rules),
-- or is a pair of the second pass (sisa).
with kunci as (
    select
        node_l,
        node_r,
        bool_or(dipakai) as dipakai,
        count(*) filter (where dipakai) as berapa
    from sekunci
    group by node_l, node_r
)

select
    p.*,
    p.node_l = p.node_r as satu,
    k.node_l is not null as sekunci,
    coalesce(k.dipakai, false) as calon,
    coalesce(k.berapa, 0) as berapa,
    s.join_key_l is not null as sisa
from pasangan_benar as p
left join kunci as k on p.node_l = k.node_l and p.node_r = k.node_r
left join linkage.pasangan_sisa as s on p.node_l = s.join_key_l and p.node_r = s.join_key_r
