"""What a delivered file is: format, encoding, delimiter, header, checksum.

What belongs here: everything that can be known about a file before its rows are read. The format is read from the
first bytes, never from the name, and the delimiter is the one under which the header has most columns of the contract:
both are certain, where guessing from sampled rows is not.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.errors import InputError

DELIMITERS = (",", ";", "|")
_CHUNK = 1 << 20
_WORD = re.compile("[a-z_]+")
_UNDEFINED_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Header:
    """Where the columns of the contract are: ``positions`` by column, ``extra`` the others as (position, name)."""

    width: int
    positions: dict[str, int]
    extra: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Scan:
    """One pass over a file. ``bytes`` and ``sha256`` are of the file as it lies; the rest is of the text inside.

    ``lines`` are physical lines, without blank ones at the end.

    ``plain`` says that it has one kind of line end and no NUL, so that DuckDB's parser can be let at it.
    """

    format: str
    bytes: int
    sha256: str
    compressed: bool = False
    encoding: str | None = None
    lines: int = 0
    ends_with_newline: bool = True
    plain: bool = True


def scan(path: Path, name: str) -> Scan:
    """Read the file once, in bounded memory. Raises InputError where it is empty, damaged or of no known format."""
    with path.open("rb") as file:
        magic = file.read(8)
    if not magic:
        raise InputError(
            "berkas kosong / the file is empty", file=name, action="minta dikirim ulang / ask for it again"
        )
    if magic.startswith(b"PAR1"):
        return Scan("parquet", *_digest(path))
    if magic.startswith(b"PK\x03\x04"):
        return Scan("xlsx", *_digest(path))
    if magic.startswith((b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            "bukan format yang dapat dibaca / an old or encrypted Excel file, or UTF-16 text",
            file=name,
            expected="CSV (UTF-8 or Windows-1252), Parquet or XLSX",
            action="simpan ulang sebagai CSV UTF-8 / save it again as CSV UTF-8",
        )
    return _scan_text(path, name, compressed=magic.startswith(b"\x1f\x8b"))


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


def _scan_text(path: Path, name: str, *, compressed: bool) -> Scan:
    newlines = returns = both = 0
    nul = False
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    pending = False
    no_cp1252: int | None = None
    tail = b""
    bom = False
    with path.open("rb") as file:
        hashed = _Hashed(file)
        stream: IO[bytes] = gzip.GzipFile(fileobj=hashed) if compressed else hashed  # type: ignore[assignment]
        try:
            while chunk := stream.read(_CHUNK):
                if not tail:
                    bom = chunk.startswith(codecs.BOM_UTF8)
                if no_cp1252 is None and not chunk.isascii() and (damage := _UNDEFINED_CP1252.search(chunk)):
                    no_cp1252 = newlines + chunk.count(b"\n", 0, damage.start()) + 1
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
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise InputError(
                f"arsip gzip terpotong atau rusak / the gzip file is cut off or damaged after {newlines} lines",
                file=name,
                line=newlines + 1,
                action="minta dikirim ulang / ask for it again",
            ) from None
    if not tail:
        raise InputError(
            "berkas kosong / the file is empty", file=name, action="minta dikirim ulang / ask for it again"
        )
    is_utf8 = utf8 is not None and not pending
    if not is_utf8 and (bom or no_cp1252):
        raise InputError(
            "bukan UTF-8 dan bukan Windows-1252 / neither UTF-8 nor Windows-1252",
            file=name,
            line=no_cp1252,
            action="simpan ulang sebagai UTF-8 / save it again as UTF-8",
        )
    ended = tail.endswith((b"\n", b"\r"))
    blank_at_end = max(tail[len(tail.rstrip(b"\r\n")) :].count(b"\n") - 1, 0)
    return Scan(
        format="csv",
        bytes=path.stat().st_size,
        sha256=hashed.sha256.hexdigest(),
        compressed=compressed,
        encoding="utf-8" if is_utf8 else "cp1252",
        lines=newlines + (not ended) - blank_at_end,
        ends_with_newline=ended,
        plain=not nul and (returns == 0 or returns == both == newlines),
    )


def text_lines(path: Path, scan: Scan) -> Iterator[str]:
    """The physical lines of a CSV with their line ends, decoded, without the byte order mark."""
    encoding = "utf-8-sig" if scan.encoding == "utf-8" else "cp1252"
    if scan.compressed:
        with gzip.open(path, "rt", encoding=encoding, newline="") as lines:
            yield from lines
    else:
        with path.open(encoding=encoding, newline="") as lines:
            yield from lines


def csv_header(path: Path, name: str, scan: Scan, table: TableContract) -> tuple[str, Header]:
    """Delimiter and header of a CSV. Raises InputError as ``map_header``."""
    text = ""
    for number, line in enumerate(text_lines(path, scan)):
        text += line if line.strip() else ""
        if (text and text.count('"') % 2 == 0) or number > 100:
            break
    candidates = []
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        candidates.append((len(_positions(names, table)), delimiter, names))
    if not candidates:
        raise InputError(
            "judul kolom tidak terbaca / the header cannot be read",
            file=name,
            line=1,
            expected=", ".join(table.required),
            action="minta dikirim ulang / ask for it again",
        )
    _, delimiter, names = max(candidates, key=lambda candidate: candidate[0])
    return delimiter, map_header(names, name, table)


def map_header(names: list[str], file: str, table: TableContract) -> Header:
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
            line=1,
            column=missing[0],
            expected=f"{', '.join(table.required)} ({len(found)} of the contract's {len(table.columns)} columns found)",
            action="minta berkas dengan judul kolom sesuai kontrak / ask for a file with the header of the contract",
        )
    if doubled := [column for column, positions in found.items() if len(positions) > 1]:
        raise InputError(
            f"kolom muncul dua kali / a column comes twice: {', '.join(doubled)}",
            file=file,
            line=1,
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
