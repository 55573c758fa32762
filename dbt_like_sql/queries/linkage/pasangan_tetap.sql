-- Grain: pair of unchanged nodes with last month's weight that is still a candidate and was not scored anew. Unchanged pairs
-- whose every common block has grown past the cap are no candidates any more.
with penuh as (
    select k.aturan, k.kunci, k.node_id
    from linkage.blok_lalu as l
    inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
    inner join linkage.kunci_blok as k on l.aturan = k.aturan and l.kunci = k.kunci
    where not b.dipakai
),
ragu as (
    select distinct p.node_l, p.node_r
    from penuh as l
    inner join penuh as r on l.aturan = r.aturan and l.kunci = r.kunci
    inner join linkage.pasangan_lalu as p on l.node_id = p.node_l and r.node_id = p.node_r
),
tetap_calon as (
    select distinct q.node_l, q.node_r
    from ragu as q
    inner join linkage.kunci_blok as l on q.node_l = l.node_id
    inner join linkage.kunci_blok as r on q.node_r = r.node_id and l.aturan = r.aturan and l.kunci = r.kunci
    inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
    where b.dipakai
)
select p.node_l, p.node_r, p.match_weight
from linkage.pasangan_lalu as p
anti join (select node_l, node_r from ragu except select node_l, node_r from tetap_calon) as g on p.node_l = g.node_l and p.node_r = g.node_r
anti join linkage.pasangan as s on p.node_l = s.node_l and p.node_r = s.node_r
