-- Grain: layer of the month's candidate pairs: how many, how many of them were drawn and decided, how many of those are one
-- person. A pair weighs one over its chance, inside the layer it lies in this month. Pairs of nodes: decisions on several
-- records of two nodes count once.
with putusan as (
    select
        least(l.node_id, r.node_id) as node_l,
        greatest(l.node_id, r.node_id) as node_r,
        min(case when d.putusan = 'sama' then 1.0 else 0.0 end) as benar,
        max(d.peluang) as peluang
    from linkage.keputusan as d
    inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
    where d.peluang is not null
    group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
)

select
    p.lapis,
    cast(count(*) as double) as besar,
    cast(count(d.benar) as double) as ditinjau,
    coalesce(sum(d.benar), 0) as benar,
    coalesce(sum(1 / d.peluang), 0) as timbang,
    coalesce(sum(1 / (d.peluang * d.peluang)), 0) as timbang2,
    coalesce(sum(d.benar / d.peluang), 0) as timbang_benar
from pasangan_berlapis as p
left join putusan as d on p.node_l = d.node_l and p.node_r = d.node_r
group by p.lapis
order by p.lapis
