"""Rows to persons and families: the steps that SQL cannot say.

What belongs here: order and keys. The set-based steps between these are SQL models (``assets.models``).
"""

from __future__ import annotations

import json

import duckdb

from assets.common import table_step
from dtsen_pipeline.config import Settings
from dtsen_pipeline.linkage import evaluation, families, identity, model, persons, scoring, training
from dtsen_pipeline.publication import registry


def _train(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    trained = json.dumps(training.train(con), indent=1, sort_keys=True)
    path = settings.home / "model" / f"linkage-{month}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(trained, encoding="utf-8")
    con.execute("create or replace table linkage.model as select cast(? as varchar) as isi", [trained])


def _score(con: duckdb.DuckDBPyConnection, pairs: str, into: str) -> None:
    row = con.execute("select isi from linkage.model").fetchone()
    assert row is not None
    scoring.score(con, json.loads(row[0]), pairs, into, model.KEEP_ABOVE)


def _previous(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    with registry.open(settings) as book:
        identity.keep_previous(con, book.previous_assignment(month))


def _step(name: str, tables: list[str], run, reads: list[str], description: str):  # type: ignore[no-untyped-def]
    return table_step(
        name, tables, run, reads=reads, group="linkage", description=description, kinds={"splink", "duckdb"}
    )


linkage = [
    _step(
        "model_penautan",
        ["linkage.model"],
        _train,
        ["linkage.rekaman"],
        "Parameter model Splink bulan ini / this month's Splink parameters, estimated on records before exact groups collapse.",
    ),
    _step(
        "penilaian_pasangan",
        ["linkage.pasangan"],
        lambda con, month, settings: _score(con, "linkage.pasangan_calon", "linkage.pasangan"),
        ["linkage.pasangan_calon", "linkage.simpul", "linkage.model"],
        "Bobot kecocokan setiap pasangan calon / match weight of every candidate pair.",
    ),
    _step(
        "pengelompokan_awal",
        ["linkage.orang_awal"],
        lambda con, month, settings: persons.first_pass(con),
        ["linkage.pasangan", "linkage.simpul", "linkage.simpul_rekaman", "linkage.rekaman"],
        "Orang menurut pasangan yang kuat saja / persons by the strong pairs alone, to see which families match.",
    ),
    _step(
        "penilaian_dalam_keluarga",
        ["linkage.pasangan_dalam_keluarga"],
        lambda con, month, settings: _score(con, "linkage.pasangan_sisa", "linkage.pasangan_dalam_keluarga"),
        ["linkage.pasangan_sisa", "linkage.simpul", "linkage.model"],
        "Bobot pasangan anggota yang tersisa dalam keluarga yang sama / weights between the members left over in one family.",
    ),
    _step(
        "pengelompokan_orang",
        ["linkage.orang", "linkage.tolakan"],
        lambda con, month, settings: persons.cluster(con),
        [
            "linkage.pasangan",
            "linkage.pasangan_dalam_keluarga",
            "linkage.simpul",
            "linkage.simpul_rekaman",
            "linkage.rekaman",
        ],
        "Rekaman dikelompokkan menjadi orang; penggabungan yang bertentangan ditolak. / Records grouped into persons; "
        "contradictory merges are refused.",
    ),
    _step(
        "pengelompokan_keluarga",
        ["linkage.kelompok_keluarga", "linkage.keluarga_orang"],
        lambda con, month, settings: families.cluster(con),
        ["linkage.pasangan_keluarga", "linkage.orang", "linkage.rekaman", "intermediate.int_person_record"],
        "Catatan keluarga dari beberapa sumber menjadi satu keluarga, dan satu keluarga tiap orang. / Family records of several "
        "sources become one family, and every person has one.",
    ),
    _step(
        "penetapan_lalu",
        ["linkage.penetapan_lalu"],
        _previous,
        ["raw.run"],
        "Id orang dan keluarga pada rilis terakhir sebelum bulan ini / ids of the last release before this month.",
    ),
    _step(
        "identitas",
        ["linkage.crosswalk"],
        lambda con, month, settings: identity.assign(con),
        ["linkage.orang", "linkage.keluarga_orang", "linkage.penetapan_lalu"],
        "Id orang dan keluarga tiap rekaman, dibawa dari bulan lalu. / Person and family id of every record, carried over.",
    ),
    _step(
        "evaluasi_penautan",
        ["linkage.evaluasi"],
        lambda con, month, settings: evaluation.write(con, settings.landing, month),
        ["linkage.crosswalk", "linkage.pasangan", "linkage.orang", "linkage.rekaman"],
        "Presisi dan recall penautan: perkiraan, dan terhadap kebenaran bila bulan ini simulasi. / Precision and recall: "
        "estimates, and against the truth where the month is simulated.",
    ),
]
