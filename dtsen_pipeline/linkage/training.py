"""Estimating the linkage model on a month, and keeping it as a file.

What belongs here: the calls of Splink's estimators and what to do where a month is too small for them. The model itself is
data in ``model``. Training reads the records before exact groups are collapsed: on collapsed rows the estimators never see
the agreements that make a match look like one.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, block_on

from dtsen_pipeline.linkage import model

SEED = 20250117
# Below this many records the estimators see too few pairs, and the starting values of ``model`` are the better guess.
ENOUGH_RECORDS = 20_000
FLOOR = 10.0


def prior(con: duckdb.DuckDBPyConnection) -> float:
    """Probability that two random records are one person, from the records that share a NIK and a name or birth date.

    Four in five true pairs carry a NIK that is readable and the same on both sides, so the count is scaled up by that.
    """
    row = con.execute(
        """
        select
            (select sum(n * (n - 1) / 2) from (
                select count(*) as n from linkage.rekaman where nik is not null group by nik, nama_depan))
            / 0.8 / (count(*) * (count(*) - 1) / 2.0)
        from linkage.rekaman
        """
    ).fetchone()
    assert row is not None
    return min(max(float(row[0] or 0.0), 1e-12), 0.01)


def train(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Splink model of this month as a JSON-able dict, estimated on ``linkage.rekaman``.

    u by random pairs, m by expectation maximisation over two blockings. Among pairs of one NIK nearly all are matches, which
    teaches names, dates and places; among pairs of one card and birth date the name tells twins from matches, which teaches
    what a NIK that differs means. Blocked on name and date, the NIK had nothing beside it to learn from and ran to -28.
    Seeded: the same records give the same model.
    """
    count = con.execute("select count(*) from linkage.rekaman").fetchone()
    assert count is not None
    start = model.settings(prior(con), "record_uid")
    if count[0] < ENOUGH_RECORDS:
        return dict(start.create_settings_dict("duckdb"))
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(con.table("linkage.rekaman")), start, log_level="ERROR", validate_settings=False)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED, num_chunks=2)
    for block in (block_on("nik"), block_on("kk", "tgl_lahir")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, fix_probability_two_random_records_match=True, max_pairs=3e5
        )
    trained: dict[str, Any] = json.loads(json.dumps(linker.misc.save_model_to_json()))
    linker.table_management.delete_tables_created_by_splink_from_db()
    # Its random name would make every model another model.
    trained.pop("linker_uid", None)
    _settle(trained)
    return trained


def _settle(trained: dict[str, Any]) -> None:
    """Round the parameters, whose last digits depend on the order in which threads add, and bound them.

    No one disagreement may weigh more than 2**-FLOOR: a grade that the sample of matches never showed is rare, not
    impossible, and one damaged column must not overrule all others.
    """
    for comparison in trained["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level") and level.get("u_probability"):
                least = level["u_probability"] * 2.0**-FLOOR
                level["m_probability"] = float(f"{max(level.get('m_probability') or 0.0, least):.6g}")
                level["u_probability"] = float(f"{level['u_probability']:.6g}")
