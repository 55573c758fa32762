"""Filling the incoming table of one contract table from its files, every value as the text it was delivered as.

What belongs here: how each format is read into ``masuk`` (temporary: the contract's columns, ``_file``, ``_line``,
``_lain``, ``_cacat``). ``_cacat`` is NULL, or the flaw of a row whose form is broken. No rule of the contract is
applied here; rows that are none, such as a header that comes again, are left out and told.
"""

from __future__ import annotations

import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.contracts.files import (
    HEADER_WITHIN,
    Header,
    Row,
    Scan,
    csv_header,
    expanded,
    find_header,
    has_header,
    labels,
    map_header,
    normal,
    scan,
    text_lines,
    told_above,
    too_large,
)
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.rows import BLANK_SURPLUS, Record, records
from dtsen_pipeline.contracts.rules import broken, day, inline, judged, quoted, sign, text
from dtsen_pipeline.contracts.workbook import DAMAGE, Sheet, Workbook, other_archive
from dtsen_pipeline.errors import InputError, out_of_memory, storage_reason
from dtsen_pipeline.storage.warehouse import load_extension

# Letters of rows that are held at once, with what Python takes for a field beside its letters.
_BATCH = 64 << 20
_FIELD = 64
# A file that was written a moment ago may be written again before the clock of its folder goes on.
_TICK = 0.02
# Bytes from which a Windows-1252 file is DuckDB's: its extension of 350 MB takes two seconds to load.
_WORTH_LOADING = 16 << 20
# Broken rows up to which it is cheaper to look their text up than to read the whole file the exact way.
_MANY_FLAWS = 1000
# Never a value, since nobody knows it: without it DuckDB makes NULL of an empty field, and a short row cannot be told from an empty
# value.
_NO_NULL = secrets.token_hex(16)


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
    # Of a path that needs its brackets and stars marked, DuckDB takes a backslash for the end of a folder's name.
    if not path.name.isprintable() or ("\\" in str(path) and re.search(r"[\[*?]", str(path))):
        raise InputError(
            "nama berkas memuat tanda yang tidak dapat dipakai / the name of the file holds signs that cannot be used",
            file=name,
            expected="UTF-8: huruf, angka, spasi, tanda baca selain \\ / letters, digits, blanks, and signs other than \\",
            action="ganti namanya / rename it",
        )
    try:
        before = _identity(path)
        try:
            loaded = _load_file(con, path, name, table, Settings())
        except InputError:
            _still(path, name, before)
            raise
        except (duckdb.Error, pa.ArrowException, zlib.error, *DAMAGE) as error:
            # What is the machine's fault must not be looked for in the file.
            if out_of_memory(error) or isinstance(error, duckdb.InterruptException) or storage_reason(error):
                raise
            _still(path, name, before)
            raise _unreadable(name, path) from None
        _still(path, name, before)
        return loaded
    except OSError as error:
        raise InputError(
            f"berkas tidak dapat dibuka / the file cannot be opened: {error.strerror or type(error).__name__}",
            file=name,
            action="periksa izin dan penyimpanannya / check its permissions and where it lies",
        ) from None


def _identity(path: Path) -> tuple[int, ...]:
    """What is another where the file was replaced or written to. Waits where that could not show yet."""
    found = path.stat()
    if abs(time.time() - found.st_ctime) < _TICK:
        time.sleep(_TICK)
        found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _still(path: Path, name: str, before: tuple[int, ...]) -> None:
    """Raise InputError unless the file is what it was: else the hash may not be of the bytes that were read."""
    try:
        after = _identity(path)
    except FileNotFoundError:
        after = ()
    if after != before:
        raise InputError(
            "berkas berubah selagi dibaca / the file changed while it was read",
            file=name,
            expected="a file that nobody writes to, moves or replaces",
            action="tunggu sampai pengirimannya selesai, lalu ulangi / wait until its upload has ended, then run again",
        )


def _load_file(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings
) -> tuple[Scan, str | None, Header]:
    facts = scan(path, name, bounds)
    delimiter = None
    told: tuple[str, ...] = ()
    if facts.format == "parquet":
        header = _parquet(con, path, name, table, bounds, facts.bytes)
    elif facts.format == "xlsx":
        header, told = _xlsx(con, path, name, table, bounds)
    else:
        delimiter, header, told = csv_header(path, name, facts, table, bounds)
        worth_it = facts.plain and (facts.encoding == "utf-8" or facts.bytes >= _WORTH_LOADING)
        if not (worth_it and _csv_fast(con, path, name, facts, delimiter, header, table)):
            _csv_exact(con, path, name, facts, delimiter, header, table, bounds.max_line)
        _judge_blank_surplus(con, name, table, header)
        _keep_text(con, path, name, facts)
    told += _leave_out(con, name, table, header)
    return replace(facts, passed_over=told + facts.passed_over), delimiter, header


def _insert(
    table: TableContract, header: Header, name: str, values: dict[int, str], line: str, flaw: str, kept: str
) -> str:
    """INSERT up to its FROM: ``values`` is the SQL of each position, ``kept`` that of a broken row's whole text."""
    columns = [values[header.positions[c]] if c in header.positions else "null" for c in table.columns]
    extra = ", ".join(f"{text(label)}, {values[i]}" for i, label in header.extra)
    others = f"cast(json_object({extra}) as varchar)" if extra else "cast(null as varchar)"
    lain = f"case when {flaw} <> '{BLANK_SURPLUS}' then cast(json_object('_teks', {kept}) as varchar) else {others} end"
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
        load_extension(con, "encodings")
    # More columns than there are, and padding: else DuckDB takes a row with one empty field too many for whole.
    names = [f"c{i}" for i in range(header.width + max(header.surplus, 1))]
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in names)
    source = (
        f"read_csv({_literal(path)}, auto_detect = false, header = false, skip = {header.last}, "
        f"delim = {text(delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{columns}}}, null_padding = true, strict_mode = true, nullstr = {text(_NO_NULL)}, "
        f"encoding = '{'CP1252' if facts.encoding == 'cp1252' else 'utf-8'}', "
        f"compression = '{'gzip' if facts.compressed else 'none'}', hive_partitioning = false)"
    )
    surplus = " or ".join(f"trim({column}) <> ''" for column in names[header.width :])
    flaw = (
        f"case when {names[header.needed - 1]} is null or {surplus} then 'jumlah_kolom' "
        f"when {names[header.width]} is not null then '{BLANK_SURPLUS}' end"
    )
    values = {i: f"c{i}" if i < header.needed else f"coalesce(c{i}, '')" for i in range(header.width)}
    try:
        con.execute(f"{_insert(table, header, name, values, 'null', flaw, '')} from {source}")
    except duckdb.Error as error:
        if type(error) not in (duckdb.InvalidInputException, duckdb.IOException, duckdb.Error) or storage_reason(error):
            raise
        return False  # a record it cannot take: the exact reader says which, without repeating its values
    first, last_row, count, flawed = con.execute(
        "select min(rowid), max(rowid), count(*), count(*) filter (_cacat = 'jumlah_kolom') from masuk where _file = ?",
        [name],
    ).fetchone() or (None, None, 0, 0)
    lines_are_records = count == facts.lines - header.last and (not count or last_row - first + 1 == count)
    if not lines_are_records or (flawed and not facts.ends_with_newline) or flawed > _MANY_FLAWS:
        con.execute("delete from masuk where _file = ?", [name])
        return False
    con.execute("update masuk set _line = rowid - ? + ? where _file = ?", [first, header.last + 1, name])
    for column in (column for column, place in header.positions.items() if place == 0):
        # The mark of a file that another was joined to, or the end mark of DOS before it.
        con.execute(
            f"update masuk set {quoted(column)} = ltrim({quoted(column)}, ?) "
            f"where _file = ? and (starts_with({quoted(column)}, '\ufeff') or starts_with({quoted(column)}, '\x1a'))",
            ["\ufeff\x1a", name],
        )
    return True


def _judge_blank_surplus(con: duckdb.DuckDBPyConnection, name: str, table: TableContract, header: Header) -> None:
    """Where most rows have nothing past the last column, that is the file's manner. Where a few do, a comma inside a name may have
    moved the row: it is whole only where values of a certain form stand in their columns, and none does not."""
    rows, marked = con.execute(
        "select count(*), count(*) filter (_cacat = ?) from masuk where _file = ?", [BLANK_SURPLUS, name]
    ).fetchone() or (0, 0)
    if not marked:
        return
    where = f"_file = {text(name)} and _cacat = '{BLANK_SURPLUS}'"
    if 2 * marked <= rows:
        typed = [column for column in header.positions if judged(table.columns[column])]
        unfit = [
            f"select baris from (select *, {sign()} as tanda, {day(table.columns[c])} as hari from ("
            f"select rowid as baris, {inline('buka', quoted(c))} as nilai from masuk where {where})) "
            f"where ({broken(table.columns[c])}) <> 'tanpa_jawaban'"
            for c in header.positions
        ]
        unfit.append(
            f"select rowid from masuk where {where} and "
            + (" and ".join(f"trim(coalesce({quoted(c)}, '')) = ''" for c in typed) or "true")
        )
        con.execute(f"update masuk set _cacat = 'jumlah_kolom' where rowid in ({' union '.join(unfit)})")
    con.execute(f"update masuk set _cacat = null where {where}")


def _keep_text(con: duckdb.DuckDBPyConnection, path: Path, name: str, facts: Scan) -> None:
    """Give the broken rows that lack it their whole text."""
    broken_rows = con.execute(
        "select _line, rowid from masuk where _file = ? and _cacat is not null and not starts_with(coalesce(_lain, ''), ?)",
        [name, '{"_teks":'],
    ).fetchall()
    if not broken_rows:
        return
    rows = dict(broken_rows)
    kept = (
        (rows[i], line.rstrip("\r\n")) for i, line in enumerate(text_lines(path, name, facts), start=1) if i in rows
    )
    try:
        for batch in _held(kept, lambda one: len(one[1])):
            con.register("teks", pa.table({"baris": [row for row, _ in batch], "isi": [line for _, line in batch]}))
            con.execute(
                "update masuk set _lain = cast(json_object('_teks', isi) as varchar) from teks where masuk.rowid = teks.baris"
            )
    finally:
        con.unregister("teks")


def _csv_exact(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    facts: Scan,
    delimiter: str,
    header: Header,
    table: TableContract,
    longest: int,
) -> None:
    values = {i: f"c{i}" for i in range(header.width)}
    insert = _insert(table, header, name, values, "line", "flaw", "text")
    try:
        for batch in _batches(records(text_lines(path, name, facts), delimiter, header, name, longest), header.width):
            con.register("rombongan", batch)
            con.execute(f"{insert} from rombongan")
    finally:
        con.unregister("rombongan")


Item = TypeVar("Item")


def _held(items: Iterator[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Lists of as many items as may be held at once."""
    held: list[Item] = []
    total = 0
    for item in items:
        held.append(item)
        total += size(item)
        if total >= _BATCH:
            yield held
            held, total = [], 0
    if held:
        yield held


def _batches(rows: Iterator[Record], width: int) -> Iterator[pa.Table]:
    """Records as tables c0..c<width-1>, line, flaw, text. A broken row keeps its whole text besides its fields."""
    for chunk in _held(rows, lambda row: row.size + _FIELD * width):
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


def _parquet(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings, size: int
) -> Header:
    source = f"read_parquet({_literal(path)}, file_row_number = true, hive_partitioning = false)"
    described = con.execute(f"describe select * from {source}").fetchall()
    types = [(column, kind) for column, kind, *_ in described if column != "file_row_number"]
    header = map_header([column for column, _ in types], name, table, bounds)
    _bound_parquet(con, path, name, bounds, size, source, types)
    # A physical type that says instants and whose logical type does not.
    instants = {
        column
        for (column,) in con.execute(
            f"select name from parquet_schema({_literal(path)}) where type = 'INT96'"
        ).fetchall()
    }
    days = {header.positions[c.name] for c in table.columns.values() if c.type == "date" and c.name in header.positions}
    values = {
        i: _as_text(quoted(column), "INT96" if column in instants else kind, i in days)
        for i, (column, kind) in enumerate(types)
    }
    insert = _insert(table, header, name, values, "file_row_number + 1", "cast(null as varchar)", "")
    con.execute(f"{insert} from {source}")
    return header


def _bound_parquet(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    bounds: Settings,
    size: int,
    source: str,
    types: list[tuple[str, str]],
) -> None:
    """Raise InputError where the file claims, or holds, more than a file of its ``size`` can. To claim a thousand million rows, or
    to say one long value in all of them, takes a few bytes."""
    rows, unpacked = con.execute(
        f"select (select max(num_rows) from parquet_file_metadata({_literal(path)})), "
        f"sum(total_uncompressed_size) from parquet_metadata({_literal(path)})"
    ).fetchone() or (0, 0)
    expanded(name, bounds, size, max((rows or 0) * len(types), unpacked or 0))
    lengths = [f"strlen({quoted(column)})" for column, kind in types if kind == "VARCHAR"]
    lengths += [f"octet_length({quoted(column)})" for column, kind in types if kind == "BLOB"]
    if not lengths:
        return
    longest, total = con.execute(
        f"select max(greatest({', '.join(lengths)})), sum({' + '.join(f'coalesce({one}, 0)' for one in lengths)}) from {source}"
    ).fetchone() or (0, 0)
    if longest and longest > bounds.max_line:
        raise too_large(
            name,
            f"satu nilai lebih panjang dari {bounds.max_line} byte / one value is longer than {bounds.max_line} bytes",
            f"{bounds.max_line} byte",
            "max_line",
        )
    expanded(name, bounds, size, total or 0)


def _as_text(value: str, kind: str, is_day: bool) -> str:
    """Text of a typed value: days come out ISO, numbers without an empty fraction or an exponent, whatever the session's zone."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{value} = floor({value}) and abs({value}) < 9e15"
        return (
            f"case when isnan({value}) then null when {whole} then cast(cast({value} as bigint) as varchar) "
            f"else cast({value} as varchar) end"
        )
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        return f"rtrim(rtrim(cast({value} as varchar), '0'), '.')"
    if kind == "BLOB":
        return f"decode({value})"
    if kind in ("TIMESTAMP WITH TIME ZONE", "INT96"):
        instant = value if kind != "INT96" else f"timezone('UTC', {value})"
        return _moment(f"timezone('{TIMEZONE}', {instant})", is_day)
    if kind.startswith("TIMESTAMP"):
        return _moment(f"cast({value} as timestamp)", False)
    return f"cast({value} as varchar)"


def _moment(local: str, is_day: bool) -> str:
    """Text of a local time, at midnight that of the day. ``is_day``: 22:00 and 23:00 are midnight in Indonesia's other zones."""
    if is_day:
        local = (
            f"case when hour({local}) >= 22 and minute({local}) in (0, 30) and second({local}) = 0 "
            f"then date_trunc('day', {local}) + interval 1 day else {local} end"
        )
    return (
        f"case when {local} = date_trunc('day', {local}) then strftime({local}, '%Y-%m-%d') "
        f"else cast({local} as varchar) end"
    )


def _xlsx(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings
) -> tuple[Header, tuple[str, ...]]:
    with Workbook(path, name, bounds) as book:
        sheet, header, told = _sheet(book, name, table, bounds)
        kinds = {i: table.columns[column].type for column, i in header.positions.items()}
        days = {i for i, kind in kinds.items() if kind == "date"}
        numbers = {i for i, kind in kinds.items() if kind in ("integer", "decimal", "code")}
        cells = (row for row in book.rows(sheet, days, numbers) if row[0] > header.line)
        values = {i: f"c{i}" for i in range(header.width)}
        insert = _insert(table, header, name, values, "line", "flaw", "text")
        try:
            for batch in _batches((_record(line, row, header.width) for line, row in cells), header.width):
                con.register("rombongan", batch)
                con.execute(f"{insert} from rombongan")
        finally:
            con.unregister("rombongan")
    return header, told


def _record(line: int, row: dict[int, str], width: int) -> Record:
    surplus = any(i >= width and value.strip() for i, value in row.items())
    whole = "\t".join(row.get(i, "") for i in range(max(row) + 1)) if surplus else None
    size = sum(map(len, row.values()))
    return Record(line, size, [row.get(i) for i in range(width)], "jumlah_kolom" if surplus else None, whole)  # type: ignore[misc]


def _sheet(book: Workbook, name: str, table: TableContract, bounds: Settings) -> tuple[Sheet, Header, tuple[str, ...]]:
    """The sheet with the table, its header, and what is passed over. Raises InputError where there is none, or more than one."""
    found: list[tuple[Sheet, Header, list[int]]] = []
    refused: InputError | None = None
    for sheet in book.sheets:
        rows: list[Row] = []
        try:
            for line, row in islice(book.rows(sheet), HEADER_WITHIN):
                rows.append((line, line, [row.get(i, "") for i in range(max(row) + 1)]))
            header = find_header(rows, name, table, bounds)
        except InputError as error:
            if has_header(rows, table):
                raise  # this is the table; what another sheet holds is not in its place
            refused = error if refused is None or (rows and error.line != 1) else refused
            continue
        found.append((sheet, header, [line for line, *_ in rows if line < header.line]))
    if len(found) > 1:
        filled = [one for one in found if any(line > one[1].line for line, _ in book.rows(one[0]))]
        found = filled or found[:1]
    if not found and refused:
        raise refused
    if len(found) != 1:
        raise InputError(
            f"{len(found)} lembar memuat kolom kontrak / sheets hold the columns of the contract",
            file=name,
            expected="one sheet with the data",
            action="pisahkan menjadi satu berkas per lembar / make it one file a sheet",
        )
    sheet, header, above = found[0]
    others = (
        (f"{book.count - 1} lembar lain / other sheets: tabel di lembar/the table is on sheet {sheet.number}",)
        if book.count > 1
        else ()
    )
    return sheet, header, told_above(above) + others


def _leave_out(con: duckdb.DuckDBPyConnection, name: str, table: TableContract, header: Header) -> tuple[str, ...]:
    """Take rows that are none out of ``masuk``: empty ones, the header where it comes again, numbers of columns. Says which."""
    key = quoted(table.required[0])
    nothing = " and ".join(
        f"trim(coalesce({quoted(column)}, '')) = ''" for column in (table.required[0], *header.positions)
    )
    empty = con.execute(
        f"delete from masuk where _file = ? and {nothing} and (_cacat is null and not regexp_matches(coalesce(_lain, ''), ?) "
        "or _cacat = 'jumlah_kolom' and regexp_full_match(_lain, ?)) returning _line",
        [name, r':"[^"]*[^"\s]', r'\{"_teks":"(?:[,;| ]|\\t|\\")*"\}'],
    ).fetchall()
    known = ", ".join(map(text, sorted(labels(table))))
    again = con.execute(
        f"select _line, {', '.join(map(quoted, header.positions))} from masuk where _file = ? and _cacat is null "
        f"and trim(regexp_replace(lower({key}), '[^0-9a-z]+', '_', 'g'), '_') in ({known}) order by _line",
        [name],
    ).fetchall()
    repeated = [line for line, *cells in again if _is_header(cells, name, line, table, header)]
    first = con.execute("select min(_line) from masuk where _file = ?", [name]).fetchone()
    below = [line + 1 for line in repeated] + ([first[0]] if first and first[0] else [])
    candidates = con.execute(
        f"select _line, {', '.join(map(quoted, header.positions))} from masuk where _file = ? and _cacat is null "
        "and list_contains(?, _line) order by _line",
        [name, below],
    ).fetchall()
    numbered = [line for line, *cells in candidates if _counts_columns(cells, list(header.positions.values()))]
    if repeated or numbered:
        con.execute("delete from masuk where _file = ? and list_contains(?, _line)", [name, repeated + numbered])
    told = [("baris kosong / empty rows", [line for (line,) in empty])]
    told += [("judul kolom berulang / the header again", repeated), ("nomor kolom / numbers of columns", numbered)]
    return tuple(
        f"{len(rows)} {what}: baris/line {min(rows)}{', ..' if len(rows) > 1 else ''}" for what, rows in told if rows
    )


def _is_header(cells: list[str | None], name: str, line: int, table: TableContract, header: Header) -> bool:
    known = labels(table)
    meant = [known.get(normal(cell or "")) for cell in cells]
    if all(meant[i] == column for i, column in enumerate(header.positions) if column in table.required):
        return True
    if len({column for column in meant if column}) < max(2, len(table.required)):
        return False
    raise InputError(
        "judul kolom kedua dengan urutan lain / a second header, with the columns in another order",
        file=name,
        line=line,
        expected="one table",
        action="pisahkan menjadi dua berkas / make it two files",
    )


_COLUMN_NUMBER = re.compile(r"\s*[(\[]?\s*(?:([0-9]{1,3})|([a-z]))\s*[)\].]?\s*", re.IGNORECASE)


def _counts_columns(cells: list[str | None], places: list[int]) -> bool:
    """Whether a row numbers the columns, as tables of offices do below their header: (1) (2) (3), or a b c."""
    steps = set()
    filled = 0
    for cell, place in zip(cells, places, strict=True):
        if cell and cell.strip():
            found = _COLUMN_NUMBER.fullmatch(cell)
            if not found:
                return False
            steps.add((int(found[1]) if found[1] else ord(found[2].lower()) - 96) - place)
            filled += 1
    return filled >= 3 and len(steps) == 1


def _literal(path: Path) -> str:
    """SQL of a path that is one file, whatever its name: DuckDB takes brackets and stars for a pattern."""
    return text(re.sub(r"([\[*?])", r"[\1]", str(path)))


def _unreadable(name: str, path: Path) -> InputError:
    with path.open("rb") as file:
        kind = {b"PAR1": "Parquet", b"PK\x03\x04": "XLSX"}.get(file.read(4), "CSV")
    what, action = (
        f"{kind} tidak terbaca, terpotong atau rusak / this {kind} file is damaged or cut off",
        "minta dikirim ulang / ask for it again",
    )
    if kind == "XLSX" and (found := other_archive(path)):
        what, action = (
            f"bukan XLSX / no XLSX but {found}",
            "buka atau simpan ulang sebagai XLSX atau CSV / unpack it, or save it as XLSX or CSV",
        )
    return InputError(what, file=name, expected=f"a whole {kind} file", action=action)
