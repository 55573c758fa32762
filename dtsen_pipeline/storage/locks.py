"""Hold locks of the operating system: one run a month, one process at a time.

What belongs here: taking a lock, and asking whether one is held. A lock ends with the process that holds it, however that ends.
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
    """Another process, or another connection of this process, holds the file."""


@contextmanager
def hold_month(path: Path) -> Iterator[None]:
    """Hold the month of the warehouse file ``path`` until the block or the process ends. Raises InUse where another holds it.

    Every step opens and closes the file; between two steps a second run could put its own tables in.
    """
    private_folder(path.parent)
    with _open_lock(_lock_of(path)) as lock:
        # ``is_month_held`` of another process takes the lock for a moment too: hence several tries.
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


def is_month_held(path: Path) -> bool:
    """Whether a living run holds the month of the warehouse file ``path``."""
    if not _lock_of(path).exists():
        return False
    with _lock_of(path).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextmanager
def hold_lock(lock: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file ``lock``, waiting for its holder."""
    private_folder(lock.parent)
    with _open_lock(lock) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open_lock(lock: Path) -> IO[str]:
    # The holder writes its process number into the file: a link to another file must not be followed.
    return os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+")


def _lock_of(path: Path) -> Path:
    """The lock file of the warehouse file ``path``, beside it."""
    return path.with_name(f".{path.name}.lock")
