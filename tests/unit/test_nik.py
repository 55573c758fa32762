"""What a NIK says, and every way in which one arrives damaged: repaired where that is certain, else refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixture import one, records, warehouse

from dtsen_pipeline.sql.macros import expand

MODEL = "intermediate.int_person__identitas"
GOOD = "3519142003790001"  # a man of 20 March 1979 in Wungu
KK = "3519140701150019"

# name of the case -> (NIK as delivered, NIK that is kept, what is wrong)
CASES: dict[str, tuple[str | None, str | None, str | None]] = {
    "baik": (GOOD, GOOD, None),
    "tidak ada": (None, None, "kosong"),
    "kosong": ("", None, "kosong"),
    "garis": ("-", None, "kosong"),
    "kata null": ("NULL", None, "kosong"),
    "nol": ("0000000000000000", None, "placeholder"),
    "sembilan": ("9999999999999999", None, "placeholder"),
    "satu angka pendek": ("0", None, "placeholder"),
    "deret": ("1234567890123456", None, "placeholder"),
    "sementara": ("0351914200700012", None, "placeholder"),  # a village's program: 0, the village, a counter
    "area dan nol": ("3519140000000000", None, "placeholder"),
    "lima belas": ("351914200379001", None, "panjang"),
    "tujuh belas": ("35191420037900011", None, "panjang"),
    "ilmiah": ("3.57301E+15", None, "ilmiah"),
    "ilmiah koma": ("3,57301e+15", None, "ilmiah"),
    "huruf lain": ("35191420037900X1", None, "bukan_angka"),
    "kata": ("BELUM PUNYA", None, "bukan_angka"),
    "huruf O": ("35191420O3790OO1", GOOD, None),
    "huruf l": ("35l9l42003790001", GOOD, None),
    "huruf I": ("35I9142003790001", GOOD, None),
    "spasi": ("3519 1420 0379 0001", GOOD, None),
    "titik": ("35.19.14.200379.0001", GOOD, None),
    "petik": ("'3519142003790001", GOOD, None),
    "ekor .0": ("3519142003790001.0", GOOD, None),
    "ekor ,00": ("3519142003790001,00", GOOD, None),
    "kk": (KK, None, "sama_dengan_kk"),
    "kk dengan spasi": ("351914 0701150019", None, "sama_dengan_kk"),
    "area asing": ("9919142003790001", "9919142003790001", "area"),
    "kecamatan nol": ("3519002003790001", "3519002003790001", "area"),
    "bulan tiga belas": ("3519142013790001", "3519142013790001", "tanggal"),
    "30 februari": ("3519143002790001", "3519143002790001", "tanggal"),
    "hari 81": ("3519148103790001", "3519148103790001", "tanggal"),
    "hari 35": ("3519143503790001", "3519143503790001", "tanggal"),
    "seri nol": ("3519142003790000", "3519142003790000", "seri"),
}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    households = [{"idbdt": f"D-{case}", "nokk": KK} for case in CASES]
    members = [
        {
            "idartbdt": case,
            "idbdt": f"D-{case}",
            "nik": nik,
            "nokk": KK,
            "nama": "ORANG",
            "tgllahir": "1979-03-20",
        }
        for case, (nik, _, _) in CASES.items()
    ]
    with warehouse({"dtks_rumah_tangga": households, "dtks_anggota": members}, models=[MODEL]) as connection:
        yield connection


@pytest.mark.parametrize("case", sorted(CASES))
def test_damage_is_repaired_or_refused_and_always_named(con: duckdb.DuckDBPyConnection, case: str) -> None:
    delivered, kept, problem = CASES[case]
    row = one(con, f"select nik, nik_masalah, nik_diperbaiki from {MODEL} where record_uid = 'dtks:{case}'")
    assert (row["nik"], row["nik_masalah"]) == (kept, problem)
    assert row["nik_diperbaiki"] == (kept is not None and kept != delivered)


def test_what_was_delivered_stays_readable_beside_the_repair(con: duckdb.DuckDBPyConnection) -> None:
    rows = records(con, f"select record_uid, nik_asal from {MODEL}")
    asal = {row["record_uid"].removeprefix("dtks:"): row["nik_asal"] for row in rows}
    assert asal["tujuh belas"] == "35191420037900011"
    assert asal["ilmiah"] == "3.57301E+15"
    assert asal["huruf O"] == "35191420O3790OO1"


def _persons(*rows: dict[str, object], bulan: str = "2025-03-01") -> dict[str, dict[str, object]]:
    """Identity rows of Regsosek members (each its own family unless it says one), by id."""
    members = [{"id_anggota": f"A{n}", "id_keluarga": f"R{n}", **row} for n, row in enumerate(rows)]
    rosters = [{"id_keluarga": roster} for roster in {str(member["id_keluarga"]) for member in members}]
    with warehouse({"regsosek_keluarga": rosters, "regsosek_anggota": members}, models=[MODEL], bulan=bulan) as con:
        found = records(con, f"select * from {MODEL}")
    return {str(row["record_uid"]).removeprefix("regsosek:"): row for row in found}


def test_a_woman_has_forty_added_to_her_day() -> None:
    row = _persons({"nik": "3519146003790001", "kd_jenis_kelamin": "2", "tgl_lahir": "1979-03-20"})["A0"]
    assert (row["nik_tgl_lahir"], row["nik_jenis_kelamin"], row["nik_cocok"]) == (date(1979, 3, 20), "P", True)


def test_disagreement_with_sex_or_birth_is_a_flag_and_no_rejection() -> None:
    rows = _persons(
        {"nik": GOOD, "kd_jenis_kelamin": "2", "tgl_lahir": "1979-03-20"},
        {"nik": "3519142003790002", "tgl_lahir": "1979-03-21"},
        {"nik": "3519142003790003", "tgl_lahir": "1979"},
        {"nik": "3519142003790004", "umur": "43"},
        {"nik": "3519142003790005", "umur": "39"},
        {"nik": "3519142003790006", "kd_jenis_kelamin": None},
    )
    assert [rows[f"A{n}"]["nik_cocok"] for n in range(6)] == [False, False, True, True, False, None]
    assert [rows[f"A{n}"]["nik"] is None for n in range(6)] == [False] * 6


def test_the_century_is_the_one_in_which_the_person_can_live() -> None:
    rows = _persons(
        {"nik": "3519140101300001"},  # 2030 is to come
        {"nik": "3519140101100001"},  # 1910 would be 115 years old
        {"nik": "3519140101200001", "tgl_lahir": "1920-01-01"},  # both can be: the birth date decides
        {"nik": "3519140101200002", "tgl_lahir": "2020-01-01"},
        {"nik": "3519140101200003"},  # both can be and nothing is known: there are more children than centenarians
        {"nik": "3519140104250001"},  # 1 April 2025 is to come in March 2025
    )
    years = [row["nik_tgl_lahir"].year for _, row in sorted(rows.items())]  # type: ignore[attr-defined]
    assert years == [1930, 2010, 1920, 2020, 2020, 1925]


def test_the_heads_nik_on_a_member_stays_with_the_head() -> None:
    rows = _persons(
        {"id_keluarga": "R", "nik": GOOD, "tgl_lahir": "1979-03-20", "kd_hubungan_keluarga": "1"},
        {
            "id_keluarga": "R",
            "nik": GOOD,
            "tgl_lahir": "1982-05-01",
            "kd_hubungan_keluarga": "2",
            "kd_jenis_kelamin": "2",
        },
        {"id_keluarga": "R", "nik": GOOD, "tgl_lahir": None, "kd_hubungan_keluarga": "3"},
        {"id_keluarga": "LAIN", "nik": GOOD, "tgl_lahir": "1990-01-01", "kd_hubungan_keluarga": "3"},
    )
    assert [(rows[f"A{n}"]["nik"], rows[f"A{n}"]["nik_masalah"]) for n in range(4)] == [
        (GOOD, None),
        (None, "nik_kepala"),
        (None, "nik_kepala"),
        (GOOD, None),
    ]
    assert rows["A1"]["nik_asal"] == GOOD


def test_a_member_whom_the_nik_fits_to_the_day_keeps_it() -> None:
    rows = _persons(
        {"id_keluarga": "R", "nik": GOOD, "tgl_lahir": "1950-01-01", "kd_hubungan_keluarga": "1"},
        {"id_keluarga": "R", "nik": GOOD, "tgl_lahir": "1979-03-20", "kd_hubungan_keluarga": "3"},
    )
    assert rows["A1"]["nik"] == GOOD


def test_a_last_digit_turned_zero_is_seen_where_the_same_name_has_another() -> None:
    rows = _persons(
        {"nik": "3519142003790120", "nama": "SOETJIPTO"},
        {"nik": "3519142003790127", "nama": "SUCIPTO"},
        {"nik": "3519142003790230", "nama": "WAGIMAN"},
        {"nik": "3519142003790231", "nama": "SUPARDI"},
    )
    assert [rows[f"A{n}"]["nik_masalah"] for n in range(4)] == ["akhir_nol", None, None, None]
    assert rows["A0"]["nik"] == "3519142003790120"


def test_rows_of_one_source_with_one_nik_are_counted() -> None:
    rows = _persons({"nik": GOOD}, {"nik": GOOD, "nama": "ORANG LAIN"}, {"nik": "3519142003790002"}, {"nik": ""})
    assert [rows[f"A{n}"]["nik_baris"] for n in range(4)] == [2, 2, 1, None]


def test_a_number_in_five_homes_under_four_names_is_nobodys_however_well_it_is_made() -> None:
    names = ["SITI", "ADE", "BUDI", "WATI", "SITI"]
    rows = _persons(
        *({"nik": GOOD, "nama": name, "tgl_lahir": "1979-03-20"} for name in names),
        *({"nik": "3519142003790002", "nama": "SITI", "id_keluarga": f"S{n}"} for n in range(5)),
        *({"nik": "3519142003790003", "nama": name, "id_keluarga": "SATU"} for name in names),
    )
    assert [(rows[f"A{n}"]["nik"], rows[f"A{n}"]["nik_masalah"]) for n in range(5)] == [(None, "dipakai_banyak")] * 5
    assert rows["A0"]["nik_cocok"] is None and rows["A0"]["nik_baris"] == 5
    # one person visited five times, and one home copied to all its members, are something else
    assert [rows[f"A{n}"]["nik_masalah"] for n in range(5, 15)] == [None] * 10


def test_a_card_number_is_the_members_own_before_the_households() -> None:
    tables = {
        "dtks_rumah_tangga": [{"idbdt": "D1", "nokk": KK}],
        "dtks_anggota": [
            {"idartbdt": "1", "nuk": "1", "nokk": "3519140701150020"},
            {"idartbdt": "2", "nuk": "1", "nokk": "0000000000000000", "hub_krt": "2"},
            {"idartbdt": "3", "nuk": "2", "nokk": "", "hub_krt": "3"},
            {"idartbdt": "4", "nuk": "1", "nokk": "0351914200700003", "hub_krt": "3"},
        ],
    }
    with warehouse(tables, models=[MODEL]) as con:
        rows = records(con, f"select kk from {MODEL} order by record_uid")
    assert [row["kk"] for row in rows] == ["3519140701150020", KK, None, KK]


DIGITS = st.text("0123456789", min_size=16, max_size=16)


@settings(max_examples=60, deadline=None)
@given(DIGITS, st.sampled_from([" {}", "{} ", "'{}", "{}.0", "`{}"]))
def test_decoration_never_changes_the_digits(digits: str, form: str) -> None:
    sql = expand("select nik_angka(nik_rapi(x)) from (select cast(? as varchar) as x) as t")
    value = duckdb.execute(sql, [form.format(digits)]).fetchone()
    assert value == (digits,)
