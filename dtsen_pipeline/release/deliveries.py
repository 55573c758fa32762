"""What earlier releases were made from, for the rule and the page that compare this month's deliveries with the last ones.

What belongs here: finding the last deliveries of every source in the manifests of the releases before a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import manifest

COMPARED = 3


def carry_over(con: duckdb.DuckDBPyConnection, releases: Sequence[Release], month: str) -> None:
    """Write ``raw.kiriman_lalu``: the last three deliveries of each table before the present one.

    One row a delivery: source, tabel, kiriman (its month), baris, extra_count (columns outside the contract), and extra_places and
    missing_columns as raw.deliveries has them, of all files together; null where the manifest is of a version that did not keep
    them. Where it holds the labels of extra columns, they are counted and not told again. Only of releases before
    ``month`` that stand: a delivery that the gate held back, or that was withdrawn, is no measure. A source that did not come
    anew in a month counts once; reference data, which has no month of its own, once a release. Reads raw.deliveries. Raises
    DtsenError where a manifest was changed.
    """
    present = dict(con.execute("select distinct source, bulan_kirim from raw.deliveries").fetchall())
    past: defaultdict[tuple[str, str], dict[str, tuple[int, int | None, str | None, str | None]]] = defaultdict(dict)
    earlier = [one for one in releases if one.stands and one.month < month and one.path.exists()]
    for release in sorted(earlier, key=lambda one: one.month, reverse=True):
        files: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for told in manifest.load_manifest(release)["deliveries"]:
            files[told["source"], told["tabel"], told["bulan_kirim"] or release.month].append(told)
        for (source, table, delivered), one in files.items():
            known = past[source, table]
            if delivered != present.get(source) and len(known) < COMPARED:
                rows = sum(file["rows_read"] for file in one)
                places, missing = _together(one, "extra_places"), _together(one, "missing_columns")
                labels = _together(one, "extra_columns") if places is None else places
                count = None if labels is None else len(list(filter(None, labels.split(","))))
                known.setdefault(delivered, (rows, count, places, missing))
    con.execute(
        "create or replace table raw.kiriman_lalu (source varchar, tabel varchar, kiriman varchar, baris bigint, "
        "extra_count bigint, extra_places varchar, missing_columns varchar)"
    )
    listed = [(*key, delivered, *told) for key, known in past.items() for delivered, told in known.items()]
    if listed:
        con.executemany(
            "insert into raw.kiriman_lalu values (?, ?, ?, ?, ?, ?, ?)", sorted(listed, key=lambda row: row[:3])
        )


def _together(files: Sequence[Mapping[str, Any]], key: str) -> str | None:
    if any(file.get(key) is None for file in files):
        return None
    return ",".join(sorted({name for file in files for name in file[key].split(",") if name}, key=_in_order))


def _in_order(name: str) -> tuple[int, str]:
    return (int(name) if name.isdecimal() else 0, name)
