"""What every source notes of its visits, before each codes it in its own way.

What belongs here: cards, names, numbers and dates as written, the house as seen, and what follows from age and relation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import DAYS_A_YEAR, Array, first_of_group
from benchmarks.foreign.country.people import Families
from benchmarks.foreign.country.population import Country
from benchmarks.foreign.damage.date_errors import draw_dates, draw_no_dates
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.damage.name_errors import write_names
from benchmarks.foreign.damage.nik_errors import write_niks
from benchmarks.foreign.listing import CHILD_IN_LAW, HEAD_OF_ROSTER, OWN_CHILD, OWN_PARENT, WIFE_OR_HUSBAND, Listing
from benchmarks.foreign.sources.addresses import draw_addresses

# Marital status in the codes of DTKS and Regsosek.
SINGLE, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4


@dataclass
class Visit:
    """One source's rows as they will be written.

    By roster: ``village`` as coded, ``seen`` housing, ``house`` the columns that all sources share, ``head`` the head's row. By
    person row: ``person`` the columns that all sources share, and what each source codes in its own way: sex, age in years,
    highest certificate, whether the person goes to school or works, and marital status.
    """

    source: str
    rows: Listing
    village: Array
    seen: dict[str, Array]
    house: dict[str, Any]
    person: dict[str, Any]
    male: Array
    age: Array
    schooling: Array
    is_pupil: Array
    works: Array
    marital_status: Array
    head: Array


def draw_visit(
    con: duckdb.DuckDBPyConnection, country: Country, source: str, rows: Listing, hand: Hand, national_id: bool
) -> Visit:
    """Draw what ``source`` notes of its ``rows``; without ``national_id`` every NIK is empty."""
    rng, people, places = hand.rng, country.people, country.places
    n, rosters, p = len(rows.person), len(rows.family), rows.person
    born, written_part = draw_dates(hand, people.born[p], country.today)
    card, member_card = _draw_cards(hand, rows, country)
    nik = write_niks(con, hand, rows, people, member_card, born) if national_id else pa.nulls(n, pa.string())

    # an application that cuts names off is used by a whole village
    fits = rng.choice([0, 20, 25, 30], len(places.weight), p=[0.85, 0.03, 0.06, 0.06]) * (hand.damage > 0)
    limit = fits[rows.village][rows.roster]
    head = first_of_group(rows.roster)
    has_father = (rows.relation == OWN_CHILD) & people.male[p[head]]
    father = np.where(has_father[:, None], people.names[p[head]], -1)
    name = write_names(con, hand, people.names[p], father, people.male[p], limit)

    beside = (rows.village + rng.choice([-1, 1], rosters)).clip(0, len(places.kec) - 1)
    strayed = hand.roster_errs(0.015) & (places.kec[beside] == places.kec[rows.village]) & (places.weight[beside] > 0)
    seen = _draw_seen(rng, rows, country.housing)
    house = {
        "roster": np.arange(rosters),
        **draw_addresses(rng, rows),
        "visit_day": rows.day,
        "roster_card": pa.array(card, mask=card < 0),
        "members": np.bincount(rows.roster, minlength=rosters),
    }
    person = {
        "roster": rows.roster,
        "record": rng.permutation(n),
        "nama": name,
        "nik": nik,
        "card": pa.array(member_card, mask=member_card < 0),
        "birth_day": born,
        "written_part": written_part.astype(np.int8),
        "with_slashes": rng.random(n) < 0.4,
        "no_date": draw_no_dates(hand, source),
    }
    age = ((rows.day[rows.roster] - people.born[p]) / DAYS_A_YEAR).clip(0, 110).astype(np.int64)
    schooling = np.minimum(people.schooling[p], np.searchsorted([12, 15, 18, 21, 23, 27], age, side="right"))
    leaves_school = np.array([13, 16, 19, 24, 24, 26, 28])[schooling]
    is_pupil = (age >= 6) & (age < leaves_school) & (rng.random(n) < np.where(age < 16, 0.95, 0.55))
    likely_to_work = np.where(age > 66, 0.3, np.where(people.male[p], 0.88, 0.5))
    works = (age >= 15) & ~is_pupil & (rng.random(n) < likely_to_work)
    return Visit(
        source=source,
        rows=rows,
        village=np.where(strayed, beside, rows.village),
        seen=seen,
        house=house,
        person=person,
        male=people.male[p] ^ hand.errs(0.005),
        age=age,
        schooling=schooling,
        is_pupil=is_pupil,
        works=works,
        marital_status=_marital_status(rows, age),
        head=np.flatnonzero(head == np.arange(n)),
    )


def _draw_cards(hand: Hand, rows: Listing, country: Country) -> tuple[Array, Array]:
    """Draw the card number on each roster and on each person row, -1 where it is empty."""
    rng, families, rosters = hand.rng, country.families, len(rows.family)
    card = _card_on(families, rows.family, rows.day)
    card = np.where(hand.roster_errs(0.03), families.card[rows.family], card)
    place = 10 ** rng.integers(0, 12, rosters)
    digit = card // place % 10
    card = np.where(hand.roster_errs(0.015), card + ((digit + rng.integers(1, 10, rosters)) % 10 - digit) * place, card)
    card = np.where(hand.roster_errs(0.035), -1, card)
    of_second_family = _card_on(families, country.people.family_later[rows.person], rows.day[rows.roster])
    member_card = np.where(rows.nuk > 1, of_second_family, card[rows.roster])
    return card, np.where(hand.errs(0.012), -1, member_card)


def _card_on(families: Families, family: Array, day: Array) -> Array:
    """Give the card that is valid on ``day``."""
    return np.where(families.new_card[family] <= day, families.card_later[family], families.card[family])


def _draw_seen(rng: np.random.Generator, rows: Listing, housing: dict[str, Array]) -> dict[str, Array]:
    """Draw the house as the interviewer saw it: in a few rosters a sign is another family's."""
    rosters = len(rows.family)
    from_visit = np.where(rng.random(rosters) < 0.05, rng.permutation(rows.family), rows.family)
    seen = {
        column: np.where(rng.random(rosters) < 0.05, rng.permutation(value[rows.family]), value[rows.family])
        for column, value in housing.items()
    }
    for column in ("kd_sumber_penerangan_utama", "kd_daya_terpasang"):  # they hang together
        seen[column] = housing[column][from_visit]
    return seen


def _marital_status(rows: Listing, age: Array) -> Array:
    """Derive the marital status from relation and age; a head is married whose roster has a spouse."""
    rosters = len(rows.family)
    has_spouse = np.bincount(rows.roster[rows.relation == WIFE_OR_HUSBAND], minlength=rosters)[rows.roster] > 0
    single_head = np.where(age > 50, WIDOWED, np.where(age > 30, DIVORCED, SINGLE))
    return np.select(
        [
            rows.relation == HEAD_OF_ROSTER,
            (rows.relation == WIFE_OR_HUSBAND) | (rows.relation == CHILD_IN_LAW),
            rows.relation == OWN_PARENT,
        ],
        [np.where(has_spouse, MARRIED, single_head), MARRIED, WIDOWED],
        SINGLE,
    )
