"""Pictures of tables that people would rather look at than read, for the pages of Dagster.

What belongs here: what is drawn of which table, as an image inside Markdown, since the UI of a closed network loads nothing. Drawn
as plain SVG: the same table gives the same bytes. They stay in the event log for ever, so they show no count of people that the
open tables withhold: shares, process counts, or ``publikasi.terbuka``. The public page is drawn by ``dtsen_pipeline.dashboard``.
"""

import base64
import json
import math
from collections.abc import Callable, Sequence
from html import escape

import duckdb

from dtsen_pipeline.linkage.model import THRESHOLD

WIDTH, LABEL, ROW = 640, 230, 18
BLUE, RED, GREY, INK = "#2563eb", "#dc2626", "#c7cbd1", "#1f2937"
# From the poorest tenth to the richest.
TENTHS = ("#7f1d1d", "#b91c1c", "#ea580c", "#f59e0b", "#fde047", "#d9f99d", "#86efac", "#34d399", "#0891b2", "#1e40af")
NOTHING = "belum ada yang digambar / nothing to draw yet"


def _text(x: float, y: float, said: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = INK) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-dasharray="4 3"/>'


def _image(title: str, height: float, marks: Sequence[str]) -> str:
    """Markdown with the marks as an inline SVG below ``title``; they start at y = 30."""
    if not marks:
        return NOTHING
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'font-family="sans-serif" font-size="11" fill="{INK}"><rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="4" y="16" font-size="13" font-weight="bold">{escape(title)}</text>{"".join(marks)}</svg>'
    )
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def match_weights(con: duckdb.DuckDBPyConnection) -> str:
    """How much each grade of each comparison speaks for one person (right) or for two (left), in bits."""
    rows: list[tuple[str, float]] = []
    for (content,) in con.execute("select isi from linkage.model").fetchall():
        for comparison in json.loads(content)["comparisons"]:
            rows += [
                (f"{comparison['output_column_name']}: {level['label_for_charts']}", math.log2(m / u))
                for level in comparison["comparison_levels"]
                if (m := level.get("m_probability")) and (u := level.get("u_probability"))
            ]
    zero, label = 430.0, 330
    unit = min(
        (zero - label - 8) / max((-weight for _, weight in rows if weight < 0), default=1.0),
        (WIDTH - 40 - zero) / max((weight for _, weight in rows if weight > 0), default=1.0),
    )
    marks = []
    for place, (grade, weight) in enumerate(rows):
        y, long = 30.0 + ROW * place, abs(weight) * unit
        marks.append(_text(label, y + 12, grade.replace("All other comparisons", "lainnya / other"), "end"))
        marks.append(_bar(zero if weight > 0 else zero - long, y + 2, long, ROW - 4, BLUE if weight > 0 else RED))
        marks.append(_text((zero + long if weight > 0 else zero) + 4, y + 12, f"{weight:+.1f}"))
    return _image("Bobot kecocokan (bit) / match weights (bits)", 36 + ROW * len(rows), marks)


def weight_histogram(con: duckdb.DuckDBPyConnection) -> str:
    """Scored pairs by match weight, two bits a column, and the weight from which a pair joins."""
    rows = con.execute(
        "select cast(floor(match_weight / 2) as integer) * 2 as dari, count(*) from linkage.pasangan group by 1 order by 1"
    ).fetchall()
    if not rows:
        return NOTHING
    first, last, most = rows[0][0], rows[-1][0] + 2, max(count for _, count in rows)
    unit = (WIDTH - 40) / (last - first)
    marks = []
    for start, count in rows:
        height = 160 * count / most
        marks.append(_bar(20 + (start - first) * unit, 200 - height, 2 * unit - 1, height, BLUE))
    every = 10 if last - first > 40 else 4
    marks += [
        _text(20 + (at - first) * unit, 216, f"{at}", "middle") for at in range(first, last + 1) if at % every == 0
    ]
    edge = 20 + (THRESHOLD - first) * unit
    marks += [_line(edge, 30, edge, 204, RED), _text(edge + 4, 40, f"ambang / threshold {THRESHOLD:g}")]
    return _image("Pasangan menurut bobot / pairs by match weight", 224, marks)


def cluster_sizes(con: duckdb.DuckDBPyConnection) -> str:
    """How many records a person was made of; ten and more share a bar."""
    rows = con.execute(
        """select least(rekaman, 10) as ukuran, count(*) as orang
        from (select count(*) as rekaman from linkage.crosswalk group by person_id) group by 1 order by 1"""
    ).fetchall()
    total, most = sum(persons for _, persons in rows), max((persons for _, persons in rows), default=1)
    marks = []
    for place, (size, persons) in enumerate(rows):
        y, long = 30 + ROW * place, 300 * persons / most
        marks.append(_text(LABEL, y + 12, f"{size}{'+' if size == 10 else ''} rekaman / records", "end"))
        marks.append(_bar(LABEL + 8, y + 2, long, ROW - 4, BLUE))
        marks.append(_text(LABEL + 12 + long, y + 12, f"{persons / total:.1%}"))
    return _image("Orang menurut banyaknya rekaman / persons by number of records", 36 + ROW * len(rows), marks)


def deciles_by_province(con: duckdb.DuckDBPyConnection) -> str:
    """National tenths of each province's families, from the open table: what is withheld is grey."""
    rows: dict[str, dict[int, int | None]] = {}
    for name, tenth, families in con.execute(
        "select nama_provinsi, desil, keluarga from publikasi.terbuka where tingkat = 1 order by jalur, desil"
    ).fetchall():
        rows.setdefault(name, {})[tenth] = families
    marks = []
    for place, (name, families_of) in enumerate(rows.items()):
        y, x, total = 50 + ROW * place, LABEL + 8.0, families_of.get(0)
        marks += [_text(LABEL, y + 12, name, "end"), _bar(x, y + 2, 390, ROW - 4, GREY)]
        for tenth, colour in enumerate(TENTHS, start=1):
            if total and (families := families_of.get(tenth)):
                # Each figure is rounded by itself, so the parts may sum to a little more than the whole.
                wide = min(390 * families / total, LABEL + 398 - x)
                marks.append(_bar(x, y + 2, wide, ROW - 4, colour))
                x += wide
    legend = [_bar(LABEL + 8 + 32 * i, 26, 14, 12, colour) for i, colour in enumerate(TENTHS)]
    legend += [_text(LABEL + 25 + 32 * i, 36, f"{i + 1}") for i in range(10)]
    legend += [_bar(LABEL + 328, 26, 14, 12, GREY), _text(LABEL + 345, 36, "ditahan")]
    return _image(
        "Desil menurut provinsi / deciles by province", 56 + ROW * len(rows), (legend + marks) if rows else []
    )


def churn(con: duckdb.DuckDBPyConnection) -> str:
    """Where the families of each tenth of the last release are now; the few that move are seen since the shade goes by the root.

    Under ten families nothing is drawn.
    """
    rows = con.execute(
        "select desil_lalu, desil, porsi from welfare.churn where desil_lalu is not null and desil is not null and keluarga >= 10"
    ).fetchall()
    marks = []
    for before, now, share in rows:
        marks.append(
            f'<rect x="{60 + 34 * now}" y="{26 + 22 * before}" width="33" height="21" fill="{BLUE}" '
            f'fill-opacity="{share**0.5:.2f}"/>'
        )
    if marks:
        marks += [_text(50, 41 + 22 * tenth, f"{tenth}", "end") for tenth in range(1, 11)]
        marks += [_text(76 + 34 * tenth, 284, f"{tenth}", "middle") for tenth in range(1, 11)]
        marks += [_text(4, 41, "lalu / then"), _text(440, 284, "kini / now")]
    return _image("Perpindahan desil / moves between deciles", 292, marks)


def calibration(con: duckdb.DuckDBPyConnection) -> str:
    """Mean score and mean true log expenditure in each tenth of the survey's scores, out of sample; on the line they agree."""
    rows = con.execute(
        """
        with persepuluhan as (
            select *, ntile(10) over (order by skor, id_ruta) as bagian from welfare.luar_sampel where model = 'lengkap'
        )
        select sum(skor * penimbang) / sum(penimbang), sum(nyata * penimbang) / sum(penimbang)
        from persepuluhan group by bagian order by bagian
        """
    ).fetchall()
    if not rows:
        return NOTHING
    low, high = min(min(row) for row in rows), max(max(row) for row in rows)
    unit = 300 / ((high - low) or 1.0)
    marks = [_line(60, 350, 360, 50, GREY)]
    marks += [
        f'<circle cx="{60 + (score - low) * unit:.1f}" cy="{350 - (true - low) * unit:.1f}" r="5" fill="{BLUE}"/>'
        for score, true in rows
    ]
    marks += [_text(60, 366, f"{low:.1f}", "middle"), _text(360, 366, f"{high:.1f}", "middle")]
    marks += [_text(52, 354, f"{low:.1f}", "end"), _text(52, 54, f"{high:.1f}", "end")]
    marks += [
        _text(376, 354, "skor / score (log rupiah)"),
        _text(60, 40, "pengeluaran per kapita / expenditure per head (log)"),
    ]
    return _image("Kalibrasi PMT di luar sampel / PMT calibration, out of sample", 376, marks)


PICTURES: dict[str, Callable[[duckdb.DuckDBPyConnection], str]] = {
    "linkage.model": match_weights,
    "linkage.pasangan": weight_histogram,
    "linkage.crosswalk": cluster_sizes,
    "publikasi.terbuka": deciles_by_province,
    "welfare.churn": churn,
    "welfare.luar_sampel": calibration,
}
