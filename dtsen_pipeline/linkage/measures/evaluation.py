"""Write ``linkage.evaluasi``: how good the linkage of a month is, to be compared with that of the last release.

What belongs here: putting the measures together, and those that need nothing but the month's own pairs and persons. Experiments on
samples stand in ``probes``, comparison with a truth in ``truth``, estimates from reviewed pairs in ``dtsen_pipeline.review``.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.linkage.measures import probes, truth
from dtsen_pipeline.linkage.measures.intervals import ALL, BUCKETS, Measure, measure_shares
from dtsen_pipeline.linkage.model import THRESHOLD
from dtsen_pipeline.review import estimates
from dtsen_pipeline.sql.queries import query

TABLE = "(ukuran varchar, kelompok varchar, nilai double, bawah double, atas double, dasar varchar)"

_COUNTED = "dihitung atas semua / counted over all"


def truth_file(landing: Path, month: str) -> Path:
    """Where a simulated month keeps who is who: beside the landing zone, never inside."""
    return landing.absolute().parent / "kebenaran" / month / "orang.parquet"


def write_evaluation(con: duckdb.DuckDBPyConnection, landing: Path, month: str) -> None:
    """Write ``linkage.evaluasi``: always what needs no truth, and the measures against the truth where the month has one.

    Columns ukuran, kelompok, nilai, bawah, atas, dasar (``intervals.Measure``); what a person asks first comes first.
    """
    measured = _estimate_from_model(con)
    measured += [
        Measure(name, ALL, value, low, high, basis)
        for name, value, low, high, basis in estimates.estimate_from_reviews(con)
    ]
    file = truth_file(landing, month)
    if file.exists():
        measured += truth.measure_against_truth(con, file)
    measured += probes.run_experiments(con) + _shape(con) + _blocks(con)
    # The last digits depend on the order in which threads add; a month that runs again must give the same table.
    rows = [
        (
            m.ukuran,
            m.kelompok,
            *(None if value is None else round(value, 9) for value in (m.nilai, m.bawah, m.atas)),
            m.dasar,
        )
        for m in measured
    ]
    con.execute(f"create or replace table linkage.evaluasi {TABLE}")
    con.executemany("insert into linkage.evaluasi values (?, ?, ?, ?, ?, ?)", rows)


def keep_previous(con: duckdb.DuckDBPyConnection, previous: pa.Table) -> None:
    """Store what the last released month measured (ukuran, kelompok, nilai) as ``linkage.evaluasi_lalu``, for the drift rules."""
    con.register("lalu", previous)
    con.execute("create or replace table linkage.evaluasi_lalu as from lalu order by ukuran, kelompok")
    con.unregister("lalu")


def _estimate_from_model(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Estimate precision and recall where nobody knows the truth.

    Precision: the mean match probability of the pairs that were merged, as the model sees them. Recall: of the pairs of
    records in two sources that carry the same NIK in good order and the same first name or birth date, the share in one
    person. Both flatter: the first trusts the model, the second sees only those who have a NIK. The intervals say how sure these
    figures are, not how far they are from the truth.
    """
    # Where nothing was merged there is no measure: the gate asks for one and blocks, which is right.
    return measure_shares(
        con,
        "measures/presisi_perkiraan",
        "peluang model / model probability",
        ember=BUCKETS,
        ambang=THRESHOLD,
    ) + measure_shares(con, "measures/recall_perkiraan", "pasangan ber-NIK sama / pairs of one NIK", ember=BUCKETS)


def _shape(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """What the linkage looks like from outside. None of it is good or bad; a jump from one month to the next is."""
    ((per_person, merged),) = con.execute(query("measures/ukuran_orang")).fetchall()
    ((*counts, mean),) = con.execute(query("measures/pita_bobot"), {"ambang": THRESHOLD}).fetchall()
    shape = [
        Measure("rekaman_per_orang", ALL, float(per_person), None, None, _COUNTED),
        Measure("porsi_rekaman_tergabung", ALL, float(merged), None, None, _COUNTED),
    ]
    if mean is not None:
        shape.append(Measure("rata_bobot_gabung", ALL, float(mean), None, None, _COUNTED))
    bands = ("di bawah ambang", "ambang sampai +8", "ambang +8 sampai +18", "ambang +18 ke atas")
    return shape + [
        Measure("porsi_pita_bobot", f"bobot={band}", count / max(sum(counts), 1), None, None, _COUNTED)
        for band, count in zip(bands, counts, strict=True)
    ]


def _blocks(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """The largest block of each rule, and how many blocks the cap leaves out (``linkage.blok`` lists every one)."""
    return [
        Measure(name, rule, float(value), None, None, _COUNTED)
        for rule, largest, skipped in con.execute(query("measures/blok_aturan")).fetchall()
        for name, value in (("blok_terbesar", largest), ("blok_dilewati", skipped))
    ]
