"""What welfare shows in: schooling, house, belongings, animals, aid and spending.

What belongs here: signs that follow a family's welfare (mean 0, standard deviation about 1) loosely. Columns and codes are
Regsosek's.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from benchmarks.foreign.arrays import Array

# By column: Regsosek codes from the poorest to the best off, and the share of families that ends at each code but the last.
_LADDERS: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "kd_stat_bangunan_tinggal": ((3, 5, 1, 4, 2), (0.07, 0.08, 0.88, 0.91)),
    "kd_jenis_lantai_terluas": ((8, 7, 5, 6, 4, 3, 2, 1), (0.06, 0.09, 0.22, 0.45, 0.55, 0.57, 0.93)),
    "kd_jenis_dinding": ((4, 6, 5, 3, 2, 1), (0.06, 0.08, 0.10, 0.28, 0.32)),
    "kd_jenis_atap": ((7, 6, 3, 5, 4, 2, 1), (0.02, 0.03, 0.36, 0.38, 0.46, 0.95)),
    "kd_sumber_air_minum": ((9, 8, 6, 10, 7, 5, 4, 3, 2, 1), (0.03, 0.06, 0.10, 0.12, 0.17, 0.33, 0.58, 0.68, 0.93)),
    "kd_sumber_penerangan_utama": ((4, 3, 2, 1), (0.02, 0.04, 0.10)),
    "daya": ((1, 2, 3, 4, 5), (0.38, 0.76, 0.92, 0.97)),
    "kd_bahan_bakar_memasak": ((10, 9, 7, 0, 4, 2, 3, 1), (0.17, 0.18, 0.20, 0.22, 0.92, 0.95, 0.97)),
    "kd_fasilitas_tempat_bab": ((6, 4, 3, 2, 1), (0.06, 0.08, 0.10, 0.17)),
    "kd_jenis_kloset": ((4, 3, 2, 1), (0.06, 0.08, 0.12)),
    "kd_pembuangan_akhir_tinja": ((5, 3, 4, 6, 1, 2), (0.03, 0.07, 0.17, 0.18, 0.95)),
}
# Share of families that have one.
_ASSETS = {
    "kd_tabung_gas_5_5_kg": 0.10,
    "kd_lemari_es": 0.58,
    "kd_ac": 0.10,
    "kd_pemanas_air": 0.03,
    "kd_telepon_rumah": 0.02,
    "kd_televisi": 0.80,
    "kd_perhiasan_10_gr_emas": 0.14,
    "kd_komputer_laptop": 0.17,
    "kd_sepeda_motor": 0.82,
    "kd_sepeda": 0.33,
    "kd_mobil": 0.13,
    "kd_perahu": 0.02,
    "kd_kapal_perahu_motor": 0.02,
    "kd_smartphone": 0.85,
    "kd_lahan": 0.36,
    "kd_rumah_ditempat_lain": 0.07,
}
# Share of families that keep some.
_ANIMALS = {
    "jumlah_sapi": 0.08,
    "jumlah_kerbau": 0.01,
    "jumlah_kuda": 0.005,
    "jumlah_babi": 0.03,
    "jumlah_kambing_domba": 0.07,
}
# Regsosek codes of the highest certificate, by level (``draw_schooling``).
CERTIFICATES = np.array([23, 3, 8, 13, 18, 19, 21])


def draw_housing(rng: np.random.Generator, welfare: Array) -> dict[str, Array]:
    """Draw what an interviewer sees, by Regsosek column and in its codes; -1 where a question does not apply."""
    n = len(welfare)
    normal = NormalDist()

    def draw_sign() -> Array:
        return 0.66 * welfare + 0.75 * rng.normal(0, 1, n)

    seen: dict[str, Array] = {}
    for column, (codes, shares) in _LADDERS.items():
        steps = [normal.inv_cdf(share) for share in shares]
        seen[column] = np.array(codes)[np.searchsorted(steps, draw_sign(), side="right")]
    seen["kd_daya_terpasang"] = np.where(seen["kd_sumber_penerangan_utama"] == 1, seen.pop("daya"), -1)
    no_toilet = seen["kd_fasilitas_tempat_bab"] == 6
    seen["kd_jenis_kloset"] = np.where(no_toilet, -1, seen["kd_jenis_kloset"])
    seen["luas_lantai"] = np.exp(4.05 + 0.33 * draw_sign()).astype(np.int64).clip(9, 600)
    for column, share in _ASSETS.items():
        seen[column] = np.where(draw_sign() > normal.inv_cdf(1 - share), 1, 2)
    for column, share in _ANIMALS.items():
        seen[column] = np.where(rng.random(n) < share, rng.integers(1, 7, n), 0)
    standing = draw_sign()
    seen["kd_pkh"] = np.where(standing < -1.1, 1, 2)
    seen["kd_bss_bnpt"] = np.where(standing < rng.normal(-0.8, 0.3, n), 1, 2)
    return seen


def draw_schooling(rng: np.random.Generator, years: Array, welfare: Array) -> Array:
    """Draw the highest certificate, more for the young and the better off; ``years`` is the age.

    0 none, 1 SD, 2 SMP, 3 SMA, 4 diploma, 5 degree, 6 higher.
    """
    z = rng.normal(0, 1, len(years)) * 0.8 + welfare * 0.5 - ((years - 30).clip(0) / 40)
    reached = np.searchsorted([-1.2, -0.5, 0.0, 1.15, 1.4, 2.6], z, side="right")
    possible = np.searchsorted([12.5, 15.5, 18.5, 21.5, 23.0, 27.0], years, side="right")
    return np.minimum(reached, possible)


def draw_log_spending(rng: np.random.Generator, welfare: Array, size: Array, schooling: Array) -> Array:
    """Draw the logarithm of rupiah a head and month; ``size`` counts the family, ``schooling`` is the head's."""
    expected = 0.44 * welfare - 0.10 * (size - 3) + 0.03 * (schooling - 2)
    spending: Array = 13.75 + expected + rng.normal(0, 0.36, len(welfare))
    return spending
