-- One row a Kemendagri code in force on the first day of the month, any level: names and codes that a release may carry.
with berurut as (
    select
        w.kode_kemendagri,
        w.tingkat,
        w.nama,
        row_number() over (partition by w.kode_kemendagri order by w.berlaku_dari desc, w.nama) as urut
    from staging.stg_referensi__wilayah as w
    cross join raw.run as r
    -- an area whose last day is the first of the month has handed over to its successor
    where w.berlaku_dari <= r.bulan and (w.berlaku_sampai is null or w.berlaku_sampai > r.bulan)
)

select kode_kemendagri, tingkat, nama
from berurut
where urut = 1
