"""Mutations of whole rows.

What belongs here: fields too few or too many, rows added, lost or in another order.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import ROWS
from benchmarks.fuzz.register import kind


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
