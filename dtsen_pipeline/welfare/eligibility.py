"""Which programme's policy reaches which family, in the month it is valid for.

What belongs here: checking the dated policy table (``dbt_like_sql/seeds/kebijakan_program.csv``) and applying it. Cut-offs are rows
there and never code: a new decree is a new row, and an old month that runs again keeps the old one.
"""

from __future__ import annotations

import duckdb

from dtsen_pipeline.config import check_month
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.sql.queries import make_table, query

SEED_FILE = "dbt_like_sql/seeds/kebijakan_program.csv"


def apply_policies(con: duckdb.DuckDBPyConnection, month: str) -> dict[str, int]:
    """Write welfare.kebijakan (the policies valid on the first of ``month``, 'YYYY-MM') and welfare.kelayakan.

    Returns the number of families by programme, 0 where it reaches none. Raises InputError where a policy row cannot be read, where
    two rows of one programme hold on the same day, or where no policy is valid in the month.
    """
    first = f"{check_month(month)}-01"
    make_table(con, "kebijakan_terbaca", "welfare/kebijakan_terbaca")
    _refuse(
        con,
        "welfare/kebijakan_rusak",
        "baris tidak terbaca / unreadable row",
        "desil_maks 1-10, tanggal/dates YYYY-MM-DD, kuota >= 0",
    )
    _refuse(
        con,
        "welfare/kebijakan_bertumpuk",
        "masa berlaku bertumpuk / periods overlap",
        "satu baris per program per hari / one row a day",
    )
    make_table(con, "welfare.kebijakan", "welfare/kebijakan", tanggal=first)
    if not con.table("welfare.kebijakan").limit(1).fetchall():
        raise InputError(
            f"tidak ada kebijakan yang berlaku pada {month} / no policy is valid in {month}",
            file=SEED_FILE,
            expected=f"sedikitnya satu baris yang berlaku pada {first} / at least one row valid then",
            action="tambahkan baris dengan dasar hukumnya / add the row with its legal basis",
        )
    run_models(con, ["welfare.kelayakan"])
    families = con.execute(query("welfare/keluarga_per_program")).fetchall()
    return {str(program): int(count) for program, count in families}


def compare_eligibility(con: duckdb.DuckDBPyConnection) -> None:
    """Write welfare.kelayakan_perubahan: who enters or leaves each programme since the last release, and why.

    After ``apply_policies`` and ``changes.compare_with_last_release``. The model says what its columns are and in which order
    reasons are looked for.
    """
    run_models(con, ["welfare.kelayakan_perubahan"])


def _refuse(con: duckdb.DuckDBPyConnection, name: str, message: str, expected: str) -> None:
    """Raise InputError that names the programmes which query ``name`` finds."""
    programs = sorted({str(program) for (program,) in con.execute(query(name)).fetchall()})
    if programs:
        raise InputError(
            f"{', '.join(programs)}: {message}",
            file=SEED_FILE,
            expected=expected,
            action="perbaiki barisnya / mend the row",
        )
