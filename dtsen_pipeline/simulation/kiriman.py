"""What one source delivers, with what is true of it: rows, the persons and families behind them, and the damage done.

Belongs here: keeping rows, truth and notes together while rows are sorted, replaced by later ones, spoilt and written.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dtsen_pipeline.simulation.berkas import langgar_kontrak, tulis_tabel
from dtsen_pipeline.simulation.dasar import Bilangan, Kode, Logika
from dtsen_pipeline.simulation.kerusakan import Catatan, ke_arrow
from dtsen_pipeline.simulation.lembar import rusak_lembar, tulis_lembar
from dtsen_pipeline.simulation.pencacahan import Cacah

# Source -> its roster table and its person table, each with its key.
TABEL = {
    "dtks": (("rumah_tangga", "idbdt"), ("anggota", "idartbdt")),
    "regsosek": (("keluarga", "id_keluarga"), ("anggota", "id_anggota")),
    "p3ke": (("keluarga", "id_keluarga"), ("individu", "id_individu")),
}
# Where and how a row can break its contract, beside a repeated key and an orphan.
CACAT = {
    ("dtks", "rumah_tangga"): [
        ("lantai", "kode"),
        ("luas_lantai", "angka"),
        ("kdkec", "panjang"),
        ("jumlah_art", "minus"),
    ],
    ("dtks", "anggota"): [("nama", "kosong"), ("hub_krt", "kode"), ("tgllahir", "tanggal"), ("sta_kawin", "kode")],
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
# Lines that end too early, as a share of the rows that break the contract.
BARIS_PENDEK = 0.1


@dataclass
class Kiriman:
    """Two tables sorted by key; `orang` and `milik` run along the person rows, `keluarga` along the roster rows."""

    sumber: str
    roster: pa.Table
    anggota: pa.Table
    keluarga: Bilangan  # family described by a roster row
    orang: Bilangan  # true person of a person row
    milik: Bilangan  # family of the roster the person row stands on
    kesalahan: pa.Table  # source, tabel, record_id, jenis

    def ganti(self, baru: "Kiriman", diperbarui: Logika) -> "Kiriman":
        """The same delivery a month later: rosters of the families in `diperbarui` give way to those of `baru`.

        A person who stands on a new roster leaves the old one, since the key of a person row stays the person's.
        """
        kunci = TABEL[self.sumber][1][1]
        pindah = np.isin(_isi(self.anggota, kunci), _isi(baru.anggota, kunci))
        roster_tetap, anggota_tetap = ~diperbarui[self.keluarga], ~diperbarui[self.milik] & ~pindah
        salah_tetap = pa.concat_tables(
            _pilih_salah(self.kesalahan, nama, _isi(t, k)[topeng])
            for (nama, k), t, topeng in zip(
                TABEL[self.sumber], (self.roster, self.anggota), (roster_tetap, anggota_tetap), strict=True
            )
        )
        return _urutkan(
            Kiriman(
                self.sumber,
                pa.concat_tables([self.roster.filter(pa.array(roster_tetap)), baru.roster]),
                pa.concat_tables([self.anggota.filter(pa.array(anggota_tetap)), baru.anggota]),
                np.r_[self.keluarga[roster_tetap], baru.keluarga],
                np.r_[self.orang[anggota_tetap], baru.orang],
                np.r_[self.milik[anggota_tetap], baru.milik],
                pa.concat_tables([salah_tetap, baru.kesalahan]),
            )
        )

    def kebenaran(self, keluarga_orang: Bilangan, kelahiran: Bilangan) -> pa.Table:
        """Truth of the person rows: source, record_id, person_true, family_true, birth_true (one number for twins)."""
        return pa.table(
            {
                "source": _ulang(self.sumber, len(self.orang)),
                "record_id": self.anggota.column(TABEL[self.sumber][1][1]),
                "person_true": pa.array(self.orang),
                "family_true": pa.array(keluarga_orang[self.orang]),
                "birth_true": pa.array(kelahiran[self.orang]),
            }
        )

    def tulis(
        self,
        folder: Path,
        rusak: float,
        bentuk: str,
        baris_per_berkas: int,
        rng: np.random.Generator,
        sampai: Path | None = None,
        seed: int = 0,
    ) -> tuple[list[Path], dict[str, int], pa.Table]:
        """Break the contract in a share `rusak` of the rows and write both tables: paths, rows, and all notes.

        With the folder `sampai` both pass through a spreadsheet, whatever `bentuk`; what is in their cells then goes
        there too, as Parquet, so that it is known without reading the files.
        """
        berkas, baris, salah = [], {}, [self.kesalahan]
        (_, kunci_induk), _ = TABEL[self.sumber]
        for (nama, kunci), t in zip(TABEL[self.sumber], (self.roster, self.anggota), strict=True):
            catatan = Catatan()
            induk = kunci_induk if t is self.anggota else None
            pendek = int(rng.poisson(rusak * t.num_rows * BARIS_PENDEK)) if bentuk not in ("parquet", "xlsx") else 0
            ids = _isi(t, kunci)
            cacat = langgar_kontrak(t, kunci, induk, rusak, rng, CACAT[self.sumber, nama], catatan.tambah)
            if "bpnt" in cacat.column_names:
                # The release carries a misspelt header; the contract knows it as an alias.
                cacat = cacat.rename_columns(["bnpt" if k == "bpnt" else k for k in cacat.column_names])
            if sampai is not None:
                sampai.mkdir(parents=True, exist_ok=True)
                cacat, pendek = rusak_lembar(cacat, self.sumber, nama, kunci, seed), 0
                pq.write_table(cacat, sampai / f"{self.sumber}_{nama}.parquet")
                berkas.append(tulis_lembar(cacat, folder / self.sumber, self.sumber, nama))
            else:
                berkas += tulis_tabel(cacat, folder / self.sumber, nama, bentuk, baris_per_berkas, pendek)
            baris[f"{self.sumber}/{nama}"] = cacat.num_rows + pendek
            salah.append(_tabel_salah(self.sumber, nama, ids, catatan))
        return berkas, baris, pa.concat_tables(salah)


def kiriman_dari(c: Cacah, tabel: dict[str, pa.Table]) -> Kiriman:
    """Rows as enumerated, sorted by key: the numbers tell nothing, so neither does the order."""
    (nama_r, _), (nama_o, _) = TABEL[c.sumber]
    salah = [
        _tabel_salah(c.sumber, nama, ids, perusak.catatan)
        for nama, ids, perusak in ((nama_r, c.id_roster, c.perusak_roster), (nama_o, c.id_orang, c.perusak))
    ]
    return _urutkan(
        Kiriman(
            c.sumber,
            tabel[nama_r],
            tabel[nama_o],
            c.keluarga,
            c.orang,
            c.keluarga[c.roster],
            pa.concat_tables(salah),
        )
    )


def _urutkan(k: Kiriman) -> Kiriman:
    (_, kunci_r), (_, kunci_o) = TABEL[k.sumber]
    r = np.argsort(_isi(k.roster, kunci_r), kind="stable")
    o = np.argsort(_isi(k.anggota, kunci_o), kind="stable")
    return Kiriman(
        k.sumber,
        k.roster.take(pa.array(r)),
        k.anggota.take(pa.array(o)),
        k.keluarga[r],
        k.orang[o],
        k.milik[o],
        k.kesalahan,
    )


def _isi(t: pa.Table, kunci: str) -> Kode:
    return t.column(kunci).to_numpy().astype("S14")


def _ulang(teks: str, n: int) -> pa.Array:
    return pa.array([teks]).take(pa.array(np.zeros(n, np.int64)))


def _tabel_salah(sumber: str, nama: str, ids: Kode, catatan: Catatan) -> pa.Table:
    bagian = [(jenis, np.unique(np.concatenate(daftar))) for jenis, daftar in catatan.jenis.items()]
    return pa.table(
        {
            "source": _ulang(sumber, sum(len(b) for _, b in bagian)),
            "tabel": _ulang(nama, sum(len(b) for _, b in bagian)),
            "record_id": ke_arrow(np.concatenate([ids[b] for _, b in bagian]) if bagian else ids[:0]),
            "jenis": pa.chunked_array([_ulang(jenis, len(b)) for jenis, b in bagian], pa.string()),
        }
    )


def _pilih_salah(salah: pa.Table, nama: str, ids: Kode) -> pa.Table:
    di = np.isin(_isi(salah, "record_id"), ids) & (salah.column("tabel").to_numpy() == nama)
    return salah.filter(pa.array(di))
