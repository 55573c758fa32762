-- Grain: column of a delivered table and reason. How many of its values were emptied or read other than delivered, the most first.
select source, tabel, kolom, alasan, cast(sum(jumlah) as bigint) as banyak
from quarantine.catatan
group by source, tabel, kolom, alasan
order by 5 desc, 1, 2, 3, 4
