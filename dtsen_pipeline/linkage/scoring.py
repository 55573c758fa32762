"""Candidate pairs of nodes and their match weights.

What belongs here: handing the blocked pairs of ``dbt_like_sql/models/linkage`` to Splink and keeping what it says.
"""

from __future__ import annotations

import json
import math
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from dtsen_pipeline.linkage import model


def linker(con: duckdb.DuckDBPyConnection, nodes: str, pairs: str, **settings: Any) -> Linker:
    """Splink over the nodes of table ``nodes`` (columns of ``linkage.simpul``), to score the pairs of table ``pairs``
    (join_key_l, join_key_r, match_key) with the model of ``linkage.model`` and ``linkage.frekuensi``.

    ``settings`` are Splink settings to override.
    """
    row = con.execute("select isi from linkage.model").fetchone()
    assert row is not None
    api = DuckDBAPI(connection=con)
    splink = Linker(
        # Splink copies the nodes of either side whole; what is not compared need not come along.
        api.register(con.sql(f"select * exclude (wakil, sidik) from {nodes}")),
        json.loads(row[0]) | {"unique_id_column_name": "unique_id"} | settings,
        log_level="ERROR",
        validate_settings=False,
    )
    for column in model.frequency_floors():
        # The nodes bring their frequencies along; without a lookup Splink would count them anew.
        unused = con.sql(f"select nilai as {column}, tf as tf_{column} from linkage.frekuensi where kolom = '{column}'")
        splink.table_management.register_term_frequency_lookup(api.register(unused), column)
    splink.table_management.register_blocked_pairs_for_predict(api.register(con.table(pairs)))
    return splink


def score(
    con: duckdb.DuckDBPyConnection, pairs: str, into: str, keep_above: float, nodes: str = "linkage.simpul"
) -> None:
    """Score the node pairs of table ``pairs`` (join_key_l, join_key_r, match_key) into table ``into``.

    Columns of the result: node_l, node_r, match_weight. Pairs below ``keep_above`` are left out.
    """
    splink = linker(con, nodes, pairs)
    least = None if keep_above == -math.inf else keep_above
    scored = splink.inference.predict(threshold_match_weight=least, warning_mode="never")
    con.execute(
        f"""
        create or replace table {into} as
        select unique_id_l as node_l, unique_id_r as node_r, match_weight
        from {scored.physical_name}
        """
    )
    splink.table_management.delete_tables_created_by_splink_from_db()


def first(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan``: the candidates of ``linkage.pasangan_calon`` scored, and the unchanged pairs as they were."""
    score(con, "linkage.pasangan_calon", "linkage.pasangan", model.KEEP_ABOVE)
    # Unchanged pairs whose every common block has grown past the cap are no candidates any more.
    con.execute(
        """
        insert into linkage.pasangan
        with penuh as (
            select k.aturan, k.kunci, k.node_id
            from linkage.blok_lalu as l
            inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
            inner join linkage.kunci_blok as k on l.aturan = k.aturan and l.kunci = k.kunci
            where not b.dipakai
        ),
        ragu as (
            select distinct p.node_l, p.node_r
            from penuh as l
            inner join penuh as r on l.aturan = r.aturan and l.kunci = r.kunci
            inner join linkage.pasangan_lalu as p on l.node_id = p.node_l and r.node_id = p.node_r
        ),
        tetap_calon as (
            select distinct q.node_l, q.node_r
            from ragu as q
            inner join linkage.kunci_blok as l on q.node_l = l.node_id
            inner join linkage.kunci_blok as r on q.node_r = r.node_id and l.aturan = r.aturan and l.kunci = r.kunci
            inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
            where b.dipakai
        )
        select p.node_l, p.node_r, p.match_weight
        from linkage.pasangan_lalu as p
        anti join (from ragu except from tetap_calon) as g on p.node_l = g.node_l and p.node_r = g.node_r
        anti join linkage.pasangan as s on p.node_l = s.node_l and p.node_r = s.node_r
        """
    )


def second(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan_dalam_keluarga``: the candidates of ``linkage.pasangan_sisa``, scored where not known."""
    con.execute(
        """
        create or replace table linkage.sisa_baru as
        select s.join_key_l, s.join_key_r, s.match_key
        from linkage.pasangan_sisa as s
        anti join linkage.sisa_lalu as l on s.join_key_l = l.node_l and s.join_key_r = l.node_r
        """
    )
    score(con, "linkage.sisa_baru", "linkage.pasangan_dalam_keluarga", model.FAMILY_DEEPEST)
    con.execute(
        """
        drop table linkage.sisa_baru;
        insert into linkage.pasangan_dalam_keluarga
        select l.node_l, l.node_r, l.match_weight
        from linkage.sisa_lalu as l
        inner join linkage.pasangan_sisa as s on s.join_key_l = l.node_l and s.join_key_r = l.node_r
        where l.match_weight is not null
        """
    )
