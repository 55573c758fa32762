-- One row an area and a period of validity, typed.
select
    kode(r.tingkat) as tingkat,
    kosong(r.kode_kemendagri) as kode_kemendagri,
    kosong(r.kode_bps) as kode_bps,
    kosong(r.nama) as nama,
    tanggal(r.berlaku_dari) as berlaku_dari,
    tanggal(r.berlaku_sampai) as berlaku_sampai,
    kosong(r.kode_kemendagri_baru) as kode_kemendagri_baru,
    r._file,
    r._line
from raw.referensi_wilayah as r
