-- One row: the share of pairs of records that are one person, by what they share. Four in five true pairs carry a NIK that is
-- readable and the same on both sides, so pairs of one NIK and first word are scaled up by that; pairs of one name and birth
-- date take their place where there is no NIK.
with senik as (
    select count(*) as n
    from linkage.rekaman
    where nik is not null
    group by nik, nama_depan
),
senama as (
    select count(*) as n
    from linkage.rekaman
    where nama is not null and presisi = 'hari' and tumpuk = 0
    group by nama, tgl_lahir
)
select
    greatest(
        (select coalesce(sum(n * (n - 1) / 2), 0) from senik) / 0.8,
        (select coalesce(sum(n * (n - 1) / 2), 0) from senama)
    ) / (count(*) * (count(*) - 1) / 2.0) as peluang
from linkage.rekaman
