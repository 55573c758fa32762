"""Show an explanation of a family in a terminal."""

from __future__ import annotations

import math

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dtsen_pipeline.explain.family.shapes import CHANGES, FamilyExplanation, Place
from dtsen_pipeline.explain.family.words import card, effect, few, number, percent, rupiah, scale, standing


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
        Text(f"  model {e.version} ({e.model}): {card(e)}", style="dim"),
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


def _title(heading: str) -> Text:
    return Text(f"\n{heading}", style="bold cyan")


def _none() -> Text:
    return Text("  tidak ada / none", style="dim")


def _sum(e: FamilyExplanation) -> Table:
    """The score as a table, one line a term, with a bar of its difference from the surveyed households."""
    width = 12
    table = Table(show_edge=False, pad_edge=False, box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("fakta / fact", ratio=3, overflow="fold")
    table.add_column("nilai / value", ratio=2, overflow="fold")
    for name in ("log", "%", "± survei"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=width)
    for term, (start, length) in zip(e.ordered, scale(e.ordered), strict=True):
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
    """The rank, and the families of the regency by score in bars, with a mark below the family's own."""
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


def show_family(explanation: FamilyExplanation, console: Console) -> None:
    """Print the explanation."""
    console.print(text(explanation), highlight=False)
