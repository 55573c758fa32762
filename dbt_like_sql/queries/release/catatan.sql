-- Grain: source, table, column and reason; how many values were emptied, or read other than delivered.
select
    source,
    tabel,
    kolom,
    alasan,
    jumlah
from intermediate.int_catatan
order by all
