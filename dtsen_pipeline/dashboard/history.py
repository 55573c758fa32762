"""The months before, read from the registry: what every rule measured, figures of linkage and welfare, counts, id events.

What belongs here: reading alone, months as ``data.Past``. The registry is opened by the caller, who may hold it already.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import duckdb

from dtsen_pipeline.dashboard.data import Events, Past, month_number
from dtsen_pipeline.registry import ledger


def read(con: duckdb.DuckDBPyConnection, month: str, months: int = 11) -> tuple[Past, ...]:
    """The last ``months`` calendar months before ``month`` ('YYYY-MM') that anything is known of, oldest first.

    ``con`` is the registry's connection (``registry.Registry.con``); only a temporary table is written.
    """
    year, before = divmod(month_number(month) - 1 - months, 12)
    return between(con, f"{year:04d}-{before + 1:02d}", month)


def between(con: duckdb.DuckDBPyConnection, first: str, end: str) -> tuple[Past, ...]:
    """The months from ``first`` (inclusive) to ``end`` (exclusive) that anything is known of, oldest first."""
    ledger.choose_runs(con, first, end)
    revisions = _rows(con, "select bulan, revisi from rilis where status = 'terbit'")
    rules: defaultdict[str, dict[str, tuple[bool, list[tuple[str, float]]]]] = defaultdict(dict)
    for bulan, rule, ukuran, nilai, lulus in _rows(
        con,
        """select m.bulan, m.rule, m.ukuran, m.nilai, m.lulus
        from mutu as m inner join lari as l on m.bulan = l.bulan and m.run_id = l.run_id and m.dijalankan = l.dijalankan
        order by m.bulan, m.rule, m.ukuran""",
    ):
        _, measures = rules[bulan].setdefault(rule, (lulus, []))
        if nilai is not None:
            measures.append((ukuran, nilai))
    figures: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for table in ("penautan", "kesejahteraan"):
        for bulan, ukuran, nilai in _rows(
            con,
            f"""select t.bulan, t.ukuran, t.nilai from {table} as t inner join lari as l
            on t.bulan = l.bulan and t.run_id = l.run_id where t.kelompok = 'semua' order by all""",
        ):
            figures[bulan][ukuran] = nilai
    counts: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for bulan, nama, nilai in _rows(
        con,
        """select u.bulan, u.nama, u.nilai from ukuran as u inner join lari as l
        on u.bulan = l.bulan and u.run_id = l.run_id order by all""",
    ):
        counts[bulan][nama] = nilai
    events: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for bulan, entity, jenis, n in _rows(
        con, "select bulan, entity, jenis, count(*) from peristiwa group by all order by all"
    ):
        events[bulan][entity, jenis] = n
    published = dict(revisions)
    return tuple(
        Past(bulan, published.get(bulan), rules[bulan], figures[bulan], counts[bulan], Events(events[bulan]))
        for (bulan,) in _rows(con, "select bulan from lari order by bulan")
    )


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return con.execute(sql).fetchall()
