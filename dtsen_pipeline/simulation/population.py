"""Build the true population: families, their members, their names, and what changed in recent years.

Belongs here: what is true of persons. What a source has seen of it belongs in `enumeration`, what it got wrong in
`damage`, income and housing in `welfare`, the meaning of the columns in `people`.
"""

import numpy as np

from dtsen_pipeline.simulation.base import (
    CHILD,
    CHILD_IN_LAW,
    DAYS_PER_YEAR,
    HEAD,
    OTHER,
    PARENT,
    SERVANT,
    SPOUSE,
    Booleans,
    Integers,
    rng_for,
)
from dtsen_pipeline.simulation.calendar import heaped_days
from dtsen_pipeline.simulation.composition import TWIN_SHARE, compose_keluarga
from dtsen_pipeline.simulation.country import Country
from dtsen_pipeline.simulation.names import NO_WORD, draw_clans, draw_names, twin_names, vocabulary
from dtsen_pipeline.simulation.numbers import set_kk, set_nik
from dtsen_pipeline.simulation.people import Keluarga, Persons, Population
from dtsen_pipeline.simulation.ties import first_of_birth, mothers_of, second_cards, tie_generations

# Shares of persons whose birthplace is written as kabupaten, kecamatan, desa.
PLACE_STYLE_SHARES = [0.62, 0.18, 0.20]
# Earliest day of a move, split or death. The oldest source is of 2021, so earlier events would not show.
FIRST_EVENT_DAY = int(np.datetime64("2021-01-01", "D").astype(int))


def build_population(country: Country, persons: int, seed: int, today: int, twins: float = TWIN_SHARE) -> Population:
    """Build exactly `persons` persons as they are on `today`, without names and numbers (see `set_identities`).

    `twins` is the share of births that are of twins.
    """
    rng = rng_for(seed, "keluarga")
    keluarga_desa, columns = compose_keluarga(country, persons, today, twins, rng)
    family, relation, female, birth_day, birth_order, size = columns
    first_person = np.cumsum(size) - size
    n = len(size)
    rng = rng_for(seed, "ikatan")
    ethnicity = _draw_ethnicity(country, keluarga_desa, rng)
    parent_family, grown_child = tie_generations(
        keluarga_desa, first_person, size, relation, female, birth_day, today, rng
    )
    ethnicity = np.where(parent_family >= 0, ethnicity[np.maximum(parent_family, 0)], ethnicity)
    tied = parent_family >= 0
    draw = rng.random(n)
    host = np.ones(n, bool)
    host[np.flatnonzero(tied)] = False
    same_house = tied & (draw < 0.40) & host[np.maximum(parent_family, 0)]
    house = np.where(same_house, parent_family, np.arange(n))
    head_age = (today - birth_day[first_person]) / DAYS_PER_YEAR
    newly_split = tied & (rng.random(n) < 0.45) & (head_age < 36)
    split_day = np.where(newly_split, rng.integers(FIRST_EVENT_DAY, today, n), -1)
    moves = ~tied & ~np.isin(np.arange(n), parent_family) & (rng.random(n) < 0.07)
    move_day = np.where(moves, rng.integers(FIRST_EVENT_DAY, today, n), -1)
    old_desa = np.where(moves, _origin_desa(country, keluarga_desa, rng), keluarga_desa)
    clan = draw_clans(ethnicity, rng)
    clan = np.where(tied & ~female[np.maximum(grown_child, 0)], clan[np.maximum(parent_family, 0)], clan)
    street, house_number = rng.integers(0, 10_000, n), rng.integers(1, 140, n)
    rt, rw = rng.integers(1, 10, n), rng.integers(1, 13, n)
    k = Keluarga(
        keluarga_desa,
        ethnicity,
        clan.astype(np.int32),
        parent_family,
        grown_child,
        house,
        split_day,
        move_day,
        old_desa,
        np.empty(0, "S16"),
        np.empty(0, "S16"),
        np.empty(0, int),
        street[house],
        house_number[house],
        rt[house],
        rw[house],
        first_person,
        size,
        second_cards(
            keluarga_desa, first_person, size, relation, female, birth_day, (house == np.arange(n)) & ~tied, today, seed
        ),
    )
    o = _complete_persons(country, k, family, relation, female, birth_day, birth_order, today, seed)
    o.marital[first_person[k.husband >= 0]] = 2
    return Population(country, k, o, today)


def set_identities(p: Population, second_nik_share: float, shared_nik_share: float, seed: int) -> None:
    """Set names, NIK and KK. `second_nik_share` of the persons have two NIKs, `shared_nik_share` somebody else's."""
    _set_names(p.keluarga, p.persons, rng_for(seed, "nama"))
    set_nik(p.country, p.keluarga, p.persons, second_nik_share, shared_nik_share, rng_for(seed, "nik"))
    set_kk(p.country, p.keluarga, p.persons, p.today, rng_for(seed, "kk"))


def _draw_ethnicity(w: Country, desa: Integers, rng: np.random.Generator) -> Integers:
    """Draw the ethnicity (suku) of families. Most share that of their desa, the rest follow the mix of the provinsi."""
    cumulative = np.cumsum(w.ethnicity_mix, axis=1)

    def draw(d: Integers) -> Integers:
        return np.asarray(
            (rng.random(len(d))[:, None] > cumulative[w.provinsi_of_desa(d)]).sum(1).clip(0, len(w.ethnicities) - 1)
        )

    unique, inverse = np.unique(desa, return_inverse=True)
    return np.where(rng.random(len(desa)) < 0.7, draw(unique)[inverse], draw(desa))


def _origin_desa(w: Country, desa: Integers, rng: np.random.Generator) -> Integers:
    """Draw the desa that movers came from: another one of the simulation, the nearer the likelier."""
    n = len(desa)
    unique = np.unique(desa)
    position = np.searchsorted(unique, desa)
    step = np.round(rng.standard_t(1.2, n) * 2).astype(np.int64)
    return np.asarray(unique[np.clip(position + np.where(step == 0, 1, step), 0, len(unique) - 1)])


def _complete_persons(
    w: Country,
    k: Keluarga,
    family: Integers,
    relation: Integers,
    female: Booleans,
    birth_day: Integers,
    birth_order: Integers,
    today: int,
    seed: int,
) -> Persons:
    """Draw all that is true of persons beyond their family, sex and birth day."""
    rng = rng_for(seed, "orang")
    n = len(family)
    age = (today - birth_day) / DAYS_PER_YEAR
    ethnicity = k.ethnicity[family]
    newcomer = ((relation == SPOUSE) | (relation == CHILD_IN_LAW)) & (rng.random(n) < 0.15)
    ethnicity = np.where(newcomer, rng.permutation(k.ethnicity)[family], ethnicity)
    birth_order = np.where(relation == CHILD, birth_order, rng.choice(6, n, p=[0.34, 0.28, 0.19, 0.11, 0.05, 0.03]))
    # Births without a certificate were entered as the first, the last or the middle day of the year.
    heaped = rng.random(n) < np.clip((age - 25) * 0.0022, 0.006, 0.11)
    official_day = np.where(heaped, heaped_days(birth_day, [0.56, 0.30, 0.14], rng), birth_day)
    official_day = np.where(official_day > today, birth_day, official_day)
    kecamatan = w.desa["parent"][k.old_desa[family]]
    distance = rng.random(n)
    bounds = np.where(
        (relation == CHILD) & (age < 25), 0.95, np.where(k.grown_child[family] == np.arange(n), 0.97, 0.72)
    )
    nearby = _nearby_kecamatan(w, kecamatan, rng)
    anywhere = rng.permutation(kecamatan)
    birth_kecamatan = np.where(
        distance < bounds, kecamatan, np.where(distance < bounds + (1 - bounds) * 0.6, nearby, anywhere)
    )
    adult = age > 19
    marital = np.full(n, 1)
    partnered = np.isin(family, family[relation == SPOUSE])
    marital[(relation == SPOUSE) | ((relation == HEAD) & partnered)] = 2
    marital[relation == CHILD_IN_LAW] = 2
    unpartnered = (relation == HEAD) & ~partnered
    marital[unpartnered & female] = np.where(rng.random(n) < 0.68, 4, 3)[unpartnered & female]
    marital[unpartnered & ~female] = np.where(age > 40, np.where(rng.random(n) < 0.5, 4, 3), 1)[unpartnered & ~female]
    marital[(relation == PARENT)] = np.where(rng.random(n) < 0.8, 4, 2)[relation == PARENT]
    marital[(relation == CHILD) & adult & (rng.random(n) < 0.07)] = 3
    # Persons who died or left in the last years are still alive or present in the older sources.
    risk = np.clip(0.0045 * np.exp((age - 40) * 0.062), 0.0015, 0.45)  # over some four years
    death_day = np.where(rng.random(n) < risk, rng.integers(FIRST_EVENT_DAY, today + 1, n), -1)
    leaving_day = np.where(
        (relation >= CHILD) & (age > 16) & (rng.random(n) < 0.02), rng.integers(FIRST_EVENT_DAY, today + 1, n), -1
    )
    death_day = np.where(death_day < birth_day, -1, death_day)
    # Twins share everything but name, number and sex.
    first_born = first_of_birth(family, relation, birth_day)
    official_day, ethnicity, birth_kecamatan, style = (
        x[first_born] for x in (official_day, ethnicity, birth_kecamatan, rng.choice(3, n, p=PLACE_STYLE_SHARES))
    )
    return Persons(
        family,
        relation,
        female,
        birth_day,
        official_day,
        ethnicity,
        birth_order,
        np.empty((0, 3), np.int32),
        np.empty((0, 3), np.int32),
        mothers_of(k, family, relation, female),
        birth_kecamatan,
        style,
        np.empty(0, "S16"),
        np.empty(0, "S16"),
        np.zeros(n, bool),
        marital,
        first_born,
        death_day,
        leaving_day,
    )


def _nearby_kecamatan(w: Country, kecamatan: Integers, rng: np.random.Generator) -> Integers:
    """Draw a kecamatan some positions away, mostly of the same kabupaten: those lie side by side in the table."""
    step = np.round(rng.normal(0, 6, len(kecamatan))).astype(int)
    nearby: Integers = np.clip(kecamatan + step, 0, len(w.kecamatan["code"]) - 1)
    return nearby


def _set_names(k: Keluarga, o: Persons, rng: np.random.Generator) -> None:
    """Set the names of all persons and of their mothers."""
    n = len(o.keluarga)
    year = 1970 + (o.birth_day / DAYS_PER_YEAR).astype(int)
    clan = k.clan[o.keluarga].copy()
    own_clan = (
        (o.relation == SPOUSE)
        | (o.relation == CHILD_IN_LAW)
        | (o.relation == SERVANT)
        | ((o.relation == PARENT) & (rng.random(n) < 0.6))
        | (o.ethnicity != k.ethnicity[o.keluarga])
    )
    clan[own_clan] = draw_clans(o.ethnicity[own_clan], rng)
    tied = np.flatnonzero(k.grown_child >= 0)
    clan[k.grown_child[tied]] = k.clan[k.parent_family[tied]]
    o.name = draw_names(o.ethnicity, o.female, year, o.birth_order, clan, rng)
    # Siblings without a clan (Javanese, Sundanese, Malay) often share their second word.
    children = np.flatnonzero((o.relation == CHILD) & (k.clan[o.keluarga] == NO_WORD) & (o.name[:, 1] >= 0))
    sharing = children[rng.random(len(children)) < 0.16]
    eldest_child = np.full(len(k.desa), -1)
    eldest_child[o.keluarga[children[::-1]]] = children[::-1]
    _share_second_word(o, sharing, eldest_child[o.keluarga[sharing]])
    later_twins = np.flatnonzero(o.first_born != np.arange(n))
    o.name[later_twins] = twin_names(o.name, o.ethnicity, clan, later_twins, o.first_born[later_twins], rng)
    o.mother_name = draw_names(
        o.ethnicity, np.ones(n, bool), year - 26, rng.choice(4, n), draw_clans(o.ethnicity, rng), rng
    )
    # Brothers and sisters of the head have the head's mother.
    siblings = np.flatnonzero((o.relation == OTHER) & (rng.random(n) < 0.6))
    o.mother_name[siblings] = o.mother_name[k.first_person[o.keluarga[siblings]]]
    known_mother = o.mother >= 0
    o.mother_name[known_mother] = o.name[o.mother[known_mother]]
    o.mother_name[later_twins] = o.mother_name[o.first_born[later_twins]]


def _share_second_word(o: Persons, who: Integers, sibling: Integers) -> None:
    """Give persons the second word of a sibling, if there is one that their name does not hold already.

    Where the first word tells the order of birth, the second is a person's own and stays.
    """
    by_birth_order = np.array([t.birth_order_words is not None for t in vocabulary().traditions])
    word = o.name[sibling, 1]
    allowed = (word >= 0) & ~(o.name[who] == word[:, None]).any(1) & ~by_birth_order[o.ethnicity[who]]
    o.name[who[allowed], 1] = word[allowed]
