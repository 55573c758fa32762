"""Gather what the month knows of one family's decile: the score as a sum, what it rests on, where it lies, what would change it.

Nothing is decided here: the terms are ``scoring.explain_score``'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dtsen_pipeline.config import SMALLEST_COUNT, Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.family.alternatives import deciding_facts
from dtsen_pipeline.explain.family.page import html
from dtsen_pipeline.explain.family.shapes import FamilyExplanation, Place, Programme, Term
from dtsen_pipeline.explain.family.words import both, words
from dtsen_pipeline.registry import audit, ledger, store
from dtsen_pipeline.review import records
from dtsen_pipeline.storage import private_files
from dtsen_pipeline.welfare import scoring

TABLES = ("desil", "fitur_keluarga", "isian", "kebijakan", "kelayakan", "koefisien", "model", "skor", "tanpa_skor")


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

TIERS: Mapping[str, str] = {
    "kode_kabupaten": "rata-rata survei kabupaten/kota / survey average of the regency or city",
    "kode_provinsi": "rata-rata survei provinsi / survey average of the province",
    "nasional": "rata-rata survei nasional / survey average of the nation",
}


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
    changes, tried = deciding_facts(con, facts, name)
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
    lines = scoring.explain_score(con, family)
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
                both((line["label"], line["label_en"])),
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
