"""What the page shows, read from the warehouse of one month as plain counts.

What belongs here: the aggregates as dataclasses, the SQL that makes them and the hiding of small counts. Nothing about
how they look. A section whose tables are not there (the month was blocked before they were made) is ``None``.

Small counts: families and persons of an area, and families of a desil, are hidden from 1 to 9, and with them the next
smallest of the same total, so that no hidden count can be had by subtraction. Counts of the work itself (rows,
quarantine, cluster sizes, families without a score) describe the process and are shown as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import duckdb

from dtsen_pipeline.config import check_month

SMALLEST_SHOWN = 10
"""Smallest count of families or persons shown; the minimum that statistical offices use."""

LARGEST_CLUSTER = 10
"""Cluster sizes from here on share one bar."""

PERSON_TABLES = (("dtks", "anggota"), ("regsosek", "anggota"), ("p3ke", "individu"))


class RuleLike(Protocol):
    """A rule of the gate, as far as the page reads it."""

    @property
    def name(self) -> str: ...
    @property
    def teks(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def blocking(self) -> bool: ...
    @property
    def minimum(self) -> float | None: ...
    @property
    def maximum(self) -> float | None: ...
    @property
    def alasan(self) -> str: ...
    @property
    def reason(self) -> str: ...


class VerdictLike(Protocol):
    """What the gate found for one rule (``publication.gate.Verdict`` fits)."""

    @property
    def rule(self) -> RuleLike: ...
    @property
    def passed(self) -> bool: ...
    @property
    def blocks(self) -> bool: ...
    @property
    def error(self) -> str | None: ...
    @property
    def measures(self) -> Sequence[tuple[str, float]]: ...
    @property
    def keterangan(self) -> str: ...
    @property
    def explanation(self) -> str: ...


@dataclass(frozen=True)
class RuleResult:
    """One line of the rules table.

    ``status``: 'lulus', 'gagal', or 'galat' (the question could not be answered, which blocks even where a breach would
    only warn). ``measures`` are (ukuran, nilai) with the broken ones first.
    """

    name: str
    teks: str
    text: str
    owner: str
    blocking: bool
    blocks: bool
    status: str
    measures: tuple[tuple[str, float], ...]
    minimum: float | None
    maximum: float | None
    alasan: str
    reason: str
    keterangan: str
    explanation: str

    @property
    def passed(self) -> bool:
        return self.status == "lulus"

    def breaks(self, nilai: float) -> bool:
        """Whether one measure lies outside the bounds."""
        too_low = self.minimum is not None and nilai < self.minimum
        return too_low or (self.maximum is not None and nilai > self.maximum)


@dataclass(frozen=True)
class Delivery:
    """One table of one source in one delivery month (None for reference data, which has none); ``rows_staged`` is None where
    staging was not reached."""

    source: str
    tabel: str
    month: str | None
    files: int
    formats: tuple[str, ...]
    rows_read: int
    rows_quarantined: int
    rows_staged: int | None
    extra_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step of the funnel: its count now and in the previous release (None: not reached, or no previous one)."""

    key: str
    count: int | None
    previous: int | None


@dataclass(frozen=True)
class Measure:
    """A quality figure; ``basis`` says what it was measured on, ``low`` and ``high`` bound it at 95 %, ``group`` says of whom it is
    (None: of all), each where that was stored."""

    name: str
    value: float | None
    basis: str | None = None
    low: float | None = None
    high: float | None = None
    group: str | None = None


@dataclass(frozen=True)
class Linkage:
    """``sizes``: (records in a person, persons), the last one open-ended. ``sources``: (names joined by +, persons).

    ``evaluation`` are the measures of all, ``groups`` those of a part (a province, a kind of damage, a blocking rule).
    """

    persons: int
    sizes: tuple[tuple[int, int], ...]
    sources: tuple[tuple[str, int], ...]
    evaluation: tuple[Measure, ...]
    groups: tuple[Measure, ...]


@dataclass(frozen=True)
class ProvinceDeciles:
    """Families of one province by national desil 1..10; None is a hidden count (total hidden too where it is small)."""

    kode: str | None
    nama: str
    total: int | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Welfare:
    deciles: tuple[int | None, ...]
    total: int
    provinces: tuple[ProvinceDeciles, ...] | None
    without_score: tuple[tuple[str, int], ...]
    quality: tuple[Measure, ...]


@dataclass(frozen=True)
class Area:
    """Families, persons and families with a desil in one area; None is a hidden count."""

    kode: str | None
    nama: str
    provinsi: str | None
    families: int | None
    persons: int | None
    scored: int | None

    @property
    def share(self) -> float | None:
        """Families with a desil out of all families, 0..1; None where either is hidden."""
        return self.scored / self.families if self.families and self.scored is not None else None


@dataclass(frozen=True)
class Coverage:
    """``has_deciles`` is False where the month did not reach the desil: ``scored`` then means nothing."""

    provinces: tuple[Area, ...]
    regencies: tuple[Area, ...]
    has_deciles: bool


@dataclass(frozen=True)
class QuarantineCount:
    """Broken values of one column for one reason (a quarantined row has at least one)."""

    source: str
    tabel: str
    kolom: str
    alasan: str
    count: int


@dataclass(frozen=True)
class PageData:
    """Everything the page of ``month`` ('YYYY-MM') shows. ``state``: 'terbit', 'tertahan' or 'belum' (no verdicts)."""

    month: str
    revision: int | None
    state: str
    rules: tuple[RuleResult, ...]
    deliveries: tuple[Delivery, ...] | None
    funnel: tuple[Step, ...]
    linkage: Linkage | None
    welfare: Welfare | None
    coverage: Coverage | None
    quarantine: tuple[QuarantineCount, ...] | None
    previous_month: str | None

    @property
    def blocked_by(self) -> tuple[RuleResult, ...]:
        return tuple(rule for rule in self.rules if rule.blocks)

    @property
    def warnings(self) -> tuple[RuleResult, ...]:
        return tuple(rule for rule in self.rules if not rule.blocks and not rule.passed)

    @property
    def passed_rules(self) -> tuple[RuleResult, ...]:
        return tuple(rule for rule in self.rules if rule.passed)

    def step(self, key: str) -> int | None:
        return next((step.count for step in self.funnel if step.key == key), None)


def collect(
    con: duckdb.DuckDBPyConnection,
    month: str,
    verdicts: Sequence[VerdictLike],
    previous: PageData | None = None,
    *,
    revision: int | None = None,
) -> PageData:
    """Read the aggregates of ``month`` from its warehouse; ``con`` is only read from.

    ``previous`` is the page data of the last release (``collect`` on that month's warehouse); with it the funnel shows
    the change. ``revision`` is the number of the release, where one is about to be made. Raises InputError for a month
    that is not 'YYYY-MM', and duckdb.Error where a table exists but lacks a column that the models promise.
    """
    month = check_month(month)
    tables = {
        f"{schema}.{table}"
        for schema, table in con.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        ).fetchall()
    }
    rules = tuple(_rule(verdict) for verdict in verdicts)
    blocked = any(rule.blocks for rule in rules)
    deliveries = _deliveries(con, tables) if "raw.deliveries" in tables else None
    return PageData(
        month=month,
        revision=revision,
        state="belum" if not rules else "tertahan" if blocked else "terbit",
        rules=rules,
        deliveries=deliveries,
        funnel=_funnel(con, tables, deliveries, previous),
        linkage=_linkage(con, tables) if "linkage.crosswalk" in tables else None,
        welfare=_welfare(con, tables) if "welfare.desil" in tables else None,
        coverage=_coverage(con, tables) if {"marts.keluarga", "marts.anggota"} <= tables else None,
        quarantine=_quarantine(con) if "quarantine.alasan" in tables else None,
        previous_month=previous.month if previous else None,
    )


def hide_small(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts that share one published total, the small ones (1 to 9) as None.

    The next smallest are hidden too until at least two are hidden that sum to 10 or more: otherwise the total minus the
    rest would give a small count away. Zeros are shown while enough others can be hidden.
    """
    hidden = _hidden(counts, [False] * len(counts))
    return tuple(None if h else n for n, h in zip(counts, hidden, strict=True))


def _hidden(counts: Sequence[int], already: Sequence[bool]) -> list[bool]:
    """``already`` hidden ones of ``counts`` plus the small ones plus what must go with them."""
    hidden = [was or 0 < n < SMALLEST_SHOWN for n, was in zip(counts, already, strict=True)]
    for i in sorted(range(len(counts)), key=lambda i: (counts[i] == 0, counts[i], i)):
        enough = sum(hidden) >= 2 and sum(n for n, h in zip(counts, hidden, strict=True) if h) >= SMALLEST_SHOWN
        if not any(hidden) or enough:
            break
        hidden[i] = True
    return hidden


def hide_small_table(rows: Sequence[Sequence[int]]) -> list[tuple[int | None, ...]]:
    """``hide_small`` along rows and columns at once, for a table whose row and column totals are both published."""
    hidden = [[False] * len(row) for row in rows]
    while True:
        by_row = [_hidden(row, was) for row, was in zip(rows, hidden, strict=True)]
        columns = [
            _hidden(column, was) for column, was in zip(zip(*rows, strict=True), zip(*by_row, strict=True), strict=True)
        ]
        now = [list(row) for row in zip(*columns, strict=True)]
        if now == hidden:
            return [
                tuple(None if h else n for n, h in zip(row, row_hidden, strict=True))
                for row, row_hidden in zip(rows, hidden, strict=True)
            ]
        hidden = now


def _rule(verdict: VerdictLike) -> RuleResult:
    rule = verdict.rule
    result = RuleResult(
        name=rule.name,
        teks=rule.teks,
        text=rule.text,
        owner=rule.owner,
        blocking=rule.blocking,
        blocks=verdict.blocks,
        status="galat" if verdict.error is not None else "lulus" if verdict.passed else "gagal",
        measures=tuple(verdict.measures),
        minimum=rule.minimum,
        maximum=rule.maximum,
        alasan=rule.alasan,
        reason=rule.reason,
        keterangan=verdict.keterangan,
        explanation=verdict.explanation,
    )
    return replace(result, measures=tuple(sorted(result.measures, key=lambda measure: not result.breaks(measure[1]))))


def _deliveries(con: duckdb.DuckDBPyConnection, tables: set[str]) -> tuple[Delivery, ...]:
    rows = con.execute(
        """
        select source, tabel, bulan_kirim, count(*),
               string_agg(distinct format, ',' order by format),
               sum(rows_read)::bigint, sum(rows_quarantined)::bigint,
               string_agg(extra_columns, ',' order by file), string_agg(missing_columns, ',' order by file)
        from raw.deliveries
        group by source, tabel, bulan_kirim
        order by case source when 'dtks' then 1 when 'regsosek' then 2 when 'p3ke' then 3 else 4 end,
                 source, tabel, bulan_kirim
        """
    ).fetchall()
    deliveries = []
    for source, tabel, sent, files, formats, read, quarantined, extra, missing in rows:
        staged = f"staging.stg_{source}__{tabel}"
        deliveries.append(
            Delivery(
                source=source,
                tabel=tabel,
                month=sent,
                files=files,
                formats=_names(formats),
                rows_read=read or 0,
                rows_quarantined=quarantined or 0,
                rows_staged=_count(con, staged) if staged in tables else None,
                extra_columns=_names(extra),
                missing_columns=_names(missing),
            )
        )
    return tuple(deliveries)


def _funnel(
    con: duckdb.DuckDBPyConnection,
    tables: set[str],
    deliveries: tuple[Delivery, ...] | None,
    previous: PageData | None,
) -> tuple[Step, ...]:
    people = [d for d in deliveries or () if (d.source, d.tabel) in PERSON_TABLES]
    read = sum(d.rows_read for d in people)
    counts: list[tuple[str, int | None]] = [
        ("baris", read if deliveries is not None else None),
        ("diterima", read - sum(d.rows_quarantined for d in people) if deliveries is not None else None),
    ]
    for key, table in (
        ("rekaman", "intermediate.int_person_record"),
        ("orang", "marts.anggota"),
        ("keluarga", "marts.keluarga"),
        ("ber_desil", "welfare.desil"),
    ):
        counts.append((key, _count(con, table) if table in tables else None))
    return tuple(Step(key, count, previous.step(key) if previous else None) for key, count in counts)


def _linkage(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Linkage:
    sizes: Counter[int] = Counter()
    sources: Counter[str] = Counter()
    for size, source, persons in con.execute(
        f"""
        select least(size, {LARGEST_CLUSTER}), source, count(*)
        from (
            select count(*) as size, string_agg(distinct source, '+' order by source) as source
            from linkage.crosswalk
            group by person_id
        )
        group by 1, 2
        """
    ).fetchall():
        sizes[size] += persons
        sources[source] += persons
    measures = _measures(con, tables, "linkage.evaluasi")
    return Linkage(
        persons=sum(sizes.values()),
        sizes=tuple(sorted(sizes.items())),
        sources=tuple(sorted(sources.items(), key=lambda item: (item[0].count("+"), item[0]))),
        evaluation=tuple(measure for measure in measures if measure.group is None),
        groups=tuple(measure for measure in measures if measure.group is not None),
    )


def _welfare(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Welfare:
    counts = [0] * 10
    for desil, families in con.execute(
        "select desil_nasional, count(*) from welfare.desil where desil_nasional between 1 and 10 group by 1"
    ).fetchall():
        counts[desil - 1] = families
    without = (
        con.execute("select alasan, count(*) from welfare.tanpa_skor group by 1 order by 2 desc, 1").fetchall()
        if "welfare.tanpa_skor" in tables
        else []
    )
    return Welfare(
        deciles=hide_small(counts),
        total=sum(counts),
        provinces=_province_deciles(con) if "marts.keluarga" in tables else None,
        without_score=tuple((str(alasan), n) for alasan, n in without),
        quality=_measures(con, tables, "welfare.kartu"),
    )


def _province_deciles(con: duckdb.DuckDBPyConnection) -> tuple[ProvinceDeciles, ...]:
    names: dict[str | None, str] = {}
    counts: dict[str | None, list[int]] = {}
    for kode, nama, desil, families in con.execute(
        """
        select k.kode_provinsi, max(k.nama_provinsi), d.desil_nasional, count(*)
        from welfare.desil d join marts.keluarga k using (family_id)
        where d.desil_nasional between 1 and 10
        group by k.kode_provinsi, d.desil_nasional
        order by k.kode_provinsi nulls last, d.desil_nasional
        """
    ).fetchall():
        names[kode] = nama or names.get(kode) or kode or ""
        counts.setdefault(kode, [0] * 10)[desil - 1] = families
    shown = hide_small_table(list(counts.values())) if counts else []
    totals = hide_small([sum(row) for row in counts.values()])
    return tuple(
        ProvinceDeciles(kode, names[kode], total, row) for kode, total, row in zip(counts, totals, shown, strict=True)
    )


def _coverage(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Coverage:
    has_deciles = "welfare.desil" in tables
    scored = "select distinct family_id from welfare.desil" if has_deciles else "select null as family_id where false"
    rows = con.execute(
        f"""
        with
        persons as (select family_id, count(*) as n from marts.anggota group by family_id),
        scored as ({scored})
        select k.kode_provinsi, max(k.nama_provinsi), k.kode_kabupaten, max(k.nama_kabupaten),
               count(*), coalesce(sum(p.n), 0)::bigint, count(s.family_id)
        from marts.keluarga k
        left join persons p on p.family_id = k.family_id
        left join scored s on s.family_id = k.family_id
        group by k.kode_provinsi, k.kode_kabupaten
        order by k.kode_provinsi nulls last, k.kode_kabupaten nulls last
        """
    ).fetchall()
    provinces: dict[str | None, list[tuple[str | None, str, tuple[int, int, int]]]] = {}
    names: dict[str | None, str] = {}
    for kode, nama, kode_kabupaten, nama_kabupaten, *counts in rows:
        names[kode] = nama or names.get(kode) or kode or ""
        regency = (kode_kabupaten, nama_kabupaten or kode_kabupaten or "", (counts[0], counts[1], counts[2]))
        provinces.setdefault(kode, []).append(regency)
    totals = [tuple(sum(c[i] for *_, c in regencies) for i in range(3)) for regencies in provinces.values()]
    return Coverage(
        provinces=_areas(
            [(kode, names[kode], None, total) for kode, total in zip(provinces, totals, strict=True)],
        ),
        regencies=tuple(
            area
            for kode, regencies in provinces.items()
            if kode is not None
            for area in _areas([(code, name, names[kode], counts) for code, name, counts in regencies])
        ),
        has_deciles=has_deciles,
    )


def _areas(rows: Sequence[tuple[str | None, str, str | None, Sequence[int]]]) -> tuple[Area, ...]:
    """Areas of one published total (the country, or one province), small counts hidden column by column."""
    columns = [hide_small([counts[i] for *_, counts in rows]) for i in range(3)]
    return tuple(
        Area(kode, nama, provinsi, families, persons, scored)
        for (kode, nama, provinsi, _), families, persons, scored in zip(rows, *columns, strict=True)
    )


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


def _measures(con: duckdb.DuckDBPyConnection, tables: set[str], table: str) -> tuple[Measure, ...]:
    """Figures of a (ukuran, nilai) table; optional columns: ``dasar`` (measured on what), ``bawah``, ``atas``, ``kelompok``."""
    if table not in tables:
        return ()
    relation = con.execute(f"select * from {table} order by rowid")
    columns = [column[0] for column in relation.description or ()]
    return tuple(
        Measure(
            str(row["ukuran"]),
            None if row["nilai"] is None else float(row["nilai"]),
            row.get("dasar"),
            row.get("bawah"),
            row.get("atas"),
            None if row.get("kelompok") in (None, "semua") else str(row["kelompok"]),
        )
        for row in (dict(zip(columns, values, strict=True)) for values in relation.fetchall())
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    schema, name = table.split(".", 1)
    row = con.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    return int(row[0]) if row else 0


def _names(text: str | None) -> tuple[str, ...]:
    """Distinct names of a comma list, in order of first appearance."""
    return tuple(dict.fromkeys(name.strip() for name in _split(text) if name.strip()))


def _split(text: str | None) -> Iterable[str]:
    return text.split(",") if text else ()
