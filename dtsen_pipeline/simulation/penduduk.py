"""The true population: families, their members, their identifiers and what changed in recent years.

Belongs here: what is true. What a source has seen of it belongs in `pencacahan`, what it got wrong in `kerusakan`,
income and housing in `kesejahteraan`. All columns are numpy arrays of one length; dates are days since 1970-01-01;
-1 means none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation import nama as nm
from dtsen_pipeline.simulation.dasar import (
    ANAK,
    KEPALA,
    LAINNYA,
    MENANTU,
    ORANG_TUA,
    PASANGAN,
    PEMBANTU,
    SETAHUN,
    Bilangan,
    Logika,
    rng_untuk,
)
from dtsen_pipeline.simulation.kalender import tanggal_tumpuk
from dtsen_pipeline.simulation.nomor import buat_kk, buat_nik
from dtsen_pipeline.simulation.susunan import KEMBAR, susun_keluarga
from dtsen_pipeline.simulation.wilayah import Wilayah

# Of couples, those whose husband heads a second card, of another wife and her children at her own address.
DUA_KARTU = 0.006
# Birthplace written as regency, district, village-like name.
CARA_TEMPAT = [0.62, 0.18, 0.20]
# Nobody moved, married away or died before this day as far as the sources are concerned: the oldest of them is of 2021.
AWAL_PERISTIWA = int(np.datetime64("2021-01-01", "D").astype(int))


@dataclass
class Keluarga:
    """One row a family (KK). Families of one village lie side by side."""

    desa: Bilangan
    suku: Bilangan
    marga: NDArray[np.int32]
    induk: Bilangan  # family of the head's or spouse's parents in the same village
    anak_induk: Bilangan  # person of this family who grew up there
    rumah: Bilangan  # family whose house this one shares (itself, if it has its own)
    tanggal_pisah: Bilangan  # day this family split from `induk`
    tanggal_pindah: Bilangan
    desa_lama: Bilangan  # village before the move
    kk: NDArray[np.bytes_]
    kk_lama: NDArray[np.bytes_]
    tanggal_kk: Bilangan  # day from which `kk` holds
    jalan: Bilangan
    nomor_rumah: Bilangan
    rt: Bilangan
    rw: Bilangan
    mulai: Bilangan  # first person
    jumlah: Bilangan
    suami: Bilangan  # man at the head of this card too, who lives with the wife of his other card; -1: none


@dataclass
class Orang:
    """One row a person, members of a family side by side, the head first."""

    keluarga: Bilangan
    hubungan: Bilangan
    perempuan: Logika
    lahir: Bilangan
    lahir_resmi: Bilangan  # the date in the register and in the NIK, sometimes a heaped one
    suku: Bilangan
    anak_ke: Bilangan
    nama: NDArray[np.int32]  # three words, none missing before another
    ibu: NDArray[np.int32]  # mother's name, three words
    ibu_orang: Bilangan  # mother, if she is in the population
    kecamatan_lahir: Bilangan
    cara_tempat: Bilangan  # birthplace written as 0 regency, 1 district, 2 village-like name
    nik: NDArray[np.bytes_]
    nik_kedua: NDArray[np.bytes_]  # b'' or a second NIK of the same person
    nik_bersama: Logika  # the NIK is a neighbour's
    kawin: Bilangan
    kelahiran: Bilangan  # person born first of the same birth: an elder twin, or the person
    meninggal: Bilangan
    pergi: Bilangan  # day the person left the family for good (abroad, lost), -1: still there


@dataclass
class Penduduk:
    wilayah: Wilayah
    keluarga: Keluarga
    orang: Orang
    hari_ini: int


def bangun_penduduk(wilayah: Wilayah, orang: int, seed: int, hari_ini: int, kembar: float = KEMBAR) -> Penduduk:
    """Build exactly `orang` persons as they are on `hari_ini`, without names and numbers (see `beri_identitas`).

    `kembar` is the share of births that are of twins.
    """
    rng = rng_untuk(seed, "keluarga")
    desa_kel, kolom = susun_keluarga(wilayah, orang, hari_ini, kembar, rng)
    fam, hub, perempuan, lahir, anak_ke, jumlah = kolom
    mulai = np.cumsum(jumlah) - jumlah
    n = len(jumlah)
    rng = rng_untuk(seed, "ikatan")
    suku = _suku_keluarga(wilayah, desa_kel, rng)
    induk, anak_induk = _ikat_generasi(desa_kel, mulai, jumlah, hub, perempuan, lahir, hari_ini, rng)
    suku = np.where(induk >= 0, suku[np.maximum(induk, 0)], suku)
    terikat = induk >= 0
    acak = rng.random(n)
    tuan = np.ones(n, bool)
    tuan[np.flatnonzero(terikat)] = False
    serumah = terikat & (acak < 0.40) & tuan[np.maximum(induk, 0)]
    rumah = np.where(serumah, induk, np.arange(n))
    umur_kepala = (hari_ini - lahir[mulai]) / SETAHUN
    pisah_baru = terikat & (rng.random(n) < 0.45) & (umur_kepala < 36)
    tanggal_pisah = np.where(pisah_baru, rng.integers(AWAL_PERISTIWA, hari_ini, n), -1)
    pindah = ~terikat & ~np.isin(np.arange(n), induk) & (rng.random(n) < 0.07)
    tanggal_pindah = np.where(pindah, rng.integers(AWAL_PERISTIWA, hari_ini, n), -1)
    desa_lama = np.where(pindah, _desa_asal(wilayah, desa_kel, rng), desa_kel)
    marga = nm.ambil_marga(suku, rng)
    marga = np.where(terikat & ~perempuan[np.maximum(anak_induk, 0)], marga[np.maximum(induk, 0)], marga)
    jalan, nomor_rumah = rng.integers(0, 10_000, n), rng.integers(1, 140, n)
    rt, rw = rng.integers(1, 10, n), rng.integers(1, 13, n)
    k = Keluarga(
        desa_kel,
        suku,
        marga.astype(np.int32),
        induk,
        anak_induk,
        rumah,
        tanggal_pisah,
        tanggal_pindah,
        desa_lama,
        np.empty(0, "S16"),
        np.empty(0, "S16"),
        np.empty(0, int),
        jalan[rumah],
        nomor_rumah[rumah],
        rt[rumah],
        rw[rumah],
        mulai,
        jumlah,
        _dua_kartu(desa_kel, mulai, jumlah, hub, perempuan, lahir, (rumah == np.arange(n)) & ~terikat, hari_ini, seed),
    )
    o = _lengkapi_orang(wilayah, k, fam, hub, perempuan, lahir, anak_ke, hari_ini, seed)
    o.kawin[mulai[k.suami >= 0]] = 2
    return Penduduk(wilayah, k, o, hari_ini)


def beri_identitas(p: Penduduk, nik_dua: float, nik_bersama: float, seed: int) -> None:
    """Set names, NIK and KK; with the shares of persons who have two NIKs, and who were given somebody else's."""
    _beri_nama(p.keluarga, p.orang, rng_untuk(seed, "nama"))
    buat_nik(p.wilayah, p.keluarga, p.orang, nik_dua, nik_bersama, rng_untuk(seed, "nik"))
    buat_kk(p.wilayah, p.keluarga, p.orang, p.hari_ini, rng_untuk(seed, "kk"))


def _ikat_generasi(
    desa: Bilangan,
    mulai: Bilangan,
    jumlah: Bilangan,
    hub: Bilangan,
    perempuan: Logika,
    lahir: Bilangan,
    hari_ini: int,
    rng: np.random.Generator,
) -> tuple[Bilangan, Bilangan]:
    """Give some young couples parents among the families of their village: the same mother, marga and birthplace."""
    n = len(desa)
    awal = np.searchsorted(desa, desa)
    akhir = np.searchsorted(desa, desa, side="right")
    punya_pasangan = (jumlah > 1) & (hub[np.minimum(mulai + 1, len(hub) - 1)] == PASANGAN)
    ibu = np.where(punya_pasangan, mulai + 1, np.where(perempuan[mulai], mulai, -1))
    anak = np.where(punya_pasangan & (rng.random(n) < 0.45), mulai + 1, mulai)
    umur = (hari_ini - lahir[mulai]) / SETAHUN
    cari = (umur < 46) & (rng.random(n) < 0.75)
    induk = np.full(n, -1)
    for _ in range(4):
        calon = awal + (rng.random(n) * (akhir - awal)).astype(int)
        beda = (lahir[anak] - lahir[np.maximum(ibu[calon], 0)]) / SETAHUN
        cocok = cari & (induk < 0) & (ibu[calon] >= 0) & (beda > 17) & (beda < 42) & (calon != np.arange(n))
        induk[cocok] = calon[cocok]
    return induk, np.where(induk >= 0, anak, -1)


def _dua_kartu(
    desa: Bilangan,
    mulai: Bilangan,
    jumlah: Bilangan,
    hub: Bilangan,
    perempuan: Logika,
    lahir: Bilangan,
    sendiri: Logika,
    hari_ini: int,
    seed: int,
) -> Bilangan:
    """Husbands of other families of the village, by family of a woman at the head who has children and a house of her own
    (`sendiri`); -1 for the other families.

    He belongs to the family of his first card: there he is counted and there he is true (`Orang.keluarga`). The second
    card's rosters list him at the head all the same, with her as his wife.
    """
    rng = rng_untuk(seed, "dua kartu")
    n, suami = len(desa), np.full(len(desa), -1)
    punya_pasangan = (jumlah > 1) & (hub[np.minimum(mulai + 1, len(hub) - 1)] == PASANGAN)
    punya_anak = (jumlah > 1) & (hub[np.minimum(mulai + 1, len(hub) - 1)] == ANAK)
    istri = np.flatnonzero(perempuan[mulai] & punya_anak & sendiri)
    awal, akhir = np.searchsorted(desa, desa[istri]), np.searchsorted(desa, desa[istri], side="right")
    for _ in range(4):
        calon = awal + (rng.random(len(istri)) * (akhir - awal)).astype(int)
        lebih_tua = (lahir[mulai[istri]] - lahir[mulai[calon]]) / SETAHUN
        cocok = punya_pasangan[calon] & ~perempuan[mulai[calon]] & (suami[istri] < 0)
        cocok &= (lebih_tua > -5) & (lebih_tua < 25) & (hari_ini - lahir[mulai[calon]] > 28 * SETAHUN)
        suami[istri[cocok]] = mulai[calon[cocok]]
    dapat = rng.permutation(np.flatnonzero(suami >= 0))
    # A man has two cards at most.
    dapat = dapat[np.sort(np.unique(suami[dapat], return_index=True)[1])]
    hasil = np.full(n, -1)
    dapat = dapat[: round(DUA_KARTU * int(punya_pasangan.sum()))]
    hasil[dapat] = suami[dapat]
    return hasil


def _suku_keluarga(w: Wilayah, desa: Bilangan, rng: np.random.Generator) -> Bilangan:
    """Most families of a village are of the village's own suku; the rest follow the province's mixture."""
    kumulatif = np.cumsum(w.campuran_suku, axis=1)

    def ambil(d: Bilangan) -> Bilangan:
        return np.asarray(
            (rng.random(len(d))[:, None] > kumulatif[w.provinsi_dari_desa(d)]).sum(1).clip(0, len(w.suku) - 1)
        )

    unik, balik = np.unique(desa, return_inverse=True)
    return np.where(rng.random(len(desa)) < 0.7, ambil(unik)[balik], ambil(desa))


def _desa_asal(w: Wilayah, desa: Bilangan, rng: np.random.Generator) -> Bilangan:
    """Where movers came from: mostly another village of the simulation, the nearer the likelier."""
    n = len(desa)
    unik = np.unique(desa)
    posisi = np.searchsorted(unik, desa)
    langkah = np.round(rng.standard_t(1.2, n) * 2).astype(np.int64)
    return np.asarray(unik[np.clip(posisi + np.where(langkah == 0, 1, langkah), 0, len(unik) - 1)])


def _lengkapi_orang(
    w: Wilayah,
    k: Keluarga,
    fam: Bilangan,
    hub: Bilangan,
    perempuan: Logika,
    lahir: Bilangan,
    anak_ke: Bilangan,
    hari_ini: int,
    seed: int,
) -> Orang:
    rng = rng_untuk(seed, "orang")
    n = len(fam)
    umur = (hari_ini - lahir) / SETAHUN
    suku = k.suku[fam]
    pendatang = ((hub == PASANGAN) | (hub == MENANTU)) & (rng.random(n) < 0.15)
    suku = np.where(pendatang, rng.permutation(k.suku)[fam], suku)
    anak_ke = np.where(hub == ANAK, anak_ke, rng.choice(6, n, p=[0.34, 0.28, 0.19, 0.11, 0.05, 0.03]))
    # Births without a certificate were entered as the first or last day of the year, or its middle.
    tumpuk = rng.random(n) < np.clip((umur - 25) * 0.0022, 0.006, 0.11)
    resmi = np.where(tumpuk, tanggal_tumpuk(lahir, [0.56, 0.30, 0.14], rng), lahir)
    resmi = np.where(resmi > hari_ini, lahir, resmi)
    kecamatan = w.desa["induk"][k.desa_lama[fam]]
    jauh = rng.random(n)
    batas = np.where((hub == ANAK) & (umur < 25), 0.95, np.where(k.anak_induk[fam] == np.arange(n), 0.97, 0.72))
    tetangga = _kecamatan_dekat(w, kecamatan, rng)
    di_mana = rng.permutation(kecamatan)
    lahir_kec = np.where(jauh < batas, kecamatan, np.where(jauh < batas + (1 - batas) * 0.6, tetangga, di_mana))
    dewasa = umur > 19
    kawin = np.full(n, 1)
    berpasangan = np.isin(fam, fam[hub == PASANGAN])
    kawin[(hub == PASANGAN) | ((hub == KEPALA) & berpasangan)] = 2
    kawin[hub == MENANTU] = 2
    sendiri = (hub == KEPALA) & ~berpasangan
    kawin[sendiri & perempuan] = np.where(rng.random(n) < 0.68, 4, 3)[sendiri & perempuan]
    kawin[sendiri & ~perempuan] = np.where(umur > 40, np.where(rng.random(n) < 0.5, 4, 3), 1)[sendiri & ~perempuan]
    kawin[(hub == ORANG_TUA)] = np.where(rng.random(n) < 0.8, 4, 2)[hub == ORANG_TUA]
    kawin[(hub == ANAK) & dewasa & (rng.random(n) < 0.07)] = 3
    # Deaths and departures of the last years: these persons live on in the older sources.
    risiko = np.clip(0.0045 * np.exp((umur - 40) * 0.062), 0.0015, 0.45)  # over some four years
    meninggal = np.where(rng.random(n) < risiko, rng.integers(AWAL_PERISTIWA, hari_ini + 1, n), -1)
    pergi = np.where(
        (hub >= ANAK) & (umur > 16) & (rng.random(n) < 0.02), rng.integers(AWAL_PERISTIWA, hari_ini + 1, n), -1
    )
    meninggal = np.where(meninggal < lahir, -1, meninggal)
    # Of one birth, all is one but the name, the number and the sex.
    kelahiran = _kelahiran(fam, hub, lahir)
    resmi, suku, lahir_kec, cara = (x[kelahiran] for x in (resmi, suku, lahir_kec, rng.choice(3, n, p=CARA_TEMPAT)))
    return Orang(
        fam,
        hub,
        perempuan,
        lahir,
        resmi,
        suku,
        anak_ke,
        np.empty((0, 3), np.int32),
        np.empty((0, 3), np.int32),
        _ibu(k, fam, hub, perempuan),
        lahir_kec,
        cara,
        np.empty(0, "S16"),
        np.empty(0, "S16"),
        np.zeros(n, bool),
        kawin,
        kelahiran,
        meninggal,
        pergi,
    )


def _kelahiran(fam: Bilangan, hub: Bilangan, lahir: Bilangan) -> Bilangan:
    """The first of the children of one birth, by person; they stand side by side in their family."""
    sama = (lahir[1:] == lahir[:-1]) & (fam[1:] == fam[:-1]) & (hub[1:] == ANAK) & (hub[:-1] == ANAK)
    return np.asarray(np.maximum.accumulate(np.where(np.r_[True, ~sama], np.arange(len(fam)), 0)))


def _kecamatan_dekat(w: Wilayah, kecamatan: Bilangan, rng: np.random.Generator) -> Bilangan:
    """Another district, mostly of the same regency (districts of a regency lie side by side in the table)."""
    langkah = np.round(rng.normal(0, 6, len(kecamatan))).astype(int)
    return np.clip(kecamatan + langkah, 0, len(w.kecamatan["kode"]) - 1)


def _ibu(k: Keluarga, fam: Bilangan, hub: Bilangan, perempuan: Logika) -> Bilangan:
    """The mother's person number: the wife or the woman at the head for children, the linked family's for its child."""
    n_kel = len(k.desa)
    ibu_keluarga = np.full(n_kel, -1)
    for siapa in (np.flatnonzero((hub == KEPALA) & perempuan), np.flatnonzero(hub == PASANGAN)):
        ibu_keluarga[fam[siapa]] = siapa
    ibu_keluarga[fam[(hub == PASANGAN) & ~perempuan]] = -1
    ibu = np.where(hub == ANAK, ibu_keluarga[fam], -1)
    terikat = k.anak_induk >= 0
    ibu[k.anak_induk[terikat]] = ibu_keluarga[k.induk[terikat]]
    return ibu


def _beri_nama(k: Keluarga, o: Orang, rng: np.random.Generator) -> None:
    n = len(o.keluarga)
    tahun = 1970 + (o.lahir / SETAHUN).astype(int)
    marga = k.marga[o.keluarga].copy()
    lain = (
        (o.hubungan == PASANGAN)
        | (o.hubungan == MENANTU)
        | (o.hubungan == PEMBANTU)
        | ((o.hubungan == ORANG_TUA) & (rng.random(n) < 0.6))
        | (o.suku != k.suku[o.keluarga])
    )
    marga[lain] = nm.ambil_marga(o.suku[lain], rng)
    terikat = np.flatnonzero(k.anak_induk >= 0)
    marga[k.anak_induk[terikat]] = k.marga[k.induk[terikat]]
    o.nama = nm.ambil_nama(o.suku, o.perempuan, tahun, o.anak_ke, marga, rng)
    # Javanese, Sundanese and Malay siblings often share a second word though nobody has a family name.
    anak = np.flatnonzero((o.hubungan == ANAK) & (k.marga[o.keluarga] == nm.TIDAK_ADA) & (o.nama[:, 1] >= 0))
    mirip = anak[rng.random(len(anak)) < 0.16]
    pertama = np.full(len(k.desa), -1)
    pertama[o.keluarga[anak[::-1]]] = anak[::-1]
    _kata_bersama(o, mirip, pertama[o.keluarga[mirip]])
    kembar = np.flatnonzero(o.kelahiran != np.arange(n))
    o.nama[kembar] = nm.nama_kembar(o.nama, o.suku, marga, kembar, o.kelahiran[kembar], rng)
    o.ibu = nm.ambil_nama(o.suku, np.ones(n, bool), tahun - 26, rng.choice(4, n), nm.ambil_marga(o.suku, rng), rng)
    # Brothers and sisters of the head have the head's mother.
    saudara = np.flatnonzero((o.hubungan == LAINNYA) & (rng.random(n) < 0.6))
    o.ibu[saudara] = o.ibu[k.mulai[o.keluarga[saudara]]]
    punya = o.ibu_orang >= 0
    o.ibu[punya] = o.nama[o.ibu_orang[punya]]
    o.ibu[kembar] = o.ibu[o.kelahiran[kembar]]


def _kata_bersama(o: Orang, siapa: Bilangan, dari: Bilangan) -> None:
    """Second words taken from a sibling, if that one has a second word which the name does not hold already.

    Where the first word tells the order of birth, the second is a person's own and is left alone.
    """
    berurut = np.array([t.urut is not None for t in nm.kamus().tradisi])
    kata = o.nama[dari, 1]
    boleh = (kata >= 0) & ~(o.nama[siapa] == kata[:, None]).any(1) & ~berurut[o.suku[siapa]]
    o.nama[siapa[boleh], 1] = kata[boleh]
