"""How good the linkage of a month is, and whether it is still like that of the last release: ``linkage.evaluasi``.

What belongs here: putting the measures together, and those that need nothing but the month's own pairs and persons. Experiments on
samples stand in ``probes``, comparison with a truth in ``truth``, what reviewers found in ``dtsen_pipeline.review``.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.linkage.measures import probes, truth
from dtsen_pipeline.linkage.measures.intervals import ALL, BUCKETS, Measure, measures
from dtsen_pipeline.linkage.model import THRESHOLD
from dtsen_pipeline.review import estimates

TABLE = "(ukuran varchar, kelompok varchar, nilai double, bawah double, atas double, dasar varchar)"

_COUNTED = "dihitung atas semua / counted over all"


def truth_file(landing: Path, month: str) -> Path:
    """Where a simulated month keeps who is who: beside the landing zone, never inside."""
    return landing.absolute().parent / "kebenaran" / month / "orang.parquet"


def write(con: duckdb.DuckDBPyConnection, landing: Path, month: str) -> None:
    """Write ``linkage.evaluasi``: always what needs no truth, and the measures against the truth where the month has one.

    Columns ukuran, kelompok, nilai, bawah, atas, dasar (``measure.Measure``); what a person asks first comes first.
    """
    found = _estimated(con)
    found += [Measure(name, ALL, value, low, high, basis) for name, value, low, high, basis in estimates.estimated(con)]
    file = truth_file(landing, month)
    if file.exists():
        found += truth.against_truth(con, file)
    found += probes.run(con) + _shape(con) + _blocks(con)
    # The last digits depend on the order in which threads add; a month that runs again must say the same.
    rows = [
        (
            m.ukuran,
            m.kelompok,
            *(None if value is None else round(value, 9) for value in (m.nilai, m.bawah, m.atas)),
            m.dasar,
        )
        for m in found
    ]
    con.execute(f"create or replace table linkage.evaluasi {TABLE}")
    con.executemany("insert into linkage.evaluasi values (?, ?, ?, ?, ?, ?)", rows)


def keep_previous(con: duckdb.DuckDBPyConnection, previous: pa.Table) -> None:
    """Store what the last released month measured (ukuran, kelompok, nilai) as ``linkage.evaluasi_lalu``, for the drift rules."""
    con.register("lalu", previous)
    con.execute("create or replace table linkage.evaluasi_lalu as from lalu order by ukuran, kelompok")
    con.unregister("lalu")


def _estimated(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Precision and recall where nobody knows the truth.

    Precision: the mean match probability of the pairs that were merged, as the model sees them. Recall: of the pairs of
    records in two sources that carry the same NIK in good order and the same first name or birth date, the share in one
    person. Both flatter: the first trusts the model, the second sees only those who have a NIK. The intervals say how sure these
    figures are, not how far they are from the truth.
    """
    # Where nothing was merged there is no measure: the gate asks for one and blocks, which is right.
    found = measures(
        con,
        f"""
        with simpul as (select distinct node_id, orang from linkage.orang)
        select
            '{ALL}' as kelompok,
            l.orang % {BUCKETS} as ember,
            sum(1.0 / (1.0 + power(2.0, -p.match_weight))) as pembilang,
            count(*) as penyebut
        from linkage.pasangan as p
        inner join simpul as l on p.node_l = l.node_id
        inner join simpul as r on p.node_r = r.node_id
        where l.orang = r.orang and p.match_weight >= {THRESHOLD}
        group by ember
        """,
        "presisi_perkiraan",
        "peluang model / model probability",
    )
    found += measures(
        con,
        f"""
        with bernik as (
            select r.record_uid, split_part(r.record_uid, ':', 1) as sumber, r.nik, r.nama_depan, r.tgl_lahir, o.orang
            from linkage.rekaman as r
            inner join linkage.orang as o on r.record_uid = o.record_uid
            where r.nik is not null
        )
        select
            '{ALL}' as kelompok,
            hash(l.nik) % {BUCKETS} as ember,
            count(*) filter (where l.orang = r.orang) as pembilang,
            count(*) as penyebut
        from bernik as l
        inner join bernik as r on l.nik = r.nik and l.record_uid < r.record_uid and l.sumber <> r.sumber
        where l.nama_depan = r.nama_depan or l.tgl_lahir = r.tgl_lahir
        group by ember
        """,
        "recall_perkiraan",
        "pasangan ber-NIK sama / pairs of one NIK",
    )
    return found


def _shape(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """What the linkage looks like from outside. None of it is good or bad; a jump from one month to the next is."""
    persons = con.execute(
        """
        select
            count(*) / count(distinct orang),
            avg(case when jumlah > 1 then 1.0 else 0.0 end)
        from (select orang, count(*) over (partition by orang) as jumlah from linkage.orang)
        """
    ).fetchone()
    assert persons is not None
    bands = con.execute(
        f"""
        select
            count(*) filter (where match_weight < {THRESHOLD}),
            count(*) filter (where match_weight >= {THRESHOLD} and match_weight < {THRESHOLD + 8}),
            count(*) filter (where match_weight >= {THRESHOLD + 8} and match_weight < {THRESHOLD + 18}),
            count(*) filter (where match_weight >= {THRESHOLD + 18}),
            avg(match_weight) filter (where match_weight >= {THRESHOLD})
        from linkage.pasangan
        """
    ).fetchone()
    assert bands is not None
    *counts, mean = bands
    found = [
        Measure("rekaman_per_orang", ALL, float(persons[0]), None, None, _COUNTED),
        Measure("porsi_rekaman_tergabung", ALL, float(persons[1]), None, None, _COUNTED),
    ]
    if mean is not None:
        found.append(Measure("rata_bobot_gabung", ALL, float(mean), None, None, _COUNTED))
    names = ("di bawah ambang", "ambang sampai +8", "ambang +8 sampai +18", "ambang +18 ke atas")
    return found + [
        Measure("porsi_pita_bobot", f"bobot={name}", count / max(sum(counts), 1), None, None, _COUNTED)
        for name, count in zip(names, counts, strict=True)
    ]


def _blocks(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """The largest block of each rule, and how many blocks the cap leaves out (``linkage.blok`` lists every one)."""
    rows = con.execute(
        """
        select concat('aturan=', a.nama), max(b.jumlah), count(*) filter (where not b.dipakai)
        from linkage.blok as b
        inner join seeds.aturan_blok as a on cast(b.aturan as varchar) = a.aturan
        group by a.nama
        order by a.nama
        """
    ).fetchall()
    return [
        Measure(name, group, float(value), None, None, _COUNTED)
        for group, largest, skipped in rows
        for name, value in (("blok_terbesar", largest), ("blok_dilewati", skipped))
    ]
