"""Draw names by ethnicity, sex and cohort, with skewed frequencies.

Belongs here: true names, and the spellings that a register may hold for a word. A name is three numbers of words in
one vocabulary (-1: no word), so it costs twelve bytes; `names_as_text` writes it out. What clerks and keyboards do to
names belongs in `text_damage`.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.country import read_data

NO_WORD = -1
# Pools of front words in the name file; the first is the tradition's own.
POOLS = ("sendiri", "islam", "kristen", "modern")
# Persons born before this year have the older names of their tradition.
OLD_NAMES_BEFORE = 1975
# Fall of a word's weight with its rank. Of a million persons 29 % then have a name that nobody else has.
ZIPF_EXPONENT, ZIPF_SHIFT = 0.85, 2.5
# Share of births of twins who get names alike.
ALIKE_TWINS_SHARE = 0.6


@dataclass(frozen=True)
class WordChoice:
    """Words with their cumulative probabilities."""

    words: NDArray[np.int32]
    cumulative: NDArray[np.float64]

    def draw(self, n: int, rng: np.random.Generator) -> NDArray[np.int32]:
        """Draw `n` words."""
        place = np.searchsorted(self.cumulative, rng.random(n) * self.cumulative[-1], side="right")
        drawn: NDArray[np.int32] = self.words[place]
        return drawn


@dataclass(frozen=True)
class Tradition:
    """How one ethnicity (suku) names its people. The key of a dict is the sex, 'l' or 'p', unless it says otherwise."""

    front: dict[str, tuple[WordChoice | None, ...]]  # by pool
    back: dict[str, WordChoice]
    clans: WordChoice | None
    clan_share: float  # lines of descent that have a clan
    pool_mix: dict[str, NDArray[np.float64]]  # 'tua' (old) or 'muda' (young) -> cumulative shares of the pools
    word_counts: NDArray[np.float64]  # cumulative shares of names of one, two and three words
    old_single_word: float  # share of old names of one word
    birth_order_words: dict[str, tuple[WordChoice, ...]] | None  # by order of birth


@dataclass(frozen=True)
class Vocabulary:
    """All words, and how names are made of them. Words are referred to by number."""

    words: pa.Array
    traditions: tuple[Tradition, ...]  # by ethnicity
    variants: dict[int, NDArray[np.int32]]  # word -> its other spellings
    lookalikes: NDArray[np.int32]  # by word: the same with one letter, the first, two and three letters changed
    front_titles: NDArray[np.int32]
    back_titles: NDArray[np.int32]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Read the vocabulary and every tradition, in the order of the name file."""
    data = read_data("names.yaml")
    number: dict[str, int] = {}

    def word_ids(text: str) -> list[int]:
        return [number.setdefault(k.replace("_", " "), len(number)) for k in text.split()]

    def choice_of(*parts: tuple[list[int], float]) -> WordChoice | None:
        words: list[int] = []
        weight: list[float] = []
        for ids, share in parts:
            if ids:
                w = 1.0 / (np.arange(len(ids)) + ZIPF_SHIFT) ** ZIPF_EXPONENT
                words += ids
                weight += list(w / w.sum() * share)
        return WordChoice(np.array(words, np.int32), np.cumsum(weight)) if words else None

    pool = {k: word_ids(v) for k, v in data["kolam"].items()}
    traditions = []
    for s in data["suku"].values():
        front: dict[str, tuple[WordChoice | None, ...]] = {}
        back: dict[str, WordChoice] = {}
        for sex in "lp":
            stems = s.get(f"tunas_{sex}")
            composed = [f"{a}{b}" for b in stems["akhir"].split() for a in stems["awal"].split()] if stems else []
            own = choice_of((word_ids(s[sex]), 0.55 if composed else 1.0), (word_ids(" ".join(composed)), 0.45))
            front[sex] = (own, *(choice_of((pool[f"{k}_{sex}"], 1.0)) for k in POOLS[1:]))
            back_choice = choice_of(
                (word_ids(s["belakang"]), 0.5), (pool[f"belakang_{sex}"], 0.5 if s["belakang"] else 1.0)
            )
            assert back_choice is not None
            back[sex] = back_choice
        birth_order_words = None
        if "urut" in s:
            birth_order_words = {
                sex: tuple(_birth_order_choice(words_of_rank, sex, word_ids) for words_of_rank in s["urut"])
                for sex in "lp"
            }
        traditions.append(
            Tradition(
                front,
                back,
                choice_of((word_ids(s.get("marga", "")), 1.0)),
                s.get("bermarga", 0.0),
                {k: np.cumsum(v) for k, v in s["campur"].items()},
                np.cumsum(s["kata"]),
                s["satu_tua"],
                birth_order_words,
            )
        )
    variants = {word_ids(k)[0]: np.array(word_ids(v), np.int32) for k, v in data["ragam"].items()}
    front_titles = np.array(word_ids(data["gelar_depan"]), np.int32)
    back_titles = np.array(word_ids(data["gelar_belakang"]), np.int32)
    lookalikes = np.array(
        [[number.setdefault(m, len(number)) for m in _lookalikes(words)] for words in list(number)], np.int32
    )
    return Vocabulary(pa.array(list(number)), tuple(traditions), variants, lookalikes, front_titles, back_titles)


# How a twin's word changes: its last vowel (RAHMA RAHMI, FAUZAN FAUZIN), the vowel before (HASAN HUSIN), its first
# letter (RINA DINA). Other letters stay.
_LAST_VOWEL, _INNER_VOWEL = str.maketrans("AIUEO", "IAIAI"), str.maketrans("AIUEO", "UAAIU")
_FIRST_LETTER = str.maketrans("RDFSTLNMHYWK", "DRSFLTMNYHBG")


def _lookalikes(word: str) -> tuple[str, str, str, str]:
    """Return the word with its last vowel, its first letter, two vowels, and two vowels and the first letter changed."""
    if len(word) < 3 or not word.isalpha():
        return word, word, word, word
    vowels = [i for i, letter in enumerate(word) if letter in "AIUEO"]

    def changed(text: str, at: int, letter_map: dict[int, int]) -> str:
        return text[:at] + text[at].translate(letter_map) + text[at + 1 :]

    last_changed = changed(word, vowels[-1], _LAST_VOWEL) if vowels else word
    two_changed = changed(last_changed, vowels[-2], _INNER_VOWEL) if len(vowels) > 1 else last_changed
    return last_changed, changed(word, 0, _FIRST_LETTER), two_changed, changed(two_changed, 0, _FIRST_LETTER)


def twin_names(
    names: NDArray[np.int32],
    ethnicity: NDArray[np.integer],
    clan: NDArray[np.int32],
    who: NDArray[np.integer],
    elder: NDArray[np.integer],
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """Return the names of the twins `who`. Most have the words of their `elder`, one of them a little changed.

    `names`, `ethnicity` and `clan` are of all persons. The other twins keep the names they were given as any child.
    """
    result: NDArray[np.int32] = names[who].copy()
    elder_names, rows = names[elder], np.arange(len(who))
    by_birth_order = np.array([t.birth_order_words is not None for t in vocabulary().traditions])[ethnicity[who]]
    count = (elder_names >= 0).sum(1)
    no_clan = clan[who] == NO_WORD
    # AHMAD, SITI and words for the order of birth do not change: the word after them does.
    common = np.isin(elder_names[:, 0], list(vocabulary().variants)) & (count > np.where(no_clan, 1, 2))
    column = np.where((by_birth_order & (count > 1)) | common, 1, 0)
    column = np.where(~by_birth_order & no_clan & (rng.random(len(who)) < 0.3), count - 1, column)
    choice = rng.choice(4, len(who), p=[0.45, 0.10, 0.28, 0.17])
    # The third of triplets takes another change than the second.
    choice = (choice + (who - elder - 1)) % 4
    word = elder_names[rows, column]
    new_word = vocabulary().lookalikes[word, choice]
    # Two independent draws sometimes give one name. Parents do not, so change it.
    applied = (rng.random(len(names))[elder] < ALIKE_TWINS_SHARE) | (result == elder_names).all(1)
    applied &= (new_word != word) & ~(elder_names == new_word[:, None]).any(1)
    alike = elder_names.copy()
    alike[rows, column] = new_word
    alike[by_birth_order & (column == 1), 0] = result[by_birth_order & (column == 1), 0]
    applied &= ~((alike[:, :1] == alike[:, 1:]) & (alike[:, 1:] >= 0)).any(1)
    result[applied] = alike[applied]
    return result


def _birth_order_choice(words: list[str], sex: str, word_ids: Any) -> WordChoice:
    """Return the choice among Balinese words for one order of birth, with or without the particle I (men) or NI (women)."""
    particle = "I" if sex == "l" else "NI"
    used = [k for k in words if sex == "p" or k != "LUH"]
    ids = word_ids(" ".join(used)) + word_ids(" ".join(f"{particle}_{k}" for k in used))
    return WordChoice(np.array(ids, np.int32), np.cumsum(np.ones(len(ids))))


def draw_clans(ethnicity: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.int32]:
    """Draw a clan (marga) for every line of descent; -1 where the tradition or this line has none."""
    result = np.full(len(ethnicity), NO_WORD, np.int32)
    for i, t in enumerate(vocabulary().traditions):
        at = np.flatnonzero(ethnicity == i)
        if t.clans is not None and len(at):
            result[at] = np.where(rng.random(len(at)) < t.clan_share, t.clans.draw(len(at), rng), NO_WORD)
    return result


def draw_names(
    ethnicity: NDArray[np.integer],
    female: NDArray[np.bool_],
    year: NDArray[np.integer],
    birth_order: NDArray[np.integer],
    clan: NDArray[np.int32],
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """Draw true names, shape (n, 3). `birth_order` counts from 0; Balinese names follow it."""
    result = np.full((len(ethnicity), 3), NO_WORD, np.int32)
    old = year < OLD_NAMES_BEFORE
    group = (ethnicity.astype(np.int64) * 2 + female) * 2 + old
    order = np.argsort(group, kind="stable")
    groups, starts = np.unique(group[order], return_index=True)
    for k, start, end in zip(groups, starts, [*starts[1:], len(order)][: len(groups)], strict=True):
        at = order[start:end]
        t = vocabulary().traditions[k // 4]
        result[at] = _draw_tradition(t, "p" if (k // 2) % 2 else "l", bool(k % 2), birth_order[at], clan[at], rng)
    return result


def _draw_tradition(
    t: Tradition,
    sex: str,
    old: bool,
    birth_order: NDArray[np.integer],
    clan: NDArray[np.int32],
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """Draw names of one tradition, sex and cohort, shape (n, 3)."""
    n = len(birth_order)
    front, second = (_front_words(t, sex, old, n, rng) for _ in range(2))
    back = np.where(rng.random(n) < 0.6, t.back[sex].draw(n, rng), second)
    back = np.where(back == front, t.back[sex].draw(n, rng), back)
    bounds = (
        np.array([t.old_single_word, t.old_single_word + (1 - t.old_single_word) * 0.85, 1.0]) if old else t.word_counts
    )
    count = np.searchsorted(bounds, rng.random(n), side="right") + 1
    names = np.full((n, 3), NO_WORD, np.int32)
    names[:, 0] = front
    if t.birth_order_words is not None:
        by_birth_order = np.where(rng.random(n) < 0.9, 1, 0).astype(bool)  # the rest use no birth-order word
        for i, choice in enumerate(t.birth_order_words[sex]):
            at = by_birth_order & (birth_order % len(t.birth_order_words[sex]) == i)
            names[at, 0], names[at, 1] = choice.draw(int(at.sum()), rng), front[at]
        names[~by_birth_order & (count > 1), 1] = back[~by_birth_order & (count > 1)]
        names[by_birth_order & (count == 1) & (rng.random(n) < 0.3), 1] = NO_WORD
        names[by_birth_order & (count == 3), 2] = back[by_birth_order & (count == 3)]
        return names
    has_clan = clan != NO_WORD
    names[~has_clan & (count > 1), 1] = back[~has_clan & (count > 1)]
    names[~has_clan & (count > 2), 2] = t.back[sex].draw(n, rng)[~has_clan & (count > 2)]
    names[has_clan, 1] = np.where(count[has_clan] > 2, second[has_clan], clan[has_clan])
    names[has_clan, 2] = np.where(count[has_clan] > 2, clan[has_clan], NO_WORD)
    repeated = (names[:, 1] == names[:, 2]) | (names[:, 0] == names[:, 2])
    names[repeated, 2] = NO_WORD
    return names


def _front_words(t: Tradition, sex: str, old: bool, n: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Draw a pool for each name, then a word of that pool."""
    pool = np.searchsorted(t.pool_mix["tua" if old else "muda"], rng.random(n), side="right").clip(0, 3)
    result = np.empty(n, np.int32)
    for i, choice in enumerate(t.front[sex]):
        at = pool == i
        if at.any() and choice is not None:
            result[at] = choice.draw(int(at.sum()), rng)
    return result


def names_as_text(names: NDArray[np.int32]) -> pa.Array:
    """Write names of shape (n, k) as text, words joined by one space."""
    words = vocabulary().words
    columns = [pc.take(words, pa.array(names[:, i], mask=names[:, i] == NO_WORD)) for i in range(names.shape[1])]
    return pc.binary_join_element_wise(*columns, " ", null_handling="skip")
