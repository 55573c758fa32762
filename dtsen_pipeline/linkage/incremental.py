"""What the last released month's linkage still says about this one, so that only what is new or changed is paired and scored.

What belongs here: telling unchanged nodes from others, and taking over the weights of their pairs. A weight depends on nothing
but the two nodes and the model (``training``), so a pair of unchanged nodes need not be scored again; whether two nodes are
paired depends on the sizes of their blocks too, which is why blocks that grew past the cap or fell below it are looked at anew.
The result is that of a full run. Splink's ``predict_between`` and ``predict_within`` would leave those blocks out.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.storage.warehouse import attach_month, is_damage

_TABLES = (
    "linkage.simpul_tetap (node_id bigint)",
    "linkage.blok_lalu (aturan tinyint, kunci ubigint)",
    "linkage.pasangan_lalu (node_l bigint, node_r bigint, match_weight double)",
    "linkage.sisa_lalu (node_l bigint, node_r bigint, match_weight double)",
)

_SAME_MODEL = """
    select
        (select count(*) from (select isi, versi from linkage.model intersect select isi, versi from lalu.linkage.model)) = 1
        and not exists (from linkage.frekuensi except from lalu.linkage.frekuensi)
        and not exists (from lalu.linkage.frekuensi except from linkage.frekuensi)
"""

_PAIRED = """
    select least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r, p.match_weight
    from ({pairs}) as p
    inner join padanan as l on p.node_l = l.node_lalu
    inner join padanan as r on p.node_r = r.node_lalu
"""


def recall(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> bool:
    """Write ``linkage.simpul_tetap``, ``blok_lalu``, ``pasangan_lalu`` and ``sisa_lalu`` from the warehouse file ``earlier``.

    They are empty, and everything is scored, where there is no such file, another process holds it, it was not finished, it
    is damaged, it cannot be decrypted, or it was scored with another model. Returns whether anything was taken over.
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
        same = con.execute(_SAME_MODEL).fetchone()
        if same is None or not same[0]:
            return False
        con.execute(
            """
            create or replace temp table padanan as
            select a.unique_id as node_id, b.unique_id as node_lalu
            from linkage.simpul as a
            inner join lalu.linkage.simpul as b on a.wakil = b.wakil and a.sidik = b.sidik
            """
        )
        con.execute("insert into linkage.pasangan_lalu " + _PAIRED.format(pairs="from lalu.linkage.pasangan"))
        # Pairs of the second pass whose weight was too low to be kept are known as well.
        second = """
            select s.join_key_l as node_l, s.join_key_r as node_r, p.match_weight
            from lalu.linkage.pasangan_sisa as s
            left join lalu.linkage.pasangan_dalam_keluarga as p on s.join_key_l = p.node_l and s.join_key_r = p.node_r
        """
        con.execute("insert into linkage.sisa_lalu " + _PAIRED.format(pairs=second))
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
