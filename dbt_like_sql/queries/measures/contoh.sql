-- Grain: node of the sample of $besar nodes, numbered by the hash of the record that stands for it.
select
    unique_id,
    wakil,
    row_number() over (order by hash(wakil), wakil) as nomor
from linkage.simpul
order by hash(wakil), wakil
limit $besar
