-- One row a file and form (bentuk) of a column of dates: what its values prove of their order. Cells that are read with the day in
-- front only (hari_depan) or with the month (bulan_depan), the first line of each, cells that can be read both ways (dua_arah),
-- whether one holds AM or PM, and of the years of two digits (tahun_pendek) those that stand in front (tahun_depan).
with bukti as (
    select *,
        not kata and a between 13 and 31 and b between 1 and 12 as hari,
        not kata and b between 13 and 31 and a between 1 and 12 as bulan
    from tanggal_beda
)
select file, bentuk,
    cast(coalesce(sum(jumlah) filter (where hari), 0) as bigint) as hari_depan,
    cast(coalesce(sum(jumlah) filter (where bulan), 0) as bigint) as bulan_depan,
    min(baris) filter (where hari) as baris_hari,
    min(baris) filter (where bulan) as baris_bulan,
    cast(coalesce(sum(jumlah) filter (where a between 1 and 12 and b between 1 and 12 and a <> b), 0) as bigint) as dua_arah,
    bool_or(setengah_hari) as setengah_hari,
    cast(coalesce(sum(jumlah) filter (where a > 31 and length(tahun) = 2), 0) as bigint) as tahun_depan,
    cast(coalesce(sum(jumlah) filter (where length(tahun) = 2), 0) as bigint) as tahun_pendek
from bukti
group by file, bentuk
order by file, bentuk
