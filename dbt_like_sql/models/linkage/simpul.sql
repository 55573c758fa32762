-- Grain: one node (exact group of records), with what the model compares. A node may have seen two family cards or villages: both are kept.
select
    s.node_id as unique_id,
    min(r.nik) as nik,
    min(r.cocok) as cocok,
    min(r.nama) as nama,
    min(r.nama_depan) as nama_depan,
    min(r.nama_akhir) as nama_akhir,
    min(r.nama_kunci) as nama_kunci,
    min(r.nama_rapat) as nama_rapat,
    min(r.nama_urut) as nama_urut,
    min(r.tgl_lahir) as tgl_lahir,
    min(r.presisi) as presisi,
    min(r.tahun) as tahun,
    min(r.bulan) as bulan,
    min(r.hari) as hari,
    min(r.tumpuk) as tumpuk,
    min(r.jk) as jk,
    min(r.kk) as kk,
    max(r.kk) as kk2,
    min(r.desa) as desa,
    max(r.desa) as desa2,
    min(r.kecamatan) as kecamatan,
    min(r.kabupaten) as kabupaten,
    min(r.alamat) as alamat,
    min(r.tempat_lahir) as tempat_lahir
from linkage.simpul_rekaman as s
inner join linkage.rekaman as r on s.record_uid = r.record_uid
group by s.node_id
