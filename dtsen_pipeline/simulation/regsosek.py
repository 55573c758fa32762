"""Make the tables of Regsosek 2022 (BPS): families and members in the codes of the questionnaire.

Belongs here: what only Regsosek has. Families were visited in October and November 2022, once.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.base import Integers, rng_for, zero_padded
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.damage import Damager, ErrorMix, swapped, to_arrow
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
from dtsen_pipeline.simulation.text_damage import damage_kk
from dtsen_pipeline.simulation.welfare import Activities, Welfare

FIRST_DAY = int(np.datetime64("2022-10-15", "D").astype(int))
FIELD_DAYS = 31
# DTKS code (position) -> coarser Regsosek code.
FLOOR = np.array([0, 1, 2, 3, 4, 5, 6, 7, 5, 8, 9])
ROOF = np.array([0, 1, 2, 2, 2, 4, 3, 5, 6, 7, 8])
WATER = np.array([0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11])
# DTKS certificate 0..6 -> Regsosek codes with their shares.
CERTIFICATES = (
    ((23,), (1.0,)),
    ((3, 4, 1, 2), (0.84, 0.12, 0.035, 0.005)),
    ((8, 9, 6, 7), (0.79, 0.16, 0.045, 0.005)),
    ((13, 15, 14, 11, 12), (0.55, 0.29, 0.10, 0.055, 0.005)),
    ((18,), (1.0,)),
    ((19, 20), (0.94, 0.06)),
    ((21, 22), (0.93, 0.07)),
)
# (column, trait of `welfare`)
ASSETS = (
    ("kd_tabung_gas_5_5_kg", "tabung_gas"),
    ("kd_lemari_es", "lemari_es"),
    ("kd_ac", "ac"),
    ("kd_pemanas_air", "pemanas"),
    ("kd_telepon_rumah", "telepon"),
    ("kd_televisi", "tv"),
    ("kd_perhiasan_10_gr_emas", "emas"),
    ("kd_komputer_laptop", "laptop"),
    ("kd_sepeda_motor", "motor"),
    ("kd_sepeda", "sepeda"),
    ("kd_mobil", "mobil"),
    ("kd_perahu", "perahu"),
    ("kd_kapal_perahu_motor", "kapal"),
    ("kd_smartphone", "smartphone"),
    ("kd_lahan", "lahan"),
    ("kd_rumah_ditempat_lain", "rumah_lain"),
)
LIVESTOCK = (
    ("jumlah_sapi", "sapi"),
    ("jumlah_kerbau", "kerbau"),
    ("jumlah_kuda", "kuda"),
    ("jumlah_babi", "babi"),
    ("jumlah_kambing_domba", "kambing"),
)


def regsosek_tables(
    p: Population, h: Welfare, g: Activities, mix: ErrorMix, seed: int
) -> tuple[Enumeration, dict[str, pa.Table]]:
    """Return the tables `keluarga` and `anggota` of the contract."""
    rng = rng_for(seed, "regsosek")
    desa_days = FIRST_DAY + (p.keluarga.desa * 7919) % FIELD_DAYS
    c = enumerate_source(p, h.standard, "regsosek", desa_days, mix, seed)
    return c, {"keluarga": _keluarga(p, h, c, rng), "anggota": _anggota(p, h, g, c, rng)}


def housing_columns(h: Welfare, keluarga: Integers, damager: Damager) -> dict[str, pa.Array]:
    """Return the columns from `kd_stat_bangunan_tinggal` to `jumlah_kambing_domba`. The survey sample has them too."""
    answers = {name: swapped(damager, values[keluarga]) for name, values in h.traits.items()}
    lighting = answers["penerangan"]
    no_toilet = answers["bab"] >= 5
    columns: dict[str, pa.Array] = {
        "kd_stat_bangunan_tinggal": pa.array(answers["status_rumah"]),
        "luas_lantai": pa.array(_floor_area(h.floor_area[keluarga], damager)),
        "kd_jenis_lantai_terluas": pa.array(FLOOR[answers["lantai"]]),
        "kd_jenis_dinding": pa.array(answers["dinding"]),
        "kd_jenis_atap": pa.array(ROOF[answers["atap"]]),
        "kd_sumber_air_minum": pa.array(WATER[answers["air"]]),
        "kd_sumber_penerangan_utama": pa.array(lighting),
        "kd_daya_terpasang": integers_as_text(answers["daya"], lighting != 1),
        "kd_bahan_bakar_memasak": pa.array(answers["bahan_bakar"]),
        "kd_fasilitas_tempat_bab": pa.array(answers["bab"]),
        "kd_jenis_kloset": pa.array(answers["kloset"], mask=no_toilet),
        "kd_pembuangan_akhir_tinja": pa.array(np.where(no_toilet & (answers["tinja"] < 3), 5, answers["tinja"])),
    }
    for name, asset in ASSETS:
        columns[name] = pa.array(2 - answers[asset])
    for name, livestock in LIVESTOCK:
        columns[name] = pa.array(answers[livestock])
    return columns


def regsosek_certificates(grade: Integers, rng: np.random.Generator) -> Integers:
    """Draw Regsosek codes of certificates for the grades 0 to 6 of `welfare`."""
    result = np.zeros(len(grade), np.int64)
    for i, (codes, shares) in enumerate(CERTIFICATES):
        at = grade == i
        result[at] = rng.choice(np.array(codes), int(at.sum()), p=shares)
    return result


def _floor_area(floor_area: Integers, damager: Damager) -> Integers:
    """Return floor areas as estimated by clerks."""
    misjudged = damager.rng.random(len(floor_area)) < 0.30
    return np.where(
        misjudged, np.maximum(6, np.round(floor_area * damager.rng.normal(1, 0.12, len(floor_area)))), floor_area
    ).astype(np.int64)


def _keluarga(p: Population, h: Welfare, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    k = p.keluarga
    codes = desa_codes(p, c, "bps")
    n = len(c.keluarga)
    outcome = np.where(rng.random(n) < 0.96, 1, rng.choice(np.array([2, 3, 4, 5]), n, p=[0.5, 0.25, 0.15, 0.10]))
    columns: dict[str, pa.Array] = {
        "id_keluarga": to_arrow(c.roster_id),
        "kode_provinsi": to_arrow(codes.astype("S2")),
        "kode_kabupaten": code_slice(codes, 2, 4),
        "kode_kecamatan": code_slice(codes, 4, 7),
        "kode_desa": code_slice(codes, 7, 10),
        "kode_sls": to_arrow(zero_padded(k.rt[c.keluarga] + 10 * (k.rw[c.keluarga] % 4), 4)),
        "nama_sls": sls_names(p, c),
        "alamat": addresses(p, c, rng),
        "no_kk": to_arrow(damage_kk(c.roster_damager, kk_in_hand(p, c, c.keluarga, c.day, rng))),
        "kd_kk": pa.array(
            np.where(
                k.parent_family[c.keluarga] >= 0,
                rng.choice(3, n, p=[0.7, 0.05, 0.25]),
                rng.choice(3, n, p=[0.9, 0.09, 0.01]),
            )
        ),
        "jumlah_anggota": pa.array(c.size),
        "kd_hasil_pendataan": pa.array(outcome),
        "tanggal_pendataan": to_arrow(iso(c.day)),
        **housing_columns(h, c.keluarga, c.roster_damager),
    }
    columns["kd_pkh"] = pa.array(2 - swapped(c.roster_damager, h.pkh[c.keluarga].astype(int)))
    columns["kd_bss_bnpt"] = pa.array(2 - swapped(c.roster_damager, h.sembako[c.keluarga].astype(int)))
    return pa.table(columns)


def _anggota(p: Population, h: Welfare, g: Activities, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    o, n = p.persons, len(c.persons)
    x = person_entries(p, c, 0.0)
    days = c.day[c.roster]
    age = age_on(days, x.birth_day)
    # Today's truth held then too, except that the young were still at school.
    schooling = np.where(
        (age < 6),
        1,
        np.where((age < 17) & (g.schooling[c.persons] == 3) & (rng.random(n) < 0.7), 2, g.schooling[c.persons]),
    )
    schooling = np.where((age >= 7) & (age < 13) & (schooling == 1) & (rng.random(n) < 0.9), 2, schooling)
    highest = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), age, side="right")
    certificate = np.minimum(swapped(c.damager, g.certificate[c.persons], 0.06), highest)
    working = g.working[c.persons] & (age >= 10)
    working ^= (rng.random(n) < 0.05) & (age >= 18)
    industry = np.where(g.industry[c.persons] > 0, g.industry[c.persons], rng.integers(1, 27, n))
    status = np.where(g.work_status[c.persons] > 0, g.work_status[c.persons], rng.integers(1, 9, n))
    difficulty = np.where(
        g.disability[c.persons] > 0,
        rng.choice(np.array([1, 2, 3]), n, p=[0.25, 0.4, 0.35]),
        np.where(rng.random(n) < 0.02, 3, 4),
    )
    chronic = np.where(g.chronic_illness[c.persons] > 0, g.chronic_illness[c.persons] * 17 // 9 + 1, 1)
    insurance = np.where(
        h.pbi[o.keluarga[c.persons]],
        1,
        np.where(status == 5, 4, rng.choice(np.array([0, 2, 4, 8, 99]), n, p=[0.42, 0.30, 0.2, 0.05, 0.03])),
    )
    insurance = np.where((insurance < 8) & (rng.random(n) < 0.01), insurance | 2, insurance)
    presence = np.where(
        c.dead,
        2,
        np.where(
            c.gone,
            rng.choice(np.array([3, 4, 6]), n, p=[0.7, 0.1, 0.2]),
            rng.choice(np.array([1, 5, 6]), n, p=[0.985, 0.012, 0.003]),
        ),
    )
    return pa.table(
        {
            "id_anggota": to_arrow(c.person_id),
            "id_keluarga": to_arrow(c.roster_id[c.roster]),
            "no_urut": pa.array(c.position),
            "nama": x.name,
            "nik": x.nik,
            "kd_jenis_kelamin": pa.array(1 + x.female.astype(int)),
            "tempat_lahir": x.birthplace,
            "tgl_lahir": x.birth_date,
            "umur": pa.array(np.minimum(age, 119)),
            "kd_status_kawin": pa.array(np.where(age < 16, 1, o.marital[c.persons])),
            "kd_hubungan_keluarga": pa.array(x.relation),
            "kd_keberadaan": pa.array(presence),
            "kd_partisipasi_sekolah": pa.array(schooling),
            "kd_ijazah_tertinggi": pa.array(regsosek_certificates(certificate, rng)),
            "kd_bekerja": pa.array(2 - working.astype(int)),
            "kd_lapangan_usaha": integers_as_text(industry, ~working),
            "kd_status_pekerjaan": integers_as_text(status, ~working),
            "kd_kesulitan_fungsi": pa.array(difficulty),
            "kd_penyakit_kronis": pa.array(chronic),
            "kd_jaminan_kesehatan": pa.array(insurance),
        }
    )
