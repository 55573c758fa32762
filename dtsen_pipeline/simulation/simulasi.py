"""The door of the simulation: one month of landing files and, beside them, the truth.

Layout written: `<to>/<month>/{dtks,regsosek,p3ke}/<table>*`, `<to>/referensi/{wilayah,susenas}.csv`, on wish
`<to>/<month>/dukcapil/penduduk.csv`; truth in `<to>/../kebenaran/<month>/{orang,keluarga,kesalahan}.parquet`. The
truth is never written inside the landing folder, because everything there is read as a delivery.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dtsen_pipeline.simulation.berkas import BARIS_PER_BERKAS, langgar_kontrak, tulis_tabel
from dtsen_pipeline.simulation.dasar import rng_untuk
from dtsen_pipeline.simulation.dtks import tulis_dtks
from dtsen_pipeline.simulation.dukcapil import tulis_dukcapil
from dtsen_pipeline.simulation.kerusakan import Catatan, ErrorMix, ke_arrow
from dtsen_pipeline.simulation.kesejahteraan import Kesejahteraan, hitung_kesejahteraan
from dtsen_pipeline.simulation.p3ke import tulis_p3ke
from dtsen_pipeline.simulation.pencacahan import Cacah
from dtsen_pipeline.simulation.penduduk import Penduduk, bangun_penduduk, beri_identitas
from dtsen_pipeline.simulation.regsosek import tulis_regsosek
from dtsen_pipeline.simulation.susenas import tulis_susenas
from dtsen_pipeline.simulation.wilayah import bangun_wilayah, tabel_referensi

# Below this size the reference feed holds only the villages of districts that occur; above it, all of them.
WILAYAH_LENGKAP_MULAI = 100_000
SUMBER = {"dtks": ("rumah_tangga", "anggota"), "regsosek": ("keluarga", "anggota"), "p3ke": ("keluarga", "individu")}
KUNCI = {
    ("dtks", "rumah_tangga"): ("idbdt", None),
    ("dtks", "anggota"): ("idartbdt", "idbdt"),
    ("regsosek", "keluarga"): ("id_keluarga", None),
    ("regsosek", "anggota"): ("id_anggota", "id_keluarga"),
    ("p3ke", "keluarga"): ("id_keluarga", None),
    ("p3ke", "individu"): ("id_individu", "id_keluarga"),
}
CACAT = {
    ("dtks", "rumah_tangga"): [
        ("lantai", "kode"),
        ("luas_lantai", "angka"),
        ("kdkec", "panjang"),
        ("jumlah_art", "minus"),
    ],
    ("dtks", "anggota"): [
        ("nama", "kosong"),
        ("hub_krt", "kode"),
        ("tgllahir", "tanggal"),
        ("ijazah_tertinggi", "kode"),
    ],
    ("regsosek", "keluarga"): [("kd_jenis_dinding", "kode"), ("luas_lantai", "minus"), ("kode_desa", "panjang")],
    ("regsosek", "anggota"): [
        ("nama", "kosong"),
        ("kd_jenis_kelamin", "kode"),
        ("umur", "angka"),
        ("tgl_lahir", "tanggal"),
    ],
    ("p3ke", "keluarga"): [("jenis_lantai", "label"), ("penghasilan", "angka"), ("kode_kemdagri", "panjang")],
    ("p3ke", "individu"): [
        ("nama", "kosong"),
        ("jenis_kelamin", "label"),
        ("tanggal_lahir", "tanggal"),
        ("pendidikan", "label"),
    ],
}


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
    kesalahan: ErrorMix | None = None,
    progress: Callable[[str], None] | None = None,
    format: str = "csv",
    rows_per_file: int = BARIS_PER_BERKAS,
    dukcapil: bool = False,
) -> SimulationReport:
    """Simulate `persons` people and write what the sources deliver in `month` ('2025-03') into the landing folder
    `to`.

    The same arguments write the same bytes (XLSX apart, whose container carries the time). Raises ValueError for a
    month that is not YYYY-MM, fewer than 1 person or an unknown `format`.
    """
    if persons < 1:
        raise ValueError(f"persons must be at least 1, got {persons}")
    campuran = kesalahan if kesalahan is not None else ErrorMix()
    hari_ini = _awal_bulan(month)
    lapor = _Lapor(progress)
    wilayah = bangun_wilayah()
    penduduk = bangun_penduduk(wilayah, persons, seed, hari_ini)
    beri_identitas(penduduk, campuran.nik_dua, campuran.nik_bersama, seed)
    lapor("penduduk / population")
    sejahtera, kegiatan = hitung_kesejahteraan(penduduk, seed)
    lapor("kesejahteraan / welfare")
    hasil = SimulationReport(month, persons, len(penduduk.keluarga.desa), kebenaran=to.parent / "kebenaran" / month)
    hasil.kebenaran.mkdir(parents=True, exist_ok=True)
    orang_benar, kesalahan_benar = [], []
    penulis = {"dtks": tulis_dtks, "regsosek": tulis_regsosek, "p3ke": tulis_p3ke}
    for sumber, tulis in penulis.items():
        c, tabel = tulis(penduduk, sejahtera, kegiatan, campuran, seed)
        lapor(f"{sumber}: isi / contents")
        rng = rng_untuk(seed, f"kontrak {sumber} {month}")
        for nama, t in tabel.items():
            catatan = c.perusak_roster.catatan if nama == SUMBER[sumber][0] else c.perusak.catatan
            t = _urutkan(t, catatan, KUNCI[sumber, nama][0])
            _simpan(t, catatan, sumber, nama, month, to, campuran, format, rows_per_file, rng, hasil)
        orang_benar.append(_kebenaran_orang(penduduk, c))
        kesalahan_benar += _kebenaran_kesalahan(c)
        lapor(f"{sumber}: berkas / files")
    pq.write_table(pa.concat_tables(orang_benar), hasil.kebenaran / "orang.parquet", compression="zstd")
    salah = (
        pa.concat_tables(kesalahan_benar)
        if kesalahan_benar
        else pa.table({"source": [], "tabel": [], "record_id": [], "jenis": []})
    )
    pq.write_table(salah, hasil.kebenaran / "kesalahan.parquet", compression="zstd")
    hitung = salah.group_by("jenis").aggregate([("record_id", "count")]) if salah.num_rows else None
    if hitung is not None:
        hasil.kesalahan = dict(
            sorted(zip(hitung["jenis"].to_pylist(), hitung["record_id_count"].to_pylist(), strict=True))
        )
    pq.write_table(_kebenaran_keluarga(penduduk, sejahtera), hasil.kebenaran / "keluarga.parquet", compression="zstd")
    if dukcapil:
        _, register = tulis_dukcapil(penduduk, seed)
        hasil.berkas += tulis_tabel(register, to / month / "dukcapil", "penduduk", format, rows_per_file)
        hasil.baris["dukcapil/penduduk"] = register.num_rows
    _tulis_referensi(penduduk, seed, campuran, to, hasil)
    lapor("referensi, kebenaran / references, truth")
    hasil.detik = lapor.detik
    return hasil


def _awal_bulan(month: str) -> int:
    try:
        return int(np.datetime64(f"{month}-01", "D").astype(int)) if len(month) == 7 else _salah_bulan(month)
    except ValueError as galat:
        raise ValueError(f"month must be YYYY-MM, got {month!r}") from galat


def _salah_bulan(month: str) -> int:
    raise ValueError(f"month must be YYYY-MM, got {month!r}")


class _Lapor:
    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress, self.mulai, self.detik = progress, time.perf_counter(), dict[str, float]()

    def __call__(self, tahap: str) -> None:
        sekarang = time.perf_counter()
        self.detik[tahap] = round(sekarang - self.mulai, 2)
        self.mulai = sekarang
        if self.progress is not None:
            self.progress(f"{tahap}: {self.detik[tahap]:.1f} s")


def _urutkan(t: pa.Table, catatan: Catatan, kunci: str) -> pa.Table:
    """Rows by their number, which tells nothing of families; the notes are moved along."""
    urutan = np.argsort(t.column(kunci).to_numpy().astype("S14"), kind="stable")
    tempat = np.empty(len(urutan), np.int64)
    tempat[urutan] = np.arange(len(urutan))
    for jenis, daftar in catatan.jenis.items():
        catatan.jenis[jenis] = [tempat[d] for d in daftar]
    catatan.urutan = urutan
    return t.take(pa.array(urutan))


def _simpan(
    t: pa.Table,
    catatan: Catatan,
    sumber: str,
    nama: str,
    month: str,
    to: Path,
    campuran: ErrorMix,
    bentuk: str,
    rows_per_file: int,
    rng: np.random.Generator,
    hasil: SimulationReport,
) -> None:
    kunci, induk = KUNCI[sumber, nama]
    pendek = rng.poisson(campuran.rusak * t.num_rows * 0.1) if bentuk not in ("parquet", "xlsx") else 0
    t = langgar_kontrak(t, kunci, induk, campuran.rusak, rng, CACAT[sumber, nama], catatan.tambah)
    if (sumber, nama) == ("p3ke", "keluarga"):
        t = t.rename_columns(["bnpt" if k == "bpnt" else k for k in t.column_names])
    hasil.berkas += tulis_tabel(t, to / month / sumber, nama, bentuk, rows_per_file, pendek)
    hasil.baris[f"{sumber}/{nama}"] = t.num_rows + pendek


def _kebenaran_orang(p: Penduduk, c: Cacah) -> pa.Table:
    return pa.table(
        {
            "source": pa.array([c.sumber]).take(pa.array(np.zeros(len(c.orang), np.int64))),
            "record_id": ke_arrow(c.id_orang),
            "person_true": pa.array(c.orang),
            "family_true": pa.array(p.orang.keluarga[c.orang]),
        }
    )


def _kebenaran_kesalahan(c: Cacah) -> list[pa.Table]:
    hasil = []
    for nama, perusak, ids in zip(
        SUMBER[c.sumber], (c.perusak_roster, c.perusak), (c.id_roster, c.id_orang), strict=True
    ):
        terurut = ids[perusak.catatan.urutan]
        for jenis, daftar in perusak.catatan.jenis.items():
            baris = np.unique(np.concatenate(daftar))
            hasil.append(
                pa.table(
                    {
                        "source": pa.array([c.sumber] * len(baris)),
                        "tabel": pa.array([nama] * len(baris)),
                        "record_id": ke_arrow(terurut[baris]),
                        "jenis": pa.array([jenis] * len(baris)),
                    }
                )
            )
    return hasil


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
    for nama, tabel in (
        ("wilayah", tabel_referensi(w, dipakai)),
        ("susenas", tulis_susenas(w, len(k.desa), seed, p.hari_ini, campuran)),
    ):
        hasil.berkas += tulis_tabel(tabel, to / "referensi", nama, "csv")
        hasil.baris[f"referensi/{nama}"] = tabel.num_rows
