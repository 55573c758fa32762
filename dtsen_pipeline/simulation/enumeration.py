"""Decide who is listed by which source, on which day, and on whose roster.

Belongs here: coverage, the roster a person stands on at the day of observation, rosters and persons that occur twice,
and record numbers. What is written of a person belongs in `entries`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import (
    CHILD,
    CHILD_IN_LAW,
    GRANDCHILD,
    HEAD,
    OTHER,
    SPOUSE,
    Booleans,
    Codes,
    Integers,
    rng_for,
    zero_padded,
)
from dtsen_pipeline.simulation.damage import (
    Damager,
    ErrorMix,
    Notes,
    row_quality,
)
from dtsen_pipeline.simulation.people import Population

# Shares of families that a source covers: at the poorest end and at the richest.
COVERAGE = {"dtks": (0.92, 0.18), "regsosek": (0.985, 0.90), "p3ke": (0.88, 0.42)}
# Share of the persons of a covered family who are listed.
ANGGOTA_SEEN = 0.975
# Share of the dead who stay listed in families without a living member.
DIED_OUT_LISTED = 0.8
# Prefixes of the record numbers of persons and rosters.
ID_PREFIXES = {"dtks": ("DT-", "D"), "regsosek": ("RE-", "R"), "p3ke": ("P3-", "P")}
# The multiplier is coprime to the modulus, so record numbers are unique, reveal nothing, and stay the same every month.
ID_MULTIPLIER, ID_SPACE = 387_420_489, 10**9


@dataclass
class Enumeration:
    """One source's view: columns of person rows, then of roster rows. References are row numbers of the population."""

    source: str
    persons: Integers  # the true person; from here columns of person rows
    roster: Integers  # row of the roster
    position: Integers  # on the roster, from 1
    nuk: Integers  # number of the family in its household, from 1
    relation: Integers  # to the head of the roster
    keluarga_kk: Integers  # family whose card the person is on
    dead: Booleans  # on the day of observation
    gone: Booleans
    person_id: Codes
    keluarga: Integers  # family whose house and goods are described; from here columns of roster rows
    desa: Integers
    day: Integers  # of observation
    roster_id: Codes
    size: Integers
    keluarga_count: Integers
    damager: Damager  # for person rows
    roster_damager: Damager  # for roster rows


@dataclass
class _Places:
    """Places on cards: every person on the card of the own family, then men on their second cards. Not yet who is listed."""

    persons: Integers
    family: Integers
    original: Booleans  # the place on the first card
    joins: Booleans  # stands on the roster of the parent family
    host: Integers  # family on whose roster the place is
    nuk: Integers
    relation: Integers  # to the head of that roster
    dead: Booleans
    gone: Booleans


def enumerate_source(
    p: Population,
    z: NDArray[np.float64],
    source: str,
    day: Integers,
    mix: ErrorMix,
    seed: int,
    only_rosters: Booleans | None = None,
) -> Enumeration:
    """List the population as one source does. `day` of observation and standard of living `z` are by family.

    With `only_rosters` (a flag a family) exactly those rosters are visited, instead of a share that depends on `z`.
    """
    k = p.keluarga
    rng = rng_for(seed, f"cacah {source}")
    places = _places(p, source, day, rng)
    host, original, nuk = places.host, places.original, places.nuk
    birth_day = p.persons.birth_day[places.persons]
    listed = _listed(p, places, z, source, day, only_rosters, rng)
    seen = np.flatnonzero(listed)
    place: Integers = seen[np.lexsort((birth_day[seen], places.relation[seen], nuk[seen], host[seen]))]
    keluarga: Integers
    roster: Integers
    keluarga, roster = np.unique(host[place], return_inverse=True)
    place_relation: Integers = places.relation[place].copy()
    first_of_roster = np.r_[True, roster[1:] != roster[:-1]] if len(roster) else np.empty(0, bool)
    place_relation[first_of_roster] = HEAD
    place, roster, place_relation, place_nuk, keluarga, person_copy, roster_copy = _duplicate(
        p, places.family, place, roster, place_relation, nuk[place], keluarga, mix, rng
    )
    order = np.lexsort((np.arange(len(place)), roster))
    place, roster, place_relation, place_nuk, person_copy = (
        x[order] for x in (place, roster, place_relation, place_nuk, person_copy)
    )
    persons = places.persons[place]
    start = np.searchsorted(roster, np.arange(len(keluarga)))
    person_prefix, roster_prefix = ID_PREFIXES[source]
    roster_ids = np.char.add(
        np.char.add(roster_prefix.encode(), _scrambled_numbers(keluarga, source)), np.where(roster_copy > 0, b"X", b"")
    )
    desa = np.where(k.move_day[keluarga] > day[keluarga], k.old_desa[keluarga], k.desa[keluarga])
    astray = (roster_copy > 0) & (rng.random(len(keluarga)) < 0.25)
    desa = np.where(astray, k.desa[np.clip(keluarga + rng.integers(-40, 41, len(keluarga)), 0, len(k.desa) - 1)], desa)
    roster_quality = row_quality(keluarga, rng)
    person_quality = np.sqrt(roster_quality[roster] * row_quality(np.arange(len(persons)), rng))
    person_quality = person_quality / max(person_quality.mean(), 1e-9) if len(person_quality) else person_quality
    person_notes, roster_notes = Notes(), Notes()
    person_notes.add("orang_ganda", np.flatnonzero(person_copy >= 2))
    person_notes.add("roster_ganda", np.flatnonzero(roster_copy[roster] > 0))
    return Enumeration(
        source,
        persons,
        roster,
        np.arange(len(persons)) - start[roster] + 1,
        place_nuk,
        place_relation,
        np.where(places.joins[place], k.parent_family[places.family[place]], places.family[place]),
        places.dead[place],
        places.gone[place],
        np.char.add(
            person_prefix.encode(), _scrambled_numbers(persons * 8 + person_copy + 4 * ~original[place], source)
        ),
        keluarga,
        desa,
        day[keluarga],
        roster_ids,
        np.bincount(roster, minlength=len(keluarga)),
        np.maximum.reduceat(place_nuk, start) if len(keluarga) else np.empty(0, int),
        Damager(mix, person_quality, rng_for(seed, f"rusak {source}"), person_notes),
        Damager(mix, roster_quality, rng_for(seed, f"rusak roster {source}"), roster_notes),
    )


def _places(p: Population, source: str, day: Integers, rng: np.random.Generator) -> _Places:
    """Return on whose roster every place is on the day of observation, and in which relation to its head."""
    k, o = p.keluarga, p.persons
    n_keluarga = len(k.desa)
    # A man with two cards has two places, though he is one person in the truth.
    second_card = np.flatnonzero(k.husband >= 0)
    persons = np.r_[np.arange(len(o.birth_day)), k.husband[second_card]]
    family = np.r_[o.keluarga, second_card]
    original = np.arange(len(persons)) < len(o.birth_day)
    own_relation = np.where(original, o.relation[persons], HEAD)
    own_relation[k.first_person[second_card]] = SPOUSE
    # Before its split a family stands on the roster of its parent family, or only the person who grew up there does.
    not_split = k.split_day > day
    whole_family = not_split & (rng.random(n_keluarga) < 0.5)
    grown_child = (k.grown_child[family] == persons) & original
    joins = not_split[family] & (whole_family[family] | grown_child)
    host = np.where(joins, k.parent_family[family], family)
    same_house = joins.copy()
    nuk_by_keluarga = np.ones(n_keluarga, int)
    if source == "dtks":
        # A roster of DTKS is a house.
        same_house |= k.house[host] != host
        nuk_by_keluarga = _number_keluarga(k.house)
    nuk = nuk_by_keluarga[host]
    host = k.house[host] if source == "dtks" else host
    relation = np.where(
        same_house,
        np.select(
            [grown_child, own_relation <= SPOUSE, own_relation == CHILD], [CHILD, CHILD_IN_LAW, GRANDCHILD], OTHER
        ),
        own_relation,
    )
    death_day, leaving_day = o.death_day[persons], o.leaving_day[persons]
    dead = (death_day >= 0) & (death_day <= day[host])
    gone = (leaving_day >= 0) & (leaving_day <= day[host])
    return _Places(persons, family, original, joins, host, nuk, relation, dead, gone)


def _listed(
    p: Population,
    places: _Places,
    z: NDArray[np.float64],
    source: str,
    day: Integers,
    only_rosters: Booleans | None,
    rng: np.random.Generator,
) -> Booleans:
    """Draw which places a source lists. The arguments are those of `enumerate_source`."""
    k, o = p.keluarga, p.persons
    n_keluarga, n = len(k.desa), len(places.persons)
    host, dead, gone, original = places.host, places.dead, places.gone, places.original
    poorest_share, richest_share = COVERAGE[source]
    percentile = np.argsort(np.argsort(z + rng.normal(0, 0.8, n_keluarga))) / max(n_keluarga, 1)
    if only_rosters is None:
        covered = rng.random(n_keluarga) < poorest_share + (richest_share - poorest_share) * percentile
    else:
        covered = only_rosters
    listed = covered[host] & (rng.random(n) < ANGGOTA_SEEN)
    listed &= (o.official_birth_day[places.persons] <= day[host]) & (o.birth_day[places.persons] <= day[host])
    # In a family that has died out nobody is left to report the deaths.
    died_out = np.bincount(host[original & ~dead & ~gone], minlength=n_keluarga)[host] == 0
    deleted = rng.random(n) < np.where(died_out, 1 - DIED_OUT_LISTED, 0.75)
    not_split = (k.split_day > day)[places.family]
    return np.asarray(listed & ~(not_split & ~places.joins) & ~(dead & deleted) & ~(gone & (rng.random(n) < 0.6)))


def _number_keluarga(house: Integers) -> Integers:
    """Number the families of each house from 1 (nuk), the owner's first."""
    n = len(house)
    owner = house == np.arange(n)
    order = np.lexsort((~owner, house))
    r = house[order]
    result = np.empty(n, int)
    result[order] = np.arange(n) - np.searchsorted(r, r) + 1
    return result


def _scrambled_numbers(numbers: Integers, source: str) -> Codes:
    """Return record numbers of 9 digits that reveal nothing of `numbers`."""
    shift = {"dtks": 11, "regsosek": 424_243, "p3ke": 7_654_321}[source]
    return zero_padded((numbers.astype(np.int64) * ID_MULTIPLIER + shift) % ID_SPACE, 9)


def _duplicate(
    p: Population,
    place_keluarga: Integers,
    places: Integers,
    roster: Integers,
    relation: Integers,
    nuk: Integers,
    keluarga: Integers,
    mix: ErrorMix,
    rng: np.random.Generator,
) -> tuple[Integers, ...]:
    """Add rosters that were entered twice, whole or in part, and persons who stand on two rosters.

    `places`, `roster`, `relation` and `nuk` are of listed places, `keluarga` is of rosters, `place_keluarga` of all
    places. Returns the first five with the copies appended; then by place 0 for an original, 1 on a copied roster, 2
    for a repeated person; and by roster 1 for a copy.
    """
    n_rosters, k = len(keluarga), p.keluarga
    copied = rng.random(n_rosters) < mix.roster_ganda
    whole = rng.random(n_rosters) < 0.5
    rows = np.flatnonzero(copied[roster] & (whole[roster] | (rng.random(len(roster)) < 0.45)))
    used = np.unique(roster[rows])
    new_number = np.full(n_rosters, -1)
    new_number[used] = n_rosters + np.arange(len(used))
    parts = [
        (places, roster, relation, nuk, np.zeros(len(places), int)),
        (places[rows], new_number[roster[rows]], relation[rows], nuk[rows], np.ones(len(rows), int)),
    ]
    repeated = np.flatnonzero(rng.random(len(places)) < mix.orang_ganda)
    own_keluarga = place_keluarga[places[repeated]]
    origin = np.where(k.grown_child[own_keluarga] == places[repeated], k.parent_family[own_keluarga], -1)
    position = np.searchsorted(keluarga, np.maximum(origin, 0)).clip(0, max(n_rosters - 1, 0))
    neighbour = np.clip(
        roster[repeated] + rng.integers(1, 4, len(repeated)) * np.where(rng.random(len(repeated)) < 0.5, -1, 1),
        0,
        n_rosters - 1,
    )
    target = np.where((origin >= 0) & (keluarga[position] == origin), position, neighbour) if n_rosters else neighbour
    target = np.where(rng.random(len(repeated)) < 0.12, roster[repeated], target)
    parts.append(
        (
            places[repeated],
            target,
            np.where(relation[repeated] == CHILD, CHILD, OTHER),
            np.ones(len(repeated), int),
            np.full(len(repeated), 2),
        )
    )
    result = tuple(np.concatenate([b[i] for b in parts]) for i in range(5))
    return (
        *result[:4],
        np.concatenate([keluarga, keluarga[used]]),
        result[4],
        np.r_[np.zeros(n_rosters, int), np.ones(len(used), int)],
    )
