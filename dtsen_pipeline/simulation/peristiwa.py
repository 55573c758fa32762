"""A month passes: births, deaths, marriages that found new families, moves, and the proposals that report them.

Belongs here: changing the true population by one month. Persons and families keep their numbers; new ones are added at
the end. Which rows of a source notice is decided by the door, `simulasi`.
"""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.simulation import nama as nm
from dtsen_pipeline.simulation.dasar import ANAK, CUCU, KEPALA, MENANTU, PASANGAN, SETAHUN, Bilangan, Logika, nol
from dtsen_pipeline.simulation.dtks import HARI_BUKU
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import ke_arrow
from dtsen_pipeline.simulation.kesejahteraan import Kegiatan, Kesejahteraan, peringkat_desil
from dtsen_pipeline.simulation.nomor import susun
from dtsen_pipeline.simulation.penduduk import CARA_TEMPAT, Keluarga, Orang, Penduduk
from dtsen_pipeline.simulation.susunan import PEREMPUAN, SAMA_JK, ke_kembar

# Monthly rates: births to married women of 18 to 42, marriages of single children at home of 19 to 33, families moving.
LAHIR, NIKAH, PINDAH = 0.0085, 0.015, 0.0022
DISAHKAN = 0.8
T = TypeVar("T", Keluarga, Orang)


@dataclass
class Perubahan:
    """What changed in the month: persons who died, families that moved, were founded or grew; days since 1970."""

    meninggal: Bilangan
    pindah: Bilangan
    baru: Bilangan
    bertambah: Bilangan
    asal: Bilangan  # families that a new spouse left

    def tersentuh(self, orang: Orang, n: int) -> Logika:
        """Families with any change, one flag a family."""
        hasil = np.zeros(n, bool)
        for keluarga in (orang.keluarga[self.meninggal], self.pindah, self.baru, self.bertambah, self.asal):
            hasil[keluarga] = True
        return hasil


def satu_bulan(
    p: Penduduk, h: Kesejahteraan, g: Kegiatan, hari_ini: int, kembar: float, rng: np.random.Generator
) -> tuple[Penduduk, Kesejahteraan, Kegiatan, Perubahan]:
    """The population on `hari_ini`, a month after `p`; the arguments are left as they are. `kembar`: births of twins."""
    k, o = _salin(p.keluarga), _salin(p.orang)
    sebelum, n = p.hari_ini, len(o.lahir)
    akhir = hari_ini - HARI_BUKU  # so that the month's visits find what happened in it
    umur = (hari_ini - o.lahir) / SETAHUN
    hidup = (o.meninggal < 0) & (o.pergi < 0)
    risiko = np.clip(0.00009 * np.exp((umur - 40) * 0.062), 0.00003, 0.02)
    meninggal = np.flatnonzero(hidup & (rng.random(n) < risiko))
    o.meninggal[meninggal] = rng.integers(sebelum, akhir, len(meninggal))
    hidup[meninggal] = False
    k, asal = _menikah(p, k, o, hidup, umur, sebelum, akhir, rng)
    baru = np.arange(len(p.keluarga.desa), len(k.desa))
    pindah = _pindah(p, k, sebelum, akhir, rng)
    o, bertambah = _kelahiran(p, k, o, hidup, umur, sebelum, akhir, kembar, rng)
    k.jumlah = np.bincount(o.keluarga, minlength=len(k.desa))
    perubahan = Perubahan(meninggal, pindah, baru, bertambah, asal)
    sejahtera, kegiatan = _lanjutkan(h, k, baru, rng), _tambah_kegiatan(g, len(o.lahir) - n)
    return Penduduk(p.wilayah, k, o, hari_ini), sejahtera, kegiatan, perubahan


def tulis_usulan(p: Penduduk, u: Perubahan, bulan: str, rng: np.random.Generator) -> pa.Table:
    """Proposals decided in the month, the table `usulan` of the contract: reported changes and objections."""
    k, o, w = p.keluarga, p.orang, p.wilayah
    ramai = rng.choice(len(k.desa), max(1, len(k.desa) // 400), replace=False)
    bagian = [
        ("meninggal", o.keluarga[u.meninggal], u.meninggal),
        ("pindah", u.pindah, k.mulai[u.pindah]),
        ("pecah_kk", u.baru, k.mulai[u.baru]),
        ("sanggah_layak", ramai[0::3], k.mulai[ramai[0::3]]),
        ("sanggah_tidak_layak", ramai[1::3], k.mulai[ramai[1::3]]),
        ("pemutakhiran", ramai[2::3], k.mulai[ramai[2::3]]),
    ]
    bagian = [(j, f[d], s[d]) for j, f, s in bagian for d in (rng.random(len(f)) < 0.6,)]
    jenis = np.concatenate([np.full(len(f), j) for j, f, _ in bagian])
    keluarga, orang = (np.concatenate([b[i] for b in bagian]) for i in (1, 2))
    n = len(jenis)
    status = np.where(
        rng.random(n) < DISAHKAN, "disahkan", rng.choice(["diajukan", "musdes", "diverifikasi", "ditolak"], n)
    )
    ubah = jenis == "pemutakhiran"
    return pa.table(
        {
            "id_usulan": ke_arrow(np.char.add(f"U{bulan.replace('-', '')}".encode(), nol(np.arange(n) + 1, 6))),
            "tanggal": ke_arrow(iso(p.hari_ini - rng.integers(1, 28, n))),
            "jenis": pa.array(jenis),
            "status": pa.array(status),
            "nik": ke_arrow(o.nik[orang]),
            "no_kk": ke_arrow(k.kk[keluarga]),
            "kolom": pa.array(np.where(ubah, "daya", "")),
            "nilai_baru": pa.array(np.where(ubah, rng.choice(["450", "900", ">900"], n), "")),
            "kode_kemendagri_baru": ke_arrow(np.where(jenis == "pindah", w.desa["kode"][k.desa[keluarga]], b"")),
            "petugas": pa.array(np.where(rng.random(n) < 0.5, "operator desa", "verifikator dinas sosial")),
        }
    )


def _menikah(
    p: Penduduk,
    k: Keluarga,
    o: Orang,
    hidup: Logika,
    umur: NDArray[np.float64],
    sebelum: int,
    akhir: int,
    rng: np.random.Generator,
) -> tuple[Keluarga, Bilangan]:
    """Couples of one province found families; they live with his parents at first as often as not."""
    bebas = hidup & (o.hubungan == ANAK) & (o.kawin == 1) & (umur > 19) & (umur < 33)
    bebas &= rng.random(len(umur)) < NIKAH
    prov = p.wilayah.provinsi_dari_desa(k.desa[o.keluarga])
    calon = [np.flatnonzero(bebas & (o.perempuan == jk)) for jk in (False, True)]
    calon = [c[np.lexsort((rng.random(len(c)), prov[c]))] for c in calon]
    urutan = [np.arange(len(c)) - np.searchsorted(prov[c], prov[c]) for c in calon]
    pasangan = {kunci: i for i, kunci in enumerate(zip(prov[calon[1]].tolist(), urutan[1].tolist(), strict=True))}
    cocok = [
        (i, pasangan[kunci])
        for i, kunci in enumerate(zip(prov[calon[0]].tolist(), urutan[0].tolist(), strict=True))
        if kunci in pasangan
    ]
    suami = calon[0][[i for i, _ in cocok]] if cocok else calon[0][:0]
    istri = calon[1][[i for _, i in cocok]] if cocok else calon[1][:0]
    asal, asal_istri = o.keluarga[suami], o.keluarga[istri]
    lain = asal != asal_istri
    suami, istri, asal, asal_istri = suami[lain], istri[lain], asal[lain], asal_istri[lain]
    n, m = len(k.desa), len(suami)
    nomor = n + np.arange(m)
    hari = rng.integers(sebelum, akhir, m)
    serumah = rng.random(m) < 0.5
    rumah_asal = k.rumah[asal]
    kk = susun(p.wilayah.kecamatan["kode"][p.wilayah.desa["induk"][k.desa[asal]]], hari, np.zeros(m, bool), rng, 60)
    tambahan = Keluarga(
        desa=k.desa[asal],
        suku=k.suku[asal],
        marga=k.marga[asal],
        induk=asal,
        anak_induk=suami,
        rumah=np.where(serumah, rumah_asal, nomor),
        tanggal_pisah=hari,
        tanggal_pindah=np.full(m, -1),
        desa_lama=k.desa[asal],
        kk=kk,
        kk_lama=k.kk[asal],
        tanggal_kk=hari,
        jalan=np.where(serumah, k.jalan[asal], rng.integers(0, 10_000, m)),
        nomor_rumah=np.where(serumah, k.nomor_rumah[asal], rng.integers(1, 140, m)),
        rt=k.rt[asal],
        rw=k.rw[asal],
        mulai=suami,
        jumlah=np.full(m, 2),
        suami=np.full(m, -1),
    )
    o.keluarga[suami], o.keluarga[istri] = nomor, nomor
    o.hubungan[suami], o.hubungan[istri] = KEPALA, PASANGAN
    o.kawin[suami], o.kawin[istri] = 2, 2
    return _gabung(k, tambahan), np.unique(np.r_[asal, asal_istri])


def _pindah(p: Penduduk, k: Keluarga, sebelum: int, akhir: int, rng: np.random.Generator) -> Bilangan:
    """Families with a house to themselves move to another village of the simulation and get a new card there."""
    n = len(p.keluarga.desa)
    nomor = np.arange(len(k.desa))
    berbagi = np.isin(nomor, k.rumah[k.rumah != nomor])
    pindah = np.flatnonzero((k.rumah == nomor)[:n] & ~berbagi[:n] & (rng.random(n) < PINDAH))
    k.desa_lama[pindah] = k.desa[pindah]
    k.desa[pindah] = rng.permutation(k.desa)[pindah]
    k.kk_lama[pindah] = k.kk[pindah]
    hari = rng.integers(sebelum, akhir, len(pindah))
    kecamatan = p.wilayah.desa["induk"][k.desa[pindah]]
    k.kk[pindah] = susun(p.wilayah.kecamatan["kode"][kecamatan], hari, np.zeros(len(pindah), bool), rng, 60)
    k.tanggal_kk[pindah], k.tanggal_pindah[pindah] = hari, hari
    k.jalan[pindah], k.nomor_rumah[pindah] = rng.integers(0, 10_000, len(pindah)), rng.integers(1, 140, len(pindah))
    return pindah


def _kelahiran(
    p: Penduduk,
    k: Keluarga,
    o: Orang,
    hidup: Logika,
    umur: NDArray[np.float64],
    sebelum: int,
    akhir: int,
    kembar: float,
    rng: np.random.Generator,
) -> tuple[Orang, Bilangan]:
    """Children of married women, with the mother's district, the family's marga and a NIK of the month."""
    subur = hidup & o.perempuan & (o.kawin == 2) & (umur > 18) & (umur < 42) & np.isin(o.hubungan, (PASANGAN, MENANTU))
    ibu = np.flatnonzero(subur & (rng.random(len(umur)) < LAHIR))
    bersama = 1 + ke_kembar(len(ibu), kembar, rng)
    sulung = np.repeat(np.cumsum(bersama) - bersama, bersama)
    ibu = np.repeat(ibu, bersama)
    m, fam = len(ibu), o.keluarga[ibu]
    lahir = rng.integers(sebelum, akhir, m)[sulung]
    perempuan = rng.random(m) < PEREMPUAN
    perempuan = np.where(
        rng.random(m) < SAMA_JK, perempuan[sulung], np.where(sulung == np.arange(m), perempuan, ~perempuan[sulung])
    )
    ke = rng.integers(0, 4, m)[sulung]
    nama = nm.ambil_nama(k.suku[fam], perempuan, np.full(m, 2025), ke, k.marga[fam], rng)
    adik = np.flatnonzero(sulung != np.arange(m))
    nama[adik] = nm.nama_kembar(nama, k.suku[fam], k.marga[fam], adik, sulung[adik], rng)
    kecamatan = p.wilayah.desa["induk"][k.desa[fam]]
    bayi = Orang(
        keluarga=fam,
        hubungan=np.where(o.hubungan[ibu] == PASANGAN, ANAK, CUCU),
        perempuan=perempuan,
        lahir=lahir,
        lahir_resmi=lahir,
        suku=k.suku[fam],
        anak_ke=ke,
        nama=nama,
        ibu=o.nama[ibu],
        ibu_orang=ibu,
        kecamatan_lahir=kecamatan,
        cara_tempat=rng.choice(3, m, p=CARA_TEMPAT)[sulung],
        nik=susun(p.wilayah.kecamatan["kode"][kecamatan], lahir, perempuan, rng, 45, sulung),
        nik_kedua=np.full(m, b"", "S16"),
        nik_bersama=np.zeros(m, bool),
        kawin=np.ones(m, int),
        kelahiran=len(o.lahir) + sulung,
        meninggal=np.full(m, -1),
        pergi=np.full(m, -1),
    )
    return _gabung(o, bayi), fam


def _lanjutkan(h: Kesejahteraan, k: Keluarga, baru: Bilangan, rng: np.random.Generator) -> Kesejahteraan:
    """New families start near the standard of the house they come from."""
    induk = k.induk[baru]
    log_konsumsi = np.r_[h.log_konsumsi, h.log_konsumsi[induk] + rng.normal(0, 0.2, len(baru))]
    return Kesejahteraan(
        log_konsumsi,
        np.r_[h.tetap, h.tetap[induk]],
        peringkat_desil(log_konsumsi),
        np.r_[h.luas, h.luas[induk]],
        {nama: np.r_[nilai, nilai[induk]] for nama, nilai in h.sifat.items()},
        *(np.r_[nilai, nilai[induk]] for nilai in (h.pkh, h.sembako, h.pbi)),
    )


def _tambah_kegiatan(g: Kegiatan, n: int) -> Kegiatan:
    belum: dict[str, Any] = {"sekolah": 1, "bekerja": False}
    return Kegiatan(**{f.name: np.r_[getattr(g, f.name), np.full(n, belum.get(f.name, 0))] for f in fields(Kegiatan)})


def _salin(asal: T) -> T:
    return type(asal)(**{f.name: getattr(asal, f.name).copy() for f in fields(asal)})


def _gabung(lama: T, baru: T) -> T:
    return type(lama)(**{f.name: np.concatenate([getattr(lama, f.name), getattr(baru, f.name)]) for f in fields(lama)})
