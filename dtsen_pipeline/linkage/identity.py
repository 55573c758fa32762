"""Give persons and families ids that last.

What belongs here: carrying ids from the last released month by overlap of records, and making new ones. An id is a surrogate: a
hash of the name of the cluster's first record under the home's key, so that the same rows give the same id whatever their order,
and nobody without the key can tell whose id belongs to a record number (which some offices make of a NIK). A person who was
taken out and comes back gets the id back that the records had then.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.storage.keys import Keys, hmac_sql

# Column of the clusters, column of the ids in an assignment, and first letter of an id.
_ENTITIES = (("orang", "person_id", "P"), ("keluarga", "family_id", "K"))


def keep_previous(con: duckdb.DuckDBPyConnection, previous: pa.Table, gone: pa.Table) -> None:
    """Store two assignments (source, record_id, person_id, family_id) in the warehouse.

    ``previous`` is that of the last released month, ``gone`` the last one of the records that were not in it.
    """
    for table, rows in (("penetapan_lalu", previous), ("penetapan_dulu", gone)):
        con.register("lalu", rows)
        con.execute(f"create or replace table linkage.{table} as from lalu order by source, record_id")
        con.unregister("lalu")


def assign(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Give every person and family an id and write ``linkage.crosswalk``.

    Reads ``linkage.orang``, ``linkage.keluarga_orang``, ``linkage.penetapan_lalu`` and ``linkage.penetapan_dulu``. One row a
    record: record_uid, source, record_id, person_id, family_id, sorted by record_uid. Ids that were given stay as they are,
    also those that an earlier version made without a key.
    """
    make_table(con, "rekaman_berkelompok", "linkage/rekaman_berkelompok")
    for entity, id_column, letter in _ENTITIES:
        # Views give the columns of the entity common names: a query has no parameters for columns.
        con.execute(
            f"create or replace temp view anggota_kelompok as select record_uid, {entity} as kelompok from rekaman_berkelompok"
        )
        for view, table in (("id_rilis_lalu", "penetapan_lalu"), ("id_dulu", "penetapan_dulu")):
            con.execute(
                f"create or replace temp view {view} as "
                f"select concat(source, ':', record_id) as record_uid, {id_column} as id from linkage.{table}"
            )
        _carry_over(con)
        make_table(con, "kembali", "linkage/id_kembali")
        make_table(con, "kelompok_pertama", "linkage/kelompok_pertama")
        # The expression of the hash names variables that hold the key, so it cannot stand in a file.
        hashed = hmac_sql(con, f"id_{entity}", keys.subkey(f"id:{entity}"))
        con.execute(
            f"""
            create or replace temp view id_calon as
            select
                kelompok,
                id_lama,
                concat('{letter}', upper(left({hashed.format(text="record_uid")}, 16))) as id_satu,
                concat('{letter}', upper(left({hashed.format(text="concat(record_uid, '|2')")}, 16))) as id_dua
            from kelompok_pertama
            """
        )
        make_table(con, f"id_{entity}", "linkage/id_kelompok")
        for view in ("id_calon", "id_dulu", "id_rilis_lalu", "anggota_kelompok"):
            con.execute(f"drop view {view}")
    make_table(con, "linkage.crosswalk", "linkage/crosswalk")
    for table in ("rekaman_berkelompok", "warisan", "kembali", "kelompok_pertama", "id_orang", "id_keluarga"):
        con.execute(f"drop table {table}")


def _carry_over(con: duckdb.DuckDBPyConnection) -> None:
    """Write temp table ``warisan`` (kelompok, id): each old id goes to at most one cluster and each cluster has at most one.

    Greedy over the order of ``linkage/tumpang_id``, which only matters for the few clusters that contend.
    """
    overlap = con.execute(query("linkage/tumpang_id")).to_arrow_table()
    clusters, ids = overlap["kelompok"].to_numpy(), np.asarray(overlap["id"].to_pylist(), dtype=object)
    ids_of = dict(zip(*np.unique(clusters, return_counts=True), strict=True)) if len(clusters) else {}
    clusters_of = dict(zip(*np.unique(ids.astype(str), return_counts=True), strict=True)) if len(ids) else {}
    taken_clusters: set[int] = set()
    taken_ids: set[str] = set()
    keep = np.zeros(len(clusters), dtype=bool)
    for row, (cluster, old_id) in enumerate(zip(clusters.tolist(), ids.tolist(), strict=True)):
        if ids_of[cluster] == 1 and clusters_of[old_id] == 1:
            keep[row] = True
        elif cluster not in taken_clusters and old_id not in taken_ids:
            keep[row] = True
            taken_clusters.add(cluster)
            taken_ids.add(old_id)
    con.register("terbawa", overlap.filter(pa.array(keep)))
    con.execute("create or replace temp table warisan as select kelompok, id from terbawa")
    con.unregister("terbawa")
