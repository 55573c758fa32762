"""What the sources say of a record, for a person to read.

What belongs here: opening a finished month, and the facts of its records. ``queue`` and ``explain`` show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import ledger, store
from dtsen_pipeline.review.spreadsheet import printable
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.warehouse import connect


@contextmanager
def open_month(settings: Settings, month: str | None) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Open the warehouse of ``month`` for reading and give month and connection; None: of the newest released month that is kept.

    Raises InputError where there is no such warehouse or its linkage was not finished, DtsenError where a run holds it.
    """
    if month is None:
        released: list[str] = []
        if settings.registry.exists():
            with store.open(settings) as registry:
                released = [entry.month for entry in registry.releases() if entry.status == ledger.PUBLISHED]
        kept = [name for name in released if settings.warehouse(name).exists()]
        if not kept:
            raise InputError(
                "belum ada bulan terbit yang gudang datanya tersimpan / no released month whose warehouse is kept",
                file=settings.home,
                action="jalankan `dtsen run`, atau sebut --home dan --month / run it, or name --home and --month",
            )
        month = max(kept)
    path = settings.warehouse(check_month(month))
    if not path.exists():
        raise InputError(
            f"gudang data bulan {month} tidak ada / there is no warehouse of month {month}",
            file=path,
            action=f"jalankan `dtsen run --month {month}`, atau pilih bulan lain / run it, or choose another month",
        )
    with connect(path, read_only=True) as con:
        finished = con.execute(
            "select count(*) from duckdb_tables() where schema_name = 'linkage' and table_name in ('orang', 'crosswalk')"
        ).fetchone()
        if finished != (2,):
            raise InputError(
                f"penautan bulan {month} belum selesai / the linkage of month {month} is not finished",
                file=path,
                action=f"jalankan `dtsen run --month {month}` sampai selesai / run it to its end",
            )
        yield month, con


def facts(con: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the sources say of each record, by name of the fact, as printable text; '' where nothing is known."""
    con.register("diminta", pa.table({"record_uid": pa.array(sorted(set(records)), pa.string())}))
    rows = con.execute(query("review/keterangan")).to_arrow_table().to_pylist()
    con.unregister("diminta")
    return {row["record_uid"]: {name: printable(value) for name, value in row.items()} for row in rows}
