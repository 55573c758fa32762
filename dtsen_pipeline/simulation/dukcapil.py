"""The population register's extract: nearly everybody, once, with the official values."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dtsen_pipeline.simulation.dasar import rng_untuk
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import ke_arrow
from dtsen_pipeline.simulation.nama import rangkai
from dtsen_pipeline.simulation.penduduk import Penduduk

TERDAFTAR = 0.965


def tulis_dukcapil(p: Penduduk, seed: int) -> pa.Table:
    """The table `penduduk` of the contract. Each NIK occurs once."""
    o, k, w = p.orang, p.keluarga, p.wilayah
    rng = rng_untuk(seed, "dukcapil")
    pilih = np.flatnonzero(rng.random(len(o.lahir)) < TERDAFTAR)
    pilih = pilih[np.unique(o.nik[pilih], return_index=True)[1]]
    keluarga = o.keluarga[pilih]
    # Deaths are reported late, if at all.
    mati = (o.meninggal[pilih] >= 0) & (rng.random(len(pilih)) < 0.6)
    status = np.where(
        mati,
        1,
        np.where(
            (o.pergi[pilih] >= 0) & (rng.random(len(pilih)) < 0.1), 2, np.where(rng.random(len(pilih)) < 0.004, 3, 0)
        ),
    )
    ibu = pc.if_else(pa.array(rng.random(len(pilih)) < 0.06), "", rangkai(o.ibu[pilih]))
    kota = pa.array(np.char.upper(w.kabupaten["pendek"]))
    return pa.table(
        {
            "nik": ke_arrow(o.nik[pilih]),
            "no_kk": ke_arrow(k.kk[keluarga]),
            "nama_lengkap": rangkai(o.nama[pilih]),
            "tempat_lahir": kota.take(pa.array(w.kecamatan["induk"][o.kecamatan_lahir[pilih]])),
            "tanggal_lahir": ke_arrow(iso(o.lahir_resmi[pilih])),
            "jenis_kelamin": pa.array(["Laki-laki", "Perempuan"]).take(pa.array(o.perempuan[pilih].astype(int))),
            "nama_ibu": ibu,
            "kode_kemendagri": ke_arrow(w.desa["kode"][k.desa[keluarga]]),
            "status": pa.array(["AKTIF", "MENINGGAL", "PINDAH LUAR NEGERI", "NONAKTIF"]).take(pa.array(status)),
        }
    )
