"""Files that would fill the memory or the disk, change while they are read, or lie where a name or a right is in the way."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dtsen_pipeline.contracts import files, ingest, reader
from dtsen_pipeline.errors import DtsenError, InputError, MemoryLimit, strip_row_values

HEAD = b"nik,nama_lengkap,tanggal_lahir,tempat_lahir\n"
COLUMNS = ["nik", "nama_lengkap", "tanggal_lahir"]
NAME = "2025-03/dukcapil/penduduk.csv"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def put(landing: Path, content: bytes, name: str | bytes = "penduduk.csv") -> Path:
    path = landing / "2025-03" / "dukcapil" / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(con: duckdb.DuckDBPyConnection, landing: Path) -> list[reader.FileReport]:
    return reader.read_source(con, landing, "2025-03", "dukcapil")


def lines(con: duckdb.DuckDBPyConnection, schema: str = "raw") -> list[int]:
    return [line for (line,) in con.execute(f"select _line from {schema}.dukcapil_penduduk order by 1").fetchall()]


def workbook(cells: str = "", **parts: bytes) -> bytes:
    """A workbook with a header and ``cells``; ``parts`` take the place of its files (sheet1, styles, sharedStrings, ..)."""
    head = "".join(f'<c r="{"ABC"[i]}1" t="inlineStr"><is><t>{name}</t></is></c>' for i, name in enumerate(COLUMNS))
    sheet = f'<worksheet><sheetData><row r="1">{head}</row>{cells}'.encode()
    book, content = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(book)
    with zipfile.ZipFile(book) as whole, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        related = whole.read("xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="t" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        texts = parts.pop("sharedStrings", b"<sst/>")
        for name in whole.namelist():
            stem = name.rsplit("/", 1)[-1].split(".xml")[0]
            own = related if name.endswith("workbook.xml.rels") else whole.read(name)
            if stem == "sheet1":
                own = sheet + parts.pop("sheet1", b"</sheetData></worksheet>")
            archive.writestr(name, parts.get(stem, own) if not name.endswith(".rels") else own)
        archive.writestr("xl/sharedStrings.xml", texts)
    return content.getvalue()


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", write_statistics=False)
    return file.getvalue()


def again(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [value])


DOCTYPE = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
MANY = 70 << 20
BOMBS: dict[str, tuple[str | None, Callable[[], bytes]]] = {
    "a line without end": ("MAX_LINE", lambda: HEAD + b"1," + b"x" * (3 << 20)),
    "a first line without end": ("MAX_LINE", lambda: b"x," * (2 << 20)),
    "a line without end, packed": ("MAX_LINE", lambda: gzip.compress(HEAD + b"x" * (3 << 20))),
    "a line without end among old line ends": ("MAX_LINE", lambda: HEAD.replace(b"\n", b"\r") + b"\xc9" * (3 << 20)),
    "a line without end in UTF-16": (
        "MAX_LINE",
        lambda: HEAD.decode().encode("utf-16") + "ab".encode("utf-16-le") * (1 << 20),
    ),
    "a line of letters with the byte of a line end": (
        "MAX_LINE",
        lambda: HEAD.decode().encode("utf-16") + b"\x0a\x0a" * (3 << 20),
    ),
    "one row again and again, packed": (
        "MAX_EXPANSION",
        lambda: gzip.compress(HEAD + b"1,SITI,1979-01-01,\n" * (MANY // 18)),
    ),
    "thousands of archives of nothing": (None, lambda: gzip.compress(HEAD) + gzip.compress(b"") * 5000),
    "a header of 100,000 columns": ("MAX_COLUMNS", lambda: HEAD.strip() + b",x" * 100_000 + b"\n"),
    "a sheet of 2,000 columns": (
        "MAX_COLUMNS",
        lambda: workbook(f'<row r="2">{"<c><v>1</v></c>" * 2000}</row></sheetData></worksheet>'),
    ),
    "a far cell": ("MAX_COLUMNS", lambda: workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "a cell farther than a sheet goes": (None, lambda: workbook('<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>')),
    "a row farther than a sheet goes": (None, lambda: workbook(f'<row r="{10**30}"><c r="A2"><v>1</v></c></row>')),
    "a cell without end": ("MAX_LINE", lambda: workbook(sheet1=b"<row><c><v>" + b"1" * (3 << 20))),
    "a tag without end": ("MAX_LINE", lambda: workbook(sheet1=b'<row x="' + b"1" * (3 << 20))),
    "a text without end": ("MAX_LINE", lambda: workbook(sharedStrings=b"<sst><si><t>" + b"1" * (3 << 20))),
    "a sheet of blanks": ("MAX_EXPANSION", lambda: workbook(sheet1=b" " * MANY)),
    "one long text in every cell": (
        "MAX_EXPANSION",
        lambda: workbook(
            sheet1=b'<row><c t="s"><v>0</v></c></row>' * 200,
            sharedStrings=b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>",
        ),
    ),
    "a table of texts that is too large": (
        "MAX_TEXTS",
        lambda: workbook(sharedStrings=b"<sst>" + b"<si><t>aa</t></si>" * 500_000),
    ),
    "styles that are too large": ("MAX_TEXTS", lambda: workbook(styles=b"<s><cellXfs>" + b"<xf/>" * 100_000)),
    "elements in each other without end": (None, lambda: workbook(sheet1=b"<a>" * 100_000)),
    "names without end": (None, lambda: workbook(sheet1=b"".join(b"<a%d/>" % i for i in range(50_000)))),
    "entities": (None, lambda: workbook(sharedStrings=DOCTYPE + b"<sst><si><t>&b;</t></si></sst>")),
    "entities in the styles": (None, lambda: workbook(styles=DOCTYPE + b"<styleSheet/>")),
    "a long value in a Parquet file": (
        "MAX_LINE",
        lambda: parquet(pa.table([["1"], ["x" * (3 << 20)], ["1979"]], COLUMNS)),
    ),
    "one value in every row of a Parquet file": (
        "MAX_EXPANSION",
        lambda: parquet(pa.table([again(value, 2000) for value in ("1", "x" * 100_000, "1979")], COLUMNS)),
    ),
    "more rows than a Parquet file can hold": (
        "MAX_EXPANSION",
        lambda: parquet(pa.table([again("1", MANY // 3)] * 3, COLUMNS)),
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_fill_the_memory_or_the_disk_is_refused_with_the_setting_that_says_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bomb: str
) -> None:
    bound, content = BOMBS[bomb]
    monkeypatch.setenv("DTSEN_MAX_TEXTS", "4MiB")
    put(tmp_path, content())
    with pytest.raises(InputError) as error:
        read(con, tmp_path)
    assert error.value.file == NAME
    assert error.value.action
    if bound:
        assert f"DTSEN_{bound}" in error.value.action
        assert f"DTSEN_{bound}" in (error.value.expected or "")


READS = """
import resource, sys
from pathlib import Path
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.storage.warehouse import in_memory
with in_memory() as con:
    try:
        reader.read_source(con, Path(sys.argv[1]), "2025-03", "dukcapil")
    except InputError as error:
        print(error.line, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


@pytest.mark.parametrize("packed", [True, False])
def test_two_gigabytes_of_zeros_cost_next_to_no_memory(tmp_path: Path, packed: bool) -> None:
    path = put(tmp_path, HEAD)
    if packed:
        path.write_bytes(gzip.compress(HEAD) + gzip.compress(bytes(1 << 26)) * 32)
    else:
        with path.open("ab") as file:
            file.truncate(2 << 30)
    # Forked by a shell: what a process held at most begins with what the one held that it was forked from.
    command = ["sh", "-c", '"$0" "$@" || exit', sys.executable, "-c", READS, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.split()
    assert told[0] == "2"
    assert int(told[1]) < 1000, "megabytes at most, with Python and DuckDB"


def test_rows_as_long_as_may_be_are_not_held_all_at_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """In quotes over two lines, which only the exact reader takes."""
    held: list[int] = []

    def watched(name: str, batch: pa.Table) -> None:
        held.append(batch.nbytes)
        con.register(name, batch)

    class Watched:
        register = staticmethod(watched)

        def __getattr__(self, name: str) -> object:
            return getattr(con, name)

    put(tmp_path, HEAD + b"".join(b'%d,SITI,1979-01-01,"\n%s"\n' % (i, b"x" * 900_000) for i in range(100)))
    (report,) = read(Watched(), tmp_path)  # type: ignore[arg-type]
    assert report.rows_read == 100
    assert max(held) < 70 << 20


# What is large or odd and real ----------------------------------------------------------------------------------------------


def test_what_is_refused_is_read_once_the_setting_allows_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, HEAD + b"1,SITI,1979," + b"x" * (3 << 20) + b"\n2,AGUS,1980,\n")
    with pytest.raises(InputError, match="DTSEN_MAX_LINE"):
        read(con, tmp_path)
    monkeypatch.setenv("DTSEN_MAX_LINE", "4MiB")
    read(con, tmp_path)
    assert lines(con) == [2, 3]


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_value_of_half_a_megabyte_is_a_value(con: duckdb.DuckDBPyConnection, tmp_path: Path, end: bytes) -> None:
    """The outline of a village comes as one text."""
    rows = [HEAD.strip(), b"1,SITI,1979,POLYGON" + b"x" * 500_000, b'2,"AGUS', b'W",1980,']
    put(tmp_path, end.join([*rows, b""]))
    read(con, tmp_path)
    assert (lines(con), lines(con, "quarantine")) == ([2, 3], [])


def test_a_large_file_with_old_line_ends_and_letters_is_read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = b"".join(b"%d,REN\xc9,1980,%s\r" % (i, b"x" * 900) for i in range(2500))
    put(tmp_path, HEAD.replace(b"\n", b"\r") + rows)
    read(con, tmp_path)
    assert lines(con) == list(range(2, 2502))


def test_a_quote_that_never_closes_costs_its_row_and_no_other(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Past the longest line DuckDB takes, and far past the lines that a record may span."""
    rows = b"".join(b"%d,SITI,1979,%s\n" % (i, b"x" * 900) for i in range(3000))
    put(tmp_path, HEAD + b'9999,"SITI,1979,\n' + rows)
    (report,) = read(con, tmp_path)
    assert (report.rows_read, report.rows_quarantined) == (3001, 1)


def test_a_wide_second_sheet_is_no_harm(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (COLUMNS, ["1", "SITI", "1979"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.create_sheet().append(["x"] * 2000)
    book.save(put(tmp_path, b""))
    read(con, tmp_path)
    assert lines(con) == [2]


# A file that changes ---------------------------------------------------------------------------------------------------------


def as_csv(rows: int) -> bytes:
    return HEAD + b"".join(b"%d,SITI,1979-01-01,\n" % i for i in range(rows))


def as_xlsx(rows: int) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (COLUMNS, *([str(i), "SITI", "1979-01-01"] for i in range(rows))):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(content)
    return content.getvalue()


def as_parquet(rows: int) -> bytes:
    return parquet(pa.table([[str(i) for i in range(rows)], ["SITI"] * rows, ["1979-01-01"] * rows], COLUMNS))


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"9,BUDI,1981-01-01,\n")


def touch_up(path: Path) -> None:
    """Other bytes, as many, and the time of before."""
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"SITI", b"BUDI"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def swap(path: Path) -> None:
    other = path.with_name("_lain")
    other.write_bytes(path.read_bytes())
    other.rename(path)


CHANGES: dict[str, Callable[[Path], None]] = {
    "grows": grow,
    "is cut off": lambda path: os.truncate(path, path.stat().st_size - 30),
    "is written over": touch_up,
    "is replaced": swap,
    "vanishes": Path.unlink,
}


@pytest.mark.parametrize("make", [as_csv, as_xlsx, as_parquet, lambda rows: gzip.compress(as_csv(rows))])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_between_its_hash_and_its_rows_is_refused(
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[int], bytes],
    change: str,
) -> None:
    path = put(tmp_path, make(50))

    def scan_then_change(*arguments: object) -> files.Scan:
        facts = files.scan(*arguments)  # type: ignore[arg-type]
        CHANGES[change](path)
        return facts

    monkeypatch.setattr(ingest, "scan", scan_then_change)
    with pytest.raises(InputError, match=r"changed while it was read|No such file") as error:
        read(con, tmp_path)
    assert error.value.file == NAME
    assert "damaged" not in str(error.value)


# Names, rights and passwords -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["penduduk %s %(a)s.csv", "penduduk'\"--.csv", "penduduk[a] {b,c}*.csv", "penduduk ~$é.csv"]
)
@pytest.mark.parametrize("make", [as_csv, as_parquet, as_xlsx])
def test_a_file_is_read_whatever_signs_its_name_has(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, make: Callable[[int], bytes]
) -> None:
    put(tmp_path, make(3), name)
    put(tmp_path, make(5).replace(b"SITI", b"AGUS"), "penduduk.csv")
    first, second = sorted(read(con, tmp_path), key=lambda report: report.rows_read)
    assert (first.jalur, first.rows_read, second.rows_read) == (f"2025-03/dukcapil/{name}", 3, 5)


@pytest.mark.parametrize("name", [b"penduduk\n.csv", b"penduduk\\[a].csv", b"penduduk\xe9.csv", b"penduduk\x1b[2J.csv"])
def test_a_name_that_cannot_be_used_is_told_in_signs_that_can(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: bytes
) -> None:
    put(tmp_path, HEAD, name)
    with pytest.raises(InputError, match="rename it") as error:
        read(con, tmp_path)
    assert str(error.value.file).isprintable()


def test_a_workbook_behind_a_password_is_told_as_that(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(96))
    with pytest.raises(InputError, match="encrypted") as error:
        read(con, tmp_path)
    assert "password" in (error.value.action or "")


def test_a_sheet_behind_the_password_of_its_archive_is_told_as_that(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = bytearray(as_xlsx(1))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(mark, place + 1)) >= 0:
            content[place + flags] |= 1
    put(tmp_path, bytes(content))
    with pytest.raises(InputError, match="encrypted"):
        read(con, tmp_path)


def test_an_old_workbook_is_told_as_old(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    put(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(InputError, match="an old Excel file"):
        read(con, tmp_path)


# The machine's fault -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [as_csv, as_parquet, as_xlsx])
@pytest.mark.parametrize("raised", [duckdb.OutOfMemoryException("SITI"), MemoryError(), pa.ArrowMemoryError("SITI")])
def test_memory_that_does_not_suffice_is_not_the_fault_of_the_file(
    con: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[int], bytes],
    raised: Exception,
) -> None:
    def insert(*_: object) -> None:
        raise raised

    put(tmp_path, make(3))
    for module in ("delimited", "parquet", "incoming"):
        monkeypatch.setattr(f"dtsen_pipeline.contracts.{module}.insert_statement", insert)
    with pytest.raises(MemoryLimit, match="DTSEN_MEMORY_LIMIT") as error, strip_row_values():
        read(con, tmp_path)
    assert error.value.exit_code == DtsenError.exit_code
    assert not [word for word in ("SITI", "damaged", "penduduk") if word in str(error.value)]


def test_a_real_limit_of_memory_is_told_as_one(tmp_path: Path) -> None:
    put(tmp_path, as_csv(300_000))
    with (
        duckdb.connect(config={"memory_limit": "8MB", "temp_directory": ""}) as con,
        pytest.raises(MemoryLimit),
        strip_row_values(),
    ):
        read(con, tmp_path)
