"""What has changed for each family since the last release, and why.

What belongs here: putting the last release beside this month, and this month's families scored by the last release's
model. What follows from the two is SQL: ``perubahan``, ``churn`` and ``kelayakan_perubahan`` of
``dbt_like_sql/models/welfare``.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.welfare.scoring import score_sql

# Table of the last release in the warehouse: the file of the release that fills it, and the columns taken. Before the first
# release it has the same columns and no row; a type is said where this month has no table of that shape to copy.
_TABLES = {
    "keluarga_lalu": (
        "keluarga",
        {
            "family_id": "varchar",
            "kode_kabupaten": "varchar",
            "nama_kabupaten": "varchar",
            "skor": "double",
            "desil_nasional": "integer",
        },
    ),
    "anggota_lalu": ("anggota", {"person_id": "varchar", "family_id": "varchar"}),
    "kelayakan_lalu": ("kelayakan", {"program": "varchar", "family_id": "varchar"}),
    "kebijakan_lalu": (
        "kebijakan",
        {"program": "varchar", "desil_maks": "integer", "kuota": "bigint", "berlaku_dari": "date"},
    ),
}
# The same, for tables that have the shape of one of this month's.
_TWINS = {
    "fitur_lalu": ("fitur_keluarga", "fitur_keluarga"),
    "koefisien_lalu": ("koefisien", "koefisien"),
    "isian_lalu": ("isian", "isian"),
    "model_lalu": ("model_kesejahteraan", "model"),
}
FILES = tuple(sorted(file for file, _ in (_TABLES | _TWINS).values()))
"""Files of a release (``pribadi/<name>.parquet``) that the next month is compared with."""

RECALLED = tuple(f"welfare.{table}" for table in _TABLES | _TWINS)
COMPARED = (
    "welfare.skor_model_lalu",
    "welfare.data_berubah",
    "welfare.peristiwa_keluarga",
    "welfare.perubahan",
    "welfare.churn",
)


def recall(con: duckdb.DuckDBPyConnection, files: Mapping[str, str] | None) -> None:
    """Write the tables ``RECALLED`` from the last release; without rows where ``files`` is None.

    ``files`` says what each of ``FILES`` is read by, as SQL.

    Reads welfare.fitur_keluarga, koefisien, isian and model for their columns.
    """
    for table, (file, columns) in _TABLES.items():
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
        _fill(con, table, ", ".join(columns), file, files, f"(select {empty})")
    for table, (file, twin) in _TWINS.items():
        _fill(con, table, "*", file, files, f"welfare.{twin}")


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, columns: str, file: str, files: Mapping[str, str] | None, shape: str
) -> None:
    if files is None:
        con.execute(f"create or replace table welfare.{table} as select * from {shape} as t where false")
    else:
        con.execute(f"create or replace table welfare.{table} as select {columns} from {files[file]}")


def compare(con: duckdb.DuckDBPyConnection) -> None:
    """Compare this month's ranking with the last release: writes the tables ``COMPARED``.

    skor_model_lalu: family_id, skor of this month's families by the last release's model. data_berubah: family_id, kolom
    (comma list of the features that differ). The others are models, see there. Reads ``RECALLED``, marts.keluarga,
    marts.anggota, welfare.desil, welfare.fitur_keluarga, linkage.penetapan_lalu and linkage.crosswalk. Without a last
    release all are empty. Raises InputError where the last model asks for a feature that is no longer made.
    """
    con.execute(f"create or replace table welfare.skor_model_lalu as {_last_model_sql(con)}")
    con.execute(f"create or replace table welfare.data_berubah as {_differing_sql(con)}")
    run_models(con, ["welfare.peristiwa_keluarga", "welfare.perubahan", "welfare.churn"])


def _last_model_sql(con: duckdb.DuckDBPyConnection) -> str:
    """``score_sql`` as the last release's model would have it: its numbers, its tables, this month's features."""
    if not con.sql("select 1 from welfare.model_lalu limit 1").fetchall():
        return "select family_id, skor from welfare.skor where false"
    made = set(_columns(con, "fitur_keluarga"))
    asked = {name for (name,) in con.execute("select distinct kolom from welfare.isian_lalu").fetchall()}
    if gone := sorted(asked - made):
        raise InputError(
            "model rilis terakhir memakai kolom yang tidak dibuat lagi / the last release's model uses features no longer "
            f"made: {', '.join(gone)}",
            expected="semua kolomnya di/all of them in welfare.fitur_keluarga",
            action="terbitkan ulang bulan rilis terakhir dengan versi ini / publish the last released month again first",
        )
    with duckdb.connect() as past:
        past.execute("create schema welfare")
        for table in ("koefisien", "isian", "model"):
            past.register("lalu", con.sql(f"from welfare.{table}_lalu").to_arrow_table())
            past.execute(f"create table welfare.{table} as from lalu")
        scored = sqlglot.parse_one(score_sql(past), read="duckdb")
    for named in scored.find_all(exp.Table):
        if named.name in ("koefisien", "isian"):
            named.this.set("this", f"{named.name}_lalu")
    return f"select family_id, skor from ({scored.sql(dialect='duckdb')}) as t"


def _differing_sql(con: duckdb.DuckDBPyConnection) -> str:
    past = set(_columns(con, "fitur_lalu"))
    shared = [name for name in _columns(con, "fitur_keluarga") if name in past and name != "family_id"]
    differing = ", ".join(f"case when f.{name} is distinct from l.{name} then '{name}' end" for name in shared)
    return (
        f"select family_id, kolom from (select f.family_id, concat_ws(',', {differing}) as kolom\n"
        "from welfare.fitur_keluarga as f inner join welfare.fitur_lalu as l on f.family_id = l.family_id) as t\n"
        "where kolom <> ''"
    )


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(name) for name, *_ in con.execute(f"describe welfare.{table}").fetchall()]
