"""What a rule of the gate is, and what it says.

What belongs here: the shape of a rule, of its verdict, and how closely a measure is told. Which rules exist, with their
thresholds, stands in ``checks.rules``; how their questions are asked in ``quality.gate``.

The verdict is reached on what was measured; the warehouse and the registry, which are encrypted, keep it. Whatever else says what
came out (manifest, page, check, message) says it as ``Rule.told`` does, or a fraction of a small area would give its count away.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlglot
from sqlglot import exp

from dtsen_pipeline.sql import macros

TESTS = macros.ROOT / "tests"

STEP = 0.001  # the finest bound of a rule is one of these


# Of 50 records, the fewest that a rule asks an area or a file for, each fifth holds ten counts.
FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Expectation:
    """One Great Expectations column expectation: its class name, the column, and the further arguments."""

    type: str
    column: str
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def ukuran(self) -> str:
        return f"{self.column}: {self.type}"


@dataclass(frozen=True)
class Told:
    """A measure as it is told: ``nilai`` is what a chart draws, ``kelas`` the class in which it lies, where only that is told."""

    ukuran: str
    nilai: float
    holds: bool
    kelas: str | None = None

    @property
    def figure(self) -> float | str:
        return self.nilai if self.kelas is None else self.kelas

    @property
    def teks(self) -> str:
        return f"{self.ukuran} = {self.nilai:.12g}" if self.kelas is None else f"{self.ukuran}: {self.kelas}"


@dataclass(frozen=True)
class Rule:
    """One rule of the gate.

    ``table`` (``schema.table``) is where the rule stands; ``teks`` and ``text`` state it in Indonesian and English;
    ``owner`` is the unit that answers for a breach; ``alasan`` and ``reason`` say why the bounds are what they are. Expectations
    over a table without rows cannot be answered, unless ``may_be_empty``: a delivery that need not come.

    ``subject`` is what it measures, and so how closely that is told: the ``work`` (rows, records, models, and what is wrong),
    shares of ``families`` (``table`` has one row each), or shares by ``areas``, or by files, of which one may be an area's.
    """

    name: str
    table: str
    teks: str
    text: str
    owner: str
    alasan: str
    reason: str
    minimum: float | None = None
    maximum: float | None = None
    blocking: bool = True
    kind: Literal["sql", "expectations"] = "sql"
    expectations: tuple[Expectation, ...] = ()
    may_be_empty: bool = False
    subject: Literal["work", "families", "areas"] = "work"

    def __post_init__(self) -> None:
        if self.minimum is None and self.maximum is None:
            raise ValueError(f"rule {self.name} has no bound, so it could never fail")
        if (self.kind == "expectations") != bool(self.expectations):
            raise ValueError(f"rule {self.name}: expectations belong to a rule of that kind, and to no other")

    @property
    def sql(self) -> str:
        """The SELECT of a SQL rule, with macros inlined."""
        return macros.expand((TESTS / f"{self.name}.sql").read_text(encoding="utf-8"))

    @property
    def tables(self) -> frozenset[str]:
        """Every ``schema.table`` the rule reads; the check must wait for all of them."""
        if self.kind == "expectations":
            return frozenset({self.table})
        tree = sqlglot.parse_one(self.sql, read="duckdb")
        return frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)

    def holds(self, nilai: float) -> bool:
        return (self.minimum is None or nilai >= self.minimum) and (self.maximum is None or nilai <= self.maximum)

    def told(self, ukuran: str, nilai: float, step: float = STEP) -> Told:
        """A measure as everybody is told it, never on the other side of a bound than it is.

        Whole numbers as they are, other figures to ``step``, shares by areas as the fifth in which they lie, cut by the bound.
        """
        holds = self.holds(nilai)
        if self.subject == "areas":
            return self._told_as_class(ukuran, nilai, holds)
        if math.isinf(nilai) or nilai == int(nilai):
            return Told(ukuran, nilai, holds)
        shown = round(round(nilai / step) * step, 9)
        if self.holds(shown) != holds:
            shown = round(shown + (step if shown < nilai else -step), 9)
        return Told(ukuran, shown, holds)

    def _told_as_class(self, ukuran: str, nilai: float, holds: bool) -> Told:
        # A value on a cut belongs to the side on which it would hold.
        upper = self.maximum is not None
        cuts = sorted({*FIFTHS, *(bound for bound in (self.minimum, self.maximum) if bound is not None)})
        place = bisect_left(cuts, nilai) if upper else bisect_right(cuts, nilai)
        percent = [f"{100 * cut:.0f}" for cut in cuts]
        if place == 0:
            kelas = f"{'≤' if upper else '<'} {percent[0]} %"
        elif place == len(cuts):
            kelas = f"{'>' if upper else '≥'} {percent[-1]} %"
        else:
            kelas = f"{percent[place - 1]}-{percent[place]} %"
        return Told(ukuran, [*cuts, 1.0][place] if upper else [0.0, *cuts][place], holds, kelas)


@dataclass(frozen=True)
class Verdict:
    """What a rule said: ``measures`` are (ukuran, nilai); ``error`` is set where the question could not be answered.

    ``measures`` are for the warehouse, the registry and the verdict; ``told`` is what leaves them, shares to ``step``.
    """

    rule: Rule
    passed: bool
    error: str | None
    measures: tuple[tuple[str, float], ...]
    keterangan: str
    explanation: str
    step: float = STEP

    @property
    def told(self) -> tuple[Told, ...]:
        return tuple(self.rule.told(ukuran, nilai, self.step) for ukuran, nilai in self.measures)

    @property
    def blocks(self) -> bool:
        return self.error is not None or (self.rule.blocking and not self.passed)
