"""The plain rows that every mutation starts from, made from the contracts alone.

What belongs here: which columns a file delivers, and what stands in its cells before anything is done to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from dtsen_pipeline.contracts.model import Column, TableContract, load

# Rows of a file, and the month that it is of.
ROWS = 36
MONTH = "2025-03"
# Names of the people in the rows.
GIVEN = (
    "Suprihatin",
    "Bambang",
    "Rahmawati",
    "Zulkarnain",
    "Ngatinem",
    "Yohanes",
    "Kartika",
    "Désirée",
    "Hidayatullah",
)
FAMILY = ("Sulistyowati", "Simanjuntak", "Wirasentana", "Kusumawardani", "Tampubolon", "Pangaribuan", "Situmeang")
# A person and a NIK that are in no row: kinds put them where they do not belong.
PERSON = "Wulandari Purnamasari"
NIK = "3175016708920004"
STREETS = ("Gang Mangga Dua", "Dusun Krajan Lor", "Kampung Sukamundur", "Jalan Café Lama")


@dataclass(frozen=True)
class View:
    """Columns of a table that a file delivers, in their order."""

    table: TableContract
    columns: tuple[str, ...]


def tables() -> list[TableContract]:
    """List every table of every contract."""
    return [table for source in load().values() for table in source.tables.values()]


def views(table: TableContract) -> list[View]:
    """Make three views: all columns, and twice a part of them: the required ones and some of every type."""
    return _views(table.source, table.name)


@cache
def _views(source: str, name: str) -> list[View]:
    table = load()[source].tables[name]
    columns = list(table.columns.values())
    must = {*table.required, *table.ids}
    parts = [View(table, tuple(table.columns))]
    for turn in (0, 1):
        chosen = set(must)
        for kind in dict.fromkeys(column.type for column in columns):
            optional = [c.name for c in columns if c.type == kind and c.name not in must]
            chosen.update(optional[turn : turn + 3])
        parts.append(View(table, tuple(c.name for c in columns if c.name in chosen)))
    return parts


def keys_of(table: TableContract, number: int, row: int) -> str:
    """Give the key of a row of file ``number``: of digits, another in every file, and nothing that a spreadsheet changes."""
    if table.source == "dukcapil":
        return f"{310101 + number % 600_000:06d}{1 + row % 28:02d}0285{row + 1:04d}"
    return str(1_100_000_000 + number * 100 + row)


def rows_of(view: View, number: int) -> list[list[str]]:
    """Give the plain cells of file ``number``: always the same but for the keys."""
    table = view.table
    lines = []
    for row, cells in enumerate(_cells(table.source, table.name)):
        own = {table.key[0]: keys_of(table, number, row)}
        if table.parent:
            own[table.parent.column] = parent_of(number, row)
        lines.append([own.get(name, cells[name]) for name in view.columns])
    return lines


@cache
def _cells(source: str, name: str) -> list[dict[str, str]]:
    table = load()[source].tables[name]
    rows = []
    for row in range(ROWS):
        rng = Random(f"{table.raw}:{row}")
        rows.append({column.name: _value(column, rng, row) for column in table.columns.values()})
    return rows


def parent_of(number: int, row: int) -> str:
    """Give the key of the family of a row."""
    return str(2_000_000_000 + number * 100 + row // 3)


def _value(column: Column, rng: Random, row: int) -> str:
    name = column.name
    if column.type == "code":
        return rng.choice(list(column.codes))
    if column.type == "label":
        return rng.choice(list(column.labels))
    if column.type == "integer":
        # An integer is bounded by numbers; days are the bounds of dates.
        least, most = (bound if isinstance(bound, int | float) else None for bound in (column.min, column.max))
        low = int(max(least or 0, 20 if column.unit == "tahun" else 1))
        return str(rng.randint(low, int(min(most or 9, low + 8))))
    if column.type == "decimal":
        if "rupiah" in (column.unit or ""):
            return str(rng.randrange(400_000, 3_000_000, 50_000))
        return rng.choice(("36", "45.5", "21.25", "72"))
    if column.type == "date":
        first = date(1950, 1, 1) if column.pii else date(2022, 10, 15)
        return str(first + timedelta(days=rng.randrange(365 * 60 if column.pii else 28)))
    if column.area or column.length:
        return _area(column, rng)
    if "nik" in name or "kk" in name.split("_") or name == "nokk":
        day = rng.randint(1, 28)
        return f"33{rng.randint(1010101, 9919999) % 10**4:04d}{day:02d}{rng.randint(1, 12):02d}{rng.randint(50, 99)}{row + 1:04d}"
    if "alamat" in name:
        return f"{rng.choice(STREETS)} RT {rng.randint(10, 99)} Nomor {rng.randint(100, 999)}"
    if "lahir" in name:
        return rng.choice(("Purwokerto", "Pematangsiantar", "Banyuwangi"))
    if column.pii:
        return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    return rng.choice(("Krajan", "Sumberejo", "Karangsari"))


def _area(column: Column, rng: Random) -> str:
    length = column.length or 10
    return f"{rng.randint(11, 91)}{rng.randint(0, 10**8):08d}"[:length].replace("00", "01")
