"""Candidate pairs of nodes and their match weights.

What belongs here: handing the blocked pairs of ``dbt_like_sql/models/linkage`` to Splink and keeping what it says.
"""

from __future__ import annotations

from typing import Any

import duckdb
from splink import DuckDBAPI, Linker


def score(con: duckdb.DuckDBPyConnection, trained: dict[str, Any], pairs: str, into: str, keep_above: float) -> None:
    """Score the node pairs of table ``pairs`` (join_key_l, join_key_r, match_key) into table ``into``.

    Columns of the result: node_l, node_r, match_weight. Pairs below ``keep_above`` are left out.
    """
    api = DuckDBAPI(connection=con)
    settings = trained | {"unique_id_column_name": "unique_id"}
    linker = Linker(api.register(con.table("linkage.simpul")), settings, log_level="ERROR", validate_settings=False)
    linker.table_management.register_blocked_pairs_for_predict(api.register(con.table(pairs)))
    scored = linker.inference.predict(threshold_match_weight=keep_above, warning_mode="never")
    con.execute(
        f"""
        create or replace table {into} as
        select unique_id_l as node_l, unique_id_r as node_r, match_weight
        from {scored.physical_name}
        order by node_l, node_r
        """
    )
    linker.table_management.delete_tables_created_by_splink_from_db()
