select
    source as ukuran,
    coalesce(cast(sum(rows_quarantined) as double) / nullif(sum(rows_read), 0), 0) as nilai
from raw.deliveries
group by source
