-- One row a person row of any source, codes and labels in one list; NIK and names are still as delivered.
with kode as (
    select source, kolom, kode, nilai_baku, nilai_rinci
    from seeds.kode_baku
),

-- hub_krt is the relation to the head of the household; only in the head's own family is it the relation to the family's head
dtks as (
    select
        a.idartbdt,
        coalesce(a.nuk, 1) as nuk,
        coalesce(min(case when a.hub_krt = 1 then coalesce(a.nuk, 1) end) over (partition by a.idbdt), 1) as nuk_kepala,
        a.idbdt,
        a.nik,
        a.nokk,
        a.nama,
        a.tmplahir,
        a.tgllahir,
        a.tgllahir_presisi,
        a.jnskel,
        a.namagadis_ibukandung,
        a.hub_krt,
        a.sta_kawin,
        a.jenis_cacat,
        a.penyakit_kronis,
        a.partisipasi_sekolah,
        a.ijazah_tertinggi,
        a.sta_bekerja,
        a.lapangan_usaha,
        a.status_pekerjaan,
        a.sta_keberadaan_art,
        a.ada_pkh,
        a.ada_pbi,
        a.lastupdatedata,
        a._file,
        a._line
    from staging.stg_dtks__anggota as a
),

rekaman as (
    select
        'dtks' as source,
        a.idartbdt as record_id,
        a.idbdt as roster_id,
        a.nuk,
        a.hub_krt = 1 as kepala_roster,
        a.nuk = a.nuk_kepala as keluarga_kepala,
        a.nik as nik_mentah,
        a.nokk as kk_mentah,
        a.nama as nama_asal,
        a.namagadis_ibukandung as ibu_asal,
        a.tmplahir as tempat_lahir,
        a.tgllahir as tgl_lahir,
        a.tgllahir_presisi as tgl_lahir_presisi,
        cast(null as integer) as umur,
        case a.jnskel when 1 then 'L' when 2 then 'P' end as jenis_kelamin,
        case when a.nuk = a.nuk_kepala then a.hub_krt end as hubungan,
        a.sta_kawin as status_kawin,
        k_ada.nilai_baku as status_keberadaan,
        cast(k_sek.nilai_baku as integer) as partisipasi_sekolah,
        cast(k_did.nilai_baku as integer) as pendidikan,
        k_did.nilai_rinci as pendidikan_asal,
        ya_12(a.sta_bekerja) as bekerja,
        a.lapangan_usaha,
        a.status_pekerjaan,
        cast(null as varchar) as pekerjaan_asal,
        a.jenis_cacat > 0 as disabilitas,
        a.penyakit_kronis > 0 as penyakit_kronis,
        ya_12(a.ada_pbi) as pbi,
        cast(null as integer) as jaminan_kesehatan,
        ya_12(a.ada_pkh) as pkh_individu,
        a.lastupdatedata as tanggal,
        a._file,
        a._line
    from dtks as a
    left join kode as k_ada
        on k_ada.source = 'dtks' and k_ada.kolom = 'status_keberadaan'
        and try_cast(k_ada.kode as integer) = a.sta_keberadaan_art
    left join kode as k_sek
        on k_sek.source = 'dtks' and k_sek.kolom = 'partisipasi_sekolah'
        and try_cast(k_sek.kode as integer) = a.partisipasi_sekolah
    left join kode as k_did
        on k_did.source = 'dtks' and k_did.kolom = 'pendidikan' and try_cast(k_did.kode as integer) = a.ijazah_tertinggi
    union all
    select
        'regsosek' as source,
        a.id_anggota as record_id,
        a.id_keluarga as roster_id,
        1 as nuk,
        a.kd_hubungan_keluarga = 1 as kepala_roster,
        true as keluarga_kepala,
        a.nik as nik_mentah,
        cast(null as varchar) as kk_mentah,
        a.nama as nama_asal,
        cast(null as varchar) as ibu_asal,
        a.tempat_lahir,
        a.tgl_lahir,
        a.tgl_lahir_presisi,
        a.umur,
        case a.kd_jenis_kelamin when 1 then 'L' when 2 then 'P' end as jenis_kelamin,
        a.kd_hubungan_keluarga as hubungan,
        a.kd_status_kawin as status_kawin,
        k_ada.nilai_baku as status_keberadaan,
        cast(k_sek.nilai_baku as integer) as partisipasi_sekolah,
        cast(k_did.nilai_baku as integer) as pendidikan,
        k_did.nilai_rinci as pendidikan_asal,
        ya_12(a.kd_bekerja) as bekerja,
        a.kd_lapangan_usaha as lapangan_usaha,
        a.kd_status_pekerjaan as status_pekerjaan,
        cast(null as varchar) as pekerjaan_asal,
        -- "a lot of difficulty" and "cannot do at all": the Washington Group's line
        a.kd_kesulitan_fungsi <= 2 as disabilitas,
        a.kd_penyakit_kronis > 1 as penyakit_kronis,
        -- the code adds 1 PBI, 2 own, 4 employer, 8 other: PBI is the odd ones; 99 (does not know) is odd and no sum
        case when a.kd_jaminan_kesehatan between 0 and 15 then a.kd_jaminan_kesehatan % 2 = 1 end as pbi,
        a.kd_jaminan_kesehatan as jaminan_kesehatan,
        cast(null as boolean) as pkh_individu,
        cast(null as date) as tanggal,
        a._file,
        a._line
    from staging.stg_regsosek__anggota as a
    left join kode as k_ada
        on k_ada.source = 'regsosek' and k_ada.kolom = 'status_keberadaan'
        and try_cast(k_ada.kode as integer) = a.kd_keberadaan
    left join kode as k_sek
        on k_sek.source = 'regsosek' and k_sek.kolom = 'partisipasi_sekolah'
        and try_cast(k_sek.kode as integer) = a.kd_partisipasi_sekolah
    left join kode as k_did
        on k_did.source = 'regsosek' and k_did.kolom = 'pendidikan'
        and try_cast(k_did.kode as integer) = a.kd_ijazah_tertinggi
    union all
    select
        'p3ke' as source,
        a.id_individu as record_id,
        a.id_keluarga as roster_id,
        1 as nuk,
        a.hub_dgn_kpl_keluarga = 'Kepala Keluarga' as kepala_roster,
        true as keluarga_kepala,
        a.nik as nik_mentah,
        cast(null as varchar) as kk_mentah,
        a.nama as nama_asal,
        cast(null as varchar) as ibu_asal,
        cast(null as varchar) as tempat_lahir,
        a.tanggal_lahir as tgl_lahir,
        a.tanggal_lahir_presisi as tgl_lahir_presisi,
        cast(null as integer) as umur,
        case a.jenis_kelamin when 'Laki-laki' then 'L' when 'Perempuan' then 'P' end as jenis_kelamin,
        cast(k_hub.nilai_baku as integer) as hubungan,
        cast(k_kaw.nilai_baku as integer) as status_kawin,
        cast(null as varchar) as status_keberadaan,
        cast(k_sek.nilai_baku as integer) as partisipasi_sekolah,
        cast(k_did.nilai_baku as integer) as pendidikan,
        k_did.nilai_rinci as pendidikan_asal,
        ya_label(k_kerja.nilai_baku) as bekerja,
        cast(null as integer) as lapangan_usaha,
        cast(k_sta.nilai_baku as integer) as status_pekerjaan,
        a.pekerjaan as pekerjaan_asal,
        cast(null as boolean) as disabilitas,
        cast(null as boolean) as penyakit_kronis,
        cast(null as boolean) as pbi,
        cast(null as integer) as jaminan_kesehatan,
        cast(null as boolean) as pkh_individu,
        cast(null as date) as tanggal,
        a._file,
        a._line
    from staging.stg_p3ke__individu as a
    left join kode as k_hub
        on k_hub.source = 'p3ke' and k_hub.kolom = 'hubungan' and k_hub.kode = a.hub_dgn_kpl_keluarga
    left join kode as k_kaw
        on k_kaw.source = 'p3ke' and k_kaw.kolom = 'status_kawin' and k_kaw.kode = a.status_kawin
    left join kode as k_sek
        on k_sek.source = 'p3ke' and k_sek.kolom = 'partisipasi_sekolah' and k_sek.kode = a.pendidikan
    left join kode as k_did
        on k_did.source = 'p3ke' and k_did.kolom = 'pendidikan' and k_did.kode = a.pendidikan
    left join kode as k_kerja
        on k_kerja.source = 'p3ke' and k_kerja.kolom = 'bekerja' and k_kerja.kode = a.pekerjaan
    left join kode as k_sta
        on k_sta.source = 'p3ke' and k_sta.kolom = 'status_pekerjaan' and k_sta.kode = a.pekerjaan
)

select
    concat(r.source, ':', r.record_id) as record_uid,
    r.source,
    r.record_id,
    r.roster_id,
    r.nuk,
    r.kepala_roster,
    r.nik_mentah,
    -- the household's card is the head's family's: it says nothing about another family under the roof
    r.kk_mentah,
    case when r.keluarga_kepala then o.kk_asal end as kk_roster,
    o.nik_kepala_asal,
    r.nama_asal,
    r.ibu_asal,
    regexp_replace(teks_baku(r.tempat_lahir), '^(KABUPATEN|KAB|KOTA MADYA|KOTAMADYA|KOTA|DESA|DS|KEC) ', '') as tempat_lahir,
    r.tgl_lahir,
    r.tgl_lahir_presisi,
    coalesce(
        extract(year from r.tgl_lahir),
        extract(year from coalesce(o.tanggal_amatan, k.tanggal_kirim)) - r.umur
    ) as tahun_lahir,
    r.jenis_kelamin,
    r.hubungan,
    r.status_kawin,
    r.status_keberadaan,
    r.partisipasi_sekolah,
    r.pendidikan,
    r.pendidikan_asal,
    r.bekerja,
    r.lapangan_usaha,
    r.status_pekerjaan,
    r.pekerjaan_asal,
    r.disabilitas,
    r.penyakit_kronis,
    r.pbi,
    r.jaminan_kesehatan,
    r.pkh_individu,
    o.kode_desa,
    o.kode_kecamatan,
    o.kode_kabupaten,
    o.kode_provinsi,
    o.alamat_baku,
    o.sls,
    coalesce(case when r.tanggal <= k.tanggal_batas then r.tanggal end, o.tanggal_amatan, k.tanggal_kirim) as tanggal_amatan,
    r._file,
    r._line
from rekaman as r
inner join intermediate.int_kiriman as k on r.source = k.source
left join intermediate.int_roster as o on r.source = o.source and r.roster_id = o.roster_id
