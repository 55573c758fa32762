"""Keep what is left of a month that the gate blocked: its page and its quality history, nothing else.

What belongs here: ``home/tertahan/<month>.html``. The page goes once the month is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.quality.gate import evaluate_all
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.storage.private_files import private_file, private_folder
from dtsen_pipeline.storage.warehouse import tables


def page_path(settings: Settings, month: str) -> Path:
    """Return where the page of a blocked month lies."""
    return settings.home / "tertahan" / f"{month}.html"


def ask_what_exists(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Verdict]:
    """Ask the rules whose tables the month has made; the others were not reached and are left out."""
    made = tables(con)
    return evaluate_all(con, [rule for rule in rules if rule.tables <= made])


def write_page(
    con: duckdb.DuckDBPyConnection, settings: Settings, month: str, verdicts: Sequence[Verdict], page: str, run_id: str
) -> None:
    """Write the page of a blocked month, and keep what the rules and the run measured; ``con`` is the month's warehouse."""
    with store.open(settings) as registry:
        registry.record_quality(verdicts, month, run_id)
        registry.record_measures(con, month, run_id)
    target = page_path(settings, month)
    private_folder(target.parent)
    with private_file(target) as part:
        part.write_text(page, encoding="utf-8")


def remove_page(settings: Settings, month: str) -> None:
    """Remove the page of a month that is published."""
    page_path(settings, month).unlink(missing_ok=True)
