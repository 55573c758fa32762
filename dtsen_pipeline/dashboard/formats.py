"""How numbers, months and names are written on the page, in both languages.

What belongs here: filters and helpers of the templates that turn one value into text. The words themselves are in ``words``.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from dtsen_pipeline.dashboard import words
from dtsen_pipeline.explain.person import shapes


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


def rule_measure(value: float | None, kelas: str | None) -> Markup:
    """A measure of a rule, or the class in which it lies where only the class may be shown."""
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


def source_names(sources: str) -> Markup:
    """'dtks+p3ke' as 'DTKS + P3KE'."""
    return escape(" + ".join(words.SOURCES.get(source, source) for source in sources.split("+")))


def named(name: str, names: dict[str, tuple[str, str]]) -> Markup:
    """The names that ``names`` has for a code, else the code itself."""
    return bilingual(*names.get(name, (readable(name),) * 2))


def both_languages(text: str) -> Markup:
    """A text written 'Indonesian / English' as one of two languages; anything else as it is."""
    return bilingual(*halves(text))


def halves(text: str) -> tuple[str, str]:
    """The Indonesian and the English half of a text; twice the whole where it does not have two."""
    teks, *english = text.split(" / ")
    return (teks, english[0]) if len(english) == 1 else (text, text)


def plain_words(teks: str, text: str) -> Markup:
    """Both languages of a text of a rule, with the names of its expectations in plain words."""
    for name, (kata, english) in words.EXPECTATIONS.items():
        teks, text = teks.replace(name, kata), text.replace(name, english)
    return bilingual(teks, text)


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
    teks, text = halves(shapes.REASONS.get(reason, reason))
    return bilingual(f"ditolak: {teks}", f"refused: {text}")
