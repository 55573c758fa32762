"""Families as they are made up: where they live, who belongs to them, how old everyone is.

Belongs here: drawing villages, heads, partners, children and other members. Ties between families, names and
numbers belong in `penduduk` and `nomor`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.simulation.dasar import (
    ANAK,
    CUCU,
    KEPALA,
    LAINNYA,
    MENANTU,
    ORANG_TUA,
    PASANGAN,
    PEMBANTU,
    SETAHUN,
    Bilangan,
    cermin,
)
from dtsen_pipeline.simulation.wilayah import Wilayah

MAKS_ANAK = 8
# One birth in eighty is of twins. A third of them are identical, so two thirds are of one sex.
KEMBAR, SAMA_JK = 1 / 80, 2 / 3
PEREMPUAN = 0.488
# Persons a village when the simulated country is small: dense enough that neighbours share birthdays and names.
ORANG_PER_DESA, DESA_PER_KECAMATAN = 260, 2.4


def susun_keluarga(
    w: Wilayah, orang: int, hari_ini: int, kembar: float, rng: np.random.Generator
) -> tuple[Bilangan, tuple[NDArray[Any], ...]]:
    """Families with their members' relation, sex and birth day: exactly `orang` persons, sorted by village.

    `kembar` is the share of births that are of twins.
    """
    n = int(orang / 2.6) + 60
    desa = _pilih_desa(w, orang, n, rng)
    macam = rng.choice(3, n, p=[0.80, 0.14, 0.06])  # couple, woman alone at the head, man alone at the head
    umur = np.where(
        macam == 0, rng.normal(44.5, 13, n), np.where(macam == 1, rng.normal(57.5, 14, n), rng.normal(42.5, 18, n))
    )
    umur = cermin(umur, 19, 93)
    lahir_kepala = hari_ini - (umur * SETAHUN).astype(int)
    umur_pasangan = cermin(umur - rng.normal(3.6, 4.2, n), 17.5, 92)
    ada_pasangan = macam == 0
    umur_ibu = np.where(ada_pasangan, umur_pasangan, umur)
    bagian = [
        (np.arange(n), np.full(n, KEPALA), macam == 1, lahir_kepala, np.zeros(n, int)),
        (
            np.flatnonzero(ada_pasangan),
            np.full(ada_pasangan.sum(), PASANGAN),
            np.ones(ada_pasangan.sum(), bool),
            hari_ini - (umur_pasangan[ada_pasangan] * SETAHUN).astype(int),
            np.zeros(ada_pasangan.sum(), int),
        ),
        _anak(umur_ibu, np.where(macam == 2, 0.45, 1.0), hari_ini, kembar, rng),
    ]
    for peluang, jenis, beda in (
        (np.where((umur < 62) & (umur > 25), 0.065, 0.0), ORANG_TUA, (19, 36)),
        (np.where(umur > 47, 0.10, 0.0), CUCU, (-62, -40)),
        (np.full(n, 0.030), LAINNYA, (-18, 10)),
        (np.where(umur > 46, 0.020, 0.0), MENANTU, (-32, -20)),
        (np.full(n, 0.003), PEMBANTU, (-25, 5)),
    ):
        di = np.flatnonzero(rng.random(n) < peluang)
        usia = cermin(umur[di] + rng.uniform(*beda, len(di)), 0.05 if jenis in (CUCU, LAINNYA) else 17, 99)
        perempuan = rng.random(len(di)) < {ORANG_TUA: 0.72, PEMBANTU: 0.9}.get(jenis, 0.5)
        bagian.append(
            (di, np.full(len(di), jenis), perempuan, hari_ini - (usia * SETAHUN).astype(int), np.zeros(len(di), int))
        )
    fam, hub, perempuan, lahir, anak_ke = (np.concatenate([b[i] for b in bagian]) for i in range(5))
    # Families come in random order: cut where the count is reached, then lay the families of a village side by side.
    peringkat = np.empty(n, int)
    urut_hub = np.lexsort((lahir, hub, fam))
    fam, hub, perempuan, lahir, anak_ke = (x[urut_hub][:orang] for x in (fam, hub, perempuan, lahir, anak_ke))
    n = int(fam[-1]) + 1
    urut_desa = np.argsort(desa[:n], kind="stable")
    peringkat[urut_desa] = np.arange(n)
    fam = peringkat[fam]
    urutan = np.argsort(fam, kind="stable")
    fam, hub, perempuan, lahir, anak_ke = (x[urutan] for x in (fam, hub, perempuan, lahir, anak_ke))
    return desa[:n][urut_desa], (fam, hub, perempuan, lahir, anak_ke, np.bincount(fam, minlength=n))


def _pilih_desa(w: Wilayah, orang: int, n: int, rng: np.random.Generator) -> Bilangan:
    """A village for each family: every province occurs, and the villages used are few enough to be dense."""
    prov_kec = w.kabupaten["induk"][w.kecamatan["induk"]]
    bobot_kec = w.provinsi["penduduk"][prov_kec] * w.kabupaten["bobot"][w.kecamatan["induk"]]
    bobot_kec = bobot_kec / np.bincount(prov_kec, w.kabupaten["bobot"][w.kecamatan["induk"]])[prov_kec]
    banyak_kec = int(np.clip(orang / ORANG_PER_DESA / DESA_PER_KECAMATAN, 1, 3000))
    kec = rng.choice(len(bobot_kec), banyak_kec, replace=False, p=bobot_kec / bobot_kec.sum())
    wajib = [rng.choice(np.flatnonzero(prov_kec == p)) for p in range(len(w.provinsi["kode"]))]
    kec = np.unique(np.concatenate([kec, wajib]))
    kunci = w.desa["bobot"] * rng.random(len(w.desa["kode"]))
    di_kec = np.flatnonzero(np.isin(w.desa["induk"], kec))
    di_kec = di_kec[np.lexsort((-kunci[di_kec], w.desa["induk"][di_kec]))]
    induk = w.desa["induk"][di_kec]
    ke = np.arange(len(induk)) - np.searchsorted(induk, induk)
    desa = di_kec[ke < np.where(rng.random(len(w.kecamatan["kode"])) < 0.7, 2, 4)[induk]]
    prov = w.provinsi_dari_desa(desa)
    bobot = w.desa["bobot"][desa]
    bobot = bobot / np.bincount(prov, bobot, len(wajib))[prov] * w.provinsi["penduduk"][prov]
    hasil = rng.choice(desa, n, p=bobot / bobot.sum())
    perwakilan = np.array([rng.choice(desa[prov == p]) for p in range(len(wajib))])
    hasil[: len(perwakilan)] = perwakilan[: len(hasil)]
    return np.asarray(hasil)


def ke_kembar(n: int, kembar: float, rng: np.random.Generator) -> Bilangan:
    """How many children come with each of `n` first-born: twins at the rate `kembar`, triplets at its square (Hellin)."""
    nasib = rng.random(n)
    return (nasib < kembar).astype(np.int64) + (nasib < kembar**2)


def _anak(
    umur_ibu: NDArray[np.float64],
    kelipatan: NDArray[np.float64],
    hari_ini: int,
    kembar: float,
    rng: np.random.Generator,
) -> tuple[NDArray[Any], ...]:
    """Children who still live in the family: births of the mother from her first on, with spacing and some twins."""
    n = len(umur_ibu)
    lahir_ibu = hari_ini - umur_ibu * SETAHUN
    jarak = 1.1 + rng.gamma(2.2, 1.25, (n, MAKS_ANAK))
    jarak[:, 0] = cermin(rng.normal(23.0, 3.9, n), 16.5, 38)
    usia_ibu = np.cumsum(jarak, axis=1)
    ingin = 1 + rng.poisson(np.clip(1.15 + (umur_ibu - 35) * 0.018, 0.7, 2.6))
    ingin = np.where(rng.random(n) < 0.08, 0, ingin)
    umur = umur_ibu[:, None] - usia_ibu
    tinggal = np.select([umur < 18, umur < 23, umur < 28, umur < 36], [0.97, 0.80, 0.52, 0.24], 0.09)
    ada = (umur > 0) & (usia_ibu < 45) & (np.arange(MAKS_ANAK) < ingin[:, None])
    ada &= rng.random((n, MAKS_ANAK)) < tinggal * kelipatan[:, None]
    fam, ke = np.nonzero(ada)
    lahir = np.floor(lahir_ibu[:, None] + usia_ibu * SETAHUN).astype(int)[ada]
    perempuan = rng.random(len(fam)) < PEREMPUAN
    saudara = np.repeat(np.arange(len(fam)), ke_kembar(len(fam), kembar, rng))
    sama = rng.random(len(saudara)) < SAMA_JK
    perempuan = np.r_[perempuan, perempuan[saudara] ^ ~sama]
    fam, ke, lahir = (np.concatenate([x, x[saudara]]) for x in (fam, ke, lahir))
    return fam, np.full(len(fam), ANAK), perempuan, lahir, ke
