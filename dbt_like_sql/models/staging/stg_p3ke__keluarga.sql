-- One row a P3KE family as accepted, typed; labels are mapped to the one the contract calls canonical: releases spell them differently.
-- Where an alias says more than its label (Asbes, not Asbes/Seng) the text as delivered stays beside it.
-- NIK and KK keep every mark they came with: the repair, and that there was one, is for int_person__identitas to say.
with label as (
    select kolom, kunci_label(label) as kunci, max(label_baku) as label_baku
    from seeds.label_p3ke
    group by kolom, kunci_label(label)
)

select
    kosong(r.id_keluarga) as id_keluarga,
    kosong(r.kode_kemdagri) as kode_kemdagri,
    kosong(r.provinsi) as provinsi,
    kosong(r.kabupaten) as kabupaten,
    kosong(r.kecamatan) as kecamatan,
    kosong(r.desa) as desa,
    kosong(r.alamat) as alamat,
    nullif(trim(r.no_kk), '') as no_kk,
    kosong(r.kepala_keluarga) as kepala_keluarga,
    nullif(trim(r.nik), '') as nik,
    l_padan_dukcapil.label_baku as padan_dukcapil,
    bulat(r.desil_kesejahteraan) as desil_kesejahteraan,
    l_kepemilikan_rumah.label_baku as kepemilikan_rumah,
    l_memiliki_simpanan.label_baku as memiliki_simpanan,
    l_jenis_atap.label_baku as jenis_atap,
    kosong(r.jenis_atap) as jenis_atap_asal,
    l_jenis_dinding.label_baku as jenis_dinding,
    l_jenis_lantai.label_baku as jenis_lantai,
    l_sumber_penerangan.label_baku as sumber_penerangan,
    l_daya_terpasang.label_baku as daya_terpasang,
    kosong(r.daya_terpasang) as daya_terpasang_asal,
    l_bahan_bakar_memasak.label_baku as bahan_bakar_memasak,
    l_sumber_air_minum.label_baku as sumber_air_minum,
    l_fasilitas_bab.label_baku as fasilitas_bab,
    kosong(r.fasilitas_bab) as fasilitas_bab_asal,
    angka(r.penghasilan) as penghasilan,
    angka(r.pengeluaran) as pengeluaran,
    l_bpnt.label_baku as bpnt,
    l_bst.label_baku as bst,
    l_pkh.label_baku as pkh,
    l_sembako.label_baku as sembako,
    l_resiko_stunting.label_baku as resiko_stunting,
    tanggal(r.tanggal_data) as tanggal_data,
    r._file,
    r._line
from raw.p3ke_keluarga as r
left join label as l_padan_dukcapil on l_padan_dukcapil.kolom = 'padan_dukcapil' and l_padan_dukcapil.kunci = kunci_label(r.padan_dukcapil)
left join label as l_kepemilikan_rumah on l_kepemilikan_rumah.kolom = 'kepemilikan_rumah' and l_kepemilikan_rumah.kunci = kunci_label(r.kepemilikan_rumah)
left join label as l_memiliki_simpanan on l_memiliki_simpanan.kolom = 'memiliki_simpanan' and l_memiliki_simpanan.kunci = kunci_label(r.memiliki_simpanan)
left join label as l_jenis_atap on l_jenis_atap.kolom = 'jenis_atap' and l_jenis_atap.kunci = kunci_label(r.jenis_atap)
left join label as l_jenis_dinding on l_jenis_dinding.kolom = 'jenis_dinding' and l_jenis_dinding.kunci = kunci_label(r.jenis_dinding)
left join label as l_jenis_lantai on l_jenis_lantai.kolom = 'jenis_lantai' and l_jenis_lantai.kunci = kunci_label(r.jenis_lantai)
left join label as l_sumber_penerangan on l_sumber_penerangan.kolom = 'sumber_penerangan' and l_sumber_penerangan.kunci = kunci_label(r.sumber_penerangan)
left join label as l_daya_terpasang on l_daya_terpasang.kolom = 'daya_terpasang' and l_daya_terpasang.kunci = kunci_label(r.daya_terpasang)
left join label as l_bahan_bakar_memasak on l_bahan_bakar_memasak.kolom = 'bahan_bakar_memasak' and l_bahan_bakar_memasak.kunci = kunci_label(r.bahan_bakar_memasak)
left join label as l_sumber_air_minum on l_sumber_air_minum.kolom = 'sumber_air_minum' and l_sumber_air_minum.kunci = kunci_label(r.sumber_air_minum)
left join label as l_fasilitas_bab on l_fasilitas_bab.kolom = 'fasilitas_bab' and l_fasilitas_bab.kunci = kunci_label(r.fasilitas_bab)
left join label as l_bpnt on l_bpnt.kolom = 'bpnt' and l_bpnt.kunci = kunci_label(r.bpnt)
left join label as l_bst on l_bst.kolom = 'bst' and l_bst.kunci = kunci_label(r.bst)
left join label as l_pkh on l_pkh.kolom = 'pkh' and l_pkh.kunci = kunci_label(r.pkh)
left join label as l_sembako on l_sembako.kolom = 'sembako' and l_sembako.kunci = kunci_label(r.sembako)
left join label as l_resiko_stunting on l_resiko_stunting.kolom = 'resiko_stunting' and l_resiko_stunting.kunci = kunci_label(r.resiko_stunting)
