"""Which programme's policy reaches which family, in the month it is valid for.

What belongs here: reading and checking the dated policy table (``dbt_like_sql/seeds/kebijakan_program.csv``). Cut-offs
are rows there and never code: a new decree is a new row, and an old month run again keeps the old one.
"""

from __future__ import annotations

import duckdb

from dtsen_pipeline.config import check_month
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models

SEED_FILE = "dbt_like_sql/seeds/kebijakan_program.csv"

_TYPED = """
    select
        trim(program) as program,
        try_cast(desil_maks as integer) as desil_maks,
        try_cast(nullif(trim(kuota), '') as bigint) as kuota,
        try_cast(berlaku_dari as date) as berlaku_dari,
        try_cast(nullif(trim(berlaku_sampai), '') as date) as berlaku_sampai,
        dasar_hukum,
        catatan,
        nullif(trim(kuota), '') as kuota_asal,
        nullif(trim(berlaku_sampai), '') as sampai_asal
    from seeds.kebijakan_program
"""

_BROKEN = f"""
    select program from ({_TYPED}) as t
    where program is null or program = '' or desil_maks is null or desil_maks not between 1 and 10
        or berlaku_dari is null or (sampai_asal is not null and berlaku_sampai is null) or berlaku_sampai < berlaku_dari
        or (kuota_asal is not null and (kuota is null or kuota < 0))
    order by program
"""

_OVERLAPPING = f"""
    select distinct a.program
    from ({_TYPED}) as a
    inner join ({_TYPED}) as b on a.program = b.program
        and a.berlaku_dari <= coalesce(b.berlaku_sampai, date '9999-12-31')
        and b.berlaku_dari <= coalesce(a.berlaku_sampai, date '9999-12-31')
        and (a.berlaku_dari <> b.berlaku_dari)
    union all
    select program from ({_TYPED}) as t group by program, berlaku_dari having count(*) > 1
    order by program
"""


def apply_policies(con: duckdb.DuckDBPyConnection, month: str) -> dict[str, int]:
    """Write welfare.kebijakan (the policies valid on the first of ``month``, 'YYYY-MM') and welfare.kelayakan.

    Returns families by programme, 0 where none is reached. Raises InputError where a policy row cannot be read, two
    rows of one programme hold on the same day, or no policy at all is valid in the month.
    """
    first = f"{check_month(month)}-01"
    _refuse(
        con, _BROKEN, "baris tidak terbaca / unreadable row", "desil_maks 1-10, tanggal/dates YYYY-MM-DD, kuota >= 0"
    )
    _refuse(
        con, _OVERLAPPING, "masa berlaku bertumpuk / periods overlap", "satu baris per program per hari / one row a day"
    )
    con.execute(
        f"""create or replace table welfare.kebijakan as
        select program, desil_maks, kuota, berlaku_dari, berlaku_sampai, dasar_hukum, catatan from ({_TYPED}) as t
        where berlaku_dari <= cast(? as date) and (berlaku_sampai is null or berlaku_sampai >= cast(? as date))""",
        [first, first],
    )
    if not con.sql("select 1 from welfare.kebijakan limit 1").fetchall():
        raise InputError(
            f"tidak ada kebijakan yang berlaku pada {month} / no policy is valid in {month}",
            file=SEED_FILE,
            expected=f"sedikitnya satu baris yang berlaku pada {first} / at least one row valid then",
            action="tambahkan baris dengan dasar hukumnya / add the row with its legal basis",
        )
    run_models(con, ["welfare.kelayakan"])
    counted = con.sql(
        "select p.program, count(k.family_id) from welfare.kebijakan as p "
        "left join welfare.kelayakan as k on p.program = k.program group by p.program order by p.program"
    ).fetchall()
    return {str(program): int(families) for program, families in counted}


def compare(con: duckdb.DuckDBPyConnection) -> None:
    """Write welfare.kelayakan_perubahan: who enters or leaves each programme since the last release, and why.

    After ``apply_policies`` and ``changes.compare``; the columns and the order of reasons are told in the model.
    """
    run_models(con, ["welfare.kelayakan_perubahan"])


def _refuse(con: duckdb.DuckDBPyConnection, sql: str, message: str, expected: str) -> None:
    programs = sorted({str(row[0]) for row in con.sql(sql).fetchall()})
    if programs:
        raise InputError(
            f"{', '.join(programs)}: {message}",
            file=SEED_FILE,
            expected=expected,
            action="perbaiki barisnya / mend the row",
        )
