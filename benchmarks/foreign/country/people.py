"""What is known of the people and families of the country, as arrays by their numbers.

What belongs here: the tables and the codes of roles. ``population`` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.foreign.arrays import Array

# A person's role in the family, by which the family's people are sorted.
HEAD, SPOUSE, CHILD, PARENT, OTHER = range(5)


@dataclass
class Families:
    """By family number: village and card before and after a day (days since 1970), and the family it shares a house with.

    ``village`` holds until day ``moved``, then ``village_later``; ``card`` until day ``new_card``, then ``card_later``. ``host`` is
    the family whose house it shares, -1 for none; ``welfare`` has mean 0 and a standard deviation of about 1.
    ``husband`` is a man who heads this card as his second, -1 for none. He lives in the family of his first card
    (``People.family``), and that is true of him; the lists of the second card have him all the same.
    """

    village: Array
    village_later: Array
    moved: Array
    card: Array
    card_later: Array
    new_card: Array
    host: Array
    welfare: Array
    husband: Array


@dataclass
class People:
    """By person number. Until day ``left`` in ``family`` as ``role``, from then on in ``family_later`` as ``role_later``.

    ``born``, ``died``, ``left`` are days since 1970. ``culture`` is a position in ``name_lists.CULTURES``. ``names`` [n, 4] are
    word numbers, -1 where there is none; ``mother`` is a person whose name is the mother's, -1 for nobody. ``nik_second`` is a
    number that the person was given beside ``nik``. ``birth_village`` is a village, ``birth_place`` a number into
    ``Places.names``. ``schooling`` is the highest certificate (``living_standards.draw_schooling``). ``birth`` is the person who
    was born first at one birth, which twins share.
    """

    family: Array
    role: Array
    born: Array
    male: Array
    family_later: Array
    role_later: Array
    left: Array
    died: Array
    culture: Array
    names: Array
    mother: Array
    nik: Array
    nik_second: Array
    birth_village: Array
    birth_place: Array
    schooling: Array
    birth: Array
