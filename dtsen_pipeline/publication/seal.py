"""Seals: what its step left in a table, so that an edit between the steps and the release does not get out.

What belongs here: taking a seal and finding those that are broken. The seals stand in ``raw.segel`` of the month's warehouse
and hold until the table is made anew. They find an edit, not a forger: whoever can write the warehouse can write a seal too,
which is why it is encrypted and its key kept apart (see ``keys``).
"""

from __future__ import annotations

import duckdb

# Where nothing may stand that no step has made.
MADE = ("intermediate", "linkage", "marts", "welfare")


def seal(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Remember what ``schema.table`` holds now, if it is a table of its own (a view has nothing to edit); returns its rows."""
    rows, told = _content(con, table)
    con.execute("create table if not exists raw.segel (tabel varchar, baris bigint, sidik varchar)")
    if table in _tables(con):
        con.execute("delete from raw.segel where tabel = ?", [table])
        con.execute("insert into raw.segel values (?, ?, ?)", [table, rows, told])
    return rows


def broken(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that no longer hold what their step left in them: edited, dropped, or made by no step."""
    tables = _tables(con)
    if "raw.segel" not in tables:
        return sorted(name for name in tables if name.split(".")[0] in MADE)
    sealed = {name: (rows, told) for name, rows, told in con.execute("from raw.segel").fetchall()}
    wrong = {name for name, told in sealed.items() if name not in tables or told != _content(con, name)}
    return sorted(wrong | {name for name in tables - sealed.keys() if name.split(".")[0] in MADE})


def _content(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    # A sum, because it does not depend on the order of the rows, and under XOR a row that occurs twice would cancel itself out.
    found = con.execute(
        f"select count(*), cast(coalesce(sum(cast(hash(t) as hugeint)), 0) as varchar) from {table} as t"
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    found = con.execute(
        "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
    ).fetchall()
    return {f"{schema}.{table}" for schema, table in found}
