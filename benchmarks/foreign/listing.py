"""Whom each source has on its lists, and on which roster: the rows before anything is spelled.

What belongs here: coverage and the days of the visits, people who are listed though they died or left, guests, second cards, and
rows that are entered twice. How a row is written is ``damage`` and ``sources``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array, day_number, first_of_group
from benchmarks.foreign.country.people import HEAD, OTHER, SPOUSE
from benchmarks.foreign.country.population import Country

# Presence on the day of the visit.
PRESENT, DEAD, MOVED = range(3)
# Relations to the head of the roster, in the codes of DTKS and Regsosek.
HEAD_OF_ROSTER, WIFE_OR_HUSBAND, OWN_CHILD, CHILD_IN_LAW, GRANDCHILD, OWN_PARENT, OTHER_RELATIVE = 1, 2, 3, 4, 5, 6, 8
# By role, where the person is not the first of the roster.
_BY_ROLE = np.array([OTHER_RELATIVE, WIFE_OR_HUSBAND, OWN_CHILD, OWN_PARENT, OTHER_RELATIVE])
_BY_ROLE_IN_SECOND_FAMILY = np.array([OWN_CHILD, CHILD_IN_LAW, GRANDCHILD, OTHER_RELATIVE, OTHER_RELATIVE])
# Share of families that a source visits.
_COVERED = {"dtks": 0.41, "regsosek": 0.955, "p3ke": 0.73}
# Share of people left out in a family that is visited.
_OMITTED = {"dtks": 0.03, "regsosek": 0.02, "p3ke": 0.04}
# Of families that have died out, those that stay on the list.
_UNREPORTED = 0.8


@dataclass
class Listing:
    """One source's rows, sorted by roster, the head first: by row the person, the roster, and the relation (1 head ... 8 other).

    ``presence`` is ``PRESENT``, ``DEAD`` or ``MOVED``; ``nuk`` the family's number in the household. By roster: its family, its
    village and the day of the visit.
    """

    person: Array
    roster: Array
    relation: Array
    presence: Array
    nuk: Array
    family: Array
    village: Array
    day: Array


@dataclass
class _Entries:
    """Rows by person, in the order in which they are added; ``family`` is the one that the person is listed in."""

    person: Array
    family: Array
    role: Array
    presence: Array

    def add(self, person: Array, family: Array, role: Array, presence: Array) -> None:
        self.person, self.family = np.r_[self.person, person], np.r_[self.family, family]
        self.role, self.presence = np.r_[self.role, role], np.r_[self.presence, presence]


def draw_listing(rng: np.random.Generator, source: str, country: Country) -> Listing:
    """Draw the rows of ``source`` (``dtks``, ``regsosek`` or ``p3ke``)."""
    people, families = country.people, country.families
    covered, day = _draw_visits(rng, source, country)
    entries = _draw_residents(rng, source, country, covered, day)
    _add_second_husbands(rng, entries, country, covered, day)
    village_now = np.where(families.moved <= day, families.village_later, families.village)
    _add_guests(rng, entries, village_now)
    roster, family_of_roster = _add_copies(rng, entries, len(families.village))
    person, role, presence = entries.person, entries.role, entries.presence

    nuk = np.ones(len(person), dtype=np.int64)
    if source == "dtks":
        host = families.host[family_of_roster[roster]]
        in_one_house = village_now[host.clip(0)] == village_now[family_of_roster[roster]]
        is_guest = (host >= 0) & covered[host.clip(0)] & (roster < len(families.village)) & in_one_house
        is_guest &= np.isin(host, roster)
        # DTKS counts households: a young couple under the parents' roof is their roster's second family
        roster, nuk = np.where(is_guest, host, roster), np.where(is_guest, 2, 1)
    order = np.lexsort((people.born[person], role, presence > 0, nuk, roster))
    person, roster, role, presence, nuk = (a[order] for a in (person, roster, role, presence, nuk))
    relation = _relations(role, nuk, roster, people.born[person] > country.today - 15 * int(DAYS_A_YEAR))
    used, roster = np.unique(roster, return_inverse=True)
    # rosters are numbered anew, so that a number says nothing about the same family in another source
    shuffled = rng.permutation(len(used))
    family = np.empty(len(used), dtype=np.int64)
    family[shuffled] = family_of_roster[used]
    roster = shuffled[roster]
    order = np.argsort(roster, kind="stable")
    person, roster, relation, presence, nuk = (a[order] for a in (person, roster, relation, presence, nuk))
    return Listing(person, roster, relation, presence, nuk, family, village_now[family], day[family])


def _draw_visits(rng: np.random.Generator, source: str, country: Country) -> tuple[Array, Array]:
    """Draw, by family, whether the source visits it and on which day."""
    families, today = country.families, country.today
    n = len(families.village)
    missed = rng.random(len(country.places.weight)) < (0.05 if source == "p3ke" else 0.004)
    if source == "dtks":
        looks_well = families.welfare + rng.normal(0, 0.7, n)
        covered = looks_well < np.quantile(looks_well, _COVERED[source])
        is_fresh = rng.random(n) < 0.6
        day = np.where(is_fresh, today - rng.integers(14, 45, n), today - rng.integers(45, 800, n))
    elif source == "regsosek":
        covered = rng.random(n) < _COVERED[source]
        day = rng.integers(day_number("2022-10-15"), day_number("2022-12-01"), n)
    else:
        covered = rng.random(n) < _COVERED[source]
        waves = np.array([day_number(d) for d in ("2021-08-31", "2022-06-30", "2022-12-31", "2023-06-30")])
        day = waves[rng.choice(4, n, p=[0.45, 0.2, 0.1, 0.25])] - rng.integers(0, 60, n)
    return covered & ~missed[families.village], day


def _draw_residents(rng: np.random.Generator, source: str, country: Country, covered: Array, day: Array) -> _Entries:
    """List everybody in the family of the start, the dead and moved too where the list is stale, and in the later family."""
    people = country.people
    n, n_family = len(people.family), len(country.families.village)
    listed = rng.random(n) >= _OMITTED[source]
    stale = rng.random(n) < (0.18 if source == "dtks" else 0.04)
    at = day[people.family]
    died, left = people.died <= at, people.left <= at
    # of a family that has died out nobody is left to say so
    lives_there = (people.born <= at) & ~died & ~left
    died_out = np.bincount(people.family[lives_there], minlength=n_family)[people.family] == 0
    stale |= died_out & died & (rng.random(n) < _UNREPORTED)
    first = covered[people.family] & listed & (people.born <= at) & ((~died & ~left) | stale) & ~(died & left)
    at_later = day[people.family_later]
    elsewhere = covered[people.family_later] & (people.family_later != people.family)
    second = elsewhere & listed & (people.left <= at_later) & (people.died > at_later)
    presence = np.where(died, DEAD, np.where(left, MOVED, PRESENT))
    entries = _Entries(np.flatnonzero(first), people.family[first], people.role[first], presence[first])
    later = np.flatnonzero(second)
    present = np.full(len(later), PRESENT)
    entries.add(later, people.family_later[later], people.role_later[later], present)
    return entries


def _add_second_husbands(
    rng: np.random.Generator, entries: _Entries, country: Country, covered: Array, day: Array
) -> None:
    """List the husband of two cards on the second one as well, its mother then as his wife."""
    people = country.people
    card = np.flatnonzero((country.families.husband >= 0) & covered)
    his = country.families.husband[card]
    is_known = (people.died[his] > day[card]) & (people.left[his] > day[card]) & (rng.random(len(his)) < 0.97)
    card, his = card[is_known], his[is_known]
    entries.role = np.where((entries.role == HEAD) & np.isin(entries.family, card), SPOUSE, entries.role)
    entries.add(his, card, np.full(len(his), HEAD), np.full(len(his), PRESENT))


def _add_guests(rng: np.random.Generator, entries: _Entries, village_now: Array) -> None:
    """List a few people in a neighbour's family too: guests who are counted where they slept as well as at home."""
    by_village = np.argsort(village_now[entries.family], kind="stable")
    at = np.flatnonzero(rng.random(len(by_village)) < 0.004)
    hosts = by_village[(at + rng.integers(4, 40, len(at))).clip(0, len(by_village) - 1)]
    guests = by_village[at]
    not_at_home = entries.family[guests] != entries.family[hosts]
    guests, hosts = guests[not_at_home], hosts[not_at_home]
    role = np.full(len(guests), OTHER)
    entries.add(entries.person[guests], entries.family[hosts], role, entries.presence[guests])


def _add_copies(rng: np.random.Generator, entries: _Entries, n_family: int) -> tuple[Array, Array]:
    """Enter some families twice, as visited twice, and some single persons, on a roster of their own or in the same roster.

    Returns the roster of each entry and the family of each roster; the first ``n_family`` rosters are the families'.
    """
    family = entries.family
    twice = np.flatnonzero(rng.random(n_family) < 0.004)
    again = np.flatnonzero(np.isin(family, twice))
    second_roster = np.full(n_family, -1)
    second_roster[twice] = n_family + np.arange(len(twice))
    single = np.flatnonzero(rng.random(len(family)) < 0.003)
    has_own = rng.random(len(single)) < 0.7
    single_roster = np.where(has_own, n_family + len(twice) + np.arange(len(single)), family[single])
    family_of_roster = np.r_[np.arange(n_family), twice, family[single]]
    roster = np.r_[family, second_roster[family[again]], single_roster]
    copied = np.r_[again, single]
    entries.add(entries.person[copied], family[copied], entries.role[copied], entries.presence[copied])
    return roster, family_of_roster


def _relations(role: Array, nuk: Array, roster: Array, is_young: Array) -> Array:
    """Code each row's relation to the head, who is the first row of the roster; rows are sorted by roster."""
    relation = np.where((role == OTHER) & is_young, GRANDCHILD, _BY_ROLE[role])
    relation = np.where(nuk > 1, _BY_ROLE_IN_SECOND_FAMILY[role], relation)
    return np.where(np.arange(len(roster)) == first_of_group(roster), HEAD_OF_ROSTER, relation)
