"""Write the page ``docs/pmt.md`` about a study; its words stand in ``page.md.j2``."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.pmt_study.study import HELD_OUT, LEVELS, Findings, Rows
from dtsen_pipeline.welfare import report
from dtsen_pipeline.welfare.metrics import (
    ALL,
    MIN_HOUSEHOLDS,
    MIN_POOR,
    MIN_UNITS,
    SHARES,
    Bootstrap,
    Row,
)

MAIN = ["r2", "korelasi_peringkat", *(f"galat_eksklusi_{round(share * 100)}" for share in SHARES)]
_NAMES = {
    "r2": "R2",
    "korelasi_peringkat": "rank correlation",
    **{f"galat_eksklusi_{q}": f"error at the poorest {q} %" for q in (10, 20, 30, 40)},
}
_GROUPS = {
    ALL: "everybody",
    "provinsi": "province",
    "daerah": "area",
    "anggota": "members",
    "jk_krt": "sex of the head",
    "umur_krt": "age of the head",
}
_LABELS = {"L": "man", "P": "woman", "kota": "urban", "desa": "rural", "15-59": "under 60", "60+": "60 and over"}


def page(found: Findings) -> str:
    """The page as Markdown, lines of at most 132 characters outside tables; the same findings give the same text."""
    rows: Rows = {(row.ukuran, row.kelompok): row for row in report.reported_rows(found.ours)}
    model, card = found.model, found.model.card
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined)
    environment.globals |= {
        "by_group": _by_group,
        "calibration": _calibration,
        "compare": _compare,
        "coverage": _coverage,
        "differences": _differences,
        "errors": _errors,
        "exp": np.exp,
        "figure": _figure,
        "held_out": _held_out,
        "len": len,
        "percent": _percent,
        "published": _published,
        "short_sum": _short_sum,
        "sorted": sorted,
        "told_apart": _told_apart,
        "HELD_OUT": HELD_OUT,
        "MIN_HOUSEHOLDS": MIN_HOUSEHOLDS,
        "MIN_POOR": MIN_POOR,
        "MIN_UNITS": MIN_UNITS,
    }
    return _flow(
        environment.get_template("page.md.j2").render(
            found=found,
            rows=rows,
            groups=[group for group in found.ours.groups if not group.startswith(report.TENTHS)],
            r2=rows["r2", ALL],
            slope=rows["kemiringan", ALL],
            at_10=rows["galat_eksklusi_10", ALL],
            at_30=rows["galat_eksklusi_30", ALL],
            at_40=rows["galat_eksklusi_40", ALL],
            card=card,
            used=len(card["peubah_dipakai"]),
            left=card["peubah_dikeluarkan"],
            ridge=f"{card['penalti_suku']:g}",
            regional=f"{card['penalti_wilayah']:g}",
            reach=float(np.interp(0.9, np.linspace(0, 1, len(model.reach)), model.reach) * model.sigma),
            no_urban="The survey's file does not say urban or rural; the monthly report has city and regency instead.",
        )
    )


def _flow(text: str) -> str:
    """Paragraphs and items filled to the width of the docs; headings, tables and code as they are."""

    def fill(block: str) -> str:
        if block.startswith(("#", "|", "```")):
            return block
        items = re.split(r"\n(?=- )", block)
        return "\n".join(
            textwrap.fill(
                " ".join(item.split()),
                width=132,
                subsequent_indent="  " if item.startswith("- ") else "",
                break_long_words=False,
                break_on_hyphens=False,
            )
            for item in items
        )

    return "\n\n".join(fill(block) for block in text.strip().split("\n\n")) + "\n"


def _published(rows: Rows) -> str:
    """Figures of others beside ours."""
    both = f"{_figure(rows['r2', ALL])}, {_figure(rows['korelasi_peringkat', ALL])}"
    four = ", ".join(f"{rows[f'galat_eksklusi_{round(share * 100)}', ALL].nilai:.2f}" for share in SHARES)
    return _table(
        ["figure", "published", "here"],
        [
            ["PMT of Alatas et al. 2012, table 3: households on the wrong side of PPP$2 a day", "0.30", "see below"],
            ["R2 of proxy means tests in Indonesia, as usually reported", "0.45-0.55", _figure(rows["r2", ALL])],
            ["OLS on this survey, out of sample by area: R2, rank correlation", "0.49, 0.68", both],
            ["the same: error at the poorest 10, 20, 30, 40 %", "0.62, 0.46, 0.38, 0.30", four],
            ["OLS with district effects: R2, rank correlation", "0.51, 0.69", both],
            ["the same: error at the poorest 10, 20, 30, 40 %", "0.57, 0.44, 0.38, 0.29", four],
        ],
    )


def _percent(row: Row) -> str:
    low, high = row.bawah or 0.0, row.atas or 0.0
    return f"{100 * row.nilai:.0f} % ({100 * low:.0f}-{100 * high:.0f})"


def _figure(row: Row | None) -> str:
    if row is None:
        return "too few"
    return f"{row.nilai:.3f}" if row.bawah is None else f"{row.nilai:.3f} ({row.bawah:.3f}-{row.atas:.3f})"


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _value(measured: Bootstrap, name: str) -> str:
    return _figure(next((row for row in measured.rows([name]) if (row.ukuran, row.kelompok) == (name, ALL)), None))


def _short_sum(found: Findings) -> str:
    body = [[_NAMES[m], _value(found.ours, m), _value(found.short, m)] for m in MAIN]
    return _table(["measure", "full sum", "short sum"], body)


def _compare(found: Findings) -> str:
    body = [[_NAMES[m], *(_value(b, m) for b in (found.ours, *found.others.values()))] for m in MAIN]
    return _table(["measure", "**ours**", *found.others], body)


def _differences(found: Findings) -> str:
    told = {name: {r.ukuran: r for r in found.ours.difference(other, MAIN)} for name, other in found.others.items()}

    def signed(row: Row) -> str:
        return f"{row.nilai:+.3f} ({row.bawah:+.3f} to {row.atas:+.3f})"

    return _table(["measure", *told], [[_NAMES[m], *(signed(rows[m]) for rows in told.values())] for m in MAIN])


def _held_out(away: pd.DataFrame) -> str:
    names = ["r2", "korelasi_peringkat", *(f"galat_sasaran_{round(share * 100)}" for share in SHARES)]
    body = [[f"draw {i}", *(f"{v:.3f}" for v in draw)] for i, draw in enumerate(away[names].to_numpy(), 1)]
    body.append(["**mean**", *(f"**{away[n].mean():.3f}**" for n in names)])
    body.append(["plain OLS, mean", *(f"{away[f'ols_{n}'].mean():.3f}" for n in names)])
    return _table(["", *(_NAMES[m] for m in MAIN)], body)


def _coverage(away: pd.DataFrame) -> str:
    columns = [f"cakupan_{round(level * 100)}" for level in LEVELS]
    body = [
        [f"{level:.0%}", *(f"{away[c].agg(how):.3f}" for how in ("mean", "min", "max"))]
        for level, c in zip(LEVELS, columns, strict=True)
    ]
    return _table(["says", "holds (mean)", "least of the draws", "most"], body)


def _calibration(rows: Rows) -> str:
    body = []
    for tenth in (f"{report.TENTHS}={t:02d}" for t in range(1, 11)):
        score, true = rows.get(("rata_skor", tenth)), rows.get(("rata_nyata", tenth))
        if score and true:
            low, high = true.bawah or np.nan, true.atas or np.nan
            body.append(
                [
                    str(int(tenth[-2:])),
                    f"{np.exp(score.nilai):.0f}",
                    f"{np.exp(true.nilai):.0f} ({np.exp(low):.0f}-{np.exp(high):.0f})",
                    f"{np.expm1(score.nilai - true.nilai):+.1%}",
                ]
            )
    return _table(["tenth by score", "scored", "true", "scored against true"], body)


def _words(group: str) -> str:
    dimension, _, label = group.partition("=")
    return f"{_GROUPS[dimension]} {_LABELS.get(label, label)}".strip()


def _by_group(rows: Rows, groups: Sequence[str]) -> str:
    body = []
    for group in groups:
        if ("terlalu_sedikit", group) in rows:
            body.append([_words(group), f"{rows['terlalu_sedikit', group].nilai:.0f}", *["too few"] * 4])
            continue
        gap = rows["selisih", group]
        low, high = gap.bawah or 0.0, gap.atas or 0.0
        body.append(
            [
                _words(group),
                f"{rows['rumah_tangga', group].nilai:,.0f}",
                _figure(rows.get(("r2", group))),
                _figure(rows.get(("korelasi_peringkat", group))),
                f"{np.expm1(gap.nilai):+.1%} ({np.expm1(low):+.1%} to {np.expm1(high):+.1%})",
                _figure(rows.get(("cakupan_90", group))),
            ]
        )
    return _table(["", "households", "R2", "rank correlation", "taken for", "90 % range"], body)


def _errors(rows: Rows, groups: Sequence[str], kind: str) -> str:
    names = [f"galat_{kind}_{round(share * 100)}" for share in SHARES]
    body = [[_words(group), *(_figure(rows.get((name, group))) for name in names)] for group in groups]
    return _table(["", *(f"{round(share * 100)} %" for share in SHARES)], body)


def _told_apart(ours: Bootstrap, rows: Rows, kind: str) -> str:
    """Groups whose error at 40 % is above everybody's beyond chance, the worst first, with how many it was seen on."""
    name = f"galat_{kind}_40"
    counts = ours.poor if kind == "eksklusi" else ours.chosen
    above = [
        row
        for group in ours.groups[1:]
        if (row := rows.get((name, group))) and (row.bawah or 0.0) > rows[name, ALL].nilai
    ]
    said = [
        f"{_words(row.kelompok)}: {_percent(row)} of {counts[ours.groups.index(row.kelompok), -1]}"
        for row in sorted(above, key=lambda row: (-row.nilai, row.kelompok))
    ]
    return "; ".join(said) or "no group that can be told apart"
