"""Compute what each column weighed in the match weight of a pair.

Column weights are Splink's, computed again for these pairs alone with the month's model and frequencies, so they add up to the
weight the month used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from dtsen_pipeline.bilingual import Bilingual, same
from dtsen_pipeline.explain.person.shapes import COLUMNS, GRADES, Step
from dtsen_pipeline.linkage import scoring
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.warehouse import connect


def compute_weights(
    con: duckdb.DuckDBPyConnection, pairs: set[tuple[int, int]]
) -> dict[tuple[int, int], tuple[Step, ...]]:
    """Compute what each column adds to the match weight of node pairs of ``linkage.simpul``, from the prior on; log2.

    Computed by Splink on the nodes of these pairs, with ``linkage.model`` and ``linkage.frekuensi``. The last step ends at the
    pair's match weight as ``scoring`` computes it, to within 1e-6.
    """
    if not pairs:
        return {}
    ordered = sorted(pairs)
    nodes = sorted({node for pair in ordered for node in pair})
    con.register("diminta", pa.table({"node_id": nodes}))
    asked = con.execute(query("explain/simpul_diminta")).to_arrow_table()
    trained = con.execute("from linkage.model").to_arrow_table()
    frequencies = con.execute("from linkage.frekuensi").to_arrow_table()
    con.unregister("diminta")
    blocked = pa.table(
        {
            "join_key_l": [left for left, _ in ordered],
            "join_key_r": [right for _, right in ordered],
            "match_key": ["0"] * len(ordered),
        }
    )
    # In a scratch database: Splink writes tables, and the warehouse is open for reading only.
    with connect(None) as scratch:
        tables = {"simpul": asked, "model": trained, "frekuensi": frequencies, "pasangan_calon": blocked}
        for name, table in tables.items():
            scratch.register("baru", table)
            scratch.execute(f"create table linkage.{name} as from baru")
        splink = scoring.linker(
            scratch,
            "linkage.simpul",
            "linkage.pasangan_calon",
            retain_matching_columns=True,
            retain_intermediate_calculation_columns=True,
        )
        scored = splink.inference.predict(warning_mode="never")
        weighed = scratch.execute(f"from {scored.physical_name}").to_arrow_table().to_pylist()
    settings = json.loads(trained["isi"][0].as_py())
    return {(row["unique_id_l"], row["unique_id_r"]): _steps(settings, row) for row in weighed}


def _steps(trained: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of one pair from its row of Splink's prediction; ``trained`` is the model as Splink saves it."""
    prior = trained["probability_two_random_records_match"]
    total = math.log2(prior / (1 - prior))
    steps = [Step(Bilingual("awal", "prior"), Bilingual("dua rekaman sembarang", "two random records"), 0.0, total)]
    for comparison in trained["comparisons"]:
        name = comparison["output_column_name"]
        # Splink numbers the grades from the last, 0; where a value is missing it is -1.
        grades = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        gamma = row[f"gamma_{name}"]
        grade = Bilingual("tidak ada", "missing") if gamma < 0 else _grade(grades[len(grades) - 1 - gamma])
        column = COLUMNS.get(name) or same(name)
        parts = [(grade, row[f"mw_{name}"])]
        if rarity := row.get(f"mw_tf_adj_{name}"):
            parts.append((Bilingual("seberapa umum nilainya", "how common the value is"), rarity))
        for text, weight in parts:
            steps.append(Step(column, text, total, total + weight))
            total += weight
    return tuple(steps)


def _grade(level: Mapping[str, Any]) -> Bilingual:
    """The name of a grade of Splink's."""
    if level["sql_condition"] == "ELSE":
        return GRADES["beda"]
    label = str(level["label_for_charts"])
    return GRADES.get(label) or same(label)
