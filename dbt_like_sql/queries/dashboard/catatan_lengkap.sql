-- As `catatan`, with the days that a source gives too often, which are known once records are made.
select source, tabel, kolom, alasan, cast(sum(jumlah) as bigint) as banyak
from intermediate.int_catatan
group by source, tabel, kolom, alasan
order by 5 desc, 1, 2, 3, 4
