-- Grain: one record. Rows that say the same NIK, name, birth date and sex are one node, so that pairs are made once for all of them.
-- A record that a reviewer told apart from another stands alone, lest the two be one node before anybody is asked.
with beda as (
    select record_l as record_uid
    from linkage.keputusan
    where putusan = 'beda'
    union
    select record_r
    from linkage.keputusan
    where putusan = 'beda'
),
kunci as (
    select
        r.record_uid,
        case
            when r.nik is not null and r.nama is not null and r.presisi = 'hari' and b.record_uid is null
                then concat(r.nik, '|', r.nama, '|', cast(r.tgl_lahir as varchar), '|', coalesce(r.jk, '?'))
            else r.record_uid
        end as isi
    from linkage.rekaman as r
    left join beda as b on r.record_uid = b.record_uid
),
wakil as (
    select isi, min(record_uid) as wakil_uid
    from kunci
    group by isi
),
bernomor as (
    select isi, wakil_uid, row_number() over (order by wakil_uid) as node_id
    from wakil
)
select kunci.record_uid, bernomor.node_id, kunci.record_uid = bernomor.wakil_uid as wakil
from kunci
inner join bernomor on kunci.isi = bernomor.isi
