"""What the macros read: dates, numbers, codes and placeholders as sources really write them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dtsen_pipeline.sql.macros import expand, to_spark

CON = duckdb.connect()
MACROS = ("bersih", "kosong", "angka", "bulat", "kode", "tanggal", "presisi_tanggal", "kunci_label")


@cache
def prepared(macro: str) -> str:
    """Name of the prepared statement that reads one value. Planning 49,000 characters of ``tanggal`` costs more than answering."""
    CON.execute(
        f"prepare baca_{macro} as {expand(f'select {macro}(nilai) from (select cast($1 as varchar) as nilai)')}"
    )
    return f"baca_{macro}"


def read(macro: str, value: str | None) -> Any:
    # Python can bind no parameter of EXECUTE.
    literal = "null" if value is None else "'" + value.replace("'", "''") + "'"
    row = CON.execute(f"execute {prepared(macro)}({literal})").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    "value", ["abc", "12x", "1.852.000", "1,852,000", "inf", "0x10", "1_000", "--5", "", "-", None]
)
def test_what_is_no_number_is_null_and_never_guessed(value: str | None) -> None:
    assert read("angka", value) is None
    assert read("bulat", value) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [("54.5", 54.5), ("54,5", 54.5), (" 7 ", 7), ("'7", 7), ("-3", -3), ("1.5E+06", 1.5e6), (".5", 0.5)],
)
def test_a_comma_is_a_decimal_comma(value: str, number: float) -> None:
    assert read("angka", value) == number


@pytest.mark.parametrize("value", ["3.5", "3,5", "99999999999", "1e3"])
def test_a_fraction_is_no_whole_number(value: str) -> None:
    assert read("bulat", value) is None


@pytest.mark.parametrize("value", ["1", "01", "1.0", "1,00", " 1", "'1", "\t1\u00a0"])
def test_one_code_in_many_spellings(value: str) -> None:
    assert read("kode", value) == 1
    assert read("bulat", value) == 1


def test_a_code_has_no_sign() -> None:
    assert read("kode", "-1") is None


@pytest.mark.parametrize(
    "value", ["", "  ", "-", "NULL", "null", "NA", "N/A", "#N/A", "nan", "'", "'-", "0000-00-00", "\u00a0"]
)
def test_placeholders_mean_missing(value: str) -> None:
    assert read("kosong", value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  SITI AMINAH ", "SITI AMINAH"),
        ("'3573014501790003", "3573014501790003"),
        ("MA'RUF'", "MA'RUF'"),
        ("NANA", "NANA"),
    ],
)
def test_cleaning_takes_blanks_and_the_leading_apostrophe_only(value: str, text: str) -> None:
    assert read("kosong", value) == text


@pytest.mark.parametrize(
    "value",
    [
        "kemarin",
        "79/03/16",
        "1979-03",
        "99/99/9999",
        "60001",
        "0",
        "1979-03-16x",
        "infinity",
        "17 Agsutus 1979",
        "16-03-79",
    ],
)
def test_what_is_no_date_is_null(value: str) -> None:
    assert read("tanggal", value) is None
    assert read("presisi_tanggal", value) is None


@pytest.mark.parametrize(
    "value", ["1975", "1975.0", "1975-00-00", "00/00/1975", "31/02/1975", "1975-02-30", "19750000", "12/31/1975"]
)
def test_where_the_day_is_missing_or_impossible_the_year_is_kept(value: str) -> None:
    assert read("tanggal", value) == date(1975, 1, 1)
    assert read("presisi_tanggal", value) == "tahun"


@pytest.mark.parametrize(
    "value",
    [
        "1979-03-16", "1979-3-16", "1979/03/16", "16/03/1979", "16/3/1979", "16-03-1979", "16.03.1979", "19790316",
        "19790316.0",
        "1979-03-16 00:00:00", "1979-03-16T10:15:00Z", "16/03/1979 00:00", "'1979-03-16", " 28930 ", "28930.0",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(value: str) -> None:
    assert read("tanggal", value) == date(1979, 3, 16)
    assert read("presisi_tanggal", value) == "hari"


@pytest.mark.parametrize(
    ("serial", "day"), [("3", date(1900, 1, 3)), ("59", date(1900, 2, 28)), ("61", date(1900, 3, 1))]
)
def test_spreadsheet_days_around_the_leap_day_that_never_was(serial: str, day: date) -> None:
    assert read("tanggal", serial) == day


# Without the days that programs write for "none".
ZEROS = {
    date(1899, 12, 29),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(1900, 1, 2),
    date(1903, 12, 31),
    date(1904, 1, 1),
}
days = st.dates(date(1800, 1, 1), date(2199, 12, 31)).filter(lambda day: day not in ZEROS)


@settings(max_examples=60, deadline=None)
@given(days, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d", "%Y-%m-%d 00:00:00"]))
def test_every_day_is_read_back_from_every_way_of_writing_it(day: date, form: str) -> None:
    written = day.strftime(form)
    assert (read("tanggal", written), read("presisi_tanggal", written)) == (day, "hari")


@settings(max_examples=60, deadline=None)
@given(st.integers(61, 60_000).filter(lambda n: not 1800 <= n <= 2199))
def test_every_spreadsheet_day_is_read_back(serial: int) -> None:
    assert read("tanggal", f"{serial}.0") == date(1899, 12, 30) + timedelta(days=serial)


@settings(max_examples=60, deadline=None)
@given(st.integers(-(2**31), 2**31 - 1), st.sampled_from(["{}", "{}.0", " {} ", "'{}", "{},0"]))
def test_every_whole_number_is_read_back(number: int, form: str) -> None:
    assert read("bulat", form.format(number)) == number


@settings(max_examples=60, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=3))
def test_every_decimal_is_read_back_with_point_or_comma(number: Any) -> None:
    assert read("angka", str(number)) == float(number)
    assert read("angka", str(number).replace(".", ",")) == float(number)


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789", min_size=15, max_size=17))
def test_a_number_kept_as_text_loses_no_digit(nik: str) -> None:
    assert read("kosong", f"'{nik} ") == nik


KEYS = expand(
    "select kunci_urut(urut, cast(tanggal as date), prioritas) as kunci, kunci_tanggal(kunci), kunci_sumber(kunci, 'a,b,c,d') "
    "from (select $1::bigint as urut, $2 as tanggal, $3::integer as prioritas)"
)
ranked = st.tuples(st.integers(1, 10**9), st.dates(date(1800, 1, 1), date(2199, 12, 31)) | st.none(), st.integers(1, 4))


@settings(max_examples=100, deadline=None)
@given(st.lists(ranked, min_size=1, max_size=6))
@example([(1, date(1969, 12, 31), 1), (1, date(1970, 1, 1), 1), (2, date(1900, 1, 1), 4), (2, date(2100, 12, 31), 1)])
def test_a_key_gives_back_its_day_and_source_and_sorts_by_rank_first(rows: list[Any]) -> None:
    keys = []
    for rank, day, source in rows:
        key, *told = CON.execute(KEYS, [rank, day, source]).fetchone() or ()
        assert told == ([day, "abcd"[source - 1]] if day else [None, None])
        keys += [((rank, day, source), key)] if day else []
    assert [row for row, _ in sorted(keys, key=lambda one: one[1])] == sorted(row for row, _ in keys)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once_and_every_macro_takes_any_text(value: str) -> None:
    once = read("bersih", value)
    assert read("bersih", once) == once
    for macro in MACROS:
        read(macro, value)


@pytest.mark.parametrize("macro", MACROS)
def test_no_macro_is_left_for_spark_to_look_up(macro: str) -> None:
    spark = to_spark(f"select {macro}(kolom) as x from raw.t").lower()
    assert not [name for name in (*MACROS, "tanggal_lengkap", "tahun_tanggal", "nomor_hari") if f"{name}(" in spark]
    assert "try_strptime" not in spark
