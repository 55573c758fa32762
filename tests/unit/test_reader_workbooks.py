"""XLSX as report writers, old Macs and damaged transfers make it: a cell is what the spreadsheet shows, or the file is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dtsen_pipeline.contracts import reader
from dtsen_pipeline.errors import InputError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# 0 is the text that a wrong reader takes for an empty cell.
STRINGS = ("idartbdt", "idbdt", "nama", "tmplahir", "tgllahir", "jnskel", "A1", "D1", "SITI")
HEAD = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABCDEF"))
RICH = "<si><r><t>MA</t></r><r><t>LANG</t></r><rPh><t>ma-ran</t></rPh></si>"


def row(number: int, *cells: str) -> str:
    """A row of the member A<number> of the household D1, and what else it holds."""
    own = f'<c r="A{number}" t="str"><v>A{number}</v></c><c r="B{number}" t="s"><v>7</v></c><c r="C{number}" t="s"><v>8</v></c>'
    return f'<row r="{number}">{own}{"".join(cells)}</row>'


def book(
    *rows: str,
    head: str = f'<row r="1">{HEAD}</row>',
    strings: bool = True,
    properties: str = "",
    names: tuple[str, str] = (MAIN, RELATIONS),
    sheets: tuple[tuple[str, str], ...] = (),
    prefix: str = "",
) -> bytes:
    """A workbook; ``sheets`` are further ones as (state, rows). Styles: 1 to 3 show a day."""
    main, relations = names
    pages = [("visible", head + "".join(rows)), *sheets]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        targets = "".join(
            f'<Relationship Id="r{i}" Type="{relations}/worksheet" Target="/xl/worksheets/sheet{i}.xml"/>'
            for i, _ in enumerate(pages, start=1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{targets}<Relationship Id="s" Type="{relations}/sharedStrings" '
            f'Target="sharedStrings.xml"/><Relationship Id="t" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="Data {i}" sheetId="{i}" state="{state}" r:id="r{i}"/>'
            for i, (state, _) in enumerate(pages, start=1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}">{properties}<sheets>{listed}</sheets></workbook>',
        )
        formats = (
            '<numFmt numFmtId="165" formatCode="[$-421]dd\\ mmmm\\ yyyy"/>'
            '<numFmt numFmtId="166" formatCode="&quot;d&quot;0"/>'
        )
        used = "".join(f'<xf numFmtId="{i}"/>' for i in (0, 14, 22, 165, 21, 166))
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><cellXfs>{used}</cellXfs></styleSheet>',
        )
        if strings:
            texts = "".join(f"<si><t>{text}</t></si>" for text in STRINGS) + RICH
            archive.writestr("xl/SharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')
        for i, (_, page) in enumerate(pages, start=1):
            text = f'<worksheet xmlns="{main}"><sheetData>{page}</sheetData></worksheet>'
            if prefix:
                text = text.replace("</", f"</{prefix}:").replace("xmlns=", f"xmlns:{prefix}=")
                for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
                    text = text.replace(f"<{tag} ", f"<{prefix}:{tag} ").replace(f"<{tag}>", f"<{prefix}:{tag}>")
            archive.writestr(f"xl/worksheets/sheet{i}.xml", text)
    return content.getvalue()


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read(con: duckdb.DuckDBPyConnection, landing: Path, content: bytes) -> None:
    folder = landing / "2025-03" / "dtks"
    folder.mkdir(parents=True)
    (folder / "rumah_tangga.csv").write_text("idbdt,kdprop,kdkab,kdkec,kddesa\nD1,35,19,140,006\n")
    (folder / "anggota.xlsx").write_bytes(content)
    reader.read_source(con, landing, "2025-03", "dtks")


def delivered(con: duckdb.DuckDBPyConnection, column: str) -> list[str | None]:
    """What came of a column, row by row, whether the value is good or not."""
    return [
        value
        for (value,) in con.execute(
            f"select {column} from (select {column}, _line from raw.dtks_anggota union all "
            f"select {column}, _line from quarantine.dtks_anggota) order by _line"
        ).fetchall()
    ]


# What is not there is not something else --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="D2" t="s"></c>',
        '<c r="D2" t="s"/>',
        '<c r="D2" t="s"><v></v></c>',
        '<c r="D2" t="s"><v/></c>',
        '<c r="D2" s="3" t="s"/>',
        '<c r="D2" t="str"><v></v></c>',
        '<c r="D2" t="str"/>',
        '<c r="D2" t="n"/>',
        '<c r="D2" t="b"/>',
        '<c r="D2" t="e"/>',
        '<c r="D2" s="1"/>',
        '<c r="D2"><f>IF(1,"")</f><v></v></c>',
    ],
)
def test_an_empty_cell_is_nothing_whatever_type_it_says(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, cell: str
) -> None:
    read(con, tmp_path, book(row(2, cell)))
    assert delivered(con, "tmplahir") == [None]


@pytest.mark.parametrize("index", ["999999", "-1", "x", "1.5"])
def test_a_text_that_is_not_there_is_refused_by_sheet_and_cell(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, index: str
) -> None:
    """Also an index that is no number, which other readers take for the first text."""
    with pytest.raises(InputError, match=r"sheet 1, sel/cell D3") as error:
        read(con, tmp_path, book(row(2), row(3, f'<c r="D3" t="s"><v>{index}</v></c>')))
    assert (error.value.file, error.value.line) == ("2025-03/dtks/anggota.xlsx", 3)
    assert "SITI" not in str(error.value)
    assert con.execute("select 1").fetchone() == (1,)


def test_a_workbook_without_its_table_of_texts_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sharedStrings") as error:
        read(con, tmp_path, book(row(2), strings=False))
    assert error.value.action


def test_an_error_of_a_formula_is_delivered_for_the_rules_to_judge(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cells = [
        f'<c r="D{i}" t="e"><v>{error}</v></c>'
        for i, error in enumerate(("#REF!", "#NAME?", "#SPILL!", "#N/A"), start=2)
    ]
    read(con, tmp_path, book(*(row(i, cell) for i, cell in enumerate(cells, start=2))))
    assert delivered(con, "tmplahir") in (["#REF!", "#NAME?", "#SPILL!", "#N/A"], [None] * 4)


def test_a_zip_a_spreadsheet_of_another_kind_and_a_part_that_is_missing_are_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for number, (parts, word) in enumerate(
        (({"anggota.csv": "x"}, "ZIP"), ({"content.xml": "x"}, "OpenDocument"), ({"xl/workbook.bin": "x"}, "XLSB"))
    ):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for part, text in parts.items():
                archive.writestr(part, text)
        with pytest.raises(InputError, match=word) as error:
            read(con, tmp_path / str(number), content.getvalue())
        assert error.value.file == "2025-03/dtks/anggota.xlsx"


# Numbers and days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<v>3519142810124799</v>", "3519142810124799"),
        ("<v>3.5191428101247E15</v>", "3519142810124700"),
        ("<v>9.471012810124799E15</v>", "9471012810124799"),
        ("<v>1985.0</v>", "1985"),
        ("<v>1E3</v>", "1000"),
        ("<v>54.500000000000007</v>", "54.5"),
        ("<v>0.30000000000000004</v>", "0.3"),
        ("<v>010</v>", "010"),
        ("<f>1+1</f><v>2</v>", "2"),
        ("<v>1E999999</v>", "1E999999"),
    ],
)
def test_a_number_is_what_the_spreadsheet_keeps(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, cell: str, value: str
) -> None:
    read(con, tmp_path, book(row(2, f'<c r="D2">{cell}</c>')))
    assert delivered(con, "tmplahir") == [value]


def test_texts_come_whole_without_their_readings(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    inline = "<is><r><t>KAB. </t></r><r><t>MALANG</t></r><rPh><t>kabu</t></rPh></is>"
    cells = [
        '<c r="D2" t="s"><v>9</v></c>',
        f'<c r="D3" t="inlineStr">{inline}</c>',
        '<c r="D4" t="str"><f>A1</f><v>A &amp; B</v></c>',
        '<c r="D5" t="str"><v>A_x0041_</v></c>',
    ]
    read(con, tmp_path, book(*(row(i, cell) for i, cell in enumerate(cells, start=2))))
    assert delivered(con, "tmplahir") == ["MALANG", "KAB. MALANG", "A & B", "AA"]


@pytest.mark.parametrize(
    ("cell", "from_1900", "from_1904"),
    [
        ('<c r="E2" s="1"><v>29656</v></c>', "1981-03-11", "1985-03-12"),
        ('<c r="E2" s="3"><v>29656.0</v></c>', "1981-03-11", "1985-03-12"),
        ('<c r="E2" s="2"><v>29656.75</v></c>', "1981-03-11 18:00:00", "1985-03-12 18:00:00"),
        ('<c r="E2" s="1"><v>29655.999999999</v></c>', "1981-03-11", "1985-03-12"),
        ('<c r="E2"><v>29656</v></c>', "29656", "1985-03-12"),
        ('<c r="E2" t="str"><f>N(1)</f><v>29656</v></c>', "29656", "1985-03-12"),
        ('<c r="E2" t="d"><v>1985-03-12T00:00:00</v></c>', "1985-03-12", "1985-03-12"),
        ('<c r="E2" t="str"><v>1985-03-12</v></c>', "1985-03-12", "1985-03-12"),
        ('<c r="E2" t="str"><v>01021985</v></c>', "01021985", "01021985"),
        ('<c r="E2" s="1"><v>19850312</v></c>', "19850312", "19850312"),
        ('<c r="E2" s="1"><v>1985</v></c>', "1985", "1985"),
        ('<c r="E2" s="1"><v>0</v></c>', "0", "0"),
        ('<c r="E2" s="1"><v>-5</v></c>', "-5", "-5"),
        ('<c r="E2" s="1" t="e"><v>#VALUE!</v></c>', "#VALUE!", "#VALUE!"),
    ],
)
@pytest.mark.parametrize("properties", ["", '<workbookPr date1904="1"/>', '<workbookPr date1904="true"/>'])
def test_a_day_is_counted_from_where_the_workbook_counts(
    tmp_path: Path, cell: str, from_1900: str, from_1904: str, properties: str
) -> None:
    from dtsen_pipeline.config import Settings
    from dtsen_pipeline.contracts.workbook import Workbook

    path = tmp_path / "a.xlsx"
    path.write_bytes(book(row(2, cell), properties=properties))
    with Workbook(path, "a.xlsx", Settings()) as workbook:
        (_, (_, cells)) = workbook.rows(workbook.sheets[0], days={4})
    assert cells[4] == (from_1904 if properties else from_1900)


def test_a_code_that_looks_like_a_date_stays_a_code(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    read(con, tmp_path, book(row(2, '<c r="F2" s="1"><v>2</v></c>'), row(3, '<c r="F3" s="5"><v>1</v></c>')))
    assert delivered(con, "jnskel") == ["2", "1"]


# Sheets and rows -----------------------------------------------------------------------------------------------------------


def test_a_title_blank_rows_and_blank_cells_at_the_right_are_passed_over_and_lines_are_the_sheets(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    head = (
        '<row r="2"><c r="A2" t="str"><v>DAFTAR ANGGOTA</v></c></row>' + f'<row r="4">{HEAD.replace("1", "4", 0)}</row>'
    )
    rows = [
        row(5, '<c r="Z5" t="str"><v> </v></c>'),
        '<row r="6"><c r="A6" s="1"/></row>',
        row(9, '<c r="Z9" t="str"><v>x</v></c>'),
        row(10),
    ]
    read(con, tmp_path, book(*rows, head=head))
    assert con.execute("select _line from raw.dtks_anggota order by all").fetchall() == [(5,), (10,)]
    assert con.execute("select line, alasan from quarantine.alasan").fetchall() == [(9, "jumlah_kolom")]


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_sheet_with_the_header_alone_does_not_stand_in_the_way(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, state: str
) -> None:
    template = (state, f'<row r="1">{HEAD}</row><row r="2"><c r="A2" s="1"/></row>')
    read(con, tmp_path, book(row(2), sheets=(template,)))
    assert delivered(con, "idartbdt") == ["A2"]


def test_two_sheets_with_people_are_refused_also_where_one_is_hidden(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="lembar"):
        read(con, tmp_path, book(row(2), sheets=(("hidden", f'<row r="1">{HEAD}</row>{row(2)}'),)))


def test_strict_workbooks_and_prefixed_names_are_read_the_same(tmp_path: Path) -> None:
    for number, content in enumerate(
        (
            book(row(2, '<c r="E2" s="1"><v>29656</v></c>'), names=STRICT),
            book(row(2, '<c r="E2" s="1"><v>29656</v></c>'), prefix="x"),
        )
    ):
        with duckdb.connect() as con:
            read(con, tmp_path / str(number), content)
            assert delivered(con, "tgllahir") == ["1981-03-11"]


def test_cells_and_rows_that_do_not_say_their_place_follow_each_other(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    plain = "<row>" + "".join(f'<c t="s"><v>{i}</v></c>' for i in (6, 7, 8)) + '<c/><c s="1"><v>29656</v></c></row>'
    read(con, tmp_path, book("<row/>", plain, head=f"<row>{HEAD}</row>"))
    assert con.execute("select idartbdt, tmplahir, tgllahir, _line from raw.dtks_anggota").fetchall() == [
        ("A1", None, "1981-03-11", 3)
    ]
