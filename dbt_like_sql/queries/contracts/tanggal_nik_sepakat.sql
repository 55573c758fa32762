-- One row: how many NIKs carry the date of their own row, read with the day in front (hari_depan) and with the month (bulan_depan).
-- Reads tanggal_nik and tanggal_beda: dates of one file ($file) and form ($bentuk) that can be read both ways.
with nik as (
    select nik_angka(nik_rapi(m.nik)) as angka, t.a, t.b, right(t.tahun, 2) as yy
    from tanggal_nik as m
    join tanggal_beda as t on m.nilai = t.nilai
    where t.file = $file and t.bentuk = $bentuk and not t.kata
        and t.a between 1 and 12 and t.b between 1 and 12 and t.a <> t.b
),
bagian as (
    select a, b, nik_hari(angka) as hari, cast(substr(angka, 9, 2) as integer) as bulan
    from nik
    where substr(angka, 11, 2) = yy
)
select
    count(*) filter (where hari = a and bulan = b) as hari_depan,
    count(*) filter (where hari = b and bulan = a) as bulan_depan
from bagian
