"""Workbooks (XLSX) written part by part.

What belongs here: cells, sheets and the parts around them, so plain that a kind of mutation can reach every one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from benchmarks.fuzz.files import File, packed

_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


def xml_text(value: str) -> str:
    """Write the text of a cell as Excel does: what XML cannot hold as _x001B_."""
    return escape(_NO_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", value))


def cell_name(row: int, column: int) -> str:
    """Give the name of a cell, both counted from 0: A1."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def inline_cell(row: int, column: int, value: str) -> str:
    """Write a cell of text that stands in the sheet itself."""
    return f'<c r="{cell_name(row, column)}" t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'


@dataclass
class Sheet:
    """A worksheet: its XML rows, and what stands around them."""

    rows: list[str]
    strings: list[str] = field(default_factory=list)
    name: str = "Sheet1"
    state: str = ""
    after: str = ""

    def xml(self) -> str:
        """Write the worksheet as it stands in the archive."""
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
    """Make a sheet of these cells from row ``first`` on; see ``Draft.xlsx``."""
    strings: dict[str, int] = {}
    rows = []
    for number, line in enumerate(lines, start=first):
        made = []
        for column, value in enumerate(line):
            if cells and (own := cells(number - first, column, value)):
                made.append(own)
            elif shared:
                index = strings.setdefault(value, len(strings))
                made.append(f'<c r="{cell_name(number, column)}" t="s"><v>{index}</v></c>')
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
    """Write sheets as a workbook; ``change`` may change, take away or add parts. Only the first sheet's texts may be shared."""
    listed = "".join(
        f"<sheet name={quoteattr(made.name)} sheetId='{i}' r:id='rId{i}'{f' state={quoteattr(made.state)}' if made.state else ''}/>"
        for i, made in enumerate(sheets, start=1)
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
        **{f"xl/worksheets/sheet{i}.xml": made.xml() for i, made in enumerate(sheets, start=1)},
    }
    if change:
        change(parts)
    return File(packed({name: text.encode() for name, text in parts.items()}, packing), ".xlsx")
