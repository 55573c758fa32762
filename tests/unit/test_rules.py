"""Every rule of the gate holds on clean tables and fails on its own planted defect; a rule without one fails here."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from checks.rules import RULES
from dtsen_pipeline import sql_models, warehouse
from dtsen_pipeline.publication import gate
from dtsen_pipeline.publication.gate import Rule

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

create table intermediate.int_person_record as
select
    source || ':' || nomor as record_uid,
    source,
    cast(nomor as varchar) as record_id,
    '350101' || lpad(cast(nomor as varchar), 10, '0') as nik,
    cast(null as varchar) as nik_masalah,
    kode_kabupaten,
    person_id,
    family_id
from orang
cross join (values ('dtks', 0, 1999), ('regsosek', 1000, 2999), ('p3ke', 0, 999), ('p3ke', 2000, 2999))
    as s(source, dari, sampai)
where nomor between dari and sampai;

create table linkage.crosswalk as
select record_uid, source, record_id, person_id, family_id from intermediate.int_person_record;

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
    'milik' as status_rumah,
    '900' as daya,
    45.5 as luas_lantai
from orang
group by family_id, kode_provinsi, kode_kabupaten;

create table welfare.kartu as select 'r2_luar_sampel' as ukuran, 0.49 as nilai;

create table welfare.skor as
select
    family_id,
    case kode_provinsi when '31' then 15.0 when '35' then 14.0 else 13.0 end + (hash(family_id) % 1000) / 300.0 as skor
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

create table intermediate.int_susenas as
select * from (values ('31', 100.0, 3000000.0), ('35', 200.0, 1500000.0), ('53', 150.0, 900000.0))
    as t(kode_provinsi, penimbang, pengeluaran_per_kapita);

create table quarantine.alasan as
select 'dtks' as source, 'anggota' as tabel, 'dtks/anggota.csv' as file, 2002 as line, 'jnskel' as kolom;
"""

PEOPLE = {"dtks_anggota": 2000, "regsosek_anggota": 2000, "p3ke_individu": 2000}

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
    "porsi_karantina": ["update raw.deliveries set rows_quarantined = 100 where source = 'regsosek'"],
    "staging_sama_diterima": [
        f"insert into staging.stg_{table.replace('_', '__', 1)} values ('x', 0)" for table in DELIVERED
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
    ],
    "keluarga_sama_anggota": [
        "update marts.keluarga set jumlah_anggota = 4 where family_id = 'K-1'",
        "update marts.keluarga set jumlah_anggota = null where family_id = 'K-1'",
        "delete from marts.keluarga where family_id = 'K-1'",
        "delete from marts.anggota where family_id = 'K-1'",
    ],
    "wilayah_keluarga": ["update marts.keluarga set kode_kabupaten = null where hash(family_id) % 20 = 0"],
    "ukuran_keluarga": [
        "update marts.keluarga set jumlah_anggota = 16 where kode_provinsi = '53'",
        "update marts.keluarga set jumlah_anggota = null where kode_provinsi = '53'",
    ],
    "rata_ukuran_keluarga": [
        "update marts.keluarga set jumlah_anggota = 2",
        "update marts.keluarga set jumlah_anggota = 5",
    ],
    "kontrak_anggota": ["update marts.anggota set jenis_kelamin = 'X' where person_id = 'P-5'"],
    "kontrak_keluarga": ["update marts.keluarga set daya = '450 VA' where family_id = 'K-1'"],
    "pmt_r2": ["update welfare.kartu set nilai = 0.39"],
    "keluarga_tanpa_skor": [
        "delete from welfare.skor where hash(family_id) % 10 = 0",
        "update welfare.skor set skor = null where hash(family_id) % 10 = 0",
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
    "desil_urut_skor": ["update welfare.desil set desil_nasional = 11 - desil_nasional"],
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
}


@pytest.fixture(scope="module")
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    """A month in memory on which every rule holds."""
    with warehouse.connect(None) as con:
        con.execute(CLEAN)
        con.execute(
            """create table raw.deliveries (source varchar, tabel varchar, file varchar,
            rows_read bigint, rows_quarantined bigint)"""
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
            con.execute(f"create table staging.stg_{table.replace('_', '__', 1)} as from raw.{table}")
            con.execute("insert into raw.deliveries values (?, ?, ?, ?, ?)", [source, tabel, file, rows + bad, bad])
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
    assert {path.stem for path in gate.TESTS.glob("*.sql")} == {rule.name for rule in RULES if rule.kind == "sql"}


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


def test_a_mass_change_names_its_cause_and_its_place(month: duckdb.DuckDBPyConnection) -> None:
    month.execute(
        "update welfare.perubahan set selisih = 2, sebab = 'model_baru' where kode_kabupaten = '3502' and hash(family_id) % 3 = 0"
    )
    nation, place = (gate.evaluate(month, BY_NAME[name]) for name in CHANGE[:2])
    assert nation.blocks and place.blocks
    assert "mostly for model baru / new model" in nation.explanation
    assert "3502 Kabupaten 3502; terutama karena / mostly for model baru" in place.explanation
    assert "3501" not in place.explanation


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
    jumlah_anggota = case when family_id = 'K-0' then null else 0 end, status_rumah = 'milik sendiri', daya = '1300',
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
    assert "nilai" in sql_models.to_spark(rule.sql)
