"""Rows to persons and families: the steps that SQL cannot say.

What belongs here: what Dagster asks of these steps, and the keys and releases that they take. Their order is in
``dtsen_pipeline.linkage.steps``; the set-based steps between them are SQL models (``assets.models``).
"""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import duckdb

from assets.common import Runs, table_step
from dtsen_pipeline.config import Settings
from dtsen_pipeline.linkage import identity, training
from dtsen_pipeline.linkage.measures import evaluation
from dtsen_pipeline.linkage.steps import STEPS, Inputs
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import contents
from dtsen_pipeline.review import decisions
from dtsen_pipeline.storage import keys


def _released_model(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Inputs:
    with store.open(settings) as book:
        released = book.standing_before(month)
    return Inputs(month, model=contents.relations(con, keys.load(settings), released, training.STORED))


def _released_warehouse(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Inputs:
    with store.open(settings) as book:
        released = book.standing_before(month)
    return Inputs(month, warehouse=settings.warehouse(released.month) if released else None)


def _month_alone(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Inputs:
    return Inputs(month)


def _previous(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    with store.open(settings) as book:
        identity.keep_previous(con, book.previous_assignment(month), book.assignment_of_absent(month))


def _evaluate(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    evaluation.write_evaluation(con, settings.landing, month)
    with store.open(settings) as book:
        evaluation.keep_previous(con, book.previous_measures(month))


# What a row is, where a step leaves more than one table.
ROW_MEANINGS = {
    "linkage.model": "Satu baris: tingkat perbandingan dengan m dan u / one row: the grades of the comparisons with their m and u.",
    "linkage.frekuensi": "Satu baris satu nilai nama atau tempat / one row a value of a name or place, and its share.",
    "linkage.simpul_tetap": "Satu baris satu simpul yang tidak berubah / one row a node that has not changed.",
    "linkage.blok_lalu": "Satu baris satu blok yang dipakai bulan lalu / one row a block that was used last time.",
    "linkage.pasangan_lalu": "Pasangan di antara simpul yang tetap / pairs between nodes that have not changed.",
    "linkage.sisa_lalu": "Pasangan sisa dalam keluarga, yang tetap / pairs left over in families, unchanged.",
    "linkage.orang_awal": "Satu baris satu simpul dan orangnya / one row a node and its person.",
    "linkage.tolakan_awal": "Satu baris satu penggabungan yang ditolak / one row a merge that was refused.",
    "linkage.orang": "Satu baris satu rekaman dan orangnya / one row a record and its person.",
    "linkage.tolakan": "Satu baris satu penggabungan yang ditolak, dan sebabnya / one row a merge that was refused, and why.",
    "linkage.kelompok_keluarga": "Satu baris satu catatan keluarga dan keluarganya / one row a family record and its family.",
    "linkage.keluarga_orang": "Satu baris satu orang dan keluarganya / one row a person and the family.",
    "linkage.penetapan_dulu": "Satu baris satu rekaman yang tidak ada di rilis lalu / one row a record not in the last release.",
    "linkage.evaluasi": "Satu baris satu ukuran mutu / one row a measure, with its group and interval.",
    "linkage.evaluasi_lalu": "Ukuran yang sama dari rilis terakhir / the same measures of the last release.",
}


# For steps that read no table. The landing drops what an earlier run derived, so they must come after it.
AFTER_LANDING = ["raw.run"]


def _step(
    name: str,
    tables: list[str],
    run: Runs,
    reads: list[str],
    description: str,
    group: str = "linkage",
    code: str = "dtsen_pipeline/linkage",
) -> dg.AssetsDefinition:
    return table_step(
        name,
        tables,
        run,
        reads=reads,
        group=group,
        description=description,
        kinds={"splink", "duckdb"} if "linkage.model" in {*reads, *tables} else {"python", "duckdb"},
        code=code,
        each=ROW_MEANINGS,
    )


def _linking(
    name: str, step_name: str, reads: list[str], description: str, inputs: Callable[..., Inputs] = _month_alone
) -> dg.AssetsDefinition:
    """Make the assets that a step of ``dtsen_pipeline.linkage.steps`` leaves.

    ``inputs`` fetches what the step takes of the last release.
    """
    step = STEPS[step_name]
    return _step(
        name,
        list(step.tables),
        lambda con, month, settings: step.run(con, inputs(con, month, settings)),
        reads,
        description,
    )


linkage = [
    _step(
        "keputusan_peninjau",
        ["linkage.keputusan"],
        lambda con, month, settings: decisions.load_decisions(con, settings.home),
        AFTER_LANDING,
        "Putusan peninjau yang berlaku: sama atau beda orang / reviewers' standing decisions: one person or two.",
        code="dtsen_pipeline/review",
    ),
    _linking(
        "model_penautan",
        "model",
        ["linkage.rekaman"],
        "Model penautan: dari rilis terakhir, atau dilatih pada rekaman bulan ini / the linkage model: the last release's, or "
        "trained on this month's records before exact groups collapse; and how common each value is.",
        inputs=_released_model,
    ),
    _linking(
        "penautan_lalu",
        "lalu",
        ["linkage.simpul", "linkage.model", "linkage.frekuensi"],
        "Simpul yang tidak berubah sejak rilis terakhir, dan bobot pasangannya / nodes unchanged since the last release, and the "
        "weights of their pairs.",
        inputs=_released_warehouse,
    ),
    _linking(
        "penilaian_pasangan",
        "pasangan",
        [
            "linkage.pasangan_calon",
            "linkage.pasangan_lalu",
            "linkage.blok_lalu",
            "linkage.kunci_blok",
            "linkage.blok",
            "linkage.simpul",
            "linkage.model",
            "linkage.frekuensi",
        ],
        "Bobot kecocokan setiap pasangan calon / match weight of every candidate pair.",
    ),
    _linking(
        "penilaian_ragu",
        "pasangan_ragu",
        ["linkage.pasangan", "linkage.simpul", "linkage.model", "linkage.frekuensi"],
        "Semua bobot di dalam kelompok yang bergantung pada pasangan lemah / all weights in components that hang on a weak pair.",
    ),
    _linking(
        "pengelompokan_awal",
        "orang_awal",
        [
            "linkage.pasangan",
            "linkage.pasangan_ragu",
            "linkage.keputusan",
            "linkage.simpul",
            "linkage.simpul_rekaman",
        ],
        "Orang menurut pasangan yang kuat saja / persons by the strong pairs alone, to see which families match.",
    ),
    _linking(
        "penilaian_dalam_keluarga",
        "pasangan_dalam_keluarga",
        ["linkage.pasangan_sisa", "linkage.sisa_lalu", "linkage.simpul", "linkage.model", "linkage.frekuensi"],
        "Bobot pasangan anggota yang tersisa dalam keluarga yang sama / weights between the members left over in one family.",
    ),
    _linking(
        "pengelompokan_orang",
        "orang",
        [
            "linkage.orang_awal",
            "linkage.tolakan_awal",
            "linkage.pasangan_dalam_keluarga",
            "linkage.pasangan_sisa",
            "linkage.keputusan",
            "linkage.simpul",
            "linkage.simpul_rekaman",
        ],
        "Rekaman dikelompokkan menjadi orang; penggabungan yang bertentangan ditolak. / Records grouped into persons; "
        "contradictory merges are refused.",
    ),
    _linking(
        "pengelompokan_keluarga",
        "keluarga",
        ["linkage.pasangan_keluarga", "linkage.orang", "linkage.rumah", "intermediate.int_person_record"],
        "Catatan keluarga dari beberapa sumber menjadi satu keluarga, dan satu keluarga tiap orang. / Family records of several "
        "sources become one family, and every person has one.",
    ),
    _step(
        "penetapan_lalu",
        ["linkage.penetapan_lalu", "linkage.penetapan_dulu"],
        _previous,
        AFTER_LANDING,
        "Id orang dan keluarga pada rilis terakhir sebelum bulan ini, dan id terakhir rekaman yang tidak ada di situ / ids of the "
        "last release before this month, and the last ids of the records that were not in it.",
        group="registry",
    ),
    _step(
        "identitas",
        ["linkage.crosswalk"],
        lambda con, month, settings: identity.assign(con, keys.load(settings)),
        ["linkage.orang", "linkage.keluarga_orang", "linkage.penetapan_lalu", "linkage.penetapan_dulu"],
        "Id orang dan keluarga tiap rekaman, dibawa dari bulan lalu. / Person and family id of every record, carried over.",
        group="registry",
    ),
    _step(
        "evaluasi_penautan",
        ["linkage.evaluasi", "linkage.evaluasi_lalu"],
        _evaluate,
        [
            "raw.run",
            "linkage.rekaman",
            "linkage.simpul",
            "linkage.simpul_rekaman",
            "linkage.model",
            "linkage.frekuensi",
            "linkage.kunci_blok",
            "linkage.blok",
            "linkage.pasangan",
            "linkage.pasangan_sisa",
            "linkage.pasangan_dalam_keluarga",
            "linkage.keputusan",
            "linkage.tolakan",
            "linkage.orang",
            "linkage.keluarga_orang",
            "intermediate.int_person_record",
            "intermediate.int_wilayah__aktif",
            "seeds.aturan_blok",
        ],
        "Mutu penautan: perkiraan, percobaan pada sampel, dan kebenaran bila ada; dan ukuran rilis terakhir untuk dibandingkan. / "
        "Quality of the linkage: estimates, experiments on samples, and the truth where there is one; and what the last release "
        "measured, to compare with.",
        code="dtsen_pipeline/linkage/measures",
    ),
]
