"""Write files and folders of the home whole or not at all, readable to their owner alone.

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
    """Give a path to write to, and put the file in the place of ``to`` when the block ends without an error.

    By then it is on the disk, readable and writable to its owner alone. Missing folders are made. After an error nothing is left,
    and the former file stays. A link in the place of ``to`` is replaced, not followed.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    # In a folder of its own: DuckDB and others also write beside the file, under names that can be guessed.
    with temporary_folder(to.parent, "dtsen") as folder:
        part = folder / to.name
        yield part
        part.chmod(0o600)
        sync(part)
        part.replace(to)
        sync(to.parent)


@contextmanager
def temporary_folder(parent: Path, kind: str) -> Iterator[Path]:
    """Make a folder ``.<kind>.<random>`` below ``parent`` for its owner alone, and delete it when the block ends.

    Nobody knows its name before it is there, so nobody can plant a link in it. The process holds a lock in the folder; the next
    call with the same ``kind`` deletes folders whose process was killed.
    """
    for former in parent.glob(f".{kind}.*"):
        _delete_if_abandoned(former)
    folder, lock = _make_locked_folder(parent, kind)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        os.close(lock)


def _make_locked_folder(parent: Path, kind: str) -> tuple[Path, int]:
    """Make a temporary folder; returns it with the handle of the lock that is held in it."""
    while True:
        folder = Path(mkdtemp(prefix=f".{kind}.", dir=parent))
        try:
            lock = _open_lock(folder)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have taken it for abandoned before the lock was held, and deleted it.
        if folder.exists():
            return folder, lock
        os.close(lock)


def _delete_if_abandoned(folder: Path) -> None:
    """Delete a temporary folder of this user whose process is gone: nobody holds its lock."""
    try:
        if folder.lstat().st_uid != os.geteuid():
            return
        lock = _open_lock(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(lock)


def _open_lock(folder: Path) -> int:
    """Open the lock file of a temporary folder, without following links; returns its handle."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        return os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=handle)
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Wait until the file or the folder is on the disk, not only in a cache."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(path: Path) -> None:
    """Make the folder, and missing ones above it, for their owner alone. Folders that exist keep their mode."""
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in made:
        folder.chmod(0o700)
