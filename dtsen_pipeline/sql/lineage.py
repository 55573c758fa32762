"""Find the columns that each column of a model is made of, from the model's SQL.

What belongs here: column lineage only; the order of models is found in ``sql.models``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope


def column_lineage(sql: str, columns: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, str]]]:
    """For every column of the SELECT ``sql``: the (``schema.table``, column) that its value is made from, sorted.

    ``columns`` lists the columns of every table it reads. A column that only decides which rows there are (join, filter, grouping)
    is no source; a constant and a count of rows have none. Macros need not be inlined: the sources are found in their arguments.
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
    # Not ``sqlglot.lineage``: it takes every column on its own, 15 s for all models where this walk takes 1 s.
    scopes = {id(scope.expression): scope for scope in root.traverse()}
    columns_by_scope: dict[int, list[tuple[str, set[tuple[str, str]]]]] = {}

    def columns_of(scope: Scope) -> list[tuple[str, set[tuple[str, str]]]]:
        """Every column of a SELECT, by place, with its sources."""
        if id(scope) not in columns_by_scope:
            if scope.set_operation_scopes:
                # By place: only the first of the branches names the columns.
                branches = zip(*(columns_of(branch) for branch in scope.set_operation_scopes), strict=True)
                merged = [(row[0][0], set().union(*(sources for _, sources in row))) for row in branches]
                columns_by_scope[id(scope)] = merged
            else:
                select: exp.Select = scope.expression  # type: ignore[assignment]
                named = [(selected.alias_or_name, sources_within(selected, scope)) for selected in select.selects]
                columns_by_scope[id(scope)] = named
        return columns_by_scope[id(scope)]

    def sources_within(expression: exp.Expr, scope: Scope) -> set[tuple[str, str]]:
        return set().union(*(sources_of(column, scope) for column in expression.find_all(exp.Column)))

    def sources_of(column: exp.Column, scope: Scope) -> set[tuple[str, str]]:
        # A subquery in the list of columns has sources of its own, and may use those of the queries around it.
        query: exp.Expr | None = column.find_ancestor(exp.Query)
        while query is not None:
            around = scopes.get(id(query), scope)
            if column.table in around.sources:
                source = around.sources[column.table]
                if isinstance(source, exp.Table):
                    return {(f"{source.db}.{source.name}", column.name)}
                if isinstance(source.expression, exp.Query):
                    return dict(columns_of(source))[column.name]
                return sources_within(source.expression, around)
            query = query.find_ancestor(exp.Query)
        return set()

    return {name: sorted(sources) for name, sources in columns_of(root)}
