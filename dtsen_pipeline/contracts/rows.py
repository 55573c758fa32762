"""Reading a CSV record by record, exactly: the slow way, for the files in which a record is not a line.

What belongs here: where a record starts and ends, and which records are broken. DuckDB reads the ordinary file; this
module reads the one with line breaks inside quotes, blank lines, ragged rows, mixed line ends or NULs, because there
only a reader that keeps its place can say the line. One broken record never swallows the next: after an error reading
goes on at the next physical line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from dtsen_pipeline.errors import InputError

# A value spans a few lines at most (an address). Past this many its quote was never closed, and the rest is innocent.
_LONGEST_RECORD = 100


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the ``line`` it starts on, its fields, and what is wrong with its form (None: nothing)."""

    line: int
    fields: list[str]
    flaw: str | None = None
    text: str | None = None


def records(lines: Iterator[str], delimiter: str, width: int, file: str) -> Iterator[Record]:
    """Every record below the header, in file order. ``lines`` are physical lines with their line ends, header included.

    A flaw is 'jumlah_kolom' (not ``width`` fields), 'kutip_rusak' (quotes that do not pair) or 'karakter_nul'. Raises
    InputError where the last record is cut off: no line end, and too few fields or an open quote.
    """
    source = _Numbered(lines)
    header = True
    while (line := source.take()) is not None:
        if not line.strip():
            continue
        start = source.number
        fields = _fields(line, delimiter)
        if fields is None and line.count('"') % 2:
            fields = _continued(source, line, delimiter, None if header else width, file)
        if header:
            header = False
            continue
        if not line.endswith(("\n", "\r")) and (fields is None or len(fields) < width):
            raise _cut_off(file, start, width)
        flaw = None
        if fields is None:
            flaw = "kutip_rusak"
        elif len(fields) != width:
            flaw = "jumlah_kolom"
        elif any("\0" in value for value in fields):
            flaw = "karakter_nul"
        yield Record(start, fields or [], flaw, line.rstrip("\r\n") if flaw else None)


class _Numbered:
    """Physical lines that can be put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._ahead: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        line = self._ahead.popleft() if self._ahead else next(self._lines, None)
        if line is not None:
            self.number += 1
        return line

    def put_back(self, taken: list[str]) -> None:
        self._ahead.extendleft(reversed(taken))
        self.number -= len(taken)

    @property
    def at_end(self) -> bool:
        if not self._ahead and (line := next(self._lines, None)) is not None:
            self._ahead.append(line)
        return not self._ahead


def _fields(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader((text,), delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


def _continued(source: _Numbered, line: str, delimiter: str, width: int | None, file: str) -> list[str] | None:
    """The fields of a record whose quoted value goes on over the next lines; None, and nothing taken, if none does."""
    taken: list[str] = []
    text, start = line, source.number
    odd = True
    while odd and len(taken) < _LONGEST_RECORD and (more := source.take()) is not None:
        taken.append(more)
        text += more
        odd = (more.count('"') % 2 == 0) == odd
    fields = None if odd else _fields(text, delimiter)
    # A ragged record of several lines is one record, unless a whole one is found in it: then its first quote is stray.
    if fields is not None and (
        width in (None, len(fields)) or not any(len(_fields(more, delimiter) or ()) == width for more in taken)
    ):
        return fields
    last = _fields(taken[-1], delimiter) if taken else None
    if odd and source.at_end and not (last and len(last) == width) and (not taken or not text.endswith(("\n", "\r"))):
        raise _cut_off(file, start, width)
    source.put_back(taken)
    return None


def _cut_off(file: str, line: int, width: int | None) -> InputError:
    return InputError(
        "berkas terpotong / the file is cut off in its last record",
        file=file,
        line=line,
        expected=f"{width} fields and an end of line",
        action="minta dikirim ulang / ask for it again",
    )
