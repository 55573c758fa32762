"""The proxy means test against published yardsticks, on the survey behind Alatas et al. (AER 2012).

The survey is not part of the project. ``DTSEN_SURVEY_DATA`` names the file; without it, it is looked for beside the
repository.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.pmt_study import __main__, study
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare import pmt

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "alatas2012_households.csv"
PATH = Path(os.environ.get("DTSEN_SURVEY_DATA", BESIDE))


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    if not PATH.is_file():
        pytest.skip("survey of Alatas et al. not found: set DTSEN_SURVEY_DATA to alatas2012_households.csv")
    return __main__.read_survey(PATH)


def test_a_survey_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such survey"):
        __main__.read_survey(tmp_path / "none.csv")


def test_out_of_sample_by_enumeration_area_it_beats_the_published_error(survey: pd.DataFrame) -> None:
    features = [name for name in survey.columns if name not in study.PLACES]
    found = study.cross_validate(
        survey, target="consumption", features=features, region=["province", "district"], group="ea", folds=5
    )
    assert found["r2"] >= 0.51
    assert found["korelasi_peringkat"] >= 0.69
    assert found["galat_sasaran_40"] <= 0.30


def test_its_interval_covers_what_it_says_on_areas_it_never_saw(survey: pd.DataFrame) -> None:
    areas = survey["ea"].drop_duplicates().sample(frac=0.3, random_state=0)
    away = survey["ea"].isin(areas)
    features = [name for name in survey.columns if name not in study.PLACES]
    model = pmt.fit(survey[~away], target="consumption", features=features, region="district", group="ea")
    truth = np.log(survey.loc[away, "consumption"])
    for level in (0.5, 0.8, 0.9):
        bounds = model.predict_interval(survey[away], level)
        assert truth.between(bounds["bawah"], bounds["atas"]).mean() == pytest.approx(level, abs=0.05)
    assert model.card["di_luar_sampel"]["r2"] > model.card["pembanding"]["r2"] - 0.02
