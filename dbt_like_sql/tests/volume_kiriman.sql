-- Rows delivered, as a multiple of the mean of the table's last three deliveries. A change file is as long as the month's changes,
-- and the rounds of the consumption survey have samples of different sizes: those two are not compared.
with kini as (
    select source, tabel, cast(sum(rows_read) as double) as baris
    from raw.deliveries
    group by source, tabel
),

lalu as (
    select source, tabel, avg(cast(baris as double)) as baris
    from raw.kiriman_lalu
    where source <> 'pemutakhiran' and tabel <> 'susenas'
    group by source, tabel
),

banding as (
    select concat(kini.source, ' ', kini.tabel) as ukuran, kini.baris / nullif(lalu.baris, 0) as nilai
    from kini
    inner join lalu on kini.source = lalu.source and kini.tabel = lalu.tabel
)

select ukuran, nilai
from banding
union all
select 'belum ada pembanding / nothing to compare with' as ukuran, 1.0 as nilai
where not exists (select 1 from banding)
