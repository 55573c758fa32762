"""Scored pairs to persons.

What belongs here: which pairs join, which two nodes may never be one person, and writing ``linkage.orang``. The graph work is
in ``clustering``.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage import scoring
from dtsen_pipeline.linkage.clustering import Floats, Ints, best_first, components
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, LEAST_MEAN, SURE, THRESHOLD

# What a reviewer said outranks every weight, and what the first pass joined every weight of the second.
DECIDED, JOINED = 1000.0, 500.0
_MUST = f"""
    select distinct l.node_id as node_l, r.node_id as node_r, {DECIDED} as match_weight
    from linkage.keputusan as k
    inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
    where k.putusan = 'sama' and l.node_id <> r.node_id
"""

# Two nodes of one component that cannot be one person, and why: a reviewer said so, or the data do. One roster of one source
# lists each member once, so two rows of it are two people, unless something says that a member was entered twice: one birth date
# under one name, or one NIK under a like first word, or under a word in another place. Twins share the date, and a clerk may copy
# the NIK, so nothing may speak against it: two NIKs that each fit their own row, two sexes, a second roster that lists both under
# two names as well. A letter of difference is no slip of the pen by itself: one birth in eighty brings twins, most with names
# that differ in little more, and a member entered twice is rarer, misspelt the second time rarer still. Birth dates that a NIK of
# its own confirms on either side exclude each other where they differ; others only where they are three years apart, on another
# day, and the name differs too. Outside one roster a sex alone is too often miscoded to exclude.
_APART = """
    with anggota as (
        select distinct k.komponen, s.node_id, s.roster
        from komponen as k
        inner join linkage.simpul_rekaman as s on k.node_id = s.node_id
    ),
    serumah as (
        select l.komponen, l.roster, l.node_id as l, r.node_id as r
        from anggota as l
        inner join anggota as r on l.komponen = r.komponen and l.roster = r.roster and l.node_id < r.node_id
    ),
    banding as (
        select
            p.komponen,
            p.roster,
            p.l,
            p.r,
            a.tgl_lahir,
            a.nama_rapat = b.nama_rapat or a.nama_urut = b.nama_urut as nama_sama,
            coalesce(a.jk <> b.jk, false) as jk_beda,
            coalesce(a.nik <> b.nik and a.cocok = 1 and b.cocok = 1, false) as nik_beda,
            a.tgl_lahir = b.tgl_lahir as sehari,
            a.nik = b.nik
            and (
                jaro_winkler_similarity(a.nama_depan, b.nama_depan) >= 0.85
                or (
                    a.tgl_lahir = b.tgl_lahir
                    and greatest(
                        coalesce(jaro_winkler_similarity(a.nama_depan, b.nama_akhir), 0.0),
                        coalesce(jaro_winkler_similarity(a.nama_akhir, b.nama_depan), 0.0)
                    ) >= 0.85
                )
            ) as nik_sama
        from serumah as p
        inner join linkage.simpul as a on p.l = a.unique_id
        inner join linkage.simpul as b on p.r = b.unique_id
    ),
    berdua as (
        select komponen, tgl_lahir
        from banding
        where sehari and not nama_sama
        group by komponen, tgl_lahir
        having count(distinct roster) > 1
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
    select distinct p.l, p.r, 'roster'
    from banding as p
    left join berdua as d on p.komponen = d.komponen and p.sehari and p.tgl_lahir = d.tgl_lahir
    where not coalesce(
        not p.nik_beda
        and case
            when p.nama_sama then p.nik_sama or (p.sehari and not p.jk_beda)
            else p.nik_sama and not p.jk_beda and d.komponen is null
        end,
        false
    )
    union all
    select p.l, p.r, 'tanggal_lahir'
    from sekomponen as p
    inner join linkage.simpul as a on p.l = a.unique_id
    inner join linkage.simpul as b on p.r = b.unique_id
    where a.nik is distinct from b.nik
        and a.presisi = 'hari' and b.presisi = 'hari' and a.tgl_lahir <> b.tgl_lahir
        and (
            (a.cocok = 1 and b.cocok = 1)
            or (
                abs(a.tahun - b.tahun) > 2
                and not (a.bulan = b.bulan and a.hari = b.hari)
                and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) < 0.92
            )
        )
    order by 1, 2
"""


def doubts(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan_ragu``: the weights of all pairs in a component that hangs on an edge below ``SURE``.

    Blocking leaves out most pairs of different people. Where a component may be two people, what was left out is the evidence.
    """
    size, pairs = _size(con), _pairs(con, f"from linkage.pasangan where match_weight >= {THRESHOLD}")
    label = components(size, pairs.left, pairs.right)
    weak = np.zeros(size, dtype=bool)
    weak[label[pairs.left[pairs.weight < SURE]]] = True
    nodes = np.flatnonzero(weak[label])
    con.register("komponen", pa.table({"node_id": nodes, "komponen": label[nodes]}))
    con.execute(
        """
        create or replace temp table belum_dinilai as
        select l.node_id as join_key_l, r.node_id as join_key_r, 'ragu' as match_key
        from komponen as l
        inner join komponen as r on l.komponen = r.komponen and l.node_id < r.node_id
        anti join linkage.pasangan as p on l.node_id = p.node_l and r.node_id = p.node_r
        """
    )
    con.unregister("komponen")
    scoring.score(con, "belum_dinilai", "linkage.pasangan_ragu", -np.inf)
    con.execute("drop table belum_dinilai")


def first_pass(con: duckdb.DuckDBPyConnection) -> None:
    """Persons by the pairs of ``linkage.pasangan`` alone, told apart again where ``linkage.pasangan_ragu`` speaks against it.

    Writes ``linkage.orang_awal`` (rumah, node_id, orang) and ``linkage.tolakan_awal``, which is as ``linkage.tolakan``.
    """
    pairs = f"from linkage.pasangan union all from linkage.pasangan_ragu union all {_MUST}"
    refused = _cluster(con, pairs, THRESHOLD, LEAST_MEAN)
    con.execute(
        """
        create or replace table linkage.orang_awal as
        select distinct s.rumah, s.node_id, l.orang
        from linkage.simpul_rekaman as s
        inner join label as l on s.node_id = l.node_id
        """
    )
    con.unregister("label")
    con.register("tolakan", refused)
    con.execute("create or replace table linkage.tolakan_awal as from tolakan order by node_l, node_r")
    con.unregister("tolakan")


def cluster(con: duckdb.DuckDBPyConnection) -> None:
    """Join the persons of ``linkage.orang_awal`` by the pairs of ``linkage.pasangan_dalam_keluarga`` inside matched families.

    ``linkage.keputusan`` outranks both. Writes ``linkage.orang`` (record_uid, rumah, node_id, orang: the smallest node of the
    person) and ``linkage.tolakan`` (node_l, node_r, match_weight, alasan: merges refused because of a roster, a birth date, a
    reviewer, or all else that is known of the two).
    """
    pairs = f"""
        select distinct orang as node_l, node_id as node_r, {JOINED} as match_weight
        from linkage.orang_awal where orang <> node_id
        union all
        select p.node_l, p.node_r, p.match_weight
        from linkage.pasangan_dalam_keluarga as p
        inner join linkage.pasangan_sisa as s on p.node_l = s.join_key_l and p.node_r = s.join_key_r
        where p.match_weight >= {FAMILY_THRESHOLD} or s.sejalan
        union all {_MUST}
    """
    refused = _cluster(con, pairs, -np.inf, -np.inf)
    con.execute(
        """
        create or replace table linkage.orang as
        select s.record_uid, s.rumah, s.node_id, l.orang
        from linkage.simpul_rekaman as s
        inner join label as l on s.node_id = l.node_id
        """
    )
    con.unregister("label")
    con.register("tolakan", refused)
    con.execute(
        """
        create or replace table linkage.tolakan as
        with simpul as (select distinct node_id, orang from linkage.orang)
        select t.node_l, t.node_r, max(t.match_weight) as match_weight, min(t.alasan) as alasan
        from (from linkage.tolakan_awal union all from tolakan) as t
        inner join simpul as l on t.node_l = l.node_id
        inner join simpul as r on t.node_r = r.node_id
        where l.orang <> r.orang
        group by t.node_l, t.node_r
        order by t.node_l, t.node_r
        """
    )
    con.unregister("tolakan")


class _Pairs(NamedTuple):
    left: Ints
    right: Ints
    weight: Floats


def _pairs(con: duckdb.DuckDBPyConnection, sql: str) -> _Pairs:
    found = con.execute(
        f"select node_l, node_r, max(match_weight) as bobot from ({sql}) group by node_l, node_r order by 1, 2"
    ).fetchnumpy()
    left, right = (np.asarray(found[name], dtype=np.int64) for name in ("node_l", "node_r"))
    return _Pairs(left, right, np.asarray(found["bobot"], dtype=np.float64))


def _size(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("select coalesce(max(unique_id), 0) + 1 from linkage.simpul").fetchone()
    assert row is not None
    return int(row[0])


def _cluster(con: duckdb.DuckDBPyConnection, sql: str, joins: float, least_mean: float) -> pa.Table:
    """Cluster the pairs of ``sql``; returns the refused ones, and leaves the view ``label`` (node_id, orang)."""
    size, pairs = _size(con), _pairs(con, sql)
    edge = pairs.weight >= joins
    label = components(size, pairs.left[edge], pairs.right[edge])
    counted = np.bincount(label, minlength=size)
    nodes = np.flatnonzero(counted[label] > 1)
    con.register("komponen", pa.table({"node_id": nodes, "komponen": label[nodes]}))
    apart = con.execute(_APART).to_arrow_table()
    con.unregister("komponen")
    decided = pairs.weight >= DECIDED
    if decided.any():
        # Nodes that a reviewer joined stay joined, whatever the data say of them.
        together = components(size, pairs.left[decided], pairs.right[decided])
        one, other = apart["l"].to_numpy(), apart["r"].to_numpy()
        said = np.asarray(apart["alasan"].to_pylist(), dtype=object) == "keputusan"
        apart = apart.filter(pa.array(said | (together[one] != together[other])))

    apart_left, apart_right = apart["l"].to_numpy(), apart["r"].to_numpy()
    found = best_first(size, *pairs, apart_left, apart_right, joins=joins, least_mean=least_mean)
    con.register("label", pa.table({"node_id": np.arange(size), "orang": found.label}))
    refused = {
        name: column[found.refused] for name, column in zip(("node_l", "node_r", "match_weight"), pairs, strict=True)
    }
    con.register("ditolak", pa.table(refused))
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
        select d.node_l, d.node_r, d.match_weight, coalesce(s.alasan, 'bukti_lain') as alasan
        from ditolak as d
        inner join label as l on d.node_l = l.node_id
        inner join label as r on d.node_r = r.node_id
        left join sebab as s on s.satu = least(l.orang, r.orang) and s.dua = greatest(l.orang, r.orang)
        """
    ).to_arrow_table()
    for view in ("ditolak", "terpisah"):
        con.unregister(view)
    return reasons
