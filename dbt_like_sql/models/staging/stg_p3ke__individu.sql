-- One row a P3KE member as accepted, typed; labels are mapped to the one the contract calls canonical.
-- NIK and KK keep every mark they came with: the repair, and that there was one, is for int_person__identitas to say.
with label as (
    select kolom, kunci_label(label) as kunci, max(label_baku) as label_baku
    from seeds.label_p3ke
    group by kolom, kunci_label(label)
)

select
    kosong(r.id_individu) as id_individu,
    kosong(r.id_keluarga) as id_keluarga,
    kosong(r.nama) as nama,
    nullif(trim(r.nik), '') as nik,
    l_padan_dukcapil.label_baku as padan_dukcapil,
    l_jenis_kelamin.label_baku as jenis_kelamin,
    tanggal(r.tanggal_lahir) as tanggal_lahir,
    presisi_tanggal(r.tanggal_lahir) as tanggal_lahir_presisi,
    l_hub_dgn_kpl_keluarga.label_baku as hub_dgn_kpl_keluarga,
    l_status_kawin.label_baku as status_kawin,
    l_pekerjaan.label_baku as pekerjaan,
    l_pendidikan.label_baku as pendidikan,
    r._file,
    r._line
from raw.p3ke_individu as r
left join label as l_padan_dukcapil on l_padan_dukcapil.kolom = 'padan_dukcapil' and l_padan_dukcapil.kunci = kunci_label(r.padan_dukcapil)
left join label as l_jenis_kelamin on l_jenis_kelamin.kolom = 'jenis_kelamin' and l_jenis_kelamin.kunci = kunci_label(r.jenis_kelamin)
left join label as l_hub_dgn_kpl_keluarga on l_hub_dgn_kpl_keluarga.kolom = 'hub_dgn_kpl_keluarga' and l_hub_dgn_kpl_keluarga.kunci = kunci_label(r.hub_dgn_kpl_keluarga)
left join label as l_status_kawin on l_status_kawin.kolom = 'status_kawin' and l_status_kawin.kunci = kunci_label(r.status_kawin)
left join label as l_pekerjaan on l_pekerjaan.kolom = 'pekerjaan' and l_pekerjaan.kunci = kunci_label(r.pekerjaan)
left join label as l_pendidikan on l_pendidikan.kolom = 'pendidikan' and l_pendidikan.kunci = kunci_label(r.pendidikan)
