"""Tenths of families by score, with the chance that a family belongs to them.

What belongs here: the bounds of the tenths. The ranking itself is ``dbt_like_sql/models/welfare/desil.sql``, with the
rule for ties.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.welfare.terms import Matrix


def rank(con: duckdb.DuckDBPyConnection) -> None:
    """Rank the families of ``welfare.skor``: writes welfare.batas_desil and welfare.desil.

    batas_desil: desil 1..10, batas_konsumsi (log rupiah a head and month, upper bound; NULL for 10), pengeluaran
    (rupiah). desil: one row a scored family, see the model. Raises InputError where no family is scored.
    """
    groups = con.sql(
        "select round(skor, 2) as skor, round(galat, 2) as galat, count(*) as n from welfare.skor "
        "group by 1, 2 order by 1, 2"
    ).df()
    if groups.empty:
        raise InputError(
            "welfare.skor kosong / is empty",
            expected="sedikitnya satu keluarga berskor / at least one scored family",
            action="periksa/see welfare.tanpa_skor",
        )
    bounds = consumption_bounds(
        groups["skor"].to_numpy(dtype=float), groups["galat"].to_numpy(dtype=float), groups["n"].to_numpy(dtype=float)
    )
    frame = pd.DataFrame({"desil": range(1, 11), "batas_konsumsi": [*map(float, bounds), None]})
    frame["pengeluaran"] = np.exp(frame["batas_konsumsi"].astype(float))
    con.register("_batas_desil", frame)
    try:
        con.execute(
            "create or replace table welfare.batas_desil as select cast(desil as integer) as desil, "
            "nullif(batas_konsumsi, cast('nan' as double)) as batas_konsumsi, "
            "nullif(pengeluaran, cast('nan' as double)) as pengeluaran from _batas_desil"
        )
    finally:
        con.unregister("_batas_desil")
    run_models(con, ["welfare.desil"])


def consumption_bounds(score: Matrix, error: Matrix, families: Matrix) -> Matrix:
    """The nine bounds between tenths of families by their own log consumption, of which the score is an estimate.

    Scores lie closer together than consumption does: a household is its score plus an error. The bounds are the
    quantiles of that sum, ``families`` households at each ``score`` with standard error ``error``, found to 1e-9.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    share = families / families.sum()
    low, high = float((score - 8 * error).min()), float((score + 8 * error).max())

    def below(bound: float, tenth: int) -> float:
        return float(share @ norm.cdf((bound - score) / error)) - tenth / 10

    return np.array([brentq(below, low, high, args=(tenth,), xtol=1e-9) for tenth in range(1, 10)])
