"""The proxy means test: log per-capita consumption as a sum that can be read out to a family.

What belongs here: fitting a survey (``fit``), what a fitted model can do (``PmtModel``) and what is reported about it (the card).
Terms are in ``terms``, selection and estimation in ``estimation``, the monthly tables in ``scoring``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare.equation import MIN_REGION_HOUSEHOLDS, SEED, Equation, Integers, Survey
from dtsen_pipeline.welfare.estimation import estimate, one_thread
from dtsen_pipeline.welfare.labels import term_label
from dtsen_pipeline.welfare.metrics import measure, quantiles, within_band
from dtsen_pipeline.welfare.terms import Column, Matrix, Regions, learn_columns, require_columns

MIN_ROWS = 20
"""Usable households without which no sum is fitted: two folds of ten say nothing about error."""


@dataclass(frozen=True)
class PmtModel:
    """A fitted proxy means test.

    sigma: standard error of one household's score, out of sample (log points). reach: quantiles of the size of that error in units
    of sigma, evenly spaced from 0 to 1; measured, since errors are more peaked than the normal distribution.

    luar_sampel: what a report is made of, one row a usable household with its index in the survey: nyata and skor (log
    consumption, true and out of sample), pembanding (the challenger's score, where it was fitted), penimbang (mean 1), unit,
    lipatan, dalam_90 (true value within the 90 % band whose width the other folds gave).
    """

    equation: Equation
    regions: Regions
    sigma: float
    reach: Matrix = field(repr=False)
    card: dict[str, Any] = field(repr=False)
    luar_sampel: pd.DataFrame = field(repr=False)

    @property
    def version(self) -> str:
        """Name of the model, made from its coefficients: the same coefficients always give the same name."""
        rows = self._rows()
        text = "\n".join(f"{row['term']}|{row['nilai']}|{row['koefisien']:.9f}" for row in rows)
        return "pmt-" + hashlib.sha256(text.encode()).hexdigest()[:10]

    def predict(self, frame: pd.DataFrame) -> pd.Series:
        """Log per-capita consumption, one value a row with the index of ``frame``. Never missing: see ``imputed``.

        Raises InputError where ``frame`` lacks a column of the model.
        """
        return self.contributions(frame).sum(axis=1).rename("skor")

    def predict_interval(self, frame: pd.DataFrame, level: float = 0.9) -> pd.DataFrame:
        """Columns bawah, skor, atas: a household's own log consumption lies between bawah and atas with probability ``level``.

        The width comes from errors out of sample, and grows with every value that had to be filled. Raises InputError where
        ``level`` is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise InputError(f"level {level}", expected="0 < level < 1")
        score = self.predict(frame)
        half = np.interp(level, np.linspace(0, 1, len(self.reach)), self.reach) * self.error(frame)
        return pd.DataFrame({"bawah": score - half, "skor": score, "atas": score + half})

    def contributions(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What every term adds, one column a term (konstanta first, regions last); the sum of a row is its score."""
        require_columns(frame, [*(column.kolom for column in self.equation.columns), *self.regions.kolom])
        terms, regions, _ = self.equation.contributions(frame, self.regions.codes(frame))
        names = [
            "konstanta",
            *(term.name for term in self.equation.terms),
            *(f"wilayah:{x}" for x in self.regions.levels),
        ]
        values = np.hstack([np.full((len(frame), 1), self.equation.konstanta), terms, regions])
        return pd.DataFrame(values, index=frame.index, columns=names)

    def imputed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One yes/no column a feature: whether the value is missing, unreadable or a category that the survey does not know."""
        require_columns(frame, [column.kolom for column in self.equation.columns])
        _, _, missing = self.equation.contributions(frame, self.regions.codes(frame))
        return pd.DataFrame(missing, index=frame.index, columns=[column.kolom for column in self.equation.columns])

    def error(self, frame: pd.DataFrame) -> pd.Series:
        """Standard error of each row's score, in log points."""
        spread = np.array([self.equation.spread[column.kolom] for column in self.equation.columns])
        filled = self.imputed(frame).to_numpy(dtype=float)
        return pd.Series(np.sqrt(self.sigma**2 + filled @ spread**2), index=frame.index, name="galat")

    @property
    def coefficients(self) -> pd.DataFrame:
        """The sum as a table, one row a term.

        Columns: urutan, term, label, label_en, jenis, kolom, nilai, batas_bawah, batas_atas, koefisien, galat_baku (clustered by
        sampling unit), versi_model.
        """
        table = pd.DataFrame(self._rows())
        table.insert(0, "urutan", range(1, len(table) + 1))
        table["versi_model"] = self.version
        return table

    @property
    def fills(self) -> pd.DataFrame:
        """What a missing value adds, as a table: kolom, tingkat ('nasional' or a region level), kode, kontribusi, simpangan.

        ``simpangan`` is the standard deviation over the survey of what is replaced.
        """
        equation = self.equation
        owner = np.array([term.kolom for term in equation.terms], dtype=object)
        sources = [("nasional", "", equation.fill)]
        for level, fills in zip(self.regions.levels, equation.region_fill, strict=True):
            sources += [(level, code, own) for code, own in fills.items()]
        rows = [
            (column.kolom, level, code, float((own * equation.koefisien)[owner == column.kolom].sum()))
            for level, code, own in sources
            for column in equation.columns
        ]
        table = pd.DataFrame(rows, columns=["kolom", "tingkat", "kode", "kontribusi"]).dropna()
        table["simpangan"] = table["kolom"].map(equation.spread)
        return table.reset_index(drop=True)

    def _rows(self) -> list[dict[str, Any]]:
        equation = self.equation
        rows = [_row("konstanta", "konstanta", None, None, equation.konstanta, equation.konstanta_galat)]
        position = 0
        for column in equation.columns:
            for term in column.terms:
                row = _row(term.name, term.jenis, term.kolom, term.nilai, equation.koefisien[position])
                row["galat_baku"] = float(equation.galat[position])
                if column.jenis != "kategori":
                    row["batas_bawah"], row["batas_atas"] = column.bawah, column.atas
                rows.append(row)
                position += 1
        for level, effects in zip(self.regions.levels, equation.region, strict=True):
            rows += [_row(f"wilayah:{level}", "wilayah", level, code, *effect) for code, effect in effects.items()]
        return rows


def _row(
    term: str, jenis: str, kolom: str | None, nilai: str | None, koefisien: float, galat: float = float("nan")
) -> dict[str, Any]:
    label = term_label(jenis, kolom, nilai)
    return {
        "term": term,
        "label": label.id,
        "label_en": label.en,
        "jenis": jenis,
        "kolom": kolom,
        "nilai": nilai,
        "batas_bawah": float("nan"),
        "batas_atas": float("nan"),
        "koefisien": float(koefisien),
        "galat_baku": float(galat),
    }


def fit(
    frame: pd.DataFrame,
    *,
    target: str,
    features: Sequence[str],
    weight: str | None = None,
    region: str | Sequence[str] | None = None,
    group: str | None = None,
    categorical: Sequence[str] = (),
    challenger: bool = True,
) -> PmtModel:
    """Fit log(``target``) on ``features`` of a household survey, one row a household.

    target: per-capita consumption a month, any currency, above 0; rows without it are left out and counted in the card.

    features: numbers, yes/no, or categories (text, columns named ``kd_*``/``kode_*``, or named in ``categorical``).

    weight: survey weight, not negative.

    region: where the household lives; one column (4-digit regency codes are nested in their province) or several from the outer
    level to the inner one.

    group: sampling unit (enumeration area). Selection and every reported error keep the households of a unit together, all in
    training or all held out. Without it every household is a unit of its own.

    challenger: also fit gradient boosting, for the card and ``luar_sampel`` alone.

    Raises InputError for a missing column, a target among the features, a negative weight, or fewer than 20 usable rows.
    Deterministic: the same rows in the same order give the same coefficients.
    """
    features = list(dict.fromkeys(features))
    if not features:
        raise InputError("tidak ada peubah / no features", expected="sedikitnya satu kolom / at least one column")
    if target in features:
        raise InputError(
            f"'{target}' adalah sasaran dan peubah sekaligus / is target and feature at once",
            action="hapus dari features / take it out of features",
        )
    regions_named = [region] if isinstance(region, str) else list(region or [])
    require_columns(frame, [target, *features, *filter(None, [weight, group]), *regions_named])
    survey, regions, left_out = usable(frame, target, weight=weight, region=region, group=group)
    with one_thread():
        equation = estimate(survey, features, list(categorical), errors=True)
        predicted, boosted = _out_of_sample(survey, features, list(categorical), challenger)
    residual = survey.y - predicted
    sigma = float(np.sqrt(np.average(residual**2, weights=survey.w)))
    reach = quantiles(np.abs(residual) / sigma, survey.w) if sigma > 0 else np.zeros(2)
    inside = equation.predict(survey.frame, survey.codes)
    outside = pd.DataFrame({"nyata": survey.y, "skor": predicted}, index=survey.frame.index)
    if challenger:
        outside["pembanding"] = boosted
    outside["penimbang"], outside["unit"] = survey.w, survey.group
    fold = np.empty(len(survey.y), dtype=np.int64)
    for number, (_, held) in enumerate(survey.folds()):
        fold[held] = number
    outside["lipatan"] = fold
    outside["dalam_90"] = within_band(np.abs(residual), survey.w, survey.folds(), 0.9)
    card: dict[str, Any] = {
        "baris": len(survey.y),
        "baris_tanpa_sasaran": left_out,
        "unit_sampel": len(np.unique(survey.group)),
        "sasaran": f"ln({target})",
        "penimbang": weight,
        "wilayah": {level: len(effects) for level, effects in zip(regions.levels, equation.region, strict=True)},
        "lipatan": len(survey.folds()),
        "benih": SEED,
        **equation.chosen,
        "jumlah_suku": int((equation.koefisien != 0).sum()),
        "peubah_dipakai": [column.kolom for column in equation.columns],
        "peubah_dikeluarkan": equation.dropped,
        "di_luar_sampel": {
            **measure(survey.y, predicted, survey.w),
            "cakupan_90": round(float(np.average(outside["dalam_90"], weights=survey.w)), 4),
        },
        "di_dalam_sampel": measure(survey.y, inside, survey.w),
        "aturan_isian": (
            "nilai kosong atau tak dikenal dihitung sebesar rata-ratanya di survei: wilayah terdalam dengan sedikitnya "
            f"{MIN_REGION_HOUSEHOLDS} rumah tangga, selain itu nasional; selalu ditandai / a missing or unknown value counts as "
            f"its survey average: innermost region with at least {MIN_REGION_HOUSEHOLDS} households, else the nation; "
            "always flagged"
        ),
    }
    if challenger:
        card["pembanding"] = {
            "model": "gradient boosting",
            **measure(survey.y, boosted, survey.w),
            "dipublikasikan": False,
        }
    return PmtModel(equation, regions, sigma, reach, card, outside)


def usable(
    frame: pd.DataFrame,
    target: str,
    *,
    weight: str | None = None,
    region: str | Sequence[str] | None = None,
    group: str | None = None,
) -> tuple[Survey, Regions, int]:
    """The rows that a model can be fitted on, how regions nest, and how many rows lack the target. Raises as ``fit`` does."""
    consumption = pd.to_numeric(frame[target], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    w = np.ones(len(frame)) if weight is None else pd.to_numeric(frame[weight]).to_numpy(dtype=float, na_value=np.nan)
    if not np.all(np.isfinite(w)) or np.any(w < 0):
        raise InputError(
            f"{int((~(np.isfinite(w) & (w >= 0))).sum())} penimbang negatif atau kosong / weights negative or missing",
            column=weight,
            expected="penimbang >= 0 pada setiap baris / a weight >= 0 on every row",
            action="perbaiki berkas survei / mend the survey file",
        )
    known = np.isfinite(consumption) & (consumption > 0)
    rows = np.flatnonzero(known & (w > 0))
    if len(rows) < MIN_ROWS:
        raise InputError(
            f"{len(rows)} rumah tangga dapat dipakai / households usable",
            column=target,
            expected=f"sedikitnya/at least {MIN_ROWS}",
            action="gabungkan survei beberapa tahun / pool survey rounds",
        )
    kept = frame.iloc[rows]
    units = np.arange(len(rows)) if group is None else pd.factorize(kept[group], use_na_sentinel=False)[0]
    if len(np.unique(units)) < 2:
        raise InputError(
            "hanya satu unit sampel / one sampling unit only", column=group, expected="sedikitnya/at least 2"
        )
    regions = Regions.learn(kept, region)
    scaled = w[rows] / w[rows].mean()
    survey = Survey(kept, np.log(consumption[rows]), scaled, units.astype(np.int64), regions.codes(kept))
    return survey, regions, int((~known).sum())


def _out_of_sample(
    survey: Survey, features: list[str], categorical: list[str], challenger: bool
) -> tuple[Matrix, Matrix]:
    """Predict every row by models that never saw its sampling unit: by the sum, and by gradient boosting where asked.

    Selection of terms and penalties is repeated inside every fold, so nothing of the held-out units leaks into it.
    """
    ours, boosted = np.empty_like(survey.y), np.empty_like(survey.y)

    def fold(rows: tuple[Integers, Integers]) -> None:
        train, held = rows
        part, rest = survey.take(train), survey.take(held)
        equation = estimate(part, features, categorical)
        ours[held] = equation.predict(rest.frame, rest.codes)
        if challenger:
            columns, _ = learn_columns(part.frame, features, part.w, categorical)
            trees = _boosting().fit(_for_trees(columns, equation, part), part.y, sample_weight=part.w)
            boosted[held] = trees.predict(_for_trees(columns, equation, rest))

    # Each fold computes on one thread, so that its sums are reproducible; the folds share the cores.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fold, survey.folds()))
    return ours, boosted


def _boosting() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(
        learning_rate=0.05,
        max_iter=100,
        max_leaf_nodes=8,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=SEED,
    )


def _for_trees(columns: list[Column], equation: Equation, survey: Survey) -> Matrix:
    """Every feature, kept in the sum or not and not filled, and the regions as the effects that the sum has."""
    _, regions, _ = equation.contributions(survey.frame, survey.codes)
    # With a column of zeros the matrix has a column even where no feature varies.
    values = [column.values(survey.frame[column.kolom]) for column in columns]
    return np.hstack([np.zeros((len(survey.y), 1)), regions, *values])
