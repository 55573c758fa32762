"""One person explained: the source rows, the pairs that joined them and what each column weighed, and the id's history.

What belongs here: finding the person, gathering what the warehouse, the decisions and the registry know, and showing it as text or
as one HTML page (``jelaskan.html.j2``). Nothing is decided here. Column weights are Splink's, computed again for these pairs alone
with the month's model and frequencies, so they add up to the weight the month used.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dtsen_pipeline import documents
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.linkage import model, scoring
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.review.decisions import Decision, decisions
from dtsen_pipeline.review.records import facts, open_month
from dtsen_pipeline.storage import private_files
from dtsen_pipeline.storage.warehouse import connect

NEAREST = 5
FOLDER = Path(__file__).parent

# What is shown of a record, in this order; of those marked, another value than most records have is pointed out.
FACTS: Mapping[str, tuple[str, bool]] = {
    "nama_asal": ("nama di sumber / name as delivered", False),
    "nama": ("nama baku / standardised name", True),
    "nik": ("NIK", True),
    "nik_masalah": ("masalah NIK / fault of the NIK", False),
    "kk": ("kartu keluarga / family card", True),
    "tgl_lahir": ("tanggal lahir / birth date", True),
    "jenis_kelamin": ("jenis kelamin / sex", True),
    "tempat_lahir": ("tempat lahir / birthplace", True),
    "ibu": ("nama ibu / mother", True),
    "hubungan": ("hubungan / relation", True),
    "alamat": ("alamat / address", True),
    "desa": ("desa / village", True),
    "tanggal_amatan": ("tanggal wawancara / interview date", False),
    "asal": ("berkas:baris / file:line", False),
}
COLUMNS: Mapping[str, str] = {
    "nama": "nama / name",
    "tanggal_lahir": "tanggal lahir / birth date",
    "nik": "NIK",
    "jk": "jenis kelamin / sex",
    "keluarga": "keluarga dan tempat / family and place",
    "tempat_lahir": "tempat lahir / birthplace",
}
KINDS: Mapping[str, str] = {
    "keputusan": "putusan peninjau / reviewer's decision",
    "langsung": "pasangan langsung / direct pair",
    "dalam_keluarga": "dalam keluarga yang sama / inside one family",
    "kelompok": "sama persis / exactly alike",
}
REASONS: Mapping[str, str] = {
    "keputusan": "peninjau: dua orang / reviewer: two persons",
    "roster": "dua baris satu daftar anggota / two rows of one roster",
    "bukti_lain": "catatan lain keduanya terlalu berbeda / their other records differ too much",
    "tanggal_lahir": "tanggal lahir berlainan / birth dates exclude each other",
}
# The grades of ``model`` in English; one that is not here is shown by its own name.
GRADES: Mapping[str, str] = {
    "sama": "same",
    "sama tanpa spasi atau urutan": "same but for spaces or order",
    "salah ketik": "slip of the pen",
    "sebagian nama": "part of the name",
    "mirip": "alike",
    "nama depan mirip": "first name alike",
    "hanya nama akhir sama": "last name alone is the same",
    "sama, tanggal tumpukan": "same, a heaped date",
    "hari dan bulan tertukar": "day and month swapped",
    "tahun sama, hari tidak diketahui": "same year, day not known",
    "satu bagian beda": "one part differs",
    "hari dan bulan sama, tahun beda": "day and month same, another year",
    "tahun berdekatan": "years next to each other",
    "salah ketik pada tanggal": "slip in the date",
    "salah ketik pada wilayah": "slip in the area",
    "salah ketik pada nomor urut": "slip in the serial",
    "beda": "different",
    "beda, salah satu tidak cocok dengan orangnya": "different, one does not fit its person",
    "kartu keluarga sama": "same family card",
    "alamat sama": "same address",
    "desa sama": "same village",
    "kecamatan sama": "same district",
    "kabupaten sama": "same regency",
}
EVENTS: Mapping[str, str] = {
    "created": "dibuat / created",
    "retired": "berhenti / retired",
    "merged_into": "dilebur ke / merged into",
    "split_from": "dipecah dari / split from",
}


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall: it leads from ``before`` to ``after`` (match weight so far, log2)."""

    column: str
    grade: str
    before: float
    after: float

    @property
    def weight(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class Link:
    """Two records that were compared. ``one`` is the place of a record of this person in ``Explanation.records``, from 1;
    ``other`` a place too, or for a record of somebody else 'source:record_id'. ``steps`` add up to ``weight`` (log2), and are
    empty where the records are exactly alike. ``why`` is one of KINDS or REASONS, '' for a pair below the threshold."""

    one: int
    other: int | str
    person_id: str
    weight: float | None
    why: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Explanation:
    """All that is known of why these records are one person."""

    month: str
    released: bool
    person_id: str
    families: tuple[str, ...]
    records: tuple[Mapping[str, str], ...]
    path: tuple[Link, ...]
    refused: tuple[Link, ...]
    near: tuple[Link, ...]
    decisions: tuple[Decision, ...]
    events: tuple[tuple[str, str, str], ...] = field(default=())
    """Month, what happened, to or from which id ('' for none)."""
    validity: tuple[tuple[str, str, str, str], ...] = field(default=())
    """Record, family, from which month, before which month ('' while it lasts)."""

    def outlier(self, name: str) -> tuple[bool, ...]:
        """For each record: is its value of the fact another than more than half of those that are known?"""
        values = [record[name] for record in self.records]
        known = Counter(value for value in values if value)
        if not FACTS[name][1] or len(known) < 2:
            return (False,) * len(values)
        most, times = known.most_common(1)[0]
        usual = most if 2 * times > known.total() else None
        return tuple(bool(value) and value != usual for value in values)


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


# --- finding -------------------------------------------------------------------------------------------------------------------


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


# --- gathering -----------------------------------------------------------------------------------------------------------------

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
        decisions=tuple(one for one in decisions(settings.home) if {one.record_l, one.record_r} & set(place)),
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


def waterfalls(con: duckdb.DuckDBPyConnection, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[Step, ...]]:
    """What each column adds to the match weight of node pairs of ``linkage.simpul``, from the prior on; log2.

    Computed by Splink on the nodes of these pairs, with ``linkage.model`` and ``linkage.frekuensi``. The last step ends at the
    pair's match weight as ``scoring`` computes it, to within 1e-6.
    """
    if not pairs:
        return {}
    rows = sorted(pairs)
    nodes = sorted({node for pair in rows for node in pair})
    con.register("diminta", pa.table({"node_id": nodes}))
    wanted = con.execute(
        "select s.* from linkage.simpul as s inner join diminta as d on s.unique_id = d.node_id"
    ).to_arrow_table()
    trained = con.execute("from linkage.model").to_arrow_table()
    known = con.execute("from linkage.frekuensi").to_arrow_table()
    con.unregister("diminta")
    blocked = pa.table(
        {
            "join_key_l": [one for one, _ in rows],
            "join_key_r": [other for _, other in rows],
            "match_key": ["0"] * len(rows),
        }
    )
    # Splink writes tables, and the warehouse is open for reading only.
    with connect(None) as scratch:
        tables = {"simpul": wanted, "model": trained, "frekuensi": known, "pasangan_calon": blocked}
        for name, table in tables.items():
            scratch.register("baru", table)
            scratch.execute(f"create table linkage.{name} as from baru")
        splink = scoring.linker(
            scratch,
            "linkage.simpul",
            "linkage.pasangan_calon",
            retain_matching_columns=True,
            retain_intermediate_calculation_columns=True,
        )
        scored = splink.inference.predict(warning_mode="never")
        found = scratch.execute(f"from {scored.physical_name}").to_arrow_table().to_pylist()
    isi = json.loads(trained["isi"][0].as_py())
    return {(row["unique_id_l"], row["unique_id_r"]): _steps(isi, row) for row in found}


def _steps(trained: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Step, ...]:
    prior = trained["probability_two_random_records_match"]
    sofar = math.log2(prior / (1 - prior))
    steps = [Step("awal / prior", "dua rekaman sembarang / two random records", 0.0, sofar)]
    for comparison in trained["comparisons"]:
        name = comparison["output_column_name"]
        # Splink numbers the grades from the last, 0; where a value is missing it is -1.
        grades = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        gamma = row[f"gamma_{name}"]
        grade = "tidak ada / missing" if gamma < 0 else _grade(grades[len(grades) - 1 - gamma])
        parts = [(COLUMNS.get(name, name), grade, row[f"mw_{name}"])]
        if rarity := row.get(f"mw_tf_adj_{name}"):
            parts.append((COLUMNS.get(name, name), "seberapa umum nilainya / how common the value is", rarity))
        for column, text, weight in parts:
            steps.append(Step(column, text, sofar, sofar + weight))
            sofar += weight
    return tuple(steps)


def _grade(level: Mapping[str, Any]) -> str:
    if level["sql_condition"] == "ELSE":
        return "beda / different"
    label = str(level["label_for_charts"])
    return f"{label} / {english}" if (english := GRADES.get(label)) else label


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


# --- showing -------------------------------------------------------------------------------------------------------------------


def html(explanations: Sequence[Explanation]) -> str:
    """One page that loads nothing from anywhere and runs no script."""
    environment = documents.templates(FOLDER)
    environment.filters["bobot"] = _signed
    environment.globals |= {"FACTS": FACTS, "KINDS": KINDS, "REASONS": REASONS, "scale": _scale}
    return environment.get_template("jelaskan.html.j2").render(explanations=explanations)


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "\u2212").replace(".", ",")


def _scale(steps: Sequence[Step], width: float) -> list[tuple[float, float]]:
    """Start and length of the bar of each step on an axis of ``width``, and last those of the sum."""
    ends = [(0.0, 0.0 if not steps else steps[-1].after), *((step.before, step.after) for step in steps)]
    low, high = min(min(pair) for pair in ends), max(max(pair) for pair in ends)
    unit = width / ((high - low) or 1.0)
    bars = [((min(pair) - low) * unit, abs(pair[1] - pair[0]) * unit) for pair in ends]
    return [*bars[1:], bars[0]]


def text(explanation: Explanation, width: int) -> RenderableType:
    """The explanation for a terminal of ``width`` columns."""
    e = explanation
    state = "" if e.released else "  [belum terbit / not released]"
    parts: list[RenderableType] = [
        Text(f"{e.person_id}  {e.month}{state}", style="bold"),
        Text(f"keluarga / family: {', '.join(e.families)}   rekaman / records: {len(e.records)}\n"),
        *_sources(e, width),
    ]
    parts.append(_title("Jalan penggabungan / path of the pairs"))
    if not e.path:
        parts.append(Text("  satu rekaman saja / a single record", style="dim"))
    alike = [link for link in e.path if not link.steps]
    for link in e.path:
        if link.steps:
            parts += [
                Text(f"\n{_names(link)}  {KINDS[link.why]}: {_signed(link.weight or 0.0)}", style="bold"),
                _bars(link),
            ]
    parts += [Text(f"{_names(link)}  {KINDS[link.why]}") for link in alike]
    parts.append(_title("Penggabungan ditolak / refused merges"))
    parts += _outward(e.refused, "tidak ada / none")
    parts.append(_title("Hampir sama, tidak digabung / near misses"))
    parts += _outward(e.near, "tidak ada / none")
    parts.append(_title("Putusan peninjau / reviewers' decisions"))
    parts += [
        Text(f"  {one.record_l} - {one.record_r}: {one.putusan}  {one.tanggal}  {one.pemutus}: {one.alasan}")
        for one in e.decisions
    ] or [Text("  tidak ada / none", style="dim")]
    parts.append(_title("Riwayat id / history of the id"))
    parts += [Text(f"  {when}  {what} {other}") for when, what, other in e.events]
    parts += [Text(f"  {record}  {family}  {start} - {end or 'kini/now'}") for record, family, start, end in e.validity]
    if not e.events and not e.validity:
        parts.append(Text("  belum pernah terbit / never released", style="dim"))
    return Group(*parts, Text())


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold cyan")


def _names(link: Link) -> str:
    return f"[{link.one}] - [{link.other}]"


def _sources(e: Explanation, width: int) -> list[RenderableType]:
    """The records side by side, as many in one table as the terminal holds."""
    at_once = max(2, (width - 24) // 24)
    tables: list[RenderableType] = []
    for start in range(0, len(e.records), at_once):
        chosen = range(start, min(start + at_once, len(e.records)))
        table = Table(show_edge=False, pad_edge=False, show_lines=False, header_style="bold")
        table.add_column("", max_width=22, style="dim")
        for number in chosen:
            record = e.records[number]
            table.add_column(Text(f"[{number + 1}] {record['record_uid']}"), overflow="fold")
        for name, (label, _) in FACTS.items():
            outlier = e.outlier(name)
            cells = [
                Text(
                    f"{e.records[n][name]} ≠" if outlier[n] else e.records[n][name] or "-",
                    "bold yellow" if outlier[n] else "",
                )
                for n in chosen
            ]
            table.add_row(label, *cells)
        tables += [table, Text()]
    return tables


def _bars(link: Link) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    table.add_column(max_width=24, style="dim")
    table.add_column(max_width=34, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    rows = [(step.column, step.grade, step.weight) for step in link.steps]
    rows.append(("jumlah / sum", "", link.steps[-1].after))
    for (column, grade, weight), (start, length) in zip(rows, _scale(link.steps, 24.0), strict=True):
        cells = max(1, round(length)) if length > 0.05 else 0
        bar = Text(" " * min(round(start), 24 - cells) + "█" * cells, "green" if weight >= 0 else "red")
        table.add_row(column, grade, _signed(weight), bar, style="bold" if not grade else "")
    return table


def _outward(links: Sequence[Link], none: str) -> list[RenderableType]:
    if not links:
        return [Text(f"  {none}", style="dim")]
    return [
        Text(
            f"  [{link.one}] - {link.other} ({link.person_id})  {_signed(link.weight or 0.0)}"
            + (f"  {REASONS[link.why]}" if link.why else f"  {_against(link)}")
        )
        for link in links
    ]


def _against(link: Link) -> str:
    """What spoke most against a pair."""
    worst = min(link.steps[1:], key=lambda step: step.weight)
    return f"{worst.column}: {worst.grade} ({_signed(worst.weight)})" if worst.weight < 0 else ""


def show(explanations: Sequence[Explanation], console: Console) -> None:
    """Print every explanation."""
    for explanation in explanations:
        console.print(text(explanation, console.width), highlight=False)
