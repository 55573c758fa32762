"""Read what the page of a month shows from its warehouse: rules, deliveries, funnel, coverage, quarantine.

What belongs here: asking for these sections and putting the answers into the shapes of ``data``. Linkage and welfare are read by
``measured``.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.model import TableContract, columns_by_label, load, normal_label
from dtsen_pipeline.dashboard import measured
from dtsen_pipeline.dashboard.data import (
    COVERAGE_BREAKS,
    SMALLEST_SHOWN,
    Area,
    ColumnChange,
    Coverage,
    Delivery,
    PageData,
    Past,
    Point,
    ReasonCount,
    RuleResult,
    Step,
    month_number,
    slack,
    worst,
)
from dtsen_pipeline.quality.rule import Rule, ShownMeasure, Verdict
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage import warehouse

PERSON_TABLES = (("dtks", "anggota"), ("regsosek", "anggota"), ("p3ke", "individu"))


def collect(
    con: duckdb.DuckDBPyConnection,
    month: str,
    verdicts: Sequence[Verdict],
    past: Sequence[Past] = (),
    *,
    revision: int | None = None,
) -> PageData:
    """Read the aggregates of ``month`` from its warehouse; ``con`` is only read from.

    ``past``: the months before (``history.read_past``), for trends and for what changed. ``revision``: the number of the release
    that is about to be made, if any. Raises InputError for a month that is not 'YYYY-MM', and duckdb.Error where a table exists
    but lacks a column that the models promise.
    """
    month = check_month(month)
    tables = warehouse.tables(con)
    rules = tuple(_rule(verdict, month, past) for verdict in verdicts)
    blocked = any(rule.blocks for rule in rules)
    deliveries = _deliveries(con, month, tables) if "raw.deliveries" in tables else None
    return PageData(
        month=month,
        revision=revision,
        state="belum" if not rules else "tertahan" if blocked else "terbit",
        rules=rules,
        deliveries=deliveries,
        funnel=_funnel(con, tables, deliveries, next((p for p in reversed(past) if p.revision is not None), None)),
        linkage=measured.read_linkage(con, tables) if "linkage.crosswalk" in tables else None,
        welfare=measured.read_welfare(con, tables) if "welfare.desil" in tables else None,
        coverage=_coverage(con) if {"publikasi.terbuka", "marts.keluarga", "welfare.desil"} <= tables else None,
        quarantine=_quarantine(con) if "quarantine.alasan" in tables else None,
        notes=_notes(con, tables) if "quarantine.catatan" in tables else None,
        past=tuple(past),
    )


def _rule(verdict: Verdict, month: str, past: Sequence[Past]) -> RuleResult:
    rule = verdict.rule
    bounds = rule.minimum, rule.maximum
    # The registry keeps exact measures: they are rounded or turned into classes as those of this month are.
    trend = [
        _point(
            before.month,
            [rule.shown(*measure, verdict.step) for measure in before.rules[rule.name][1]],
            rule,
            before.rules[rule.name][0],
        )
        for before in past
        if rule.name in before.rules
    ]
    return RuleResult(
        name=rule.name,
        statement=rule.statement,
        owner=rule.owner,
        blocking=rule.blocking,
        blocks=verdict.blocks,
        status="galat" if verdict.error is not None else "lulus" if verdict.passed else "gagal",
        measures=tuple(sorted(verdict.shown, key=lambda measure: slack(measure.nilai, *bounds))),
        minimum=rule.minimum,
        maximum=rule.maximum,
        reason=rule.reason,
        explanation=verdict.explanation,
        trend=(*trend, _point(month, verdict.shown, rule, verdict.error is None and verdict.passed)),
    )


def _point(month: str, measures: Sequence[ShownMeasure], rule: Rule, good: bool) -> Point:
    shown = worst(measures, rule.minimum, rule.maximum)
    return Point(month, shown.nilai, good, shown.kelas) if shown else Point(month, None, good)


def _deliveries(con: duckdb.DuckDBPyConnection, month: str, tables: set[str]) -> tuple[Delivery, ...]:
    lasts = (
        {(source, tabel): last for source, tabel, *last in con.execute(query("dashboard/kiriman_lalu")).fetchall()}
        if "raw.kiriman_lalu" in tables
        else {}
    )
    rows = con.execute(query("dashboard/kiriman")).fetchall()
    deliveries = []
    for source, tabel, sent, files, formats, read, quarantined, extra, missing, passed in rows:
        staged = f"staging.stg_{source}__{tabel}"
        usual, *last = lasts.get((source, tabel), (None, None, None, None, None))
        places = tuple(sorted({int(place) for place in _names(extra)}))
        deliveries.append(
            Delivery(
                source=source,
                tabel=tabel,
                month=sent,
                age=month_number(month) - month_number(sent) if sent else None,
                files=files,
                formats=_names(formats),
                rows_read=read or 0,
                rows_quarantined=quarantined or 0,
                rows_staged=measured.count_rows(con, staged) if staged in tables else None,
                usual=usual,
                extra_places=places,
                missing_columns=_names(missing),
                passed_over=tuple(dict.fromkeys(passed or ())),
                since=_since(load()[source].tables[tabel], places, _names(missing), *last),
            )
        )
    return tuple(deliveries)


def _since(
    table: TableContract,
    places: tuple[int, ...],
    missing: tuple[str, ...],
    month: str | None,
    count_then: int | None,
    places_then: str | None,
    missing_then: str | None,
) -> ColumnChange | None:
    """What changed in the columns since the last delivery, None where there is none or it is not known.

    What was extra or missing then goes by the contract of that time; only the contract of now is known.
    """
    if month is None or count_then is None or missing_then is None:
        return None
    lacked, known = _names(missing_then), columns_by_label(table)
    now = ", ".join(map(str, places))
    then = now if places_then is None else ", ".join(_names(places_then))
    return ColumnChange(
        month,
        new=tuple(name for name in _without(lacked, missing) if normal_label(name) in known),
        gone=_without(missing, lacked),
        extra=(str(count_then), str(len(places)))
        if count_then != len(places)
        else (then, now)
        if then != now
        else None,
    )


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    left_out = {normal_label(other) for other in others}
    return tuple(name for name in names if normal_label(name) not in left_out)


def _funnel(
    con: duckdb.DuckDBPyConnection,
    tables: set[str],
    deliveries: tuple[Delivery, ...] | None,
    previous: Past | None,
) -> tuple[Step, ...]:
    """The steps from rows of persons delivered to families with a desil, beside those of the ``previous`` release."""
    people = [d for d in deliveries or () if (d.source, d.tabel) in PERSON_TABLES]
    read = sum(d.rows_read for d in people)
    steps: list[tuple[str, int | None, str | None]] = [
        ("baris", read if deliveries is not None else None, None),
        ("diterima", read - sum(d.rows_quarantined for d in people) if deliveries is not None else None, None),
    ]
    # Key of the step, the table whose rows it counts, and the released table whose rows the registry has counted.
    for key, table, kept in (
        ("rekaman", "intermediate.int_person_record", "crosswalk"),
        ("orang", "marts.anggota", "anggota"),
        ("keluarga", "marts.keluarga", "keluarga"),
        ("ber_desil", "welfare.desil", None),
    ):
        steps.append((key, measured.count_rows(con, table) if table in tables else None, kept))
    before = previous.counts if previous else {}
    return tuple(
        Step(key, now, int(before[kept]) if kept is not None and kept in before else None) for key, now, kept in steps
    )


def _coverage(con: duckdb.DuckDBPyConnection) -> Coverage:
    breaks = {f"batas_{number}": limit for number, limit in enumerate(COVERAGE_BREAKS, start=2)}
    rows = con.execute(query("dashboard/cakupan"), {**breaks, "terkecil": SMALLEST_SHOWN}).fetchall()
    areas: dict[int, list[Area]] = {1: [], 2: []}
    for level, province, province_name, regency, regency_name, families, persons, shade in rows:
        code, name = (province, province_name) if level == 1 else (regency, regency_name)
        areas[level].append(Area(code, name, province_name if level == 2 else None, families, persons, shade))
    return Coverage(tuple(areas[1]), tuple(areas[2]))


def _quarantine(con: duckdb.DuckDBPyConnection) -> tuple[ReasonCount, ...]:
    return tuple(ReasonCount(*row) for row in con.execute(query("dashboard/karantina")).fetchall())


def _notes(con: duckdb.DuckDBPyConnection, tables: set[str]) -> tuple[ReasonCount, ...]:
    """The notes of the reader, and the days that a source gives too often where the month got that far."""
    sql = query("dashboard/catatan_lengkap" if "intermediate.int_catatan" in tables else "dashboard/catatan")
    return tuple(ReasonCount(*row) for row in con.execute(sql).fetchall())


def _names(text: str | None) -> tuple[str, ...]:
    """Distinct names of a comma list, in order of first appearance."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))
