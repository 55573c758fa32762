"""Where the marks of a chart lie: widths of bars, parts of stacked bars, tiles of the map.

What belongs here: geometry only, in percent or grid steps. The marks are drawn by ``bagan.html.j2``; colours and sizes
are in ``gaya.html.j2``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dtsen_pipeline.dashboard.data import Area, ProvinceDeciles

COVERAGE_BREAKS = (0.90, 0.95, 0.98, 0.995)
"""Lower ends of the map's classes 2 to 5. Nearly every family should have a desil, so the classes lie close to 1."""


@dataclass(frozen=True)
class Bar:
    """A bar ``width`` percent of the longest; ``share`` is the value out of the total, 0..1."""

    width: float
    share: float | None


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar: from ``x``, ``width`` wide (percent). ``desil`` 0 is the sum of the hidden counts."""

    desil: int
    x: float
    width: float


@dataclass(frozen=True)
class Tile:
    """A province on the tile-grid map; ``level`` is 1..5, or 0 where the share is hidden or there are no data."""

    kode: str
    singkat: str
    nama: str
    column: int
    row: int
    level: int
    share: float | None


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
    """Bars for ``counts``, the longest 100 wide; hidden or missing counts have width 0 and no share."""
    longest = max((n for n in counts if n), default=0)
    return [
        Bar(
            width=round(100 * n / longest, 2) if n and longest else 0.0,
            share=n / total if n is not None and total else None,
        )
        for n in counts
    ]


def stack(province: ProvinceDeciles) -> list[Part]:
    """The bar of one province by desil; what is hidden is one part at the end. Empty where the total is hidden."""
    if not province.total:
        return []
    parts: list[Part] = []
    x = 0.0
    for desil, n in enumerate(province.counts, start=1):
        if n:
            width = 100 * n / province.total
            parts.append(Part(desil, round(x, 2), round(width, 2)))
            x += width
    if any(n is None for n in province.counts):
        parts.append(Part(0, round(x, 2), round(100 - x, 2)))
    return parts


def tiles(areas: Sequence[Area]) -> tuple[list[Tile], list[Tile]]:
    """The 38 provinces as tiles of the west and of the east, the columns of the east counted from its own left edge."""
    share = {area.kode: area.share for area in areas}
    west: list[Tile] = []
    east: list[Tile] = []
    for kode, (singkat, nama, column, row) in PROVINCES.items():
        value = share.get(kode)
        level = 0 if value is None else 1 + sum(value >= limit for limit in COVERAGE_BREAKS)
        half, left = (west, 0) if column < WEST_COLUMNS else (east, WEST_COLUMNS)
        half.append(Tile(kode, singkat, nama, column - left, row, level, value))
    return west, east
