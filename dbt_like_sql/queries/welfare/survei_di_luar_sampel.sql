-- Grain: model and surveyed household. Its score out of sample, and what its groups are made of.
select
    l.*,
    s.jumlah_anggota,
    s.jenis_kelamin_krt,
    s.umur_krt,
    s.kode_kabupaten,
    coalesce(a.nama, s.kode_provinsi, '') as provinsi
from welfare.luar_sampel as l
inner join welfare.fitur_susenas as s on l.id_ruta = s.id_ruta
left join intermediate.int_wilayah__aktif as a on s.kode_provinsi = a.kode_kemendagri
order by l.id_ruta
