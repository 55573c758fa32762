"""Mutations of the header, and of what stands above or beside it.

What belongs here: labels and columns. Some of the labels are persons, who must not be named in what leaves.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import GIVEN, NIK, PERSON, ROWS
from benchmarks.fuzz.register import kind


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
