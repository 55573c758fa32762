-- Grain: one record. Rows that say the same NIK, name, birth date and sex are one node, so that pairs are made once for all of them.
-- A node goes by the number of its first record, and so do its family record (rumah) and its roster, which may hold several families. A record that a reviewer told apart from another stands alone, lest the two be one
-- node before anybody is asked.
with beda as (
    select record_l as record_uid
    from linkage.keputusan
    where putusan = 'beda'
    union
    select record_r
    from linkage.keputusan
    where putusan = 'beda'
),
bernomor as (
    select record_uid, row_number() over (order by record_uid) as nomor
    from linkage.rekaman
),
kunci as (
    select
        r.record_uid,
        r.family_uid,
        n.nomor,
        -- NIK beside the hash: two records must agree in both to be one
        case when r.nama is not null and r.presisi = 'hari' and b.record_uid is null then r.nik end as nik,
        hash(r.nama, r.tgl_lahir, r.jk) as isi
    from linkage.rekaman as r
    inner join bernomor as n on r.record_uid = n.record_uid
    left join beda as b on r.record_uid = b.record_uid
),
kelompok as (
    select nik, isi, min(nomor) as node_id
    from kunci
    where nik is not null
    group by nik, isi
),
rumah as (
    select family_uid, min(nomor) as rumah
    from kunci
    group by family_uid
),
roster as (
    select split_part(family_uid, '#', 1) as roster_uid, min(rumah) as roster
    from rumah
    group by split_part(family_uid, '#', 1)
)
select
    k.record_uid,
    k.family_uid,
    h.rumah,
    t.roster,
    coalesce(g.node_id, k.nomor) as node_id,
    coalesce(g.node_id, k.nomor) = k.nomor as wakil
from kunci as k
inner join rumah as h on k.family_uid = h.family_uid
inner join roster as t on split_part(h.family_uid, '#', 1) = t.roster_uid
left join kelompok as g on k.nik = g.nik and k.isi = g.isi
