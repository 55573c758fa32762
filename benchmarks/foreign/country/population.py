"""The whole country at the month's end: places, families, people and what their houses look like.

What belongs here: the order in which everything is drawn, and the draws that need both the old and the new families. The random
numbers come from one stream: another order gives another country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.foreign.arrays import DAYS_A_YEAR, NEVER, Array
from benchmarks.foreign.country.households import Members, draw_identical, draw_members
from benchmarks.foreign.country.living_standards import draw_housing, draw_schooling
from benchmarks.foreign.country.name_lists import CULTURES
from benchmarks.foreign.country.names import draw_names
from benchmarks.foreign.country.new_families import START, Departures, draw_babies, draw_changes
from benchmarks.foreign.country.people import CHILD, SPOUSE, Families, People
from benchmarks.foreign.country.places import PROVINCES, Places, draw_nearby, draw_places
from benchmarks.foreign.country.registry_numbers import draw_niks


@dataclass(frozen=True)
class Country:
    """Everything that is true on day ``today`` (days since 1970). ``housing`` is by Regsosek column, then by family."""

    places: Places
    people: People
    families: Families
    housing: dict[str, Array]
    today: int


def draw_country(rng: np.random.Generator, persons: int, today: int, twins: float) -> Country:
    """Draw a country of ``persons`` people, some of whom died since ``START``; ``twins`` is the share of births of two."""
    places = draw_places(rng, persons)
    members = draw_members(rng, persons, today, twins)
    families, departures = draw_changes(rng, members, places, today)
    people = _draw_people(rng, persons, places, members, families, departures, today, twins)
    return Country(places, people, families, draw_housing(rng, families.welfare), today)


def _draw_people(
    rng: np.random.Generator,
    persons: int,
    places: Places,
    members: Members,
    families: Families,
    departures: Departures,
    today: int,
    twins: float,
) -> People:
    """Draw the babies of the new couples and, of everybody, death, culture, name, birthplace, numbers and schooling."""
    old = len(members.family)
    babies = draw_babies(rng, persons - old, departures.left[departures.grooms], today, twins)
    culture_of_family = _draw_cultures(rng, places, families.village)
    new = len(babies.born)
    baby_family = members.families + babies.couple
    family = np.r_[members.family, baby_family]
    role = np.r_[members.role, np.full(new, CHILD)]
    born = np.r_[members.born, babies.born]
    birth = np.r_[members.birth, old + babies.elder]
    n = len(family)
    male = np.r_[members.male, rng.random(new) < 0.51]
    male = np.where(draw_identical(rng, birth) & (np.arange(n) >= old), male[birth], male)
    years = (today - born) / DAYS_A_YEAR
    died = np.where(rng.random(n) < np.where(years > 60, 0.09, 0.008), rng.integers(START, today, n), today + NEVER)
    of_family = culture_of_family[family]
    culture = np.where((role == SPOUSE) & (rng.random(n) < 0.12), rng.permutation(of_family), of_family)
    head = np.r_[members.head, departures.grooms[babies.couple]]
    father, mother = _parents(head, family, role, male, departures.brides[babies.couple], old)
    names = draw_names(rng, culture, male, born, role, family, birth, father)
    family_village = families.village[family]
    birth_village, birth_place = _draw_birthplaces(rng, places, role, family_village, birth)
    nik, nik_second = draw_niks(rng, places, birth_village, family_village, born, male, birth, years)
    schooling = draw_schooling(rng, years, families.welfare[family])
    return People(
        family=family,
        role=role,
        born=born,
        male=male,
        family_later=np.r_[departures.family_later, baby_family],
        role_later=np.r_[departures.role_later, np.full(new, CHILD)],
        left=np.r_[departures.left, np.full(new, today + NEVER)],
        died=died,
        culture=culture,
        names=names,
        mother=_draw_mothers(rng, mother, culture, male, years),
        nik=nik,
        nik_second=nik_second,
        birth_village=birth_village,
        birth_place=birth_place,
        schooling=schooling,
        birth=birth,
    )


def _draw_cultures(rng: np.random.Generator, places: Places, village: Array) -> Array:
    """Draw a culture for each family by the mixture of its province."""
    names = list(CULTURES)
    share = np.zeros((len(PROVINCES), len(names)))
    for p, (_, _, _, mixture) in enumerate(PROVINCES):
        for part in mixture.split():
            name, parts = part.split(":")
            share[p, names.index(name)] = float(parts)
    reach = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    passed: Array = (rng.random(len(village))[:, None] > reach[places.province[village]]).sum(axis=1)
    return passed.clip(0, len(names) - 1)


def _parents(head: Array, family: Array, role: Array, male: Array, brides: Array, old: int) -> tuple[Array, Array]:
    """Find father and mother by person number, -1 where not of this family.

    From person ``old`` on they are the babies of new couples, whose mothers are ``brides``.
    """
    beside = (head + 1).clip(0, len(family) - 1)
    partner = np.where((role[beside] == SPOUSE) & (family[beside] == family), beside, -1)
    partner[old:] = brides
    is_child = role == CHILD
    father = np.where(is_child, np.where(male[head], head, partner), -1)
    mother = np.where(is_child, np.where(male[head], partner, head), -1)
    return father, mother


def _draw_mothers(rng: np.random.Generator, mother: Array, culture: Array, male: Array, years: Array) -> Array:
    """Give everybody without a mother in the family the name of an older woman of the culture for hers."""
    women = np.flatnonzero(~male & (years > 35))
    women = women[np.argsort(culture[women], kind="stable")]
    begin = np.searchsorted(culture[women], culture, side="left")
    count = np.searchsorted(culture[women], culture, side="right") - begin
    pick = women[(begin + (rng.random(len(culture)) * count).astype(np.int64)).clip(0, len(women) - 1)]
    return np.where(mother >= 0, mother, np.where(count > 0, pick, -1))


def _draw_birthplaces(
    rng: np.random.Generator, places: Places, role: Array, family_village: Array, birth: Array
) -> tuple[Array, Array]:
    """Draw the village of birth, and what is called the birthplace: its kabupaten, kecamatan or the village itself."""
    n = len(role)
    at_home = rng.random(n) < np.where(role == CHILD, 0.90, 0.62)
    village = np.where(at_home, family_village, draw_nearby(rng, places, family_village, 0.5))[birth]
    level = rng.random(n)[birth]
    kec_or_village = np.where(level < 0.8, places.kec_name[village], village)
    return village, np.where(level < 0.6, places.kab_name[village], kec_or_village)
