"""Read the months before from the registry: what every rule measured, figures of linkage and welfare, counts, events of ids.

What belongs here: months as ``data.Past``; only reading. The caller opens the registry, since it may hold it already.
"""

from __future__ import annotations

from collections import defaultdict

import duckdb

from dtsen_pipeline.dashboard.data import Past, month_number
from dtsen_pipeline.dashboard.results import Events
from dtsen_pipeline.registry import ledger
from dtsen_pipeline.sql.queries import query


def read_past(con: duckdb.DuckDBPyConnection, month: str, months: int = 11) -> tuple[Past, ...]:
    """Read those of the last ``months`` calendar months before ``month`` ('YYYY-MM') of which anything is known, oldest first.

    ``con`` is the registry's connection (``registry.Registry.con``); only a temporary table is written.
    """
    year, before = divmod(month_number(month) - 1 - months, 12)
    return read_between(con, f"{year:04d}-{before + 1:02d}", month)


def read_between(con: duckdb.DuckDBPyConnection, first: str, end: str) -> tuple[Past, ...]:
    """Read the months from ``first`` (inclusive) to ``end`` (exclusive) of which anything is known, oldest first."""
    ledger.choose_runs(con, first, end)
    revisions = con.execute(query("dashboard/revisi_berlaku")).fetchall()
    rules: defaultdict[str, dict[str, tuple[bool, list[tuple[str, float]]]]] = defaultdict(dict)
    for bulan, rule, ukuran, nilai, lulus in con.execute(query("dashboard/mutu_bulan")).fetchall():
        _, measures = rules[bulan].setdefault(rule, (lulus, []))
        if nilai is not None:
            measures.append((ukuran, nilai))
    figures: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for bulan, ukuran, nilai in con.execute(query("dashboard/angka_bulan")).fetchall():
        figures[bulan][ukuran] = nilai
    counts: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for bulan, nama, nilai in con.execute(query("dashboard/hitungan_bulan")).fetchall():
        counts[bulan][nama] = nilai
    events: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for bulan, entity, jenis, n in con.execute(query("dashboard/peristiwa_bulan")).fetchall():
        events[bulan][entity, jenis] = n
    published = dict(revisions)
    return tuple(
        Past(bulan, published.get(bulan), rules[bulan], figures[bulan], counts[bulan], Events(events[bulan]))
        for (bulan,) in con.execute("select bulan from lari order by bulan").fetchall()
    )
