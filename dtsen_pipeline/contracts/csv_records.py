"""Split a CSV into records, exactly: the slow way, for files in which a record is not a line.

What belongs here: where a record starts and ends, and which records are broken. DuckDB reads ordinary files; this module reads
those with line breaks inside quotes, blank lines, ragged rows, mixed line ends or NULs, whose line only a reader that counts
lines can name. One broken record never swallows the next: after an error, reading goes on at the next physical line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from dtsen_pipeline.contracts.header import Header, is_blank
from dtsen_pipeline.errors import InputError

# A value spans a few lines at most (an address). After this many its quote was never closed, and the lines are other records.
_MOST_RECORD_LINES = 100

# The provisional flaw of a row with only blanks past the last column: the whole file decides (``delimited.judge_blank_surplus``).
BLANK_SURPLUS = "lebih_kosong"

# How a footer below a table begins: the last line is then not a record that is cut off.
_FOOTER = re.compile(
    r'[\s",;|]*(jumlah|total|sumber|catatan|keterangan|dicetak|diunduh|tanggal cetak)\b', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the ``line`` it starts on, its ``size`` in letters, its fields, the flaw of its form, and then its whole text."""

    line: int
    size: int
    fields: list[str]
    flaw: str | None = None
    text: str | None = None


def records(lines: Iterator[str], delimiter: str, header: Header, file: str, longest: int) -> Iterator[Record]:
    """Yield every record below the header, in file order. ``lines`` are all physical lines of the file with their line ends.

    A record has the header's ``width`` fields; columns without a label may be missing at the end. A flaw is 'jumlah_kolom' (another
    number of fields), BLANK_SURPLUS (only empty ones past the last), 'kutip_rusak' (quotes that do not pair, or not within
    ``longest`` letters) or 'karakter_nul'. Raises InputError where the last record is cut off: it has no line end, and too few
    fields or an open quote.
    """
    source = _NumberedLines(lines)
    while (line := source.take()) is not None:
        if source.number <= header.last or is_blank(line):
            continue
        start, size = source.number, len(line)
        fields = _fields(line, delimiter)
        if fields is None and line.count('"') % 2:
            fields = _continue_record(source, line, delimiter, header, file, longest)
            size = sum(map(len, fields)) if fields else size
        at_end = not line.endswith(("\n", "\r"))
        if at_end and (fields is None or len(fields) < header.needed) and not _FOOTER.match(line):
            raise _cut_off_error(file, start, header)
        if fields is None:
            flaw: str | None = "kutip_rusak"
        elif any("\0" in value for value in fields):
            flaw = "karakter_nul"
        else:
            flaw = _width_flaw(fields, header)
            fields += [""] * (header.width - len(fields)) if flaw is None else []
        yield Record(start, size, (fields or [])[: header.width], flaw, line.rstrip("\r\n") if flaw else None)


class _NumberedLines:
    """Physical lines that are counted, and can be put back."""

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
    """The fields of one record; None where its quotes are broken."""
    try:
        return next(csv.reader((text,), delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


def _width_flaw(fields: list[str], header: Header) -> str | None:
    """The flaw of a record with another number of fields than the header, else None."""
    if header.needed <= len(fields) <= header.width:
        return None
    blank = len(fields) > header.width and not any(value.strip() for value in fields[header.width :])
    return BLANK_SURPLUS if blank else "jumlah_kolom"


def _fits_header(fields: list[str] | None, header: Header) -> bool:
    """Whether these fields make a record of the header's width."""
    return fields is not None and _width_flaw(fields, header) != "jumlah_kolom"


def _continue_record(
    source: _NumberedLines, line: str, delimiter: str, header: Header, file: str, longest: int
) -> list[str] | None:
    """The fields of a record whose quoted value goes on over the next lines; None, with the lines put back, where none does."""
    taken: list[str] = []
    text, start = line, source.number
    odd = True
    while odd and len(taken) < _MOST_RECORD_LINES and len(text) <= longest and (more := source.take()) is not None:
        taken.append(more)
        text += more
        odd = (more.count('"') % 2 == 0) == odd
    fields = None if odd else _fields(text, delimiter)
    # A ragged record of several lines is one record, unless one of the lines is a whole record: then its first quote is stray.
    if fields is not None and (
        _fits_header(fields, header) or not any(_fits_header(_fields(more, delimiter), header) for more in taken)
    ):
        return fields
    last = _fields(taken[-1], delimiter) if taken else None
    if odd and source.at_end and not _fits_header(last, header) and (not taken or not text.endswith(("\n", "\r"))):
        raise _cut_off_error(file, start, header)
    source.put_back(taken)
    return None


def _cut_off_error(file: str, line: int, header: Header) -> InputError:
    return InputError(
        "berkas terpotong / the file is cut off in its last record",
        file=file,
        line=line,
        expected=f"{header.width} fields and an end of line",
        action="minta dikirim ulang / ask for it again",
    )
