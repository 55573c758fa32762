"""Read the bytes of a file, unpacked, hashed and counted, within the bounds of ``Settings``.

What belongs here: bytes only, and the errors for files beyond a bound. What they mean is found in ``files``.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError

# Unpacked bytes up to which the expansion is not checked: a small file that repeats one row does no harm.
EXPANSION_FROM = 64 << 20

# Bytes read at a time; of packed files fewer, since each member of a gzip file costs a copy of what follows it.
CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 16

_MOST_EMPTY_MEMBERS = 1000

RESEND = "minta dikirim ulang / ask for it again"


def too_large_error(name: str, what: str, bound: str, setting: str, line: int | None = None) -> InputError:
    """The error for a file beyond one of the bounds that keep a broken or hostile file from filling memory and disk."""
    return InputError(
        what,
        file=name,
        line=line,
        expected=f"paling banyak/at most {bound} (DTSEN_{setting.upper()})",
        action=f"minta dikirim ulang; bila berkas ini memang benar, naikkan DTSEN_{setting.upper()} / ask for it again; where the "
        f"file is right, raise DTSEN_{setting.upper()}",
    )


def check_expansion(name: str, bounds: Settings, packed: int, unpacked: int, line: int | None = None) -> None:
    """Raise InputError where ``unpacked`` bytes are too many for ``packed`` ones: no table is as repetitive as that."""
    if unpacked > EXPANSION_FROM and unpacked > bounds.max_expansion * packed:
        raise too_large_error(
            name,
            f"isi yang dipadatkan mengembang lebih dari {bounds.max_expansion} kali / what is packed expands more than "
            f"{bounds.max_expansion} times",
            f"{bounds.max_expansion} kali/times",
            "max_expansion",
            line,
        )


def line_too_long_error(name: str, bounds: Settings, line: int) -> InputError:
    """The error for a line beyond ``max_line`` bytes; ``line`` counts from 1."""
    return too_large_error(
        name,
        f"satu baris lebih panjang dari {bounds.max_line} byte / one line is longer than {bounds.max_line} bytes",
        f"{bounds.max_line} byte",
        "max_line",
        line,
    )


def size_and_sha256(path: Path) -> tuple[int, str]:
    """The bytes and the SHA-256 of a file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), sha256


class _Hashed(io.RawIOBase):
    """A file that is hashed and counted while it is read, so that it is read once only."""

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
    """The content of a gzip file, of all its members. Padding after a member is skipped and noted in ``padded``.

    Raises EOFError where the file is cut off, zlib.error where it is damaged, InputError where something else follows.
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
            packed = self._packed or self.file.read(_PACKED_CHUNK) or b""
            if not packed:
                raise EOFError
            chunk = self._member.decompress(packed, len(buffer))
            self._packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if chunk:
                self._empty = 0
                buffer[: len(chunk)] = chunk
                return len(chunk)

    def _next_member(self) -> bool:
        """Go on to the next member, past padding; False at the end of the file."""
        while True:
            rest = self._packed.lstrip(b"\0\r\n\x1a")
            self.padded = self.padded or len(rest) < len(self._packed)
            if len(rest) > 1:
                break
            more = self.file.read(_PACKED_CHUNK)
            if not more:
                break
            self._packed = rest + more
        self._packed = rest
        self._empty += 1
        if self._empty > _MOST_EMPTY_MEMBERS:
            raise zlib.error  # thousands of empty members would only take time
        if rest and not rest.startswith(b"\x1f\x8b"):
            raise InputError(
                "ada isi lain setelah arsip gzip / something else follows the gzip archive",
                file=self.name,
                expected="one whole gzip file",
                action=RESEND,
            )
        if rest:
            self._member = zlib.decompressobj(31)
        return bool(rest)


@contextmanager
def open_unpacked(path: Path, name: str, compressed: bool) -> Iterator[tuple[IO[bytes], _Hashed, _Gunzip | None]]:
    """Open a file for reading its unpacked bytes: yields the stream, the hashed file, and the unpacker where it is packed."""
    with path.open("rb") as file:
        hashed = _Hashed(file)
        unpacked = _Gunzip(hashed, name) if compressed else None
        raw: io.RawIOBase = unpacked or hashed
        yield io.BufferedReader(raw, CHUNK), hashed, unpacked
