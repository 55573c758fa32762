"""Make the tables of DTKS (Kemensos): mostly poor households (ruta), which may hold several families (nuk).

Belongs here: what only DTKS has. Households were visited over four years, the last of them last month.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.base import Booleans, rng_for
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.damage import ErrorMix, swapped, to_arrow
from dtsen_pipeline.simulation.entries import (
    addresses,
    age_on,
    code_slice,
    desa_codes,
    integers_as_text,
    kk_in_hand,
    person_entries,
    sls_names,
)
from dtsen_pipeline.simulation.enumeration import Enumeration, enumerate_source
from dtsen_pipeline.simulation.people import Population
from dtsen_pipeline.simulation.text_damage import damage_kk, damage_names
from dtsen_pipeline.simulation.welfare import Activities, Welfare

# Regsosek codes (position) -> DTKS codes.
FUEL = np.array([9, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8])
TOILET = np.array([0, 1, 2, 3, 3, 4, 4])
TOILET_BOWL = np.array([0, 1, 2, 2, 3])
SEWAGE = np.array([0, 1, 2, 4, 3, 5, 6])
# (column, trait of `welfare`): columns that answer 1 yes, 2 no; then those that answer 3 yes, 4 no.
ASSETS_12 = (
    ("ada_tabung_gas", "tabung_gas"),
    ("ada_ac", "ac"),
    ("ada_telepon", "telepon"),
    ("ada_emas", "emas"),
    ("ada_sepeda", "sepeda"),
    ("ada_mobil", "mobil"),
    ("ada_kapal", "kapal"),
    ("aset_tak_bergerak", "lahan"),
)
ASSETS_34 = (
    ("ada_lemari_es", "lemari_es"),
    ("ada_pemanas", "pemanas"),
    ("ada_tv", "tv"),
    ("ada_laptop", "laptop"),
    ("ada_motor", "motor"),
    ("ada_perahu", "perahu"),
    ("rumah_lain", "rumah_lain"),
)
LIVESTOCK = (
    ("jumlah_sapi", "sapi"),
    ("jumlah_kerbau", "kerbau"),
    ("jumlah_kuda", "kuda"),
    ("jumlah_babi", "babi"),
    ("jumlah_kambing", "kambing"),
)
SLASHED_DATE_SHARE = 0.30
# Last days of a month, in which its visits are booked.
BOOKING_DAYS = 4


def dtks_tables(
    p: Population, h: Welfare, g: Activities, mix: ErrorMix, seed: int, visits: Booleans | None = None
) -> tuple[Enumeration, dict[str, pa.Table]]:
    """Return the tables `rumah_tangga` and `anggota` of the contract: of all ruta, or of those in `visits`."""
    rng = rng_for(seed, "dtks")
    n = len(p.keluarga.desa)
    # Most ruta were updated in the last months, some not for years. A month's visits are booked in its last days,
    # when its events are known.
    lag = 16 + rng.exponential(260, n) % 1_480 if visits is None else rng.integers(1, BOOKING_DAYS, n)
    days = p.today - lag.astype(np.int64)[p.keluarga.house]
    c = enumerate_source(p, h.standard, "dtks", days, mix, seed, visits)
    return c, {"rumah_tangga": _rumah_tangga(p, h, c, rng), "anggota": _anggota(p, h, g, c, rng)}


def _rumah_tangga(p: Population, h: Welfare, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    codes = desa_codes(p, c, "bps")
    n = len(c.keluarga)
    damager = c.roster_damager
    answers = {name: swapped(damager, values[c.keluarga]) for name, values in h.traits.items()}
    head = np.searchsorted(c.roster, np.arange(n))
    # What Regsosek calls lighting by PLN without a meter is a code of power here.
    lighting = np.array([0, 1, 1, 2, 3])[answers["penerangan"]]
    power = np.where(answers["penerangan"] == 2, 6, answers["daya"])
    floor_area = np.where(
        rng.random(n) < 0.3,
        np.maximum(6, np.round(h.floor_area[c.keluarga] * rng.normal(1, 0.14, n))),
        h.floor_area[c.keluarga],
    )
    columns: dict[str, pa.Array] = {
        "idbdt": to_arrow(c.roster_id),
        "kdprop": to_arrow(codes.astype("S2")),
        "kdkab": code_slice(codes, 2, 4),
        "kdkec": code_slice(codes, 4, 7),
        "kddesa": code_slice(codes, 7, 10),
        "nama_sls": sls_names(p, c),
        "alamat": addresses(p, c, rng),
        "nama_krt": damage_names(damager, p.persons.name[c.persons[head]]),
        "nokk": to_arrow(damage_kk(damager, kk_in_hand(p, c, c.keluarga, c.day, rng))),
        "jumlah_art": pa.array(c.size),
        "jumlah_keluarga": pa.array(c.keluarga_count),
        "sta_bangunan": pa.array(answers["status_rumah"]),
        "sta_lahan": pa.array(answers["status_lahan"]),
        "luas_lantai": pa.array(floor_area.astype(np.int64)),
        "lantai": pa.array(answers["lantai"]),
        "dinding": pa.array(answers["dinding"]),
        "kondisi_dinding": pa.array(answers["kondisi_dinding"]),
        "atap": pa.array(answers["atap"]),
        "kondisi_atap": pa.array(answers["kondisi_atap"]),
        "jumlah_kamar": pa.array(np.clip(np.round(floor_area / 24 + rng.normal(0, 0.7, n)), 0, 9).astype(np.int64)),
        "sumber_airminum": pa.array(answers["air"]),
        "sumber_penerangan": pa.array(lighting),
        "daya": integers_as_text(power, lighting != 1),
        "bb_masak": pa.array(FUEL[answers["bahan_bakar"]]),
        "fasbab": pa.array(TOILET[answers["bab"]]),
        "kloset": pa.array(np.where(answers["bab"] >= 5, 4, TOILET_BOWL[answers["kloset"]])),
        "buang_tinja": pa.array(SEWAGE[answers["tinja"]]),
    }
    columns |= {name: pa.array(2 - answers[asset]) for name, asset in ASSETS_12}
    columns |= {name: pa.array(4 - answers[asset]) for name, asset in ASSETS_34}
    columns |= {name: pa.array(answers[livestock]) for name, livestock in LIVESTOCK}
    columns["sta_pkh"] = pa.array(2 - swapped(damager, h.pkh[c.keluarga].astype(int)))
    columns["sta_kks"] = pa.array(2 - swapped(damager, h.sembako[c.keluarga].astype(int)))
    columns["lastupdatedata"] = to_arrow(iso(c.day))
    columns["nonaktif"] = pa.array((rng.random(n) < 0.03).astype(int))
    return pa.table(columns)


def _anggota(p: Population, h: Welfare, g: Activities, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    o, n = p.persons, len(c.persons)
    x = person_entries(p, c, SLASHED_DATE_SHARE)
    age = age_on(c.day[c.roster], x.birth_day)
    damager = c.damager
    mother = mother_names(p, c)
    highest = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), age, side="right")
    working = g.working[c.persons] & (age >= 10)
    working ^= (rng.random(n) < 0.06) & (age >= 18)
    industry = np.where(g.industry[c.persons] > 0, np.minimum(g.industry[c.persons], 21), rng.integers(1, 22, n))
    status = np.where(g.work_status[c.persons] > 0, g.work_status[c.persons], rng.integers(1, 9, n))
    presence = np.where(c.dead, 2, np.where(c.gone, 3, rng.choice(np.array([1, 4, 5]), n, p=[0.986, 0.012, 0.002])))
    keluarga = o.keluarga[c.persons]
    schooling = np.where(
        age < 6, 0, np.where((age < 16) & (g.schooling[c.persons] == 3), 1, g.schooling[c.persons] - 1)
    )
    return pa.table(
        {
            "idartbdt": to_arrow(c.person_id),
            "idbdt": to_arrow(c.roster_id[c.roster]),
            "nuk": pa.array(c.nuk),
            "nik": x.nik,
            "nokk": x.kk,
            "nama": x.name,
            "tmplahir": x.birthplace,
            "tgllahir": x.birth_date,
            "jnskel": pa.array(1 + x.female.astype(int)),
            "namagadis_ibukandung": mother,
            "hub_krt": pa.array(x.relation),
            "sta_kawin": pa.array(np.where(age < 16, 1, o.marital[c.persons])),
            "jenis_cacat": pa.array(swapped(damager, g.disability[c.persons], 0.02)),
            "penyakit_kronis": pa.array(swapped(damager, g.chronic_illness[c.persons], 0.05)),
            "partisipasi_sekolah": pa.array(schooling),
            "ijazah_tertinggi": pa.array(np.minimum(swapped(damager, g.certificate[c.persons], 0.06), highest)),
            "sta_bekerja": pa.array(2 - working.astype(int)),
            "lapangan_usaha": integers_as_text(industry, ~working),
            "status_pekerjaan": integers_as_text(status, ~working),
            "sta_keberadaan_art": pa.array(presence),
            "ada_pkh": pa.array(2 - (h.pkh[keluarga] & (rng.random(n) < 0.45)).astype(int)),
            "ada_bpnt": pa.array(2 - swapped(damager, h.sembako[keluarga].astype(int))),
            "ada_pbi": pa.array(2 - swapped(damager, h.pbi[keluarga].astype(int))),
            "lastupdatedata": to_arrow(iso(c.day[c.roster])),
        }
    )


def mother_names(p: Population, c: Enumeration) -> pa.Array:
    """Return mothers' maiden names: often missing, sometimes mistyped or another woman's."""
    damager = c.damager
    missing = damager.hit("ibu_kosong")
    misheard = damager.hit("ibu_salah")
    mother_name = damage_names(damager, p.persons.mother_name[c.persons])
    text = mother_name.to_numpy(zero_copy_only=False)
    text[misheard] = text[damager.rng.permutation(misheard)]
    text[missing] = ""
    return pa.array(text, pa.string())
