"""Choose the pairs that reviewers are asked about.

What belongs here: drawing the queue and writing it. Reviewers see two records that stand for a pair of nodes, since record names
outlive the month. Every candidate pair of the month lies in one stratum (``strata``) and is drawn by a hash of its records and the
month. So the chance of having been drawn is known, and pairs that are drawn more often than others can be weighted back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review import spreadsheet
from dtsen_pipeline.review.decisions import Decision, as_table, file_of, history
from dtsen_pipeline.review.records import facts, open_month
from dtsen_pipeline.review.strata import KINDS, LAYERS, stratify
from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.storage import private_files

Floats = NDArray[np.float64]

# Refused merges take no more than this share of a queue.
REFUSED_SHARE = 0.25


def write_queue(settings: Settings, month: str | None, to: Path, size: int) -> tuple[str, int]:
    """Write a queue of about ``size`` pairs of ``month`` (the newest released one for None) to ``to``, .xlsx or .csv.

    The same month, decisions and size give the same queue. Returns the month and the number of pairs. The file appears whole or
    not at all, readable to its owner alone, and the audit trail has its line first. Raises InputError as ``open_month`` does and
    for another suffix.
    """
    if to.suffix.lower() not in spreadsheet.FORMATS:
        raise InputError(
            f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=", ".join(spreadsheet.FORMATS)
        )
    with open_month(settings, month) as (opened, con):
        rows = _draw_queue(con, opened, size, history(file_of(settings.home)))
    with private_files.private_file(to) as part:
        spreadsheet.write_queue(rows, part)
        audit.append(
            settings,
            "antrean_tinjauan",
            bulan=opened,
            baris=len(rows),
            berkas=to.name,
            sha256=hashlib.sha256(part.read_bytes()).hexdigest(),
        )
    return opened, len(rows)


def _allocate(available: NDArray[np.int64], emphasis: Floats, size: int) -> NDArray[np.int64]:
    """How many to draw of each cell: in proportion to emphasis times the square root of its size, at least 2 where it has them.

    The power allocation of Bankier (The American Statistician 42, 1988) between equal and proportional shares: the large cells
    carry the total, the small ones are where the errors are. Shape (cells,) in and out; the sum is at most about ``size``.
    """
    drawn = np.minimum(available, 2)
    share = emphasis * np.sqrt(available)
    while (rest := size - int(drawn.sum())) > 0 and (free := drawn < available).any():
        wanted = np.where(free, share, 0.0)
        more = np.floor(rest * wanted / wanted.sum()).astype(np.int64)
        if not more.any():
            more[np.argsort(-wanted, kind="stable")[:rest]] = 1
        drawn = np.minimum(drawn + more, available)
    return drawn


def _allot(cells: Sequence[tuple[str, str, int]], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of pairs of each cell (layer, kind, number of pairs), and how many of them to draw; shapes (cells,)."""
    count = np.array([n for _, _, n in cells], dtype=np.int64)
    emphasis = np.array([LAYERS[layer][0] * KINDS[kind][0] for layer, kind, _ in cells])
    refused = np.array([layer == "tolakan" for layer, _, _ in cells], dtype=bool)
    # All refused merges, up to their share; the rest of the queue is drawn from the other layers.
    drawn = np.zeros(len(cells), dtype=np.int64)
    cap = int(size * REFUSED_SHARE)
    drawn[refused] = (
        count[refused] if count[refused].sum() <= cap else _allocate(count[refused], emphasis[refused], cap)
    )
    drawn[~refused] = _allocate(count[~refused], emphasis[~refused], size - int(drawn.sum()))
    return count, drawn


def _draw_queue(
    con: duckdb.DuckDBPyConnection, month: str, size: int, history: Sequence[Decision]
) -> list[dict[str, str | float]]:
    """The rows of the queue as ``spreadsheet`` writes them, in the order of their lots; ``history`` is what was decided before."""
    stratify(con)
    con.register("sudah_diputus", as_table(history))
    make_table(con, "calon_tinjauan", "review/calon_tinjauan", bulan=month)
    con.unregister("sudah_diputus")
    cells = con.execute(query("review/sel_tinjauan")).fetchall()
    count, drawn = _allot(cells, size)
    con.register(
        "jatah",
        pa.table(
            {
                "lapis": pa.array([layer for layer, _, _ in cells], pa.string()),
                "jenis": pa.array([kind for _, kind, _ in cells], pa.string()),
                "jatah": drawn,
                "peluang": drawn / np.maximum(count, 1),
            }
        ),
    )
    pairs = con.execute(query("review/terpilih")).fetchall()
    con.unregister("jatah")
    known = facts(con, [record for row in pairs for record in row[:2]])
    rows: list[dict[str, str | float]] = []
    for number, (left, right, layer, kind, weight, chance) in enumerate(pairs, start=1):
        row: dict[str, str | float] = {"nomor": number, **dict.fromkeys(spreadsheet.FILLED, "")}
        row["sebab"] = "; ".join(str(reason) for reason in (LAYERS[layer][1], KINDS[kind][1]) if reason)
        for name in spreadsheet.SHOWN:
            source = "nama_asal" if name == "nama" else name
            row[f"{name}_1"], row[f"{name}_2"] = known[left][source], known[right][source]
        row |= {"bobot": round(weight, 2), "stratum": f"{layer}/{kind}", "peluang_terpilih": round(chance, 9)}
        rows.append(row | {"record_l": left, "record_r": right})
    return rows
