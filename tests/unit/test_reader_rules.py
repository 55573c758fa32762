"""What breaks a contract, row by row: the reason, the place, and that nothing else is lost with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtsen_pipeline.contracts import reader
from dtsen_pipeline.contracts.rules import REASONS, inline, mask, mask_sql

RUMAH = "idbdt,kdprop,kdkab,kdkec,kddesa,lantai,luas_lantai,jumlah_art,ada_tv,alamat,lastupdatedata"
ANGGOTA = "idartbdt,idbdt,nama,nik,tgllahir,jnskel"
BEASTS = "idbdt,kdprop,kdkab,kdkec,kddesa,luas_lantai,jumlah_art,jumlah_sapi"
GOOD = "D1,35,19,140,006,2,54.5,3,4,Jl. Anggrek 1,2025-01-15"
MEMBER = "A1,D1,SITI,3519142810124799,1979-03-16,2"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read(
    con: duckdb.DuckDBPyConnection,
    landing: Path,
    homes: list[str],
    members: list[str],
    heads: tuple[str, str] = (RUMAH, ANGGOTA),
) -> list[reader.FileReport]:
    folder = landing / "2025-03" / "dtks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rumah_tangga.csv").write_text("\n".join([heads[0], *homes]) + "\n", encoding="utf-8")
    (folder / "anggota.csv").write_text("\n".join([heads[1], *members]) + "\n", encoding="utf-8")
    return reader.read_source(con, landing, "2025-03", "dtks")


def reasons(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select line, kolom, nilai, alasan from quarantine.alasan order by tabel desc, line, kolom"
    ).fetchall()


def ids(con: duckdb.DuckDBPyConnection, table: str, key: str) -> list[str]:
    return [row[0] for row in con.execute(f"select {key} from {table} order by _file, _line").fetchall()]


def notes(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select kolom, nilai, alasan, jumlah, baris_pertama from quarantine.catatan order by tabel desc, kolom, nilai"
    ).fetchall()


def home(position: int, value: str, key: str = "D2") -> str:
    """The good household under another number, with one value changed."""
    fields = GOOD.replace("D1", key).split(",")
    fields[position] = value
    return ",".join(fields)


@pytest.mark.parametrize(
    ("position", "value", "column", "reason"),
    [
        (0, "", "idbdt", "wajib_kosong"),
        (0, "N/A", "idbdt", "wajib_kosong"),
        (0, "#REF!", "idbdt", "galat_lembar_kerja"),
        (0, "3.57301E+15", "idbdt", "angka_hilang"),
        (1, "-", "kdprop", "wajib_kosong"),
        (1, "tidak tahu", "kdprop", "wajib_kosong"),
        (1, "5", "kdprop", "panjang"),
        (1, "1.1E+01", "kdprop", "angka_hilang"),
        (2, "#NAME?", "kdkab", "galat_lembar_kerja"),
        (4, "0006", "kddesa", "panjang"),
    ],
)
def test_a_broken_required_value_sends_its_row_to_quarantine(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, position: int, value: str, column: str, reason: str
) -> None:
    reports = read(con, tmp_path, [GOOD, home(position, value)], [MEMBER])
    assert reasons(con) == [(3, column, value, reason)]
    assert ids(con, "raw.dtks_rumah_tangga", "idbdt") == ["D1"]
    kept = con.execute(f"select {column}, _file, _line from quarantine.dtks_rumah_tangga").fetchall()
    assert kept == [(value, "2025-03/dtks/rumah_tangga.csv", 3)]
    assert (reports[0].rows_read, reports[0].rows_quarantined, reports[0].values_noted) == (2, 1, 0)


@pytest.mark.parametrize(
    ("position", "value", "column", "reason"),
    [
        (5, "11", "lantai", "kode_tidak_dikenal"),
        (5, "keramik", "lantai", "kode_tidak_dikenal"),
        (6, "luas", "luas_lantai", "bukan_bilangan"),
        (6, "12 m2", "luas_lantai", "bukan_bilangan"),
        (6, "Rp 500.000", "luas_lantai", "bukan_bilangan"),
        (6, "1.852.000", "luas_lantai", "bukan_bilangan"),
        (6, "-1", "luas_lantai", "di_luar_batas"),
        (7, "0", "jumlah_art", "di_luar_batas"),
        (7, "2.5", "jumlah_art", "bukan_bilangan"),
        (8, "1", "ada_tv", "kode_tidak_dikenal"),
        (9, "#NAME?", "alamat", "galat_lembar_kerja"),
        (10, "kemarin", "lastupdatedata", "tanggal_tak_terbaca"),
        (10, "#VALUE!", "lastupdatedata", "galat_lembar_kerja"),
        (10, "TIDAK TAHU", "lastupdatedata", "tanpa_jawaban"),
        (7, "--", "jumlah_art", "tanpa_jawaban"),
    ],
)
def test_a_broken_optional_value_costs_itself_and_a_note_and_not_its_row(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, position: int, value: str, column: str, reason: str
) -> None:
    report, _ = read(con, tmp_path, [GOOD, home(position, value), home(position, value, "D3")], [MEMBER])
    assert reasons(con) == []
    assert ids(con, "raw.dtks_rumah_tangga", "idbdt") == ["D1", "D2", "D3"]
    assert con.execute(f"select {column} from raw.dtks_rumah_tangga where idbdt <> 'D1'").fetchall() == [
        (None,),
        (None,),
    ]
    shown = mask(value) if column == "alamat" else value
    assert notes(con) == [(column, shown, reason, 2, 3)]
    assert (report.rows_quarantined, report.values_noted) == (0, 2)
    filled = con.execute("select source, tabel, kolom, terisi from quarantine.isian").fetchall()
    assert filled == [("dtks", "rumah_tangga", column, 1)]


HUGE = [
    "1e99",
    "-1e99",
    "1e309",
    "inf",
    "-Infinity",
    "NaN",
    "2147483647",
    "2147483648",
    "9" * 30,
    "9" * 400,
    "-1",
    "99999",
    "1e-400",
]


def test_what_no_household_has_is_emptied_with_a_note(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [f"D{n},35,19,140,006,{value},{value},{value}" for n, value in enumerate(HUGE[:-1])]
    read(con, tmp_path, [*rows, f"E,35,19,140,006,{HUGE[-1]},9,9"], [], (BEASTS, ANGGOTA))
    assert reasons(con) == []
    held = con.execute(
        "select distinct luas_lantai, jumlah_art, jumlah_sapi from raw.dtks_rumah_tangga where idbdt <> 'E'"
    )
    assert held.fetchall() == [(None, None, None)]
    assert {row[2] for row in notes(con)} == {"bukan_bilangan", "di_luar_batas", "tanpa_jawaban"}


def test_what_few_households_have_is_kept(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, ["D1,35,19,140,006,4999.5,30,500", "D2,35,19,140,006,-0,1,0"], [], (BEASTS, ANGGOTA))
    assert (reasons(con), notes(con)) == ([], [])
    assert con.execute(f"select {inline('angka', 'luas_lantai')}::varchar from raw.dtks_rumah_tangga").fetchall() == [
        ("4999.5",),
        ("0.0",),
    ]


@pytest.mark.parametrize("day", ["1899-12-29", "1905-01-01", "2010-12-31", "2025-05-01", "2052-01-15", "2199-12-31"])
def test_a_visit_before_the_list_or_after_the_delivery_is_emptied(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, day: str
) -> None:
    read(con, tmp_path, [GOOD, home(10, day)], [MEMBER])
    assert con.execute("select lastupdatedata from raw.dtks_rumah_tangga where idbdt = 'D2'").fetchall() == [(None,)]
    assert [(row[0], row[1]) for row in notes(con)] == [("lastupdatedata", day)]
    told = con.execute("select keterangan, explanation from quarantine.catatan").fetchall()
    if day != "1899-12-29":  # which is a zero
        assert "2011-01-01..akhir bulan" in told[0][0] and "2011-01-01..the end of the month" in told[0][1]


@pytest.mark.parametrize("day", ["2011-01-01", "2025-03-31", "30/04/2025"])
def test_a_visit_between_the_bounds_is_kept_and_a_delivery_may_come_late(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, day: str
) -> None:
    read(con, tmp_path, [home(10, day)], [MEMBER])
    assert con.execute("select lastupdatedata from raw.dtks_rumah_tangga").fetchall() == [(day,)]
    assert notes(con) == []


@pytest.mark.parametrize(("day", "kept"), [("1900-01-03", 1), ("1899-06-30", 0), ("2025-03-31", 1), ("2025-06-01", 0)])
def test_nobody_is_born_in_another_century_or_after_the_delivery(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, day: str, kept: int
) -> None:
    read(con, tmp_path, [GOOD], [MEMBER.replace("1979-03-16", day)])
    assert con.execute("select count(tgllahir) from raw.dtks_anggota").fetchall() == [(kept,)]
    assert reasons(con) == [] and len(notes(con)) == 1 - kept


NO_ANSWER = ["-", "--", "---", ".", "?", "–", "N/A", "#N/A", "n.a.", "NULL", "<null>", "None", "NaN", "\\N", "kosong", "xxx",
             "TIDAK TAHU", "tdk tahu", "Tdk. Tahu", "TIDAK  TAHU", "BELUM TAHU", "blm tahu", "tidak diketahui", "TIDAK ADA",
             "tidak ada data", "NIHIL", "(kosong)", "0000-00-00", "00/00/0000", "0000-00-00 00:00:00"]  # fmt: skip


@pytest.mark.parametrize("value", NO_ANSWER)
def test_what_says_that_there_is_no_answer_is_none_in_a_column_of_any_type(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, value: str
) -> None:
    rows = [home(position, value, f"D{position}") for position in range(5, 11)]
    read(con, tmp_path, [GOOD, *rows], [MEMBER])
    assert reasons(con) == []
    assert {row[2] for row in notes(con)} == {"tanpa_jawaban"} and len(notes(con)) == 6
    filled = "select count(lantai), count(luas_lantai), count(jumlah_art), count(ada_tv), count(alamat) from raw.dtks_rumah_tangga"
    assert con.execute(filled).fetchall() == [(6,) * 5]


ERRORS = ["#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "Err:508", "#WERT!",
          "#¡VALOR!", "#NAMA?", "########"]  # fmt: skip


@pytest.mark.parametrize("value", ERRORS)
def test_an_error_of_a_spreadsheet_is_never_a_name_or_an_address(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, value: str
) -> None:
    read(con, tmp_path, [GOOD, home(9, value)], [MEMBER, MEMBER.replace("A1", "A2").replace("SITI", value)])
    assert [row[1:] for row in reasons(con)] == [("nama", mask(value), "galat_lembar_kerja")]
    assert [(row[0], row[2]) for row in notes(con)] == [("alamat", "galat_lembar_kerja")]
    assert ids(con, "raw.dtks_anggota", "nama") == ["SITI"]


@pytest.mark.parametrize(
    "name", ["NANA", "X", "NI", "TIDAK", "NONENG", "ADA", "KOSONGAN", "#12", "O", "BELUM", "NAT", "ÉNA"]
)
def test_a_short_name_and_a_word_of_another_meaning_are_kept(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    read(con, tmp_path, [GOOD], [MEMBER.replace("SITI", name)])
    assert (ids(con, "raw.dtks_anggota", "nama"), reasons(con), notes(con)) == ([name], [], [])


def test_a_label_of_the_contract_that_elsewhere_means_no_answer_is_an_answer(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert p3ke(con, tmp_path, "Tidak Ada", "daya_terpasang") == []
    assert con.execute("select daya_terpasang from raw.p3ke_keluarga").fetchall() == [("Tidak Ada",)]
    assert notes(con) == []


def test_a_row_with_two_broken_values_goes_on_without_them(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], ["A1,D1,SITI,3519142810124799,besok,7"])
    assert reasons(con) == []
    assert con.execute("select nama, tgllahir, jnskel from raw.dtks_anggota").fetchall() == [("SITI", None, None)]
    assert [row[0] for row in notes(con)] == ["jnskel", "tgllahir"]


LONG = "idartbdt,idbdt,nik,nokk,nama,tmplahir,tgllahir,jnskel,hub_krt,sta_kawin,penyakit_kronis,ada_pkh,ada_pbi,lastupdatedata"
WHOLE = "A1,D1,3519142810124799,3519142810120001,SITI,MADIUN,1979-03-16,2,3,2,7,1,1,2025-01-15"


@pytest.mark.parametrize("first", [2, 4, 5])
@pytest.mark.parametrize("step", [1, -1])
def test_a_row_whose_columns_have_shifted_is_quarantined_whole(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, first: int, step: int
) -> None:
    fields = WHOLE.replace("A1", "A2").split(",")
    rest = [*fields[first + 1 :], ""] if step == 1 else ["", *fields[first:-1]]
    if first == 4 and step == -1:
        rest[0] = "BUDI"  # its name is there, or the row would be without one
    read(con, tmp_path, [GOOD], [WHOLE, ",".join([*fields[:first], *rest])], (RUMAH, LONG))
    told = [row for row in reasons(con) if row[1] is None]
    assert ids(con, "raw.dtks_anggota", "idartbdt") == ["A1"]
    assert told == [(3, None, None, "kolom_bergeser")] or ("nama", "wajib_kosong") in {
        (r[1], r[3]) for r in reasons(con)
    }
    assert notes(con) == []


def test_a_habit_that_spoils_many_values_of_a_row_in_one_way_is_no_shift(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    read(con, tmp_path, [GOOD], [WHOLE.replace("2,3,2,7,1,1", "99,99,99,99,99,99")], (RUMAH, LONG))
    assert reasons(con) == []
    assert len(notes(con)) == 6


def test_a_code_that_a_spreadsheet_made_a_date_costs_the_code_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    read(con, tmp_path, [GOOD], [WHOLE.replace(",2,3,2,7,", ",2025-02-01,3,2,7,")], (RUMAH, LONG))
    assert reasons(con) == []
    assert [row[0] for row in notes(con)] == ["jnskel"]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("kdprop", "35.0", "35"), ("kdprop", '"35,00"', "35"), ("kdprop", '"=""35"""', "35"), ("kdprop", "=35", "35"),
        ("kdprop", '"=""""35"""""', "35"), ("kdprop", '"""35"""', "35"), ("kdprop", "３５", "35"), ("kdprop", "35\u200b", "35"),
        ("kdprop", "\u202f35\u2009", " 35 "), ("kdprop", "'=35", "35"), ("kdprop", "'35'", "35"),
        ("kdkab", "3", "03"), ("kdkab", "3.0", "03"), ("kdkec", "60", "060"), ("kdkec", "6", "006"), ("kddesa", "=6", "006"),
        ("kddesa", "'6", "006"), ("kddesa", " 17 ", "017"),
    ],
)  # fmt: skip
def test_a_code_is_read_as_what_it_was_before_a_spreadsheet_had_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, column: str, written: str, code: str
) -> None:
    read(con, tmp_path, [home(RUMAH.split(",").index(column), written)], [])
    assert (ids(con, "raw.dtks_rumah_tangga", column), reasons(con), notes(con)) == ([code], [], [])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("11.01.01.2001", "1101012001"), ("11-01-01-2001", "1101012001"), ("11 01 01 2001", "1101012001"),
        ("11\u00a001\u00a001\u00a02001", "1101012001"), ("1.206.062.017", "1206062017"), ('"1,206,062,017"', "1206062017"),
        ("1101012001.0", "1101012001"), ('"=""11.01.01.2001"""', "1101012001"), ("110101.2001", "1101012001"),
    ],
)  # fmt: skip
def test_an_area_code_in_official_notation_or_grouped_is_the_code(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, written: str, code: str
) -> None:
    assert p3ke(con, tmp_path, "", area=written) == []
    assert ids(con, "raw.p3ke_keluarga", "kode_kemdagri") == [code]


@pytest.mark.parametrize("written", ["11.01.01", "1,10101E+09", "101012001", "11.01.01.20010", "11.1.1.2001"])
def test_an_area_code_with_digits_lost_or_added_is_broken(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, written: str
) -> None:
    (told,) = p3ke(con, tmp_path, "", area=f'"{written}"')
    assert told[1:3] == ("kode_kemdagri", written)


@pytest.mark.parametrize(
    ("family", "member"),
    [
        ('"=""77"""', "77"),
        ("77", "77.0"),
        ("77.0", "77"),
        ("=77", "'77"),
        ('"""77"""', "77\u200b"),
        ("７７", "77"),
        ("'77'", "77,0"),
    ],
)
def test_a_family_and_its_member_meet_however_a_spreadsheet_wrote_their_number(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, family: str, member: str
) -> None:
    quoted = f'"{member}"' if "," in member else member
    read(con, tmp_path, [GOOD.replace("D1", family)], [MEMBER.replace(",D1,", f",{quoted},")])
    assert reasons(con) == []
    assert ids(con, "raw.dtks_rumah_tangga", "idbdt") == ["77"]
    assert ids(con, "raw.dtks_anggota", "ltrim(idbdt, chr(39))") == ["77"]


def test_every_column_loses_the_wrapper_and_a_formula_stays_a_text(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    wrapped = '"=""A1""",D1,"=""SITI""","=""3519142810124799""","=""1979-03-16""",=2'
    poison = 'A2,D1,"=HYPERLINK(""http://x"",""y"")",,,'
    read(con, tmp_path, [home(6, '"=""54,5"""', "D1")], [wrapped, poison])
    assert (reasons(con), notes(con)) == ([], [])
    assert con.execute("select luas_lantai from raw.dtks_rumah_tangga").fetchall() == [("54,5",)]
    first, second = con.execute(
        "select idartbdt, nama, nik, tgllahir, jnskel from raw.dtks_anggota order by _line"
    ).fetchall()
    assert first == ("A1", "SITI", "3519142810124799", "1979-03-16", "2")
    assert second[1] == '=HYPERLINK("http://x","y")'


def test_one_key_in_two_wrappings_is_one_key(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(
        con,
        tmp_path,
        [GOOD],
        [MEMBER, MEMBER.replace("A1", '"=""A1"""'), MEMBER.replace("A1", "9.0"), MEMBER.replace("A1", "9")],
    )
    assert [row[3] for row in reasons(con)] == ["kunci_ganda"] * 2
    assert sorted(ids(con, "raw.dtks_anggota", "idartbdt")) == ["9", "A1"]


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (1, " 35"), (1, "'35"), (5, "02"), (5, "2.0"), (5, ""), (5, " "), (6, '"54,5"'), (7, "3.0"),
        (8, " 3"), (10, "15/01/2025"), (10, "45672"),
        (10, "2025"), (10, "31/02/2025"), (10, "2025-01-15 10:00:00"),
    ],
)  # fmt: skip
def test_what_can_be_read_is_no_break_and_stays_as_it_was_written(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, position: int, value: str
) -> None:
    fields = GOOD.split(",")
    fields[position] = value
    read(con, tmp_path, [",".join(fields)], [MEMBER])
    assert reasons(con) == []
    column = RUMAH.split(",")[position]
    assert con.execute(f"select {column} from raw.dtks_rumah_tangga").fetchall() == [(value.strip('"'),)]


def test_a_personal_value_is_told_by_its_shape_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], ["A1,D1,SITI,3519142810124799,16 Maret 79 kiranya,2"])
    assert notes(con) == [("tgllahir", "99 xxxxx 99 xxxxxxx", "tanggal_tak_terbaca", 1, 2)]
    told = con.execute("select keterangan || explanation from quarantine.catatan").fetchone()
    assert told and "Maret" not in told[0]


def test_a_row_is_told_once_for_each_of_its_broken_values(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], ["A1,D1,,x,besok,7"])
    assert [(row[1], row[3]) for row in reasons(con)] == [
        ("jnskel", "kode_tidak_dikenal"),
        ("nama", "wajib_kosong"),
        ("tgllahir", "tanggal_tak_terbaca"),
    ]
    assert con.execute("select count(*) from quarantine.dtks_anggota").fetchone() == (1,)


def test_a_damaged_nik_is_no_break_of_the_contract(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    niks = ["", "3.57301E+15", "35730145017900031", "357301450I79O003", "0000000000000000"]
    read(con, tmp_path, [GOOD], [f"A{i},D1,SITI,{nik},1979-03-16,2" for i, nik in enumerate(niks)])
    assert reasons(con) == []
    assert ids(con, "raw.dtks_anggota", "nik") == niks


def test_of_a_repeated_key_one_row_stays_whatever_the_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [MEMBER, MEMBER.replace("SITI", "AMINAH"), MEMBER.replace("A1", " A1 ")]
    for number, order in enumerate(([0, 1, 2], [2, 1, 0], [1, 0, 2])):
        read(con, tmp_path / str(number), [GOOD], [rows[i] for i in order])
        assert [(column, why) for _, column, _, why in reasons(con)] == [("idartbdt", "kunci_ganda")] * 2
        assert ids(con, "raw.dtks_anggota", "idartbdt") == [" A1 "]


def test_a_broken_row_does_not_cost_its_good_namesake(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], [MEMBER.replace("SITI", "#REF!"), MEMBER])
    assert [row[0] for row in con.execute("select _line from raw.dtks_anggota").fetchall()] == [3]


def test_a_member_without_a_delivered_household_is_rejected(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD], [MEMBER, MEMBER.replace("A1,D1", "A2,D9")])
    assert reasons(con) == [(3, "idbdt", "D9", "induk_tidak_ada")]
    assert ids(con, "raw.dtks_anggota", "idartbdt") == ["A1"]


def test_members_of_a_quarantined_household_go_on(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, [GOOD.replace(",35,", ",5,")], [MEMBER, MEMBER.replace("A1,D1", "A2, D1")])
    assert ids(con, "quarantine.dtks_rumah_tangga", "idbdt") == ["D1"]
    assert ids(con, "raw.dtks_anggota", "idartbdt") == ["A1", "A2"]


def test_two_periods_of_one_area_are_two_rows_and_the_same_period_twice_is_one(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "referensi"
    folder.mkdir()
    rows = [
        "1,94,94,PAPUA,2010-01-01,2022-11-16,",
        "1,94,97,PAPUA TENGAH,2022-11-17,,",
        "1,94,97,PAPUA TENGAH,17/11/2022,,",
    ]
    head = "tingkat,kode_kemendagri,kode_bps,nama,berlaku_dari,berlaku_sampai,kode_kemendagri_baru"
    (folder / "wilayah.csv").write_text("\n".join([head, *rows]))
    (folder / "susenas.csv").write_text("id_ruta,kode_bps_kabupaten,penimbang,jumlah_art,pengeluaran_per_kapita\n")
    reader.read_source(con, tmp_path, "2025-03", "referensi")
    assert [row[1:] for row in reasons(con)] == [("kode_kemendagri", "94", "kunci_ganda")]


@pytest.mark.parametrize("label", ["Milik sendri", "1", "Listrik"])
def test_a_label_outside_the_list_is_emptied(con: duckdb.DuckDBPyConnection, tmp_path: Path, label: str) -> None:
    assert p3ke(con, tmp_path, label) == []
    assert notes(con) == [("sumber_penerangan", label, "label_tidak_dikenal", 1, 2)]


@pytest.mark.parametrize(
    "label", ["LISTRIK PLN METERAN", "listrik  pln meteran ", "Listrik Pribadi > 900 Watt", "Non-Listrik", ""]
)
def test_a_label_is_known_in_any_case_spacing_and_by_its_aliases(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, label: str
) -> None:
    assert p3ke(con, tmp_path, label) == []
    assert con.execute("select sumber_penerangan, bpnt from raw.p3ke_keluarga").fetchall() == [(label, "YA")]


def p3ke(
    con: duckdb.DuckDBPyConnection,
    landing: Path,
    label: str,
    column: str = "sumber_penerangan",
    area: str = "3519142006",
) -> list[tuple[object, ...]]:
    folder = landing / "2025-03" / "p3ke"
    folder.mkdir(parents=True)
    (folder / "keluarga.csv").write_text(
        f"id_keluarga,kode_kemdagri,{column},bnpt\nP1,{area},{label},YA\n", encoding="utf-8"
    )
    (folder / "individu.csv").write_text("id_individu,id_keluarga,nama\nI1,P1,SITI\n")
    reader.read_source(con, landing, "2025-03", "p3ke")
    return reasons(con)


def test_a_code_that_is_a_word_is_known_in_any_case(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "2025-03" / "pemutakhiran"
    folder.mkdir(parents=True)
    head = "id_usulan,tanggal,jenis,status\n"
    (folder / "bulan ini.csv").write_text(
        head + "U1,2025-03-02,hidup lagi,disahkan\nU2,2025-03-02,Meninggal,DISAHKAN\n"
    )
    reader.read_source(con, tmp_path, "2025-03", "pemutakhiran")
    assert reasons(con) == [(2, "jenis", "hidup lagi", "kode_tidak_dikenal")]
    assert ids(con, "raw.pemutakhiran_usulan", "id_usulan") == ["U2"]


def test_every_reason_is_told_in_both_languages(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    bad = GOOD.replace("D1,35", "D2,5").replace(",2,54.5,3,", ",99,x,0,").replace("2025-01-15", "x")
    few = [home(5, "99", "D4"), home(6, "x", "D5"), home(7, "0", "D6"), home(10, "-", "D7"), home(10, "x", "D8")]
    shift = [GOOD.replace("D1", "D9").replace(",2,54.5,3,4,", ",a,b,c,d,"), GOOD.replace("D1", "1E+10")]
    read(
        con,
        tmp_path,
        [GOOD, bad, "D3", *few, *shift],
        [MEMBER, MEMBER, "A2,D9,,,,", 'A3,D1,"SITI"x,,,', "A4,D1,#REF!,,,", "A5,D1,SITI,,1899-12-30,2"],
    )
    rows = con.execute(
        "select alasan, keterangan, explanation from quarantine.alasan union select alasan, keterangan, explanation "
        "from quarantine.catatan"
    ).fetchall()
    assert {row[0] for row in rows} == set(REASONS) - {"karakter_nul", "label_tidak_dikenal"} - {"induk_tidak_ada"} | {
        "wajib_kosong"
    }
    assert all(row[1] and row[2] and row[1] != row[2] and "{" not in row[1] + row[2] for row in rows)
    assert ("kode_tidak_dikenal", "bukan salah satu kode 1, 2, 3, 4, 5, 6, 7, 8, 9, 10") in {row[:2] for row in rows}


@given(st.text())
def test_the_mask_leaves_no_letter_and_no_digit(value: str) -> None:
    masked = mask(value)
    assert len(masked) == len(value)
    assert not [c for c in masked if (c.isalpha() and c != "x") or (c.isdecimal() and c != "9")]


def test_the_mask_is_the_same_in_sql() -> None:
    values = ["16 Maret 1979", "Jl. É. Nuñez No. 5", "3573-0145", "", "¼ ②"]
    masked = duckdb.execute(f"select {mask_sql('v')} from (select unnest(?) as v)", [values]).fetchall()
    assert [row[0] for row in masked] == [mask(value) for value in values]


member_rows = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", "", "A4"]),
        st.sampled_from(["D1", "D9", " D1"]),
        st.sampled_from(["SITI", "", '"a, ""b"""', '"baris\nbaru"']),
        st.sampled_from(["", "x"]),
        st.sampled_from(["1979-03-16", "besok", "1979"]),
        st.sampled_from(["1", "2,", "9", ""]),
    ).map(",".join),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(member_rows)
def test_every_row_is_either_kept_or_in_quarantine_with_a_reason(tmp_path: Path, rows: list[str]) -> None:
    with duckdb.connect() as con:
        _, report = read(con, tmp_path, [GOOD], rows)
        assert report.rows_read == len(rows)
        accepted = con.execute("select _line from raw.dtks_anggota").fetchall()
        refused = con.execute("select _line from quarantine.dtks_anggota").fetchall()
        assert len(accepted) + len(refused) == len(rows) and report.rows_quarantined == len(refused)
        starts = [2 + sum(1 + row.count("\n") for row in rows[:i]) for i in range(len(rows))]
        assert sorted(line for (line,) in accepted + refused) == starts
        told = con.execute("select distinct line from quarantine.alasan where tabel = 'anggota'").fetchall()
        assert sorted(told) == sorted(refused)
