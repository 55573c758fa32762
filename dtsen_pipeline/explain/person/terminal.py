"""Show an explanation of a person in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dtsen_pipeline.explain.person.shapes import FACTS, KINDS, REASONS, Explanation, Link, scale, signed


def text(explanation: Explanation, width: int) -> RenderableType:
    """The explanation for a terminal of ``width`` columns."""
    e = explanation
    state = "" if e.released else "  [belum terbit / not released]"
    parts: list[RenderableType] = [
        Text(f"{e.person_id}  {e.month}{state}", style="bold"),
        Text(f"keluarga / family: {', '.join(e.families)}   rekaman / records: {len(e.records)}\n"),
        *_sources(e, width),
    ]
    parts.append(_title("Jalan penggabungan / path of the pairs"))
    if not e.path:
        parts.append(Text("  satu rekaman saja / a single record", style="dim"))
    alike = [link for link in e.path if not link.steps]
    for link in e.path:
        if link.steps:
            parts += [
                Text(f"\n{_names(link)}  {KINDS[link.why]}: {signed(link.weight or 0.0)}", style="bold"),
                _bars(link),
            ]
    parts += [Text(f"{_names(link)}  {KINDS[link.why]}") for link in alike]
    parts.append(_title("Penggabungan ditolak / refused merges"))
    parts += _outward(e.refused, "tidak ada / none")
    parts.append(_title("Hampir sama, tidak digabung / near misses"))
    parts += _outward(e.near, "tidak ada / none")
    parts.append(_title("Putusan peninjau / reviewers' decisions"))
    parts += [
        Text(f"  {d.record_l} - {d.record_r}: {d.putusan}  {d.tanggal}  {d.pemutus}: {d.alasan}") for d in e.decisions
    ] or [Text("  tidak ada / none", style="dim")]
    parts.append(_title("Riwayat id / history of the id"))
    parts += [Text(f"  {when}  {what} {other}") for when, what, other in e.events]
    parts += [Text(f"  {record}  {family}  {start} - {end or 'kini/now'}") for record, family, start, end in e.validity]
    if not e.events and not e.validity:
        parts.append(Text("  belum pernah terbit / never released", style="dim"))
    return Group(*parts, Text())


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold cyan")


def _names(link: Link) -> str:
    """The two records of a link by their places."""
    return f"[{link.place}] - [{link.other}]"


def _sources(e: Explanation, width: int) -> list[RenderableType]:
    """The records side by side, as many in one table as the terminal holds."""
    at_once = max(2, (width - 24) // 24)
    tables: list[RenderableType] = []
    for start in range(0, len(e.records), at_once):
        chosen = range(start, min(start + at_once, len(e.records)))
        table = Table(show_edge=False, pad_edge=False, show_lines=False, header_style="bold")
        table.add_column("", max_width=22, style="dim")
        for number in chosen:
            record = e.records[number]
            table.add_column(Text(f"[{number + 1}] {record['record_uid']}"), overflow="fold")
        for name, (label, _) in FACTS.items():
            outlier = e.outlier(name)
            cells = [
                Text(
                    f"{e.records[n][name]} ≠" if outlier[n] else e.records[n][name] or "-",
                    "bold yellow" if outlier[n] else "",
                )
                for n in chosen
            ]
            table.add_row(str(label), *cells)
        tables += [table, Text()]
    return tables


def _bars(link: Link) -> Table:
    """The steps of a link as a waterfall of bars, the sum last."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    table.add_column(max_width=24, style="dim")
    table.add_column(max_width=34, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    rows = [(str(step.column), str(step.grade), step.weight) for step in link.steps]
    rows.append(("jumlah / sum", "", link.steps[-1].after))
    for (column, grade, weight), (start, length) in zip(rows, scale(link.steps, 24.0), strict=True):
        cells = max(1, round(length)) if length > 0.05 else 0
        bar = Text(" " * min(round(start), 24 - cells) + "█" * cells, "green" if weight >= 0 else "red")
        table.add_row(column, grade, signed(weight), bar, style="bold" if not grade else "")
    return table


def _outward(links: Sequence[Link], none: str) -> list[RenderableType]:
    """One line a link to somebody else: why it was refused, or what weighs most against it; ``none`` where there is none."""
    if not links:
        return [Text(f"  {none}", style="dim")]
    return [
        Text(
            f"  [{link.place}] - {link.other} ({link.person_id})  {signed(link.weight or 0.0)}"
            + (f"  {REASONS[link.why]}" if link.why else f"  {_against(link)}")
        )
        for link in links
    ]


def _against(link: Link) -> str:
    """The column that weighs most against a pair; '' where none does."""
    worst = min(link.steps[1:], key=lambda step: step.weight)
    return f"{worst.column}: {worst.grade} ({signed(worst.weight)})" if worst.weight < 0 else ""


def show_persons(explanations: Sequence[Explanation], console: Console) -> None:
    """Print every explanation."""
    for explanation in explanations:
        console.print(text(explanation, console.width), highlight=False)
