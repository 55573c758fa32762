"""Define the tables of the true population: families, persons, and the country they live in.

Belongs here: the columns and what they mean. What fills them belongs in `population`, `numbers` and `events`. All
columns of a table are numpy arrays of one length, days count from 1970-01-01, -1 means none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Booleans, Integers
from dtsen_pipeline.simulation.country import Country


@dataclass
class Keluarga:
    """One row a family (KK). As built, families of one desa lie side by side. References are row numbers."""

    desa: Integers  # position in `Country.desa`
    ethnicity: Integers  # position in `Country.ethnicities`: suku, the naming tradition
    clan: NDArray[np.int32]  # marga: word that the family's names end in
    parent_family: Integers  # family of the head's or the spouse's parents, in the same desa
    grown_child: Integers  # person of this family who grew up there
    house: Integers  # family whose house this one shares; itself where it has its own
    split_day: Integers  # day this family split from `parent_family`
    move_day: Integers
    old_desa: Integers  # desa before the move
    kk: NDArray[np.bytes_]
    old_kk: NDArray[np.bytes_]
    kk_day: Integers  # day from which `kk` holds
    street: Integers  # number of a street name
    house_number: Integers
    rt: Integers
    rw: Integers
    first_person: Integers  # row of the head
    size: Integers  # number of persons
    husband: Integers  # man who heads this card too but lives with the wife of his other card


@dataclass
class Persons:
    """One row a person. As built, members of a family lie side by side, the head first."""

    keluarga: Integers
    relation: Integers  # HEAD to OTHER of `base`
    female: Booleans
    birth_day: Integers
    official_birth_day: Integers  # day in the register and in the NIK, sometimes a heaped one
    ethnicity: Integers
    birth_order: Integers  # from 0
    name: NDArray[np.int32]  # shape (n, 3): words, none missing before another
    mother_name: NDArray[np.int32]  # shape (n, 3)
    mother: Integers  # row of the mother, if she is in the population
    birth_kecamatan: Integers
    place_style: Integers  # birthplace is written as 0 kabupaten, 1 kecamatan, 2 desa
    nik: NDArray[np.bytes_]
    second_nik: NDArray[np.bytes_]  # b'' or a second NIK of the same person
    shared_nik: Booleans  # the NIK is a neighbour's
    marital: Integers  # 1 single, 2 married, 3 divorced, 4 widowed
    first_born: Integers  # row of the first born of the same birth: an elder twin, or the person
    death_day: Integers
    leaving_day: Integers  # day the person left the family for good (abroad, lost)


@dataclass
class Population:
    """The country, its families and its persons as they are on the day `today`."""

    country: Country
    keluarga: Keluarga
    persons: Persons
    today: int
