"""How good the linkage is where it is known who is who.

What belongs here: comparing persons, families and candidate pairs with a file of the truth. A simulated month has one beside its
landing zone; a real month may have one from a field check, in the same layout.

Every measure is a function of sums over records, so that it can be taken over all of them, over a group (province, sex, ...) and
without one bucket in turn. A record stands in one found cluster (size f), one true cluster (size t), and shares n records, itself
included, with both. Pairwise precision is then the sum of n-1 over the sum of f-1: each pair counts once from either end. B-cubed
(Bagga and Baldwin, LREC workshop 1998) averages n/f and n/t over records, so that a large cluster weighs by its records and not by
its pairs, and a record alone counts too.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import components
from dtsen_pipeline.linkage.measures.intervals import ALL, BUCKETS, Floats, Measure, interval, measure_shares, share
from dtsen_pipeline.sql.queries import make_table, query

BASIS = "kebenaran / truth"
# A group with fewer true pairs than this says nothing about its linkage.
ENOUGH_PAIRS = 100
# Records whose true persons blocking is measured on: shares to a few hundredths of a percent.
SAMPLED_RECORDS = 200_000

# The sums over records that the queries give, after kelompok and ember.
_COLUMNS = (
    "sama",
    "ditemukan",
    "benar",
    "b3_presisi",
    "b3_recall",
    "rekaman",
    "tepat",
    "utuh_benar",
    "utuh_ditemukan",
)
_SAME, _FOUND, _TRUE, _B3_PRECISION, _B3_RECALL, _RECORDS, _EXACT, _TRUE_CLUSTERS, _FOUND_CLUSTERS = range(
    len(_COLUMNS)
)


def _harmonic_mean(precision: Floats, recall: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * precision * recall / (precision + recall))


# Measures of clusters, from sums of shape (..., 9) to shape (...).
_STATISTICS = {
    "presisi": lambda s: share(s[..., [_SAME, _FOUND]]),
    "recall": lambda s: share(s[..., [_SAME, _TRUE]]),
    "f1": lambda s: share(np.stack([2 * s[..., _SAME], s[..., _FOUND] + s[..., _TRUE]], axis=-1)),
    "presisi_b3": lambda s: share(s[..., [_B3_PRECISION, _RECORDS]]),
    "recall_b3": lambda s: share(s[..., [_B3_RECALL, _RECORDS]]),
    "f1_b3": lambda s: _harmonic_mean(share(s[..., [_B3_PRECISION, _RECORDS]]), share(s[..., [_B3_RECALL, _RECORDS]])),
    # Of the true clusters, those that were found whole with nothing else in them; of the found clusters, those that are a true one.
    "utuh": lambda s: share(s[..., [_EXACT, _TRUE_CLUSTERS]]),
    "tepat": lambda s: share(s[..., [_EXACT, _FOUND_CLUSTERS]]),
}
# The measures of groups: enough to see who is hurt; the others would be four hundred rows more.
_BY_GROUP = ("presisi", "recall", "f1")


def measure_against_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> list[Measure]:
    """Measure persons (also by group), families and blocking against the Parquet file ``truth``.

    Its columns: source, record_id, person_true, family_true.
    """
    con.register("kebenaran", con.read_parquet(str(truth)))
    make_table(con, "banding", "measures/banding")
    con.unregister("kebenaran")
    _make_cells(con, "orang")
    measured = _measure_clusters(con, "measures/jumlah_grup", "orang") + _measure_blocking(con)
    _make_cells(con, "keluarga")
    measured += _measure_clusters(con, "measures/jumlah_sel", "keluarga")
    con.execute("drop table banding; drop table sel")
    return measured


def _make_cells(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Make temp table ``sel``: one row a found and a true cluster that share records, with n, f, t and the bucket of its component.

    ``kind`` is 'orang' or 'keluarga'. Found and true clusters that share records, directly or through others, are one component: a
    wrong merge or split touches no other. A bucket holds components whole. It is that of the component's least found cluster, so
    that it does not depend on the order of rows.
    """
    make_table(con, "sel", "measures/sel", jenis=kind, ember=BUCKETS)
    # Where found and true are the same there is nothing to connect.
    cells = con.execute("select ditemukan, benar from sel where n < f or n < t").fetchnumpy()
    names, found = np.unique(cells["ditemukan"], return_inverse=True)
    true = np.unique(cells["benar"], return_inverse=True)[1]
    label = components(len(names) + int(true.max(initial=-1)) + 1, found, len(names) + true)
    arrow = pa.table({"ditemukan": names, "ember": names[label[: len(names)]] % BUCKETS})
    con.register("bersambung", arrow)
    con.execute("update sel set ember = b.ember from bersambung as b where sel.ditemukan = b.ditemukan")
    con.unregister("bersambung")


def _measure_clusters(con: duckdb.DuckDBPyConnection, name: str, kind: str) -> list[Measure]:
    """Measure the found clusters of ``kind`` by the query ``name`` with rows (kelompok, ember, sums), all first, then by group."""
    sums: dict[str, Floats] = {}
    for group, bucket, *values in con.execute(query(name)).fetchall():
        sums.setdefault(group, np.zeros((BUCKETS, len(_COLUMNS))))[bucket] = values
    measured = []
    for group in sorted(sums, key=lambda name: (name != ALL, name)):
        buckets = sums[group]
        # Each pair counts from both ends.
        if group != ALL and buckets[:, _TRUE].sum() < 2 * ENOUGH_PAIRS:
            continue
        for measure, statistic in _STATISTICS.items():
            if group != ALL and measure not in _BY_GROUP:
                continue
            bounds = interval(buckets, statistic, count=float(buckets[:, _RECORDS].sum()))
            if bounds:
                measured.append(Measure(f"{measure}_{kind}", group, *bounds, BASIS))
    return measured


def _measure_blocking(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Measure the recall of blocking by itself: what lies beyond it no weight can join, only a chain over a third record.

    A true pair of records can be found where both are one node, or their nodes share a key of a block that makes pairs, or are a
    pair of the second pass. ``recall_blok_tanpa_batas`` is what it would be if large blocks made pairs too. Of each rule: the share
    of the pairs of different nodes that it finds, and the share that no other rule does. On a sample of the true persons, by hash.
    """
    make_table(con, "pasangan_benar", "measures/pasangan_benar", ember=BUCKETS, besar=SAMPLED_RECORDS)
    make_table(con, "kunci_contoh", "measures/kunci_contoh")
    make_table(con, "sekunci", "measures/sekunci")
    make_table(con, "terblok", "measures/terblok")
    measured = measure_shares(con, "measures/recall_blok", BASIS) + measure_shares(con, "measures/recall_aturan", BASIS)
    con.execute("drop table pasangan_benar; drop table kunci_contoh; drop table sekunci; drop table terblok")
    return measured
