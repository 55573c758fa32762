-- One row a code of either system that was ever valid up to the month, any level: the Kemendagri code that stands for it now.
-- Codes die when an area is split or recoded; the successor may die too. Three steps reach back past every reform since 1999,
-- and a fixed number of joins ends on a circle of successors where a recursion would not.
with wilayah as (
    select
        w.kode_kemendagri,
        w.kode_bps,
        w.kode_kemendagri_baru,
        w.berlaku_dari,
        w.berlaku_sampai is null or w.berlaku_sampai > r.bulan as berlaku
    from staging.stg_referensi__wilayah as w
    cross join raw.run as r
    where w.berlaku_dari <= r.bulan
),

kemendagri as (
    select
        kode_kemendagri,
        case when berlaku then kode_kemendagri else kode_kemendagri_baru end as tujuan,
        row_number() over (
            partition by kode_kemendagri order by berlaku desc, berlaku_dari desc, kode_kemendagri_baru desc nulls last
        ) as urut
    from wilayah
),

langkah as (
    select kode_kemendagri, tujuan
    from kemendagri
    where urut = 1
),

kini as (
    select a.kode_kemendagri, d.tujuan as kode_kini
    from langkah as a
    left join langkah as b on a.tujuan = b.kode_kemendagri
    left join langkah as c on b.tujuan = c.kode_kemendagri
    left join langkah as d on c.tujuan = d.kode_kemendagri
    -- three steps on, only a code that stands for itself is in force; and a village is followed to a village
    where d.tujuan = d.kode_kemendagri and length(d.tujuan) = length(a.kode_kemendagri)
),

bps as (
    select
        kode_bps,
        kode_kemendagri,
        row_number() over (
            partition by kode_bps order by berlaku desc, berlaku_dari desc, kode_kemendagri
        ) as urut
    from wilayah
)

select 'kemendagri' as sistem, kode_kemendagri as kode_sumber, kode_kini
from kini
union all
select 'bps' as sistem, bps.kode_bps as kode_sumber, kini.kode_kini
from bps
inner join kini on bps.kode_kemendagri = kini.kode_kemendagri
where bps.urut = 1
