"""From families to deciles and programmes.

What belongs here: the steps of ``dtsen_pipeline.welfare`` as assets, and what their tables are.
"""

from __future__ import annotations

import duckdb

from assets.common import table_step
from dtsen_pipeline import welfare as domain
from dtsen_pipeline.config import Settings
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import contents
from dtsen_pipeline.storage import keys
from dtsen_pipeline.welfare import changes, eligibility, report

SCORED = ["marts.keluarga", "welfare.koefisien", "welfare.isian", "welfare.model"]


# What a row of each table is, where a step writes more than one; a model says it in its SQL.
ROW_MEANINGS = {
    "welfare.koefisien": "Satu baris satu suku model / one row a term of the model.",
    "welfare.isian": "Satu baris satu nilai pengganti yang kosong / one row a value that fills in what is missing.",
    "welfare.model": "Satu baris satu model dan versinya / one row a model and its version.",
    "welfare.kartu": "Satu baris satu ukuran mutu model / one row a measure of the model.",
    "welfare.luar_sampel": "Satu baris satu rumah tangga survei / one row a surveyed household, scored out of sample.",
    "welfare.skor": "Satu baris satu keluarga dan skornya / one row a family and its score.",
    "welfare.batas_desil": "Satu baris satu desil dan batas atasnya / one row a decile and its upper bound.",
    "welfare.keluarga_lalu": "Skor dan desil tiap keluarga / score and decile of each family.",
    "welfare.anggota_lalu": "Satu baris satu orang dan keluarganya / one row a person and the family.",
    "welfare.kelayakan_lalu": "Satu baris satu keluarga dalam satu program / one row a family in a programme.",
    "welfare.kebijakan_lalu": "Satu baris satu kebijakan yang berlaku / one row a policy in force.",
    "welfare.fitur_lalu": "Ciri tiap keluarga / the features of each family.",
    "welfare.koefisien_lalu": "Suku model / the terms of the model.",
    "welfare.isian_lalu": "Nilai pengganti / what was filled in.",
    "welfare.model_lalu": "Model dan versinya / the models and their versions.",
    "welfare.skor_model_lalu": "Skor keluarga bulan ini menurut model rilis terakhir / scores of this month's families by the last "
    "release's model.",
    "welfare.data_berubah": "Satu baris satu keluarga dan ciri yang berubah / one row a family and the features that differ.",
    "welfare.kebijakan": "Satu baris satu kebijakan yang berlaku bulan ini / one row a policy in force this month.",
}


def _carry_over(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    with store.open(settings) as book:
        released = book.before(month)
    changes.carry_over(con, contents.relations(con, keys.load(settings), released, changes.RELEASE_FILES))


def _eligibility(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> None:
    domain.apply_policies(con, month)
    eligibility.compare_eligibility(con)


welfare = [
    table_step(
        "model_kesejahteraan",
        [
            "welfare.fitur_susenas",
            "welfare.koefisien",
            "welfare.isian",
            "welfare.model",
            "welfare.kartu",
            "welfare.luar_sampel",
        ],
        lambda con, month, settings: domain.fit_month(con),
        reads=["intermediate.int_susenas", "intermediate.int_wilayah__aktif"],
        group="welfare",
        description=(
            "Uji kelayakan sarana (PMT) yang dilatih pada survei konsumsi; koefisien terbit sebagai tabel. / Proxy means test "
            "fitted on the consumption survey; its coefficients are published as a table."
        ),
        kinds={"python", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    table_step(
        "skor",
        ["welfare.fitur_keluarga", "welfare.skor", "welfare.tanpa_skor"],
        lambda con, month, settings: domain.score(con),
        reads=SCORED,
        group="welfare",
        description="Skor tiap keluarga sebagai jumlah suku / the score of each family as a sum of terms.",
        kinds={"sql", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    table_step(
        "desil",
        ["welfare.batas_desil", "welfare.desil"],
        lambda con, month, settings: domain.rank(con),
        reads=["welfare.skor", "welfare.fitur_keluarga"],
        group="welfare",
        description="Desil nasional, provinsi, kabupaten/kota / national, provincial and regency deciles.",
        kinds={"sql", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    table_step(
        "rilis_lalu",
        list(changes.LAST_RELEASE_TABLES),
        _carry_over,
        reads=["welfare.fitur_keluarga", "welfare.koefisien", "welfare.isian", "welfare.model"],
        group="welfare",
        description=(
            "Apa yang dikatakan rilis terakhir tentang tiap keluarga, dan model serta kebijakan yang dipakainya; kosong sebelum "
            "rilis pertama. / What the last release said of each family, and the model and policies it used; empty before the "
            "first."
        ),
        kinds={"duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    table_step(
        "laporan_kesejahteraan",
        ["welfare.laporan"],
        lambda con, month, settings: report.write_report(con, "welfare.fitur_lalu"),
        reads=[
            "welfare.luar_sampel",
            "welfare.fitur_susenas",
            "welfare.fitur_keluarga",
            "welfare.skor",
            "welfare.fitur_lalu",
            "intermediate.int_wilayah__aktif",
        ],
        group="welfare",
        description=(
            "Mutu skor menurut kelompok, dan pergeseran ciri keluarga dari survei dan rilis terakhir. / Quality of the score by "
            "group, and drift of the families' features from the survey and from the last release."
        ),
        kinds={"python", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    table_step(
        "perubahan",
        list(changes.COMPARISON_TABLES),
        lambda con, month, settings: changes.compare_with_last_release(con),
        reads=[
            "welfare.keluarga_lalu",
            "welfare.anggota_lalu",
            "welfare.fitur_lalu",
            "welfare.koefisien_lalu",
            "welfare.isian_lalu",
            "welfare.model_lalu",
            "welfare.fitur_keluarga",
            "welfare.skor",
            "welfare.desil",
            "marts.keluarga",
            "marts.anggota",
            "linkage.penetapan_lalu",
            "linkage.crosswalk",
        ],
        group="welfare",
        description=(
            "Perubahan skor dan desil tiap keluarga sejak rilis terakhir, beserta sebabnya. / How each family's score and desil "
            "changed since the last release, and why."
        ),
        kinds={"sql", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
    # After the changes, so that a month of mass change stops before it says who is eligible for what.
    table_step(
        "kelayakan",
        ["welfare.kebijakan", "welfare.kelayakan", "welfare.kelayakan_perubahan"],
        _eligibility,
        reads=[
            "welfare.desil",
            "welfare.perubahan",
            "welfare.keluarga_lalu",
            "welfare.kelayakan_lalu",
            "welfare.kebijakan_lalu",
            "seeds.kebijakan_program",
        ],
        group="welfare",
        description=(
            "Keluarga yang dijangkau tiap program menurut kebijakan bulan ini, dan yang masuk atau keluar beserta sebabnya. / "
            "Families each programme reaches, and who enters or leaves and why."
        ),
        kinds={"sql", "duckdb"},
        code="dtsen_pipeline/welfare",
        each=ROW_MEANINGS,
    ),
]
