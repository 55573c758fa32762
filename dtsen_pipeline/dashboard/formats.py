"""How numbers, months and names are written on the page, in both languages.

What belongs here: filters and helpers of the templates that turn one value into text. The words themselves are in ``words``.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from dtsen_pipeline.bilingual import Bilingual, from_stored, same
from dtsen_pipeline.dashboard import words
from dtsen_pipeline.explain.person import shapes


def in_both(text: Bilingual) -> Markup:
    """Both languages; the style sheet shows the one the document is in."""
    return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(text.id, text.en)


def number(value: int | None) -> Markup:
    """A count the Indonesian way (1.234), its plain value beside it; the script swaps the marks for English."""
    if value is None:
        hidden = in_both(words.WORDS["disamarkan"])
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


def rule_measure(value: float | None, kelas: str | None) -> Markup:
    """A measure of a rule, or the class in which it lies where only the class may be shown."""
    return decimal(value) if kelas is None else escape(kelas)


def plain_decimal(value: float) -> str:
    """Like ``decimal``, as text alone, for inside SVG."""
    if value == int(value):
        return _indonesian(f"{value:,.0f}")
    # Six significant digits, but never an exponent.
    return _indonesian(f"{value:.6g}" if abs(value) >= 1e-4 else f"{value:.9f}".rstrip("0").rstrip("."))


def month_names(month: str) -> Bilingual:
    """'2025-03' as 'Maret 2025' and 'March 2025'."""
    year, which = month.split("-")
    name = words.BULAN[int(which) - 1]
    return Bilingual(f"{name.id} {year}", f"{name.en} {year}")


def source_names(sources: str) -> Markup:
    """'dtks+p3ke' as 'DTKS + P3KE'."""
    return escape(" + ".join(words.SOURCES.get(source, source) for source in sources.split("+")))


def named(name: str, names: Mapping[str, Bilingual]) -> Markup:
    """The names that ``names`` has for a code, else the code itself."""
    return in_both(names.get(name) or same(readable(name)))


def plain_words(text: Bilingual) -> Markup:
    """A text of a rule, with the names of its expectations in plain words."""
    for name, plain in words.EXPECTATIONS.items():
        text = Bilingual(text.id.replace(name, plain.id), text.en.replace(name, plain.en))
    return in_both(text)


def measure_name(ukuran: str) -> Markup:
    """The name of a measure of a rule, which the rule's SQL gives and tables keep."""
    return plain_words(from_stored(readable(ukuran)))


def group_name(name: str) -> Markup:
    """'jk_krt=P' as 'Kepala keluarga: perempuan'."""
    kind, _, part = name.partition("=")
    return Markup("{}: {}").format(named(kind, words.GROUPS), named(part, words.PARTS)) if part else escape(name)


def readable(name: str) -> str:
    """'sama_nik' as 'sama nik'."""
    return name.replace("_", " ")


def _indonesian(text: str) -> str:
    """A number written the English way with the marks of the Indonesian one: 1,234.5 as 1.234,5."""
    return text.translate(str.maketrans(",.", ".,"))


def refusal(reason: str) -> Markup:
    """The reason for which pairs were kept apart, as the label of a bar."""
    why = shapes.REASONS.get(reason) or same(reason)
    return in_both(Bilingual(f"ditolak: {why.id}", f"refused: {why.en}"))
