"""Mutations of Parquet files and workbooks: physical types, parts and structure.

What belongs here: what programs that write these formats do otherwise than others, and what damages or attacks the containers.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from benchmarks.fuzz.draft import Draft, File, Sheet, inline_cell, packed, parquet, place, sheet, workbook, xml_text
from benchmarks.fuzz.kinds import kind
from benchmarks.fuzz.text_kinds import NIK, PERSON

NO_KEY_OF_16 = ("dtks", "regsosek", "p3ke", "referensi", "pemutakhiran")


def _typed(draft: Draft, make: Callable[[list[str]], pa.Array], *types: str, **how: object) -> File:
    """The file as Parquet with all columns of these types made by ``make``."""
    return draft.parquet(dict.fromkeys(draft.places(*types), make), **how)


def _made(kind_of: pa.DataType, read: Callable[[str], object]) -> Callable[[list[str]], pa.Array]:
    return lambda values: pa.array([read(value) if value else None for value in values], kind_of)


def _code(value: str) -> int | None:
    return int(value) if value.isdigit() else None


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _whole_codes(draft: Draft) -> list[int]:
    """Places of codes that are numbers. Raises LookupError where there are none."""
    names = [draft.table.columns[name] for name in draft.view.columns]
    found = [i for i, c in enumerate(names) if c.type == "code" and all(code.isdigit() for code in c.codes)]
    if not found:
        raise LookupError
    return found


# --- Parquet that is right


@kind("parquet", harmless=True)
def parquet_of_texts(draft: Draft) -> File:
    """Every column is text."""
    return draft.parquet()


@kind("parquet", harmless=True)
def parquet_of_large_texts(draft: Draft) -> File:
    """Every column is large text."""
    return parquet(draft.arrow().cast(pa.schema([(name, pa.large_string()) for name in draft.labels])))


@kind("parquet", harmless=True)
def parquet_of_dictionaries(draft: Draft) -> File:
    """Every column is a dictionary."""
    table = draft.arrow()
    return parquet(pa.table({name: table[name].dictionary_encode() for name in draft.labels}))


@kind("parquet", harmless=True)
def parquet_of_bytes(draft: Draft) -> File:
    """Every column is bytes without a word that they are text, as old programs write."""
    return parquet(draft.arrow().cast(pa.schema([(name, pa.binary()) for name in draft.labels])))


@kind("parquet", harmless=True)
def parquet_of_nulls(draft: Draft) -> File:
    """Empty cells are nulls."""
    make = _made(pa.string(), str)
    return draft.parquet(dict.fromkeys(range(len(draft.labels)), make))


@kind("parquet", harmless=True)
def parquet_of_integers(draft: Draft) -> File:
    """Whole numbers are integers of some width."""
    kind_of = draft.rng.choice((pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64()))
    return _typed(draft, _made(kind_of, int), "integer")


@kind("parquet", harmless=True)
def parquet_of_integer_codes(draft: Draft) -> File:
    """Codes are integers."""
    return draft.parquet(dict.fromkeys(_whole_codes(draft), _made(pa.int32(), _code)))


@kind("parquet", harmless=True)
def parquet_of_float_codes(draft: Draft) -> File:
    """Codes and whole numbers are floats, as pandas makes of columns with gaps."""
    return draft.parquet(dict.fromkeys([*_whole_codes(draft), *draft.places("integer")], _made(pa.float64(), float)))


@kind("parquet", harmless=True)
def parquet_of_floats(draft: Draft) -> File:
    """Numbers are floats of some width."""
    return _typed(draft, _made(draft.rng.choice((pa.float32(), pa.float64())), float), "decimal")


@kind("parquet", harmless=True)
def parquet_of_decimals(draft: Draft) -> File:
    """Numbers are exact decimals."""
    scale = draft.rng.choice((2, 6))
    exact = _made(pa.decimal128(20, scale), lambda value: Decimal(value).quantize(Decimal(1).scaleb(-scale)))
    return _typed(draft, exact, "decimal")


@kind("parquet", harmless=True)
def parquet_of_days(draft: Draft) -> File:
    """Dates are days."""
    return _typed(draft, _made(draft.rng.choice((pa.date32(), pa.date64())), date.fromisoformat), "date")


@kind("parquet", harmless=True)
def parquet_of_moments(draft: Draft) -> File:
    """Dates are moments without a zone."""
    return _typed(draft, _made(pa.timestamp(draft.rng.choice(("s", "ms", "us", "ns"))), _instant), "date")


@kind("parquet", harmless=True)
def parquet_of_zoned_moments(draft: Draft) -> File:
    """Dates are instants of midnight in one of Indonesia's zones."""
    zone = draft.rng.choice(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))
    hours = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}[zone]

    def instant(value: str) -> datetime:
        return datetime.fromtimestamp(_instant(value).replace(tzinfo=UTC).timestamp() - hours * 3600, UTC)

    return _typed(draft, _made(pa.timestamp("us", zone), instant), "date")


@kind("parquet", harmless=True)
def parquet_of_spark_moments(draft: Draft) -> File:
    """Dates are instants as old Spark and Impala write them (INT96)."""

    def instant(value: str) -> datetime:
        return datetime.fromtimestamp(_instant(value).replace(tzinfo=UTC).timestamp() - 7 * 3600, UTC).replace(
            tzinfo=None
        )

    return _typed(draft, _made(pa.timestamp("ns"), instant), "date", use_deprecated_int96_timestamps=True)


@kind("parquet", harmless=True, only=NO_KEY_OF_16)
def parquet_of_integer_keys(draft: Draft) -> File:
    """Keys are integers."""
    return draft.parquet({draft.labels.index(draft.table.key[0]): _made(pa.int64(), int)})


@kind("parquet", harmless=True)
def parquet_packed_otherwise(draft: Draft) -> File:
    """The pages are packed by some program."""
    return draft.parquet(compression=draft.rng.choice(("none", "gzip", "zstd", "brotli", "lz4", "snappy")))


@kind("parquet", harmless=True)
def parquet_of_newer_pages(draft: Draft) -> File:
    """The pages are of the second version, without dictionaries or statistics."""
    return draft.parquet(data_page_version="2.0", use_dictionary=False, write_statistics=False)


@kind("parquet", harmless=True)
def parquet_of_many_groups(draft: Draft) -> File:
    """Rows stand in groups of seven."""
    return draft.parquet(row_group_size=7)


@kind("parquet", harmless=True)
def parquet_called_csv(draft: Draft) -> File:
    """The Parquet file is called .csv."""
    return File(draft.parquet().content, ".csv")


@kind("parquet", harmless=True)
def parquet_with_nested_column(draft: Draft) -> File:
    """A column that nobody knows holds structures."""
    table = draft.arrow()
    nested = pa.array([{"a": [1, 2], "b": {"c": "x"}}] * table.num_rows)
    return parquet(table.append_column("lampiran", nested))


@kind("parquet", harmless=True)
def parquet_with_notes(draft: Draft) -> File:
    """The file carries notes of its maker."""
    return parquet(draft.arrow().replace_schema_metadata({"author": PERSON, "pandas": "{}"}))


# --- Parquet that is not


@kind("parquet")
def parquet_without_rows(draft: Draft) -> File:
    """The file has columns and no row."""
    return parquet(draft.arrow().slice(0, 0))


@kind("parquet")
def parquet_without_columns(draft: Draft) -> File:
    """The file has no column."""
    return parquet(pa.table({"x": pa.array([1])}).select([]))


@kind("parquet")
def parquet_nested_where_a_value_belongs(draft: Draft) -> File:
    """A column of the contract holds lists."""
    table, at = draft.arrow(), draft.pick()
    lists = pa.array([[value] for value in table.column(at).to_pylist()])
    return parquet(table.set_column(at, draft.labels[at], lists))


@kind("parquet")
def parquet_of_truth_values(draft: Draft) -> File:
    """A column of the contract holds truth values."""
    table, at = draft.arrow(), draft.pick("code", "label", "integer")
    return parquet(table.set_column(at, draft.labels[at], pa.array([i % 2 == 0 for i in range(table.num_rows)])))


@kind("parquet")
def parquet_of_a_null_column(draft: Draft) -> File:
    """A column of the contract has the type of nothing."""
    table, at = draft.arrow(), draft.rng.randrange(len(draft.labels))
    return parquet(table.set_column(at, draft.labels[at], pa.nulls(table.num_rows)))


@kind("parquet")
def parquet_of_odd_numbers(draft: Draft) -> File:
    """Numbers are NaN, infinite or enormous."""
    odd = (float("nan"), float("inf"), float("-inf"), 1e300, -0.0, 5e-324)
    return _typed(draft, lambda values: pa.array([draft.rng.choice(odd) for _ in values]), "decimal")


@kind("parquet")
def parquet_of_clocks(draft: Draft) -> File:
    """Dates are times of day, or durations."""
    clock = draft.rng.choice((pa.array([3600], pa.time32("s")), pa.array([3600], pa.duration("s"))))
    return _typed(draft, lambda values: pa.concat_arrays([clock] * len(values)), "date")


@kind("parquet")
def parquet_of_broken_text(draft: Draft) -> File:
    """Bytes that are called text are none."""
    table, at = draft.arrow(), draft.pick("string")
    content = parquet(
        table.set_column(at, draft.labels[at], pa.array([b"Krajan\xffLor"] * table.num_rows)),
        use_dictionary=False,
        compression="none",
    ).content
    return File(content, ".parquet")


@kind("parquet")
def parquet_names_twice(draft: Draft) -> File:
    """Two columns have one name, or names that differ by capitals."""
    table, at = draft.arrow(), draft.rng.randrange(len(draft.labels))
    name = draft.rng.choice((draft.labels[at], draft.labels[at].upper()))
    return parquet(table.append_column(name, table.column(at)))


@kind("parquet", searched=True)
def parquet_with_person_as_column(draft: Draft) -> File:
    """A column is called after a person."""
    file = parquet(draft.arrow().append_column(f"{PERSON} {NIK}", pa.array(["1"] * len(draft.rows))))
    file.personal = (PERSON, NIK)
    return file


@kind("parquet")
def parquet_column_called_like_the_reader_s(draft: Draft) -> File:
    """A column is called like one of the reader's own."""
    name = draft.rng.choice(("file_row_number", "_file", "_line", "_cacat", "_lain", "filename", "rowid", '"', "'", ""))
    return parquet(draft.arrow().append_column(name, pa.array(["9"] * len(draft.rows))))


@kind("parquet")
def parquet_cut(draft: Draft) -> File:
    """The file ends early."""
    content = draft.parquet().content
    return File(content[: draft.rng.randrange(4, len(content))], ".parquet")


@kind("parquet")
def parquet_flipped(draft: Draft) -> File:
    """Bytes of the file are others."""
    content = bytearray(draft.parquet(compression="none").content)
    for _ in range(draft.rng.randrange(1, 4)):
        content[draft.rng.randrange(4, len(content))] ^= 1 + draft.rng.randrange(255)
    return File(bytes(content), ".parquet")


@kind("parquet")
def parquet_footer_damaged(draft: Draft) -> File:
    """The footer says another length, or holds noise."""
    content = bytearray(draft.parquet().content)
    at = len(content) - draft.rng.randrange(5, 200)
    content[at : at + 4] = draft.rng.randbytes(4)
    return File(bytes(content), ".parquet")


@kind("parquet")
def parquet_with_something_behind(draft: Draft) -> File:
    """Something follows the file, or stands before it."""
    content = draft.parquet().content
    return File(draft.rng.choice((content + b"\n", content + content, b"\n" + content)), ".parquet")


# --- workbooks that are right


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
        f'<c r="{place(row, column)}"><v>{value}</v></c>' if row and column in places and value else ""
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
            f'<c r="{place(row, column)}"><v>{value}.0000000000000001E0</v></c>'
            if row and column in places and value
            else ""
        )
    )


def _day_cells(draft: Draft, start: date) -> Callable[[int, int, str], str]:
    places = set(draft.places("date"))
    return lambda row, column, value: (
        f'<c r="{place(row, column)}" s="1"><v>{(date.fromisoformat(value) - start).days}</v></c>'
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
            f'<c r="{place(row, column)}" t="d"><v>{value}T00:00:00</v></c>'
            if row and column in places and value
            else ""
        )
    )


@kind("workbook", harmless=True)
def workbook_of_formulas(draft: Draft) -> File:
    """Cells are formulas, with what they came to."""
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{place(row, column)}" t="str"><f>A{row}&amp;"x"</f><v>{xml_text(value)}</v></c>'
            if row and value
            else ""
        )
    )


@kind("workbook", harmless=True)
def workbook_of_rich_texts(draft: Draft) -> File:
    """Texts are of parts in several fonts, with readings beside them."""

    def cell(row: int, column: int, value: str) -> str:
        runs = f"<r><t>{xml_text(value[:2])}</t></r><r><rPr><b/></rPr><t xml:space='preserve'>{xml_text(value[2:])}</t></r>"
        return f'<c r="{place(row, column)}" t="inlineStr"><is>{runs}<rPh><t>xx</t></rPh></is></c>' if value else ""

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
        return f'<c r="{place(row, column)}" t="s"><v>99999</v></c>' if row == 5 and column == 1 else ""

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


# --- workbooks that are not


@kind("workbook")
def workbook_of_truth_values(draft: Draft) -> File:
    """Cells of a column are truth values."""
    at = draft.pick("code", "label", "integer")
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{place(row, column)}" t="b"><v>1</v></c>' if row and column == at else ""
        )
    )


@kind("workbook")
def workbook_of_errors(draft: Draft) -> File:
    """Cells of a column are errors."""
    at = draft.pick()
    return draft.xlsx(
        cells=lambda row, column, value: (
            f'<c r="{place(row, column)}" t="e"><v>#REF!</v></c>' if row and column == at else ""
        )
    )


@kind("workbook")
def workbook_of_uncounted_formulas(draft: Draft) -> File:
    """Cells are formulas that nobody computed."""
    at = draft.pick()
    return draft.xlsx(
        cells=lambda row, column, value: f'<c r="{place(row, column)}"><f>A1</f></c>' if row and column == at else ""
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
            f'<c r="{place(row, column)}" t="s"><v>{index}</v></c>' if row == 4 and column == 1 else ""
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


@kind("parquet", rare=True)
def parquet_bomb(draft: Draft) -> File:
    """A column of one value repeats it for a quarter of a gigabyte."""
    value = pa.array(["Krajan " * 150_000] * 256)
    width = {name: pa.array([""] * 256) for name in draft.labels}
    at = draft.labels[draft.pick("string")]
    return parquet(pa.table({**width, at: value}), compression="zstd")
