"""Find the named queries of ``dbt_like_sql/queries``, and make tables of them.

What belongs here: reading and running queries. A query is one SELECT that only asks, or that makes a step's own table, which is
gone with its connection; a SELECT that makes an asset is a model. A query is named by its path (``linkage/pasangan_kuat``). Values
that it shares with Python are named parameters (``$ambang``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.sql.macros import ROOT, expand

QUERIES = ROOT / "queries"


def query_paths() -> dict[str, Path]:
    """Every query file by its name, ``<folder>/<file name>``."""
    return {f"{path.parent.name}/{path.stem}": path for path in sorted(QUERIES.glob("*/*.sql"))}


@cache
def query(name: str) -> str:
    """The SELECT ``name`` in DuckDB's dialect, its macros inlined."""
    path = QUERIES / f"{name}.sql"
    if not path.is_file():
        raise DtsenError(f"no such query: {name}")
    return expand(path.read_text(encoding="utf-8"))


def make_table(con: duckdb.DuckDBPyConnection, table: str, name: str, **parameters: object) -> None:
    """Create or replace ``table`` from query ``name``; a table without a schema is temporary, of this connection alone."""
    temporary = "" if "." in table else "temp "
    con.execute(f"create or replace {temporary}table {table} as {query(name)}", parameters or None)
