"""Read from the SQL of a model which columns each of its own is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope


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
