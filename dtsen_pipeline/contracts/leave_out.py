"""Leave out rows of a file that are no data: empty rows, headers that come again, rows that number the columns.

What belongs here: recognising such rows in ``masuk``, whatever the format of the file.
"""

from __future__ import annotations

import re

import duckdb

from dtsen_pipeline.contracts.header import Header
from dtsen_pipeline.contracts.model import TableContract, columns_by_label, normal_label
from dtsen_pipeline.contracts.rules import quoted_name, text_literal
from dtsen_pipeline.errors import InputError


def leave_out_rows(con: duckdb.DuckDBPyConnection, name: str, table: TableContract, header: Header) -> tuple[str, ...]:
    """Delete rows that are no data from ``masuk``; returns a note of each kind, with their number and first line."""
    key = quoted_name(table.required[0])
    nothing = " and ".join(
        f"trim(coalesce({quoted_name(column)}, '')) = ''" for column in (table.required[0], *header.positions)
    )
    empty = con.execute(
        f"delete from masuk where _file = ? and {nothing} and (_cacat is null and not regexp_matches(coalesce(_lain, ''), ?) "
        "or _cacat = 'jumlah_kolom' and regexp_full_match(_lain, ?)) returning _line",
        [name, r':"[^"]*[^"\s]', r'\{"_teks":"(?:[,;| ]|\\t|\\")*"\}'],
    ).fetchall()
    known = ", ".join(map(text_literal, sorted(columns_by_label(table))))
    again = con.execute(
        f"select _line, {', '.join(map(quoted_name, header.positions))} from masuk where _file = ? and _cacat is null "
        f"and trim(regexp_replace(lower({key}), '[^0-9a-z]+', '_', 'g'), '_') in ({known}) order by _line",
        [name],
    ).fetchall()
    repeated = [line for line, *cells in again if _is_header(cells, name, line, table, header)]
    first = con.execute("select min(_line) from masuk where _file = ?", [name]).fetchone()
    below = [line + 1 for line in repeated] + ([first[0]] if first and first[0] else [])
    candidates = con.execute(
        f"select _line, {', '.join(map(quoted_name, header.positions))} from masuk where _file = ? and _cacat is null "
        "and list_contains(?, _line) order by _line",
        [name, below],
    ).fetchall()
    numbered = [line for line, *cells in candidates if _numbers_columns(cells, list(header.positions.values()))]
    if repeated or numbered:
        con.execute("delete from masuk where _file = ? and list_contains(?, _line)", [name, repeated + numbered])
    deleted = [("baris kosong / empty rows", [line for (line,) in empty])]
    deleted += [("judul kolom berulang / the header again", repeated), ("nomor kolom / numbers of columns", numbered)]
    return tuple(
        f"{len(lines)} {what}: baris/line {min(lines)}{', ..' if len(lines) > 1 else ''}"
        for what, lines in deleted
        if lines
    )


def _is_header(cells: list[str | None], name: str, line: int, table: TableContract, header: Header) -> bool:
    """Whether a row repeats the header. Raises InputError where it is a header with the columns in another order."""
    known = columns_by_label(table)
    meant = [known.get(normal_label(cell or "")) for cell in cells]
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


def _numbers_columns(cells: list[str | None], places: list[int]) -> bool:
    """Whether a row numbers the columns, as offices' tables do below their header: (1) (2) (3), or a b c."""
    steps = set()
    filled = 0
    for cell, place in zip(cells, places, strict=True):
        if cell and cell.strip():
            match = _COLUMN_NUMBER.fullmatch(cell)
            if not match:
                return False
            steps.add((int(match[1]) if match[1] else ord(match[2].lower()) - 96) - place)
            filled += 1
    return filled >= 3 and len(steps) == 1
