"""Dates as people, report writers and other countries' spreadsheets write them: never another day than a person would read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_fixture import Row, records, warehouse

from dtsen_pipeline.contracts import reader
from dtsen_pipeline.errors import InputError
from tests.unit.test_macros import days
from tests.unit.test_macros import read as macro

# By itself: the macro


@pytest.mark.parametrize(
    "value",
    [
        "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "0001-01-01", "1753-01-01", "1601-01-01", "1904-01-01",
        "9999-12-31", "1111-11-11", "01/01/1900", "30/12/1899", "12/30/1899", "1/0/1900", "00/01/1900", "0", "1", "2", "0.0",
        "1.0", "00-Jan-00", "00-Jan-1900", "1 Januari 1900", "19000101", "18991230", "0000-00-00 00:00:00", "00/00/0000",
        "0001-01-01T00:00:00Z", "1899-12-30 00:00:00", "1899-12-29T17:00:00Z", "1/1/1900 12:00:00 AM", "1/1/0001", "1900",
    ],
)  # fmt: skip
def test_the_zero_of_a_program_is_no_date_in_any_form(value: str) -> None:
    assert (macro("tanggal", value), macro("presisi_tanggal", value), macro("tanggal_nol", value)) == (None, None, True)


@pytest.mark.parametrize("value", ["1985-03-12", "12/03/1985", "1970-01-01", "3", "TIDAK TAHU", "", None, "2000-01-01"])
def test_what_is_no_zero_is_not_called_one(value: str | None) -> None:
    assert macro("tanggal_nol", value) is False


@pytest.mark.parametrize(
    "value",
    [
        "12 Mraet 1985", "12 Maretan 1985", "12101012", "1203185", "1031985", "12-03-85", "85-03-12", "12-Mar-85",
        "1985-03-12 s/d 1985-04-12", "12/03/1985 atau 13/03/1985", "12--1985", "-1", "12/03",
    ],
)  # fmt: skip
def test_what_a_person_would_not_read_as_one_day_is_none(value: str) -> None:
    assert macro("tanggal", value) is None


@pytest.mark.parametrize(
    "value", ["Maret 1985", "00 Maret 1985", "31 Feb 1985", "03251985", "1985-25-03", "12/31/1985"]
)
def test_a_day_that_is_missing_or_impossible_leaves_the_year(value: str) -> None:
    assert (macro("tanggal", value), macro("presisi_tanggal", value)) == (date(1985, 1, 1), "tahun")


@pytest.mark.parametrize(
    "value",
    [
        # midnight in Jakarta, told from elsewhere
        "1985-03-11T17:00:00Z", "1985-03-11T17:00:00.000Z", "1985-03-11T17:00:00+00:00", "1985-03-11 17:00:00+00",
        "1985-03-11 17:00:00 UTC", "11/03/1985 17:00:00 +00:00", "1985-03-11 5:00:00 PM +00:00", "19850311T170000Z",
        "Mon, 11 Mar 1985 17:00:00 GMT", "Mon Mar 11 17:00:00 UTC 1985", "1985-03-11t17:00:00z",
        # midnight in Jakarta, told there
        "1985-03-12T00:00:00+07:00", "1985-03-12 00:00:00 +0700", "1985-03-12 00:00:00+07", "1985-03-12 00:00:00 WIB",
        "Tue Mar 12 1985 00:00:00 GMT+0700 (Western Indonesia Time)", "Tue Mar 12 00:00:00 WIB 1985", "1985-03-12+07:00",
        # midnight in Makassar and in Jayapura
        "1985-03-11T16:00:00Z", "1985-03-11T15:00:00Z", "1985-03-12T00:00:00+09:00", "1985-03-11T22:00:00+07:00",
        # midnight in Greenwich, and no zone
        "1985-03-12T00:00:00Z", "1985-03-12T00:00:00", "12-03-1985 07.30",
    ],
)  # fmt: skip
def test_an_instant_is_the_day_whose_midnight_it_tells(value: str) -> None:
    assert (macro("tanggal", value), macro("presisi_tanggal", value)) == (date(1985, 3, 12), "hari")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1955-03-11T16:30:00Z", date(1955, 3, 12)),
        ("1955-03-12 00:00:00+07:30", date(1955, 3, 12)),
        ("1949-03-11T16:00:00Z", date(1949, 3, 12)),
        ("1944-03-11T15:00:00Z", date(1944, 3, 12)),
        ("1920-03-11T16:52:48Z", date(1920, 3, 12)),
        ("1985-03-11T16:30:00Z", date(1985, 3, 11)),
        ("1985-03-11T16:00:01Z", date(1985, 3, 11)),
        ("1984-12-31T17:00:00Z", date(1985, 1, 1)),
    ],
)
def test_the_clocks_of_the_time_are_those_that_told_the_midnight(value: str, day: date) -> None:
    assert macro("tanggal", value) == day


@pytest.mark.parametrize(
    "value",
    [
        "12 Maret 1985", "12 MARET 1985", "12-Mar-1985", "12 Mrt 1985", "Selasa, 12 Maret 1985", "12Mar1985", "Maret 12, 1985",
        "March 12 1985", "12-III-1985", "Bandung, 12-03-1985", "12031985", "12 03 1985", "12 Maret 1985 10:00 WIB", "1985-Mar-12",
        "tgl 12-03-1985", "19850312000000", "12/03/1985 07:00 PM", "12th March 1985", "12_03_1985", "Jakarta, 12 Maret 1985",
    ],
)  # fmt: skip
def test_one_day_as_people_write_it(value: str) -> None:
    assert (macro("tanggal", value), macro("presisi_tanggal", value)) == (date(1985, 3, 12), "hari")


NAMES = [
    "Januari Januari Jan January I", "Februari Pebruari Feb February II", "Maret Mrt Mar March III", "April Apr APR April IV",
    "Mei MEI Mei May V", "Juni Jun JUNI June VI", "Juli Jul JULI July VII", "Agustus Agt Agust August VIII",
    "September Sept Sep September IX", "Oktober Okt OKT October X", "November Nopember Nop November XI",
    "Desember Des DES December XII",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    days,
    st.integers(0, 4),
    st.sampled_from(["{d} {m} {y}", "{d:02}-{m}-{y}", "{m} {d}, {y}", "{y}/{m}/{d}", "Kudus, {d} {m} {y}"]),
)
def test_every_month_in_words_is_read_back(day: date, which: int, form: str) -> None:
    name = NAMES[day.month - 1].split()[which]
    assert macro("tanggal", form.format(d=day.day, m=name, y=day.year)) == day


@settings(max_examples=80, deadline=None)
@given(st.dates(date(1910, 1, 1), date(2199, 12, 31)), st.integers(0, 14 * 4), st.booleans())
def test_a_local_midnight_is_read_back_from_every_zone(day: date, quarter: int, east: bool) -> None:
    offset = timedelta(minutes=15 * quarter) * (1 if east else -1)
    told = datetime(day.year, day.month, day.day) - timedelta(hours=7) + offset
    hours, minutes = divmod(15 * quarter, 60)
    assert macro("tanggal", f"{told:%Y-%m-%dT%H:%M:%S}{'+' if east else '-'}{hours:02}:{minutes:02}") == day


# By the column: the reader

HEAD = "idartbdt,idbdt,nama,nik,tgllahir,jnskel"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def delivered(
    con: duckdb.DuckDBPyConnection, landing: Path, dates: Sequence[str], niks: Sequence[str] = ()
) -> list[str]:
    """What stands in raw after the reader has seen the whole column."""
    folder = landing / "2025-03" / "dtks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rumah_tangga.csv").write_text("idbdt,kdprop,kdkab,kdkec,kddesa\nD1,35,19,140,006\n", encoding="utf-8")
    rows = [f'A{i},D1,SITI,{niks[i] if niks else ""},"{day}",2' for i, day in enumerate(dates)]
    (folder / "anggota.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    reader.read_source(con, landing, "2025-03", "dtks")
    return [row[0] for row in con.execute("select tgllahir from raw.dtks_anggota order by _line").fetchall()]


def notes(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("select alasan, sum(jumlah)::int from quarantine.catatan group by 1 order by 1").fetchall()


def test_both_orders_in_one_column_are_refused_with_the_evidence_and_no_value(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        delivered(con, tmp_path, ["4/21/1958", "21/04/1958", "4/22/1958", "1/2/1990"])
    said = str(refused.value)
    assert refused.value.column == "tgllahir" and "anggota.csv" in said
    assert "1 hanya dapat/can only be DD/MM/YYYY (baris/line 3)" in said
    assert "2 hanya dapat/can only be MM/DD/YYYY (baris/line 2)" in said
    assert "1958" not in said


@pytest.mark.parametrize(
    "form", ["{m}/{d}/{y}", "{m:02}-{d:02}-{y}", "{m}.{d}.{y}", "{m}/{d}/{y} 12:00:00 AM", "{m:02}{d:02}{y}"]
)
def test_a_column_is_month_first_where_what_decides_says_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    wanted = [date(1958, 4, 21), date(1984, 11, 8), date(2010, 6, 9)]
    written = [form.format(m=day.month, d=day.day, y=day.year) for day in wanted]
    assert delivered(con, tmp_path, written) == [str(day) for day in wanted]
    assert notes(con) == [("urutan_kolom", 3)]


def test_a_day_first_column_stays_as_it_was_delivered(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = ["21/04/1958", "08/11/1984", "11/8/1984 12:00:00 AM", "31/02/1975"]
    assert delivered(con, tmp_path, written) == written
    assert notes(con) == []


def test_a_slip_in_a_month_first_column_keeps_its_year_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert delivered(con, tmp_path, ["4/21/1958"] * 98 + ["21/4/1958", "5/4/1958"])[-2:] == ["1958", "1958-05-04"]
    assert notes(con) == [("urutan_kolom", 99), ("urutan_tak_pasti", 1)]


def test_where_no_value_decides_the_niks_do(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    niks = ["3519144811840001", "3519144906100001"]
    assert delivered(con, tmp_path, ["11/8/1984", "6/9/2010"], niks) == ["1984-11-08", "2010-06-09"]
    niks = ["3519145108840001", "3519144609100001"]
    assert delivered(con, tmp_path, ["11/8/1984 12:00:00 AM", "6/9/2010"], niks) == [
        "11/8/1984 12:00:00 AM",
        "6/9/2010",
    ]


def test_where_nothing_decides_a_half_day_clock_leaves_the_year(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert delivered(con, tmp_path, ["11/8/1984 12:00:00 AM", "3/3/2010 12:00:00 AM"]) == [
        "1984",
        "3/3/2010 12:00:00 AM",
    ]
    assert notes(con) == [("urutan_tak_pasti", 1)]


def test_days_first_that_the_niks_deny_keep_their_year_where_both_orders_fit(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    told = delivered(con, tmp_path, ["11/8/1984"] * 25 + ["25/03/1985"], ["3519144811840001"] * 25 + [""])
    assert set(told[:25]) == {"1984"} and told[25] == "25/03/1985"


def test_a_year_first_column_may_have_its_days_before_its_months(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert delivered(con, tmp_path, ["1958-21-04", "1984-08-11"]) == ["1958-04-21", "1984-11-08"]
    assert delivered(con, tmp_path, ["1958-04-21", "1984-08-11", "1990-25-03"])[1:] == ["1984-08-11", "1990-25-03"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("12-Mar-85", "1985-03-12"), ("12/03/85", "1985-03-12"), ("12 Mei 85", "1985-05-12"), ("31-Mar-25", "2025-03-31"),
        ("1-Apr-25", "1925-04-01"), ("12-Agt-10", "2010-08-12"), ("31/02/85", "1985"), ("12-Mraet-85", "12-Mraet-85"),
        ("85-03-12", "85-03-12"), ("12 RT 05", "12 RT 05"),
    ],
)  # fmt: skip
def test_two_digits_are_the_youngest_year_that_is_not_to_come(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, value: str, told: str
) -> None:
    delivered(con, tmp_path, [value])
    rows = con.execute(
        "select tgllahir from raw.dtks_anggota union all select tgllahir from quarantine.dtks_anggota"
    ).fetchall()
    assert rows in ([(told,)], [(None,)])


def test_where_the_year_stands_in_front_two_digits_are_left_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    delivered(con, tmp_path, ["85-03-12", "01-02-03"])
    assert con.execute("select count(*) from raw.dtks_anggota where tgllahir like '20%'").fetchone() == (0,)


# By the source: a day given far too often


def members(*dates: tuple[str, str]) -> dict[str, list[Row]]:
    rows: list[Row] = [
        {"idartbdt": f"DA{i}", "idbdt": f"D{i}", "tgllahir": day, "nik": nik} for i, (day, nik) in enumerate(dates)
    ]
    return {"dtks_anggota": rows, "dtks_rumah_tangga": [{"idbdt": f"D{i}"} for i in range(len(rows))]}


NARROW = ["intermediate.int_person_record", "intermediate.int_hari_semu"]


def test_a_day_that_stands_out_is_unknown_unless_the_rows_own_nik_names_it() -> None:
    ordinary = [(f"{year}-01-01", "") for year in range(1970, 1990) for _ in range(3) if year not in (1970, 1980)]
    rows = members(*ordinary, *[("1980-01-01", "")] * 20, ("1980-01-01", "3519140101800001"))
    with warehouse(rows, models=NARROW) as con:
        kept = records(
            con,
            "select count(*) as n, count(nik) as nik from intermediate.int_person_record where tgl_lahir = '1980-01-01'",
        )
        found = records(con, "select tanggal, jumlah, biasa, baris_diabaikan from intermediate.int_hari_semu")
        assert kept == [{"n": 1, "nik": 1}]
        assert found == [{"tanggal": date(1980, 1, 1), "jumlah": 21, "biasa": 3, "baris_diabaikan": 20}]
        assert records(con, "select count(*) as n from intermediate.int_person_record where tgl_lahir is not null") == [
            {"n": 55}
        ]


def test_heaps_on_new_year_and_leap_days_are_peoples_own() -> None:
    heaps = [
        (f"{year}-01-01", "") for year in range(1960, 1990) for _ in range(16 if year % 10 else 40) if year != 1970
    ]
    leaps = [(f"{year}-02-29", "") for year in range(1960, 1990, 4) for _ in range(16)]
    with warehouse(members(*heaps, *leaps), models=["intermediate.int_hari_semu"]) as con:
        assert records(con, "from intermediate.int_hari_semu") == []


def test_the_first_day_of_unix_is_believed_of_those_whose_nik_names_it() -> None:
    rows = members(("1970-01-01", ""), ("1970-01-01", "3519144101700001"), ("1970-01-01", "3519142003790001"))
    with warehouse(rows, models=NARROW) as con:
        kept = records(con, "select record_id from intermediate.int_person_record where tgl_lahir is not null")
        assert kept == [{"record_id": "DA1"}]
