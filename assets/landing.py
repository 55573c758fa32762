"""The deliveries of a month, read into ``raw`` and ``quarantine``.

What belongs here: the one step that reads all sources, and what it is compared with. It is one step because a file that cannot be
read must stop the month and change nothing.
"""

from __future__ import annotations

import duckdb

from assets.common import table_step
from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.contracts.model import load
from dtsen_pipeline.publication import deliveries, registry, seal
from dtsen_pipeline.warehouse import tables

DERIVED = ("staging.", "intermediate.", "linkage.", "marts.", "welfare.", "publikasi.")


def _read(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    reader.read(con, settings.landing, month)
    with registry.open(settings) as book:
        released = book.releases()
    deliveries.recall(con, released, month)
    # What was made from the rows of an earlier run must not be taken for this one's, should this one stop half way.
    seal.forget(con)
    own = tables(con, views=False)
    for table in tables(con):
        if table.startswith(DERIVED):
            con.execute(f"drop {'table' if table in own else 'view'} {table}")


RAW_TABLES = [table.raw for source in load().values() for table in source.tables.values()]

landing = table_step(
    "pendaratan",
    [*RAW_TABLES, "raw.run", "raw.deliveries", "raw.kiriman_lalu", "quarantine.alasan"],
    _read,
    reads=[],
    group="landing",
    description=(
        "Baris seperti dikirim, semua teks, dengan berkas dan baris; yang melanggar kontrak masuk karantina dengan alasannya. "
        "/ Rows as delivered, all text, with file and line; what breaks the contract goes to quarantine with its reason."
    ),
    kinds={"csv", "duckdb"},
)
