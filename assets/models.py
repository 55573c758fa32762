"""Make an asset of each SQL model of ``dbt_like_sql``, with its dependencies read from the SQL, and of the seeds they read.

What belongs here: turning a file into an asset. A new model file becomes an asset by being there, where its schema is in
``GROUPS``. The models of ``welfare`` and ``publikasi`` run inside the steps of ``assets.welfare`` and ``assets.release``, since
those share tables with Python.
"""

import time

import dagster as dg

from assets.common import Folders, seal_with_metadata, spec_of, table_step
from dtsen_pipeline.orchestration.job import MONTHS
from dtsen_pipeline.sql.models import Model, load_models, load_seeds, run_models, seed_paths

# By schema of the models that become assets of their own, the group of these assets; the marts are the register itself.
GROUPS = {"staging": "staging", "intermediate": "staging", "linkage": "linkage", "marts": "registry"}


def _asset_of(model: Model) -> dg.AssetsDefinition:
    spec = spec_of(
        model.name,
        reads=model.depends_on,
        group=GROUPS[model.schema],
        description=model.description,
        kinds={"duckdb", "sql"},
        code="dbt_like_sql/macros",
    )

    @dg.multi_asset(name="__".join(spec.key.path), specs=[spec], partitions_def=MONTHS)
    def build(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult[None]:
        with folders.warehouse(context.partition_key) as con:
            began = time.monotonic()
            run_models(con, [model.name])
            return dg.MaterializeResult(
                metadata=seal_with_metadata(con, model.name, model.depends_on, time.monotonic() - began)
            )

    return build


model_assets = [_asset_of(model) for model in load_models().values() if model.schema in GROUPS]

seeds = table_step(
    "seeds",
    list(seed_paths()),
    lambda con, month, settings: load_seeds(con),
    reads=[],
    group="landing",
    description="Peta kode dan kebijakan / code maps and policies of dbt_like_sql/seeds, loaded anew each month.",
    kinds={"csv", "duckdb"},
    code="dbt_like_sql/seeds",
)
