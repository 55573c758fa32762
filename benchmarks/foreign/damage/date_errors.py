"""How clerks write birth dates: turned, heaped on certain days, wrong in one part, only the year, or a program's empty date.

What belongs here: the kinds of error, what stands for a date that nobody knew, and the SQL that writes the date.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array, year_month_day
from benchmarks.foreign.damage.hand import Hand

# How much of a date is written.
IN_FULL, YEAR_ONLY, MISSING = range(3)
# What a form, a spreadsheet or a program puts where no date was entered, by how often; and a day that one office types instead.
NO_DATE = ("1900-01-01", "0", "1899-12-30", "0000-00-00", "1970-01-01", "00/00/0000", "1980-01-01")
# By source: the share of such rows, and the mixture of ``NO_DATE``.
_NO_DATE_MIX = {
    "dtks": (0.003, (0.15, 0.15, 0.15, 0.15, 0.05, 0.15, 0.20)),
    "regsosek": (0.002, (0.10, 0.0, 0.0, 0.30, 0.10, 0.0, 0.50)),
    "p3ke": (0.004, (0.25, 0.15, 0.35, 0.0, 0.15, 0.0, 0.10)),
}
# Kinds of error and how often.
_KINDS = {
    "day and month": 1.3,
    "heap": 2.0,
    "heap and year": 0.9,
    "year": 1.5,
    "decade": 0.35,
    "digits": 0.25,
    "day": 1.0,
    "month": 0.5,
    "year only": 0.7,
    "missing": 1.0,
}


def draw_dates(hand: Hand, born: Array, today: int) -> tuple[Array, Array]:
    """Draw birth dates as written: the day since 1970, and ``IN_FULL``, ``YEAR_ONLY`` or ``MISSING``."""
    rng, n = hand.rng, len(born)
    y, m, d = year_month_day(born)
    kind = hand.kinds(_KINDS)
    errs = hand.errs(0.062, np.where(today - born > 55 * DAYS_A_YEAR, 2.0, 0.85))
    of = {name: errs & (kind == i) for i, name in enumerate(_KINDS)}
    turn = of["day and month"] & (d <= 12) & (d != m)
    m, d = np.where(turn, d, m), np.where(turn, m, d)
    # a date that cannot be turned is heaped: 1 January, 31 December, 1 July
    heap = of["heap"] | of["heap and year"] | (of["day and month"] & ~turn)
    where = rng.choice(3, n, p=[0.62, 0.23, 0.15])
    m, d = np.where(heap, np.array([1, 12, 7])[where], m), np.where(heap, np.array([1, 31, 1])[where], d)
    y = y + np.where(of["heap and year"], rng.choice([-5, -3, -2, -1, 1, 2, 3], n), 0)
    y = y + np.where(of["year"], rng.choice([-2, -1, -1, 1, 1, 2], n), 0)
    y = y + np.where(of["decade"], rng.choice([-10, 10], n), 0)
    y = np.where(of["digits"], y // 100 * 100 + y % 10 * 10 + y // 10 % 10, y)
    m = np.where(of["month"], 1 + (m - 1 + rng.integers(1, 12, n)) % 12, m)
    d = np.where(of["day"], 1 + (d - 1 + rng.choice([1, 2, 9, 10, 20], n)) % 28, d)
    d = np.where(errs & ~heap, np.minimum(d, 28), d)
    month = ((y - 1970) * 12 + m - 1).astype("datetime64[M]")
    day = month.astype("datetime64[D]").astype(np.int64) + d - 1
    day = np.where(day > today, born, day)
    return day, np.where(of["missing"], MISSING, np.where(of["year only"], YEAR_ONLY, IN_FULL))


def draw_no_dates(hand: Hand, source: str) -> pa.Array:
    """Draw what stands for a birth date that nobody knew, null where the date was written."""
    share, mix = _NO_DATE_MIX[source]
    missing = hand.errs(share)
    which = hand.rng.choice(len(NO_DATE), len(missing), p=mix)
    return pc.take(pa.array(NO_DATE), pa.array(which, mask=~missing))


def date_sql(column: str) -> str:
    """Write the SQL of an ISO date from days since 1970."""
    return f"cast(date '1970-01-01' + cast({column} as integer) as varchar)"


def _birth_date_sql(in_full: str) -> str:
    return f"""case when no_date is not null then no_date
    else case written_part when {MISSING} then '' when {YEAR_ONLY} then left({date_sql("birth_day")}, 4) else {in_full} end end"""


BIRTH_DATE_ISO = _birth_date_sql(date_sql("birth_day"))
# Some rows with slashes, day first.
BIRTH_DATE_MIXED = _birth_date_sql(
    "case when with_slashes then strftime(date '1970-01-01' + cast(birth_day as integer), '%d/%m/%Y') "
    f"else {date_sql('birth_day')} end"
)
