-- One row a person row of any source (record_uid), in one code list, with everything the linkage compares and the marts choose from.
-- Wide, so it is written once: what has to look at other rows is in int_person__identitas.
with kode as (
    select source, kolom, kode, nilai_baku, nilai_rinci
    from seeds.kode_baku
),

rekaman as (
    select
        'dtks' as source,
        a.idartbdt as record_id,
        a.idbdt as roster_id,
        coalesce(a.nuk, 1) as nuk,
        a.nama as nama_asal,
        a.namagadis_ibukandung as ibu_asal,
        a.tmplahir as tempat_lahir,
        case a.jnskel when 1 then 'L' when 2 then 'P' end as jenis_kelamin,
        -- the relation to the head of the household is the relation to the family's head in the head's own family only
        case when coalesce(a.nuk, 1) = k_kep.nuk_kepala then a.hub_krt end as hubungan,
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
    from staging.stg_dtks__anggota as a
    inner join intermediate.int_dtks__kepala as k_kep on a.idbdt = k_kep.idbdt
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
        a.nama as nama_asal,
        cast(null as varchar) as ibu_asal,
        a.tempat_lahir,
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
        a.nama as nama_asal,
        cast(null as varchar) as ibu_asal,
        cast(null as varchar) as tempat_lahir,
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
    i.record_uid,
    r.source,
    r.record_id,
    r.roster_id,
    r.nuk,
    concat(r.source, ':', r.roster_id, '#', r.nuk) as family_uid,
    i.nik,
    i.nik_asal,
    i.nik_masalah,
    i.nik_diperbaiki,
    left(i.nik, 6) as nik_area6,
    left(i.nik, 4) as nik_kabupaten,
    i.nik_tgl_lahir,
    i.nik_jenis_kelamin,
    i.nik_cocok,
    i.nik_baris,
    i.kk,
    r.nama_asal,
    m.nama,
    m.nama_depan,
    m.nama_akhir,
    m.nama_kunci,
    m.jumlah_kata,
    m.nama_rapat,
    m.nama_urut,
    regexp_replace(
        teks_baku(r.tempat_lahir), '^(KABUPATEN|KAB|KOTA MADYA|KOTAMADYA|KOTA|DESA|DS|KEC) ', ''
    ) as tempat_lahir,
    i.tgl_lahir,
    i.tgl_lahir_presisi,
    i.tahun_lahir,
    case
        when i.tgl_lahir_presisi = 'hari'
            then extract(month from i.tgl_lahir) * 100 + extract(day from i.tgl_lahir) in (101, 701, 1231)
    end as tgl_lahir_tumpuk,
    r.jenis_kelamin,
    b.nama as ibu,
    r.hubungan,
    r.status_kawin,
    r.status_keberadaan,
    r.partisipasi_sekolah,
    r.pendidikan,
    r.pendidikan_asal,
    r.bekerja,
    -- 21 groups in DTKS and 26 in Regsosek, and nobody delivered a concordance: read it with the source
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
    coalesce(
        case when r.tanggal <= d.tanggal_batas then r.tanggal end, o.tanggal_amatan, d.tanggal_kirim
    ) as tanggal_amatan,
    r._file,
    r._line
from rekaman as r
inner join intermediate.int_person__identitas as i on concat(r.source, ':', r.record_id) = i.record_uid
inner join intermediate.int_kiriman as d on r.source = d.source
left join intermediate.int_roster as o on r.source = o.source and r.roster_id = o.roster_id
left join intermediate.int_nama__baku as m on r.nama_asal = m.nama_asal
left join intermediate.int_nama__baku as b on r.ibu_asal = b.nama_asal
