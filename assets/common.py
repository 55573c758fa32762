"""What every asset shares: the resource that knows the folders, owners, code versions, and the metadata of a table.

What belongs here: what Dagster needs in more than one asset module.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import PurePosixPath

import dagster as dg
import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard.pictures import PICTURES
from dtsen_pipeline.errors import strip_row_values
from dtsen_pipeline.orchestration.job import MONTHS
from dtsen_pipeline.quality import seals
from dtsen_pipeline.release import manifest
from dtsen_pipeline.sql import models
from dtsen_pipeline.sql.lineage import column_lineage
from dtsen_pipeline.sql.models import Model
from dtsen_pipeline.storage.locks import hold_month
from dtsen_pipeline.storage.warehouse import connect, delete_unusable

ENGINEERS = "team:rekayasa-data"

# Sources of a column that its description names; more would fill the page, and the lineage has them all.
MAX_SOURCES_SHOWN = 6

# The month's open warehouse, the month and the settings.
Runs = Callable[[duckdb.DuckDBPyConnection, str, Settings], object]


class Folders(dg.ConfigurableResource[None]):
    """The landing zone and the home of the results, as the environment names them: a request to the UI cannot name others.

    A run that has this resource holds its month alone, by a lock of the operating system, which ends with the process. A pool of
    Dagster would not do: a run that is killed keeps its slot, and every later run would wait for it without end.
    """

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Folders"]:  # type: ignore[override]
        """Hold the run's month while the run lasts; a warehouse file that cannot be used is deleted first."""
        month = context.run.tags.get("dagster/partition") if context.run else None
        if month is None:
            yield self
            return
        with hold_month(self.settings.warehouse(month)):
            delete_unusable(self.settings.warehouse(month))
            yield self

    @property
    def settings(self) -> Settings:
        """The settings as the environment has them now."""
        return Settings()

    @contextmanager
    def warehouse(self, month: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Connection to the month's warehouse file, closed on every way out; row values are stripped from its errors."""
        with strip_row_values(dg.Failure, dg.RetryRequested), connect(self.settings.warehouse(month)) as con:
            yield con


def key_of(table: str) -> dg.AssetKey:
    """Asset key of ``schema.table``; every table is an asset."""
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
    """Describe the asset ``schema.table``, which the code in the folder ``code`` makes; a model describes itself."""
    if model := models.load_models().get(table):
        # With the whole SQL, since people ask of a table how it is made.
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
    """A version that changes with the code that makes a table: its SQL, the macros, and the folder ``package`` with its queries."""
    return hashlib.sha256((_code_of(package) + sql).encode()).hexdigest()[:12]


@cache
def _code_of(package: str) -> str:
    # Cached, since a hundred assets share six folders.
    return manifest.code_sha256(package, "dbt_like_sql/macros", f"dbt_like_sql/queries/{PurePosixPath(package).name}")


def seal_with_metadata(
    con: duckdb.DuckDBPyConnection, table: str, reads: Iterable[str], seconds: float
) -> dict[str, dg.MetadataValue]:
    """Seal ``schema.table``, made of ``reads`` in ``seconds``; return its metadata under the keys that the UI draws.

    That is the row count, the columns with their types, for a model its SQL and the sources of each column, and a picture where
    people would rather look than read.
    """
    rows = seals.seal(con, table, reads)
    columns = con.execute(f"describe {table}").fetchall()
    model = models.load_models().get(table)
    lineage = _lineage(con, model) if model else {}
    schema = dg.TableSchema(
        [dg.TableColumn(name=name, type=kind, description=_origin(lineage.get(name, []))) for name, kind, *_ in columns]
    )
    metadata: dict[str, dg.MetadataValue] = {
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
        metadata["dagster/column_lineage"] = dg.MetadataValue.column_lineage(dg.TableColumnLineage(deps))
        metadata["sql"] = dg.MetadataValue.md(f"```sql\n{model.sql.strip()}\n```")
    if draw := PICTURES.get(table):
        metadata["gambar"] = dg.MetadataValue.md(draw(con))
    return metadata


def _lineage(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, list[tuple[str, str]]]:
    columns = {
        table: [name for name, *_ in con.execute(f"describe {table}").fetchall()] for table in sorted(model.depends_on)
    }
    return column_lineage(model.sql, columns)


def _origin(sources: Sequence[tuple[str, str]]) -> str | None:
    """The sources of a column as its description: the open-source UI draws no graph of columns, but shows descriptions."""
    names = [f"{table}.{column}" for table, column in sources]
    more = f" (+{len(names) - MAX_SOURCES_SHOWN})" if len(names) > MAX_SOURCES_SHOWN else ""
    return f"dari / from {', '.join(names[:MAX_SOURCES_SHOWN])}{more}" if names else None


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
    """Make one step of the domain that writes several tables an asset a table.

    ``run`` gets the month's open warehouse, the month and the settings. ``reads`` and ``tables`` are ``schema.table``. ``code`` is
    the package that makes them. ``each``: for single tables what they are, before ``description``, which is what the step does.
    ``sources``: what it reads from outside the warehouse; ``observe`` reports what was delivered of them.
    """
    descriptions = {table: " ".join(filter(None, ((each or {}).get(table), description))) for table in tables}

    @dg.multi_asset(
        name=name,
        specs=[
            spec_of(
                table,
                reads=reads,
                group=group,
                description=descriptions[table],
                kinds=kinds,
                code=code,
                sources=sources,
            )
            for table in tables
        ],
        partitions_def=MONTHS,
    )
    def step(context: dg.AssetExecutionContext, folders: Folders) -> Iterator[dg.MaterializeResult[None]]:
        with folders.warehouse(context.partition_key) as con:
            began = time.monotonic()
            run(con, context.partition_key, folders.settings)
            seconds = time.monotonic() - began
            for observation in observe(con) if observe else ():
                context.log_event(observation)
            for table in tables:
                yield dg.MaterializeResult(
                    asset_key=key_of(table), metadata=seal_with_metadata(con, table, reads, seconds)
                )

    return step
