"""Measure the proxy means test on a household survey, out of sample.

What belongs here: cross-validation by sampling unit, areas held out whole, and what the sum is compared with. The columns are those
of the survey behind Alatas, Banerjee, Hanna, Olken and Tobias, "Targeting the Poor" (AER 2012), as cleaned by Follett and
Henderson. A column ``urban`` (0/1), which that file lacks, adds a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dtsen_pipeline.welfare import pmt, report
from dtsen_pipeline.welfare.estimation import estimate, one_thread
from dtsen_pipeline.welfare.metrics import (
    Bootstrap,
    Row,
    bootstrap,
    measure,
)

PLACES = ("hhid", "province", "district", "subdistrict", "ea", "consumption")


BELONGINGS = (
    "pcfloor", "ac", "computer", "radio", "tv", "dvd", "satellite", "gas", "refrigerator", "bicycle", "motorcycle",
    "auto", "hp", "jewelry", "chicken", "cow",
)  # fmt: skip


"""What families known from P3KE alone lack: floor area, assets, livestock."""


REGIONS = ["province", "district"]


REPLICATES = 1000


HELD_OUT, SEEDS = 0.2, 5


LEVELS = (0.5, 0.8, 0.9)


Vector = npt.NDArray[np.float64]


Rows = dict[tuple[str, str], Row]


def cross_validate(
    frame: pd.DataFrame,
    *,
    target: str,
    features: Sequence[str],
    region: str | Sequence[str] | None = None,
    group: str,
    folds: int = 10,
    seed: int = 0,
    blank: Sequence[str] = (),
) -> dict[str, float]:
    """Measures over all households, each predicted by a model that never saw its sampling unit.

    Selection of terms and penalties is repeated inside every fold. ``blank``: columns emptied before predicting.
    """
    survey, _, _ = pmt.usable(frame, target, region=region, group=group)
    predicted = np.empty_like(survey.y)
    with one_thread():
        for train, held in survey.folds(folds, seed):
            rest = survey.take(held)
            equation = estimate(survey.take(train), list(features), [])
            predicted[held] = equation.predict(rest.frame.assign(**dict.fromkeys(blank, np.nan)), rest.codes)
    return measure(survey.y, predicted)


def held_out(frame: pd.DataFrame, features: Sequence[str], seeds: int = SEEDS, share: float = HELD_OUT) -> pd.DataFrame:
    """Measures on enumeration areas that no part of the fit has seen, one row a draw of ``share`` of the areas.

    Columns: those of ``measure``, the same of plain OLS as ols_*, and cakupan_* of ``predict_interval`` at each of
    ``LEVELS``. Raises InputError as ``pmt.fit`` does.
    """
    found = []
    areas = np.sort(frame["ea"].unique())
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).permutation(areas)[: max(1, round(share * len(areas)))]
        away = frame["ea"].isin(drawn)
        model = pmt.fit(
            frame[~away], target="consumption", features=features, region=REGIONS, group="ea", challenger=False
        )
        truth = np.log(frame.loc[away, "consumption"].to_numpy(dtype=float))
        row = measure(truth, model.predict(frame[away]).to_numpy())
        plain = _least_squares(
            plain_design(frame, features), np.log(frame["consumption"].to_numpy(dtype=float)), ~away, away
        )
        row |= {f"ols_{name}": value for name, value in measure(truth, plain).items()}
        for level in LEVELS:
            bounds = model.predict_interval(frame[away], level)
            inside = (truth >= bounds["bawah"]) & (truth <= bounds["atas"])
            row[f"cakupan_{round(level * 100)}"] = float(inside.mean())
        found.append(row)
    return pd.DataFrame(found)


def least_squares(sample: pd.DataFrame, design: Vector) -> pd.DataFrame:
    """Score ``sample`` (as ``PmtModel.luar_sampel``) by plain OLS on the same folds, without selection or shrinkage."""
    score = np.empty(len(sample))
    fold = sample["lipatan"].to_numpy()
    y = sample["nyata"].to_numpy(dtype=float)
    for number in np.unique(fold):
        score[fold == number] = _least_squares(design, y, fold != number, fold == number)
    return sample.assign(skor=score)


def _least_squares(design: Vector, y: Vector, train: npt.ArrayLike, held: npt.ArrayLike) -> Vector:
    from sklearn.linear_model import LinearRegression

    rows, rest = np.asarray(train), np.asarray(held)
    with one_thread():
        predicted: Vector = LinearRegression().fit(design[rows], y[rows]).predict(design[rest])
    return predicted


def plain_design(frame: pd.DataFrame, features: Sequence[str], places: str | None = None) -> Vector:
    """Columns as delivered; with ``places`` a dummy for every value of it but the first."""
    own = frame[list(features)].to_numpy(dtype=float)
    if places is None:
        return own
    return np.hstack([own, pd.get_dummies(frame[places], drop_first=True).to_numpy(dtype=float)])


def groups_of(frame: pd.DataFrame) -> dict[str, Sequence[str]]:
    """Labels of the reported groups for a survey in the columns of ``PLACES`` and the head's ``hhmale``, ``hhage``."""
    groups: dict[str, Sequence[str]] = {"provinsi": frame["province"].astype(str).tolist()}
    if "urban" in frame:
        groups["daerah"] = frame["urban"].map({1: "kota", 0: "desa"}).fillna("").tolist()
    return groups | report.household_groups(frame["hhsize"], frame["hhmale"].map({1: True, 0: False}), frame["hhage"])


@dataclass(frozen=True)
class Findings:
    """What the page says: ``ours`` by group, the ``others`` on the same folds, areas held out whole (``away``)."""

    model: pmt.PmtModel
    ours: Bootstrap
    others: dict[str, Bootstrap]
    short: Bootstrap
    away: pd.DataFrame
    urban: bool


def examine(frame: pd.DataFrame, replicates: int = REPLICATES, seeds: int = SEEDS) -> Findings:
    """Fit the sum and what it is compared with on ``frame`` and measure all of them. Raises InputError as ``pmt.fit``."""
    frame = frame[frame["consumption"] > 0].reset_index(drop=True)
    features = [name for name in frame.columns if name not in PLACES]
    housing = [name for name in features if name not in BELONGINGS]
    model = pmt.fit(frame, target="consumption", features=features, region=REGIONS, group="ea")
    short = pmt.fit(frame, target="consumption", features=housing, region=REGIONS, group="ea", challenger=False)
    sample = model.luar_sampel
    others = {
        "OLS": least_squares(sample, plain_design(frame, features)),
        "OLS + district": least_squares(sample, plain_design(frame, features, "district")),
        "boosting": sample.assign(skor=sample["pembanding"]),
    }
    return Findings(
        model=model,
        ours=report.measure_groups(sample, groups_of(frame), replicates),
        others={name: bootstrap(other, {}, replicates) for name, other in others.items()},
        short=bootstrap(short.luar_sampel, {}, replicates),
        away=held_out(frame, features, seeds),
        urban="urban" in frame,
    )
