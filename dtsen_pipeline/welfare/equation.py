"""The survey that a sum is fitted on, and the fitted sum.

What belongs here: the two data classes between ``pmt`` and ``estimation``, and how a row is summed. How the sum is fitted is in
``estimation``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dtsen_pipeline.welfare.terms import Codes, Column, Matrix, Term

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FOLDS = 5
SEED = 20250301
MIN_REGION_HOUSEHOLDS = 30
"""Surveyed households that a region needs before its own average fills a missing value."""


@dataclass(frozen=True)
class Survey:
    """The usable rows: ``y`` log consumption, ``w`` weights of mean 1, ``group`` sampling unit, ``codes`` for each region level."""

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
        """Pairs (training rows, held-out rows), at most ``most``; a sampling unit is never on both sides."""
        from sklearn.model_selection import GroupKFold

        count = min(most, len(np.unique(self.group)))
        splitter = GroupKFold(count, shuffle=True, random_state=seed)
        return [
            (train.astype(np.int64), held.astype(np.int64)) for train, held in splitter.split(self.y, groups=self.group)
        ]


@dataclass(frozen=True)
class Equation:
    """A fitted sum; all values are in log points.

    ``koefisien``, ``galat`` (their standard errors) and ``fill`` (the mean of each term in the survey) are aligned with ``terms``;
    ``region_fill`` has for each region level code -> the means of that region, NaN where it has too few households. ``region``:
    for each level code -> (effect, standard error). ``spread``: column -> standard deviation over the survey of what it adds.
    ``chosen``: the penalties; ``dropped``: feature -> why it is not in the sum.
    """

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

    def values(self, frame: pd.DataFrame, codes: list[Codes]) -> tuple[Matrix, Flags]:
        """The value of every term for every row, and for every column whether its value had to be filled.

        A missing or unknown value counts as its average in the survey: in the innermost region with ``MIN_REGION_HOUSEHOLDS``
        surveyed households, else in the nation.
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

    def contributions(self, frame: pd.DataFrame, codes: list[Codes]) -> tuple[Matrix, Matrix, Flags]:
        """What each term and each region level add to the sum (without the constant), and which columns were filled."""
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
