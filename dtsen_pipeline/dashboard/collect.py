"""Reads what the page of a month shows from its warehouse: rules, deliveries, funnel, coverage, quarantine.

What belongs here: the SQL of these sections. Linkage and welfare are read by ``measured``.
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
    NoteCount,
    PageData,
    Past,
    Point,
    QuarantineCount,
    RuleResult,
    Step,
    month_number,
    slack,
    worst,
)
from dtsen_pipeline.quality.rule import Rule, ShownMeasure, Verdict
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

    ``past`` are the months before (``history.read``), for trends and what changed; ``revision`` is the number of the release,
    where one is about to be made. Raises InputError for a month that is not 'YYYY-MM', and duckdb.Error where a table exists but
    lacks a column that the models promise.
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
        linkage=measured.linkage(con, tables) if "linkage.crosswalk" in tables else None,
        welfare=measured.welfare(con, tables) if "welfare.desil" in tables else None,
        coverage=_coverage(con) if {"publikasi.terbuka", "marts.keluarga", "welfare.desil"} <= tables else None,
        quarantine=_quarantine(con) if "quarantine.alasan" in tables else None,
        notes=_notes(con, tables) if "quarantine.catatan" in tables else None,
        past=tuple(past),
    )


def _rule(verdict: Verdict, month: str, past: Sequence[Past]) -> RuleResult:
    rule = verdict.rule
    bounds = rule.minimum, rule.maximum
    # What the registry keeps of the months before is exact.
    trend = [
        _point(
            before.month,
            [rule.shown(*one, verdict.step) for one in before.rules[rule.name][1]],
            rule,
            before.rules[rule.name][0],
        )
        for before in past
        if rule.name in before.rules
    ]
    return RuleResult(
        name=rule.name,
        teks=rule.teks,
        text=rule.text,
        owner=rule.owner,
        blocking=rule.blocking,
        blocks=verdict.blocks,
        status="galat" if verdict.error is not None else "lulus" if verdict.passed else "gagal",
        measures=tuple(sorted(verdict.shown, key=lambda measure: slack(measure.nilai, *bounds))),
        minimum=rule.minimum,
        maximum=rule.maximum,
        alasan=rule.alasan,
        reason=rule.reason,
        keterangan=verdict.keterangan,
        explanation=verdict.explanation,
        trend=(*trend, _point(month, verdict.shown, rule, verdict.error is None and verdict.passed)),
    )


def _point(month: str, measures: Sequence[ShownMeasure], rule: Rule, good: bool) -> Point:
    shown = worst(measures, rule.minimum, rule.maximum)
    return Point(month, shown.nilai, good, shown.kelas) if shown else Point(month, None, good)


def _deliveries(con: duckdb.DuckDBPyConnection, month: str, tables: set[str]) -> tuple[Delivery, ...]:
    lasts = (
        {
            (source, tabel): last
            for source, tabel, *last in con.execute(
                """select source, tabel, avg(baris), max(kiriman), arg_max_null(extra_count, kiriman),
                    arg_max_null(extra_places, kiriman), arg_max_null(missing_columns, kiriman)
                from raw.kiriman_lalu group by source, tabel"""
            ).fetchall()
        }
        if "raw.kiriman_lalu" in tables
        else {}
    )
    rows = con.execute(
        """
        select source, tabel, bulan_kirim, count(*),
               string_agg(distinct format, ',' order by format),
               sum(rows_read)::bigint, sum(rows_quarantined)::bigint,
               string_agg(extra_places, ',' order by file), string_agg(missing_columns, ',' order by file),
               list(passed_over order by file) filter (passed_over <> '')
        from raw.deliveries
        group by source, tabel, bulan_kirim
        order by case source when 'dtks' then 1 when 'regsosek' then 2 when 'p3ke' then 3 else 4 end,
                 source, tabel, bulan_kirim
        """
    ).fetchall()
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
                rows_staged=measured.count(con, staged) if staged in tables else None,
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
    """From what was extra and missing by the contract of either time; the contract itself is known as it is now alone."""
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
    people = [d for d in deliveries or () if (d.source, d.tabel) in PERSON_TABLES]
    read = sum(d.rows_read for d in people)
    steps: list[tuple[str, int | None, str | None]] = [
        ("baris", read if deliveries is not None else None, None),
        ("diterima", read - sum(d.rows_quarantined for d in people) if deliveries is not None else None, None),
    ]
    # The registry counts the rows of the released tables: a record has one row in crosswalk.
    for key, table, kept in (
        ("rekaman", "intermediate.int_person_record", "crosswalk"),
        ("orang", "marts.anggota", "anggota"),
        ("keluarga", "marts.keluarga", "keluarga"),
        ("ber_desil", "welfare.desil", None),
    ):
        steps.append((key, measured.count(con, table) if table in tables else None, kept))
    before = previous.counts if previous else {}
    return tuple(
        Step(key, now, int(before[kept]) if kept is not None and kept in before else None) for key, now, kept in steps
    )


def _coverage(con: duckdb.DuckDBPyConnection) -> Coverage:
    # The class is of the true share, so that rounding does not move an area; everything else is what the open table says. Where
    # fewer than ten families may be without a desil above a break, it is not told apart: the class would tell how many they are.
    rows = con.execute(
        f"""
        with
        keluarga as (
            select coalesce(k.kode_provinsi, '00') as kode_provinsi,
                coalesce(k.kode_kabupaten, concat(coalesce(k.kode_provinsi, '00'), '00')) as kode_kabupaten,
                d.family_id is not null as ber_desil
            from marts.keluarga as k left join welfare.desil as d on k.family_id = d.family_id
            where k.jumlah_anggota > 0
        ),
        bagian as (
            select kode_provinsi, kode_kabupaten, avg(ber_desil::integer) as bagian, count(*) as banyak
            from keluarga group by grouping sets ((kode_provinsi), (kode_provinsi, kode_kabupaten))
        )
        select t.tingkat, t.kode_provinsi, t.nama_provinsi, t.kode_kabupaten, t.nama_kabupaten, t.keluarga, t.orang,
            case when t.keluarga is null or b.bagian is null or not {_told_apart(COVERAGE_BREAKS[0])} then 0
                else 1 + {" + ".join(f"(b.bagian >= {limit} and {_told_apart(limit)})::integer" for limit in COVERAGE_BREAKS)} end
        from publikasi.terbuka as t
        left join bagian as b
            on t.kode_provinsi = b.kode_provinsi and t.kode_kabupaten is not distinct from b.kode_kabupaten
        where t.desil = 0 and t.tingkat in (1, 2)
        order by t.tingkat, t.jalur
        """
    ).fetchall()
    areas: dict[int, list[Area]] = {1: [], 2: []}
    for level, province, province_name, regency, regency_name, families, persons, share in rows:
        code, name = (province, province_name) if level == 1 else (regency, regency_name)
        areas[level].append(Area(code, name, province_name if level == 2 else None, families, persons, share))
    return Coverage(tuple(areas[1]), tuple(areas[2]))


def _told_apart(limit: float) -> str:
    return f"b.banyak * {round(1000 * (1 - limit))} >= {1000 * SMALLEST_SHOWN}"


def _quarantine(con: duckdb.DuckDBPyConnection) -> tuple[QuarantineCount, ...]:
    rows = con.execute(
        """
        select source, tabel, coalesce(kolom, ''), alasan, count(*)
        from quarantine.alasan
        group by 1, 2, 3, 4
        order by 5 desc, 1, 2, 3, 4
        """
    ).fetchall()
    return tuple(QuarantineCount(*row) for row in rows)


def _notes(con: duckdb.DuckDBPyConnection, tables: set[str]) -> tuple[NoteCount, ...]:
    """The notes of the reader, and the days that a source gives too often where the month came that far."""
    counted = "intermediate.int_catatan" if "intermediate.int_catatan" in tables else "quarantine.catatan"
    rows = con.execute(
        f"""
        select source, tabel, kolom, alasan, cast(sum(jumlah) as bigint)
        from {counted}
        group by 1, 2, 3, 4
        order by 5 desc, 1, 2, 3, 4
        """
    ).fetchall()
    return tuple(NoteCount(*row) for row in rows)


def _names(text: str | None) -> tuple[str, ...]:
    """Distinct names of a comma list, in order of first appearance."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))
