"""Convert days since 1970-01-01 to dates and text, and to the dates on which registers heap births.

Belongs here: the calendar, vectorised. Wrong dates belong in `damage`.
"""

import numpy as np

from dtsen_pipeline.simulation.base import Codes, Integers

# (month, day) of the first day, the last day and the middle of the year.
HEAPED_DATES = np.array([(1, 1), (12, 31), (7, 1)])


def heaped_days(days: Integers, shares: list[float], rng: np.random.Generator) -> Integers:
    """Return a heaped date of the same year for each day. `shares` are those of HEAPED_DATES."""
    month, day = HEAPED_DATES[rng.choice(len(HEAPED_DATES), len(days), p=shares)].T
    return to_days(year_month_day(days)[0], month, day)


def year_month_day(days: Integers) -> tuple[Integers, Integers, Integers]:
    """Return year, month and day of the month of days since 1970."""
    d = days.astype("datetime64[D]")
    m = d.astype("datetime64[M]")
    month = m.astype(np.int64)
    return 1970 + month // 12, month % 12 + 1, days - m.astype("datetime64[D]").astype(np.int64) + 1


def to_days(year: Integers, month: Integers, day: Integers) -> Integers:
    """Return days since 1970. Days past the end of a month run on into the next."""
    start = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(start + day - 1)


def iso(days: Integers) -> Codes:
    """Write days as YYYY-MM-DD, dtype S10."""
    return _write_dates(days, (0, 1, 2), b"-")


def dmy(days: Integers, delimiter: bytes) -> Codes:
    """Write days as DD MM YYYY with `delimiter` between, dtype S10."""
    return _write_dates(days, (2, 1, 0), delimiter)


def _write_dates(days: Integers, order: tuple[int, ...], delimiter: bytes) -> Codes:
    """Write dates with the parts (0 year, 1 month, 2 day) in `order`."""
    parts = year_month_day(days)
    result = np.empty((len(days), 10), np.uint8)
    column = 0
    for i, s in enumerate(order):
        width = 4 if s == 0 else 2
        rest = parts[s].copy()
        for j in range(column + width - 1, column - 1, -1):
            rest, d = np.divmod(rest, 10)
            result[:, j] = d + 48
        column += width
        if i < 2:
            result[:, column] = delimiter[0]
            column += 1
    return result.view("S10").ravel()
