"""Mutations of workbooks (XLSX) that are damaged, hostile, or hold what no contract means.

What belongs here: odd cells and places, and damage to the container.
"""

from __future__ import annotations

import io
import zipfile

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, packed
from benchmarks.fuzz.register import kind
from benchmarks.fuzz.workbook import Sheet, cell_name, inline_cell, sheet, workbook


@kind("workbook")
def workbook_of_truth_values(draft: Draft) -> File:
    """Cells of a column are truth values."""
    at = draft.pick("code", "label", "integer")
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}" t="b"><v>1</v></c>' if row and column == at else ""
        )
    )


@kind("workbook")
def workbook_of_errors(draft: Draft) -> File:
    """Cells of a column are errors."""
    at = draft.pick()
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}" t="e"><v>#REF!</v></c>' if row and column == at else ""
        )
    )


@kind("workbook")
def workbook_of_uncounted_formulas(draft: Draft) -> File:
    """Cells are formulas that nobody computed."""
    at = draft.pick()
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}"><f>A1</f></c>' if row and column == at else ""
        )
    )


@kind("workbook")
def workbook_of_two_tables(draft: Draft) -> File:
    """Two sheets hold the table."""
    return workbook([sheet([draft.labels, *draft.rows], name=name) for name in ("Januari", "Februari")])


@kind("workbook")
def workbook_with_far_cell(draft: Draft) -> File:
    """A cell stands in the last column, or in the last row."""
    made = sheet([draft.labels, *draft.rows])
    far = draft.rng.choice(
        (f'<row r="38">{inline_cell(37, 16383, "x")}</row>', f'<row r="1048576">{inline_cell(1048575, 0, "x")}</row>')
    )
    made.rows.append(far)
    return workbook([made])


@kind("workbook")
def workbook_with_far_label(draft: Draft) -> File:
    """A label stands in the last column of the header."""
    made = sheet([draft.labels, *draft.rows])
    made.rows[0] = made.rows[0].replace("</row>", f"{inline_cell(0, 16383, 'catatan')}</row>")
    return workbook([made])


@kind("workbook")
def workbook_of_impossible_places(draft: Draft) -> File:
    """Cells say that they stand where no cell is, or twice in one place."""
    odd = draft.rng.choice(("A0", "1A", "ZZZZZ99", "Ä1", "-1", "A1A"))
    made = sheet([draft.labels, *draft.rows])
    made.rows[5] = made.rows[5].replace('r="B6"', f'r="{odd}"')
    return workbook([made])


@kind("workbook")
def workbook_rows_out_of_order(draft: Draft) -> File:
    """Rows stand in another order, or twice under one number."""
    made = sheet([draft.labels, *draft.rows])
    made.rows[3], made.rows[9] = made.rows[9], made.rows[3]
    made.rows[12] = made.rows[12].replace(
        '<row r="13"', f'<row r="{draft.rng.choice(("0", "-5", "12", "9999999999"))}"'
    )
    return workbook([made])


@kind("workbook")
def workbook_part_missing(draft: Draft) -> File:
    """A part of the workbook is missing."""
    names = (
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
    )
    return draft.xlsx(shared=True, change=lambda parts: parts.__delitem__(draft.rng.choice(names)))


@kind("workbook")
def workbook_part_broken(draft: Draft) -> File:
    """A part of the workbook is no XML, or ends early."""

    def change(parts: dict[str, str]) -> None:
        name = draft.rng.choice(list(parts))
        parts[name] = draft.rng.choice(("", "<x>", parts[name][: len(parts[name]) // 2], parts[name] + "<y/>", "\0"))

    return draft.xlsx(shared=True, change=change)


@kind("workbook")
def workbook_text_not_there(draft: Draft) -> File:
    """A cell refers to a text that is not there."""
    index = draft.rng.choice(("99999", "-1", "x", "1.0", "", "\u0663"))
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{cell_name(row, column)}" t="s"><v>{index}</v></c>' if row == 4 and column == 1 else ""
        )
    )


@kind("workbook")
def workbook_cut(draft: Draft) -> File:
    """The archive ends early."""
    content = draft.xlsx().content
    return File(content[: draft.rng.randrange(4, len(content))], ".xlsx")


@kind("workbook")
def workbook_flipped(draft: Draft) -> File:
    """Bytes of the archive are others."""
    content = bytearray(draft.xlsx(shared=True).content)
    for _ in range(draft.rng.randrange(1, 4)):
        content[draft.rng.randrange(4, len(content))] ^= 1 + draft.rng.randrange(255)
    return File(bytes(content), ".xlsx")


@kind("workbook")
def workbook_behind_password(draft: Draft) -> File:
    """The parts say that they are encrypted."""
    content = bytearray(draft.xlsx().content)
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flag] |= 1
            at = content.find(mark, at + 4)
    return File(bytes(content), ".xlsx")


@kind("workbook")
def workbook_encrypted(draft: Draft) -> File:
    """The workbook is encrypted by Excel: a container with an encrypted package."""
    name = "EncryptedPackage".encode("utf-16-le")
    return File(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name + draft.rng.randbytes(2000), ".xlsx")


@kind("workbook")
def archive_of_other_content(draft: Draft) -> File:
    """The archive is of another program, or empty."""
    parts = draft.rng.choice(
        (
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"},
            {"xl/workbook.bin": b"x"},
            {"word/document.xml": b"<x/>"},
            {"data.csv": draft.csv().content},
            {"../../etc/passwd": b"x"},
        )
    )
    return File(packed(parts), ".xlsx")


@kind("workbook")
def workbook_of_no_sheets(draft: Draft) -> File:
    """The workbook has no sheet, or an empty one."""
    return draft.rng.choice(
        (workbook([sheet([], name="a")]), workbook([sheet([["x"]])]), workbook([Sheet([], after="<x/>")]))
    )


@kind("workbook")
def workbook_of_entities(draft: Draft) -> File:
    """The sheet declares entities that unfold a billion times."""

    def change(parts: dict[str, str]) -> None:
        layers = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
        for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
            head, body = parts[name].split("?>", 1)
            body = body.replace('<is><t xml:space="preserve">', '<is><t xml:space="preserve">&l9;', 1)
            parts[name] = f'{head}?><!DOCTYPE x [<!ENTITY l0 "lol">{layers}]>{body}'

    return draft.xlsx(change=change)


@kind("workbook")
def workbook_of_foreign_entities(draft: Draft) -> File:
    """The sheet wants a file of this machine for a text."""

    def change(parts: dict[str, str]) -> None:
        name = "xl/worksheets/sheet1.xml"
        head, body = parts[name].split("?>", 1)
        body = body.replace('<is><t xml:space="preserve">', '<is><t xml:space="preserve">&e;', 1)
        parts[name] = f'{head}?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>{body}'

    return draft.xlsx(change=change)


@kind("workbook", rare=True)
def workbook_bomb(draft: Draft) -> File:
    """A part of half a megabyte unpacks to a quarter of a gigabyte."""
    whole = draft.xlsx(shared=True).content
    out = io.BytesIO()
    part = draft.rng.choice(("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"))
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to,
    ):
        for name in read.namelist():
            with to.open(name, "w") as member:
                content = read.read(name)
                if name == part:
                    at = content.rindex(b"</", 0, content.rindex(b"</"))
                    member.write(content[:at])
                    for _ in range(256):
                        member.write(b" " * (1 << 20))
                    content = content[at:]
                member.write(content)
    return File(out.getvalue(), ".xlsx")
