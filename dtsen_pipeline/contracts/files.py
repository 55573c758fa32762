"""What a delivered file is: format, encoding, delimiter, header, checksum.

What belongs here: everything that can be known about a file before its rows are read. The format is read from the
first bytes, never from the name; the header is the first row that holds the required columns, and the delimiter is the one
under which it does: both are certain, where guessing from sampled rows is not.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.errors import InputError

DELIMITERS = (",", ";", "|", "\t")
HEADER_WITHIN = 20
"""Rows that are not blank, among which the header is looked for."""

_CHUNK = 1 << 20
_LONGEST_HEADER = 20  # lines of one header whose labels hold line breaks
_SEP_LINE = re.compile('\ufeff?"?sep=(.)"?\\s*', re.IGNORECASE)
# Bytes that tapes, transfers and DOS leave behind the last line.
_PADDING = b"\0\x1a"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_RESEND = "minta dikirim ulang / ask for it again"
_SAVE_AGAIN = "simpan ulang sebagai CSV UTF-8 / save it again as CSV UTF-8"
# First bytes of what people send under the name of a table: what it is, what to do.
_FOREIGN = (
    (rb"\xd0\xcf\x11\xe0", "an old or encrypted Excel file", _SAVE_AGAIN),
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


def scan(path: Path, name: str) -> Scan:
    """Read the file once, in bounded memory. Raises InputError where it is empty, damaged or of no known format."""
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
            raise InputError(
                f"bukan format yang dapat dibaca / this is {what}",
                file=name,
                expected="CSV, Parquet or XLSX",
                action=action,
            )
    return _scan_text(path, name, compressed=start.startswith(b"\x1f\x8b"))


def _empty(name: str) -> InputError:
    return InputError("berkas kosong / the file is empty", file=name, action=_RESEND)


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read, so that it is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        chunk = self.file.read(len(buffer))
        self.sha256.update(chunk)
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

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while True:
            if self._member.eof and not self._next_member():
                return 0
            packed = self._packed or self.file.read(_CHUNK) or b""
            if not packed:
                raise EOFError
            chunk = self._member.decompress(packed, len(buffer))
            self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if chunk:
                buffer[: len(chunk)] = chunk
                return len(chunk)

    def _next_member(self) -> bool:
        while True:
            rest = self._packed.lstrip(b"\0\r\n\x1a")
            self.padded = self.padded or len(rest) < len(self._packed)
            if len(rest) > 1:
                break
            more = self.file.read(_CHUNK)
            if not more:
                break
            self._packed = rest + more
        self._packed = rest
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


def _scan_text(path: Path, name: str, *, compressed: bool) -> Scan:
    newlines = returns = both = 0
    nul = False
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    pending = False
    tail = b""
    bom = b""
    with _opened(path, name, compressed) as (stream, hashed, unpacked):
        try:
            while chunk := stream.read(_CHUNK):
                if not tail:
                    bom = chunk[:3]
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
    encoding = "utf-8" if is_utf8 else _encoding(path, name, compressed, bom)
    ended = tail.endswith((b"\n", b"\r"))
    blank_at_end = max(tail[len(tail.rstrip(b"\r\n")) :].count(b"\n") - 1, 0)
    passed_over = []
    if encoding != "utf-16" and tail.rstrip(b"\r\n").endswith((b"\0", b"\x1a")):
        passed_over.append("akhir berkas: byte NUL atau Ctrl-Z / end of file: NUL bytes or Ctrl-Z")
    if unpacked and unpacked.padded:
        passed_over.append("setelah arsip gzip: byte pengisi / padding after the gzip archive")
    return Scan(
        format="csv",
        bytes=path.stat().st_size,
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


def _encoding(path: Path, name: str, compressed: bool, start: bytes) -> str:
    """Of a text that is not UTF-8 throughout: every line has its own, since offices join what several made."""
    if start.startswith(_UTF16):
        with _opened(path, name, compressed) as (stream, *_):
            try:
                for _ in io.TextIOWrapper(stream, "utf-16", newline=""):
                    pass
            except UnicodeDecodeError:
                raise InputError(
                    "teks UTF-16 rusak atau terpotong / damaged or cut off UTF-16 text", file=name, action=_SAVE_AGAIN
                ) from None
        return "utf-16"
    found: dict[str, int] = {}
    bom = start.startswith(codecs.BOM_UTF8)
    with _opened(path, name, compressed) as (stream, *_):
        for number, line in enumerate(stream, start=1):
            text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            for part in (text.splitlines() if b"\r" in text else (text,)) if not text.isascii() else ():
                if not part.isascii():
                    found.setdefault(_of_line(part, name, number), number)
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


def text_lines(path: Path, scan: Scan) -> Iterator[str]:
    """The physical lines of a CSV with their line ends, decoded, without byte order marks and what pads the end."""
    with _opened(path, path.name, scan.compressed) as (stream, *_):
        if scan.encoding == "utf-8+cp1252":
            lines: Iterable[str] = _lines_each_its_own(stream)
        else:
            lines = io.TextIOWrapper(stream, scan.encoding, newline="")
        for line in lines:
            if line[0] == "\ufeff":  # also in the middle, where files were joined
                line = line[1:]
            if line[-1:] in "\0\x1a":
                line = line.rstrip("\0\x1a")
            if line:
                yield line


def _lines_each_its_own(stream: IO[bytes]) -> Iterator[str]:
    for whole in stream:
        for line in whole.splitlines(keepends=True) if b"\r" in whole else (whole,):
            try:
                yield line.decode()
            except UnicodeDecodeError:
                yield line.decode("cp1252")


def csv_header(path: Path, name: str, scan: Scan, table: TableContract) -> tuple[str, Header, tuple[str, ...]]:
    """Delimiter and header of a CSV, and what stands above it. Raises InputError as ``find_header``."""
    lines = []
    filled = 0
    for line in text_lines(path, scan):
        lines.append(line)
        filled += not is_blank(line)
        if filled > HEADER_WITHIN + _LONGEST_HEADER or len(lines) > 200:
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
    header = find_header(rows[:HEADER_WITHIN], name, table)
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


def find_header(rows: list[Row], file: str, table: TableContract) -> Header:
    """The header: the first of ``rows`` with every required column. Raises InputError as ``map_header`` of the likest."""
    if not rows:
        return map_header([], file, table)
    first, last, names = max(rows, key=lambda row: min(_score(row[2], table), 1000))
    return map_header(names, file, table, first, last)


def told_above(lines: list[int]) -> tuple[str, ...]:
    """What to say of rows above the header."""
    if not lines:
        return ()
    place = str(lines[0]) if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
    return (f"baris {place}: di atas judul kolom / above the header",)


def map_header(names: list[str], file: str, table: TableContract, line: int = 1, last: int = 1) -> Header:
    """Find the contract's columns among ``names``: any order, capitals and blanks do not count, aliases do.

    Raises InputError where a required column is missing or a column comes twice. The message repeats a cell of the file's
    own first row only where that is a header without doubt and the cell nearly a column of the contract: in a file without
    a header the first row is a person.
    """
    found = _positions(names, table)
    if missing := [column for column in table.required if column not in found]:
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
        f"{word} (kolom/column {words[word]})"
        for column in missing
        for word in difflib.get_close_matches(column, filter(_WORD.fullmatch, words), n=1, cutoff=0.75)
    ]
    return f"; salah eja? / misspelt? {', '.join(alike)}" if alike else ""


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
