"""Every word that a name may hold, with its other spellings, as numbers.

What belongs here: how a word is abbreviated, misheard, spelled in the colonial way, or made to rhyme. Names are arrays of word
numbers, so that a million of them are drawn and spoiled without a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.name_lists import CULTURES, POOLS, TWIN_NAMES

# Words that clerks abbreviate or spell in other ways.
ABBREVIATED = {
    "MUHAMMAD": ("M.", "MUH.", "MOH.", "MOCH.", "MHD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "M"),
    "MOHAMAD": ("MOH", "M.", "MUHAMMAD", "MOCH"),
    "AHMAD": ("ACHMAD", "AHMAT", "A.", "AKHMAD"),
    "ABDUL": ("ABD.", "ABD", "ABDOEL", "A."),
    "SITI": ("ST.", "ST", "SITTI", "S."),
    "NUR": ("NOER", "NOR", "N."),
    "SRI": ("SRIE", "S."),
    "DEWI": ("DWI", "D."),
    "YUSUF": ("JUSUF", "YOESOEF", "YUSUP"),
    "ABDULLAH": ("ABD. LAH", "ABDULAH"),
    "ABDURRAHMAN": ("ABD. RAHMAN", "ABD RAHMAN", "ABDUL RAHMAN"),
    "MARIA": ("MA.", "M."),
    "FRANSISKUS": ("FRANS", "FRANSISKUS X"),
    "YOHANES": ("YOHANIS", "YOH."),
    "WAYAN": ("WYN", "WY."),
    "KETUT": ("KT.", "KTT"),
    "MADE": ("MD.", "MD"),
    "NYOMAN": ("NYM", "NYM."),
    "ANDI": ("A.",),
    "DAENG": ("DG.", "DG"),
    "TEUKU": ("T.", "TGK"),
    "SYAMSUDDIN": ("SAMSUDIN", "SYAMSUDIN"),
    "LALU": ("L.",),
    "BAIQ": ("BQ.", "BQ"),
    "AGUS": ("AG.",),
    "RADEN": ("R.",),
    "ADE": ("AD",),
}
# What the ear takes one sound for, applied to the first place in a word where it fits.
_SOUNDS = (
    ("SY", "S"), ("KH", "H"), ("DZ", "Z"), ("Z", "J"), ("F", "P"), ("V", "F"), ("DD", "D"), ("NN", "N"),
    ("LL", "L"), ("TH", "T"), ("Q", "K"), ("IY", "I"), ("AI", "AE"), ("O", "U"), ("AU", "AO"), ("AH", "A"),
    ("Y", "I"), ("E", "I"), ("TI", "TIE"), ("D", "T"), ("AN", "AAN"), ("H", ""), ("U", "O"), ("I", "Y"),
    ("S", "SS"), ("N", "NG"),
)  # fmt: skip
# Spelling before 1972, applied to every place where it fits.
_OLD_SPELLING = (("DJ", "DJ"), ("SY", "SJ"), ("KH", "CH"), ("U", "OE"), ("C", "TJ"), ("J", "DJ"), ("Y", "J"))


def _misheard(word: str, which: int) -> str:
    """Spell ``word`` as heard: with the substitution ``which`` of those that fit (modulo their number)."""
    fitting = [(a, b) for a, b in _SOUNDS if a in word[1:] or (a in word and len(a) > 1)]
    if len(word) < 4 or not fitting:
        return word
    a, b = fitting[which % len(fitting)]
    at = word.find(a, 1) if a in word[1:] else 0
    return word[:at] + b + word[at + len(a) :]


def _rhymes(word: str) -> tuple[str, str, str, str]:
    """Give four names for a twin of ``word``: other vowels or another beginning, ``word`` itself where it is too short."""
    last_vowel = {"I": "A", "A": "I", "U": "A", "O": "I", "E": "A"}
    middle_vowel = {"A": "U", "U": "A", "I": "E", "E": "I", "O": "A"}
    beginning = {"R": "D", "D": "R", "S": "T", "M": "N", "N": "M", "H": "F", "Y": "L", "L": "Y", "F": "H"}
    vowels = [i for i, letter in enumerate(word) if letter in last_vowel]
    if len(word) < 3 or not vowels:
        return word, word, word, word
    at = vowels[-1]
    other_end = word[:at] + last_vowel[word[at]] + word[at + 1 :]
    other_vowels = other_end
    if len(vowels) > 1:
        at = vowels[-2]
        other_vowels = other_end[:at] + middle_vowel[word[at]] + other_end[at + 1 :]
    other_beginning = beginning.get(word[0], word[0]) + word[1:] if word[1] in last_vowel else other_end
    longer = other_end + "N" if word[-1] in last_vowel else other_vowels
    return other_end, other_beginning, other_vowels, longer


def _in_old_spelling(word: str) -> str:
    """Spell ``word`` as before 1972."""
    spelled, rest = "", word
    while rest:
        a, b = next(((a, b) for a, b in _OLD_SPELLING if rest.startswith(a)), (rest[0], rest[0]))
        spelled, rest = spelled + b, rest[len(a) :]
    return spelled


@dataclass(frozen=True)
class Lexicon:
    """Every word a name may hold, and by word number its other spellings (the same word where it has none).

    ``number`` finds a word's number, ``text`` the word. ``short`` [words, 9] are abbreviations, ``misheard`` [words, 3] spellings
    by ear, ``old`` the spelling before 1972, ``initial`` the first letter with a dot and ``letter`` without, ``alike`` the next
    word of the same list by the alphabet, ``rhymes`` [words, 4] names for a twin.
    """

    text: pa.Array
    number: dict[str, int]
    short: Array
    misheard: Array
    old: Array
    initial: Array
    letter: Array
    alike: Array
    rhymes: Array


@cache
def lexicon() -> Lexicon:
    """Number the words of all lists and all their other spellings."""
    lists = [words for pool in POOLS.values() for words in pool]
    lists += TWIN_NAMES
    for culture in CULTURES.values():
        lists += [culture.men, culture.women, culture.men_second, culture.women_second, culture.clan]
        lists += [culture.prefix_men, culture.prefix_women]
    base = sorted({word for words in lists for word in words.split()})
    number = {word: i for i, word in enumerate(base)}

    def number_of(word: str) -> int:
        return number.setdefault(word, len(number))

    # a rhyme may be given to a person, so it is a word of its own, which rhymes with itself alone
    rhymes = {word: _rhymes(word) for word in base}
    for rhyme in sorted({rhyme for of_word in rhymes.values() for rhyme in of_word} - set(base)):
        base.append(rhyme)
        rhymes[rhyme] = (rhyme,) * 4
        number_of(rhyme)
    next_word = list(range(len(base)))
    for words in lists:
        for word, following in pairwise(sorted(set(words.split()))):
            next_word[number[word]] = number[following]
    columns = {
        "short": [[number_of(short) for short in (ABBREVIATED.get(w, (w,)) * 9)[:9]] for w in base],
        "misheard": [[number_of(_misheard(w, which)) for which in (0, 2, 5)] for w in base],
        "old": [number_of(_in_old_spelling(w)) for w in base],
        "initial": [number_of(w[0] + ".") for w in base],
        "letter": [number_of(w[0]) for w in base],
        "alike": next_word,
        "rhymes": [[number_of(rhyme) for rhyme in rhymes[w]] for w in base],
    }
    arrays = {name: np.array(numbers, dtype=np.int32) for name, numbers in columns.items()}
    return Lexicon(text=pa.array(list(number)), number=number, **arrays)


def word_numbers(words: str) -> Array:
    """Give the numbers of words parted by blanks."""
    number = lexicon().number
    return np.array([number[word] for word in words.split()], dtype=np.int32)


def draw_words(rng: np.random.Generator, words: Array, size: int) -> Array:
    """Draw ``size`` words, the first of the list most often (Zipf's law)."""
    weight = 1.0 / (np.arange(len(words)) + 3.0) ** 0.95
    reach = np.cumsum(weight) / weight.sum()
    drawn: Array = words[np.searchsorted(reach, rng.random(size), side="right").clip(0, len(words) - 1)]
    return drawn
