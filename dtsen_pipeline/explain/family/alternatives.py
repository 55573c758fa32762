"""Find the facts that would change a family's decile if they were wrong.

A fact is tried out by running the month's own features and score on the family as it would then be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from dtsen_pipeline.explain.family.shapes import CHANGES, Change
from dtsen_pipeline.explain.family.words import FACT_LABELS, LIVESTOCK, both, words
from dtsen_pipeline.storage.warehouse import connect
from dtsen_pipeline.welfare import scoring
from dtsen_pipeline.welfare.labels import column_label


def deciding_facts(con: duckdb.DuckDBPyConnection, facts: pa.Table, model: str) -> tuple[tuple[Change, ...], int]:
    """The facts that alone would move the family to another national decile, the smallest step first, at most ``CHANGES``;
    and how many facts were tried out. Of one fact the value that takes the smallest step."""
    own = facts.to_pylist()[0]
    tried = [(fact, other) for fact, other in _alternatives(con, own, model) if other != own[fact]]
    variants = [own | {fact: other, "family_id": str(number)} for number, (fact, other) in enumerate(tried)]
    # Written into a scratch database, as the warehouse is open for reading only.
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
    moved = con.execute(_MOVED, {"family": own["family_id"]}).fetchall()
    con.unregister("percobaan")
    best: dict[str, Change] = {}
    for number, step, decile in moved:
        fact, other = tried[number]
        label = both(FACT_LABELS.get(fact) or column_label(fact))
        best.setdefault(fact, Change(fact, other, label, words(fact, own[fact]), words(fact, other), step, decile))
    return tuple(best.values())[:CHANGES], len({fact for fact, _ in tried})


# Tries that end in another decile, the smallest step first. With n families the first k tenths hold r = floor((k n + 5) / 10) of
# them (the rule of welfare.desil turned round), so a family is above tenth k when the r-th of all others is poorer.
_MOVED = """
    with ini as (
        select family_id, skor, urutan_nasional, desil_nasional from welfare.desil where family_id = $family
    ),
    isi as (
        select t.k, cast(floor((t.k * n.n + 5) / 10) as bigint) as r
        from (select unnest(range(1, 10)) as k) as t
        cross join (select count(*) as n from welfare.desil) as n
    ),
    batas as (
        select i.k, i.r, round(d.skor, 9) as skor, md5(d.family_id) as kunci
        from isi as i
        cross join ini
        left join welfare.desil as d
            on d.urutan_nasional = case when i.r < ini.urutan_nasional then i.r else i.r + 1 end
    ),
    baru as (
        select
            p.nomor,
            any_value(p.skor - ini.skor) as langkah,
            1 + count(
                case
                    when b.r = 0 or b.skor < round(p.skor, 9) or (b.skor = round(p.skor, 9) and b.kunci < md5(ini.family_id)) then 1
                end
            ) as desil
        from percobaan as p
        cross join ini
        cross join batas as b
        group by p.nomor
    )
    select b.nomor, b.langkah, b.desil
    from baru as b
    cross join ini
    where b.desil <> ini.desil_nasional
    order by abs(b.langkah), b.nomor
"""


def _alternatives(con: duckdb.DuckDBPyConnection, own: Mapping[str, Any], model: str) -> Iterable[tuple[str, Any]]:
    """Facts of the family that are known, and for each the values it is tried out with.

    Categories: every other one of the coefficient table. Counts: one more and one less. Floor area and the head's age: the
    tenth and the ninetieth percentile of the survey. Where the family lives is a matter of record and not tried out.
    """
    known = {fact for fact, value in own.items() if value is not None}
    choices = con.execute(
        """select distinct kolom, jenis, nilai from welfare.koefisien
        where model = ? and jenis in ('kategori', 'ya') order by kolom, nilai""",
        [model],
    ).fetchall()
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
            ((ends,),) = con.execute(
                f"select quantile_disc({fact}, [0.1, 0.9]) from intermediate.int_susenas"
            ).fetchall()
            yield from ((fact, end) for end in ends)
