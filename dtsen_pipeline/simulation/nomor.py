"""NIK and KK numbers that follow the rules.

NIK: 6 digits of the district where the person was first registered, DDMMYY of birth (day + 40 for women), 4 serial,
never 0000. KK: 6 digits of the district, day of issue, 4 serial. Belongs here: the rules only; damaged numbers
belong in `kerusakan`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import Bilangan, Kode, nol
from dtsen_pipeline.simulation.wilayah import Wilayah

if TYPE_CHECKING:
    from dtsen_pipeline.simulation.penduduk import Keluarga, Orang


SEKALIGUS = 0.8


def susun(
    area: Kode,
    hari: Bilangan,
    perempuan: NDArray[np.bool_],
    rng: np.random.Generator,
    serial_tertinggi: int,
    sesudah: Bilangan | None = None,
) -> Kode:
    """16-digit numbers: area (6), DDMMYY of `hari`, a serial that is unique within area and day. Shape (n,), dtype
    S16.

    `sesudah` names for each the element before it at the same counter (a twin's elder), itself where there is none.
    """
    bulan = hari.astype("datetime64[D]").astype("datetime64[M]")
    tanggal = hari - bulan.astype("datetime64[D]").astype(np.int64) + 1 + 40 * perempuan
    nomor_bulan = bulan.astype(np.int64)
    enam = tanggal * 10_000 + (nomor_bulan % 12 + 1) * 100 + (1970 + nomor_bulan // 12) % 100
    kunci = area.astype(np.int64) * 1_000_000 + enam
    # Low serials are the common ones: offices count up from 1 each day.
    calon = 1 + (serial_tertinggi * rng.random(len(area)) ** 1.6).astype(np.int64)
    if sesudah is not None:
        calon = calon[sesudah] + (np.arange(len(calon)) - sesudah)
    urutan = np.lexsort((calon, kunci))
    k, s = kunci[urutan], calon[urutan]
    baru = np.r_[True, k[1:] != k[:-1]]
    awal = np.maximum.accumulate(np.where(baru, np.arange(len(k)), 0))
    ke = np.arange(len(k)) - awal
    # s - ke is made non-decreasing within the group, so the serials rise strictly and stay unique.
    dasar = s - ke
    blok = np.cumsum(baru)
    dasar = np.maximum.accumulate(dasar + blok * 100_000) - blok * 100_000
    serial = np.empty_like(calon)
    serial[urutan] = np.maximum(dasar, 1) + ke
    return nol(kunci * 10_000 + np.minimum(serial, 9999), 16)


def buat_nik(w: Wilayah, k: Keluarga, o: Orang, ganda: float, bersama: float, rng: np.random.Generator) -> None:
    """Set `nik` and `nik_kedua` with the shares of persons who have two, and who got somebody else's.

    Areas split since keep the code they had when the NIK was issued.
    """
    n = len(o.lahir)
    kec = o.kecamatan_lahir
    lama = w.kecamatan["lama"][kec]
    area = np.where((lama != b"") & (o.lahir < w.kecamatan["dari"][kec]), lama, w.kecamatan["kode"][kec])
    # Twins are mostly registered on one visit, so their serials follow each other.
    sekaligus = np.where(rng.random(n) < SEKALIGUS, o.kelahiran, np.arange(n))
    o.nik = susun(area, o.lahir_resmi, o.perempuan, rng, 45, sekaligus)
    kedua = np.flatnonzero(rng.random(n) < ganda)
    area_baru = np.where(
        rng.random(len(kedua)) < 0.5, w.kecamatan["kode"][w.desa["induk"][k.desa[o.keluarga[kedua]]]], area[kedua]
    )
    o.nik_kedua = np.full(n, b"", "S16")
    # Serials from 5001 on cannot meet the first registration's.
    o.nik_kedua[kedua] = nol(
        susun(area_baru, o.lahir_resmi[kedua], o.perempuan[kedua], rng, 45).astype(np.int64) + 5000, 16
    )
    o.nik_bersama = np.zeros(n, bool)
    salah = np.flatnonzero((rng.random(n) < bersama) & (o.hubungan > 1))
    # The number went to a neighbour: the person some places on in the village's list.
    o.nik[salah] = o.nik[np.minimum(salah + rng.integers(4, 60, len(salah)), n - 1)]
    o.nik_bersama[salah] = True


def buat_kk(w: Wilayah, k: Keluarga, o: Orang, hari_ini: int, rng: np.random.Generator) -> None:
    """Set `kk`, `kk_lama` and the day the card changed (move, split, marriage, or a plain re-issue)."""
    n = len(k.desa)
    tidak = np.zeros(n, bool)
    dua_ribu = int(np.datetime64("2005-06-01", "D").astype(int))
    dewasa = o.lahir[k.mulai] + int(21 * 365.25)
    # The old card is of before the sources; young heads took theirs over with some years of its life left.
    akhir = hari_ini - 1500
    mulai = np.minimum(np.maximum(dewasa, dua_ribu), akhir - 1000)
    terbit_lama = (mulai + (akhir - mulai) * rng.random(n)).astype(np.int64)
    ganti = np.where(k.tanggal_pindah >= 0, _menyusul(k.tanggal_pindah, 120, hari_ini, rng), -1)
    ganti = np.where(k.tanggal_pisah >= 0, _menyusul(k.tanggal_pisah, 200, hari_ini, rng), ganti)
    biasa = (ganti < 0) & (rng.random(n) < 0.07)
    ganti = np.where(biasa, rng.integers(hari_ini - 1400, hari_ini, n), ganti)
    kode_lama = w.kecamatan["kode"][w.desa["induk"][k.desa_lama]]
    k.kk_lama = susun(kode_lama, terbit_lama, tidak, rng, 60)
    baru = susun(w.kecamatan["kode"][w.desa["induk"][k.desa]], np.where(ganti >= 0, ganti, terbit_lama), tidak, rng, 60)
    # A re-issue inside the district often kept the first twelve digits and got a new serial.
    hanya_serial = biasa & (rng.random(n) < 0.5)
    ekor = rng.integers(100, 9000, n)
    baru = np.where(hanya_serial, nol(k.kk_lama.astype(np.int64) // 10_000 * 10_000 + ekor, 16), baru)
    k.kk = np.where(ganti >= 0, baru, k.kk_lama).astype("S16")
    k.tanggal_kk = ganti


def _menyusul(tanggal: Bilangan, paling_lama: int, hari_ini: int, rng: np.random.Generator) -> Bilangan:
    """A day up to `paling_lama` days after the event, today at the latest."""
    sisa = np.minimum(paling_lama, hari_ini - tanggal + 1)
    return np.asarray(tanggal + (sisa * rng.random(len(tanggal))).astype(np.int64))
