"""Small raw tables for tests of the SQL models: rows as dicts, with defaults for what a test does not mean.

What belongs here: building ``raw.*`` by hand and running models over it. Nothing about files: see the reader's tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

import duckdb

from dtsen_pipeline.contracts import model as contracts
from dtsen_pipeline.sql.models import load_seeds, run_models, upstream
from dtsen_pipeline.storage.warehouse import connect

Row = Mapping[str, object]

BULAN = "2025-03-01"
ROWS_A_STATEMENT = 100

# Two villages of a kecamatan and one elsewhere, with what lies above.
# BPS 3519140 is Kemendagri 351914; BPS 1213 is Kemendagri 1212.
WILAYAH: tuple[tuple[int, str, str, str], ...] = (
    (1, "35", "35", "Jawa Timur"),
    (2, "3519", "3519", "Madiun"),
    (3, "351914", "3519140", "Wungu"),
    (4, "3519142006", "3519140006", "Lebakayu"),
    (4, "3519142007", "3519140007", "Mojopurno"),
    (1, "12", "12", "Sumatera Utara"),
    (2, "1212", "1213", "Toba"),
    (3, "121202", "1213020", "Laguboti"),
    (4, "1212022013", "1213020013", "Pintu Bosi"),
)

DEFAULTS: dict[str, dict[str, str]] = {
    "dtks_rumah_tangga": {
        "idbdt": "D1",
        "kdprop": "35",
        "kdkab": "19",
        "kdkec": "140",
        "kddesa": "006",
        "lastupdatedata": "2025-01-15",
        "nonaktif": "0",
    },
    "dtks_anggota": {
        "idartbdt": "DA1",
        "idbdt": "D1",
        "nuk": "1",
        "nama": "BUDI SANTOSO",
        "hub_krt": "1",
        "jnskel": "1",
    },
    "regsosek_keluarga": {
        "id_keluarga": "R1",
        "kode_provinsi": "35",
        "kode_kabupaten": "19",
        "kode_kecamatan": "140",
        "kode_desa": "006",
        "tanggal_pendataan": "2022-11-01",
    },
    "regsosek_anggota": {
        "id_anggota": "RA1",
        "id_keluarga": "R1",
        "nama": "BUDI SANTOSO",
        "kd_hubungan_keluarga": "1",
        "kd_jenis_kelamin": "1",
    },
    "p3ke_keluarga": {"id_keluarga": "P1", "kode_kemdagri": "3519142006", "tanggal_data": "2023-06-30"},
    "p3ke_individu": {
        "id_individu": "PA1",
        "id_keluarga": "P1",
        "nama": "BUDI SANTOSO",
        "hub_dgn_kpl_keluarga": "Kepala Keluarga",
        "jenis_kelamin": "Laki-laki",
    },
    "referensi_wilayah": {"berlaku_dari": "2010-01-01"},
    "referensi_susenas": {
        "id_ruta": "S1",
        "kode_bps_kabupaten": "3519",
        "penimbang": "40",
        "jumlah_art": "3",
        "pengeluaran_per_kapita": "1000000",
    },
    "dukcapil_penduduk": {},
    "pemutakhiran_usulan": {},
}


def wilayah_rows() -> list[Row]:
    """Rows of ``referensi_wilayah`` for the areas of ``WILAYAH``."""
    return [
        {"tingkat": str(level), "kode_kemendagri": kemendagri, "kode_bps": bps, "nama": name}
        for level, kemendagri, bps, name in WILAYAH
    ]


@contextmanager
def warehouse(
    tables: Mapping[str, Iterable[Row]] | None = None, *, models: Iterable[str] = (), bulan: str = BULAN
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory warehouse: ``raw.*`` from ``tables``, the seeds, and ``models`` with everything they stand on.

    Every contract column is there as text; what a row leaves out takes the table's default, else NULL. Deliveries are
    of February 2025.
    """
    given = {"referensi_wilayah": wilayah_rows(), **(tables or {})}
    with connect(None) as con:
        con.execute("set threads = 1")  # a handful of rows: waking threads costs more than they do
        con.execute("create table raw.run as select cast(? as date) as bulan", [bulan])
        con.execute("create table raw.deliveries (source varchar, tabel varchar, bulan_kirim varchar, file varchar)")
        for source in contracts.load().values():
            for table in source.tables.values():
                name = f"{source.source}_{table.name}"
                if source.delivery == "bulanan":
                    delivery = [source.source, table.name, "2025-02", f"{name}.csv"]
                    con.execute("insert into raw.deliveries values (?, ?, ?, ?)", delivery)
                _fill(con, name, list(table.columns), list(given.get(name, ())))
        load_seeds(con)
        run_models(con, upstream(models))
        yield con


def _fill(con: duckdb.DuckDBPyConnection, name: str, columns: list[str], rows: list[Row]) -> None:
    names = [*columns, "_file", "_lain"]
    con.execute(f"create table raw.{name} ({', '.join(f'{column} varchar' for column in names)}, _line bigint)")
    given: list[list[object]] = []
    for number, row in enumerate(rows, start=2):
        if unknown := set(row) - set(columns):
            raise ValueError(f"{name} has no column {sorted(unknown)}")
        full: dict[str, object] = {**DEFAULTS[name], **row}
        values = [None if full.get(column) is None else str(full[column]) for column in columns]
        given.append([*values, f"{name}.csv", None, number])
    # Many rows a statement: planning one costs more than its rows.
    marks = f"({', '.join('?' for _ in names)}, ?)"
    for start in range(0, len(given), ROWS_A_STATEMENT):
        part = given[start : start + ROWS_A_STATEMENT]
        con.execute(f"insert into raw.{name} values {', '.join([marks] * len(part))}", [*chain.from_iterable(part)])


def records(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """The only row of a query."""
    (row,) = records(con, sql)
    return row
