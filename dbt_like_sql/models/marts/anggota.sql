-- One row a person (person_id): for every column the one value that survives, the source that said it and the day it was said.
-- The latest interview speaks; on one day the better source does (seeds.prioritas_sumber); NULL never wins. What does not change in a
-- life - NIK, name, birth, sex - is not the latest word but the word of most rows.
with rekaman as (
    select
        c.person_id,
        c.family_id,
        p.record_uid,
        p.source,
        p.tanggal_amatan,
        p.nik,
        coalesce(p.nik_masalah is null, false) as nik_wajar,
        coalesce(p.nik_cocok, false) as nik_cocok,
        p.nik_tgl_lahir,
        p.nik_jenis_kelamin,
        p.nama,
        p.jumlah_kata,
        coalesce(p.tgl_lahir, make_date(p.tahun_lahir, 1, 1)) as tgl_lahir,
        case when p.tgl_lahir is not null then p.tgl_lahir_presisi when p.tahun_lahir is not null then 'tahun' end
            as tgl_lahir_presisi,
        coalesce(p.tgl_lahir_tumpuk, false) as tgl_lahir_tumpuk,
        p.jenis_kelamin,
        p.pendidikan,
        -- P3KE has one label for every degree, so its 4 means "4 or more"
        case when p.source <> 'p3ke' and p.pendidikan >= 4 then p.pendidikan end as pendidikan_tinggi,
        p.kk,
        p.tempat_lahir,
        p.hubungan,
        p.status_kawin,
        p.partisipasi_sekolah,
        p.bekerja,
        p.lapangan_usaha,
        p.status_pekerjaan,
        p.disabilitas,
        p.penyakit_kronis,
        p.pbi,
        p.status_keberadaan,
        row_number() over (
            partition by c.person_id order by p.tanggal_amatan desc, cast(s.prioritas as integer), p.record_uid
        ) as urut
    from linkage.crosswalk as c
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
    inner join seeds.prioritas_sumber as s on p.source = s.source
),

terbaru as (
    select
        person_id,
        pilih(family_id, urut) as family_id,
        count(*) as jumlah_rekaman,
        string_agg(distinct source, ',' order by source) as sumber,
        string_agg(source, ',' order by urut) as daftar_sumber,
        string_agg(cast(tanggal_amatan as varchar), ',' order by urut) as daftar_tanggal,
        pilih(pendidikan, urut) as pendidikan,
        pilih_urut(pendidikan, urut) as pendidikan_urut,
        pilih(pendidikan_tinggi, urut) as pendidikan_tinggi,
        pilih_urut(pendidikan_tinggi, urut) as pendidikan_tinggi_urut,
        pilih(kk, urut) as kk,
        pilih_urut(kk, urut) as kk_urut,
        pilih(tempat_lahir, urut) as tempat_lahir,
        pilih_urut(tempat_lahir, urut) as tempat_lahir_urut,
        pilih(hubungan, urut) as hubungan,
        pilih_urut(hubungan, urut) as hubungan_urut,
        pilih(status_kawin, urut) as status_kawin,
        pilih_urut(status_kawin, urut) as status_kawin_urut,
        pilih(partisipasi_sekolah, urut) as partisipasi_sekolah,
        pilih_urut(partisipasi_sekolah, urut) as partisipasi_sekolah_urut,
        pilih(bekerja, urut) as bekerja,
        pilih_urut(bekerja, urut) as bekerja_urut,
        pilih(lapangan_usaha, urut) as lapangan_usaha,
        pilih_urut(lapangan_usaha, urut) as lapangan_usaha_urut,
        pilih(status_pekerjaan, urut) as status_pekerjaan,
        pilih_urut(status_pekerjaan, urut) as status_pekerjaan_urut,
        pilih(disabilitas, urut) as disabilitas,
        pilih_urut(disabilitas, urut) as disabilitas_urut,
        pilih(penyakit_kronis, urut) as penyakit_kronis,
        pilih_urut(penyakit_kronis, urut) as penyakit_kronis_urut,
        pilih(pbi, urut) as pbi,
        pilih_urut(pbi, urut) as pbi_urut,
        pilih(status_keberadaan, urut) as status_keberadaan,
        pilih_urut(status_keberadaan, urut) as status_keberadaan_urut
    from rekaman
    group by person_id
),

-- the NIK nothing is wrong with, that most rows carry, that says what the person says about birth and sex
nik as (
    select
        person_id,
        nik,
        min(urut) as urut,
        max(nik_tgl_lahir) as nik_tgl_lahir,
        max(nik_jenis_kelamin) as nik_jenis_kelamin,
        row_number() over (
            partition by person_id
            order by bool_or(nik_wajar) desc, count(*) desc, bool_or(nik_cocok) desc, min(urut), nik
        ) as peringkat
    from rekaman
    where nik is not null
    group by person_id, nik
),

nik_terpilih as (
    select person_id, nik, urut, nik_tgl_lahir, nik_jenis_kelamin
    from nik
    where peringkat = 1
),

-- the name most rows agree on, the most complete of those that as many agree on
nama as (
    select
        person_id,
        nama,
        min(urut) as urut,
        row_number() over (
            partition by person_id order by count(*) desc, max(jumlah_kata) desc, length(nama) desc, min(urut), nama
        ) as peringkat
    from rekaman
    where nama is not null
    group by person_id, nama
),

-- a day beats a year, a date the NIK confirms beats one it does not, then most rows; a heaped date (1 January) only if nothing else
lahir as (
    select
        r.person_id,
        r.tgl_lahir,
        r.tgl_lahir_presisi,
        min(r.urut) as urut,
        row_number() over (
            partition by r.person_id
            order by
                case r.tgl_lahir_presisi when 'hari' then 0 else 1 end,
                bool_or(coalesce(r.tgl_lahir = n.nik_tgl_lahir, false)) desc,
                count(*) desc,
                bool_or(r.tgl_lahir_tumpuk),
                min(r.urut)
        ) as peringkat
    from rekaman as r
    left join nik_terpilih as n on r.person_id = n.person_id
    where r.tgl_lahir is not null
    group by r.person_id, r.tgl_lahir, r.tgl_lahir_presisi
),

kelamin as (
    select
        r.person_id,
        r.jenis_kelamin,
        min(r.urut) as urut,
        row_number() over (
            partition by r.person_id
            order by count(*) desc, bool_or(coalesce(r.jenis_kelamin = n.nik_jenis_kelamin, false)) desc, min(r.urut)
        ) as peringkat
    from rekaman as r
    left join nik_terpilih as n on r.person_id = n.person_id
    where r.jenis_kelamin is not null
    group by r.person_id, r.jenis_kelamin
),

-- who does not work now has no trade left over from an older interview
gabung as (
    select
        t.person_id,
        t.family_id,
        t.jumlah_rekaman,
        t.sumber,
        t.daftar_sumber,
        t.daftar_tanggal,
        n.nik,
        n.urut as nik_urut,
        m.nama,
        m.urut as nama_urut,
        k.jenis_kelamin,
        k.urut as jenis_kelamin_urut,
        l.tgl_lahir,
        l.tgl_lahir_presisi,
        l.urut as tgl_lahir_urut,
        case
            when split_part(t.daftar_sumber, ',', t.pendidikan_urut) = 'p3ke' and t.pendidikan = 4
                then coalesce(t.pendidikan_tinggi, t.pendidikan)
            else t.pendidikan
        end as pendidikan,
        case
            when split_part(t.daftar_sumber, ',', t.pendidikan_urut) = 'p3ke' and t.pendidikan = 4
                then coalesce(t.pendidikan_tinggi_urut, t.pendidikan_urut)
            else t.pendidikan_urut
        end as pendidikan_urut,
        t.kk,
        t.kk_urut,
        t.tempat_lahir,
        t.tempat_lahir_urut,
        t.hubungan,
        t.hubungan_urut,
        t.status_kawin,
        t.status_kawin_urut,
        t.partisipasi_sekolah,
        t.partisipasi_sekolah_urut,
        t.bekerja,
        t.bekerja_urut,
        case when t.bekerja is distinct from false then t.lapangan_usaha end as lapangan_usaha,
        case when t.bekerja is distinct from false then t.lapangan_usaha_urut end as lapangan_usaha_urut,
        case when t.bekerja is distinct from false then t.status_pekerjaan end as status_pekerjaan,
        case when t.bekerja is distinct from false then t.status_pekerjaan_urut end as status_pekerjaan_urut,
        t.disabilitas,
        t.disabilitas_urut,
        t.penyakit_kronis,
        t.penyakit_kronis_urut,
        t.pbi,
        t.pbi_urut,
        t.status_keberadaan,
        t.status_keberadaan_urut
    from terbaru as t
    left join nik_terpilih as n on t.person_id = n.person_id
    left join nama as m on t.person_id = m.person_id and m.peringkat = 1
    left join lahir as l on t.person_id = l.person_id and l.peringkat = 1
    left join kelamin as k on t.person_id = k.person_id and k.peringkat = 1
)

select
    person_id,
    family_id,
    nik,
    split_part(daftar_sumber, ',', nik_urut) as nik_sumber,
    tanggal_ke(daftar_tanggal, nik_urut) as nik_tanggal,
    kk,
    split_part(daftar_sumber, ',', kk_urut) as kk_sumber,
    tanggal_ke(daftar_tanggal, kk_urut) as kk_tanggal,
    nama,
    split_part(daftar_sumber, ',', nama_urut) as nama_sumber,
    tanggal_ke(daftar_tanggal, nama_urut) as nama_tanggal,
    jenis_kelamin,
    split_part(daftar_sumber, ',', jenis_kelamin_urut) as jenis_kelamin_sumber,
    tanggal_ke(daftar_tanggal, jenis_kelamin_urut) as jenis_kelamin_tanggal,
    tempat_lahir,
    split_part(daftar_sumber, ',', tempat_lahir_urut) as tempat_lahir_sumber,
    tanggal_ke(daftar_tanggal, tempat_lahir_urut) as tempat_lahir_tanggal,
    tgl_lahir,
    tgl_lahir_presisi,
    split_part(daftar_sumber, ',', tgl_lahir_urut) as tgl_lahir_sumber,
    tanggal_ke(daftar_tanggal, tgl_lahir_urut) as tgl_lahir_tanggal,
    hubungan,
    split_part(daftar_sumber, ',', hubungan_urut) as hubungan_sumber,
    tanggal_ke(daftar_tanggal, hubungan_urut) as hubungan_tanggal,
    status_kawin,
    split_part(daftar_sumber, ',', status_kawin_urut) as status_kawin_sumber,
    tanggal_ke(daftar_tanggal, status_kawin_urut) as status_kawin_tanggal,
    pendidikan,
    split_part(daftar_sumber, ',', pendidikan_urut) as pendidikan_sumber,
    tanggal_ke(daftar_tanggal, pendidikan_urut) as pendidikan_tanggal,
    partisipasi_sekolah,
    split_part(daftar_sumber, ',', partisipasi_sekolah_urut) as partisipasi_sekolah_sumber,
    tanggal_ke(daftar_tanggal, partisipasi_sekolah_urut) as partisipasi_sekolah_tanggal,
    bekerja,
    split_part(daftar_sumber, ',', bekerja_urut) as bekerja_sumber,
    tanggal_ke(daftar_tanggal, bekerja_urut) as bekerja_tanggal,
    lapangan_usaha,
    split_part(daftar_sumber, ',', lapangan_usaha_urut) as lapangan_usaha_sumber,
    tanggal_ke(daftar_tanggal, lapangan_usaha_urut) as lapangan_usaha_tanggal,
    status_pekerjaan,
    split_part(daftar_sumber, ',', status_pekerjaan_urut) as status_pekerjaan_sumber,
    tanggal_ke(daftar_tanggal, status_pekerjaan_urut) as status_pekerjaan_tanggal,
    disabilitas,
    split_part(daftar_sumber, ',', disabilitas_urut) as disabilitas_sumber,
    tanggal_ke(daftar_tanggal, disabilitas_urut) as disabilitas_tanggal,
    penyakit_kronis,
    split_part(daftar_sumber, ',', penyakit_kronis_urut) as penyakit_kronis_sumber,
    tanggal_ke(daftar_tanggal, penyakit_kronis_urut) as penyakit_kronis_tanggal,
    pbi,
    split_part(daftar_sumber, ',', pbi_urut) as pbi_sumber,
    tanggal_ke(daftar_tanggal, pbi_urut) as pbi_tanggal,
    status_keberadaan,
    split_part(daftar_sumber, ',', status_keberadaan_urut) as status_keberadaan_sumber,
    tanggal_ke(daftar_tanggal, status_keberadaan_urut) as status_keberadaan_tanggal,
    jumlah_rekaman,
    sumber
from gabung
