-- Of the filled values of a column, the share that could not be read and was emptied. Marks for no answer are not counted: whoever
-- asks gets them. Fewer than ten are no share of anything: a short file beside a long one must not hold the month.
with tak_terbaca as (
    select source, tabel, kolom, cast(sum(jumlah) as double) as jumlah
    from quarantine.catatan
    where alasan in (
        'panjang', 'bukan_bilangan', 'di_luar_batas', 'kode_tidak_dikenal', 'label_tidak_dikenal', 'tanggal_tak_terbaca',
        'angka_hilang', 'galat_lembar_kerja'
    )
    group by source, tabel, kolom
),

porsi as (
    select
        concat(t.source, ' ', t.tabel, '.', t.kolom) as ukuran,
        t.jumlah / (t.jumlah + coalesce(i.terisi, 0)) as nilai
    from tak_terbaca as t
    left join quarantine.isian as i on t.source = i.source and t.tabel = i.tabel and t.kolom = i.kolom
    where t.jumlah >= 10
)

select ukuran, nilai
from porsi
union all
select 'tidak ada / none' as ukuran, 0.0 as nilai
where not exists (select 1 from porsi)
