"""What goes wrong between a person and a row: the rates, and the damage itself, vectorised.

Belongs here: the rates, the notes, damaged dates and answers. Damaged numbers and names belong in `tulisan`; which
persons a source sees, twice or not at all, in `pencacahan`. Every kind of damage has a name, and every damaged
value is noted under it, so that the truth can say which rows were spoilt and how.
"""

from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import Bilangan, Kode, Logika
from dtsen_pipeline.simulation.kalender import dmy, iso, ke_hari, pecah, tanggal_tumpuk

TANGGAL_NOL = np.array(
    [b"1899-12-30", b"1900-01-01", b"0", b"1", b"0000-00-00", b"00/00/0000", b"1970-01-01", b"1980-01-01"], "S12"
)


@dataclass(frozen=True)
class ErrorMix:
    """Shares of rows with each kind of damage, at average quality of work (rows of one clerk are good or bad
    together).

    The defaults put a readable, true NIK on some 90 % of the rows, as the match of DTKS with the population
    register had it.
    """

    nik_kosong: float = 0.030
    nik_pengganti: float = 0.021  # '-', 0000.., 9999.., 1234.., area and zeros
    nik_salah_digit: float = 0.016
    nik_tukar_digit: float = 0.007
    nik_panjang: float = 0.006  # 15 or 17 digits
    nik_huruf: float = 0.003  # O and I for 0 and 1
    nik_pemisah: float = 0.010  # spaces, dots, a leading apostrophe
    nik_ilmiah: float = 0.003  # 3.57301E+15
    nik_titik_nol: float = 0.004
    nik_akhir_nol: float = 0.005
    nik_kepala: float = 0.008  # the head's number on a member
    nik_sama_kk: float = 0.003
    nik_dua: float = 0.012  # a person with two numbers, here and there one or the other
    nik_bersama: float = 0.003  # a person with a neighbour\'s number, everywhere
    nama_ketik: float = 0.045  # one key wrong, missing, doubled
    nama_tukar_huruf: float = 0.009
    nama_singkat: float = 0.045  # M., ABD., ST., and other spellings of a word
    nama_gelar: float = 0.018
    nama_hilang: float = 0.022  # last word dropped, or only its initial
    nama_spasi: float = 0.011  # words run together, the space moved
    nama_ejaan_lama: float = 0.007
    nama_bin: float = 0.004
    tgl_tumpuk: float = 0.022
    tgl_tukar: float = 0.006  # day and month swapped
    tgl_tahun: float = 0.014
    tgl_hari: float = 0.010
    tgl_hanya_tahun: float = 0.008
    tgl_kosong: float = 0.012
    tgl_excel: float = 0.003
    tgl_mustahil: float = 0.001  # 31/02/1980
    tgl_nol: float = 0.003  # what stands where nothing was entered: 1899-12-30, 0, 0000-00-00, an office's own day
    tempat_kosong: float = 0.015
    tempat_lain: float = 0.09
    kk_kosong: float = 0.055
    kk_serial: float = 0.030  # last four digits of another card
    kk_salah_digit: float = 0.015
    kk_pemisah: float = 0.006
    jk_salah: float = 0.009
    hubungan_salah: float = 0.012
    ibu_kosong: float = 0.20  # DTKS only
    ibu_salah: float = 0.07
    sifat_salah: float = 0.045  # a housing answer or an asset
    wilayah_lama: float = 0.20  # of rows in areas that have an old code
    roster_ganda: float = 0.022
    orang_ganda: float = 0.006
    rusak: float = 1 / 5000  # rows that break the contract

    def tanpa(self) -> "ErrorMix":
        """A mix with every rate at zero: clean sources, for tests of what comes after."""
        return ErrorMix(**{f.name: 0.0 for f in fields(self)})


@dataclass
class Catatan:
    """Damage done so far: row numbers by kind."""

    jenis: dict[str, list[Bilangan]] = field(default_factory=dict)

    def tambah(self, jenis: str, baris: Bilangan) -> None:
        if len(baris):
            self.jenis.setdefault(jenis, []).append(np.asarray(baris))


@dataclass
class Perusak:
    """Damage for the rows of one table: their quality (1 on average, higher is worse), a stream, and the notes."""

    campuran: ErrorMix
    mutu: NDArray[np.float64]
    rng: np.random.Generator
    catatan: Catatan

    def kena(self, jenis: str, bisa: Logika | None = None) -> Bilangan:
        """Rows hit by one kind of damage, among those where it can happen."""
        kena = self.rng.random(len(self.mutu)) < getattr(self.campuran, jenis) * self.mutu
        di = np.flatnonzero(kena if bisa is None else kena & bisa)
        self.catatan.tambah(jenis, di)
        return di

    def pilah(self, *jenis: str) -> dict[str, Bilangan]:
        """Rows hit by kinds that exclude each other."""
        batas = np.cumsum([getattr(self.campuran, j) for j in jenis])
        macam = np.searchsorted(batas, self.rng.random(len(self.mutu)) / np.maximum(self.mutu, 1e-9), side="right")
        hasil: dict[str, Bilangan] = {j: np.flatnonzero(macam == i) for i, j in enumerate(jenis)}
        for j, di in hasil.items():
            self.catatan.tambah(j, di)
        return hasil


def mutu_baris(kelompok: Bilangan, rng: np.random.Generator) -> NDArray[np.float64]:
    """Quality of rows, correlated within a group (one clerk's family): a gamma for the group times a gamma for the
    row.
    """
    bersama = rng.gamma(1.6, 1 / 1.6, int(kelompok.max(initial=0)) + 1)
    return np.minimum(bersama[kelompok] * rng.gamma(2.5, 1 / 2.5, len(kelompok)), 6.0)


def rusak_tanggal(p: Perusak, lahir: Bilangan, miring: float) -> tuple[pa.Array, Bilangan]:
    """Birth dates as delivered, and the day the row believes in; `miring` is the share written DD/MM/YYYY."""
    rng = p.rng
    hari = lahir.copy()
    kena = p.pilah(
        "tgl_tumpuk",
        "tgl_tukar",
        "tgl_tahun",
        "tgl_hari",
        "tgl_hanya_tahun",
        "tgl_kosong",
        "tgl_excel",
        "tgl_mustahil",
        "tgl_nol",
    )
    di = kena["tgl_tumpuk"]
    hari[di] = tanggal_tumpuk(hari[di], [0.62, 0.26, 0.12], rng)
    di = kena["tgl_tukar"]
    tahun, bulan, tanggal = pecah(hari[di])
    bisa = tanggal <= 12
    hari[di] = np.where(bisa, ke_hari(tahun, np.where(bisa, tanggal, 1), bulan), hari[di])
    di = kena["tgl_tahun"]
    geser = rng.choice(
        np.array([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]),
        len(di),
        p=[0.05, 0.08, 0.08, 0.12, 0.2, 0.2, 0.1, 0.07, 0.06, 0.04],
    )
    tahun, bulan, tanggal = pecah(hari[di])
    tanggal = np.where(bulan == 2, np.minimum(tanggal, 28), tanggal)
    # Nobody is entered with a year to come: those that would be are that much too old instead.
    maju, mundur = ke_hari(tahun + geser, bulan, tanggal), ke_hari(tahun - geser, bulan, tanggal)
    hari[di] = np.where(maju > lahir.max(initial=0), mundur, maju)
    di = kena["tgl_hari"]
    hari[di] += rng.choice(np.array([-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]), len(di))
    teks = iso(hari).astype("S12")
    garis = rng.random(len(hari)) < miring
    teks[garis] = dmy(hari[garis], b"/")
    strip = garis & (rng.random(len(hari)) < 0.06)
    teks[strip] = dmy(hari[strip], b"-")
    di = kena["tgl_hanya_tahun"]
    tahun_teks = iso(hari[di]).astype("S4")
    macam = rng.integers(0, 3, len(di))
    teks[di] = np.select(
        [macam == 0, macam == 1], [tahun_teks, np.char.add(tahun_teks, b"-00-00")], np.char.add(b"00/00/", tahun_teks)
    )
    di = kena["tgl_mustahil"]
    teks[di] = np.char.add(b"31/02/", iso(hari[di]).astype("S4"))
    di = kena["tgl_excel"]
    # Spreadsheets count from 1899-12-30.
    serial = (hari[di] + 25_569).clip(1).astype("S8")
    teks[di] = np.where(rng.random(len(di)) < 0.3, np.char.add(serial, b".0"), serial)
    di = kena["tgl_kosong"]
    teks[di] = b""
    di = kena["tgl_nol"]
    # Each source has its own habits. The age beside it was asked, and stays.
    teks[di] = rng.choice(TANGGAL_NOL, len(di), p=rng.dirichlet(np.full(len(TANGGAL_NOL), 1.5)))
    return ke_arrow(teks), hari


def rusak_kode(p: Perusak, jenis: str, nilai: Bilangan, daftar: tuple[int, ...]) -> Bilangan:
    """Replace some codes by another of the list."""
    hasil = nilai.copy()
    di = p.kena(jenis)
    hasil[di] = p.rng.choice(np.array(daftar), len(di))
    return hasil


def tertukar(p: Perusak, nilai: NDArray[np.integer], peluang: float | None = None) -> NDArray[np.integer]:
    """Answers with some replaced by another family's: wrong, but as common as the right ones."""
    batas = p.campuran.sifat_salah if peluang is None else peluang
    salah = p.rng.random(len(nilai)) < batas * p.mutu
    hasil = nilai.copy()
    hasil[salah] = p.rng.permutation(nilai)[salah]
    return hasil


def ke_arrow(teks: Kode) -> pa.Array:
    return pa.array(teks, pa.binary()).cast(pa.string())
