-- Grain: one record. Rows that say the same NIK, name, birth date and sex are one node, so that pairs are made once for all of them.
with kunci as (
    select
        record_uid,
        case
            when nik is not null and nama is not null and presisi = 'hari'
                then concat(nik, '|', nama, '|', cast(tgl_lahir as varchar), '|', coalesce(jk, '?'))
            else record_uid
        end as isi
    from linkage.rekaman
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
