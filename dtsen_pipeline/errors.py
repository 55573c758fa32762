"""The errors a person must act on, and the exit code of each.

What belongs here: exception types that cross module borders. A message names what is wrong, where, what was expected and
what to do; it never carries a personal value.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

# What the operating system says, and what SQLite makes of it, when what is right cannot be written where it should.
_STORAGE = (
    *(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)),
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
)


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


def storage_reason(error: BaseException | str | None) -> str | None:
    """What the storage said, where that is what ``error``, or what it came from, is about; None where it is not."""
    while error is not None:
        for reason in _STORAGE:
            if reason in str(error):
                return reason
        error = None if isinstance(error, str) else error.__cause__ or error.__context__
    return None
