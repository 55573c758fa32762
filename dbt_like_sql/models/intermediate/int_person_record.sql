-- One row a person row of any source (record_uid), with everything the linkage compares and the marts choose from.
select
    p.record_uid,
    p.source,
    p.record_id,
    p.roster_id,
    p.nuk,
    concat(p.source, ':', p.roster_id, '#', p.nuk) as family_uid,
    n.nik,
    n.nik_asal,
    n.nik_masalah,
    n.nik_diperbaiki,
    n.nik_area6,
    n.nik_kabupaten,
    n.nik_tgl_lahir,
    n.nik_jenis_kelamin,
    n.nik_cocok,
    n.nik_baris,
    n.kk,
    p.nama_asal,
    m.nama,
    split_part(m.nama, ' ', 1) as nama_depan,
    -- a single name has no last word; taking it twice would count its evidence twice
    case when m.jumlah_kata > 1 then split_part(m.nama, ' ', m.jumlah_kata) end as nama_akhir,
    m.nama_kunci,
    m.jumlah_kata,
    m.kata,
    p.tempat_lahir,
    p.tgl_lahir,
    p.tgl_lahir_presisi,
    p.tahun_lahir,
    case
        when p.tgl_lahir_presisi = 'hari'
            then (extract(month from p.tgl_lahir) = 1 and extract(day from p.tgl_lahir) = 1)
                or (extract(month from p.tgl_lahir) = 12 and extract(day from p.tgl_lahir) = 31)
                or (extract(month from p.tgl_lahir) = 7 and extract(day from p.tgl_lahir) = 1)
    end as tgl_lahir_tumpuk,
    p.jenis_kelamin,
    i.nama as ibu,
    p.hubungan,
    p.status_kawin,
    p.status_keberadaan,
    p.partisipasi_sekolah,
    p.pendidikan,
    p.pendidikan_asal,
    p.bekerja,
    -- 21 groups in DTKS and 26 in Regsosek, and nobody delivered a concordance: read it with the source
    p.lapangan_usaha,
    p.status_pekerjaan,
    p.pekerjaan_asal,
    p.disabilitas,
    p.penyakit_kronis,
    p.pbi,
    p.jaminan_kesehatan,
    p.pkh_individu,
    p.kode_desa,
    p.kode_kecamatan,
    p.kode_kabupaten,
    p.kode_provinsi,
    p.alamat_baku,
    p.sls,
    p.tanggal_amatan,
    p._file,
    p._line
from intermediate.int_person__gabung as p
inner join intermediate.int_person__nik as n on p.record_uid = n.record_uid
left join intermediate.int_nama__baku as m on p.nama_asal = m.nama_asal
left join intermediate.int_nama__baku as i on p.ibu_asal = i.nama_asal
