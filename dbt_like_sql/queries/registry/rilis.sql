-- Grain: release, by month and revision. created_at in microseconds since 1970.
select
    bulan,
    revisi,
    path,
    manifest_sha256,
    epoch_us(created_at) as created_us,
    status
from rilis
order by bulan, revisi
