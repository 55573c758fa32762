"""What the registry knows of an id and of a month.

What belongs here: what both explanations ask of it, of persons and of families. ``entity`` is 'person' or 'family'.
"""

from __future__ import annotations

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.registry import ledger, store
from dtsen_pipeline.sql.queries import query


def is_released(settings: Settings, month: str) -> bool:
    """Whether ``month`` has a standing release."""
    if not settings.registry.exists():
        return False
    with store.open(settings) as registry:
        return any(entry.month == month and entry.status == ledger.PUBLISHED for entry in registry.releases())


def last_change(con: duckdb.DuckDBPyConnection, entity: str, identity: str) -> str | None:
    """The last month in which a record came to the id; None where the registry does not know it."""
    ((month,),) = con.execute(f"select max(bulan_mulai) from rekaman where {entity}_id = ?", [identity]).fetchall()
    return str(month) if month is not None else None


def last_end(con: duckdb.DuckDBPyConnection, entity: str, identity: str) -> tuple[str, str | None] | None:
    """The month in which the id ended and the id that it was merged into (None: retired); None where it did not end."""
    end = con.execute(query("explain/akhir_id"), {"entitas": entity, "id": identity}).fetchone()
    return (end[0], end[1]) if end else None
