"""What every asset shares: partitions, the resource that knows the folders, owners, and metadata of a table.

What belongs here: Dagster vocabulary used by more than one asset module.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import dagster as dg
import duckdb

from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.errors import without_values
from dtsen_pipeline.publication import seal
from dtsen_pipeline.warehouse import connect, held

# A monthly partition closes at month end; the month that is running may be made as well, after its cut-off on the 17th.
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2020-01", fmt="%Y-%m", timezone=TIMEZONE, end_offset=1)

ENGINEERS = "team:rekayasa-data"

Runs = Callable[[duckdb.DuckDBPyConnection, str, Settings], object]


class Folders(dg.ConfigurableResource[None]):
    """Landing zone and home of the results. Empty values mean the environment's DTSEN_LANDING and DTSEN_HOME.

    While a run has it the run's month is that run's alone. Not by a pool of Dagster: a run that is killed keeps its slot, and every
    later run waits for it without an end; a lock of the operating system goes with the process.
    """

    landing: str = ""
    home: str = ""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Folders"]:  # type: ignore[override]
        month = context.run.tags.get("dagster/partition") if context.run else None
        with held(self.settings.warehouse(month)) if month else nullcontext():
            yield self

    @property
    def settings(self) -> Settings:
        given = {name: Path(value) for name, value in (("landing", self.landing), ("home", self.home)) if value}
        return Settings(**given)  # type: ignore[arg-type]

    @contextmanager
    def warehouse(self, month: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Connection to the month's warehouse file, closed on every way out. No error carries a value of a row past it."""
        with without_values(dg.Failure, dg.RetryRequested), connect(self.settings.warehouse(month)) as con:
            yield con


def key_of(table: str) -> dg.AssetKey:
    """Asset key of ``schema.table``: one asset a table."""
    return dg.AssetKey(table.split("."))


def sealed(con: duckdb.DuckDBPyConnection, table: str, reads: Iterable[str]) -> dict[str, dg.MetadataValue]:
    """Seal ``schema.table``, made of ``reads``; its row count and column schema under the keys that the UI draws."""
    rows = seal.seal(con, table, reads)
    columns = con.execute(f"describe {table}").fetchall()
    schema = dg.TableSchema([dg.TableColumn(name=name, type=kind) for name, kind, *_ in columns])
    return {
        "dagster/row_count": dg.MetadataValue.int(rows),
        "dagster/column_schema": dg.MetadataValue.table_schema(schema),
        "dagster/table_name": dg.MetadataValue.text(table),
    }


def table_step(
    name: str,
    tables: Sequence[str],
    run: Runs,
    *,
    reads: Sequence[str],
    group: str,
    description: str,
    kinds: set[str],
) -> dg.AssetsDefinition:
    """One step of the domain that writes several tables, as one asset a table.

    ``run`` gets the month's open warehouse, the month and the settings; ``reads`` and ``tables`` are ``schema.table``.
    """

    @dg.multi_asset(
        name=name,
        specs=[
            dg.AssetSpec(
                key_of(table),
                deps=[key_of(other) for other in reads],
                description=description,
                group_name=group,
                owners=[ENGINEERS],
                kinds=kinds,
            )
            for table in tables
        ],
        partitions_def=MONTHS,
    )
    def step(context: dg.AssetExecutionContext, folders: Folders) -> Iterator[dg.MaterializeResult[None]]:
        with folders.warehouse(context.partition_key) as con:
            run(con, context.partition_key, folders.settings)
            for table in tables:
                yield dg.MaterializeResult(asset_key=key_of(table), metadata=sealed(con, table, reads))

    return step
