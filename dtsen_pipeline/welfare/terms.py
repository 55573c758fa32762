"""Turn columns of a family into terms of the sum: numbers, logarithms, yes/no, one term a category, regions.

What belongs here: what a term is and how its value is read from a row. ``estimation`` decides which terms are kept and what they
weigh. ``scoring`` writes the same rules as SQL; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dtsen_pipeline.errors import InputError

Matrix = npt.NDArray[np.float64]
Codes = npt.NDArray[np.object_]

CODE_PREFIXES = ("kd_", "kode_")
"""Start of the names of columns that hold codes, as in the contracts: a code is a category whatever its storage type."""


@dataclass(frozen=True)
class Term:
    """One summand: ``koefisien`` times the value that ``jenis`` reads from ``kolom``."""

    kolom: str
    jenis: str
    nilai: str | None = None

    @property
    def name(self) -> str:
        """Name of the term in reports, e.g. 'ln(luas_per_kapita)'."""
        forms = {"log": f"ln({self.kolom})", "log1p": f"ln(1+{self.kolom})", "kategori": f"{self.kolom}={self.nilai}"}
        return forms.get(self.jenis, self.kolom)


@dataclass(frozen=True)
class Column:
    """One feature as the survey has it: ``jenis`` is angka, ya or kategori; ``bentuk`` are the kinds of its terms.

    Numbers are cut at the smallest and largest value of the survey (``bawah``, ``atas``): a floor area of 9,999 m2 must not carry
    a family out of the range that the coefficients were fitted on. Every category has a term of its own, most frequent first:
    shrinkage then draws a rare one to the middle of its column, not to a reference that somebody chose.
    """

    kolom: str
    jenis: str
    bawah: float = 0.0
    atas: float = 1.0
    kategori: tuple[str, ...] = ()
    bentuk: tuple[str, ...] = ()

    @property
    def terms(self) -> list[Term]:
        """The terms of the column: one a category, or one a form of the number."""
        if self.jenis == "kategori":
            return [Term(self.kolom, "kategori", label) for label in self.kategori]
        return [Term(self.kolom, form) for form in self.bentuk]

    def values(self, series: pd.Series) -> Matrix:
        """Rows x terms; a row is all NaN where the value is missing or a category that the survey does not know."""
        if self.jenis == "kategori":
            position = pd.Index(self.kategori).get_indexer(pd.Index(labels_of(series)))
            hot = np.eye(len(self.kategori))[position]
            hot[position < 0] = np.nan
            return hot
        number = np.clip(numbers_of(series), self.bawah, self.atas)
        forms = {"log": np.log, "log1p": np.log1p}
        return np.column_stack([forms[form](number) if form in forms else number for form in self.bentuk])


def labels_of(series: pd.Series) -> Codes:
    """Category labels as text, '' where missing; 3, 3.0 and '3' are one label."""

    def label(value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    codes, distinct = pd.factorize(series.astype(object))
    # Code -1, which stands for missing, points at the last label.
    return np.array([*map(label, distinct), ""], dtype=object)[codes]


def numbers_of(series: pd.Series) -> Matrix:
    """Numbers (yes/no as 1/0), NaN where missing, unreadable or infinite."""
    number = pd.to_numeric(series.astype(object), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(number), number, np.nan)


def learn_columns(
    frame: pd.DataFrame, features: Sequence[str], weight: Matrix, categorical: Sequence[str] = ()
) -> tuple[list[Column], dict[str, str]]:
    """Learn how each feature is to be read; also why some cannot be used: feature -> reason (Indonesian / English)."""
    columns, dropped = [], {}
    for name in features:
        column = _learn(name, frame[name], weight, name in categorical)
        if column is None:
            empty = frame[name].isna().all()
            dropped[name] = "semua kosong / all missing" if empty else "nilainya sama semua / constant"
        else:
            columns.append(column)
    return columns, dropped


# None where the feature has fewer than two values.
def _learn(name: str, series: pd.Series, weight: Matrix, declared: bool) -> Column | None:
    seen = series.dropna()
    if seen.empty:
        return None
    if declared or name.startswith(CODE_PREFIXES) or not _all_of(seen, Number, pd.api.types.is_numeric_dtype):
        labels = labels_of(series)
        share = {label: weight[labels == label].sum() for label in sorted(set(labels) - {""})}
        ordered = tuple(sorted(share, key=lambda label: (-share[label], label)))
        return Column(name, "kategori", kategori=ordered) if len(ordered) > 1 else None
    number = numbers_of(series)
    distinct = np.unique(number[~np.isnan(number)])
    if len(distinct) < 2:
        return None
    low, high = float(distinct[0]), float(distinct[-1])
    if _all_of(seen, (bool, np.bool_), pd.api.types.is_bool_dtype):
        return Column(name, "ya", bentuk=("ya",))
    logarithm = ("log",) if low > 0 else ("log1p",) if low == 0 else ()
    return Column(name, "angka", low, high, bentuk=("angka", *(logarithm if len(distinct) > 2 else ())))


def _all_of(seen: pd.Series, kind: type | tuple[type, ...], dtype_says: Callable[[Any], bool]) -> bool:
    """Whether every value is of ``kind``: ``dtype_says`` knows it, but of a column of objects each value is looked at."""
    if seen.dtype != object:
        return dtype_says(seen)
    return all(isinstance(value, kind) for value in seen)


@dataclass(frozen=True)
class Regions:
    """The columns ``kolom`` that say where a family lives, from the outer level to the inner one.

    ``digits``: the one column has 4-digit regency codes, whose first two digits are the province.
    """

    kolom: tuple[str, ...]
    digits: bool

    @classmethod
    def learn(cls, frame: pd.DataFrame, region: str | Sequence[str] | None) -> Regions:
        """Read one column of 4-digit regency codes as province (2 digits) and regency; else one level a column."""
        names = () if region is None else (region,) if isinstance(region, str) else tuple(region)
        if len(names) != 1:
            return cls(names, False)
        codes = set(labels_of(frame[names[0]])) - {""}
        return cls(names, bool(codes) and all(re.fullmatch(r"\d{4}", code) for code in codes))

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of the levels, from the outer to the inner one."""
        return ("provinsi", "kabupaten_kota") if self.digits else self.kolom

    def codes(self, frame: pd.DataFrame) -> list[Codes]:
        """One array a level, '' where unknown. Inner codes start with the outer ones: a bare number may recur elsewhere."""
        if self.digits:
            inner = labels_of(frame[self.kolom[0]])
            return [np.array([code[:2] for code in inner], dtype=object), inner]
        levels: list[Codes] = []
        for name in self.kolom:
            own = labels_of(frame[name])
            if levels:
                pairs = zip(levels[-1], own, strict=True)
                own = np.array([_within(outer, code) for outer, code in pairs], dtype=object)
            levels.append(own)
        return levels


def _within(outer: str, code: str) -> str:
    if not outer or not code or code.startswith(outer):
        return code if outer else ""
    return f"{outer}.{code}"


def require_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    """Raise InputError that names the columns which ``frame`` lacks, if any."""
    if missing := [name for name in dict.fromkeys(names) if name not in frame.columns]:
        raise InputError(
            "kolom tidak ada / columns missing: " + ", ".join(missing),
            expected="satu kolom untuk setiap peubah model / one column for every feature of the model",
            action="tambahkan kolomnya; nilai yang tidak diketahui dikosongkan / add the column, empty where unknown",
        )
