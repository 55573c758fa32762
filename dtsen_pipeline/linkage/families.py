"""Family records of several sources to families, and the family each person lives in now.

What belongs here: joining family records and choosing one family a person. Which pairs of family records belong together is
said by ``linkage.pasangan_keluarga``.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import best_first, components

YOUNG, NEWER_MONTHS = 46, 6

# Two family records of one source that share no person are two families, whatever a chain over another source says.
_APART = """
    with anggota as (
        select r.rumah, r.source, k.komponen
        from linkage.rumah as r
        inner join komponen as k on r.rumah = k.rumah
    )
    select l.rumah as l, r.rumah as r
    from anggota as l
    inner join anggota as r on l.komponen = r.komponen and l.source = r.source and l.rumah < r.rumah
    left join linkage.pasangan_keluarga as p on p.rumah_l = l.rumah and p.rumah_r = r.rumah
    where not coalesce(p.gabung, false)
    order by 1, 2
"""

# The newest interview says where a person lives, but not a roster in which the person carries another family's card: that is a
# visitor, or a row that slipped. Ties go by the record's name.
_NOW = """
    create or replace table linkage.keluarga_orang as
    with rumah as (
        select o.orang, o.record_uid, o.rumah, k.keluarga
        from linkage.orang as o
        inner join linkage.kelompok_keluarga as k on o.rumah = k.rumah
    ),
    satu as (
        select orang, min(keluarga) as keluarga, max(keluarga) as lain
        from rumah
        group by orang
    ),
    calon as (
        select
            r.orang,
            r.keluarga,
            row_number() over (
                partition by r.orang
                order by
                    case when p.status_keberadaan in ('meninggal', 'pindah', 'tidak_ditemukan') then 1 else 0 end,
                    case when p.kk <> f.kk then 1 else 0 end,
                    case when p.hubungan = 8 then 2 when p.hubungan > 4 then 1 else 0 end,
                    p.tanggal_amatan desc nulls last,
                    p.record_uid
            ) as urutan
        from satu as s
        inner join rumah as r on s.orang = r.orang
        inner join intermediate.int_person_record as p on r.record_uid = p.record_uid
        inner join linkage.rumah as f on r.rumah = f.rumah
        where s.keluarga <> s.lain
    )
    select orang, keluarga
    from satu
    where keluarga = lain
    union all
    select orang, keluarga
    from calon
    where urutan = 1
"""


# Who married, is missing in a newer interview of the parents' family and is listed nowhere else has left: couple and children are a
# family of their own, whose home nobody has seen yet. Of unmarried children missing there half have only been forgotten.
_LEFT = f"""
    create or replace temp table berangkat as
    with keluarga_terakhir as (
        select k.keluarga, max(r.tanggal) as tanggal
        from linkage.kelompok_keluarga as k
        inner join linkage.rumah as r on k.rumah = r.rumah
        group by k.keluarga
    ),
    orang_terakhir as (
        select k.orang, k.keluarga, max(r.tanggal) as tanggal
        from linkage.keluarga_orang as k
        inner join linkage.orang as o on k.orang = o.orang
        inner join linkage.rumah as r on o.rumah = r.rumah
        inner join linkage.kelompok_keluarga as g on r.rumah = g.rumah and k.keluarga = g.keluarga
        group by k.orang, k.keluarga
    ),
    lama as (
        select o.orang, o.keluarga, o.tanggal
        from orang_terakhir as o
        inner join keluarga_terakhir as k on o.keluarga = k.keluarga
        where date_diff('month', o.tanggal, k.tanggal) > {NEWER_MONTHS}
    ),
    tak_ada as (
        select
            l.orang,
            l.keluarga,
            max_by(p.hubungan, p.tanggal_amatan) as hubungan,
            max_by(p.status_kawin, p.tanggal_amatan) = 2
            and max_by(p.hubungan, p.tanggal_amatan) in (3, 4)
            and year(l.tanggal) - max(p.tahun_lahir) < {YOUNG} as pasangan_muda
        from lama as l
        inner join linkage.orang as o on l.orang = o.orang
        inner join linkage.kelompok_keluarga as g on o.rumah = g.rumah and l.keluarga = g.keluarga
        inner join intermediate.int_person_record as p on o.record_uid = p.record_uid
        group by l.orang, l.keluarga, l.tanggal
    ),
    rombongan as (
        select keluarga, min(orang) as kepala
        from tak_ada
        where pasangan_muda
        group by keluarga
    )
    select t.orang, -r.kepala as keluarga
    from tak_ada as t
    inner join rombongan as r on t.keluarga = r.keluarga
    where t.pasangan_muda or t.hubungan in (4, 5)
"""


def cluster(con: duckdb.DuckDBPyConnection) -> None:
    """Join family records into families and give every person one.

    Writes ``linkage.kelompok_keluarga`` (rumah: the family record's number, keluarga: its family's smallest) and
    ``linkage.keluarga_orang`` (orang, keluarga).
    """
    size = con.execute("select coalesce(max(rumah), 0) + 1 from linkage.rumah").fetchone()
    assert size is not None
    edges = con.execute(
        "select rumah_l, rumah_r, bobot from linkage.pasangan_keluarga where gabung order by rumah_l, rumah_r"
    ).fetchnumpy()
    left, right = np.asarray(edges["rumah_l"], dtype=np.int64), np.asarray(edges["rumah_r"], dtype=np.int64)
    label = components(size[0], left, right)
    joined = np.unique(np.concatenate([left, right]))
    con.register("komponen", pa.table({"rumah": joined, "komponen": label[joined]}))
    apart = con.execute(_APART).to_arrow_table()
    con.unregister("komponen")
    weight = np.asarray(edges["bobot"], dtype=np.float64)
    found = best_first(size[0], left, right, weight, apart["l"].to_numpy(), apart["r"].to_numpy())
    con.register("label", pa.table({"rumah": np.arange(size[0]), "keluarga": found.label}))
    con.execute(
        """
        create or replace table linkage.kelompok_keluarga as
        select r.rumah, l.keluarga
        from linkage.rumah as r
        inner join label as l on r.rumah = l.rumah
        """
    )
    con.unregister("label")
    con.execute(_NOW)
    con.execute(_LEFT)
    con.execute(
        """
        update linkage.keluarga_orang as k set keluarga = b.keluarga from berangkat as b where k.orang = b.orang;
        drop table berangkat
        """
    )
