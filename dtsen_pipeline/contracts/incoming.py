"""Create ``masuk``, the table that files are loaded into, and write rows into it.

What belongs here: what the loaders of CSV, Parquet and XLSX share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from dtsen_pipeline.contracts.csv_records import BLANK_SURPLUS, Record
from dtsen_pipeline.contracts.header import Header
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.rules import quoted_name, text_literal
from dtsen_pipeline.contracts.workbook_archive import other_archive
from dtsen_pipeline.errors import InputError

# Letters of rows that are held at once, and the bytes that Python takes for a field beside its letters.
_BATCH_LETTERS = 64 << 20
_FIELD_OVERHEAD = 64


def create_incoming(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Create an empty temporary ``masuk`` for the table: its columns as text, and four of our own.

    ``_file`` and ``_line`` say where a row stood; ``_lain`` holds its other columns as JSON, or its whole text; ``_cacat`` is the
    flaw of a row whose form is broken, else NULL.
    """
    # The line of a record is computed from its position, which DuckDB keeps only under this (default) setting.
    con.execute("set preserve_insertion_order = true")
    columns = ", ".join(f"{quoted_name(name)} varchar" for name in table.columns)
    con.execute(
        f"create or replace temp table masuk ({columns}, _file varchar, _line bigint, _lain varchar, _cacat varchar)"
    )


def insert_statement(
    table: TableContract, header: Header, name: str, values: dict[int, str], line: str, flaw: str, kept: str
) -> str:
    """The INSERT into ``masuk`` up to its FROM, built from the header.

    ``values`` is the SQL of each position; ``line``, ``flaw`` and ``kept`` that of the line, the flaw and a broken row's whole text
    (empty where no text is kept).
    """
    columns = [values[header.positions[c]] if c in header.positions else "null" for c in table.columns]
    extra = ", ".join(f"{text_literal(label)}, {values[i]}" for i, label in header.extra)
    others = f"cast(json_object({extra}) as varchar)" if extra else "cast(null as varchar)"
    if kept:
        whole = f"cast(json_object('_teks', {kept}) as varchar)"
        others = f"case when {flaw} <> '{BLANK_SURPLUS}' then {whole} else {others} end"
    return f"insert into masuk select {', '.join(columns)}, {text_literal(name)}, {line}, {others}, {flaw}"


Item = TypeVar("Item")


def chunks(items: Iterator[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Yield lists of as many items as may be held at once; ``size`` gives the letters of an item."""
    held: list[Item] = []
    total = 0
    for item in items:
        held.append(item)
        total += size(item)
        if total >= _BATCH_LETTERS:
            yield held
            held, total = [], 0
    if held:
        yield held


def _batches(rows: Iterator[Record], width: int) -> Iterator[pa.Table]:
    """Yield records as tables c0..c<width-1>, line, flaw, text. A broken row keeps its whole text beside its fields."""
    for chunk in chunks(rows, lambda row: row.size + _FIELD_OVERHEAD * width):
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


def insert_records(
    con: duckdb.DuckDBPyConnection, table: TableContract, header: Header, name: str, rows: Iterator[Record]
) -> None:
    """Insert records into ``masuk``, in batches that fit into memory."""
    values = {i: f"c{i}" for i in range(header.width)}
    statement = insert_statement(table, header, name, values, "line", "flaw", "text")
    try:
        for batch in _batches(rows, header.width):
            con.register("rombongan", batch)
            con.execute(f"{statement} from rombongan")
    finally:
        con.unregister("rombongan")


def single_file_literal(path: Path) -> str:
    """The path of a single file as a literal in SQL: brackets and stars are escaped, which DuckDB reads as a pattern."""
    return text_literal(re.sub(r"([\[*?])", r"[\1]", str(path)))


def unreadable_error(name: str, path: Path) -> InputError:
    """The error for a file that is damaged or cut off, or no workbook at all."""
    with path.open("rb") as file:
        kind = {b"PAR1": "Parquet", b"PK\x03\x04": "XLSX"}.get(file.read(4), "CSV")
    what, action = (
        f"{kind} tidak terbaca, terpotong atau rusak / this {kind} file is damaged or cut off",
        "minta dikirim ulang / ask for it again",
    )
    if kind == "XLSX" and (other := other_archive(path)):
        what, action = (
            f"bukan XLSX / no XLSX but {other}",
            "buka atau simpan ulang sebagai XLSX atau CSV / unpack it, or save it as XLSX or CSV",
        )
    return InputError(what, file=name, expected=f"a whole {kind} file", action=action)
