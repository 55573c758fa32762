"""The families at the start: who lives in each, when they were born, and who was born with whom.

What belongs here: the people before anybody marries, moves out or is born in between (``new_families``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array, first_of_group, running_number, year_month_day
from benchmarks.foreign.country.people import CHILD, HEAD, PARENT, SPOUSE

# Of twins, those of one egg.
_ONE_EGG = 1 / 3
_ROLES = 5


@dataclass
class Members:
    """The people at the start by person number, sorted by family, the head first.

    ``born`` is in days since 1970, ``birth`` the person who was born first at the birth, ``head`` the head of the family.
    """

    family: Array
    role: Array
    born: Array
    male: Array
    birth: Array
    head: Array

    @property
    def families(self) -> int:
        """Count the families, of which every one has somebody."""
        return int(self.family[-1]) + 1


def draw_members(rng: np.random.Generator, persons: int, today: int, twins: float) -> Members:
    """Draw the people of about ``persons // 2`` families; ``twins`` is the share of births that bring two."""
    n_family = persons // 2 + 40
    years = 21 + rng.gamma(3.0, 9.0, n_family)
    age = np.where(years > 90, rng.uniform(25, 70, n_family), years)
    head_male = rng.random(n_family) < np.where(age > 60, 0.72, 0.88)
    has_spouse = (rng.random(n_family) < np.where(head_male, 0.90, 0.12)) & (
        rng.random(n_family) < np.where(age > 65, 0.75, 0.95)
    )
    # a slot is one role in one family; a person in it is one birth, which may bring two, and as rarely again three
    slots = np.repeat(np.arange(n_family * _ROLES), _draw_counts(rng, age, has_spouse).ravel())
    luck = rng.random(len(slots))
    brought = 1 + (slots % _ROLES == CHILD) * ((luck < twins).astype(np.int64) + (luck < twins * twins))
    of_birth = np.repeat(np.arange(len(slots)), brought)
    slots = slots[of_birth]
    family, role = slots // _ROLES, slots % _ROLES

    head_born = today - (age * DAYS_A_YEAR).astype(np.int64)
    years_younger = rng.normal(2.5, 3.5, n_family)
    spouse_born = head_born + np.where(head_male, 1, -1) * (years_younger * DAYS_A_YEAR).astype(np.int64)
    mother_born = np.where(head_male, np.where(has_spouse, spouse_born, head_born + 1000), head_born)
    mother_age = _draw_mothers_age(rng, slots, of_birth)
    n = len(slots)
    parent_born = head_born[family] - (rng.uniform(18, 33, n) * DAYS_A_YEAR).astype(np.int64)
    is_grandchild = (age[family] > 50) & (rng.random(n) < 0.6)
    other_age = np.where(is_grandchild, rng.uniform(0, 14, n), rng.uniform(3, 75, n)) * DAYS_A_YEAR
    born = np.select(
        [role == HEAD, role == SPOUSE, role == CHILD, role == PARENT],
        [head_born[family], spouse_born[family], mother_born[family] + mother_age.astype(np.int64), parent_born],
        today - other_age.astype(np.int64),
    )
    is_grown = (role == CHILD) & (today - born > 27 * DAYS_A_YEAR)
    keep = (
        (born <= today)
        & ~((role == CHILD) & (mother_age > 47 * DAYS_A_YEAR))
        & ~(is_grown & (rng.random(n) < 0.6))
        & (today - born < 100 * DAYS_A_YEAR)
    )
    # some of the places are kept for the children of the couples that marry in between
    kept = np.flatnonzero(keep)[: int(persons * 0.985)]
    family, role, born = family[kept], role[kept], born[kept]
    birth = first_of_group(of_birth[kept])
    male = rng.random(len(kept)) < 0.51
    male = np.where(role == HEAD, head_male[family], np.where(role == SPOUSE, ~head_male[family], male))
    male = np.where(draw_identical(rng, birth), male[birth], male)
    born = _heap_on_clerks_days(rng, born, today)[birth]
    return Members(family, role, born, male, birth, head=first_of_group(family))


def _draw_counts(rng: np.random.Generator, age: Array, has_spouse: Array) -> Array:
    """Draw how many people of each role a family has, [families, roles]; ``age`` is the head's."""
    n = len(age)
    lonely = ~has_spouse & (rng.random(n) < 0.5)
    mean_children = np.where(age < 48, ((age - 19) / 9).clip(0, 2.3), (2.3 - (age - 48) * 0.07).clip(0.3, None))
    return np.stack(
        [
            np.ones(n, dtype=np.int64),
            has_spouse.astype(np.int64),
            np.where(lonely, 0, rng.poisson(mean_children)),
            np.where((age < 62) & ~lonely & (rng.random(n) < 0.08), rng.integers(1, 3, n), 0),
            np.where(~lonely & (rng.random(n) < 0.10), rng.integers(1, 4, n), 0),
        ],
        axis=1,
    )


def _draw_mothers_age(rng: np.random.Generator, slots: Array, of_birth: Array) -> Array:
    """Draw the mother's age at each child's birth in days, by the gaps between births; 0 for who is no child."""
    n, order = len(slots), running_number(slots)
    is_first_of_birth = running_number(of_birth) == 0
    years = np.where(order == 0, 18 + rng.gamma(2.2, 2.4, n), 1.1 + rng.gamma(2.0, 1.5, n))
    gap = years * (slots % _ROLES == CHILD) * is_first_of_birth
    total = np.cumsum(gap)
    eldest = first_of_group(slots)
    age: Array = (total - total[eldest] + gap[eldest]) * DAYS_A_YEAR
    return age


def _heap_on_clerks_days(rng: np.random.Generator, born: Array, today: int) -> Array:
    """Move some births, more of the old, to the days a clerk writes who knows only the year: 1 January, 1 July, 31 December."""
    n = len(born)
    y, _, _ = year_month_day(born)
    heaped = rng.random(n) < np.where(today - born > 55 * DAYS_A_YEAR, 0.10, 0.025)
    new_year = ((y - 1970).astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    written = new_year + rng.choice([0, 181, 364], n)
    return np.where(heaped & (written <= today), written, born)


def draw_identical(rng: np.random.Generator, birth: Array) -> Array:
    """Draw which of the second- and third-born of a birth are identical: of one sex for certain, while others' is open."""
    identical: Array = (birth != np.arange(len(birth))) & (rng.random(len(birth)) < _ONE_EGG)
    return identical
