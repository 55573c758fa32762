"""How a file that somebody is meant to read comes to be: pages, sheets, exports, and the small files of the home.

What belongs here: making such a file whole or not at all and its owner's alone, what a spreadsheet must not run, and how a
page's template is read.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_LOCK = "dtsen.lock"

# Text that a spreadsheet may run as a formula (OWASP, CSV injection), behind any apostrophes that it begins with already.
FORMULA = "^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"


def harmless(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; ``bare`` takes it off again."""
    return f"'{text}" if re.match(FORMULA, text) else text


def bare(text: str) -> str:
    return text[1:] if text.startswith("'") and re.match(FORMULA, text) else text


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


@cache  # to compile the templates of a page takes ten times as long as to fill them
def templates(folder: Path) -> Environment:
    """Templates of ``folder``: everything escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
