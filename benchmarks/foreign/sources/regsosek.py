"""Regsosek: families and their members, with the observations in the codes in which they were drawn.

What belongs here: the tables ``keluarga`` and ``anggota``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.foreign.arrays import Array, first_of_group
from benchmarks.foreign.country.living_standards import CERTIFICATES
from benchmarks.foreign.country.population import Country
from benchmarks.foreign.damage.birthplace_errors import BIRTHPLACE_SQL, draw_birthplaces
from benchmarks.foreign.damage.date_errors import BIRTH_DATE_ISO, date_sql
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.sources.addresses import ADDRESS_SQL, SLS_SQL, bps_codes, bps_columns_sql
from benchmarks.foreign.sources.delivery import Delivery, record_id_sql, roster_id_sql
from benchmarks.foreign.sources.visit import Visit


def write_regsosek(delivery: Delivery, visit: Visit, hand: Hand, country: Country, order: Array) -> None:
    """Write both tables; person rows come in ``order``."""
    _write_families(delivery, visit, hand, country)
    _write_members(delivery, visit, hand, country, order)


def _write_families(delivery: Delivery, visit: Visit, hand: Hand, country: Country) -> None:
    rng, rosters = hand.rng, len(visit.rows.family)
    house = {
        **visit.house,
        **visit.seen,
        "bps_code": bps_codes(country.places, visit.village, rng.random(rosters) < 0.3),
        "kd_kk": rng.choice(3, rosters, p=[0.9, 0.05, 0.05]),
        "kd_hasil_pendataan": np.where(rng.random(rosters) < 0.97, 1, 2),
    }
    delivery.write(
        "keluarga",
        pa.table(house),
        {
            "id_keluarga": roster_id_sql("regsosek"),
            **bps_columns_sql("kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa"),
            "kode_sls": "printf('%04d', rw * 10 + rt % 10)",
            "nama_sls": SLS_SQL,
            "alamat": ADDRESS_SQL,
            "no_kk": "roster_card",
            "jumlah_anggota": "members",
            "tanggal_pendataan": date_sql("visit_day"),
        },
    )


def _write_members(delivery: Delivery, visit: Visit, hand: Hand, country: Country, order: Array) -> None:
    rng, rows, n = hand.rng, visit.rows, len(visit.rows.person)
    member = {
        **visit.person,
        **draw_birthplaces(hand, rows, country.people, country.places),
        "is_male": visit.male,
        "no_urut": 1 + np.arange(n) - first_of_group(rows.roster),
        "umur": visit.age,
        "kd_status_kawin": visit.marital_status,
        "kd_hubungan_keluarga": rows.relation,
        "kd_keberadaan": 1 + rows.presence,
        "kd_partisipasi_sekolah": np.where(visit.is_pupil, 2, np.where(visit.age < 6, 1, 3)),
        "kd_ijazah_tertinggi": CERTIFICATES[visit.schooling],
        "kd_bekerja": np.where(visit.works, 1, 2),
        "kd_lapangan_usaha": np.where(visit.works, rng.integers(1, 27, n), -1),
        "kd_status_pekerjaan": np.where(visit.works, rng.integers(1, 9, n), -1),
        "kd_kesulitan_fungsi": np.where(rng.random(n) < 0.03, rng.integers(1, 4, n), 4),
        "kd_penyakit_kronis": np.where(rng.random(n) < 0.06, rng.integers(2, 19, n), 1),
        "kd_jaminan_kesehatan": rng.choice([0, 1, 2, 4, 8, 99], n, p=[0.25, 0.45, 0.1, 0.16, 0.03, 0.01]),
    }
    delivery.write(
        "anggota",
        pa.table(member).take(pa.array(order)),
        {
            "id_anggota": record_id_sql("regsosek"),
            "id_keluarga": roster_id_sql("regsosek"),
            "kd_jenis_kelamin": "case when is_male then 1 else 2 end",
            "tempat_lahir": BIRTHPLACE_SQL,
            "tgl_lahir": BIRTH_DATE_ISO,
        },
    )
