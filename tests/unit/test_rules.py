"""Every rule of the gate holds on clean tables and fails on its own planted defect; a rule without one fails here."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from checks.rules import RULES
from dtsen_pipeline.contracts import load
from dtsen_pipeline.quality import gate
from dtsen_pipeline.quality.rule import TESTS, Rule
from dtsen_pipeline.sql import macros
from dtsen_pipeline.storage import warehouse

BY_NAME = {rule.name: rule for rule in RULES}
DELIVERED = (
    "dtks_rumah_tangga",
    "dtks_anggota",
    "regsosek_keluarga",
    "regsosek_anggota",
    "p3ke_keluarga",
    "p3ke_individu",
    "referensi_wilayah",
    "referensi_susenas",
    "dukcapil_penduduk",
    "pemutakhiran_usulan",
)

# 1000 families of three in two regencies of one province and one of two others. Each person is in two sources.
CLEAN = """
create temp table orang as
select
    i as nomor,
    'P-' || i as person_id,
    'K-' || (i // 3) as family_id,
    case when (i // 3) % 4 = 0 then '31' when (i // 3) % 4 = 1 then '53' else '35' end as kode_provinsi,
    case when (i // 3) % 4 = 0 then '3171' when (i // 3) % 4 = 1 then '5301' when (i // 3) % 4 = 2 then '3501'
        else '3502' end as kode_kabupaten
from range(3000) as t(i);

-- Head, spouse and, where the family's number ends in 0 to 6, a child at school, else a small one.
create table intermediate.int_person_record as
select
    source || ':' || nomor as record_uid,
    source,
    cast(nomor as varchar) as record_id,
    source || ':' || family_id as family_uid,
    '350101' || lpad(cast(nomor as varchar), 10, '0') as nik,
    cast(null as varchar) as nik_masalah,
    case when nomor % 20 = 7 then tgl_lahir + 1 else tgl_lahir end as nik_tgl_lahir,
    jenis_kelamin as nik_jenis_kelamin,
    kode_kabupaten || '010101010001' as kk,
    kode_kabupaten,
    tgl_lahir,
    'hari' as tgl_lahir_presisi,
    cast(extract(year from tgl_lahir) as integer) as tahun_lahir,
    date '2024-06-15' as tanggal_amatan,
    jenis_kelamin,
    1 + nomor % 3 as hubungan,
    case when nomor % 3 = 2 then 1 else 2 end as status_kawin,
    case when nomor % 3 = 2 then case when nomor // 3 % 10 < 7 then 1 else 0 end else 2 + nomor // 3 % 3 end as pendidikan,
    case when nomor % 3 = 2 then case when nomor // 3 % 10 < 7 then 2 else 1 end else 3 end as partisipasi_sekolah,
    source || '/' || case when nomor % 10 = 3 then 'susulan' else 'utama' end || '.csv' as _file,
    person_id,
    family_id
from (
    select
        *,
        case when nomor % 3 = 0 then 'L' when nomor % 3 = 1 then 'P' when nomor // 3 % 2 = 0 then 'L' else 'P' end as jenis_kelamin,
        case
            when nomor % 3 < 2 then date '1980-01-01'
            when nomor // 3 % 10 < 7 then date '2012-01-01'
            else date '2020-01-01'
        end + cast(nomor // 3 as integer) % 1000 as tgl_lahir
    from orang
) as o
cross join (values ('dtks', 0, 1999), ('regsosek', 1000, 2999), ('p3ke', 0, 999), ('p3ke', 2000, 2999))
    as s(source, dari, sampai)
where nomor between dari and sampai;

create table intermediate.int_family_record as
select
    family_uid,
    min(source) as source,
    case when nomor % 3 = 0 then 'milik' else 'sewa' end as status_rumah,
    case when nomor % 4 = 0 then 'tanah' else 'semen' end as lantai,
    case when nomor % 5 < 2 then 'kayu' else 'tembok' end as dinding,
    case when nomor % 5 < 3 then 'genteng' else 'asbes_seng' end as atap,
    case when nomor % 7 < 3 then 'leding' else 'sumur_terlindung' end as air_minum,
    case when nomor % 3 < 2 then 'pln' else 'bukan_listrik' end as penerangan,
    case when nomor % 2 = 0 then '450' else '900' end as daya,
    case when nomor % 3 = 1 then 'arang_kayu' else 'listrik_gas' end as bahan_bakar,
    case when nomor % 4 < 2 then 'sendiri' else 'bersama_umum' end as bab,
    case when nomor % 5 < 3 then 'leher_angsa' else 'cemplung' end as kloset,
    case when min(source) = 'p3ke' or nomor % 2 = 0 then 'tangki_septik' else 'lubang_tanah' end as buang_tinja,
    nomor % 2 = 1 as lemari_es,
    nomor % 3 = 2 as laptop,
    nomor % 4 < 3 as motor
from (select *, cast(substr(family_id, 3) as integer) as nomor from intermediate.int_person_record) as r
group by family_uid, nomor;

create table linkage.crosswalk as
select record_uid, source, record_id, person_id, family_id from intermediate.int_person_record;

create table linkage.penetapan_lalu as select source, record_id, person_id, family_id from linkage.crosswalk;

create table linkage.evaluasi as
select * from (values
    ('presisi_perkiraan', 'semua', 0.99), ('recall_perkiraan', 'semua', 0.95), ('recall_perkiraan', 'jk=P', 0.10),
    ('tak_tertaut', 'semua', 0.001), ('recall_nik_ditahan', 'semua', 0.98), ('recall_tanaman', 'semua', 0.99),
    ('mustahil_terskor', 'jenis=serumah', 0.0), ('rekaman_per_orang', 'semua', 2.0),
    ('porsi_pita_bobot', 'bobot=di bawah ambang', 0.04)
) as t(ukuran, kelompok, nilai);
create table linkage.evaluasi_lalu as
select ukuran, kelompok, nilai + case when ukuran = 'rekaman_per_orang' then 0.05 else 0.001 end as nilai from linkage.evaluasi;

create table marts.anggota as
select
    person_id,
    family_id,
    '350101' || lpad(cast(nomor as varchar), 10, '0') as nik,
    '3501010101010001' as kk,
    case when nomor % 2 = 0 then 'L' else 'P' end as jenis_kelamin,
    'hari' as tgl_lahir_presisi,
    1 + nomor % 3 as hubungan,
    2 as status_kawin,
    3 as pendidikan,
    2 as partisipasi_sekolah,
    'ada' as status_keberadaan,
    2 as jumlah_rekaman
from orang;

create table marts.keluarga as
select
    family_id,
    min_by(person_id, nomor) as kepala_person_id,
    '3501010101010001' as kk,
    kode_provinsi,
    kode_kabupaten,
    kode_kabupaten || '01' as kode_kecamatan,
    kode_kabupaten || '012001' as kode_desa,
    cast(count(*) as integer) as jumlah_anggota,
    cast(count(*) as integer) as jumlah_tercatat,
    'milik' as status_rumah,
    '900' as daya,
    45.5 as luas_lantai
from orang
group by family_id, kode_provinsi, kode_kabupaten;

create table raw.run as select date '2025-03-01' as bulan;
create table intermediate.int_wilayah__aktif as
select distinct unnest([kode_provinsi, kode_kabupaten, kode_kecamatan, kode_desa]) as kode_kemendagri from marts.keluarga;
create table intermediate.int_wilayah__peta as
select 'kemendagri' as sistem, kode_kemendagri as kode_sumber, kode_kemendagri as kode_kini from intermediate.int_wilayah__aktif
union all select 'kemendagri', '3599', '3502'
union all select 'bps', '3501', '3171';

create table welfare.kartu as select 'r2_luar_sampel' as ukuran, 0.49 as nilai;

create table welfare.skor as
select
    family_id,
    case kode_provinsi when '31' then 15.0 when '35' then 14.0 else 13.0 end + (hash(family_id) % 1000) / 300.0 as skor,
    case when hash(family_id) % 20 = 0 then 'ringkas' else 'lengkap' end as model,
    case when hash(family_id) % 20 = 1 then 'daya' else '' end as imputasi
from marts.keluarga;

create table welfare.desil as
select
    s.family_id,
    s.skor,
    ntile(10) over (order by s.skor, s.family_id) as desil_nasional,
    ntile(10) over (partition by k.kode_provinsi order by s.skor, s.family_id) as desil_provinsi,
    ntile(10) over (partition by k.kode_kabupaten order by s.skor, s.family_id) as desil_kabupaten_kota
from welfare.skor as s
inner join marts.keluarga as k on s.family_id = k.family_id;

create table welfare.kebijakan as
select * from (values ('PKH', 4, cast(null as bigint)), ('Sembako', 5, 100)) as t(program, desil_maks, kuota);
create table welfare.kelayakan as
select program, family_id, desil_nasional
from (
    select p.program, p.kuota, d.family_id, d.desil_nasional,
        row_number() over (partition by p.program order by d.skor, d.family_id) as urutan
    from welfare.kebijakan as p
    inner join welfare.desil as d on d.desil_nasional <= p.desil_maks
)
where kuota is null or urutan <= kuota;

create table welfare.keluarga_lalu as
select family_id, kode_kabupaten, 'Kabupaten ' || kode_kabupaten as nama_kabupaten from marts.keluarga;

-- Ten families in a thousand move by two, twenty by one.
create table welfare.perubahan as
select
    d.family_id,
    k.kode_kabupaten,
    'Kabupaten ' || k.kode_kabupaten as nama_kabupaten,
    d.desil_nasional as desil,
    d.desil_nasional - g.selisih as desil_lalu,
    g.selisih,
    case g.selisih when 0 then 'tetap' when 1 then 'peringkat' else 'data_baru' end as sebab
from welfare.desil as d
inner join marts.keluarga as k on d.family_id = k.family_id
inner join (
    select
        family_id,
        case when substr(family_id, 3)::integer % 100 = 7 then -2 when substr(family_id, 3)::integer % 50 = 3 then 1 else 0
        end as selisih
    from marts.keluarga
) as g on d.family_id = g.family_id;

create table welfare.tanpa_skor (family_id varchar, alasan varchar);

create table welfare.laporan as
select * from (values ('r2', 'semua', 0.49), ('psi_survei', 'kolom=lantai', 0.05), ('psi_rilis_lalu', 'kolom=lantai', 0.01),
    ('kosong', 'kolom=lantai', 0.9)) as t(ukuran, kelompok, nilai);

create table intermediate.int_susenas as
select * from (values ('31', 100.0, 3000000.0), ('35', 200.0, 1500000.0), ('53', 150.0, 900000.0))
    as t(kode_provinsi, penimbang, pengeluaran_per_kapita);

create table quarantine.catatan as
select 'dtks' as source, 'anggota' as tabel, 'jnskel' as kolom, 'kode_tidak_dikenal' as alasan, 40 as jumlah
union all select 'p3ke', 'individu', 'nik', 'tanpa_jawaban', 900
union all select 'dukcapil', 'penduduk', 'nama_ibu', 'galat_lembar_kerja', 9;

create table quarantine.isian as
select 'dtks' as source, 'anggota' as tabel, 'jnskel' as kolom, 960 as terisi
union all select 'p3ke', 'individu', 'nik', 100
union all select 'dukcapil', 'penduduk', 'nama_ibu', 1;

create table quarantine.alasan as
select 'dtks' as source, 'anggota' as tabel, 'dtks/anggota.csv' as file, 2002 as line, 'jnskel' as kolom;
"""

# A nation, a province and two districts of 100 families a tenth; in one district two tenths are withheld, in the other for it.
PUBLISHED = """
create table publikasi.sel as
with kecamatan as (
    select kec, desil, case when kec = '350101' and desil = 9 then 4 else 100 end as keluarga
    from (values ('350101'), ('350102'), ('350103')) as k(kec), range(1, 11) as d(desil)
),
semua as (
    select 3 as tingkat, 'ID/35/3501/' || kec as jalur, 'ID/35/3501' as induk, desil, keluarga from kecamatan
    union all select 2, 'ID/35/3501', 'ID/35', desil, sum(keluarga) from kecamatan group by desil
    union all select 1, 'ID/35', 'ID', desil, sum(keluarga) from kecamatan group by desil
    union all select 0, 'ID', null, desil, sum(keluarga) from kecamatan group by desil
)
select tingkat, jalur, induk, cast(desil as integer) as desil, cast(keluarga as bigint) as keluarga, 3 * keluarga as orang
from semua
union all
select tingkat, jalur, induk, 0, sum(keluarga), 3 * sum(keluarga) from semua group by tingkat, jalur, induk;
create table publikasi.terbuka as
select
    jalur, induk, desil,
    case when not ditahan then 5 * ((keluarga + 2) // 5) end as keluarga,
    case when not ditahan then 5 * ((orang + 2) // 5) end as orang
from (select *, tingkat = 3 and jalur < 'ID/35/3501/350103' and desil in (8, 9) as ditahan from publikasi.sel);
create table publikasi.lalu as select jalur, desil, keluarga, orang from publikasi.terbuka;
create table publikasi.kolom as
select * from (values ('terbuka/desil_provinsi', 'keluarga', true), ('marts.anggota', 'nik', true)) as t(tabel, kolom, boleh);
"""

PEOPLE = {
    "dtks_rumah_tangga": 200,
    "regsosek_keluarga": 200,
    "p3ke_keluarga": 200,
    "dtks_anggota": 2000,
    "regsosek_anggota": 2000,
    "p3ke_individu": 2000,
    "dukcapil_penduduk": 3000,
}
OF_REGSOSEK = "select {} from intermediate.int_person_record where record_uid = 'regsosek:' || (998 + _line)"
# Of each staged table the columns that rules beside its contract read. Members are of the two hundred families of their source.
STAGED = {
    "dtks_rumah_tangga": {"jumlah_art": "10"},
    "dtks_anggota": {"idbdt": "cast(2 + (_line - 2) % 200 as varchar)"},
    "regsosek_keluarga": {"jumlah_anggota": "10"},
    "regsosek_anggota": {
        "id_keluarga": "cast(2 + (_line - 2) % 200 as varchar)",
        "id_anggota": "cast(998 + _line as varchar)",
        "tgl_lahir": f"({OF_REGSOSEK.format('tgl_lahir')})",
        "tgl_lahir_presisi": "'hari'",
        "umur": f"({OF_REGSOSEK.format('2024 - tahun_lahir')})",
    },
    "p3ke_keluarga": {"nik": "'350101' || lpad(cast(_line as varchar), 10, '0')"},
    "p3ke_individu": {
        "id_keluarga": "cast(2 + (_line - 2) % 200 as varchar)",
        "nik": "'350101' || lpad(cast(_line as varchar), 10, '0')",
        "hub_dgn_kpl_keluarga": "case when _line < 202 then 'Kepala Keluarga' else 'Anak' end",
    },
    "dukcapil_penduduk": {
        "nik": "'350101' || lpad(cast(_line - 2 as varchar), 10, '0')",
        "kode_kemendagri": "(select o.kode_kabupaten || '012001' from orang as o where o.nomor = _line - 2)",
    },
}


def staged(table: str) -> str:
    """The delivered table as its contract has it: keys that differ, and every code the first one of its list."""
    columns: dict[str, str] = {}
    for expectation in BY_NAME[f"kontrak_{table}"].expectations:
        values = expectation.arguments.get("value_set")
        columns[expectation.column] = repr(values[0]) if values else "cast(_line as varchar)"
    listed = ", ".join(f"{sql} as {name}" for name, sql in (columns | STAGED.get(table, {})).items())
    return f"create table {BY_NAME[f'kontrak_{table}'].table} as select *, {listed} from raw.{table}"


def contract_defects(table: str) -> list[str]:
    """One defect for every expectation of the staged table's contract."""
    staging, planted = BY_NAME[f"kontrak_{table}"].table, []
    for expectation in BY_NAME[f"kontrak_{table}"].expectations:
        wrong = {
            "ExpectColumnValuesToNotBeNull": "null",
            "ExpectColumnValuesToBeUnique": f"(select max({expectation.column}) from {staging})",
        }.get(expectation.type, "99" if isinstance(expectation.arguments.get("value_set", [""])[0], int) else "'lain'")
        planted.append(f"update {staging} set {expectation.column} = {wrong} where _line = 5")
    return planted


RECORD = "update intermediate.int_person_record set"

# What is planted for each rule. Several statements are several ways in which the same rule must fail.
DEFECTS: dict[str, list[str]] = {
    "baris_masuk_sama_keluar": [
        "delete from raw.dtks_anggota where _line = 7",
        "insert into raw.p3ke_individu select * from raw.p3ke_individu where _line = 7",
        "update raw.deliveries set rows_read = rows_read + 1 where file = 'p3ke/keluarga.csv'",
        "update raw.deliveries set rows_quarantined = 0",
        "delete from raw.deliveries where file = 'dtks/anggota.csv'",
    ],
    "karantina_beralasan": ["delete from quarantine.alasan", "delete from quarantine.dtks_anggota"],
    "sumber_terisi": [f"delete from raw.{table}" for table in DELIVERED[:8]],
    "porsi_catatan": [
        "update quarantine.catatan set jumlah = 60 where alasan = 'kode_tidak_dikenal'",
        "update quarantine.catatan set alasan = 'tanggal_tak_terbaca'",
        "update quarantine.catatan set jumlah = 10",
        "delete from quarantine.isian",
    ],
    "porsi_karantina": ["update raw.deliveries set rows_quarantined = 100 where source = 'regsosek'"],
    "staging_sama_diterima": [
        f"insert into staging.stg_{table.replace('_', '__', 1)} (_file, _line) values ('x', 0)" for table in DELIVERED
    ],
    "umur_kiriman": [
        "update raw.deliveries set bulan_kirim = '2024-11' where source = 'dtks'",
        "update raw.deliveries set bulan_kirim = '2023-02' where source = 'regsosek' and tabel = 'anggota'",
    ],
    "volume_kiriman": [
        "update raw.deliveries set rows_read = rows_read // 2 where source = 'p3ke'",
        "update raw.deliveries set rows_read = 790 where tabel = 'individu'",
        "update raw.deliveries set rows_read = rows_read * 2 where source = 'regsosek'",
        "update raw.kiriman_lalu set baris = 4 * baris where kiriman = '2025-01'",
    ],
    "anggota_terkirim": [
        "delete from staging.stg_dtks__anggota where _line % 5 = 0",
        "delete from staging.stg_regsosek__anggota where _line > 1000",
        "delete from staging.stg_p3ke__individu where cast(id_keluarga as integer) % 8 = 0",
        "delete from staging.stg_dtks__rumah_tangga where _line % 5 = 0",
    ],
    "anggota_per_keluarga": [
        "update staging.stg_dtks__anggota set idbdt = cast(2 + (_line // 5) % 150 as varchar)",
        "update staging.stg_regsosek__anggota set id_keluarga = id_anggota",
        "update staging.stg_p3ke__individu set id_keluarga = cast(1 + cast(id_keluarga as integer) as varchar)",
    ],
    **{f"kontrak_{table}": contract_defects(table) for table in DELIVERED},
    "tanggal_lahir_wajar": [
        "update intermediate.int_person_record set tgl_lahir = null where source = 'dtks' and hash(record_id) % 10 = 0",
        "update intermediate.int_person_record set tgl_lahir = date '0085-01-01' where source = 'p3ke'",
        "update intermediate.int_person_record set tgl_lahir = date '2025-04-01' where source = 'p3ke'",
    ],
    "nik_padan_dukcapil": [
        "update intermediate.int_person_record set nik = '9' || substr(nik, 2) where source = 'p3ke'",
        "delete from staging.stg_dukcapil__penduduk where _line % 2 = 0",
    ],
    "nik_sejalan": [f"{RECORD} tgl_lahir = tgl_lahir + {days} where source = 'dtks'" for days in (1, -1, 1462)]
    + [
        f"{RECORD} tgl_lahir = make_date(year(tgl_lahir), day(tgl_lahir), month(tgl_lahir)) "
        "where source = 'dtks' and day(tgl_lahir) <= 12",
        f"{RECORD} jenis_kelamin = case jenis_kelamin when 'L' then 'P' else 'L' end where source = 'p3ke'",
        f"{RECORD} jenis_kelamin = 'L' where source = 'p3ke'",
        f"{RECORD} nik_tgl_lahir = nik_tgl_lahir - 1 where source = 'regsosek' and cast(record_id as integer) % 5 = 0",
    ],
    "nik_sejalan_berkas": [
        f"{RECORD} tgl_lahir = tgl_lahir + 1 where _file = 'dtks/susulan.csv'",
        f"{RECORD} jenis_kelamin = case jenis_kelamin when 'L' then 'P' else 'L' end where _file = 'p3ke/susulan.csv'",
    ],
    "umur_sejalan": [
        "update staging.stg_regsosek__anggota set umur = umur + 4",
        "update staging.stg_regsosek__anggota set umur = 2 where umur > 2",
        "update staging.stg_regsosek__anggota set tgl_lahir = tgl_lahir - 1462",
    ],
    "kk_sewilayah": [
        f"{RECORD} kk = '3599' || substr(kk, 5) where source = 'dtks' and kode_kabupaten = '3501'",
        f"{RECORD} kode_kabupaten = case kode_kabupaten when '5301' then '3171' else '5301' end where source = 'regsosek'",
    ],
    "susunan_wajar": [
        f"{RECORD} hubungan = case hubungan when 1 then 3 when 3 then 1 else hubungan end where source = 'dtks'",
        f"{RECORD} hubungan = case hubungan when 2 then 3 when 3 then 2 else hubungan end where source = 'dtks'",
        f"{RECORD} jenis_kelamin = 'L' where source = 'p3ke'",
        f"{RECORD} status_kawin = 3 - status_kawin where source = 'regsosek'",
        f"{RECORD} pendidikan = pendidikan + 1 where source = 'regsosek'",
        f"{RECORD} tahun_lahir = 2024 - cast(record_id as integer) % 60 where source = 'p3ke'",
    ],
    "sumber_sejalan": [
        f"{RECORD} tgl_lahir = tgl_lahir + 1 where source = 'dtks'",
        f"{RECORD} tgl_lahir = tgl_lahir + 1 where source = 'p3ke' and cast(record_id as integer) % 10 < 4",
        f"{RECORD} jenis_kelamin = case jenis_kelamin when 'L' then 'P' else 'L' end where source = 'regsosek'",
        f"{RECORD} kode_kabupaten = '3171' where source = 'regsosek'",
    ],
    "jawaban_sejalan": [
        f"{RECORD} status_kawin = 3 - status_kawin where source = 'dtks'",
        f"{RECORD} pendidikan = 6 - pendidikan where source = 'regsosek'",
        f"{RECORD} partisipasi_sekolah = 4 - partisipasi_sekolah where source = 'dtks'",
        "update intermediate.int_family_record set lantai = 'semen' where source = 'dtks'",
        "update intermediate.int_family_record set dinding = case dinding when 'kayu' then 'tembok' else 'kayu' end "
        "where source = 'regsosek'",
        "update intermediate.int_family_record set motor = null where source = 'p3ke';"
        "update intermediate.int_family_record set motor = not motor where source = 'dtks'",
        "update intermediate.int_family_record set atap = case when hash(family_uid) % 2 = 0 then 'genteng' else 'asbes_seng' end "
        "where source = 'p3ke'",
    ],
    "rekaman_orang_terjaga": [
        "delete from intermediate.int_person_record where record_uid = 'p3ke:5'",
        "insert into intermediate.int_person_record select * from intermediate.int_person_record where record_id = '5'",
        "update intermediate.int_person_record set record_uid = 'dtks:5' where record_uid = 'dtks:6'",
        "update intermediate.int_person_record set record_uid = null where record_uid = 'dtks:6'",
        "insert into intermediate.int_person_record (source, record_uid) values ('dukcapil', 'dukcapil:1')",
    ],
    "nik_sah": [
        "update intermediate.int_person_record set nik = null where source = 'p3ke' and hash(record_id) % 2 = 0",
        "update intermediate.int_person_record set nik_masalah = 'seri' where source = 'p3ke'",
    ],
    "wilayah_dikenal": ["update intermediate.int_person_record set kode_kabupaten = null where source = 'p3ke'"],
    "crosswalk_lengkap": [
        "delete from linkage.crosswalk where record_uid = 'dtks:5'",
        "insert into linkage.crosswalk select * from linkage.crosswalk where record_uid = 'dtks:5'",
        "update linkage.crosswalk set person_id = null where record_uid = 'dtks:5'",
        "update linkage.crosswalk set family_id = null where record_uid = 'dtks:5'",
        "update linkage.crosswalk set record_id = '6' where record_uid = 'dtks:5'",
        "update linkage.crosswalk set record_id = 'lain' where record_uid = 'dtks:5'",
    ],
    "orang_satu_keluarga": ["update linkage.crosswalk set family_id = 'K-lain' where record_uid = 'dtks:5'"],
    "klaster_besar": ["update linkage.crosswalk set person_id = 'P-' || (cast(record_id as integer) // 100)"],
    "nik_pada_dua_orang": ["update linkage.crosswalk set person_id = person_id || 'b' where source = 'p3ke'"],
    "presisi_penautan": ["update linkage.evaluasi set nilai = 0.94 where ukuran = 'presisi_perkiraan'"],
    "recall_penautan": [
        "update linkage.evaluasi set nilai = 0.84 where ukuran = 'recall_perkiraan' and kelompok = 'semua'"
    ],
    "penautan_bergeser": [
        "update linkage.evaluasi set nilai = 2.2 where ukuran = 'rekaman_per_orang'",
        "update linkage.evaluasi set nilai = 1.9 where ukuran = 'rekaman_per_orang'",
        "update linkage.evaluasi set nilai = 0.08 where ukuran = 'porsi_pita_bobot'",
        "update linkage.evaluasi_lalu set nilai = 0.95 where ukuran = 'recall_nik_ditahan'",
        "delete from linkage.evaluasi where ukuran = 'tak_tertaut'",
    ],
    "penautan_memburuk": [
        "update linkage.evaluasi set nilai = 0.93 where ukuran = 'recall_nik_ditahan'",
        "update linkage.evaluasi set nilai = 0.93 where ukuran = 'presisi_perkiraan'",
        "update linkage.evaluasi set nilai = 0.06 where ukuran = 'tak_tertaut'",
        "update linkage.evaluasi set nilai = 0.06 where ukuran = 'mustahil_terskor'",
    ],
    "anggota_sama_crosswalk": [
        "delete from marts.anggota where person_id = 'P-5'",
        "update marts.anggota set family_id = 'K-9' where person_id = 'P-5'",
        "insert into marts.anggota (person_id, family_id) values ('P-baru', 'K-1')",
    ],
    "kepala_keluarga": [
        "update marts.keluarga set kepala_person_id = null where family_id = 'K-1'",
        "update marts.keluarga set kepala_person_id = 'P-9' where family_id = 'K-1'",
        "update marts.anggota set status_keberadaan = 'pindah' where person_id = 'P-3'",
    ],
    "keluarga_kosong": [
        "update marts.keluarga set jumlah_anggota = 0 where kode_provinsi = '53'",
    ],
    "keluarga_sama_anggota": [
        "update marts.anggota set status_keberadaan = 'meninggal' where person_id = 'P-5'",
        "update marts.keluarga set jumlah_anggota = 2 where family_id = 'K-1'",
        "update marts.keluarga set jumlah_tercatat = 4 where family_id = 'K-1'",
        "update marts.keluarga set jumlah_anggota = 4 where family_id = 'K-1'",
        "update marts.keluarga set jumlah_anggota = null where family_id = 'K-1'",
        "delete from marts.keluarga where family_id = 'K-1'",
        "delete from marts.anggota where family_id = 'K-1'",
    ],
    "wilayah_keluarga": ["update marts.keluarga set kode_kabupaten = null where hash(family_id) % 20 = 0"],
    "ukuran_keluarga": [
        "update marts.keluarga set jumlah_tercatat = 16 where kode_provinsi = '53'",
        "update marts.keluarga set jumlah_tercatat = null where kode_provinsi = '53'",
    ],
    "rata_ukuran_keluarga": [
        "update marts.keluarga set jumlah_anggota = 2",
        "update marts.keluarga set jumlah_anggota = 5",
    ],
    "wilayah_berlaku": [
        "update marts.keluarga set kode_provinsi = '99' where family_id = 'K-1'",
        "update marts.keluarga set kode_kabupaten = '5399' where family_id = 'K-1'",
        "update marts.keluarga set kode_kecamatan = '530199' where family_id = 'K-1'",
        "update marts.keluarga set kode_desa = '5301019999' where family_id = 'K-1'",
        "update marts.keluarga set kode_kabupaten = '3502' where family_id = 'K-1'",
    ],
    "kontrak_anggota": ["update marts.anggota set jenis_kelamin = 'X' where person_id = 'P-5'"],
    "kontrak_keluarga": ["update marts.keluarga set daya = '450 VA' where family_id = 'K-1'"],
    "pmt_r2": ["update welfare.kartu set nilai = 0.39"],
    "keluarga_tanpa_skor": [
        "delete from welfare.skor where hash(family_id) % 10 = 0",
        "update welfare.skor set skor = null where hash(family_id) % 10 = 0",
    ],
    "kovariat_diisi": [
        "update welfare.skor set imputasi = 'daya,lantai' where hash(family_id) % 3 = 0",
        "update welfare.skor set model = 'ringkas' where hash(family_id) % 3 = 0",
    ],
    "tanpa_skor_beralasan": [
        "delete from welfare.skor where family_id = 'K-1'",
        "insert into welfare.tanpa_skor values ('K-1', 'lantai tidak diketahui')",
    ],
    "desil_lengkap": [
        "delete from welfare.desil where family_id = 'K-1'",
        "update welfare.desil set desil_nasional = null where family_id = 'K-1'",
        "update welfare.desil set desil_provinsi = 11 where family_id = 'K-1'",
        "update welfare.desil set desil_kabupaten_kota = 0 where family_id = 'K-1'",
        "insert into welfare.desil values ('K-asing', 14, 1, 1, 1)",
        "insert into welfare.desil select * from welfare.desil where family_id = 'K-1'",
    ],
    "desil_seimbang": [
        "update welfare.desil set desil_nasional = case desil_nasional when 10 then 9 else desil_nasional end",
        "update welfare.desil set desil_provinsi = 1 where desil_provinsi = 10",
        "update welfare.desil set desil_kabupaten_kota = 1 where desil_kabupaten_kota = 2",
    ],
    "desil_sepersepuluh": [
        "update welfare.desil set desil_nasional = 2 where desil_nasional = 1 and hash(family_id) % 20 = 0",
        "update welfare.desil set desil_nasional = 2 where desil_nasional = 1",
    ],
    "desil_urut_skor": [
        "update welfare.desil set desil_nasional = 11 - desil_nasional",
        "update welfare.desil set desil_provinsi = 11 - desil_provinsi "
        "where family_id in (select family_id from marts.keluarga where kode_provinsi = '53')",
        "update welfare.desil set desil_kabupaten_kota = 11 - desil_kabupaten_kota "
        "where family_id in (select family_id from marts.keluarga where kode_kabupaten = '3501')",
    ],
    "skor_pada_desil": [
        "update welfare.desil set skor = skor + 0.01 where family_id = 'K-1'",
        "delete from welfare.skor where family_id = 'K-1'",
    ],
    "kelayakan_sesuai_desil": [
        "insert into welfare.kelayakan select 'PKH', family_id, desil_nasional from welfare.desil where desil_nasional = 9 limit 1",
        "insert into welfare.kelayakan select 'PKH', family_id, 1 from welfare.desil where desil_nasional = 9 limit 1",
        "insert into welfare.kelayakan values ('PKH', 'K-asing', 1)",
        "insert into welfare.kelayakan select 'Bonus', family_id, 1 from welfare.desil where desil_nasional = 1 limit 1",
        "insert into welfare.kelayakan select * from welfare.kelayakan where program = 'PKH' limit 1",
        "delete from welfare.kelayakan where program = 'PKH' and hash(family_id) % 50 = 0",
        "delete from welfare.kelayakan where program = 'Sembako'",
    ],
    "penerima_hadir": [
        "update marts.anggota set status_keberadaan = 'meninggal' where family_id = "
        "(select family_id from welfare.kelayakan order by all limit 1)",
        "update marts.anggota set status_keberadaan = case hubungan when 1 then 'meninggal' when 2 then 'pindah' "
        "else 'tidak_ditemukan' end where family_id = (select family_id from welfare.desil where desil_nasional = 10 limit 1)",
        "insert into welfare.kelayakan values ('PKH', 'K-asing', 1)",
    ],
    "kabupaten_hilang": ["update marts.keluarga set kode_kabupaten = null where kode_kabupaten = '3501'"],
    "kabupaten_per_sumber": [
        "delete from intermediate.int_person_record where source = 'dtks' and kode_kabupaten = '3501'",
        "delete from intermediate.int_person_record "
        "where source = 'dtks' and kode_kabupaten = '3501' and hash(record_id) % 3 > 0",
    ],
    "pergeseran_ciri": [
        "update welfare.laporan set nilai = 0.3 where ukuran = 'psi_survei'",
        "update welfare.laporan set nilai = 0.3 where ukuran = 'psi_rilis_lalu'",
    ],
    "provinsi_sejalan_susenas": [
        "update intermediate.int_susenas set pengeluaran_per_kapita = 1e12 / pengeluaran_per_kapita"
    ],
    "perubahan_massal": [
        "update welfare.perubahan set selisih = 2 where hash(family_id) % 10 = 0",
        "update welfare.perubahan set selisih = -9 where hash(family_id) % 10 = 0",
        "update welfare.perubahan set desil = null, selisih = null, sebab = 'data_baru' where hash(family_id) % 10 = 0",
        "update welfare.perubahan set desil = null, selisih = null, sebab = 'keluarga_hilang'",
        "update welfare.perubahan set desil_lalu = null, selisih = null, sebab = 'keluarga_baru'",
    ],
    "perubahan_massal_daerah": [
        "update welfare.perubahan set selisih = 3 where kode_kabupaten = '3502' and hash(family_id) % 4 = 0"
    ],
    "perubahan_meningkat": [
        "update welfare.perubahan set selisih = 1 where hash(family_id) % 8 = 0",
        "update welfare.perubahan set selisih = -1 where hash(family_id) % 8 = 0",
    ],
    "pengungkapan_batas": [
        "update publikasi.terbuka set keluarga = 10, orang = 30 where jalur like '%101' and desil = 9",
        "update publikasi.terbuka set keluarga = 5 where jalur like '%103' and desil = 9",
        "update publikasi.terbuka set orang = 5 where jalur like '%103' and desil = 9",
        "update publikasi.terbuka set keluarga = 101 where jalur like '%103' and desil = 9",
        "update publikasi.terbuka set orang = 301 where jalur like '%103' and desil = 9",
        "update publikasi.terbuka set keluarga = 115 where jalur like '%103' and desil = 9",
        "update publikasi.terbuka set orang = null where jalur like '%103' and desil = 9",
        "update publikasi.sel set keluarga = 8100 where jalur like '%103' and desil in (0, 1)",
        "delete from publikasi.terbuka where jalur like '%103' and desil = 9",
        "insert into publikasi.terbuka select * from publikasi.terbuka where jalur like '%103' and desil = 9",
    ],
    "pengungkapan_terpecahkan": [
        "update publikasi.terbuka set keluarga = 100 where jalur like '%101' and desil = 8",
        "update publikasi.terbuka set keluarga = 100 where jalur like '%102' and desil = 9",
        "update publikasi.terbuka set keluarga = null where jalur = 'ID/35' and desil = 1",
    ],
    "pengungkapan_selisih": [
        "update publikasi.lalu set keluarga = 95 where jalur like '%103' and desil = 9",
        "update publikasi.lalu set keluarga = 90 where jalur like '%103' and desil = 9",
        "update publikasi.sel set keluarga = 19 where jalur like '%103' and desil = 9;"
        "update publikasi.lalu set keluarga = null where jalur like '%103' and desil = 9",
    ],
    "pengungkapan_kolom": [
        "insert into publikasi.kolom values ('terbatas/anggota', 'nik', false)",
        "update publikasi.kolom set boleh = null where kolom = 'nik'",
        "delete from publikasi.kolom",
    ],
}


@pytest.fixture(scope="module")
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    """A month in memory on which every rule holds."""
    with warehouse.connect(None) as con:
        con.execute(CLEAN)
        con.execute(PUBLISHED)
        con.execute(
            """create table raw.deliveries (source varchar, tabel varchar, file varchar,
            rows_read bigint, rows_quarantined bigint, bulan_kirim varchar, berlaku_bulan integer)"""
        )
        for table in DELIVERED:
            source, tabel = table.split("_", 1)
            file, rows = f"{source}/{tabel}.csv", PEOPLE.get(table, 10)
            bad = 1 if table == "dtks_anggota" else 0
            con.execute(
                f"create table raw.{table} as select '{file}' as _file, i + 2 as _line from range({rows}) as t(i)"
            )
            con.execute(
                f"""create table quarantine.{table} as
                select '{file}' as _file, {rows} + i + 2 as _line from range({bad}) as t(i)"""
            )
            con.execute(staged(table))
            contract = load()[source]
            sent = None if contract.delivery == "referensi" else "2024-12"  # as old as DTKS may be
            told = [source, tabel, file, rows + bad, bad, sent, contract.berlaku_bulan]
            con.execute("insert into raw.deliveries values (?, ?, ?, ?, ?, ?, ?)", told)
        con.execute(
            """create table raw.kiriman_lalu as
            select source, tabel, kiriman, cast(rows_read * faktor as bigint) as baris
            from raw.deliveries cross join (values ('2024-12', 0.98), ('2025-01', 1), ('2025-02', 1.02)) as t(kiriman, faktor)"""
        )
        yield con


@pytest.fixture
def month(base: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The clean month, for one test to spoil."""
    base.begin()
    yield base
    base.rollback()


def test_every_rule_has_a_planted_defect() -> None:
    assert set(DEFECTS) == set(BY_NAME)


def test_names_are_unique_and_every_test_file_is_a_rule() -> None:
    assert len(BY_NAME) == len(RULES)
    assert {path.stem for path in TESTS.glob("*.sql")} == {rule.name for rule in RULES if rule.kind == "sql"}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_rule_holds_on_a_clean_month(month: duckdb.DuckDBPyConnection, name: str) -> None:
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.passed, verdict.explanation


@pytest.mark.parametrize(
    ("name", "defect"), [(name, defect) for name, defects in DEFECTS.items() for defect in defects]
)
def test_the_rule_fails_on_its_defect(month: duckdb.DuckDBPyConnection, name: str, defect: str) -> None:
    month.execute(defect)
    verdict = gate.evaluate(month, BY_NAME[name])
    assert not verdict.passed
    assert verdict.error is None, "a defect of the data is not an error of the rule"


@pytest.mark.parametrize("name", BY_NAME)
def test_the_rule_fails_closed_when_its_table_is_missing(month: duckdb.DuckDBPyConnection, name: str) -> None:
    month.execute(f"drop table {sorted(BY_NAME[name].tables)[0]}")
    assert gate.evaluate(month, BY_NAME[name]).error is not None


DRIFT = ("penautan_bergeser", "penautan_memburuk")


@pytest.mark.parametrize("name", DRIFT)
def test_the_first_month_has_nothing_to_drift_from_and_says_so(month: duckdb.DuckDBPyConnection, name: str) -> None:
    month.execute("delete from linkage.evaluasi_lalu")
    month.execute("update linkage.evaluasi set nilai = 0.5")
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.passed
    assert [ukuran for ukuran, _ in verdict.measures] == [
        "belum ada rilis untuk dibandingkan / no release to compare with"
    ]


def test_a_linkage_that_got_better_is_worth_a_look_but_blocks_nothing(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("update linkage.evaluasi_lalu set nilai = 0.70 where ukuran = 'recall_tanaman'")
    assert not gate.evaluate(month, BY_NAME["penautan_bergeser"]).blocks
    assert not gate.evaluate(month, BY_NAME["penautan_bergeser"]).passed
    assert gate.evaluate(month, BY_NAME["penautan_memburuk"]).passed


CHANGE = ("perubahan_massal", "perubahan_massal_daerah", "perubahan_meningkat")


@pytest.mark.parametrize("name", CHANGE)
def test_the_first_month_has_no_release_to_compare_the_deciles_with(
    month: duckdb.DuckDBPyConnection, name: str
) -> None:
    month.execute("delete from welfare.perubahan")
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.passed
    assert len(verdict.measures) == 1 and verdict.measures[0][0].endswith(("compare", "compare with"))


def test_a_source_that_shifted_is_named_and_the_two_it_disagrees_with_are_not(month: duckdb.DuckDBPyConnection) -> None:
    month.execute(f"{RECORD} tgl_lahir = tgl_lahir + 1 where source = 'dtks'")
    told = {ukuran: nilai for ukuran, nilai in gate.evaluate(month, BY_NAME["sumber_sejalan"]).measures if nilai < 0.75}
    assert told == {"dtks: tanggal lahir / birth date": 0}


def test_a_bad_file_is_named_where_its_source_passes(month: duckdb.DuckDBPyConnection) -> None:
    month.execute(f"{RECORD} tgl_lahir = tgl_lahir + 1 where _file = 'dtks/susulan.csv'")
    assert gate.evaluate(month, BY_NAME["nik_sejalan"]).passed
    assert "dtks/susulan.csv: tanggal lahir" in gate.evaluate(month, BY_NAME["nik_sejalan_berkas"]).explanation.en


@pytest.mark.parametrize(
    ("name", "few"),
    [
        ("nik_sejalan", "delete from intermediate.int_person_record where cast(record_id as integer) % 50 > 0"),
        ("nik_sejalan_berkas", "delete from intermediate.int_person_record where cast(record_id as integer) % 50 > 0"),
        ("kk_sewilayah", "delete from intermediate.int_person_record where cast(record_id as integer) % 50 > 0"),
        ("susunan_wajar", "delete from intermediate.int_person_record where cast(record_id as integer) % 50 > 0"),
        ("umur_sejalan", "delete from staging.stg_regsosek__anggota where _line > 90"),
        (
            "anggota_per_keluarga",
            "delete from staging.stg_dtks__rumah_tangga where _line > 90;"
            "delete from staging.stg_regsosek__keluarga where _line > 90; delete from staging.stg_p3ke__keluarga where _line > 90",
        ),
        ("sumber_sejalan", "delete from linkage.crosswalk where cast(record_id as integer) % 50 > 0"),
        ("jawaban_sejalan", "delete from linkage.crosswalk where cast(record_id as integer) % 50 > 0"),
    ],
)
def test_a_share_of_a_few_is_not_asked(month: duckdb.DuckDBPyConnection, name: str, few: str) -> None:
    month.execute(few)
    for defect in DEFECTS[name]:
        month.execute(defect)
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.passed and len(verdict.measures) == 1, verdict.explanation


def test_one_source_alone_has_none_to_agree_with(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("delete from linkage.crosswalk where source <> 'dtks'")
    for name in ("sumber_sejalan", "jawaban_sejalan"):
        assert [nilai for _, nilai in gate.evaluate(month, BY_NAME[name]).measures] == [1.0]


def test_an_answer_that_nearly_all_give_and_the_one_word_of_p3ke_for_sewage_say_nothing(
    month: duckdb.DuckDBPyConnection,
) -> None:
    month.execute("update intermediate.int_family_record set motor = source <> 'dtks' or hash(family_uid) % 20 > 0")
    verdict = gate.evaluate(month, BY_NAME["jawaban_sejalan"])
    assert verdict.passed
    assert not {"dtks: motor", "p3ke: buang_tinja"} & {ukuran for ukuran, _ in verdict.measures}


def test_a_family_that_died_out_is_no_fault_where_it_is_neither_counted_nor_ranked(
    month: duckdb.DuckDBPyConnection,
) -> None:
    month.execute("update marts.anggota set status_keberadaan = 'meninggal' where family_id = 'K-1'")
    month.execute("update marts.keluarga set jumlah_anggota = 0 where family_id = 'K-1'")
    for table in ("skor", "desil", "kelayakan"):
        month.execute(f"delete from welfare.{table} where family_id = 'K-1'")
    month.execute("insert into welfare.tanpa_skor values ('K-1', 'tanpa_anggota_hadir')")
    for name in (
        "keluarga_sama_anggota",
        "kepala_keluarga",
        "penerima_hadir",
        "tanpa_skor_beralasan",
        "keluarga_tanpa_skor",
        "ukuran_keluarga",
        "rata_ukuran_keluarga",
        "kontrak_keluarga",
        "keluarga_kosong",
        "desil_lengkap",
    ):
        assert gate.evaluate(month, BY_NAME[name]).passed, name


def test_a_mass_change_names_its_cause_and_its_place(month: duckdb.DuckDBPyConnection) -> None:
    month.execute(
        "update welfare.perubahan set selisih = 2, sebab = 'model_baru' where kode_kabupaten = '3502' and hash(family_id) % 3 = 0"
    )
    nation, place = (gate.evaluate(month, BY_NAME[name]) for name in CHANGE[:2])
    assert nation.blocks and place.blocks
    assert "mostly for model baru / new model" in nation.explanation.en
    assert "3502 Kabupaten 3502; terutama karena / mostly for model baru" in place.explanation.en
    assert "3501" not in place.explanation.en


def test_families_that_merged_are_not_lost_and_a_handful_is_no_regency(month: duckdb.DuckDBPyConnection) -> None:
    month.execute(
        "update welfare.perubahan set desil = null, selisih = null, sebab = 'gabung' where hash(family_id) % 10 = 0"
    )
    assert gate.evaluate(month, BY_NAME["perubahan_massal"]).passed
    month.execute(
        "delete from welfare.perubahan where kode_kabupaten = '3502' and substr(family_id, 3)::integer % 100 > 30"
    )
    month.execute("update welfare.perubahan set selisih = 2 where kode_kabupaten = '3502'")
    assert gate.evaluate(month, BY_NAME["perubahan_massal_daerah"]).passed


def test_the_first_month_has_no_delivery_to_compare_with_and_a_change_file_never_has(
    month: duckdb.DuckDBPyConnection,
) -> None:
    month.execute(
        "update raw.deliveries set rows_read = 9 * rows_read where source = 'pemutakhiran' or tabel = 'susenas'"
    )
    assert gate.evaluate(month, BY_NAME["volume_kiriman"]).passed
    month.execute("delete from raw.kiriman_lalu")
    verdict = gate.evaluate(month, BY_NAME["volume_kiriman"])
    assert [ukuran for ukuran, _ in verdict.measures] == ["belum ada pembanding / nothing to compare with"]


def test_a_month_without_an_extract_of_the_register_has_nothing_to_match(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("delete from staging.stg_dukcapil__penduduk")
    for name in ("nik_padan_dukcapil", "kontrak_dukcapil_penduduk"):
        assert gate.evaluate(month, BY_NAME[name]).passed, name
    month.execute("delete from staging.stg_dtks__anggota")
    assert gate.evaluate(month, BY_NAME["kontrak_dtks_anggota"]).error == "staging.stg_dtks__anggota is empty"


def test_only_the_regencies_that_the_extract_covers_are_matched(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("delete from staging.stg_dukcapil__penduduk where kode_kemendagri not like '3501%'")
    verdict = gate.evaluate(month, BY_NAME["nik_padan_dukcapil"])
    assert verdict.passed and {nilai for _, nilai in verdict.measures} == {1.0}


REGENCIES = ("kabupaten_hilang", "kabupaten_per_sumber")


@pytest.mark.parametrize("name", REGENCIES)
def test_a_regency_that_got_another_code_is_not_missing(month: duckdb.DuckDBPyConnection, name: str) -> None:
    month.execute("update welfare.keluarga_lalu set kode_kabupaten = '3599' where kode_kabupaten = '3502'")
    assert gate.evaluate(month, BY_NAME[name]).passed
    month.execute("delete from welfare.keluarga_lalu")
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.passed and len(verdict.measures) == 1


def test_a_regency_that_is_gone_is_named(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("delete from intermediate.int_person_record where source = 'dtks' and kode_kabupaten = '3501'")
    month.execute("update marts.keluarga set kode_kabupaten = null where kode_kabupaten = '3501'")
    told = [gate.evaluate(month, BY_NAME[name]).explanation.en for name in REGENCIES]
    assert "3501 Kabupaten 3501" in told[0] and "regencies gone = 1" in told[0]
    assert "dtks 3501 Kabupaten 3501: > 80 %" in told[1]


ANGGOTA_BROKEN = """
update marts.anggota set
    person_id = case when person_id in ('P-0', 'P-1') then 'P-2' when person_id = 'P-3' then null else person_id end,
    family_id = null, nik = '35730162129', kk = 'A573016212900004', jenis_kelamin = '1', tgl_lahir_presisi = 'bulan',
    hubungan = 0, status_kawin = 5, pendidikan = 7, partisipasi_sekolah = 0, status_keberadaan = 'hilang',
    jumlah_rekaman = case when person_id = 'P-0' then null else 0 end
"""
KELUARGA_BROKEN = """
update marts.keluarga set
    family_id = case when family_id in ('K-0', 'K-1') then 'K-2' when family_id = 'K-3' then null else family_id end,
    kepala_person_id = case when family_id in ('K-0', 'K-1') then 'P-6' when family_id = 'K-3' then null
        else kepala_person_id end,
    kk = '1', kode_provinsi = '3', kode_kabupaten = '31', kode_kecamatan = '3101', kode_desa = '310101',
    jumlah_anggota = case when family_id = 'K-0' then null else -1 end,
    jumlah_tercatat = case when family_id = 'K-0' then null else 0 end, status_rumah = 'milik sendiri', daya = '1300',
    luas_lantai = -1
"""


@pytest.mark.parametrize(
    ("name", "defect"), [("kontrak_anggota", ANGGOTA_BROKEN), ("kontrak_keluarga", KELUARGA_BROKEN)]
)
def test_each_single_expectation_can_fail(month: duckdb.DuckDBPyConnection, name: str, defect: str) -> None:
    month.execute(defect)
    verdict = gate.evaluate(month, BY_NAME[name])
    assert verdict.error is None
    assert [ukuran for ukuran, nilai in verdict.measures if nilai == 0] == []


def test_a_decile_of_a_small_area_may_be_empty_but_not_hold_two(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("delete from welfare.desil where family_id not in ('K-0', 'K-4', 'K-8')")
    month.execute(
        "update welfare.desil set desil_nasional = n, desil_provinsi = n, desil_kabupaten_kota = n from "
        "(select family_id as id, row_number() over (order by skor) as n from welfare.desil) where id = family_id"
    )
    assert gate.evaluate(month, BY_NAME["desil_seimbang"]).passed
    month.execute("update welfare.desil set desil_kabupaten_kota = 1")
    assert not gate.evaluate(month, BY_NAME["desil_seimbang"]).passed


def test_a_family_of_an_unknown_area_is_not_ranked_there(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("update marts.keluarga set kode_kabupaten = null where family_id = 'K-1'")
    month.execute("update welfare.desil set desil_kabupaten_kota = null where family_id = 'K-1'")
    for name in ("wilayah_keluarga", "desil_lengkap", "desil_seimbang"):
        assert gate.evaluate(month, BY_NAME[name]).passed, name


def test_scores_equal_to_nine_digits_may_stand_in_either_decile(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("update welfare.desil set skor = 14 - desil_nasional * 1e-11")
    assert gate.evaluate(month, BY_NAME["desil_urut_skor"]).passed


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.kind == "sql"], ids=lambda rule: rule.name)
def test_the_question_is_carried_to_spark(rule: Rule) -> None:
    assert "nilai" in macros.to_spark(rule.sql)
