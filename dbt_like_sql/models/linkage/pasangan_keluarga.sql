-- Grain: pair of family records that share a person or a family card; gabung says whether that makes them one family.
-- A child who married shares one member with the old home: one shared member joins two records only when it is the head of
-- both, or the card is the same. And a head who is all they share joins none where each has its own card, its own address and its own
-- members: a husband with two cards has two families.
with ukuran as (
    select rumah, count(*) as jumlah
    from linkage.isi_keluarga
    group by rumah
),
bersama as (
    select
        l.rumah as rumah_l,
        r.rumah as rumah_r,
        count(*) as sama,
        max(l.kepala * r.kepala) as kepala_sama
    from linkage.isi_keluarga as l
    inner join linkage.isi_keluarga as r on l.orang = r.orang and l.rumah < r.rumah
    group by l.rumah, r.rumah
)
select
    b.rumah_l,
    b.rumah_r,
    b.sama,
    b.kepala_sama,
    case when kl.kk = kr.kk then 1 else 0 end as kk_sama,
    ul.jumlah as jumlah_l,
    ur.jumlah as jumlah_r,
    2.0 * b.sama / least(ul.jumlah, ur.jumlah) + b.kepala_sama
    + case when kl.kk = kr.kk then 2 else 0 end + 0.1 * b.sama as bobot,
    (b.sama >= 2 and 2 * b.sama >= least(ul.jumlah, ur.jumlah))
    or (
        b.kepala_sama = 1
        and not (
            b.sama = 1
            and least(ul.jumlah, ur.jumlah) >= 2
            and coalesce(kl.kk <> kr.kk, false)
            and (
                coalesce(kl.desa <> kr.desa, false)
                or coalesce(kl.alamat <> kr.alamat, false)
                or coalesce(kl.sls <> kr.sls, false)
            )
        )
    )
    or (ul.jumlah = 1 and ur.jumlah = 1)
    or (least(ul.jumlah, ur.jumlah) = 1 and coalesce(kl.kk = kr.kk, true))
    or (ul.jumlah = 2 and ur.jumlah = 2 and kl.kk = kr.kk) as gabung
from bersama as b
inner join ukuran as ul on b.rumah_l = ul.rumah
inner join ukuran as ur on b.rumah_r = ur.rumah
inner join linkage.rumah as kl on b.rumah_l = kl.rumah
inner join linkage.rumah as kr on b.rumah_r = kr.rumah
