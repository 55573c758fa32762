"""Numbers that the civil registry gives: NIK and family cards (KK).

What belongs here: how a number is made of area, date and serial. What goes wrong when it is written is ``damage.nik_errors``.
"""

from __future__ import annotations

import numpy as np

from benchmarks.foreign.arrays import Array, running_number, year_month_day
from benchmarks.foreign.country.places import SPLIT_DAY, Places


def draw_numbers(rng: np.random.Generator, area6: Array, day: Array, add_to_day: Array) -> Array:
    """Draw NIK or card numbers: 6 digits of area, DDMMYY (DD plus ``add_to_day``), a small serial unique within both."""
    y, m, d = year_month_day(day)
    head = area6 * 1_000_000 + (d + add_to_day) * 10_000 + m * 100 + y % 100
    numbers: Array = head * 10_000 + 1 + (running_number(head) * 5 + rng.integers(0, 5, len(head))) % 9999
    return numbers


def draw_niks(
    rng: np.random.Generator,
    places: Places,
    birth_village: Array,
    family_village: Array,
    born: Array,
    male: Array,
    birth: Array,
    years: Array,
) -> tuple[Array, Array]:
    """Draw everybody's NIK and a second one, of another area, that some use beside it. ``years`` is the age."""
    n = len(born)
    area = np.where(rng.random(n) < 0.75, birth_village, family_village)[birth]
    is_old_area = (places.old_kemendagri[area] > 0) & (born < SPLIT_DAY)
    area6 = np.where(is_old_area, places.old_kemendagri[area], places.kemendagri[area]) // 10_000
    # a clerk's birth date that is not the one the family knows
    is_off = rng.random(n) < np.where(years > 50, 0.05, 0.015)
    registered = np.where(is_off, born + rng.choice([-365, 365, -730, 31, -9, 9, 90], n), born)[birth]
    female40 = np.where(male, 0, 40)
    both = draw_numbers(rng, np.r_[area6, rng.permutation(area6)], np.r_[registered, born], np.r_[female40, female40])
    return _move_twins_beside(rng, both[:n], birth), both[n:]


def _move_twins_beside(rng: np.random.Generator, nik: Array, birth: Array) -> Array:
    """Give most twins the serial behind the elder's, where that number is nobody's: they were registered on one day."""
    younger = np.flatnonzero((birth != np.arange(len(nik))) & (rng.random(len(nik)) < 0.7))
    wanted = nik[birth[younger]] + younger - birth[younger]
    is_free = (wanted // 10_000 == nik[younger] // 10_000) & ~np.isin(wanted, nik, kind="sort")
    moved = nik.copy()
    moved[younger[is_free]] = wanted[is_free]
    return moved
