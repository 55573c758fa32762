"""The errors a person must act on, and the exit code of each.

What belongs here: exception types that cross module borders, and what becomes of errors that nobody here wrote. A message
names what is wrong, where, what was expected and what to do; it never carries a personal value.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# These speak of SQL text, of files and of sizes. Any other error of DuckDB may quote the value it stumbled over.
_WITHOUT_VALUES = (
    duckdb.CatalogException,
    duckdb.BinderException,
    duckdb.ParserException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)
# What the operating system says, and what SQLite makes of it, when what is right cannot be written where it should.
_STORAGE = (
    *(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)),
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
)
_LEFT_OUT = "pesannya dihilangkan karena bisa memuat data pribadi / message left out, it may hold personal data"
_ROOT = Path(__file__).parents[1]
_OURS = frozenset(("dtsen_pipeline", "assets", "checks"))


class DtsenError(Exception):
    """Base of all errors this project raises on purpose. Exit code 1."""

    exit_code = 1


class InputError(DtsenError):
    """Something that was delivered, configured or typed cannot be used. Exit code 2."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        column: str | None = None,
        expected: str | None = None,
        action: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = str(file) if file is not None else None
        self.line = line
        self.column = column
        self.expected = expected
        self.action = action

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file and f"berkas/file {self.file}",
                self.line is not None and f"baris/line {self.line}",
                self.column and f"kolom/column {self.column}",
            )
            if part
        )
        parts = [f"{place}: {self.message}" if place else self.message]
        if self.expected:
            parts.append(f"Diharapkan/expected: {self.expected}")
        if self.action:
            parts.append(f"Tindakan/action: {self.action}")
        return "\n".join(parts)


class GateBlocked(DtsenError):
    """Blocking rules failed, so nothing was published. Exit code 3; ``failed`` names the rules."""

    exit_code = 3

    def __init__(self, failed: list[str]) -> None:
        self.failed = sorted(failed)
        super().__init__("Gerbang mutu menahan bulan ini / the gate blocked this month: " + ", ".join(self.failed))


class StorageError(DtsenError):
    """The disk is full, or may not be written. Exit code 1; nothing of what stood before is lost."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"penyimpanan menolak / the storage refuses: {reason}.\n"
            "Tindakan/action: kosongkan ruang atau periksa izin folder DTSEN_HOME, lalu ulangi; rilis terakhir tetap berlaku / "
            "free some space or check who may write there, then run again; the last release stands"
        )


class MemoryLimit(DtsenError):
    """The memory did not suffice. Exit code 1; nothing of what stood before is lost, and no file is to blame."""

    def __init__(self) -> None:
        super().__init__(
            "memori tidak cukup / not enough memory: more than DTSEN_MEMORY_LIMIT, or than the machine has.\n"
            "Tindakan/action: naikkan DTSEN_MEMORY_LIMIT (di bawah memori mesin), kosongkan ruang untuk <home>/warehouse, atau "
            "pakai mesin lebih besar, lalu ulangi; rilis terakhir tetap berlaku / raise DTSEN_MEMORY_LIMIT (below the memory of "
            "the machine), free some space for <home>/warehouse, or use a larger machine, then run again; the last release stands"
        )


def out_of_memory(error: BaseException | None) -> bool:
    """Whether ``error``, or what it came from, is that memory did not suffice."""
    while error is not None:
        if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
            return True
        error = error.__cause__ or error.__context__
    return False


def storage_reason(error: BaseException | str | None) -> str | None:
    """What the storage said, where that is what ``error``, or what it came from, is about; None where it is not."""
    while error is not None:
        for reason in _STORAGE:
            if reason in str(error):
                return reason
        error = None if isinstance(error, str) else error.__cause__ or error.__context__
    return None


def described(error: Exception) -> str:
    """What ``error`` says where that cannot hold a value of a row, else its kind."""
    return _said(error) or type(error).__name__


def _said(error: Exception) -> str | None:
    if isinstance(error, _WITHOUT_VALUES):
        return str(error).splitlines()[0]  # what follows is an excerpt of the statement
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"  # the system's own words
    return None


@contextmanager
def without_values(*passing: type[Exception]) -> Iterator[None]:
    """Let no message out that may hold a value of a row: Dagster keeps messages for ever, in plain text.

    An error of this project, and one of ``passing``, goes on as it is, but without the error it was made from. Of any other
    its kind goes on, as a DtsenError, with the lines of this project that it came through; as a StorageError where the storage
    refused, as MemoryLimit where the memory did not suffice.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (DtsenError, *passing)):
            raise error from None
        if reason := storage_reason(error):
            raise StorageError(reason) from None
        if out_of_memory(error):
            raise MemoryLimit from None
        told = _said(error) or f"{type(error).__name__}: {_LEFT_OUT}"
        raise DtsenError(
            f"{told}\nTempat/where: {_places(error)}\n"
            "Tindakan/action: periksa baris kode itu dengan data simulasi / look into that line of code with simulated data"
        ) from None


def _places(error: Exception) -> str:
    frames = [(Path(frame.filename), frame) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [
        f"{path.relative_to(_ROOT).as_posix()}:{frame.lineno} {frame.name}"
        for path, frame in frames
        if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OURS and path != Path(__file__)
    ]
    return " > ".join(ours) or type(error).__module__
