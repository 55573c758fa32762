"""Carry scored pairs over from the last released month, so that only what is new or changed is paired and scored.

What belongs here: telling unchanged nodes from others, and taking over the weights of their pairs. A weight depends on nothing
but the two nodes and the model (``training``), so a pair of unchanged nodes need not be scored again; whether two nodes are
paired depends on the sizes of their blocks too, which is why blocks that grew past the cap or fell below it are looked at anew.
The result is that of a full run. Splink's ``predict_between`` and ``predict_within`` would leave those blocks out.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.storage.warehouse import attach_month, is_damage

_TABLES = (
    "linkage.simpul_tetap (node_id bigint)",
    "linkage.blok_lalu (aturan tinyint, kunci ubigint)",
    "linkage.pasangan_lalu (node_l bigint, node_r bigint, match_weight double)",
    "linkage.sisa_lalu (node_l bigint, node_r bigint, match_weight double)",
)


def carry_over(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> bool:
    """Write ``linkage.simpul_tetap``, ``blok_lalu``, ``pasangan_lalu`` and ``sisa_lalu`` from the warehouse file ``earlier``.

    They are left empty, so that everything is scored, where there is no such file, another process holds it, it was not
    finished, it is damaged, it cannot be decrypted, or it was scored with another model. Returns whether anything was taken over.
    """
    for table in _TABLES:
        con.execute(f"create or replace table {table}")
    if earlier is None or not earlier.exists():
        return False
    try:
        attach_month(con, earlier, "lalu", read_only=True)
    except (DtsenError, duckdb.IOException):
        return False
    try:
        same_model = con.execute(query("linkage/model_sama")).fetchone()
        if same_model is None or not same_model[0]:
            return False
        make_table(con, "padanan", "linkage/simpul_padanan")
        con.execute("insert into linkage.pasangan_lalu " + query("linkage/pasangan_lalu"))
        con.execute("insert into linkage.sisa_lalu " + query("linkage/sisa_lalu"))
        con.execute("insert into linkage.blok_lalu select aturan, kunci from lalu.linkage.blok where dipakai")
        # Last, because this alone makes the others count.
        con.execute("insert into linkage.simpul_tetap select node_id from padanan order by node_id")
    except duckdb.Error as error:
        if not (isinstance(error, duckdb.CatalogException) or is_damage(error)):
            raise
        return False
    finally:
        con.execute("detach lalu")
        con.execute("drop table if exists padanan")
    return True
