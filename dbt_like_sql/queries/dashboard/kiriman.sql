-- Grain: table of a source and month of delivery. Its files and rows, monthly sources first; lists are in the order of the files.
select
    source,
    tabel,
    bulan_kirim,
    count(*) as berkas,
    string_agg(distinct format, ',' order by format) as format,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_quarantined) as bigint) as rows_quarantined,
    string_agg(extra_places, ',' order by file) as extra_places,
    string_agg(missing_columns, ',' order by file) as missing_columns,
    list(passed_over order by file) filter (where passed_over <> '') as passed_over
from raw.deliveries
group by source, tabel, bulan_kirim
order by case source when 'dtks' then 1 when 'regsosek' then 2 when 'p3ke' then 3 else 4 end, source, tabel, bulan_kirim
