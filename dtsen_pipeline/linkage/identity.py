"""Ids of persons and families that last.

What belongs here: carrying ids from the last released month by overlap of records, and making new ones. An id is a surrogate: a
hash of the name of the cluster's first record under the home's key, so that the same rows give the same id whatever their order,
and nobody without the key can tell whose id belongs to a record number (which some offices make of a NIK). A person who was
taken out and comes back gets the id back that the records had then.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.storage.keys import Keys, hmac_sql

_ENTITIES = (("orang", "person_id", "P"), ("keluarga", "family_id", "K"))


def keep_previous(con: duckdb.DuckDBPyConnection, previous: pa.Table, gone: pa.Table) -> None:
    """Store two assignments (source, record_id, person_id, family_id) in the warehouse: that of the last released month, and the
    last one of the records that were not in it."""
    for table, rows in (("penetapan_lalu", previous), ("penetapan_dulu", gone)):
        con.register("lalu", rows)
        con.execute(f"create or replace table linkage.{table} as from lalu order by source, record_id")
        con.unregister("lalu")


def _carry(con: duckdb.DuckDBPyConnection, entity: str, column: str) -> None:
    """Temp table ``warisan`` (entity, id): each old id goes to at most one cluster and each cluster has at most one.

    The largest overlap in records goes first; ties by the older id, then by the cluster's first record. Greedy over that
    order, which only matters for the few clusters that contend.
    """
    overlap = con.execute(
        f"""
        select b.{entity} as kelompok, l.{column} as id, count(*) as jumlah
        from linkage.penetapan_lalu as l
        inner join berlabel as b on b.record_uid = concat(l.source, ':', l.record_id)
        group by b.{entity}, l.{column}
        order by jumlah desc, id, kelompok
        """
    ).to_arrow_table()
    groups, ids = overlap["kelompok"].to_numpy(), np.asarray(overlap["id"].to_pylist(), dtype=object)
    group_count = dict(zip(*np.unique(groups, return_counts=True), strict=True)) if len(groups) else {}
    id_count = dict(zip(*np.unique(ids.astype(str), return_counts=True), strict=True)) if len(ids) else {}
    taken_groups: set[int] = set()
    taken_ids: set[str] = set()
    keep = np.zeros(len(groups), dtype=bool)
    for row, (group, identity) in enumerate(zip(groups.tolist(), ids.tolist(), strict=True)):
        if group_count[group] == 1 and id_count[identity] == 1:
            keep[row] = True
        elif group not in taken_groups and identity not in taken_ids:
            keep[row] = True
            taken_groups.add(group)
            taken_ids.add(identity)
    con.register("terbawa", overlap.filter(pa.array(keep)))
    con.execute("create or replace temp table warisan as select kelompok, id from terbawa")
    con.unregister("terbawa")


def _return(con: duckdb.DuckDBPyConnection, entity: str, column: str) -> None:
    """Temp table ``kembali`` (kelompok, id): the id that most records of a cluster without an heir had before they were gone.

    Only what nobody carries now, and each id once; ties as in ``_carry``.
    """
    con.execute(
        f"""
        create or replace temp table kembali as
        with jumlah as (
            select b.{entity} as kelompok, l.{column} as id, count(*) as jumlah
            from linkage.penetapan_dulu as l
            inner join berlabel as b on b.record_uid = concat(l.source, ':', l.record_id)
            where b.{entity} not in (select kelompok from warisan)
                and l.{column} not in (select {column} from linkage.penetapan_lalu)
            group by b.{entity}, l.{column}
        ),
        satu as (
            select kelompok, id, jumlah from jumlah
            qualify row_number() over (partition by kelompok order by jumlah desc, id) = 1
        )
        select kelompok, id from satu
        qualify row_number() over (partition by id order by jumlah desc, kelompok) = 1
        """
    )


def assign(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Give every person and family an id and write ``linkage.crosswalk``.

    Reads ``linkage.orang``, ``linkage.keluarga_orang``, ``linkage.penetapan_lalu`` and ``linkage.penetapan_dulu``. One row a
    record: record_uid, source, record_id, person_id, family_id, sorted by record_uid. Ids that were given stay as they are,
    also those that an earlier version made without a key.
    """
    con.execute(
        """
        create or replace temp table berlabel as
        select o.record_uid, o.orang, k.keluarga
        from linkage.orang as o
        inner join linkage.keluarga_orang as k on o.orang = k.orang
        """
    )
    for entity, column, letter in _ENTITIES:
        _carry(con, entity, column)
        _return(con, entity, column)
        made = hmac_sql(con, f"id_{entity}", keys.subkey(f"id:{entity}"))
        # A new id that a person already has or had (its first record moved to another cluster) is hashed once more.
        con.execute(
            f"""
            create or replace temp table id_{entity} as
            with pertama as (
                select {entity} as kelompok, min(record_uid) as uid from berlabel group by {entity}
            ),
            baru as (
                select
                    p.kelompok,
                    coalesce(w.id, k.id) as id_lama,
                    concat('{letter}', upper(left({made.format(text="p.uid")}, 16))) as id_satu,
                    concat('{letter}', upper(left({made.format(text="concat(p.uid, '|2')")}, 16))) as id_dua
                from pertama as p
                left join warisan as w on p.kelompok = w.kelompok
                left join kembali as k on p.kelompok = k.kelompok
            ),
            dikenal as (
                select {column} as id from linkage.penetapan_lalu
                union
                select {column} from linkage.penetapan_dulu
            )
            select
                b.kelompok,
                coalesce(b.id_lama, case when l.id is null then b.id_satu else b.id_dua end) as id
            from baru as b
            left join dikenal as l on b.id_satu = l.id
            """
        )
    con.execute(
        """
        create or replace table linkage.crosswalk as
        select
            b.record_uid,
            split_part(b.record_uid, ':', 1) as source,
            substr(b.record_uid, strpos(b.record_uid, ':') + 1) as record_id,
            o.id as person_id,
            k.id as family_id
        from berlabel as b
        inner join id_orang as o on b.orang = o.kelompok
        inner join id_keluarga as k on b.keluarga = k.kelompok
        order by b.record_uid
        """
    )
    con.execute(
        "drop table berlabel; drop table warisan; drop table kembali; drop table id_orang; drop table id_keluarga"
    )
