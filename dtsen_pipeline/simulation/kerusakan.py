"""What goes wrong between a person and a row: the rates, and the damage itself, vectorised.

Belongs here: damage to one value (a number, a name, a date). Which persons a source sees, twice or not at all, belongs in
`pencacahan`. Every kind of damage has a name, and every damaged value is noted under it, so that the truth can say which
rows were spoilt and how.
"""

from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.nama import TIDAK_ADA, kamus, rangkai
from dtsen_pipeline.simulation.penduduk import Bilangan, Logika

Kode = NDArray[np.bytes_]
LEBAR_NAMA = 64
HURUF = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)


@dataclass(frozen=True)
class ErrorMix:
    """Shares of rows with each kind of damage, at average quality of work (rows of one clerk are good or bad together).

    The defaults put a readable, true NIK on some 90 % of the rows, as the match of DTKS with the population register had it.
    """

    nik_kosong: float = 0.034
    nik_pengganti: float = 0.024       # '-', 0000.., 9999.., 1234.., area and zeros
    nik_salah_digit: float = 0.018
    nik_tukar_digit: float = 0.007
    nik_panjang: float = 0.006         # 15 or 17 digits
    nik_huruf: float = 0.003           # O and I for 0 and 1
    nik_pemisah: float = 0.010         # spaces, dots, a leading apostrophe
    nik_ilmiah: float = 0.003          # 3.57301E+15
    nik_titik_nol: float = 0.004
    nik_akhir_nol: float = 0.005
    nik_kepala: float = 0.008          # the head's number on a member
    nik_sama_kk: float = 0.003
    nama_ketik: float = 0.045          # one key wrong, missing, doubled
    nama_tukar_huruf: float = 0.009
    nama_singkat: float = 0.045        # M., ABD., ST., and other spellings of a word
    nama_gelar: float = 0.018
    nama_hilang: float = 0.022         # last word dropped, or only its initial
    nama_spasi: float = 0.011          # words run together, the space moved
    nama_ejaan_lama: float = 0.007
    nama_bin: float = 0.004
    tgl_tumpuk: float = 0.022
    tgl_tukar: float = 0.006           # day and month swapped
    tgl_tahun: float = 0.014
    tgl_hari: float = 0.010
    tgl_hanya_tahun: float = 0.008
    tgl_kosong: float = 0.012
    tgl_excel: float = 0.003
    tgl_mustahil: float = 0.001        # 31/02/1980
    tempat_kosong: float = 0.015
    tempat_lain: float = 0.09
    kk_kosong: float = 0.055
    kk_serial: float = 0.030           # last four digits of another card
    kk_salah_digit: float = 0.015
    kk_pemisah: float = 0.006
    jk_salah: float = 0.009
    hubungan_salah: float = 0.012
    ibu_kosong: float = 0.20           # DTKS only
    ibu_salah: float = 0.07
    sifat_salah: float = 0.045         # a housing answer or an asset
    wilayah_lama: float = 0.20         # of rows in areas that have an old code
    roster_ganda: float = 0.022
    orang_ganda: float = 0.006
    rusak: float = 1 / 5000            # rows that break the contract

    def tanpa(self) -> "ErrorMix":
        """The same with every rate at zero: clean sources, for tests of what comes after."""
        return ErrorMix(**{f.name: 0.0 for f in fields(self)})


@dataclass
class Catatan:
    """Damage done so far: row numbers by kind."""

    jenis: dict[str, list[Bilangan]] = field(default_factory=dict)
    urutan: Bilangan = field(default_factory=lambda: np.empty(0, np.int64))  # order in which the rows are written

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

    def kena(self, jenis: str) -> Bilangan:
        """Rows hit by one kind of damage."""
        di = np.flatnonzero(self.rng.random(len(self.mutu)) < getattr(self.campuran, jenis) * self.mutu)
        self.catatan.tambah(jenis, di)
        return di

    def pilah(self, *jenis: str) -> dict[str, Bilangan]:
        """Rows hit by kinds that exclude each other."""
        batas = np.cumsum([getattr(self.campuran, j) for j in jenis])
        macam = np.searchsorted(batas, self.rng.random(len(self.mutu)) / np.maximum(self.mutu, 1e-9), side="right")
        hasil = {j: np.flatnonzero(macam == i) for i, j in enumerate(jenis)}
        for j, di in hasil.items():
            self.catatan.tambah(j, di)
        return hasil


def mutu_baris(kelompok: Bilangan, rng: np.random.Generator) -> NDArray[np.float64]:
    """Quality of rows, correlated within a group (one clerk's family): a gamma for the group times a gamma for the row."""
    bersama = rng.gamma(1.6, 1 / 1.6, int(kelompok.max(initial=0)) + 1)
    return np.minimum(bersama[kelompok] * rng.gamma(2.5, 1 / 2.5, len(kelompok)), 6.0)


def rusak_nik(p: Perusak, nik: Kode, nik_kepala: Kode, kk: Kode) -> Kode:
    """NIKs as delivered, dtype S24."""
    hasil = nik.astype("S24")
    rng = p.rng
    kena = p.pilah("nik_kosong", "nik_pengganti", "nik_salah_digit", "nik_tukar_digit", "nik_panjang", "nik_huruf", "nik_pemisah",
                   "nik_ilmiah", "nik_titik_nol", "nik_akhir_nol", "nik_kepala", "nik_sama_kk")
    hasil[kena["nik_kosong"]] = b""
    di = kena["nik_pengganti"]
    macam = rng.choice(6, len(di), p=[0.26, 0.26, 0.24, 0.06, 0.12, 0.06])
    bentuk = np.array([b"-", b"0" * 16, b"9" * 16, b"1234567890123456", b"", b""])[macam].astype("S24")
    bentuk[macam == 4] = np.char.add(nik[di[macam == 4]].astype("S6"), b"0" * 10)
    bentuk[macam == 5] = np.char.multiply(nik[di[macam == 5]].astype("S1"), 16)
    hasil[di] = bentuk
    hasil[kena["nik_salah_digit"]] = _ganti_digit(nik[kena["nik_salah_digit"]], rng)
    hasil[kena["nik_tukar_digit"]] = _tukar(nik[kena["nik_tukar_digit"]], rng)
    di = kena["nik_panjang"]
    hasil[di] = np.where(rng.random(len(di)) < 0.6, _buang(nik[di], rng), _gandakan(nik[di], rng))
    di = kena["nik_huruf"]
    hasil[di] = np.char.translate(nik[di], bytes.maketrans(b"01", b"OI"))
    di = kena["nik_pemisah"]
    x, macam = nik[di], rng.integers(0, 4, len(di))
    bagian = [x.astype("S6"), _potong(x, 6, 12), _potong(x, 12, 16)]
    hasil[di] = np.select([macam == 0, macam == 1, macam == 2], [
        _gabung(bagian, b" "), _gabung(bagian, b"."), np.char.add(b"'", x)], np.char.add(b" ", x))
    di = kena["nik_ilmiah"]
    hasil[di] = _gabung([nik[di].astype("S1"), np.char.add(_potong(nik[di], 1, 6), b"E+15")], b".")
    hasil[kena["nik_titik_nol"]] = np.char.add(nik[kena["nik_titik_nol"]], b".0")
    hasil[kena["nik_akhir_nol"]] = np.char.add(nik[kena["nik_akhir_nol"]].astype("S15"), b"0")
    hasil[kena["nik_kepala"]] = nik_kepala[kena["nik_kepala"]]
    hasil[kena["nik_sama_kk"]] = kk[kena["nik_sama_kk"]]
    return hasil


def rusak_kk(p: Perusak, kk: Kode) -> Kode:
    """KK numbers as delivered, dtype S24."""
    hasil = kk.astype("S24")
    kena = p.pilah("kk_kosong", "kk_serial", "kk_salah_digit", "kk_pemisah")
    hasil[kena["kk_kosong"]] = b""
    di = kena["kk_serial"]
    ekor = np.char.zfill(p.rng.integers(100, 9990, len(di)).astype("S4"), 4)
    hasil[di] = np.char.add(kk[di].astype("S12"), ekor)
    hasil[kena["kk_salah_digit"]] = _ganti_digit(kk[kena["kk_salah_digit"]], p.rng)
    di = kena["kk_pemisah"]
    hasil[di] = np.where(p.rng.random(len(di)) < 0.5, np.char.add(b"'", kk[di]), np.char.add(kk[di], b" "))
    return hasil


def rusak_nama(p: Perusak, nama: NDArray[np.int32]) -> pa.Array:
    """Names as delivered: damage to words first, then to letters."""
    rng, kms = p.rng, kamus()
    kata = np.concatenate([np.full((len(nama), 1), TIDAK_ADA, np.int32), nama,
                           np.full((len(nama), 1), TIDAK_ADA, np.int32)], axis=1)
    banyak = (nama >= 0).sum(1)
    di = p.kena("nama_singkat")
    ada_ragam = np.zeros(len(kms.kata), bool)
    ada_ragam[list(kms.ragam)] = True
    kolom = np.argmax(ada_ragam[np.maximum(nama[di], 0)] & (nama[di] >= 0), axis=1)
    asal = nama[di, kolom]
    for k, ragam in kms.ragam.items():
        sama = np.flatnonzero(asal == k)
        kata[di[sama], kolom[sama] + 1] = rng.choice(ragam, len(sama))
    di = p.kena("nama_gelar")
    depan = rng.random(len(di)) < 0.72
    kata[di[depan], 0] = rng.choice(kms.gelar_depan, int(depan.sum()))
    kata[di[~depan], -1] = rng.choice(kms.gelar_belakang, int((~depan).sum()))
    di = p.kena("nama_hilang")
    di = di[banyak[di] > 1]
    akhir = banyak[di]
    singkat = rng.random(len(di)) < 0.45
    kata_akhir = kata[di, akhir].copy()
    kata[di, akhir] = TIDAK_ADA
    teks = rangkai(kata)
    if singkat.any():
        huruf = pc.binary_join_element_wise(
            pc.take(teks, pa.array(di[singkat])),
            pc.utf8_slice_codeunits(pc.take(kms.kata, pa.array(kata_akhir[singkat])), 0, 1), " ")
        titik = pa.array(np.where(rng.random(int(singkat.sum())) < 0.6, ".", "").tolist(), pa.string())
        teks = _taruh(teks, di[singkat], pc.binary_join_element_wise(huruf, titik, ""))
    # Judged by the parts of the joined text: a title ", S.PD" must not follow a space.
    teks = pc.replace_substring(teks, " ,", ",")
    di = p.kena("nama_ejaan_lama")
    lama = pc.replace_substring_regex(pc.take(teks, pa.array(di)), "U", "OE")
    tambahan = rng.random(len(di)) < 0.35
    lama = pc.if_else(pa.array(tambahan), pc.replace_substring_regex(pc.replace_substring_regex(lama, "J", "DJ"), "C", "TJ"), lama)
    teks = _taruh(teks, di, lama)
    di = p.kena("nama_bin")
    ekor = pc.take(kms.kata, pa.array(nama[rng.permutation(len(nama))[: len(di)], 0])) if len(di) else pa.array([], pa.string())
    bin_ = pa.array(np.where(rng.random(len(di)) < 0.5, "BIN", "BINTI").tolist(), pa.string())
    teks = _taruh(teks, di, pc.binary_join_element_wise(pc.take(teks, pa.array(di)), bin_, ekor, " "))
    kena = p.pilah("nama_ketik", "nama_tukar_huruf", "nama_spasi")
    di = kena["nama_ketik"]
    teks = _taruh(teks, di, _salah_ketik(pc.take(teks, pa.array(di)), rng))
    di = kena["nama_tukar_huruf"]
    teks = _taruh(teks, di, _tukar_huruf(pc.take(teks, pa.array(di)), rng))
    di = kena["nama_spasi"]
    return _taruh(teks, di, _geser_spasi(pc.take(teks, pa.array(di)), rng))


def rusak_tanggal(p: Perusak, lahir: Bilangan, miring: float) -> tuple[pa.Array, Bilangan]:
    """Birth dates as delivered, and the day the row believes in; `miring` is the share written DD/MM/YYYY."""
    rng = p.rng
    hari = lahir.copy()
    kena = p.pilah("tgl_tumpuk", "tgl_tukar", "tgl_tahun", "tgl_hari", "tgl_hanya_tahun", "tgl_kosong", "tgl_excel", "tgl_mustahil")
    di = kena["tgl_tumpuk"]
    awal = hari[di].astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    hari[di] = awal + rng.choice(np.array([0, 364, 181]), len(di), p=[0.62, 0.26, 0.12])
    di = kena["tgl_tukar"]
    tahun, bulan, tanggal = pecah(hari[di])
    bisa = tanggal <= 12
    hari[di] = np.where(bisa, ke_hari(tahun, np.where(bisa, tanggal, 1), bulan), hari[di])
    di = kena["tgl_tahun"]
    geser = rng.choice(np.array([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]), len(di), p=[.05, .08, .08, .12, .2, .2, .1, .07, .06, .04])
    tahun, bulan, tanggal = pecah(hari[di])
    hari[di] = np.minimum(ke_hari(tahun + geser, bulan, np.minimum(tanggal, 28)), hari[di].max(initial=0))
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
    teks[di] = np.select([macam == 0, macam == 1], [tahun_teks, np.char.add(tahun_teks, b"-00-00")],
                         np.char.add(b"00/00/", tahun_teks))
    di = kena["tgl_mustahil"]
    teks[di] = np.char.add(b"31/02/", iso(hari[di]).astype("S4"))
    di = kena["tgl_excel"]
    # Spreadsheets count from 1899-12-30.
    serial = (hari[di] + 25_569).clip(1).astype("S8")
    teks[di] = np.where(rng.random(len(di)) < 0.3, np.char.add(serial, b".0"), serial)
    di = kena["tgl_kosong"]
    teks[di] = np.where(rng.random(len(di)) < 0.8, b"", b"0000-00-00"[:0])
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


def ke_arrow(teks: Kode) -> pa.Array:
    return pa.array(teks, pa.binary()).cast(pa.string())


def _taruh(semua: pa.Array, di: Bilangan, ganti: pa.Array) -> pa.Array:
    if not len(di):
        return semua
    topeng = np.zeros(len(semua), bool)
    topeng[di] = True
    return pc.replace_with_mask(semua, pa.array(topeng), ganti)


def _matriks(teks: pa.Array) -> tuple[NDArray[np.uint8], Bilangan]:
    """Texts as a matrix of letters padded with zeros, and their lengths."""
    s = np.array(teks.cast(pa.binary()).to_pylist() or [b""], dtype=f"S{LEBAR_NAMA}")[: len(teks)]
    m = s.view(np.uint8).reshape(len(s), LEBAR_NAMA).copy()
    return m, np.char.str_len(s)


def _dari_matriks(m: NDArray[np.uint8]) -> pa.Array:
    return ke_arrow(np.ascontiguousarray(m).view(f"S{m.shape[1]}").ravel())


def _tempat_huruf(m: NDArray[np.uint8], panjang: Bilangan, rng: np.random.Generator) -> Bilangan:
    """A random position that holds a letter, not the first of the text."""
    bobot = rng.random(m.shape) * ((m >= 65) & (m <= 90))
    bobot[:, 0] = 1e-9
    return np.asarray(np.argmax(bobot, axis=1))


def _salah_ketik(teks: pa.Array, rng: np.random.Generator) -> pa.Array:
    m, panjang = _matriks(teks)
    n = len(m)
    di = _tempat_huruf(m, panjang, rng)
    baris = np.arange(n)
    macam = rng.choice(3, n, p=[0.45, 0.30, 0.25])
    kolom = np.arange(LEBAR_NAMA)
    ambil = np.where((macam == 1)[:, None] & (kolom >= di[:, None]), kolom + 1, np.where(
        (macam == 2)[:, None] & (kolom > di[:, None]), kolom - 1, kolom)).clip(0, LEBAR_NAMA - 1)
    hasil = np.take_along_axis(m, ambil, axis=1)
    ganti = macam == 0
    hasil[baris[ganti], di[ganti]] = rng.choice(HURUF, int(ganti.sum()))
    sisip = (macam == 2) & (rng.random(n) < 0.5)
    hasil[baris[sisip], di[sisip]] = rng.choice(HURUF, int(sisip.sum()))
    hasil[:, -1] = 0
    return _dari_matriks(hasil)


def _tukar_huruf(teks: pa.Array, rng: np.random.Generator) -> pa.Array:
    m, panjang = _matriks(teks)
    di = np.minimum(_tempat_huruf(m, panjang, rng), np.maximum(panjang - 2, 0))
    baris = np.arange(len(m))
    m[baris, di], m[baris, di + 1] = m[baris, di + 1].copy(), m[baris, di].copy()
    kosong = m[:, 0] == 0
    m[kosong, 0], m[kosong, 1] = m[kosong, 1], 0
    return _dari_matriks(m)


def _geser_spasi(teks: pa.Array, rng: np.random.Generator) -> pa.Array:
    m, panjang = _matriks(teks)
    n = len(m)
    ada = (m == 32).any(1)
    di = np.argmax(m == 32, axis=1)
    baris = np.arange(n)
    hapus = ada & (rng.random(n) < 0.5)
    kolom = np.arange(LEBAR_NAMA)
    ambil = np.where(hapus[:, None] & (kolom >= di[:, None]), kolom + 1, kolom).clip(0, LEBAR_NAMA - 1)
    hasil = np.take_along_axis(m, ambil, axis=1)
    arah = np.where(rng.random(n) < 0.5, -1, 1)
    geser = np.flatnonzero(ada & ~hapus & (di + arah > 0) & (di + arah < panjang - 1))
    dari, ke = di[geser], di[geser] + arah[geser]
    hasil[geser, dari], hasil[geser, ke] = hasil[geser, ke].copy(), hasil[geser, dari].copy()
    # Single names get a space inside instead.
    tunggal = np.flatnonzero(~ada & (panjang > 5))
    tengah = panjang[tunggal] // 2
    sisip = np.where(kolom > tengah[:, None], kolom - 1, kolom)
    hasil[tunggal] = np.take_along_axis(m[tunggal], sisip, axis=1)
    hasil[tunggal, tengah] = 32
    return _dari_matriks(hasil)


def _digit(kode: Kode) -> NDArray[np.uint8]:
    return kode.astype("S16").view(np.uint8).reshape(len(kode), 16).copy()


def _ganti_digit(kode: Kode, rng: np.random.Generator) -> Kode:
    m = _digit(kode)
    di = rng.integers(0, 16, len(m))
    baris = np.arange(len(m))
    m[baris, di] = (m[baris, di] - 48 + rng.integers(1, 10, len(m))) % 10 + 48
    return m.view("S16").ravel()


def _tukar(kode: Kode, rng: np.random.Generator) -> Kode:
    m = _digit(kode)
    beda = (m[:, :-1] != m[:, 1:]) * rng.random((len(m), 15))
    di = np.argmax(beda, axis=1)
    baris = np.arange(len(m))
    m[baris, di], m[baris, di + 1] = m[baris, di + 1].copy(), m[baris, di].copy()
    return m.view("S16").ravel()


def _buang(kode: Kode, rng: np.random.Generator) -> Kode:
    m, di = _digit(kode), rng.integers(6, 16, len(kode))
    kolom = np.arange(15)
    return np.take_along_axis(m, np.where(kolom >= di[:, None], kolom + 1, kolom), axis=1).view("S15").ravel()


def _gandakan(kode: Kode, rng: np.random.Generator) -> Kode:
    m, di = _digit(kode), rng.integers(6, 16, len(kode))
    kolom = np.arange(17)
    return np.take_along_axis(m, np.where(kolom > di[:, None], kolom - 1, kolom), axis=1).view("S17").ravel()


def _potong(kode: Kode, dari: int, sampai: int) -> Kode:
    return np.ascontiguousarray(_digit(kode)[:, dari:sampai]).view(f"S{sampai - dari}").ravel()


def _gabung(bagian: list[Kode], pemisah: bytes) -> Kode:
    hasil = bagian[0]
    for b in bagian[1:]:
        hasil = np.char.add(np.char.add(hasil, pemisah), b)
    return hasil


__all__ = ["Catatan", "ErrorMix", "Logika", "Perusak", "dmy", "iso", "ke_arrow", "mutu_baris", "pecah", "rusak_kk", "rusak_kode",
           "rusak_nama", "rusak_nik", "rusak_tanggal", "tertukar"]
