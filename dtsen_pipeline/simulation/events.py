"""Let a month pass: births, deaths, marriages that found families, moves, and the proposals (usulan) that report them.

Belongs here: changing the true population by one month. Persons and families keep their numbers; new ones are added at
the end. Which sources notice is decided in `month`.
"""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.simulation.base import (
    CHILD,
    CHILD_IN_LAW,
    DAYS_PER_YEAR,
    GRANDCHILD,
    HEAD,
    SPOUSE,
    Booleans,
    Integers,
    zero_padded,
)
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.composition import FEMALE_SHARE, SAME_SEX_SHARE, extra_births
from dtsen_pipeline.simulation.damage import to_arrow
from dtsen_pipeline.simulation.dtks import BOOKING_DAYS
from dtsen_pipeline.simulation.names import draw_names, twin_names
from dtsen_pipeline.simulation.numbers import issue_numbers
from dtsen_pipeline.simulation.people import Keluarga, Persons, Population
from dtsen_pipeline.simulation.population import PLACE_STYLE_SHARES
from dtsen_pipeline.simulation.welfare import Activities, Welfare, desil_by_rank

# Monthly rates: births of married women of 18 to 42, marriages of single children at home of 19 to 33, moves of families.
BIRTH_RATE, MARRIAGE_RATE, MOVE_RATE = 0.0085, 0.015, 0.0022
# Share of proposals that were approved (disahkan).
APPROVED_SHARE = 0.8
T = TypeVar("T", Keluarga, Persons)


@dataclass
class Changes:
    """What changed in the month, as row numbers."""

    died: Integers  # persons
    moved: Integers  # families, as are the following
    founded: Integers
    grown: Integers  # by a birth
    left: Integers  # by somebody who married

    def touched(self, persons: Persons, n: int) -> Booleans:
        """Return a flag for each of `n` families: whether anything changed in it."""
        result = np.zeros(n, bool)
        for keluarga in (persons.keluarga[self.died], self.moved, self.founded, self.grown, self.left):
            result[keluarga] = True
        return result


def live_a_month(
    p: Population, h: Welfare, g: Activities, today: int, twins: float, rng: np.random.Generator
) -> tuple[Population, Welfare, Activities, Changes]:
    """Return the population on `today`, a month after `p`, and what changed. The arguments stay as they are.

    `twins` is the share of births that are of twins.
    """
    k, o = _copied(p.keluarga), _copied(p.persons)
    before, n = p.today, len(o.birth_day)
    last_day = today - BOOKING_DAYS  # the visits of the month come after its events
    age = (today - o.birth_day) / DAYS_PER_YEAR
    alive = (o.death_day < 0) & (o.leaving_day < 0)
    risk = np.clip(0.00009 * np.exp((age - 40) * 0.062), 0.00003, 0.02)
    died = np.flatnonzero(alive & (rng.random(n) < risk))
    o.death_day[died] = rng.integers(before, last_day, len(died))
    alive[died] = False
    k, left = _marriages(p, k, o, alive, age, before, last_day, rng)
    founded = np.arange(len(p.keluarga.desa), len(k.desa))
    moved = _moves(p, k, before, last_day, rng)
    o, grown = _births(p, k, o, alive, age, before, last_day, twins, rng)
    k.size = np.bincount(o.keluarga, minlength=len(k.desa))
    changes = Changes(died, moved, founded, grown, left)
    welfare, activities = _continue_welfare(h, k, founded, rng), _add_activities(g, len(o.birth_day) - n)
    return Population(p.country, k, o, today), welfare, activities, changes


def proposals_table(p: Population, u: Changes, month: str, rng: np.random.Generator) -> pa.Table:
    """Return the table `usulan` of the contract: reported changes and objections of the month."""
    k, o, w = p.keluarga, p.persons, p.country
    contested = rng.choice(len(k.desa), max(1, len(k.desa) // 400), replace=False)
    parts = [
        ("meninggal", o.keluarga[u.died], u.died),
        ("pindah", u.moved, k.first_person[u.moved]),
        ("pecah_kk", u.founded, k.first_person[u.founded]),
        ("sanggah_layak", contested[0::3], k.first_person[contested[0::3]]),
        ("sanggah_tidak_layak", contested[1::3], k.first_person[contested[1::3]]),
        ("pemutakhiran", contested[2::3], k.first_person[contested[2::3]]),
    ]
    parts = [(j, f[d], s[d]) for j, f, s in parts for d in (rng.random(len(f)) < 0.6,)]
    kinds = np.concatenate([np.full(len(f), j) for j, f, _ in parts])
    keluarga, persons = (np.concatenate([b[i] for b in parts]) for i in (1, 2))
    n = len(kinds)
    status = np.where(
        rng.random(n) < APPROVED_SHARE, "disahkan", rng.choice(["diajukan", "musdes", "diverifikasi", "ditolak"], n)
    )
    updates = kinds == "pemutakhiran"
    return pa.table(
        {
            "id_usulan": to_arrow(np.char.add(f"U{month.replace('-', '')}".encode(), zero_padded(np.arange(n) + 1, 6))),
            "tanggal": to_arrow(iso(p.today - rng.integers(1, 28, n))),
            "jenis": pa.array(kinds),
            "status": pa.array(status),
            "nik": to_arrow(o.nik[persons]),
            "no_kk": to_arrow(k.kk[keluarga]),
            "kolom": pa.array(np.where(updates, "daya", "")),
            "nilai_baru": pa.array(np.where(updates, rng.choice(["450", "900", ">900"], n), "")),
            "kode_kemendagri_baru": to_arrow(np.where(kinds == "pindah", w.desa["code"][k.desa[keluarga]], b"")),
            "petugas": pa.array(np.where(rng.random(n) < 0.5, "operator desa", "verifikator dinas sosial")),
        }
    )


def _marriages(
    p: Population,
    k: Keluarga,
    o: Persons,
    alive: Booleans,
    age: NDArray[np.float64],
    before: int,
    last_day: int,
    rng: np.random.Generator,
) -> tuple[Keluarga, Integers]:
    """Let couples of one provinsi found families. Half of them live with his parents at first.

    Returns all families, and those that somebody left. Changes `o` in place.
    """
    free = alive & (o.relation == CHILD) & (o.marital == 1) & (age > 19) & (age < 33)
    free &= rng.random(len(age)) < MARRIAGE_RATE
    prov = p.country.provinsi_of_desa(k.desa[o.keluarga])
    candidates = [np.flatnonzero(free & (o.female == sex)) for sex in (False, True)]
    candidates = [c[np.lexsort((rng.random(len(c)), prov[c]))] for c in candidates]
    ranks = [np.arange(len(c)) - np.searchsorted(prov[c], prov[c]) for c in candidates]
    brides = {key: i for i, key in enumerate(zip(prov[candidates[1]].tolist(), ranks[1].tolist(), strict=True))}
    couples = [
        (i, brides[key])
        for i, key in enumerate(zip(prov[candidates[0]].tolist(), ranks[0].tolist(), strict=True))
        if key in brides
    ]
    husband = candidates[0][[i for i, _ in couples]] if couples else candidates[0][:0]
    wife = candidates[1][[i for _, i in couples]] if couples else candidates[1][:0]
    origin, wife_origin = o.keluarga[husband], o.keluarga[wife]
    unrelated = origin != wife_origin
    husband, wife, origin, wife_origin = husband[unrelated], wife[unrelated], origin[unrelated], wife_origin[unrelated]
    n, m = len(k.desa), len(husband)
    numbers = n + np.arange(m)
    wedding_day = rng.integers(before, last_day, m)
    same_house = rng.random(m) < 0.5
    origin_house = k.house[origin]
    kk = issue_numbers(
        p.country.kecamatan["code"][p.country.desa["parent"][k.desa[origin]]], wedding_day, np.zeros(m, bool), rng, 60
    )
    founded = Keluarga(
        desa=k.desa[origin],
        ethnicity=k.ethnicity[origin],
        clan=k.clan[origin],
        parent_family=origin,
        grown_child=husband,
        house=np.where(same_house, origin_house, numbers),
        split_day=wedding_day,
        move_day=np.full(m, -1),
        old_desa=k.desa[origin],
        kk=kk,
        old_kk=k.kk[origin],
        kk_day=wedding_day,
        street=np.where(same_house, k.street[origin], rng.integers(0, 10_000, m)),
        house_number=np.where(same_house, k.house_number[origin], rng.integers(1, 140, m)),
        rt=k.rt[origin],
        rw=k.rw[origin],
        first_person=husband,
        size=np.full(m, 2),
        husband=np.full(m, -1),
    )
    o.keluarga[husband], o.keluarga[wife] = numbers, numbers
    o.relation[husband], o.relation[wife] = HEAD, SPOUSE
    o.marital[husband], o.marital[wife] = 2, 2
    return _appended(k, founded), np.unique(np.r_[origin, wife_origin])


def _moves(p: Population, k: Keluarga, before: int, last_day: int, rng: np.random.Generator) -> Integers:
    """Move some families that have a house to themselves to another desa, where they get a new card. Changes `k`."""
    n = len(p.keluarga.desa)
    numbers = np.arange(len(k.desa))
    sharing = np.isin(numbers, k.house[k.house != numbers])
    moved = np.flatnonzero((k.house == numbers)[:n] & ~sharing[:n] & (rng.random(n) < MOVE_RATE))
    k.old_desa[moved] = k.desa[moved]
    k.desa[moved] = rng.permutation(k.desa)[moved]
    k.old_kk[moved] = k.kk[moved]
    move_day = rng.integers(before, last_day, len(moved))
    kecamatan = p.country.desa["parent"][k.desa[moved]]
    k.kk[moved] = issue_numbers(p.country.kecamatan["code"][kecamatan], move_day, np.zeros(len(moved), bool), rng, 60)
    k.kk_day[moved], k.move_day[moved] = move_day, move_day
    k.street[moved], k.house_number[moved] = rng.integers(0, 10_000, len(moved)), rng.integers(1, 140, len(moved))
    return moved


def _births(
    p: Population,
    k: Keluarga,
    o: Persons,
    alive: Booleans,
    age: NDArray[np.float64],
    before: int,
    last_day: int,
    twins: float,
    rng: np.random.Generator,
) -> tuple[Persons, Integers]:
    """Add children of married women. Returns all persons, and the families that grew.

    They are born in the mother's kecamatan, with the family's clan and a NIK of the month.
    """
    fertile = (
        alive & o.female & (o.marital == 2) & (age > 18) & (age < 42) & np.isin(o.relation, (SPOUSE, CHILD_IN_LAW))
    )
    mother = np.flatnonzero(fertile & (rng.random(len(age)) < BIRTH_RATE))
    births = 1 + extra_births(len(mother), twins, rng)
    elder = np.repeat(np.cumsum(births) - births, births)
    mother = np.repeat(mother, births)
    m, family = len(mother), o.keluarga[mother]
    birth_day = rng.integers(before, last_day, m)[elder]
    female = rng.random(m) < FEMALE_SHARE
    female = np.where(
        rng.random(m) < SAME_SEX_SHARE, female[elder], np.where(elder == np.arange(m), female, ~female[elder])
    )
    birth_order = rng.integers(0, 4, m)[elder]
    names = draw_names(k.ethnicity[family], female, np.full(m, 2025), birth_order, k.clan[family], rng)
    younger = np.flatnonzero(elder != np.arange(m))
    names[younger] = twin_names(names, k.ethnicity[family], k.clan[family], younger, elder[younger], rng)
    kecamatan = p.country.desa["parent"][k.desa[family]]
    babies = Persons(
        keluarga=family,
        relation=np.where(o.relation[mother] == SPOUSE, CHILD, GRANDCHILD),
        female=female,
        birth_day=birth_day,
        official_birth_day=birth_day,
        ethnicity=k.ethnicity[family],
        birth_order=birth_order,
        name=names,
        mother_name=o.name[mother],
        mother=mother,
        birth_kecamatan=kecamatan,
        place_style=rng.choice(3, m, p=PLACE_STYLE_SHARES)[elder],
        nik=issue_numbers(p.country.kecamatan["code"][kecamatan], birth_day, female, rng, 45, elder),
        second_nik=np.full(m, b"", "S16"),
        shared_nik=np.zeros(m, bool),
        marital=np.ones(m, int),
        first_born=len(o.birth_day) + elder,
        death_day=np.full(m, -1),
        leaving_day=np.full(m, -1),
    )
    return _appended(o, babies), family


def _continue_welfare(h: Welfare, k: Keluarga, founded: Integers, rng: np.random.Generator) -> Welfare:
    """Add the welfare of new families, near that of the family they come from."""
    parents = k.parent_family[founded]
    log_consumption = np.r_[h.log_consumption, h.log_consumption[parents] + rng.normal(0, 0.2, len(founded))]
    return Welfare(
        log_consumption,
        np.r_[h.standard, h.standard[parents]],
        desil_by_rank(log_consumption),
        np.r_[h.floor_area, h.floor_area[parents]],
        {item: np.r_[values, values[parents]] for item, values in h.traits.items()},
        *(np.r_[values, values[parents]] for values in (h.pkh, h.sembako, h.pbi)),
    )


def _add_activities(g: Activities, n: int) -> Activities:
    """Add `n` newborn, who neither work nor go to school."""
    not_yet: dict[str, Any] = {"schooling": 1, "working": False}
    return Activities(
        **{f.name: np.r_[getattr(g, f.name), np.full(n, not_yet.get(f.name, 0))] for f in fields(Activities)}
    )


def _copied(origin: T) -> T:
    return type(origin)(**{f.name: getattr(origin, f.name).copy() for f in fields(origin)})


def _appended(old: T, new: T) -> T:
    return type(old)(**{f.name: np.concatenate([getattr(old, f.name), getattr(new, f.name)]) for f in fields(old)})
