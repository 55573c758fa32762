"""Estimate the parameters of the linkage model on a month, or take them over from the last release.

What belongs here: the calls of Splink's estimators, what to do where a month is too small for them, and when a stored model
may be used again. The model itself is data in ``model``. Training reads the records before exact groups are collapsed: on
collapsed rows the estimators never see the agreements that make a match look like one.

Two tables hold a model. ``linkage.model`` has one row: isi (Splink settings, JSON), versi (of the grades in ``model``), bulan
(the month it was trained on) and rekaman (how many records its prior is for). ``linkage.frekuensi`` (kolom, nilai, tf) says how
common a value is, for values more common than the floor of their grade. With both stored, the weight of a pair depends on
nothing but the pair.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, block_on

from dtsen_pipeline.linkage import model
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.warehouse import path_literal

SEED = 20250117
# Below this many records the estimators see too few pairs: the starting values of ``model`` are the better guess.
ENOUGH_RECORDS = 20_000
# A blocking with fewer pairs than this teaches chance.
ENOUGH_PAIRS = 2_000
# Names, habits of writing and the mix of sources drift slowly; a year is soon enough, and keeps ids calm in between.
MONTHS_VALID = 12
# A month this much larger or smaller than the one the prior is for gets a prior of its own.
SAME_SIZE = 0.05
# No one disagreement may weigh more than this against a pair, log2 (``_round_and_bound``).
MOST_AGAINST = 10.0
# Sizes of the samples: records whose pairs give u, pairs in each blocking that give m.
U_RECORDS, M_PAIRS = 1_000, 50_000

# The tables of a release that hold a model.
STORED = ("model_penautan", "frekuensi")

# Among pairs of one NIK nearly all are matches, which teaches names, dates and places; among pairs of one card and birth date
# the name tells twins from matches, which teaches what a NIK that differs means. Blocked on name and date, the NIK had nothing
# beside it to learn from and ran to -28.
_BLOCKS_WITH_NIK = (("nik",), ("kk", "tgl_lahir"))
# Each column must be free in one of them.
_BLOCKS_WITHOUT_NIK = (("kk", "tgl_lahir"), ("kk", "nama_rapat"), ("nama_rapat", "tgl_lahir"))


def prior(con: duckdb.DuckDBPyConnection) -> float:
    """Probability that two random records are one person, to two digits.

    From the records that share a NIK and a name, or a name and a birth date: ``linkage/peluang_awal`` says how.
    """
    row = con.execute(query("linkage/peluang_awal")).fetchone()
    assert row is not None
    return float(f"{min(max(float(row[0] or 0.0), 1e-12), 0.01):.2g}")


def grades_version() -> str:
    """Name of the grades and starting values of ``model``, a hash: parameters of other grades cannot be used with these."""
    start = model.settings(1e-6, "record_uid").create_settings_dict("duckdb")
    return hashlib.sha256(json.dumps(start, sort_keys=True).encode()).hexdigest()[:16]


def adopt_or_train(con: duckdb.DuckDBPyConnection, stored: Mapping[str, str] | None, month: str) -> None:
    """Take the stored model over where it fits (``adopt``), or else ``train`` one."""
    if not adopt(con, stored, month):
        train(con, month)


def adopt(con: duckdb.DuckDBPyConnection, stored: Mapping[str, str] | None, month: str) -> bool:
    """Take a stored model over; ``stored`` says what the tables ``STORED`` are read by, as SQL.

    Returns False, and does nothing, where there is none, its grades are not those of this code, or it is older than a year.
    """
    if stored is None:
        return False
    row = con.execute(f"select versi, bulan, rekaman, isi from {stored['model_penautan']}").fetchone()
    if row is None or row[0] != grades_version() or _months_between(row[1], month) >= MONTHS_VALID:
        return False
    con.execute(f"create or replace table linkage.model as from {stored['model_penautan']}")
    con.execute(f"create or replace table linkage.frekuensi as from {stored['frekuensi']}")
    count, trained = _record_count(con), json.loads(row[3])
    if abs(count / row[2] - 1) > SAME_SIZE:
        # Matches grow with the records, pairs with their square. Small changes are ignored, so that weights stay the same.
        trained["probability_two_random_records_match"] = float(
            f"{min(trained['probability_two_random_records_match'] * row[2] / count, 0.01):.6g}"
        )
        con.execute("update linkage.model set isi = ?, rekaman = ?", [_as_json(trained), count])
    return True


def model_in_folder(folder: Path) -> Mapping[str, str] | None:
    """The model that a folder holds as plain Parquet files, as ``adopt`` takes it; None where there is none."""
    files = {name: folder / f"{name}.parquet" for name in STORED}
    if not all(path.exists() for path in files.values()):
        return None
    return {name: f"read_parquet({path_literal(path)})" for name, path in files.items()}


def _as_json(trained: dict[str, Any]) -> str:
    return json.dumps(trained, indent=1, sort_keys=True)


def _record_count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("select count(*) from linkage.rekaman").fetchone()
    assert row is not None
    return int(row[0])


def _months_between(earlier: str, later: str) -> int:
    (y1, m1), (y2, m2) = ((int(part) for part in month.split("-")) for month in (earlier, later))
    return (y2 - y1) * 12 + m2 - m1


def train(con: duckdb.DuckDBPyConnection, month: str) -> None:
    """Estimate the model on ``linkage.rekaman`` and write ``linkage.model`` and ``linkage.frekuensi``.

    u is estimated by random pairs, m by expectation maximisation over blockings that teach one another's columns. Samples are
    taken by hash, so the same records give the same model; one record more almost always gives the same, too.
    """
    con.execute("create or replace table linkage.model (isi varchar, versi varchar, bulan varchar, rekaman bigint)")
    con.execute(
        "insert into linkage.model values (?, ?, ?, ?)",
        [_as_json(_estimate(con)), grades_version(), month, _record_count(con)],
    )
    # A value rarer than its grade's floor weighs as the floor: leaving it out bounds the table. Built here: one SELECT a column.
    counts = " union all ".join(
        f"""select '{column}' as kolom, {column} as nilai, count(*) / (select count({column}) from linkage.rekaman) as tf
        from linkage.rekaman where {column} is not null group by {column} having tf > {floor}"""
        for column, floor in model.frequency_floors().items()
    )
    con.execute(
        f"create or replace table linkage.frekuensi as select kolom, nilai, tf from ({counts}) order by kolom, nilai"
    )


def _estimate(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Splink settings with estimated m and u; those of ``model`` as they are where the month is too small."""
    start = model.settings(prior(con), "record_uid")
    blocks = _training_blocks(con) if _record_count(con) >= ENOUGH_RECORDS else {}
    if not blocks:
        return dict(start.create_settings_dict("duckdb"))
    u = _linker(con, f"hash(record_uid, 'u') % {_one_in(_record_count(con), U_RECORDS)} = 0", start)
    u.training.estimate_u_using_random_sampling(max_pairs=U_RECORDS**2 * 4, seed=SEED)
    with_u = u.misc.save_model_to_json()
    u.table_management.delete_tables_created_by_splink_from_db()
    # Whole blocks, taken by their key: each is in the sample or not, whoever else is in the month.
    sample = (f"hash({columns[0]}, 'm') % {_one_in(pairs, M_PAIRS)} = 0" for columns, pairs in blocks.items())
    m = _linker(con, " or ".join(sample), with_u)
    for columns in blocks:
        m.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), fix_probability_two_random_records_match=True
        )
    trained: dict[str, Any] = json.loads(json.dumps(m.misc.save_model_to_json()))
    m.table_management.delete_tables_created_by_splink_from_db()
    # A random name, which would make two equal models differ.
    trained.pop("linker_uid", None)
    _round_and_bound(trained)
    return trained


def _linker(con: duckdb.DuckDBPyConnection, condition: str, settings: Any) -> Linker:
    """A Splink linker over the records of ``linkage.rekaman`` for which the SQL ``condition`` holds."""
    api = DuckDBAPI(connection=con)
    records = con.sql(f"select * from linkage.rekaman where {condition}")
    return Linker(api.register(records), settings, log_level="ERROR", validate_settings=False)


def _one_in(available: int, wanted: int) -> int:
    """1 in how many to take, a power of two: a few more records must not make it another sample."""
    return 1 << max(int(math.log2(available / wanted)), 0)


def _training_blocks(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, ...], int]:
    """The blockings to learn from and how many pairs each has: with the NIK where this month has any, and with pairs enough."""

    # Built here, not a query file: the columns are parameters.
    def pairs(columns: tuple[str, ...]) -> int:
        given = " and ".join(f"{column} is not null" for column in columns)
        row = con.execute(
            f"""select coalesce(sum(n * (n - 1) / 2), 0) from (
                select count(*) as n from linkage.rekaman where {given} group by {", ".join(columns)})"""
        ).fetchone()
        assert row is not None
        return int(row[0])

    chosen = _BLOCKS_WITH_NIK if pairs(_BLOCKS_WITH_NIK[0]) >= ENOUGH_PAIRS else _BLOCKS_WITHOUT_NIK
    return {columns: count for columns in chosen if (count := pairs(columns)) >= ENOUGH_PAIRS}


def _round_and_bound(trained: dict[str, Any]) -> None:
    """Round the parameters to three digits and bound them, in place.

    Further digits depend on the order in which threads add, and on any one record. No m/u may be below 2**-MOST_AGAINST: a grade
    that the sample of matches never showed is rare, not impossible, and one damaged column must not overrule all others.
    """
    for comparison in trained["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level") and level.get("u_probability"):
                least = level["u_probability"] * 2.0**-MOST_AGAINST
                level["m_probability"] = float(f"{max(level.get('m_probability') or 0.0, least):.3g}")
                level["u_probability"] = float(f"{level['u_probability']:.3g}")
