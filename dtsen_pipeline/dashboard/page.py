"""The page of a month as one HTML text: Jinja2 templates, styles, script and charts all inline.

What belongs here: putting ``PageData`` into the templates. The frame around it is in ``document``, how a value is written in
``formats``, and the names that readers see are in ``words``.

Charts are SVG and HTML drawn by ``bagan.html.j2``, not Vega-Lite. Vega compiles its expressions with ``new Function``,
which a strict content security policy forbids; its inline bundle weighs 0.9 MB and needs vl-convert-python to make; and
it shows nothing without scripts. Drawn here, the page needs its script only for the language switch, sorting,
filtering, and folding on a phone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.dashboard import charts, words
from dtsen_pipeline.dashboard.data import COVERAGE_BREAKS, SMALLEST_SHOWN, PageData
from dtsen_pipeline.dashboard.document import document
from dtsen_pipeline.dashboard.formats import in_both, month_names, named, refusal, source_names
from dtsen_pipeline.dashboard.results import LARGEST_CLUSTER, WEIGHT_BAND, Measure

# Measures that the interval charts show, in the order in which a reader asks for them.
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

# Measures that are compared with the last release, besides counts.
COMPARED_MEASURES = (
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


def render_page(data: PageData) -> str:
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
        # As the rule measured it: it leaves out some tables, for reasons that stand with the rule.
        kali_biasanya={measure.ukuran: measure for measure in volume.measures} if volume else {},
        glosarium=words.GLOSSARY,
        sumber_bulanan=words.MONTHLY_SOURCES,
        terkecil=SMALLEST_SHOWN,
        batas_cakupan=COVERAGE_BREAKS,
        lebar_bobot=WEIGHT_BAND,
        karantina_bagian=quarantined / read if read else None,
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

    series = {"corong": rows((in_both(words.STEPS[s.key]), s.count) for s in data.funnel if s.count is not None)}
    if link := data.linkage:
        sizes = ((f"{size}+" if size == LARGEST_CLUSTER else str(size), persons) for size, persons in link.sizes)
        series["rekaman"] = rows(((escape(size), persons) for size, persons in sizes), link.persons)
        series["sumber"] = rows(((source_names(names), persons) for names, persons in link.sources), link.persons)
        if queue := link.queue:
            refused = ((refusal(reason), pairs) for reason, pairs in queue.refused)
            series["antrean"] = rows(
                [
                    (in_both(Bilingual("sedikit di bawah ambang", "just below the threshold")), queue.just_below),
                    (in_both(Bilingual("sedikit di atas ambang", "just above the threshold")), queue.just_above),
                    *refused,
                    (in_both(Bilingual("sudah diputus peninjau", "decided by reviewers")), queue.decided),
                ]
            )
    if welfare := data.welfare:
        desil = ((escape(n), families) for n, families in enumerate(welfare.deciles, start=1))
        series["desil"] = rows(desil, welfare.total)
        without = welfare.without_score
        series["tanpa_skor"] = rows(((named(a, words.REASONS), n) for a, n in without), sum(n for _, n in without))
    if data.quarantine is not None:
        reasons: Counter[str] = Counter()
        for broken in data.quarantine:
            reasons[broken.alasan] += broken.count
        series["karantina"] = rows(
            ((named(alasan, words.REASONS), n) for alasan, n in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))),
            reasons.total(),
        )
    return series


def _intervals(measures: Sequence[Measure], names: Sequence[str]) -> dict[str, Any] | None:
    """Those of ``measures`` that the interval chart shows, in the order of ``names``, and their common axis."""
    by_name = {measure.name: measure for measure in measures if measure.value is not None}
    shown = [by_name[name] for name in names if name in by_name]
    ends = [end for m in shown for end in (m.value, m.low, m.high) if end is not None]
    return {"ukuran": shown, "sumbu": charts.axis(ends)} if shown else None


def _groups(measures: Sequence[Measure]) -> list[tuple[str, dict[str, Measure]]]:
    """The measures of each group by name; a group that was too small to measure has none of ``GROUP_FIGURES``."""
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
    """The figures that are compared with the last release; empty before the first release."""
    previous = data.previous
    if previous is None:
        return []
    rows = [
        _Difference(in_both(words.STEPS[step.key]), step.previous, step.count, True)
        for step in data.funnel
        if step.previous is not None
    ]
    rows.append(
        _Difference(in_both(Bilingual("Aturan lulus", "Rules passed")), previous.passed, len(data.passed_rules), True)
    )
    now = {m.name: m.value for m in data.linkage.evaluation} if data.linkage else {}
    now |= {m.name: m.value for m in data.welfare.quality} if data.welfare else {}
    rows += [
        _Difference(named(name, words.MEASURES), previous.figures.get(name), now.get(name), False)
        for name in COMPARED_MEASURES
        if name in previous.figures or name in now
    ]
    return rows


def _changed_rules(data: PageData) -> list[Any]:
    """Rules that held in the last release and do not hold now, or the other way round."""
    previous = data.previous
    if previous is None:
        return []
    return [rule for rule in data.rules if rule.name in previous.rules and previous.rules[rule.name][0] != rule.passed]
