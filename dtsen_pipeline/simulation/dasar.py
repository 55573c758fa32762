"""What every part of the simulation shares: relations, lengths of time, types, and one random stream a stage."""

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Bilangan = NDArray[np.integer]
Logika = NDArray[np.bool_]
Kode = NDArray[np.bytes_]

SETAHUN = 365.2425
KEPALA, PASANGAN, ANAK, MENANTU, CUCU, ORANG_TUA, PEMBANTU, LAINNYA = range(1, 9)


def rng_untuk(seed: int, tahap: str) -> np.random.Generator:
    """A stream of its own for each stage, so that a change in one stage leaves the others' draws alone."""
    return np.random.default_rng([seed, crc32(tahap.encode())])


def cermin(nilai: NDArray[np.float64], terendah: float, tertinggi: float) -> NDArray[np.float64]:
    """Values folded back at the bounds: clipping would heap all that lies outside on one value, hence one birth day."""
    lebar = tertinggi - terendah
    return np.asarray(tertinggi - np.abs((nilai - terendah) % (2 * lebar) - lebar))


def urutan(kelompok: NDArray[Any]) -> Bilangan:
    """Position of each element among its neighbours of the same value, from 0; equal values lie side by side."""
    awal = np.flatnonzero(np.r_[True, kelompok[1:] != kelompok[:-1]])
    return np.arange(len(kelompok)) - np.repeat(awal, np.diff(awal, append=len(kelompok)))


def nol(angka: Bilangan, lebar: int) -> Kode:
    """Non-negative integers as byte strings of `lebar` digits, zeros in front."""
    digit = np.empty((len(angka), lebar), np.uint8)
    sisa = angka.astype(np.int64)
    for i in range(lebar - 1, -1, -1):
        sisa, d = np.divmod(sisa, 10)
        digit[:, i] = d + 48
    return digit.view(f"S{lebar}").ravel()
