-- Grain: blocking key that holds more than one node. Keys above 60 nodes make no pairs (dipakai = false): they are listed, never dropped silently.
-- periksa says whether it can hold a pair that last month's linkage has not scored.
select
    k.aturan,
    k.kunci,
    count(*) as jumlah,
    count(*) <= 60 as dipakai,
    count(t.node_id) < count(*) or l.kunci is null as periksa,
    l.kunci is null as baru
from linkage.kunci_blok as k
left join linkage.simpul_tetap as t on k.node_id = t.node_id
left join linkage.blok_lalu as l on k.aturan = l.aturan and k.kunci = l.kunci
group by k.aturan, k.kunci, l.kunci
having count(*) > 1
