"""The frame that every page has: template, style, script, and the policy that allows no other.

What belongs here: what the page of a month and the page over all months share. The page carries its own policy: nothing may be
loaded from anywhere, and the one style sheet and the one script are named by hash. So there is no ``style=""`` and no
``onclick=""``: colours are classes, geometry is SVG attributes.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup

from dtsen_pipeline import documents
from dtsen_pipeline.bilingual import Bilingual, from_stored, same
from dtsen_pipeline.dashboard import charts, words
from dtsen_pipeline.dashboard.formats import (
    decimal,
    group_name,
    in_both,
    measure_name,
    month_names,
    named,
    number,
    percent,
    plain_decimal,
    plain_percent,
    plain_words,
    readable,
    rule_measure,
    source_names,
)
from dtsen_pipeline.explain.person import shapes
from dtsen_pipeline.welfare import labels

FOLDER = Path(__file__).parent


def document(template: str, title: Bilingual, **given: object) -> str:
    """A page of ``template`` in the common frame, with its style, script and policy."""
    environment = documents.templates(FOLDER)
    environment.filters |= {
        "angka": number,
        "dwi": in_both,
        "dwi_polos": plain_words,
        "persen": percent,
        "persen_polos": plain_percent,
        "desimal": decimal,
        "terukur": rule_measure,
        "desimal_polos": plain_decimal,
    }
    gaya = (FOLDER / "gaya.html.j2").read_text(encoding="utf-8")
    skrip = (FOLDER / "skrip.html.j2").read_text(encoding="utf-8")
    environment.globals |= {
        "dwi": lambda teks, text: in_both(Bilingual(teks, text)),
        "kata": {key: in_both(names) for key, names in words.WORDS.items()},
        "nama_bulan": lambda month: in_both(month_names(month)),
        "nama_ukuran": lambda name: named(name, words.MEASURES),
        "nama_alasan": lambda name: named(name, words.REASONS),
        "nama_sebab": lambda name: named(name, words.CAUSES),
        "nama_peristiwa": lambda name: named(name, words.EVENTS),
        "nama_keadaan": lambda name: named(name, words.STATES),
        "nama_kelompok": group_name,
        "nama_ciri": lambda name: named(name, labels.COLUMNS | {"kode_provinsi": words.WORDS["provinsi"]}),
        "nama_bukti": lambda name: named(name, shapes.COLUMNS),
        "nama_tingkat": lambda label: in_both(shapes.GRADES.get(label) or same(label)),
        "nama_tolakan": lambda name: named(name, shapes.REASONS),
        "dua_bahasa": lambda stored: in_both(from_stored(stored)),
        "nama_hitungan": measure_name,
        "sumber": source_names,
        "terbaca": readable,
        "charts": charts,
        "peristiwa": words.EVENTS,
    }
    return environment.get_template(template).render(
        judul_id=title.id,
        judul_en=title.en,
        gaya=Markup(gaya),
        skrip=Markup(skrip),
        hash_gaya=content_hash(gaya),
        hash_skrip=content_hash(skrip),
        **given,
    )


def content_hash(text: str) -> str:
    """Hash of ``text`` as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
