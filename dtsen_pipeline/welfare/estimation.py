"""Choose which terms the sum has and how strongly they are shrunk, and estimate what they weigh.

What belongs here: selection by out-of-sample error over folds of whole sampling units, and the fit itself. All of it is linear:
Lasso (scikit-learn) chooses terms, ridge penalties shrink them, weighted least squares (statsmodels) gives the errors.

A ridge penalty on a region's dummy is the empirical-Bayes rule: with n surveyed households and penalty k, the region keeps n / (n
+ k) of its own deviation and takes the rest from the level above (province, then nation). Dummies are sparse, so the 514 regencies
of a national survey cost no more than the terms do.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dtsen_pipeline.welfare.equation import MIN_REGION_HOUSEHOLDS, Equation, Flags, Integers, Survey
from dtsen_pipeline.welfare.terms import Codes, Column, Matrix, Term, learn_columns

TERM_PENALTIES = (1.0, 10.0, 50.0, 200.0)
REGION_PENALTIES = (3.0, 10.0, 30.0, 100.0)
SWEEP = 10.0
"""Penalty with which regions are taken out before terms are chosen; the fit chooses its own."""
LASSO_PATH = np.geomspace(1.0, 3e-3, 20)

Fold = tuple[Integers, Integers]


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep numeric libraries to one thread: sums then run in one order, and the same survey gives the same coefficients.

    It also keeps OpenMP's threads from spinning against other work of the machine: on two busy cores the trees of the challenger
    took ten times as long with two threads as with one.
    """
    import sklearn.ensemble  # noqa: F401  a limit reaches only the libraries that are already loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@dataclass(frozen=True)
class _Design:
    """Candidate terms, filled and scaled, and the sparse dummies of each region level.

    ``x``: rows x terms, missing values filled, divided by ``scale`` (two standard deviations of a number, else 1). ``fill`` and
    ``region_fill`` are as in ``Equation``, before selection. ``region_keys``: (level, code) of each dummy.
    """

    x: Matrix
    scale: Matrix
    fill: Matrix
    region: list[Any]
    region_keys: list[tuple[int, str]]
    region_fill: list[dict[str, Matrix]]


def estimate(survey: Survey, features: list[str], categorical: list[str], *, errors: bool = False) -> Equation:
    """Select terms and fit them on all rows of ``survey``; the same rows in the same order give the same sum.

    ``errors``: with standard errors, else they are NaN.
    """
    columns, dropped = learn_columns(survey.frame, features, survey.w, categorical)
    terms = [term for column in columns for term in column.terms]
    design = _design(survey, columns, terms)
    folds = survey.folds()
    kept = _whole_categories(terms, _lasso(design, survey, folds))
    term_penalty, region_penalty = _penalties(design, survey, folds, kept)
    normal = _normal(design, survey, kept, np.arange(len(survey.y)))
    beta = _solve(*normal, int(kept.sum()), term_penalty, region_penalty)
    own = beta[: 1 + kept.sum()]
    effects = beta[1 + kept.sum() :]
    galat = np.full(len(own), np.nan)
    region_galat = np.full(len(effects), np.nan)
    if errors:
        galat, region_galat = _errors(design, survey, kept, effects, term_penalty, region_penalty)
    region: list[dict[str, tuple[float, float]]] = [{} for _ in survey.codes]
    for (level, code), effect, error in zip(design.region_keys, effects, region_galat, strict=True):
        region[level][code] = (round(float(effect), 10), float(error))
    koefisien, term_galat = np.zeros(len(terms)), np.full(len(terms), np.nan)
    koefisien[kept] = np.round(own[1:] / design.scale[kept], 10)
    term_galat[kept] = galat[1:] / design.scale[kept]

    # A column none of whose terms is kept leaves the model: a family that lacks it is not incomplete.
    used = {(term.kolom, term.jenis) for term, keep in zip(terms, kept, strict=True) if keep}
    kolom_used = {kolom for kolom, _ in used}
    for column in columns:
        if column.kolom not in kolom_used:
            dropped[column.kolom] = "tidak menambah ketepatan / adds no precision out of sample"
    return Equation(
        columns=[
            replace(column, bentuk=tuple(form for form in column.bentuk if (column.kolom, form) in used))
            for column in columns
            if column.kolom in kolom_used
        ],
        terms=[term for term, keep in zip(terms, kept, strict=True) if keep],
        konstanta=round(float(own[0]), 10),
        konstanta_galat=float(galat[0]),
        koefisien=koefisien[kept],
        galat=term_galat[kept],
        region=region,
        fill=design.fill[kept],
        region_fill=[{code: fill[kept] for code, fill in fills.items()} for fills in design.region_fill],
        spread=_spread(design.x * design.scale * koefisien, terms, sorted(kolom_used), survey.w),
        chosen={"penalti_suku": term_penalty, "penalti_wilayah": region_penalty},
        dropped=dropped,
    )


def _design(survey: Survey, columns: list[Column], terms: list[Term]) -> _Design:
    raw = np.hstack([c.values(survey.frame[c.kolom]) for c in columns] or [np.empty((len(survey.y), 0))])
    fill = _means(raw, survey.w)
    region_fill: list[dict[str, Matrix]] = []
    filled = np.tile(fill, (len(raw), 1))
    for level in survey.codes:
        fills = {}
        for code in sorted(set(level) - {""}):
            rows = level == code
            enough = (~np.isnan(raw[rows])).sum(axis=0) >= MIN_REGION_HOUSEHOLDS
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
    region, keys = [], []
    for i, level in enumerate(survey.codes):
        names = sorted(set(level) - {""})
        keys += [(i, code) for code in names]
        region.append(_dummies(level, names))
    return _Design(x / scale, scale, fill, region, keys, region_fill)


def _dummies(level: Codes, names: list[str]) -> Any:
    from scipy.sparse import csr_matrix

    at = {code: i for i, code in enumerate(names)}
    rows = np.flatnonzero(level != "")
    return csr_matrix((np.ones(len(rows)), (rows, [at[code] for code in level[rows]])), shape=(len(level), len(names)))


def _means(value: Matrix, weight: Matrix) -> Matrix:
    """Weighted mean of the known values of each column; 0 where none is known."""
    known = ~np.isnan(value)
    total = (known * weight[:, None]).sum(axis=0)
    summed = (np.where(known, value, 0.0) * weight[:, None]).sum(axis=0)
    means: Matrix = np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)
    return means


def _lasso(design: _Design, survey: Survey, folds: list[Fold]) -> Flags:
    """Terms that the Lasso keeps at the strongest penalty within half a standard error of the least out-of-sample error.

    On the survey behind Alatas et al. this halves the terms at no loss of precision; fewer are easier to read out.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LassoCV, lasso_path

    x = _swept(design.x, design.region, survey.w)
    distinct = _distinct(x, survey.w)
    if not distinct.any():
        return distinct
    x, y = x[:, distinct], _swept(survey.y[:, None], design.region, survey.w)[:, 0]
    largest = np.abs(x.T @ (survey.w * y)).max() / survey.w.sum()
    with warnings.catch_warnings():
        # The weak end of the path may stop before it has converged; it only proposes terms, the fit is exact.
        warnings.simplefilter("ignore", ConvergenceWarning)
        cv = LassoCV(alphas=largest * LASSO_PATH, cv=folds, max_iter=2000).fit(x, y, sample_weight=survey.w)
        error = cv.mse_path_.mean(axis=1)
        slack = cv.mse_path_[error.argmin()].std(ddof=1) / np.sqrt(len(folds)) / 2
        alpha = cv.alphas_[np.flatnonzero(error <= error.min() + slack)[0]]
        root = np.sqrt(survey.w)
        coefficients = lasso_path(x * root[:, None], y * root, alphas=[alpha], max_iter=2000)[1][:, 0]
    kept = np.zeros_like(distinct)
    kept[distinct] = coefficients != 0
    return kept


def _swept(value: Matrix, region: list[Any], weight: Matrix) -> Matrix:
    """Columns of ``value`` less their means, then level by level less the shrunken means of the regions."""
    rest = value - np.average(value, axis=0, weights=weight)
    for level in region:
        total = level.T @ weight + SWEEP
        rest = rest - level @ ((level.T @ (rest * weight[:, None])) / total[:, None])
    return rest - np.average(rest, axis=0, weights=weight)


def _whole_categories(terms: list[Term], kept: Flags) -> Flags:
    """Keep all categories of a column where one is kept: else a bamboo floor would count as ceramic because it is rare."""
    alive = {term.kolom for term, keep in zip(terms, kept, strict=True) if keep and term.jenis == "kategori"}
    whole: Flags = kept | np.array([term.jenis == "kategori" and term.kolom in alive for term in terms], dtype=bool)
    return whole


def _distinct(centred: Matrix, weight: Matrix) -> Flags:
    """False for a term that repeats an earlier one exactly (ln x squared beside ln x), or that does not vary."""
    covariance = centred.T @ (centred * weight[:, None])
    deviation = np.sqrt(np.diag(covariance))
    varies = deviation > 1e-9
    correlation = np.abs(covariance / np.outer(np.where(varies, deviation, 1), np.where(varies, deviation, 1)))
    repeats = (np.triu(correlation, k=1) > 1 - 1e-9).any(axis=0)
    distinct: Flags = varies & ~repeats
    return distinct


def _normal(design: _Design, survey: Survey, kept: Flags, rows: Integers) -> tuple[Matrix, Matrix]:
    """The normal equations of ``rows`` for the constant, the kept terms and the regions: (X'WX, X'Wy)."""
    from scipy.sparse import csr_matrix, hstack

    x = np.column_stack([np.ones(len(rows)), design.x[np.ix_(rows, np.flatnonzero(kept))]])
    region = hstack([csr_matrix((len(rows), 0)), *(level[rows] for level in design.region)], format="csr")
    w = survey.w[rows]
    xw, rw = x * w[:, None], region.multiply(w[:, None]).tocsr()
    across = rw.T @ x
    gram = np.block([[x.T @ xw, across.T], [across, (region.T @ rw).toarray()]])
    return gram, np.concatenate([xw.T @ survey.y[rows], rw.T @ survey.y[rows]])


# Ridge coefficients of the normal equations; the constant is not penalised.
def _solve(gram: Matrix, moment: Matrix, terms: int, term_penalty: float, region_penalty: float) -> Matrix:
    from scipy.linalg import solve

    ridge = np.full(len(moment), region_penalty)
    ridge[: 1 + terms] = term_penalty
    ridge[0] = 0.0
    beta: Matrix = solve(gram + np.diag(ridge), moment, assume_a="pos")
    return beta


def _penalties(design: _Design, survey: Survey, folds: list[Fold], kept: Flags) -> tuple[float, float]:
    """The pair (term penalty, region penalty) with the least weighted squared error on held-out sampling units."""
    parts = [_normal(design, survey, kept, held) for _, held in folds]
    gram, moment = sum(part[0] for part in parts), sum(part[1] for part in parts)
    total = sum(float(survey.w[held] @ survey.y[held] ** 2) for _, held in folds)
    regions = REGION_PENALTIES if design.region_keys else REGION_PENALTIES[:1]
    error = {}
    for pair in ((a, b) for a in TERM_PENALTIES for b in regions):
        error[pair] = total
        for own_gram, own_moment in parts:
            beta = _solve(gram - own_gram, moment - own_moment, int(kept.sum()), *pair)
            error[pair] += float(beta @ own_gram @ beta - 2 * beta @ own_moment)
    return min(error, key=lambda pair: (error[pair], pair))


def _errors(
    design: _Design, survey: Survey, kept: Flags, effects: Matrix, term_penalty: float, region_penalty: float
) -> tuple[Matrix, Matrix]:
    """Standard errors of constant and terms, clustered by sampling unit, given the regions; and those of the regions."""
    import statsmodels.api as sm

    levels = np.cumsum([0, *(level.shape[1] for level in design.region)])
    offset = sum(
        (level @ effects[start:end] for level, start, end in zip(design.region, levels, levels[1:], strict=False)),
        np.zeros(len(survey.y)),
    )
    # The penalty as pseudo-households, in which sqrt(penalty) times a coefficient is observed to be 0: the library has no ridge.
    terms = int(kept.sum())
    prior = np.sqrt(term_penalty) * np.eye(terms + 1)[1:]
    fitted = sm.WLS(
        np.concatenate([survey.y - offset, np.zeros(terms)]),
        np.vstack([np.column_stack([np.ones(len(survey.y)), design.x[:, kept]]), prior]),
        weights=np.concatenate([survey.w, np.ones(terms)]),
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": np.concatenate([survey.group, survey.group.max() + 1 + np.arange(terms)])},
    )
    variance = np.average(fitted.resid[: len(survey.y)] ** 2, weights=survey.w)
    surveyed = np.concatenate([np.zeros(0), *(level.T @ survey.w for level in design.region)])
    return fitted.bse, np.sqrt(variance / (surveyed + region_penalty))


def _spread(value: Matrix, terms: list[Term], names: list[str], weight: Matrix) -> dict[str, float]:
    """Standard deviation over the survey of what each column adds: the error that an average in its place brings."""
    owner = np.array([term.kolom for term in terms], dtype=object)
    spread = {}
    for name in names:
        part = value[:, owner == name].sum(axis=1)
        spread[name] = float(np.sqrt(np.average((part - np.average(part, weights=weight)) ** 2, weights=weight)))
    return spread
