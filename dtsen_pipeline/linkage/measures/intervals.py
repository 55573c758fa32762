"""A measured figure and how sure it is.

What belongs here: the shape of a row of ``linkage.evaluasi``, and 95 % intervals from sums over buckets. What is measured stands
in ``truth`` (who is who is known), ``probes`` and ``evaluation`` (it is not).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.sql.queries import query

Floats = NDArray[np.float64]

ALL = "semua"
# Errors of linkage come in clumps (one wrong merge spoils all pairs of two persons), so an interval leaves out buckets of whole
# components in turn, never single pairs.
BUCKETS = 50
# Student's t at 97.5 % with BUCKETS - 1 degrees of freedom.
_T = 2.01
# The normal distribution at 97.5 %.
_Z = 1.96


class Measure(NamedTuple):
    """One row of ``linkage.evaluasi``.

    ``kelompok`` is 'semua', or a part of it such as 'jk=P'. ``bawah`` and ``atas`` bound the value at 95 %; None where the value is
    a count of everything and not an estimate. ``dasar`` says on what it was measured, "indonesia / english".
    """

    ukuran: str
    kelompok: str
    nilai: float
    bawah: float | None
    atas: float | None
    dasar: str


def share(sums: Floats) -> Floats:
    """Divide the first column of ``sums``, shape (..., 2), by the second."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def interval(
    buckets: Floats, statistic: Callable[[Floats], Floats] = share, count: float | None = None
) -> tuple[float, float | None, float | None] | None:
    """Compute ``statistic`` over all buckets, and its 95 % interval; None where there is nothing to divide by.

    ``buckets`` holds one row of sums a bucket, shape (BUCKETS, k); ``statistic`` takes sums of shape (..., k), gives shape (...).
    Delete-a-group jackknife (Wolter, Introduction to Variance Estimation, 2nd ed. 2007, chapter 4): the statistic without each
    bucket in turn, spread around its mean. Buckets of whole clusters, since pairs are not independent of each other: Binette, York,
    Hickerson, Baek, Madhavan and Jones, The American Statistician 77 (2023) 370-380, sample clusters for the same reason.

    A share of exactly 0 or 1 has no spread to see. There Wilson's bound (JASA 22, 1927) over ``count`` units (second column of the
    sums where not given) stands in: of n units without a fault, the true share of faults may still be about 4/n.
    """
    total = buckets.sum(axis=0)
    value = float(statistic(total))
    if not np.isfinite(value):
        return None
    if 0.0 < value < 1.0:
        without = statistic(total - buckets)
        groups = len(buckets)
        error = float(np.sqrt((groups - 1) / groups * np.sum((without - without.mean()) ** 2)))
        if not np.isfinite(error):
            return value, None, None
        return value, max(0.0, value - _T * error), min(1.0, value + _T * error)
    n = count if count is not None else float(total[1])
    width = _Z**2 / (n + _Z**2)
    return (value, 1.0 - width, 1.0) if value else (value, 0.0, width)


def measure_shares(con: duckdb.DuckDBPyConnection, name: str, basis: str, **parameters: object) -> list[Measure]:
    """Measure shares and their intervals by the query ``name``, measure by measure, each sorted by group.

    The query has the columns kelompok, ember (a number below BUCKETS), penyebut, and a numerator for each measure, under the
    measure's name. A group whose denominators are all 0 is left out.
    """
    table = con.execute(query(name), parameters or None)
    columns = [column for column, *_ in table.description or ()]
    rows = sorted(
        (dict(zip(columns, row, strict=True)) for row in table.fetchall()), key=itemgetter("kelompok", "ember")
    )
    measured = []
    for measure in (column for column in columns if column not in ("kelompok", "ember", "penyebut")):
        sums: dict[str, Floats] = {}
        for row in rows:
            sums.setdefault(row["kelompok"], np.zeros((BUCKETS, 2)))[row["ember"]] = row[measure], row["penyebut"]
        for group, buckets in sums.items():
            if bounds := interval(buckets):
                measured.append(Measure(measure, group, *bounds, basis))
    return measured
