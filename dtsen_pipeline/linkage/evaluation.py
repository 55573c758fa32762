"""How good the linkage is: against the truth where a simulated month has one, and by estimates where there is none.

What belongs here: measures of persons and families, written to ``linkage.evaluasi`` (ukuran, nilai, dasar).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dtsen_pipeline.linkage.model import THRESHOLD


def truth_file(landing: Path, month: str) -> Path:
    """Where a simulated month keeps who is who: beside the landing zone, never inside."""
    return landing.absolute().parent / "kebenaran" / month / "orang.parquet"


def _pairwise(con: duckdb.DuckDBPyConnection, found: str, true: str, kind: str) -> list[tuple[str, float, str]]:
    """Pairwise precision, recall and F1 of the grouping ``found`` of table ``banding`` against ``true``."""
    row = con.execute(
        f"""
        with sel as (select count(*) as n from banding group by {found}, {true}),
        kolom as (select count(*) as n from banding group by {found}),
        baris as (select count(*) as n from banding group by {true})
        select
            (select coalesce(sum(n * (n - 1) / 2), 0) from sel),
            (select coalesce(sum(n * (n - 1) / 2), 0) from kolom),
            (select coalesce(sum(n * (n - 1) / 2), 0) from baris)
        """
    ).fetchone()
    assert row is not None
    both, claimed, actual = (float(value) for value in row)
    precision = both / claimed if claimed else 1.0
    recall = both / actual if actual else 1.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    basis = "kebenaran simulasi / simulated truth"
    return [(f"presisi_{kind}", precision, basis), (f"recall_{kind}", recall, basis), (f"f1_{kind}", f1, basis)]


def against_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> list[tuple[str, float, str]]:
    """Measures of persons and families against ``truth`` (source, record_id, person_true, family_true)."""
    con.execute(
        """
        create or replace temp table banding as
        select c.person_id, c.family_id, t.person_true, t.family_true
        from read_parquet(?) as t
        left join linkage.crosswalk as c on t.source = c.source and t.record_id = c.record_id
        where c.person_id is not null
        """,
        [str(truth)],
    )
    measures = _pairwise(con, "person_id", "person_true", "orang") + _pairwise(
        con, "family_id", "family_true", "keluarga"
    )
    con.execute("drop table banding")
    return measures


def estimated(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float, str]]:
    """Precision and recall where nobody knows the truth.

    Precision: the mean match probability of the pairs that were merged, as the model sees them. Recall: of the pairs of
    records in two sources that carry the same NIK in good order and the same first name or birth date, the share in one
    person. Both flatter: the first trusts the model, the second sees only those who have a NIK.
    """
    row = con.execute(
        """
        select avg(1.0 / (1.0 + power(2.0, -p.match_weight)))
        from linkage.pasangan as p
        inner join (select distinct node_id, orang from linkage.orang) as l on p.node_l = l.node_id
        inner join (select distinct node_id, orang from linkage.orang) as r on p.node_r = r.node_id
        where l.orang = r.orang and p.match_weight >= ?
        """,
        [THRESHOLD],
    ).fetchone()
    assert row is not None
    # Where nothing was merged there is no measure: the gate asks for one and blocks, which is right.
    measures = [("presisi_perkiraan", float(row[0]), "peluang model / model probability")] if row[0] is not None else []
    row = con.execute(
        """
        with pas as (
            select lo.orang = ro.orang as satu
            from linkage.rekaman as l
            inner join linkage.rekaman as r on l.nik = r.nik and l.record_uid < r.record_uid
                and split_part(l.record_uid, ':', 1) <> split_part(r.record_uid, ':', 1)
            inner join linkage.orang as lo on l.record_uid = lo.record_uid
            inner join linkage.orang as ro on r.record_uid = ro.record_uid
            where l.nama_depan = r.nama_depan or l.tgl_lahir = r.tgl_lahir
        )
        select avg(case when satu then 1.0 else 0.0 end) from pas
        """
    ).fetchone()
    assert row is not None
    if row[0] is not None:
        measures.append(("recall_perkiraan", float(row[0]), "pasangan ber-NIK sama / pairs of one NIK"))
    return measures


def write(con: duckdb.DuckDBPyConnection, landing: Path, month: str) -> None:
    """Write ``linkage.evaluasi``: always the estimates, and the measures against the truth where the month has one."""
    measures = estimated(con)
    truth = truth_file(landing, month)
    if truth.exists():
        measures += against_truth(con, truth)
    con.execute("create or replace table linkage.evaluasi (ukuran varchar, nilai double, dasar varchar)")
    con.executemany("insert into linkage.evaluasi values (?, ?, ?)", measures)
