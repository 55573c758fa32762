-- Grain: one node (exact group of records), with what the model compares. Its records agree in the person; a node may have seen two
-- family cards or villages, and both are kept. What else differs is the first record's.
-- wakil and sidik tell next month whether the node is still the same.
with tempat as (
    select
        s.node_id,
        min(r.kk) as kk,
        max(r.kk) as kk2,
        min(r.desa) as desa,
        max(r.desa) as desa2,
        min(r.tempat_lahir) as tempat_lahir
    from linkage.simpul_rekaman as s
    inner join linkage.rekaman as r on s.record_uid = r.record_uid
    group by s.node_id
)
select
    s.node_id as unique_id,
    s.record_uid as wakil,
    hash(
        r.nik, r.cocok, r.nama, r.nama_depan, r.nama_akhir, r.nama_kunci, r.nama_rapat, r.nama_urut, r.tgl_lahir, r.presisi,
        r.tahun, r.tumpuk, r.jk, t.kk, t.kk2, t.desa, t.desa2, r.kecamatan, r.kabupaten, r.alamat, t.tempat_lahir
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
    t.kk,
    t.kk2,
    t.desa,
    t.desa2,
    r.kecamatan,
    r.kabupaten,
    r.alamat,
    t.tempat_lahir
from linkage.simpul_rekaman as s
inner join linkage.rekaman as r on s.record_uid = r.record_uid
inner join tempat as t on s.node_id = t.node_id
where s.wakil
