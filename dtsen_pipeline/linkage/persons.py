"""Scored pairs to persons.

What belongs here: which pairs join, which two nodes may never be one person, and writing ``linkage.orang``. The graph work is
in ``clustering``.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import best_first, components
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, THRESHOLD

_STRONG = f"select * from linkage.pasangan where match_weight >= {THRESHOLD}"
_IN_FAMILY = f"select * from linkage.pasangan_dalam_keluarga where match_weight >= {FAMILY_THRESHOLD}"

# Two nodes of one component that cannot be one person. One roster of one source lists each member once, so two rows of it are
# two people, unless it is a member entered twice: the NIK and the first word, or the birth date and all but two letters, are the
# same. Exact birth dates three years apart on another day exclude each other where the name differs, unless the NIK is the
# same. A sex alone is too often miscoded to exclude.
_APART = """
    with anggota as (
        select distinct k.komponen, s.node_id, string_split(r.family_uid, '#')[1] as roster
        from komponen as k
        inner join linkage.simpul_rekaman as s on k.node_id = s.node_id
        inner join linkage.rekaman as r on s.record_uid = r.record_uid
    ),
    serumah as (
        select distinct l.node_id as l, r.node_id as r
        from anggota as l
        inner join anggota as r on l.komponen = r.komponen and l.roster = r.roster and l.node_id < r.node_id
    ),
    sekomponen as (
        select l.node_id as l, r.node_id as r
        from komponen as l
        inner join komponen as r on l.komponen = r.komponen and l.node_id < r.node_id
    )
    select p.l, p.r
    from serumah as p
    inner join linkage.simpul as a on p.l = a.unique_id
    inner join linkage.simpul as b on p.r = b.unique_id
    where not coalesce(a.nik = b.nik and jaro_winkler_similarity(a.nama_depan, b.nama_depan) >= 0.85, false)
        and not coalesce(a.tgl_lahir = b.tgl_lahir and damerau_levenshtein(a.nama_rapat, b.nama_rapat) <= 2, false)
    union
    select p.l, p.r
    from sekomponen as p
    inner join linkage.simpul as a on p.l = a.unique_id
    inner join linkage.simpul as b on p.r = b.unique_id
    where a.nik is distinct from b.nik
        and a.presisi = 'hari' and b.presisi = 'hari' and abs(a.tahun - b.tahun) > 2
        and not (a.bulan = b.bulan and a.hari = b.hari)
        and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) < 0.92
    order by 1, 2
"""


def first_pass(con: duckdb.DuckDBPyConnection) -> None:
    """Persons by the pairs of ``linkage.pasangan`` alone: writes ``linkage.orang_awal`` as ``cluster`` writes ``linkage.orang``."""
    _cluster(con, _STRONG, "orang_awal")


def cluster(con: duckdb.DuckDBPyConnection) -> None:
    """Join the nodes of ``linkage.pasangan``, and of ``linkage.pasangan_dalam_keluarga`` inside matched families, into persons.

    Writes ``linkage.orang`` (record_uid, node_id, orang: the smallest node of the person) and ``linkage.tolakan`` (node_l,
    node_r, match_weight: merges refused because they contradict a stronger one).
    """
    refused = _cluster(con, f"{_STRONG} union {_IN_FAMILY}", "orang")
    con.register("tolakan", refused)
    con.execute("create or replace table linkage.tolakan as from tolakan")
    con.unregister("tolakan")


def _cluster(con: duckdb.DuckDBPyConnection, pairs: str, table: str) -> pa.Table:
    size = con.execute("select coalesce(max(unique_id), 0) + 1 from linkage.simpul").fetchone()
    assert size is not None
    edges = con.execute(
        f"select node_l, node_r, max(match_weight) as match_weight from ({pairs}) group by node_l, node_r order by 1, 2"
    ).fetchnumpy()
    left, right = (np.asarray(edges[name], dtype=np.int64) for name in ("node_l", "node_r"))
    weight = np.asarray(edges["match_weight"], dtype=np.float64)

    label = components(size[0], left, right)
    counted = np.bincount(label, minlength=size[0])
    nodes = np.flatnonzero(counted[label] > 1)
    con.register("komponen", pa.table({"node_id": nodes, "komponen": label[nodes]}))
    apart = con.execute(_APART).fetchnumpy()
    con.unregister("komponen")

    found = best_first(
        size[0], left, right, weight, np.asarray(apart["l"], dtype=np.int64), np.asarray(apart["r"], dtype=np.int64)
    )
    con.register("label", pa.table({"node_id": np.arange(size[0]), "orang": found.label}))
    con.execute(
        f"""
        create or replace table linkage.{table} as
        select s.record_uid, s.node_id, l.orang
        from linkage.simpul_rekaman as s
        inner join label as l on s.node_id = l.node_id
        """
    )
    con.unregister("label")
    refused = found.refused
    return pa.table({"node_l": left[refused], "node_r": right[refused], "match_weight": weight[refused]})
