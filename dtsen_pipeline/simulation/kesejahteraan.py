"""How families live: schooling and work, latent consumption, and the housing and assets that depend on it.

Belongs here: the true values. Codes are those of the Regsosek questionnaire, except floor, roof and water, which
have the finer DTKS lists; the maps from these to each source's own list are in `pencacahan`. Levels follow
published 2023-24 means (spending about 1.45 million rupiah a head a month, median about 1.05 million).

Consumption is an observable part (area, schooling, size), a lasting part that shows in walls and goods, and a
passing part that shows in nothing. The shares are set so that a regression of its logarithm on the proxies explains
about half.
"""

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import KEPALA, SETAHUN, Bilangan, Logika, rng_untuk
from dtsen_pipeline.simulation.penduduk import Keluarga, Penduduk

LOG_MEDIAN = float(np.log(1_030_000))
SIMPANGAN_TETAP, SIMPANGAN_SESAAT = 0.30, 0.385

# item -> (loading on the lasting standard of living, codes from best to worst, their shares)
PILIHAN: dict[str, tuple[float, tuple[int, ...], tuple[float, ...]]] = {
    "lantai": (0.62, (1, 2, 3, 4, 5, 6, 8, 7, 9, 10), (0.06, 0.45, 0.03, 0.08, 0.05, 0.21, 0.06, 0.01, 0.045, 0.005)),
    "dinding": (0.55, (1, 2, 3, 4, 5, 6, 7), (0.72, 0.03, 0.17, 0.05, 0.01, 0.015, 0.005)),
    "atap_jawa": (
        0.42,
        (1, 3, 2, 4, 5, 6, 7, 8, 9, 10),
        (0.05, 0.05, 0.20, 0.52, 0.11, 0.045, 0.004, 0.003, 0.008, 0.01),
    ),
    "atap_luar": (
        0.42,
        (1, 3, 2, 6, 5, 4, 7, 8, 9, 10),
        (0.03, 0.07, 0.05, 0.68, 0.04, 0.05, 0.015, 0.005, 0.05, 0.01),
    ),
    "air": (
        0.52,
        (1, 2, 3, 5, 4, 6, 8, 7, 11, 9, 10, 12),
        (0.05, 0.27, 0.13, 0.22, 0.01, 0.14, 0.08, 0.035, 0.025, 0.02, 0.015, 0.005),
    ),
    "penerangan": (0.55, (1, 2, 3, 4), (0.915, 0.055, 0.015, 0.015)),
    "daya": (0.66, (5, 4, 3, 2, 1), (0.035, 0.065, 0.16, 0.39, 0.35)),
    "bahan_bakar": (
        0.58,
        (1, 3, 2, 5, 4, 0, 6, 7, 9, 8, 11, 10),
        (0.012, 0.03, 0.05, 0.01, 0.74, 0.012, 0.002, 0.025, 0.006, 0.001, 0.002, 0.11),
    ),
    "bab": (0.58, (1, 2, 3, 4, 5, 6), (0.845, 0.065, 0.02, 0.02, 0.005, 0.045)),
    "kloset": (0.50, (1, 2, 3, 4), (0.93, 0.025, 0.015, 0.03)),
    "tinja": (0.52, (1, 2, 4, 3, 5, 6), (0.83, 0.025, 0.07, 0.05, 0.015, 0.01)),
    "status_rumah": (0.10, (4, 2, 1, 3, 5), (0.012, 0.075, 0.815, 0.085, 0.013)),
    "status_lahan": (0.15, (1, 2, 3, 4), (0.80, 0.14, 0.04, 0.02)),
    "kondisi_dinding": (0.55, (1, 2), (0.72, 0.28)),
    "kondisi_atap": (0.55, (1, 2), (0.70, 0.30)),
}
# asset -> (loading, share of families)
ASET: dict[str, tuple[float, float]] = {
    "tabung_gas": (0.60, 0.13),
    "lemari_es": (0.60, 0.60),
    "ac": (0.68, 0.11),
    "pemanas": (0.62, 0.02),
    "telepon": (0.50, 0.02),
    "tv": (0.42, 0.72),
    "emas": (0.45, 0.17),
    "laptop": (0.64, 0.19),
    "motor": (0.46, 0.80),
    "sepeda": (0.08, 0.31),
    "mobil": (0.68, 0.13),
    "perahu": (-0.15, 0.022),
    "kapal": (0.18, 0.012),
    "smartphone": (0.50, 0.87),
    "lahan": (0.12, 0.28),
    "rumah_lain": (0.45, 0.06),
    "simpanan": (0.50, 0.33),
}
TERNAK = {"sapi": 0.10, "kerbau": 0.012, "kuda": 0.004, "babi": 0.03, "kambing": 0.11}
SUKU_BABI = ("batak", "bali", "ntt", "toraja", "minahasa", "papua", "dayak", "maluku")
JAWA = (b"31", b"32", b"33", b"34", b"35", b"36", b"51")


@dataclass
class Kesejahteraan:
    """True living conditions. `sifat` holds one array a housing item, asset or kind of livestock, a row a family."""

    log_konsumsi: NDArray[np.float64]
    tetap: NDArray[np.float64]  # standardised lasting standard of living
    desil: Bilangan
    luas: Bilangan
    sifat: dict[str, NDArray[np.integer]] = field(default_factory=dict)
    pkh: Logika = field(default_factory=lambda: np.empty(0, bool))
    sembako: Logika = field(default_factory=lambda: np.empty(0, bool))
    pbi: Logika = field(default_factory=lambda: np.empty(0, bool))


@dataclass
class Kegiatan:
    """Schooling, work and health of persons."""

    sekolah: Bilangan  # 1 not yet, 2 at school, 3 no more
    ijazah: Bilangan  # DTKS scale 0 none .. 6 S2/S3
    bekerja: Logika
    lapangan: Bilangan  # 1..26, 0 without work
    status_kerja: Bilangan  # 1..8, 0 without work
    disabilitas: Bilangan  # DTKS code 0..12
    kronis: Bilangan  # DTKS code 0..9


def hitung_kesejahteraan(p: Penduduk, seed: int) -> tuple[Kesejahteraan, Kegiatan]:
    """Draw schooling first, then consumption given the head's schooling, then what consumption buys."""
    w, k, o = p.wilayah, p.keluarga, p.orang
    rng = rng_untuk(seed, "kesejahteraan")
    n = len(k.desa)
    kab = w.kabupaten_dari_desa(k.desa)
    taraf = w.provinsi["taraf"][w.kabupaten["induk"][kab]] + w.kabupaten["taraf"][kab] + w.desa["taraf"][k.desa]
    taraf = taraf + np.where(w.desa["kota"][k.desa], 0.13, -0.09)
    bakat = rng.normal(0, 1, n)
    kegiatan = _kegiatan(p, bakat, taraf, rng_untuk(seed, "kegiatan"))
    umur = (p.hari_ini - o.lahir) / SETAHUN
    didik = kegiatan.ijazah[k.mulai] + 0.25 * np.clip((umur[k.mulai] - 40) / 10, -2, 4)
    tanggungan = np.bincount(o.keluarga, (umur < 15) | (umur >= 65), n) / k.jumlah
    teramati = taraf + 0.115 * (didik - 2) - 0.085 * (k.jumlah - 3.1) - 0.12 * (tanggungan - 0.35)
    teramati = teramati + np.where(kegiatan.bekerja[k.mulai], 0.03, -0.05) - 0.05 * o.perempuan[k.mulai]
    # A child's new household starts near the parents' standard.
    watak = rng.normal(0, 1, n)
    watak = np.where(k.induk >= 0, 0.5 * watak[np.maximum(k.induk, 0)] + 0.866 * watak, watak)
    tetap = teramati + SIMPANGAN_TETAP * watak
    log_c = LOG_MEDIAN + tetap + SIMPANGAN_SESAAT * rng.normal(0, 1, n) - 0.02
    z = _baku(tetap)
    desil = peringkat_desil(log_c)
    hasil = Kesejahteraan(log_c, z, desil, _luas(z, k, w.desa["kota"][k.desa], rng))
    _rumah_dan_aset(hasil, p, z, rng)
    seleksi = peringkat_desil(0.6 * _baku(log_c) + 0.5 * z + rng.normal(0, 0.55, n))
    punya_anak = np.bincount(o.keluarga, (umur < 19) | (umur > 60), n) > 0
    hasil.pkh = (seleksi <= 3) & punya_anak & (rng.random(n) < 0.62)
    hasil.sembako = (seleksi <= 5) & (rng.random(n) < np.where(hasil.pkh, 0.85, 0.42))
    hasil.pbi = (seleksi <= 6) & (rng.random(n) < np.where(hasil.sembako, 0.85, 0.5))
    # Houses are shared: a family under another's roof has that roof.
    for nama in PILIHAN:
        nama = nama.removesuffix("_jawa").removesuffix("_luar")
        hasil.sifat[nama] = hasil.sifat[nama][k.rumah]
    hasil.luas = hasil.luas[k.rumah]
    return hasil, kegiatan


def peringkat_desil(nilai: NDArray[np.float64]) -> Bilangan:
    """Deciles 1 (lowest) to 10 by rank."""
    peringkat = np.empty(len(nilai), int)
    peringkat[np.argsort(nilai, kind="stable")] = np.arange(len(nilai))
    return peringkat * 10 // len(nilai) + 1


def _baku(nilai: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardised; zeros where everyone is alike, as in a simulation of one family."""
    return np.asarray((nilai - nilai.mean()) / max(float(nilai.std()), 1e-9))


def _kuantil(bagian: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal quantiles of a few shares."""
    return np.array([NormalDist().inv_cdf(min(max(b, 1e-9), 1 - 1e-9)) for b in bagian])


def _ordinal(
    z: NDArray[np.float64], item: str, rng: np.random.Generator, geser: NDArray[np.float64] | float = 0.0
) -> Bilangan:
    muatan, kode, bagian = PILIHAN[item]
    skor = muatan * z + np.sqrt(1 - muatan**2) * rng.normal(0, 1, len(z)) + geser
    batas = _kuantil(np.cumsum(np.array(bagian) / sum(bagian))[:-1])
    return np.array(kode, np.int64)[np.searchsorted(batas, -skor)]


def _rumah_dan_aset(h: Kesejahteraan, p: Penduduk, z: NDArray[np.float64], rng: np.random.Generator) -> None:
    w, k = p.wilayah, p.keluarga
    prov = w.provinsi["kode"][w.provinsi_dari_desa(k.desa)]
    kota = w.desa["kota"][k.desa]
    jawa = np.isin(prov, JAWA)
    papua = prov >= b"91"
    n = len(z)
    kayu = np.where(jawa, 0.35, -0.55)
    desa_tertinggal = np.where(papua & ~kota, -0.5, 0.0)
    geser: dict[str, NDArray[np.float64] | float] = {
        "dinding": kayu,
        "lantai": 0.3 * kayu,
        "penerangan": desa_tertinggal,
        "bab": desa_tertinggal + np.where(kota, 0.15, -0.1),
        "bahan_bakar": np.where(kota, 0.35, -0.25) + desa_tertinggal,
        "air": np.where(kota, 0.35, -0.2),
        "status_rumah": np.where(kota, 0.45, -0.5),
        "tinja": np.where(kota, 0.3, -0.2),
    }
    for item in PILIHAN:
        if not item.startswith("atap_"):
            h.sifat[item] = _ordinal(z, item, rng, geser.get(item, 0.0))
    h.sifat["atap"] = np.where(jawa, _ordinal(z, "atap_jawa", rng), _ordinal(z, "atap_luar", rng, desa_tertinggal))
    for aset, (muatan, bagian) in ASET.items():
        batas = _kuantil(np.array([1 - bagian]))[0]
        tambah = np.where(kota, -0.35, 0.25) if aset in ("lahan", "perahu", "sepeda") else 0.0
        h.sifat[aset] = (muatan * z + np.sqrt(1 - muatan**2) * rng.normal(0, 1, n) + tambah > batas).astype(np.int64)
    babi = np.isin(k.suku, [w.suku.index(s) for s in SUKU_BABI])
    for ternak, bagian in TERNAK.items():
        peluang = bagian * np.where(kota, 0.2, 1.7)
        if ternak == "babi":
            peluang = np.where(babi, 0.42 * np.where(kota, 0.25, 1.0), 0.0)
        if ternak in ("kerbau", "kuda"):
            peluang = peluang * np.where(np.isin(prov, (b"53", b"73", b"12", b"13")), 5.0, 0.6)
        ada = rng.random(n) < peluang
        h.sifat[ternak] = np.where(ada, 1 + rng.poisson(1.3, n), 0)


def _luas(z: NDArray[np.float64], k: Keluarga, kota: Logika, rng: np.random.Generator) -> Bilangan:
    log_luas = np.log(60.0) + 0.21 * z + 0.07 * (k.jumlah - 3) - 0.06 * kota + rng.normal(0, 0.36, len(z))
    luas = np.clip(np.exp(log_luas), 9, 420)
    return np.where(rng.random(len(z)) < 0.45, np.round(luas / 6) * 6, np.round(luas)).astype(np.int64)


def _kegiatan(
    p: Penduduk, bakat: NDArray[np.float64], taraf: NDArray[np.float64], rng: np.random.Generator
) -> Kegiatan:
    o, k, w = p.orang, p.keluarga, p.wilayah
    n = len(o.lahir)
    umur = (p.hari_ini - o.lahir) / SETAHUN
    dorongan = (
        0.75 * bakat[o.keluarga]
        + 0.66 * rng.normal(0, 1, n)
        + 1.3 * taraf[o.keluarga]
        - 0.12 * o.perempuan * (umur > 45)
    )
    tingkat = _ijazah(dorongan, umur, rng)
    masih = np.where(
        umur < 7,
        umur >= 6.3,
        np.where(
            umur < 16,
            dorongan > -2.1,
            np.where(umur < 19, dorongan > -0.75, np.where(umur < 24, dorongan > 0.55, dorongan > 3.2)),
        ),
    )
    sekolah = np.where(masih, 2, np.where((umur < 7) | ((tingkat == 0) & (dorongan < -1.6)), 1, 3))
    peluang = np.select(
        [umur < 13, umur < 16, umur < 19, umur < 25, umur < 60, umur < 70], [0, 0.04, 0.22, 0.56, 0.80, 0.52], 0.24
    )
    peluang = peluang * np.where(o.perempuan & (umur >= 19), 0.60, 1.0) * np.where(masih, 0.25, 1.0)
    peluang = np.where((o.hubungan == KEPALA) & (umur < 65), np.maximum(peluang, 0.86), peluang)
    bekerja = rng.random(n) < peluang
    kota = w.desa["kota"][k.desa[o.keluarga]]
    tani = np.where(kota, 0.12, 0.52) * np.where(tingkat >= 4, 0.25, np.where(tingkat >= 3, 0.65, 1.15))
    bertani = rng.random(n) < tani
    bukan = rng.choice(np.arange(6, 27), n, p=_bobot_lapangan())
    lapangan = np.where(
        bekerja, np.where(bertani, rng.choice(np.arange(1, 6), n, p=[0.45, 0.18, 0.22, 0.07, 0.08]), bukan), 0
    )
    status = np.where(
        bertani,
        rng.choice(np.array([1, 2, 3, 6, 8]), n, p=[0.30, 0.28, 0.02, 0.22, 0.18]),
        np.where(
            dorongan > 1.3,
            rng.choice(np.array([4, 5, 3, 1]), n, p=[0.50, 0.33, 0.08, 0.09]),
            rng.choice(np.array([1, 2, 4, 7, 8]), n, p=[0.32, 0.08, 0.40, 0.15, 0.05]),
        ),
    )
    status = np.where(bekerja, status, 0)
    disabilitas = np.where(
        rng.random(n) < np.clip(0.006 + (umur - 50) * 0.0012, 0.006, 0.09), rng.integers(1, 13, n), 0
    )
    kronis = np.where(
        rng.random(n) < np.clip((umur - 28) * 0.0055, 0.004, 0.30),
        rng.choice(np.arange(1, 10), n, p=[0.34, 0.16, 0.07, 0.07, 0.14, 0.03, 0.04, 0.02, 0.13]),
        0,
    )
    return Kegiatan(sekolah, tingkat, bekerja, lapangan, status, disabilitas, kronis)


def _ijazah(dorongan: NDArray[np.float64], umur: NDArray[np.float64], rng: np.random.Generator) -> Bilangan:
    """Highest certificate 0..6: later cohorts stay longer, and nobody holds one before the age at which it is given."""
    kohor = np.clip((45 - umur) * 0.040, -1.6, 0.75)
    skor = dorongan + kohor
    tingkat = np.searchsorted(np.array([-1.25, -0.30, 0.25, 1.45, 1.75, 3.0]), skor)
    tertinggi = np.searchsorted(np.array([12.6, 15.6, 18.6, 21.0, 22.5, 26.0]), umur)
    return np.minimum(tingkat, tertinggi)


def _bobot_lapangan() -> NDArray[np.float64]:
    w = np.array([2, 16, 1, 1, 9, 26, 6, 8, 1.5, 2, 1, 2, 5, 6, 3, 1, 6, 1, 1, 1, 0.5])
    return np.asarray(w / w.sum())
