-- How much worse the linkage is than that of the last release: share points lost of what should rise, gained of what should fall.
-- Before the first release there is nothing to compare with.
with arah as (
    select *
    from (values
        ('presisi_perkiraan', 'semua', -1.0),
        ('recall_perkiraan', 'semua', -1.0),
        ('recall_nik_ditahan', 'semua', -1.0),
        ('recall_tanaman', 'semua', -1.0),
        ('tak_tertaut', 'semua', 1.0),
        ('mustahil_terskor', 'jenis=serumah', 1.0)
    ) as t(ukuran, kelompok, arah)
)
select a.ukuran, a.arah * (k.nilai - l.nilai) as nilai
from arah as a
inner join linkage.evaluasi_lalu as l on a.ukuran = l.ukuran and a.kelompok = l.kelompok
inner join linkage.evaluasi as k on a.ukuran = k.ukuran and a.kelompok = k.kelompok
union all
select 'belum ada rilis untuk dibandingkan / no release to compare with' as ukuran, 0.0 as nilai
where not exists (select 1 from linkage.evaluasi_lalu)
order by ukuran
