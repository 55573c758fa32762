"""Make the population register's extract (Dukcapil): nearly everybody, once, with the official values."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dtsen_pipeline.simulation.base import rng_for
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.damage import to_arrow
from dtsen_pipeline.simulation.names import names_as_text
from dtsen_pipeline.simulation.people import Population

# Share of persons that the register holds.
REGISTERED = 0.965


def dukcapil_table(p: Population, seed: int) -> pa.Table:
    """Return the table `penduduk` of the contract. Each NIK occurs once."""
    o, k, w = p.persons, p.keluarga, p.country
    rng = rng_for(seed, "dukcapil")
    chosen = np.flatnonzero(rng.random(len(o.birth_day)) < REGISTERED)
    chosen = chosen[np.unique(o.nik[chosen], return_index=True)[1]]
    keluarga = o.keluarga[chosen]
    # Deaths are reported late, if at all.
    reported_dead = (o.death_day[chosen] >= 0) & (rng.random(len(chosen)) < 0.6)
    status = np.where(
        reported_dead,
        1,
        np.where(
            (o.leaving_day[chosen] >= 0) & (rng.random(len(chosen)) < 0.1),
            2,
            np.where(rng.random(len(chosen)) < 0.004, 3, 0),
        ),
    )
    mother_name = pc.if_else(pa.array(rng.random(len(chosen)) < 0.06), "", names_as_text(o.mother_name[chosen]))
    towns = pa.array(np.char.upper(w.kabupaten["short_name"]))
    return pa.table(
        {
            "nik": to_arrow(o.nik[chosen]),
            "no_kk": to_arrow(k.kk[keluarga]),
            "nama_lengkap": names_as_text(o.name[chosen]),
            "tempat_lahir": towns.take(pa.array(w.kecamatan["parent"][o.birth_kecamatan[chosen]])),
            "tanggal_lahir": to_arrow(iso(o.official_birth_day[chosen])),
            "jenis_kelamin": pa.array(["Laki-laki", "Perempuan"]).take(pa.array(o.female[chosen].astype(int))),
            "nama_ibu": mother_name,
            "kode_kemendagri": to_arrow(w.desa["code"][k.desa[keluarga]]),
            "status": pa.array(["AKTIF", "MENINGGAL", "PINDAH LUAR NEGERI", "NONAKTIF"]).take(pa.array(status)),
        }
    )
