"""Gather what the month knows of one family's decile: the score as a sum, what it rests on, where it lies, what would change it.

Nothing is decided here: the terms are ``scoring.explain_score``'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.config import SMALLEST_COUNT, Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.explain.family.alternatives import deciding_facts
from dtsen_pipeline.explain.family.find import find_family
from dtsen_pipeline.explain.family.page import html
from dtsen_pipeline.explain.family.shapes import FamilyExplanation, Place, Programme, Term
from dtsen_pipeline.explain.family.words import words
from dtsen_pipeline.explain.history import is_released
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review.records import open_month
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage import private_files
from dtsen_pipeline.welfare import scoring

# Columns of the score that count the members.
ROSTER = ("jumlah_anggota", "porsi_anak", "porsi_lansia")


# Columns of the score that are observed under another name: whose row holds it, and its column there.
ORIGINS: dict[str, tuple[str, str]] = {
    "luas_per_kapita": ("keluarga", "luas_lantai"),
    "umur_krt": ("kepala", "tgl_lahir"),
    "jenis_kelamin_krt": ("kepala", "jenis_kelamin"),
    "pendidikan_krt": ("kepala", "pendidikan"),
    "bekerja_krt": ("kepala", "bekerja"),
    "kode_provinsi": ("keluarga", "kode_desa"),
    "kode_kabupaten": ("keluarga", "kode_desa"),
}

# Levels of area whose average stands in for a value that is not known.
TIERS: Mapping[str, Bilingual] = {
    "kode_kabupaten": Bilingual("rata-rata survei kabupaten/kota", "survey average of the regency or city"),
    "kode_provinsi": Bilingual("rata-rata survei provinsi", "survey average of the province"),
    "nasional": Bilingual("rata-rata survei nasional", "survey average of the nation"),
}


def explain_family(
    settings: Settings, wanted: str, month: str | None = None, to: Path | None = None
) -> FamilyExplanation:
    """Explain the family ``wanted`` (a family id) in ``month`` (None: the newest released).

    With ``to`` an HTML page is written there, whole or not at all, readable to its owner alone. The audit trail gets its line
    before anything is shown, for a search in vain too. Raises InputError where the id is not a family's of that month, or the
    family has no decile; the message says why.
    """
    if to is not None and to.suffix.lower() != ".html":
        raise InputError(f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=".html")
    with open_month(settings, month) as (opened, con):
        trail = {"bulan": opened, "cari": "keluarga", "berkas": to.name if to else ""}
        try:
            family = find_family(con, settings, wanted.strip().upper(), opened)
        except InputError:
            audit.append(settings, "penjelasan", **trail, keluarga="")
            raise
        explanation = _gather(con, settings, family, opened)
        audit.append(settings, "penjelasan", **trail, keluarga=family)
    if to is not None:
        with private_files.private_file(to) as part:
            part.write_text(html(explanation), encoding="utf-8")
    return explanation


def _gather(con: duckdb.DuckDBPyConnection, settings: Settings, family: str, month: str) -> FamilyExplanation:
    """Put the explanation of ``family`` together; ``con`` is the warehouse of ``month``."""
    facts = con.execute("select * from marts.keluarga where family_id = ?", [family]).to_arrow_table()
    own = facts.to_pylist()[0]
    ((name, version, error),) = con.execute(
        "select model, versi_model, galat from welfare.skor where family_id = ?", [family]
    ).fetchall()
    ((card,),) = con.execute("select kartu from welfare.model where model = ?", [name]).fetchall()
    survey = con.execute(query("explain/survei")).fetchall()
    ranked = con.execute("select * from welfare.desil where family_id = ?", [family]).to_arrow_table().to_pylist()[0]
    changes, tried = deciding_facts(con, facts, name)
    return FamilyExplanation(
        month=month,
        released=is_released(settings, month),
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


def _chances(ranked: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """The chances of really being in the poorest four tenths, in the family's tenth, and in those beside it."""
    decile = ranked["desil_nasional"]
    beside = [(decile - 1, "peluang_desil_bawah"), (decile, "peluang_desil_ini"), (decile + 1, "peluang_desil_atas")]
    return (
        ("desil 1-4", ranked["peluang_desil_1_4"]),
        *((f"desil {tenth}", ranked[column]) for tenth, column in beside if 1 <= tenth <= 10),
    )


def _terms(con: duckdb.DuckDBPyConnection, own: Mapping[str, Any], model: str) -> tuple[Term, ...]:
    """The lines of the sum for the family ``own`` (its row of ``marts.keluarga``), with what each value rests on."""
    family = own["family_id"]
    lines = scoring.explain_score(con, family)
    features = con.execute("select * from welfare.fitur_keluarga where family_id = ?", [family])
    value = features.to_arrow_table().to_pylist()[0] | {
        "kode_provinsi": own["nama_provinsi"] or own["kode_provinsi"],
        "kode_kabupaten": own["nama_kabupaten"] or own["kode_kabupaten"],
    }
    tiers = dict(
        con.execute(
            query("explain/tingkat_isian"),
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
        # A family without a toilet has no bowl, and was not asked about one: the value comes from the answer on the toilet.
        asked = "bab" if kolom == "kloset" and own["bab"] == "lainnya" else kolom
        source, day = observed.get(asked, ("", "")) if known is not None else ("", "")
        shown = "" if kolom == "konstanta" else words(kolom, known)
        terms.append(
            Term(
                kolom,
                str(Bilingual(line["label"], line["label_en"])),
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
    head = con.execute("select * from marts.anggota where person_id = ?", [own["kepala_person_id"]])
    rows = {"keluarga": own, "kepala": next(iter(head.to_arrow_table().to_pylist()), {})}
    houses = {name.removesuffix("_sumber"): ("keluarga", name.removesuffix("_sumber")) for name in own}
    origin = {}
    for kolom, (row, name) in (houses | ORIGINS).items():
        source, day = rows[row].get(f"{name}_sumber"), rows[row].get(f"{name}_tanggal")
        origin[kolom] = (source or "", day.isoformat() if isinstance(day, date) else "")
    ((sources, last),) = con.execute(query("explain/daftar_anggota"), {"family": own["family_id"]}).fetchall()
    roster = (f"daftar anggota / member lists: {sources}" if sources else "", last.isoformat() if last else "")
    return origin | dict.fromkeys(ROSTER, roster)


def _place(con: duckdb.DuckDBPyConnection, regency: str | None, order: int) -> Place | None:
    """The family's place in its regency (None: not known); it is at ``order`` among the families of the nation, poorest first."""
    if regency is None:
        return None
    ((rank, families, low, high),) = con.execute(
        query("explain/urutan_kabupaten"), {"kabupaten": regency, "urutan": order}
    ).fetchall()
    # Rice's rule, as far as a narrow screen can still tell bars apart.
    bars = min(max(round(2 * families ** (1 / 3)), 5), 30)
    width = (high - low) / bars or 1.0
    counted = dict(
        con.execute(
            query("explain/batang_kabupaten"),
            {"kabupaten": regency, "bawah": low, "lebar": width, "terakhir": bars - 1},
        ).fetchall()
    )
    # Rounded: else a single bar that is not shown could be computed by subtraction.
    shown = (counted.get(bar, 0) for bar in range(bars))
    return Place(rank, families, low, high, tuple(5 * round(n / 5) if n >= SMALLEST_COUNT else None for n in shown))


def _programmes(con: duckdb.DuckDBPyConnection, family: str) -> tuple[Programme, ...]:
    """The month's programmes, by name, and how far the family is from the cut-off of each."""
    rows = con.execute(query("explain/program"), {"family": family}).fetchall()
    return tuple(Programme(*row) for row in rows)
