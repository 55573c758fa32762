"""Read how good linkage and welfare of a month are, and what they changed, from its warehouse.

What belongs here: asking for these two sections and putting the answers into the shapes of ``data``. Nothing is estimated here: the
measures stand in the tables (``linkage.evaluasi``, ``welfare.laporan``).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb

from dtsen_pipeline.dashboard.data import SMALLEST_SHOWN, hide_small
from dtsen_pipeline.dashboard.results import (
    LARGEST_CLUSTER,
    WEIGHT_BAND,
    Cause,
    Drift,
    Events,
    Evidence,
    Linkage,
    Measure,
    Programme,
    ProvinceDeciles,
    Queue,
    Welfare,
)
from dtsen_pipeline.linkage.model import THRESHOLD
from dtsen_pipeline.registry import ids
from dtsen_pipeline.sql.queries import query

NEAR = 8
"""Bits on either side of the threshold within which a pair is doubtful."""

# Kinds of groups of welfare.laporan that are not parts of the families: calibration, other models, covariates.
_NOT_OF_FAMILIES = ("persepuluhan", "model", "kolom")


def read_linkage(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Linkage:
    """Read the linkage section; ``tables`` are the ``schema.table`` names that exist, ``linkage.crosswalk`` among them."""
    sizes: Counter[int] = Counter()
    sources: Counter[str] = Counter()
    for size, source, persons in con.execute(
        query("dashboard/ukuran_klaster"), {"terbesar": LARGEST_CLUSTER}
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
        threshold=THRESHOLD,
        weights=_weights(con) if "linkage.pasangan" in tables else (),
        evidence=tuple(replace(level, weight=round(level.weight, 2)) for level in read_evidence(con))
        if "linkage.model" in tables
        else (),
        queue=_queue(con) if {"linkage.pasangan", "linkage.tolakan", "linkage.keputusan"} <= tables else None,
        events=_events(con) if "linkage.penetapan_lalu" in tables else None,
    )


def _weights(con: duckdb.DuckDBPyConnection) -> tuple[tuple[int, int], ...]:
    pairs = dict(con.execute(query("dashboard/bobot"), {"ambang": THRESHOLD, "lebar": WEIGHT_BAND}).fetchall())
    if not pairs:
        return ()
    start = round(THRESHOLD)
    # Bands without a pair are there too: the histogram has no gap.
    return tuple((start + WEIGHT_BAND * band, pairs.get(band, 0)) for band in range(min(pairs), max(pairs) + 1))


def read_evidence(con: duckdb.DuckDBPyConnection) -> Iterator[Evidence]:
    """Read the match weight of each level of each comparison of ``linkage.model``, in its order; none before it is fitted."""
    for (content,) in con.execute("select isi from linkage.model").fetchall():
        for comparison in json.loads(content)["comparisons"]:
            for level in comparison["comparison_levels"]:
                if (m := level.get("m_probability")) and (u := level.get("u_probability")):
                    yield Evidence(comparison["output_column_name"], level["label_for_charts"], math.log2(m / u))


def _queue(con: duckdb.DuckDBPyConnection) -> Queue:
    ((below, above),) = con.execute(query("dashboard/dekat_ambang"), {"ambang": THRESHOLD, "jarak": NEAR}).fetchall()
    refused = con.execute(query("dashboard/tolakan")).fetchall()
    return Queue(below, above, tuple((str(reason), n) for reason, n in refused), count_rows(con, "linkage.keputusan"))


def _events(con: duckdb.DuckDBPyConnection) -> Events | None:
    """The events that the registry will enter when this month is published, from the same SQL."""
    if not count_rows(con, "linkage.penetapan_lalu"):
        return None
    counts: dict[tuple[str, str], int] = {}
    for entity in ("person", "family"):
        select = ids.events(entity, "linkage.penetapan_lalu", "linkage.crosswalk")
        for kind, n in con.execute(f"select jenis, count(*) from ({select}) group by jenis order by jenis").fetchall():
            counts[entity, kind] = n
    return Events(counts)


def read_welfare(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Welfare:
    """Read the welfare section; ``tables`` are the ``schema.table`` names that exist, ``welfare.desil`` among them."""
    counts = [0] * 10
    for desil, families in con.execute(query("dashboard/keluarga_per_desil")).fetchall():
        counts[desil - 1] = families
    without = con.execute(query("dashboard/tanpa_skor")).fetchall() if "welfare.tanpa_skor" in tables else []
    measures = _measures(con, tables, "welfare.laporan")
    parts = [m for m in measures if m.group is not None and m.group.partition("=")[0] not in _NOT_OF_FAMILIES]
    return Welfare(
        deciles=hide_small(counts),
        total=sum(counts),
        provinces=read_province_deciles(con) if "publikasi.terbuka" in tables else None,
        without_score=tuple((str(alasan), n) for alasan, n in without),
        quality=tuple(m for m in measures if m.group is None) or _measures(con, tables, "welfare.kartu"),
        groups=tuple(parts),
        drift=_drift(measures),
        moved=_moved(con) if "welfare.perubahan" in tables else None,
        programmes=_programmes(con) if {"welfare.kelayakan", "welfare.kelayakan_perubahan"} <= tables else (),
    )


def read_province_deciles(con: duckdb.DuckDBPyConnection) -> tuple[ProvinceDeciles, ...]:
    """Read the families of each province by national desil from the open table."""
    rows = con.execute(query("dashboard/desil_provinsi")).fetchall()
    return tuple(ProvinceDeciles(kode, nama, families[0], tuple(families[1:])) for kode, nama, families in rows)


def _drift(measures: Iterable[Measure]) -> tuple[Drift, ...]:
    by_column: dict[str, dict[str, float | None]] = {}
    for measure in measures:
        if measure.group is not None and measure.group.startswith("kolom=") and measure.name.startswith("psi_"):
            by_column.setdefault(measure.group.removeprefix("kolom="), {})[measure.name] = measure.value
    rows = [Drift(column, psi.get("psi_survei"), psi.get("psi_rilis_lalu")) for column, psi in by_column.items()]
    return tuple(sorted(rows, key=lambda row: (-max(row.survey or 0, row.release or 0), row.column)))


def _moved(con: duckdb.DuckDBPyConnection) -> tuple[Cause, ...] | None:
    if not count_rows(con, "welfare.perubahan"):
        return None
    rows = con.execute(query("dashboard/sebab_perubahan")).fetchall()
    up, down = (hide_small([row[i] for row in rows]) for i in (1, 2))
    return tuple(Cause(row[0], u, d) for row, u, d in zip(rows, up, down, strict=True))


def _programmes(con: duckdb.DuckDBPyConnection) -> tuple[Programme, ...]:
    rows = con.execute(query("dashboard/program")).fetchall()
    # The programme's size from month to month tells the difference of the two, so one cannot hide without the other.
    return tuple(
        Programme(
            name,
            families,
            *((None, None) if 0 < entered < SMALLEST_SHOWN or 0 < left < SMALLEST_SHOWN else (entered, left)),
        )
        for name, families, entered, left in rows
    )


def _measures(con: duckdb.DuckDBPyConnection, tables: set[str], table: str) -> tuple[Measure, ...]:
    """Read the figures of a table with columns ukuran and nilai, in its order.

    Optional columns: ``dasar`` (measured on what), ``bawah``, ``atas``, ``kelompok``.
    """
    if table not in tables:
        return ()
    relation = con.execute(f"select * from {table} order by rowid")
    columns = [column[0] for column in relation.description or ()]
    return tuple(_measure(dict(zip(columns, values, strict=True))) for values in relation.fetchall())


def _measure(row: Mapping[str, Any]) -> Measure:
    group = None if row.get("kelompok") in (None, "semua") else str(row["kelompok"])
    # A part has few members: more digits would tell fractions of them, and are not certain.
    digits = 9 if group is None else 2 if group.startswith("provinsi=") else 3
    value, low, high = (
        None if row.get(name) is None else round(float(row[name]), digits) for name in ("nilai", "bawah", "atas")
    )
    return Measure(str(row["ukuran"]), value, row.get("dasar"), low, high, group)


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """The number of rows of ``schema.table``."""
    return len(con.table(table))
