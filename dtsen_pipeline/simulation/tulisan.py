"""Damage to numbers and names: digits, letters, words, spellings.

Belongs here: what happens to the text of a NIK, a KK or a name. Rates, notes and dates belong in `kerusakan`.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import Bilangan, Kode, nol
from dtsen_pipeline.simulation.kerusakan import Perusak, ke_arrow
from dtsen_pipeline.simulation.nama import TIDAK_ADA, kamus, rangkai

LEBAR_NAMA = 64
HURUF = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)


def rusak_nik(p: Perusak, nik: Kode, nik_kepala: Kode, kk: Kode) -> Kode:
    """NIKs as delivered, dtype S24."""
    hasil = nik.astype("S24")
    rng = p.rng
    kena = p.pilah(
        "nik_kosong",
        "nik_pengganti",
        "nik_salah_digit",
        "nik_tukar_digit",
        "nik_panjang",
        "nik_huruf",
        "nik_pemisah",
        "nik_ilmiah",
        "nik_titik_nol",
        "nik_akhir_nol",
        "nik_kepala",
        "nik_sama_kk",
    )
    hasil[kena["nik_kosong"]] = b""
    di = kena["nik_pengganti"]
    macam = rng.choice(6, len(di), p=[0.26, 0.26, 0.24, 0.06, 0.12, 0.06])
    bentuk = np.array([b"-", b"0" * 16, b"9" * 16, b"1234567890123456", b"", b""])[macam].astype("S24")
    bentuk[macam == 4] = np.char.add(nik[di[macam == 4]].astype("S6"), b"0" * 10)
    bentuk[macam == 5] = np.repeat(nik[di[macam == 5]].astype("S1").view(np.uint8), 16).view("S16")
    hasil[di] = bentuk
    hasil[kena["nik_salah_digit"]] = _ganti_digit(nik[kena["nik_salah_digit"]], rng)
    hasil[kena["nik_tukar_digit"]] = _tukar(nik[kena["nik_tukar_digit"]], rng)
    di = kena["nik_panjang"]
    hasil[di] = np.where(rng.random(len(di)) < 0.6, _buang(nik[di], rng), _gandakan(nik[di], rng))
    di = kena["nik_huruf"]
    angka = _digit(nik[di])
    angka[angka == ord("0")] = ord("O")
    angka[angka == ord("1")] = ord("I")
    hasil[di] = angka.view("S16").ravel()
    di = kena["nik_pemisah"]
    x, macam = nik[di], rng.integers(0, 4, len(di))
    bagian = [x.astype("S6"), _potong(x, 6, 12), _potong(x, 12, 16)]
    hasil[di] = np.select(
        [macam == 0, macam == 1, macam == 2],
        [_gabung(bagian, b" "), _gabung(bagian, b"."), np.char.add(b"'", x)],
        np.char.add(b" ", x),
    )
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
    ekor = nol(p.rng.integers(100, 9990, len(di)), 4)
    hasil[di] = np.char.add(kk[di].astype("S12"), ekor)
    hasil[kena["kk_salah_digit"]] = _ganti_digit(kk[kena["kk_salah_digit"]], p.rng)
    di = kena["kk_pemisah"]
    hasil[di] = np.where(p.rng.random(len(di)) < 0.5, np.char.add(b"'", kk[di]), np.char.add(kk[di], b" "))
    return hasil


def rusak_nama(p: Perusak, nama: NDArray[np.int32]) -> pa.Array:
    """Names as delivered: damage to words first, then to letters."""
    rng, kms = p.rng, kamus()
    kata = np.concatenate(
        [np.full((len(nama), 1), TIDAK_ADA, np.int32), nama, np.full((len(nama), 1), TIDAK_ADA, np.int32)], axis=1
    )
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
            pc.utf8_slice_codeunits(pc.take(kms.kata, pa.array(kata_akhir[singkat])), 0, 1),
            " ",
        )
        titik = pa.array(np.where(rng.random(int(singkat.sum())) < 0.6, ".", "").tolist(), pa.string())
        teks = _taruh(teks, di[singkat], pc.binary_join_element_wise(huruf, titik, ""))
    # Judged by the parts of the joined text: a title ", S.PD" must not follow a space.
    teks = pc.replace_substring(teks, " ,", ",")
    di = p.kena("nama_ejaan_lama")
    lama = pc.replace_substring_regex(pc.take(teks, pa.array(di)), "U", "OE")
    tambahan = rng.random(len(di)) < 0.35
    lama = pc.if_else(
        pa.array(tambahan), pc.replace_substring_regex(pc.replace_substring_regex(lama, "J", "DJ"), "C", "TJ"), lama
    )
    teks = _taruh(teks, di, lama)
    di = p.kena("nama_bin")
    ekor = (
        pc.take(kms.kata, pa.array(nama[rng.permutation(len(nama))[: len(di)], 0]))
        if len(di)
        else pa.array([], pa.string())
    )
    bin_ = pa.array(np.where(rng.random(len(di)) < 0.5, "BIN", "BINTI").tolist(), pa.string())
    teks = _taruh(teks, di, pc.binary_join_element_wise(pc.take(teks, pa.array(di)), bin_, ekor, " "))
    # Letters are moved as bytes, which only plain ones are.
    kena = {
        j: d[pc.string_is_ascii(pc.take(teks, pa.array(d))).to_numpy(zero_copy_only=False)]
        for j, d in p.pilah("nama_ketik", "nama_tukar_huruf", "nama_spasi").items()
    }
    di = kena["nama_ketik"]
    teks = _taruh(teks, di, _salah_ketik(pc.take(teks, pa.array(di)), rng))
    di = kena["nama_tukar_huruf"]
    teks = _taruh(teks, di, _tukar_huruf(pc.take(teks, pa.array(di)), rng))
    di = kena["nama_spasi"]
    return _taruh(teks, di, _geser_spasi(pc.take(teks, pa.array(di)), rng))


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
    ambil = np.where(
        (macam == 1)[:, None] & (kolom >= di[:, None]),
        kolom + 1,
        np.where((macam == 2)[:, None] & (kolom > di[:, None]), kolom - 1, kolom),
    ).clip(0, LEBAR_NAMA - 1)
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
