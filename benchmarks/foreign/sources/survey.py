"""Susenas: households of a survey, and the country's true families in the same columns.

What belongs here: both tables, which must agree in what their columns mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array
from benchmarks.foreign.country.living_standards import (
    CERTIFICATES,
    draw_housing,
    draw_log_spending,
    draw_schooling,
)
from benchmarks.foreign.country.places import Places
from benchmarks.foreign.country.population import Country

# SQL of columns: this survey names no sampling unit, each household stands for itself.
NO_BLOCKS = {"nks": "null"}


def draw_survey(rng: np.random.Generator, places: Places, households: int) -> pa.Table:
    """Draw households of nobody in the country: the survey is a sample of people who are on no list."""
    village = rng.choice(len(places.weight), households, p=places.weight)
    welfare = 0.9 * rng.normal(0, 1, households) + places.prosperity[village]
    size = 1 + rng.poisson(2.3, households)
    age = rng.uniform(20, 82, households).astype(np.int64)
    schooling = draw_schooling(rng, age.astype(float), welfare)
    log_spending = draw_log_spending(rng, welfare, size, schooling)
    young = np.minimum(rng.binomial(size, 0.25), size - 1)
    columns: dict[str, Any] = {
        "id_ruta": pa.array([f"S{i:07d}" for i in range(households)]),
        "kode_bps_kabupaten": (places.bps[village] // 1_000_000).astype(str),
        "penimbang": rng.integers(20, 90, households),
        "jumlah_art": size,
        "pengeluaran_per_kapita": np.exp(log_spending).astype(np.int64),
        **draw_housing(rng, welfare),
        "umur_krt": age,
        "kd_jenis_kelamin_krt": np.where(rng.random(households) < 0.85, 1, 2),
        "kd_ijazah_krt": CERTIFICATES[schooling],
        "kd_bekerja_krt": _draw_work(rng, age),
        "jumlah_art_0_14": young,
        "jumlah_art_65": np.minimum((age >= 65) + rng.binomial(1, 0.05, households), size - young),
    }
    return pa.table(columns)


def draw_true_families(rng: np.random.Generator, country: Country) -> pa.Table:
    """Draw every family as it is at the month's end, seen without an error.

    ``id_ruta`` is the family's number in the truth of the persons. Spending and the head's work are in no source, so they are
    drawn here.
    """
    people, families, today = country.people, country.families, country.today
    has_left = people.left <= today
    living = np.flatnonzero((people.born <= today) & (people.died > today))
    family = np.where(has_left, people.family_later, people.family)[living]
    role = np.where(has_left, people.role_later, people.role)[living]
    years = (today - people.born[living]) / DAYS_A_YEAR
    # the head first; where there is none, the next role and the eldest
    order = np.lexsort((-years, role, family))
    living, family, years = living[order], family[order], years[order]
    first = np.flatnonzero(np.r_[True, family[1:] != family[:-1]])
    number, head, age = family[first], living[first], years[first].astype(np.int64)
    size, young, old = (np.add.reduceat(flag.astype(np.int64), first) for flag in (years >= 0, years < 15, years >= 65))
    schooling = people.schooling[head]
    village = np.where(families.moved <= today, families.village_later, families.village)[number]
    log_spending = draw_log_spending(rng, families.welfare[number], size, schooling)
    columns: dict[str, Any] = {
        "id_ruta": number.astype(str),
        "kode_bps_kabupaten": (country.places.bps[village] // 1_000_000).astype(str),
        "penimbang": np.ones(len(number), dtype=np.int64),
        "jumlah_art": size,
        "pengeluaran_per_kapita": np.exp(log_spending).astype(np.int64),
        **{name: values[number] for name, values in country.housing.items()},
        "umur_krt": age.clip(10, 120),
        "kd_jenis_kelamin_krt": np.where(people.male[head], 1, 2),
        "kd_ijazah_krt": CERTIFICATES[schooling],
        "kd_bekerja_krt": _draw_work(rng, age),
        "jumlah_art_0_14": young,
        "jumlah_art_65": old,
    }
    return pa.table(columns)


def _draw_work(rng: np.random.Generator, age: Array) -> Array:
    """Draw whether the head works: 1 yes, 2 no."""
    return np.where((age < 68) & (rng.random(len(age)) < 0.9), 1, 2)
