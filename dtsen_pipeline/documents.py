"""Files that are made for a reader: pages, sheets, exports.

What belongs here: how such a file comes to be (whole or not at all, its owner's alone), and how its template is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@contextmanager
def private_file(to: Path) -> Iterator[Path]:
    """A file beside ``to``, with its suffix, to write into; it takes the place of ``to`` when all went well.

    Readable and writable to its owner alone. Folders that are missing are made; after an error nothing is left.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.stem}.part{to.suffix}")
    try:
        part.touch(mode=0o600)
        part.chmod(0o600)
        yield part
        # DuckDB and others write beside the file too, and put one of the usual rights in its place.
        part.chmod(0o600)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def templates(folder: Path) -> Environment:
    """Templates of ``folder``: everything escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
