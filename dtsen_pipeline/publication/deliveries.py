"""What earlier releases were made from, for the rule that compares this month's deliveries with the last ones.

What belongs here: finding the last deliveries of every source in the manifests of the releases before a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from dtsen_pipeline.publication import contents
from dtsen_pipeline.publication.registry import Release

COMPARED = 3


def recall(con: duckdb.DuckDBPyConnection, releases: Sequence[Release], month: str) -> None:
    """Write ``raw.kiriman_lalu`` (source, tabel, kiriman, baris): the last three deliveries of each table before the present one.

    Only of releases before ``month`` that stand: a delivery that the gate held back, or that was withdrawn, is no measure. A
    source that did not come anew in a month counts once; reference data, which has no month of its own, once a release. Reads
    raw.deliveries. Raises DtsenError where a manifest was changed.
    """
    present = dict(con.execute("select distinct source, bulan_kirim from raw.deliveries").fetchall())
    past: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    earlier = [one for one in releases if one.stands and one.month < month and one.path.exists()]
    for release in sorted(earlier, key=lambda one: one.month, reverse=True):
        rows: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        for told in contents.load_manifest(release)["deliveries"]:
            rows[told["source"], told["tabel"], told["bulan_kirim"] or release.month] += told["rows_read"]
        for (source, table, delivered), read in rows.items():
            known = past[source, table]
            if delivered != present.get(source) and len(known) < COMPARED:
                known.setdefault(delivered, read)
    con.execute(
        "create or replace table raw.kiriman_lalu (source varchar, tabel varchar, kiriman varchar, baris bigint)"
    )
    listed = [(*key, delivered, read) for key, known in past.items() for delivered, read in known.items()]
    if listed:
        con.executemany("insert into raw.kiriman_lalu values (?, ?, ?, ?)", sorted(listed))
