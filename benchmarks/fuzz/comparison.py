"""Does a mutated file lose a row or change a value without a note?

What belongs here: the rows of a mutated file beside those of its plain twin.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from benchmarks.fuzz.landing import Prepared
from benchmarks.fuzz.plain_rows import ROWS, keys_of
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.reader import FileReport


@dataclass
class Comparison:
    """The rows of one file beside those of its plain twin.

    ``lines`` are the staged rows with ``columns``, ``key`` the place of the key among them, ``quarantined`` the rows in
    quarantine, ``noted`` the delivered columns with a note.
    """

    table: TableContract
    columns: list[str]
    key: int
    prepared: Prepared
    lines: list[tuple[Any, ...]]
    quarantined: list[tuple[Any, ...]]
    noted: set[str]

    def faults(self, plain: dict[int, tuple[Any, ...]], report: FileReport) -> list[str]:
        """Say what is not as it must be; ``plain`` are the twin's staged rows by their number."""
        number, file = self.prepared.case.number, self.prepared.file
        numbered = {keys_of(self.table, number, row): row for row in range(ROWS)}
        here = {numbered[line[self.key]]: line for line in self.lines if line[self.key] in numbered}
        if self.prepared.case.kind.harmless:
            if self.quarantined or len(here) != ROWS or len(self.lines) != ROWS:
                return [f"harmless, and {ROWS - len(here)} rows lost, {len(self.quarantined)} in quarantine"]
            altered = self._altered(plain, here, {})
            return [f"harmless, and altered: {', '.join(altered)}"] if altered else []
        in_quarantine = "\n".join(str(value) for line in self.quarantined for value in line)
        if file.touched:
            row, column, value = file.touched
            if lost := [k for k, r in numbered.items() if r not in here and k not in in_quarantine]:
                return [f"{len(lost)} rows lost"]
            altered = self._altered(plain, here, {row: column})
            faults = [f"other cells altered: {', '.join(altered)}"] if altered else []
            return faults + (self._cell_faults(here[row], column, value) if row in here else [])
        if file.rows is not None and report.rows_read < min(file.rows, ROWS):
            return [f"{min(file.rows, ROWS) - report.rows_read} rows lost"]
        above = any("above" in text for text in report.passed_over)
        staged = [str(line[self.key]) for line in self.lines]
        if file.rows is None and not above and file.suffix == ".csv":
            text = file.content.replace(b"\0", b"").decode("utf-8", "replace")
            all_rows = "\n".join([*staged, in_quarantine]).replace("\\u0000", "")
            lost = [k for k in numbered if k in text and k not in all_rows]
            if lost:
                return [f"{len(lost)} rows lost whose keys stand in the file"]
        return []

    def _altered(
        self, plain: dict[int, tuple[Any, ...]], here: dict[int, tuple[Any, ...]], touched: dict[int, str]
    ) -> list[str]:
        """List the columns in which cells differ, but for ids, the touched cell and columns with a note."""
        altered: dict[str, None] = {}
        for row, line in here.items():
            for place, name in enumerate(self.columns):
                if name[0] == "_" or name in self.table.ids or line[place] == plain[row][place]:
                    continue
                root = self._root(name)
                if root == touched.get(row) or root in self.noted:
                    continue
                altered[name] = None
        return list(altered)

    def _root(self, staged: str) -> str:
        """Find the delivered column that a staged one is made of."""
        return max((name for name in self.table.columns if staged.startswith(name)), key=len, default=staged)

    def _cell_faults(self, line: tuple[Any, ...], column: str, value: str) -> list[str]:
        """Say whether the touched cell came out as another value than was written, without a note."""
        if column in self.noted or column not in self.columns:
            return []
        now, kind = line[self.columns.index(column)], self.table.columns[column].type
        if now is None:
            bare = value.strip(" \t\n\r\u00a0'\"=-.?\u200b\u2060\ufeff\u3164\u2003").lower()
            no_answer = ("", "n/a", "null", "none", r"\n", "tidak tahu", "tt", "na")
            return [] if bare in no_answer else [f"{column} emptied without a note"]
        if kind in ("integer", "decimal"):
            with suppress(ValueError, OverflowError):
                return [] if float(value) == float(now) else [f"{column} is another number"]
        if kind == "string" and _letters(str(now)) != _letters(value):
            return [f"{column} is another text"]
        return []


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum()).casefold()
