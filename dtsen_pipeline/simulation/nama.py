"""Names by naming tradition (suku), sex and cohort, with skewed frequencies.

Belongs here: drawing true names, and the spellings a register may carry for a word. A name is three word numbers
(-1: no word) into one vocabulary, so a million names cost twelve bytes each; `rangkai` writes them out. Damage done
by clerks and keyboards belongs in `kerusakan`.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.wilayah import baca_data

TIDAK_ADA = -1
KOLAM = ("sendiri", "islam", "kristen", "modern")
# Births before this year carry the tradition's older names.
TAHUN_TUA = 1975
# Fall of the weights with the rank: of a million persons 29 % then have
# a name that nobody else has.
ZIPF_PANGKAT, ZIPF_GESER = 0.85, 2.5
# Of the births of twins, those that are given names alike.
NAMA_MIRIP = 0.6


@dataclass(frozen=True)
class Pilihan:
    """Words with their cumulative probabilities."""

    kata: NDArray[np.int32]
    kumulatif: NDArray[np.float64]

    def ambil(self, n: int, rng: np.random.Generator) -> NDArray[np.int32]:
        return self.kata[np.searchsorted(self.kumulatif, rng.random(n) * self.kumulatif[-1], side="right")]


@dataclass(frozen=True)
class Tradisi:
    """How one suku names its people; keys of the dicts are 'l' and 'p'."""

    depan: dict[str, tuple[Pilihan | None, ...]]
    belakang: dict[str, Pilihan]
    marga: Pilihan | None
    bermarga: float
    campur: dict[str, NDArray[np.float64]]
    kata: NDArray[np.float64]
    satu_tua: float
    urut: dict[str, tuple[Pilihan, ...]] | None


@dataclass(frozen=True)
class Kamus:
    kata: pa.Array
    tradisi: tuple[Tradisi, ...]
    ragam: dict[int, NDArray[np.int32]]
    mirip: NDArray[np.int32]  # by word: the same with one, one (the first), two and three letters changed
    gelar_depan: NDArray[np.int32]
    gelar_belakang: NDArray[np.int32]


@lru_cache(maxsize=1)
def kamus() -> Kamus:
    """The vocabulary and every tradition, in the order of the name file."""
    data = baca_data("nama.yaml")
    nomor: dict[str, int] = {}

    def id_kata(teks: str) -> list[int]:
        return [nomor.setdefault(k.replace("_", " "), len(nomor)) for k in teks.split()]

    def pilihan(*bagian: tuple[list[int], float]) -> Pilihan | None:
        kata: list[int] = []
        bobot: list[float] = []
        for ids, jatah in bagian:
            if ids:
                w = 1.0 / (np.arange(len(ids)) + ZIPF_GESER) ** ZIPF_PANGKAT
                kata += ids
                bobot += list(w / w.sum() * jatah)
        return Pilihan(np.array(kata, np.int32), np.cumsum(bobot)) if kata else None

    kolam = {k: id_kata(v) for k, v in data["kolam"].items()}
    tradisi = []
    for s in data["suku"].values():
        depan: dict[str, tuple[Pilihan | None, ...]] = {}
        belakang: dict[str, Pilihan] = {}
        for jk in "lp":
            tunas = s.get(f"tunas_{jk}")
            susun = [f"{a}{b}" for b in tunas["akhir"].split() for a in tunas["awal"].split()] if tunas else []
            sendiri = pilihan((id_kata(s[jk]), 0.55 if susun else 1.0), (id_kata(" ".join(susun)), 0.45))
            depan[jk] = (sendiri, *(pilihan((kolam[f"{k}_{jk}"], 1.0)) for k in KOLAM[1:]))
            pilih = pilihan((id_kata(s["belakang"]), 0.5), (kolam[f"belakang_{jk}"], 0.5 if s["belakang"] else 1.0))
            assert pilih is not None
            belakang[jk] = pilih
        urut = None
        if "urut" in s:
            urut = {jk: tuple(_urut(anak, jk, id_kata) for anak in s["urut"]) for jk in "lp"}
        tradisi.append(
            Tradisi(
                depan,
                belakang,
                pilihan((id_kata(s.get("marga", "")), 1.0)),
                s.get("bermarga", 0.0),
                {k: np.cumsum(v) for k, v in s["campur"].items()},
                np.cumsum(s["kata"]),
                s["satu_tua"],
                urut,
            )
        )
    ragam = {id_kata(k)[0]: np.array(id_kata(v), np.int32) for k, v in data["ragam"].items()}
    gelar_depan = np.array(id_kata(data["gelar_depan"]), np.int32)
    gelar_belakang = np.array(id_kata(data["gelar_belakang"]), np.int32)
    mirip = np.array([[nomor.setdefault(m, len(nomor)) for m in _mirip(kata)] for kata in list(nomor)], np.int32)
    return Kamus(pa.array(list(nomor)), tuple(tradisi), ragam, mirip, gelar_depan, gelar_belakang)


# What a vowel becomes at the end of a twin's word and before it (RAHMA RAHMI, FAUZAN FAUZIN, HASAN HUSIN), and how the
# first letter changes (RINA DINA); a word without such a letter stays as it is.
_AKHIR, _TENGAH = str.maketrans("AIUEO", "IAIAI"), str.maketrans("AIUEO", "UAAIU")
_AWAL = str.maketrans("RDFSTLNMHYWK", "DRSFLTMNYHBG")


def _mirip(kata: str) -> tuple[str, str, str, str]:
    if len(kata) < 3 or not kata.isalpha():
        return kata, kata, kata, kata
    vokal = [i for i, huruf in enumerate(kata) if huruf in "AIUEO"]

    def ubah(teks: str, di: int, peta: dict[int, int]) -> str:
        return teks[:di] + teks[di].translate(peta) + teks[di + 1 :]

    satu = ubah(kata, vokal[-1], _AKHIR) if vokal else kata
    dua = ubah(satu, vokal[-2], _TENGAH) if len(vokal) > 1 else satu
    return satu, ubah(kata, 0, _AWAL), dua, ubah(dua, 0, _AWAL)


def nama_kembar(
    nama: NDArray[np.int32],
    suku: NDArray[np.integer],
    marga: NDArray[np.int32],
    siapa: NDArray[np.integer],
    sulung: NDArray[np.integer],
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """Names of the twins `siapa`, whose elder is `sulung`: mostly all words of the elder's, one of them a little changed.

    `nama`, `suku` and `marga` (the family name, or none) are of all persons. The others keep the names that they were
    given as any child.
    """
    hasil, dari, baris = nama[siapa].copy(), nama[sulung], np.arange(len(siapa))
    berurut = np.array([t.urut is not None for t in kamus().tradisi])[suku[siapa]]
    banyak = (dari >= 0).sum(1)
    tanpa_marga = marga[siapa] == TIDAK_ADA
    # Nobody plays on AHMAD or SITI, nor on the word that tells the order of birth: the next one is.
    umum = np.isin(dari[:, 0], list(kamus().ragam)) & (banyak > np.where(tanpa_marga, 1, 2))
    kolom = np.where((berurut & (banyak > 1)) | umum, 1, 0)
    kolom = np.where(~berurut & tanpa_marga & (rng.random(len(siapa)) < 0.3), banyak - 1, kolom)
    macam = rng.choice(4, len(siapa), p=[0.45, 0.10, 0.28, 0.17])
    # The third of triplets takes what the second did not.
    macam = (macam + (siapa - sulung - 1)) % 4
    kata = dari[baris, kolom]
    baru = kamus().mirip[kata, macam]
    # No parents give two children one name, as two independent draws sometimes would.
    mau = (rng.random(len(nama))[sulung] < NAMA_MIRIP) | (hasil == dari).all(1)
    mau &= (baru != kata) & ~(dari == baru[:, None]).any(1)
    mirip = dari.copy()
    mirip[baris, kolom] = baru
    mirip[berurut & (kolom == 1), 0] = hasil[berurut & (kolom == 1), 0]
    mau &= ~((mirip[:, :1] == mirip[:, 1:]) & (mirip[:, 1:] >= 0)).any(1)
    hasil[mau] = mirip[mau]
    return hasil


def _urut(kata: list[str], jk: str, id_kata: Any) -> Pilihan:
    """Balinese birth-order words, with or without the particle I (men) and NI (women)."""
    partikel = "I" if jk == "l" else "NI"
    dipakai = [k for k in kata if jk == "p" or k != "LUH"]
    ids = id_kata(" ".join(dipakai)) + id_kata(" ".join(f"{partikel}_{k}" for k in dipakai))
    return Pilihan(np.array(ids, np.int32), np.cumsum(np.ones(len(ids))))


def ambil_marga(suku: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.int32]:
    """A family name for every line of descent; -1 where the tradition (or this line) has none."""
    hasil = np.full(len(suku), TIDAK_ADA, np.int32)
    for i, t in enumerate(kamus().tradisi):
        di = np.flatnonzero(suku == i)
        if t.marga is not None and len(di):
            hasil[di] = np.where(rng.random(len(di)) < t.bermarga, t.marga.ambil(len(di), rng), TIDAK_ADA)
    return hasil


def ambil_nama(
    suku: NDArray[np.integer],
    perempuan: NDArray[np.bool_],
    tahun: NDArray[np.integer],
    anak_ke: NDArray[np.integer],
    marga: NDArray[np.int32],
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """True names, shape (n, 3). `anak_ke` counts from 0 (Balinese names follow the order of birth)."""
    hasil = np.full((len(suku), 3), TIDAK_ADA, np.int32)
    tua = tahun < TAHUN_TUA
    kelompok = (suku.astype(np.int64) * 2 + perempuan) * 2 + tua
    urutan = np.argsort(kelompok, kind="stable")
    nilai, mulai = np.unique(kelompok[urutan], return_index=True)
    for k, awal, akhir in zip(nilai, mulai, [*mulai[1:], len(urutan)][: len(nilai)], strict=True):
        di = urutan[awal:akhir]
        t = kamus().tradisi[k // 4]
        hasil[di] = _ambil(t, "p" if (k // 2) % 2 else "l", bool(k % 2), anak_ke[di], marga[di], rng)
    return hasil


def _ambil(
    t: Tradisi, jk: str, tua: bool, anak_ke: NDArray[np.integer], marga: NDArray[np.int32], rng: np.random.Generator
) -> NDArray[np.int32]:
    n = len(anak_ke)
    depan, kedua = (_kata_depan(t, jk, tua, n, rng) for _ in range(2))
    belakang = np.where(rng.random(n) < 0.6, t.belakang[jk].ambil(n, rng), kedua)
    belakang = np.where(belakang == depan, t.belakang[jk].ambil(n, rng), belakang)
    batas = np.array([t.satu_tua, t.satu_tua + (1 - t.satu_tua) * 0.85, 1.0]) if tua else t.kata
    banyak = np.searchsorted(batas, rng.random(n), side="right") + 1
    nama = np.full((n, 3), TIDAK_ADA, np.int32)
    nama[:, 0] = depan
    if t.urut is not None:
        pangkat = np.where(rng.random(n) < 0.9, 1, 0).astype(bool)  # the rest use no birth-order word
        for i, pilih in enumerate(t.urut[jk]):
            di = pangkat & (anak_ke % len(t.urut[jk]) == i)
            nama[di, 0], nama[di, 1] = pilih.ambil(int(di.sum()), rng), depan[di]
        nama[~pangkat & (banyak > 1), 1] = belakang[~pangkat & (banyak > 1)]
        nama[pangkat & (banyak == 1) & (rng.random(n) < 0.3), 1] = TIDAK_ADA
        nama[pangkat & (banyak == 3), 2] = belakang[pangkat & (banyak == 3)]
        return nama
    punya = marga != TIDAK_ADA
    nama[~punya & (banyak > 1), 1] = belakang[~punya & (banyak > 1)]
    nama[~punya & (banyak > 2), 2] = t.belakang[jk].ambil(n, rng)[~punya & (banyak > 2)]
    nama[punya, 1] = np.where(banyak[punya] > 2, kedua[punya], marga[punya])
    nama[punya, 2] = np.where(banyak[punya] > 2, marga[punya], TIDAK_ADA)
    kembar = (nama[:, 1] == nama[:, 2]) | (nama[:, 0] == nama[:, 2])
    nama[kembar, 2] = TIDAK_ADA
    return nama


def _kata_depan(t: Tradisi, jk: str, tua: bool, n: int, rng: np.random.Generator) -> NDArray[np.int32]:
    kolam = np.searchsorted(t.campur["tua" if tua else "muda"], rng.random(n), side="right").clip(0, 3)
    hasil = np.empty(n, np.int32)
    for i, pilih in enumerate(t.depan[jk]):
        di = kolam == i
        if di.any() and pilih is not None:
            hasil[di] = pilih.ambil(int(di.sum()), rng)
    return hasil


def rangkai(nama: NDArray[np.int32]) -> pa.Array:
    """Write names of shape (n, k) out as text, words joined by one space."""
    kata = kamus().kata
    kolom = [pc.take(kata, pa.array(nama[:, i], mask=nama[:, i] == TIDAK_ADA)) for i in range(nama.shape[1])]
    return pc.binary_join_element_wise(*kolom, " ", null_handling="skip")
