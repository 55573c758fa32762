-- One row a Regsosek member as accepted, typed.
-- NIK and KK keep every mark they came with: the repair, and that there was one, is for int_person__identitas to say.
select
    kosong(r.id_anggota) as id_anggota,
    kosong(r.id_keluarga) as id_keluarga,
    bulat(r.no_urut) as no_urut,
    kosong(r.nama) as nama,
    nullif(trim(r.nik), '') as nik,
    kode(r.kd_jenis_kelamin) as kd_jenis_kelamin,
    kosong(r.tempat_lahir) as tempat_lahir,
    tanggal(r.tgl_lahir) as tgl_lahir,
    presisi_tanggal(r.tgl_lahir) as tgl_lahir_presisi,
    bulat(r.umur) as umur,
    kode(r.kd_status_kawin) as kd_status_kawin,
    kode(r.kd_hubungan_keluarga) as kd_hubungan_keluarga,
    kode(r.kd_keberadaan) as kd_keberadaan,
    kode(r.kd_partisipasi_sekolah) as kd_partisipasi_sekolah,
    kode(r.kd_ijazah_tertinggi) as kd_ijazah_tertinggi,
    kode(r.kd_bekerja) as kd_bekerja,
    bulat(r.kd_lapangan_usaha) as kd_lapangan_usaha,
    kode(r.kd_status_pekerjaan) as kd_status_pekerjaan,
    kode(r.kd_kesulitan_fungsi) as kd_kesulitan_fungsi,
    bulat(r.kd_penyakit_kronis) as kd_penyakit_kronis,
    bulat(r.kd_jaminan_kesehatan) as kd_jaminan_kesehatan,
    r._file,
    r._line
from raw.regsosek_anggota as r
