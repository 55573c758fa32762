"""Make the tables of P3KE (Kemenko PMK, from BKKBN's PK-21): families and persons, with text labels for codes.

Belongs here: what only P3KE has. Labels changed between releases; areas have Kemendagri codes.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.base import Integers, rng_for
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.damage import ErrorMix, swapped, to_arrow
from dtsen_pipeline.simulation.entries import addresses, age_on, desa_codes, kk_in_hand, person_entries
from dtsen_pipeline.simulation.enumeration import Enumeration, enumerate_source
from dtsen_pipeline.simulation.people import Population
from dtsen_pipeline.simulation.text_damage import damage_kk
from dtsen_pipeline.simulation.welfare import Activities, Welfare, desil_by_rank

# Days of the releases, and the share of desa that each covers.
RELEASES = np.array([np.datetime64(t, "D").astype(np.int64) for t in ("2021-12-31", "2022-06-30", "2023-06-30")])
RELEASE_SHARES = (0.15, 0.25, 0.60)
YES_NO = ("Ya", "Tidak")
# Labels by code of `welfare`; where there are two tuples, the second holds those of the older release.
HOUSE = (
    ("", "Milik Sendiri", "Kontrak/Sewa", "Bebas Sewa/Menumpang", "Dinas", "Lainnya"),
    ("", "Milik Sendiri", "Kontrak/Sewa", "Bebas Sewa", "Dinas", "Lainnya"),
)
ROOF = (
    (
        "",
        "Beton",
        "Genteng",
        "Genteng",
        "Genteng",
        "Asbes/Seng",
        "Asbes/Seng",
        "Kayu/Sirap",
        "Bambu",
        "Jerami/Ijuk/Rumbia/Daun-daunan",
        "Lainnya",
    ),
    (
        "",
        "Beton",
        "Genteng",
        "Genteng",
        "Genteng",
        "Asbes",
        "Seng",
        "Kayu/Sirap",
        "Bambu",
        "Jerami/Ijuk/Rumbia",
        "Lainnya",
    ),
)
WALL = ("", "Tembok", "Plesteran anyaman bambu/kawat", "Kayu/Papan", "Bambu", "Kayu/Papan", "Bambu", "Lainnya")
FLOOR = (
    (
        "",
        *("Keramik/Granit/Marmer/Ubin/Tegel/Teraso",) * 2,
        "Lainnya",
        "Keramik/Granit/Marmer/Ubin/Tegel/Teraso",
        "Kayu/Papan",
        "Semen",
        "Bambu",
        "Kayu/Papan",
        "Tanah",
        "Lainnya",
    ),
    (
        "",
        *("Keramik/Granit/Marmer",) * 2,
        "Lainnya",
        "Keramik/Granit/Marmer",
        "Kayu/Papan",
        "Semen",
        "Bambu",
        "Kayu/Papan",
        "Tanah",
        "Lainnya",
    ),
)
WATER = (
    "",
    "Air Kemasan/Isi Ulang",
    "Air Kemasan/Isi Ulang",
    "Ledeng/PAM",
    "Ledeng/PAM",
    "Sumur Bor",
    "Sumur Terlindung",
    "Sumur Tidak Terlindung",
    "Lainnya",
    "Lainnya",
    "Air Permukaan (Sungai, Danau, dll)",
    "Air Hujan",
    "Lainnya",
)
FUEL = ("Lainnya", *("Listrik/Gas",) * 6, "Minyak Tanah", *("Arang/Kayu",) * 3, "Lainnya")
TOILET = (
    ("", "Milik sendiri", "Umum/Bersama", "Umum/Bersama", "Umum/Bersama", "Lainnya", "Lainnya"),
    (
        "",
        "Ya, dengan Septictank",
        "Tidak, Jamban Umum/Bersama",
        "Tidak, Jamban Umum/Bersama",
        "Tidak, Jamban Umum/Bersama",
        "Lainnya",
        "Lainnya",
    ),
)
MARITAL = ("", "Belum kawin", "Kawin", "Cerai hidup", "Cerai mati")
OCCUPATIONS = (
    "Petani",
    "Nelayan",
    "Pedagang",
    "Wiraswasta",
    "Swasta",
    "PNS/TNI/Polri",
    "Pekerja Lepas",
    "Pensiunan",
    "Belum/Tidak Bekerja",
    "Lainnya",
    "Pegawai Swasta",
    "Tidak/Belum Bekerja",
)


def p3ke_tables(
    p: Population, h: Welfare, g: Activities, mix: ErrorMix, seed: int
) -> tuple[Enumeration, dict[str, pa.Table]]:
    """Return the tables `keluarga` and `individu` of the contract."""
    rng = rng_for(seed, "p3ke")
    desa = np.unique(p.keluarga.desa)
    desa_release = rng.choice(3, len(desa), p=RELEASE_SHARES)
    release = desa_release[np.searchsorted(desa, p.keluarga.desa)]
    c = enumerate_source(p, h.standard, "p3ke", RELEASES[release], mix, seed)
    tables = {"keluarga": _keluarga(p, h, c, rng), "individu": _individu(p, g, c, rng)}
    head = np.searchsorted(c.roster, np.arange(len(c.keluarga)))
    keluarga = tables["keluarga"]
    # Name and NIK of the head on the family row are copied from the head's own row.
    for target, origin in (("kepala_keluarga", "nama"), ("nik", "nik")):
        content = tables["individu"].column(origin).take(pa.array(head))
        keluarga = keluarga.set_column(keluarga.column_names.index(target), target, content)
    tables["keluarga"] = keluarga
    return c, tables


def label(
    labels: tuple[str, ...] | tuple[tuple[str, ...], tuple[str, ...]],
    codes: Integers,
    old_release: np.ndarray | None = None,
) -> pa.Array:
    """Return labels by position. With two lists, rows of the older release take the second."""
    if isinstance(labels[0], str):
        return pa.array(list(labels)).take(pa.array(codes))
    all_labels = pa.array([*labels[0], *labels[1]])
    assert old_release is not None
    return all_labels.take(pa.array(np.where(old_release, codes + len(labels[0]), codes)))


def _keluarga(p: Population, h: Welfare, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    k, w, n, damager = p.keluarga, p.country, len(c.keluarga), c.roster_damager
    codes = desa_codes(p, c, "kemendagri")
    old_release = (c.day == RELEASES[0]) | (rng.random(n) < 0.30)
    answers = {name: swapped(damager, values[c.keluarga]) for name, values in h.traits.items()}
    high_power = answers["daya"] >= 3
    new_lighting = np.array(["", "Listrik PLN meteran", "Listrik PLN non meteran", "Listrik non-PLN", "Bukan listrik"])[
        answers["penerangan"]
    ]
    old_lighting = np.array(["", "", "Listrik Bersama", "Genset/Solar Cell", "Non-Listrik"])[answers["penerangan"]]
    old_lighting = np.where(
        answers["penerangan"] == 1,
        np.where(high_power, "Listrik Pribadi > 900 Watt", "Listrik Pribadi s/d 900 Watt"),
        old_lighting,
    )
    power = np.where(answers["penerangan"] != 1, 3, np.minimum(answers["daya"], 3) - 1)
    power_text = np.where(
        old_release,
        np.array(["450 VA", "<= 900", "> 900", "Tidak Ada"])[power],
        np.array(["450 VA", "900 VA", "> 900 VA", "Tidak Ada"])[power],
    )
    power_text = np.where((power_text == "> 900") & (rng.random(n) < 0.3), ">900", power_text)
    septic = answers["tinja"] <= 2
    old_toilet = np.where((answers["bab"] == 1) & ~septic, "Ya, Tanpa Septictank", np.array(TOILET[1])[answers["bab"]])
    consumption = np.exp(h.log_consumption[c.keluarga]) * k.size[c.keluarga]
    spending = consumption * rng.lognormal(-0.1, 0.38, n)
    income = spending * rng.lognormal(0.08, 0.22, n)
    no_answer = rng.random(n) < 0.01
    sembako = swapped(damager, h.sembako[c.keluarga].astype(int))
    risk = np.where(
        rng.random(n) < np.clip(0.30 - 0.08 * h.standard[c.keluarga], 0.05, 0.6), rng.choice(np.array([0, 1]), n), 2
    )
    desa_names = w.desa["name"]
    date = iso(c.day)
    kabupaten = codes.astype("S4")
    return pa.table(
        {
            "id_keluarga": to_arrow(c.roster_id),
            "kode_kemdagri": to_arrow(codes),
            "provinsi": to_arrow(codes.astype("S2")),
            "kabupaten": to_arrow(kabupaten),
            "kecamatan": to_arrow(codes.astype("S6")),
            "desa": pa.array(desa_names).take(pa.array(c.desa)),
            "alamat": addresses(p, c, rng),
            "no_kk": to_arrow(damage_kk(damager, kk_in_hand(p, c, c.keluarga, c.day, rng))),
            "kepala_keluarga": pa.nulls(n, pa.string()),
            "nik": pa.nulls(n, pa.string()),
            "padan_dukcapil": _matched(n, old_release, rng),
            "desil_kesejahteraan": pa.array(desil_by_rank(h.log_consumption[c.keluarga] + rng.normal(0, 0.35, n))),
            "kepemilikan_rumah": label(HOUSE, answers["status_rumah"], old_release),
            "memiliki_simpanan": _yes_no(answers["simpanan"], old_release & (rng.random(n) < 0.4)),
            "jenis_atap": label(ROOF, answers["atap"], old_release),
            "jenis_dinding": label(WALL, answers["dinding"]),
            "jenis_lantai": label(FLOOR, answers["lantai"], old_release),
            "sumber_penerangan": pa.array(np.where(old_release, old_lighting, new_lighting)),
            "daya_terpasang": pa.array(power_text),
            "bahan_bakar_memasak": label(FUEL, answers["bahan_bakar"]),
            "sumber_air_minum": label(WATER, answers["air"]),
            "fasilitas_bab": pa.array(np.where(old_release, old_toilet, np.array(TOILET[0])[answers["bab"]])),
            "penghasilan": pa.array(_rounded(income, no_answer, rng)),
            "pengeluaran": pa.array(_rounded(spending, no_answer, rng)),
            "bpnt": _yes_no(sembako),
            "bst": _yes_no((rng.random(n) < 0.06).astype(int)),
            "pkh": _yes_no(swapped(damager, h.pkh[c.keluarga].astype(int))),
            "sembako": _yes_no(sembako),
            "resiko_stunting": label(("Beresiko Stunting", "Tidak Beresiko Stunting", "Bukan Target Sasaran"), risk),
            "tanggal_data": to_arrow(date),
        }
    )


def _yes_no(values: Integers, capital: np.ndarray | None = None) -> pa.Array:
    """Write 1 and 0 as Ya and Tidak, in capitals where `capital`."""
    if capital is None:
        return label(YES_NO, 1 - values)
    return label((*YES_NO, "YA", "TIDAK"), 1 - values + np.where(capital, 2, 0))


def _matched(n: int, old_release: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Draw whether rows matched the population register."""
    return label(
        ("YA", "TIDAK", "Ya", "Tidak"),
        (rng.random(n) < 0.12).astype(int) + np.where(old_release & (rng.random(n) < 0.5), 2, 0),
    )


def _rounded(rupiah: np.ndarray, no_answer: np.ndarray, rng: np.random.Generator) -> Integers:
    """Round money as people report it: in steps of 1,000 to 500,000 rupiah, 0 for no answer."""
    step = rng.choice(np.array([1_000, 50_000, 100_000, 500_000]), len(rupiah), p=[0.2, 0.3, 0.35, 0.15])
    return np.where(no_answer, 0, np.maximum(np.round(rupiah / step), 1) * step).astype(np.int64)


def _individu(p: Population, g: Activities, c: Enumeration, rng: np.random.Generator) -> pa.Table:
    o, n = p.persons, len(c.persons)
    x = person_entries(p, c, 0.0)
    old_release = (c.day == RELEASES[0])[c.roster]
    age = age_on(c.day[c.roster], x.birth_day)
    wife_label = np.where(old_release, 1, np.where(x.female, 2, 3))
    relation = np.select([x.relation == 1, x.relation == 2, x.relation == 3], [0, wife_label, 4], 5)
    return pa.table(
        {
            "id_individu": to_arrow(c.person_id),
            "id_keluarga": to_arrow(c.roster_id[c.roster]),
            "nama": x.name,
            "nik": x.nik,
            "padan_dukcapil": _matched(n, old_release, rng),
            "jenis_kelamin": label(
                ("Laki-laki", "Perempuan", "L", "P"),
                x.female.astype(int) + np.where(old_release & (rng.random(n) < 0.3), 2, 0),
            ),
            "tanggal_lahir": x.birth_date,
            "hub_dgn_kpl_keluarga": label(
                ("Kepala Keluarga", "Istri/Suami", "Istri", "Suami", "Anak", "Lainnya"), relation
            ),
            "status_kawin": label(MARITAL, np.where(age < 16, 1, o.marital[c.persons])),
            "pekerjaan": label(OCCUPATIONS, _occupation(g, c, age, old_release, rng)),
            "pendidikan": _education(g, c, age, rng),
        }
    )


def _occupation(
    g: Activities, c: Enumeration, age: Integers, old_release: np.ndarray, rng: np.random.Generator
) -> Integers:
    n = len(age)
    working = g.working[c.persons] & (age >= 10)
    working ^= (rng.random(n) < 0.06) & (age >= 18)
    industry, status = g.industry[c.persons], g.work_status[c.persons]
    result = np.select(
        [
            ~working & (age > 60) & (g.certificate[c.persons] >= 3),
            ~working,
            industry == 4,
            (industry >= 1) & (industry <= 5),
            status == 5,
            status == 4,
            (status == 6) | (status == 7),
            industry == 12,
            status <= 3,
        ],
        [7, 8, 1, 0, 5, 4, 6, 2, 3],
        9,
    )
    return np.where(old_release & (result == 4), 10, np.where(old_release & (result == 8), 11, result))


def _education(g: Activities, c: Enumeration, age: Integers, rng: np.random.Generator) -> pa.Array:
    labels = (
        "Tidak/Belum Sekolah",
        "Tidak Tamat SD/Sederajat",
        "Masih SD/Sederajat",
        "Tamat SD/Sederajat",
        "Masih SLTP/Sederajat",
        "Tamat SLTP/Sederajat",
        "Masih SLTA/Sederajat",
        "Tamat SLTA/Sederajat",
        "Masih PT/Akademi",
        "Tamat PT/Akademi",
    )
    highest = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), age, side="right")
    grade = np.minimum(swapped(c.damager, g.certificate[c.persons], 0.06), highest)
    still_at_school = (age >= 6) & ((age < 16) | (g.schooling[c.persons] == 2)) & (age < 25)
    finished = np.array([1, 3, 5, 7, 9, 9, 9])[grade]
    attending = np.array([2, 4, 6, 8, 9, 9, 9])[grade]
    result = np.where(age < 6, 0, np.where(still_at_school, attending, finished))
    result = np.where((result == 1) & (rng.random(len(age)) < 0.3), 0, result)
    return label(labels, result)
