"""Which tables the steps of a month read, by the statements that DuckDB logs while they run.

What belongs here: recording the statements of a run, and naming the tables in them. What the steps declare is asked by the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from assets import common, release
from dtsen_pipeline.quality import seals
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.release import publishing
from dtsen_pipeline.storage.warehouse import SCHEMAS

# One list for each connection to the month's warehouse: every step has its own.
Statements = list[list[str]]

RELEASE = "rilis"

# A mark is a statement too, so that the log keeps it between those that it divides.
_MARK = "select 'mark: "
_SEALED = f"{_MARK}sealed "
_SEALS_CHECKED, _RULES_BEGIN, _RULES_END = (f"{_MARK}{what}'" for what in ("seals checked", "rules begin", "rules end"))
_RELATION = "explain "
_NAMES_A_TABLE = re.compile(rf'\b({"|".join(SCHEMAS)})"?\s*\.', re.IGNORECASE)
# Statements that only write the table they begin with. An update or a deletion reads its rows as well.
_WRITES = exp.Create | exp.Insert | exp.Alter


@contextmanager
def recorded() -> Iterator[Statements]:
    """Record the statements of every step that runs inside the block.

    DuckDB's own log has every statement, whoever issued it: ``execute``, a relation, a cursor, Splink. Of a relation that is
    registered under a name it tells nothing, so the relation's query is explained first, which puts it into the log.
    """
    logs: Statements = []
    connect, seal, check_seals, ask = common.connect, seals.seal, release._check_seals, publishing._ask_rules
    register = duckdb.DuckDBPyConnection.register

    @contextmanager
    def logging_connect(path: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
        with connect(path) as con:
            con.execute("call enable_logging('QueryLog', storage = 'memory')")
            try:
                yield con
            finally:
                # By a cursor: the step's own transaction may have failed.
                logged = con.cursor().execute("select message from duckdb_logs where type = 'QueryLog'").fetchall()
                logs.append([text for (text,) in logged])

    def marked_seal(con: duckdb.DuckDBPyConnection, table: str, made_of: Iterable[str] = ()) -> int:
        con.execute(f"{_SEALED}{table}'")
        return seal(con, table, made_of)

    def marked_check(con: duckdb.DuckDBPyConnection) -> None:
        check_seals(con)
        con.execute(_SEALS_CHECKED)

    def marked_ask(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Verdict]:
        con.execute(_RULES_BEGIN)
        verdicts = ask(con, rules)
        con.execute(_RULES_END)
        return verdicts

    def logged_register(con: duckdb.DuckDBPyConnection, name: str, rows: Any) -> duckdb.DuckDBPyConnection:
        if isinstance(rows, duckdb.DuckDBPyRelation):
            con.execute(_RELATION + rows.sql_query())
        return register(con, name, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common, "connect", logging_connect)
        patch.setattr(seals, "seal", marked_seal)
        patch.setattr(release, "_check_seals", marked_check)
        patch.setattr(publishing, "_ask_rules", marked_ask)
        patch.setattr(duckdb.DuckDBPyConnection, "register", logged_register)
        yield logs


def reads_of_steps(logs: Statements) -> dict[str, set[str]]:
    """Return for every table that was sealed, and for ``RELEASE``, the tables that its step read."""
    found: dict[str, set[str]] = {}
    for log in logs:
        if sealed := [text.removeprefix(_SEALED).removesuffix("'") for text in log if text.startswith(_SEALED)]:
            # What is read after the first seal is read to show the tables, not to make them.
            read = _reads(log[: log.index(f"{_SEALED}{sealed[0]}'")])
            for table in sealed:
                found.setdefault(table, set()).update(read)
        if _RULES_END in log:
            # A release is made of the open tables too, though its step makes them anew.
            before = log[log.index(_SEALS_CHECKED) : log.index(_RULES_BEGIN)]
            read = _reads(before + log[log.index(_RULES_END) :], own=True)
            found.setdefault(RELEASE, set()).update(read)
    return found


def reads_of_rules(logs: Statements) -> set[str]:
    """Return the tables that the publish step read to ask the rules."""
    asked = [log[log.index(_RULES_BEGIN) : log.index(_RULES_END)] for log in logs if _RULES_END in log]
    return _reads([text for log in asked for text in log], own=True)


def _reads(statements: Iterable[str], *, own: bool = False) -> set[str]:
    """Return the tables that the statements read; where not ``own``, without those that an earlier one of them made."""
    read: set[str] = set()
    made: set[str] = set()
    for text in statements:
        sources, targets = tables_in(text)
        read |= sources if own else sources - made
        made |= targets
    return read


@cache
def tables_in(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tables of the month that a statement reads, and those that it makes, fills, renames or drops."""
    if not _NAMES_A_TABLE.search(text):
        return frozenset(), frozenset()
    tree = sqlglot.parse_one(text.removeprefix(_RELATION), read="duckdb")
    assert not isinstance(tree, exp.Command), f"sqlglot does not understand: {text[:200]}"
    if isinstance(tree, exp.Drop):
        return frozenset(), _names(tree.find_all(exp.Table))
    written: list[exp.Expr] = []
    if isinstance(tree, _WRITES):
        written.append(tree.this.this if isinstance(tree.this, exp.Schema) else tree.this)
    if renamed := tree.find(exp.AlterRename):
        # The new name is told without its schema.
        written += [renamed.this, exp.table_(renamed.this.name, db=written[0].args["db"].name)]
    read = [table for table in tree.find_all(exp.Table) if not any(table is target for target in written)]
    return _names(read), _names(written)


def _names(tables: Iterable[exp.Expr]) -> frozenset[str]:
    """Return ``schema.table`` of those that are the month's; frames, CTEs and tables of another database are not."""
    return frozenset(
        f"{table.db}.{table.name}"
        for table in tables
        if isinstance(table, exp.Table) and table.db in SCHEMAS and table.catalog in ("", "gudang")
    )
