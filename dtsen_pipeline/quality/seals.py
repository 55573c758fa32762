"""Seal the tables of a month, so that neither an edit between the steps and the release nor a mixture of two runs gets out.

What belongs here: taking a seal, and finding broken and outdated ones. A seal is a hash of what a step left in its table; it stands
in ``raw.segel`` of the month's warehouse. The seals of the tables it was made of stand in ``raw.asal``. Both hold until the table
is made anew. Seals find an edit, not a forger: whoever can write the warehouse can write a seal too, which is why the warehouse is
encrypted and its key kept apart (``storage.keys``).
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from dtsen_pipeline.storage import warehouse

# Schemas in which every table must have been made by a step.
MADE = ("intermediate", "linkage", "marts", "welfare")


def seal(con: duckdb.DuckDBPyConnection, table: str, made_of: Iterable[str] = ()) -> int:
    """Store a hash of ``schema.table`` and those of the tables it was made of; returns its number of rows."""
    rows, fingerprint = _fingerprint(con, table)
    sources = sorted(set(made_of))
    con.execute("create table if not exists raw.segel (tabel varchar, baris bigint, sidik varchar)")
    con.execute("create table if not exists raw.asal (tabel varchar, dari varchar, sidik varchar)")
    con.execute("delete from raw.segel where tabel = ?", [table])
    con.execute("insert into raw.segel values (?, ?, ?)", [table, rows, fingerprint])
    con.execute("delete from raw.asal where tabel = ?", [table])
    # A source without a seal is entered all the same: if it is sealed later, nobody knows whether that is what was read.
    con.execute(
        """
        insert into raw.asal
        select ?, asal.dari, segel.sidik
        from (select unnest(cast(? as varchar[])) as dari) as asal left join raw.segel as segel on asal.dari = segel.tabel
        """,
        [table, sources],
    )
    # A view shows what the tables below it hold now, which may have been made anew since the view was sealed.
    views = con.execute(
        """
        select concat(schema_name, '.', view_name) as view
        from duckdb_views()
        where database_name = current_database() and view in (select unnest(cast(? as varchar[])))
        """,
        [sources],
    ).fetchall()
    for (view,) in views:
        con.execute(
            "update raw.asal set sidik = ? where tabel = ? and dari = ?", [_fingerprint(con, view)[1], table, view]
        )
    return rows


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Delete the seals of every table that a landing replaces: all but the seeds, which no delivery changes."""
    for table in sorted({"raw.segel", "raw.asal"} & warehouse.tables(con)):
        con.execute(f"delete from {table} where not starts_with(tabel, 'seeds.')")


def broken(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables that no longer hold what their step left in them: edited, dropped, or made by no step. Sorted."""
    tables = warehouse.tables(con, views=False)
    if "raw.segel" not in tables:
        return sorted(name for name in tables if name.split(".")[0] in MADE)
    sealed = {name: (rows, fingerprint) for name, rows, fingerprint in con.execute("from raw.segel").fetchall()}
    # A view has nothing to edit: what it shows is sealed in the tables below it.
    gone = sealed.keys() - warehouse.tables(con)
    edited = {name for name, content in sealed.items() if name in tables and content != _fingerprint(con, name)}
    return sorted(gone | edited | {name for name in tables - sealed.keys() if name.split(".")[0] in MADE})


def outdated(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables made of others that were made anew since and now hold something else. Sorted."""
    if "raw.asal" not in warehouse.tables(con):
        return []
    rows = con.execute(
        """
        select distinct asal.tabel
        from raw.asal as asal left join raw.segel as segel on asal.dari = segel.tabel
        where segel.sidik is distinct from asal.sidik
        order by asal.tabel
        """
    ).fetchall()
    return [name for (name,) in rows]


def _fingerprint(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    """The number of rows of a table and the sum of their hashes.

    A sum, because it does not depend on the order of the rows; under XOR a row that occurs twice would cancel itself out.
    """
    row = con.execute(
        f"select count(*), cast(coalesce(sum(cast(hash(t) as hugeint)), 0) as varchar) from {table} as t"
    ).fetchone()
    assert row is not None
    return row[0], row[1]
