"""Reviewers' decisions: one person, two persons, or unsure.

What belongs here: the file of decisions (``home/tinjauan/keputusan.csv``; lines are only added), which of them stand, and loading
those into the month. ``linkage.persons`` sees that they are obeyed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review.spreadsheet import UNSURE
from dtsen_pipeline.sql.queries import make_table


@dataclass(frozen=True)
class Decision:
    """A line of ``keputusan.csv``, all text.

    ``record_l`` < ``record_r``; stratum, peluang_terpilih and bobot (match weight, log2) are those of the month that asked, and
    empty where a pair was not drawn; dibaca_pada is UTC.
    """

    record_l: str
    record_r: str
    putusan: str
    pemutus: str
    tanggal: str
    alasan: str
    stratum: str
    peluang_terpilih: str
    bobot: str
    dibaca_pada: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two records, the smaller first."""
        return self.record_l, self.record_r

    @property
    def content(self) -> tuple[str, ...]:
        """What two lines of the same decision share. The reason is masked, since lines of an earlier version hold it as written."""
        return *astuple(self)[:5], audit.masked(self.alasan)


COLUMNS = tuple(field.name for field in fields(Decision))


def file_of(home: Path) -> Path:
    """Where ``home`` keeps the decisions."""
    return home / "tinjauan" / "keputusan.csv"


def history(path: Path) -> list[Decision]:
    """Read every decision ever taken in, oldest first."""
    if not path.exists():
        return []
    return parse(path, path.read_text(encoding="utf-8"))


def parse(path: Path, text: str) -> list[Decision]:
    """Read ``text``, the content of the file ``path``. Raises DtsenError naming the first line that is broken."""
    if not text:
        return []
    rows = list(csv.reader(io.StringIO(text, newline="")))
    broken = [number for number, row in enumerate(rows, start=1) if len(row) != len(COLUMNS)]
    if tuple(rows[0]) != COLUMNS or broken or not text.endswith("\n"):
        raise DtsenError(
            f"{path.name}, baris/line {broken[0] if broken else 1}: bukan baris putusan / not a line of decisions.\n"
            "Tindakan/action: pulihkan berkas dari cadangan / restore the file from a backup"
        )
    return [Decision(*row) for row in rows[1:]]


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The last decision on each pair, by date decided and then by the order of reading; sorted by pair. It may be 'ragu'."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.tanggal):
        last[decision.pair] = decision
    return [last[pair] for pair in sorted(last)]


def standing_decisions(home: Path) -> list[Decision]:
    """Read the standing decisions of ``home``, sorted by pair; 'ragu' among them."""
    return standing(history(file_of(home)))


def as_table(decisions: Sequence[Decision]) -> pa.Table:
    """The decisions as a table of text columns, named by ``COLUMNS``."""
    return pa.table(
        {name: pa.array([getattr(decision, name) for decision in decisions], pa.string()) for name in COLUMNS}
    )


def load_decisions(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Write ``linkage.keputusan``: the standing decision of each pair of records, empty where nothing was decided.

    Columns: record_l < record_r, putusan ('sama' or 'beda'; what stayed 'ragu' binds nobody), stratum, peluang (of having been
    drawn; NULL where the pair was not), bobot (match weight, log2, when it was asked). Sorted by pair.
    """
    con.register("putusan", as_table([decision for decision in standing_decisions(home) if decision.putusan != UNSURE]))
    make_table(con, "linkage.keputusan", "review/keputusan")
    con.unregister("putusan")
