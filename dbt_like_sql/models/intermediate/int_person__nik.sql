-- One row a person row: what its NIK says and what is wrong with it, narrow so that the windows over all rows stay cheap.
-- A NIK that is unreadable or somebody else's becomes NULL; one that only looks unlikely (area, date, serial) is kept and flagged,
-- because it still finds the same unlikely NIK in another source.
with baca as (
    select
        p.record_uid,
        p.source,
        p.roster_id,
        p.kepala_roster,
        p.nama_asal,
        p.jenis_kelamin,
        p.tgl_lahir,
        p.tgl_lahir_presisi,
        p.tahun_lahir,
        p.nik_mentah,
        nik_rapi(p.nik_mentah) as nik_asal,
        nik_sah(p.nik_kepala_asal) as nik_kepala_lapor,
        coalesce(nik_sah(p.kk_mentah), nik_sah(p.kk_roster)) as kk
    from intermediate.int_person__gabung as p
),

bentuk as (
    select
        b.record_uid,
        b.source,
        b.roster_id,
        b.kepala_roster,
        b.nama_asal,
        b.jenis_kelamin,
        b.tgl_lahir,
        b.tgl_lahir_presisi,
        b.tahun_lahir,
        b.nik_mentah,
        b.nik_asal,
        b.nik_kepala_lapor,
        b.kk,
        nik_angka(b.nik_asal) as angka,
        case
            when b.nik_asal is null then 'kosong'
            when regexp_matches(b.nik_asal, '^[0-9].*E[+]?[0-9]+$') then 'ilmiah'
            when nik_semu(b.nik_asal) then 'placeholder'
            when nik_angka(b.nik_asal) is null and regexp_matches(b.nik_asal, '[A-Z]') then 'bukan_angka'
            when nik_angka(b.nik_asal) is null then 'panjang'
            when nik_semu(nik_angka(b.nik_asal)) then 'placeholder'
            when nik_angka(b.nik_asal) = b.kk then 'sama_dengan_kk'
        end as masalah_bentuk
    from baca as b
),

urai as (
    select
        b.record_uid,
        b.source,
        b.roster_id,
        b.kepala_roster,
        b.nama_asal,
        b.jenis_kelamin,
        b.tgl_lahir,
        b.tgl_lahir_presisi,
        b.tahun_lahir,
        b.nik_mentah,
        b.nik_asal,
        b.nik_kepala_lapor,
        b.kk,
        b.masalah_bentuk,
        case when b.masalah_bentuk is null then b.angka end as angka,
        -- women have 40 added to the day
        cast(substr(b.angka, 7, 2) as integer) > 40 as perempuan,
        try_cast(
            concat('19', substr(b.angka, 11, 2), '-', substr(b.angka, 9, 2), '-', nik_hari(b.angka))
            as date
        ) as lahir_19,
        try_cast(
            concat('20', substr(b.angka, 11, 2), '-', substr(b.angka, 9, 2), '-', nik_hari(b.angka))
            as date
        ) as lahir_20,
        r.bulan - interval 110 year as batas_tua,
        last_day(r.bulan) as batas_muda
    from bentuk as b
    cross join raw.run as r
),

-- the year has two digits: a person is neither unborn nor older than 110, and otherwise born near the year that is reported
lahir as (
    select
        u.record_uid,
        u.source,
        u.roster_id,
        coalesce(u.kepala_roster, false) as kepala_roster,
        u.nama_asal,
        u.jenis_kelamin,
        u.tgl_lahir,
        u.tgl_lahir_presisi,
        u.tahun_lahir,
        u.nik_mentah,
        u.nik_asal,
        u.nik_kepala_lapor,
        u.kk,
        u.masalah_bentuk,
        u.angka,
        case
            when u.angka is null then null
            when u.lahir_20 > u.batas_muda or u.lahir_20 is null
                then case when u.lahir_19 >= u.batas_tua then u.lahir_19 end
            when u.lahir_19 < u.batas_tua or u.lahir_19 is null then u.lahir_20
            when abs(extract(year from u.lahir_19) - u.tahun_lahir) < abs(extract(year from u.lahir_20) - u.tahun_lahir)
                then u.lahir_19
            else u.lahir_20
        end as nik_tgl_lahir,
        case when u.perempuan then 'P' else 'L' end as kelamin
    from urai as u
),

cocok as (
    select
        l.record_uid,
        l.source,
        l.roster_id,
        l.kepala_roster,
        l.nama_asal,
        l.nik_mentah,
        l.nik_asal,
        l.nik_kepala_lapor,
        l.kk,
        l.masalah_bentuk,
        l.angka,
        l.nik_tgl_lahir,
        case when l.nik_tgl_lahir is not null then l.kelamin end as nik_jenis_kelamin,
        case
            when l.nik_tgl_lahir is null or (l.jenis_kelamin is null and l.tahun_lahir is null) then null
            else coalesce(l.kelamin = l.jenis_kelamin, true)
                and coalesce(
                    case
                        when l.tgl_lahir_presisi = 'hari' then l.nik_tgl_lahir = l.tgl_lahir
                        when l.tgl_lahir_presisi = 'tahun' then extract(year from l.nik_tgl_lahir) = l.tahun_lahir
                        -- an age counts whole years, so the year of birth is known to the year before
                        else abs(extract(year from l.nik_tgl_lahir) - l.tahun_lahir) <= 1
                    end,
                    true
                )
        end as nik_cocok
    from lahir as l
),

kepala as (
    select source, roster_id, min(angka) as angka
    from cocok
    where kepala_roster and angka is not null
    group by source, roster_id
),

milik as (
    select
        c.record_uid,
        c.source,
        c.nama_asal,
        c.nik_mentah,
        c.nik_asal,
        c.kk,
        c.masalah_bentuk,
        c.angka,
        c.nik_tgl_lahir,
        c.nik_jenis_kelamin,
        c.nik_cocok,
        -- two rows of a roster are two persons: the number stays with the head unless it fits the member to the day
        coalesce(
            not c.kepala_roster and c.angka = coalesce(k.angka, c.nik_kepala_lapor) and not coalesce(c.nik_cocok, false),
            false
        ) as nik_kepala
    from cocok as c
    left join kepala as k on c.source = k.source and c.roster_id = k.roster_id
),

-- a spreadsheet keeps fifteen digits and writes 0 for the last: seen only where the same name has the number with another last digit
berakhir_nol as (
    select m.record_uid, left(m.angka, 15) as depan, m.nama_asal
    from milik as m
    where right(m.angka, 1) = '0' and not m.nik_kepala
),

kembaran as (
    select distinct left(m.angka, 15) as depan, m.nama_asal
    from milik as m
    inner join (select distinct depan from berakhir_nol) as z on left(m.angka, 15) = z.depan
    where right(m.angka, 1) <> '0' and not m.nik_kepala
),

akhir_nol as (
    select distinct z.record_uid
    from berakhir_nol as z
    inner join kembaran as t on z.depan = t.depan
    inner join intermediate.int_nama__baku as nz on z.nama_asal = nz.nama_asal
    inner join intermediate.int_nama__baku as nt on t.nama_asal = nt.nama_asal
    where nz.nama = nt.nama
),

-- the area is where the NIK was first issued, whenever that was; kecamatan come and go faster than the table remembers
kabupaten as (
    select distinct kode_kemendagri
    from staging.stg_referensi__wilayah
    where length(kode_kemendagri) = 4
),

nilai as (
    select
        m.record_uid,
        m.source,
        case when not m.nik_kepala then m.angka end as nik,
        m.nik_mentah,
        m.nik_asal,
        m.kk,
        case
            when m.masalah_bentuk is not null then m.masalah_bentuk
            when m.nik_kepala then 'nik_kepala'
            when w.kode_kemendagri is null or substr(m.angka, 5, 2) = '00' then 'area'
            when m.nik_tgl_lahir is null then 'tanggal'
            when right(m.angka, 4) = '0000' then 'seri'
            when z.record_uid is not null then 'akhir_nol'
        end as nik_masalah,
        m.nik_tgl_lahir,
        m.nik_jenis_kelamin,
        m.nik_cocok
    from milik as m
    left join kabupaten as w on left(m.angka, 4) = w.kode_kemendagri
    left join akhir_nol as z on m.record_uid = z.record_uid
),

baris as (
    select source, nik, count(*) as nik_baris
    from nilai
    where nik is not null
    group by source, nik
)

select
    n.record_uid,
    n.nik,
    n.nik_asal,
    n.nik_masalah,
    n.nik is not null and n.nik <> n.nik_mentah as nik_diperbaiki,
    left(n.nik, 6) as nik_area6,
    left(n.nik, 4) as nik_kabupaten,
    case when n.nik is not null then n.nik_tgl_lahir end as nik_tgl_lahir,
    case when n.nik is not null then n.nik_jenis_kelamin end as nik_jenis_kelamin,
    case when n.nik is not null then n.nik_cocok end as nik_cocok,
    b.nik_baris,
    n.kk
from nilai as n
left join baris as b on n.source = b.source and n.nik = b.nik
