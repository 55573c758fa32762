"""Who is seen by which source, when, on whose roster, and what is written of them.

Belongs here: coverage, the roster a person stands on at the day of observation, rows that occur twice, and the
columns that all sources share (number, name, dates, places). What is particular to a source is in the module of
that source.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import (
    ANAK,
    CUCU,
    KEPALA,
    LAINNYA,
    MENANTU,
    PASANGAN,
    SETAHUN,
    Bilangan,
    Kode,
    Logika,
    nol,
    rng_untuk,
)
from dtsen_pipeline.simulation.kerusakan import (
    Catatan,
    ErrorMix,
    Perusak,
    ke_arrow,
    mutu_baris,
    rusak_kode,
    rusak_tanggal,
)
from dtsen_pipeline.simulation.penduduk import Penduduk
from dtsen_pipeline.simulation.tulisan import rusak_kk, rusak_nama, rusak_nik

# Coverage by standard of living: shares of families at the poorest and at the richest end, and of persons in them.
CAKUPAN = {"dtks": (0.92, 0.18), "regsosek": (0.985, 0.90), "p3ke": (0.88, 0.42)}
ANGGOTA_TERLIHAT = 0.975
# Share of the dead of families without a living member who stay on the list.
HABIS_TERDAFTAR = 0.8
AWALAN = {"dtks": ("DT-", "D"), "regsosek": ("RE-", "R"), "p3ke": ("P3-", "P")}
# Multiplier coprime to the modulus: numbers that tell nothing and stay with the same person and family in every month.
PENGACAK, RUANG = 387_420_489, 10**9


@dataclass
class Cacah:
    """One source's view. Person rows carry `orang`, roster rows `keluarga` (the family whose house and goods are
    described).
    """

    sumber: str
    orang: Bilangan
    roster: Bilangan
    urut: Bilangan
    nuk: Bilangan
    hubungan: Bilangan
    keluarga_kk: Bilangan  # family whose card the person is on
    meninggal: Logika
    pergi: Logika
    id_orang: Kode
    keluarga: Bilangan
    desa: Bilangan
    hari: Bilangan
    id_roster: Kode
    jumlah: Bilangan
    jumlah_keluarga: Bilangan
    perusak: Perusak  # of person rows
    perusak_roster: Perusak


@dataclass
class Isian:
    """The columns that every source writes of a person, damaged."""

    nik: pa.Array
    kk: pa.Array
    nama: pa.Array
    tanggal_lahir: pa.Array
    hari_lahir: Bilangan
    tempat: pa.Array
    perempuan: Logika
    hubungan: Bilangan


def cacah(
    p: Penduduk,
    z: NDArray[np.float64],
    sumber: str,
    hari: Bilangan,
    campuran: ErrorMix,
    seed: int,
    hanya: Logika | None = None,
) -> Cacah:
    """Enumerate the population. `hari` is the day of observation, `z` the standard of living, both by family.

    With `hanya` (one flag a family) exactly those rosters are visited, instead of a share that depends on `z`.
    """
    k, o = p.keluarga, p.orang
    rng = rng_untuk(seed, f"cacah {sumber}")
    # Who stands on a second card is listed there too: he has two places, and one in the truth.
    kedua = np.flatnonzero(k.suami >= 0)
    siapa = np.r_[np.arange(len(o.lahir)), k.suami[kedua]]
    f = np.r_[o.keluarga, kedua]
    n_kel, n = len(k.desa), len(siapa)
    asli = np.arange(n) < len(o.lahir)
    lahir, resmi, meninggal, pergi_pada, hubungan = (
        x[siapa] for x in (o.lahir, o.lahir_resmi, o.meninggal, o.pergi, o.hubungan)
    )
    hubungan = np.where(asli, hubungan, KEPALA)
    hubungan[k.mulai[kedua]] = PASANGAN
    belum = k.tanggal_pisah > hari
    bersama = belum & (rng.random(n_kel) < 0.5)
    anak_induk = (k.anak_induk[f] == siapa) & asli
    ikut = belum[f] & (bersama[f] | anak_induk)
    tuan = np.where(ikut, k.induk[f], f)
    nuk_keluarga = np.ones(n_kel, int)
    serumah = ikut.copy()
    if sumber == "dtks":
        serumah |= k.rumah[tuan] != tuan
        nuk_keluarga = _nomor_keluarga(k.rumah)
    nuk = nuk_keluarga[tuan]
    tuan = k.rumah[tuan] if sumber == "dtks" else tuan
    hub = np.where(
        serumah,
        np.select([anak_induk, hubungan <= PASANGAN, hubungan == ANAK], [ANAK, MENANTU, CUCU], LAINNYA),
        hubungan,
    )
    hari_o = hari[tuan]
    mati = (meninggal >= 0) & (meninggal <= hari_o)
    pergi = (pergi_pada >= 0) & (pergi_pada <= hari_o)
    atas, bawah = CAKUPAN[sumber]
    persen = np.argsort(np.argsort(z + rng.normal(0, 0.8, n_kel))) / max(n_kel, 1)
    diliput = hanya if hanya is not None else rng.random(n_kel) < atas + (bawah - atas) * persen
    ada = diliput[tuan] & (rng.random(n) < ANGGOTA_TERLIHAT) & (resmi <= hari_o) & (lahir <= hari_o)
    # Of a family that has died out nobody is left to report it.
    habis = np.bincount(tuan[asli & ~mati & ~pergi], minlength=n_kel)[tuan] == 0
    dihapus = rng.random(n) < np.where(habis, 1 - HABIS_TERDAFTAR, 0.75)
    ada &= ~(belum[f] & ~ikut) & ~(mati & dihapus) & ~(pergi & (rng.random(n) < 0.6))
    terlihat = np.flatnonzero(ada)
    tempat: Bilangan = terlihat[np.lexsort((lahir[terlihat], hub[terlihat], nuk[terlihat], tuan[terlihat]))]
    keluarga: Bilangan
    roster: Bilangan
    keluarga, roster = np.unique(tuan[tempat], return_inverse=True)
    hub_o: Bilangan = hub[tempat].copy()
    awal = np.r_[True, roster[1:] != roster[:-1]] if len(roster) else np.empty(0, bool)
    hub_o[awal] = KEPALA
    tempat, roster, hub_o, nuk_o, keluarga, salinan_o, salinan_r = _gandakan(
        p, f, tempat, roster, hub_o, nuk[tempat], keluarga, campuran, rng
    )
    urutan = np.lexsort((np.arange(len(tempat)), roster))
    tempat, roster, hub_o, nuk_o, salinan_o = (x[urutan] for x in (tempat, roster, hub_o, nuk_o, salinan_o))
    orang = siapa[tempat]
    mulai = np.searchsorted(roster, np.arange(len(keluarga)))
    awalan_o, awalan_r = AWALAN[sumber]
    id_r = np.char.add(np.char.add(awalan_r.encode(), _acak(keluarga, sumber)), np.where(salinan_r > 0, b"X", b""))
    desa = np.where(k.tanggal_pindah[keluarga] > hari[keluarga], k.desa_lama[keluarga], k.desa[keluarga])
    kabur = (salinan_r > 0) & (rng.random(len(keluarga)) < 0.25)
    desa = np.where(kabur, k.desa[np.clip(keluarga + rng.integers(-40, 41, len(keluarga)), 0, n_kel - 1)], desa)
    mutu_r = mutu_baris(keluarga, rng)
    mutu_o = np.sqrt(mutu_r[roster] * mutu_baris(np.arange(len(orang)), rng))
    mutu_o = mutu_o / max(mutu_o.mean(), 1e-9) if len(mutu_o) else mutu_o
    catatan_o, catatan_r = Catatan(), Catatan()
    catatan_o.tambah("orang_ganda", np.flatnonzero(salinan_o >= 2))
    catatan_o.tambah("roster_ganda", np.flatnonzero(salinan_r[roster] > 0))
    return Cacah(
        sumber,
        orang,
        roster,
        np.arange(len(orang)) - mulai[roster] + 1,
        nuk_o,
        hub_o,
        np.where(ikut[tempat], k.induk[f[tempat]], f[tempat]),
        mati[tempat],
        pergi[tempat],
        np.char.add(awalan_o.encode(), _acak(orang * 8 + salinan_o + 4 * ~asli[tempat], sumber)),
        keluarga,
        desa,
        hari[keluarga],
        id_r,
        np.bincount(roster, minlength=len(keluarga)),
        np.maximum.reduceat(nuk_o, mulai) if len(keluarga) else np.empty(0, int),
        Perusak(campuran, mutu_o, rng_untuk(seed, f"rusak {sumber}"), catatan_o),
        Perusak(campuran, mutu_r, rng_untuk(seed, f"rusak roster {sumber}"), catatan_r),
    )


def isian(p: Penduduk, c: Cacah, miring: float) -> Isian:
    """What the clerk wrote. `miring` is the share of birth dates as DD/MM/YYYY instead of ISO."""
    o, r = p.orang, c.perusak.rng
    nik = o.nik[c.orang]
    kedua = o.nik_kedua[c.orang]
    pakai = (kedua != b"") & (r.random(len(nik)) < 0.45)
    nik = np.where(pakai, kedua, nik)
    c.perusak.catatan.tambah("nik_dua", np.flatnonzero(pakai))
    c.perusak.catatan.tambah("nik_bersama", np.flatnonzero(o.nik_bersama[c.orang]))
    kk = kartu(p, c, c.keluarga_kk, c.hari[c.roster], r)
    kepala = np.searchsorted(c.roster, np.arange(len(c.keluarga)))
    salah_jk = c.perusak.kena("jk_salah")
    perempuan = o.perempuan[c.orang].copy()
    perempuan[salah_jk] = ~perempuan[salah_jk]
    tanggal, hari = rusak_tanggal(c.perusak, o.lahir_resmi[c.orang], miring)
    return Isian(
        ke_arrow(rusak_nik(c.perusak, nik, nik[kepala][c.roster], kk)),
        ke_arrow(rusak_kk(c.perusak, kk)),
        rusak_nama(c.perusak, o.nama[c.orang]),
        tanggal,
        hari,
        _tempat_lahir(p, c),
        perempuan,
        rusak_kode(c.perusak, "hubungan_salah", c.hubungan, (2, 3, 8)),
    )


def kartu(p: Penduduk, c: Cacah, keluarga: Bilangan, hari: Bilangan, rng: np.random.Generator) -> Kode:
    """The KK in hand on the day of observation: the new one if it was issued by then and fetched."""
    k = p.keluarga
    baru = (k.tanggal_kk[keluarga] >= 0) & (k.tanggal_kk[keluarga] <= hari) & (rng.random(len(keluarga)) < 0.85)
    return np.asarray(np.where(baru, k.kk[keluarga], k.kk_lama[keluarga]))


def alamat(p: Penduduk, c: Cacah, rng: np.random.Generator) -> pa.Array:
    """Street and number, with the habits of different clerks."""
    nama_jalan = pa.array(
        [
            "Melati",
            "Mawar",
            "Kenanga",
            "Anggrek",
            "Flamboyan",
            "Cendana",
            "Merdeka",
            "Sudirman",
            "Diponegoro",
            "Kartini",
            "Pahlawan",
            "Pemuda",
            "Pembangunan",
            "Veteran",
            "Pasar",
            "Masjid",
            "Sawah",
            "Kali",
            "Gajah",
            "Pelita",
            "Raya Desa",
            "Ahmad Yani",
            "Gereja",
            "Sekolah",
            "Balai Desa",
        ]
    )
    k = p.keluarga
    jalan = pc.take(nama_jalan, pa.array(k.jalan[c.keluarga] % len(nama_jalan)))
    awal = pc.take(
        pa.array(["Jl. ", "JALAN ", "Jl ", "Dusun ", "Kp. "]),
        pa.array(rng.choice(5, len(c.keluarga), p=[0.44, 0.38, 0.08, 0.06, 0.04])),
    )
    nomor = pc.binary_join_element_wise(" No. ", pa.array(k.nomor_rumah[c.keluarga]).cast(pa.string()), "")
    hasil = pc.binary_join_element_wise(awal, jalan, nomor, "")
    return pc.if_else(pa.array(rng.random(len(c.keluarga)) < 0.05), pc.utf8_upper(hasil), hasil)


def nama_sls(p: Penduduk, c: Cacah) -> pa.Array:
    """RT 003/RW 006."""
    k = p.keluarga
    rt, rw = (ke_arrow(nol(x[c.keluarga], 3)) for x in (k.rt, k.rw))
    return pc.binary_join_element_wise("RT ", rt, "/RW ", rw, "")


def kode_desa(p: Penduduk, c: Cacah, sistem: str) -> Kode:
    """Village codes (10 digits) as the source writes them; a few rows still carry the code of before a split."""
    d = p.wilayah.desa
    kode, lama = (d["bps"], d["bps_lama"]) if sistem == "bps" else (d["kode"], d["lama"])
    di = c.perusak_roster.kena("wilayah_lama", lama[c.desa] != b"")
    hasil = kode[c.desa].copy()
    hasil[di] = lama[c.desa[di]]
    return np.asarray(hasil)


def umur_pada(hari: Bilangan, lahir: Bilangan) -> Bilangan:
    return np.floor(np.maximum(hari - lahir, 0) / SETAHUN).astype(np.int64)


def _tempat_lahir(p: Penduduk, c: Cacah) -> pa.Array:
    """Birthplace in capitals: the regency for most, a district or village for others; rows of one person may differ."""
    w, o = p.wilayah, p.orang
    kec = o.kecamatan_lahir[c.orang]
    cara = o.cara_tempat[c.orang].copy()
    di = c.perusak.kena("tempat_lain")
    cara[di] = c.perusak.rng.integers(0, 4, len(di))
    kota = np.char.upper(w.kabupaten["pendek"])
    kecamatan = np.char.upper(w.kecamatan["nama"])
    desa_pertama = np.searchsorted(w.desa["induk"], np.arange(len(kecamatan)))
    desa = np.char.upper(w.desa["nama"][desa_pertama])
    m, q = len(kota), len(kecamatan)
    daftar = pa.array([*kota, *kecamatan, *desa, *(f"KAB. {x}" for x in kota), ""])
    kab = w.kecamatan["induk"][kec]
    nomor = np.select([cara == 0, cara == 1, cara == 2], [kab, m + kec, m + q + kec], m + 2 * q + kab)
    nomor[c.perusak.kena("tempat_kosong")] = len(daftar) - 1
    return pc.take(daftar, pa.array(nomor))


def _nomor_keluarga(rumah: Bilangan) -> Bilangan:
    """nuk: the owner's family is 1, those under its roof follow."""
    n = len(rumah)
    pemilik = rumah == np.arange(n)
    urutan = np.lexsort((~pemilik, rumah))
    r = rumah[urutan]
    hasil = np.empty(n, int)
    hasil[urutan] = np.arange(n) - np.searchsorted(r, r) + 1
    return hasil


def _acak(nomor: Bilangan, sumber: str) -> Kode:
    geser = {"dtks": 11, "regsosek": 424_243, "p3ke": 7_654_321}[sumber]
    return nol((nomor.astype(np.int64) * PENGACAK + geser) % RUANG, 9)


def _gandakan(
    p: Penduduk,
    milik_tempat: Bilangan,
    orang: Bilangan,
    roster: Bilangan,
    hub: Bilangan,
    nuk: Bilangan,
    keluarga: Bilangan,
    campuran: ErrorMix,
    rng: np.random.Generator,
) -> tuple[Bilangan, ...]:
    """Add rosters that were entered twice, whole or in part, and persons who stand on two rosters.

    `orang` numbers places on rosters: persons, then second places of persons; `milik_tempat` is the family of each.
    """
    n_r, k = len(keluarga), p.keluarga
    salin = rng.random(n_r) < campuran.roster_ganda
    utuh = rng.random(n_r) < 0.5
    baris = np.flatnonzero(salin[roster] & (utuh[roster] | (rng.random(len(roster)) < 0.45)))
    dipakai = np.unique(roster[baris])
    nomor_baru = np.full(n_r, -1)
    nomor_baru[dipakai] = n_r + np.arange(len(dipakai))
    bagian = [
        (orang, roster, hub, nuk, np.zeros(len(orang), int)),
        (orang[baris], nomor_baru[roster[baris]], hub[baris], nuk[baris], np.ones(len(baris), int)),
    ]
    lagi = np.flatnonzero(rng.random(len(orang)) < campuran.orang_ganda)
    milik = milik_tempat[orang[lagi]]
    asal = np.where(k.anak_induk[milik] == orang[lagi], k.induk[milik], -1)
    posisi = np.searchsorted(keluarga, np.maximum(asal, 0)).clip(0, max(n_r - 1, 0))
    sebelah = np.clip(
        roster[lagi] + rng.integers(1, 4, len(lagi)) * np.where(rng.random(len(lagi)) < 0.5, -1, 1), 0, n_r - 1
    )
    tujuan = np.where((asal >= 0) & (keluarga[posisi] == asal), posisi, sebelah) if n_r else sebelah
    tujuan = np.where(rng.random(len(lagi)) < 0.12, roster[lagi], tujuan)
    bagian.append(
        (
            orang[lagi],
            tujuan,
            np.where(hub[lagi] == ANAK, ANAK, LAINNYA),
            np.ones(len(lagi), int),
            np.full(len(lagi), 2),
        )
    )
    hasil = tuple(np.concatenate([b[i] for b in bagian]) for i in range(5))
    return (
        *hasil[:4],
        np.concatenate([keluarga, keluarga[dipakai]]),
        hasil[4],
        np.r_[np.zeros(n_r, int), np.ones(len(dipakai), int)],
    )
