-- Grain: one node (exact group of records), with what the model compares. Its records agree in the person; a node may have seen two
-- family cards or villages, and both are kept. What else differs is the first record's.
-- wakil and sidik tell next month whether the node is still the same.
with lain as (
    select s.node_id, max(r.kk) as kk, max(r.desa) as desa, max(r.tempat_lahir) as tempat_lahir
    from linkage.simpul_rekaman as s
    inner join linkage.rekaman as r on s.record_uid = r.record_uid
    where not s.wakil
    group by s.node_id
),
isi as (
    select
        s.node_id as unique_id,
        s.record_uid as wakil,
        hash(
            r.nik, r.cocok, r.nama, r.nama_depan, r.nama_akhir, r.nama_kunci, r.nama_rapat, r.nama_urut, r.tgl_lahir, r.presisi,
            r.tumpuk, r.jk, r.kk, t.kk, r.desa, t.desa, r.kecamatan, r.kabupaten, r.alamat, r.tempat_lahir, t.tempat_lahir
        ) as sidik,
        r.nik,
        r.cocok,
        r.nama,
        r.nama_depan,
        r.nama_akhir,
        r.nama_kunci,
        r.nama_rapat,
        r.nama_urut,
        r.tgl_lahir,
        r.presisi,
        r.tahun,
        r.bulan,
        r.hari,
        r.tumpuk,
        r.jk,
        coalesce(r.kk, t.kk) as kk,
        nullif(t.kk, r.kk) as kk2,
        coalesce(r.desa, t.desa) as desa,
        nullif(t.desa, r.desa) as desa2,
        r.kecamatan,
        r.kabupaten,
        r.alamat,
        coalesce(r.tempat_lahir, t.tempat_lahir) as tempat_lahir
    from linkage.simpul_rekaman as s
    inner join linkage.rekaman as r on s.record_uid = r.record_uid
    left join lain as t on s.node_id = t.node_id
    where s.wakil
),
-- One that the model has not seen is as rare as those that it saw once.
jarang as (
    select kolom, min(tf) as tf
    from linkage.frekuensi
    group by kolom
)
select
    i.*,
    -- how common the value is
    case when i.nama is not null then coalesce(n.tf, (select tf from jarang where kolom = 'nama'), 0.0) end as tf_nama,
    case when i.desa is not null then coalesce(d.tf, (select tf from jarang where kolom = 'desa'), 0.0) end as tf_desa,
    case when i.kecamatan is not null then coalesce(c.tf, (select tf from jarang where kolom = 'kecamatan'), 0.0) end as tf_kecamatan,
    case when i.kabupaten is not null then coalesce(b.tf, (select tf from jarang where kolom = 'kabupaten'), 0.0) end as tf_kabupaten,
    case when i.tempat_lahir is not null then coalesce(l.tf, (select tf from jarang where kolom = 'tempat_lahir'), 0.0) end as tf_tempat_lahir
from isi as i
left join linkage.frekuensi as n on n.kolom = 'nama' and i.nama = n.nilai
left join linkage.frekuensi as d on d.kolom = 'desa' and i.desa = d.nilai
left join linkage.frekuensi as c on c.kolom = 'kecamatan' and i.kecamatan = c.nilai
left join linkage.frekuensi as b on b.kolom = 'kabupaten' and i.kabupaten = b.nilai
left join linkage.frekuensi as l on l.kolom = 'tempat_lahir' and i.tempat_lahir = l.nilai
