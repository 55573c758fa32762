-- Grain: bucket of the pairs of records of two sources that share a NIK in good order, and a first name or birth date;
-- recall_perkiraan counts those that are one person.
with bernik as (
    select
        r.record_uid,
        split_part(r.record_uid, ':', 1) as sumber,
        r.nik,
        r.nama_depan,
        r.tgl_lahir,
        o.orang
    from linkage.rekaman as r
    inner join linkage.orang as o on r.record_uid = o.record_uid
    where r.nik is not null
)

select
    'semua' as kelompok,
    hash(l.nik) % $ember as ember,
    count(*) filter (where l.orang = r.orang) as recall_perkiraan,
    count(*) as penyebut
from bernik as l
inner join bernik as r on l.nik = r.nik and l.record_uid < r.record_uid and l.sumber <> r.sumber
where l.nama_depan = r.nama_depan or l.tgl_lahir = r.tgl_lahir
group by ember
