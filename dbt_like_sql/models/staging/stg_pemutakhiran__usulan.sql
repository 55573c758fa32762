-- One row a proposal, objection or ground check, typed.
-- NIK and KK keep every mark they came with: the repair, and that there was one, is for int_person__identitas to say.
select
    kosong(r.id_usulan) as id_usulan,
    tanggal(r.tanggal) as tanggal,
    lower(kosong(r.jenis)) as jenis,
    lower(kosong(r.status)) as status,
    nullif(trim(r.nik), '') as nik,
    nullif(trim(r.no_kk), '') as no_kk,
    kosong(r.kolom) as kolom,
    kosong(r.nilai_baru) as nilai_baru,
    kosong(r.kode_kemendagri_baru) as kode_kemendagri_baru,
    kosong(r.petugas) as petugas,
    r._file,
    r._line
from raw.pemutakhiran_usulan as r
