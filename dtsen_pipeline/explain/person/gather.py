"""Gather what the month knows of one person: the source rows, the pairs that joined them, and the id's history.

What belongs here: finding the person, and what the warehouse, the decisions and the registry know. Nothing is decided here. What
each column weighed is computed in ``weights``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.person.page import html
from dtsen_pipeline.explain.person.shapes import EVENTS, Explanation, Link
from dtsen_pipeline.explain.person.weights import waterfalls
from dtsen_pipeline.linkage import model
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.review.decisions import standing_decisions
from dtsen_pipeline.review.records import facts, open_month
from dtsen_pipeline.storage import private_files

NEAREST = 5


def explain(settings: Settings, wanted: str, month: str | None = None, to: Path | None = None) -> list[Explanation]:
    """Explain the person ``wanted`` (a person id, or a NIK: then all who carry it) in ``month`` (None: the newest released).

    With ``to`` an HTML page is written there, whole or not at all, readable to its owner alone. The audit trail has its line before
    anything is shown, and for a search in vain too. Raises InputError where nobody is found; the message says what became of an id.
    """
    if to is not None and to.suffix.lower() != ".html":
        raise InputError(f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=".html")
    with open_month(settings, month) as (found, con):
        trail = {"bulan": found, "cari": "nik" if re.fullmatch(r"\d{16}", wanted.strip()) else "id"}
        try:
            persons = _find(con, settings, wanted.strip(), found)
        except InputError:
            audit.append(settings, "penjelasan", **trail, orang="", berkas=to.name if to else "")
            raise
        explanations = [_gather(con, settings, person, found) for person in persons]
        audit.append(settings, "penjelasan", **trail, orang=" ".join(persons), berkas=to.name if to else "")
    if to is not None:
        with private_files.private_file(to) as part:
            part.write_text(html(explanations), encoding="utf-8")
    return explanations


def _find(con: duckdb.DuckDBPyConnection, settings: Settings, wanted: str, month: str) -> list[str]:
    """Ids of the persons meant by ``wanted``, at least one."""
    if re.fullmatch(r"\d{16}", wanted):
        found = _texts(
            con,
            """select distinct c.person_id
            from intermediate.int_person_record as p
            inner join linkage.crosswalk as c on p.record_uid = c.record_uid
            where p.nik = $wanted or p.nik_asal = $wanted
            order by c.person_id""",
            wanted,
        )
        if not found:
            raise InputError(
                f"tidak ada orang ber-NIK itu pada bulan {month} / nobody carries that NIK in month {month}",
                action="periksa ke-16 angkanya; NIK mungkin rusak di sumber: cari lewat anggota keluarganya / check the 16 "
                "digits; the NIK may be damaged in the sources: look for a member of the family",
            )
        return found
    identity = wanted.upper()
    if re.fullmatch(r"K[0-9A-F]{16}", identity):
        members = _texts(
            con,
            "select distinct person_id from linkage.crosswalk where family_id = $wanted order by person_id",
            identity,
        )
        raise InputError(
            f"{identity} adalah id keluarga, bukan orang / is the id of a family, not of a person",
            expected="id orang 'P...' atau NIK / a person id 'P...' or a NIK",
            action=f"pilih anggotanya / choose a member: {', '.join(members)}"
            if members
            else f"keluarga itu tidak ada pada bulan {month} / that family is not in month {month}",
        )
    if not re.fullmatch(r"P[0-9A-F]{16}", identity):
        # What was typed may be a damaged NIK or a name: it is not repeated.
        raise InputError(
            "bukan id orang dan bukan NIK / neither a person id nor a NIK",
            expected="'P' dan 16 huruf/angka, atau 16 angka / 'P' and 16 hexadecimal digits, or 16 digits",
            action="salin id dari crosswalk / copy the id from the crosswalk",
        )
    if _texts(con, "select person_id from linkage.crosswalk where person_id = $wanted limit 1", identity):
        return [identity]
    raise _gone(settings, identity, month)


def _texts(con: duckdb.DuckDBPyConnection, sql: str, wanted: str) -> list[str]:
    return [row[0] for row in con.execute(sql, {"wanted": wanted}).fetchall()]


def _gone(settings: Settings, identity: str, month: str) -> InputError:
    """The error that says what became of a person id that is not in ``month``."""
    lived: str | None = None
    ends: list[tuple[str, str | None]] = []
    if settings.registry.exists():
        with store.open(settings) as book:
            ((lived,),) = book.con.execute(
                "select max(bulan_mulai) from rekaman where person_id = ?", [identity]
            ).fetchall()
            ends = _ends(book.con, identity)
    if lived is None:
        return InputError(
            f"id {identity} tidak dikenal / is not known",
            action="periksa id itu dalam crosswalk, atau cari dengan NIK / check the id in the crosswalk, or search by NIK",
        )
    then = f"dtsen explain {identity} --month {lived}"
    if not ends:
        return InputError(
            f"id {identity} tidak ada pada bulan {month} / is not in month {month}",
            action=f"lihat bulannya / see its month: {then}",
        )
    when, into = ends[0]
    if into is None:
        return InputError(
            f"id {identity} berhenti pada {when} / was retired in {when}",
            action=f"lihat sebelum itu / see it before that: {then}",
        )
    last = [other for _, other in ends if other][-1]
    onward = "" if last == into else f", yang kini / which now is {last}"
    return InputError(
        f"id {identity} dilebur ke {into} pada {when} / was merged into {into} in {when}{onward}",
        action=f"dtsen explain {last}; keadaan sebelumnya / how it was before: {then}",
    )


def _ends(con: duckdb.DuckDBPyConnection, identity: str) -> list[tuple[str, str | None]]:
    """When the id ended and in which other id (None: in none), then the same of that other, and so on."""
    ends: list[tuple[str, str | None]] = []
    seen: set[str] = set()
    here: str | None = identity
    while here is not None and here not in seen:
        seen.add(here)
        last = con.execute(
            """select bulan, id_lain from peristiwa
            where entity = 'person' and jenis in ('merged_into', 'retired') and id = ? order by bulan desc limit 1""",
            [here],
        ).fetchone()
        here = last[1] if last else None
        ends += [last] if last else []
    return ends


_LINKS = f"""
    select node_l, node_r, match_weight, 'langsung' as cara
    from linkage.pasangan
    where match_weight >= {model.THRESHOLD}
    union all
    select node_l, node_r, match_weight, 'dalam_keluarga'
    from linkage.pasangan_dalam_keluarga
    where match_weight >= {model.FAMILY_THRESHOLD}
    union all
    select least(l.node_id, r.node_id), greatest(l.node_id, r.node_id), cast('infinity' as double), 'keputusan'
    from linkage.keputusan as k
    inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
    inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
    where k.putusan = 'sama' and l.node_id <> r.node_id
"""

_WITHIN = f"""
    select p.node_l, p.node_r, p.cara
    from ({_LINKS}) as p
    where p.node_l in (select node_id from ini) and p.node_r in (select node_id from ini)
    order by p.match_weight desc, p.node_l, p.node_r, p.cara desc
"""


# Pairs with one end in this person. mine, theirs: the nodes; record and id of the other side.
_OUTWARD = """
    select
        p.mine,
        p.theirs,
        s.record_uid,
        c.person_id,
        p.alasan
    from (
        select node_l as mine, node_r as theirs, match_weight, alasan from ({pairs})
        where node_l in (select node_id from ini)
        union all
        select node_r, node_l, match_weight, alasan from ({pairs})
        where node_r in (select node_id from ini)
    ) as p
    inner join linkage.simpul_rekaman as s on p.theirs = s.node_id and s.wakil
    inner join linkage.crosswalk as c on s.record_uid = c.record_uid
    where p.theirs not in (select node_id from ini)
    order by p.match_weight desc, s.record_uid, p.mine
"""

_REFUSED = "select node_l, node_r, match_weight, alasan from linkage.tolakan"

_NEAR = """
    select node_l, node_r, max(match_weight) as match_weight, '' as alasan
    from (
        select node_l, node_r, match_weight from linkage.pasangan
        union all
        select node_l, node_r, match_weight from linkage.pasangan_dalam_keluarga
    ) as p
    anti join linkage.tolakan as t using (node_l, node_r)
    group by node_l, node_r
"""


def _gather(con: duckdb.DuckDBPyConnection, settings: Settings, person_id: str, month: str) -> Explanation:
    rows = con.execute(
        """
        select c.record_uid, s.node_id, s.wakil, c.family_id
        from linkage.crosswalk as c
        inner join linkage.simpul_rekaman as s on c.record_uid = s.record_uid
        where c.person_id = ?
        order by c.record_uid
        """,
        [person_id],
    ).fetchall()
    place = {record: number for number, (record, *_) in enumerate(rows, start=1)}
    # A node is shown as the record that stands for it.
    stands = {node: place[record] for record, node, first, _ in rows if first}
    con.register("ini", pa.table({"node_id": sorted(stands)}))
    joined = _spanning_tree(con.execute(_WITHIN).fetchall())
    refused = con.execute(_OUTWARD.format(pairs=_REFUSED)).fetchall()
    near = con.execute(f"{_OUTWARD.format(pairs=_NEAR)} limit {NEAREST}").fetchall()
    con.unregister("ini")
    weighed = waterfalls(con, {(min(pair[:2]), max(pair[:2])) for pair in (*joined, *refused, *near)})

    def link(one: int, other: int | str, person: str, why: str, pair: tuple[int, int]) -> Link:
        steps = weighed[min(pair), max(pair)]
        return Link(one, other, person, steps[-1].after, why, steps)

    path = [link(stands[one], stands[other], person_id, why, (one, other)) for one, other, why in joined]
    path += [
        Link(stands[node], place[record], person_id, None, "kelompok", ())
        for record, node, first, _ in rows
        if not first
    ]
    outward = [
        tuple(link(stands[mine], record, person, why, (mine, theirs)) for mine, theirs, record, person, why in pairs)
        for pairs in (refused, near)
    ]
    known = facts(con, place)
    events, validity, released = _history(settings, person_id, month)
    return Explanation(
        month=month,
        released=released,
        person_id=person_id,
        families=tuple(sorted({family for *_, family in rows})),
        records=tuple(known[record] for record in place),
        path=tuple(path),
        refused=outward[0],
        near=outward[1],
        decisions=tuple(one for one in standing_decisions(settings.home) if {one.record_l, one.record_r} & set(place)),
        events=events,
        validity=validity,
    )


def _spanning_tree(pairs: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those of ``pairs``, heaviest first, that join what was not joined yet: Kruskal's maximum spanning tree."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        while root.setdefault(node, node) != node:
            node = root[node]
        return node

    tree = []
    for one, other, kind in pairs:
        a, b = find(one), find(other)
        if a != b:
            root[b] = a
            tree.append((one, other, kind))
    return tree


def _history(
    settings: Settings, person_id: str, month: str
) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str, str, str], ...], bool]:
    """Events and validity of the id, and whether ``month`` is released."""
    if not settings.registry.exists():
        return (), (), False
    with store.open(settings) as book:
        events = book.con.execute(
            """
            select bulan, jenis, case when id = $id then id_lain else id end, id = $id
            from peristiwa
            where entity = 'person' and (id = $id or id_lain = $id)
            order by bulan, jenis, id, id_lain
            """,
            {"id": person_id},
        ).fetchall()
        validity = book.con.execute(
            """
            select concat(source, ':', record_id), family_id, bulan_mulai, coalesce(bulan_selesai, '')
            from rekaman
            where person_id = ?
            order by bulan_mulai, source, record_id
            """,
            [person_id],
        ).fetchall()
        released = any(entry.month == month and entry.status == ledger.PUBLISHED for entry in book.releases())
    passive = {"merged_into": "menerima / took in", "split_from": "darinya dipecah / from it was split"}
    told = tuple((when, EVENTS[kind] if mine else passive[kind], other or "") for when, kind, other, mine in events)
    return told, tuple(validity), released
