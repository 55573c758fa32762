-- Grain: blocking key that holds more than one node. Keys above 60 nodes make no pairs (dipakai = false): they are listed, never dropped silently.
select aturan, kunci, count(*) as jumlah, count(*) <= 60 as dipakai
from linkage.kunci_blok
group by aturan, kunci
having count(*) > 1
