"""One asset a SQL model of ``dbt_like_sql``, with its dependencies read from the SQL.

What belongs here: turning a model file into an asset. A new model file becomes an asset by being there.
"""

from __future__ import annotations

import dagster as dg

from assets.common import ENGINEERS, MONTHS, POOL, Folders, key_of, table_metadata
from dtsen_pipeline.sql_models import Model, load_models, load_seeds, run_models, seed_paths

GROUPS = {"staging": "staging", "intermediate": "staging", "linkage": "linkage", "marts": "marts", "welfare": "welfare"}


def _description(model: Model) -> str:
    lines = [line.removeprefix("--").strip() for line in model.sql.splitlines() if line.startswith("--")]
    return " ".join(lines) + f"\n\n```sql\n{model.sql.strip()}\n```"


def _asset_of(model: Model) -> dg.AssetsDefinition:
    schema = model.name.split(".")[0]

    @dg.asset(
        key=key_of(model.name),
        deps=[key_of(table) for table in sorted(model.depends_on)],
        description=_description(model),
        group_name=GROUPS[schema],
        kinds={"duckdb", "sql"},
        owners=[ENGINEERS],
        partitions_def=MONTHS,
        pool=POOL,
    )
    def build(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult[None]:
        with folders.warehouse(context.partition_key) as con:
            run_models(con, [model.name])
            return dg.MaterializeResult(metadata=table_metadata(con, model.name))

    return build


def model_assets() -> list[dg.AssetsDefinition]:
    """The assets of every SQL model, in dependency order."""
    return [_asset_of(model) for model in load_models().values()]


@dg.multi_asset(
    name="seeds",
    specs=[
        dg.AssetSpec(
            key_of(name),
            description="Peta kode dan kebijakan / code map or policy, from dbt_like_sql/seeds",
            group_name="landing",
            owners=[ENGINEERS],
            kinds={"csv"},
            partitions_def=MONTHS,
        )
        for name in seed_paths()
    ],
    pool=POOL,
)
def seeds(context: dg.AssetExecutionContext, folders: Folders):  # type: ignore[no-untyped-def]
    """Code maps and policies, loaded anew each month so that a month can be made again as it was."""
    with folders.warehouse(context.partition_key) as con:
        for name in load_seeds(con):
            yield dg.MaterializeResult(asset_key=key_of(name), metadata=table_metadata(con, name))
