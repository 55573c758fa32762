-- Grain: asked record (diminta); what the sources say of it, for a person to read.
select
    p.record_uid,
    p.source as sumber,
    p.nama_asal,
    p.nama,
    coalesce(p.nik, p.nik_asal) as nik,
    p.nik_masalah,
    p.kk,
    case p.tgl_lahir_presisi
        when 'hari' then strftime(p.tgl_lahir, '%Y-%m-%d')
        else cast(p.tahun_lahir as varchar)
    end as tgl_lahir,
    p.jenis_kelamin,
    p.tempat_lahir,
    p.ibu,
    concat_ws(', ', p.alamat_baku, p.sls) as alamat,
    concat_ws(', ', d.nama, c.nama, k.nama) as desa,
    case p.hubungan
        when 1 then 'kepala keluarga / head'
        when 2 then 'istri/suami / spouse'
        when 3 then 'anak / child'
        when 4 then 'menantu / child-in-law'
        when 5 then 'cucu / grandchild'
        when 6 then 'orang tua/mertua / parent'
        when 7 then 'pembantu / domestic worker'
        when 8 then 'lainnya / other'
    end as hubungan,
    strftime(p.tanggal_amatan, '%Y-%m-%d') as tanggal_amatan,
    concat(p._file, ':', p._line) as asal,
    p.family_uid
from intermediate.int_person_record as p
inner join diminta as m on p.record_uid = m.record_uid
left join intermediate.int_wilayah__aktif as d on p.kode_desa = d.kode_kemendagri
left join intermediate.int_wilayah__aktif as c on p.kode_kecamatan = c.kode_kemendagri
left join intermediate.int_wilayah__aktif as k on p.kode_kabupaten = k.kode_kemendagri
order by p.record_uid
