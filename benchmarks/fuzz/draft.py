"""A delivery file in the making: its cells, and how they become a file of some format.

What belongs here: what kinds of mutation draw from and write with. What they do to it is in ``kinds``.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Any, Literal

import pyarrow as pa

from benchmarks.fuzz.files import File, parquet
from benchmarks.fuzz.plain_rows import ROWS, View, rows_of
from benchmarks.fuzz.workbook import sheet, workbook
from dtsen_pipeline.contracts.model import TableContract

# Types of columns in the contracts.
NUMBERS = ("integer", "decimal")
LISTS = ("code", "label")

# How columns at these places are made of their cells.
Types = Mapping[int, Callable[[list[str]], pa.Array]]
NO_TYPES: Types = MappingProxyType({})


@dataclass
class Draft:
    """The cells of one file before they are written; kinds change ``labels`` and ``rows`` and write them."""

    view: View
    number: int
    rng: Random
    labels: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels = list(self.view.columns)
        self.rows = rows_of(self.view, self.number)

    @property
    def table(self) -> TableContract:
        """The contract of the table that the file delivers."""
        return self.view.table

    def pick(self, *types: str, personal: bool | None = None) -> int:
        """Draw the place of a delivered column of these types that is no id. Raises LookupError where the file has none."""
        columns = [self.table.columns[name] for name in self.view.columns]
        fitting = [
            i
            for i, c in enumerate(columns)
            if (not types or c.type in types) and c.name not in self.table.ids and personal in (None, c.pii)
        ]
        if not fitting:
            raise LookupError
        return self.rng.choice(fitting)

    def places(self, *types: str) -> list[int]:
        """Give all places of columns of these types. Raises LookupError where the file has none."""
        fitting = [i for i, name in enumerate(self.view.columns) if self.table.columns[name].type in types]
        if not fitting:
            raise LookupError
        return fitting

    def somewhere(self, content: Sized, first: int = 0) -> int:
        """Draw any place of the content, from ``first`` on."""
        return self.rng.randrange(first, max(len(content), first + 1))

    def cell(self, value: str, *types: str, personal: bool | None = None) -> File:
        """Write the file with one cell of such a column set to ``value``, in some format."""
        column, row = self.pick(*types, personal=personal), self.rng.randrange(ROWS)
        self.rows[row][column] = value
        file = self.carried()
        file.touched = row, self.view.columns[column], value
        return file

    def each(self, change: Callable[[str], str], *types: str) -> None:
        """Change every cell of one column of these types, blank ones left out."""
        column = self.pick(*types)
        for row in self.rows:
            row[column] = change(row[column]) if row[column] else ""

    def carried(self) -> File:
        """Write the file in any format that the reader takes, every cell as text."""
        file = self._carried()
        file.rows = len(self.rows)
        return file

    def _carried(self) -> File:
        form = self.rng.choice(("csv", "csv", "csv", "parquet", "xlsx"))
        if form == "parquet":
            return self.parquet()
        if form == "xlsx":
            return self.xlsx(shared=self.rng.random() < 0.5)
        end, delimiter = self.rng.choice(("\n", "\r\n")), self.rng.choice(",;|\t")
        text = self.text(delimiter=delimiter, end=end, quoting=self.rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
        encoding = self.rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError:
            content = text.encode("utf-8", "surrogatepass")
        if self.rng.random() < 0.2:
            return File(gzip.compress(content, 1, mtime=0), ".csv.gz")
        return File(content)

    def text(self, *, delimiter: str = ",", end: str = "\n", quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL) -> str:
        """Give the file as the text of a CSV."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([self.labels, *self.rows])
        return out.getvalue()

    def csv(self, **how: Any) -> File:
        """Write the file as CSV in UTF-8."""
        return File(self.text(**how).encode("utf-8", "surrogatepass"))

    def lines(self) -> list[bytes]:
        """Give the lines of the plain CSV, without their ends."""
        return self.csv().content.rstrip(b"\n").split(b"\n")

    def arrow(self, types: Types = NO_TYPES) -> pa.Table:
        """Give the file as an Arrow table of text; ``types`` make the columns at these places anew."""
        width = max(map(len, [self.labels, *self.rows]))
        columns = [[row[i] if i < len(row) else "" for row in self.rows] for i in range(width)]
        made = [types[i](values) if i in types else pa.array(values, pa.string()) for i, values in enumerate(columns)]
        return pa.Table.from_arrays(made, names=[*self.labels, *("",) * (width - len(self.labels))][:width])

    def parquet(self, types: Types = NO_TYPES, **how: object) -> File:
        """Write the file as Parquet; ``how`` is Arrow's."""
        return parquet(self.arrow(types), **how)

    def typed_parquet(self, make: Callable[[list[str]], pa.Array], *types: str, **how: object) -> File:
        """Write the file as Parquet with all columns of these types made by ``make``."""
        return self.parquet(dict.fromkeys(self.places(*types), make), **how)

    def xlsx(
        self, *, shared: bool = False, cells: Callable[[int, int, str], str] | None = None, **parts: object
    ) -> File:
        """Write the file as a workbook.

        ``cells`` may write cells of its own (row from 0 with the header, column from 0, value), '' for none.
        """
        return workbook([sheet([self.labels, *self.rows], shared=shared, cells=cells)], **parts)  # type: ignore[arg-type]
