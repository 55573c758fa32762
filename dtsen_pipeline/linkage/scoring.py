"""Score candidate pairs of nodes with Splink.

What belongs here: handing the blocked pairs of ``dbt_like_sql/models/linkage`` to Splink and keeping the match weights.
"""

from __future__ import annotations

import json
import math
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from dtsen_pipeline.linkage import model
from dtsen_pipeline.sql.queries import make_table, query


def linker(con: duckdb.DuckDBPyConnection, nodes: str, pairs: str, **settings: Any) -> Linker:
    """Make a Splink linker that scores the pairs of table ``pairs`` with ``linkage.model`` and ``linkage.frekuensi``.

    ``nodes`` is a table with the columns of ``linkage.simpul``, ``pairs`` one of join_key_l, join_key_r and match_key.
    ``settings`` are Splink settings to override.
    """
    row = con.execute("select isi from linkage.model").fetchone()
    assert row is not None
    api = DuckDBAPI(connection=con)
    splink = Linker(
        # Splink copies the nodes of either side whole: leave out the columns that are not compared.
        api.register(con.sql(f"select * exclude (wakil, sidik) from {nodes}")),
        json.loads(row[0]) | {"unique_id_column_name": "unique_id"} | settings,
        log_level="ERROR",
        validate_settings=False,
    )
    for column in model.frequency_floors():
        # The nodes have their frequencies already, but without a lookup Splink would count them again.
        lookup = con.sql(f"select nilai as {column}, tf as tf_{column} from linkage.frekuensi where kolom = '{column}'")
        splink.table_management.register_term_frequency_lookup(api.register(lookup), column)
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
    # Built here, not a query file: Splink chooses the name of its table.
    con.execute(
        f"""
        create or replace table {into} as
        select unique_id_l as node_l, unique_id_r as node_r, match_weight
        from {scored.physical_name}
        """
    )
    splink.table_management.delete_tables_created_by_splink_from_db()


def score_candidates(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan``: the candidates of ``linkage.pasangan_calon`` scored, and the unchanged pairs as they were."""
    score(con, "linkage.pasangan_calon", "linkage.pasangan", model.KEEP_ABOVE)
    con.execute("insert into linkage.pasangan " + query("linkage/pasangan_tetap"))


def score_within_families(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``linkage.pasangan_dalam_keluarga``: the candidates of ``linkage.pasangan_sisa``, scored where not known."""
    make_table(con, "linkage.sisa_baru", "linkage/sisa_baru")
    score(con, "linkage.sisa_baru", "linkage.pasangan_dalam_keluarga", model.FAMILY_DEEPEST)
    con.execute("drop table linkage.sisa_baru")
    con.execute("insert into linkage.pasangan_dalam_keluarga " + query("linkage/sisa_tetap"))
