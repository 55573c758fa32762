-- One row a source, table, column and reason: how many values are not taken as they were delivered, by the reader (quarantine.catatan)
-- or because the source gives their day far too often (int_hari_semu). Counts alone, so that they can be shown.
select source, tabel, kolom, alasan, cast(sum(jumlah) as bigint) as jumlah
from quarantine.catatan
group by source, tabel, kolom, alasan
union all
select source, tabel, kolom, 'hari_terlalu_sering' as alasan, cast(sum(baris_diabaikan) as bigint) as jumlah
from intermediate.int_hari_semu
where baris_diabaikan > 0
group by source, tabel, kolom
