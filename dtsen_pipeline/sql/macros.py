"""Inline the macros of ``dbt_like_sql/macros``, and write SQL in Spark's dialect.

What belongs here: turning SQL as written into SQL as run. A macro is one file with ``create macro name(a, b) as <expression>``.
Macros are inlined before a model runs, on every engine, because sqlglot copies a call of a DuckDB macro to Spark unchanged, and
Spark has no such function.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import sqlglot
from sqlglot import exp

from dtsen_pipeline.errors import DtsenError

ROOT = Path(str(files("dbt_like_sql")))


@dataclass(frozen=True)
class _Macro:
    parameters: tuple[str, ...]
    body: exp.Expr


@cache
def _macros() -> dict[str, _Macro]:
    """Parse every macro of ``dbt_like_sql/macros``, by name in lower case."""
    macros: dict[str, _Macro] = {}
    for path in sorted((ROOT / "macros").glob("*.sql")):
        for statement in sqlglot.parse(path.read_text(encoding="utf-8"), read="duckdb"):
            if not isinstance(statement, exp.Create) or not isinstance(statement.this, exp.UserDefinedFunction):
                raise DtsenError(f"{path.name}: expected `create macro name(...) as <expression>`")
            definition = statement.this
            macros[definition.this.name.lower()] = _Macro(
                tuple(parameter.name.lower() for parameter in definition.expressions),
                _parenthesised(statement.expression),
            )
    return macros


def _parenthesised(expression: exp.Expr) -> exp.Expr:
    """Put ``expression`` in parentheses where precedence could break it in another place.

    To sqlglot AND and OR are functions, hence the test for Binary.
    """
    binds = isinstance(expression, exp.Column | exp.Literal | exp.Func | exp.Case | exp.Paren | exp.Var)
    return expression if binds and not isinstance(expression, exp.Binary) else exp.Paren(this=expression)


# The mark of a macro's parameter, by number, in characters of Unicode's private use that no SQL holds.
_PARAMETER_MARK = re.compile("\ue000([0-9]+)\ue001")


def _render(tree: exp.Expr, dialect: str) -> str:
    """``tree`` as SQL, its macro calls replaced by their expressions.

    They are replaced as text: copying and rendering whole trees for every call took most of the seconds of a small month.
    """

    def inline(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Anonymous) or (macro := _macros().get(node.name.lower())) is None:
            return node
        if len(node.expressions) != len(macro.parameters):
            raise DtsenError(f"macro {node.name} takes {len(macro.parameters)} arguments, got {len(node.expressions)}")
        arguments = [_render(_parenthesised(argument.copy()), dialect) for argument in node.expressions]
        # In one pass: an argument may itself hold marks, of the macro around this call.
        return exp.Var(
            this=_PARAMETER_MARK.sub(lambda mark: arguments[int(mark[1])], _body(node.name.lower(), dialect))
        )

    tree = tree.transform(inline, copy=False)
    if dialect == "spark":
        for call in tree.find_all(exp.RegexpReplace):
            # sqlglot leaves \1 as DuckDB writes it; Java wants $1, and would put the digit there.
            if isinstance(call.args.get("replacement"), exp.Literal):
                call.set("replacement", exp.Literal.string(re.sub(r"\\([0-9])", r"$\1", call.args["replacement"].this)))
    return tree.sql(dialect=dialect)


@cache
def _body(name: str, dialect: str) -> str:
    """The macro's expression as SQL: the macros it calls are inlined, and a mark stands in place of each parameter."""
    macro = _macros()[name]

    def mark(inner: exp.Expr) -> exp.Expr:
        if isinstance(inner, exp.Column) and not inner.table and inner.name.lower() in macro.parameters:
            return exp.Var(this=f"\ue000{macro.parameters.index(inner.name.lower())}\ue001")
        return inner

    return _render(macro.body.copy().transform(mark, copy=False), dialect)


@cache
def expand(sql: str) -> str:
    """Replace every macro call in ``sql`` (DuckDB's dialect) by the macro's expression."""
    return _render(sqlglot.parse_one(sql, read="duckdb"), "duckdb")


def to_spark(sql: str) -> str:
    """Inline the macros of ``sql`` and write it in Spark's dialect."""
    return _render(sqlglot.parse_one(sql, read="duckdb"), "spark")
