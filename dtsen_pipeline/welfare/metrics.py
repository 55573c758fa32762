"""Measure how well a ranking by score finds the poor, for everybody and for parts of the people.

What belongs here: the measures, as functions of true and predicted log consumption, and their intervals. ``report`` and ``pmt``
choose who is measured, and on which folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHARES = (0.1, 0.2, 0.3, 0.4)
"""The poorest shares at which targeting is measured; programmes cut between the first and the fifth tenth."""
ALL = "semua"
MIN_HOUSEHOLDS = 50
"""Households that a group needs to be measured."""
MIN_UNITS = 10
"""Sampling units that a group needs for an interval."""
MIN_POOR = 10
"""Poor (or chosen) households that a group needs for an error of exclusion (or inclusion)."""
SEED = 20250301


def r_squared(actual: Vector, predicted: Vector, weight: Vector | None = None) -> float:
    """Share of the variance of ``actual`` that is explained; below 0 where the mean alone does better, NaN without variance."""
    w = np.ones_like(actual) if weight is None else weight
    total = np.sum(w * (actual - np.average(actual, weights=w)) ** 2)
    return float(1 - np.sum(w * (actual - predicted) ** 2) / total) if total > 0 else float("nan")


def rank_correlation(actual: Vector, predicted: Vector) -> float:
    """Spearman's rank correlation, unweighted as the ranking itself is; NaN where either side does not vary."""
    from scipy.stats import spearmanr

    if np.ptp(actual) == 0 or np.ptp(predicted) == 0:
        return float("nan")
    return float(spearmanr(actual, predicted).statistic)


def targeting_error(actual: Vector, predicted: Vector, share: float, weight: Vector | None = None) -> float:
    """Share of the poorest ``share`` by consumption that is not among the poorest ``share`` by score.

    Both groups have the same size, so the error of inclusion and of exclusion are one number (Alatas et al. 2012).
    Ties keep the order of the rows. Raises ValueError where ``share`` is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    w = np.ones_like(actual) if weight is None else weight
    poor, chosen = (_reached(np.argsort(value, kind="stable"), w) <= share for value in (actual, predicted))
    return float(1 - w[poor & chosen].sum() / w[poor].sum())


def _reached(order: Integers, weight: Vector) -> Vector:
    """For every row, the share of all weight that lies before it in ``order`` (its own counts half)."""
    sorted_weight = weight[order]
    reached = np.empty_like(sorted_weight)
    reached[order] = (np.cumsum(sorted_weight) - sorted_weight / 2) / weight.sum()
    return reached


def measure(actual: Vector, predicted: Vector, weight: Vector | None = None) -> dict[str, float]:
    """R2, rank correlation, root mean squared error and the targeting errors, rounded to four digits.

    ``actual`` and ``predicted`` are log per-capita consumption, one entry a household, same order.
    """
    w = np.ones_like(actual) if weight is None else weight
    measures = {
        "r2": r_squared(actual, predicted, w),
        "korelasi_peringkat": rank_correlation(actual, predicted),
        "rmse": float(np.sqrt(np.average((actual - predicted) ** 2, weights=w))),
    }
    for share in SHARES:
        measures[f"galat_sasaran_{round(share * 100)}"] = targeting_error(actual, predicted, share, w)
    return {name: round(value, 4) for name, value in measures.items()}


def quantiles(value: Vector, weight: Vector) -> Vector:
    """201 weighted quantiles of ``value``, evenly spaced from 0 to 1."""
    order = np.argsort(value, kind="stable")
    return np.interp(np.linspace(0, 1, 201), np.sort(_reached(order, weight)), value[order])


def within_band(
    error: Vector, weight: Vector, folds: Sequence[tuple[Integers, Integers]], level: float
) -> npt.NDArray[np.bool_]:
    """Whether each absolute error lies in the band that holds ``level`` of the errors on the other folds."""
    inside = np.empty(len(error), dtype=bool)
    for train, held in folds:
        width = np.interp(level, np.linspace(0, 1, 201), quantiles(error[train], weight[train]))
        inside[held] = error[held] <= width
    return inside


def tenths(value: Vector, weight: Vector) -> Integers:
    """1 to 10: the tenth of all weight in which each row stands by ``value``, from the least."""
    return 1 + np.minimum(9, np.floor(10 * _reached(np.argsort(value, kind="stable"), weight))).astype(np.int64)


def psi(expected: Vector, actual: Vector) -> float:
    """Population stability index of two counts over the same cells: sum of (a - e) ln(a / e) over their shares.

    0 where they agree; by the custom of credit scoring (Siddiqi, Credit Risk Scorecards, 2006) below 0.1 is calm and above 0.25 a
    shift. Half a household is added to each cell: one that is empty by chance would make the index infinite. NaN where one side is
    empty.
    """
    if expected.sum() <= 0 or actual.sum() <= 0:
        return float("nan")
    e, a = ((counts + 0.5) / (counts + 0.5).sum() for counts in (expected, actual))
    return float(np.sum((a - e) * np.log(a / e)))


class Row(NamedTuple):
    """One figure of a report with its 95 % interval (None for a count); ``kelompok`` is 'semua' or a part such as 'jk_krt=P'."""

    ukuran: str
    kelompok: str
    nilai: float
    bawah: float | None
    atas: float | None


ERRORS = [f"galat_{kind}_{round(share * 100)}" for kind in ("eksklusi", "inklusi") for share in SHARES]
MEASURES = [
    "r2", "korelasi_peringkat", "rmse", "kemiringan", "selisih", "cakupan_90", "rata_nyata", "rata_skor", *ERRORS,
]  # fmt: skip


@dataclass(frozen=True)
class Bootstrap:
    """Every measure for every group, on the sample itself (row 0) and on its replicates.

    values: shape (1 + replicates, groups, MEASURES). households, units, poor, chosen: sizes in the sample, the last two of shape
    (groups, SHARES).

    The measures: r2, korelasi_peringkat and rmse as in ``measure``, within the group. galat_eksklusi_q: share of the
    group's poorest (below the q % cut of *everybody*) that the score does not choose; galat_inklusi_q: share of the
    group's chosen that are not poor. selisih: mean score less mean true value, log points; above 0 the group is taken
    for richer than it is. kemiringan: slope of true values on scores, 1 where the scores are calibrated. cakupan_90:
    share of true values within the 90 % band.
    """

    groups: list[str]
    values: Vector
    households: Integers
    units: Integers
    poor: Integers
    chosen: Integers

    def rows(self, measures: Sequence[str] = MEASURES) -> list[Row]:
        """Value and 95 % interval of ``measures``, group by group; a group that is too small has only ``terlalu_sedikit``."""
        rows: list[Row] = []
        for g, group in enumerate(self.groups):
            n = float(self.households[g])
            if not self._enough(g):
                rows.append(Row("terlalu_sedikit", group, n, None, None))
                continue
            rows.append(Row("rumah_tangga", group, n, None, None))
            for name in measures:
                m = MEASURES.index(name)
                if name not in ERRORS or self._poor_enough(g, ERRORS.index(name)):
                    rows += _figures(name, group, self.values[:, g, m])
        return rows

    def difference(self, other: Bootstrap, measures: Sequence[str]) -> list[Row]:
        """These measures less the ``other``'s over all households, replicate by replicate: chance that both share cancels out."""
        return [
            row
            for name in measures
            for row in _figures(name, ALL, (self.values - other.values)[:, 0, MEASURES.index(name)])
        ]

    def _enough(self, g: int) -> bool:
        return bool(self.households[g] >= MIN_HOUSEHOLDS and self.units[g] >= MIN_UNITS)

    def _poor_enough(self, g: int, error: int) -> bool:
        counted = self.poor if error < len(SHARES) else self.chosen
        return bool(counted[g, error % len(SHARES)] >= MIN_POOR)


def _figures(name: str, group: str, values: Vector) -> list[Row]:
    """A row of the first of ``values`` and the 2.5th and 97.5th percentile of the others; none where they are not finite."""
    drawn = values[1:][np.isfinite(values[1:])]
    if not np.isfinite(values[0]) or not len(drawn):
        return []
    low, high = np.percentile(drawn, [2.5, 97.5])
    return [Row(name, group, *(round(float(x), 4) for x in (values[0], low, high)))]


def bootstrap(sample: pd.DataFrame, groups: Mapping[str, Sequence[str]], replicates: int) -> Bootstrap:
    """Draw whole sampling units with replacement (Efron and Tibshirani 1993, chapter 8) and measure each draw.

    sample: one row a household, columns nyata, skor, penimbang, unit, dalam_90 as in ``PmtModel.luar_sampel``. groups: for each
    dimension one label a row, '' where unknown; the group 'semua' is always there and first. Cuts between poor and not poor are
    drawn anew in each replicate. Two calls with the same units and number of replicates draw the same ones.
    """
    from scipy.sparse import csr_matrix

    y, p, w = (sample[name].to_numpy(dtype=float) for name in ("nyata", "skor", "penimbang"))
    units = pd.factorize(sample["unit"])[0].astype(np.int64)
    names, member, group = _members(y, groups)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    mean = np.average(y, weights=w)
    y, p = y - mean, p - mean
    shares = np.array(SHARES)
    k = len(SHARES)
    fixed = np.column_stack([np.ones_like(y), y, p, y * y, p * p, y * p, (y - p) ** 2, sample["dalam_90"]])
    table = np.hstack([fixed, np.empty((len(y), 3 * k))])
    adder = csr_matrix((np.ones(len(member)), member, [*starts, len(member)]), shape=(len(names), len(y)))
    by_actual, by_score = np.argsort(y, kind="stable"), np.argsort(p, kind="stable")
    actual_ranks, score_ranks = _Ranks.of(group, y[member]), _Ranks.of(group, p[member])
    rng = np.random.default_rng(SEED)
    count = int(units.max()) + 1
    values = np.empty((1 + replicates, len(names), len(MEASURES)))
    sizes: list[Integers] = []
    for draw in range(1 + replicates):
        times = (np.ones(count) if draw == 0 else rng.multinomial(count, np.full(count, 1 / count)))[units]
        weight = w * times
        poor, chosen = (np.less_equal.outer(_reached(order, weight), shares) for order in (by_actual, by_score))
        table[:, -3 * k : -2 * k], table[:, -2 * k : -k], table[:, -k:] = poor & chosen, poor, chosen
        adder.data = weight[member]
        drawn = times[member].astype(float)
        rank = _correlation(group, drawn, actual_ranks.midranks(drawn), score_ranks.midranks(drawn))
        values[draw] = _from_sums(adder @ table, rank, mean)
        if draw == 0:
            sizes = [np.add.reduceat(flags[member].astype(np.int64), starts) for flags in (poor, chosen)]
    per_unit = pd.DataFrame({"g": group, "u": units[member]}).drop_duplicates()["g"]
    return Bootstrap(names, values, np.bincount(group), np.bincount(per_unit), *sizes)


def _members(value: Vector, groups: Mapping[str, Sequence[str]]) -> tuple[list[str], Integers, Integers]:
    """Names of the groups, and for each membership its row and the number of its group, sorted by group and ``value``.

    Sums over groups then run through memory in order, which halves the time of a replicate.
    """
    names, member, group = [ALL], [np.arange(len(value))], [np.zeros(len(value), dtype=np.int64)]
    for dimension, labels in groups.items():
        given = np.asarray(labels, dtype=object)
        known = np.flatnonzero(given != "")
        distinct, code = np.unique(given[known].astype(str), return_inverse=True)
        member.append(known)
        group.append(len(names) + code.astype(np.int64))
        names += [f"{dimension}={label}" for label in distinct]
    rows, numbers = np.concatenate(member), np.concatenate(group)
    order = np.lexsort((value[rows], numbers))
    return names, rows[order], numbers[order]


@dataclass(frozen=True)
class _Ranks:
    """Order of values within their groups, so that a replicate costs a running sum and no sorting."""

    order: Integers
    starts: Integers
    place: Integers

    @classmethod
    def of(cls, group: Integers, value: Vector) -> _Ranks:
        order = np.lexsort((value, group))
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(group[order]) != 0) | (np.diff(value[order]) != 0)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.cumsum(new) - 1
        return cls(order, np.flatnonzero(new), place)

    def midranks(self, times: Vector) -> Vector:
        """Rank of each membership when it is there ``times`` times; equal values share one rank."""
        totals = np.add.reduceat(times[self.order], self.starts)
        middle: Vector = (np.cumsum(totals) - totals / 2)[self.place]
        return middle


def _correlation(group: Integers, times: Vector, a: Vector, b: Vector) -> Vector:
    """For each group (sorted), the correlation of ``a`` and ``b`` counted ``times`` times; NaN where one does not vary."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    n = np.add.reduceat(times, starts)
    with np.errstate(divide="ignore", invalid="ignore"):
        a = a - (np.add.reduceat(times * a, starts) / n)[group]
        b = b - (np.add.reduceat(times * b, starts) / n)[group]
        counted = times * a
        ab, aa, bb = (np.add.reduceat(x, starts) for x in (counted * b, counted * a, times * b * b))
        correlation: Vector = ab / np.sqrt(aa * bb)
    return correlation


def _from_sums(sums: Vector, rank: Vector, mean: float) -> Vector:
    """The measures, shape (groups, MEASURES), from weighted sums over groups; log values have ``mean`` taken off."""
    n, y, p, yy, pp, yp, ee, inside = sums[:, :8].T
    both, poor, chosen = np.split(sums[:, 8:], 3, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = [
            1 - ee / (yy - y * y / n),
            rank,
            np.sqrt(ee / n),
            (yp - y * p / n) / (pp - p * p / n),
            (p - y) / n,
            inside / n,
            y / n + mean,
            p / n + mean,
        ]
        return np.column_stack([*plain, 1 - both / poor, 1 - both / chosen])
