"""Draw the household consumption sample (Susenas) that trains the proxy means test.

Belongs here: the sample and its weights. Its families are not the simulated ones: they are drawn from the same country
by the same rules with another random stream.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.base import DAYS_PER_YEAR, position_in_group, rng_for, zero_padded
from dtsen_pipeline.simulation.country import Country
from dtsen_pipeline.simulation.damage import Damager, ErrorMix, Notes, to_arrow
from dtsen_pipeline.simulation.people import Keluarga, Population
from dtsen_pipeline.simulation.population import build_population
from dtsen_pipeline.simulation.regsosek import housing_columns, regsosek_certificates
from dtsen_pipeline.simulation.welfare import draw_welfare

# Sample size: a share of the simulated families, within bounds.
FEWEST, MOST, KELUARGA_SHARE = 4_000, 60_000, 0.06
NATIONAL_KELUARGA = 93_000_000
# The survey draws blocks, then ten households in each.
KELUARGA_PER_BLOCK = 10
# As in the survey, small provinsi are sampled more densely. The weights undo it.
SAMPLING_EXPONENT = -0.35


def susenas_table(w: Country, simulated_keluarga: int, seed: int, today: int, mix: ErrorMix) -> pa.Table:
    """Return the table `susenas` of the contract, a row a sampled household. Spending is in rupiah a head and month."""
    sample_size = int(np.clip(simulated_keluarga * KELUARGA_SHARE, FEWEST, MOST))
    rng = rng_for(seed, "susenas")
    p = build_population(w, int(sample_size * 1.9 * 3.2), int(rng.integers(2**31)), today)
    h, g = draw_welfare(p, seed + 1)
    k, o = p.keluarga, p.persons
    population = w.provinsi["population"][w.provinsi_of_desa(k.desa)]
    chance = np.clip((population / population.min()) ** SAMPLING_EXPONENT, 0.05, 1)
    block = _census_blocks(k.desa)
    first_of_block = np.flatnonzero(np.diff(block, prepend=-1))
    # Weighted sample of whole blocks without replacement (Efraimidis and Spirakis).
    key = (rng.random(len(first_of_block)) ** (1 / chance[first_of_block]))[block]
    chosen = np.sort(np.lexsort((np.arange(len(block)), -key))[:sample_size])
    age = (today - o.birth_day) / DAYS_PER_YEAR
    head = k.first_person[chosen]
    n = len(chosen)
    weight = 1 / chance[chosen] * rng.lognormal(0, 0.18, n)
    damager = Damager(mix, np.full(n, 0.5), rng, Notes())
    numbers = zero_padded(np.arange(n), 7)
    return pa.table(
        {
            "id_ruta": to_arrow(np.char.add(b"SSN", numbers)),
            "kode_bps_kabupaten": to_arrow(w.kabupaten["bps"][w.kabupaten_of_desa(k.desa[chosen])]),
            "nks": to_arrow(zero_padded(_block_numbers(block[chosen], w.kabupaten_of_desa(k.desa[chosen])), 5)),
            "penimbang": pa.array(np.round(weight / weight.sum() * NATIONAL_KELUARGA, 2)),
            "jumlah_art": pa.array(k.size[chosen]),
            "pengeluaran_per_kapita": pa.array(np.round(np.exp(h.log_consumption[chosen])).astype(np.int64)),
            **housing_columns(h, chosen, damager),
            "umur_krt": pa.array(age[head].astype(np.int64)),
            "kd_jenis_kelamin_krt": pa.array(1 + o.female[head].astype(int)),
            "kd_ijazah_krt": pa.array(regsosek_certificates(g.certificate[head], rng)),
            "kd_bekerja_krt": pa.array(2 - g.working[head].astype(int)),
            "jumlah_art_0_14": pa.array(_members_with(k, p, age < 15)[chosen]),
            "jumlah_art_65": pa.array(_members_with(k, p, age >= 65)[chosen]),
        }
    )


def _census_blocks(desa: np.ndarray) -> np.ndarray:
    """Return the running number of each family's census block: neighbours in one desa, at most KELUARGA_PER_BLOCK."""
    return np.cumsum(position_in_group(desa) % KELUARGA_PER_BLOCK == 0) - 1


def _block_numbers(block: np.ndarray, kabupaten: np.ndarray) -> np.ndarray:
    """Number the blocks of each kabupaten from 1 (nomor kode sampel, NKS)."""
    _, first, block_index = np.unique(block, return_index=True, return_inverse=True)
    return (1 + position_in_group(kabupaten[first]))[block_index]


def _members_with(k: Keluarga, p: Population, condition: np.ndarray) -> np.ndarray:
    """Count the persons of each family for whom `condition` holds."""
    return np.bincount(p.persons.keluarga, condition, len(k.desa)).astype(np.int64)
