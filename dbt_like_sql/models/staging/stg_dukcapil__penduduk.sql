-- One row a NIK of the population register's extract, typed.
-- NIK and KK keep every mark they came with: the repair, and that there was one, is for int_person__identitas to say.
select
    nullif(trim(r.nik), '') as nik,
    nullif(trim(r.no_kk), '') as no_kk,
    kosong(r.nama_lengkap) as nama_lengkap,
    kosong(r.tempat_lahir) as tempat_lahir,
    tanggal(r.tanggal_lahir) as tanggal_lahir,
    presisi_tanggal(r.tanggal_lahir) as tanggal_lahir_presisi,
    upper(kosong(r.jenis_kelamin)) as jenis_kelamin,
    kosong(r.nama_ibu) as nama_ibu,
    kosong(r.kode_kemendagri) as kode_kemendagri,
    upper(kosong(r.status)) as status,
    r._file,
    r._line
from raw.dukcapil_penduduk as r
