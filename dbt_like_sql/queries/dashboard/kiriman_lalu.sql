-- Grain: table of a source. The mean rows of its last deliveries, and the month and columns of the last one.
select
    source,
    tabel,
    avg(baris) as biasanya,
    max(kiriman) as kiriman,
    arg_max_null(extra_count, kiriman) as extra_count,
    arg_max_null(extra_places, kiriman) as extra_places,
    arg_max_null(missing_columns, kiriman) as missing_columns
from raw.kiriman_lalu
group by source, tabel
