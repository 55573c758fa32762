"""Tenths of families by score, with the chance that a family belongs to them.

What belongs here: the bounds of the tenths. The ranking itself, with the rule for ties, is
``dbt_like_sql/models/welfare/desil.sql``.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.welfare.terms import Matrix


def rank(con: duckdb.DuckDBPyConnection) -> None:
    """Rank the families of ``welfare.skor``: write welfare.batas_desil and welfare.desil.

    batas_desil: desil 1..10, batas_konsumsi (upper bound in log rupiah a head and month; NULL for 10) and pengeluaran (the same in
    rupiah). desil: one row a scored family, see the model. Raises InputError where no family is scored.
    """
    groups = con.execute(query("welfare/skor_dibulatkan")).df()
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
    con.register("batas_dihitung", frame)
    try:
        make_table(con, "welfare.batas_desil", "welfare/batas_desil")
    finally:
        con.unregister("batas_dihitung")
    run_models(con, ["welfare.desil"])


def consumption_bounds(score: Matrix, error: Matrix, families: Matrix) -> Matrix:
    """The nine bounds between tenths of families by their own log consumption, of which the score is an estimate.

    There are ``families`` households at each ``score`` with standard error ``error``; the three have the same shape. Scores lie
    closer together than consumption does, since a household's consumption is its score plus an error. The bounds are the quantiles
    of that sum, accurate to 1e-9.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    share = families / families.sum()
    low, high = float((score - 8 * error).min()), float((score + 8 * error).max())

    def excess(bound: float, tenth: int) -> float:
        """Share of households below ``bound``, less that of the first ``tenth`` tenths."""
        return float(share @ norm.cdf((bound - score) / error)) - tenth / 10

    return np.array([brentq(excess, low, high, args=(tenth,), xtol=1e-9) for tenth in range(1, 10)])
