"""Filling the incoming table of one contract table from its files, every value as the text it was delivered as.

What belongs here: how each format is read into ``masuk`` (temporary: the contract's columns, ``_file``, ``_line``,
``_lain``, ``_cacat``). ``_cacat`` is NULL, or the flaw of a row whose form is broken. No rule of the contract is
applied here.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import duckdb_extensions
import pyarrow as pa

from dtsen_pipeline.contracts.files import Header, Scan, csv_header, map_header, scan, text_lines
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.rows import Record, records
from dtsen_pipeline.contracts.rules import quoted, text
from dtsen_pipeline.errors import InputError

_BATCH = 50_000
# Bytes from which a Windows-1252 file is DuckDB's: its extension of 350 MB takes two seconds to load.
_WORTH_LOADING = 16 << 20
# Broken rows up to which it is cheaper to look their text up than to read the whole file the exact way.
_MANY_FLAWS = 1000
# Never a value: without it DuckDB makes NULL of an empty field, and a short row cannot be told from an empty value.
_NO_NULL = "\ue000"


def create_incoming(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """An empty ``masuk`` for the table."""
    # The line of a record is computed from its place, which DuckDB keeps only under this (default) setting.
    con.execute("set preserve_insertion_order = true")
    columns = ", ".join(f"{quoted(name)} varchar" for name in table.columns)
    con.execute(
        f"create or replace temp table masuk ({columns}, _file varchar, _line bigint, _lain varchar, _cacat varchar)"
    )


def load_file(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract
) -> tuple[Scan, str | None, Header]:
    """Append one file to ``masuk`` under the name ``name``; returns what the file is, its delimiter and its header.

    Raises InputError where the file cannot be read to its end or lacks a required column.
    """
    facts = scan(path, name)
    if facts.format == "parquet":
        return facts, None, _parquet(con, path, name, table)
    if facts.format == "xlsx":
        return facts, None, _xlsx(con, path, name, table)
    delimiter, header = csv_header(path, name, facts, table)
    worth_it = facts.plain and (facts.encoding == "utf-8" or facts.bytes >= _WORTH_LOADING)
    if not (worth_it and _csv_fast(con, path, name, facts, delimiter, header, table)):
        _csv_exact(con, path, name, facts, delimiter, header, table)
    return facts, delimiter, header


def _insert(
    table: TableContract, header: Header, name: str, values: dict[int, str], line: str, flaw: str, kept: str
) -> str:
    """INSERT up to its FROM: ``values`` is the SQL of each position, ``kept`` that of a broken row's whole text."""
    columns = [values[header.positions[c]] if c in header.positions else "null" for c in table.columns]
    extra = ", ".join(f"{text(label)}, {values[i]}" for i, label in header.extra)
    others = f"cast(json_object({extra}) as varchar)" if extra else "cast(null as varchar)"
    lain = f"case when {flaw} is not null then cast(json_object('_teks', {kept}) as varchar) else {others} end"
    return f"insert into masuk select {', '.join(columns)}, {text(name)}, {line}, {lain if kept else others}, {flaw}"


def _csv_fast(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    facts: Scan,
    delimiter: str,
    header: Header,
    table: TableContract,
) -> bool:
    """Read by DuckDB; False, and nothing appended, where a record may span lines or the last one may be cut off."""
    if facts.encoding == "cp1252":
        _extension(con, "encodings")
    last, surplus = f"c{header.width - 1}", f"c{header.width}"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(header.width + 1))
    # One column more than there are, and padding: else DuckDB takes a row with one empty field too many for whole.
    source = (
        f"read_csv({_literal(path)}, auto_detect = false, header = true, delim = {text(delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{columns}}}, null_padding = true, strict_mode = true, nullstr = {text(_NO_NULL)}, "
        f"encoding = '{'CP1252' if facts.encoding == 'cp1252' else 'utf-8'}', "
        f"compression = '{'gzip' if facts.compressed else 'none'}', hive_partitioning = false)"
    )
    flaw = f"case when {last} is null or {surplus} is not null then 'jumlah_kolom' end"
    values = {i: f"c{i}" for i in range(header.width)}
    try:
        con.execute(f"{_insert(table, header, name, values, 'null', flaw, '')} from {source}")
    except duckdb.Error as error:
        if type(error) not in (duckdb.InvalidInputException, duckdb.Error):
            raise
        return False  # a record it cannot take: the exact reader says which, without repeating its values
    first, last_row, count, flawed = con.execute(
        "select min(rowid), max(rowid), count(*), count(_cacat) from masuk where _file = ?", [name]
    ).fetchone() or (None, None, 0, 0)
    lines_are_records = count == facts.lines - 1 and (not count or last_row - first + 1 == count)
    if not lines_are_records or (flawed and not facts.ends_with_newline) or flawed > _MANY_FLAWS:
        con.execute("delete from masuk where _file = ?", [name])
        return False
    con.execute("update masuk set _line = rowid - ? + 2 where _file = ?", [first, name])
    if flawed:
        _keep_text(con, path, name, facts)
    return True


def _keep_text(con: duckdb.DuckDBPyConnection, path: Path, name: str, facts: Scan) -> None:
    broken = con.execute("select _line, rowid from masuk where _file = ? and _cacat is not null", [name]).fetchall()
    rows = dict(broken)
    for number, line in enumerate(text_lines(path, facts), start=1):
        if number in rows:
            kept = [line.rstrip("\r\n"), rows[number]]
            con.execute("update masuk set _lain = cast(json_object('_teks', ?) as varchar) where rowid = ?", kept)


def _csv_exact(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    facts: Scan,
    delimiter: str,
    header: Header,
    table: TableContract,
) -> None:
    values = {i: f"c{i}" for i in range(header.width)}
    insert = _insert(table, header, name, values, "line", "flaw", "text")
    try:
        for batch in _batches(records(text_lines(path, facts), delimiter, header.width, name), header.width):
            con.register("rombongan", batch)
            con.execute(f"{insert} from rombongan")
    finally:
        con.unregister("rombongan")


def _batches(rows: Iterator[Record], width: int) -> Iterator[pa.Table]:
    """Records as tables c0..c<width-1>, line, flaw, text. A broken row keeps its whole text besides its fields."""
    while chunk := list(islice(rows, _BATCH)):
        padded = [
            [*row.fields, *[None] * (width - len(row.fields))][:width] if row.flaw else row.fields for row in chunk
        ]
        columns: dict[str, pa.Array] = {
            f"c{i}": pa.array(values, pa.string()) for i, values in enumerate(zip(*padded, strict=True))
        }
        columns["line"] = pa.array([row.line for row in chunk], pa.int64())
        columns["flaw"] = pa.array([row.flaw for row in chunk], pa.string())
        columns["text"] = pa.array([row.text for row in chunk], pa.string())
        yield pa.table(columns)


def _parquet(con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract) -> Header:
    source = f"read_parquet({_literal(path)}, file_row_number = true, hive_partitioning = false)"
    try:
        described = con.execute(f"describe select * from {source}").fetchall()
        types = [(column, kind) for column, kind, *_ in described if column != "file_row_number"]
        header = map_header([column for column, _ in types], name, table)
        values = {i: _as_text(quoted(column), kind) for i, (column, kind) in enumerate(types)}
        insert = _insert(table, header, name, values, "file_row_number + 1", "cast(null as varchar)", "")
        con.execute(f"{insert} from {source}")
    except duckdb.Error:
        raise _unreadable(name, "Parquet") from None
    return header


def _as_text(value: str, kind: str) -> str:
    """Text of a typed value: dates come out ISO by themselves, whole floats must not grow a '.0' or an exponent."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{value} = floor({value}) and abs({value}) < 9e15"
        return f"case when {whole} then cast(cast({value} as bigint) as varchar) else cast({value} as varchar) end"
    return f"cast({value} as varchar)"


def _xlsx(con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract) -> Header:
    _extension(con, "excel")
    file = _literal(path)
    headers: dict[str, Header] = {}
    refused: InputError | None = None
    for sheet in _sheets(path, name):
        try:
            row = con.execute(
                f"from read_xlsx({file}, sheet = {text(sheet)}, header = false, all_varchar = true, range = 'A1:XFD1')"
            ).fetchone()
        except duckdb.Error:
            raise _unreadable(name, "XLSX") from None
        cells = [cell or "" for cell in row or ()]
        while cells and not cells[-1].strip():
            cells.pop()
        try:
            headers[sheet] = map_header(cells, name, table)
        except InputError as error:
            refused = refused or error
    if len(headers) != 1:
        raise (
            refused
            if refused and not headers
            else InputError(
                f"{len(headers)} lembar memuat kolom kontrak / sheets hold the columns of the contract",
                file=name,
                expected="one sheet with the data",
                action="pisahkan menjadi satu berkas per lembar / make it one file a sheet",
            )
        )
    sheet, header = next(iter(headers.items()))
    # One column past the header, and rows to the end of the sheet: by default the reader stops at the first empty row.
    # Quoted, since the 45th column of a sheet is called AS.
    names = [quoted(_letters(i)) for i in range(header.width + 1)]
    cells_range = f"A1:{_letters(header.width)}1048576"
    values = dict(enumerate(names))
    flaw = f"case when {names[-1]} is not null then 'jumlah_kolom' end"
    whole = f"concat_ws(chr(9), {', '.join(names)})"
    try:
        con.execute(
            f"{_insert(table, header, name, values, '_baris', flaw, whole)} from ("
            f"select *, row_number() over () as _baris from read_xlsx({file}, sheet = {text(sheet)}, header = false, "
            f"all_varchar = true, range = '{cells_range}', stop_at_empty = false)) "
            f"where _baris > 1 and coalesce({', '.join(names)}) is not null"
        )
    except duckdb.Error:
        raise _unreadable(name, "XLSX") from None
    return header


def _literal(path: Path) -> str:
    """SQL of a path that is one file, whatever its name: DuckDB takes brackets and stars for a pattern."""
    return text(re.sub(r"([\[*?])", r"[\1]", str(path)))


def _extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Install from the wheel, without a network, and load."""
    duckdb_extensions.import_extension(name, con=con)
    con.execute(f"load {name}")


def _sheets(path: Path, name: str) -> list[str]:
    try:
        with zipfile.ZipFile(path) as book:
            tree = ElementTree.fromstring(book.read("xl/workbook.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        raise _unreadable(name, "XLSX") from None
    return [node.attrib["name"] for node in tree.iter() if re.sub(r"^\{.*\}", "", node.tag) == "sheet"]


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _unreadable(name: str, kind: str) -> InputError:
    return InputError(
        f"{kind} tidak terbaca, terpotong atau rusak / this {kind} file is damaged or cut off",
        file=name,
        expected=f"a whole {kind} file",
        action="minta dikirim ulang / ask for it again",
    )
