"""Gather what the month knows of one person: the source rows, the pairs that joined them, and the id's history.

What belongs here: what the warehouse, the decisions and the registry know. Nothing is decided here. ``find`` finds the person,
``weights`` computes what each column weighed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.history import is_released
from dtsen_pipeline.explain.person.find import find_persons
from dtsen_pipeline.explain.person.page import html
from dtsen_pipeline.explain.person.shapes import EVENTS, Explanation, Link
from dtsen_pipeline.explain.person.weights import compute_weights
from dtsen_pipeline.linkage import model
from dtsen_pipeline.registry import audit, store
from dtsen_pipeline.review.decisions import standing_decisions
from dtsen_pipeline.review.records import facts, open_month
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage import private_files

# Near misses that are shown.
NEAREST = 5


def explain_person(
    settings: Settings, wanted: str, month: str | None = None, to: Path | None = None
) -> list[Explanation]:
    """Explain the person ``wanted`` (a person id, or a NIK: then all who carry it) in ``month`` (None: the newest released).

    With ``to`` an HTML page is written there, whole or not at all, readable to its owner alone. The audit trail gets its line
    before anything is shown, for a search in vain too. Raises InputError where nobody is found; the message says what became of an
    id.
    """
    if to is not None and to.suffix.lower() != ".html":
        raise InputError(f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=".html")
    with open_month(settings, month) as (opened, con):
        trail = {"bulan": opened, "cari": "nik" if re.fullmatch(r"\d{16}", wanted.strip()) else "id"}
        try:
            persons = find_persons(con, settings, wanted.strip(), opened)
        except InputError:
            audit.append(settings, "penjelasan", **trail, orang="", berkas=to.name if to else "")
            raise
        released = is_released(settings, opened)
        explanations = [_gather(con, settings, person, opened, released) for person in persons]
        audit.append(settings, "penjelasan", **trail, orang=" ".join(persons), berkas=to.name if to else "")
    if to is not None:
        with private_files.private_file(to) as part:
            part.write_text(html(explanations), encoding="utf-8")
    return explanations


def _gather(
    con: duckdb.DuckDBPyConnection, settings: Settings, person_id: str, month: str, released: bool
) -> Explanation:
    """Put the explanation of ``person_id`` together; ``con`` is the warehouse of ``month``."""
    rows = con.execute(query("explain/rekaman_orang"), {"person": person_id}).fetchall()
    place = {record: number for number, (record, *_) in enumerate(rows, start=1)}
    # A node is shown as the record that stands for it.
    place_of_node = {node: place[record] for record, node, representative, _ in rows if representative}
    con.register("ini", pa.table({"node_id": sorted(place_of_node)}))
    thresholds = {"ambang": model.THRESHOLD, "ambang_keluarga": model.FAMILY_THRESHOLD}
    joined = _spanning_tree(con.execute(query("explain/pasangan_orang"), thresholds).fetchall())
    refused = con.execute(query("explain/pasangan_keluar"), {"ditolak": True}).fetchall()
    near = con.execute(query("explain/pasangan_keluar"), {"ditolak": False}).fetchmany(NEAREST)
    con.unregister("ini")
    weights = compute_weights(con, {(min(pair[:2]), max(pair[:2])) for pair in (*joined, *refused, *near)})

    def link(place: int, other: int | str, person: str, why: str, pair: tuple[int, int]) -> Link:
        steps = weights[min(pair), max(pair)]
        return Link(place, other, person, steps[-1].after, why, steps)

    path = [
        link(place_of_node[left], place_of_node[right], person_id, why, (left, right)) for left, right, why in joined
    ]
    path += [
        Link(place_of_node[node], place[record], person_id, None, "kelompok", ())
        for record, node, representative, _ in rows
        if not representative
    ]
    outward = [
        tuple(
            link(place_of_node[mine], record, person, why, (mine, theirs))
            for mine, theirs, record, person, why in pairs
        )
        for pairs in (refused, near)
    ]
    known = facts(con, place)
    events, validity = _read_history(settings, person_id)
    return Explanation(
        month=month,
        released=released,
        person_id=person_id,
        families=tuple(sorted({family for *_, family in rows})),
        records=tuple(known[record] for record in place),
        path=tuple(path),
        refused=outward[0],
        near=outward[1],
        decisions=tuple(decision for decision in standing_decisions(settings.home) if set(decision.pair) & set(place)),
        events=events,
        validity=validity,
    )


def _spanning_tree(pairs: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those of ``pairs``, heaviest first, that join what was not joined yet: Kruskal's maximum spanning tree."""
    root: dict[int, int] = {}

    def find_root(node: int) -> int:
        while root.setdefault(node, node) != node:
            node = root[node]
        return node

    tree = []
    for left, right, kind in pairs:
        a, b = find_root(left), find_root(right)
        if a != b:
            root[b] = a
            tree.append((left, right, kind))
    return tree


def _read_history(
    settings: Settings, person_id: str
) -> tuple[tuple[tuple[str, Bilingual, str], ...], tuple[tuple[str, str, str, str], ...]]:
    """Read the events and the validity of the id, as ``Explanation`` holds them."""
    if not settings.registry.exists():
        return (), ()
    with store.open(settings) as registry:
        events = registry.con.execute(query("explain/peristiwa_orang"), {"id": person_id}).fetchall()
        validity = registry.con.execute(query("explain/masa_berlaku"), {"person": person_id}).fetchall()
    passive = {
        "merged_into": Bilingual("menerima", "took in"),
        "split_from": Bilingual("darinya dipecah", "from it was split"),
    }
    worded = tuple((when, EVENTS[kind] if own else passive[kind], other or "") for when, kind, other, own in events)
    return worded, tuple(validity)
