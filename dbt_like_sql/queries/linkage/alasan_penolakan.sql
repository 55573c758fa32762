-- Grain: pair of nodes whose merge was refused (view ditolak), and why: what keeps two nodes of the two persons apart (view
-- terpisah), or else all that is known of the two. Reads the view label (node_id, orang).
with sebab as (
    select least(l.orang, r.orang) as satu, greatest(l.orang, r.orang) as dua, min(t.alasan) as alasan
    from terpisah as t
    inner join label as l on t.l = l.node_id
    inner join label as r on t.r = r.node_id
    group by 1, 2
)
select d.node_l, d.node_r, d.match_weight, coalesce(s.alasan, 'bukti_lain') as alasan
from ditolak as d
inner join label as l on d.node_l = l.node_id
inner join label as r on d.node_r = r.node_id
left join sebab as s on s.satu = least(l.orang, r.orang) and s.dua = greatest(l.orang, r.orang)
