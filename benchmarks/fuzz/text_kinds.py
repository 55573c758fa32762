"""Mutations of CSV: its bytes, its encodings, its header and the form of its rows.

What belongs here: what can befall a text file on its way, and what offices and programs make of a table in one.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sized

from benchmarks.fuzz.draft import GIVEN, ROWS, Draft, File
from benchmarks.fuzz.kinds import kind

PERSON = "Wulandari Purnamasari"
NIK = "3175016708920004"


def somewhere(draft: Draft, content: Sized, first: int = 0) -> int:
    """Any place of the content, from ``first`` on."""
    return draft.rng.randrange(first, max(len(content), first + 1))


def _below_header(content: bytes) -> int:
    return content.index(b"\n") + 1


# --- bytes


@kind("bytes")
def bit_flipped(draft: Draft) -> File:
    """One bit of the file is another."""
    content = bytearray(draft.csv().content)
    content[somewhere(draft, content)] ^= 1 << draft.rng.randrange(8)
    return File(bytes(content))


@kind("bytes")
def bytes_flipped(draft: Draft) -> File:
    """Twenty bytes are any others."""
    content = bytearray(draft.csv().content)
    for _ in range(20):
        content[somewhere(draft, content)] = draft.rng.randrange(256)
    return File(bytes(content))


@kind("bytes")
def cut_anywhere(draft: Draft) -> File:
    """The file ends at any point."""
    content = draft.csv().content
    return File(content[: somewhere(draft, content, 1)])


@kind("bytes")
def cut_in_header(draft: Draft) -> File:
    """The file ends within its header."""
    content = draft.csv().content
    return File(content[: draft.rng.randrange(1, _below_header(content))])


@kind("bytes")
def cut_in_last_row(draft: Draft) -> File:
    """The last row has lost its second half."""
    lines = draft.lines()
    return File(b"\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))


@kind("bytes")
def nul_inserted(draft: Draft) -> File:
    """A NUL stands somewhere below the header."""
    content = draft.csv().content
    at = somewhere(draft, content, _below_header(content))
    return File(content[:at] + b"\0" + content[at:])


@kind("bytes")
def nul_block(draft: Draft) -> File:
    """A block of the file is NULs, as after a crash of its disk."""
    content = draft.csv().content
    at, size = somewhere(draft, content), draft.rng.randrange(1, 512)
    return File(content[:at] + bytes(size) + content[at + size :])


@kind("bytes")
def control_z_inserted(draft: Draft) -> File:
    """The end mark of DOS stands in the middle, where files were joined."""
    lines = draft.lines()
    at = draft.rng.randrange(2, ROWS)
    return File(b"\n".join([*lines[:at], b"\x1a" + lines[at], *lines[at + 1 :]]) + b"\n")


@kind("bytes")
def block_doubled(draft: Draft) -> File:
    """A block of bytes comes twice."""
    content = draft.csv().content
    at = somewhere(draft, content)
    end = at + draft.rng.randrange(1, 2000)
    return File(content[:end] + content[at:end] + content[end:])


@kind("bytes")
def block_lost(draft: Draft) -> File:
    """A block of bytes is missing."""
    content = draft.csv().content
    at = somewhere(draft, content)
    return File(content[:at] + content[at + draft.rng.randrange(1, 2000) :])


@kind("bytes")
def blocks_swapped(draft: Draft) -> File:
    """Two blocks below the header have changed places."""
    content = draft.csv().content
    a, b, c = sorted(somewhere(draft, content, _below_header(content)) for _ in range(3))
    return File(content[:a] + content[b:c] + content[a:b] + content[c:])


@kind("bytes")
def random_bytes(draft: Draft) -> File:
    """The file is noise."""
    return File(draft.rng.randbytes(draft.rng.randrange(1, 4000)))


@kind("bytes")
def empty_file(draft: Draft) -> File:
    """The file has no byte."""
    return File(b"")


@kind("bytes")
def blank_file(draft: Draft) -> File:
    """The file holds blank lines alone."""
    return File(draft.rng.choice((b"\n", b"\r\n\r\n", b" \n", b"\t\n", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n")))


@kind("bytes")
def foreign_format(draft: Draft) -> File:
    """The file is of a format that is no table for this reader."""
    start = draft.rng.choice(
        (b"%PDF-1.4\n", b"<html><table>", b'{"a": [', b"SQLite format 3\0", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1")
    )
    return File(start + draft.csv().content)


# --- line ends and padding


@kind("line ends", harmless=True)
def windows_line_ends(draft: Draft) -> File:
    """Lines end as on Windows."""
    return draft.csv(end="\r\n")


@kind("line ends", harmless=True)
def old_mac_line_ends(draft: Draft) -> File:
    """Lines end with a carriage return alone."""
    return draft.csv(end="\r")


@kind("line ends", harmless=True)
def mixed_line_ends(draft: Draft) -> File:
    """Each line ends in its own way."""
    return File(b"".join(line + draft.rng.choice((b"\n", b"\r\n")) for line in draft.lines()))


@kind("line ends", harmless=True)
def doubled_returns(draft: Draft) -> File:
    """Lines end with two carriage returns and a line feed, as text transfers leave them."""
    return draft.csv(end="\r\r\n")


@kind("line ends", harmless=True)
def no_end_of_last_line(draft: Draft) -> File:
    """The last line has no end."""
    return File(draft.csv().content[:-1])


@kind("line ends", harmless=True)
def padded_with_nul(draft: Draft) -> File:
    """NULs pad the file to whole blocks."""
    return File(draft.csv().content + bytes(512))


@kind("line ends", harmless=True)
def ended_by_control_z(draft: Draft) -> File:
    """The end mark of DOS stands last."""
    return File(draft.csv(end="\r\n").content + b"\x1a")


@kind("line ends", harmless=True)
def blank_lines(draft: Draft) -> File:
    """Blank lines stand between rows."""
    return File(b"".join(line + draft.rng.choice((b"\n", b"\n\n", b"\n \n")) for line in draft.lines()))


@kind("line ends", harmless=True)
def blank_lines_at_end(draft: Draft) -> File:
    """Blank lines stand at the end."""
    return File(draft.csv().content + b"\n" * draft.rng.randrange(1, 30))


# --- encodings


@kind("encodings", harmless=True)
def utf8_mark(draft: Draft) -> File:
    """A byte order mark stands in front."""
    return File(codecs.BOM_UTF8 + draft.csv().content)


@kind("encodings", harmless=True)
def utf8_mark_twice(draft: Draft) -> File:
    """Two programs each put a mark in front."""
    return File(codecs.BOM_UTF8 * 2 + draft.csv().content)


@kind("encodings", harmless=True)
def utf8_mark_in_the_middle(draft: Draft) -> File:
    """A mark stands before a row in the middle, where files were joined."""
    lines = draft.lines()
    at = draft.rng.randrange(1, len(lines))
    return File(b"\n".join([*lines[:at], codecs.BOM_UTF8 + lines[at], *lines[at + 1 :]]) + b"\n")


@kind("encodings", harmless=True)
def utf16_little(draft: Draft) -> File:
    """The file is UTF-16, as Excel calls Unicode text."""
    return File(draft.text(delimiter="\t", end="\r\n").encode("utf-16"))


@kind("encodings", harmless=True)
def utf16_big(draft: Draft) -> File:
    """The file is UTF-16 of the other byte order."""
    return File(codecs.BOM_UTF16_BE + draft.text().encode("utf-16-be"))


@kind("encodings")
def utf16_without_mark(draft: Draft) -> File:
    """The file is UTF-16 and does not say so."""
    return File(draft.text().encode(draft.rng.choice(("utf-16-le", "utf-16-be"))))


@kind("encodings")
def utf16_cut(draft: Draft) -> File:
    """UTF-16 text ends within a letter."""
    content = draft.text().encode("utf-16")
    return File(content[: somewhere(draft, content, 3) | 1])


@kind("encodings")
def utf32(draft: Draft) -> File:
    """The file is UTF-32."""
    return File(draft.text().encode("utf-32"))


@kind("encodings", harmless=True)
def windows_letters(draft: Draft) -> File:
    """The whole file is Windows-1252."""
    return File(draft.text(delimiter=";").encode("cp1252"))


@kind("encodings", harmless=True)
def letters_by_line(draft: Draft) -> File:
    """Some lines are UTF-8 and some Windows-1252."""
    lines = draft.csv().content.decode().splitlines(keepends=True)
    return File(b"".join(line.encode(draft.rng.choice(("utf-8", "cp1252"))) for line in lines))


@kind("encodings")
def invalid_utf8(draft: Draft) -> File:
    """Bytes that are no letter in UTF-8, nor in Windows-1252."""
    content = draft.csv().content
    at = somewhere(draft, content, _below_header(content))
    return File(content[:at] + draft.rng.choice((b"\x81", b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80")) + content[at:])


@kind("encodings")
def mark_before_windows_letters(draft: Draft) -> File:
    """The mark says UTF-8, the text is Windows-1252."""
    return File(codecs.BOM_UTF8 + draft.text().encode("cp1252"))


@kind("encodings")
def ebcdic(draft: Draft) -> File:
    """The file comes from a mainframe."""
    return File(draft.text().encode("cp500", "replace"))


# --- delimiters and quotes


@kind("delimiters", harmless=True)
def semicolons(draft: Draft) -> File:
    """Semicolons divide, as in Excel of Indonesia."""
    return draft.csv(delimiter=";")


@kind("delimiters", harmless=True)
def tabs(draft: Draft) -> File:
    """Tabs divide."""
    return draft.csv(delimiter="\t")


@kind("delimiters", harmless=True)
def bars(draft: Draft) -> File:
    """Bars divide."""
    return draft.csv(delimiter="|")


@kind("delimiters", harmless=True)
def separator_line(draft: Draft) -> File:
    """The first line tells Excel the delimiter."""
    delimiter = draft.rng.choice(";,|\t~^")
    return File(f"sep={delimiter}\r\n".encode() + draft.csv(delimiter=delimiter).content)


@kind("delimiters")
def wrong_separator_line(draft: Draft) -> File:
    """The first line tells another delimiter than the one used."""
    return File(b"sep=^\n" + draft.csv().content)


@kind("delimiters", harmless=True)
def delimiters_at_line_ends(draft: Draft) -> File:
    """Every line ends with delimiters, as from a sheet with formats beyond its data."""
    return File(b"".join(line + b",,\n" for line in draft.lines()))


@kind("delimiters")
def delimiter_at_one_line_end(draft: Draft) -> File:
    """One line ends with a delimiter too many."""
    lines = draft.lines()
    lines[draft.rng.randrange(1, len(lines))] += b","
    return File(b"\n".join(lines) + b"\n")


@kind("delimiters", harmless=True)
def lines_of_delimiters(draft: Draft) -> File:
    """Rows without any value stand between the others."""
    nothing = b"," * (len(draft.labels) - 1)
    return File(b"".join(line + draft.rng.choice((b"\n", b"\n" + nothing + b"\n")) for line in draft.lines()))


@kind("delimiters")
def one_line_of_other_delimiters(draft: Draft) -> File:
    """One line is divided otherwise."""
    lines = draft.lines()
    at = draft.rng.randrange(1, len(lines))
    lines[at] = lines[at].replace(b",", b";")
    return File(b"\n".join(lines) + b"\n")


@kind("quotes", harmless=True)
def all_quoted(draft: Draft) -> File:
    """Every value stands in quotes."""
    return draft.csv(quoting=csv.QUOTE_ALL)


@kind("quotes")
def quote_unclosed(draft: Draft) -> File:
    """A quote opens and never closes."""
    lines = draft.lines()
    at = draft.rng.randrange(1, len(lines))
    lines[at] = lines[at].replace(b",", b',"', 1)
    return File(b"\n".join(lines) + b"\n")


@kind("quotes")
def quote_stray(draft: Draft) -> File:
    """A quote stands somewhere in a row."""
    content = draft.csv().content
    at = somewhere(draft, content, _below_header(content))
    return File(content[:at] + b'"' + content[at:])


@kind("quotes")
def quotes_by_backslash(draft: Draft) -> File:
    """A quote within a value is marked by a backslash."""
    place = draft.pick("string")
    draft.rows[draft.rng.randrange(ROWS)][place] = 'Haji "Abdullah" Situmeang'
    return File(draft.csv().content.replace(b'""', b'\\"'))


@kind("quotes")
def quote_doubled(draft: Draft) -> File:
    """A value holds a quote, doubled as it should be."""
    return draft.cell('Haji "Abdullah" Situmeang', "string", personal=True)


@kind("quotes")
def delimiter_in_quotes(draft: Draft) -> File:
    """A value holds every delimiter, in quotes."""
    return draft.cell("Situmeang, S.H.; M.Kn | Toba\tSamosir", "string", personal=True)


@kind("quotes")
def delimiter_bare(draft: Draft) -> File:
    """A title behind a name stands without quotes."""
    lines = draft.lines()
    at = draft.rng.randrange(1, len(lines))
    parts = lines[at].split(b",")
    parts[draft.rng.randrange(len(parts))] += b", S.Pd"
    lines[at] = b",".join(parts)
    return File(b"\n".join(lines) + b"\n")


@kind("quotes")
def line_break_in_quotes(draft: Draft) -> File:
    """A value of an address holds a line break."""
    return draft.cell("Gang Mangga\nNomor 12", "string", personal=True)


@kind("quotes")
def many_line_breaks_in_quotes(draft: Draft) -> File:
    """A value holds a thousand line breaks."""
    draft.rows[draft.rng.randrange(ROWS)][draft.pick("string")] = "a\n" * 1000
    return draft.csv()


# --- rows


@kind("rows")
def field_missing(draft: Draft) -> File:
    """A row lacks a field."""
    row = draft.rows[draft.rng.randrange(ROWS)]
    del row[draft.rng.randrange(len(row))]
    return draft.csv()


@kind("rows")
def field_too_many(draft: Draft) -> File:
    """A row has a field too many."""
    row = draft.rows[draft.rng.randrange(ROWS)]
    row.insert(draft.rng.randrange(len(row) + 1), draft.rng.choice(("", "1", "Karangsari")))
    return draft.csv()


@kind("rows")
def row_shifted(draft: Draft) -> File:
    """The values of a row stand one column further."""
    row = draft.rows[draft.rng.randrange(ROWS)]
    row.insert(2, row.pop())
    return draft.carried()


@kind("rows")
def one_field_alone(draft: Draft) -> File:
    """A row holds nothing but a word."""
    draft.rows.insert(draft.rng.randrange(ROWS), ["keterangan"])
    return draft.csv()


@kind("rows", harmless=True)
def rows_in_another_order(draft: Draft) -> File:
    """The rows are sorted otherwise."""
    draft.rng.shuffle(draft.rows)
    return draft.carried()


@kind("rows")
def all_rows_twice(draft: Draft) -> File:
    """The file was appended to itself."""
    draft.rows += [list(row) for row in draft.rows]
    return draft.carried()


@kind("rows")
def totals_row(draft: Draft) -> File:
    """A row of totals stands below the table."""
    draft.rows.append([draft.rng.choice(("JUMLAH", "Total", "")), *("99",) * (len(draft.labels) - 1)])
    return draft.carried()


@kind("rows")
def footer_text(draft: Draft) -> File:
    """A line of text stands below the table."""
    return File(
        draft.csv().content + draft.rng.choice((b"Sumber: Dinas Sosial", b"Dicetak 12/03/2025\n", b"-- end --\n"))
    )


@kind("rows")
def very_long_line(draft: Draft) -> File:
    """One value has a million letters."""
    draft.rows[draft.rng.randrange(ROWS)][draft.pick("string")] = "Karangsari " * 100_000
    return draft.csv()


@kind("rows", harmless=True)
def blanks_around_values(draft: Draft) -> File:
    """Blanks stand around every value, as in fields of a fixed length."""
    draft.rows = [
        [f"{' ' * draft.rng.randrange(3)}{value}  " if value else value for value in row] for row in draft.rows
    ]
    return draft.carried()


@kind("rows", harmless=True)
def no_rows_but_the_plain(draft: Draft) -> File:
    """Nothing is changed."""
    return draft.carried()


@kind("rows")
def header_alone(draft: Draft) -> File:
    """The file has a header and no row."""
    draft.rows = []
    return draft.csv() if draft.rng.random() < 0.5 else File(draft.csv().content.rstrip(b"\n"))


# --- headers


@kind("header", harmless=True)
def header_of_other_case(draft: Draft) -> File:
    """The labels are of other capitals."""
    draft.labels = [draft.rng.choice((label.upper(), label.title())) for label in draft.labels]
    return draft.carried()


@kind("header", harmless=True)
def header_with_blanks(draft: Draft) -> File:
    """Blanks stand where the contract has underscores, and around the labels."""
    draft.labels = [f" {label.replace('_', draft.rng.choice((' ', '-', '.')))} " for label in draft.labels]
    return draft.carried()


@kind("header", harmless=True)
def header_with_line_breaks(draft: Draft) -> File:
    """A label goes over two lines."""
    at = next((i for i, label in enumerate(draft.labels) if "_" in label), 0)
    draft.labels[at] = draft.labels[at].replace("_", "\n")
    return draft.csv()


@kind("header", harmless=True)
def columns_in_another_order(draft: Draft) -> File:
    """The columns stand in another order."""
    order = list(range(len(draft.labels)))
    draft.rng.shuffle(order)
    draft.labels, *draft.rows = [[line[i] for i in order] for line in [draft.labels, *draft.rows]]
    return draft.carried()


@kind("header", harmless=True)
def office_columns(draft: Draft) -> File:
    """An office added columns of its own."""
    names = ("No", "No.", "Kolom1", "Unnamed: 0", "catatan", "tahun 2024", "tgl_update", "Desil 2023", "kolom_17")
    label = draft.rng.choice(names)
    at = draft.rng.choice((0, len(draft.labels)))
    draft.labels.insert(at, label)
    for number, row in enumerate(draft.rows, start=1):
        row.insert(at, str(number))
    return draft.carried()


@kind("header", harmless=True)
def column_without_label(draft: Draft) -> File:
    """A column at the end has no label, and no values."""
    draft.labels.append("")
    for row in draft.rows:
        row.append("")
    return draft.carried()


@kind("header", harmless=True)
def header_again(draft: Draft) -> File:
    """The header comes again, as on every printed page."""
    draft.rows.insert(draft.rng.randrange(1, ROWS), list(draft.labels))
    return draft.carried()


@kind("header", harmless=True)
def numbers_below_header(draft: Draft) -> File:
    """The row below the header numbers the columns."""
    how = draft.rng.choice(("({})", "{}", "[{}]"))
    draft.rows.insert(0, [how.format(i) for i in range(1, len(draft.labels) + 1)])
    return draft.carried()


@kind("header", harmless=True)
def titles_above(draft: Draft) -> File:
    """Titles stand above the header."""
    return File(b"DAFTAR PENERIMA BANTUAN\n\nKabupaten Banyumas,,\n" + draft.csv().content)


@kind("header")
def thirty_titles_above(draft: Draft) -> File:
    """More lines stand above the header than are looked at."""
    return File(b"".join(b"Kecamatan nomor %d\n" % i for i in range(30)) + draft.csv().content)


@kind("header")
def header_moved(draft: Draft) -> File:
    """The header stands below the first rows."""
    lines = draft.lines()
    at = draft.rng.randrange(2, 10)
    return File(b"\n".join([*lines[1:at], lines[0], *lines[at:]]) + b"\n")


@kind("header", searched=True)
def header_missing(draft: Draft) -> File:
    """The first row is a person."""
    return File(b"\n".join(draft.lines()[1:]) + b"\n")


@kind("header", searched=True)
def header_glued_to_first_row(draft: Draft) -> File:
    """The line end after the header is lost, and a person stands in the header."""
    content = draft.csv(delimiter=draft.rng.choice(",;|\t")).content
    return File(content.replace(b"\n", draft.rng.choice((b"", b" ")), 1))


@kind("header", searched=True)
def header_followed_by_a_row(draft: Draft) -> File:
    """The first row stands beside the header, as in a sheet that was pasted together."""
    draft.labels += draft.rows.pop(0)
    return draft.carried()


@kind("header", searched=True)
def person_as_label(draft: Draft) -> File:
    """A column that the contract does not know is called after a person."""
    return _labelled(draft, f"{draft.rng.choice(GIVEN)} {PERSON}", PERSON)


@kind("header", searched=True)
def number_as_label(draft: Draft) -> File:
    """A column is called after a population number."""
    return _labelled(draft, draft.rng.choice((NIK, f"'{NIK}", f"NIK {NIK}")), NIK)


@kind("header", searched=True)
def address_as_label(draft: Draft) -> File:
    """A column is called after an address."""
    return _labelled(draft, "Jalan Cendrawasih Timur 417", "Jalan Cendrawasih Timur 417")


@kind("header", searched=True)
def markup_as_label(draft: Draft) -> File:
    """A label holds HTML, markup of the terminal and escape sequences around a person."""
    around = draft.rng.choice(
        ("<script>{}</script>", "[bold]{}[/]", "\x1b[31m{}", "{}\u202e", "=HYPERLINK({})", "{};DROP")
    )
    return _labelled(draft, around.format(PERSON), PERSON)


@kind("header", searched=True)
def person_instead_of_a_label(draft: Draft) -> File:
    """A required column is called after a person, whose name is like the column's."""
    name = "nama" if "nama" in draft.labels else draft.table.required[-1]
    draft.labels[draft.labels.index(name)] = draft.rng.choice(("Namaa Purnamasari", "Ramanama", PERSON))
    file = draft.carried()
    file.personal = ("Namaa Purnamasari", "Ramanama", PERSON)
    return file


def _labelled(draft: Draft, label: str, *personal: str) -> File:
    at = draft.rng.randrange(len(draft.labels) + 1)
    draft.labels.insert(at, label)
    for row in draft.rows:
        row.insert(at, "1")
    file = draft.carried()
    file.personal = personal
    return file


@kind("header")
def required_column_renamed(draft: Draft) -> File:
    """A required column has a name that nobody knows."""
    draft.labels[draft.labels.index(draft.rng.choice(draft.table.required))] = "xyz"
    return draft.carried()


@kind("header")
def required_column_misspelt(draft: Draft) -> File:
    """A required column is misspelt."""
    at = draft.labels.index(draft.rng.choice(draft.table.required))
    draft.labels[at] = draft.labels[at][:-1] + draft.rng.choice("xyz")
    return draft.carried()


@kind("header")
def column_twice(draft: Draft) -> File:
    """A column comes twice."""
    at = draft.rng.randrange(len(draft.labels))
    for line in [draft.labels, *draft.rows]:
        line.append(line[at])
    return draft.carried()


@kind("header")
def second_header_otherwise(draft: Draft) -> File:
    """A second table with its columns in another order stands below."""
    return File(
        draft.csv().content + b"\n".join(b",".join(line.split(b",")[::-1]) for line in draft.lines()[:5]) + b"\n"
    )


@kind("header")
def two_tables_side_by_side(draft: Draft) -> File:
    """A second table stands beside the first."""
    for line in [draft.labels, *draft.rows]:
        line += ["", *line]
    return draft.carried()


@kind("header")
def thousands_of_columns(draft: Draft) -> File:
    """Five thousand columns that nobody knows stand beside the others."""
    draft.labels += [f"tambahan_{i}" for i in range(5000)]
    for row in draft.rows:
        row += ["1"] * 5000
    return draft.csv()
