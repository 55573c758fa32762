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

# What a reviewer said outranks every weight.
DECIDED = 1000.0
_MUST = f"""
    select distinct l.node_id as node_l, r.node_id as node_r, {DECIDED} as match_weight
    from linkage.keputusan as k
    inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
    where k.putusan = 'sama' and l.node_id <> r.node_id
"""

# Two nodes of one component that cannot be one person, and why: a reviewer said so, or the data do. One roster of one source lists
# each member once, so two rows of it are two people, unless it is a member entered twice: the NIK and the first word, or the birth
# date and all but two letters, are the same. Exact birth dates three years apart on another day exclude each other where the name
# differs, unless the NIK is the same. A sex alone is too often miscoded to exclude.
_APART = """
    with anggota as (
        select distinct k.komponen, s.node_id, s.roster
        from komponen as k
        inner join linkage.simpul_rekaman as s on k.node_id = s.node_id
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
    select l.node_id as l, r.node_id as r, 'keputusan' as alasan
    from linkage.keputusan as k
    inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
    where k.putusan = 'beda'
    union all
    select p.l, p.r, 'roster'
    from serumah as p
    inner join linkage.simpul as a on p.l = a.unique_id
    inner join linkage.simpul as b on p.r = b.unique_id
    where not coalesce(a.nik = b.nik and jaro_winkler_similarity(a.nama_depan, b.nama_depan) >= 0.85, false)
        and not coalesce(a.tgl_lahir = b.tgl_lahir and damerau_levenshtein(a.nama_rapat, b.nama_rapat) <= 2, false)
    union all
    select p.l, p.r, 'tanggal_lahir'
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

    ``linkage.keputusan`` outranks both. Writes ``linkage.orang`` (record_uid, rumah, node_id, orang: the smallest node of the
    person) and ``linkage.tolakan`` (node_l, node_r, match_weight, alasan: merges refused because they contradict a stronger one, a
    roster, a birth date or a reviewer).
    """
    refused = _cluster(con, f"{_STRONG} union all {_IN_FAMILY}", "orang")
    con.register("tolakan", refused)
    con.execute("create or replace table linkage.tolakan as from tolakan order by node_l, node_r")
    con.unregister("tolakan")


def _cluster(con: duckdb.DuckDBPyConnection, pairs: str, table: str) -> pa.Table:
    size = con.execute("select coalesce(max(unique_id), 0) + 1 from linkage.simpul").fetchone()
    assert size is not None
    edges = con.execute(
        f"""select node_l, node_r, max(match_weight) as match_weight from ({pairs} union all {_MUST})
        group by node_l, node_r order by 1, 2"""
    ).fetchnumpy()
    left, right = (np.asarray(edges[name], dtype=np.int64) for name in ("node_l", "node_r"))
    weight = np.asarray(edges["match_weight"], dtype=np.float64)

    label = components(size[0], left, right)
    counted = np.bincount(label, minlength=size[0])
    nodes = np.flatnonzero(counted[label] > 1)
    con.register("komponen", pa.table({"node_id": nodes, "komponen": label[nodes]}))
    apart = con.execute(_APART).to_arrow_table()
    con.unregister("komponen")
    decided = weight >= DECIDED
    if decided.any():
        # Nodes that a reviewer joined stay joined, whatever the data say of them.
        together = components(size[0], left[decided], right[decided])
        one, other = apart["l"].to_numpy(), apart["r"].to_numpy()
        said = np.asarray(apart["alasan"].to_pylist(), dtype=object) == "keputusan"
        apart = apart.filter(pa.array(said | (together[one] != together[other])))

    found = best_first(size[0], left, right, weight, apart["l"].to_numpy(), apart["r"].to_numpy())
    con.register("label", pa.table({"node_id": np.arange(size[0]), "orang": found.label}))
    con.execute(
        f"""
        create or replace table linkage.{table} as
        select s.record_uid, s.rumah, s.node_id, l.orang
        from linkage.simpul_rekaman as s
        inner join label as l on s.node_id = l.node_id
        """
    )
    con.register(
        "ditolak",
        pa.table(
            {"node_l": left[found.refused], "node_r": right[found.refused], "match_weight": weight[found.refused]}
        ),
    )
    con.register("terpisah", apart)
    reasons = con.execute(
        """
        with sebab as (
            select least(l.orang, r.orang) as satu, greatest(l.orang, r.orang) as dua, min(t.alasan) as alasan
            from terpisah as t
            inner join label as l on t.l = l.node_id
            inner join label as r on t.r = r.node_id
            group by 1, 2
        )
        select d.node_l, d.node_r, d.match_weight, s.alasan
        from ditolak as d
        inner join label as l on d.node_l = l.node_id
        inner join label as r on d.node_r = r.node_id
        inner join sebab as s on s.satu = least(l.orang, r.orang) and s.dua = greatest(l.orang, r.orang)
        """
    ).to_arrow_table()
    for view in ("label", "ditolak", "terpisah"):
        con.unregister(view)
    return reasons
