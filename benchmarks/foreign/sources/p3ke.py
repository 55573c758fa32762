"""P3KE: families and individuals, with words for codes and Kemendagri's area codes.

What belongs here: the tables ``keluarga`` and ``individu``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.places import PROVINCES, SPLIT_DAY
from benchmarks.foreign.country.population import Country
from benchmarks.foreign.damage.date_errors import BIRTH_DATE_ISO, date_sql
from benchmarks.foreign.damage.hand import Hand
from benchmarks.foreign.listing import WIFE_OR_HUSBAND
from benchmarks.foreign.sources.addresses import ADDRESS_SQL
from benchmarks.foreign.sources.delivery import Delivery, labels, record_id_sql, roster_id_sql, yes_no
from benchmarks.foreign.sources.visit import Visit

# By column: the Regsosek column it is seen by, and P3KE's words for its codes.
_HOUSE_WORDS: dict[str, tuple[str, dict[int, str]]] = {
    "kepemilikan_rumah": (
        "kd_stat_bangunan_tinggal",
        {1: "Milik Sendiri", 2: "Kontrak/Sewa", 3: "Menumpang", 4: "Dinas", 5: "Lainnya"},
    ),
    "jenis_atap": (
        "kd_jenis_atap",
        {
            1: "Beton",
            2: "Genteng",
            3: "Seng",
            4: "Asbes",
            5: "Kayu/Sirap",
            6: "Bambu",
            7: "Jerami/Ijuk/Rumbia",
            8: "Lainnya",
        },
    ),
    "jenis_dinding": (
        "kd_jenis_dinding",
        {
            1: "Tembok",
            2: "Plesteran anyaman bambu/kawat",
            3: "Kayu/Papan",
            4: "Bambu",
            5: "Kayu/Papan",
            6: "Bambu",
            7: "Lainnya",
        },
    ),
    "jenis_lantai": (
        "kd_jenis_lantai_terluas",
        dict.fromkeys((1, 2, 4), "Keramik/Granit/Marmer")
        | {3: "Lainnya", 5: "Kayu/Papan", 6: "Semen", 7: "Bambu", 8: "Tanah", 9: "Lainnya"},
    ),
    "sumber_penerangan": (
        "kd_sumber_penerangan_utama",
        {1: "Listrik PLN meteran", 2: "Listrik Bersama", 3: "Genset/Solar Cell", 4: "Bukan listrik"},
    ),
    "bahan_bakar_memasak": (
        "kd_bahan_bakar_memasak",
        dict.fromkeys(range(1, 7), "Listrik/Gas")
        | {0: "Lainnya", 7: "Minyak Tanah", 8: "Arang/Kayu", 9: "Arang/Kayu", 10: "Arang/Kayu"},
    ),
    "sumber_air_minum": (
        "kd_sumber_air_minum",
        {
            1: "Air Kemasan/Isi Ulang",
            2: "Air Kemasan/Isi Ulang",
            3: "Ledeng/PAM",
            4: "Sumur Bor",
            5: "Sumur Terlindung",
            6: "Sumur Tidak Terlindung",
            7: "Lainnya",
            8: "Lainnya",
            9: "Air Permukaan",
            10: "Air Hujan",
            11: "Lainnya",
        },
    ),
    "fasilitas_bab": (
        "kd_fasilitas_tempat_bab",
        {1: "Ya, dengan Septictank", 5: "Lainnya", 6: "Lainnya"} | dict.fromkeys((2, 3, 4), "Umum/Bersama"),
    ),
}
_POWER = {0: "Tidak Ada", 1: "450 VA", 2: "900 VA", 3: "> 900", 4: "> 900", 5: "> 900 VA"}
_STUNTING = {0: "Bukan Target Sasaran", 1: "Tidak Beresiko Stunting", 2: "Beresiko Stunting"}
_MATCHED = {0: "TIDAK", 1: "YA"}
# By highest certificate: of who has left school, and of who goes to the next one.
_FINISHED = {
    0: "Tidak Tamat SD/Sederajat",
    1: "Tamat SD/Sederajat",
    2: "Tamat SLTP/Sederajat",
    3: "Tamat SLTA/Sederajat",
} | dict.fromkeys((4, 5, 6), "Tamat PT/Akademi")
_AT_SCHOOL = {
    0: "Masih SD/Sederajat",
    1: "Masih SLTP/Sederajat",
    2: "Masih SLTA/Sederajat",
} | dict.fromkeys((3, 4, 5, 6), "Masih PT/Akademi")
# A husband's and a wife's relation, which P3KE tells apart, have numbers of their own here.
_WIFE, _HUSBAND = 11, 12
_RELATIONS = {1: "Kepala Keluarga", _WIFE: "Istri", _HUSBAND: "Suami", 3: "Anak"} | dict.fromkeys(
    (4, 5, 6, 7, 8), "Lainnya"
)
_JOBS = ("Petani", "Pedagang", "Wiraswasta", "Swasta", "PNS/TNI/Polri", "Pekerja Lepas", "Nelayan", "Lainnya")
_JOB_SHARES = (0.33, 0.13, 0.15, 0.18, 0.04, 0.1, 0.03, 0.04)


def write_p3ke(delivery: Delivery, visit: Visit, hand: Hand, country: Country, order: Array) -> None:
    """Write both tables; person rows come in ``order``."""
    _write_families(delivery, visit, hand, country)
    _write_individuals(delivery, visit, hand, order)


def _write_families(delivery: Delivery, visit: Visit, hand: Hand, country: Country) -> None:
    rng, seen, rosters, places, village = hand.rng, visit.seen, len(visit.rows.family), country.places, visit.village
    still_old = rng.random(rosters) < np.where(visit.rows.day < SPLIT_DAY, 0.9, 0.15)
    uses_old = (places.old_kemendagri[village] > 0) & still_old
    has_meter = (seen["kd_sumber_penerangan_utama"] == 1) & (seen["kd_daya_terpasang"] >= 0)
    motorcycle, car = seen["kd_sepeda_motor"] - 1.5, seen["kd_mobil"] - 1.5
    spending = np.exp(14.6 - 0.25 * motorcycle - 0.5 * car + rng.normal(0, 0.5, rosters))
    house = {
        **visit.house,
        **{name: labels(seen[column], words) for name, (column, words) in _HOUSE_WORDS.items()},
        "kode_kemdagri": np.where(uses_old, places.old_kemendagri[village], places.kemendagri[village]),
        "provinsi": pc.take(pa.array([name for _, name, _, _ in PROVINCES]), pa.array(places.province[village])),
        "kabupaten": pc.take(places.names, pa.array(places.kab_name[village])),
        "kecamatan": pc.take(places.names, pa.array(places.kec_name[village])),
        "desa": pc.take(places.names, pa.array(village)),
        "kepala_keluarga": visit.person["nama"].take(pa.array(visit.head)),
        "nik": visit.person["nik"].take(pa.array(visit.head)),
        "padan_dukcapil": labels((rng.random(rosters) < 0.88).astype(np.int64), _MATCHED),
        "desil_kesejahteraan": rng.integers(1, 11, rosters),
        "memiliki_simpanan": yes_no(rng.random(rosters) < 0.3),
        "daya_terpasang": labels(np.where(has_meter, seen["kd_daya_terpasang"], 0), _POWER),
        "pengeluaran": (spending // 1000 * 1000).astype(np.int64),
        "penghasilan": (spending * 1.1 // 1000 * 1000).astype(np.int64),
        "bpnt": yes_no(seen["kd_bss_bnpt"] == 1),
        "bst": yes_no(rng.random(rosters) < 0.08),
        "pkh": yes_no(seen["kd_pkh"] == 1),
        "sembako": yes_no(seen["kd_bss_bnpt"] == 1),
        "resiko_stunting": labels(rng.choice(3, rosters, p=[0.7, 0.2, 0.1]), _STUNTING),
    }
    delivery.write(
        "keluarga",
        pa.table(house),
        {
            "id_keluarga": roster_id_sql("p3ke"),
            "alamat": ADDRESS_SQL,
            "no_kk": "roster_card",
            "tanggal_data": date_sql("visit_day"),
        },
    )


def _write_individuals(delivery: Delivery, visit: Visit, hand: Hand, order: Array) -> None:
    rng, n = hand.rng, len(visit.rows.person)
    spouse = np.where(visit.male, _HUSBAND, _WIFE)
    relation = np.where(visit.rows.relation == WIFE_OR_HUSBAND, spouse, visit.rows.relation)
    by_certificate = pc.if_else(
        pa.array(visit.is_pupil), labels(visit.schooling, _AT_SCHOOL), labels(visit.schooling, _FINISHED)
    )
    job = rng.choice(len(_JOBS), n, p=_JOB_SHARES)
    member = {
        **visit.person,
        "padan_dukcapil": labels((rng.random(n) < 0.88).astype(np.int64), _MATCHED),
        "jenis_kelamin": labels(visit.male.astype(np.int64), {0: "Perempuan", 1: "Laki-laki"}),
        "hub_dgn_kpl_keluarga": labels(relation, _RELATIONS),
        "status_kawin": labels(visit.marital_status, {1: "Belum kawin", 2: "Kawin", 3: "Cerai hidup", 4: "Cerai mati"}),
        "pekerjaan": pc.if_else(pa.array(visit.works), pc.take(pa.array(_JOBS), pa.array(job)), "Belum/Tidak Bekerja"),
        "pendidikan": pc.if_else(pa.array(visit.age < 6), "Tidak/Belum Sekolah", by_certificate),
    }
    delivery.write(
        "individu",
        pa.table(member).take(pa.array(order)),
        {
            "id_individu": record_id_sql("p3ke"),
            "id_keluarga": roster_id_sql("p3ke"),
            "tanggal_lahir": BIRTH_DATE_ISO,
        },
    )
