"""Draw how families live: schooling and work, consumption, and the housing and assets that depend on it.

Belongs here: the true values. Codes are those of the Regsosek questionnaire, except for floor, roof and water, which
have the finer DTKS lists; each source's module maps them to its own. Levels follow published means of 2023-24
(spending about 1.45 million rupiah a head a month, median about 1.05 million).

The logarithm of consumption is the sum of an observable part (area, schooling, size), a lasting part that shows in
walls and goods, and a passing part that shows in nothing. Their sizes are set so that a regression on the proxies
explains about half.
"""

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import DAYS_PER_YEAR, HEAD, Booleans, Integers, rng_for
from dtsen_pipeline.simulation.people import Keluarga, Population

LOG_MEDIAN = float(np.log(1_030_000))
# Standard deviations of the lasting and the passing part.
LASTING_SD, PASSING_SD = 0.30, 0.385

# item -> (loading on the lasting standard of living, codes from best to worst, their shares)
HOUSING_ITEMS: dict[str, tuple[float, tuple[int, ...], tuple[float, ...]]] = {
    "lantai": (0.62, (1, 2, 3, 4, 5, 6, 8, 7, 9, 10), (0.06, 0.45, 0.03, 0.08, 0.05, 0.21, 0.06, 0.01, 0.045, 0.005)),
    "dinding": (0.55, (1, 2, 3, 4, 5, 6, 7), (0.72, 0.03, 0.17, 0.05, 0.01, 0.015, 0.005)),
    "atap_jawa": (
        0.42,
        (1, 3, 2, 4, 5, 6, 7, 8, 9, 10),
        (0.05, 0.05, 0.20, 0.52, 0.11, 0.045, 0.004, 0.003, 0.008, 0.01),
    ),
    "atap_luar": (
        0.42,
        (1, 3, 2, 6, 5, 4, 7, 8, 9, 10),
        (0.03, 0.07, 0.05, 0.68, 0.04, 0.05, 0.015, 0.005, 0.05, 0.01),
    ),
    "air": (
        0.52,
        (1, 2, 3, 5, 4, 6, 8, 7, 11, 9, 10, 12),
        (0.05, 0.27, 0.13, 0.22, 0.01, 0.14, 0.08, 0.035, 0.025, 0.02, 0.015, 0.005),
    ),
    "penerangan": (0.55, (1, 2, 3, 4), (0.915, 0.055, 0.015, 0.015)),
    "daya": (0.66, (5, 4, 3, 2, 1), (0.035, 0.065, 0.16, 0.39, 0.35)),
    "bahan_bakar": (
        0.58,
        (1, 3, 2, 5, 4, 0, 6, 7, 9, 8, 11, 10),
        (0.012, 0.03, 0.05, 0.01, 0.74, 0.012, 0.002, 0.025, 0.006, 0.001, 0.002, 0.11),
    ),
    "bab": (0.58, (1, 2, 3, 4, 5, 6), (0.845, 0.065, 0.02, 0.02, 0.005, 0.045)),
    "kloset": (0.50, (1, 2, 3, 4), (0.93, 0.025, 0.015, 0.03)),
    "tinja": (0.52, (1, 2, 4, 3, 5, 6), (0.83, 0.025, 0.07, 0.05, 0.015, 0.01)),
    "status_rumah": (0.10, (4, 2, 1, 3, 5), (0.012, 0.075, 0.815, 0.085, 0.013)),
    "status_lahan": (0.15, (1, 2, 3, 4), (0.80, 0.14, 0.04, 0.02)),
    "kondisi_dinding": (0.55, (1, 2), (0.72, 0.28)),
    "kondisi_atap": (0.55, (1, 2), (0.70, 0.30)),
}
# asset -> (loading, share of families)
ASSETS: dict[str, tuple[float, float]] = {
    "tabung_gas": (0.60, 0.13),
    "lemari_es": (0.60, 0.60),
    "ac": (0.68, 0.11),
    "pemanas": (0.62, 0.02),
    "telepon": (0.50, 0.02),
    "tv": (0.42, 0.72),
    "emas": (0.45, 0.17),
    "laptop": (0.64, 0.19),
    "motor": (0.46, 0.80),
    "sepeda": (0.08, 0.31),
    "mobil": (0.68, 0.13),
    "perahu": (-0.15, 0.022),
    "kapal": (0.18, 0.012),
    "smartphone": (0.50, 0.87),
    "lahan": (0.12, 0.28),
    "rumah_lain": (0.45, 0.06),
    "simpanan": (0.50, 0.33),
}
# livestock -> share of families
LIVESTOCK = {"sapi": 0.10, "kerbau": 0.012, "kuda": 0.004, "babi": 0.03, "kambing": 0.11}
# Ethnicities that keep pigs.
PIG_KEEPERS = ("batak", "bali", "ntt", "toraja", "minahasa", "papua", "dayak", "maluku")
# Codes of the provinsi of Java and Bali, whose houses differ from those of the other islands.
JAVA = (b"31", b"32", b"33", b"34", b"35", b"36", b"51")


@dataclass
class Welfare:
    """True living conditions by family. `traits` holds one array a housing item, asset or kind of livestock."""

    log_consumption: NDArray[np.float64]  # of rupiah a head and month
    standard: NDArray[np.float64]  # lasting standard of living, standardised
    desil: Integers  # 1 poorest to 10
    floor_area: Integers  # square metres
    traits: dict[str, NDArray[np.integer]] = field(default_factory=dict)
    pkh: Booleans = field(default_factory=lambda: np.empty(0, bool))
    sembako: Booleans = field(default_factory=lambda: np.empty(0, bool))
    pbi: Booleans = field(default_factory=lambda: np.empty(0, bool))


@dataclass
class Activities:
    """Schooling, work and health by person."""

    schooling: Integers  # 1 not yet, 2 at school, 3 no more
    certificate: Integers  # DTKS scale 0 none .. 6 S2/S3
    working: Booleans
    industry: Integers  # 1..26, 0 without work
    work_status: Integers  # 1..8, 0 without work
    disability: Integers  # DTKS code 0..12
    chronic_illness: Integers  # DTKS code 0..9


def draw_welfare(p: Population, seed: int) -> tuple[Welfare, Activities]:
    """Draw schooling and work, then consumption given the head's, then what consumption buys."""
    w, k, o = p.country, p.keluarga, p.persons
    rng = rng_for(seed, "kesejahteraan")
    n = len(k.desa)
    kab = w.kabupaten_of_desa(k.desa)
    level = w.provinsi["level"][w.kabupaten["parent"][kab]] + w.kabupaten["level"][kab] + w.desa["level"][k.desa]
    level = level + np.where(w.desa["urban"][k.desa], 0.13, -0.09)
    talent = rng.normal(0, 1, n)
    activities = _activities(p, talent, level, rng_for(seed, "kegiatan"))
    age = (p.today - o.birth_day) / DAYS_PER_YEAR
    education = activities.certificate[k.first_person] + 0.25 * np.clip((age[k.first_person] - 40) / 10, -2, 4)
    dependants = np.bincount(o.keluarga, (age < 15) | (age >= 65), n) / k.size
    observed = level + 0.115 * (education - 2) - 0.085 * (k.size - 3.1) - 0.12 * (dependants - 0.35)
    observed = observed + np.where(activities.working[k.first_person], 0.03, -0.05) - 0.05 * o.female[k.first_person]
    # Families with a parent family live near its standard.
    lasting_draw = rng.normal(0, 1, n)
    lasting_draw = np.where(
        k.parent_family >= 0, 0.5 * lasting_draw[np.maximum(k.parent_family, 0)] + 0.866 * lasting_draw, lasting_draw
    )
    lasting = observed + LASTING_SD * lasting_draw
    log_c = LOG_MEDIAN + lasting + PASSING_SD * rng.normal(0, 1, n) - 0.02
    z = _standardised(lasting)
    desil = desil_by_rank(log_c)
    result = Welfare(log_c, z, desil, _floor_area(z, k, w.desa["urban"][k.desa], rng))
    _draw_housing_and_assets(result, p, z, rng)
    selection = desil_by_rank(0.6 * _standardised(log_c) + 0.5 * z + rng.normal(0, 0.55, n))
    has_child = np.bincount(o.keluarga, (age < 19) | (age > 60), n) > 0
    result.pkh = (selection <= 3) & has_child & (rng.random(n) < 0.62)
    result.sembako = (selection <= 5) & (rng.random(n) < np.where(result.pkh, 0.85, 0.42))
    result.pbi = (selection <= 6) & (rng.random(n) < np.where(result.sembako, 0.85, 0.5))
    # Families that share a house have the same housing.
    for item in HOUSING_ITEMS:
        item = item.removesuffix("_jawa").removesuffix("_luar")
        result.traits[item] = result.traits[item][k.house]
    result.floor_area = result.floor_area[k.house]
    return result, activities


def desil_by_rank(values: NDArray[np.float64]) -> Integers:
    """Return deciles by rank, 1 (lowest) to 10."""
    rank = np.empty(len(values), int)
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    return rank * 10 // len(values) + 1


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardise values; zeros where all are alike, as in a simulation of one family."""
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


def _normal_quantiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return standard normal quantiles of a few shares."""
    return np.array([NormalDist().inv_cdf(min(max(b, 1e-9), 1 - 1e-9)) for b in shares])


def _ordinal(
    z: NDArray[np.float64], item: str, rng: np.random.Generator, shift: NDArray[np.float64] | float = 0.0
) -> Integers:
    """Draw the codes of a housing item, which get better with `z` and `shift`."""
    loading, codes, shares = HOUSING_ITEMS[item]
    score = loading * z + np.sqrt(1 - loading**2) * rng.normal(0, 1, len(z)) + shift
    bounds = _normal_quantiles(np.cumsum(np.array(shares) / sum(shares))[:-1])
    drawn: Integers = np.array(codes, np.int64)[np.searchsorted(bounds, -score)]
    return drawn


def _draw_housing_and_assets(h: Welfare, p: Population, z: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Fill `h.traits`."""
    w, k = p.country, p.keluarga
    prov = w.provinsi["code"][w.provinsi_of_desa(k.desa)]
    urban = w.desa["urban"][k.desa]
    java = np.isin(prov, JAVA)
    papua = prov >= b"91"
    n = len(z)
    timber = np.where(java, 0.35, -0.55)
    remote_desa = np.where(papua & ~urban, -0.5, 0.0)
    shifts: dict[str, NDArray[np.float64] | float] = {
        "dinding": timber,
        "lantai": 0.3 * timber,
        "penerangan": remote_desa,
        "bab": remote_desa + np.where(urban, 0.15, -0.1),
        "bahan_bakar": np.where(urban, 0.35, -0.25) + remote_desa,
        "air": np.where(urban, 0.35, -0.2),
        "status_rumah": np.where(urban, 0.45, -0.5),
        "tinja": np.where(urban, 0.3, -0.2),
    }
    for item in HOUSING_ITEMS:
        if not item.startswith("atap_"):
            h.traits[item] = _ordinal(z, item, rng, shifts.get(item, 0.0))
    h.traits["atap"] = np.where(java, _ordinal(z, "atap_jawa", rng), _ordinal(z, "atap_luar", rng, remote_desa))
    for asset, (loading, share) in ASSETS.items():
        threshold = _normal_quantiles(np.array([1 - share]))[0]
        extra = np.where(urban, -0.35, 0.25) if asset in ("lahan", "perahu", "sepeda") else 0.0
        h.traits[asset] = (loading * z + np.sqrt(1 - loading**2) * rng.normal(0, 1, n) + extra > threshold).astype(
            np.int64
        )
    keeps_pigs = np.isin(k.ethnicity, [w.ethnicities.index(s) for s in PIG_KEEPERS])
    for livestock, share in LIVESTOCK.items():
        chance = share * np.where(urban, 0.2, 1.7)
        if livestock == "babi":
            chance = np.where(keeps_pigs, 0.42 * np.where(urban, 0.25, 1.0), 0.0)
        if livestock in ("kerbau", "kuda"):
            chance = chance * np.where(np.isin(prov, (b"53", b"73", b"12", b"13")), 5.0, 0.6)
        owns = rng.random(n) < chance
        h.traits[livestock] = np.where(owns, 1 + rng.poisson(1.3, n), 0)


def _floor_area(z: NDArray[np.float64], k: Keluarga, urban: Booleans, rng: np.random.Generator) -> Integers:
    """Draw floor areas in square metres; many are multiples of 6."""
    log_area = np.log(60.0) + 0.21 * z + 0.07 * (k.size - 3) - 0.06 * urban + rng.normal(0, 0.36, len(z))
    floor_area = np.clip(np.exp(log_area), 9, 420)
    rounded = np.where(rng.random(len(z)) < 0.45, np.round(floor_area / 6) * 6, np.round(floor_area))
    whole: Integers = rounded.astype(np.int64)
    return whole


def _activities(
    p: Population, talent: NDArray[np.float64], level: NDArray[np.float64], rng: np.random.Generator
) -> Activities:
    """Draw schooling, work and health, given the `talent` and `level` of the family."""
    o, k, w = p.persons, p.keluarga, p.country
    n = len(o.birth_day)
    age = (p.today - o.birth_day) / DAYS_PER_YEAR
    drive = (
        0.75 * talent[o.keluarga] + 0.66 * rng.normal(0, 1, n) + 1.3 * level[o.keluarga] - 0.12 * o.female * (age > 45)
    )
    grade = _certificate(drive, age)
    still_at_school = np.where(
        age < 7,
        age >= 6.3,
        np.where(
            age < 16,
            drive > -2.1,
            np.where(age < 19, drive > -0.75, np.where(age < 24, drive > 0.55, drive > 3.2)),
        ),
    )
    schooling = np.where(still_at_school, 2, np.where((age < 7) | ((grade == 0) & (drive < -1.6)), 1, 3))
    chance = np.select(
        [age < 13, age < 16, age < 19, age < 25, age < 60, age < 70], [0, 0.04, 0.22, 0.56, 0.80, 0.52], 0.24
    )
    chance = chance * np.where(o.female & (age >= 19), 0.60, 1.0) * np.where(still_at_school, 0.25, 1.0)
    chance = np.where((o.relation == HEAD) & (age < 65), np.maximum(chance, 0.86), chance)
    working = rng.random(n) < chance
    urban = w.desa["urban"][k.desa[o.keluarga]]
    farm_share = np.where(urban, 0.12, 0.52) * np.where(grade >= 4, 0.25, np.where(grade >= 3, 0.65, 1.15))
    farming = rng.random(n) < farm_share
    other_industry = rng.choice(np.arange(6, 27), n, p=_industry_weights())
    industry = np.where(
        working, np.where(farming, rng.choice(np.arange(1, 6), n, p=[0.45, 0.18, 0.22, 0.07, 0.08]), other_industry), 0
    )
    status = np.where(
        farming,
        rng.choice(np.array([1, 2, 3, 6, 8]), n, p=[0.30, 0.28, 0.02, 0.22, 0.18]),
        np.where(
            drive > 1.3,
            rng.choice(np.array([4, 5, 3, 1]), n, p=[0.50, 0.33, 0.08, 0.09]),
            rng.choice(np.array([1, 2, 4, 7, 8]), n, p=[0.32, 0.08, 0.40, 0.15, 0.05]),
        ),
    )
    status = np.where(working, status, 0)
    disability = np.where(rng.random(n) < np.clip(0.006 + (age - 50) * 0.0012, 0.006, 0.09), rng.integers(1, 13, n), 0)
    chronic = np.where(
        rng.random(n) < np.clip((age - 28) * 0.0055, 0.004, 0.30),
        rng.choice(np.arange(1, 10), n, p=[0.34, 0.16, 0.07, 0.07, 0.14, 0.03, 0.04, 0.02, 0.13]),
        0,
    )
    return Activities(schooling, grade, working, industry, status, disability, chronic)


def _certificate(drive: NDArray[np.float64], age: NDArray[np.float64]) -> Integers:
    """Return the highest certificate 0 to 6. Later cohorts stay longer, and every certificate has its least age."""
    cohort = np.clip((45 - age) * 0.040, -1.6, 0.75)
    score = drive + cohort
    grade = np.searchsorted(np.array([-1.25, -0.30, 0.25, 1.45, 1.75, 3.0]), score)
    highest = np.searchsorted(np.array([12.6, 15.6, 18.6, 21.0, 22.5, 26.0]), age)
    return np.minimum(grade, highest)


def _industry_weights() -> NDArray[np.float64]:
    """Return the shares of the industries 6 to 26 among those who do not farm."""
    w = np.array([2, 16, 1, 1, 9, 26, 6, 8, 1.5, 2, 1, 2, 5, 6, 3, 1, 6, 1, 1, 1, 0.5])
    return np.asarray(w / w.sum())
