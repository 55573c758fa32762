"""What a delivered file is: format, encoding, delimiter, header, checksum.

What belongs here: everything that can be known about a file before its rows are read. The format is read from the
first bytes, never from the name; the header is the first row that holds the required columns, and the delimiter is the one
under which it does: both are certain, where guessing from sampled rows is not. Nothing of any size is held in memory before the
bounds of ``Settings`` were looked at, and no message repeats a cell of the file: what stands where a header should be may be a
person.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
import mmap
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import IO

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.model import Column, TableContract
from dtsen_pipeline.contracts.rules import DATE
from dtsen_pipeline.errors import InputError

DELIMITERS = (",", ";", "|", "\t")
HEADER_WITHIN = 20
"""Rows that are not blank, among which the header is looked for."""

EXPANSION_FROM = 64 << 20
"""Bytes up to which nobody asks how far a file expands: a small file of one row many times is no harm."""

_CHUNK = 1 << 20
_PACKED = 1 << 16  # a member of a gzip file costs a copy of what is behind it
_EMPTY_MEMBERS = 1000
_LONGEST_HEADER = 20  # lines of one header whose labels hold line breaks
_SEP_LINE = re.compile('\ufeff?"?sep=(\t|[^\\w\\s"])"?\\s*', re.IGNORECASE)
# Bytes that tapes, transfers and DOS leave behind the last line.
_PADDING = b"\0\x1a"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_RESEND = "minta dikirim ulang / ask for it again"
_SAVE_AGAIN = "simpan ulang sebagai CSV UTF-8 / save it again as CSV UTF-8"
# First bytes of what people send under the name of a table: what it is, what to do.
_FOREIGN = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel file", _SAVE_AGAIN),
    (rb"%PDF", "a PDF", "minta tabelnya sebagai CSV atau XLSX / ask for the table as CSV or XLSX"),
    (rb"(?i)(\xef\xbb\xbf)?\s*<", "HTML or XML, as some programs call an Excel file", _SAVE_AGAIN),
    (
        rb"(\xef\xbb\xbf)?\s*([{]|\[\s*[{\[])",
        "JSON",
        "minta sebagai CSV, Parquet atau XLSX / ask for CSV, Parquet or XLSX",
    ),
    (
        rb"7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd",
        "a packed file",
        "buka arsipnya, atau pakai gzip / unpack it, or use gzip",
    ),
    (rb"SQLite format 3", "a database", "minta sebagai CSV, Parquet atau XLSX / ask for CSV, Parquet or XLSX"),
    (rb"\x89PNG|\xff\xd8\xff", "a picture", "minta tabelnya sebagai CSV atau XLSX / ask for the table as CSV or XLSX"),
)
_ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream of an OLE2 file that holds a workbook behind a password
_WORD = re.compile("[a-z_]+")
_UNDEFINED_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Header:
    """Where the columns of the contract are: ``positions`` by column, ``extra`` the others as (position, name).

    ``needed`` fields a row must have: the ``width`` without columns at the end that have no label. The header stands from
    ``line`` to ``last``; rows near it had up to ``surplus`` fields more than it.
    """

    width: int
    positions: dict[str, int]
    extra: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    needed: int = 0
    line: int = 1
    last: int = 1
    surplus: int = 0


@dataclass(frozen=True)
class Scan:
    """One pass over a file. ``bytes`` and ``sha256`` are of the file as it lies; the rest is of the text inside.

    ``lines`` are physical lines, without blank ones at the end.

    ``plain`` says that it has one kind of line end and nothing odd, so that DuckDB's parser can be let at it. ``encoding`` is that
    of every line; 'utf-8+cp1252' where some lines are the one and some the other. ``passed_over`` says what is there and was not
    read as a row, by line, without its content.
    """

    format: str
    bytes: int
    sha256: str
    compressed: bool = False
    encoding: str | None = None
    lines: int = 0
    ends_with_newline: bool = True
    plain: bool = True
    passed_over: tuple[str, ...] = ()


# A line of a CSV may be as long as ``Settings.max_line``, and so may its only value.
csv.field_size_limit(1 << 30)


def scan(path: Path, name: str, bounds: Settings) -> Scan:
    """Read the file once, in bounded memory. Raises InputError where it is empty, damaged, past a bound or of no known format."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise _empty(name)
    if start.startswith(b"PAR1"):
        return Scan("parquet", *_digest(path))
    if start.startswith(b"PK\x03\x04"):
        return Scan("xlsx", *_digest(path))
    for pattern, what, action in _FOREIGN:
        if re.match(pattern, start):
            if "Excel" in what and _holds(path, _ENCRYPTED):
                raise encrypted(name)
            raise InputError(
                f"bukan format yang dapat dibaca / this is {what}",
                file=name,
                expected="CSV, Parquet or XLSX",
                action=action,
            )
    return _scan_text(path, name, bounds, compressed=start.startswith(b"\x1f\x8b"))


def _holds(path: Path, content: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(content) >= 0


def encrypted(name: str) -> InputError:
    """What to say of a workbook behind a password."""
    return InputError(
        "buku kerja terkunci kata sandi / this workbook is encrypted, behind a password",
        file=name,
        expected="CSV, Parquet or XLSX without a password",
        action="minta dikirim ulang tanpa kata sandi, lewat jalur yang aman / ask for it without a password, by a safe way",
    )


def too_large(name: str, what: str, bound: str, setting: str, line: int | None = None) -> InputError:
    """What to say of a file past one of the bounds that keep a broken or hostile one from filling memory and disk."""
    return InputError(
        what,
        file=name,
        line=line,
        expected=f"paling banyak/at most {bound} (DTSEN_{setting.upper()})",
        action=f"minta dikirim ulang; bila berkas ini memang benar, naikkan DTSEN_{setting.upper()} / ask for it again; where the "
        f"file is right, raise DTSEN_{setting.upper()}",
    )


def expanded(name: str, bounds: Settings, packed: int, unpacked: int, line: int | None = None) -> None:
    """Raise InputError where ``unpacked`` bytes came of ``packed`` ones, and no table is as repetitive as that."""
    if unpacked > EXPANSION_FROM and unpacked > bounds.max_expansion * packed:
        raise too_large(
            name,
            f"isi yang dipadatkan mengembang lebih dari {bounds.max_expansion} kali / what is packed expands more than "
            f"{bounds.max_expansion} times",
            f"{bounds.max_expansion} kali/times",
            "max_expansion",
            line,
        )


def _line_too_long(name: str, bounds: Settings, line: int) -> InputError:
    return too_large(
        name,
        f"satu baris lebih panjang dari {bounds.max_line} byte / one line is longer than {bounds.max_line} bytes",
        f"{bounds.max_line} byte",
        "max_line",
        line,
    )


def _empty(name: str) -> InputError:
    return InputError("berkas kosong / the file is empty", file=name, action=_RESEND)


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), sha256


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read, so that it is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        chunk = self.file.read(len(buffer))
        self.sha256.update(chunk)
        self.bytes += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Gunzip(io.RawIOBase):
    """The text of a gzip file, of all its members. Padding after a member is passed over and noted in ``padded``.

    Raises EOFError where it is cut off, zlib.error where it is damaged, and InputError where something else follows.
    """

    def __init__(self, file: IO[bytes] | io.RawIOBase, name: str) -> None:
        self.file, self.name = file, name
        self.padded = False
        self._member = zlib.decompressobj(31)
        self._packed = b""
        self._empty = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while True:
            if self._member.eof and not self._next_member():
                return 0
            packed = self._packed or self.file.read(_PACKED) or b""
            if not packed:
                raise EOFError
            chunk = self._member.decompress(packed, len(buffer))
            self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if chunk:
                self._empty = 0
                buffer[: len(chunk)] = chunk
                return len(chunk)

    def _next_member(self) -> bool:
        while True:
            rest = self._packed.lstrip(b"\0\r\n\x1a")
            self.padded = self.padded or len(rest) < len(self._packed)
            if len(rest) > 1:
                break
            more = self.file.read(_PACKED)
            if not more:
                break
            self._packed = rest + more
        self._packed = rest
        self._empty += 1
        if self._empty > _EMPTY_MEMBERS:
            raise zlib.error  # thousands of archives of nothing: only the time that they take
        if rest and not rest.startswith(b"\x1f\x8b"):
            raise InputError(
                "ada isi lain setelah arsip gzip / something else follows the gzip archive",
                file=self.name,
                expected="one whole gzip file",
                action=_RESEND,
            )
        if rest:
            self._member = zlib.decompressobj(31)
        return bool(rest)


@contextmanager
def _opened(path: Path, name: str, compressed: bool) -> Iterator[tuple[IO[bytes], _Hashed, _Gunzip | None]]:
    with path.open("rb") as file:
        hashed = _Hashed(file)
        unpacked = _Gunzip(hashed, name) if compressed else None
        raw: io.RawIOBase = unpacked or hashed
        yield io.BufferedReader(raw, _CHUNK), hashed, unpacked


class _Lines:
    """How long a line is, of a text that comes in pieces of at most ``most``."""

    def __init__(self, most: int, ends: tuple[bytes, bytes] | tuple[str, str]) -> None:
        self._most, self._ends = most, ends
        self._open = 0

    def too_long(self, piece: bytes | str) -> bool:
        """Whether a line that ends in ``piece``, or goes on after it, is longer than ``most``."""
        first = min((place for end in self._ends if (place := piece.find(end)) >= 0), default=-1)  # type: ignore[arg-type]
        if first < 0:
            self._open += len(piece)
            return self._open > self._most
        longest = self._open + first
        self._open = len(piece) - 1 - max(piece.rfind(end) for end in self._ends)  # type: ignore[arg-type]
        return longest > self._most


def _scan_text(path: Path, name: str, bounds: Settings, *, compressed: bool) -> Scan:
    newlines = returns = both = 0
    nul = False
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    pending = False
    tail = b""
    bom = b""
    size = 0
    lines = _Lines(bounds.max_line, (b"\n", b"\r"))
    with _opened(path, name, compressed) as (stream, hashed, unpacked):
        try:
            while chunk := stream.read(min(_CHUNK, bounds.max_line)):
                if not tail:
                    bom = chunk[:3]
                if lines.too_long(chunk):
                    raise _line_too_long(name, bounds, max(newlines, returns) + 1)
                size += len(chunk)
                if unpacked:
                    expanded(name, bounds, hashed.bytes, size, newlines + 1)
                if utf8 and (pending or not chunk.isascii()):
                    try:
                        utf8.decode(chunk)
                        pending = bool(utf8.getstate()[0])
                    except UnicodeDecodeError:
                        utf8 = None
                newlines += chunk.count(b"\n")
                if (carriage := chunk.count(b"\r")) or tail.endswith(b"\r"):
                    returns += carriage
                    both += chunk.count(b"\r\n") + (tail.endswith(b"\r") and chunk.startswith(b"\n"))
                nul = nul or b"\0" in chunk
                tail = (tail + chunk)[-4096:]
        except (EOFError, zlib.error):
            raise InputError(
                f"arsip gzip terpotong atau rusak / the gzip file is cut off or damaged after {newlines} lines",
                file=name,
                line=newlines + 1,
                action=_RESEND,
            ) from None
    if not tail:
        raise _empty(name)
    is_utf8 = utf8 is not None and not pending
    encoding = "utf-8" if is_utf8 else _encoding(path, name, bounds, compressed, bom)
    ended = tail.endswith((b"\n", b"\r"))
    blank_at_end = max(tail[len(tail.rstrip(b"\r\n")) :].count(b"\n") - 1, 0)
    passed_over = []
    if encoding != "utf-16" and tail.rstrip(b"\r\n").endswith((b"\0", b"\x1a")):
        passed_over.append("akhir berkas: byte NUL atau Ctrl-Z / end of file: NUL bytes or Ctrl-Z")
    if unpacked and unpacked.padded:
        passed_over.append("setelah arsip gzip: byte pengisi / padding after the gzip archive")
    return Scan(
        format="csv",
        bytes=hashed.bytes,
        sha256=hashed.sha256.hexdigest(),
        compressed=compressed,
        encoding=encoding,
        lines=newlines + (not ended) - blank_at_end,
        ends_with_newline=ended,
        plain=not nul
        and not passed_over
        and encoding in ("utf-8", "cp1252")
        and (returns == 0 or returns == both == newlines),
        passed_over=tuple(passed_over),
    )


def _encoding(path: Path, name: str, bounds: Settings, compressed: bool, start: bytes) -> str:
    """Of a text that is not UTF-8 throughout: every line has its own, since offices join what several made."""
    if start.startswith(_UTF16):
        # The bytes of a line end are also halves of letters, so that lines show in the text alone.
        decoder, lines, newlines = codecs.getincrementaldecoder("utf-16")(), _Lines(bounds.max_line, ("\n", "\r")), 0
        with _opened(path, name, compressed) as (stream, *_):
            try:
                while chunk := stream.read(min(_CHUNK, bounds.max_line)):
                    text = decoder.decode(chunk)
                    if lines.too_long(text):
                        raise _line_too_long(name, bounds, newlines + 1)
                    newlines += text.count("\n")
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                raise InputError(
                    "teks UTF-16 rusak atau terpotong / damaged or cut off UTF-16 text", file=name, action=_SAVE_AGAIN
                ) from None
        return "utf-16"
    found: dict[str, int] = {}
    bom = start.startswith(codecs.BOM_UTF8)
    with _opened(path, name, compressed) as (stream, *_):
        number = 1
        for line in _pieces(stream):
            marked = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            for part in (marked.splitlines() if b"\r" in marked else (marked,)) if not marked.isascii() else ():
                if not part.isascii():
                    found.setdefault(_of_line(part, name, number), number)
            number += line.endswith(b"\n")
    if bom and "utf-8" not in found:
        # The mark says UTF-8, and no line bears it out.
        raise InputError(
            "tanda UTF-8 di depan teks yang bukan UTF-8 / a UTF-8 mark before text that is not UTF-8",
            file=name,
            line=found.get("cp1252"),
            action="simpan ulang sebagai UTF-8 / save it again as UTF-8",
        )
    return "+".join(kind for kind in ("utf-8", "cp1252") if kind in found)


def _of_line(line: bytes, name: str, number: int) -> str:
    try:
        line.decode()
        return "utf-8"
    except UnicodeDecodeError as error:
        cut_off = error.end == len(line) and error.reason == "unexpected end of data"
        if not cut_off and not _UNDEFINED_CP1252.search(line):
            return "cp1252"
        raise InputError(
            "bukan UTF-8 dan bukan Windows-1252, atau terpotong / neither UTF-8 nor Windows-1252, or cut off: "
            f"byte {error.start + 1}",
            file=name,
            line=number,
            action="simpan ulang sebagai UTF-8 / save it again as UTF-8",
        ) from None


def text_lines(path: Path, name: str, scan: Scan) -> Iterator[str]:
    """The physical lines of a CSV with their line ends, decoded, without byte order marks and what pads the end."""
    with _opened(path, name, scan.compressed) as (stream, *_):
        if scan.encoding == "utf-8+cp1252":
            lines: Iterable[str] = _lines_each_its_own(stream)
        else:
            lines = io.TextIOWrapper(stream, scan.encoding, newline="")
        for line in lines:
            if line[0] in "\ufeff\x1a":  # also in the middle, where files were joined
                line = line.lstrip("\ufeff\x1a")
            if line[-1:] in "\0\x1a":
                line = line.rstrip("\0\x1a")
            if line:
                yield line


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines that end in a line feed; where there is none for long, several that end in a carriage return at a time."""
    rest = b""
    while piece := stream.readline(_CHUNK):
        rest += piece
        cut = len(rest) if piece.endswith(b"\n") else rest.rfind(b"\r", 0, -1) + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _lines_each_its_own(stream: IO[bytes]) -> Iterator[str]:
    for whole in _pieces(stream):
        for line in whole.splitlines(keepends=True) if b"\r" in whole else (whole,):
            try:
                yield line.decode()
            except UnicodeDecodeError:
                yield line.decode("cp1252")


def csv_header(
    path: Path, name: str, scan: Scan, table: TableContract, bounds: Settings
) -> tuple[str, Header, tuple[str, ...]]:
    """Delimiter and header of a CSV, and what stands above it. Raises InputError as ``find_header``."""
    lines = []
    filled = size = 0
    for line in text_lines(path, name, scan):
        lines.append(line)
        filled += not is_blank(line)
        size += len(line)
        if filled > HEADER_WITHIN + _LONGEST_HEADER or len(lines) > 200 or size > bounds.max_line:
            break
    marked = next((mark[1] for line in lines[:1] if (mark := _SEP_LINE.fullmatch(line))), None)
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
            action=_RESEND,
        )
    _, delimiter, rows = best
    header = find_header(rows[:HEADER_WITHIN], name, table, bounds)
    widest = max(len(names) for line, _, names in rows if line >= header.line)
    above = [line for line, _, _ in rows if line < header.line]
    return delimiter, replace(header, surplus=widest - header.width), told_above(above)


def is_blank(line: str) -> bool:
    """Whether a physical line holds nothing."""
    return not line.strip("\0\x1a \t\r\n\v\f")


Row = tuple[int, int, list[str]]
"""First line, last line, cells."""


def _first_rows(lines: list[str], delimiter: str) -> Iterator[Row]:
    """Each line as a row; one whose quotes do not pair with the lines that it takes to pair them, if these are a row."""
    for start, line in enumerate(lines):
        if is_blank(line):
            continue
        text, last = line, start
        while text.count('"') % 2 and last + 1 < min(len(lines), start + _LONGEST_HEADER):
            last += 1
            text += lines[last]
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        yield start + 1, last + 1, names


def _score(names: list[str], table: TableContract) -> int:
    """How much of a header a row is: columns of the contract in it; all of the required ones come before any number."""
    found = _positions(names, table)
    return len(found) + 1000 * all(column in found for column in table.required)


def has_header(rows: list[Row], table: TableContract) -> bool:
    """Whether one of ``rows`` holds every required column."""
    return any(_score(names, table) >= 1000 for _, _, names in rows)


def find_header(rows: list[Row], file: str, table: TableContract, bounds: Settings) -> Header:
    """The header: the first of ``rows`` with every required column. Raises InputError as ``map_header`` of the likest, and where
    rows of the table stand above it, as after sorting a sheet with its header: they would be taken for a title."""
    if not rows:
        return map_header([], file, table, bounds)
    first, last, names = max(rows, key=lambda row: min(_score(row[2], table), 1000))
    header = map_header(names, file, table, bounds, first, last)
    if above := [line for line, _, cells in rows if line < first and _is_row(cells, header, table)]:
        raise InputError(
            f"{len(above)} baris data di atas judul kolom / rows of data above the header",
            file=file,
            line=above[0],
            expected=f"judul kolom di atas data, bukan di baris {first} / the header above the data, not on line {first}",
            action="pindahkan baris judul ke atas / move the header to the top",
        )
    return header


def _is_row(cells: list[str], header: Header, table: TableContract) -> bool:
    """Whether what stands above the header would be a row below it. A row that numbers the columns is none."""
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
    fit = [fits for place, cell in filled if (fits := _fits(cell, columns[place])) is not None]
    return len(fit) >= 2 and 2 * sum(fit) > len(fit)


def told_above(lines: list[int]) -> tuple[str, ...]:
    """What to say of rows above the header."""
    if not lines:
        return ()
    place = str(lines[0]) if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
    return (f"baris {place}: di atas judul kolom / above the header",)


def map_header(
    names: list[str], file: str, table: TableContract, bounds: Settings, line: int = 1, last: int = 1
) -> Header:
    """Find the contract's columns among ``names``: any order, capitals and blanks do not count, aliases do.

    Raises InputError where a required column is missing, a column comes twice, there are too many, or labels are values: in a
    file that lost the line end after its header they are a person's. No message repeats a label.
    """
    if len(names) > bounds.max_columns:
        raise too_large(
            file,
            f"judul memuat {len(names)} kolom / the header has {len(names)} columns",
            f"{bounds.max_columns} kolom/columns",
            "max_columns",
            line,
        )
    found = _positions(names, table)
    missing = [column for column in table.required if column not in found]
    # Of a row that is no header at all it is said that there is none.
    if 2 * len(missing) <= len(table.required) and (values := _values(names, found, table)):
        raise InputError(
            f"{len(values)} judul kolom tampak seperti isian, bukan nama kolom / {len(values)} labels of the header look like "
            f"values, not like names of columns: kolom/column {_ranges(values)}",
            file=file,
            line=line,
            expected="satu baris nama kolom saja, lalu baris data / one row of names alone, then the rows of data",
            action="bila baris judul tersambung dengan baris data pertama, pisahkan atau minta dikirim ulang; bila itu nama kolom, "
            "tulis dengan kata / where the first row of data hangs on the header, part them or ask for it again; where it is a "
            "name, write it in words",
        )
    if missing:
        raise InputError(
            f"kolom wajib tidak ada / required columns are missing: {', '.join(missing)}{_hint(names, missing, found)}",
            file=file,
            line=line,
            column=missing[0],
            expected=f"{', '.join(table.required)} ({len(found)} of the contract's {len(table.columns)} columns found)",
            action="minta berkas dengan judul kolom sesuai kontrak / ask for a file with the header of the contract",
        )
    if doubled := [column for column, positions in found.items() if len(positions) > 1]:
        raise InputError(
            f"kolom muncul dua kali / a column comes twice: {', '.join(doubled)}",
            file=file,
            line=line,
            column=doubled[0],
            expected="one column of each name, aliases included",
            action="hapus salah satunya / remove one of them",
        )
    positions = {column: places[0] for column, places in found.items()}
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
        missing=tuple(column for column in table.columns if column not in found),
        needed=max((i + 1 for i, label in enumerate(names) if normal(label)), default=0),
        line=line,
        last=last,
    )


def _hint(names: list[str], missing: list[str], found: dict[str, list[int]]) -> str:
    if 2 * len(found) <= len(names):
        return "; baris judul tidak ada? / no header line?"
    known = {place for places in found.values() for place in places}
    words = {normal(label): i + 1 for i, label in enumerate(names) if i not in known}
    alike = [
        f"{column} (kolom/column {words[word]})"
        for column in missing
        for word in difflib.get_close_matches(column, filter(_WORD.fullmatch, words), n=1, cutoff=0.75)
    ]
    return f"; salah eja? / misspelt? {', '.join(alike)}" if alike else ""


# What a label of a header is not: a whole day, a number of a person, what a spreadsheet leaves of it.
_DAY = re.compile(rf"{DATE}|^\d{{1,2}}[- ][A-Za-z]{{3,9}}[- ](\d\d)?\d\d$")
_ROUNDED = re.compile(r"\d([.,]\d+)?[Ee][+]?\d+")
# Digits that a label does hold behind a word: nilai_202503, unduh_20250317, TA 20242025, bantuan 600000.
_PERIOD = re.compile(r"(19|20)\d\d((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(\d{4}|\d{6})?)?|(19|20)\d\d)|[1-9]\d{2,5}000")
_NUMBER = re.compile(r"\d+([.,]\d+)?")


def _values(names: list[str], found: dict[str, list[int]], table: TableContract) -> list[int]:
    """Positions of labels that are values: of one that is so without doubt, of a second row behind the header, of mere numbers.

    Offices add columns and call them "1", "Kolom17", "tahun 2024", "nilai_2025-03": none of these is a value by itself.
    """
    known = {place for places in found.values() for place in places}
    others = {i: label.strip(" '\"=\0\t") for i, label in enumerate(names) if i not in known and normal(label)}
    lost = [label for label, column in labels(table).items() if column not in found]
    values = {i for i, label in others.items() if _is_value(label) or _is_glued(names[i], lost)}
    # As many labels again as there are columns, and what stands in the typed ones fits them.
    width = (len(names) + 1) // 2
    if all(place < width for place in known):
        fit = [
            (place + len(names) // 2, fits)
            for column, (place, *_) in found.items()
            if (label := others.get(place + len(names) // 2)) is not None
            and (fits := _fits(label, table.columns[column])) is not None
        ]
        glued = len(names) % 2 == 1 and _is_glued(names[width - 1], lost, digits=1)
        if len(fit) + glued >= 2 and all(fits for _, fits in fit):
            values |= {i for i in others if i >= width}
    numbers = [(i, float(label.replace(",", "."))) for i, label in others.items() if _NUMBER.fullmatch(label)]
    codes = [(i, number) for i, number in numbers if not 1900 <= number < 2100]
    if len(codes) >= 3 and any(after <= before for (_, before), (_, after) in pairwise(codes)):
        values |= {i for i, _ in codes}
    return sorted(values)


def _is_value(label: str) -> bool:
    digits = re.sub(r"\D", "", label)
    if _DAY.match(label) or _ROUNDED.fullmatch(label):
        return True
    if not any(sign.isalpha() for sign in label):
        return len(digits) >= 6
    return any(not _PERIOD.fullmatch(run) for run in re.findall(r"\d{6,}", label))


def _is_glued(label: str, lost: list[str], digits: int = 3) -> bool:
    """Whether the label of a column that is not there is followed by a value at once: a quote, or so many digits and no year."""
    for name in lost:
        words = r"[\W_]+".join(map(re.escape, name.split("_")))
        if after := re.match(rf"(?is)\W*{words}([^\W_].*|\s*[\"'].*)", label.strip()):
            rest = after[1].strip()
            if rest[0] in "\"'" or len(re.sub(r"\D", "", re.sub(r"(19|20)\d\d$", "", rest))) >= digits:
                return True
    return False


def _fits(label: str, column: Column) -> bool | None:
    """Whether the label would be a value of the column; None where the contract says nothing of its values."""
    if column.type == "date":
        return bool(_DAY.match(label))
    if column.type == "code":
        return label.lower() in {code.lower() for code in column.codes}
    if column.type == "label":
        return "".join(label.split()).lower() in column.spellings
    if column.type in ("integer", "decimal"):
        return bool(_NUMBER.fullmatch(label))
    return len(label) == column.length if column.length else None


def _ranges(positions: list[int]) -> str:
    """Columns counted from 1, as 3, 7-12."""
    told: list[list[int]] = []
    for place in positions:
        if told and told[-1][1] == place:
            told[-1][1] = place + 1
        else:
            told.append([place + 1, place + 1])
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in told]
    return ", ".join(parts[:10]) + (", .." if len(parts) > 10 else "")


def normal(label: str) -> str:
    """A column name without what does not count in it: capitals, blanks, signs."""
    return re.sub(r"[^0-9a-z]+", "_", label.strip().lower()).strip("_")


def labels(table: TableContract) -> dict[str, str]:
    """The column that each label of a header stands for, by its ``normal`` form."""
    return {
        normal(alias): column.name
        for column in table.columns.values()
        for alias in (column.name, *column.header_aliases)
    }


def _positions(names: list[str], table: TableContract) -> dict[str, list[int]]:
    known = labels(table)
    found: dict[str, list[int]] = {}
    for i, label in enumerate(names):
        if column := known.get(normal(label)):
            found.setdefault(column, []).append(i)
    return found
