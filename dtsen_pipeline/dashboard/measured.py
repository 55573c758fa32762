"""Reads how good linkage and welfare of a month are, and what they changed, from its warehouse.

What belongs here: the SQL of these two sections. What was measured is said by the tables themselves (``linkage.evaluasi``,
``welfare.laporan``); nothing is estimated here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from dtsen_pipeline.dashboard.data import (
    LARGEST_CLUSTER,
    SMALLEST_SHOWN,
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
    hide_small,
)
from dtsen_pipeline.linkage.model import THRESHOLD
from dtsen_pipeline.registry import ids

NEAR = 8
"""Bits on either side of the threshold within which a pair is doubtful."""

# Groups of welfare.laporan that are no part of the families: calibration, other models, covariates.
_NO_PART = ("persepuluhan", "model", "kolom")


def linkage(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Linkage:
    """The linkage section; ``tables`` are the ``schema.table`` names that exist, ``linkage.crosswalk`` among them."""
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
        threshold=THRESHOLD,
        weights=_weights(con) if "linkage.pasangan" in tables else (),
        evidence=_evidence(con) if "linkage.model" in tables else (),
        queue=_queue(con) if {"linkage.pasangan", "linkage.tolakan", "linkage.keputusan"} <= tables else None,
        events=_events(con) if "linkage.penetapan_lalu" in tables else None,
    )


def _weights(con: duckdb.DuckDBPyConnection) -> tuple[tuple[int, int], ...]:
    # Bands start at the threshold, so that none lies on both sides of it; empty ones in between are there.
    found = dict(
        con.execute(
            f"""select floor((match_weight - {THRESHOLD}) / {WEIGHT_BAND})::integer, count(*)
            from linkage.pasangan group by 1"""
        ).fetchall()
    )
    if not found:
        return ()
    start = round(THRESHOLD)
    return tuple((start + WEIGHT_BAND * band, found.get(band, 0)) for band in range(min(found), max(found) + 1))


def _evidence(con: duckdb.DuckDBPyConnection) -> tuple[Evidence, ...]:
    row = con.execute("select isi from linkage.model").fetchone()
    if row is None:
        return ()
    return tuple(
        Evidence(
            comparison["output_column_name"],
            level["label_for_charts"],
            round(math.log2(level["m_probability"] / level["u_probability"]), 2),
        )
        for comparison in json.loads(row[0])["comparisons"]
        for level in comparison["comparison_levels"]
        if level.get("m_probability") and level.get("u_probability")
    )


def _queue(con: duckdb.DuckDBPyConnection) -> Queue:
    near = con.execute(
        f"""select count(*) filter (where match_weight < {THRESHOLD}), count(*) filter (where match_weight >= {THRESHOLD})
        from linkage.pasangan
        where match_weight >= {THRESHOLD - NEAR} and match_weight < {THRESHOLD + NEAR}"""
    ).fetchone()
    refused = con.execute("select alasan, count(*) from linkage.tolakan group by alasan order by 2 desc, 1").fetchall()
    assert near is not None
    return Queue(near[0], near[1], tuple((str(reason), n) for reason, n in refused), count(con, "linkage.keputusan"))


def _events(con: duckdb.DuckDBPyConnection) -> Events | None:
    """What the registry will enter when this month is published, from the same SQL."""
    if not count(con, "linkage.penetapan_lalu"):
        return None
    found: dict[tuple[str, str], int] = {}
    for entity in ("person", "family"):
        select = ids.events("linkage.penetapan_lalu", "linkage.crosswalk")
        counts = f"select jenis, count(*) from ({select}) group by jenis order by jenis"
        for kind, n in con.execute(counts, {"entity": entity}).fetchall():
            found[entity, kind] = n
    return Events(found)


def welfare(con: duckdb.DuckDBPyConnection, tables: set[str]) -> Welfare:
    """The welfare section; ``tables`` are the ``schema.table`` names that exist, ``welfare.desil`` among them."""
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
    measures = _measures(con, tables, "welfare.laporan")
    parts = [m for m in measures if m.group is not None and m.group.partition("=")[0] not in _NO_PART]
    return Welfare(
        deciles=hide_small(counts),
        total=sum(counts),
        provinces=_province_deciles(con) if "publikasi.terbuka" in tables else None,
        without_score=tuple((str(alasan), n) for alasan, n in without),
        quality=tuple(m for m in measures if m.group is None) or _measures(con, tables, "welfare.kartu"),
        groups=tuple(parts),
        drift=_drift(measures),
        moved=_moved(con) if "welfare.perubahan" in tables else None,
        programmes=_programmes(con) if {"welfare.kelayakan", "welfare.kelayakan_perubahan"} <= tables else (),
    )


def _province_deciles(con: duckdb.DuckDBPyConnection) -> tuple[ProvinceDeciles, ...]:
    rows = con.execute(
        """select kode_provinsi, min(nama_provinsi), list(keluarga order by desil)
        from publikasi.terbuka where tingkat = 1 group by kode_provinsi order by kode_provinsi"""
    ).fetchall()
    return tuple(ProvinceDeciles(kode, nama, families[0], tuple(families[1:])) for kode, nama, families in rows)


def _drift(measures: Iterable[Measure]) -> tuple[Drift, ...]:
    found: dict[str, dict[str, float | None]] = {}
    for measure in measures:
        if measure.group is not None and measure.group.startswith("kolom=") and measure.name.startswith("psi_"):
            found.setdefault(measure.group.removeprefix("kolom="), {})[measure.name] = measure.value
    rows = [Drift(column, psi.get("psi_survei"), psi.get("psi_rilis_lalu")) for column, psi in found.items()]
    return tuple(sorted(rows, key=lambda row: (-max(row.survey or 0, row.release or 0), row.column)))


def _moved(con: duckdb.DuckDBPyConnection) -> tuple[Cause, ...] | None:
    rows = con.execute(
        """
        select sebab,
            count(*) filter (where selisih > 0 or (desil_lalu is null and desil is not null)),
            count(*) filter (where selisih < 0 or (desil_lalu is not null and desil is null))
        from welfare.perubahan
        where sebab <> 'tetap'
        group by sebab
        order by count(*) desc, sebab
        """
    ).fetchall()
    if not count(con, "welfare.perubahan"):
        return None
    up, down = (hide_small([row[i] for row in rows]) for i in (1, 2))
    return tuple(Cause(row[0], u, d) for row, u, d in zip(rows, up, down, strict=True))


def _programmes(con: duckdb.DuckDBPyConnection) -> tuple[Programme, ...]:
    rows = con.execute(
        """
        select coalesce(k.program, p.program), coalesce(k.keluarga, 0), coalesce(p.masuk, 0), coalesce(p.keluar, 0)
        from (select program, count(*) as keluarga from welfare.kelayakan group by program) as k
        full outer join (
            select program, count(*) filter (where arah = 'masuk') as masuk, count(*) filter (where arah = 'keluar') as keluar
            from welfare.kelayakan_perubahan group by program
        ) as p on k.program = p.program
        order by 1
        """
    ).fetchall()
    # The difference of the two is told by the programme's size from month to month, so neither goes alone.
    return tuple(
        Programme(
            name,
            families,
            *((None, None) if 0 < entered < SMALLEST_SHOWN or 0 < left < SMALLEST_SHOWN else (entered, left)),
        )
        for name, families, entered, left in rows
    )


def _measures(con: duckdb.DuckDBPyConnection, tables: set[str], table: str) -> tuple[Measure, ...]:
    """Figures of a (ukuran, nilai) table; optional columns: ``dasar`` (measured on what), ``bawah``, ``atas``, ``kelompok``."""
    if table not in tables:
        return ()
    relation = con.execute(f"select * from {table} order by rowid")
    columns = [column[0] for column in relation.description or ()]
    return tuple(_measure(dict(zip(columns, values, strict=True))) for values in relation.fetchall())


def _measure(row: Mapping[str, Any]) -> Measure:
    group = None if row.get("kelompok") in (None, "semua") else str(row["kelompok"])
    # More digits than a part of all has certainty for would be fractions of its few members.
    digits = 9 if group is None else 2 if group.startswith("provinsi=") else 3
    value, low, high = (
        None if row.get(name) is None else round(float(row[name]), digits) for name in ("nilai", "bawah", "atas")
    )
    return Measure(str(row["ukuran"]), value, row.get("dasar"), low, high, group)


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of ``schema.table``."""
    schema, name = table.split(".", 1)
    row = con.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
    return int(row[0]) if row else 0
