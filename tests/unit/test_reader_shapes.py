"""Tables whose outer form is not the expected one: harmless shape is read on and told, doubt is refused or quarantined."""

from __future__ import annotations

import datetime
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dtsen_pipeline.contracts import incoming, ingest, model, reader
from dtsen_pipeline.errors import InputError

HEAD = "nik,nama_lengkap,tanggal_lahir,tempat_lahir,jenis_kelamin"
PEOPLE = ("1,SITI,1979-01-02,SOLO,Perempuan", "2,AGUS,1980-02-03,,", "3,BUDI,1981-03-04,MALANG,Laki-laki")
CLEAN = [("1", "SITI", "1979-01-02"), ("2", "AGUS", "1980-02-03"), ("3", "BUDI", "1981-03-04")]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def put(landing: Path, content: bytes | str, name: str = "penduduk.csv") -> Path:
    path = landing / "2025-03" / "dukcapil" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(con: duckdb.DuckDBPyConnection, landing: Path) -> list[reader.FileReport]:
    return reader.read_source(con, landing, "2025-03", "dukcapil")


def people(con: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    return con.execute("select nik, nama_lengkap, tanggal_lahir from raw.dukcapil_penduduk order by _line").fetchall()


def lines(con: duckdb.DuckDBPyConnection) -> list[int]:
    return [line for (line,) in con.execute("select _line from raw.dukcapil_penduduk order by _line").fetchall()]


def rejected(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    return con.execute("select line, alasan from quarantine.alasan order by all").fetchall()


def passed_over(landing: Path, name: str = "penduduk.csv") -> tuple[str, ...]:
    table = model.load()["dukcapil"].tables["penduduk"]
    with duckdb.connect() as con:
        incoming.create_incoming(con, table)
        facts, *_ = ingest.load_file(con, landing / "2025-03" / "dukcapil" / name, name, table)
    return facts.passed_over


def text(*rows: str, end: str = "\n") -> str:
    return end.join([*rows, ""])


# Above and beside the table -------------------------------------------------------------------------------------------------

SHAPES = {
    "a comma after every row": (text(HEAD, *(f"{row}," for row in PEOPLE)), 2, 0),
    "three commas after every row": (text(HEAD, *(f"{row},,," for row in PEOPLE)), 2, 0),
    "a comma after the header and the rows": (text(f"{HEAD},", *(f"{row}," for row in PEOPLE)), 2, 0),
    "a comma after the header alone": (text(f"{HEAD},,", *PEOPLE), 2, 0),
    "a comma after one row": (text(HEAD, PEOPLE[0] + ",", *PEOPLE[1:]), 2, 0),
    "a comma after every row, CRLF": (text(HEAD, *(f"{row}," for row in PEOPLE), end="\r\n"), 2, 0),
    "sep=": (text("sep=,", HEAD, *PEOPLE), 3, 1),
    "sep= with a mark and quotes": ("\ufeff" + text('"sep=;"', *(r.replace(",", ";") for r in (HEAD, *PEOPLE))), 3, 1),
    "sep= of an odd sign": (text("sep=^", *(row.replace(",", "^") for row in (HEAD, *PEOPLE))), 3, 1),
    "sep= that is not true": (text("sep=;", HEAD, *PEOPLE), 3, 1),
    "a title": (text("DATA PENDUDUK", HEAD, *PEOPLE), 3, 1),
    "a title, its date, an empty line": (text("DATA PENDUDUK,,,,", "Kec. Wungu, Maret 2025", "", HEAD, *PEOPLE), 5, 1),
    "a title with a stray quote": (text('DATA "PENDUDUK', "", HEAD, *PEOPLE), 4, 1),
    "empty lines": (text("", "", HEAD, *PEOPLE), 4, 0),
    "tabs": (text(*(row.replace(",", "\t") for row in (HEAD, *PEOPLE))), 2, 0),
    "a title above tabs": (text("DATA, 2025", *(row.replace(",", "\t") for row in (HEAD, *PEOPLE))), 3, 1),
    "a row of column numbers": (text(HEAD, "(1),(2),(3),(4),(5)", *PEOPLE), 3, 1),
    "a row of plain numbers": (text(HEAD, "1,2,3,4,5", *PEOPLE), 3, 1),
    "a row of letters": (text(HEAD, "a,b,c,d,e", *PEOPLE), 3, 1),
    "commas at the end": (text(HEAD, *PEOPLE, ",,,,", ",,,,"), 2, 1),
    "Ctrl-Z": (text(HEAD, *PEOPLE) + "\x1a", 2, 1),
    "Ctrl-Z behind the last record": (text(HEAD, *PEOPLE)[:-1] + "\x1a", 2, 1),
    "zero bytes": (text(HEAD, *PEOPLE) + "\0" * 512, 2, 1),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("packed", [False, True])
def test_harmless_shape_is_read_on_and_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, shape: str, packed: bool
) -> None:
    content, first, told = SHAPES[shape]
    put(tmp_path, gzip.compress(content.encode()) if packed else content)
    (report,) = read(con, tmp_path)
    assert (people(con), rejected(con)) == (CLEAN, [])
    assert lines(con) == [first, first + 1, first + 2]
    assert report.rows_read == 3
    assert len(passed_over(tmp_path)) == told
    assert not [word for word in ("PENDUDUK", "Wungu", "sep=;") if word in str(passed_over(tmp_path))]


@pytest.mark.parametrize(
    "shape", ["a comma after every row", "sep=", "a title", "tabs", "a comma after the header alone"]
)
def test_harmless_shape_does_not_slow_a_file_down(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    monkeypatch.setattr(ingest, "load_csv_by_record", None)
    put(tmp_path, SHAPES[shape][0])
    read(con, tmp_path)
    assert people(con) == CLEAN


# What the header is not ------------------------------------------------------------------------------------------------------

SITI = "3519142810124799,SITI,1979-03-16,SURABAYA,Perempuan"
GLUED = {
    "glued": HEAD + SITI,
    "glued, the row in quotes": HEAD + '"' + SITI.replace(",", '","') + '"',
    "glued, all in quotes": '"' + (HEAD + '""' + SITI).replace(",", '","') + '"',
    "glued, with a comma between": f"{HEAD},{SITI}",
    "glued, with a number of letters": HEAD + "D1" + SITI[16:],
    "glued by a required column": "jenis_kelamin,tempat_lahir,nama_lengkap,nik,tanggal_lahir1979-03-16,SOLO,SITI,3519142810124799",
    "glued, with a day in words": f"{HEAD},P1,SITI,16 Maret 1979,SURABAYA,x",
    "two rows glued": HEAD + SITI + SITI,
    "a number in blanks": f"{HEAD},3519 1428 1012 4799",
    "a number rounded": f"{HEAD},3.51914E+15",
    "codes": f"{HEAD},3,1,4,1,5",
}


@pytest.mark.parametrize("form", GLUED)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_person_in_the_header_is_refused_by_place_and_not_quoted(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str, delimiter: str
) -> None:
    rows = [GLUED[form], *PEOPLE]
    put(tmp_path, text(*(row.replace(",", delimiter) if delimiter != "," else row for row in rows)))
    with pytest.raises(InputError, match="look like values") as error:
        read(con, tmp_path)
    assert (error.value.file, error.value.line) == ("2025-03/dukcapil/penduduk.csv", 1)
    assert error.value.action and error.value.expected
    told = str(error.value)
    assert not [word for word in ("SITI", "3519", "4799", "1979", "SURABAYA", "SOLO", "Maret") if word in told]


def test_the_places_of_a_person_in_the_header_are_told(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, text(f"No,{HEAD},1979-03-16,3519142810124799,catatan,2001-01-01", *PEOPLE))
    with pytest.raises(InputError, match=r"\b3 judul.*kolom/column 7-8, 10\n"):
        read(con, tmp_path)


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_person_in_the_header_is_refused_in_every_format(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    names = [*HEAD.split(","), *SITI.split(",")]
    path = put(tmp_path, "")
    if form == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(names)  # type: ignore[union-attr]
        book.create_sheet().append(HEAD.split(","))  # a table without a row does not stand in for it
        book.save(path)
    else:
        pq.write_table(pa.table({name: ["1"] for name in names}), path)
    with pytest.raises(InputError, match="look like values") as error:
        read(con, tmp_path)
    assert "SITI" not in str(error.value)


OFFICES = (
    [
        "No",
        "No.",
        "1",
        "Kolom1",
        "Unnamed: 0",
        "catatan",
        "tahun 2024",
        "Nama Petugas",
        "tgl_update",
        "kolom_17",
        "",
        "Desil 2023",
    ],
    [
        "nilai_2025-03",
        "nilai_202503",
        "unduh_20250317",
        "TA 2024/2025",
        "Bansos Rp 600000",
        "jenis_kelamin_kk",
        "statusKK",
        "% RTM",
    ],
    [str(month) for month in range(1, 13)],
    ["2021", "2022", "2023", "2024"],
    ["1", "2", "3", "17", "Laki-laki", "Perempuan"],
    [f"tambahan_{i}" for i in range(60)],
)


@pytest.mark.parametrize("names", OFFICES)
@pytest.mark.parametrize("before", [True, False])
def test_columns_that_offices_add_are_no_persons(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, names: list[str], before: bool
) -> None:
    more = ["x"] * len(names)
    rows = [(line.split(","), names if line == HEAD else more) for line in (HEAD, *PEOPLE)]
    put(tmp_path, text(*(",".join(extra + own if before else own + extra) for own, extra in rows)))
    read(con, tmp_path)
    assert (people(con), rejected(con)) == (CLEAN, [])


@pytest.mark.parametrize("name", ["Rama", "NAMA_LENGKAB"])
def test_a_cell_near_to_a_column_is_told_by_the_column(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    """Someone may be called nearly as a column is."""
    put(tmp_path, text(f"nik,tanggal_lahir,tempat_lahir,{name}", "1,1979-03-16,SOLO,SITI"))
    with pytest.raises(InputError, match="required columns") as error:
        read(con, tmp_path)
    assert name.lower() not in str(error.value).lower()
    assert ("nama_lengkap (kolom/column 4)" in str(error.value)) == (name != "Rama")


@pytest.mark.parametrize("sign", ["S", "1", '"'])
def test_a_mark_of_a_delimiter_that_is_none_is_passed_over(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, sign: str
) -> None:
    put(tmp_path, text(f"sep={sign}", HEAD, *PEOPLE))
    (report,) = read(con, tmp_path)
    assert (people(con), report.delimiter) == (CLEAN, ",")


def test_a_name_with_a_comma_is_not_taken_for_a_comma_too_many(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Its row has an empty field past the end too, but a birth date in the place of the birthplace."""
    put(tmp_path, text(HEAD, *PEOPLE, "4,DEWI, SE,1979-01-02,,", PEOPLE[0].replace("1,", "5,", 1) + ","))
    read(con, tmp_path)
    assert rejected(con) == [(5, "jumlah_kolom")]
    assert lines(con) == [2, 3, 4, 6]
    kept = con.execute("select _lain from quarantine.dukcapil_penduduk").fetchone()
    assert kept == ('{"_teks":"4,DEWI, SE,1979-01-02,,"}',)


def test_a_value_past_the_last_column_is_a_flaw_still(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, text(HEAD, *(f"{row}," for row in PEOPLE), "4,DEWI,1979-01-02,,,x"))
    read(con, tmp_path)
    assert (lines(con), rejected(con)) == ([2, 3, 4], [(5, "jumlah_kolom")])


@pytest.mark.parametrize(
    "footer", ["Jumlah: 3", "Jumlah,3,,,", "Sumber: Dukcapil,,,,", "TOTAL,,3,,", '"Jumlah, semua"', ",,,,Jumlah"]
)
@pytest.mark.parametrize("end", ["\n", ""])
def test_what_stands_below_the_table_is_no_person(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, footer: str, end: str
) -> None:
    put(tmp_path, text(HEAD, *PEOPLE) + footer + end)
    read(con, tmp_path)
    assert people(con) == CLEAN
    assert [line for line, _ in rejected(con)]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "again", [HEAD, HEAD.upper(), '"nik","nama_lengkap","tanggal_lahir","tempat_lahir","jenis_kelamin"']
)
def test_a_header_that_comes_again_where_files_were_joined_is_no_person(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, mark: str, again: str
) -> None:
    put(tmp_path, mark + text(HEAD, PEOPLE[0], mark + again, "(1),(2),(3),(4),(5)", *PEOPLE[1:]))
    read(con, tmp_path)
    assert (people(con), lines(con), rejected(con)) == (CLEAN, [2, 5, 6], [])
    assert len(passed_over(tmp_path)) == 2


@pytest.mark.parametrize("mark", ["\ufeff", "\x1a", "\x1a\ufeff"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_mark_before_the_first_row_of_a_joined_file_is_not_part_of_its_key(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, mark: str, quote: str
) -> None:
    """The byte order mark of the second file, or the end mark that DOS left behind the first."""
    last = PEOPLE[2].replace("BUDI", f"{quote}BUDI{quote}")
    put(tmp_path, text("\ufeff" + HEAD, PEOPLE[0], mark + PEOPLE[1], last))
    read(con, tmp_path)
    assert people(con) == CLEAN


def test_no_sign_of_a_file_is_taken_for_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The first of the private signs, by which the reader once told an empty field from none."""
    put(tmp_path, text(HEAD, PEOPLE[0].replace("SITI", "\ue000"), *PEOPLE[1:]))
    read(con, tmp_path)
    assert people(con)[0] == ("1", "\ue000", "1979-01-02")


def test_a_second_header_in_another_order_is_refused_by_line(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(
        tmp_path,
        text(HEAD, PEOPLE[0], "nama_lengkap,nik,tanggal_lahir,jenis_kelamin,tempat_lahir", "AGUS,2,1980-02-03,,"),
    )
    with pytest.raises(InputError, match="second header") as error:
        read(con, tmp_path)
    assert error.value.line == 3


def sheet(*rows: str) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row.split(","))  # type: ignore[union-attr]
    book.save(kept := io.BytesIO())
    return kept.getvalue()


@pytest.mark.parametrize("make", [text, sheet])
def test_rows_above_the_header_are_no_title(con: duckdb.DuckDBPyConnection, tmp_path: Path, make) -> None:
    """A sheet that was sorted with its header: "nik" comes after the digits."""
    put(tmp_path, make(PEOPLE[0], PEOPLE[1], HEAD, PEOPLE[2]))
    with pytest.raises(InputError, match="rows of data above the header") as error:
        read(con, tmp_path)
    assert error.value.line == 1
    assert not any(name in str(error.value) for name in ("SITI", "AGUS", "1979"))


@pytest.mark.parametrize(
    "above",
    [
        "1,2,3,4,5",
        "(1),(2),(3),(4),(5)",
        "No,Nama,Lahir,,L/P",
        "16,100,date,50,1",
        "Laki-laki,,Maret 2025,,",
        "a,b,c,d,e",
    ],
)
def test_numbers_and_words_above_the_header_are_no_rows(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, above: str
) -> None:
    put(tmp_path, text(above, HEAD, *PEOPLE))
    read(con, tmp_path)
    assert (people(con), rejected(con)) == (CLEAN, [])


def test_a_header_below_the_first_rows_is_not_looked_for(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, text(*(f"baris {i}" for i in range(30)), HEAD, *PEOPLE))
    with pytest.raises(InputError, match="required columns"):
        read(con, tmp_path)


# Encodings -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_line_is_read_in_its_own_encoding(con: duckdb.DuckDBPyConnection, tmp_path: Path, end: str) -> None:
    rows = [
        HEAD.encode(),
        "1,JOSÉ,1979,,".encode(),
        "2,RENÉ,1980,,".encode("cp1252"),
        '3,"NOÉ'.encode(),
        'MÍ",1981,,'.encode("cp1252"),
    ]
    put(tmp_path, end.encode().join([*rows, b""]))
    (report,) = read(con, tmp_path)
    assert [name for _, name, _ in people(con)] == ["JOSÉ", "RENÉ", f"NOÉ{end}MÍ"]
    assert report.encoding == "utf-8+cp1252"


@pytest.mark.parametrize(
    ("line", "byte"),
    [(b"2,REN\x81,1980,,", 6), ("2,JOSÉ ".encode() + b"REN\x81,1980,,", 12), (b"2,\xc3\x81\xc9,1980,,", 5)],
)
def test_a_line_in_no_encoding_is_refused_by_line_and_byte(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, line: bytes, byte: int
) -> None:
    put(tmp_path, b"\n".join([HEAD.encode(), "1,JOSÉ,1979,,".encode(), line, b""]))
    with pytest.raises(InputError, match=rf"byte {byte}\n") as error:
        read(con, tmp_path)
    assert error.value.line == 3


def test_a_file_cut_off_within_a_letter_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, text(HEAD, "1,JOSÉ,1979,,").encode() + "2,RENÉ,1980,,JOSÉ".encode()[:-1])
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.line == 3


# Archives and what is no table -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("padding", [b"\0" * 512, b"\n", b"\r\n", b"\0", b"\x1a"])
@pytest.mark.parametrize("members", [1, 3])
def test_padding_after_a_gzip_archive_is_passed_over(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, padding: bytes, members: int
) -> None:
    parts = [text(HEAD, *PEOPLE).encode()] if members == 1 else [text(row).encode() for row in (HEAD, *PEOPLE)]
    put(tmp_path, b"".join(gzip.compress(part) + padding for part in parts), "penduduk.csv.gz")
    read(con, tmp_path)
    assert people(con) == CLEAN
    assert passed_over(tmp_path, "penduduk.csv.gz")


FOREIGN = {
    "garbage after gzip": gzip.compress(text(HEAD, *PEOPLE).encode()) + b"garbage",
    "text after gzip": gzip.compress(text(HEAD).encode()) + text(*PEOPLE).encode(),
    "a second gzip cut off": gzip.compress(text(HEAD, *PEOPLE).encode()) + gzip.compress(text(*PEOPLE).encode())[:-6],
    "PDF": b"%PDF-1.7\n1 0 obj",
    "HTML": b"<!DOCTYPE html>\n<table><tr><td>nik</td></tr></table>",
    "Excel's XML": b'<?xml version="1.0"?><Workbook>',
    "JSON": b'[{"nik": "1", "nama_lengkap": "SITI"}]',
    "one JSON a line": b'{"nik": "1", "nama_lengkap": "SITI"}\n',
    "7z": b"7z\xbc\xaf\x27\x1c" + b"x" * 50,
    "database": b"SQLite format 3\0" + b"x" * 50,
    "picture": b"\x89PNG\r\n\x1a\n" + b"x" * 50,
    "ZIP of nothing": b"PK\x05\x06" + b"\0" * 18,
    "Parquet with a broken end": b"PAR1" + b"\0" * 50 + b"PAR1",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_no_table_is_refused_with_what_to_do(con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str) -> None:
    put(tmp_path, FOREIGN[kind])
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.file == "2025-03/dukcapil/penduduk.csv"
    assert error.value.action
    assert "SITI" not in str(error.value)


@pytest.mark.parametrize("raised", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_may_not_be_read_is_named(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: OSError
) -> None:
    def refuse(*_: object) -> None:
        raise raised

    put(tmp_path, text(HEAD, *PEOPLE))
    monkeypatch.setattr(ingest, "scan", refuse)
    with pytest.raises(InputError, match=str(raised.strerror)) as error:
        read(con, tmp_path)
    assert error.value.file == "2025-03/dukcapil/penduduk.csv"


def test_a_connection_that_dies_does_not_hide_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(con: duckdb.DuckDBPyConnection, path: Path, name: str, *_: object) -> None:
        con.close()
        raise InputError("rusak / damaged", file=name)

    put(tmp_path, text(HEAD, *PEOPLE))
    monkeypatch.setattr(reader, "load_file", die)
    with duckdb.connect() as con, pytest.raises(InputError, match="damaged"):
        read(con, tmp_path)


# Typed values ---------------------------------------------------------------------------------------------------------------

ZONE = datetime.timezone(datetime.timedelta(hours=7))


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/Los_Angeles", "UTC"])
@pytest.mark.parametrize("form", ["UTC", "Asia/Jakarta", "+08:00", "INT96", "none"])
def test_a_moment_is_the_day_in_jakarta_on_every_machine(tmp_path: Path, zone: str, form: str) -> None:
    """Midnight in Jakarta, by the clocks of 1955 (+7:30) and of today; in Makassar and Jayapura; and a day without a zone."""
    utc = [
        datetime.datetime(1985, 3, 11, 17),
        datetime.datetime(1955, 3, 11, 16, 30),
        datetime.datetime(1985, 3, 11, 16),
    ]
    utc.append(datetime.datetime(1985, 3, 11, 15))
    if form == "none":
        column = pa.array([datetime.datetime(1985, 3, 12), datetime.datetime(1955, 3, 12)] * 2, pa.timestamp("us"))
    elif form == "INT96":
        column = pa.array(utc, pa.timestamp("ns"))
    else:
        column = pa.array(utc, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us", tz=form))
    table = pa.table({"nik": list("1234"), "nama_lengkap": ["SITI"] * 4, "tanggal_lahir": column})
    path = put(tmp_path, "", "penduduk.parquet")
    pq.write_table(table, path, use_deprecated_int96_timestamps=form == "INT96")
    with duckdb.connect() as con:
        con.execute(f"set TimeZone = '{zone}'")
        read(con, tmp_path)
        days = [day for *_, day in people(con)]
    assert days == ["1985-03-12", "1955-03-12", "1985-03-12", "1955-03-12" if form == "none" else "1985-03-12"]


def test_numbers_of_other_systems_are_whole_and_what_is_not_a_number_is_nothing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    from decimal import Decimal

    table = pa.table(
        {
            "nik": pa.array([Decimal("3519142810124799.0000000000"), Decimal("10.5000000000")], pa.decimal128(38, 10)),
            "nama_lengkap": pa.array([b"JOS\xc3\x89", b"SITI"], pa.binary()),
            "tanggal_lahir": [datetime.date(1979, 1, 2)] * 2,
            "kode_kemendagri": pa.array([float("nan"), 3519142006.0]),
        }
    )
    pq.write_table(table, put(tmp_path, "", "penduduk.parquet"))
    read(con, tmp_path)
    assert con.execute("select nik, nama_lengkap, kode_kemendagri from raw.dukcapil_penduduk").fetchall() == [
        ("3519142810124799", "JOSÉ", None),
        ("10.5", "SITI", "3519142006"),
    ]
