"""Record linkage: which rows are one person, and which persons are one family.

``steps`` is the order in which it goes. ``model`` is the Splink model as data, ``training`` estimates it or takes it over,
``incremental`` keeps the scores of pairs that have not changed, ``scoring`` scores candidate pairs, ``persons`` joins pairs into
persons under constraints and ``families`` family records into families (the graph work of both is in ``clustering``),
``identity`` gives ids, ``measures`` tells how well that went. The set-based steps between them are SQL in
``dbt_like_sql/models/linkage``, the questions and tables of the steps themselves in ``dbt_like_sql/queries/linkage``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb


def link(
    con: duckdb.DuckDBPyConnection,
    month: str,
    stored: Path | None = None,
    earlier: Path | None = None,
    after: Callable[[str], None] | None = None,
) -> None:
    """Run every step, from ``intermediate.int_person_record`` and ``int_family_record`` to ``linkage.keluarga_orang``.

    ``stored`` is a folder with a model (``training.model_in_folder``); without one that fits, the model is trained. ``earlier``
    is the warehouse of an earlier month, whose unchanged pairs are not scored again. ``after`` is called with the name of each
    finished step. Human decisions are taken from ``linkage.keputusan`` where it exists.
    """
    # Here, so that who needs the model's thresholds alone does not load every step.
    from dtsen_pipeline.linkage.steps import ORDER, Inputs, Step
    from dtsen_pipeline.linkage.training import model_in_folder
    from dtsen_pipeline.sql.models import run_models

    con.execute(
        """create table if not exists linkage.keputusan (
        record_l varchar, record_r varchar, putusan varchar, stratum varchar, peluang double, bobot double)"""
    )
    inputs = Inputs(month, model_in_folder(stored) if stored else None, earlier)
    for step in ORDER:
        if not isinstance(step, Step):
            run_models(con, [step], after=after)
            continue
        step.run(con, inputs)
        if after:
            after(step.name)
