"""The true population: families, their members, their identifiers and what changed in recent years.

Belongs here: what is true. What a source has seen of it belongs in `pencacahan`, what it got wrong in `kerusakan`,
income and housing in `kesejahteraan`. All columns are numpy arrays of one length; dates are days since 1970-01-01;
-1 means none.
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

# Of couples, those whose husband heads a second card, of another wife and her children at her own address.
SECOND_CARD_SHARE = 0.006
# Birthplace written as regency, district, village-like name.
PLACE_STYLE_SHARES = [0.62, 0.18, 0.20]
# Nobody moved, married away or died before this day as far as the sources are concerned: the oldest of them is of 2021.
FIRST_EVENT_DAY = int(np.datetime64("2021-01-01", "D").astype(int))


def build_population(country: Country, persons: int, seed: int, today: int, twins: float = TWIN_SHARE) -> Population:
    """Build exactly `orang` persons as they are on `hari_ini`, without names and numbers (see `beri_identitas`).

    `kembar` is the share of births that are of twins.
    """
    rng = rng_for(seed, "keluarga")
    keluarga_desa, columns = compose_keluarga(country, persons, today, twins, rng)
    family, relation, female, birth_day, birth_order, size = columns
    first_person = np.cumsum(size) - size
    n = len(size)
    rng = rng_for(seed, "ikatan")
    ethnicity = _draw_ethnicity(country, keluarga_desa, rng)
    parent, grown_child = _tie_generations(keluarga_desa, first_person, size, relation, female, birth_day, today, rng)
    ethnicity = np.where(parent >= 0, ethnicity[np.maximum(parent, 0)], ethnicity)
    tied = parent >= 0
    draw = rng.random(n)
    host = np.ones(n, bool)
    host[np.flatnonzero(tied)] = False
    same_house = tied & (draw < 0.40) & host[np.maximum(parent, 0)]
    house = np.where(same_house, parent, np.arange(n))
    head_age = (today - birth_day[first_person]) / DAYS_PER_YEAR
    newly_split = tied & (rng.random(n) < 0.45) & (head_age < 36)
    split_day = np.where(newly_split, rng.integers(FIRST_EVENT_DAY, today, n), -1)
    moves = ~tied & ~np.isin(np.arange(n), parent) & (rng.random(n) < 0.07)
    move_day = np.where(moves, rng.integers(FIRST_EVENT_DAY, today, n), -1)
    old_desa = np.where(moves, _origin_desa(country, keluarga_desa, rng), keluarga_desa)
    clan = draw_clans(ethnicity, rng)
    clan = np.where(tied & ~female[np.maximum(grown_child, 0)], clan[np.maximum(parent, 0)], clan)
    street, house_number = rng.integers(0, 10_000, n), rng.integers(1, 140, n)
    rt, rw = rng.integers(1, 10, n), rng.integers(1, 13, n)
    k = Keluarga(
        keluarga_desa,
        ethnicity,
        clan.astype(np.int32),
        parent,
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
        _second_cards(
            keluarga_desa, first_person, size, relation, female, birth_day, (house == np.arange(n)) & ~tied, today, seed
        ),
    )
    o = _complete_persons(country, k, family, relation, female, birth_day, birth_order, today, seed)
    o.marital[first_person[k.husband >= 0]] = 2
    return Population(country, k, o, today)


def set_identities(p: Population, two_share: float, shared_share: float, seed: int) -> None:
    """Set names, NIK and KK; with the shares of persons who have two NIKs, and who were given somebody else's."""
    _set_names(p.keluarga, p.persons, rng_for(seed, "nama"))
    set_nik(p.country, p.keluarga, p.persons, two_share, shared_share, rng_for(seed, "nik"))
    set_kk(p.country, p.keluarga, p.persons, p.today, rng_for(seed, "kk"))


def _tie_generations(
    desa: Integers,
    first_person: Integers,
    size: Integers,
    relation: Integers,
    female: Booleans,
    birth_day: Integers,
    today: int,
    rng: np.random.Generator,
) -> tuple[Integers, Integers]:
    """Give some young couples parents among the families of their village: the same mother, marga and birthplace."""
    n = len(desa)
    start = np.searchsorted(desa, desa)
    end = np.searchsorted(desa, desa, side="right")
    has_partner = (size > 1) & (relation[np.minimum(first_person + 1, len(relation) - 1)] == SPOUSE)
    mother = np.where(has_partner, first_person + 1, np.where(female[first_person], first_person, -1))
    child = np.where(has_partner & (rng.random(n) < 0.45), first_person + 1, first_person)
    age = (today - birth_day[first_person]) / DAYS_PER_YEAR
    searching = (age < 46) & (rng.random(n) < 0.75)
    parent = np.full(n, -1)
    for _ in range(4):
        candidate = start + (rng.random(n) * (end - start)).astype(int)
        age_gap = (birth_day[child] - birth_day[np.maximum(mother[candidate], 0)]) / DAYS_PER_YEAR
        matching = (
            searching
            & (parent < 0)
            & (mother[candidate] >= 0)
            & (age_gap > 17)
            & (age_gap < 42)
            & (candidate != np.arange(n))
        )
        parent[matching] = candidate[matching]
    return parent, np.where(parent >= 0, child, -1)


def _second_cards(
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
    """Husbands of other families of the village, by family of a woman at the head who has children and a house of her own
    (`sendiri`); -1 for the other families.

    He belongs to the family of his first card: there he is counted and there he is true (`Orang.keluarga`). The second
    card's rosters list him at the head all the same, with her as his wife.
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


def _draw_ethnicity(w: Country, desa: Integers, rng: np.random.Generator) -> Integers:
    """Most families of a village are of the village's own suku; the rest follow the province's mixture."""
    cumulative = np.cumsum(w.ethnicity_mix, axis=1)

    def draw(d: Integers) -> Integers:
        return np.asarray(
            (rng.random(len(d))[:, None] > cumulative[w.provinsi_of_desa(d)]).sum(1).clip(0, len(w.ethnicities) - 1)
        )

    unique, inverse = np.unique(desa, return_inverse=True)
    return np.where(rng.random(len(desa)) < 0.7, draw(unique)[inverse], draw(desa))


def _origin_desa(w: Country, desa: Integers, rng: np.random.Generator) -> Integers:
    """Where movers came from: mostly another village of the simulation, the nearer the likelier."""
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
    rng = rng_for(seed, "orang")
    n = len(family)
    age = (today - birth_day) / DAYS_PER_YEAR
    ethnicity = k.ethnicity[family]
    newcomer = ((relation == SPOUSE) | (relation == CHILD_IN_LAW)) & (rng.random(n) < 0.15)
    ethnicity = np.where(newcomer, rng.permutation(k.ethnicity)[family], ethnicity)
    birth_order = np.where(relation == CHILD, birth_order, rng.choice(6, n, p=[0.34, 0.28, 0.19, 0.11, 0.05, 0.03]))
    # Births without a certificate were entered as the first or last day of the year, or its middle.
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
    # Deaths and departures of the last years: these persons live on in the older sources.
    risk = np.clip(0.0045 * np.exp((age - 40) * 0.062), 0.0015, 0.45)  # over some four years
    death_day = np.where(rng.random(n) < risk, rng.integers(FIRST_EVENT_DAY, today + 1, n), -1)
    leaving_day = np.where(
        (relation >= CHILD) & (age > 16) & (rng.random(n) < 0.02), rng.integers(FIRST_EVENT_DAY, today + 1, n), -1
    )
    death_day = np.where(death_day < birth_day, -1, death_day)
    # Of one birth, all is one but the name, the number and the sex.
    first_born = _first_of_birth(family, relation, birth_day)
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
        _mothers(k, family, relation, female),
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


def _first_of_birth(family: Integers, relation: Integers, birth_day: Integers) -> Integers:
    """The first of the children of one birth, by person; they stand side by side in their family."""
    same = (
        (birth_day[1:] == birth_day[:-1])
        & (family[1:] == family[:-1])
        & (relation[1:] == CHILD)
        & (relation[:-1] == CHILD)
    )
    return np.asarray(np.maximum.accumulate(np.where(np.r_[True, ~same], np.arange(len(family)), 0)))


def _nearby_kecamatan(w: Country, kecamatan: Integers, rng: np.random.Generator) -> Integers:
    """Another district, mostly of the same regency (districts of a regency lie side by side in the table)."""
    step = np.round(rng.normal(0, 6, len(kecamatan))).astype(int)
    return np.clip(kecamatan + step, 0, len(w.kecamatan["code"]) - 1)


def _mothers(k: Keluarga, family: Integers, relation: Integers, female: Booleans) -> Integers:
    """The mother's person number: the wife or the woman at the head for children, the linked family's for its child."""
    n_keluarga = len(k.desa)
    keluarga_mother = np.full(n_keluarga, -1)
    for who in (np.flatnonzero((relation == HEAD) & female), np.flatnonzero(relation == SPOUSE)):
        keluarga_mother[family[who]] = who
    keluarga_mother[family[(relation == SPOUSE) & ~female]] = -1
    mother = np.where(relation == CHILD, keluarga_mother[family], -1)
    tied = k.grown_child >= 0
    mother[k.grown_child[tied]] = keluarga_mother[k.parent_family[tied]]
    return mother


def _set_names(k: Keluarga, o: Persons, rng: np.random.Generator) -> None:
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
    # Javanese, Sundanese and Malay siblings often share a second word though nobody has a family name.
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
    """Second words taken from a sibling, if that one has a second word which the name does not hold already.

    Where the first word tells the order of birth, the second is a person's own and is left alone.
    """
    by_birth_order = np.array([t.birth_order_words is not None for t in vocabulary().traditions])
    word = o.name[sibling, 1]
    allowed = (word >= 0) & ~(o.name[who] == word[:, None]).any(1) & ~by_birth_order[o.ethnicity[who]]
    o.name[who[allowed], 1] = word[allowed]
