"""Files and folders of the home, written whole or not at all and readable to their owner alone.

What belongs here: making such a file or folder, and waiting until it is on the disk.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

_LOCK = "dtsen.lock"


@contextmanager
def private_file(to: Path) -> Iterator[Path]:
    """A path to write to, with the name of ``to``; what was written takes the place of ``to`` when all went well.

    On disk by then, readable and writable to its owner alone. Folders that are missing are made; after an error nothing is left,
    and what stood there stands. A link in the place of ``to`` is replaced, not followed.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    # In a folder of its own: DuckDB and others write beside the file too, under names that can be known.
    with own_folder(to.parent, "dtsen") as folder:
        part = folder / to.name
        yield part
        part.chmod(0o600)
        sync(part)
        part.replace(to)
        sync(to.parent)


@contextmanager
def own_folder(parent: Path, kind: str) -> Iterator[Path]:
    """A new folder ``.<kind>.<random>`` below ``parent``, its owner's alone, which is gone when the block ends.

    Nobody knows its name before it is there, so nobody can plant a link in it. Its process holds a lock in it; what a killed
    process left of that kind is cleared by whoever comes next.
    """
    for left in parent.glob(f".{kind}.*"):
        _clear_dead(left)
    folder, lock = _made(parent, kind)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        os.close(lock)


def _made(parent: Path, kind: str) -> tuple[Path, int]:
    while True:
        folder = Path(mkdtemp(prefix=f".{kind}.", dir=parent))
        try:
            lock = _lock(folder)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever came before the lock was held has taken the folder for a dead one's.
        if folder.exists():
            return folder, lock
        os.close(lock)


def _clear_dead(folder: Path) -> None:
    try:
        if folder.lstat().st_uid != os.geteuid():
            return
        lock = _lock(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def _lock(folder: Path) -> int:
    """The lock of such a folder, opened; a link is not followed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        return os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=handle)
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Wait until the file or the folder is on the disk, not only on its way there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(path: Path) -> None:
    """Make the folder, and those above that are missing, for their owner alone. What is there stays as it is."""
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in made:
        folder.chmod(0o700)
