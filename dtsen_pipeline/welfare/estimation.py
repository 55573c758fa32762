"""Which terms the sum has, how strongly they are shrunk, and what they weigh.

What belongs here: selection by out-of-sample error over folds of whole sampling units, and the fit itself. All of it is
linear: Lasso chooses terms, ridge penalties shrink them, weighted least squares (statsmodels) gives the figures.

A ridge penalty on a region's dummy is the empirical-Bayes rule: with n surveyed households and penalty k, the region
keeps n / (n + k) of its own deviation and takes the rest from the level above (province, then nation).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from dtsen_pipeline.welfare.terms import Codes, Column, Matrix, Term, learn_columns

Integers = npt.NDArray[np.int64]

FOLDS = 5
SEED = 20250301
ENOUGH = 30
"""Surveyed households that a region needs before its own average fills a missing value."""
TERM_PENALTIES = (1.0, 10.0, 50.0)
REGION_PENALTIES = (3.0, 10.0, 30.0, 100.0)
LASSO_PATH = np.geomspace(1.0, 1e-3, 25)


@dataclass(frozen=True)
class Survey:
    """The usable rows: ``y`` log consumption, ``w`` weights of mean 1, ``group`` sampling unit, ``codes`` per region
    level."""

    frame: pd.DataFrame
    y: Matrix
    w: Matrix
    group: Integers
    codes: list[Codes]

    def take(self, rows: Integers) -> Survey:
        """The same survey cut to ``rows``."""
        return Survey(
            self.frame.iloc[rows], self.y[rows], self.w[rows], self.group[rows], [level[rows] for level in self.codes]
        )

    def folds(self, most: int = FOLDS, seed: int = SEED) -> list[tuple[Integers, Integers]]:
        """At most ``most`` pairs (training rows, held-out rows); a sampling unit is never on both sides."""
        from sklearn.model_selection import GroupKFold

        count = min(most, len(np.unique(self.group)))
        splitter = GroupKFold(count, shuffle=True, random_state=seed)
        return [
            (train.astype(np.int64), held.astype(np.int64)) for train, held in splitter.split(self.y, groups=self.group)
        ]


@dataclass(frozen=True)
class Equation:
    """A fitted sum. Vectors are aligned with ``terms``; ``region`` holds per level code -> (effect, standard error)."""

    columns: list[Column]
    terms: list[Term]
    konstanta: float
    konstanta_galat: float
    koefisien: Matrix
    galat: Matrix
    region: list[dict[str, tuple[float, float]]]
    fill: Matrix
    region_fill: list[dict[str, Matrix]]
    spread: dict[str, float]
    chosen: dict[str, float]
    dropped: dict[str, str]

    def values(self, frame: pd.DataFrame, codes: list[Codes]) -> tuple[Matrix, npt.NDArray[np.bool_]]:
        """Value of every term for every row, and per column whether the value had to be filled.

        A missing or unknown value is worth what it was worth on average in the survey, in the innermost region with
        ``ENOUGH`` surveyed households, else in the nation.
        """
        value = np.hstack(
            [column.values(frame[column.kolom]) for column in self.columns] or [np.empty((len(frame), 0))]
        )
        missing = np.isnan(value)
        filled = np.tile(self.fill, (len(frame), 1))
        for level, fills in zip(codes, self.region_fill, strict=True):
            for code, own in fills.items():
                rows = level == code
                filled[rows] = np.where(np.isnan(own), filled[rows], own)
        starts = np.cumsum([0, *(len(column.terms) for column in self.columns)])[:-1]
        return np.where(missing, filled, value), missing[:, starts]

    def contributions(self, frame: pd.DataFrame, codes: list[Codes]) -> tuple[Matrix, Matrix, npt.NDArray[np.bool_]]:
        """Per term and per region level what goes into the sum (without the constant), and the filled columns."""
        value, missing = self.values(frame, codes)
        regions = [
            np.array([effects.get(code, (0.0, 0.0))[0] for code in level])
            for effects, level in zip(self.region, codes, strict=True)
        ]
        return value * self.koefisien, np.column_stack(regions or [np.empty((len(frame), 0))]), missing

    def predict(self, frame: pd.DataFrame, codes: list[Codes]) -> Matrix:
        """The sum itself, one value a row."""
        terms, regions, _ = self.contributions(frame, codes)
        total: Matrix = self.konstanta + terms.sum(axis=1) + regions.sum(axis=1)
        return total


@dataclass(frozen=True)
class _Design:
    """Candidate terms with missing values filled and numbers over two standard deviations, and the region dummies."""

    x: Matrix
    scale: Matrix
    fill: Matrix
    region: Matrix
    region_keys: list[tuple[int, str]]
    region_fill: list[dict[str, Matrix]]


@contextmanager
def one_thread() -> Iterator[None]:
    """Keeps numeric libraries to one thread, so that sums run in one order and the same survey gives the same
    coefficients.

    It also keeps OpenMP's threads from spinning against other work of the machine: on two busy cores the trees of the
    challenger took ten times as long with two threads as with one.
    """
    import sklearn.ensemble  # noqa: F401  a limit reaches only the libraries that are already loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


def estimate(survey: Survey, features: list[str], categorical: list[str]) -> Equation:
    """Select and fit on all rows of ``survey``; deterministic for a given order of rows."""
    columns, dropped = learn_columns(survey.frame, features, survey.w, categorical)
    terms = [term for column in columns for term in column.terms]
    design = _design(survey, columns, terms)
    folds = survey.folds()
    kept = _lasso(design, survey, folds)
    penalty, region_penalty = _penalties(design, survey, folds, kept)
    return _fit(survey, columns, terms, design, kept, penalty, region_penalty, dropped)


def _design(survey: Survey, columns: list[Column], terms: list[Term]) -> _Design:
    raw = np.hstack([c.values(survey.frame[c.kolom]) for c in columns] or [np.empty((len(survey.y), 0))])
    fill = _means(raw, survey.w)
    region_fill: list[dict[str, Matrix]] = []
    filled = np.tile(fill, (len(raw), 1))
    for level in survey.codes:
        fills = {}
        for code in sorted(set(level) - {""}):
            rows = level == code
            enough = (~np.isnan(raw[rows])).sum(axis=0) >= ENOUGH
            if enough.any():
                fills[code] = np.where(enough, _means(raw[rows], survey.w[rows]), np.nan)
                filled[rows] = np.where(enough, fills[code], filled[rows])
        region_fill.append(fills)
    x = np.where(np.isnan(raw), filled, raw)
    mean = np.average(x, axis=0, weights=survey.w)
    deviation = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=survey.w))
    # Two standard deviations put numbers on the footing of yes/no terms (Gelman 2008), so one penalty serves both.
    number = np.array([term.jenis in ("angka", "log", "log1p") for term in terms], dtype=bool)
    scale = np.where(number & (deviation > 0), 2 * deviation, 1.0)
    keys = [(i, code) for i, level in enumerate(survey.codes) for code in sorted(set(level) - {""})]
    dummies = [(survey.codes[i] == code).astype(float) for i, code in keys]
    return _Design(x / scale, scale, fill, np.column_stack(dummies or [np.empty((len(x), 0))]), keys, region_fill)


def _means(value: Matrix, weight: Matrix) -> Matrix:
    known = ~np.isnan(value)
    total = (known * weight[:, None]).sum(axis=0)
    summed = (np.where(known, value, 0.0) * weight[:, None]).sum(axis=0)
    return np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)


def _lasso(design: _Design, survey: Survey, folds: list[tuple[Integers, Integers]]) -> npt.NDArray[np.bool_]:
    """Terms that the Lasso keeps at the strongest penalty within one standard error of the least out-of-sample error.

    On the survey behind Alatas et al. this halves the terms at no loss of precision; fewer terms are easier to read
    out.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LassoCV, lasso_path

    x = np.hstack([design.x, design.region])
    centred = x - np.average(x, axis=0, weights=survey.w)
    distinct = _distinct(centred[:, : design.x.shape[1]], survey.w)
    if not distinct.any():
        return distinct
    use = np.concatenate([distinct, np.ones(design.region.shape[1], dtype=bool)])
    x, centred = x[:, use], centred[:, use]
    largest = np.abs(centred.T @ (survey.w * survey.y)).max() / survey.w.sum()
    with warnings.catch_warnings():
        # The weak end of the path may stop before the last digit; it only proposes terms, the fit below is exact.
        warnings.simplefilter("ignore", ConvergenceWarning)
        cv = LassoCV(alphas=largest * LASSO_PATH, cv=folds, max_iter=2000).fit(x, survey.y, sample_weight=survey.w)
        error = cv.mse_path_.mean(axis=1)
        slack = cv.mse_path_[error.argmin()].std(ddof=1) / np.sqrt(len(folds))
        alpha = cv.alphas_[np.flatnonzero(error <= error.min() + slack)[0]]
        root = np.sqrt(survey.w)
        centred_y = survey.y - np.average(survey.y, weights=survey.w)
        path = lasso_path(centred * root[:, None], centred_y * root, alphas=[alpha], max_iter=2000)[1][:, 0]
    kept = np.zeros_like(distinct)
    kept[distinct] = path[: distinct.sum()] != 0
    return kept


def _distinct(centred: Matrix, weight: Matrix) -> npt.NDArray[np.bool_]:
    """False for a term that says exactly what an earlier one says (ln x beside ln x squared), or nothing at all."""
    covariance = centred.T @ (centred * weight[:, None])
    deviation = np.sqrt(np.diag(covariance))
    varies = deviation > 1e-9
    correlation = np.abs(covariance / np.outer(np.where(varies, deviation, 1), np.where(varies, deviation, 1)))
    repeats = (np.triu(correlation, k=1) > 1 - 1e-9).any(axis=0)
    distinct: npt.NDArray[np.bool_] = varies & ~repeats
    return distinct


def _penalties(
    design: _Design, survey: Survey, folds: list[tuple[Integers, Integers]], kept: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """The pair (term penalty, region penalty) with the least weighted squared error on held-out sampling units."""
    from scipy.linalg import solve

    terms = int(kept.sum())
    x = np.hstack([np.ones((len(survey.y), 1)), design.x[:, kept], design.region])
    regions = REGION_PENALTIES if design.region.shape[1] else REGION_PENALTIES[:1]
    error = {(a, b): 0.0 for a in TERM_PENALTIES for b in regions}
    for train, held in folds:
        weighted = x[train] * survey.w[train, None]
        gram, moment = weighted.T @ x[train], weighted.T @ survey.y[train]
        for a, b in error:
            ridge = np.concatenate([[1e-9], np.full(terms, a), np.full(design.region.shape[1], b)])
            beta = solve(gram + np.diag(ridge), moment, assume_a="pos")
            error[a, b] += float(survey.w[held] @ (survey.y[held] - x[held] @ beta) ** 2)
    return min(error, key=lambda pair: (error[pair], pair))


def _fit(
    survey: Survey,
    columns: list[Column],
    terms: list[Term],
    design: _Design,
    kept: npt.NDArray[np.bool_],
    penalty: float,
    region_penalty: float,
    dropped: dict[str, str],
) -> Equation:
    import statsmodels.api as sm

    # Ridge as pseudo-households: sqrt(penalty) times a coefficient, observed to be 0. Least squares then needs no
    # special case.
    n, p, r = len(survey.y), int(kept.sum()), design.region.shape[1]
    x = np.hstack([np.ones((n, 1)), design.x[:, kept], design.region])
    prior = np.diag(np.sqrt(np.concatenate([[0.0], np.full(p, penalty), np.full(r, region_penalty)])))[1:]
    fitted = sm.WLS(
        np.concatenate([survey.y, np.zeros(p + r)]),
        np.vstack([x, prior]),
        weights=np.concatenate([survey.w, np.ones(p + r)]),
    ).fit(
        method="qr",
        cov_type="cluster",
        cov_kwds={"groups": np.concatenate([survey.group, survey.group.max() + 1 + np.arange(p + r)])},
    )
    koefisien, galat = np.zeros(len(terms)), np.full(len(terms), np.nan)
    koefisien[kept] = np.round(fitted.params[1 : 1 + p] / design.scale[kept], 10)
    galat[kept] = fitted.bse[1 : 1 + p] / design.scale[kept]
    region: list[dict[str, tuple[float, float]]] = [{} for _ in survey.codes]
    for (level, code), effect, error in zip(
        design.region_keys, fitted.params[1 + p :], fitted.bse[1 + p :], strict=True
    ):
        region[level][code] = (round(float(effect), 10), float(error))

    # A column none of whose terms is kept leaves the model: a family that lacks it is not incomplete.
    used = {(term.kolom, term.jenis) for term, weight in zip(terms, koefisien, strict=True) if weight != 0}
    kolom_used = {kolom for kolom, _ in used}
    for column in columns:
        if column.kolom not in kolom_used:
            dropped[column.kolom] = "tidak menambah ketepatan / adds no precision out of sample"
    here = np.array([(term.kolom, term.jenis) in used for term in terms], dtype=bool)
    owner = np.array([term.kolom for term in terms], dtype=object)
    value = design.x * design.scale * koefisien
    spread = {}
    for name in sorted(kolom_used):
        part = value[:, owner == name].sum(axis=1)
        spread[name] = float(np.sqrt(np.average((part - np.average(part, weights=survey.w)) ** 2, weights=survey.w)))
    return Equation(
        columns=[
            replace(column, bentuk=tuple(form for form in column.bentuk if (column.kolom, form) in used))
            for column in columns
            if column.kolom in kolom_used
        ],
        terms=[term for term, keep in zip(terms, here, strict=True) if keep],
        konstanta=round(float(fitted.params[0]), 10),
        konstanta_galat=float(fitted.bse[0]),
        koefisien=koefisien[here],
        galat=galat[here],
        region=region,
        fill=design.fill[here],
        region_fill=[{code: own[here] for code, own in fills.items()} for fills in design.region_fill],
        spread=spread,
        chosen={"penalti_suku": penalty, "penalti_wilayah": region_penalty},
        dropped=dropped,
    )
