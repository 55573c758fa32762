"""Asks one rule of the gate and says what came out.

What belongs here: what a rule is, and how its question is asked of the warehouse. Which rules exist, with their
thresholds, stands in ``checks.rules``; who calls (a Dagster check, the publish step) is no concern of this module.

A SQL rule is one SELECT in ``dbt_like_sql/tests/<name>.sql`` that returns ``ukuran`` (what was measured, never a
personal value) and ``nilai``. An expectation rule is a Great Expectations suite over columns of one table; its measures
count the values that break the expectation. Either way the rule holds when every measure lies within the bounds. A
question that cannot be answered (SQL fails, no row, no value) is an *error*, told apart from bad data, and blocks
whatever the severity: nobody knows what it would have said.

The verdict is reached on what was measured; the warehouse and the registry, which are encrypted, keep it. Whatever else says what
came out (manifest, page, check, message) says it as ``Rule.told`` does, or a fraction of a small area would give its count away.
"""

from __future__ import annotations

import logging
import math
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline import sql_models
from dtsen_pipeline.errors import described

TESTS = sql_models.ROOT / "tests"
SHOWN = 5
SET = "ExpectColumnValuesToBeInSet"
STEP = 0.001  # the finest bound of a rule is one of these
OPEN = 20  # families that a step of a told share holds at least: next to nought half a step, and so ten, as in the open tables
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
        return sql_models.expand((TESTS / f"{self.name}.sql").read_text(encoding="utf-8"))

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


class _Unanswered(Exception):
    """The question could not be answered; carries the reason in Indonesian and English."""

    def __init__(self, keterangan: str, explanation: str) -> None:
        super().__init__(explanation)
        self.keterangan = keterangan
        self.explanation = explanation


def evaluate(con: duckdb.DuckDBPyConnection, rule: Rule) -> Verdict:
    """Ask ``rule`` of the warehouse behind ``con``. Never raises for what the data or the rule's own SQL do wrong."""
    try:
        measures = _expectation_measures(con, rule) if rule.kind == "expectations" else _sql_measures(con, rule)
        step = _step(con, rule)
    except _Unanswered as error:
        return Verdict(
            rule,
            passed=False,
            error=error.explanation,
            measures=(),
            keterangan=f"Aturan tidak dapat diperiksa, maka dianggap gagal: {error.keterangan}",
            explanation=f"The rule could not be checked, so it counts as failed: {error.explanation}",
        )
    wrong = [(ukuran, nilai) for ukuran, nilai in measures if not rule.holds(nilai)]
    keterangan, explanation = _told(rule, [rule.told(*measure, step) for measure in wrong or measures])
    return Verdict(
        rule,
        passed=not wrong,
        error=None,
        measures=measures,
        keterangan=("Gagal: " if wrong else "Terpenuhi: ") + keterangan,
        explanation=("Failed: " if wrong else "Holds: ") + explanation,
        step=step,
    )


def evaluate_all(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> list[Verdict]:
    """Ask every rule, in order; one that fails does not stop the others from being asked."""
    return [evaluate(con, rule) for rule in rules]


def _step(con: duckdb.DuckDBPyConnection, rule: Rule) -> float:
    """How closely the figures of a rule are told: of a share of families so that no count below ten can be had from it."""
    if rule.subject != "families":
        return STEP
    ((families,),) = con.execute(f"select count(*) from {rule.table}").fetchall()
    step: float = 10.0 ** math.ceil(math.log10(OPEN / max(families, OPEN)))
    return max(STEP, step)


def _told(rule: Rule, measures: Sequence[Told]) -> tuple[str, str]:
    listed = "; ".join(told.teks for told in measures[:SHOWN])
    if (rest := len(measures) - SHOWN) > 0:
        listed += f"; +{rest}"
    lowest = [] if rule.minimum is None else [f"{rule.minimum:g}"]
    highest = [] if rule.maximum is None else [f"{rule.maximum:g}"]
    batas = ", ".join([f"paling rendah {b}" for b in lowest] + [f"paling tinggi {b}" for b in highest])
    bounds = ", ".join([f"at least {b}" for b in lowest] + [f"at most {b}" for b in highest])
    return f"{rule.teks} {listed} (batas: {batas})", f"{rule.text} {listed} (bounds: {bounds})"


def _sql_measures(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[tuple[str, float], ...]:
    try:
        relation = con.execute(rule.sql)
        columns = [column[0] for column in relation.description or []]
        rows = relation.fetchall()
    except (duckdb.Error, sqlglot.ParseError, FileNotFoundError) as error:
        told = described(error)
        raise _Unanswered(f"SQL gagal ({told})", f"the SQL failed ({told})") from error
    if columns != ["ukuran", "nilai"]:
        raise _Unanswered(
            "SQL harus memberi kolom ukuran dan nilai", "the SQL must return the columns ukuran and nilai"
        )
    if not rows:
        raise _Unanswered("SQL tidak memberi satu baris pun", "the SQL returned no row")
    if empty := [str(ukuran) for ukuran, nilai in rows if nilai is None or math.isnan(nilai)]:
        named = ", ".join(empty[:SHOWN])
        raise _Unanswered(f"tidak ada nilai untuk {named}", f"no value for {named}")
    # Sorted, because the order of a grouped result depends on the threads, and the manifest must not.
    return tuple(sorted((str(ukuran), float(nilai)) for ukuran, nilai in rows))


def _expectation_measures(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[tuple[str, float], ...]:
    # A code out of its list shows among the distinct values, of which there are few; rows are counted only where one is found.
    listed = [expectation for expectation in rule.expectations if expectation.type == SET]
    counts = _counts(con, rule, [expectation for expectation in rule.expectations if expectation.type != SET])
    found = _counts(con, rule, listed, "distinct ")
    counts |= _counts(con, rule, listed) if any(found.values()) else found
    return tuple((expectation.ukuran, counts[expectation.ukuran]) for expectation in rule.expectations)


def _counts(
    con: duckdb.DuckDBPyConnection, rule: Rule, expectations: Sequence[Expectation], distinct: str = ""
) -> dict[str, float]:
    """How many values break each expectation, by ``ukuran``."""
    if not expectations:
        return {}
    columns = sorted({expectation.column for expectation in expectations})
    try:
        table = con.execute(f"select {distinct}{', '.join(columns)} from {rule.table}").to_arrow_table()
    except duckdb.Error as error:
        told = described(error)
        raise _Unanswered(f"tabel tidak terbaca ({told})", f"the table cannot be read ({told})") from error
    if table.num_rows == 0 and rule.may_be_empty:
        return {expectation.ukuran: 0.0 for expectation in expectations}
    if table.num_rows == 0:
        raise _Unanswered(f"{rule.table} kosong", f"{rule.table} is empty")

    # Analytics would call an outside host. The import costs seconds, so only who needs it pays.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    import pandas as pd
    from great_expectations import expectations as library
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # Great Expectations logs the traceback of a failed metric, and pandas puts values into its messages.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("gerbang").add_dataframe_asset(rule.name)
    definition = asset.add_batch_definition_whole_dataframe("seluruhnya")
    suite = gx.ExpectationSuite(
        name=rule.name,
        expectations=[
            getattr(library, expectation.type)(
                column=expectation.column, meta={"nomor": number}, **expectation.arguments
            )
            for number, expectation in enumerate(expectations)
        ],
    )
    # Columns stay in Arrow: turning a million strings into objects takes longer than all questions about them.
    results = definition.get_batch({"dataframe": table.to_pandas(types_mapper=pd.ArrowDtype)}).validate(
        suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    # Results come back in another order. An expectation that broke down has an empty result; one that is gone has none.
    counted = {
        result.expectation_config.meta["nomor"]: result.result.get("unexpected_count")
        for result in results.results
        if result.expectation_config and result.expectation_config.meta
    }
    counts = {}
    for number, expectation in enumerate(expectations):
        if (count := counted.get(number)) is None:
            raise _Unanswered(
                f"{expectation.ukuran} tidak dapat dihitung", f"{expectation.ukuran} could not be computed"
            )
        counts[expectation.ukuran] = float(count)
    return counts
