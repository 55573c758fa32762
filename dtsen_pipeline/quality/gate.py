"""Evaluate the rules of the gate on a warehouse.

What belongs here: how a rule's question is asked. The callers (a Dagster check, the publish step) are not known here.

A SQL rule is one SELECT in ``dbt_like_sql/tests/<name>.sql`` that returns ``ukuran`` (what was measured, never a
personal value) and ``nilai``. An expectation rule is a Great Expectations suite over columns of one table; its measures
count the values that break the expectation. Either way the rule holds when every measure lies within the bounds. A
question that cannot be answered (SQL fails, no row, no value) is an *error*, kept apart from bad data. It blocks whatever
the severity of the rule, since its answer is unknown.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Iterable, Sequence

import duckdb
import sqlglot

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.errors import value_free_message
from dtsen_pipeline.quality.rule import STEP, Expectation, Rule, ShownMeasure, Verdict

# Measures that a verdict names, before "+n".
MOST_SHOWN = 5

IN_SET = "ExpectColumnValuesToBeInSet"

# Families that one step of a shown share holds at least. Next to zero it is half a step, and so ten, as in the open tables.
MIN_FAMILIES_A_STEP = 20


class _Unanswered(Exception):
    """The rule could not be evaluated; carries the reason."""

    def __init__(self, teks: str, text: str) -> None:
        super().__init__(text)
        self.reason = Bilingual(teks, text)


def evaluate(con: duckdb.DuckDBPyConnection, rule: Rule) -> Verdict:
    """Evaluate ``rule`` on the warehouse behind ``con``. Never raises for bad data or for an error in the rule's own SQL."""
    try:
        measures = _expectation_measures(con, rule) if rule.kind == "expectations" else _sql_measures(con, rule)
        step = _shown_step(con, rule)
    except _Unanswered as error:
        return Verdict(
            rule,
            passed=False,
            error=error.reason.en,
            measures=(),
            explanation=Bilingual(
                f"Aturan tidak dapat diperiksa, maka dianggap gagal: {error.reason.id}",
                f"The rule could not be checked, so it counts as failed: {error.reason.en}",
            ),
        )
    wrong = [(ukuran, nilai) for ukuran, nilai in measures if not rule.holds(nilai)]
    outcome = Bilingual("Gagal", "Failed") if wrong else Bilingual("Terpenuhi", "Holds")
    described = _describe_measures(rule, [rule.shown(*measure, step) for measure in wrong or measures])
    return Verdict(
        rule,
        passed=not wrong,
        error=None,
        measures=measures,
        explanation=Bilingual(f"{outcome.id}: {described.id}", f"{outcome.en}: {described.en}"),
        step=step,
    )


def evaluate_all(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> list[Verdict]:
    """Evaluate every rule, in order; one that fails does not stop the others."""
    return [evaluate(con, rule) for rule in rules]


def _shown_step(con: duckdb.DuckDBPyConnection, rule: Rule) -> float:
    """The step to which a rule's figures are rounded for showing.

    Shares of families are rounded so far that no count below ten can be computed back from them.
    """
    if rule.subject != "families":
        return STEP
    ((families,),) = con.execute(f"select count(*) from {rule.table}").fetchall()
    step: float = 10.0 ** math.ceil(math.log10(MIN_FAMILIES_A_STEP / max(families, MIN_FAMILIES_A_STEP)))
    return max(STEP, step)


def _describe_measures(rule: Rule, measures: Sequence[ShownMeasure]) -> Bilingual:
    """The rule with its measures and its bounds."""
    listed = "; ".join(measure.teks for measure in measures[:MOST_SHOWN])
    if (rest := len(measures) - MOST_SHOWN) > 0:
        listed += f"; +{rest}"
    lowest = [] if rule.minimum is None else [f"{rule.minimum:g}"]
    highest = [] if rule.maximum is None else [f"{rule.maximum:g}"]
    batas = ", ".join([f"paling rendah {b}" for b in lowest] + [f"paling tinggi {b}" for b in highest])
    bounds = ", ".join([f"at least {b}" for b in lowest] + [f"at most {b}" for b in highest])
    return Bilingual(
        f"{rule.statement.id} {listed} (batas: {batas})", f"{rule.statement.en} {listed} (bounds: {bounds})"
    )


def _sql_measures(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[tuple[str, float], ...]:
    """Run the SELECT of a SQL rule; returns (ukuran, nilai), sorted."""
    try:
        relation = con.execute(rule.sql)
        columns = [column[0] for column in relation.description or []]
        rows = relation.fetchall()
    except (duckdb.Error, sqlglot.ParseError, FileNotFoundError) as error:
        message = value_free_message(error)
        raise _Unanswered(f"SQL gagal ({message})", f"the SQL failed ({message})") from error
    if columns != ["ukuran", "nilai"]:
        raise _Unanswered(
            "SQL harus memberi kolom ukuran dan nilai", "the SQL must return the columns ukuran and nilai"
        )
    if not rows:
        raise _Unanswered("SQL tidak memberi satu baris pun", "the SQL returned no row")
    if empty := [str(ukuran) for ukuran, nilai in rows if nilai is None or math.isnan(nilai)]:
        named = ", ".join(empty[:MOST_SHOWN])
        raise _Unanswered(f"tidak ada nilai untuk {named}", f"no value for {named}")
    # Sorted: the order of a grouped result depends on the threads, and the manifest must not.
    return tuple(sorted((str(ukuran), float(nilai)) for ukuran, nilai in rows))


def _expectation_measures(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[tuple[str, float], ...]:
    """Count the values that break each expectation; returns (ukuran, nilai) in the order of the rule."""
    # A code out of its list shows among the few distinct values; all rows are counted only where there is one.
    in_set = [expectation for expectation in rule.expectations if expectation.type == IN_SET]
    counts = _counts(con, rule, [expectation for expectation in rule.expectations if expectation.type != IN_SET])
    distinct_counts = _counts(con, rule, in_set, "distinct ")
    counts |= _counts(con, rule, in_set) if any(distinct_counts.values()) else distinct_counts
    return tuple((expectation.ukuran, counts[expectation.ukuran]) for expectation in rule.expectations)


def _counts(
    con: duckdb.DuckDBPyConnection, rule: Rule, expectations: Sequence[Expectation], distinct: str = ""
) -> dict[str, float]:
    """Count the values that break each expectation, by ``ukuran``."""
    if not expectations:
        return {}
    columns = sorted({expectation.column for expectation in expectations})
    try:
        table = con.execute(f"select {distinct}{', '.join(columns)} from {rule.table}").to_arrow_table()
    except duckdb.Error as error:
        message = value_free_message(error)
        raise _Unanswered(f"tabel tidak terbaca ({message})", f"the table cannot be read ({message})") from error
    if table.num_rows == 0 and rule.may_be_empty:
        return {expectation.ukuran: 0.0 for expectation in expectations}
    if table.num_rows == 0:
        raise _Unanswered(f"{rule.table} kosong", f"{rule.table} is empty")

    # Analytics would call an outside host. Imported here because the import takes seconds and few callers need it.
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
    # Columns stay in Arrow: turning a million strings into objects takes longer than evaluating all expectations.
    results = definition.get_batch({"dataframe": table.to_pandas(types_mapper=pd.ArrowDtype)}).validate(
        suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    # Results come back in another order. An expectation that failed to run has an empty result; one that is gone has none.
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
