"""Compute where the marks of a chart lie: bars, stacked bars, trends, intervals, histogram, tiles of the map.

What belongs here: geometry only, in percent or grid steps. ``bagan.html.j2`` draws the marks; colours and sizes are in
``gaya.html.j2``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dtsen_pipeline.dashboard.data import Area, Point, month_number
from dtsen_pipeline.dashboard.results import WEIGHT_BAND, ProvinceDeciles

TREND_MONTHS = 12
TREND_WIDTH, TREND_HEIGHT = 10 * TREND_MONTHS, 28


@dataclass(frozen=True)
class Bar:
    """A bar ``width`` percent of the longest; ``share`` is the value out of the total, 0..1."""

    width: float
    share: float | None


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar from ``x`` on, ``width`` wide, in percent. ``desil`` 0 is the sum of the hidden counts."""

    desil: int
    x: float
    width: float


@dataclass(frozen=True)
class Tile:
    """A province on the tile-grid map; ``level`` is the class of its coverage 1..5, or 0 where it is withheld or missing."""

    kode: str
    singkat: str
    nama: str
    column: int
    row: int
    level: int


@dataclass(frozen=True)
class Dot:
    """One month of a trend; ``good`` where the rule held."""

    x: float
    y: float
    good: bool


@dataclass(frozen=True)
class Trend:
    """A rule over twelve months, in a box of TREND_WIDTH by TREND_HEIGHT.

    ``lines`` between neighbouring months are (x1, y1, x2, y2); there is a dot a month; ``bounds`` are the heights of the bounds.
    """

    lines: tuple[tuple[float, float, float, float], ...]
    dots: tuple[Dot, ...]
    bounds: tuple[float, ...]


@dataclass(frozen=True)
class Axis:
    """A scale from ``low`` to ``high``; ``ticks`` are (place in percent, value)."""

    low: float
    high: float
    ticks: tuple[tuple[float, float], ...]

    def place(self, value: float) -> float:
        """Percent from the low end, at least 0 and at most 100."""
        return round(100 * min(1.0, max(0.0, (value - self.low) / (self.high - self.low))), 2)


@dataclass(frozen=True)
class Line:
    """A figure from the month ``first`` to ``last``, in percent of the box.

    ``points`` are (x, y), ``segments`` between neighbouring months (x1, y1, x2, y2), ``ticks`` (y, value).
    """

    first: str
    last: str
    points: tuple[tuple[float, float], ...]
    segments: tuple[tuple[float, float, float, float], ...]
    ticks: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Column:
    """A bar of the histogram in percent of the box; ``above`` says on which side of the threshold it lies."""

    x: float
    width: float
    height: float
    above: bool


# Kemendagri code: ISO 3166-2 letters, name, column and row. Columns 0-7 are drawn as the west, 8-15 as the east, so
# that the halves can stand side by side on a desk and one below the other on a phone.
PROVINCES: dict[str, tuple[str, str, int, int]] = {
    "11": ("AC", "Aceh", 0, 0),
    "12": ("SU", "Sumatera Utara", 1, 1),
    "13": ("SB", "Sumatera Barat", 1, 2),
    "14": ("RI", "Riau", 2, 2),
    "15": ("JA", "Jambi", 2, 3),
    "16": ("SS", "Sumatera Selatan", 3, 4),
    "17": ("BE", "Bengkulu", 2, 4),
    "18": ("LA", "Lampung", 3, 5),
    "19": ("BB", "Kepulauan Bangka Belitung", 4, 4),
    "21": ("KR", "Kepulauan Riau", 3, 2),
    "31": ("JK", "DKI Jakarta", 5, 5),
    "32": ("JB", "Jawa Barat", 5, 6),
    "33": ("JT", "Jawa Tengah", 6, 5),
    "34": ("YO", "DI Yogyakarta", 6, 6),
    "35": ("JI", "Jawa Timur", 7, 5),
    "36": ("BT", "Banten", 4, 5),
    "51": ("BA", "Bali", 8, 6),
    "52": ("NB", "Nusa Tenggara Barat", 9, 6),
    "53": ("NT", "Nusa Tenggara Timur", 10, 6),
    "61": ("KB", "Kalimantan Barat", 5, 2),
    "62": ("KT", "Kalimantan Tengah", 6, 2),
    "63": ("KS", "Kalimantan Selatan", 6, 3),
    "64": ("KI", "Kalimantan Timur", 7, 2),
    "65": ("KU", "Kalimantan Utara", 7, 1),
    "71": ("SA", "Sulawesi Utara", 11, 1),
    "72": ("ST", "Sulawesi Tengah", 10, 2),
    "73": ("SN", "Sulawesi Selatan", 9, 4),
    "74": ("SG", "Sulawesi Tenggara", 10, 3),
    "75": ("GO", "Gorontalo", 10, 1),
    "76": ("SR", "Sulawesi Barat", 9, 3),
    "81": ("MA", "Maluku", 12, 4),
    "82": ("MU", "Maluku Utara", 12, 2),
    "91": ("PA", "Papua", 15, 2),
    "92": ("PB", "Papua Barat", 14, 2),
    "93": ("PS", "Papua Selatan", 15, 4),
    "94": ("PT", "Papua Tengah", 14, 3),
    "95": ("PE", "Papua Pegunungan", 15, 3),
    "96": ("PD", "Papua Barat Daya", 13, 2),
}
WEST_COLUMNS = 8
MAP_ROWS = 7


def bars(counts: Sequence[int | None], total: int | None = None) -> list[Bar]:
    """Bars for ``counts``, the longest 100 wide; a hidden count has width 0 and no share."""
    longest = max((n for n in counts if n), default=0)
    return [
        Bar(
            width=round(100 * n / longest, 2) if n and longest else 0.0,
            share=n / total if n is not None and total else None,
        )
        for n in counts
    ]


def stack(province: ProvinceDeciles) -> list[Part]:
    """The stacked bar of one province by desil, its hidden counts one part at the end. Empty where the total is hidden."""
    if not province.total:
        return []
    # Total and parts are each rounded alone, so the parts may sum to a little more.
    whole = max(province.total, sum(n or 0 for n in province.counts))
    parts: list[Part] = []
    x = 0.0
    for desil, n in enumerate(province.counts, start=1):
        if n:
            width = 100 * n / whole
            parts.append(Part(desil, round(x, 2), round(width, 2)))
            x += width
    if any(n is None for n in province.counts):
        parts.append(Part(0, round(x, 2), round(100 - x, 2)))
    return parts


def tiles(areas: Sequence[Area]) -> tuple[list[Tile], list[Tile]]:
    """The 38 provinces as tiles of the west and of the east; columns of the east count from its own left edge."""
    level = {area.kode: area.level for area in areas}
    west: list[Tile] = []
    east: list[Tile] = []
    for kode, (singkat, nama, column, row) in PROVINCES.items():
        half, left = (west, 0) if column < WEST_COLUMNS else (east, WEST_COLUMNS)
        half.append(Tile(kode, singkat, nama, column - left, row, level.get(kode, 0)))
    return west, east


def trend(points: Sequence[Point], minimum: float | None = None, maximum: float | None = None) -> Trend:
    """The trend of the months that have a value, placed by the calendar; the last of ``points`` is at the right edge."""
    bounds = [bound for bound in (minimum, maximum) if bound is not None]
    known = [(month_number(point.month), point.value, point.good) for point in points if point.value is not None]
    if not known:
        return Trend((), (), ())
    last = month_number(points[-1].month)
    values = [value for _, value, _ in known] + bounds
    low, high = min(values), max(values)

    def height(value: float) -> float:
        return TREND_HEIGHT / 2 if high == low else round(4 + (TREND_HEIGHT - 8) * (high - value) / (high - low), 1)

    dots = [
        (month, Dot(TREND_WIDTH - 5.0 - 10 * (last - month), height(value), good))
        for month, value, good in known
        if last - month < TREND_MONTHS
    ]
    lines = [(a.x, a.y, b.x, b.y) for (before, a), (after, b) in pairwise(dots) if after - before == 1]
    return Trend(tuple(lines), tuple(dot for _, dot in dots), tuple(height(bound) for bound in bounds))


def axis(values: Sequence[float], whole: bool = False) -> Axis:
    """A scale with round ends and some ticks that holds all ``values``; ``whole``: ticks only at whole numbers."""
    low, high = min(values), max(values)
    largest = max(abs(low), abs(high))
    # Values that differ in the last digits of a float count as one: ticks between them would have the same label.
    span = high - low if high - low > 1e-6 * largest else largest / 10 or 1.0
    step = 10 ** math.floor(math.log10(span / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (factor * step) <= 6)
    step = max(step, 1) if whole else step
    first, final = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    final = max(final, first + 1)
    return Axis(
        first * step,
        final * step,
        tuple(
            (round(100 * (n - first) / (final - first), 2), float(f"{n * step:.10g}")) for n in range(first, final + 1)
        ),
    )


def line(months: Sequence[tuple[str, float]], whole: bool) -> Line:
    """The line of (month, value), oldest first, placed by the calendar; a month that is missing leaves a gap.

    ``whole``: the values are counts, else shares up to 1. The scale is never finer than two percent, so that a calm figure looks
    calm.
    """
    low, high = min(value for _, value in months), max(value for _, value in months)
    spare = max(0.0, (max(4.0, 0.02 * high) if whole else 0.02) - (high - low)) / 2
    excess = 0.0 if whole else max(0.0, high + spare - 1)
    scale = axis([max(0.0, low - spare - excess), high + spare - excess], whole)
    first, last = month_number(months[0][0]), month_number(months[-1][0])
    places = [
        # Room at the left for the figures of the axis.
        (
            month_number(month),
            round(16 + 82 * (month_number(month) - first) / max(last - first, 1), 2),
            100 - scale.place(v),
        )
        for month, v in months
    ]
    return Line(
        months[0][0],
        months[-1][0],
        tuple((x, round(y, 2)) for _, x, y in places),
        tuple((a[1], round(a[2], 2), b[1], round(b[2], 2)) for a, b in pairwise(places) if b[0] - a[0] == 1),
        tuple((round(100 - place, 2), value) for place, value in scale.ticks),
    )


def columns(weights: Sequence[tuple[int, int]], threshold: float) -> list[Column]:
    """The histogram of match weights. Heights go by the square root, so that the few pairs near the threshold are seen."""
    tallest = math.sqrt(max((n for _, n in weights), default=0)) or 1.0
    width = 100 / max(len(weights), 1)
    return [
        Column(
            round(i * width + 0.2, 2), round(width - 0.4, 2), round(100 * math.sqrt(n) / tallest, 2), lower >= threshold
        )
        for i, (lower, n) in enumerate(weights)
    ]


def threshold_place(weights: Sequence[tuple[int, int]], threshold: float) -> float:
    """Where the threshold stands, in percent from the left edge of the histogram."""
    return round(100 * (threshold - weights[0][0]) / (WEIGHT_BAND * len(weights)), 2)
