"""Find, order and run the SQL of ``dbt_like_sql``.

What belongs here: models and seeds as files. A model is one SELECT; the file name is the table and the folder the schema
(``models/staging/stg_dtks__anggota.sql`` makes ``staging.stg_dtks__anggota``). It depends on the tables that the SELECT names. A
model whose first line begins with `-- View:` becomes a view: it only renames columns of a wide table. A seed is a CSV, loaded with
every column as text into ``seeds.<file name>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.sql.macros import ROOT, expand


@dataclass(frozen=True)
class Model:
    """A table made by one SELECT: ``name`` is ``schema.table``, ``sql`` is as written, ``depends_on`` the tables it reads."""

    name: str
    path: Path
    sql: str
    depends_on: frozenset[str]

    @property
    def schema(self) -> str:
        """Schema of the model's table."""
        return self.name.split(".")[0]

    @property
    def kind(self) -> str:
        """'view' where the first comment opens with 'View:', else 'table'."""
        return "view" if self.sql.startswith("-- View:") else "table"

    @property
    def description(self) -> str:
        """The model's first comment: what a row is, and why it is made as it is."""
        lines = takewhile(lambda line: line.startswith("--"), self.sql.splitlines())
        return " ".join(line.removeprefix("--").strip() for line in lines).removeprefix("View:").strip()

    @property
    def expanded(self) -> str:
        """The SELECT in DuckDB's dialect, its macros inlined."""
        return expand(self.sql)


@cache
def load_models() -> dict[str, Model]:
    """Every model by ``schema.table``, in an order in which they can run."""
    models: dict[str, Model] = {}
    for path in sorted((ROOT / "models").glob("*/*.sql")):
        sql = path.read_text(encoding="utf-8")
        tree = sqlglot.parse_one(sql, read="duckdb")
        if not isinstance(tree, exp.Query):
            raise DtsenError(f"{path.name}: a model is one SELECT")
        tables = frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)
        name = f"{path.parent.name}.{path.stem}"
        models[name] = Model(name, path, sql, tables)
    graph = {name: sorted(model.depends_on & models.keys()) for name, model in models.items()}
    return {name: models[name] for name in TopologicalSorter(graph).static_order()}


def upstream(names: Iterable[str]) -> list[str]:
    """The named models and every model they read, directly or through others; sorted."""
    known = load_models()
    wanted: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue.extend(known[name].depends_on & known.keys())
    return sorted(wanted)


def run_models(
    con: duckdb.DuckDBPyConnection, names: Iterable[str] | None = None, *, after: Callable[[str], None] | None = None
) -> None:
    """Make the tables of the named models (all where None), in dependency order; ``after`` is called with each finished name."""
    models = load_models()
    wanted = set(models) if names is None else set(names)
    if unknown := wanted - set(models):
        raise DtsenError(f"no such model: {', '.join(sorted(unknown))}")
    for name, model in models.items():
        if name in wanted:
            con.execute(f"create or replace {model.kind} {name} as {model.expanded}")
            if after:
                after(name)


def seed_paths() -> dict[str, Path]:
    """Every seed file by ``seeds.<file name>``."""
    return {f"seeds.{path.stem}": path for path in sorted((ROOT / "seeds").glob("*.csv"))}


def load_seeds(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Load every seed, all columns as text; returns the names of the tables."""
    for name, path in seed_paths().items():
        con.execute(
            f"create or replace table {name} as from read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"')",
            [str(path)],
        )
    return list(seed_paths())
