"""Join family records of several sources into families, and give every person the family of today.

What belongs here: joining family records and choosing one family a person. Which pairs of family records belong together is
said by ``linkage.pasangan_keluarga``.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import best_first, components
from dtsen_pipeline.sql.queries import make_table, query

# Who is missing in interviews of the family for more than so many months, and is a spouse below this age, has moved out.
MONTHS_MISSING, YOUNG_SPOUSE_AGE = 6, 46


def cluster(con: duckdb.DuckDBPyConnection) -> None:
    """Join family records into families and give every person one.

    Writes ``linkage.kelompok_keluarga`` (rumah: the family record's number, keluarga: its family's smallest) and
    ``linkage.keluarga_orang`` (orang, keluarga). A family of persons who left their parents has a negative number.
    """
    largest = con.execute("select coalesce(max(rumah), 0) + 1 from linkage.rumah").fetchone()
    assert largest is not None
    size = int(largest[0])
    edges = con.execute(
        "select rumah_l, rumah_r, bobot from linkage.pasangan_keluarga where gabung order by rumah_l, rumah_r"
    ).fetchnumpy()
    left, right = np.asarray(edges["rumah_l"], dtype=np.int64), np.asarray(edges["rumah_r"], dtype=np.int64)
    weight = np.asarray(edges["bobot"], dtype=np.float64)

    label = components(size, left, right)
    joined = np.unique(np.concatenate([left, right]))
    con.register("komponen", pa.table({"rumah": joined, "komponen": label[joined]}))
    apart = con.execute(query("linkage/keluarga_terpisah")).to_arrow_table()
    con.unregister("komponen")

    clusters = best_first(size, left, right, weight, apart["l"].to_numpy(), apart["r"].to_numpy())
    con.register("label", pa.table({"rumah": np.arange(size), "keluarga": clusters.label}))
    make_table(con, "linkage.kelompok_keluarga", "linkage/kelompok_keluarga")
    con.unregister("label")
    make_table(con, "linkage.keluarga_orang", "linkage/keluarga_orang")
    make_table(con, "berangkat", "linkage/berangkat", bulan=MONTHS_MISSING, umur=YOUNG_SPOUSE_AGE)
    con.execute(
        "update linkage.keluarga_orang as k set keluarga = b.keluarga from berangkat as b where k.orang = b.orang"
    )
    con.execute("drop table berangkat")
