"""Load the rows of a Parquet file into ``masuk``, within the bounds of ``Settings``.

What belongs here: how a typed value becomes text, and what a Parquet file may not claim.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.contracts.header import Header, map_header
from dtsen_pipeline.contracts.incoming import insert_statement, single_file_literal
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.rules import quoted_name
from dtsen_pipeline.contracts.streams import check_expansion, too_large_error


def load_parquet(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings, size: int
) -> Header:
    """Load the file of ``size`` bytes; returns its header."""
    source = f"read_parquet({single_file_literal(path)}, file_row_number = true, hive_partitioning = false)"
    described = con.execute(f"describe select * from {source}").fetchall()
    types = [(column, kind) for column, kind, *_ in described if column != "file_row_number"]
    header = map_header([column for column, _ in types], name, table, bounds)
    _check_bounds(con, path, name, bounds, size, source, types)
    # Columns of the physical type INT96 are instants, though their logical type does not say so.
    instants = {
        column
        for (column,) in con.execute(
            f"select name from parquet_schema({single_file_literal(path)}) where type = 'INT96'"
        ).fetchall()
    }
    days = {header.positions[c.name] for c in table.columns.values() if c.type == "date" and c.name in header.positions}
    values = {
        i: _text_sql(quoted_name(column), "INT96" if column in instants else kind, i in days)
        for i, (column, kind) in enumerate(types)
    }
    statement = insert_statement(table, header, name, values, "file_row_number + 1", "cast(null as varchar)", "")
    con.execute(f"{statement} from {source}")
    return header


def _check_bounds(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    bounds: Settings,
    size: int,
    source: str,
    types: list[tuple[str, str]],
) -> None:
    """Raise InputError where the file claims, or holds, more than a file of its ``size`` can.

    A few bytes are enough to claim a thousand million rows, or to repeat one long value in all of them.
    """
    rows, unpacked = con.execute(
        f"select (select max(num_rows) from parquet_file_metadata({single_file_literal(path)})), "
        f"sum(total_uncompressed_size) from parquet_metadata({single_file_literal(path)})"
    ).fetchone() or (0, 0)
    check_expansion(name, bounds, size, max((rows or 0) * len(types), unpacked or 0))
    lengths = [f"strlen({quoted_name(column)})" for column, kind in types if kind == "VARCHAR"]
    lengths += [f"octet_length({quoted_name(column)})" for column, kind in types if kind == "BLOB"]
    if not lengths:
        return
    longest, total = con.execute(
        f"select max(greatest({', '.join(lengths)})), sum({' + '.join(f'coalesce({length}, 0)' for length in lengths)}) "
        f"from {source}"
    ).fetchone() or (0, 0)
    if longest and longest > bounds.max_line:
        raise too_large_error(
            name,
            f"satu nilai lebih panjang dari {bounds.max_line} byte / one value is longer than {bounds.max_line} bytes",
            f"{bounds.max_line} byte",
            "max_line",
        )
    check_expansion(name, bounds, size, total or 0)


def _text_sql(value: str, kind: str, is_day: bool) -> str:
    """SQL of the text of a typed value: days are ISO, numbers have no empty fraction and no exponent, in any session's zone."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{value} = floor({value}) and abs({value}) < 9e15"
        return (
            f"case when isnan({value}) then null when {whole} then cast(cast({value} as bigint) as varchar) "
            f"else cast({value} as varchar) end"
        )
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        return f"rtrim(rtrim(cast({value} as varchar), '0'), '.')"
    if kind == "BLOB":
        return f"decode({value})"
    if kind in ("TIMESTAMP WITH TIME ZONE", "INT96"):
        instant = value if kind != "INT96" else f"timezone('UTC', {value})"
        return _moment_sql(f"timezone('{TIMEZONE}', {instant})", is_day)
    if kind.startswith("TIMESTAMP"):
        return _moment_sql(f"cast({value} as timestamp)", False)
    return f"cast({value} as varchar)"


def _moment_sql(local: str, is_day: bool) -> str:
    """SQL of the text of a local time, of the day alone at midnight.

    With ``is_day``, 22:00 and 23:00 are also midnight: that of Indonesia's other zones.
    """
    if is_day:
        local = (
            f"case when hour({local}) >= 22 and minute({local}) in (0, 30) and second({local}) = 0 "
            f"then date_trunc('day', {local}) + interval 1 day else {local} end"
        )
    return (
        f"case when {local} = date_trunc('day', {local}) then strftime({local}, '%Y-%m-%d') "
        f"else cast({local} as varchar) end"
    )
