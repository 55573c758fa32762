"""Simulate one month: write its landing files and, beside them, the truth.

Files: `<to>/<month>/{dtks,regsosek,p3ke}/<table>*`, `<to>/referensi/{wilayah,susenas}.csv`, on request
`<to>/<month>/dukcapil/penduduk*`, for a later month `<to>/<month>/pemutakhiran/usulan*`; the truth in
`<to>/../kebenaran/<month>/{orang,keluarga,kesalahan}.parquet`. The truth stays outside the landing folder, because
everything there is read as a delivery.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation.base import Booleans, rng_for
from dtsen_pipeline.simulation.composition import TWIN_SHARE
from dtsen_pipeline.simulation.country import build_country, reference_table
from dtsen_pipeline.simulation.damage import ErrorMix, to_arrow
from dtsen_pipeline.simulation.delivery import Delivery, delivery_of
from dtsen_pipeline.simulation.dtks import dtks_tables
from dtsen_pipeline.simulation.dukcapil import dukcapil_table
from dtsen_pipeline.simulation.events import Changes, live_a_month, proposals_table
from dtsen_pipeline.simulation.files import ROWS_PER_FILE, check_format, write_table
from dtsen_pipeline.simulation.p3ke import p3ke_tables
from dtsen_pipeline.simulation.people import Population
from dtsen_pipeline.simulation.population import build_population, set_identities
from dtsen_pipeline.simulation.regsosek import regsosek_tables
from dtsen_pipeline.simulation.susenas import susenas_table
from dtsen_pipeline.simulation.welfare import Welfare, draw_welfare

# Persons from which on the reference feed holds all desa; below, only those of kecamatan that occur.
FULL_REFERENCE_FROM = 100_000
# Shares of ruta (households) that the monthly DTKS update visits: those with a change, others listed, others not listed.
VISITED_IF_CHANGED, VISITED_ROUTINELY, VISITED_IF_NEW = 0.6, 0.03, 0.002


@dataclass
class SimulationReport:
    """What was written."""

    month: str
    persons: int
    keluarga: int
    rows: dict[str, int] = field(default_factory=dict)  # by `source/table`
    damage: dict[str, int] = field(default_factory=dict)  # damaged rows by kind
    files: list[Path] = field(default_factory=list)
    truth: Path = Path()  # folder
    seconds: dict[str, float] = field(default_factory=dict)  # by stage


def simulate(
    persons: int,
    seed: int,
    month: str,
    to: Path,
    *,
    after: str | None = None,
    errors: ErrorMix | None = None,
    progress: Callable[[str], None] | None = None,
    format: str = "csv",
    rows_per_file: int = ROWS_PER_FILE,
    dukcapil: bool = False,
    twins: float = TWIN_SHARE,
    spreadsheet: bool = False,
) -> SimulationReport:
    """Simulate `persons` people and write what the sources deliver in `month` ('2025-03') into the landing `to`.

    With `after`, the population is that of `simulate(persons, seed, after, ...)`, living on until `month`: Regsosek and
    P3KE come again unchanged, DTKS with the same record numbers and mostly the same rows. `errors` sets the rates of
    damage, `twins` the share of births that are of twins (0 to 0.5). `dukcapil` adds the population register's
    extract. With `spreadsheet` every file goes through a spreadsheet or report writer of its own kind, whatever
    `format`; what the cells hold is written to `<to>/../kebenaran/<month>/kiriman/`.

    The same arguments write the same bytes, except for `format` xlsx, whose container holds the time. Raises InputError
    for a month that is not YYYY-MM or is earlier than `after`, for fewer than 1 person or row a file, a negative seed,
    an unknown `format`, and `twins` out of range.
    """
    for name, value, lowest in (("persons", persons, 1), ("seed", seed, 0), ("rows_per_file", rows_per_file, 1)):
        if value < lowest:
            raise InputError(
                f"{name} terlalu kecil / is too small: {value}",
                expected=f"{lowest} atau lebih / at least {lowest}",
                action="beri bilangan yang lebih besar / give a larger number",
            )
    check_format(format)
    if not 0 <= twins <= 0.5:
        raise InputError(
            f"bagian kelahiran kembar tidak masuk akal / share of births of twins cannot be {twins}",
            expected="0 - 0.5; di dunia 1/80 / in the world 1/80",
            action="beri bagian itu / give such a share",
        )
    mix = errors if errors is not None else ErrorMix()
    months = _months_between(after or month, month)
    clock = _StageClock(progress)
    population = build_population(build_country(), persons, seed, _first_day_of(months[0]), twins)
    set_identities(population, mix.nik_dua, mix.nik_bersama, seed)
    welfare, activities = draw_welfare(population, seed)
    clock("penduduk / population")
    report = SimulationReport(month, persons, 0, truth=to.parent / "kebenaran" / month)
    _write_references(population, seed, mix, to, report)
    clock("referensi / references")
    deliveries: dict[str, Delivery] = {}
    for source, make_tables in (("dtks", dtks_tables), ("regsosek", regsosek_tables), ("p3ke", p3ke_tables)):
        deliveries[source] = delivery_of(*make_tables(population, welfare, activities, mix, seed))
        clock(f"{source}: isi / contents")
    for nth, later_month in enumerate(months[1:], start=1):
        rng = rng_for(seed, f"peristiwa {later_month}")
        population, welfare, activities, changes = live_a_month(
            population, welfare, activities, _first_day_of(later_month), twins, rng
        )
        visits = _visits(population, deliveries["dtks"], changes, rng)
        visited = dtks_tables(population, welfare, activities, mix, seed + 100_003 * nth, visits)
        deliveries["dtks"] = deliveries["dtks"].updated(delivery_of(*visited), visits)
        clock(f"{later_month}: peristiwa / events")
        if later_month == month:
            proposals = proposals_table(population, changes, month, rng)
            _write(proposals, to / month / "pemutakhiran", "usulan", format, rows_per_file, report)
    if dukcapil:
        register = dukcapil_table(population, seed)
        _write(register, to / month / "dukcapil", "penduduk", format, rows_per_file, report)
    report.keluarga = len(population.keluarga.desa)
    _write_deliveries(deliveries, population, months[0], to, mix, format, rows_per_file, seed, report, spreadsheet)
    pq.write_table(_keluarga_truth(population, welfare), report.truth / "keluarga.parquet", compression="zstd")
    clock("berkas dan kebenaran / files and truth")
    report.seconds = clock.seconds
    return report


def _months_between(first: str, last: str) -> list[str]:
    """Return the months from the first to the last, both included."""
    for month in (first, last):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            raise InputError(
                f"bulan tidak terbaca / unreadable month: {month!r}",
                expected="YYYY-MM, misalnya / for example 2025-03",
                action="tulis tahun, tanda hubung, dua angka bulan / write year, hyphen, two digits of the month",
            )
    if first > last:
        raise InputError(
            f"bulan {last} mendahului yang dilanjutkan / month {last} is earlier than the month it continues",
            expected=f"{first} atau sesudahnya / {first} or later",
            action="pilih bulan sesudahnya, atau jangan pakai `after` / choose a later month, or leave `after` out",
        )
    return [str(b) for b in np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)]


def _first_day_of(month: str) -> int:
    """Return the first day of a month, since 1970."""
    return int(np.datetime64(f"{month}-01", "D").astype(int))


class _StageClock:
    """Times the stages, and reports each to `progress` as it ends."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress, self.started, self.seconds = progress, time.perf_counter(), dict[str, float]()

    def __call__(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self.started, 2)
        self.started = now
        if self.progress is not None:
            self.progress(f"{stage}: {self.seconds[stage]:.1f} s")


def _visits(p: Population, dtks: Delivery, changes: Changes, rng: np.random.Generator) -> Booleans:
    """Return the ruta that this month's DTKS update visits: a flag a family, set for owners of houses only."""
    k = p.keluarga
    n = len(k.desa)
    owner = k.house == np.arange(n)
    touched = np.zeros(n, bool)
    touched[k.house[changes.touched(p.persons, n)]] = True
    listed = np.zeros(n, bool)
    listed[dtks.keluarga] = True
    # A new couple counts as listed if his parents are.
    origin_listed = (
        listed[np.maximum(k.parent_family, 0)] & (k.parent_family >= 0) & (np.arange(n) >= n - len(changes.founded))
    )
    draw = rng.random(n)
    visited: Booleans = owner & np.where(
        listed | origin_listed, draw < np.where(touched, VISITED_IF_CHANGED, VISITED_ROUTINELY), draw < VISITED_IF_NEW
    )
    return visited


def _write(
    t: pa.Table, folder: Path, table_name: str, file_format: str, rows_per_file: int, report: SimulationReport
) -> None:
    """Write a table and enter it in the report."""
    report.files += write_table(t, folder, table_name, file_format, rows_per_file)
    report.rows[f"{folder.name}/{table_name}"] = t.num_rows


def _write_deliveries(
    deliveries: dict[str, Delivery],
    p: Population,
    first_month: str,
    to: Path,
    mix: ErrorMix,
    file_format: str,
    rows_per_file: int,
    seed: int,
    report: SimulationReport,
    spreadsheet: bool,
) -> None:
    """Write the deliveries, and the truth about their rows and damage."""
    report.truth.mkdir(parents=True, exist_ok=True)
    damage = []
    for source, k in deliveries.items():
        # DTKS is new each month, the other sources send the same files again.
        month = report.month if source == "dtks" else first_month
        rng = rng_for(seed, f"kontrak {source} {month}")
        paths, row_counts, notes = k.write(
            to / report.month,
            mix.rusak,
            file_format,
            rows_per_file,
            rng,
            report.truth / "kiriman" if spreadsheet else None,
            seed,
        )
        report.files += paths
        report.rows |= row_counts
        damage.append(notes)
    persons = pa.concat_tables([k.truth(p.persons.keluarga, p.persons.first_born) for k in deliveries.values()])
    pq.write_table(persons, report.truth / "orang.parquet", compression="zstd")
    all_damage = pa.concat_tables(damage)
    pq.write_table(all_damage, report.truth / "kesalahan.parquet", compression="zstd")
    counts = all_damage.group_by("jenis").aggregate([("record_id", "count")])
    report.damage = dict(sorted(zip(counts["jenis"].to_pylist(), counts["record_id_count"].to_pylist(), strict=True)))


def _keluarga_truth(p: Population, h: Welfare) -> pa.Table:
    """Return the truth about families. `rumah_true` is the family whose house they live in."""
    w, k = p.country, p.keluarga
    kab = w.kabupaten_of_desa(k.desa)
    return pa.table(
        {
            "family_true": pa.array(np.arange(len(k.desa))),
            "konsumsi_per_kapita": pa.array(np.round(np.exp(h.log_consumption))),
            "desil": pa.array(h.desil),
            "jumlah_anggota": pa.array(k.size),
            "kode_desa": to_arrow(w.desa["code"][k.desa]),
            "kode_kabupaten": to_arrow(w.kabupaten["code"][kab]),
            "kode_provinsi": to_arrow(w.provinsi["code"][w.kabupaten["parent"][kab]]),
            "rumah_true": pa.array(k.house),
        }
    )


def _write_references(p: Population, seed: int, mix: ErrorMix, to: Path, report: SimulationReport) -> None:
    """Write the reference feeds: areas, and the survey sample."""
    w, k, o = p.country, p.keluarga, p.persons
    used_kecamatan = None
    if len(o.birth_day) < FULL_REFERENCE_FROM:
        used_kecamatan = np.unique(np.concatenate([w.desa["parent"][k.desa], w.desa["parent"][k.old_desa]]))
    _write(reference_table(w, used_kecamatan), to / "referensi", "wilayah", "csv", 2**31, report)
    susenas = susenas_table(w, len(k.desa), seed, p.today, mix)
    _write(susenas, to / "referensi", "susenas", "csv", 2**31, report)
