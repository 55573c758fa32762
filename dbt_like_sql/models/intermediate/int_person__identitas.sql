-- One row a person row: what its NIK says and what is wrong with it, its card, its year of birth. Narrow, so that what has to look at
-- other rows (the head's NIK, the same NIK elsewhere) stays cheap. A NIK that is unreadable or somebody else's becomes NULL; one that
-- only looks unlikely (area, date, serial) is kept and flagged, because it still finds the same unlikely NIK in another source.
-- A date of birth that its source gives far too often is unknown unless the row's own NIK names it.
with orang as (
    select
        concat('dtks:', a.idartbdt) as record_uid,
        'dtks' as source,
        a.idbdt as roster_id,
        a.hub_krt = 1 as kepala,
        -- the household's card is the head's family's: it says nothing about another family under the roof
        coalesce(a.nuk, 1) = k.nuk_kepala as kartu_roster,
        a.nik as nik_mentah,
        a.nokk as kk_mentah,
        a.nama as nama_asal,
        case a.jnskel when 1 then 'L' when 2 then 'P' end as jenis_kelamin,
        a.tgllahir as tgl_lahir,
        a.tgllahir_presisi as tgl_lahir_presisi,
        cast(null as integer) as umur
    from staging.stg_dtks__anggota as a
    inner join intermediate.int_dtks__kepala as k on a.idbdt = k.idbdt
    union all
    select
        concat('regsosek:', a.id_anggota) as record_uid,
        'regsosek' as source,
        a.id_keluarga as roster_id,
        a.kd_hubungan_keluarga = 1 as kepala,
        true as kartu_roster,
        a.nik as nik_mentah,
        cast(null as varchar) as kk_mentah,
        a.nama as nama_asal,
        case a.kd_jenis_kelamin when 1 then 'L' when 2 then 'P' end as jenis_kelamin,
        a.tgl_lahir,
        a.tgl_lahir_presisi,
        a.umur
    from staging.stg_regsosek__anggota as a
    union all
    select
        concat('p3ke:', a.id_individu) as record_uid,
        'p3ke' as source,
        a.id_keluarga as roster_id,
        a.hub_dgn_kpl_keluarga = 'Kepala Keluarga' as kepala,
        true as kartu_roster,
        a.nik as nik_mentah,
        cast(null as varchar) as kk_mentah,
        a.nama as nama_asal,
        case a.jenis_kelamin when 'Laki-laki' then 'L' when 'Perempuan' then 'P' end as jenis_kelamin,
        a.tanggal_lahir as tgl_lahir,
        a.tanggal_lahir_presisi as tgl_lahir_presisi,
        cast(null as integer) as umur
    from staging.stg_p3ke__individu as a
),

terpercaya as (
    select
        a.record_uid,
        a.source,
        a.roster_id,
        a.kepala,
        a.kartu_roster,
        a.nik_mentah,
        a.kk_mentah,
        a.nama_asal,
        a.jenis_kelamin,
        case
            when h.tanggal is null or nik_menyebut_hari(nik_angka(nik_rapi(a.nik_mentah)), a.tgl_lahir) then a.tgl_lahir
        end as tgl_lahir,
        case
            when h.tanggal is null or nik_menyebut_hari(nik_angka(nik_rapi(a.nik_mentah)), a.tgl_lahir) then a.tgl_lahir_presisi
        end as tgl_lahir_presisi,
        a.umur
    from orang as a
    left join intermediate.int_hari_semu as h
        on a.source = h.source and a.tgl_lahir = h.tanggal and a.tgl_lahir_presisi = 'hari'
),

rapi as (
    select
        p.record_uid,
        p.source,
        p.roster_id,
        coalesce(p.kepala, false) as kepala,
        p.nama_asal,
        p.jenis_kelamin,
        p.tgl_lahir,
        p.tgl_lahir_presisi,
        cast(
            coalesce(
                extract(year from p.tgl_lahir), extract(year from coalesce(o.tanggal_amatan, d.tanggal_kirim)) - p.umur
            ) as integer
        ) as tahun_lahir,
        p.nik_mentah,
        nik_rapi(p.nik_mentah) as nik_asal,
        nik_rapi(p.kk_mentah) as kk_rapi,
        case when p.kartu_roster then o.kk end as kk_roster,
        o.nik_kepala as nik_kepala_lapor
    from terpercaya as p
    inner join intermediate.int_kiriman as d on p.source = d.source
    left join intermediate.int_roster as o on p.source = o.source and p.roster_id = o.roster_id
),

bentuk as (
    select
        record_uid,
        source,
        roster_id,
        kepala,
        nama_asal,
        jenis_kelamin,
        tgl_lahir,
        tgl_lahir_presisi,
        tahun_lahir,
        nik_mentah,
        nik_asal,
        nik_kepala_lapor,
        coalesce(nik_bukan_semu(nik_angka(kk_rapi)), kk_roster) as kk,
        nik_angka(nik_asal) as angka
    from rapi
),

urai as (
    select
        b.record_uid,
        b.source,
        b.roster_id,
        b.kepala,
        b.nama_asal,
        b.jenis_kelamin,
        b.tgl_lahir,
        b.tgl_lahir_presisi,
        b.tahun_lahir,
        b.nik_mentah,
        b.nik_asal,
        b.nik_kepala_lapor,
        b.kk,
        b.angka,
        case
            when b.nik_asal is null then 'kosong'
            when b.angka is null
                then case
                    when regexp_matches(b.nik_asal, '^[0-9].*E[+]?[0-9]+$') then 'ilmiah'
                    when nik_semu(b.nik_asal) then 'placeholder'
                    when regexp_matches(b.nik_asal, '[A-Z]') then 'bukan_angka'
                    else 'panjang'
                end
            when nik_semu(b.angka) then 'placeholder'
            when b.angka = b.kk then 'sama_dengan_kk'
        end as masalah,
        cast(substr(b.angka, 11, 2) as integer) as tahun_dua_angka,
        cast(substr(b.angka, 9, 2) as integer) * 100 + nik_hari(b.angka) as bulan_hari,
        extract(year from r.bulan) * 10000 + extract(month from r.bulan) * 100 + 31 as batas_muda
    from bentuk as b
    cross join raw.run as r
),

-- the year has two digits: a person is neither unborn nor older than 110, and otherwise born near the year that is reported
abad as (
    select
        record_uid,
        source,
        roster_id,
        kepala,
        nama_asal,
        jenis_kelamin,
        tgl_lahir,
        tgl_lahir_presisi,
        tahun_lahir,
        nik_mentah,
        nik_asal,
        nik_kepala_lapor,
        kk,
        masalah,
        case when masalah is null then angka end as angka,
        bulan_hari,
        tahun_dua_angka + case
            when (2000 + tahun_dua_angka) * 10000 + bulan_hari > batas_muda then 1900
            when (1900 + tahun_dua_angka) * 10000 + bulan_hari < batas_muda - 1100000 then 2000
            when abs(1900 + tahun_dua_angka - tahun_lahir) < abs(2000 + tahun_dua_angka - tahun_lahir) then 1900
            else 2000
        end as nik_tahun,
        case when substr(angka, 7, 2) > '40' then 'P' else 'L' end as nik_kelamin
    from urai
),

lahir as (
    select
        record_uid,
        source,
        roster_id,
        kepala,
        nama_asal,
        jenis_kelamin,
        tgl_lahir,
        tgl_lahir_presisi,
        tahun_lahir,
        nik_mentah,
        nik_asal,
        nik_kepala_lapor,
        kk,
        masalah,
        angka,
        nik_kelamin,
        case
            when angka is not null
                then try_cast(concat(nik_tahun, '-', bulan_hari // 100, '-', bulan_hari % 100) as date)
        end as nik_tgl_lahir
    from abad
),

cocok as (
    select
        record_uid,
        source,
        roster_id,
        kepala,
        nama_asal,
        tgl_lahir,
        tgl_lahir_presisi,
        tahun_lahir,
        nik_mentah,
        nik_asal,
        nik_kepala_lapor,
        kk,
        masalah,
        angka,
        nik_tgl_lahir,
        case when nik_tgl_lahir is not null then nik_kelamin end as nik_jenis_kelamin,
        case
            when nik_tgl_lahir is null or (jenis_kelamin is null and tahun_lahir is null) then null
            else coalesce(nik_kelamin = jenis_kelamin, true)
                and coalesce(
                    case
                        when tgl_lahir_presisi = 'hari' then nik_tgl_lahir = tgl_lahir
                        when tgl_lahir_presisi = 'tahun' then extract(year from nik_tgl_lahir) = tahun_lahir
                        -- an age counts whole years: the year of birth may be the one before
                        else abs(extract(year from nik_tgl_lahir) - tahun_lahir) <= 1
                    end,
                    true
                )
        end as nik_cocok
    from lahir
),

kepala as (
    select source, roster_id, min(angka) as angka
    from cocok
    where kepala and angka is not null
    group by source, roster_id
),

milik as (
    select
        c.record_uid,
        c.source,
        c.roster_id,
        c.nama_asal,
        c.tgl_lahir,
        c.tgl_lahir_presisi,
        c.tahun_lahir,
        c.nik_mentah,
        c.nik_asal,
        c.kk,
        c.masalah,
        c.angka,
        c.nik_tgl_lahir,
        c.nik_jenis_kelamin,
        c.nik_cocok,
        -- two rows of a roster are two persons: the number stays with the head unless it fits the member to the day
        coalesce(
            not c.kepala
            and c.angka = coalesce(k.angka, c.nik_kepala_lapor)
            and (c.tahun_lahir is null or not coalesce(c.nik_cocok, false)),
            false
        ) as nik_kepala
    from cocok as c
    left join kepala as k on c.source = k.source and c.roster_id = k.roster_id
),

-- a spreadsheet keeps fifteen digits and writes 0 for the last: seen only where the same name has the number with another last digit
berakhir_nol as (
    select record_uid, left(angka, 15) as depan, nama_asal
    from milik
    where right(angka, 1) = '0' and not nik_kepala
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

baris as (
    select source, angka, count(*) as nik_baris
    from milik
    where angka is not null and not nik_kepala
    group by source, angka
),

-- a number that a source has in five homes under four names was typed to get past the form, however well it is made
bersama as (
    select m.source, m.angka
    from milik as m
    inner join baris as b on m.source = b.source and m.angka = b.angka
    where b.nik_baris >= 5 and not m.nik_kepala
    group by m.source, m.angka
    having count(distinct m.roster_id) >= 5 and count(distinct m.nama_asal) >= 4
)

select
    m.record_uid,
    m.tgl_lahir,
    m.tgl_lahir_presisi,
    m.tahun_lahir,
    m.kk,
    case when not m.nik_kepala and r.angka is null then m.angka end as nik,
    m.nik_asal,
    case
        when m.masalah is not null then m.masalah
        when m.nik_kepala then 'nik_kepala'
        when r.angka is not null then 'dipakai_banyak'
        when w.kode_kemendagri is null or substr(m.angka, 5, 2) = '00' then 'area'
        when m.nik_tgl_lahir is null then 'tanggal'
        when right(m.angka, 4) = '0000' then 'seri'
        when z.record_uid is not null then 'akhir_nol'
    end as nik_masalah,
    coalesce(m.angka <> m.nik_mentah and not m.nik_kepala and r.angka is null, false) as nik_diperbaiki,
    case when not m.nik_kepala and r.angka is null then m.nik_tgl_lahir end as nik_tgl_lahir,
    case when not m.nik_kepala and r.angka is null then m.nik_jenis_kelamin end as nik_jenis_kelamin,
    case when not m.nik_kepala and r.angka is null then m.nik_cocok end as nik_cocok,
    case when not m.nik_kepala then b.nik_baris end as nik_baris
from milik as m
left join kabupaten as w on left(m.angka, 4) = w.kode_kemendagri
left join akhir_nol as z on m.record_uid = z.record_uid
left join baris as b on m.source = b.source and m.angka = b.angka
left join bersama as r on m.source = r.source and m.angka = r.angka
