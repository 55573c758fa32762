"""The tables of the true population: families, their members, and the country they live in.

Belongs here: the columns and what they mean, nothing that fills them (`population`, `numbers`, `events`). All columns
are numpy arrays of one length; days count from 1970-01-01; -1 means none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import Booleans, Integers
from dtsen_pipeline.simulation.country import Country


@dataclass
class Keluarga:
    """One row a family (KK). Families of one village lie side by side."""

    desa: Integers
    ethnicity: Integers
    clan: NDArray[np.int32]
    parent_family: Integers  # family of the head's or spouse's parents in the same village
    grown_child: Integers  # person of this family who grew up there
    house: Integers  # family whose house this one shares (itself, if it has its own)
    split_day: Integers  # day this family split from `induk`
    move_day: Integers
    old_desa: Integers  # village before the move
    kk: NDArray[np.bytes_]
    old_kk: NDArray[np.bytes_]
    kk_day: Integers  # day from which `kk` holds
    street: Integers
    house_number: Integers
    rt: Integers
    rw: Integers
    first_person: Integers  # first person
    size: Integers
    husband: Integers  # man at the head of this card too, who lives with the wife of his other card; -1: none


@dataclass
class Persons:
    """One row a person, members of a family side by side, the head first."""

    keluarga: Integers
    relation: Integers
    female: Booleans
    birth_day: Integers
    official_birth_day: Integers  # the date in the register and in the NIK, sometimes a heaped one
    ethnicity: Integers
    birth_order: Integers
    name: NDArray[np.int32]  # three words, none missing before another
    mother_name: NDArray[np.int32]  # mother's name, three words
    mother: Integers  # mother, if she is in the population
    birth_kecamatan: Integers
    place_style: Integers  # birthplace written as 0 regency, 1 district, 2 village-like name
    nik: NDArray[np.bytes_]
    second_nik: NDArray[np.bytes_]  # b'' or a second NIK of the same person
    shared_nik: Booleans  # the NIK is a neighbour's
    marital: Integers
    first_born: Integers  # person born first of the same birth: an elder twin, or the person
    death_day: Integers
    leaving_day: Integers  # day the person left the family for good (abroad, lost), -1: still there


@dataclass
class Population:
    country: Country
    keluarga: Keluarga
    persons: Persons
    today: int
