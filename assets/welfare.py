"""Families to deciles and programmes.

What belongs here: the four steps of ``dtsen_pipeline.welfare`` and their tables.
"""

from __future__ import annotations

from assets.common import table_step
from dtsen_pipeline import welfare as domain

SCORED = ["marts.keluarga", "welfare.koefisien", "welfare.isian", "welfare.model"]

welfare = [
    table_step(
        "model_kesejahteraan",
        ["welfare.fitur_susenas", "welfare.koefisien", "welfare.isian", "welfare.model", "welfare.kartu"],
        lambda con, month, settings: domain.fit_month(con),
        reads=["intermediate.int_susenas", "intermediate.int_wilayah__aktif"],
        group="welfare",
        description=(
            "Uji kelayakan sarana (PMT) yang dilatih pada survei konsumsi; koefisien terbit sebagai tabel. / Proxy means test "
            "fitted on the consumption survey; its coefficients are published as a table."
        ),
        kinds={"python", "duckdb"},
    ),
    table_step(
        "skor",
        ["welfare.fitur_keluarga", "welfare.skor", "welfare.tanpa_skor"],
        lambda con, month, settings: domain.score(con),
        reads=SCORED,
        group="welfare",
        description="Skor tiap keluarga sebagai jumlah suku / the score of each family as a sum of terms.",
        kinds={"sql", "duckdb"},
    ),
    table_step(
        "desil",
        ["welfare.batas_desil", "welfare.desil"],
        lambda con, month, settings: domain.rank(con),
        reads=["welfare.skor", "welfare.fitur_keluarga"],
        group="welfare",
        description="Desil nasional, provinsi, kabupaten/kota / national, provincial and regency deciles.",
        kinds={"sql", "duckdb"},
    ),
    table_step(
        "kelayakan",
        ["welfare.kebijakan", "welfare.kelayakan"],
        lambda con, month, settings: domain.apply_policies(con, month),
        reads=["welfare.desil", "seeds.kebijakan_program"],
        group="welfare",
        description="Keluarga yang dijangkau tiap program menurut kebijakan bulan ini / families each programme reaches.",
        kinds={"sql", "duckdb"},
    ),
]
