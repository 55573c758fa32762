"""Write what a clerk enters of a person and a house in every source: numbers, name, dates, places, address.

Belongs here: the columns that sources share, and the helpers that spell them. Who is listed at all belongs in
`enumeration`, what only one source has in the module of that source.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dtsen_pipeline.simulation.base import DAYS_PER_YEAR, Booleans, Codes, Integers, zero_padded
from dtsen_pipeline.simulation.damage import damage_codes, damage_dates, to_arrow
from dtsen_pipeline.simulation.enumeration import Enumeration
from dtsen_pipeline.simulation.people import Population
from dtsen_pipeline.simulation.text_damage import damage_kk, damage_names, damage_nik


@dataclass
class Entries:
    """The columns that every source has of a person, damaged."""

    nik: pa.Array
    kk: pa.Array
    name: pa.Array
    birth_date: pa.Array
    birth_day: Integers  # day that `birth_date` means
    birthplace: pa.Array
    female: Booleans
    relation: Integers


def person_entries(p: Population, c: Enumeration, slashed_share: float) -> Entries:
    """Return what the clerk wrote of persons. `slashed_share` of the birth dates are DD/MM/YYYY, the others ISO."""
    o, r = p.persons, c.damager.rng
    nik = o.nik[c.persons]
    second_nik = o.second_nik[c.persons]
    used = (second_nik != b"") & (r.random(len(nik)) < 0.45)
    nik = np.where(used, second_nik, nik)
    c.damager.notes.add("nik_dua", np.flatnonzero(used))
    c.damager.notes.add("nik_bersama", np.flatnonzero(o.shared_nik[c.persons]))
    kk = kk_in_hand(p, c, c.keluarga_kk, c.day[c.roster], r)
    head = np.searchsorted(c.roster, np.arange(len(c.keluarga)))
    wrong_sex = c.damager.hit("jk_salah")
    female = o.female[c.persons].copy()
    female[wrong_sex] = ~female[wrong_sex]
    dates, days = damage_dates(c.damager, o.official_birth_day[c.persons], slashed_share)
    return Entries(
        to_arrow(damage_nik(c.damager, nik, nik[head][c.roster], kk)),
        to_arrow(damage_kk(c.damager, kk)),
        damage_names(c.damager, o.name[c.persons]),
        dates,
        days,
        _birthplaces(p, c),
        female,
        damage_codes(c.damager, "hubungan_salah", c.relation, (2, 3, 8)),
    )


def kk_in_hand(p: Population, c: Enumeration, keluarga: Integers, days: Integers, rng: np.random.Generator) -> Codes:
    """Return the KK that families have in hand on the day of observation: the new one if it was issued and fetched."""
    k = p.keluarga
    new = (k.kk_day[keluarga] >= 0) & (k.kk_day[keluarga] <= days) & (rng.random(len(keluarga)) < 0.85)
    return np.asarray(np.where(new, k.kk[keluarga], k.old_kk[keluarga]))


def addresses(p: Population, c: Enumeration, rng: np.random.Generator) -> pa.Array:
    """Return street and number, with the habits of different clerks."""
    street_names = pa.array(
        [
            "Melati",
            "Mawar",
            "Kenanga",
            "Anggrek",
            "Flamboyan",
            "Cendana",
            "Merdeka",
            "Sudirman",
            "Diponegoro",
            "Kartini",
            "Pahlawan",
            "Pemuda",
            "Pembangunan",
            "Veteran",
            "Pasar",
            "Masjid",
            "Sawah",
            "Kali",
            "Gajah",
            "Pelita",
            "Raya Desa",
            "Ahmad Yani",
            "Gereja",
            "Sekolah",
            "Balai Desa",
        ]
    )
    k = p.keluarga
    street = pc.take(street_names, pa.array(k.street[c.keluarga] % len(street_names)))
    street_word = pc.take(
        pa.array(["Jl. ", "JALAN ", "Jl ", "Dusun ", "Kp. "]),
        pa.array(rng.choice(5, len(c.keluarga), p=[0.44, 0.38, 0.08, 0.06, 0.04])),
    )
    house_number = pc.binary_join_element_wise(" No. ", pa.array(k.house_number[c.keluarga]).cast(pa.string()), "")
    address = pc.binary_join_element_wise(street_word, street, house_number, "")
    return pc.if_else(pa.array(rng.random(len(c.keluarga)) < 0.05), pc.utf8_upper(address), address)


def sls_names(p: Population, c: Enumeration) -> pa.Array:
    """Return names of neighbourhoods (SLS), such as RT 003/RW 006."""
    k = p.keluarga
    rt, rw = (to_arrow(zero_padded(x[c.keluarga], 3)) for x in (k.rt, k.rw))
    return pc.binary_join_element_wise("RT ", rt, "/RW ", rw, "")


def desa_codes(p: Population, c: Enumeration, system: str) -> Codes:
    """Return codes of desa (10 digits) in one `system`, bps or kemendagri. A few rows hold a code from before a split."""
    d = p.country.desa
    codes, old_codes = (d["bps"], d["old_bps"]) if system == "bps" else (d["code"], d["old_code"])
    at = c.roster_damager.hit("wilayah_lama", old_codes[c.desa] != b"")
    result = codes[c.desa].copy()
    result[at] = old_codes[c.desa[at]]
    return np.asarray(result)


def age_on(days: Integers, birth_day: Integers) -> Integers:
    """Return the age in completed years, 0 for births to come."""
    years: Integers = np.floor(np.maximum(days - birth_day, 0) / DAYS_PER_YEAR).astype(np.int64)
    return years


def integers_as_text(values: Integers, empty: np.ndarray) -> pa.Array:
    """Write small integers as text, '' where there is no answer, as exports of questionnaires do."""
    options = pa.array([str(i) for i in range(int(values.max(initial=0)) + 1)] + [""])
    return options.take(pa.array(np.where(empty, len(options) - 1, values)))


def code_slice(code: np.ndarray, start: int, stop: int) -> pa.Array:
    """Return the digits from `start` to before `stop` of codes."""
    m = np.ascontiguousarray(code.astype("S10").view(np.uint8).reshape(len(code), 10)[:, start:stop])
    return to_arrow(m.view(f"S{stop - start}").ravel())


def _birthplaces(p: Population, c: Enumeration) -> pa.Array:
    """Return birthplaces in capitals: kabupaten for most, kecamatan or desa for others. Rows of one person may differ."""
    w, o = p.country, p.persons
    kec = o.birth_kecamatan[c.persons]
    style = o.place_style[c.persons].copy()
    at = c.damager.hit("tempat_lain")
    style[at] = c.damager.rng.integers(0, 4, len(at))
    towns = np.char.upper(w.kabupaten["short_name"])
    kecamatan = np.char.upper(w.kecamatan["name"])
    first_desa = np.searchsorted(w.desa["parent"], np.arange(len(kecamatan)))
    desa = np.char.upper(w.desa["name"][first_desa])
    m, q = len(towns), len(kecamatan)
    places = pa.array([*towns, *kecamatan, *desa, *(f"KAB. {x}" for x in towns), ""])
    kab = w.kecamatan["parent"][kec]
    place_number = np.select([style == 0, style == 1, style == 2], [kab, m + kec, m + q + kec], m + 2 * q + kab)
    place_number[c.damager.hit("tempat_kosong")] = len(places) - 1
    return pc.take(places, pa.array(place_number))
