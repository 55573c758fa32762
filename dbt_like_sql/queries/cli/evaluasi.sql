-- Grain: measure of the linkage that has an interval, over all groups. Counts that only another month gives a meaning stand on the
-- dashboard.
select
    ukuran,
    nilai,
    bawah,
    atas,
    dasar
from linkage.evaluasi
where kelompok = 'semua' and bawah is not null
order by rowid
