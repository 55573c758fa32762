-- One row a person (person_id): for every column the one value that survives, the source that said it and the day it was said.
-- The latest interview speaks; on one day the better source does (seeds.prioritas_sumber); NULL never wins. What does not change in a
-- life - NIK, name, birth, sex - is not the latest word but the word of most rows.
-- status_keberadaan: a death is one of the person; 'pindah' and 'tidak_ditemukan' are words about one house. They hold of the family
-- whose roster says so, until a roster of that day or later lists the person: P3KE does not ask, but it lists who is there.
with urutan as (
    select
        c.person_id,
        c.family_id,
        c.record_uid,
        kunci_urut(
            row_number() over (
                partition by c.person_id order by p.tanggal_amatan desc, cast(s.prioritas as integer), c.record_uid
            ),
            p.tanggal_amatan,
            cast(s.prioritas as integer)
        ) as kunci
    from linkage.crosswalk as c
    inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
    inner join seeds.prioritas_sumber as s on p.source = s.source
),

rekaman as (
    select
        u.person_id,
        u.family_id,
        u.kunci,
        p.source,
        p.family_uid,
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
        p.source = 'p3ke' and p.pendidikan = 4 as pendidikan_gabungan,
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
        -- where a house was found empty or struck off, nobody was asked about its members: being on its list is no sign of life
        coalesce(
            p.status_keberadaan,
            case when f.family_uid is not null then case p.source when 'regsosek' then 'pindah' else 'tidak_ditemukan' end end
        ) as keberadaan
    from urutan as u
    inner join intermediate.int_person_record as p on u.record_uid = p.record_uid
    left join (select family_uid from intermediate.int_family_record where nonaktif) as f on p.family_uid = f.family_uid
),

-- Who left a house, or was not found there, by the family that lives in it now: that of most of those who did not.
rumah as (
    select family_uid, family_id
    from (
        select
            r.family_uid,
            r.family_id,
            row_number() over (
                partition by r.family_uid
                order by
                    count(case when coalesce(r.keberadaan, 'ada') not in ('pindah', 'tidak_ditemukan') then 1 end) desc,
                    count(*) desc,
                    r.family_id
            ) as urut
        from rekaman as r
        inner join (
            select distinct family_uid from rekaman where keberadaan in ('pindah', 'tidak_ditemukan')
        ) as g on r.family_uid = g.family_uid
        group by r.family_uid, r.family_id
    ) as t
    where urut = 1
),

terdaftar as (
    select person_id, max(tanggal_amatan) as tanggal
    from rekaman
    where coalesce(keberadaan, 'ada') = 'ada'
    group by person_id
),

kehadiran as (
    select
        r.person_id,
        pilih(r.keberadaan, r.kunci) as status_keberadaan,
        pilih_kunci(r.keberadaan, r.kunci) as status_keberadaan_kunci
    from rekaman as r
    left join rumah as h on r.family_uid = h.family_uid
    left join terdaftar as d on r.person_id = d.person_id
    where r.keberadaan in ('ada', 'meninggal')
        or (r.keberadaan is not null and r.family_id = h.family_id and (d.tanggal is null or d.tanggal < r.tanggal_amatan))
    group by r.person_id
),

terbaru as (
    select
        person_id,
        pilih(family_id, kunci) as family_id,
        count(*) as jumlah_rekaman,
        concat_ws(
            ',',
            case when bool_or(source = 'dtks') then 'dtks' end,
            case when bool_or(source = 'p3ke') then 'p3ke' end,
            case when bool_or(source = 'regsosek') then 'regsosek' end
        ) as sumber,
        count(case when jenis_kelamin = 'L' then 1 end) as jumlah_l,
        count(case when jenis_kelamin = 'P' then 1 end) as jumlah_p,
        min(case when jenis_kelamin = 'L' then kunci end) as kunci_l,
        min(case when jenis_kelamin = 'P' then kunci end) as kunci_p,
        pilih(pendidikan, kunci) as pendidikan,
        pilih_kunci(pendidikan, kunci) as pendidikan_kunci,
        min(case when pendidikan_gabungan then kunci end) as gabungan_kunci,
        min_by(pendidikan, kunci) filter (where pendidikan >= 4 and not pendidikan_gabungan) as pendidikan_tinggi,
        min(case when pendidikan >= 4 and not pendidikan_gabungan then kunci end) as pendidikan_tinggi_kunci,
        pilih(kk, kunci) as kk,
        pilih_kunci(kk, kunci) as kk_kunci,
        pilih(tempat_lahir, kunci) as tempat_lahir,
        pilih_kunci(tempat_lahir, kunci) as tempat_lahir_kunci,
        pilih(hubungan, kunci) as hubungan,
        pilih_kunci(hubungan, kunci) as hubungan_kunci,
        pilih(status_kawin, kunci) as status_kawin,
        pilih_kunci(status_kawin, kunci) as status_kawin_kunci,
        pilih(partisipasi_sekolah, kunci) as partisipasi_sekolah,
        pilih_kunci(partisipasi_sekolah, kunci) as partisipasi_sekolah_kunci,
        pilih(bekerja, kunci) as bekerja,
        pilih_kunci(bekerja, kunci) as bekerja_kunci,
        pilih(lapangan_usaha, kunci) as lapangan_usaha,
        pilih_kunci(lapangan_usaha, kunci) as lapangan_usaha_kunci,
        pilih(status_pekerjaan, kunci) as status_pekerjaan,
        pilih_kunci(status_pekerjaan, kunci) as status_pekerjaan_kunci,
        pilih(disabilitas, kunci) as disabilitas,
        pilih_kunci(disabilitas, kunci) as disabilitas_kunci,
        pilih(penyakit_kronis, kunci) as penyakit_kronis,
        pilih_kunci(penyakit_kronis, kunci) as penyakit_kronis_kunci,
        pilih(pbi, kunci) as pbi,
        pilih_kunci(pbi, kunci) as pbi_kunci
    from rekaman
    group by person_id
),

-- the NIK nothing is wrong with, that most rows carry, that says what the person says about birth and sex
nik as (
    select
        person_id,
        nik,
        min(kunci) as kunci,
        max(nik_tgl_lahir) as nik_tgl_lahir,
        max(nik_jenis_kelamin) as nik_jenis_kelamin,
        row_number() over (
            partition by person_id
            order by bool_or(nik_wajar) desc, count(*) desc, bool_or(nik_cocok) desc, min(kunci), nik
        ) as peringkat
    from rekaman
    where nik is not null
    group by person_id, nik
),

nik_terpilih as (
    select person_id, nik, kunci, nik_tgl_lahir, nik_jenis_kelamin
    from nik
    where peringkat = 1
),

-- the name most rows agree on, the most complete of those that as many agree on
nama as (
    select
        person_id,
        nama,
        min(kunci) as kunci,
        row_number() over (
            partition by person_id order by count(*) desc, max(jumlah_kata) desc, length(nama) desc, min(kunci), nama
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
        min(r.kunci) as kunci,
        row_number() over (
            partition by r.person_id
            order by
                case r.tgl_lahir_presisi when 'hari' then 0 else 1 end,
                bool_or(coalesce(r.tgl_lahir = n.nik_tgl_lahir, false)) desc,
                count(*) desc,
                bool_or(r.tgl_lahir_tumpuk),
                min(r.kunci)
        ) as peringkat
    from rekaman as r
    left join nik_terpilih as n on r.person_id = n.person_id
    where r.tgl_lahir is not null
    group by r.person_id, r.tgl_lahir, r.tgl_lahir_presisi
),

gabung as (
    select
        t.person_id,
        t.family_id,
        t.jumlah_rekaman,
        t.sumber,
        n.nik,
        n.kunci as nik_kunci,
        m.nama,
        m.kunci as nama_kunci,
        l.tgl_lahir,
        l.tgl_lahir_presisi,
        l.kunci as tgl_lahir_kunci,
        -- most rows, then what the NIK says, then the latest
        case
            when t.jumlah_l = 0 and t.jumlah_p = 0 then null
            when t.jumlah_l <> t.jumlah_p then case when t.jumlah_l > t.jumlah_p then 'L' else 'P' end
            else coalesce(n.nik_jenis_kelamin, case when t.kunci_l < t.kunci_p then 'L' else 'P' end)
        end as jenis_kelamin,
        t.kunci_l,
        t.kunci_p,
        -- a degree of another source stands where the latest word is P3KE's label for all of them
        case
            when t.pendidikan_kunci = t.gabungan_kunci then coalesce(t.pendidikan_tinggi, t.pendidikan) else t.pendidikan
        end as pendidikan,
        case
            when t.pendidikan_kunci = t.gabungan_kunci then coalesce(t.pendidikan_tinggi_kunci, t.pendidikan_kunci)
            else t.pendidikan_kunci
        end as pendidikan_kunci,
        t.kk,
        t.kk_kunci,
        t.tempat_lahir,
        t.tempat_lahir_kunci,
        t.hubungan,
        t.hubungan_kunci,
        t.status_kawin,
        t.status_kawin_kunci,
        t.partisipasi_sekolah,
        t.partisipasi_sekolah_kunci,
        t.bekerja,
        t.bekerja_kunci,
        -- who does not work now has no trade left over from an older interview
        case when t.bekerja is distinct from false then t.lapangan_usaha end as lapangan_usaha,
        case when t.bekerja is distinct from false then t.lapangan_usaha_kunci end as lapangan_usaha_kunci,
        case when t.bekerja is distinct from false then t.status_pekerjaan end as status_pekerjaan,
        case when t.bekerja is distinct from false then t.status_pekerjaan_kunci end as status_pekerjaan_kunci,
        t.disabilitas,
        t.disabilitas_kunci,
        t.penyakit_kronis,
        t.penyakit_kronis_kunci,
        t.pbi,
        t.pbi_kunci,
        k.status_keberadaan,
        k.status_keberadaan_kunci
    from terbaru as t
    left join kehadiran as k on t.person_id = k.person_id
    left join nik_terpilih as n on t.person_id = n.person_id
    left join nama as m on t.person_id = m.person_id and m.peringkat = 1
    left join lahir as l on t.person_id = l.person_id and l.peringkat = 1
),

-- the sources by priority, to read one back out of a key
daftar as (
    select string_agg(source, ',' order by cast(prioritas as integer)) as sumber
    from seeds.prioritas_sumber
)

select
    g.person_id,
    g.family_id,
    g.nik,
    kunci_sumber(g.nik_kunci, d.sumber) as nik_sumber,
    kunci_tanggal(g.nik_kunci) as nik_tanggal,
    g.kk,
    kunci_sumber(g.kk_kunci, d.sumber) as kk_sumber,
    kunci_tanggal(g.kk_kunci) as kk_tanggal,
    g.nama,
    kunci_sumber(g.nama_kunci, d.sumber) as nama_sumber,
    kunci_tanggal(g.nama_kunci) as nama_tanggal,
    g.jenis_kelamin,
    kunci_sumber(case g.jenis_kelamin when 'L' then g.kunci_l else g.kunci_p end, d.sumber) as jenis_kelamin_sumber,
    kunci_tanggal(case g.jenis_kelamin when 'L' then g.kunci_l else g.kunci_p end) as jenis_kelamin_tanggal,
    g.tempat_lahir,
    kunci_sumber(g.tempat_lahir_kunci, d.sumber) as tempat_lahir_sumber,
    kunci_tanggal(g.tempat_lahir_kunci) as tempat_lahir_tanggal,
    g.tgl_lahir,
    g.tgl_lahir_presisi,
    kunci_sumber(g.tgl_lahir_kunci, d.sumber) as tgl_lahir_sumber,
    kunci_tanggal(g.tgl_lahir_kunci) as tgl_lahir_tanggal,
    g.hubungan,
    kunci_sumber(g.hubungan_kunci, d.sumber) as hubungan_sumber,
    kunci_tanggal(g.hubungan_kunci) as hubungan_tanggal,
    g.status_kawin,
    kunci_sumber(g.status_kawin_kunci, d.sumber) as status_kawin_sumber,
    kunci_tanggal(g.status_kawin_kunci) as status_kawin_tanggal,
    g.pendidikan,
    kunci_sumber(g.pendidikan_kunci, d.sumber) as pendidikan_sumber,
    kunci_tanggal(g.pendidikan_kunci) as pendidikan_tanggal,
    g.partisipasi_sekolah,
    kunci_sumber(g.partisipasi_sekolah_kunci, d.sumber) as partisipasi_sekolah_sumber,
    kunci_tanggal(g.partisipasi_sekolah_kunci) as partisipasi_sekolah_tanggal,
    g.bekerja,
    kunci_sumber(g.bekerja_kunci, d.sumber) as bekerja_sumber,
    kunci_tanggal(g.bekerja_kunci) as bekerja_tanggal,
    g.lapangan_usaha,
    kunci_sumber(g.lapangan_usaha_kunci, d.sumber) as lapangan_usaha_sumber,
    kunci_tanggal(g.lapangan_usaha_kunci) as lapangan_usaha_tanggal,
    g.status_pekerjaan,
    kunci_sumber(g.status_pekerjaan_kunci, d.sumber) as status_pekerjaan_sumber,
    kunci_tanggal(g.status_pekerjaan_kunci) as status_pekerjaan_tanggal,
    g.disabilitas,
    kunci_sumber(g.disabilitas_kunci, d.sumber) as disabilitas_sumber,
    kunci_tanggal(g.disabilitas_kunci) as disabilitas_tanggal,
    g.penyakit_kronis,
    kunci_sumber(g.penyakit_kronis_kunci, d.sumber) as penyakit_kronis_sumber,
    kunci_tanggal(g.penyakit_kronis_kunci) as penyakit_kronis_tanggal,
    g.pbi,
    kunci_sumber(g.pbi_kunci, d.sumber) as pbi_sumber,
    kunci_tanggal(g.pbi_kunci) as pbi_tanggal,
    g.status_keberadaan,
    kunci_sumber(g.status_keberadaan_kunci, d.sumber) as status_keberadaan_sumber,
    kunci_tanggal(g.status_keberadaan_kunci) as status_keberadaan_tanggal,
    g.jumlah_rekaman,
    g.sumber
from gabung as g
cross join daftar as d
