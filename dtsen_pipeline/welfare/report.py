"""How good the proxy means test is this month, for whom it fails, and whether the families have drifted from the survey.

What belongs here: the groups that are reported, the month's rows of ``welfare.laporan``, and the drift of covariates.
The measures are in ``metrics``; the page on the survey of Alatas et al. is written by ``benchmarks.pmt_study``.

Order: ``write_out_of_sample`` follows the fit, ``write_report`` follows the scoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pandas as pd

from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.welfare.metrics import ERRORS, Bootstrap, Row, bootstrap, psi, tenths
from dtsen_pipeline.welfare.pmt import PmtModel

REPLICATES = 100
"""Draws for the month's intervals; the ends of a 95 % interval move by a tenth of its width with other draws."""
SIZES = ("1-2", "3-4", "5-6", "7+")
TENTHS = "persepuluhan"
OTHER_SUMS = ["r2", "korelasi_peringkat", "rmse", *ERRORS]


def household_groups(size: pd.Series, head_male: pd.Series, head_age: pd.Series) -> dict[str, Sequence[str]]:
    """Labels of the groups by members, sex (L, P) and age of the head; '' where unknown. One entry a row."""
    members = np.select([size <= 2, size <= 4, size <= 6, size > 6], SIZES, default="")
    sex = np.select([head_male.eq(True), head_male.eq(False)], ["L", "P"], default="")
    age = np.select([head_age < 60, head_age >= 60], ["15-59", "60+"], default="")
    return {"anggota": members.tolist(), "jk_krt": sex.tolist(), "umur_krt": age.tolist()}


def measure_groups(sample: pd.DataFrame, groups: Mapping[str, Sequence[str]], replicates: int) -> Bootstrap:
    """Measure one model for everybody, every group and, for its calibration, every tenth of its score ('persepuluhan=01').

    sample: as ``PmtModel.luar_sampel``. groups: as in ``metrics.bootstrap``.
    """
    score, weight = (sample[name].to_numpy(dtype=float) for name in ("skor", "penimbang"))
    return bootstrap(sample, {**groups, TENTHS: [f"{t:02d}" for t in tenths(score, weight)]}, replicates)


def reported_rows(measures: Bootstrap) -> list[Row]:
    """The rows of ``measure_groups`` that are reported.

    Of a tenth these are only ``rata_skor`` and ``rata_nyata``, of other groups all others. A group with fewer households or
    sampling units than ``metrics`` needs has one row ``terlalu_sedikit``.
    """
    sizes = ("rumah_tangga", "terlalu_sedikit")
    calibration = ("rata_skor", "rata_nyata")
    return [
        row
        for row in measures.rows()
        if row.ukuran in sizes or (row.ukuran in calibration) == row.kelompok.startswith(TENTHS)
    ]


def write_out_of_sample(con: duckdb.DuckDBPyConnection, id_ruta: pd.Series, models: Mapping[str, PmtModel]) -> None:
    """Write welfare.luar_sampel: for each model and surveyed household the true and the out-of-sample score.

    id_ruta: the household on each row of the frame that the models were fitted on, with the same index.
    """
    kept = pd.concat([m.luar_sampel.assign(model=name, id_ruta=id_ruta) for name, m in models.items()])
    con.register("_luar_sampel", kept)
    try:
        con.execute("create or replace table welfare.luar_sampel as select * from _luar_sampel")
    finally:
        con.unregister("_luar_sampel")


def monthly_rows(con: duckdb.DuckDBPyConnection, before: str | None = None) -> list[Row]:
    """The rows of the month's report (ukuran, kelompok, nilai, bawah, atas), in a fixed order.

    On the survey, out of sample: measures of the full sum for 'semua'; by province, by city or regency (told apart by the code, as
    the survey does not say urban or rural), by members, sex and age of the head; its calibration; and those of the short sum
    ('model=ringkas') and of the challenger ('model=pembanding'). On the families: the drift, see ``drift``.

    before: the last release's families, a table like welfare.fitur_keluarga. Reads welfare.luar_sampel, fitur_susenas,
    fitur_keluarga and skor. Where the survey's file names no sampling unit (nks), every household counts as a unit of its own: if
    households were drawn in clusters all the same, the intervals are too narrow.
    """
    survey = con.execute(query("welfare/survei_di_luar_sampel")).df()
    full = survey[survey["model"] == "lengkap"].reset_index(drop=True)
    # Kemendagri numbers cities from 71 within their province, regencies from 01.
    third = full["kode_kabupaten"].fillna("").str[2:3]
    known = full["jenis_kelamin_krt"].map({"L": True, "P": False})
    groups = {
        "provinsi": full["provinsi"].tolist(),
        "daerah": np.select([third == "", third >= "7"], ["", "kota"], default="kabupaten").tolist(),
        **household_groups(full["jumlah_anggota"].astype(float), known, full["umur_krt"].astype(float)),
    }
    rows = reported_rows(measure_groups(full, groups, REPLICATES))
    others = {"ringkas": survey[survey["model"] == "ringkas"]}
    if "pembanding" in full:
        others["pembanding"] = full.drop(columns="skor").rename(columns={"pembanding": "skor"})
    for name, sample in others.items():
        if len(sample):
            rows += [
                row._replace(kelompok=f"model={name}") for row in bootstrap(sample, {}, REPLICATES).rows(OTHER_SUMS)
            ]
    return rows + drift(con, before)


def write_report(con: duckdb.DuckDBPyConnection, before: str | None = None) -> int:
    """Write ``monthly_rows`` to welfare.laporan (ukuran, kelompok, nilai, bawah, atas); return the number of rows."""
    report = pd.DataFrame(monthly_rows(con, before), columns=list(Row._fields)).astype(
        {"nilai": float, "bawah": float, "atas": float}
    )
    con.register("laporan_dihitung", report)
    try:
        make_table(con, "welfare.laporan", "welfare/laporan")
    finally:
        con.unregister("laporan_dihitung")
    return len(report)


def drift(con: duckdb.DuckDBPyConnection, before: str | None = None) -> list[Row]:
    """Population stability index of each covariate of the scored families, kelompok 'kolom=<covariate>'.

    psi_survei: against the survey; whether the model is used on the kind of family it was fitted on. psi_rilis_lalu: against
    ``before``, a table like welfare.fitur_keluarga; left out where that has no rows. Both compare known values: categories one by
    one, numbers over the tenths of the survey. kosong: share of the scored families whose value is unknown; kosong_rilis_lalu: the
    same in ``before``.
    """
    columns = _covariates(con)
    cells = {
        "survei": _cells(con, query("welfare/ciri_survei"), columns),
        "keluarga": _cells(con, query("welfare/ciri_keluarga"), columns),
    }
    if before is not None:
        past = set(con.table(before).columns)
        # Not a query file: the caller names the table.
        cells["lalu"] = _cells(
            con, f"select *, 1 as bobot from {before}", {k: sql for k, sql in columns.items() if k in past}
        )
    table = pd.concat(cells, names=["siapa"]).unstack("siapa", fill_value=0.0)
    return [row for kolom in columns if kolom in table.index for row in _drift_of(kolom, table.loc[kolom])]


def _drift_of(kolom: str, counts: pd.DataFrame) -> list[Row]:
    """Rows of one covariate: ``counts`` has one row a cell ('' where unknown), one column a population."""
    weight = {who: counts[who].to_numpy(dtype=float) for who in counts}
    unknown = counts.index.to_numpy() == ""
    now = weight["keluarga"][~unknown]
    figures = {}
    for who, name in (("survei", "psi_survei"), ("lalu", "psi_rilis_lalu")):
        if who in weight:
            figures[name] = psi(weight[who][~unknown], now)
    for who, name in (("keluarga", "kosong"), ("lalu", "kosong_rilis_lalu")):
        if who in weight and weight[who].sum() > 0:
            figures[name] = float(weight[who][unknown].sum() / weight[who].sum())
    return [
        Row(name, f"kolom={kolom}", round(value, 4), None, None)
        for name, value in figures.items()
        if np.isfinite(value)
    ]


def _covariates(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """SQL of the cell in which a covariate of a row lies, for each one that survey and families share.

    A cell is the value itself, of a number its tenth in the survey, and NULL where the value is unknown. Not query files: there is
    one expression a column, and the edges of the tenths are numbers of the month.
    """
    families = set(con.table("welfare.fitur_keluarga").columns)
    survey = con.table("welfare.fitur_susenas")
    shared = [
        (name, str(kind))
        for name, kind in zip(survey.columns, survey.types, strict=True)
        if name in families and name != "kode_kabupaten"  # some 500 cells, and the province is compared
    ]
    numbers = [name for name, kind in shared if kind not in ("VARCHAR", "BOOLEAN")]
    quantiles = ", ".join(
        f"quantile_cont({name}::double, [{', '.join(f'0.{i}' for i in range(1, 10))}])" for name in numbers
    )
    edges = con.execute(f"select {quantiles} from welfare.fitur_susenas").fetchall()[0] if numbers else ()
    cells = {name: name for name, _ in shared}
    for name, cuts in zip(numbers, edges, strict=True):
        steps = [f"when {name} <= {cut:.17e} then {i}" for i, cut in enumerate(sorted(set(cuts or ())))]
        cells[name] = f"case when {name} is null then null {' '.join(steps)} else 9 end"
    return cells


def _cells(con: duckdb.DuckDBPyConnection, select: str, columns: Mapping[str, str]) -> pd.Series:
    """Weight in every cell of every covariate of the rows of ``select``, index (kolom, sel); an unknown value is in cell ''."""
    parts = [
        f"select '{kolom}' as kolom, coalesce(cast(sel as varchar), '') as sel, jumlah "
        f"from (select {sql} as sel, sum(bobot)::double as jumlah from t group by all)"
        for kolom, sql in columns.items()
    ]
    counted = con.execute(f"with t as materialized ({select}) {' union all '.join(parts)} order by kolom, sel").df()
    return counted.set_index(["kolom", "sel"])["jumlah"]
