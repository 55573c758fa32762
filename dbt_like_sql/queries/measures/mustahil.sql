-- Grain: pair of nodes that cannot be one person. Housemates (of one family record in $satu_dari) are taken whether blocking
-- brought them together or not. Of people far apart only those whom blocking did: of all others there are too many for the
-- share to say anything.
with rumah as (
    select
        r.family_uid,
        s.node_id,
        p.hubungan,
        p.jenis_kelamin,
        p.tahun_lahir
    from linkage.rekaman as r
    inner join linkage.simpul_rekaman as s on r.record_uid = s.record_uid
    inner join intermediate.int_person_record as p on r.record_uid = p.record_uid
    where hash(r.family_uid, 'serumah') % $satu_dari = 0
),

kunci as (
    select
        c.unique_id as node_id,
        k.aturan,
        k.kunci
    from contoh as c
    inner join linkage.kunci_blok as k on c.unique_id = k.node_id
    inner join linkage.blok as b on k.aturan = b.aturan and k.kunci = b.kunci
    where b.dipakai
),

calon as (
    select distinct
        least(k.node_id, l.node_id) as l,
        greatest(k.node_id, l.node_id) as r
    from kunci as k
    inner join linkage.kunci_blok as l on k.aturan = l.aturan and k.kunci = l.kunci and k.node_id <> l.node_id
)

select distinct
    'jenis=serumah' as kelompok,
    least(a.node_id, b.node_id) as l,
    greatest(a.node_id, b.node_id) as r
from rumah as a
inner join rumah as b on a.family_uid = b.family_uid and a.node_id < b.node_id
where a.hubungan <> b.hubungan and (a.jenis_kelamin <> b.jenis_kelamin or abs(a.tahun_lahir - b.tahun_lahir) > 2)
union all
select
    'jenis=berjauhan' as kelompok,
    c.l,
    c.r
from calon as c
inner join linkage.simpul as a on c.l = a.unique_id
inner join linkage.simpul as b on c.r = b.unique_id
where
    a.nik <> b.nik
    and a.cocok = 1
    and b.cocok = 1
    and a.presisi = 'hari'
    and b.presisi = 'hari'
    and a.tgl_lahir <> b.tgl_lahir
    and left(a.kabupaten, 2) <> left(b.kabupaten, 2)
