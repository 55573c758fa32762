"""What changes between the interviews: families move, young people marry or move out, couples part, children are born.

What belongs here: the draws that begin from the families at the start (``households``) and add new ones behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.foreign.arrays import DAYS_A_YEAR, NEVER, Array, day_number
from benchmarks.foreign.country.households import Members
from benchmarks.foreign.country.people import CHILD, HEAD, SPOUSE, Families
from benchmarks.foreign.country.places import Places, draw_nearby
from benchmarks.foreign.country.registry_numbers import draw_numbers

# The first day on which anything changes.
START = day_number("2021-07-01")
# Of husbands, those who head a second card with another wife.
_TWO_CARDS = 0.008


@dataclass
class Departures:
    """Who leaves the family of the start, by person number, and whom the new families are founded by.

    Couples found the first new families in their order, then those who live ``alone``.
    """

    left: Array
    family_later: Array
    role_later: Array
    grooms: Array
    brides: Array
    alone: Array

    @property
    def founders(self) -> Array:
        """The heads of the new families, in the families' order."""
        heads: Array = np.r_[self.grooms, self.alone]
        return heads


@dataclass
class Babies:
    """The children of the new couples: the number of the couple, day of birth, and the baby born first at the birth."""

    couple: Array
    born: Array
    elder: Array


def draw_changes(rng: np.random.Generator, members: Members, places: Places, today: int) -> tuple[Families, Departures]:
    """Draw where the families live and which new ones are founded; the old come first in ``Families``."""
    n_family = members.families
    village = rng.choice(len(places.weight), n_family, p=places.weight)
    moved = np.where(rng.random(n_family) < 0.09, rng.integers(START, today, n_family), today + NEVER)
    village_later = np.where(moved <= today, draw_nearby(rng, places, village, 0.35), village)
    welfare = 0.9 * rng.normal(0, 1, n_family) + places.prosperity[village]

    departures = _draw_departures(rng, members, places, village, today)
    host, origin = _draw_hosts(rng, members, departures)
    new = len(origin)
    new_village = village_later[origin]
    new_village = np.where(host >= 0, new_village, draw_nearby(rng, places, new_village, 0.4))
    all_village, all_later = np.r_[village, new_village], np.r_[village_later, new_village]
    card, card_later, new_card = _draw_cards(
        rng, places, all_village, all_later, moved, origin, departures.left[departures.founders], today
    )
    new_welfare = 0.6 * welfare[origin] + 0.8 * rng.normal(0, 1, new)
    families = Families(
        village=all_village,
        village_later=all_later,
        moved=np.r_[moved, np.full(new, today + NEVER)],
        card=card,
        card_later=card_later,
        new_card=new_card,
        host=np.r_[np.full(n_family, -1), host],
        welfare=np.r_[welfare, new_welfare],
        husband=np.r_[_draw_second_husbands(rng, members, places.kab[village]), np.full(new, -1)],
    )
    return families, departures


def _draw_departures(
    rng: np.random.Generator, members: Members, places: Places, village: Array, today: int
) -> Departures:
    """Draw which young people marry or move out and which spouses part, and on which day."""
    family, role, born, male = members.family, members.role, members.born, members.male
    n, n_family = len(family), members.families
    young = (role == CHILD) & (today - born > 19 * DAYS_A_YEAR) & (today - born < 40 * DAYS_A_YEAR)
    leaves = (young & (rng.random(n) < 0.32)) | ((role == SPOUSE) & (rng.random(n) < 0.012))
    grown_up = born + int(18 * DAYS_A_YEAR)
    day = np.maximum(rng.integers(START, today, n), grown_up).clip(None, today - 1)
    left = np.where(leaves, day, today + NEVER)
    # neighbours marry: in the order of their districts, loosely, the first groom gets the first bride
    marry = np.flatnonzero(leaves & (role == CHILD) & (rng.random(n) < 0.65))
    near = places.kec[village[family[marry]]] + rng.normal(0, 1.5, len(marry))
    marry = marry[np.argsort(near, kind="stable")]
    grooms, brides = marry[male[marry]], marry[~male[marry]]
    couples = min(len(grooms), len(brides))
    grooms, brides = grooms[:couples], brides[:couples]
    unrelated = family[grooms] != family[brides]
    grooms, brides = grooms[unrelated], brides[unrelated]
    couples = len(grooms)
    left[brides] = left[grooms] = np.maximum(left[grooms], left[brides])
    alone = np.setdiff1d(np.flatnonzero(leaves), np.r_[grooms, brides])
    family_later, role_later = family.copy(), role.copy()
    family_later[grooms] = family_later[brides] = n_family + np.arange(couples)
    family_later[alone] = n_family + couples + np.arange(len(alone))
    role_later[grooms], role_later[brides], role_later[alone] = HEAD, SPOUSE, HEAD
    return Departures(left, family_later, role_later, grooms, brides, alone)


def _draw_hosts(rng: np.random.Generator, members: Members, departures: Departures) -> tuple[Array, Array]:
    """Draw whose house each new family shares, -1 for nobody's, and the family that it comes from."""
    founders, family = departures.founders, members.family
    is_couple = np.arange(len(founders)) < len(departures.grooms)
    with_his = rng.random(len(founders)) < 0.5
    with_hers = ~with_his & is_couple & (rng.random(len(founders)) < 0.5)
    hers = family[np.r_[departures.brides, departures.alone]]
    origin = np.where(with_hers, hers, family[founders])
    return np.where(with_his | with_hers, origin, -1), origin


def _draw_cards(
    rng: np.random.Generator,
    places: Places,
    village: Array,
    village_later: Array,
    moved: Array,
    origin: Array,
    founded: Array,
    today: int,
) -> tuple[Array, Array, Array]:
    """Draw each family's card, the later one, and the day on which it gets that."""
    old, new = len(moved), len(founded)
    changed = np.where(rng.random(old) < 0.06, rng.integers(START, today, old), today + NEVER)
    issued = np.r_[rng.integers(day_number("2005-01-01"), START, old), founded]
    reissued = np.r_[np.minimum(moved, changed), np.full(new, today + NEVER)]
    kec6 = places.kemendagri // 10_000
    cards = draw_numbers(
        rng,
        np.r_[kec6[village], kec6[village_later]],
        np.r_[issued, reissued.clip(None, today)],
        np.zeros(2 * len(issued), dtype=np.int64),
    )
    # nobody runs to the clerk: who founds a family is on the parents' card for a while
    card, card_later = cards[: old + new], cards[old + new :]
    new_card = np.r_[reissued[:old], founded] + rng.integers(0, 500, old + new)
    card_later[old:] = card[old:]
    card[old:] = card[origin]
    return card, card_later, new_card


def _draw_second_husbands(rng: np.random.Generator, members: Members, kab: Array) -> Array:
    """Draw, by family of a mother without a spouse, a married man of the regency with a second card there; -1 for none.

    Of the husbands, ``_TWO_CARDS``; of the mothers, those whose age goes with his. ``kab`` is by family.
    """
    n, family, born = members.families, members.family, members.born
    head = np.flatnonzero(members.head == np.arange(len(family)))
    has_spouse, has_child = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    has_spouse[family[members.role == SPOUSE]] = True
    has_child[family[members.role == CHILD]] = True
    head_male = members.male[head]
    husbands = np.flatnonzero(has_spouse & head_male)
    wanted = round(_TWO_CARDS * len(husbands))
    husbands = rng.permutation(husbands)[: 3 * wanted]
    mothers = rng.permutation(np.flatnonzero(has_child & ~has_spouse & ~head_male))
    # by regency, then by birth: neighbours in this order are matched where their ages go together
    both = np.r_[husbands, mothers]
    order = both[np.lexsort((born[head[both]], kab[both]))]
    is_his = np.isin(order, husbands)
    pair = np.flatnonzero(is_his[:-1] & ~is_his[1:] & (kab[order[:-1]] == kab[order[1:]]))
    pair = pair[(born[head[order[pair + 1]]] - born[head[order[pair]]]) < 20 * DAYS_A_YEAR][:wanted]
    husband = np.full(n, -1)
    husband[order[pair + 1]] = head[order[pair]]
    return husband


def draw_babies(rng: np.random.Generator, wanted: int, founded: Array, today: int, twins: float) -> Babies:
    """Draw ``wanted`` children of the new couples, who were ``founded`` on those days; none where there is no couple."""
    babies = wanted if len(founded) else 0
    couple = rng.integers(0, max(len(founded), 1), babies)
    if not babies:
        nobody = np.zeros(0, dtype=np.int64)
        return Babies(couple, nobody, nobody)
    born = founded[couple] + 200 + rng.integers(0, 900, babies)
    born = np.where(born > today, rng.integers(founded[couple], today + 1), born)
    with_elder = (rng.random(babies) < twins / (1 + twins)) & (np.arange(babies) > 0)
    elder = np.maximum.accumulate(np.where(with_elder, 0, np.arange(babies)))
    return Babies(couple[elder], born[elder], elder)
