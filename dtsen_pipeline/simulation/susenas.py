"""The household consumption sample (Susenas) that trains the proxy means test: other families than the simulated
ones.

Belongs here: the sample and its weights. The families are drawn from the same country by the same rules and another
stream.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.dasar import SETAHUN, nol, rng_untuk, urutan
from dtsen_pipeline.simulation.kerusakan import Catatan, ErrorMix, Perusak, ke_arrow
from dtsen_pipeline.simulation.kesejahteraan import hitung_kesejahteraan
from dtsen_pipeline.simulation.penduduk import Keluarga, Penduduk, bangun_penduduk
from dtsen_pipeline.simulation.regsosek import ijazah_regsosek, kolom_rumah
from dtsen_pipeline.simulation.wilayah import Wilayah

PALING_SEDIKIT, PALING_BANYAK, BAGIAN_KELUARGA = 4_000, 60_000, 0.06
KELUARGA_NASIONAL = 93_000_000
# As in the survey, which draws blocks and then ten households in each.
KELUARGA_BLOK = 10
# Small provinces are sampled more densely, as in the survey; the weights undo it.
PANGKAT_JATAH = -0.35


def tulis_susenas(w: Wilayah, keluarga_simulasi: int, seed: int, hari_ini: int, campuran: ErrorMix) -> pa.Table:
    """One row a sampled household, columns of the contract `referensi.susenas`. Money in rupiah a head and month."""
    jatah = int(np.clip(keluarga_simulasi * BAGIAN_KELUARGA, PALING_SEDIKIT, PALING_BANYAK))
    rng = rng_untuk(seed, "susenas")
    p = bangun_penduduk(w, int(jatah * 1.9 * 3.2), int(rng.integers(2**31)), hari_ini)
    h, g = hitung_kesejahteraan(p, seed + 1)
    k, o = p.keluarga, p.orang
    penduduk = w.provinsi["penduduk"][w.provinsi_dari_desa(k.desa)]
    peluang = np.clip((penduduk / penduduk.min()) ** PANGKAT_JATAH, 0.05, 1)
    blok = _blok_sensus(k.desa)
    pertama = np.flatnonzero(np.diff(blok, prepend=-1))
    # Efraimidis-Spirakis: a weighted sample of whole blocks without replacement.
    kunci = (rng.random(len(pertama)) ** (1 / peluang[pertama]))[blok]
    dipilih = np.sort(np.lexsort((np.arange(len(blok)), -kunci))[:jatah])
    umur = (hari_ini - o.lahir) / SETAHUN
    kepala = k.mulai[dipilih]
    n = len(dipilih)
    timbang = 1 / peluang[dipilih] * rng.lognormal(0, 0.18, n)
    perusak = Perusak(campuran, np.full(n, 0.5), rng, Catatan())
    nomor = nol(np.arange(n), 7)
    return pa.table(
        {
            "id_ruta": ke_arrow(np.char.add(b"SSN", nomor)),
            "kode_bps_kabupaten": ke_arrow(w.kabupaten["bps"][w.kabupaten_dari_desa(k.desa[dipilih])]),
            "nks": ke_arrow(nol(_nomor_blok(blok[dipilih], w.kabupaten_dari_desa(k.desa[dipilih])), 5)),
            "penimbang": pa.array(np.round(timbang / timbang.sum() * KELUARGA_NASIONAL, 2)),
            "jumlah_art": pa.array(k.jumlah[dipilih]),
            "pengeluaran_per_kapita": pa.array(np.round(np.exp(h.log_konsumsi[dipilih])).astype(np.int64)),
            **kolom_rumah(h, dipilih, perusak),
            "umur_krt": pa.array(umur[kepala].astype(np.int64)),
            "kd_jenis_kelamin_krt": pa.array(1 + o.perempuan[kepala].astype(int)),
            "kd_ijazah_krt": pa.array(ijazah_regsosek(g.ijazah[kepala], rng)),
            "kd_bekerja_krt": pa.array(2 - g.bekerja[kepala].astype(int)),
            "jumlah_art_0_14": pa.array(_banyak(k, p, umur < 15)[dipilih]),
            "jumlah_art_65": pa.array(_banyak(k, p, umur >= 65)[dipilih]),
        }
    )


def _blok_sensus(desa: np.ndarray) -> np.ndarray:
    """Running number of the census block of every family; neighbours, at most `KELUARGA_BLOK`, all of one village."""
    return np.cumsum(urutan(desa) % KELUARGA_BLOK == 0) - 1


def _nomor_blok(blok: np.ndarray, kabupaten: np.ndarray) -> np.ndarray:
    """The blocks of each regency numbered from 1 (nomor kode sampel, NKS)."""
    _, pertama, ke = np.unique(blok, return_index=True, return_inverse=True)
    return (1 + urutan(kabupaten[pertama]))[ke]


def _banyak(k: Keluarga, p: Penduduk, syarat: np.ndarray) -> np.ndarray:
    return np.bincount(p.orang.keluarga, syarat, len(k.desa)).astype(np.int64)
