"""Find the header of a file, and the columns of its contract in it.

What belongs here: rows near the beginning of a file, whatever its format. The header is the first row that holds the required
columns, and the delimiter is the one under which it does: both are certain, unlike a guess from sampled rows. No message repeats
a cell of the file, since a person may stand where a header should be (``header_values``).
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.files import SEP_LINE, Scan, text_lines
from dtsen_pipeline.contracts.header_values import fits_column, value_positions
from dtsen_pipeline.contracts.model import TableContract, columns_by_label, normal_label
from dtsen_pipeline.contracts.streams import RESEND, too_large_error
from dtsen_pipeline.errors import InputError

DELIMITERS = (",", ";", "|", "\t")

# Rows that are not blank, among which the header is looked for.
HEADER_WITHIN = 20

# Lines of one header whose labels hold line breaks.
_MOST_HEADER_LINES = 20

# First line, last line, cells.
Row = tuple[int, int, list[str]]

_COLUMN_WORD = re.compile("[a-z_]+")


@dataclass(frozen=True)
class Header:
    """Where the columns of the contract are: ``positions`` by column, ``extra`` the others as (position, name), from 0.

    A row must have ``needed`` fields: the ``width`` without columns at the end that have no label. The header stands on lines
    ``line`` to ``last``; rows near it have up to ``surplus`` fields more than it.
    """

    width: int
    positions: dict[str, int]
    extra: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    needed: int = 0
    line: int = 1
    last: int = 1
    surplus: int = 0


def find_csv_header(
    path: Path, name: str, facts: Scan, table: TableContract, bounds: Settings
) -> tuple[str, Header, tuple[str, ...]]:
    """Find delimiter and header of a CSV; returns them and a note of the rows above. Raises InputError as ``find_header``."""
    lines = []
    filled = size = 0
    for line in text_lines(path, name, facts):
        lines.append(line)
        filled += not is_blank(line)
        size += len(line)
        if filled > HEADER_WITHIN + _MOST_HEADER_LINES or len(lines) > 200 or size > bounds.max_line:
            break
    marked = next((mark[1] for line in lines[:1] if (mark := SEP_LINE.fullmatch(line))), None)
    best: tuple[int, str, list[Row]] | None = None
    for delimiter in (marked, *DELIMITERS) if marked else DELIMITERS:
        rows = list(_first_rows(lines, delimiter))
        score = max((_score(names, table) for _, _, names in rows[:HEADER_WITHIN]), default=0)
        if rows and (best is None or score > best[0]):
            best = score, delimiter, rows
    if best is None:
        raise InputError(
            "judul kolom tidak terbaca / the header cannot be read",
            file=name,
            line=1,
            expected=", ".join(table.required),
            action=RESEND,
        )
    _, delimiter, rows = best
    header = find_header(rows[:HEADER_WITHIN], name, table, bounds)
    widest = max(len(names) for line, _, names in rows if line >= header.line)
    above = [line for line, _, _ in rows if line < header.line]
    return delimiter, replace(header, surplus=widest - header.width), describe_above(above)


def is_blank(line: str) -> bool:
    """Whether a physical line holds nothing."""
    return not line.strip("\0\x1a \t\r\n\v\f")


def _first_rows(lines: list[str], delimiter: str) -> Iterator[Row]:
    """Yield each line as a row; a line whose quotes do not pair is joined with the lines after it until they do."""
    for start, line in enumerate(lines):
        if is_blank(line):
            continue
        text, last = line, start
        while text.count('"') % 2 and last + 1 < min(len(lines), start + _MOST_HEADER_LINES):
            last += 1
            text += lines[last]
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        yield start + 1, last + 1, names


def _score(names: list[str], table: TableContract) -> int:
    """Score a row as a header: one point a column of the contract, and 1000 where all required ones are there."""
    positions = _positions(names, table)
    return len(positions) + 1000 * all(column in positions for column in table.required)


def has_header(rows: list[Row], table: TableContract) -> bool:
    """Whether one of ``rows`` holds every required column."""
    return any(_score(names, table) >= 1000 for _, _, names in rows)


def find_header(rows: list[Row], file: str, table: TableContract, bounds: Settings) -> Header:
    """Find the header: the first of ``rows`` with every required column.

    Raises InputError as ``map_header`` does for the most similar row, and where rows of data stand above the header, as after
    sorting a sheet with its header: they would be taken for a title.
    """
    if not rows:
        return map_header([], file, table, bounds)
    first, last, names = max(rows, key=lambda row: min(_score(row[2], table), 1000))
    header = map_header(names, file, table, bounds, first, last)
    if above := [line for line, _, cells in rows if line < first and _is_data_row(cells, header, table)]:
        raise InputError(
            f"{len(above)} baris data di atas judul kolom / rows of data above the header",
            file=file,
            line=above[0],
            expected=f"judul kolom di atas data, bukan di baris {first} / the header above the data, not on line {first}",
            action="pindahkan baris judul ke atas / move the header to the top",
        )
    return header


def _is_data_row(cells: list[str], header: Header, table: TableContract) -> bool:
    """Whether a row above the header is data: most cells fit their columns. A row that numbers the columns is not."""
    filled = [
        (place, cell)
        for column, place in header.positions.items()
        if place < len(cells) and (cell := cells[place].strip(" '\"=\0\t"))
    ]
    if len({int(cell) - place for place, cell in filled if cell.isdecimal()}) == 1 and all(
        cell.isdecimal() for _, cell in filled
    ):
        return False
    columns = {place: table.columns[column] for column, place in header.positions.items()}
    fit = [fits for place, cell in filled if (fits := fits_column(cell, columns[place])) is not None]
    return len(fit) >= 2 and 2 * sum(fit) > len(fit)


def describe_above(lines: list[int]) -> tuple[str, ...]:
    """The note of rows above the header, by line; none where there are none."""
    if not lines:
        return ()
    place = str(lines[0]) if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
    return (f"baris {place}: di atas judul kolom / above the header",)


def map_header(
    names: list[str], file: str, table: TableContract, bounds: Settings, line: int = 1, last: int = 1
) -> Header:
    """Find the contract's columns among ``names``, in any order, by name or alias; capitals and blanks do not count.

    Raises InputError where a required column is missing, a column comes twice, there are too many columns, or labels are values: in
    a file that lost the line end after its header they are a person's. No message repeats a label.
    """
    if len(names) > bounds.max_columns:
        raise too_large_error(
            file,
            f"judul memuat {len(names)} kolom / the header has {len(names)} columns",
            f"{bounds.max_columns} kolom/columns",
            "max_columns",
            line,
        )
    places_by_column = _positions(names, table)
    missing = [column for column in table.required if column not in places_by_column]
    # A row that lacks most required columns is no header at all, and is reported as such below.
    if 2 * len(missing) <= len(table.required) and (value_places := value_positions(names, places_by_column, table)):
        raise InputError(
            f"{len(value_places)} judul kolom tampak seperti isian, bukan nama kolom / {len(value_places)} labels of the header "
            f"look like values, not like names of columns: kolom/column {_ranges(value_places)}",
            file=file,
            line=line,
            expected="satu baris nama kolom saja, lalu baris data / one row of names alone, then the rows of data",
            action="bila baris judul tersambung dengan baris data pertama, pisahkan atau minta dikirim ulang; bila itu nama kolom, "
            "tulis dengan kata / where the first row of data hangs on the header, part them or ask for it again; where it is a "
            "name, write it in words",
        )
    if missing:
        raise InputError(
            f"kolom wajib tidak ada / required columns are missing: {', '.join(missing)}"
            f"{_misspelling_hint(names, missing, places_by_column)}",
            file=file,
            line=line,
            column=missing[0],
            expected=f"{', '.join(table.required)} ({len(places_by_column)} of the contract's {len(table.columns)} columns found)",
            action="minta berkas dengan judul kolom sesuai kontrak / ask for a file with the header of the contract",
        )
    if doubled := [column for column, positions in places_by_column.items() if len(positions) > 1]:
        raise InputError(
            f"kolom muncul dua kali / a column comes twice: {', '.join(doubled)}",
            file=file,
            line=line,
            column=doubled[0],
            expected="one column of each name, aliases included",
            action="hapus salah satunya / remove one of them",
        )
    positions = {column: places[0] for column, places in places_by_column.items()}
    taken = set(positions.values())
    extra: dict[str, int] = {}
    for i, label in enumerate(names):
        if i not in taken:
            label = label.replace("\0", "").strip() or f"kolom_{i + 1}"
            extra[label if label not in extra else f"{label}_{i + 1}"] = i
    return Header(
        width=len(names),
        positions=positions,
        extra=tuple((i, label) for label, i in extra.items()),
        missing=tuple(column for column in table.columns if column not in places_by_column),
        needed=max((i + 1 for i, label in enumerate(names) if normal_label(label)), default=0),
        line=line,
        last=last,
    )


def _misspelling_hint(names: list[str], missing: list[str], places_by_column: dict[str, list[int]]) -> str:
    """The end of a message on missing columns: no header at all, or labels that look like them, by number."""
    if 2 * len(places_by_column) <= len(names):
        return "; baris judul tidak ada? / no header line?"
    known = {place for places in places_by_column.values() for place in places}
    words = {normal_label(label): i + 1 for i, label in enumerate(names) if i not in known}
    alike = [
        f"{column} (kolom/column {words[word]})"
        for column in missing
        for word in difflib.get_close_matches(column, filter(_COLUMN_WORD.fullmatch, words), n=1, cutoff=0.75)
    ]
    return f"; salah eja? / misspelt? {', '.join(alike)}" if alike else ""


def _ranges(positions: list[int]) -> str:
    """Write positions (from 0) as ranges of columns counted from 1: 3, 7-12."""
    ranges: list[list[int]] = []
    for place in positions:
        if ranges and ranges[-1][1] == place:
            ranges[-1][1] = place + 1
        else:
            ranges.append([place + 1, place + 1])
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    return ", ".join(parts[:10]) + (", .." if len(parts) > 10 else "")


def _positions(names: list[str], table: TableContract) -> dict[str, list[int]]:
    """All positions of each column of the contract among ``names``."""
    known = columns_by_label(table)
    places_by_column: dict[str, list[int]] = {}
    for i, label in enumerate(names):
        if column := known.get(normal_label(label)):
            places_by_column.setdefault(column, []).append(i)
    return places_by_column
