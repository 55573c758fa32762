-- How far the linkage has moved since the last release, in units of the move that is ordinary for each measure.
-- A measure that is no longer made counts as two. Before the first release there is nothing to compare with.
with batas as (
    select *
    from (values
        -- a source that is delivered anew changes how many records a person has, but not by a tenth of a record
        ('rekaman_per_orang', 'semua', 0.10),
        ('porsi_rekaman_tergabung', 'semua', 0.05),
        -- weights are of one model for a year: where they lie says what the records are like
        ('rata_bobot_gabung', 'semua', 1.5),
        ('porsi_pita_bobot', 'bobot=di bawah ambang', 0.03),
        ('porsi_pita_bobot', 'bobot=ambang sampai +8', 0.03),
        ('porsi_pita_bobot', 'bobot=ambang +8 sampai +18', 0.03),
        ('porsi_pita_bobot', 'bobot=ambang +18 ke atas', 0.03),
        -- well outside the interval that a month of ten thousand persons has
        ('presisi_perkiraan', 'semua', 0.005),
        ('recall_perkiraan', 'semua', 0.01),
        ('tak_tertaut', 'semua', 0.01),
        ('recall_nik_ditahan', 'semua', 0.02),
        ('recall_tanaman', 'semua', 0.02),
        ('mustahil_terskor', 'jenis=serumah', 0.002)
    ) as t(ukuran, kelompok, batas)
),
banding as (
    select
        case when b.kelompok = 'semua' then b.ukuran else concat(b.ukuran, ' ', b.kelompok) end as ukuran,
        abs(k.nilai - l.nilai) / b.batas as nilai
    from batas as b
    inner join linkage.evaluasi_lalu as l on b.ukuran = l.ukuran and b.kelompok = l.kelompok
    left join linkage.evaluasi as k on b.ukuran = k.ukuran and b.kelompok = k.kelompok
)
select ukuran, coalesce(nilai, 2.0) as nilai
from banding
union all
select 'belum ada rilis untuk dibandingkan / no release to compare with' as ukuran, 0.0 as nilai
where not exists (select 1 from linkage.evaluasi_lalu)
order by ukuran
