"""Measures the proxy means test on a household survey, out of sample.

What belongs here: repeated cross-validation by sampling unit, and the command that prints it:

    python -m dtsen_pipeline.welfare.evaluation --survey households.csv

The defaults are the columns of the survey behind Alatas, Banerjee, Hanna, Olken and Tobias, "Targeting the Poor" (AER
2012), as cleaned by Follett and Henderson; published error of that paper's proxy means test: 0.30.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare import pmt
from dtsen_pipeline.welfare.estimation import estimate, one_thread
from dtsen_pipeline.welfare.metrics import measure

PLACES = ("hhid", "province", "district", "subdistrict", "ea", "consumption")
BELONGINGS = (
    "pcfloor", "ac", "computer", "radio", "tv", "dvd", "satellite", "gas", "refrigerator", "bicycle", "motorcycle",
    "auto", "hp", "jewelry", "chicken", "cow",
)  # fmt: skip
"""What families known from P3KE alone lack: floor area, assets, livestock."""


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Print R2, rank correlation and targeting errors: the sum, without regions, and for families without
    belongings."""
    parser = argparse.ArgumentParser(prog="python -m dtsen_pipeline.welfare.evaluation", description=__doc__)
    parser.add_argument("--survey", type=Path, required=True, help="CSV of households")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1, help="repetitions with other folds; the mean is printed")
    chosen = parser.parse_args(arguments)
    frame = read_survey(chosen.survey)
    features = [name for name in frame.columns if name not in PLACES]
    housing = [name for name in features if name not in BELONGINGS]
    regions = ["province", "district"]
    cases: dict[str, tuple[list[str], list[str] | None, Sequence[str]]] = {
        "PMT, provinsi dan kabupaten/province and district": (features, regions, ()),
        "PMT tanpa wilayah/without regions": (features, None, ()),
        "Tanpa harta, diisi rata-rata/no belongings, filled": (features, regions, BELONGINGS),
        "Tanpa harta, model ringkas/no belongings, short sum": (housing, regions, ()),
    }
    table = {}
    for name, (columns, region, blank) in cases.items():
        runs = [
            cross_validate(
                frame,
                target="consumption",
                features=columns,
                region=region,
                group="ea",
                folds=chosen.folds,
                seed=seed,
                blank=blank,
            )
            for seed in range(chosen.seeds)
        ]
        table[name] = pd.DataFrame(runs).mean()
    print(f"{len(frame)} rumah tangga/households, {frame['ea'].nunique()} unit, {chosen.folds} lipatan/folds by ea")
    print(pd.DataFrame(table).T.round(4).to_string())


def read_survey(path: Path) -> pd.DataFrame:
    """The survey's CSV; raises InputError where it is absent or lacks its columns."""
    if not path.is_file():
        raise InputError("berkas survei tidak ada / no such survey file", file=path, action="beri --survey PATH")
    frame = pd.read_csv(path)
    if missing := [name for name in PLACES if name not in frame.columns]:
        raise InputError(
            f"kolom tidak ada / columns missing: {', '.join(missing)}", file=path, expected=", ".join(PLACES)
        )
    return frame


if __name__ == "__main__":
    main()
