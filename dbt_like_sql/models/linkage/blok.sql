-- Grain: blocking key that holds more than one node. Keys above 60 nodes make no pairs (dipakai = false): they are listed, never dropped silently.
-- periksa says whether it can hold a pair that last month's linkage has not scored, baru whether it made no pairs then.
with isi as (
    select aturan, kunci, count(*) as jumlah
    from linkage.kunci_blok
    group by aturan, kunci
    having count(*) > 1
),
tetap as (
    select k.aturan, k.kunci, count(*) as jumlah
    from linkage.kunci_blok as k
    inner join linkage.simpul_tetap as t on k.node_id = t.node_id
    group by k.aturan, k.kunci
)
select
    i.aturan,
    i.kunci,
    i.jumlah,
    i.jumlah <= 60 as dipakai,
    coalesce(t.jumlah, 0) < i.jumlah or l.kunci is null as periksa,
    l.kunci is null as baru
from isi as i
left join tetap as t on i.aturan = t.aturan and i.kunci = t.kunci
left join linkage.blok_lalu as l on i.aturan = l.aturan and i.kunci = l.kunci
