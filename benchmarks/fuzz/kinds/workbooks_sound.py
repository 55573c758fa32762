"""Mutations of workbooks (XLSX) that a right reader takes as they are.

What belongs here: what programs that write workbooks do otherwise than others: types of cells, sheets, styles.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import NIK, PERSON
from benchmarks.fuzz.register import kind
from benchmarks.fuzz.workbook import Sheet, cell_name, sheet, workbook, xml_text


@kind("workbook", harmless=True)
def workbook_of_inline_texts(draft: Draft) -> File:
    """Texts stand in the sheet."""
    return draft.xlsx()


@kind("workbook", harmless=True)
def workbook_of_shared_texts(draft: Draft) -> File:
    """Texts stand in a part of their own."""
    return draft.xlsx(shared=True)


def _number_cells(draft: Draft, *types: str) -> Callable[[int, int, str], str]:
    places = set(draft.places(*types))
    return lambda row, column, value: (
        f'<c r="{cell_name(row, column)}"><v>{value}</v></c>' if row and column in places and value else ""
    )


@kind("workbook", harmless=True)
def workbook_of_numbers(draft: Draft) -> File:
    """Numbers are numbers."""
    return draft.xlsx(cells=_number_cells(draft, "integer", "decimal"))


@kind("workbook", harmless=True)
def workbook_of_float_noise(draft: Draft) -> File:
    """Numbers have the last digits of their sums."""
    places = set(draft.places("integer"))
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}"><v>{value}.0000000000000001E0</v></c>'
            if row and column in places and value
            else ""
        )
    )


def _day_cells(draft: Draft, start: date) -> Callable[[int, int, str], str]:
    places = set(draft.places("date"))
    return lambda row, column, value: (
        f'<c r="{cell_name(row, column)}" s="1"><v>{(date.fromisoformat(value) - start).days}</v></c>'
        if row and column in places and value
        else ""
    )


@kind("workbook", harmless=True)
def workbook_of_days(draft: Draft) -> File:
    """Dates are numbers that are shown as days."""
    return draft.xlsx(cells=_day_cells(draft, date(1899, 12, 30)))


@kind("workbook", harmless=True)
def workbook_counting_from_1904(draft: Draft) -> File:
    """Days count from 1904, as on old Macs."""
    return draft.xlsx(cells=_day_cells(draft, date(1904, 1, 1)), from_1904=True)


@kind("workbook", harmless=True)
def workbook_of_iso_days(draft: Draft) -> File:
    """Dates are cells of the type of dates."""
    places = set(draft.places("date"))
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}" t="d"><v>{value}T00:00:00</v></c>'
            if row and column in places and value
            else ""
        )
    )


@kind("workbook", harmless=True)
def workbook_of_formulas(draft: Draft) -> File:
    """Cells are formulas, with what they came to."""
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}" t="str"><f>A{row}&amp;"x"</f><v>{xml_text(value)}</v></c>'
            if row and value
            else ""
        )
    )


@kind("workbook", harmless=True)
def workbook_of_rich_texts(draft: Draft) -> File:
    """Texts are of parts in several fonts, with readings beside them."""

    def cell(row: int, column: int, value: str) -> str:
        runs = f"<r><t>{xml_text(value[:2])}</t></r><r><rPr><b/></rPr><t xml:space='preserve'>{xml_text(value[2:])}</t></r>"
        return f'<c r="{cell_name(row, column)}" t="inlineStr"><is>{runs}<rPh><t>xx</t></rPh></is></c>' if value else ""

    return draft.xlsx(cells=cell)


@kind("workbook", harmless=True)
def workbook_with_merged_titles(draft: Draft) -> File:
    """Merged titles stand above the table."""
    lines = [["LAPORAN BULANAN"], [], draft.labels, *draft.rows]
    merged = '<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>'
    return workbook([sheet(lines, after=merged)])


@kind("workbook", harmless=True)
def workbook_of_several_sheets(draft: Draft) -> File:
    """Sheets of other content stand before and behind."""
    table = sheet([draft.labels, *draft.rows], name="Data")
    return workbook([sheet([["Catatan"], ["untuk dibaca"]], name="Baca"), table, sheet([], name="Sheet3")])


@kind("workbook", harmless=True)
def workbook_with_hidden_sheet(draft: Draft) -> File:
    """A hidden sheet holds lists for choice."""
    hidden = sheet([["pilihan"], ["1"], ["2"]], name="daftar", state="veryHidden")
    return workbook([sheet([draft.labels, *draft.rows]), hidden])


@kind("workbook", harmless=True, searched=True)
def workbook_sheet_called_after_a_person(draft: Draft) -> File:
    """The sheets are called after persons."""
    sheets = [sheet([draft.labels, *draft.rows], name=PERSON), sheet([["x"]], name=NIK)]
    file = workbook(sheets)
    file.personal = (PERSON, NIK)
    return file


@kind("workbook", searched=True)
def workbook_sheet_of_a_person_broken(draft: Draft) -> File:
    """A sheet called after a person refers to a text that is not there."""

    def cell(row: int, column: int, value: str) -> str:
        return f'<c r="{cell_name(row, column)}" t="s"><v>99999</v></c>' if row == 5 and column == 1 else ""

    file = workbook([sheet([draft.labels, *draft.rows], name=PERSON, cells=cell)])
    file.personal = (PERSON,)
    return file


@kind("workbook", harmless=True)
def workbook_without_references(draft: Draft) -> File:
    """Rows and cells do not say where they stand."""
    rows = [
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{xml_text(v)}</t></is></c>' for v in line)
        + "</row>"
        for line in [draft.labels, *draft.rows]
    ]
    return workbook([Sheet(rows)])


@kind("workbook", harmless=True)
def workbook_of_other_prefix(draft: Draft) -> File:
    """The tags have a prefix, as some libraries write."""

    def change(parts: dict[str, str]) -> None:
        for name, text in parts.items():
            if name.startswith("xl/worksheets"):
                for tag in ("worksheet", "sheetData", "row", "c", "is", "t", "v"):
                    text = text.replace(f"<{tag}>", f"<x:{tag}>").replace(f"<{tag} ", f"<x:{tag} ")
                    text = text.replace(f"</{tag}>", f"</x:{tag}>")
                parts[name] = text.replace("xmlns=", "xmlns:x=")

    return draft.xlsx(change=change)


@kind("workbook", harmless=True)
def workbook_with_styled_blanks(draft: Draft) -> File:
    """Blank cells with a style stand around the table."""
    blanks = "".join(f'<row r="{i}"><c r="A{i}" s="1"/><c r="B{i}" s="1"/></row>' for i in range(500, 700))
    made = sheet([draft.labels, *draft.rows])
    made.rows.append(blanks)
    return workbook([made])


@kind("workbook", harmless=True)
def workbook_with_hidden_rows(draft: Draft) -> File:
    """A filter hides half of the rows."""
    made = sheet([draft.labels, *draft.rows], after='<autoFilter ref="A1:C37"/>')
    made.rows = [row.replace("<row ", '<row hidden="1" ', 1) if i % 2 else row for i, row in enumerate(made.rows)]
    return workbook([made])


@kind("workbook", harmless=True)
def workbook_not_packed(draft: Draft) -> File:
    """The parts are stored as they are."""
    return draft.xlsx(packing=zipfile.ZIP_STORED)


@kind("workbook", harmless=True)
def workbook_called_csv(draft: Draft) -> File:
    """The workbook is called .csv."""
    return File(draft.xlsx().content, ".csv")


@kind("workbook", harmless=True)
def workbook_without_styles(draft: Draft) -> File:
    """The part with the styles is missing."""
    return draft.xlsx(change=lambda parts: parts.__delitem__("xl/styles.xml"))
