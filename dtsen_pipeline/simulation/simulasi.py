"""The door of the simulation: one month of landing files and, beside them, the truth.

Layout written: `<to>/<month>/{dtks,regsosek,p3ke}/<table>*`, `<to>/referensi/{wilayah,susenas}.csv`, on wish
`<to>/<month>/dukcapil/penduduk*`, for a later month `<to>/<month>/pemutakhiran/usulan*`; truth in
`<to>/../kebenaran/<month>/{orang,keluarga,kesalahan}.parquet`. The truth is never written inside the landing folder,
because everything there is read as a delivery.
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
from dtsen_pipeline.simulation.berkas import BARIS_PER_BERKAS, periksa_bentuk, tulis_tabel
from dtsen_pipeline.simulation.dasar import Logika, rng_untuk
from dtsen_pipeline.simulation.dtks import tulis_dtks
from dtsen_pipeline.simulation.dukcapil import tulis_dukcapil
from dtsen_pipeline.simulation.kerusakan import ErrorMix, ke_arrow
from dtsen_pipeline.simulation.kesejahteraan import Kesejahteraan, hitung_kesejahteraan
from dtsen_pipeline.simulation.kiriman import Kiriman, kiriman_dari
from dtsen_pipeline.simulation.p3ke import tulis_p3ke
from dtsen_pipeline.simulation.penduduk import Penduduk, bangun_penduduk, beri_identitas
from dtsen_pipeline.simulation.peristiwa import Perubahan, satu_bulan, tulis_usulan
from dtsen_pipeline.simulation.regsosek import tulis_regsosek
from dtsen_pipeline.simulation.susenas import tulis_susenas
from dtsen_pipeline.simulation.susunan import KEMBAR
from dtsen_pipeline.simulation.wilayah import bangun_wilayah, tabel_referensi

# Below this size the reference feed holds only the villages of districts that occur; above it, all of them.
WILAYAH_LENGKAP_MULAI = 100_000
# Shares of ruta that the monthly DTKS update reaches: with a change, others that it holds, others not held yet.
TERSENTUH, RUTIN, BARU = 0.6, 0.03, 0.002


@dataclass
class SimulationReport:
    """What was written: rows and bytes by path, counts by source and by kind of damage, seconds by stage."""

    bulan: str
    orang: int
    keluarga: int
    baris: dict[str, int] = field(default_factory=dict)
    kesalahan: dict[str, int] = field(default_factory=dict)
    berkas: list[Path] = field(default_factory=list)
    kebenaran: Path = Path()
    detik: dict[str, float] = field(default_factory=dict)


def simulate(
    persons: int,
    seed: int,
    month: str,
    to: Path,
    *,
    after: str | None = None,
    kesalahan: ErrorMix | None = None,
    progress: Callable[[str], None] | None = None,
    format: str = "csv",
    rows_per_file: int = BARIS_PER_BERKAS,
    dukcapil: bool = False,
    twins: float = KEMBAR,
    spreadsheet: bool = False,
) -> SimulationReport:
    """Simulate `persons` people and write what the sources deliver in `month` ('2025-03') into the landing `to`.

    With `after`, the population is the one that `simulate(persons, seed, after, ...)` had, lived on to `month`:
    Regsosek and P3KE come again unchanged, DTKS with the same record numbers and mostly the same rows. The same
    arguments write the same bytes (XLSX apart, whose container carries the time). With `spreadsheet` the files went
    through spreadsheets and report writers (`lembar`), each in its own way, whatever `format`; what their cells hold is
    in `<to>/../kebenaran/<month>/kiriman/`. Raises InputError for a month that is not YYYY-MM or is earlier than
    `after`, for fewer than 1 person or row a file, for a negative seed, for an unknown `format` and for a share `twins`
    of births of twins that is no share.
    """
    for nama, nilai, terendah in (("persons", persons, 1), ("seed", seed, 0), ("rows_per_file", rows_per_file, 1)):
        if nilai < terendah:
            raise InputError(
                f"{nama} terlalu kecil / is too small: {nilai}",
                expected=f"{terendah} atau lebih / at least {terendah}",
                action="beri bilangan yang lebih besar / give a larger number",
            )
    periksa_bentuk(format)
    if not 0 <= twins <= 0.5:
        raise InputError(
            f"bagian kelahiran kembar tidak masuk akal / share of births of twins cannot be {twins}",
            expected="0 - 0.5; di dunia 1/80 / in the world 1/80",
            action="beri bagian itu / give such a share",
        )
    campuran = kesalahan if kesalahan is not None else ErrorMix()
    bulan = _bulan_sampai(after or month, month)
    lapor = _Lapor(progress)
    penduduk = bangun_penduduk(bangun_wilayah(), persons, seed, _hari(bulan[0]), twins)
    beri_identitas(penduduk, campuran.nik_dua, campuran.nik_bersama, seed)
    sejahtera, kegiatan = hitung_kesejahteraan(penduduk, seed)
    lapor("penduduk / population")
    hasil = SimulationReport(month, persons, 0, kebenaran=to.parent / "kebenaran" / month)
    _tulis_referensi(penduduk, seed, campuran, to, hasil)
    lapor("referensi / references")
    kiriman: dict[str, Kiriman] = {}
    for sumber, susun in (("dtks", tulis_dtks), ("regsosek", tulis_regsosek), ("p3ke", tulis_p3ke)):
        kiriman[sumber] = kiriman_dari(*susun(penduduk, sejahtera, kegiatan, campuran, seed))
        lapor(f"{sumber}: isi / contents")
    for ke, satu in enumerate(bulan[1:], start=1):
        rng = rng_untuk(seed, f"peristiwa {satu}")
        penduduk, sejahtera, kegiatan, perubahan = satu_bulan(penduduk, sejahtera, kegiatan, _hari(satu), twins, rng)
        kunjungan = _kunjungan(penduduk, kiriman["dtks"], perubahan, rng)
        temuan = tulis_dtks(penduduk, sejahtera, kegiatan, campuran, seed + 100_003 * ke, kunjungan)
        kiriman["dtks"] = kiriman["dtks"].ganti(kiriman_dari(*temuan), kunjungan)
        lapor(f"{satu}: peristiwa / events")
        if satu == month:
            usulan = tulis_usulan(penduduk, perubahan, month, rng)
            _tulis(usulan, to / month / "pemutakhiran", "usulan", format, rows_per_file, hasil)
    if dukcapil:
        register = tulis_dukcapil(penduduk, seed)
        _tulis(register, to / month / "dukcapil", "penduduk", format, rows_per_file, hasil)
    hasil.keluarga = len(penduduk.keluarga.desa)
    _tulis_kiriman(kiriman, penduduk, bulan[0], to, campuran, format, rows_per_file, seed, hasil, spreadsheet)
    pq.write_table(_kebenaran_keluarga(penduduk, sejahtera), hasil.kebenaran / "keluarga.parquet", compression="zstd")
    lapor("berkas dan kebenaran / files and truth")
    hasil.detik = lapor.detik
    return hasil


def _bulan_sampai(awal: str, akhir: str) -> list[str]:
    """The months from the first to the last, both included."""
    for bulan in (awal, akhir):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", bulan):
            raise InputError(
                f"bulan tidak terbaca / unreadable month: {bulan!r}",
                expected="YYYY-MM, misalnya / for example 2025-03",
                action="tulis tahun, tanda hubung, dua angka bulan / write year, hyphen, two digits of the month",
            )
    if awal > akhir:
        raise InputError(
            f"bulan {akhir} mendahului yang dilanjutkan / month {akhir} is earlier than the month it continues",
            expected=f"{awal} atau sesudahnya / {awal} or later",
            action="pilih bulan sesudahnya, atau jangan pakai `after` / choose a later month, or leave `after` out",
        )
    return [str(b) for b in np.arange(np.datetime64(awal, "M"), np.datetime64(akhir, "M") + 1)]


def _hari(bulan: str) -> int:
    return int(np.datetime64(f"{bulan}-01", "D").astype(int))


class _Lapor:
    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress, self.mulai, self.detik = progress, time.perf_counter(), dict[str, float]()

    def __call__(self, tahap: str) -> None:
        sekarang = time.perf_counter()
        self.detik[tahap] = round(sekarang - self.mulai, 2)
        self.mulai = sekarang
        if self.progress is not None:
            self.progress(f"{tahap}: {self.detik[tahap]:.1f} s")


def _kunjungan(p: Penduduk, dtks: Kiriman, perubahan: Perubahan, rng: np.random.Generator) -> Logika:
    """The ruta that this month's update reaches, one flag a family (that of the house)."""
    k = p.keluarga
    n = len(k.desa)
    pemilik = k.rumah == np.arange(n)
    tersentuh = np.zeros(n, bool)
    tersentuh[k.rumah[perubahan.tersentuh(p.orang, n)]] = True
    ada = np.zeros(n, bool)
    ada[dtks.keluarga] = True
    # A couple that moved out is reached where his parents' house already was.
    asal_ada = ada[np.maximum(k.induk, 0)] & (k.induk >= 0) & (np.arange(n) >= n - len(perubahan.baru))
    acak = rng.random(n)
    return pemilik & np.where(ada | asal_ada, acak < np.where(tersentuh, TERSENTUH, RUTIN), acak < BARU)


def _tulis(t: pa.Table, folder: Path, nama: str, bentuk: str, per_berkas: int, hasil: SimulationReport) -> None:
    hasil.berkas += tulis_tabel(t, folder, nama, bentuk, per_berkas)
    hasil.baris[f"{folder.name}/{nama}"] = t.num_rows


def _tulis_kiriman(
    kiriman: dict[str, Kiriman],
    p: Penduduk,
    bulan_awal: str,
    to: Path,
    campuran: ErrorMix,
    bentuk: str,
    per_berkas: int,
    seed: int,
    hasil: SimulationReport,
    lembar: bool,
) -> None:
    """The three deliveries, and the truth about their rows and their damage."""
    hasil.kebenaran.mkdir(parents=True, exist_ok=True)
    salah = []
    for sumber, k in kiriman.items():
        # DTKS is made anew each month; the others are the same files again.
        bulan = hasil.bulan if sumber == "dtks" else bulan_awal
        rng = rng_untuk(seed, f"kontrak {sumber} {bulan}")
        berkas, baris, catatan = k.tulis(
            to / hasil.bulan,
            campuran.rusak,
            bentuk,
            per_berkas,
            rng,
            hasil.kebenaran / "kiriman" if lembar else None,
            seed,
        )
        hasil.berkas += berkas
        hasil.baris |= baris
        salah.append(catatan)
    orang = pa.concat_tables([k.kebenaran(p.orang.keluarga, p.orang.kelahiran) for k in kiriman.values()])
    pq.write_table(orang, hasil.kebenaran / "orang.parquet", compression="zstd")
    semua = pa.concat_tables(salah)
    pq.write_table(semua, hasil.kebenaran / "kesalahan.parquet", compression="zstd")
    hitung = semua.group_by("jenis").aggregate([("record_id", "count")])
    hasil.kesalahan = dict(sorted(zip(hitung["jenis"].to_pylist(), hitung["record_id_count"].to_pylist(), strict=True)))


def _kebenaran_keluarga(p: Penduduk, h: Kesejahteraan) -> pa.Table:
    w, k = p.wilayah, p.keluarga
    kab = w.kabupaten_dari_desa(k.desa)
    return pa.table(
        {
            "family_true": pa.array(np.arange(len(k.desa))),
            "konsumsi_per_kapita": pa.array(np.round(np.exp(h.log_konsumsi))),
            "desil": pa.array(h.desil),
            "jumlah_anggota": pa.array(k.jumlah),
            "kode_desa": ke_arrow(w.desa["kode"][k.desa]),
            "kode_kabupaten": ke_arrow(w.kabupaten["kode"][kab]),
            "kode_provinsi": ke_arrow(w.provinsi["kode"][w.kabupaten["induk"][kab]]),
            "rumah_true": pa.array(k.rumah),
        }
    )


def _tulis_referensi(p: Penduduk, seed: int, campuran: ErrorMix, to: Path, hasil: SimulationReport) -> None:
    w, k, o = p.wilayah, p.keluarga, p.orang
    dipakai = None
    if len(o.lahir) < WILAYAH_LENGKAP_MULAI:
        dipakai = np.unique(np.concatenate([w.desa["induk"][k.desa], w.desa["induk"][k.desa_lama]]))
    _tulis(tabel_referensi(w, dipakai), to / "referensi", "wilayah", "csv", 2**31, hasil)
    susenas = tulis_susenas(w, len(k.desa), seed, p.hari_ini, campuran)
    _tulis(susenas, to / "referensi", "susenas", "csv", 2**31, hasil)
