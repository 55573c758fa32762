"""Staging types what the reader let through, loses no row, and knows every code and label that a contract allows."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from raw_fixture import Row, one, records, warehouse

from dtsen_pipeline.contracts import model as contracts
from dtsen_pipeline.sql.macros import to_spark
from dtsen_pipeline.sql.models import load_models

STAGING = [name for name in load_models() if name.startswith("staging.")]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    tables: dict[str, list[Row]] = {
        "dtks_rumah_tangga": [
            {"idbdt": "D1", "lantai": "09", "luas_lantai": "54,5", "sta_bangunan": "1.0", "alamat": "-"}
        ],
        "dtks_anggota": [
            {"idartbdt": "bulan-salah", "tgllahir": "31/02/1980", "nik": " 3519142003790001 "},
            {"idartbdt": "tahun", "tgllahir": "1975-00-00", "nik": "'3519142003790001", "namagadis_ibukandung": "N/A"},
            {"idartbdt": "hari", "tgllahir": "20/03/1979", "nik": ""},
        ],
        "p3ke_keluarga": [
            {
                "id_keluarga": "P1",
                "daya_terpasang": ">900",
                "jenis_atap": "asbes",
                "fasilitas_bab": "ya,dengan septictank",
            },
            {
                "id_keluarga": "P2",
                "daya_terpasang": "tidak ada",
                "jenis_atap": None,
                "sumber_penerangan": "Listrik Bersama",
            },
        ],
        "p3ke_individu": [{"id_individu": "PA1", "jenis_kelamin": "L", "hub_dgn_kpl_keluarga": "ISTRI"}],
    }
    with warehouse(tables, models=STAGING) as connection:
        yield connection


def test_codes_and_numbers_in_any_spelling_are_numbers(con: duckdb.DuckDBPyConnection) -> None:
    row = one(con, "select lantai, luas_lantai, sta_bangunan, alamat from staging.stg_dtks__rumah_tangga")
    assert row == {"lantai": 9, "luas_lantai": 54.5, "sta_bangunan": 1, "alamat": None}


def test_an_impossible_day_keeps_the_year_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    rows = records(
        con, "select idartbdt, year(tgllahir) as tahun, tgllahir_presisi from staging.stg_dtks__anggota order by 1"
    )
    assert {row["idartbdt"]: (row["tahun"], row["tgllahir_presisi"]) for row in rows} == {
        "bulan-salah": (1980, "tahun"),
        "tahun": (1975, "tahun"),
        "hari": (1979, "hari"),
    }


def test_a_nik_is_trimmed_and_nothing_else(con: duckdb.DuckDBPyConnection) -> None:
    rows = records(con, "select idartbdt, nik, namagadis_ibukandung from staging.stg_dtks__anggota")
    assert {row["idartbdt"]: row["nik"] for row in rows} == {
        "bulan-salah": "3519142003790001",
        "tahun": "'3519142003790001",
        "hari": None,
    }
    assert {row["namagadis_ibukandung"] for row in rows} == {None}


def test_an_alias_becomes_its_label_and_the_finer_word_stays_beside_it(con: duckdb.DuckDBPyConnection) -> None:
    row = one(
        con,
        "select daya_terpasang, jenis_atap, jenis_atap_asal, fasilitas_bab"
        " from staging.stg_p3ke__keluarga where id_keluarga = 'P1'",
    )
    assert row == {
        "daya_terpasang": "> 900 VA",
        "jenis_atap": "Asbes/Seng",
        "jenis_atap_asal": "asbes",
        "fasilitas_bab": "Milik sendiri",
    }


def test_a_missing_label_is_missing_and_its_row_stays(con: duckdb.DuckDBPyConnection) -> None:
    row = one(
        con,
        "select jenis_atap, daya_terpasang, sumber_penerangan from staging.stg_p3ke__keluarga where id_keluarga = 'P2'",
    )
    assert row == {"jenis_atap": None, "daya_terpasang": "Tidak Ada", "sumber_penerangan": "Listrik PLN non meteran"}


@pytest.mark.parametrize("name", STAGING)
def test_staging_has_as_many_rows_as_raw(con: duckdb.DuckDBPyConnection, name: str) -> None:
    source, table = name.removeprefix("staging.stg_").split("__")
    counts = one(
        con, f"select (select count(*) from {name}) as staged, (select count(*) from raw.{source}_{table}) as raw"
    )
    assert counts["staged"] == counts["raw"]


def test_every_label_and_alias_of_the_contract_has_a_canonical_label(con: duckdb.DuckDBPyConnection) -> None:
    known = {
        (row["kolom"], row["kunci"]): row["label_baku"]
        for row in records(
            con,
            "select kolom, lower(replace(label, ' ', '')) as kunci, label_baku from seeds.label_p3ke",
        )
    }
    for table in contracts.load()["p3ke"].tables.values():
        for column in table.columns.values():
            for spelling, label in column.spellings.items():
                assert known[column.name, spelling] == label


# column of the contract -> column of the common list
HOUSING = {
    "dtks": {
        "sta_bangunan": "status_rumah",
        "lantai": "lantai",
        "dinding": "dinding",
        "atap": "atap",
        "sumber_airminum": "air_minum",
        "sumber_penerangan": "penerangan",
        "daya": "daya",
        "bb_masak": "bahan_bakar",
        "fasbab": "bab",
        "kloset": "kloset",
        "buang_tinja": "buang_tinja",
        "partisipasi_sekolah": "partisipasi_sekolah",
        "ijazah_tertinggi": "pendidikan",
        "sta_keberadaan_art": "status_keberadaan",
    },
    "regsosek": {
        "kd_stat_bangunan_tinggal": "status_rumah",
        "kd_jenis_lantai_terluas": "lantai",
        "kd_jenis_dinding": "dinding",
        "kd_jenis_atap": "atap",
        "kd_sumber_air_minum": "air_minum",
        "kd_sumber_penerangan_utama": "penerangan",
        "kd_daya_terpasang": "daya",
        "kd_bahan_bakar_memasak": "bahan_bakar",
        "kd_fasilitas_tempat_bab": "bab",
        "kd_jenis_kloset": "kloset",
        "kd_pembuangan_akhir_tinja": "buang_tinja",
        "kd_partisipasi_sekolah": "partisipasi_sekolah",
        "kd_ijazah_tertinggi": "pendidikan",
        "kd_keberadaan": "status_keberadaan",
    },
    "p3ke": {
        "kepemilikan_rumah": "status_rumah",
        "jenis_lantai": "lantai",
        "jenis_dinding": "dinding",
        "jenis_atap": "atap",
        "sumber_air_minum": "air_minum",
        "sumber_penerangan": "penerangan",
        "daya_terpasang": "daya",
        "bahan_bakar_memasak": "bahan_bakar",
        "fasilitas_bab": "bab",
        "hub_dgn_kpl_keluarga": "hubungan",
        "status_kawin": "status_kawin",
        "pendidikan": "pendidikan",
    },
}


@pytest.mark.parametrize("source", sorted(HOUSING))
def test_every_code_and_label_of_the_contract_has_a_common_value(con: duckdb.DuckDBPyConnection, source: str) -> None:
    known = {
        (row["kolom"], row["kode"])
        for row in records(
            con, f"select kolom, kode from seeds.kode_baku where source = '{source}' and nilai_baku is not null"
        )
    }
    columns = {c.name: c for table in contracts.load()[source].tables.values() for c in table.columns.values()}
    for column, common in HOUSING[source].items():
        for value in (*columns[column].codes, *columns[column].labels):
            assert (common, value) in known


def test_no_code_has_two_meanings(con: duckdb.DuckDBPyConnection) -> None:
    assert not records(
        con,
        "select source, kolom, lower(replace(kode, ' ', '')) as kunci"
        " from seeds.kode_baku group by all having count(*) > 1",
    )


OWN = [name for name in load_models() if name.split(".")[0] in ("staging", "intermediate", "marts")]


@pytest.mark.parametrize("name", OWN)
def test_a_model_reads_as_spark_sql(name: str) -> None:
    spark = to_spark(load_models()[name].sql)
    assert sqlglot.parse_one(spark, read="spark")
    for foreign in ("regexp_full_match(", "unnest(", "try_strptime(", "list_"):
        assert foreign not in spark.lower()


@pytest.mark.parametrize("name", OWN)
def test_a_model_says_its_grain_and_names_its_columns(name: str) -> None:
    sql = load_models()[name].sql
    assert sql.startswith("-- One row ")
    stars = sqlglot.parse_one(sql, read="duckdb").find_all(sqlglot.exp.Star)
    assert all(isinstance(star.parent, sqlglot.exp.Count) for star in stars)
