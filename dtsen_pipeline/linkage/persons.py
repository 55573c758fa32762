"""Make persons of scored pairs.

What belongs here: which pairs join, which two nodes may never be one person, and writing ``linkage.orang``. The graph work is
in ``clustering``.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.linkage import scoring
from dtsen_pipeline.linkage.clustering import Floats, Ints, best_first, components
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, LEAST_MEAN, THRESHOLD, UNDOUBTED
from dtsen_pipeline.sql.queries import make_table, query

# Weights of what a reviewer decided, which outranks all else, and of what the first clustering joined, which outranks the second.
DECIDED, JOINED = 1000.0, 500.0


class _Pairs(NamedTuple):
    """Pairs of nodes and their weights, one pair an index."""

    left: Ints
    right: Ints
    weight: Floats


def weigh_doubtful(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan_ragu``: the weights of all pairs in a component that hangs on an edge below ``UNDOUBTED``.

    Blocking leaves out most pairs of different people. Where a component may be two people, what was left out is the evidence.
    """
    size, pairs = _node_count(con), _read_pairs(con, "linkage/pasangan_kuat", ambang=THRESHOLD)
    label = components(size, pairs.left, pairs.right)
    doubtful = np.zeros(size, dtype=bool)
    doubtful[label[pairs.left[pairs.weight < UNDOUBTED]]] = True
    _register_components(con, label, doubtful[label])
    make_table(con, "belum_dinilai", "linkage/belum_dinilai")
    con.unregister("komponen")
    scoring.score(con, "belum_dinilai", "linkage.pasangan_ragu", -np.inf)
    con.execute("drop table belum_dinilai")


def cluster_first(con: duckdb.DuckDBPyConnection) -> None:
    """Make persons by the pairs of ``linkage.pasangan`` alone, apart again where ``linkage.pasangan_ragu`` speaks against it.

    Writes ``linkage.orang_awal`` (rumah, node_id, orang) and ``linkage.tolakan_awal``, which is as ``linkage.tolakan``.
    """
    make_table(con, "keputusan_sama", "linkage/keputusan_sama")
    pairs = _read_pairs(con, "linkage/pasangan_awal", diputuskan=DECIDED)
    con.execute("drop table keputusan_sama")
    refused = _cluster(con, pairs, THRESHOLD, LEAST_MEAN)
    make_table(con, "linkage.orang_awal", "linkage/orang_awal")
    con.unregister("label")
    con.register("tolakan", refused)
    con.execute("create or replace table linkage.tolakan_awal as from tolakan order by node_l, node_r")
    con.unregister("tolakan")


def cluster_second(con: duckdb.DuckDBPyConnection) -> None:
    """Join the persons of ``linkage.orang_awal`` by the pairs of ``linkage.pasangan_dalam_keluarga`` inside matched families.

    ``linkage.keputusan`` outranks both. Writes ``linkage.orang`` (record_uid, rumah, node_id, orang: the smallest node of the
    person) and ``linkage.tolakan`` (node_l, node_r, match_weight, alasan: merges refused because of a roster, a birth date, a
    reviewer, or all else that is known of the two).
    """
    make_table(con, "keputusan_sama", "linkage/keputusan_sama")
    pairs = _read_pairs(con, "linkage/pasangan_akhir", ambang=FAMILY_THRESHOLD, tergabung=JOINED, diputuskan=DECIDED)
    con.execute("drop table keputusan_sama")
    refused = _cluster(con, pairs, -np.inf, -np.inf)
    make_table(con, "linkage.orang", "linkage/orang")
    con.unregister("label")
    con.register("tolakan_akhir", refused)
    make_table(con, "linkage.tolakan", "linkage/tolakan")
    con.unregister("tolakan_akhir")


def _read_pairs(con: duckdb.DuckDBPyConnection, name: str, **parameters: float) -> _Pairs:
    """The pairs that query ``name`` answers: node_l, node_r, bobot, one row a pair, sorted."""
    columns = con.execute(query(name), parameters).fetchnumpy()
    left, right = (np.asarray(columns[side], dtype=np.int64) for side in ("node_l", "node_r"))
    return _Pairs(left, right, np.asarray(columns["bobot"], dtype=np.float64))


def _node_count(con: duckdb.DuckDBPyConnection) -> int:
    """Number of nodes, which are numbered from 0 with gaps: the largest number and one."""
    row = con.execute("select coalesce(max(unique_id), 0) + 1 from linkage.simpul").fetchone()
    assert row is not None
    return int(row[0])


def _register_components(con: duckdb.DuckDBPyConnection, label: Ints, chosen: NDArray[np.bool_]) -> None:
    """Make the view ``komponen`` (node_id, komponen) of the ``chosen`` nodes; shapes of both arrays (nodes,)."""
    nodes = np.flatnonzero(chosen)
    con.register("komponen", pa.table({"node_id": nodes, "komponen": label[nodes]}))


def _cluster(con: duckdb.DuckDBPyConnection, pairs: _Pairs, joins: float, least_mean: float) -> pa.Table:
    """Cluster ``pairs``; returns the refused ones with the reason, and leaves the view ``label`` (node_id, orang)."""
    size = _node_count(con)
    edge = pairs.weight >= joins
    label = components(size, pairs.left[edge], pairs.right[edge])
    _register_components(con, label, np.bincount(label, minlength=size)[label] > 1)
    apart = con.execute(query("linkage/orang_terpisah")).to_arrow_table()
    con.unregister("komponen")
    decided = pairs.weight >= DECIDED
    if decided.any():
        # Nodes that a reviewer joined stay joined, whatever the data say of them.
        together = components(size, pairs.left[decided], pairs.right[decided])
        by_reviewer = np.asarray(apart["alasan"].to_pylist(), dtype=object) == "keputusan"
        differ = together[apart["l"].to_numpy()] != together[apart["r"].to_numpy()]
        apart = apart.filter(pa.array(by_reviewer | differ))

    clusters = best_first(
        size, *pairs, apart["l"].to_numpy(), apart["r"].to_numpy(), joins=joins, least_mean=least_mean
    )
    con.register("label", pa.table({"node_id": np.arange(size), "orang": clusters.label}))
    refused = {
        name: column[clusters.refused] for name, column in zip(("node_l", "node_r", "match_weight"), pairs, strict=True)
    }
    con.register("ditolak", pa.table(refused))
    con.register("terpisah", apart)
    with_reasons = con.execute(query("linkage/alasan_penolakan")).to_arrow_table()
    for view in ("ditolak", "terpisah"):
        con.unregister(view)
    return with_reasons
