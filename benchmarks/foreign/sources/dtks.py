"""DTKS: households and their members, with Regsosek's observations in DTKS's own codes.

What belongs here: the tables ``rumah_tangga`` and ``anggota``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.population import Country
from benchmarks.foreign.damage.birthplace_errors import BIRTHPLACE_SQL, draw_birthplaces
from benchmarks.foreign.damage.date_errors import BIRTH_DATE_MIXED, date_sql
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.damage.name_errors import write_names
from benchmarks.foreign.sources.addresses import ADDRESS_SQL, SLS_SQL, bps_codes, bps_columns_sql
from benchmarks.foreign.sources.delivery import Delivery, recode, record_id_sql, roster_id_sql
from benchmarks.foreign.sources.visit import Visit

# DTKS columns and Regsosek's: coded alike; 1/2 for yes/no there and 3/4 here; translated.
_ALIKE = {
    "ada_tabung_gas": "kd_tabung_gas_5_5_kg",
    "ada_ac": "kd_ac",
    "ada_telepon": "kd_telepon_rumah",
    "ada_emas": "kd_perhiasan_10_gr_emas",
    "ada_sepeda": "kd_sepeda",
    "ada_mobil": "kd_mobil",
    "ada_kapal": "kd_kapal_perahu_motor",
    "aset_tak_bergerak": "kd_lahan",
    "sta_pkh": "kd_pkh",
    "sta_kks": "kd_bss_bnpt",
    "jumlah_sapi": "jumlah_sapi",
    "jumlah_kerbau": "jumlah_kerbau",
    "jumlah_kuda": "jumlah_kuda",
    "jumlah_babi": "jumlah_babi",
    "jumlah_kambing": "jumlah_kambing_domba",
    "sta_bangunan": "kd_stat_bangunan_tinggal",
    "dinding": "kd_jenis_dinding",
    "luas_lantai": "luas_lantai",
}
_THREE_FOUR = {
    "ada_lemari_es": "kd_lemari_es",
    "ada_pemanas": "kd_pemanas_air",
    "ada_tv": "kd_televisi",
    "ada_laptop": "kd_komputer_laptop",
    "ada_motor": "kd_sepeda_motor",
    "ada_perahu": "kd_perahu",
    "rumah_lain": "kd_rumah_ditempat_lain",
}
_TRANSLATED = {
    "lantai": ("kd_jenis_lantai_terluas", {1: 1, 2: 2, 3: 3, 4: 4, 5: 8, 6: 6, 7: 7, 8: 9}),
    "atap": ("kd_jenis_atap", {1: 1, 2: 4, 3: 6, 4: 5, 5: 7, 6: 8, 7: 9, 8: 10}),
    "sumber_airminum": ("kd_sumber_air_minum", {1: 1, 2: 2, 3: 3, 4: 5, 5: 6, 6: 7, 7: 8, 8: 9, 9: 10, 10: 11, 11: 12}),
    "sumber_penerangan": ("kd_sumber_penerangan_utama", {1: 1, 2: 1, 3: 2, 4: 3}),
    "bb_masak": ("kd_bahan_bakar_memasak", {0: 9, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 6, 9: 7, 10: 8}),
    "fasbab": ("kd_fasilitas_tempat_bab", {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4}),
    "buang_tinja": ("kd_pembuangan_akhir_tinja", {1: 1, 2: 2, 3: 4, 4: 3, 5: 5, 6: 6}),
}
_KLOSET = {1: 1, 2: 2, 3: 2, 4: 3}
_NO_KLOSET, _NO_METER = 4, 6


def write_dtks(delivery: Delivery, visit: Visit, hand: Hand, country: Country, order: Array) -> None:
    """Write both tables; person rows come in ``order``."""
    _write_households(delivery, visit, hand, country)
    _write_members(delivery, visit, hand, country, order)


def _write_households(delivery: Delivery, visit: Visit, hand: Hand, country: Country) -> None:
    rng, seen, rosters = hand.rng, visit.seen, len(visit.rows.family)
    no_meter = seen["kd_sumber_penerangan_utama"] == 2
    kloset = seen["kd_jenis_kloset"]
    house = {
        **visit.house,
        **{name: seen[column] + 2 for name, column in _THREE_FOUR.items()},
        **{name: seen[column] for name, column in _ALIKE.items()},
        **{name: recode(seen[column], codes) for name, (column, codes) in _TRANSLATED.items()},
        "bps_code": bps_codes(country.places, visit.village, rng.random(rosters) < 0.05),
        "head_name": visit.person["nama"].take(pa.array(visit.head)),
        "jumlah_keluarga": np.maximum.reduceat(visit.rows.nuk, visit.head),
        "sta_lahan": np.where(rng.random(rosters) < 0.8, 1, 2),
        "kondisi_dinding": np.where(rng.random(rosters) < 0.6, 1, 2),
        "kondisi_atap": np.where(rng.random(rosters) < 0.6, 1, 2),
        "jumlah_kamar": rng.integers(1, 5, rosters),
        "daya": np.where(no_meter, _NO_METER, seen["kd_daya_terpasang"]),
        "kloset": np.where(kloset < 0, _NO_KLOSET, recode(kloset, _KLOSET)),
        "nonaktif": np.where(rng.random(rosters) < 0.01, 1, 0),
    }
    delivery.write(
        "rumah_tangga",
        pa.table(house),
        {
            "idbdt": roster_id_sql("dtks"),
            **bps_columns_sql("kdprop", "kdkab", "kdkec", "kddesa"),
            "nama_sls": SLS_SQL,
            "alamat": ADDRESS_SQL,
            "nama_krt": "head_name",
            "nokk": "roster_card",
            "jumlah_art": "members",
            "lastupdatedata": date_sql("visit_day"),
        },
    )


def _write_members(delivery: Delivery, visit: Visit, hand: Hand, country: Country, order: Array) -> None:
    rng, rows, seen, n, people = hand.rng, visit.rows, visit.seen, len(visit.rows.person), country.people
    mother = people.mother[rows.person]
    is_named = (mother >= 0) & (rng.random(n) < 0.68)
    mothers_name = np.where(is_named[:, None], people.names[mother], -1)
    no_father = np.full((n, 4), -1)
    is_ill = rng.random(n) < 0.03 + 0.002 * visit.age
    all_women, any_length = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    member = {
        **visit.person,
        **draw_birthplaces(hand, rows, people, country.places),
        "visit_day": rows.day[rows.roster],
        "nuk": rows.nuk,
        "is_male": visit.male,
        "mothers_name": write_names(delivery.con, hand, mothers_name, no_father, all_women, any_length),
        "hub_krt": rows.relation,
        "sta_kawin": visit.marital_status,
        "jenis_cacat": np.where(rng.random(n) < 0.015, rng.integers(1, 12, n), 0),
        "penyakit_kronis": np.where(is_ill & (rng.random(n) < 0.5), rng.integers(1, 10, n), 0),
        "partisipasi_sekolah": np.where(visit.is_pupil, 1, np.where(visit.age < 6, 0, 2)),
        "ijazah_tertinggi": visit.schooling,
        "sta_bekerja": np.where(visit.works, 1, 2),
        "lapangan_usaha": np.where(visit.works, rng.integers(1, 22, n), -1),
        "status_pekerjaan": np.where(visit.works, rng.integers(1, 9, n), -1),
        "sta_keberadaan_art": 1 + rows.presence,
        "ada_pkh": seen["kd_pkh"][rows.roster],
        "ada_bpnt": seen["kd_bss_bnpt"][rows.roster],
        "ada_pbi": np.where(rng.random(n) < 0.7, 1, 2),
    }
    delivery.write(
        "anggota",
        pa.table(member).take(pa.array(order)),
        {
            "idartbdt": record_id_sql("dtks"),
            "idbdt": roster_id_sql("dtks"),
            "nokk": "card",
            "tmplahir": BIRTHPLACE_SQL,
            "tgllahir": BIRTH_DATE_MIXED,
            "jnskel": "case when is_male then 1 else 2 end",
            "namagadis_ibukandung": "nullif(mothers_name, '')",
            "lastupdatedata": date_sql("visit_day"),
        },
    )
