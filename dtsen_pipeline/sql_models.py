"""Finds, orders, expands and runs the SQL of ``dbt_like_sql``.

What belongs here: everything that treats a model as a file. A model is one SELECT; the file name is the table and the
folder the schema (``models/staging/stg_dtks__anggota.sql`` makes ``staging.stg_dtks__anggota``). Dependencies are the tables
the SELECT names. A model that only renames columns of a wide table says `-- View:` in its first line and is not copied. A seed
is a CSV, loaded with every column as text into ``seeds.<file name>``. A macro is one file with
``create macro name(a, b) as <expression>``; macros are inlined before a model runs, on every engine, because sqlglot
carries a call of a DuckDB macro to Spark as it stands and Spark has no such function. From which columns a model makes each of its
own is read from its SQL too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from dtsen_pipeline.errors import DtsenError

ROOT = Path(str(files("dbt_like_sql")))


@dataclass(frozen=True)
class Model:
    """One table made by one SELECT: ``name`` is ``schema.table``, ``sql`` is as written, ``depends_on`` the tables it reads."""

    name: str
    path: Path
    sql: str
    depends_on: frozenset[str]

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    @property
    def kind(self) -> str:
        return "view" if self.sql.startswith("-- View:") else "table"

    @property
    def description(self) -> str:
        """What the model's first comment says: what a row is, and why it is made as it is."""
        lines = takewhile(lambda line: line.startswith("--"), self.sql.splitlines())
        return " ".join(line.removeprefix("--").strip() for line in lines).removeprefix("View:").strip()

    @property
    def expanded(self) -> str:
        """The SELECT with every macro inlined, in DuckDB's dialect."""
        return expand(self.sql)


@dataclass(frozen=True)
class _Macro:
    parameters: tuple[str, ...]
    body: exp.Expr


@cache
def _macros() -> dict[str, _Macro]:
    macros: dict[str, _Macro] = {}
    for path in sorted((ROOT / "macros").glob("*.sql")):
        for statement in sqlglot.parse(path.read_text(encoding="utf-8"), read="duckdb"):
            if not isinstance(statement, exp.Create) or not isinstance(statement.this, exp.UserDefinedFunction):
                raise DtsenError(f"{path.name}: expected `create macro name(...) as <expression>`")
            definition = statement.this
            macros[definition.this.name.lower()] = _Macro(
                tuple(parameter.name.lower() for parameter in definition.expressions),
                _whole(statement.expression),
            )
    return macros


def _whole(expression: exp.Expr) -> exp.Expr:
    """``expression`` in parentheses unless it cannot fall apart in its new place; to sqlglot AND and OR are functions."""
    binds = isinstance(expression, exp.Column | exp.Literal | exp.Func | exp.Case | exp.Paren | exp.Var)
    return expression if binds and not isinstance(expression, exp.Binary) else exp.Paren(this=expression)


_PLACE = re.compile("\ue000([0-9]+)\ue001")


def _rendered(tree: exp.Expr, dialect: str) -> str:
    """``tree`` as SQL, its macro calls replaced by their expressions: as text, since whole trees copied and written anew for every
    call took most of the seconds of a small month."""

    def inline(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Anonymous) or (macro := _macros().get(node.name.lower())) is None:
            return node
        if len(node.expressions) != len(macro.parameters):
            raise DtsenError(f"macro {node.name} takes {len(macro.parameters)} arguments, got {len(node.expressions)}")
        arguments = [_rendered(_whole(argument.copy()), dialect) for argument in node.expressions]
        # In one pass: an argument may hold marks of its own, of the macro around this call.
        return exp.Var(this=_PLACE.sub(lambda found: arguments[int(found[1])], _body(node.name.lower(), dialect)))

    tree = tree.transform(inline, copy=False)
    if dialect == "spark":
        for call in tree.find_all(exp.RegexpReplace):
            # sqlglot leaves the groups as DuckDB writes them; Java would put the digit there.
            if isinstance(call.args.get("replacement"), exp.Literal):
                call.set("replacement", exp.Literal.string(re.sub(r"\\([0-9])", r"$\1", call.args["replacement"].this)))
    return tree.sql(dialect=dialect)


@cache
def _body(name: str, dialect: str) -> str:
    """The macro's expression, the macros that it calls inlined, with a mark in place of each parameter."""
    macro = _macros()[name]

    def mark(inner: exp.Expr) -> exp.Expr:
        if isinstance(inner, exp.Column) and not inner.table and inner.name.lower() in macro.parameters:
            return exp.Var(this=f"\ue000{macro.parameters.index(inner.name.lower())}\ue001")
        return inner

    return _rendered(macro.body.copy().transform(mark, copy=False), dialect)


@cache
def expand(sql: str) -> str:
    """``sql`` (DuckDB dialect) with every macro call replaced by the macro's expression."""
    return _rendered(sqlglot.parse_one(sql, read="duckdb"), "duckdb")


def to_spark(sql: str) -> str:
    """``sql`` with macros inlined, in Spark's dialect."""
    return _rendered(sqlglot.parse_one(sql, read="duckdb"), "spark")


@cache
def load_models() -> dict[str, Model]:
    """Every model by ``schema.table``, in an order in which they can run."""
    found: dict[str, Model] = {}
    for path in sorted((ROOT / "models").glob("*/*.sql")):
        sql = path.read_text(encoding="utf-8")
        tree = sqlglot.parse_one(sql, read="duckdb")
        if not isinstance(tree, exp.Query):
            raise DtsenError(f"{path.name}: a model is one SELECT")
        tables = frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)
        name = f"{path.parent.name}.{path.stem}"
        found[name] = Model(name, path, sql, tables)
    graph = {name: sorted(model.depends_on & found.keys()) for name, model in found.items()}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}


def upstream(names: Iterable[str]) -> list[str]:
    """The named models and every model they read, however far up; sorted."""
    known = load_models()
    wanted: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue.extend(known[name].depends_on & known.keys())
    return sorted(wanted)


def column_lineage(sql: str, columns: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, str]]]:
    """For every column of the SELECT ``sql`` the (``schema.table``, column) that its value is made from, sorted.

    ``columns`` are those of every table it reads. What only decides which rows there are (join, filter, grouping) is no source; a
    constant and a count of rows have none. Macros need not be inlined: their arguments are what is asked for.
    """
    known: dict[str, Any] = {}
    for table, names in columns.items():
        schema, _, name = table.partition(".")
        known.setdefault(schema, {})[name] = dict.fromkeys(names, "text")
    tree = qualify(
        sqlglot.parse_one(sql, read="duckdb"), dialect="duckdb", schema=known, validate_qualify_columns=False
    )
    root = build_scope(tree)
    assert root is not None
    # Not ``sqlglot.lineage``: it takes every column on its own, 15 s for all models where this walk takes one.
    scopes = {id(scope.expression): scope for scope in root.traverse()}
    found: dict[int, list[tuple[str, set[tuple[str, str]]]]] = {}

    def of(scope: Scope) -> list[tuple[str, set[tuple[str, str]]]]:
        if id(scope) not in found:
            if scope.set_operation_scopes:
                # By place: only the first of the branches says what the columns are called.
                branches = zip(*(of(branch) for branch in scope.set_operation_scopes), strict=True)
                found[id(scope)] = [(row[0][0], set().union(*(sources for _, sources in row))) for row in branches]
            else:
                selected: exp.Select = scope.expression  # type: ignore[assignment]
                found[id(scope)] = [(one.alias_or_name, within(one, scope)) for one in selected.selects]
        return found[id(scope)]

    def within(expression: exp.Expr, scope: Scope) -> set[tuple[str, str]]:
        return set().union(*(behind(column, scope) for column in expression.find_all(exp.Column)))

    def behind(column: exp.Column, scope: Scope) -> set[tuple[str, str]]:
        # A subquery in the list of columns has sources of its own, and may reach for those around it.
        query: exp.Expr | None = column.find_ancestor(exp.Query)
        while query is not None:
            around = scopes.get(id(query), scope)
            if column.table in around.sources:
                source = around.sources[column.table]
                if isinstance(source, exp.Table):
                    return {(f"{source.db}.{source.name}", column.name)}
                if isinstance(source.expression, exp.Query):
                    return dict(of(source))[column.name]
                return within(source.expression, around)
            query = query.find_ancestor(exp.Query)
        return set()

    return {name: sorted(sources) for name, sources in of(root)}


def run_models(
    con: duckdb.DuckDBPyConnection, names: Iterable[str] | None = None, *, after: Callable[[str], None] | None = None
) -> None:
    """Build the named models (all where None) as tables, in dependency order; ``after`` is told each finished name."""
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
    """Load every seed, all columns as text; returns the table names."""
    for name, path in seed_paths().items():
        con.execute(
            f"create or replace table {name} as from read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"')",
            [str(path)],
        )
    return list(seed_paths())
