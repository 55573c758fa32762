"""What every asset shares: partitions, the resource that knows the folders, owners, and metadata of a table.

What belongs here: Dagster vocabulary used by more than one asset module.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

import dagster as dg
import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard.pictures import PICTURES
from dtsen_pipeline.errors import without_values
from dtsen_pipeline.orchestration.job import MONTHS
from dtsen_pipeline.quality import seals
from dtsen_pipeline.release import manifest
from dtsen_pipeline.sql import models
from dtsen_pipeline.sql.lineage import column_lineage
from dtsen_pipeline.sql.models import Model
from dtsen_pipeline.storage.locks import held
from dtsen_pipeline.storage.warehouse import connect, make_way

ENGINEERS = "team:rekayasa-data"

# More would fill the page; the others stand in the lineage.
SOURCES_TOLD = 6

Runs = Callable[[duckdb.DuckDBPyConnection, str, Settings], object]


class Folders(dg.ConfigurableResource[None]):
    """Landing zone and home of the results, as the environment names them: what the UI is sent cannot name others.

    While a run has it the run's month is that run's alone. Not by a pool of Dagster: a run that is killed keeps its slot, and every
    later run waits for it without an end; a lock of the operating system goes with the process.
    """

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Folders"]:  # type: ignore[override]
        month = context.run.tags.get("dagster/partition") if context.run else None
        if month is None:
            yield self
            return
        with held(self.settings.warehouse(month)):
            make_way(self.settings.warehouse(month))
            yield self

    @property
    def settings(self) -> Settings:
        return Settings()

    @contextmanager
    def warehouse(self, month: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Connection to the month's warehouse file, closed on every way out. No error carries a value of a row past it."""
        with without_values(dg.Failure, dg.RetryRequested), connect(self.settings.warehouse(month)) as con:
            yield con


def key_of(table: str) -> dg.AssetKey:
    """Asset key of ``schema.table``: one asset a table."""
    return dg.AssetKey(table.split("."))


def spec_of(
    table: str,
    *,
    reads: Iterable[str],
    group: str,
    description: str,
    kinds: set[str],
    code: str,
    sources: Iterable[dg.AssetKey] = (),
) -> dg.AssetSpec:
    """The asset ``schema.table``. ``code`` is the folder whose code makes it; a model is told by its SQL too."""
    if model := models.load_models().get(table):
        # Said whole, since this is what people ask of a table: how it is made.
        description = f"{model.description}\n\n```sql\n{model.sql.strip()}\n```"
    return dg.AssetSpec(
        key_of(table),
        deps=[*map(key_of, sorted(reads)), *sources],
        description=description,
        group_name=group,
        owners=[ENGINEERS],
        kinds=kinds,
        code_version=version_of(code, model.sql if model else ""),
    )


def version_of(package: str, sql: str = "") -> str:
    """Changes with the code that makes a table: its SQL, the macros, and what the folder ``package`` of the project holds."""
    return hashlib.sha256((_code_of(package) + sql).encode()).hexdigest()[:12]


@cache
def _code_of(package: str) -> str:
    # Once a process: a hundred assets share six folders.
    return manifest.code_sha256(package, "dbt_like_sql/macros")


def sealed(
    con: duckdb.DuckDBPyConnection, table: str, reads: Iterable[str], seconds: float
) -> dict[str, dg.MetadataValue]:
    """Seal ``schema.table``, made of ``reads`` in ``seconds``; what is told of it, under the keys that the UI draws.

    Row count, columns with their types, and of a model its SQL and where each column comes from; a picture where people would
    rather look than read.
    """
    rows = seals.seal(con, table, reads)
    columns = con.execute(f"describe {table}").fetchall()
    model = models.load_models().get(table)
    lineage = _lineage(con, model) if model else {}
    schema = dg.TableSchema(
        [dg.TableColumn(name=name, type=kind, description=_from(lineage.get(name, []))) for name, kind, *_ in columns]
    )
    told: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(rows),
        "dagster/column_schema": dg.MetadataValue.table_schema(schema),
        "dagster/table_name": dg.MetadataValue.text(table),
        "detik": dg.MetadataValue.float(round(seconds, 2)),
    }
    if model:
        deps = {
            name: [dg.TableColumnDep(key_of(other), column) for other, column in sources]
            for name, sources in lineage.items()
        }
        told["dagster/column_lineage"] = dg.MetadataValue.column_lineage(dg.TableColumnLineage(deps))
        told["sql"] = dg.MetadataValue.md(f"```sql\n{model.sql.strip()}\n```")
    if draw := PICTURES.get(table):
        told["gambar"] = dg.MetadataValue.md(draw(con))
    return told


def _lineage(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, list[tuple[str, str]]]:
    columns = {
        table: [name for name, *_ in con.execute(f"describe {table}").fetchall()] for table in sorted(model.depends_on)
    }
    return column_lineage(model.sql, columns)


def _from(sources: Sequence[tuple[str, str]]) -> str | None:
    """The sources in words: the open-source UI draws no graph of columns, but shows what is said of each."""
    told = [f"{table}.{column}" for table, column in sources]
    more = f" (+{len(told) - SOURCES_TOLD})" if len(told) > SOURCES_TOLD else ""
    return f"dari / from {', '.join(told[:SOURCES_TOLD])}{more}" if told else None


def table_step(
    name: str,
    tables: Sequence[str],
    run: Runs,
    *,
    reads: Sequence[str],
    group: str,
    description: str,
    kinds: set[str],
    code: str,
    each: Mapping[str, str] | None = None,
    sources: Sequence[dg.AssetKey] = (),
    observe: Callable[[duckdb.DuckDBPyConnection], Iterable[dg.AssetObservation]] | None = None,
) -> dg.AssetsDefinition:
    """One step of the domain that writes several tables, as one asset a table.

    ``run`` gets the month's open warehouse, the month and the settings; ``reads`` and ``tables`` are ``schema.table``; ``code`` is
    the package that makes them. ``each`` says of single tables what they are, before what the step does. ``sources`` are what it
    reads from outside, of which ``observe`` tells what was found.
    """
    told = {table: " ".join(filter(None, ((each or {}).get(table), description))) for table in tables}

    @dg.multi_asset(
        name=name,
        specs=[
            spec_of(table, reads=reads, group=group, description=told[table], kinds=kinds, code=code, sources=sources)
            for table in tables
        ],
        partitions_def=MONTHS,
    )
    def step(context: dg.AssetExecutionContext, folders: Folders) -> Iterator[dg.MaterializeResult[None]]:
        with folders.warehouse(context.partition_key) as con:
            began = time.monotonic()
            run(con, context.partition_key, folders.settings)
            seconds = time.monotonic() - began
            for found in observe(con) if observe else ():
                context.log_event(found)
            for table in tables:
                yield dg.MaterializeResult(asset_key=key_of(table), metadata=sealed(con, table, reads, seconds))

    return step
