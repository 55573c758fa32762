-- Grain: source; the month of its last delivery, and its rows.
select
    source,
    coalesce(max(bulan_kirim), '-') as bulan,
    sum(rows_read) as dibaca,
    sum(rows_quarantined) as dikarantina
from raw.deliveries
group by source
order by source
