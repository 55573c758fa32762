-- Grain: delivered file of the survey that the score was estimated from.
select
    file,
    sha256
from raw.deliveries
where source = 'referensi' and tabel = 'susenas'
order by file
