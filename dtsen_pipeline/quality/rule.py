"""Define a rule of the gate, its verdict, and how exactly its measures are shown.

What belongs here: the shape of a rule and of its verdict, and the rounding of measures. Which rules exist, with their thresholds,
stands in ``checks.rules``; how a rule is evaluated in ``quality.gate``.

The verdict is reached on the exact measures, which only the encrypted warehouse and registry keep. Everything else (manifest,
page, check, message) shows them as ``Rule.shown`` rounds them: an exact fraction of a small area would give its count away.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlglot
from sqlglot import exp

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.sql import macros

TESTS = macros.ROOT / "tests"

# The finest bound of a rule is a multiple of this.
STEP = 0.001

# A rule by areas or files asks each for 50 records at least, so that each fifth holds ten counts.
FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Expectation:
    """A Great Expectations column expectation: its class name, the column, and the further arguments."""

    type: str
    column: str
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def ukuran(self) -> str:
        """Name of what it measures, as in the measures of a rule."""
        return f"{self.column}: {self.type}"


@dataclass(frozen=True)
class ShownMeasure:
    """A measure as it is shown: ``nilai`` is what a chart draws; ``kelas`` the class it lies in, where only that is shown."""

    ukuran: str
    nilai: float
    holds: bool
    kelas: str | None = None

    @property
    def figure(self) -> float | str:
        """The class where only that is shown, else the number."""
        return self.nilai if self.kelas is None else self.kelas

    @property
    def teks(self) -> str:
        """The measure with its name, as messages have it."""
        return f"{self.ukuran} = {self.nilai:.12g}" if self.kelas is None else f"{self.ukuran}: {self.kelas}"


@dataclass(frozen=True)
class Rule:
    """A rule of the gate: a question to one table, and the bounds of the answer.

    ``table`` (``schema.table``) is where the rule stands; ``statement`` is what must hold; ``owner`` is the unit that answers for
    a breach; ``reason`` says why the bounds are what they are. Expectations over a table without rows cannot be answered, unless
    ``may_be_empty``: then the delivery behind it is optional.

    ``subject`` is what the rule measures, and decides how exactly that is shown: the ``work`` (rows, records, models, and what is
    wrong with them), shares of ``families`` (``table`` has one row each), or shares by ``areas`` or by files, of which one may be
    an area's.
    """

    name: str
    table: str
    statement: Bilingual
    owner: str
    reason: Bilingual
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
        """The SELECT of a SQL rule, its macros inlined."""
        return macros.expand((TESTS / f"{self.name}.sql").read_text(encoding="utf-8"))

    @property
    def tables(self) -> frozenset[str]:
        """Every ``schema.table`` the rule reads, all of which the check must wait for."""
        if self.kind == "expectations":
            return frozenset({self.table})
        tree = sqlglot.parse_one(self.sql, read="duckdb")
        return frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)

    def holds(self, nilai: float) -> bool:
        """Whether ``nilai`` lies within the bounds, which are allowed themselves."""
        return (self.minimum is None or nilai >= self.minimum) and (self.maximum is None or nilai <= self.maximum)

    def shown(self, ukuran: str, nilai: float, step: float = STEP) -> ShownMeasure:
        """Round a measure for showing, keeping it on its side of the bounds.

        Whole numbers stay, other figures are rounded to ``step``, shares by areas become the fifth they lie in, cut by the bound.
        """
        holds = self.holds(nilai)
        if self.subject == "areas":
            return self._shown_as_class(ukuran, nilai, holds)
        if math.isinf(nilai) or nilai == int(nilai):
            return ShownMeasure(ukuran, nilai, holds)
        rounded = round(round(nilai / step) * step, 9)
        if self.holds(rounded) != holds:
            rounded = round(rounded + (step if rounded < nilai else -step), 9)
        return ShownMeasure(ukuran, rounded, holds)

    def _shown_as_class(self, ukuran: str, nilai: float, holds: bool) -> ShownMeasure:
        # A value on a cut belongs to the side on which the rule would hold.
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
        return ShownMeasure(ukuran, [*cuts, 1.0][place] if upper else [0.0, *cuts][place], holds, kelas)


@dataclass(frozen=True)
class Verdict:
    """The outcome of a rule: ``measures`` are (ukuran, nilai); ``error`` is set where the question could not be answered.

    ``measures`` are exact, for the warehouse and the registry only; ``shown`` are the same for everybody else, shares to ``step``.
    """

    rule: Rule
    passed: bool
    error: str | None
    measures: tuple[tuple[str, float], ...]
    explanation: Bilingual
    step: float = STEP

    @property
    def shown(self) -> tuple[ShownMeasure, ...]:
        """The measures, rounded for showing."""
        return tuple(self.rule.shown(ukuran, nilai, self.step) for ukuran, nilai in self.measures)

    @property
    def blocks(self) -> bool:
        """Whether it keeps the month from being published; a rule without an answer always does."""
        return self.error is not None or (self.rule.blocking and not self.passed)
