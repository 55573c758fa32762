"""How arrays become a table of the contract and the table a file.

What belongs here: writing files, the translation of codes, and the ids of rows and rosters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.sources import spreadsheets
from dtsen_pipeline.contracts import load

_ROSTER_PREFIX = {"dtks": "D", "regsosek": "R", "p3ke": "P"}
_RECORD_PREFIX = {"dtks": "DT", "regsosek": "RE", "p3ke": "P3"}
_CODES = 64  # more than any code


@dataclass(frozen=True)
class Delivery:
    """Where one source's tables go: CSV files into ``folder``.

    With ``cells`` (a folder) the office's spreadsheet comes between, and the cells it made are left there as Parquet.
    """

    con: duckdb.DuckDBPyConnection
    source: str
    folder: Path
    cells: Path | None = None

    def write(self, table: str, data: pa.Table, expressions: dict[str, str], file: Path | None = None) -> None:
        """Write ``data`` as the contract's table: a column is the SQL expression of its name or the column of that name.

        -1 in a column of integers is empty. The file is named like the table if no other ``file`` is given.
        """
        file = file or self.folder / f"{table}.csv"
        integers = {f.name for f in data.schema if pa.types.is_integer(f.type)}
        columns = []
        for name in load()[self.source].tables[table].columns:
            if name in expressions:
                columns.append(f"{expressions[name]} as {name}")
            else:
                columns.append(f"nullif({name}, -1) as {name}" if name in integers else name)
        self.con.register("delivered", data)
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = f"select {', '.join(columns)} from delivered"
        if self.cells:
            cells = self.cells / f"{self.source}_{table}.parquet"
            spreadsheets.retype(self.con, rows, self.source, table, file, cells)
        else:
            self.con.sql(rows).write_csv(str(file))
        self.con.unregister("delivered")


def record_id_sql(source: str) -> str:
    """Write the SQL of a person row's id."""
    return f"printf('{_RECORD_PREFIX[source]}-%09d', record)"


def roster_id_sql(source: str) -> str:
    """Write the SQL of a roster's id."""
    return f"printf('{_ROSTER_PREFIX[source]}%09d', roster)"


def recode(values: Array, codes: dict[int, int]) -> Array:
    """Translate codes; -1 for a code that is not named, or below 0."""
    table = np.full(_CODES, -1)
    for code, other in codes.items():
        table[code] = other
    return np.where(values >= 0, table[values.clip(0)], -1)


def labels(values: Array, names: dict[int, str]) -> pa.Array:
    """Translate codes to texts; null for a code that is not named, or below 0."""
    texts = sorted(set(names.values()))
    at = recode(values, {code: texts.index(name) for code, name in names.items()})
    return pc.take(pa.array(texts), pa.array(at, mask=at < 0))


def yes_no(flag: Array) -> pa.Array:
    """Write ``Ya`` or ``Tidak``."""
    return pc.take(pa.array(["Tidak", "Ya"]), pa.array(flag.astype(np.int8)))
