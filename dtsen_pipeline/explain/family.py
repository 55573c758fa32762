"""One family's decile explained: the score as a sum, what it rests on, where it lies, and what would change it.

What belongs here: gathering what the month's warehouse knows of one family, and showing it as text or as one HTML page
(``keluarga.html.j2``). Nothing is decided here: the terms are ``scoring.explain``'s, and a fact is tried out by running
the month's own features and score on the family as it would then be.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.release.contents import SMALLEST_COUNT
from dtsen_pipeline.review import records
from dtsen_pipeline.storage import private_files
from dtsen_pipeline.storage.warehouse import connect
from dtsen_pipeline.welfare import scoring
from dtsen_pipeline.welfare.labels import column_label, value_label

FOLDER = Path(__file__).parent
CHANGES = 3
TABLES = ("desil", "fitur_keluarga", "isian", "kebijakan", "kelayakan", "koefisien", "model", "skor", "tanpa_skor")

LIVESTOCK = ("sapi", "kerbau", "kuda", "babi", "kambing")
# What somebody can do for a family that is not ranked, by ``welfare.tanpa_skor.alasan``.
UNSCORED = {
    "tanpa_data_rumah": "minta desa mendata rumahnya; bulan berikutnya memakainya / have the village record the dwelling; the "
    "next month will use it",
    "tanpa_anggota_hadir": "bila ada yang masih tinggal di sana, minta desa mencatatnya; bulan berikutnya memakainya / if somebody "
    "still lives there, have the village record it; the next month will use it",
}
ROSTER = ("jumlah_anggota", "porsi_anak", "porsi_lansia")
# A column of the score that is observed under another name: whose row holds it, and its column there.
ORIGINS: dict[str, tuple[str, str]] = {
    "luas_per_kapita": ("keluarga", "luas_lantai"),
    "umur_krt": ("kepala", "tgl_lahir"),
    "jenis_kelamin_krt": ("kepala", "jenis_kelamin"),
    "pendidikan_krt": ("kepala", "pendidikan"),
    "bekerja_krt": ("kepala", "bekerja"),
    "kode_provinsi": ("keluarga", "kode_desa"),
    "kode_kabupaten": ("keluarga", "kode_desa"),
}
# Facts that the score sees only as a ratio, so that ``labels`` does not name them.
FACT_LABELS: Mapping[str, tuple[str, str]] = {
    "luas_lantai": ("Luas lantai rumah", "Floor area of the dwelling"),
    "jumlah_art_0_14": ("Anggota berumur 0-14 tahun", "Members aged 0-14"),
    "jumlah_art_65": ("Anggota berumur 65 tahun ke atas", "Members aged 65 and over"),
}
TIERS: Mapping[str, str] = {
    "kode_kabupaten": "rata-rata survei kabupaten/kota / survey average of the regency or city",
    "kode_provinsi": "rata-rata survei provinsi / survey average of the province",
    "nasional": "rata-rata survei nasional / survey average of the nation",
}


@dataclass(frozen=True)
class Term:
    """One line of the sum. ``contribution`` and ``average`` (what the surveyed households have there) in log points;
    ``filled`` says how a value that was not known was replaced, '' where it was known."""

    column: str
    label: str
    value: str
    contribution: float
    average: float
    filled: str
    source: str
    observed: str

    @property
    def difference(self) -> float:
        return self.contribution - self.average


@dataclass(frozen=True)
class Change:
    """One fact tried out as ``value`` (in words ``other``) instead of ``now``: the score moves by ``step`` (log points), the
    decile to ``decile``."""

    fact: str
    value: Any
    label: str
    now: str
    other: str
    step: float
    decile: int


@dataclass(frozen=True)
class Programme:
    """``margin``: how far the score may rise (above 0) before the programme no longer reaches the family, or must fall
    (below 0) until it does; log points, None where no family stands on the other side."""

    name: str
    highest: int
    quota: int | None
    reached: bool
    margin: float | None
    since: str
    law: str


@dataclass(frozen=True)
class Place:
    """Place among the families of the regency: ``rank`` of ``families``, the poorest is 1. ``bars`` are families between
    ``low`` and ``high`` (scores; the outer hundredths are in the end bars), rounded to 5, None where under 10."""

    rank: int
    families: int
    low: float
    high: float
    bars: tuple[int | None, ...]

    @property
    def poorer(self) -> float:
        return (self.rank - 1) / self.families

    def at(self, score: float) -> float:
        """Where ``score`` lies between ``low`` (0) and ``high`` (1)."""
        return min(max((score - self.low) / (self.high - self.low), 0.0), 1.0) if self.high > self.low else 0.5


@dataclass(frozen=True)
class FamilyExplanation:
    """All that is known of why this family is in its decile. ``terms`` sum to ``score`` (log rupiah a head and month)."""

    month: str
    released: bool
    family_id: str
    area: str
    model: str
    version: str
    card: Mapping[str, Any]
    survey: str
    score: float
    error: float
    terms: tuple[Term, ...]
    deciles: Mapping[str, int | None]
    """Of the nation, the province and the regency, by a name to show."""
    chances: tuple[tuple[str, float], ...]
    place: Place | None
    changes: tuple[Change, ...]
    tried: int
    """How many facts were tried out."""
    programmes: tuple[Programme, ...]

    @property
    def decile(self) -> int:
        return next(decile for decile in self.deciles.values() if decile is not None)

    @property
    def average(self) -> float:
        """What the sum would be with every value as the surveyed households have it on average."""
        return math.fsum(term.average for term in self.terms)

    @property
    def ordered(self) -> list[Term]:
        """The constant, then what sets the family apart the most."""
        return [self.terms[0], *sorted(self.terms[1:], key=lambda term: (-abs(term.difference), term.column))]

    @property
    def filled(self) -> list[Term]:
        return [term for term in self.terms if term.filled]

    @property
    def nearest(self) -> Programme | None:
        known = [programme for programme in self.programmes if programme.margin is not None]
        return min(known, key=lambda programme: (abs(programme.margin or 0.0), programme.name), default=None)

    @property
    def inputs(self) -> list[tuple[str, str, list[str]]]:
        """Source, day observed and the facts that came from there, for a place where each line has no room for it."""
        found: dict[tuple[str, str], list[str]] = {}
        for term in self.terms:
            if term.source:
                found.setdefault((term.source, term.observed), []).append(term.label)
        return [(source, observed, labels) for (source, observed), labels in sorted(found.items())]


def is_family(wanted: str) -> bool:
    """Whether ``wanted`` has the form of a family id."""
    return re.fullmatch(r"K[0-9A-F]{16}", wanted.strip().upper()) is not None


def explain(settings: Settings, wanted: str, month: str | None = None, to: Path | None = None) -> FamilyExplanation:
    """Explain the family ``wanted`` (a family id) in ``month`` (None: the newest released).

    With ``to`` an HTML page is written there, whole or not at all, readable to its owner alone. The audit trail has its line before
    anything is shown, and for a search in vain too. Raises InputError where the id is not a family's of that month, or the family
    has no decile; the message says why.
    """
    if to is not None and to.suffix.lower() != ".html":
        raise InputError(f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=".html")
    with records.open_month(settings, month) as (found, con):
        trail = {"bulan": found, "cari": "keluarga", "berkas": to.name if to else ""}
        try:
            family = _find(con, settings, wanted.strip().upper(), found)
        except InputError:
            audit.append(settings, "penjelasan", **trail, keluarga="")
            raise
        explanation = _gather(con, settings, family, found)
        audit.append(settings, "penjelasan", **trail, keluarga=family)
    if to is not None:
        with private_files.private_file(to) as part:
            part.write_text(html(explanation), encoding="utf-8")
    return explanation


# --- finding -------------------------------------------------------------------------------------------------------------------


def _find(con: duckdb.DuckDBPyConnection, settings: Settings, wanted: str, month: str) -> str:
    """The id of a family with a decile."""
    if re.fullmatch(r"P[0-9A-F]{16}", wanted):
        families = [
            row[0]
            for row in con.execute(
                "select distinct family_id from linkage.crosswalk where person_id = ? order by 1", [wanted]
            ).fetchall()
        ]
        raise InputError(
            f"{wanted} adalah id orang, bukan keluarga / is the id of a person, not of a family",
            expected="id keluarga 'K...' / a family id 'K...'",
            action=" ; ".join(f"dtsen explain --family {family}" for family in families)
            or f"orang itu tidak ada pada bulan {month} / that person is not in month {month}",
        )
    if not is_family(wanted):
        # What was typed may be a NIK, a card or a name: it is not repeated.
        raise InputError(
            "bukan id keluarga / not a family id",
            expected="'K' dan 16 huruf/angka / 'K' and 16 hexadecimal digits",
            action="salin id dari crosswalk, atau cari anggotanya dengan NIK: dtsen explain - / copy the id from the crosswalk, or "
            "look for a member by NIK",
        )
    made = con.execute(
        "select table_name from duckdb_tables() where schema_name = 'welfare' and table_name in (select unnest(?))",
        [list(TABLES)],
    ).fetchall()
    if len(made) < len(TABLES):
        raise InputError(
            f"pemeringkatan bulan {month} belum selesai / the ranking of month {month} is not finished",
            file=settings.warehouse(month),
            action=f"jalankan `dtsen run --month {month}` sampai selesai / run it to its end",
        )
    if con.execute("select 1 from welfare.desil where family_id = ?", [wanted]).fetchone():
        return wanted
    unscored = con.execute(
        "select alasan, keterangan, explanation from welfare.tanpa_skor where family_id = ?", [wanted]
    ).fetchone()
    if unscored:
        reason, *told = unscored
        raise InputError(
            f"keluarga {wanted} tidak punya skor dan desil / has no score and no decile: {' / '.join(told)}",
            action=UNSCORED[reason],
        )
    raise _gone(settings, wanted, month)


def _gone(settings: Settings, identity: str, month: str) -> InputError:
    """The error that says what became of a family id that is not in ``month``."""
    lived, ended = None, None
    if settings.registry.exists():
        with store.open(settings) as book:
            ((lived,),) = book.con.execute(
                "select max(bulan_mulai) from rekaman where family_id = ?", [identity]
            ).fetchall()
            ended = book.con.execute(
                """select bulan, id_lain from peristiwa
                where entity = 'family' and jenis in ('merged_into', 'retired') and id = ? order by bulan desc limit 1""",
                [identity],
            ).fetchone()
    if lived is None:
        return InputError(
            f"id {identity} tidak dikenal / is not known",
            action="periksa id itu dalam crosswalk, atau cari anggotanya dengan NIK: dtsen explain - / check the id in the "
            "crosswalk, or look for a member by NIK",
        )
    then = f"keadaan sebelumnya / how it was before: dtsen explain --family {identity} --month {lived}"
    if ended is None:
        return InputError(f"id {identity} tidak ada pada bulan {month} / is not in month {month}", action=then)
    when, into = ended
    if into is None:
        return InputError(f"id {identity} berhenti pada {when} / was retired in {when}", action=then)
    return InputError(
        f"id {identity} dilebur ke {into} pada {when} / was merged into {into} in {when}",
        action=f"dtsen explain --family {into}; {then}",
    )


# --- gathering -----------------------------------------------------------------------------------------------------------------


def _gather(con: duckdb.DuckDBPyConnection, settings: Settings, family: str, month: str) -> FamilyExplanation:
    facts = con.execute("select * from marts.keluarga where family_id = ?", [family]).to_arrow_table()
    own = facts.to_pylist()[0]
    ((name, version, error),) = con.execute(
        "select model, versi_model, galat from welfare.skor where family_id = ?", [family]
    ).fetchall()
    ((card,),) = con.execute("select kartu from welfare.model where model = ?", [name]).fetchall()
    survey = con.execute(
        "select file, sha256 from raw.deliveries where source = 'referensi' and tabel = 'susenas' order by file"
    ).fetchall()
    ranked = con.execute("select * from welfare.desil where family_id = ?", [family]).to_arrow_table().to_pylist()[0]
    changes, tried = _changes(con, facts, name)
    return FamilyExplanation(
        month=month,
        released=_released(settings, month),
        family_id=family,
        area=", ".join(own[k] for k in ("nama_kecamatan", "nama_kabupaten", "nama_provinsi") if own[k]),
        model=name,
        version=version,
        card=json.loads(card),
        survey="; ".join(f"{file} (SHA-256 {digest[:12]})" for file, digest in survey),
        score=ranked["skor"],
        error=error,
        terms=_terms(con, own, name),
        deciles={
            "nasional / nation": ranked["desil_nasional"],
            f"provinsi / province {own['nama_provinsi'] or ''}".rstrip(): ranked["desil_provinsi"],
            f"kabupaten/kota / regency or city {own['nama_kabupaten'] or ''}".rstrip(): ranked["desil_kabupaten_kota"],
        },
        chances=_chances(ranked),
        place=_place(con, own["kode_kabupaten"], ranked["urutan_nasional"]),
        changes=changes,
        tried=tried,
        programmes=_programmes(con, family),
    )


def _released(settings: Settings, month: str) -> bool:
    if not settings.registry.exists():
        return False
    with store.open(settings) as book:
        return any(entry.month == month and entry.status == ledger.PUBLISHED for entry in book.releases())


def _chances(ranked: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    decile = ranked["desil_nasional"]
    beside = [(decile - 1, "peluang_desil_bawah"), (decile, "peluang_desil_ini"), (decile + 1, "peluang_desil_atas")]
    return (
        ("desil 1-4", ranked["peluang_desil_1_4"]),
        *((f"desil {tenth}", ranked[column]) for tenth, column in beside if 1 <= tenth <= 10),
    )


def _terms(con: duckdb.DuckDBPyConnection, own: Mapping[str, Any], model: str) -> tuple[Term, ...]:
    family = own["family_id"]
    lines = scoring.explain(con, family)
    features = con.execute("select * from welfare.fitur_keluarga where family_id = ?", [family])
    value = features.to_arrow_table().to_pylist()[0] | {
        "kode_provinsi": own["nama_provinsi"] or own["kode_provinsi"],
        "kode_kabupaten": own["nama_kabupaten"] or own["kode_kabupaten"],
    }
    tiers = dict(
        con.execute(
            """select kolom, min_by(tingkat, case tingkat when 'kode_kabupaten' then 1 when 'kode_provinsi' then 2 else 3 end)
            from welfare.isian
            where model = $model and (
                tingkat = 'nasional' or (tingkat = 'kode_provinsi' and kode = $provinsi)
                or (tingkat = 'kode_kabupaten' and kode = $kabupaten)
            )
            group by kolom""",
            {"model": model, "provinsi": own["kode_provinsi"], "kabupaten": own["kode_kabupaten"]},
        ).fetchall()
    )
    observed = _observed(con, own)
    terms = []
    for line in lines.to_dict("records"):
        kolom = line["kolom"]
        known = value.get(kolom)
        filled = ""
        if line["diisi"]:
            why = (
                "tidak ada sumber yang memuatnya / no source says it"
                if known is None
                else "survei tidak mengenal nilainya / the survey does not know the value"
            )
            filled = f"{why}: {TIERS[tiers[kolom]]}"
        # A family without a toilet has no bowl; nobody asked it about one.
        asked = "bab" if kolom == "kloset" and own["bab"] == "lainnya" else kolom
        source, day = observed.get(asked, ("", "")) if known is not None else ("", "")
        shown = "" if kolom == "konstanta" else words(kolom, known)
        terms.append(
            Term(
                kolom,
                _both((line["label"], line["label_en"])),
                shown,
                line["kontribusi"],
                line["rata_rata"],
                filled,
                source,
                day,
            )
        )
    return tuple(terms)


def _observed(con: duckdb.DuckDBPyConnection, own: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """By column of the score, the source that its value came from and the day it was observed ('' where not known)."""
    kepala = con.execute("select * from marts.anggota where person_id = ?", [own["kepala_person_id"]])
    rows = {"keluarga": own, "kepala": next(iter(kepala.to_arrow_table().to_pylist()), {})}
    houses = {name.removesuffix("_sumber"): ("keluarga", name.removesuffix("_sumber")) for name in own}
    found = {}
    for kolom, (row, name) in (houses | ORIGINS).items():
        source, day = rows[row].get(f"{name}_sumber"), rows[row].get(f"{name}_tanggal")
        found[kolom] = (source or "", day.isoformat() if isinstance(day, date) else "")
    ((sources, last),) = con.execute(
        """select coalesce(string_agg(distinct p.source, ', ' order by p.source), ''), max(p.tanggal_amatan)
        from linkage.crosswalk as c
        inner join intermediate.int_person_record as p on c.record_uid = p.record_uid
        where c.family_id = ?""",
        [own["family_id"]],
    ).fetchall()
    roster = (f"daftar anggota / member lists: {sources}" if sources else "", last.isoformat() if last else "")
    return found | dict.fromkeys(ROSTER, roster)


def _place(con: duckdb.DuckDBPyConnection, regency: str | None, order: int) -> Place | None:
    if regency is None:
        return None
    there = """from welfare.desil as d inner join welfare.fitur_keluarga as f on d.family_id = f.family_id
        where f.kode_kabupaten = $regency"""
    rank, families, low, high = con.execute(
        f"""select count(case when d.urutan_nasional <= $order then 1 end), count(*),
            quantile_cont(d.skor, 0.01), quantile_cont(d.skor, 0.99) {there}""",
        {"regency": regency, "order": order},
    ).fetchall()[0]
    # Rice's rule, as far as a narrow screen can still tell bars apart.
    bars = min(max(round(2 * families ** (1 / 3)), 5), 30)
    width = (high - low) / bars or 1.0
    counted = dict(
        con.execute(
            f"""select cast(least(greatest(floor((d.skor - $low) / $width), 0), $last) as integer), count(*) {there}
            group by 1""",
            {"regency": regency, "low": low, "width": width, "last": bars - 1},
        ).fetchall()
    )
    # Rounded, or the one bar that is not shown could be had by subtraction.
    shown = (counted.get(bar, 0) for bar in range(bars))
    return Place(rank, families, low, high, tuple(5 * round(n / 5) if n >= SMALLEST_COUNT else None for n in shown))


def _programmes(con: duckdb.DuckDBPyConnection, family: str) -> tuple[Programme, ...]:
    rows = con.execute(
        """
        with akhir as (
            select k.program, max(d.urutan_nasional) as urutan, bool_or(k.family_id = $family) as dijangkau
            from welfare.kelayakan as k
            inner join welfare.desil as d on k.family_id = d.family_id
            group by k.program
        )
        select p.program, p.desil_maks, p.kuota, coalesce(a.dijangkau, false), b.skor - s.skor,
            cast(p.berlaku_dari as varchar), p.dasar_hukum
        from welfare.kebijakan as p
        left join akhir as a on p.program = a.program
        left join welfare.desil as b on b.urutan_nasional = case when a.dijangkau then a.urutan + 1 else a.urutan end
        cross join (select skor from welfare.desil where family_id = $family) as s
        order by p.program
        """,
        {"family": family},
    ).fetchall()
    return tuple(Programme(*row) for row in rows)


# --- what would change the decile ----------------------------------------------------------------------------------------------


def _changes(con: duckdb.DuckDBPyConnection, facts: pa.Table, model: str) -> tuple[tuple[Change, ...], int]:
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
        label = _both(FACT_LABELS.get(fact) or column_label(fact))
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


# --- words ---------------------------------------------------------------------------------------------------------------------


def _both(pair: tuple[str, str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} / {pair[1]}"


def words(kolom: str, value: object) -> str:
    """A value of a fact as it is read out, Indonesian / English."""
    if value is None:
        return "tidak diketahui / not known"
    if isinstance(value, bool):
        pairs = (("tidak", "no"), ("ya", "yes")) if kolom == "bekerja_krt" else (("tidak ada", "no"), ("ada", "yes"))
        return _both(pairs[value])
    if kolom.startswith("porsi_"):
        return percent(float(str(value)), signed=False)
    if kolom.startswith("luas_"):
        return f"{number(float(str(value)), 1)} m2"
    if kolom == "umur_krt":
        return f"{value} tahun / years"
    return _both(value_label(kolom, str(value)))


def number(value: float, digits: int, *, signed: bool = False) -> str:
    """``value`` as Indonesians write it: comma for the decimals, dot for the thousands."""
    # Adding zero after rounding takes the sign off a zero.
    rounded = round(value, digits) + 0.0
    text = f"{rounded:{'+' if signed and rounded else ''},.{digits}f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".").replace("-", "\u2212")


def percent(share: float, *, signed: bool = True) -> str:
    return f"{number(100 * share, 0 if abs(share) >= 0.1 else 1, signed=signed)} %"


def effect(log_points: float) -> str:
    """Log points as per cent of consumption: +0,10 is +11 %."""
    return percent(math.expm1(log_points))


def rupiah(score: float) -> str:
    """A score as consumption a head and month, to three digits: more would promise what it cannot hold."""
    value = math.exp(score)
    return f"Rp {number(round(value, 2 - math.floor(math.log10(value))), 0)}"


def _scale(terms: Sequence[Term]) -> list[tuple[float, float]]:
    """Start and length (0..1) of the bar of each term's difference, on an axis that holds them all and zero."""
    ends = [(min(term.difference, 0.0), max(term.difference, 0.0)) for term in terms]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    unit = (high - low) or 1.0
    return [((start - low) / unit, (end - start) / unit) for start, end in ends]


# --- showing -------------------------------------------------------------------------------------------------------------------


def html(explanation: FamilyExplanation) -> str:
    """One page that loads nothing from anywhere and runs no script."""
    environment = documents.templates(FOLDER)
    environment.filters |= {"angka": number, "persen": percent, "pengaruh": effect, "rupiah": rupiah}
    environment.globals |= {"scale": _scale, "CHANGES": CHANGES, "card": _card, "few": few, "standing": standing}
    return environment.get_template("keluarga.html.j2").render(e=explanation)


def text(explanation: FamilyExplanation) -> RenderableType:
    """The explanation for a terminal."""
    e = explanation
    state = "" if e.released else "  [belum terbit / not released]"
    parts: list[RenderableType] = [
        Text(f"{e.family_id}  {e.month}{state}", style="bold"),
        Text(e.area or "wilayah tidak diketahui / area not known"),
        _title("Desil / deciles"),
        *(Text(f"  {where}: {'-' if decile is None else decile}") for where, decile in e.deciles.items()),
        Text("  peluang / chances: " + ", ".join(f"{tenth} {percent(p, signed=False)}" for tenth, p in e.chances)),
        _title("Skor sebagai jumlah / the score as a sum"),
        Text(f"  {rupiah(e.score)} per orang per bulan / a head and month; galat / error {number(e.error, 2)}"),
        _sum(e),
        Text(f"  model {e.version} ({e.model}): {_card(e)}", style="dim"),
        _title("Yang diisi / what was filled in"),
        *([Text(f"  {t.label}: {t.filled} ({number(t.contribution, 4, signed=True)})") for t in e.filled] or [_none()]),
        _title("Asal data / where the facts come from"),
        *(Text(f"  {source} {day}: {'; '.join(labels)}") for source, day, labels in e.inputs),
        _title("Di antara keluarga se-kabupaten/kota / among the families of the regency or city"),
        *(_histogram(e.place, e.score) if e.place else [_none()]),
        _title("Fakta yang mengubah desil bila keliru / facts that would change the decile if they were wrong"),
        *(
            Text(
                f"  {c.label}: {c.now} → {c.other}: {number(c.step, 3, signed=True)} ({effect(c.step)}), "
                f"desil {e.decile} → {c.decile}"
            )
            for c in e.changes
        ),
        *([Text(f"  {few(e)}", style="dim")] if len(e.changes) < CHANGES else []),
        _title("Program / programmes"),
        *(Text(f"  {p.name} (desil 1-{p.highest}, {p.law}): {standing(p)}") for p in e.programmes),
        Text(f"  batas terdekat / nearest cut-off: {e.nearest.name}" if e.nearest else ""),
    ]
    return Group(*parts, Text())


def few(e: FamilyExplanation) -> str:
    """Said where fewer than ``CHANGES`` facts would move the decile."""
    return (
        f"hanya {len(e.changes)} dari {e.tried} fakta yang sendirian mengubah desil / only {len(e.changes)} of {e.tried} facts "
        "would change the decile alone"
    )


def standing(programme: Programme) -> str:
    """Whether a programme reaches the family, and how far its cut-off is."""
    reached = "dijangkau / reached" if programme.reached else "tidak dijangkau / not reached"
    if programme.margin is None:
        return reached
    distance = percent(abs(math.expm1(programme.margin)), signed=False)
    if programme.reached:
        return f"{reached}; lepas bila perkiraan konsumsi naik / leaves if the estimate rises {distance}"
    return f"{reached}; masuk bila perkiraan konsumsi turun / enters if the estimate falls {distance}"


def _card(e: FamilyExplanation) -> str:
    outside = e.card["di_luar_sampel"]
    return (
        f"{number(e.card['baris'], 0)} rumah tangga survei / surveyed households, {e.survey}; di luar sampel / out of sample: "
        f"R2 {number(outside['r2'], 2)}, galat sasaran 40 % / error at the poorest 40 % {number(outside['galat_sasaran_40'], 2)}"
    )


def _title(heading: str) -> Text:
    return Text(f"\n{heading}", style="bold cyan")


def _none() -> Text:
    return Text("  tidak ada / none", style="dim")


def _sum(e: FamilyExplanation) -> Table:
    width = 12
    table = Table(show_edge=False, pad_edge=False, box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("fakta / fact", ratio=3, overflow="fold")
    table.add_column("nilai / value", ratio=2, overflow="fold")
    for name in ("log", "%", "± survei"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=width)
    for term, (start, length) in zip(e.ordered, _scale(e.ordered), strict=True):
        cells = max(1, round(length * width)) if term.difference else 0
        bar = " " * min(round(start * width), width - cells) + "█" * cells
        table.add_row(
            Text(term.label),
            Text(f"{term.value}{' *' if term.filled else ''}"),
            number(term.contribution, 4, signed=True),
            "" if term.column == "konstanta" else effect(term.contribution),
            number(term.difference, 3, signed=True),
            Text(bar, "green" if term.difference >= 0 else "red"),
        )
    total = (number(e.score, 4, signed=True), "", number(e.score - e.average, 3, signed=True))
    table.add_row(Text("jumlah / sum"), Text("* diisi / filled in" if e.filled else ""), *total, style="bold")
    return table


def _histogram(place: Place, score: float) -> list[RenderableType]:
    lines: list[RenderableType] = [
        Text(
            f"  urutan / rank {number(place.rank, 0)} dari / of {number(place.families, 0)}; lebih miskin / poorer: "
            f"{percent(place.poorer, signed=False)}"
        )
    ]
    most = max((n for n in place.bars if n), default=0)
    if most:
        drawn = "".join("·" if n is None else "▁▂▃▄▅▆▇█"[math.ceil(8 * n / most) - 1] for n in place.bars)
        mine = min(int(place.at(score) * len(place.bars)), len(place.bars) - 1)
        ends = f"{rupiah(place.low)} - {rupiah(place.high)}"
        lines += [
            Text(f"  {''.join(2 * bar for bar in drawn)}  {ends}", style="dim"),
            Text("  " + "  " * mine + "▲ keluarga ini / this family; · kurang dari / fewer than 10"),
        ]
    return lines


def show(explanation: FamilyExplanation, console: Console) -> None:
    """Print the explanation."""
    console.print(text(explanation), highlight=False)
