-- Grain: pair of uji_pasangan; whether blocking brings it together (terblok), and its weight where that reaches the threshold
-- (bobot).
select
    p.*,
    t.l is not null as terblok,
    b.match_weight as bobot
from uji_pasangan as p
left join uji_terblok as t on p.l = t.l and p.r = t.r
left join uji_bobot as b
    on least(p.l, p.r) = least(b.node_l, b.node_r) and greatest(p.l, p.r) = greatest(b.node_l, b.node_r)
