"""One asset a SQL model of ``dbt_like_sql``, with its dependencies read from the SQL, and the seeds they read.

What belongs here: turning a file into an asset. A new model file becomes an asset by being there. The models of ``welfare`` are
run by its steps (see ``assets.welfare``), since they share tables with Python.
"""

import dagster as dg

from assets.common import ENGINEERS, MONTHS, Folders, key_of, sealed, table_step
from dtsen_pipeline.sql_models import Model, load_models, load_seeds, run_models, seed_paths

GROUPS = {"staging": "staging", "intermediate": "staging", "linkage": "linkage", "marts": "marts"}


def _description(model: Model) -> str:
    lines = [line.removeprefix("--").strip() for line in model.sql.splitlines() if line.startswith("--")]
    return " ".join(lines) + f"\n\n```sql\n{model.sql.strip()}\n```"


def _asset_of(model: Model) -> dg.AssetsDefinition:
    @dg.asset(
        key=key_of(model.name),
        deps=[key_of(table) for table in sorted(model.depends_on)],
        description=_description(model),
        group_name=GROUPS[model.schema],
        kinds={"duckdb", "sql"},
        owners=[ENGINEERS],
        partitions_def=MONTHS,
    )
    def build(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult[None]:
        with folders.warehouse(context.partition_key) as con:
            run_models(con, [model.name])
            return dg.MaterializeResult(metadata=sealed(con, model.name, model.depends_on))

    return build


model_assets = [_asset_of(model) for model in load_models().values() if model.schema in GROUPS]

seeds = table_step(
    "seeds",
    list(seed_paths()),
    lambda con, month, settings: load_seeds(con),
    reads=[],
    group="landing",
    description="Peta kode dan kebijakan / code maps and policies of dbt_like_sql/seeds, loaded anew each month.",
    kinds={"csv"},
)
