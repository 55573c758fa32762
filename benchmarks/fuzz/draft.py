"""A valid delivery file in the making, and the writers that put it on disk.

What belongs here: the rows that every mutation starts from, made from the contracts alone, and CSV, Parquet and XLSX written so
plainly that a kind of mutation can reach every byte and part of them. What is done to them stands in the ``kinds``.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

from dtsen_pipeline.contracts.model import Column, TableContract, load

ROWS = 36
MONTH = "2025-03"
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
STREETS = ("Gang Mangga Dua", "Dusun Krajan Lor", "Kampung Sukamundur", "Jalan Café Lama")


Types = Mapping[int, Callable[[list[str]], pa.Array]]
"""How columns at these places are made of their cells."""

NO_TYPES: Types = MappingProxyType({})


@dataclass(frozen=True)
class View:
    """Columns of a table that a file delivers, in their order."""

    table: TableContract
    columns: tuple[str, ...]


def tables() -> list[TableContract]:
    """Every table of every contract."""
    return [table for source in load().values() for table in source.tables.values()]


def views(table: TableContract) -> list[View]:
    """All columns, and twice a part of them: the required ones and some of every type."""
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
    """The key of a row of file ``number``: of digits, told apart in every file, and nothing that a spreadsheet changes."""
    if table.source == "dukcapil":
        return f"{310101 + number % 600_000:06d}{1 + row % 28:02d}0285{row + 1:04d}"
    return str(1_100_000_000 + number * 100 + row)


def rows_of(view: View, number: int) -> list[list[str]]:
    """The plain cells of file ``number``: always the same but for the keys."""
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
    """The key of the family of a row."""
    return str(2_000_000_000 + number * 100 + row // 3)


def _value(column: Column, rng: Random, row: int) -> str:
    name = column.name
    if column.type == "code":
        return rng.choice(list(column.codes))
    if column.type == "label":
        return rng.choice(list(column.labels))
    if column.type == "integer":
        low = int(max(column.min or 0, 20 if column.unit == "tahun" else 1))
        return str(rng.randint(low, int(min(column.max or 9, low + 8))))
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


@dataclass
class File:
    """What a kind made: ``content`` under the ending ``suffix``.

    ``touched``: the one cell that is not as it was, (row, column, what was written there). ``personal``: values of persons that the
    kind itself put somewhere. ``rows``: how many it holds, where that is certain.
    """

    content: bytes
    suffix: str = ".csv"
    touched: tuple[int, str, str] | None = None
    personal: tuple[str, ...] = ()
    rows: int | None = None


@dataclass
class Draft:
    """The cells of one file before they are written; kinds change ``labels`` and ``rows`` and write them."""

    view: View
    number: int
    rng: Random
    labels: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels = list(self.view.columns)
        self.rows = rows_of(self.view, self.number)

    @property
    def table(self) -> TableContract:
        return self.view.table

    def pick(self, *types: str, personal: bool | None = None) -> int:
        """The place of a delivered column of these types that is no id. Raises LookupError where the file has none."""
        columns = [self.table.columns[name] for name in self.view.columns]
        found = [
            i
            for i, c in enumerate(columns)
            if (not types or c.type in types) and c.name not in self.table.ids and personal in (None, c.pii)
        ]
        if not found:
            raise LookupError
        return self.rng.choice(found)

    def places(self, *types: str) -> list[int]:
        """All places of columns of these types. Raises LookupError where the file has none."""
        found = [i for i, name in enumerate(self.view.columns) if self.table.columns[name].type in types]
        if not found:
            raise LookupError
        return found

    def cell(self, value: str, *types: str, personal: bool | None = None) -> File:
        """The file with one cell of such a column set to ``value``, in some format."""
        column, row = self.pick(*types, personal=personal), self.rng.randrange(ROWS)
        self.rows[row][column] = value
        file = self.carried()
        file.touched = row, self.view.columns[column], value
        return file

    def each(self, change: Callable[[str], str], *types: str) -> None:
        """Change every cell of one column of these types, blank ones left out."""
        column = self.pick(*types)
        for row in self.rows:
            row[column] = change(row[column]) if row[column] else ""

    def carried(self) -> File:
        """The file in any format that the reader takes, every cell as text."""
        file = self._carried()
        file.rows = len(self.rows)
        return file

    def _carried(self) -> File:
        form = self.rng.choice(("csv", "csv", "csv", "parquet", "xlsx"))
        if form == "parquet":
            return self.parquet()
        if form == "xlsx":
            return self.xlsx(shared=self.rng.random() < 0.5)
        end, delimiter = self.rng.choice(("\n", "\r\n")), self.rng.choice(",;|\t")
        text = self.text(delimiter=delimiter, end=end, quoting=self.rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
        encoding = self.rng.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError:
            content = text.encode("utf-8", "surrogatepass")
        if self.rng.random() < 0.2:
            return File(gzip.compress(content, 1, mtime=0), ".csv.gz")
        return File(content)

    def text(self, *, delimiter: str = ",", end: str = "\n", quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL) -> str:
        """The file as CSV."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([self.labels, *self.rows])
        return out.getvalue()

    def csv(self, **how: Any) -> File:
        """The file as CSV in UTF-8."""
        return File(self.text(**how).encode("utf-8", "surrogatepass"))

    def lines(self) -> list[bytes]:
        """The lines of the plain CSV, without their ends."""
        return self.csv().content.rstrip(b"\n").split(b"\n")

    def arrow(self, types: Types = NO_TYPES) -> pa.Table:
        """The file as an Arrow table of text; ``types`` make the columns at these places anew."""
        width = max(map(len, [self.labels, *self.rows]))
        columns = [[row[i] if i < len(row) else "" for row in self.rows] for i in range(width)]
        made = [types[i](values) if i in types else pa.array(values, pa.string()) for i, values in enumerate(columns)]
        return pa.Table.from_arrays(made, names=[*self.labels, *("",) * (width - len(self.labels))][:width])

    def parquet(self, types: Types = NO_TYPES, **how: object) -> File:
        """The file as Parquet; ``how`` is Arrow's."""
        return parquet(self.arrow(types), **how)

    def xlsx(
        self, *, shared: bool = False, cells: Callable[[int, int, str], str] | None = None, **parts: object
    ) -> File:
        """The file as a workbook; ``cells`` may write cells (row from 0 with the header, column from 0) of its own, '' for none."""
        return workbook([sheet([self.labels, *self.rows], shared=shared, cells=cells)], **parts)  # type: ignore[arg-type]


def parquet(table: pa.Table, **how: object) -> File:
    """An Arrow table as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, **{"compression": "snappy", **how})
    return File(out.getvalue(), ".parquet")


_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def xml_text(value: str) -> str:
    """Text of a cell as Excel writes it: what XML cannot hold as _x001B_."""
    return escape(_NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", value))


def place(row: int, column: int) -> str:
    """The name of a cell, both counted from 0: A1."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def inline_cell(row: int, column: int, value: str) -> str:
    """A cell of text that stands in the sheet itself."""
    return f'<c r="{place(row, column)}" t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'


@dataclass
class Sheet:
    """A worksheet: its XML rows, and what stands around them."""

    rows: list[str]
    strings: list[str] = field(default_factory=list)
    name: str = "Sheet1"
    state: str = ""
    after: str = ""

    def xml(self) -> str:
        return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(self.rows)}</sheetData>{self.after}</worksheet>'


def sheet(
    lines: Sequence[Sequence[str]],
    *,
    shared: bool = False,
    first: int = 0,
    cells: Callable[[int, int, str], str] | None = None,
    name: str = "Sheet1",
    state: str = "",
    after: str = "",
) -> Sheet:
    """A sheet of these cells from row ``first`` on; see ``Draft.xlsx``."""
    strings: dict[str, int] = {}
    rows = []
    for number, line in enumerate(lines, start=first):
        made = []
        for column, value in enumerate(line):
            if cells and (own := cells(number - first, column, value)):
                made.append(own)
            elif shared:
                index = strings.setdefault(value, len(strings))
                made.append(f'<c r="{place(number, column)}" t="s"><v>{index}</v></c>')
            elif value:
                made.append(inline_cell(number, column, value))
        rows.append(f'<row r="{number + 1}">{"".join(made)}</row>')
    return Sheet(rows, list(strings), name, state, after)


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# Style 1 shows a day.
_STYLES = f'{_HEAD}<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def workbook(
    sheets: Sequence[Sheet],
    *,
    change: Callable[[dict[str, str]], None] | None = None,
    from_1904: bool = False,
    packing: int = zipfile.ZIP_DEFLATED,
) -> File:
    """Sheets as a workbook; ``change`` may change, take away or add parts. Only the first sheet's texts may be shared."""
    listed = "".join(
        f"<sheet name={quoteattr(one.name)} sheetId='{i}' r:id='rId{i}'{f' state={quoteattr(one.state)}' if one.state else ''}/>"
        for i, one in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    strings = "".join(f'<si><t xml:space="preserve">{xml_text(text)}</t></si>' for text in sheets[0].strings)
    parts = {
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{related}<Relationship Id="rId900" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId901" Type="{_OFFICE}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f'{_HEAD}<sst xmlns="{_MAIN}">{strings}</sst>',
        **{f"xl/worksheets/sheet{i}.xml": one.xml() for i, one in enumerate(sheets, start=1)},
    }
    if change:
        change(parts)
    return File(packed({name: text.encode() for name, text in parts.items()}, packing), ".xlsx")


def packed(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(list(columns))
        writer.writerows(rows)
