"""Keep what one source delivers together with the truth: the persons and families behind the rows, and the damage.

Belongs here: sorting rows, replacing them by later ones, breaking and writing them, without losing the truth.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dtsen_pipeline.simulation.base import Booleans, Codes, Integers
from dtsen_pipeline.simulation.damage import Notes, to_arrow
from dtsen_pipeline.simulation.enumeration import Enumeration
from dtsen_pipeline.simulation.files import break_contract, write_table
from dtsen_pipeline.simulation.spreadsheet import damage_cells, write_spreadsheet

# Source -> its roster table and its person table, each with its key.
TABLES = {
    "dtks": (("rumah_tangga", "idbdt"), ("anggota", "idartbdt")),
    "regsosek": (("keluarga", "id_keluarga"), ("anggota", "id_anggota")),
    "p3ke": (("keluarga", "id_keluarga"), ("individu", "id_individu")),
}
# (column, kind) of the ways in which a row can break its contract, beside repeated keys and orphans.
DEFECTS = {
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
# Lines that end too early, as a share of the rows that break their contract.
SHORT_LINE_SHARE = 0.1


@dataclass
class Delivery:
    """Two tables sorted by key, `roster` and `anggota`, with the truth by row of one or the other."""

    source: str
    roster: pa.Table
    anggota: pa.Table
    keluarga: Integers  # family that a roster row describes
    persons: Integers  # true person of a person row
    roster_keluarga: Integers  # family of the roster the person row stands on
    damage: pa.Table  # source, tabel, record_id, jenis

    def updated(self, new: "Delivery", renewed: Booleans) -> "Delivery":
        """Return the delivery a month later, where the rosters of `new` replace those of the `renewed` families.

        A person who stands on a new roster leaves the old one, since the key of a person row stays the person's.
        """
        key = TABLES[self.source][1][1]
        moved = np.isin(_column(self.anggota, key), _column(new.anggota, key))
        kept_roster, kept_anggota = ~renewed[self.keluarga], ~renewed[self.roster_keluarga] & ~moved
        kept_damage = pa.concat_tables(
            _damage_of(self.damage, table_name, _column(t, k)[mask])
            for (table_name, k), t, mask in zip(
                TABLES[self.source], (self.roster, self.anggota), (kept_roster, kept_anggota), strict=True
            )
        )
        return _sorted_by_key(
            Delivery(
                self.source,
                pa.concat_tables([self.roster.filter(pa.array(kept_roster)), new.roster]),
                pa.concat_tables([self.anggota.filter(pa.array(kept_anggota)), new.anggota]),
                np.r_[self.keluarga[kept_roster], new.keluarga],
                np.r_[self.persons[kept_anggota], new.persons],
                np.r_[self.roster_keluarga[kept_anggota], new.roster_keluarga],
                pa.concat_tables([kept_damage, new.damage]),
            )
        )

    def truth(self, keluarga_of_person: Integers, first_born: Integers) -> pa.Table:
        """Return the truth of the person rows: source, record_id, person_true, family_true, birth_true (same for twins)."""
        return pa.table(
            {
                "source": _repeated(self.source, len(self.persons)),
                "record_id": self.anggota.column(TABLES[self.source][1][1]),
                "person_true": pa.array(self.persons),
                "family_true": pa.array(keluarga_of_person[self.persons]),
                "birth_true": pa.array(first_born[self.persons]),
            }
        )

    def write(
        self,
        folder: Path,
        broken_share: float,
        file_format: str,
        rows_per_file: int,
        rng: np.random.Generator,
        cells_folder: Path | None = None,
        seed: int = 0,
    ) -> tuple[list[Path], dict[str, int], pa.Table]:
        """Break the contract in `broken_share` of the rows and write both tables. Returns paths, numbers of rows, damage.

        With `cells_folder` both tables go through a spreadsheet, whatever `file_format`. What their cells hold is
        written to that folder as Parquet, so it is known without reading the files.
        """
        paths, row_counts, damage = [], {}, [self.damage]
        (_, roster_key), _ = TABLES[self.source]
        for (table_name, key), t in zip(TABLES[self.source], (self.roster, self.anggota), strict=True):
            notes = Notes()
            parent_column = roster_key if t is self.anggota else None
            short_lines = (
                int(rng.poisson(broken_share * t.num_rows * SHORT_LINE_SHARE))
                if file_format not in ("parquet", "xlsx")
                else 0
            )
            ids = _column(t, key)
            damaged = break_contract(
                t, key, parent_column, broken_share, rng, DEFECTS[self.source, table_name], notes.add
            )
            if "bpnt" in damaged.column_names:
                # The release has a misspelt header, which the contract knows as an alias.
                damaged = damaged.rename_columns(["bnpt" if k == "bpnt" else k for k in damaged.column_names])
            if cells_folder is not None:
                cells_folder.mkdir(parents=True, exist_ok=True)
                damaged, short_lines = damage_cells(damaged, self.source, table_name, key, seed), 0
                pq.write_table(damaged, cells_folder / f"{self.source}_{table_name}.parquet")
                paths.append(write_spreadsheet(damaged, folder / self.source, self.source, table_name))
            else:
                paths += write_table(damaged, folder / self.source, table_name, file_format, rows_per_file, short_lines)
            row_counts[f"{self.source}/{table_name}"] = damaged.num_rows + short_lines
            damage.append(_damage_table(self.source, table_name, ids, notes))
        return paths, row_counts, pa.concat_tables(damage)


def delivery_of(c: Enumeration, tables: dict[str, pa.Table]) -> Delivery:
    """Return a source's tables as a delivery, sorted by key. Keys reveal nothing, so neither does the order."""
    (roster_table, _), (person_table, _) = TABLES[c.source]
    damage = [
        _damage_table(c.source, table_name, ids, damager.notes)
        for table_name, ids, damager in (
            (roster_table, c.roster_id, c.roster_damager),
            (person_table, c.person_id, c.damager),
        )
    ]
    return _sorted_by_key(
        Delivery(
            c.source,
            tables[roster_table],
            tables[person_table],
            c.keluarga,
            c.persons,
            c.keluarga[c.roster],
            pa.concat_tables(damage),
        )
    )


def _sorted_by_key(k: Delivery) -> Delivery:
    (_, roster_key), (_, person_key) = TABLES[k.source]
    r = np.argsort(_column(k.roster, roster_key), kind="stable")
    o = np.argsort(_column(k.anggota, person_key), kind="stable")
    return Delivery(
        k.source,
        k.roster.take(pa.array(r)),
        k.anggota.take(pa.array(o)),
        k.keluarga[r],
        k.persons[o],
        k.roster_keluarga[o],
        k.damage,
    )


def _column(t: pa.Table, key: str) -> Codes:
    """Return a column of keys as byte strings."""
    codes: Codes = t.column(key).to_numpy().astype("S14")
    return codes


def _repeated(text: str, n: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(n, np.int64)))


def _damage_table(source: str, table_name: str, ids: Codes, notes: Notes) -> pa.Table:
    """Return notes as a table of source, tabel, record_id, jenis. `ids` holds the keys by row."""
    parts = [(kind, np.unique(np.concatenate(rows_of_kind))) for kind, rows_of_kind in notes.by_kind.items()]
    return pa.table(
        {
            "source": _repeated(source, sum(len(b) for _, b in parts)),
            "tabel": _repeated(table_name, sum(len(b) for _, b in parts)),
            "record_id": to_arrow(np.concatenate([ids[b] for _, b in parts]) if parts else ids[:0]),
            "jenis": pa.chunked_array([_repeated(kind, len(b)) for kind, b in parts], pa.string()),
        }
    )


def _damage_of(damage: pa.Table, table_name: str, ids: Codes) -> pa.Table:
    """Return the damage of the rows `ids` of one table."""
    at = np.isin(_column(damage, "record_id"), ids) & (damage.column("tabel").to_numpy() == table_name)
    return damage.filter(pa.array(at))
