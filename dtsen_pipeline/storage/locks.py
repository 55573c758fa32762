"""Locks of the operating system: one run a month, one process at a time for what must go in turn.

What belongs here: taking such a lock and asking who holds one. It ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.storage.private_files import private_folder


class InUse(DtsenError):
    """Another process, or another connection of this one, holds the file."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The month of the warehouse file ``path`` belongs to the caller until the block ends, or its process does, however.

    Every step opens and closes the file; between two of them a second run could put its own tables in. Raises InUse where another
    holds the month.
    """
    private_folder(path.parent)
    with _opened(_lock_of(path)) as lock:
        # Who only looks whether it is held (``is_held``) has it for a moment too.
        for patience in (0.05, 0.1, 0.2, None):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if patience is not None:
                    time.sleep(patience)
                    continue
                raise InUse(
                    f"bulan {path.stem} sedang dibuat oleh jalan lain / is being made by another run ({lock.read()}).\n"
                    "Tindakan/action: tunggu jalan itu selesai, lalu ulangi / wait for it to end, then retry"
                ) from None
        lock.truncate(0)
        lock.write(f"pid {os.getpid()}")
        lock.flush()
        yield


def is_held(path: Path) -> bool:
    """Whether a run that is alive makes the month of the warehouse file ``path``."""
    if not _lock_of(path).exists():
        return False
    with _lock_of(path).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """One process after the other: whoever comes while another is in the block of the same file ``lock`` waits for its end."""
    private_folder(lock.parent)
    with _opened(lock) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _opened(lock: Path) -> IO[str]:
    # Its holder's number is written into it: a link to somebody's file must not be followed.
    return os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+")


def _lock_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")
