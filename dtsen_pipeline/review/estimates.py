"""Estimate precision and recall of the linkage from what reviewers decided."""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

from dtsen_pipeline.review.queue import MERGED, SEED, STRATA, Floats

# Fewer reviewed pairs than these give no estimate: see ``estimate_from_reviews``.
ENOUGH_PAIRS = 50

ENOUGH_IN_LAYER = 5

DRAWS = 20_000


# A pair weighs one over its chance, inside the layer it lies in this month. Pairs of nodes: decisions on several records of two
# nodes count once.
_REVIEWED = """
    with putusan as (
        select
            least(l.node_id, r.node_id) as node_l,
            greatest(l.node_id, r.node_id) as node_r,
            min(case when d.putusan = 'sama' then 1.0 else 0.0 end) as benar,
            max(d.peluang) as peluang
        from linkage.keputusan as d
        inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
        inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
        where d.peluang is not null
        group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
    )
    select
        p.lapis,
        cast(count(*) as double) as besar,
        cast(count(d.benar) as double) as ditinjau,
        coalesce(sum(d.benar), 0) as benar,
        coalesce(sum(1 / d.peluang), 0) as timbang,
        coalesce(sum(1 / (d.peluang * d.peluang)), 0) as timbang2,
        coalesce(sum(d.benar / d.peluang), 0) as timbang_benar
    from pasangan_berlapis as p
    left join putusan as d on p.node_l = d.node_l and p.node_r = d.node_r
    group by p.lapis
    order by p.lapis
"""


def estimate_from_reviews(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float, float, float, str]]:
    """Precision and recall of this month's pairs by the reviewed ones: (ukuran, nilai, bawah, atas, dasar), 95 % intervals.

    Precision: of the candidate pairs of nodes that the model merges (weight above the threshold, or above that of the second pass
    inside a family; not refused), the share that is one person. Recall: of the candidate pairs that are one person, the share it
    merges. The side is told by weight and never by who ended in one person, since decisions change that; pairs that only a chain
    joins therefore count as missed, and pairs that no block found are not seen.

    Stratified estimator (Cochran, Sampling Techniques, 1977, ch. 5) over the layers of ``LAYERS``: inside a layer each reviewed
    pair weighs one over its chance of having been drawn (Hajek's ratio), layers weigh by their number of pairs this month. Pairs
    that were decided without having been drawn never enter. Interval: percentiles of Jeffreys' posterior of each layer (Brown, Cai
    and DasGupta, Statistical Science 16, 2001) at Kish's effective number of pairs, corrected for finite layers; seeded. 'ragu'
    counts as not reviewed. In 100 simulated queues of 400 of 3,000 pairs it held the truth 100 (precision) and 92 (recall)
    times; a decision that does not follow from the facts of a pair, or a reviewer who errs, is not in it.

    Empty below 50 reviewed pairs, or where a layer has fewer than 5 of them and less than half of its pairs.
    """
    con.execute(STRATA)
    table = con.execute(_REVIEWED).fetchnumpy()
    con.execute("drop table pasangan_berlapis")
    layer = np.asarray(table["lapis"], dtype=str)
    size, seen, true, weight, weight2, weight_true = (
        np.asarray(table[name], dtype=np.float64)
        for name in ("besar", "ditinjau", "benar", "timbang", "timbang2", "timbang_benar")
    )
    merged = np.isin(layer, MERGED)
    if seen.sum() < ENOUGH_PAIRS or not merged.any() or (seen < np.minimum(ENOUGH_IN_LAYER, size / 2)).any():
        return []
    # A layer that was reviewed whole is known, whatever the chances were; elsewhere the finite layer narrows the interval.
    whole = seen == size
    share = np.where(whole, true / np.maximum(seen, 1), weight_true / np.maximum(weight, 1e-12))
    effective = weight**2 / np.maximum(weight2, 1e-12) * (size - 1) / np.maximum(size - seen, 1)
    draws = np.random.default_rng(SEED).beta(
        effective * share + 0.5, effective * (1 - share) + 0.5, size=(DRAWS, len(layer))
    )
    draws[:, whole] = share[whole]
    basis = f"{seen.sum():.0f} pasangan ditinjau / pairs reviewed"
    measures = []
    for name, ratio in (("presisi_tinjauan", _precision), ("recall_tinjauan", _recall)):
        point = float(ratio(size * share[None, :], size, merged)[0])
        low, high = np.quantile(ratio(size * draws, size, merged), [0.025, 0.975])
        # Where no error was seen the posterior lies below 1 all the same; the point estimate belongs to its interval.
        measures.append((name, point, min(float(low), point), max(float(high), point), basis))
    return measures


def _precision(true: Floats, size: Floats, merged: NDArray[np.bool_]) -> Floats:
    """True merged pairs over all merged ones. ``true`` has shape (draws, layers), the result (draws,)."""
    return np.asarray(true[:, merged].sum(axis=1) / size[merged].sum())


def _recall(true: Floats, size: Floats, merged: NDArray[np.bool_]) -> Floats:
    """True merged pairs over all true ones; 1 where none is true. Shapes as in ``_precision``."""
    total = true.sum(axis=1)
    return np.divide(true[:, merged].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
