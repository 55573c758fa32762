"""How well a ranking by score finds the poor.

What belongs here: the measures, as functions of true and predicted log consumption. Who is measured, and on which
folds, is said in ``evaluation`` and ``pmt``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

SHARES = (0.1, 0.2, 0.3, 0.4)
"""The poorest shares at which targeting is measured; programmes cut between the first and the fifth tenth."""


def r_squared(actual: Vector, predicted: Vector, weight: Vector | None = None) -> float:
    """Share of the variance of ``actual`` explained; below 0 where the mean alone does better."""
    w = np.ones_like(actual) if weight is None else weight
    total = np.sum(w * (actual - np.average(actual, weights=w)) ** 2)
    return float(1 - np.sum(w * (actual - predicted) ** 2) / total) if total > 0 else float("nan")


def rank_correlation(actual: Vector, predicted: Vector) -> float:
    """Spearman's rank correlation, unweighted: the ranking is over families as they stand."""
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
    poor, chosen = _poorest(actual, w, share), _poorest(predicted, w, share)
    return float(1 - w[poor & chosen].sum() / w[poor].sum())


def _poorest(value: Vector, weight: Vector, share: float) -> npt.NDArray[np.bool_]:
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order]) - weight[order] / 2
    inside = np.zeros(len(value), dtype=bool)
    inside[order[reached <= share * weight.sum()]] = True
    return inside


def measure(actual: Vector, predicted: Vector, weight: Vector | None = None) -> dict[str, float]:
    """R2, rank correlation, root mean squared error and the targeting errors, rounded to four digits.

    ``actual`` and ``predicted`` are log per-capita consumption, one entry a household, same order.
    """
    w = np.ones_like(actual) if weight is None else weight
    found = {
        "r2": r_squared(actual, predicted, w),
        "korelasi_peringkat": rank_correlation(actual, predicted),
        "rmse": float(np.sqrt(np.average((actual - predicted) ** 2, weights=w))),
    }
    for share in SHARES:
        found[f"galat_sasaran_{round(share * 100)}"] = targeting_error(actual, predicted, share, w)
    return {name: round(value, 4) for name, value in found.items()}
