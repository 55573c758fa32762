"""Carry over what earlier releases were made from: the rule and the page compare this month's deliveries with the last ones.

What belongs here: finding the last deliveries of every source in the manifests of the releases before a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import manifest

DELIVERIES_COMPARED = 3


def carry_over(con: duckdb.DuckDBPyConnection, releases: Sequence[Release], month: str) -> None:
    """Write ``raw.kiriman_lalu``: the last three deliveries of each table before the present one.

    One row a delivery: source, tabel, kiriman (its month), baris, extra_count (columns outside the contract), and extra_places and
    missing_columns as raw.deliveries has them, over all files of the delivery; null where the manifest is of a version that did not
    keep them. Where a manifest holds the labels of extra columns, they are counted and not repeated.

    Only releases before ``month`` that stand count: a delivery that the gate held back, or that was withdrawn, is no measure. A
    source that did not come anew in a month counts once; reference data, which has no month of its own, once a release. Reads
    raw.deliveries. Raises DtsenError where a manifest was changed.
    """
    present = dict(con.execute("select distinct source, bulan_kirim from raw.deliveries").fetchall())
    past: defaultdict[tuple[str, str], dict[str, tuple[int, int | None, str | None, str | None]]] = defaultdict(dict)
    earlier = [release for release in releases if release.stands and release.month < month and release.path.exists()]
    for release in sorted(earlier, key=lambda release: release.month, reverse=True):
        delivered: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for file in manifest.load_manifest(release)["deliveries"]:
            delivered[file["source"], file["tabel"], file["bulan_kirim"] or release.month].append(file)
        for (source, table, delivery), files in delivered.items():
            known = past[source, table]
            if delivery != present.get(source) and len(known) < DELIVERIES_COMPARED:
                rows = sum(file["rows_read"] for file in files)
                places, missing = _joined(files, "extra_places"), _joined(files, "missing_columns")
                labels = _joined(files, "extra_columns") if places is None else places
                count = None if labels is None else len(list(filter(None, labels.split(","))))
                known.setdefault(delivery, (rows, count, places, missing))
    con.execute(
        "create or replace table raw.kiriman_lalu (source varchar, tabel varchar, kiriman varchar, baris bigint, "
        "extra_count bigint, extra_places varchar, missing_columns varchar)"
    )
    past_deliveries = [
        (*table, delivery, *values) for table, known in past.items() for delivery, values in known.items()
    ]
    if past_deliveries:
        con.executemany(
            "insert into raw.kiriman_lalu values (?, ?, ?, ?, ?, ?, ?)",
            sorted(past_deliveries, key=lambda row: row[:3]),
        )


def _joined(files: Sequence[Mapping[str, Any]], key: str) -> str | None:
    """Return the values of the lists ``key`` (comma-separated) of all files, each once; None where a file lacks the list."""
    if any(file.get(key) is None for file in files):
        return None
    return ",".join(sorted({name for file in files for name in file[key].split(",") if name}, key=_sort_key))


def _sort_key(name: str) -> tuple[int, str]:
    return (int(name) if name.isdecimal() else 0, name)
