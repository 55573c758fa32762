"""The page as one HTML text: Jinja2 templates, styles, script and charts all inline.

What belongs here: putting ``PageData`` into the templates, and number formats. The names that readers see are in ``words``.

Charts are SVG and HTML drawn by ``bagan.html.j2``, not Vega-Lite. Vega compiles its expressions with ``new Function``,
which a strict content security policy forbids; its inline bundle weighs 0.9 MB and needs vl-convert-python to make; and
it shows nothing without scripts. Drawn here, the page needs its script only for the language switch, sorting,
filtering, and folding on a phone.

The page carries its own policy: nothing may be loaded from anywhere, and the one style sheet and the one script are
named by hash. So there is no ``style=""`` and no ``onclick=""``: colours are classes, geometry is SVG attributes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from dtsen_pipeline import documents
from dtsen_pipeline.dashboard import charts, words
from dtsen_pipeline.dashboard.data import (
    COVERAGE_BREAKS,
    LARGEST_CLUSTER,
    SMALLEST_SHOWN,
    WEIGHT_BAND,
    Measure,
    PageData,
)
from dtsen_pipeline.explain.person import shapes
from dtsen_pipeline.welfare import labels

FOLDER = Path(__file__).parent

# What the interval charts show, in the order in which a reader asks.
LINKAGE_SHARES = (
    "presisi_tinjauan",
    "recall_tinjauan",
    "presisi_perkiraan",
    "recall_perkiraan",
    "presisi_orang",
    "recall_orang",
    "presisi_keluarga",
    "recall_keluarga",
    "recall_nik_ditahan",
    "recall_tanaman",
)
WELFARE_SHARES = (
    "r2",
    "korelasi_peringkat",
    *(f"galat_{kind}_{n}" for n in (10, 20, 30, 40) for kind in ("eksklusi", "inklusi")),
)
GROUP_FIGURES = ("r2", "galat_eksklusi_40", "galat_inklusi_40", "selisih")

# What stands in the comparison with the last release besides counts.
COMPARED = (
    "presisi_perkiraan",
    "recall_perkiraan",
    "presisi_tinjauan",
    "recall_tinjauan",
    "rekaman_per_orang",
    "r2",
    "rmse",
    "galat_eksklusi_40",
    "galat_inklusi_40",
)


def render(data: PageData) -> str:
    """The page of ``data`` as one self-contained HTML document; the same data give the same text, byte for byte."""
    read = sum(delivery.rows_read for delivery in data.deliveries or ())
    quarantined = sum(delivery.rows_quarantined for delivery in data.deliveries or ())
    volume = next((rule for rule in data.rules if rule.name == "volume_kiriman"), None)
    return document(
        "halaman.html.j2",
        month_names(data.month),
        d=data,
        langkah=words.STEPS,
        seri=_series(data),
        selang_penautan=_intervals(data.linkage.evaluation if data.linkage else (), LINKAGE_SHARES),
        selang_kesejahteraan=_intervals(data.welfare.quality if data.welfare else (), WELFARE_SHARES),
        kelompok=_groups(data.welfare.groups if data.welfare else ()),
        ukuran_kelompok=GROUP_FIGURES,
        beda=_differences(data),
        berubah=_changed_rules(data),
        bulan_tren=sorted({point.month for rule in data.rules for point in rule.trend}),
        volume=volume,
        # What the rule measured, not what the page could: some tables are not compared, for reasons that stand with the rule.
        kali_biasanya={told.ukuran: told for told in volume.measures} if volume else {},
        glosarium=words.GLOSSARY,
        sumber_bulanan=words.MONTHLY_SOURCES,
        terkecil=SMALLEST_SHOWN,
        batas_cakupan=COVERAGE_BREAKS,
        lebar_bobot=WEIGHT_BAND,
        karantina_bagian=quarantined / read if read else None,
    )


def document(template: str, title: tuple[str, str], **given: object) -> str:
    """A page of ``template`` in the common frame, with its style, script and policy; ``title`` in Indonesian and English."""
    environment = documents.templates(FOLDER)
    environment.filters |= {
        "angka": number,
        "persen": percent,
        "persen_polos": plain_percent,
        "desimal": decimal,
        "terukur": measured,
        "desimal_polos": plain_decimal,
    }
    gaya = (FOLDER / "gaya.html.j2").read_text(encoding="utf-8")
    skrip = (FOLDER / "skrip.html.j2").read_text(encoding="utf-8")
    environment.globals |= {
        "dwi": bilingual,
        "kata": {key: bilingual(*names) for key, names in words.WORDS.items()},
        "nama_bulan": lambda month: bilingual(*month_names(month)),
        "nama_ukuran": lambda name: _named(name, words.MEASURES),
        "nama_alasan": lambda name: _named(name, words.REASONS),
        "nama_sebab": lambda name: _named(name, words.CAUSES),
        "nama_peristiwa": lambda name: _named(name, words.EVENTS),
        "nama_keadaan": lambda name: _named(name, words.STATES),
        "nama_kelompok": _group,
        "nama_ciri": lambda name: _named(name, labels.COLUMNS | {"kode_provinsi": words.WORDS["provinsi"]}),
        "nama_bukti": lambda name: _both(shapes.COLUMNS.get(name, _readable(name))),
        "nama_tingkat": lambda label: bilingual(label, shapes.GRADES.get(label, label)),
        "nama_tolakan": lambda name: _both(shapes.REASONS.get(name, _readable(name))),
        "dua_bahasa": _both,
        "nama_hitungan": lambda name: _plain(*_halves(_readable(name))),
        "dwi_polos": _plain,
        "sumber": _source_names,
        "terbaca": _readable,
        "charts": charts,
        "peristiwa": words.EVENTS,
    }
    return environment.get_template(template).render(
        judul_id=title[0],
        judul_en=title[1],
        gaya=Markup(gaya),
        skrip=Markup(skrip),
        hash_gaya=_hash(gaya),
        hash_skrip=_hash(skrip),
        **given,
    )


@dataclass(frozen=True)
class _Row:
    """One row of a bar chart: its label in both languages, the count and its bar."""

    label: Markup
    count: int | None
    bar: charts.Bar


def _series(data: PageData) -> dict[str, list[_Row]]:
    """The bar charts of the page by name."""

    def rows(items: Iterable[tuple[Markup, int | None]], total: int | None = None) -> list[_Row]:
        listed = list(items)
        bars = charts.bars([count for _, count in listed], total)
        return [_Row(label, count, bar) for (label, count), bar in zip(listed, bars, strict=True)]

    series = {"corong": rows((bilingual(*words.STEPS[s.key]), s.count) for s in data.funnel if s.count is not None)}
    if link := data.linkage:
        sizes = ((f"{size}+" if size == LARGEST_CLUSTER else str(size), persons) for size, persons in link.sizes)
        series["rekaman"] = rows(((escape(size), persons) for size, persons in sizes), link.persons)
        series["sumber"] = rows(((_source_names(names), persons) for names, persons in link.sources), link.persons)
        if queue := link.queue:
            refused = ((_both(f"ditolak: {_half(r, 0)} / refused: {_half(r, 1)}"), n) for r, n in queue.refused)
            series["antrean"] = rows(
                [
                    (bilingual("sedikit di bawah ambang", "just below the threshold"), queue.just_below),
                    (bilingual("sedikit di atas ambang", "just above the threshold"), queue.just_above),
                    *refused,
                    (bilingual("sudah diputus peninjau", "decided by reviewers"), queue.decided),
                ]
            )
    if welfare := data.welfare:
        desil = ((escape(n), families) for n, families in enumerate(welfare.deciles, start=1))
        series["desil"] = rows(desil, welfare.total)
        without = welfare.without_score
        series["tanpa_skor"] = rows(((_named(a, words.REASONS), n) for a, n in without), sum(n for _, n in without))
    if data.quarantine is not None:
        reasons: Counter[str] = Counter()
        for found in data.quarantine:
            reasons[found.alasan] += found.count
        series["karantina"] = rows(
            ((_named(alasan, words.REASONS), n) for alasan, n in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))),
            reasons.total(),
        )
    return series


def _half(reason: str, which: int) -> str:
    return shapes.REASONS.get(reason, f"{reason} / {reason}").split(" / ")[which]


def _intervals(measures: Sequence[Measure], names: Sequence[str]) -> dict[str, Any] | None:
    """Those of ``measures`` that the interval chart shows, in the order of ``names``, and their common axis."""
    by_name = {measure.name: measure for measure in measures if measure.value is not None}
    shown = [by_name[name] for name in names if name in by_name]
    ends = [end for m in shown for end in (m.value, m.low, m.high) if end is not None]
    return {"ukuran": shown, "sumbu": charts.axis(ends)} if shown else None


def _groups(measures: Sequence[Measure]) -> list[tuple[str, dict[str, Measure]]]:
    """The figures of ``GROUP_FIGURES`` group by group; a group that was too small to measure has none."""
    groups: dict[str, dict[str, Measure]] = {}
    for measure in measures:
        if measure.group is not None:
            groups.setdefault(measure.group, {})[measure.name] = measure
    return list(groups.items())


@dataclass(frozen=True)
class _Difference:
    """A figure of the last release and of this month; ``count`` tells whole numbers from measures."""

    label: Markup
    before: float | None
    now: float | None
    count: bool


def _differences(data: PageData) -> list[_Difference]:
    """What is compared with the last release; empty before the first."""
    previous = data.previous
    if previous is None:
        return []
    rows = [
        _Difference(bilingual(*words.STEPS[step.key]), step.previous, step.count, True)
        for step in data.funnel
        if step.previous is not None
    ]
    rows.append(_Difference(bilingual("Aturan lulus", "Rules passed"), previous.passed, len(data.passed_rules), True))
    now = {m.name: m.value for m in data.linkage.evaluation} if data.linkage else {}
    now |= {m.name: m.value for m in data.welfare.quality} if data.welfare else {}
    rows += [
        _Difference(_named(name, words.MEASURES), previous.figures.get(name), now.get(name), False)
        for name in COMPARED
        if name in previous.figures or name in now
    ]
    return rows


def _changed_rules(data: PageData) -> list[Any]:
    """Rules that held in the last release and do not now, or the other way round."""
    previous = data.previous
    if previous is None:
        return []
    return [rule for rule in data.rules if rule.name in previous.rules and previous.rules[rule.name][0] != rule.passed]


def bilingual(teks: object, text: object) -> Markup:
    """Both languages; the style sheet shows the one the document is in."""
    return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(teks, text)


def number(value: int | None) -> Markup:
    """A count the Indonesian way (1.234), its plain value beside it; the script swaps the marks for English."""
    if value is None:
        hidden = bilingual(*words.WORDS["disamarkan"])
        return Markup('<span class="samar" aria-hidden="true">•</span><span class="sr">{}</span>').format(hidden)
    return Markup('<data value="{}">{}</data>').format(value, _indonesian(f"{value:,}"))


def percent(share: float | None, digits: int = 1) -> Markup:
    """A share (0..1) in percent; a dash where there is none."""
    if share is None:
        return Markup('<span class="samar">–</span>')
    return Markup('<data value="{}">{}</data>%').format(f"{share:.6g}", _indonesian(f"{100 * share:,.{digits}f}"))


def plain_percent(share: float) -> str:
    """A share in percent as text alone, for inside SVG."""
    return _indonesian(f"{100 * share:.1f}")


def decimal(value: float | None) -> Markup:
    """A measure or a threshold, to six significant digits."""
    if value is None:
        return Markup('<span class="samar">–</span>')
    return Markup('<data value="{}">{}</data>').format(value, plain_decimal(value))


def measured(value: float | None, kelas: str | None) -> Markup:
    """A measure of a rule, or the class in which it lies where only that is told."""
    return decimal(value) if kelas is None else escape(kelas)


def plain_decimal(value: float) -> str:
    """Like ``decimal``, as text alone, for inside SVG."""
    if value == int(value):
        return _indonesian(f"{value:,.0f}")
    # Six significant digits, but never an exponent.
    return _indonesian(f"{value:.6g}" if abs(value) >= 1e-4 else f"{value:.9f}".rstrip("0").rstrip("."))


def month_names(month: str) -> tuple[str, str]:
    """'2025-03' as ('Maret 2025', 'March 2025')."""
    year, which = month.split("-")
    teks, text = words.BULAN[int(which) - 1]
    return f"{teks} {year}", f"{text} {year}"


def _source_names(sources: str) -> Markup:
    return escape(" + ".join(words.SOURCES.get(source, source) for source in sources.split("+")))


def _named(name: str, names: dict[str, tuple[str, str]]) -> Markup:
    return bilingual(*names.get(name, (_readable(name),) * 2))


def _both(text: str) -> Markup:
    """A text written 'Indonesian / English' in one column; anything else is said as it is."""
    return bilingual(*_halves(text))


def _halves(text: str) -> tuple[str, str]:
    teks, *english = text.split(" / ")
    return (teks, english[0]) if len(english) == 1 else (text, text)


def _plain(teks: str, text: str) -> Markup:
    """Both languages of what a rule measured or said, its expectations in plain words."""
    for name, (kata, english) in words.EXPECTATIONS.items():
        teks, text = teks.replace(name, kata), text.replace(name, english)
    return bilingual(teks, text)


def _group(name: str) -> Markup:
    """'jk_krt=P' as 'Kepala keluarga: perempuan'."""
    kind, _, part = name.partition("=")
    return Markup("{}: {}").format(_named(kind, words.GROUPS), _named(part, words.PARTS)) if part else escape(name)


def _readable(name: str) -> str:
    return name.replace("_", " ")


def _indonesian(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
