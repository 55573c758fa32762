"""A file that was made, and the writers that need no more than rows or a table.

What belongs here: ``File``, CSV, Parquet and ZIP written so plainly that a kind of mutation can reach every byte of them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass
class File:
    """What a kind made: ``content`` under the ending ``suffix``.

    ``touched``: the one cell that is not as it was, (row, column, what was written there). ``personal``: values of persons that the
    kind itself put somewhere. ``rows``: how many it holds, where that is certain.
    """

    content: bytes
    suffix: str = ".csv"
    touched: tuple[int, str, str] | None = None
    personal: tuple[str, ...] = ()
    rows: int | None = None


def parquet(table: pa.Table, **how: object) -> File:
    """Write an Arrow table as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **{"compression": "snappy", **how})
    return File(out.getvalue(), ".parquet")


def packed(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write parts as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a plain CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(list(columns))
        writer.writerows(rows)


def below_header(content: bytes) -> int:
    """Give the place where the first row begins, behind the header's line end."""
    return content.index(b"\n") + 1
