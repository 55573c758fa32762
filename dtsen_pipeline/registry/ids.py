"""Move ids from month to month, and derive their events.

What belongs here: the statements that change ``rekaman`` for one month. What they read are queries of
``dbt_like_sql/queries/registry``; the statements themselves stand here, since a query file is one SELECT.
"""

from __future__ import annotations

import duckdb

from dtsen_pipeline.sql.queries import make_table, query

_SAME_ASSIGNMENT = (
    "a.source = b.source and a.record_id = b.record_id and a.person_id = b.person_id and a.family_id = b.family_id"
)

# Only what differs is touched: nearly every record keeps its person and family from month to month. A month may be
# published again after later ones, so its assignment holds until the next released month and what followed goes on.
_CHANGES = (
    """insert into rekaman
    select source, record_id, person_id, family_id, $berikut, bulan_selesai from pergi
    where $berikut is not null and (bulan_selesai is null or bulan_selesai > $berikut)""",
    f"""delete from rekaman as a using pergi as b
    where {_SAME_ASSIGNMENT} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai = $bulan""",
    f"""update rekaman as a set bulan_selesai = $bulan from pergi as b
    where {_SAME_ASSIGNMENT} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai < $bulan""",
    "insert into rekaman select source, record_id, person_id, family_id, $bulan, $berikut from datang",
    *(
        # Intervals of one assignment that now touch become one.
        statement
        for seam in ("$bulan", "$berikut")
        for statement in (
            f"""update rekaman as a set bulan_selesai = b.bulan_selesai from rekaman as b
            where {_SAME_ASSIGNMENT} and a.bulan_selesai = {seam} and b.bulan_mulai = {seam}""",
            f"""delete from rekaman as b using rekaman as a
            where {_SAME_ASSIGNMENT} and b.bulan_mulai = {seam} and a.bulan_mulai < {seam}
            and (a.bulan_selesai is null or a.bulan_selesai > {seam})""",
        )
    ),
)


def assign(con: duckdb.DuckDBPyConnection, crosswalk: str, month: str, following: str | None) -> None:
    """Let the records belong in ``month`` to whom ``crosswalk`` says, until ``following``, the next released month.

    ``con`` is the registry's, ``crosswalk`` a relation in SQL: source, record_id, person_id, family_id.
    """
    con.execute(
        f"create or replace temp table silang as select source, record_id, person_id, family_id from {crosswalk}"
    )
    make_table(con, "pergi", "registry/pergi", bulan=month)
    make_table(con, "datang", "registry/datang", bulan=month)
    parameters = {"bulan": month, "berikut": following}
    for statement in _CHANGES:
        con.execute(statement, {name: value for name, value in parameters.items() if f"${name}" in statement})


def events(before: str, after: str) -> str:
    """SELECT of the events (jenis, entity, id, id_lain) of the ids of ``$entity`` ('person' or 'family') between two assignments.

    ``before`` and ``after`` are tables, or subqueries in parentheses: source, record_id, person_id, family_id. That is why
    their names are put in here; the rest is the query.
    """
    relations = f"sebelum as (select * from {before}), sesudah as (select * from {after})"
    select = query("registry/peristiwa")
    return f"with {relations} select * from ({select})"
