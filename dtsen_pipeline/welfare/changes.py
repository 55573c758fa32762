"""What has changed for each family since the last release, and why.

What belongs here: putting the last release beside this month, and scoring this month's families by the last release's model. What
follows from the two is SQL: ``perubahan``, ``churn`` and ``kelayakan_perubahan`` of ``dbt_like_sql/models/welfare``.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.welfare.scoring import score_sql

# By table of the warehouse: the file of the last release that fills it, and the columns taken with their types. Before the first
# release the table has these columns and no row.
_CHOSEN_COLUMNS = {
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
# By table of the warehouse: the file of the last release that fills it, and the table of this month that has the same columns.
_ALL_COLUMNS = {
    "fitur_lalu": ("fitur_keluarga", "fitur_keluarga"),
    "koefisien_lalu": ("koefisien", "koefisien"),
    "isian_lalu": ("isian", "isian"),
    "model_lalu": ("model_kesejahteraan", "model"),
}
RELEASE_FILES = tuple(sorted(file for file, _ in (_CHOSEN_COLUMNS | _ALL_COLUMNS).values()))
"""Files of a release (``pribadi/<name>.parquet``) that the next month is compared with."""

LAST_RELEASE_TABLES = tuple(f"welfare.{table}" for table in _CHOSEN_COLUMNS | _ALL_COLUMNS)
COMPARISON_TABLES = (
    "welfare.skor_model_lalu",
    "welfare.data_berubah",
    "welfare.peristiwa_keluarga",
    "welfare.perubahan",
    "welfare.churn",
)


def carry_over(con: duckdb.DuckDBPyConnection, files: Mapping[str, str] | None) -> None:
    """Write the tables ``LAST_RELEASE_TABLES`` from the last release; without rows where ``files`` is None.

    ``files``: for each of ``RELEASE_FILES`` the SQL that reads it, in the place of a table. Reads welfare.fitur_keluarga,
    koefisien, isian and model for their columns.
    """
    for table, (file, columns) in _CHOSEN_COLUMNS.items():
        empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
        _fill(con, table, ", ".join(columns), file, files, f"(select {empty})")
    for table, (file, same_columns) in _ALL_COLUMNS.items():
        _fill(con, table, "*", file, files, f"welfare.{same_columns}")


# Not a query file: the columns come from the tables above, and how a file is read depends on its key.
def _fill(
    con: duckdb.DuckDBPyConnection, table: str, columns: str, file: str, files: Mapping[str, str] | None, shape: str
) -> None:
    """Write welfare.``table``: ``columns`` of ``file``, or no row of ``shape`` where ``files`` is None."""
    if files is None:
        con.execute(f"create or replace table welfare.{table} as select * from {shape} as t where false")
    else:
        con.execute(f"create or replace table welfare.{table} as select {columns} from {files[file]}")


def compare_with_last_release(con: duckdb.DuckDBPyConnection) -> None:
    """Write the tables ``COMPARISON_TABLES``: this month's ranking beside the last release's.

    skor_model_lalu: family_id and skor of this month's families by the last release's model. data_berubah: family_id and kolom, the
    features that differ as a comma list. The others are models. Without a last release all are empty. Reads
    ``LAST_RELEASE_TABLES``, marts.keluarga, marts.anggota, welfare.desil, welfare.fitur_keluarga, linkage.penetapan_lalu and
    linkage.crosswalk. Raises InputError where the last model asks for a feature that is no longer made.
    """
    con.execute(f"create or replace table welfare.skor_model_lalu as {_last_model_sql(con)}")
    con.execute(f"create or replace table welfare.data_berubah as {_differing_sql(con)}")
    run_models(con, ["welfare.peristiwa_keluarga", "welfare.perubahan", "welfare.churn"])


def _last_model_sql(con: duckdb.DuckDBPyConnection) -> str:
    """``score_sql`` of the last release's model: with its numbers and its tables, on this month's features."""
    if not con.sql("select 1 from welfare.model_lalu limit 1").fetchall():
        return "select family_id, skor from welfare.skor where false"
    asked = [str(name) for (name,) in con.execute(query("welfare/kolom_isian_lalu")).fetchall()]
    if gone := sorted(set(asked) - set(_columns(con, "fitur_keluarga"))):
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
    """SELECT of welfare.data_berubah. Not a query file: it has a case for each feature that both months have."""
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
