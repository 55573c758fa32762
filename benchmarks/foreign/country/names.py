"""Who is called what: names drawn by culture, sex and age, handed on in the family, and matched for twins.

What belongs here: names as the family knows them. How clerks spell them is ``damage.name_errors``.
"""

from __future__ import annotations

import numpy as np

from benchmarks.foreign.arrays import Array, day_number
from benchmarks.foreign.country.lexicon import draw_words, lexicon, word_numbers
from benchmarks.foreign.country.name_lists import CULTURES, POOLS, TWIN_NAMES, Culture
from benchmarks.foreign.country.people import CHILD

# Of twins, those with names that were made to match.
_NAMED_ALIKE = 0.6


def draw_names(
    rng: np.random.Generator,
    culture: Array,
    male: Array,
    born: Array,
    role: Array,
    family: Array,
    birth: Array,
    father: Array,
) -> Array:
    """Draw everybody's name, as [n, 4] word numbers: left-packed, -1 where there is no word.

    The words are prefix, first, second, and a clan, the father's word or a third word. ``father`` is a person number, -1 where he
    is not of this family; ``birth`` is the person who was born first at the birth.
    """
    n = len(culture)
    young = (born > day_number("1996-01-01")) & (rng.random(n) < 0.75)
    names = np.full((n, 4), -1, dtype=np.int32)
    clan = np.full(n, -1, dtype=np.int32)
    for c, rule in enumerate(CULTURES.values()):
        for sex in (True, False):
            who = np.flatnonzero((culture == c) & (male == sex))
            if len(who):
                names[who] = _draw_words_of_culture(rng, rule, sex, young[who])
                if rule.clan:
                    has_clan = rng.random(len(who)) < rule.clan_share
                    clan[who] = np.where(has_clan, draw_words(rng, word_numbers(rule.clan), len(who)), -1)
    _share_among_siblings(rng, names, role, family, male)

    has_father = father >= 0
    his = np.where(names[father, 2] >= 0, names[father, 2], names[father, 1])
    takes = has_father & (clan[father] < 0) & (rng.random(n) < 0.15)
    names[takes, 3] = his[takes]
    clan = np.where(has_father, clan[father], clan)
    names[:, 3] = np.where(clan >= 0, clan, names[:, 3])
    names = _match_twins(rng, names, male, birth)
    for column in (1, 2, 3):  # nobody is called SARI SARI
        same = (names[:, column] == names[:, column - 1]) & (names[:, column] >= 0)
        names[:, column] = np.where(same, -1, names[:, column])
    names = left_packed(names)
    _tell_twins_apart(names, birth)
    return names


def _draw_words_of_culture(rng: np.random.Generator, rule: Culture, male: bool, young: Array) -> Array:
    """Draw the names of people of one culture and sex, [n, 4], without their clans."""
    n = len(young)
    own = word_numbers(rule.men if male else rule.women)
    second = word_numbers(rule.men_second if male else rule.women_second)
    pool = word_numbers(POOLS[rule.pool][0 if male else 1])
    modern = word_numbers(POOLS["muda"][0 if male else 1])
    u = rng.random(n)
    first = np.where(u < rule.share, draw_words(rng, pool, n), draw_words(rng, own, n))
    # Balinese names tell the order of birth, so fashion hardly changes them
    modern_first = young & (rng.random(n) < (0.1 if "WAYAN" in rule.men else 0.55))
    first = np.where(modern_first, draw_words(rng, modern, n), first)
    more = np.where(rng.random(n) < 0.7, draw_words(rng, second, n), draw_words(rng, pool, n))
    more = np.where(young & (rng.random(n) < 0.5), draw_words(rng, modern, n), more)
    third = np.where(young, draw_words(rng, modern, n), draw_words(rng, second, n))
    reach = np.where(young[:, None], np.cumsum(rule.young)[None, :], np.cumsum(rule.old)[None, :])
    words = 1 + (rng.random(n)[:, None] > reach[:, :2]).sum(axis=1)
    prefix = draw_words(rng, word_numbers(rule.prefix_men if male else rule.prefix_women), n)
    prefixed = rng.random(n) < rule.prefix_share * np.where(young, 1.4, 1.0)
    columns = [np.where(prefixed, prefix, -1), first, np.where(words >= 2, more, -1), np.where(words >= 3, third, -1)]
    return np.stack(columns, axis=1)


def _share_among_siblings(rng: np.random.Generator, names: Array, role: Array, family: Array, male: Array) -> None:
    """Give some children, in place, a first word beside their elder brother's or sister's, or the same last words."""
    n = len(names)
    before = (np.arange(n) - 1).clip(0)
    sibling = (role == CHILD) & (role[before] == CHILD) & (family[before] == family) & (male[before] == male)
    alike = sibling & (rng.random(n) < 0.07)
    names[alike, 1] = lexicon().alike[names[before[alike], 1]]
    shared = sibling & (rng.random(n) < 0.12)
    names[shared, 2:] = names[before[shared], 2:]


def _match_twins(rng: np.random.Generator, names: Array, male: Array, birth: Array) -> Array:
    """Give most twins matching names: words that rhyme, as first words or as last, all else the same. Returns a copy.

    Half of the pairs come from the parents' lists, the others are the elder's word and its rhyme. Brother and sister get a pair of
    that kind. A third child rhymes with the first.
    """
    rhymes, names, n = lexicon().rhymes, names.copy(), len(names)
    younger = np.flatnonzero((birth != np.arange(n)) & (rng.random(n) < _NAMED_ALIKE)[birth])
    elder = birth[younger]
    kind = np.where(male[younger] != male[elder], 2, np.where(male[younger], 0, 1))
    column = np.where((names[elder, 2] >= 0) & (rng.random(len(elder)) < 0.25), 2, 1)
    third_child = np.arange(len(younger)) > 0
    third_child &= np.r_[False, elder[1:] == elder[:-1]] if len(elder) else third_child
    listed = (rng.random(n) < 0.5)[elder] & ~third_child
    for k, words in enumerate(TWIN_NAMES):
        which = np.flatnonzero(listed & (kind == k))
        pairs = word_numbers(words).reshape(-1, 2)
        pair = pairs[rng.integers(0, len(pairs), len(which))]
        # the brother is first in the list; of two of one sex either may be the elder
        turn = male[younger[which]] if k == 2 else rng.random(len(which)) < 0.5
        pair = np.where(turn[:, None], pair[:, ::-1], pair)
        names[elder[which], column[which]] = pair[:, 0]
        names[younger[which]] = names[elder[which]]
        names[younger[which], column[which]] = pair[:, 1]
    which = np.flatnonzero(~listed)
    word = names[elder[which], column[which]]
    rhyme = rhymes[word, rng.integers(0, rhymes.shape[1], len(which))]
    fits = (rhyme != word) & ~(names[elder[which]] == rhyme[:, None]).any(axis=1)
    which, rhyme = which[fits], rhyme[fits]
    names[younger[which]] = names[elder[which]]
    names[younger[which], column[which]] = rhyme
    return names


def _tell_twins_apart(names: Array, birth: Array) -> None:
    """Change, in place, the first word of whoever is called like a twin to the letter."""
    rhymes = lexicon().rhymes
    younger = np.flatnonzero(birth != np.arange(len(names)))
    elder, beside = birth[younger], younger - 1
    for kind in range(rhymes.shape[1]):
        same = (names[younger] == names[elder]).all(axis=1)
        same |= (birth[beside] == elder) & (names[younger] == names[beside]).all(axis=1)
        names[younger[same], 0] = rhymes[names[elder[same], 0], kind]


def left_packed(names: Array) -> Array:
    """Move the words of each name to the left, so that the -1 are behind them."""
    return np.take_along_axis(names, np.argsort(names < 0, axis=1, kind="stable"), axis=1)
