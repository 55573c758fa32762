"""Scan a delivered file: its format, encoding, checksum and lines.

What belongs here: everything that is known about a file before its header is looked for. The format is read from the first bytes,
never from the name. Nothing large is held in memory before the bounds of ``Settings`` are checked.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.streams import (
    CHUNK,
    RESEND,
    check_expansion,
    line_too_long_error,
    open_unpacked,
    size_and_sha256,
)
from dtsen_pipeline.errors import InputError

# The first line by which Excel learns the delimiter of a CSV: sep=;
SEP_LINE = re.compile('\ufeff?"?sep=(\t|[^\\w\\s"])"?\\s*', re.IGNORECASE)

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_SAVE_AGAIN = "simpan ulang sebagai CSV UTF-8 / save it again as CSV UTF-8"

# Other formats that people send as a table: pattern of the first bytes, what it is, what to do.
_FOREIGN_FORMATS = (
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


# The stream of an OLE2 file that holds a workbook behind a password.
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

# Bytes that Windows-1252 leaves undefined.
_UNDEFINED_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Scan:
    """What one pass over a file shows. ``bytes`` and ``sha256`` are of the file as it lies; the rest is of the text inside.

    ``lines`` counts physical lines, without blank ones at the end. ``plain``: it has one kind of line end and nothing odd, so that
    DuckDB can parse it. ``encoding`` is that of every line; 'utf-8+cp1252' where lines differ. ``passed_over`` lists what is not
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


# By default Python refuses values over 128 KB; a line may be as long as ``Settings.max_line``, and so may its only value.
csv.field_size_limit(1 << 30)


def scan(path: Path, name: str, bounds: Settings) -> Scan:
    """Scan the file in bounded memory. Raises InputError where it is empty, damaged, beyond a bound or of no known format."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise _empty_file_error(name)
    if start.startswith(b"PAR1"):
        return Scan("parquet", *size_and_sha256(path))
    if start.startswith(b"PK\x03\x04"):
        return Scan("xlsx", *size_and_sha256(path))
    for pattern, what, action in _FOREIGN_FORMATS:
        if re.match(pattern, start):
            if "Excel" in what and _contains(path, _ENCRYPTED_STREAM):
                raise encrypted_workbook_error(name)
            raise InputError(
                f"bukan format yang dapat dibaca / this is {what}",
                file=name,
                expected="CSV, Parquet or XLSX",
                action=action,
            )
    return _scan_text(path, name, bounds, compressed=start.startswith(b"\x1f\x8b"))


def _contains(path: Path, content: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(content) >= 0


def encrypted_workbook_error(name: str) -> InputError:
    """The error for a workbook behind a password."""
    return InputError(
        "buku kerja terkunci kata sandi / this workbook is encrypted, behind a password",
        file=name,
        expected="CSV, Parquet or XLSX without a password",
        action="minta dikirim ulang tanpa kata sandi, lewat jalur yang aman / ask for it without a password, by a safe way",
    )


def _empty_file_error(name: str) -> InputError:
    return InputError("berkas kosong / the file is empty", file=name, action=RESEND)


class _LineLengths:
    """Measure the lines of a text that comes in pieces of at most ``most`` bytes or letters."""

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
    """Scan a text file, packed or not, in one pass; a second pass finds its encoding where it is not UTF-8."""
    newlines = returns = both = 0
    nul = False
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    pending = False
    tail = b""
    bom = b""
    size = 0
    lines = _LineLengths(bounds.max_line, (b"\n", b"\r"))
    with open_unpacked(path, name, compressed) as (stream, hashed, unpacked):
        try:
            while chunk := stream.read(min(CHUNK, bounds.max_line)):
                if not tail:
                    bom = chunk[:3]
                if lines.too_long(chunk):
                    raise line_too_long_error(name, bounds, max(newlines, returns) + 1)
                size += len(chunk)
                if unpacked:
                    check_expansion(name, bounds, hashed.bytes, size, newlines + 1)
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
                action=RESEND,
            ) from None
    if not tail:
        raise _empty_file_error(name)
    is_utf8 = utf8 is not None and not pending
    encoding = "utf-8" if is_utf8 else _text_encoding(path, name, bounds, compressed, bom)
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


def _text_encoding(path: Path, name: str, bounds: Settings, compressed: bool, start: bytes) -> str:
    """The encoding of a text that is not UTF-8 throughout, found line by line: offices join files that several people made.

    Raises InputError where a line has no encoding that is read, or where the text contradicts its byte order mark.
    """
    if start.startswith(_UTF16_MARKS):
        # The bytes of a line end are also halves of letters, so lines are counted in the decoded text.
        decoder, lines, newlines = (
            codecs.getincrementaldecoder("utf-16")(),
            _LineLengths(bounds.max_line, ("\n", "\r")),
            0,
        )
        with open_unpacked(path, name, compressed) as (stream, *_):
            try:
                while chunk := stream.read(min(CHUNK, bounds.max_line)):
                    text = decoder.decode(chunk)
                    if lines.too_long(text):
                        raise line_too_long_error(name, bounds, newlines + 1)
                    newlines += text.count("\n")
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                raise InputError(
                    "teks UTF-16 rusak atau terpotong / damaged or cut off UTF-16 text", file=name, action=_SAVE_AGAIN
                ) from None
        return "utf-16"
    first_lines: dict[str, int] = {}  # by encoding
    bom = start.startswith(codecs.BOM_UTF8)
    with open_unpacked(path, name, compressed) as (stream, *_):
        number = 1
        for line in _line_groups(stream):
            marked = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            for part in (marked.splitlines() if b"\r" in marked else (marked,)) if not marked.isascii() else ():
                if not part.isascii():
                    first_lines.setdefault(_line_encoding(part, name, number), number)
            number += line.endswith(b"\n")
    if bom and "utf-8" not in first_lines:
        # The mark says UTF-8, but no line is.
        raise InputError(
            "tanda UTF-8 di depan teks yang bukan UTF-8 / a UTF-8 mark before text that is not UTF-8",
            file=name,
            line=first_lines.get("cp1252"),
            action="simpan ulang sebagai UTF-8 / save it again as UTF-8",
        )
    return "+".join(encoding for encoding in ("utf-8", "cp1252") if encoding in first_lines)


def _line_encoding(line: bytes, name: str, number: int) -> str:
    """'utf-8' or 'cp1252'. Raises InputError where a line is neither, or cut off inside a letter."""
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


def text_lines(path: Path, name: str, facts: Scan) -> Iterator[str]:
    """Yield the physical lines of a CSV, decoded, with their line ends, without byte order marks and padding."""
    with open_unpacked(path, name, facts.compressed) as (stream, *_):
        if facts.encoding == "utf-8+cp1252":
            lines: Iterable[str] = _decode_line_by_line(stream)
        else:
            lines = io.TextIOWrapper(stream, facts.encoding, newline="")
        for line in lines:
            if line[0] in "\ufeff\x1a":  # in the middle too, where files were joined
                line = line.lstrip("\ufeff\x1a")
            if line[-1:] in "\0\x1a":
                line = line.rstrip("\0\x1a")
            if line:
                yield line


def _line_groups(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines that end in a line feed; where none comes for long, groups of lines that end in a carriage return."""
    rest = b""
    while piece := stream.readline(CHUNK):
        rest += piece
        cut = len(rest) if piece.endswith(b"\n") else rest.rfind(b"\r", 0, -1) + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _decode_line_by_line(stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a text in which each line is UTF-8 or Windows-1252 by itself."""
    for whole in _line_groups(stream):
        for line in whole.splitlines(keepends=True) if b"\r" in whole else (whole,):
            try:
                yield line.decode()
            except UnicodeDecodeError:
                yield line.decode("cp1252")
