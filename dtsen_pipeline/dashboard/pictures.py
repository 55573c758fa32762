"""Draw tables that people would rather look at than read, as pictures for the pages of Dagster.

What belongs here: which table is drawn and how, as an image inside Markdown. The image stands in the Markdown itself, since the UI
of a closed network loads nothing. It is plain SVG, and the same table gives the same bytes. Pictures stay in the event log for
good, so they show no count of people that the open tables withhold: only shares, counts of the work, or ``publikasi.terbuka``.

The figures are read as for the page of the month (``measured``, ``dbt_like_sql/queries/dashboard``), but not drawn by its
``bagan.html.j2``: a chart there is HTML whose colours, fonts and language come from the style sheet and whose width from the
window. An image in Markdown gets none of these. It has to bring its own sizes, colours and labels, and both languages at once.
"""

import base64
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

import duckdb

from dtsen_pipeline.dashboard import measured
from dtsen_pipeline.dashboard.results import LARGEST_CLUSTER
from dtsen_pipeline.linkage.model import THRESHOLD
from dtsen_pipeline.sql.queries import query

# Pixels: width of a picture, right edge of the labels, height of a row.
WIDTH, LABEL, ROW = 640, 230, 18
BLUE, RED, GREY, INK = "#2563eb", "#dc2626", "#c7cbd1", "#1f2937"
# From the poorest tenth to the richest.
TENTHS = ("#7f1d1d", "#b91c1c", "#ea580c", "#f59e0b", "#fde047", "#d9f99d", "#86efac", "#34d399", "#0891b2", "#1e40af")
NOTHING_TO_DRAW = "belum ada yang digambar / nothing to draw yet"


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = INK) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-dasharray="4 3"/>'


def _image(title: str, height: float, marks: Sequence[str]) -> str:
    """Markdown with ``marks``, which start at y = 30, as an inline SVG below ``title``."""
    if not marks:
        return NOTHING_TO_DRAW
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'font-family="sans-serif" font-size="11" fill="{INK}"><rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="4" y="16" font-size="13" font-weight="bold">{escape(title)}</text>{"".join(marks)}</svg>'
    )
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def match_weights(con: duckdb.DuckDBPyConnection) -> str:
    """Draw how much each grade of each comparison speaks for one person (right) or for two (left), in bits."""
    rows = [(f"{row.comparison}: {row.level}", row.weight) for row in measured.read_evidence(con)]
    zero, label = 430.0, 330
    unit = min(
        (zero - label - 8) / max((-weight for _, weight in rows if weight < 0), default=1.0),
        (WIDTH - 40 - zero) / max((weight for _, weight in rows if weight > 0), default=1.0),
    )
    marks = []
    for place, (grade, weight) in enumerate(rows):
        y, length = 30.0 + ROW * place, abs(weight) * unit
        marks.append(_text(label, y + 12, grade.replace("All other comparisons", "lainnya / other"), "end"))
        marks.append(_bar(zero if weight > 0 else zero - length, y + 2, length, ROW - 4, BLUE if weight > 0 else RED))
        marks.append(_text((zero + length if weight > 0 else zero) + 4, y + 12, f"{weight:+.1f}"))
    return _image("Bobot kecocokan (bit) / match weights (bits)", 36 + ROW * len(rows), marks)


def weight_histogram(con: duckdb.DuckDBPyConnection) -> str:
    """Draw the scored pairs by match weight, two bits a column, and the weight from which a pair joins."""
    bits = 2
    bands = sorted(con.execute(query("dashboard/bobot"), {"ambang": 0, "lebar": bits}).fetchall())
    if not bands:
        return NOTHING_TO_DRAW
    first, last, most = bits * bands[0][0], bits * (bands[-1][0] + 1), max(pairs for _, pairs in bands)
    unit = (WIDTH - 40) / (last - first)
    marks = []
    for band, pairs in bands:
        height = 160 * pairs / most
        marks.append(_bar(20 + (bits * band - first) * unit, 200 - height, bits * unit - 1, height, BLUE))
    every = 10 if last - first > 40 else 4
    marks += [
        _text(20 + (at - first) * unit, 216, f"{at}", "middle") for at in range(first, last + 1) if at % every == 0
    ]
    edge = 20 + (THRESHOLD - first) * unit
    marks += [_line(edge, 30, edge, 204, RED), _text(edge + 4, 40, f"ambang / threshold {THRESHOLD:g}")]
    return _image("Pasangan menurut bobot / pairs by match weight", 224, marks)


def cluster_sizes(con: duckdb.DuckDBPyConnection) -> str:
    """Draw the shares of persons by how many records they are made of; ``LARGEST_CLUSTER`` and more share a bar."""
    sizes: Counter[int] = Counter()
    for size, _, persons in con.execute(query("dashboard/ukuran_klaster"), {"terbesar": LARGEST_CLUSTER}).fetchall():
        sizes[size] += persons
    most = max(sizes.values(), default=1)
    marks = []
    for place, (size, persons) in enumerate(sorted(sizes.items())):
        y, length = 30 + ROW * place, 300 * persons / most
        more = "+" if size == LARGEST_CLUSTER else ""
        marks.append(_text(LABEL, y + 12, f"{size}{more} rekaman / records", "end"))
        marks.append(_bar(LABEL + 8, y + 2, length, ROW - 4, BLUE))
        marks.append(_text(LABEL + 12 + length, y + 12, f"{persons / sizes.total():.1%}"))
    return _image("Orang menurut banyaknya rekaman / persons by number of records", 36 + ROW * len(sizes), marks)


def deciles_by_province(con: duckdb.DuckDBPyConnection) -> str:
    """Draw the families of each province by national tenth, from the open table: what is withheld is grey."""
    provinces = measured.read_province_deciles(con)
    marks = []
    for place, province in enumerate(provinces):
        y, x = 50 + ROW * place, LABEL + 8.0
        marks += [_text(LABEL, y + 12, province.nama, "end"), _bar(x, y + 2, 390, ROW - 4, GREY)]
        for colour, families in zip(TENTHS, province.counts, strict=True):
            if province.total and families:
                # Each figure is rounded by itself, so the parts may sum to a little more than the whole.
                width = min(390 * families / province.total, LABEL + 398 - x)
                marks.append(_bar(x, y + 2, width, ROW - 4, colour))
                x += width
    legend = [_bar(LABEL + 8 + 32 * i, 26, 14, 12, colour) for i, colour in enumerate(TENTHS)]
    legend += [_text(LABEL + 25 + 32 * i, 36, f"{i + 1}") for i in range(10)]
    legend += [_bar(LABEL + 328, 26, 14, 12, GREY), _text(LABEL + 345, 36, "ditahan")]
    return _image(
        "Desil menurut provinsi / deciles by province",
        56 + ROW * len(provinces),
        (legend + marks) if provinces else [],
    )


def churn(con: duckdb.DuckDBPyConnection) -> str:
    """Draw where the families of each tenth of the last release are now; moves of under ten families are left out.

    The shade is the root of the share, so that the few families that move are seen.
    """
    marks = []
    for before, now, share in con.execute(query("dashboard/perpindahan_desil")).fetchall():
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
    """Draw mean score against mean true log expenditure in each tenth of the survey's scores; on the line they agree."""
    rows = con.execute(query("dashboard/kalibrasi")).fetchall()
    if not rows:
        return NOTHING_TO_DRAW
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


# By the table that is drawn.
PICTURES: dict[str, Callable[[duckdb.DuckDBPyConnection], str]] = {
    "linkage.model": match_weights,
    "linkage.pasangan": weight_histogram,
    "linkage.crosswalk": cluster_sizes,
    "publikasi.terbuka": deciles_by_province,
    "welfare.churn": churn,
    "welfare.luar_sampel": calibration,
}
