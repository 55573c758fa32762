"""The simulated country: provinces, regencies, districts and villages in both code systems, with their history.

Belongs here: the area tables and the reference feed made of them. The names of provinces and regencies are real,
those of districts (kecamatan) and villages are made up. The country does not depend on the seed of a simulation, so
that two simulations and two months can be laid side by side. People belong in `penduduk`.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import Kode, nol, urutan

SEED_WILAYAH = 2022_07_25
# A village split moves a handful of villages to a new kecamatan; as many as official lists show between two years.
KECAMATAN_PEMEKARAN = 40
KECAMATAN_PER_KABUPATEN = (10, 23)
KECAMATAN_PER_KOTA = (4, 9)
DESA_PER_KECAMATAN = (7, 17)


@dataclass(frozen=True)
class Wilayah:
    """The country as columns; `*_induk` are positions in the table one level up.

    Codes are byte strings of fixed width (2, 4, 6 or 7, 10 digits). `*_lama` are the codes before a split or
    recode, empty where nothing changed; `*_dari` is the day from which the present code holds (days since 1970).
    """

    provinsi: dict[str, NDArray[Any]]
    kabupaten: dict[str, NDArray[Any]]
    kecamatan: dict[str, NDArray[Any]]
    desa: dict[str, NDArray[Any]]
    suku: tuple[str, ...]
    campuran_suku: NDArray[np.float64]  # province x suku, rows sum to 1

    def kabupaten_dari_desa(self, desa: NDArray[np.integer]) -> NDArray[np.integer]:
        return np.asarray(self.kecamatan["induk"][self.desa["induk"][desa]])

    def provinsi_dari_desa(self, desa: NDArray[np.integer]) -> NDArray[np.integer]:
        return np.asarray(self.kabupaten["induk"][self.kabupaten_dari_desa(desa)])


def baca_data(nama: str) -> Any:
    """Read one YAML file of this package."""
    return yaml.safe_load(resources.files(__package__).joinpath(nama).read_text("utf-8"))


@lru_cache(maxsize=1)
def bangun_wilayah() -> Wilayah:
    """Build the country (38 provinces, 514 regencies, some 7,200 districts and 84,000 villages)."""
    rng = np.random.default_rng(SEED_WILAYAH)
    daftar = baca_data("provinsi.yaml")
    suku = tuple(baca_data("nama.yaml")["suku"])
    campuran = np.array([[p["suku"].get(s, 0.0) for s in suku] for p in daftar])
    provinsi = {
        "kode": _bytes([p["kode"] for p in daftar]),
        "bps": _bytes([p["bps"] for p in daftar]),
        "nama": np.array([p["nama"] for p in daftar]),
        "dari": np.array([_hari(p.get("dari", "2010-01-01")) for p in daftar]),
        "penduduk": np.array([p["penduduk"] for p in daftar]),
        "taraf": np.array([p["taraf"] for p in daftar]),
        "kota_pct": np.array([p["kota_pct"] for p in daftar]),
    }
    kabupaten = _kabupaten(daftar, rng)
    kecamatan = _kecamatan(kabupaten, rng)
    desa = _desa(provinsi, kabupaten, kecamatan, rng)
    return Wilayah(provinsi, kabupaten, kecamatan, desa, suku, campuran)


def tabel_referensi(w: Wilayah, kecamatan_dipakai: NDArray[np.integer] | None = None) -> pa.Table:
    """The reference feed `wilayah`: one row an area and a period of validity, as the contract has it.

    With `kecamatan_dipakai` the villages are cut to those districts (small simulations); every higher level is
    complete.
    """
    d = w.desa
    pilih = np.arange(len(d["kode"]))
    if kecamatan_dipakai is not None:
        pilih = pilih[np.isin(d["induk"], kecamatan_dipakai)]
    bagian = []
    for tingkat, tabel in (
        (1, w.provinsi),
        (2, w.kabupaten),
        (3, w.kecamatan),
        (4, {k: v[pilih] for k, v in d.items()}),
    ):
        if "lama" in tabel:
            lama = tabel["lama"] != b""
            bagian.append(
                (
                    tingkat,
                    tabel["lama"][lama],
                    tabel["bps_lama"][lama],
                    tabel["nama"][lama],
                    np.full(lama.sum(), _hari("2010-01-01")),
                    tabel["dari"][lama] - 1,
                    tabel["kode"][lama],
                )
            )
        n = len(tabel["kode"])
        bagian.append(
            (
                tingkat,
                tabel["kode"],
                tabel["bps"],
                tabel["nama"],
                tabel["dari"],
                np.full(n, -1),
                np.full(n, b"", dtype="S10"),
            )
        )
    kolom: dict[str, pa.Array] = {
        "tingkat": pa.array(np.concatenate([np.full(len(b[1]), b[0]) for b in bagian]).astype(str).tolist()),
        "kode_kemendagri": _teks(np.concatenate([b[1] for b in bagian])),
        "kode_bps": _teks(np.concatenate([b[2] for b in bagian])),
        "nama": pa.array(np.concatenate([b[3] for b in bagian]).tolist(), pa.string()),
        "berlaku_dari": _tanggal(np.concatenate([b[4] for b in bagian])),
        "berlaku_sampai": _tanggal(np.concatenate([b[5] for b in bagian])),
        "kode_kemendagri_baru": _teks(np.concatenate([b[6] for b in bagian])),
    }
    return pa.table(kolom)


def _kabupaten(daftar: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    baris: list[tuple[int, str, str, str, str, str, bool, str]] = []
    for i, p in enumerate(daftar):
        dari = p.get("dari", "2010-01-01")
        for kode, bps, nama, lama, bps_lama in p.get("eksplisit", []):
            baris.append((i, kode, bps, nama, lama, bps_lama, int(kode[2:]) > 70, dari if lama else "2010-01-01"))
        n = len(p.get("kabupaten", []))
        for j, nama in enumerate(p.get("kabupaten", [])):
            nomor = (j + 1) % n + 1 if p.get("geser") else j + 1
            baris.append((i, f"{p['kode']}{j + 1:02d}", f"{p['bps']}{nomor:02d}", nama, "", "", False, "2010-01-01"))
        for j, nama in enumerate(p.get("kota", [])):
            baris.append((i, f"{p['kode']}{71 + j}", f"{p['bps']}{71 + j}", nama, "", "", True, "2010-01-01"))
    kota = np.array([b[6] for b in baris])
    return {
        "induk": np.array([b[0] for b in baris]),
        "kode": _bytes([b[1] for b in baris]),
        "bps": _bytes([b[2] for b in baris]),
        "nama": np.array([("Kota " if b[6] else "Kabupaten ") + b[3] for b in baris]),
        "pendek": np.array([b[3] for b in baris]),
        "lama": _bytes([b[4] for b in baris]),
        "bps_lama": _bytes([b[5] for b in baris]),
        "dari": np.array([_hari(b[7]) for b in baris]),
        "kota": kota,
        "bobot": rng.lognormal(0.0, 0.55, len(baris)) * np.where(kota, 0.8, 1.0),
        "taraf": rng.normal(0.0, 0.10, len(baris)) + np.where(kota, 0.16, -0.04),
    }


def _kecamatan(kab: dict[str, NDArray[Any]], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    banyak = np.where(
        kab["kota"],
        rng.integers(*KECAMATAN_PER_KOTA, len(kab["kode"])),
        rng.integers(*KECAMATAN_PER_KABUPATEN, len(kab["kode"])),
    )
    induk = np.repeat(np.arange(len(banyak)), banyak)
    nomor = 1 + urutan(induk)
    kode = np.char.add(kab["kode"][induk], nol(nomor, 2))
    # BPS numbers in tens and leaves room for later splits: some districts sit on a 1, 2 behind the ten.
    bps = np.char.add(kab["bps"][induk], nol(nomor * 10 + np.where(rng.random(len(induk)) < 0.06, 1, 0), 3))
    lama = np.where(kab["lama"][induk] != b"", np.char.add(kab["lama"][induk], nol(nomor, 2)), b"")
    bps_lama = np.where(kab["lama"][induk] != b"", np.char.add(kab["bps_lama"][induk], nol(nomor * 10, 3)), b"")
    return {
        "induk": induk,
        "kode": kode.astype("S6"),
        "bps": bps.astype("S7"),
        "nama": _nama_tempat(kab["kode"][induk], rng),
        "lama": lama.astype("S6"),
        "bps_lama": bps_lama.astype("S7"),
        "dari": kab["dari"][induk],
    }


def _desa(
    prov: dict[str, NDArray[Any]], kab: dict[str, NDArray[Any]], kec: dict[str, NDArray[Any]], rng: np.random.Generator
) -> dict[str, NDArray[Any]]:
    banyak = rng.integers(*DESA_PER_KECAMATAN, len(kec["kode"]))
    induk = np.repeat(np.arange(len(banyak)), banyak)
    nomor = 1 + urutan(induk)
    peluang_kota = np.where(kab["kota"], 0.95, np.clip(prov["kota_pct"][kab["induk"]] * 0.85 - 0.05, 0.04, 1))
    peluang_kota = np.where(prov["kode"][kab["induk"]] == b"31", 1.0, peluang_kota)
    kota = rng.random(len(induk)) < peluang_kota[kec["induk"][induk]]
    kelurahan = kota & (rng.random(len(induk)) < np.where(kab["kota"][kec["induk"][induk]], 0.95, 0.12))
    # In a third of the districts the Kemendagri serial has run ahead of the BPS one, as it does after mergers.
    lompat = np.where(rng.random(len(banyak)) < 0.3, rng.integers(1, 5, len(banyak)), 0)[induk]
    lompat = np.where(nomor > 2, lompat, 0)
    ekor = nol(np.where(kelurahan, 1000, 2000) + nomor + lompat, 4)
    kode = np.char.add(kec["kode"][induk], ekor).astype("S10")
    bps = np.char.add(kec["bps"][induk], nol(nomor, 3)).astype("S10")
    lama = np.where(kec["lama"][induk] != b"", np.char.add(kec["lama"][induk], ekor), b"").astype("S10")
    bps_lama = np.where(kec["lama"][induk] != b"", np.char.add(kec["bps_lama"][induk], nol(nomor, 3)), b"").astype(
        "S10"
    )
    dari = kec["dari"][induk].copy()
    # Pemekaran below the regency: the last villages of a district had another serial before 2022.
    mekar = np.isin(induk, rng.choice(np.flatnonzero(kec["lama"] == b""), KECAMATAN_PEMEKARAN, replace=False))
    mekar &= (nomor > banyak[induk] - 3) & (lama == b"")
    lama[mekar] = np.char.add(kec["kode"][induk[mekar]], nol(2900 + nomor[mekar], 4))
    bps_lama[mekar] = np.char.add(kec["bps"][induk[mekar]], nol(900 + nomor[mekar], 3))
    dari[mekar] = _hari("2022-01-01")
    nama = _nama_tempat(kab["kode"][kec["induk"][induk]], rng)
    return {
        "induk": induk,
        "kode": kode,
        "bps": bps,
        "nama": nama,
        "lama": lama,
        "bps_lama": bps_lama,
        "dari": dari,
        "kota": kota,
        "bobot": rng.lognormal(0.0, 0.6, len(induk)) * np.where(kota, 2.0, 1.0),
        "taraf": rng.normal(0.0, 0.10, len(induk)),
    }


def _nama_tempat(kode_kabupaten: Kode, rng: np.random.Generator) -> NDArray[np.str_]:
    """Place names by island; the island's words are few, so names repeat inside a regency as real ones do."""
    hasil = np.empty(len(kode_kabupaten), dtype="U28")
    provinsi = kode_kabupaten.astype("S2").astype("U2")
    for pulau in baca_data("tempat.yaml").values():
        di = np.flatnonzero(np.isin(provinsi, pulau["provinsi"]))
        n = len(di)
        rapat, lepas = pulau["rapat"], pulau["lepas"]
        satu = np.char.add(_pilih(rapat["depan"], n, rng), _pilih(rapat["belakang"], n, rng))
        dua = np.char.add(np.char.add(_pilih(lepas["depan"], n, rng), " "), _pilih(lepas["belakang"], n, rng))
        nama = np.where(rng.random(n) < 0.5, satu, dua)
        arah = np.char.add(" ", rng.choice(np.array(pulau["arah"]), n))
        hasil[di] = np.where(rng.random(n) < 0.45, np.char.add(nama, arah), nama)
    return hasil


def _pilih(kata: str, n: int, rng: np.random.Generator) -> NDArray[np.str_]:
    return rng.choice(np.array(kata.split()), n)


def _bytes(nilai: list[str]) -> Kode:
    return np.array(nilai, dtype="S")


def _hari(tanggal: str) -> int:
    return int(np.datetime64(tanggal, "D").astype(int))


def _teks(nilai: Kode) -> pa.Array:
    return pa.array(nilai).cast(pa.string())


def _tanggal(hari: NDArray[np.integer]) -> pa.Array:
    teks = np.datetime_as_string(np.maximum(hari, 0).astype("datetime64[D]")).astype("U10")
    return pa.array(np.where(hari < 0, "", teks).tolist(), pa.string())
