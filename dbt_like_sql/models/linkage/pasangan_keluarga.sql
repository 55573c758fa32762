-- Grain: pair of family records that share a person or a family card; gabung says whether that makes them one family.
-- A child who married shares one member with the old home: one shared member joins two records only when it is the head of
-- both, or the card is the same.
with ukuran as (
    select family_uid, count(*) as jumlah
    from linkage.isi_keluarga
    group by family_uid
),
bersama as (
    select
        l.family_uid as keluarga_l,
        r.family_uid as keluarga_r,
        count(*) as sama,
        max(l.kepala * r.kepala) as kepala_sama
    from linkage.isi_keluarga as l
    inner join linkage.isi_keluarga as r on l.orang = r.orang and l.family_uid < r.family_uid
    group by l.family_uid, r.family_uid
)
select
    b.keluarga_l,
    b.keluarga_r,
    b.sama,
    b.kepala_sama,
    case when kl.kk = kr.kk then 1 else 0 end as kk_sama,
    ul.jumlah as jumlah_l,
    ur.jumlah as jumlah_r,
    2.0 * b.sama / least(ul.jumlah, ur.jumlah) + b.kepala_sama
    + case when kl.kk = kr.kk then 2 else 0 end + 0.1 * b.sama as bobot,
    (b.sama >= 2 and 2 * b.sama >= least(ul.jumlah, ur.jumlah))
    or b.kepala_sama = 1
    or kl.kk = kr.kk
    or (ul.jumlah = 1 and ur.jumlah = 1) as gabung
from bersama as b
inner join ukuran as ul on b.keluarga_l = ul.family_uid
inner join ukuran as ur on b.keluarga_r = ur.family_uid
inner join intermediate.int_family_record as kl on b.keluarga_l = kl.family_uid
inner join intermediate.int_family_record as kr on b.keluarga_r = kr.family_uid
