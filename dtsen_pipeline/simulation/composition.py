"""Compose families: where they live, who belongs to them, how old everyone is.

Belongs here: drawing desa, heads, partners, children and other members. Ties between families belong in `ties`, names
in `population`, NIK and KK in `numbers`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import (
    CHILD,
    CHILD_IN_LAW,
    DAYS_PER_YEAR,
    GRANDCHILD,
    HEAD,
    OTHER,
    PARENT,
    SERVANT,
    SPOUSE,
    Integers,
    fold,
)
from dtsen_pipeline.simulation.country import Country

MAX_CHILDREN = 8
# One birth in eighty is of twins. A third of these are identical, so two thirds are of one sex.
TWIN_SHARE, SAME_SEX_SHARE = 1 / 80, 2 / 3
FEMALE_SHARE = 0.488
# Persons a desa in a small simulation: dense enough for neighbours to share birthdays and names.
PERSONS_PER_DESA, DESA_PER_KECAMATAN = 260, 2.4


def compose_keluarga(
    w: Country, persons: int, today: int, twins: float, rng: np.random.Generator
) -> tuple[Integers, tuple[NDArray[Any], ...]]:
    """Draw families of exactly `persons` persons in all, sorted by desa.

    Returns the desa by family; then by person family, relation, sex, birth day and order of birth; then the size by
    family. `twins` is the share of births that are of twins.
    """
    n = int(persons / 2.6) + 60
    desa = _choose_desa(w, persons, n, rng)
    head_kind = rng.choice(3, n, p=[0.80, 0.14, 0.06])  # couple, woman alone at the head, man alone at the head
    age = np.where(
        head_kind == 0,
        rng.normal(44.5, 13, n),
        np.where(head_kind == 1, rng.normal(57.5, 14, n), rng.normal(42.5, 18, n)),
    )
    age = fold(age, 19, 93)
    head_birth_day = today - (age * DAYS_PER_YEAR).astype(int)
    partner_age = fold(age - rng.normal(3.6, 4.2, n), 17.5, 92)
    has_partner = head_kind == 0
    mother_age = np.where(has_partner, partner_age, age)
    parts = [
        (np.arange(n), np.full(n, HEAD), head_kind == 1, head_birth_day, np.zeros(n, int)),
        (
            np.flatnonzero(has_partner),
            np.full(has_partner.sum(), SPOUSE),
            np.ones(has_partner.sum(), bool),
            today - (partner_age[has_partner] * DAYS_PER_YEAR).astype(int),
            np.zeros(has_partner.sum(), int),
        ),
        _children(mother_age, np.where(head_kind == 2, 0.45, 1.0), today, twins, rng),
    ]
    for chance, relation_kind, age_gap in (
        (np.where((age < 62) & (age > 25), 0.065, 0.0), PARENT, (19, 36)),
        (np.where(age > 47, 0.10, 0.0), GRANDCHILD, (-62, -40)),
        (np.full(n, 0.030), OTHER, (-18, 10)),
        (np.where(age > 46, 0.020, 0.0), CHILD_IN_LAW, (-32, -20)),
        (np.full(n, 0.003), SERVANT, (-25, 5)),
    ):
        at = np.flatnonzero(rng.random(n) < chance)
        member_age = fold(
            age[at] + rng.uniform(*age_gap, len(at)), 0.05 if relation_kind in (GRANDCHILD, OTHER) else 17, 99
        )
        female = rng.random(len(at)) < {PARENT: 0.72, SERVANT: 0.9}.get(relation_kind, 0.5)
        parts.append(
            (
                at,
                np.full(len(at), relation_kind),
                female,
                today - (member_age * DAYS_PER_YEAR).astype(int),
                np.zeros(len(at), int),
            )
        )
    family, relation, female, birth_day, birth_order = (np.concatenate([b[i] for b in parts]) for i in range(5))
    # Families come in random order: cut where the count is reached, then sort by desa.
    rank = np.empty(n, int)
    relation_order = np.lexsort((birth_day, relation, family))
    family, relation, female, birth_day, birth_order = (
        x[relation_order][:persons] for x in (family, relation, female, birth_day, birth_order)
    )
    n = int(family[-1]) + 1
    desa_order = np.argsort(desa[:n], kind="stable")
    rank[desa_order] = np.arange(n)
    family = rank[family]
    order = np.argsort(family, kind="stable")
    family, relation, female, birth_day, birth_order = (
        x[order] for x in (family, relation, female, birth_day, birth_order)
    )
    return desa[:n][desa_order], (family, relation, female, birth_day, birth_order, np.bincount(family, minlength=n))


def _choose_desa(w: Country, persons: int, n: int, rng: np.random.Generator) -> Integers:
    """Draw the desa of each family. Every provinsi occurs, and the desa used are few enough to be dense."""
    kecamatan_provinsi = w.kabupaten["parent"][w.kecamatan["parent"]]
    kecamatan_weight = w.provinsi["population"][kecamatan_provinsi] * w.kabupaten["weight"][w.kecamatan["parent"]]
    kecamatan_weight = (
        kecamatan_weight
        / np.bincount(kecamatan_provinsi, w.kabupaten["weight"][w.kecamatan["parent"]])[kecamatan_provinsi]
    )
    kecamatan_count = int(np.clip(persons / PERSONS_PER_DESA / DESA_PER_KECAMATAN, 1, 3000))
    kec = rng.choice(len(kecamatan_weight), kecamatan_count, replace=False, p=kecamatan_weight / kecamatan_weight.sum())
    required = [rng.choice(np.flatnonzero(kecamatan_provinsi == p)) for p in range(len(w.provinsi["code"]))]
    kec = np.unique(np.concatenate([kec, required]))
    key = w.desa["weight"] * rng.random(len(w.desa["code"]))
    in_kecamatan = np.flatnonzero(np.isin(w.desa["parent"], kec))
    in_kecamatan = in_kecamatan[np.lexsort((-key[in_kecamatan], w.desa["parent"][in_kecamatan]))]
    parent = w.desa["parent"][in_kecamatan]
    nth = np.arange(len(parent)) - np.searchsorted(parent, parent)
    desa = in_kecamatan[nth < np.where(rng.random(len(w.kecamatan["code"])) < 0.7, 2, 4)[parent]]
    prov = w.provinsi_of_desa(desa)
    weight = w.desa["weight"][desa]
    weight = weight / np.bincount(prov, weight, len(required))[prov] * w.provinsi["population"][prov]
    result = rng.choice(desa, n, p=weight / weight.sum())
    representatives = np.array([rng.choice(desa[prov == p]) for p in range(len(required))])
    result[: len(representatives)] = representatives[: len(result)]
    return np.asarray(result)


def extra_births(n: int, twins: float, rng: np.random.Generator) -> Integers:
    """Draw how many more children come with each of `n` births: one at the rate `twins`, two at its square (Hellin)."""
    fate = rng.random(n)
    return (fate < twins).astype(np.int64) + (fate < twins**2)


def _children(
    mother_age: NDArray[np.float64],
    factor: NDArray[np.float64],
    today: int,
    twins: float,
    rng: np.random.Generator,
) -> tuple[NDArray[Any], ...]:
    """Draw the children who still live in each family: births of the mother with spacing between, some of twins.

    `factor` scales the chance that a child stayed.
    """
    n = len(mother_age)
    mother_birth_day = today - mother_age * DAYS_PER_YEAR
    spacing = 1.1 + rng.gamma(2.2, 1.25, (n, MAX_CHILDREN))
    spacing[:, 0] = fold(rng.normal(23.0, 3.9, n), 16.5, 38)
    age_at_birth = np.cumsum(spacing, axis=1)
    wanted = 1 + rng.poisson(np.clip(1.15 + (mother_age - 35) * 0.018, 0.7, 2.6))
    wanted = np.where(rng.random(n) < 0.08, 0, wanted)
    age = mother_age[:, None] - age_at_birth
    staying = np.select([age < 18, age < 23, age < 28, age < 36], [0.97, 0.80, 0.52, 0.24], 0.09)
    present = (age > 0) & (age_at_birth < 45) & (np.arange(MAX_CHILDREN) < wanted[:, None])
    present &= rng.random((n, MAX_CHILDREN)) < staying * factor[:, None]
    family, nth = np.nonzero(present)
    birth_day = np.floor(mother_birth_day[:, None] + age_at_birth * DAYS_PER_YEAR).astype(int)[present]
    female = rng.random(len(family)) < FEMALE_SHARE
    sibling = np.repeat(np.arange(len(family)), extra_births(len(family), twins, rng))
    same_sex = rng.random(len(sibling)) < SAME_SEX_SHARE
    female = np.r_[female, female[sibling] ^ ~same_sex]
    family, nth, birth_day = (np.concatenate([x, x[sibling]]) for x in (family, nth, birth_day))
    return family, np.full(len(family), CHILD), female, birth_day, nth
