"""The contenders, each in a process of its own: ``python -m benchmarks.contenders SPEC`` prints one line of JSON.

What belongs here: linking the records of one prepared set, timed from ``intermediate.int_person_record`` to groups, and measured
against the truth after the clock and the memory have been read. SPEC is JSON: contender, data (file), scratch (file), number,
month (is it one), and model (folder of the stored model) or keep_model (folder to leave the trained one in) where wanted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks import measure
from benchmarks.datasets import MODEL_MONTH, MONTH
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.linkage import link, training
from dtsen_pipeline.linkage.clustering import components
from dtsen_pipeline.storage.warehouse import scratch

# What the tutorials of Splink join at, and the weights among which the truth picks the best for it.
TUTORIAL_PROBABILITY = 0.95
WEIGHTS = (-12, -10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 30)
SEED = 1

Figures = dict[str, Any]


def ours(con: duckdb.DuckDBPyConnection, month: str, stored: Path | None) -> Figures:
    """Link and measure (seconds, peak_mb, persons, families); leaves temp table ``hasil`` (record_uid, orang, keluarga)."""
    started = time.perf_counter()
    link(con, month, stored=stored)
    seconds = time.perf_counter() - started
    peak = measure.peak_megabytes()
    con.execute(
        """
        create temp table hasil as
        select o.record_uid, o.orang, f.keluarga
        from linkage.orang as o
        inner join linkage.keluarga_orang as f on o.orang = f.orang
        """
    )
    return {"seconds": seconds, "peak_mb": peak} | _against_truth(con, families=True)


def _trained(con: duckdb.DuckDBPyConnection, spec: Figures) -> Figures:
    folder = spec.get("keep_model")
    figures = ours(con, MODEL_MONTH if folder else MONTH, None)
    if folder:
        for table, file in zip(("model", "frekuensi"), training.STORED, strict=True):
            con.execute(f"copy linkage.{table} to '{Path(folder) / file}.parquet'")
    return figures


def _stored(con: duckdb.DuckDBPyConnection, spec: Figures) -> Figures:
    figures = ours(con, MONTH, Path(spec["model"]))
    if con.execute("select bulan from linkage.model").fetchone() != (MODEL_MONTH,):
        raise DtsenError("the stored model was not taken: another was trained, and timed as if it had been stored")
    return figures


def _comparisons(number: bool, month: bool) -> list[Any]:
    """What the tutorial compares, for the columns that the set has. Frequencies where a value may be common."""
    wanted: list[Any] = [
        cl.DateOfBirthComparison("tgl_lahir", input_is_string=False),
        cl.ExactMatch("jenis_kelamin"),
        cl.ExactMatch("kode_desa").configure(term_frequency_adjustments=True),
    ]
    if month:
        wanted += [
            cl.NameComparison("nama"),
            cl.ExactMatch("kk"),
            cl.ExactMatch("tempat_lahir").configure(term_frequency_adjustments=True),
        ]
    else:
        wanted += [
            cl.ForenameSurnameComparison("nama_depan", "nama_akhir", forename_surname_concat_col_name="depan_akhir"),
            cl.LevenshteinAtThresholds("alamat_baku", 2).configure(term_frequency_adjustments=True),
        ]
    if number:
        wanted.append(cl.LevenshteinAtThresholds("nik", [1, 2]))
    return wanted


def _blocks(number: bool, month: bool) -> list[Any]:
    shared = [block_on("nama", "tgl_lahir"), block_on("nama_depan", "tgl_lahir"), block_on("nama_akhir", "tgl_lahir")]
    place = (
        [block_on("kk", "nama_depan"), block_on("kk", "tgl_lahir"), block_on("kode_desa", "nama")]
        if month
        else [
            block_on("nama_depan", "nama_akhir"),
            block_on("alamat_baku", "nama_depan"),
            block_on("alamat_baku", "tgl_lahir"),
        ]
    )
    return ([block_on("nik")] if number else []) + shared + place


def _plain(con: duckdb.DuckDBPyConnection, spec: Figures) -> Figures:
    """Splink as its tutorials have it: u from random pairs, m by EM over two blockings, connected components."""
    number, month = spec["number"], spec["month"]
    started = time.perf_counter()
    con.execute(
        """
        create table rekaman as
        select
            record_uid as unique_id, nik, nama, nama_depan, nama_akhir, concat(nama_depan, ' ', nama_akhir) as depan_akhir,
            tgl_lahir, jenis_kelamin, kk, kode_desa, tempat_lahir, alamat_baku
        from intermediate.int_person_record
        """
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(number, month),
        blocking_rules_to_generate_predictions=_blocks(number, month),
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register("rekaman"), settings, log_level="ERROR")
    sure: list[Any] = ([block_on("nik")] if number else []) + [block_on("nama", "tgl_lahir")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    second = (
        block_on("nik") if number else block_on("kk", "nama_depan") if month else block_on("alamat_baku", "nama_depan")
    )
    for block in (block_on("nama", "tgl_lahir"), second):
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    scored = linker.inference.predict(threshold_match_weight=min(WEIGHTS))
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=TUTORIAL_PROBABILITY
    )
    seconds = time.perf_counter() - started
    peak = measure.peak_megabytes()
    con.execute(
        f"create temp table hasil as select unique_id as record_uid, cluster_id as orang from {grouped.physical_name}"
    )
    figures = {"seconds": seconds, "peak_mb": peak} | _against_truth(con)
    return figures | {"best": _best(con, scored.physical_name)}


def _best(con: duckdb.DuckDBPyConnection, scored: str) -> Figures:
    """The threshold that is best by the truth: the upper limit, since no contender knows the truth."""
    con.execute(
        "create temp table nomor as select unique_id, row_number() over (order by unique_id) - 1 as n from rekaman"
    )
    edges = con.execute(
        f"""
        select l.n as l, r.n as r, p.match_weight as w
        from {scored} as p
        inner join nomor as l on p.unique_id_l = l.unique_id
        inner join nomor as r on p.unique_id_r = r.unique_id
        """
    ).fetchnumpy()
    left, right = (np.asarray(edges[side], dtype=np.int64) for side in ("l", "r"))
    size = con.execute("select count(*) from nomor").fetchone()
    assert size is not None
    tried = []
    for weight in WEIGHTS:
        kept = np.asarray(edges["w"]) >= weight
        label = components(size[0], left[kept], right[kept])
        con.register("label", pa.table({"n": np.arange(size[0]), "orang": label}))
        con.execute(
            "create or replace temp table hasil as select unique_id as record_uid, orang from nomor inner join label using (n)"
        )
        con.unregister("label")
        tried.append({"weight": weight} | _against_truth(con))
    return max(tried, key=lambda one: one["persons"]["f1"])


def _exact(con: duckdb.DuckDBPyConnection, spec: Figures) -> Figures:
    """Rows of one well-formed number are one person; where the set has no number, rows of one name and birth date."""
    key = "nik" if spec["number"] else "concat(nama, '|', cast(tgl_lahir as varchar))"
    known = "nik is not null" if spec["number"] else "nama is not null and tgl_lahir is not null"
    started = time.perf_counter()
    con.execute(
        f"""
        create temp table hasil as
        select record_uid, case when {known} then {key} else record_uid end as orang
        from intermediate.int_person_record
        """
    )
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_mb": measure.peak_megabytes()} | _against_truth(con)


def _against_truth(con: duckdb.DuckDBPyConnection, *, families: bool = False) -> Figures:
    """Figures of temp table ``hasil`` (record_uid, orang, and keluarga with ``families``). A record it lacks stands alone."""
    family = "coalesce(cast(h.keluarga as varchar), t.record_uid)" if families else "null"
    con.execute(
        f"""
        create or replace temp table banding as
        select coalesce(cast(h.orang as varchar), t.record_uid) as orang, {family} as keluarga, t.person_true, t.family_true
        from siap.kebenaran as t
        left join hasil as h on t.record_uid = h.record_uid
        """
    )
    figures: Figures = {"persons": measure.pairs(con, "banding", "orang", "person_true").as_dict()}
    known = con.execute("select count(family_true) from banding").fetchone()
    if families and known and known[0]:
        figures["families"] = measure.pairs(con, "banding", "keluarga", "family_true").as_dict()
    return figures


CONTENDERS: dict[str, Callable[[duckdb.DuckDBPyConnection, Figures], Figures]] = {
    "trained": _trained,
    "stored": _stored,
    "strange": _stored,
    "plain": _plain,
    "exact": _exact,
}


def run(spec: Figures) -> Figures:
    """Link one prepared set with one contender; ``spec`` and the result are plain JSON values (seconds, MB, shares 0..1)."""
    with scratch(Path(spec["scratch"])) as con:
        con.execute(f"attach '{spec['data']}' as siap (read_only)")
        for table in ("int_person_record", "int_family_record"):
            con.execute(f"create view intermediate.{table} as from siap.intermediate.{table}")
        return CONTENDERS[spec["contender"]](con, spec)


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))
