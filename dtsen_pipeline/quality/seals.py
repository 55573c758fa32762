"""Seals: what its step left in a table and what it was made of, so that neither an edit between the steps and the release gets
out nor a mixture of two runs.

What belongs here: taking a seal and finding those that are broken. The seals stand in ``raw.segel`` of the month's warehouse, what
each table was made of in ``raw.asal``, and hold until the table is made anew. They find an edit, not a forger: whoever can write
the warehouse can write a seal too, which is why it is encrypted and its key kept apart (see ``storage.keys``).
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from dtsen_pipeline.storage import warehouse

# Where nothing may stand that no step has made.
MADE = ("intermediate", "linkage", "marts", "welfare")


def seal(con: duckdb.DuckDBPyConnection, table: str, made_of: Iterable[str] = ()) -> int:
    """Remember what ``schema.table`` holds now, and what the tables it was made of hold; returns its rows."""
    rows, told = _content(con, table)
    sources = sorted(set(made_of))
    con.execute("create table if not exists raw.segel (tabel varchar, baris bigint, sidik varchar)")
    con.execute("create table if not exists raw.asal (tabel varchar, dari varchar, sidik varchar)")
    con.execute("delete from raw.segel where tabel = ?", [table])
    con.execute("insert into raw.segel values (?, ?, ?)", [table, rows, told])
    con.execute("delete from raw.asal where tabel = ?", [table])
    # A table without a seal is entered all the same: sealed later, it is not known to be what was read.
    con.execute(
        """
        insert into raw.asal
        select ?, asal.dari, segel.sidik
        from (select unnest(cast(? as varchar[])) as dari) as asal left join raw.segel as segel on asal.dari = segel.tabel
        """,
        [table, sources],
    )
    # A view shows what stands below it now, which may have been made anew since the view was sealed.
    views = warehouse.tables(con) - warehouse.tables(con, views=False) if sources else set()
    for view in views.intersection(sources):
        con.execute("update raw.asal set sidik = ? where tabel = ? and dari = ?", [_content(con, view)[1], table, view])
    return rows


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Break the seals of all that a landing replaces: every table but the seeds, of which no delivery knows."""
    for table in sorted({"raw.segel", "raw.asal"} & warehouse.tables(con)):
        con.execute(f"delete from {table} where not starts_with(tabel, 'seeds.')")


def broken(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that no longer hold what their step left in them: edited, dropped, or made by no step."""
    tables = warehouse.tables(con, views=False)
    if "raw.segel" not in tables:
        return sorted(name for name in tables if name.split(".")[0] in MADE)
    sealed = {name: (rows, told) for name, rows, told in con.execute("from raw.segel").fetchall()}
    # A view has nothing to edit: what it shows is sealed in the tables below it.
    gone = sealed.keys() - warehouse.tables(con)
    wrong = {name for name, told in sealed.items() if name in tables and told != _content(con, name)}
    return sorted(gone | wrong | {name for name in tables - sealed.keys() if name.split(".")[0] in MADE})


def outdated(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables made of others that have been made anew since, and now hold something else."""
    if "raw.asal" not in warehouse.tables(con):
        return []
    found = con.execute(
        """
        select distinct asal.tabel
        from raw.asal as asal left join raw.segel as segel on asal.dari = segel.tabel
        where segel.sidik is distinct from asal.sidik
        order by asal.tabel
        """
    ).fetchall()
    return [name for (name,) in found]


def _content(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    # A sum, because it does not depend on the order of the rows, and under XOR a row that occurs twice would cancel itself out.
    found = con.execute(
        f"select count(*), cast(coalesce(sum(cast(hash(t) as hugeint)), 0) as varchar) from {table} as t"
    ).fetchone()
    assert found is not None
    return found[0], found[1]
