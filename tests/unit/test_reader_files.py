"""Every way a file may come, and may be damaged: what is read is exact, what cannot be read changes nothing."""

from __future__ import annotations

import csv
import datetime
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtsen_pipeline.contracts import ingest, reader
from dtsen_pipeline.errors import InputError

HEAD = ["nik", "nama_lengkap", "tanggal_lahir", "tempat_lahir", "jenis_kelamin"]
ROWS = [
    ["3519142810124799", "SITI NURHALIZA", "1979-03-16", "Surabaya", "Perempuan"],
    ["'3519142810124798", 'JOSÉ "ZÉ" DA COSTA', "16/03/1979", "", "laki-laki"],
    ["3519142810124797", "AGUS; BUDI, JR|X", "28930", "Kab. Müna", ""],
]
VALUES = "select nik, nama_lengkap, tanggal_lahir, tempat_lahir, jenis_kelamin from raw.dukcapil_penduduk"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def as_csv(rows: list[list[str]], delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def put(landing: Path, name: str, content: bytes | str) -> Path:
    path = landing / "2025-03" / "dukcapil" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(con: duckdb.DuckDBPyConnection, landing: Path) -> list[reader.FileReport]:
    return reader.read_source(con, landing, "2025-03", "dukcapil")


def lines(con: duckdb.DuckDBPyConnection, schema: str = "raw") -> list[int]:
    return [
        row[0] for row in con.execute(f"select _line from {schema}.dukcapil_penduduk order by _file, _line").fetchall()
    ]


def flaws(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("select line, alasan from quarantine.alasan order by file, line").fetchall()


# Damage that stops the run -----------------------------------------------------------------------------------------

WHOLE = as_csv([HEAD, *ROWS])


def parquet_with_a_broken_page() -> bytes:
    """The length of a value goes past the page."""
    file = io.BytesIO()
    table = pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(HEAD)})
    pq.write_table(table, file, compression="none", use_dictionary=False)
    before, after = file.getvalue().split(b"SITI", 1)
    return before[:-4] + b"\xff\xff\xff\x7f" + b"SITI" + after


def excel_with_a_broken_sheet() -> bytes:
    """The sheet ends within a name, in an archive that is whole."""
    book, file, broken = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for row in (HEAD, *ROWS):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content.split(b"NURHALIZA")[0])
    return broken.getvalue()


DAMAGED = {
    "nothing": b"",
    "gzip of nothing": gzip.compress(b""),
    "gzip cut off": gzip.compress(WHOLE.encode() * 50)[:-20],
    "gzip with a wrong byte": gzip.compress(WHOLE.encode())[:-6] + b"\0\0\0\0\0\0",
    "record cut off in a field": WHOLE.encode()[: WHOLE.encode().rindex(b",") - 9],
    "record cut off in quotes": b'nik,nama_lengkap,tanggal_lahir\n1,"SITI",1979\n2,"AGUS',
    "record cut off in quotes after a line": b'nik,nama_lengkap,tanggal_lahir\n1,"SITI",1979\n2,"AGUS\n',
    "no header": as_csv(ROWS).encode(),
    "UTF-16 cut off": WHOLE.encode("utf-16")[:-1],
    "neither UTF-8 nor Windows-1252": WHOLE.encode("cp1252").replace(b"SITI", b"SI\x81\xe9"),
    "UTF-8 mark on other text": b"\xef\xbb\xbf" + WHOLE.encode("cp1252"),
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100,
    "Excel cut off": b"PK\x03\x04" + b"x" * 100,
    "Excel with a broken sheet": excel_with_a_broken_sheet(),
    "Parquet cut off": b"PAR1" + b"x" * 100,
    "Parquet with a broken page": parquet_with_a_broken_page(),
    "required column missing": as_csv([["nik", "nama_lengkap"], ["1", "SITI"]]).encode(),
    "a column twice": as_csv([[*HEAD, "NIK "], *([*row, "1"] for row in ROWS)]).encode(),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_stops_the_run_names_the_file_and_changes_nothing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, damage: str
) -> None:
    put(tmp_path, "penduduk.csv", WHOLE)
    read(con, tmp_path)
    before = (
        con.execute("select * from raw.dukcapil_penduduk").fetchall(),
        con.execute("from raw.deliveries").fetchall(),
    )
    put(tmp_path, "penduduk_0.csv", as_csv([HEAD, ["9", "NEW", "1979", "", ""]]))
    put(tmp_path, "penduduk_1.csv", DAMAGED[damage])
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.file == "2025-03/dukcapil/penduduk_1.csv"
    assert error.value.action
    assert not [word for word in ("SITI", "AGUS", "35191428") if word in str(error.value)]
    after = con.execute("select * from raw.dukcapil_penduduk").fetchall(), con.execute("from raw.deliveries").fetchall()
    assert after == before
    assert con.execute(
        "select count(*) from duckdb_tables() where table_name like '%\\_\\_baru' escape '\\'"
    ).fetchone() == (0,)


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        ("record cut off in a field", 4),
        ("record cut off in quotes", 3),
        ("neither UTF-8 nor Windows-1252", 2),
        ("no header", 1),
    ],
)
def test_the_line_of_the_damage_is_told(con: duckdb.DuckDBPyConnection, tmp_path: Path, damage: str, line: int) -> None:
    put(tmp_path, "penduduk.csv", DAMAGED[damage])
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.line == line


def test_the_missing_column_is_told(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk.csv", DAMAGED["required column missing"])
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.column == "tanggal_lahir"
    assert "nama_lengkap" in (error.value.expected or "")


@pytest.mark.parametrize("label", ["tgl_lahir", "TANGGAL LAHR", "tanggallahir"])
def test_a_misspelt_column_is_quoted(con: duckdb.DuckDBPyConnection, tmp_path: Path, label: str) -> None:
    put(tmp_path, "penduduk.csv", as_csv([["nik", "nama_lengkap", label], ["1", "SITI", "1979-03-16"]]))
    with pytest.raises(InputError, match="misspelt") as error:
        read(con, tmp_path)
    assert "(kolom/column 3)" in str(error.value)


@pytest.mark.parametrize(
    "first", [["35191428", "SITI", "1979-03-16"], ["NIKA", "Nama Lengkap", "1979-03-16"], ["1979-03-16"]]
)
def test_a_person_in_place_of_the_header_is_not(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, first: list[str]
) -> None:
    """Not even one whose name is nearly that of a column."""
    put(tmp_path, "penduduk.csv", as_csv([first, ["1", "BUDI", "1979-03-16"]]))
    with pytest.raises(InputError, match="no header line") as error:
        read(con, tmp_path)
    assert not [cell for cell in first if cell.lower() in str(error.value).lower()]


def test_a_cell_that_is_no_word_or_nearly_no_column_is_not_quoted(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = ["nik", "nama_lengkap", "tempat_lahir", "SITI", "tanggal_lahi1"]
    put(tmp_path, "penduduk.csv", as_csv([header, ["1", "BUDI", "SOLO", "", "1979-03-16"]]))
    with pytest.raises(InputError, match="tanggal_lahir") as error:
        read(con, tmp_path)
    assert not [word for word in ("siti", "lahi1") if word in str(error.value).lower()]


def test_one_damaged_source_leaves_all_sources_as_they_were(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    small_month(tmp_path)
    reader.read(con, tmp_path, "2025-03")
    before = con.execute("select * from raw.dtks_anggota").fetchall()
    (tmp_path / "2025-03/dtks/anggota.csv").write_text("idartbdt,idbdt,nama\nA9,D1,NEW\n")
    (tmp_path / "2025-03/regsosek/anggota.csv").write_text("id_anggota,id_keluarga,nama\nR1,K1")
    with pytest.raises(InputError):
        reader.read(con, tmp_path, "2025-03")
    assert con.execute("select * from raw.dtks_anggota").fetchall() == before


# Broken rows, which do not stop it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        ("2,AGUS,1979-01-01", "jumlah_kolom"),
        ("2,AGUS,1979-01-01,,,,x", "jumlah_kolom"),
        ("2,AGUS, JR,1979-01-01,,", "jumlah_kolom"),
        ("2", "jumlah_kolom"),
        ('2,"AGUS"X,1979-01-01,,', "kutip_rusak"),
        ('2,"AGUS,1979-01-01,,', "kutip_rusak"),
        ("2,AG\0US,1979-01-01,,", "karakter_nul"),
    ],
)
def test_a_broken_row_is_quarantined_whole_and_its_neighbours_are_not(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, row: str, flaw: str
) -> None:
    put(
        tmp_path,
        "penduduk.csv",
        "\n".join([",".join(HEAD), "1,SITI,1979,,", row, "3,BUDI,1979,,", '4,"DEWI",1979,,']) + "\n",
    )
    (report,) = read(con, tmp_path)
    assert lines(con) == [2, 4, 5]
    assert flaws(con) == [(3, flaw)]
    kept = con.execute("select _lain from quarantine.dukcapil_penduduk").fetchone()
    assert kept and json.loads(kept[0]) == {"_teks": row}
    assert (report.rows_read, report.rows_quarantined) == (4, 1)


def test_a_few_ragged_rows_do_not_slow_a_file_down(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "load_csv_by_record", None)
    put(tmp_path, "penduduk.csv", "\n".join([",".join(HEAD), "1,SITI,1979,,", "2,AGUS", "3,BUDI,1979,,,x", ""]))
    read(con, tmp_path)
    assert (lines(con), flaws(con)) == ([2], [(3, "jumlah_kolom"), (4, "jumlah_kolom")])


def test_an_open_quote_in_the_middle_does_not_swallow_the_rest(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    good = [f"{i},NAMA {i},1979,," for i in range(2, 300)]
    put(tmp_path, "penduduk.csv", "\n".join([",".join(HEAD), '1,"SITI,1979,,', *good]))
    read(con, tmp_path)
    assert flaws(con) == [(2, "kutip_rusak")]
    assert lines(con) == list(range(3, 301))


# What can be read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv_in_every_dialect(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, delimiter: str, encoding: str, end: str, packed: bool
) -> None:
    content = as_csv([HEAD, *ROWS], delimiter, end).encode(encoding)
    content = gzip.compress(content) if packed else content
    put(tmp_path, "penduduk_jatim.csv.gz" if packed else "Penduduk.CSV", content)
    (report,) = read(con, tmp_path)
    assert con.execute(VALUES).fetchall() == [tuple(row) for row in ROWS]
    assert lines(con) == [2, 3, 4]
    assert (report.format, report.delimiter) == ("csv", delimiter)
    assert report.encoding == encoding.removesuffix("-sig")
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.bytes == len(content)


def test_a_large_windows_1252_file_is_read_by_duckdb_the_same(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "MIN_CP1252_BYTES", 0)
    monkeypatch.setattr(ingest, "load_csv_by_record", None)
    put(tmp_path, "penduduk.csv", as_csv([HEAD, *ROWS]).encode("cp1252"))
    read(con, tmp_path)
    assert con.execute(VALUES).fetchall() == [tuple(row) for row in ROWS]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_file_with_line_breaks_in_values_and_blank_lines(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, end: str
) -> None:
    text = ["", ",".join(HEAD), "", '1,"SITI', 'NUR",1979,,', "", "2,AGUS,1979,,", "kurang", "3,BUDI,1979,,", "", ""]
    put(tmp_path, "penduduk.csv", end.join(text))
    read(con, tmp_path)
    assert lines(con) == [4, 7, 9]
    assert lines(con, "quarantine") == [8]
    assert con.execute(VALUES).fetchall()[0][1] == f"SITI{end}NUR"


def test_mixed_line_ends_and_a_last_line_without_one(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk.csv", ",".join(HEAD) + "\r\n1,SITI,1979,,\n2,AGUS,1979,,\r\n3,BUDI,1979,,")
    read(con, tmp_path)
    assert (lines(con), flaws(con)) == ([2, 3, 4], [])


def test_blank_lines_at_the_end_are_no_rows(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk.csv", WHOLE + "\n\n\n")
    (report,) = read(con, tmp_path)
    assert (report.rows_read, lines(con)) == (3, [2, 3, 4])


def test_a_file_with_only_a_header_has_no_rows(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk.csv", ",".join(HEAD))
    (report,) = read(con, tmp_path)
    assert (report.rows_read, lines(con)) == (0, [])


def test_columns_in_any_order_headers_in_any_case_and_what_is_not_in_the_contract_kept_aside(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    put(
        tmp_path,
        "penduduk.csv",
        'No; Nama Lengkap ;TANGGAL LAHIR;nik;catatan\n1;SITI;1979;3519;"a;b"\n2;AGUS;1979;3520;\n',
    )
    (report,) = read(con, tmp_path)
    assert con.execute("select nik, nama_lengkap, tanggal_lahir, no_kk from raw.dukcapil_penduduk").fetchall() == [
        ("3519", "SITI", "1979", None),
        ("3520", "AGUS", "1979", None),
    ]
    aside = con.execute("select _lain from raw.dukcapil_penduduk").fetchall()
    assert [json.loads(row[0]) for row in aside] == [{"No": "1", "catatan": "a;b"}, {"No": "2", "catatan": ""}]
    assert report.extra_columns == ("No", "catatan")
    assert set(report.missing_columns) == {
        "no_kk",
        "tempat_lahir",
        "jenis_kelamin",
        "nama_ibu",
        "kode_kemendagri",
        "status",
    }
    assert con.execute("select extra_columns, extra_places from raw.deliveries").fetchall() == [("No,catatan", "1,5")]


def test_several_files_of_several_formats_are_one_table(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk_b.csv", as_csv([HEAD, ROWS[0]]))
    put(tmp_path, "penduduk_a.csv.gz", gzip.compress(as_csv([HEAD[::-1], ROWS[1][::-1]], "|").encode("cp1252")))
    sheet(tmp_path, [HEAD, ROWS[2]])
    read(con, tmp_path)
    assert con.execute("select nik, _file, _line from raw.dukcapil_penduduk").fetchall() == [
        (ROWS[1][0], "2025-03/dukcapil/penduduk_a.csv.gz", 2),
        (ROWS[0][0], "2025-03/dukcapil/penduduk_b.csv", 2),
        (ROWS[2][0], "2025-03/dukcapil/penduduk_c.xlsx", 2),
    ]


def test_a_key_repeated_in_another_file_is_found(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk_1.csv", as_csv([HEAD, *ROWS]))
    put(tmp_path, "penduduk_2.csv", as_csv([HEAD, ROWS[0]]))
    first, second = read(con, tmp_path)
    assert (first.rows_quarantined, second.rows_quarantined) == (0, 1)


@pytest.mark.parametrize("name", ["penduduk [1].csv", "penduduk (salinan) k=1.csv", "penduduk's?*.csv"])
def test_no_sign_in_a_name_is_taken_for_a_pattern(con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    put(tmp_path, name, as_csv([HEAD, ROWS[0]]))
    book = openpyxl.Workbook()
    for row in (HEAD, ROWS[1]):
        book.active.append(row)
    book.save(put(tmp_path, f"{name}.xlsx", ""))
    pq.write_table(
        pa.table(dict(zip(HEAD, ([value] for value in ROWS[2]), strict=True))), put(tmp_path, f"{name}.parquet", "")
    )
    read(con, tmp_path)
    assert sorted(con.execute(VALUES).fetchall()) == sorted(tuple(row) for row in ROWS)
    assert {row[0] for row in con.execute("select jalur from raw.deliveries").fetchall()} == {
        f"2025-03/dukcapil/{name}{suffix}" for suffix in ("", ".xlsx", ".parquet")
    }
    told = {row[0] for row in con.execute("select file from raw.deliveries").fetchall()}
    assert len(told) == 3 and not set("[]'?=") & set("".join(told))


def test_a_name_that_is_a_persons_stays_in_the_warehouse(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    names = ["penduduk_SITI 3519142810124799.csv", "penduduk_AGUS 3519142810124780.csv"]
    for name, row in zip(names, ROWS, strict=False):
        put(tmp_path, name, as_csv([HEAD, row]))
    reports = read(con, tmp_path)
    told = [f"2025-03/dukcapil/penduduk_*~{n}.csv" for n in (1, 2)]
    assert [report.file for report in reports] == told and "SITI" not in repr(reports)
    kept = con.execute("select file, jalur from raw.deliveries order by file").fetchall()
    assert kept == [(told[0], f"2025-03/dukcapil/{names[1]}"), (told[1], f"2025-03/dukcapil/{names[0]}")]
    assert {row[0] for row in con.execute("select _file from raw.dukcapil_penduduk").fetchall()} == set(told)
    put(tmp_path, names[0], "SITI")
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.file == told[1] and "SITI" not in str(error.value)


def test_a_sheet_may_be_wider_than_its_column_called_as(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    extra = [f"tambahan_{i}" for i in range(60)]
    book.active.append([*HEAD, *extra])
    for row in ROWS:
        book.active.append([*row, *("x" for _ in extra)])
    book.save(put(tmp_path, "penduduk.xlsx", ""))
    (report,) = read(con, tmp_path)
    assert con.execute(VALUES).fetchall() == [tuple(row) for row in ROWS]
    assert set(report.extra_columns) == set(extra)


def test_the_name_does_not_decide_the_format(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, "penduduk.csv", gzip.compress(WHOLE.encode()))
    read(con, tmp_path)
    assert con.execute(VALUES).fetchall() == [tuple(row) for row in ROWS]


def test_parquet_keeps_dates_iso_and_whole_numbers_plain(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = pa.table(
        {
            "nama_lengkap": ["SITI", "AGUS"],
            "nik": pa.array([3519142810124799.0, 1.5], pa.float64()),
            "no_kk": pa.array([3519142810124799, None], pa.int64()),
            "tanggal_lahir": [datetime.date(1979, 3, 16), datetime.date(2001, 12, 1)],
            "jenis_kelamin": pa.array(["Perempuan", "Laki-laki"]).dictionary_encode(),
            "berat": pa.array([54.5, None], pa.float32()),
        }
    )
    path = put(tmp_path, "penduduk.parquet", "")
    pq.write_table(table, path)
    (report,) = read(con, tmp_path)
    values = con.execute(
        "select nik, no_kk, tanggal_lahir, jenis_kelamin, _line, _lain from raw.dukcapil_penduduk"
    ).fetchall()
    assert values == [
        ("3519142810124799", "3519142810124799", "1979-03-16", "Perempuan", 1, '{"berat":"54.5"}'),
        ("1.5", None, "2001-12-01", "Laki-laki", 2, '{"berat":null}'),
    ]
    assert report.format == "parquet"


def sheet(landing: Path, rows: Sequence[Sequence[object]], *more: Sequence[Sequence[object]]) -> None:
    book = openpyxl.Workbook()
    for i, content in enumerate((rows, *more)):
        page = book.active if i == 0 else book.create_sheet()
        for row in content:
            page.append(row)
    path = put(landing, "penduduk_c.xlsx", "")
    book.save(path)


def test_a_spreadsheet_with_gaps_days_and_a_page_of_notes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["3519142810124799", "SITI", datetime.date(1979, 3, 16), None, "Perempuan"],
        [],
        [3519142810124798, "AGUS", "1979"],
    ]
    sheet(tmp_path, rows, [["catatan"], ["halo"]], [])
    read(con, tmp_path)
    assert con.execute("select nik, nama_lengkap, tanggal_lahir, _line from raw.dukcapil_penduduk").fetchall() == [
        ("3519142810124799", "SITI", "1979-03-16", 2),
        ("3519142810124798", "AGUS", "1979", 4),
    ]


def test_a_cell_beyond_the_header_of_a_spreadsheet_is_not_passed_over(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sheet(tmp_path, [HEAD, [*ROWS[0], "x"], ROWS[1]])
    read(con, tmp_path)
    assert flaws(con) == [(2, "jumlah_kolom")]
    assert lines(con) == [3]


def test_two_pages_with_people_are_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    sheet(tmp_path, [HEAD, ROWS[0]], [HEAD, ROWS[1]])
    with pytest.raises(InputError, match="lembar"):
        read(con, tmp_path)


# Between letters, so that none is a wrapper or a mark for no answer; signs without a width are not for this test (see the rules).
cells = (
    st.text(
        st.characters(
            codec="utf-8",
            exclude_characters="\0\r\n\ufeff０１２３４５６７８９．，－／＝",
            exclude_categories=["Cf", "Zs"],
        ),
        max_size=12,
    )
    | st.sampled_from(["", '"', '""', ";", "a\nb", "\n", " x ", "NULL", "'1", "\\", '\\"', "#"])
).map(lambda cell: f"a{cell}a")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(cells, cells), max_size=6),
    st.sampled_from([",", ";", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_text_comes_out_as_it_went_in(
    tmp_path: Path, values: list[tuple[str, str]], delimiter: str, end: str, quoting: int
) -> None:
    rows = [[str(i), "NAMA", "1979", a, b] for i, (a, b) in enumerate(values)]
    head = ["nik", "nama_lengkap", "tanggal_lahir", "tempat_lahir", "nama_ibu"]
    put(tmp_path, "penduduk.csv", as_csv([head, *rows], delimiter, end, quoting))
    with duckdb.connect() as con:
        read(con, tmp_path)
        assert con.execute("select tempat_lahir, nama_ibu from raw.dukcapil_penduduk").fetchall() == values


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_bring_the_reader_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    landing = tmp_path_factory.mktemp("landing")
    put(landing, "penduduk.csv", b"nik,nama_lengkap,tanggal_lahir\n" + content)
    with duckdb.connect() as con:
        try:
            (report,) = read(con, landing)
        except InputError:
            return
        assert report.rows_read == len(lines(con)) + len(lines(con, "quarantine"))


# The whole month ----------------------------------------------------------------------------------------------------


def small_month(landing: Path) -> None:
    files = {
        "2025-03/dtks/rumah_tangga.csv": "idbdt,kdprop,kdkab,kdkec,kddesa\nD1,35,19,140,006\n",
        "2025-03/dtks/anggota.csv": "idartbdt,idbdt,nama\nA1,D1,SITI\nA2,D9,AGUS\n",
        "2025-02/regsosek/keluarga.csv": "x",
        "2025-03/regsosek/keluarga.csv": "id_keluarga,kode_provinsi,kode_kabupaten,kode_kecamatan,kode_desa\n"
        "K1,35,19,140,006\n",
        "2025-03/regsosek/anggota.csv": "id_anggota,id_keluarga,nama\nR1,K1,SITI\n",
        "2025-01/p3ke/keluarga.csv": "id_keluarga,kode_kemdagri\nP1,3519142006\n",
        "2025-01/p3ke/individu.csv": "id_individu,id_keluarga,nama\nI1,P1,SITI\n",
        "referensi/wilayah.csv": "tingkat,kode_kemendagri,kode_bps,nama,berlaku_dari\n1,35,35,JAWA TIMUR,2010-01-01\n",
        "referensi/susenas.csv": "id_ruta,kode_bps_kabupaten,penimbang,jumlah_art,pengeluaran_per_kapita\n"
        "S1,3519,40,3,1e6\n",
    }
    for name, content in files.items():
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        (landing / name).write_text(content)


def test_a_month_is_read_and_says_which_deliveries_it_took(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    small_month(tmp_path)
    told: list[str] = []
    reports = reader.read(con, tmp_path, "2025-03", progress=lambda report: told.append(report.file))
    assert told == [report.file for report in reports]
    taken = con.execute("select distinct source, bulan_kirim from raw.deliveries order by source").fetchall()
    assert taken == [("dtks", "2025-03"), ("p3ke", "2025-01"), ("referensi", None), ("regsosek", "2025-03")]
    assert con.execute("from raw.run").fetchall() == [(datetime.date(2025, 3, 1),)]
    assert con.execute("select source, tabel, line from quarantine.alasan").fetchall() == [("dtks", "anggota", 3)]
    for optional in ("dukcapil_penduduk", "pemutakhiran_usulan"):
        assert con.execute(f"select count(*) from raw.{optional}").fetchone() == (0,)


def test_reading_again_gives_the_same_tables(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    small_month(tmp_path)
    tables = ("raw.dtks_anggota", "quarantine.dtks_anggota", "quarantine.alasan", "raw.deliveries", "raw.run")

    def content() -> list[list[tuple[object, ...]]]:
        return [con.execute(f"from {table} order by all").fetchall() for table in tables]

    reader.read(con, tmp_path, "2025-03")
    once = content()
    reader.read(con, tmp_path, "2025-03")
    assert content() == once
    reader.read_source(con, tmp_path, "2025-03", "dtks")
    assert content() == once


def test_source_by_source_is_the_same_as_all_at_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    small_month(tmp_path)
    reader.read(con, tmp_path, "2025-03")
    whole = con.execute("from raw.deliveries order by all").fetchall()
    with duckdb.connect() as other:
        for source in ("dtks", "regsosek", "p3ke", "referensi", "dukcapil", "pemutakhiran"):
            reader.read_source(other, tmp_path, "2025-03", source)
        assert other.execute("from raw.deliveries order by all").fetchall() == whole
