"""Family records of several sources to families, and the family each person lives in now.

What belongs here: joining family records and choosing one family a person. Which pairs of family records belong together is
said by ``linkage.pasangan_keluarga``.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import best_first, components

# Two family records of one source that share no person are two families, whatever a chain over another source says.
_APART = """
    select l.nomor as l, r.nomor as r
    from komponen as l
    inner join komponen as r on l.komponen = r.komponen and l.source = r.source and l.nomor < r.nomor
    left join linkage.pasangan_keluarga as p on p.keluarga_l = l.family_uid and p.keluarga_r = r.family_uid
    where not coalesce(p.gabung, false)
    order by 1, 2
"""

# The newest interview says where a person lives, but not a roster in which the person carries another family's card: that is a
# visitor, or a row that slipped. Ties go by the record's name.
_NOW = """
    create or replace table linkage.keluarga_orang as
    with calon as (
        select
            o.orang,
            k.keluarga,
            row_number() over (
                partition by o.orang
                order by
                    case when p.status_keberadaan in ('meninggal', 'pindah', 'tidak_ditemukan') then 1 else 0 end,
                    case when p.kk <> f.kk then 1 else 0 end,
                    p.tanggal_amatan desc nulls last,
                    p.record_uid
            ) as urutan
        from linkage.orang as o
        inner join intermediate.int_person_record as p on o.record_uid = p.record_uid
        inner join linkage.kelompok_keluarga as k on p.family_uid = k.family_uid
        inner join intermediate.int_family_record as f on p.family_uid = f.family_uid
    )
    select orang, keluarga
    from calon
    where urutan = 1
    order by orang
"""


def cluster(con: duckdb.DuckDBPyConnection) -> None:
    """Join family records into families and give every person one.

    Writes ``linkage.kelompok_keluarga`` (family_uid, keluarga: a family's smallest record number) and
    ``linkage.keluarga_orang`` (orang, keluarga).
    """
    con.execute(
        """
        create or replace temp table nomor_keluarga as
        select family_uid, min(source) as source, row_number() over (order by family_uid) - 1 as nomor
        from (select distinct family_uid, split_part(family_uid, ':', 1) as source from linkage.rekaman)
        group by family_uid
        """
    )
    size = con.execute("select count(*) from nomor_keluarga").fetchone()
    assert size is not None
    edges = con.execute(
        """
        select l.nomor as l, r.nomor as r, p.bobot
        from linkage.pasangan_keluarga as p
        inner join nomor_keluarga as l on p.keluarga_l = l.family_uid
        inner join nomor_keluarga as r on p.keluarga_r = r.family_uid
        where p.gabung
        order by 1, 2
        """
    ).fetchnumpy()
    left, right = np.asarray(edges["l"], dtype=np.int64), np.asarray(edges["r"], dtype=np.int64)
    weight = np.asarray(edges["bobot"], dtype=np.float64)
    label = components(size[0], left, right)
    con.register("label", pa.table({"nomor": np.arange(size[0]), "komponen": label}))
    con.execute(
        "create or replace temp table komponen as select n.*, l.komponen from nomor_keluarga n join label l on n.nomor = l.nomor"
    )
    apart = con.execute(_APART).fetchnumpy()
    found = best_first(
        size[0], left, right, weight, np.asarray(apart["l"], dtype=np.int64), np.asarray(apart["r"], dtype=np.int64)
    )
    con.register("label", pa.table({"nomor": np.arange(size[0]), "keluarga": found.label}))
    con.execute(
        """
        create or replace table linkage.kelompok_keluarga as
        select n.family_uid, l.keluarga
        from nomor_keluarga as n
        inner join label as l on n.nomor = l.nomor
        order by n.family_uid
        """
    )
    con.unregister("label")
    con.execute("drop table komponen; drop table nomor_keluarga")
    con.execute(_NOW)
