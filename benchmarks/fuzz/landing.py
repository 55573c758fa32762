"""Mutated files laid into a landing folder, as one delivery that the reader takes.

What belongs here: the delivery around the mutated files: plain twins of every view, and the other tables of the source.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz.cases import Case
from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, write_csv
from benchmarks.fuzz.plain_rows import MONTH, ROWS, View, parent_of, rows_of, views
from dtsen_pipeline.contracts.model import TableContract, load

# The numbers of the plain twins, view by view: no case has such a high one.
PLAIN = 590_000


@dataclass
class Prepared:
    """A mutated file on disk, and the seconds that it took to make."""

    case: Case
    draft: Draft
    file: File
    path: Path
    seconds: float


def twin_stem(table: TableContract, view: int) -> str:
    """Give the name of the plain file of view number ``view``, without its ending."""
    return f"{table.files or 'usulan'}{view}"


def delivery_folder(landing: Path, table: TableContract) -> Path:
    """Give the folder in which the table's source is delivered."""
    months = () if load()[table.source].delivery == "referensi" else (MONTH,)
    return landing.joinpath(*months, table.source)


def lay_out(landing: Path, table: TableContract, batch: Sequence[Prepared]) -> None:
    """Lay the files of one table into ``landing``, which is emptied, beside their twins and the source's other tables."""
    shutil.rmtree(landing, ignore_errors=True)
    folder = delivery_folder(landing, table)
    folder.mkdir(parents=True)
    for number, view in enumerate(views(table)):
        write_csv(folder / f"{twin_stem(table, number)}.csv", view.columns, rows_of(view, PLAIN + number))
    for prepared in batch:
        (folder / prepared.path.name).hardlink_to(prepared.path)
    for other in load()[table.source].tables.values():
        if other.name != table.name:
            view = View(other, tuple(name for name in other.columns if name in {*other.required, *other.ids}))
            rows = rows_of(view, PLAIN)
            if table.parent and table.parent.table == other.name:
                numbers = [PLAIN + n for n in range(len(views(table)))] + [prepared.case.number for prepared in batch]
                families = sorted({parent_of(number, row) for number in numbers for row in range(ROWS)})
                at = view.columns.index(table.parent.key)
                rows = [[*rows[0][:at], family, *rows[0][at + 1 :]] for family in families]
            write_csv(folder / f"{other.files}.csv", view.columns, rows)
