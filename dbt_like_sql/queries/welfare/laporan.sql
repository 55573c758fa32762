-- Grain: figure and group of the month's report. Reads the frame `laporan_dihitung`, in which a bound that is not there is NaN.
select
    ukuran,
    kelompok,
    nilai,
    case when not isnan(bawah) then bawah end as bawah,
    case when not isnan(atas) then atas end as atas
from laporan_dihitung
