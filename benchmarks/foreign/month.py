"""One delivery month: the country, what each source writes of it, and the truth beside.

What belongs here: the limits of the arguments, the order of the sources, and where the files go.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.foreign.country.population import Country, draw_country
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.listing import draw_listing
from benchmarks.foreign.sources.delivery import Delivery, record_id_sql
from benchmarks.foreign.sources.dtks import write_dtks
from benchmarks.foreign.sources.p3ke import write_p3ke
from benchmarks.foreign.sources.regsosek import write_regsosek
from benchmarks.foreign.sources.survey import NO_BLOCKS, draw_survey, draw_true_families
from benchmarks.foreign.sources.visit import Visit, draw_visit
from dtsen_pipeline.config import check_month
from dtsen_pipeline.errors import InputError

# Share of births that bring two.
TWINS = 1 / 80
_FEWEST, _MOST = 200, 5_000_000
_FIRST_MONTH = "2024-01"
_WRITERS = {"p3ke": write_p3ke, "regsosek": write_regsosek, "dtks": write_dtks}


def write_foreign_month(
    persons: int,
    seed: int,
    month: str,
    to: Path,
    damage: float = 1.0,
    national_id: bool = True,
    twins: float = TWINS,
    spreadsheet: bool = False,
) -> None:
    """Write one delivery month into the landing folder ``to`` and its truth into ``kebenaran/<month>/`` beside it.

    ``persons`` live in the country at the month's end or died since July 2021; the same arguments give the same bytes.
    ``damage`` scales the probability of every error (0: none), ``national_id=False`` leaves every NIK empty, ``twins`` is the
    share of births that bring two. With ``spreadsheet`` the offices sent what their spreadsheets made of the tables
    (``sources.spreadsheets``), whose cells are also left as Parquet in ``kebenaran/<month>/kiriman/``. The truth has ``source``,
    ``record_id``, ``person_true``, ``family_true`` (the family the person lives in now) and ``birth_true`` (one number for twins)
    for every person row (``orang.parquet``), and every family without an error in the columns of the survey (``keluarga.csv``,
    where ``id_ruta`` is ``family_true``).
    Raises InputError on arguments that give no usable month.
    """
    _check(persons, seed, month, damage, twins)
    month_number = int(month.replace("-", ""))
    rng = np.random.default_rng([seed, persons, month_number])
    today = int((np.datetime64(month, "M") + 1).astype("datetime64[D]").astype(np.int64)) - 1
    country = draw_country(rng, persons, today, twins)
    truth = to.parent / "kebenaran" / month
    cells = truth / "kiriman" if spreadsheet else None
    if cells:
        cells.mkdir(parents=True, exist_ok=True)
    true_rows = []
    with duckdb.connect() as con:
        con.execute("set preserve_insertion_order = true")
        for source, write in _WRITERS.items():
            rows = draw_listing(rng, source, country)
            hand = Hand(rng, rows, country.places, damage)
            visit = draw_visit(con, country, source, rows, hand, national_id)
            order = rng.permutation(len(rows.person))
            write(Delivery(con, source, to / month / source, cells), visit, hand, country, order)
            true_rows.append(_true_rows(con, visit, country))
        reference = Delivery(con, "referensi", to / "referensi")
        survey = draw_survey(rng, country.places, min(8000, 1200 + persons // 50))
        reference.write("wilayah", country.places.wilayah, {})
        reference.write("susenas", survey, NO_BLOCKS)
        # From a stream of its own: what is delivered must not depend on what is only known.
        own_rng = np.random.default_rng([seed, persons, month_number, 1])
        reference.write("susenas", draw_true_families(own_rng, country), NO_BLOCKS, truth / "keluarga.csv")
    pq.write_table(pa.concat_tables(true_rows), truth / "orang.parquet")


def _check(persons: int, seed: int, month: str, damage: float, twins: float) -> None:
    """Raise InputError on arguments that give no usable month."""
    check_month(month)
    if month < _FIRST_MONTH:
        raise InputError(
            f"Bulan {month} terlalu awal / month {month} is too early",
            expected=f"{_FIRST_MONTH} atau sesudahnya / or later: P3KE is of 2021-23",
        )
    if not _FEWEST <= persons <= _MOST:
        raise InputError(
            f"{persons} orang tidak dapat disimulasikan / persons cannot be simulated", expected=f"{_FEWEST} - {_MOST}"
        )
    if not 0 <= damage <= 5:
        raise InputError(f"Kerusakan {damage} di luar batas / damage {damage} is out of bounds", expected="0 - 5")
    if not 0 <= twins <= 0.5:
        raise InputError(
            f"Bagian kembar {twins} di luar batas / share of twins {twins} is out of bounds", expected="0 - 0.5"
        )
    if seed < 0:
        raise InputError(f"Benih {seed} tidak sah / seed {seed} is not usable", expected="0 atau lebih / or more")


def _true_rows(con: duckdb.DuckDBPyConnection, visit: Visit, country: Country) -> pa.Table:
    """Say of every person row whose it is, in the order of its number."""
    people, p = country.people, visit.rows.person
    lives_in = np.where(people.left[p] <= country.today, people.family_later[p], people.family[p])
    true = {"person_true": p, "family_true": lives_in, "birth_true": people.birth[p]}
    con.register("true_rows", pa.table({"record": visit.person["record"]} | true))
    table = con.sql(
        f"""
        select
            '{visit.source}' as source, {record_id_sql(visit.source)} as record_id, person_true, family_true, birth_true
        from true_rows order by record
        """
    ).to_arrow_table()
    con.unregister("true_rows")
    return table
