"""Tie families and persons to each other: parents next door, men with two cards, children of one birth, mothers.

Belongs here: who belongs to whom, by index. Persons of a family lie side by side, the head first and the partner
second; families of a desa lie side by side. -1 means none.
"""

import numpy as np

from dtsen_pipeline.simulation.base import CHILD, DAYS_PER_YEAR, HEAD, SPOUSE, Booleans, Integers, rng_for
from dtsen_pipeline.simulation.people import Keluarga

# Share of couples whose husband heads a second card: of another wife and her children, at her address.
SECOND_CARD_SHARE = 0.006


def tie_generations(
    desa: Integers,
    first_person: Integers,
    size: Integers,
    relation: Integers,
    female: Booleans,
    birth_day: Integers,
    today: int,
    rng: np.random.Generator,
) -> tuple[Integers, Integers]:
    """Give some young couples parents among the families of their desa.

    Returns, by family, the parents' family and the person who grew up there; they take over mother, clan and birthplace.
    """
    n = len(desa)
    start = np.searchsorted(desa, desa)
    end = np.searchsorted(desa, desa, side="right")
    has_partner = (size > 1) & (relation[np.minimum(first_person + 1, len(relation) - 1)] == SPOUSE)
    mother = np.where(has_partner, first_person + 1, np.where(female[first_person], first_person, -1))
    child = np.where(has_partner & (rng.random(n) < 0.45), first_person + 1, first_person)
    age = (today - birth_day[first_person]) / DAYS_PER_YEAR
    searching = (age < 46) & (rng.random(n) < 0.75)
    parent_family = np.full(n, -1)
    for _ in range(4):
        candidate = start + (rng.random(n) * (end - start)).astype(int)
        age_gap = (birth_day[child] - birth_day[np.maximum(mother[candidate], 0)]) / DAYS_PER_YEAR
        matching = (
            searching
            & (parent_family < 0)
            & (mother[candidate] >= 0)
            & (age_gap > 17)
            & (age_gap < 42)
            & (candidate != np.arange(n))
        )
        parent_family[matching] = candidate[matching]
    return parent_family, np.where(parent_family >= 0, child, -1)


def second_cards(
    desa: Integers,
    first_person: Integers,
    size: Integers,
    relation: Integers,
    female: Booleans,
    birth_day: Integers,
    alone: Booleans,
    today: int,
    seed: int,
) -> Integers:
    """Return, by family, the husband of another family of the desa who heads this card too.

    Such a family has a woman with children at the head and a house of its own (`alone`). The man belongs to the family
    of his first card (`Persons.keluarga`) and is counted there. Rosters list him at the head of the second card as
    well, with her as his wife.
    """
    rng = rng_for(seed, "dua kartu")
    n, husband = len(desa), np.full(len(desa), -1)
    has_partner = (size > 1) & (relation[np.minimum(first_person + 1, len(relation) - 1)] == SPOUSE)
    has_child = (size > 1) & (relation[np.minimum(first_person + 1, len(relation) - 1)] == CHILD)
    wife = np.flatnonzero(female[first_person] & has_child & alone)
    start, end = np.searchsorted(desa, desa[wife]), np.searchsorted(desa, desa[wife], side="right")
    for _ in range(4):
        candidate = start + (rng.random(len(wife)) * (end - start)).astype(int)
        years_older = (birth_day[first_person[wife]] - birth_day[first_person[candidate]]) / DAYS_PER_YEAR
        matching = has_partner[candidate] & ~female[first_person[candidate]] & (husband[wife] < 0)
        matching &= (
            (years_older > -5) & (years_older < 25) & (today - birth_day[first_person[candidate]] > 28 * DAYS_PER_YEAR)
        )
        husband[wife[matching]] = first_person[candidate[matching]]
    matched = rng.permutation(np.flatnonzero(husband >= 0))
    # A man has two cards at most.
    matched = matched[np.sort(np.unique(husband[matched], return_index=True)[1])]
    result = np.full(n, -1)
    matched = matched[: round(SECOND_CARD_SHARE * int(has_partner.sum()))]
    result[matched] = husband[matched]
    return result


def first_of_birth(family: Integers, relation: Integers, birth_day: Integers) -> Integers:
    """Return, by person, the first of the children of the same birth; they stand side by side in their family."""
    same = (
        (birth_day[1:] == birth_day[:-1])
        & (family[1:] == family[:-1])
        & (relation[1:] == CHILD)
        & (relation[:-1] == CHILD)
    )
    return np.asarray(np.maximum.accumulate(np.where(np.r_[True, ~same], np.arange(len(family)), 0)))


def mothers_of(k: Keluarga, family: Integers, relation: Integers, female: Booleans) -> Integers:
    """Return the rows of persons' mothers.

    For children it is the wife or the woman at the head, for a person who grew up in a parent family that family's.
    """
    n_keluarga = len(k.desa)
    keluarga_mother = np.full(n_keluarga, -1)
    for who in (np.flatnonzero((relation == HEAD) & female), np.flatnonzero(relation == SPOUSE)):
        keluarga_mother[family[who]] = who
    keluarga_mother[family[(relation == SPOUSE) & ~female]] = -1
    mother = np.where(relation == CHILD, keluarga_mother[family], -1)
    tied = k.grown_child >= 0
    mother[k.grown_child[tied]] = keluarga_mother[k.parent_family[tied]]
    return mother
