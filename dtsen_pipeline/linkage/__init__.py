"""Record linkage: which rows are one person, and which persons are one family.

``model`` is the Splink model as data, ``training`` estimates it or takes it over, ``scoring`` scores candidate pairs,
``incremental`` keeps the scores of pairs that have not changed, ``clustering`` joins pairs into persons under constraints
(``persons``), ``families`` joins family records, ``identity`` gives ids, ``measures`` tells how
well that went. The set-based steps between them are SQL in ``dbt_like_sql/models/linkage``.
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
    """From ``intermediate.int_person_record`` and ``int_family_record`` to ``linkage.orang`` and ``linkage.keluarga_orang``.

    The assets run the same steps one by one. ``stored`` is a folder with a model (``training.in_folder``); without one that fits,
    the model is trained. ``earlier`` is the warehouse of an earlier month, whose unchanged pairs are not scored again.
    ``after`` is told the name of each finished step. Human decisions are taken from ``linkage.keputusan`` where it exists.
    """
    from dtsen_pipeline.linkage import families, incremental, persons, scoring, training
    from dtsen_pipeline.sql.models import run_models

    def models(*names: str) -> None:
        run_models(con, [f"linkage.{name}" for name in names], after=after)

    def step(name: str, run: Callable[[], object]) -> None:
        run()
        if after:
            after(name)

    con.execute(
        """create table if not exists linkage.keputusan (
        record_l varchar, record_r varchar, putusan varchar, stratum varchar, peluang double, bobot double)"""
    )

    def choose() -> None:
        if not (stored and training.adopt(con, training.in_folder(stored), month)):
            training.train(con, month)

    models("rekaman")
    step("model", choose)
    models("simpul_rekaman", "simpul")
    step("lalu", lambda: incremental.recall(con, earlier))
    models("kunci_blok", "blok", "pasangan_calon")
    step("pasangan", lambda: scoring.first(con))
    step("pasangan_ragu", lambda: persons.doubts(con))
    step("orang_awal", lambda: persons.first_pass(con))
    models("rumah", "pasangan_sisa")
    step("pasangan_dalam_keluarga", lambda: scoring.second(con))
    step("orang", lambda: persons.cluster(con))
    models("isi_keluarga", "pasangan_keluarga")
    step("keluarga", lambda: families.cluster(con))
