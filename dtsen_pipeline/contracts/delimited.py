"""Load the rows of a CSV file into ``masuk``: by DuckDB where that is exact, else record by record.

What belongs here: the two ways of loading a CSV, and what is done to its rows after either. Where a record begins and ends is found
in ``csv_records``.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.contracts.csv_records import BLANK_SURPLUS, records
from dtsen_pipeline.contracts.files import Scan, text_lines
from dtsen_pipeline.contracts.header import Header
from dtsen_pipeline.contracts.incoming import chunks, insert_records, insert_statement, single_file_literal
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.rules import broken_rule_sql, day_sql, has_rule, inline, quoted_name, text_literal
from dtsen_pipeline.errors import storage_reason
from dtsen_pipeline.storage.warehouse import load_extension

# Bytes from which DuckDB reads a Windows-1252 file: its extension of 350 MB takes two seconds to load.
MIN_CP1252_BYTES = 16 << 20

# Up to this many broken rows, looking their text up is cheaper than reading the whole file record by record.
_MOST_FLAWS = 1000

# What DuckDB reads as NULL: random, so that no value equals it. By default an empty field would be NULL, and a short row could not
# be told from one with an empty value.
_NULL_MARK = secrets.token_hex(16)


def load_csv_with_duckdb(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    facts: Scan,
    delimiter: str,
    header: Header,
    table: TableContract,
) -> bool:
    """Load the file by DuckDB; returns False, with nothing appended, where a record may span lines or the last may be cut off."""
    if facts.encoding == "cp1252":
        load_extension(con, "encodings")
    # More columns than there are, and padding: otherwise DuckDB accepts a row with one empty field too many.
    names = [f"c{i}" for i in range(header.width + max(header.surplus, 1))]
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in names)
    source = (
        f"read_csv({single_file_literal(path)}, auto_detect = false, header = false, skip = {header.last}, "
        f"delim = {text_literal(delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{columns}}}, null_padding = true, strict_mode = true, nullstr = {text_literal(_NULL_MARK)}, "
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
        con.execute(f"{insert_statement(table, header, name, values, 'null', flaw, '')} from {source}")
    except duckdb.Error as error:
        if type(error) not in (duckdb.InvalidInputException, duckdb.IOException, duckdb.Error) or storage_reason(error):
            raise
        return False  # a record it cannot read: ``load_csv_by_record`` names its line, without its values
    first, last_row, count, flawed = con.execute(
        "select min(rowid), max(rowid), count(*), count(*) filter (_cacat = 'jumlah_kolom') from masuk where _file = ?",
        [name],
    ).fetchone() or (None, None, 0, 0)
    lines_are_records = count == facts.lines - header.last and (not count or last_row - first + 1 == count)
    if not lines_are_records or (flawed and not facts.ends_with_newline) or flawed > _MOST_FLAWS:
        con.execute("delete from masuk where _file = ?", [name])
        return False
    con.execute("update masuk set _line = rowid - ? + ? where _file = ?", [first, header.last + 1, name])
    for column in (column for column, place in header.positions.items() if place == 0):
        # The byte order mark of a file that was appended to another, or the end mark of DOS before it.
        con.execute(
            f"update masuk set {quoted_name(column)} = ltrim({quoted_name(column)}, ?) "
            f"where _file = ? and (starts_with({quoted_name(column)}, '\ufeff') or starts_with({quoted_name(column)}, '\x1a'))",
            ["\ufeff\x1a", name],
        )
    return True


def judge_blank_surplus(con: duckdb.DuckDBPyConnection, name: str, table: TableContract, header: Header) -> None:
    """Decide which rows with only blanks past the last column (BLANK_SURPLUS) are whole, and mark the others as broken.

    Where more than half of the rows end so, that is the file's manner. Where fewer do, a comma inside a name may have shifted the
    row: it is whole only if some column with a rule is filled, and every value fits its column.
    """
    rows, marked = con.execute(
        "select count(*), count(*) filter (_cacat = ?) from masuk where _file = ?", [BLANK_SURPLUS, name]
    ).fetchone() or (0, 0)
    if not marked:
        return
    where = f"_file = {text_literal(name)} and _cacat = '{BLANK_SURPLUS}'"
    if 2 * marked <= rows:
        typed = [column for column in header.positions if has_rule(table.columns[column])]
        unfit = [
            f"select baris from (select *, {inline('tanda_isian')} as tanda, {day_sql(table.columns[c])} as hari from ("
            f"select rowid as baris, {inline('buka', quoted_name(c))} as nilai from masuk where {where})) "
            f"where ({broken_rule_sql(table.columns[c])}) <> 'tanpa_jawaban'"
            for c in header.positions
        ]
        unfit.append(
            f"select rowid from masuk where {where} and "
            + (" and ".join(f"trim(coalesce({quoted_name(c)}, '')) = ''" for c in typed) or "true")
        )
        con.execute(f"update masuk set _cacat = 'jumlah_kolom' where rowid in ({' union '.join(unfit)})")
    con.execute(f"update masuk set _cacat = null where {where}")


def keep_broken_text(con: duckdb.DuckDBPyConnection, path: Path, name: str, facts: Scan) -> None:
    """Store the whole text of broken rows that lack it, as ``_teks`` in ``_lain``."""
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
        for batch in chunks(kept, lambda row: len(row[1])):
            con.register("teks", pa.table({"baris": [row for row, _ in batch], "isi": [line for _, line in batch]}))
            con.execute(
                "update masuk set _lain = cast(json_object('_teks', isi) as varchar) from teks where masuk.rowid = teks.baris"
            )
    finally:
        con.unregister("teks")


def load_csv_by_record(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    facts: Scan,
    delimiter: str,
    header: Header,
    table: TableContract,
    longest: int,
) -> None:
    """Load the file record by record: slower, and exact for every file. ``longest`` is the most letters of a record."""
    rows = records(text_lines(path, name, facts), delimiter, header, name, longest)
    insert_records(con, table, header, name, rows)
