-- Grain: cluster and its id. A new id (view id_calon: id_satu) that a cluster already has or had is hashed once more (id_dua):
-- its first record has moved to another cluster.
with dikenal as (
    select id
    from id_rilis_lalu
    union
    select id
    from id_dulu
)
select b.kelompok, coalesce(b.id_lama, case when l.id is null then b.id_satu else b.id_dua end) as id
from id_calon as b
left join dikenal as l on b.id_satu = l.id
