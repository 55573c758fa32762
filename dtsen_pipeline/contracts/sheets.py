"""Load the rows of an XLSX workbook into ``masuk``: find the sheet with the table, and read it.

What belongs here: which sheet and which row is whose. What a cell means is found in ``workbook``.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.csv_records import Record
from dtsen_pipeline.contracts.header import (
    HEADER_WITHIN,
    Header,
    Row,
    describe_above,
    find_header,
    has_header,
)
from dtsen_pipeline.contracts.incoming import insert_records
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.workbook import Sheet, Workbook
from dtsen_pipeline.errors import InputError


def load_xlsx(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings
) -> tuple[Header, tuple[str, ...]]:
    """Load the file; returns its header, and notes of rows and sheets that are not read."""
    with Workbook(path, name, bounds) as book:
        sheet, header, notes = _find_sheet(book, name, table, bounds)
        kinds = {i: table.columns[column].type for column, i in header.positions.items()}
        days = {i for i, kind in kinds.items() if kind == "date"}
        numbers = {i for i, kind in kinds.items() if kind in ("integer", "decimal", "code")}
        cells = (row for row in book.rows(sheet, days, numbers) if row[0] > header.line)
        insert_records(con, table, header, name, (_record(line, row, header.width) for line, row in cells))
    return header, notes


def _record(line: int, row: dict[int, str], width: int) -> Record:
    """A row of a sheet as a record; one with filled cells past the ``width`` of the header is broken."""
    surplus = any(i >= width and value.strip() for i, value in row.items())
    whole = "\t".join(row.get(i, "") for i in range(max(row) + 1)) if surplus else None
    size = sum(map(len, row.values()))
    return Record(line, size, [row.get(i) for i in range(width)], "jumlah_kolom" if surplus else None, whole)  # type: ignore[misc]


def _find_sheet(
    book: Workbook, name: str, table: TableContract, bounds: Settings
) -> tuple[Sheet, Header, tuple[str, ...]]:
    """Find the sheet with the table; returns it, its header and notes of what is not read.

    Raises InputError where no sheet has the header, or more than one.
    """
    candidates: list[tuple[Sheet, Header, list[int]]] = []
    refused: InputError | None = None
    for sheet in book.sheets:
        rows: list[Row] = []
        try:
            for line, row in islice(book.rows(sheet), HEADER_WITHIN):
                rows.append((line, line, [row.get(i, "") for i in range(max(row) + 1)]))
            header = find_header(rows, name, table, bounds)
        except InputError as error:
            if has_header(rows, table):
                raise  # this sheet is the table: another one must not take its place
            refused = error if refused is None or (rows and error.line != 1) else refused
            continue
        candidates.append((sheet, header, [line for line, *_ in rows if line < header.line]))
    if len(candidates) > 1:
        filled = [
            candidate
            for candidate in candidates
            if any(line > candidate[1].line for line, _ in book.rows(candidate[0]))
        ]
        candidates = filled or candidates[:1]
    if not candidates and refused:
        raise refused
    if len(candidates) != 1:
        raise InputError(
            f"{len(candidates)} lembar memuat kolom kontrak / sheets hold the columns of the contract",
            file=name,
            expected="one sheet with the data",
            action="pisahkan menjadi satu berkas per lembar / make it one file a sheet",
        )
    sheet, header, above = candidates[0]
    others = (
        (f"{book.count - 1} lembar lain / other sheets: tabel di lembar/the table is on sheet {sheet.number}",)
        if book.count > 1
        else ()
    )
    return sheet, header, describe_above(above) + others
