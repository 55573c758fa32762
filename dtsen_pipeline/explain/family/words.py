"""Values, shares and amounts of an explanation in words of both languages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.explain.family.shapes import FamilyExplanation, Programme, Term
from dtsen_pipeline.welfare.labels import value_label

LIVESTOCK = ("sapi", "kerbau", "kuda", "babi", "kambing")
# Facts that the score sees only as a ratio, so that ``labels`` does not name them.
FACT_LABELS: Mapping[str, Bilingual] = {
    "luas_lantai": Bilingual("Luas lantai rumah", "Floor area of the dwelling"),
    "jumlah_art_0_14": Bilingual("Anggota berumur 0-14 tahun", "Members aged 0-14"),
    "jumlah_art_65": Bilingual("Anggota berumur 65 tahun ke atas", "Members aged 65 and over"),
}


def words(kolom: str, value: object) -> str:
    """A value of the fact ``kolom`` in words, Indonesian / English."""
    if value is None:
        return "tidak diketahui / not known"
    if isinstance(value, bool):
        pairs = (
            (Bilingual("tidak", "no"), Bilingual("ya", "yes"))
            if kolom == "bekerja_krt"
            else (Bilingual("tidak ada", "no"), Bilingual("ada", "yes"))
        )
        return str(pairs[value])
    if kolom.startswith("porsi_"):
        return percent(float(str(value)), signed=False)
    if kolom.startswith("luas_"):
        return f"{number(float(str(value)), 1)} m2"
    if kolom == "umur_krt":
        return f"{value} tahun / years"
    return str(value_label(kolom, str(value)))


def number(value: float, digits: int, *, signed: bool = False) -> str:
    """``value`` as Indonesians write it: comma for the decimals, dot for the thousands."""
    # Adding zero after rounding takes the sign off a zero.
    rounded = round(value, digits) + 0.0
    text = f"{rounded:{'+' if signed and rounded else ''},.{digits}f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".").replace("-", "\u2212")


def percent(share: float, *, signed: bool = True) -> str:
    """``share`` (0..1) as per cent, with a decimal below ten."""
    return f"{number(100 * share, 0 if abs(share) >= 0.1 else 1, signed=signed)} %"


def effect(log_points: float) -> str:
    """Log points as per cent of consumption: 0.10 is +11 %."""
    return percent(math.expm1(log_points))


def rupiah(score: float) -> str:
    """A score as consumption a head and month, to three digits: it is not more exact than that."""
    value = math.exp(score)
    return f"Rp {number(round(value, 2 - math.floor(math.log10(value))), 0)}"


def scale(terms: Sequence[Term]) -> list[tuple[float, float]]:
    """Start and length (0..1) of the bar of each term's difference, on an axis that holds them all and zero."""
    ends = [(min(term.difference, 0.0), max(term.difference, 0.0)) for term in terms]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    unit = (high - low) or 1.0
    return [((start - low) / unit, (end - start) / unit) for start, end in ends]


def few(e: FamilyExplanation) -> str:
    """The note where fewer than ``CHANGES`` facts would move the decile."""
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


def card(e: FamilyExplanation) -> str:
    """The model's card in one line: its survey, and how well it does out of sample."""
    outside = e.card["di_luar_sampel"]
    return (
        f"{number(e.card['baris'], 0)} rumah tangga survei / surveyed households, {e.survey}; di luar sampel / out of sample: "
        f"R2 {number(outside['r2'], 2)}, galat sasaran 40 % / error at the poorest 40 % {number(outside['galat_sasaran_40'], 2)}"
    )
