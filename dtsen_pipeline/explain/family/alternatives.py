"""Find the facts that would change a family's decile if they were wrong.

What belongs here: which values are tried out, and what they do. A fact is tried out by running the month's own features and score
on the family as it would then be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from dtsen_pipeline.explain.family.shapes import CHANGES, Change
from dtsen_pipeline.explain.family.words import FACT_LABELS, LIVESTOCK, words
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.warehouse import connect
from dtsen_pipeline.welfare import scoring
from dtsen_pipeline.welfare.labels import column_label


def deciding_facts(con: duckdb.DuckDBPyConnection, facts: pa.Table, model: str) -> tuple[tuple[Change, ...], int]:
    """Find the facts that alone would move the family to another national decile, and count those that were tried out.

    The smallest step first, at most ``CHANGES``; of each fact the value that takes the smallest step. ``facts`` is the family's row
    of ``marts.keluarga``.
    """
    own = facts.to_pylist()[0]
    tried = [(fact, other) for fact, other in _alternatives(con, own, model) if other != own[fact]]
    variants = [own | {fact: other, "family_id": str(number)} for number, (fact, other) in enumerate(tried)]
    # In a scratch database, as the warehouse is open for reading only.
    with connect(None) as scratch:
        tables = {
            f"welfare.{name}": con.execute(f"from welfare.{name}").to_arrow_table()
            for name in ("koefisien", "isian", "model")
        }
        tables["marts.keluarga"] = pa.Table.from_pylist(variants, schema=facts.schema)
        for name, table in tables.items():
            scratch.register("baru", table)
            scratch.execute(f"create table {name} as from baru")
        scoring.score(scratch)
        scored = scratch.execute("select cast(family_id as integer) as nomor, skor from welfare.skor").to_arrow_table()
    con.register("percobaan", scored)
    moved = con.execute(query("explain/pindah_desil"), {"family": own["family_id"]}).fetchall()
    con.unregister("percobaan")
    best: dict[str, Change] = {}
    for number, step, decile in moved:
        fact, other = tried[number]
        label = str(FACT_LABELS.get(fact) or column_label(fact))
        best.setdefault(fact, Change(fact, other, label, words(fact, own[fact]), words(fact, other), step, decile))
    return tuple(best.values())[:CHANGES], len({fact for fact, _ in tried})


def _alternatives(con: duckdb.DuckDBPyConnection, own: Mapping[str, Any], model: str) -> Iterable[tuple[str, Any]]:
    """The known facts of the family, each with a value that it is tried out with.

    Categories: every other one of the coefficient table. Counts: one more and one less. Floor area and the head's age: the
    tenth and the ninetieth percentile of the survey. Where the family lives is a matter of record and not tried out.
    """
    known = {fact for fact, value in own.items() if value is not None}
    choices = con.execute(query("explain/pilihan"), {"model": model}).fetchall()
    for fact, kind, value in choices:
        if fact in known:
            yield fact, not own[fact] if kind == "ya" else type(own[fact])(value)
    for fact in LIVESTOCK:
        if fact in known:
            yield from ((fact, count) for count in (own[fact] - 1, own[fact] + 1) if count >= 0)
    counts = {fact: own[fact] for fact in ("jumlah_anggota", "jumlah_art_0_14", "jumlah_art_65")}
    for fact, count in ((fact, count + step) for fact, count in counts.items() for step in (-1, 1)):
        members, young, old = (counts | {fact: count}).values()
        # The head is no child, and nobody is young and old.
        if 0 <= young < members and 0 <= old <= members - young:
            yield fact, count
    for fact in ("luas_lantai", "umur_krt"):
        if fact in known:
            # The column is a fact's, so no named query.
            ((ends,),) = con.execute(
                f"select quantile_disc({fact}, [0.1, 0.9]) from intermediate.int_susenas"
            ).fetchall()
            yield from ((fact, end) for end in ends)
