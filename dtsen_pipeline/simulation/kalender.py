"""Days since 1970-01-01 as year, month and day, as text, and as the dates that registers heap births on.

Belongs here: the calendar, vectorised. Wrong dates belong in `kerusakan`.
"""

import numpy as np

from dtsen_pipeline.simulation.dasar import Bilangan, Kode

# First day, last day and middle of the year: (month, day).
TUMPUKAN = np.array([(1, 1), (12, 31), (7, 1)])


def tanggal_tumpuk(hari: Bilangan, peluang: list[float], rng: np.random.Generator) -> Bilangan:
    """A heaped date of the same year for each day; `peluang` are the shares of TUMPUKAN."""
    bulan, tanggal = TUMPUKAN[rng.choice(len(TUMPUKAN), len(hari), p=peluang)].T
    return ke_hari(pecah(hari)[0], bulan, tanggal)


def pecah(hari: Bilangan) -> tuple[Bilangan, Bilangan, Bilangan]:
    """Year, month, day of days since 1970."""
    d = hari.astype("datetime64[D]")
    m = d.astype("datetime64[M]")
    bulan = m.astype(np.int64)
    return 1970 + bulan // 12, bulan % 12 + 1, hari - m.astype("datetime64[D]").astype(np.int64) + 1


def ke_hari(tahun: Bilangan, bulan: Bilangan, tanggal: Bilangan) -> Bilangan:
    awal = ((tahun - 1970) * 12 + bulan - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(awal + tanggal - 1)


def iso(hari: Bilangan) -> Kode:
    return _tulis_tanggal(hari, (0, 1, 2), b"-")


def dmy(hari: Bilangan, pemisah: bytes) -> Kode:
    return _tulis_tanggal(hari, (2, 1, 0), pemisah)


def _tulis_tanggal(hari: Bilangan, susunan: tuple[int, ...], pemisah: bytes) -> Kode:
    bagian = pecah(hari)
    hasil = np.empty((len(hari), 10), np.uint8)
    kolom = 0
    for i, s in enumerate(susunan):
        lebar = 4 if s == 0 else 2
        sisa = bagian[s].copy()
        for j in range(kolom + lebar - 1, kolom - 1, -1):
            sisa, d = np.divmod(sisa, 10)
            hasil[:, j] = d + 48
        kolom += lebar
        if i < 2:
            hasil[:, kolom] = pemisah[0]
            kolom += 1
    return hasil.view("S10").ravel()
