"""The order of the linkage: its SQL models and the steps of Python between them.

What belongs here: which step comes after which, and which tables it leaves. ``link`` runs the whole order in one go; the assets run
the same steps one by one, and add what is Dagster's: names, what a step reads, and where the last release lies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dtsen_pipeline.linkage import families, incremental, persons, scoring, training


@dataclass(frozen=True)
class Inputs:
    """What a step may be given beside the tables: the month, and of the last release the model and the warehouse.

    ``model`` says what the tables ``training.STORED`` are read by, as SQL; ``warehouse`` is a file. Either may be missing.
    """

    month: str
    model: Mapping[str, str] | None = None
    warehouse: Path | None = None


@dataclass(frozen=True)
class Step:
    """A step that SQL alone cannot do; ``tables`` are what it leaves (``schema.table``)."""

    name: str
    tables: tuple[str, ...]
    run: Callable[[duckdb.DuckDBPyConnection, Inputs], object]


# A name alone is a model of ``dbt_like_sql/models``.
ORDER: tuple[str | Step, ...] = (
    "linkage.rekaman",
    Step(
        "model",
        ("linkage.model", "linkage.frekuensi"),
        lambda con, inputs: training.adopt_or_train(con, inputs.model, inputs.month),
    ),
    "linkage.simpul_rekaman",
    "linkage.simpul",
    Step(
        "lalu",
        ("linkage.simpul_tetap", "linkage.blok_lalu", "linkage.pasangan_lalu", "linkage.sisa_lalu"),
        lambda con, inputs: incremental.carry_over(con, inputs.warehouse),
    ),
    "linkage.kunci_blok",
    "linkage.blok",
    "linkage.pasangan_calon",
    Step("pasangan", ("linkage.pasangan",), lambda con, inputs: scoring.score_candidates(con)),
    Step("pasangan_ragu", ("linkage.pasangan_ragu",), lambda con, inputs: persons.weigh_doubtful(con)),
    Step("orang_awal", ("linkage.orang_awal", "linkage.tolakan_awal"), lambda con, inputs: persons.cluster_first(con)),
    "linkage.rumah",
    "linkage.pasangan_sisa",
    Step(
        "pasangan_dalam_keluarga",
        ("linkage.pasangan_dalam_keluarga",),
        lambda con, inputs: scoring.score_within_families(con),
    ),
    Step("orang", ("linkage.orang", "linkage.tolakan"), lambda con, inputs: persons.cluster_second(con)),
    "linkage.isi_keluarga",
    "linkage.pasangan_keluarga",
    Step(
        "keluarga",
        ("linkage.kelompok_keluarga", "linkage.keluarga_orang"),
        lambda con, inputs: families.cluster(con),
    ),
)

STEPS: Mapping[str, Step] = {step.name: step for step in ORDER if isinstance(step, Step)}
