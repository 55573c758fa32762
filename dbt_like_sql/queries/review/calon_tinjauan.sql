-- Grain: candidate pair that nobody decided on yet, by the records that stand for its nodes; undian is its lot in month $bulan.
with wakil as (select record_uid, node_id from linkage.simpul_rekaman where wakil),

diputus as (
    select distinct
        least(l.node_id, r.node_id) as node_l,
        greatest(l.node_id, r.node_id) as node_r
    from sudah_diputus as d
    inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
),

calon as (
    select
        least(l.record_uid, r.record_uid) as record_l,
        greatest(l.record_uid, r.record_uid) as record_r,
        p.lapis,
        p.jenis,
        p.bobot
    from pasangan_berlapis as p
    inner join wakil as l on p.node_l = l.node_id
    inner join wakil as r on p.node_r = r.node_id
    left join diputus as d on p.node_l = d.node_l and p.node_r = d.node_r
    where d.node_l is null
)

select
    *,
    sha256(concat(record_l, '|', record_r, '|', $bulan)) as undian
from calon
