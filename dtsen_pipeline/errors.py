"""Define the errors that a person must act on, with their exit codes, and keep personal values out of all others.

What belongs here: exception types that cross module borders, and the handling of errors that other libraries raise. A message names
what is wrong, where, what was expected and what to do. It never carries a personal value.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# DuckDB errors about SQL text, files and sizes. Every other one may quote the value that caused it.
_VALUE_FREE_ERRORS = (
    duckdb.CatalogException,
    duckdb.BinderException,
    duckdb.ParserException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)
# Messages of the operating system, and of SQLite, when the disk is full or may not be written.
_STORAGE_MESSAGES = (
    *(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)),
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
)
_MESSAGE_LEFT_OUT = "pesannya dihilangkan karena bisa memuat data pribadi / message left out, it may hold personal data"
_ROOT = Path(__file__).parents[1]
_OWN_PACKAGES = frozenset(("dtsen_pipeline", "assets", "checks"))


class DtsenError(Exception):
    """Base of the errors that this project raises on purpose. Exit code 1."""

    exit_code = 1


class InputError(DtsenError):
    """A delivery, a setting or an argument cannot be used. Exit code 2."""

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
    """The disk is full, or may not be written. Exit code 1; nothing that was there before is lost."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"penyimpanan menolak / the storage refuses: {reason}.\n"
            "Tindakan/action: kosongkan ruang atau periksa izin folder DTSEN_HOME, lalu ulangi; rilis terakhir tetap berlaku / "
            "free some space or check who may write there, then run again; the last release stands"
        )


class MemoryLimit(DtsenError):
    """The memory did not suffice. Exit code 1; nothing that was there before is lost, and no file is to blame."""

    def __init__(self) -> None:
        super().__init__(
            "memori tidak cukup / not enough memory: more than DTSEN_MEMORY_LIMIT, or than the machine has.\n"
            "Tindakan/action: naikkan DTSEN_MEMORY_LIMIT (di bawah memori mesin), kosongkan ruang untuk <home>/warehouse, atau "
            "pakai mesin lebih besar, lalu ulangi; rilis terakhir tetap berlaku / raise DTSEN_MEMORY_LIMIT (below the memory of "
            "the machine), free some space for <home>/warehouse, or use a larger machine, then run again; the last release stands"
        )


def out_of_memory(error: BaseException | None) -> bool:
    """Whether ``error``, or an error it came from, says that the memory did not suffice."""
    while error is not None:
        if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
            return True
        error = error.__cause__ or error.__context__
    return False


def storage_reason(error: BaseException | str | None) -> str | None:
    """The storage's message, where ``error`` or an error it came from is about a full or read-only disk; else None."""
    while error is not None:
        for reason in _STORAGE_MESSAGES:
            if reason in str(error):
                return reason
        error = None if isinstance(error, str) else error.__cause__ or error.__context__
    return None


def value_free_message(error: Exception) -> str:
    """The message of ``error`` where it cannot hold a value of a row, else the name of its type."""
    return _message_if_value_free(error) or type(error).__name__


def _message_if_value_free(error: Exception) -> str | None:
    """The message of ``error`` where it cannot hold a value of a row, else None."""
    if isinstance(error, _VALUE_FREE_ERRORS):
        return str(error).splitlines()[0]  # an excerpt of the statement follows
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"  # without the path
    return None


@contextmanager
def strip_row_values(*passing: type[Exception]) -> Iterator[None]:
    """Strip row values from exceptions: Dagster keeps messages for good, in plain text.

    An error of this project, or one of the types ``passing``, is raised again as it is, without the error it came from. Any other
    becomes a StorageError where the disk refused, MemoryLimit where the memory did not suffice, else a DtsenError with the name of
    its type and the lines of this project that it came through.
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
        message = _message_if_value_free(error) or f"{type(error).__name__}: {_MESSAGE_LEFT_OUT}"
        raise DtsenError(
            f"{message}\nTempat/where: {_own_frames(error)}\n"
            "Tindakan/action: periksa baris kode itu dengan data simulasi / look into that line of code with simulated data"
        ) from None


def _own_frames(error: Exception) -> str:
    """The lines of this project that ``error`` came through, as ``file:line function``; its module where there is none."""
    frames = [(Path(frame.filename), frame) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [
        f"{path.relative_to(_ROOT).as_posix()}:{frame.lineno} {frame.name}"
        for path, frame in frames
        if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN_PACKAGES and path != Path(__file__)
    ]
    return " > ".join(ours) or type(error).__module__
