"""Choose the pairs that reviewers are asked about.

A pair of nodes is asked about by the records that stand for them, since record names outlive the month. Every candidate pair of
the month lies in one stratum (layer of weight / kind of pair) and is drawn by a hash of its records and the month, so the chance
of having been drawn is known, and pairs that are drawn more often than others can be weighted back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, THRESHOLD
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review import spreadsheet
from dtsen_pipeline.review.decisions import Decision, as_table, file_of, history
from dtsen_pipeline.review.records import facts, open_month
from dtsen_pipeline.storage import private_files

Floats = NDArray[np.float64]

SEED = 20250117


# Layers of weight: what it means for the month is decided by its side of the threshold, and near it the model is least sure.
# Layer: (emphasis in the draw, why a pair of it is asked about).
_BELOW_NEAR, _ABOVE_MIDDLE, _ABOVE_FAR = THRESHOLD - 8.0, THRESHOLD + 6.0, THRESHOLD + 14.0

LAYERS: Mapping[str, tuple[float, str]] = {
    "tolakan": (1.0, "penggabungan ditolak / merge refused"),
    "dalam_keluarga": (2.0, "digabung dalam keluarga yang sama / merged inside one family"),
    "atas_jauh": (1.0, "jauh di atas ambang / far above the threshold"),
    "atas_sedang": (1.0, "di atas ambang / above the threshold"),
    "atas_dekat": (2.0, "sedikit di atas ambang / just above the threshold"),
    "bawah_dekat": (2.0, "sedikit di bawah ambang / just below the threshold"),
    "bawah_jauh": (1.0, "jauh di bawah ambang / far below the threshold"),
}

MERGED = ("dalam_keluarga", "atas_jauh", "atas_sedang", "atas_dekat")

KINDS: Mapping[str, tuple[float, str]] = {
    "kembar": (2.0, "mungkin kembar / perhaps twins"),
    "tanpa_nik": (2.0, "NIK tidak ada / no NIK on a side"),
    "nama_tunggal": (2.0, "nama satu kata / single name"),
    "biasa": (1.0, ""),
}


# No more than this share of a queue goes to refused merges.
REFUSED_SHARE = 0.25


# Every candidate pair in its layer and kind. A pair refused because of a decision lies where the model saw it.
STRATA = f"""
    create or replace temp table pasangan_berlapis as
    with semua as (
        select node_l, node_r, max(match_weight) as bobot, bool_or(dalam) as dalam
        from (
            select node_l, node_r, match_weight, false as dalam from linkage.pasangan
            union all
            select node_l, node_r, match_weight, match_weight >= {FAMILY_THRESHOLD} from linkage.pasangan_dalam_keluarga
        )
        group by node_l, node_r
    )
    select
        p.node_l,
        p.node_r,
        p.bobot,
        case
            when t.node_l is not null then 'tolakan'
            when p.bobot >= {_ABOVE_FAR} then 'atas_jauh'
            when p.bobot >= {_ABOVE_MIDDLE} then 'atas_sedang'
            when p.bobot >= {THRESHOLD} then 'atas_dekat'
            when p.dalam then 'dalam_keluarga'
            when p.bobot >= {_BELOW_NEAR} then 'bawah_dekat'
            else 'bawah_jauh'
        end as lapis,
        case
            when a.tgl_lahir = b.tgl_lahir and (a.kk = b.kk or a.kk2 = b.kk or a.kk = b.kk2) and a.nik is distinct from b.nik
                and a.nama_rapat <> b.nama_rapat and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) >= 0.7
                then 'kembar'
            when a.nik is null or b.nik is null then 'tanpa_nik'
            when a.nama_akhir is null or b.nama_akhir is null then 'nama_tunggal'
            else 'biasa'
        end as jenis
    from semua as p
    inner join linkage.simpul as a on p.node_l = a.unique_id
    inner join linkage.simpul as b on p.node_r = b.unique_id
    left join (select distinct node_l, node_r from linkage.tolakan where alasan <> 'keputusan') as t
        on p.node_l = t.node_l and p.node_r = t.node_r
"""

_DRAWN = """
    with wakil as (select record_uid, node_id from linkage.simpul_rekaman where wakil),
    diputus as (
        select distinct least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r
        from sudah_diputus as d
        inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
        inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
    ),
    calon as (
        select
            least(l.record_uid, r.record_uid) as record_l,
            greatest(l.record_uid, r.record_uid) as record_r,
            p.lapis,
            p.jenis,
            p.bobot
        from pasangan_berlapis as p
        inner join wakil as l on p.node_l = l.node_id
        inner join wakil as r on p.node_r = r.node_id
        left join diputus as d on p.node_l = d.node_l and p.node_r = d.node_r
        where d.node_l is null
    )
    select *, sha256(concat(record_l, '|', record_r, '|', $bulan)) as undian
    from calon
"""

STRATUM_NAMES = {f"{layer}/{kind}" for layer in LAYERS for kind in KINDS}


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
    with open_month(settings, month) as (found, con):
        rows = _queue(con, found, size, history(file_of(settings.home)))
    with private_files.private_file(to) as part:
        spreadsheet.write(rows, part)
        audit.append(
            settings,
            "antrean_tinjauan",
            bulan=found,
            baris=len(rows),
            berkas=to.name,
            sha256=hashlib.sha256(part.read_bytes()).hexdigest(),
        )
    return found, len(rows)


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


def _queue(
    con: duckdb.DuckDBPyConnection, month: str, size: int, history: Sequence[Decision]
) -> list[dict[str, str | float]]:
    con.execute(STRATA)
    con.register("sudah_diputus", as_table(history))
    con.execute(f"create or replace temp table calon_tinjauan as {_DRAWN}", {"bulan": month})
    con.unregister("sudah_diputus")
    cells = con.execute(
        "select lapis, jenis, count(*) from calon_tinjauan group by lapis, jenis order by lapis, jenis"
    ).fetchall()
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
    pairs = con.execute(
        """
        with urut as (
            select *, row_number() over (partition by lapis, jenis order by undian, record_l, record_r) as ke
            from calon_tinjauan
        )
        select c.record_l, c.record_r, c.lapis, c.jenis, c.bobot, j.peluang
        from urut as c
        inner join jatah as j on c.lapis = j.lapis and c.jenis = j.jenis and c.ke <= j.jatah
        order by c.undian, c.record_l, c.record_r
        """
    ).fetchall()
    con.unregister("jatah")
    known = facts(con, [record for row in pairs for record in row[:2]])
    rows: list[dict[str, str | float]] = []
    for number, (one, other, layer, kind, weight, chance) in enumerate(pairs, start=1):
        row: dict[str, str | float] = {"nomor": number, **dict.fromkeys(spreadsheet.FILLED, "")}
        row["sebab"] = "; ".join(reason for reason in (LAYERS[layer][1], KINDS[kind][1]) if reason)
        for name in spreadsheet.SHOWN:
            source = "nama_asal" if name == "nama" else name
            row[f"{name}_1"], row[f"{name}_2"] = known[one][source], known[other][source]
        row |= {"bobot": round(weight, 2), "stratum": f"{layer}/{kind}", "peluang_terpilih": round(chance, 9)}
        rows.append(row | {"record_l": one, "record_r": other})
    return rows
