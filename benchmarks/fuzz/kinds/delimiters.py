"""Mutations of what divides and quotes the values of a CSV.

What belongs here: delimiters and quotes, those that are right and those that are not.
"""

from __future__ import annotations

import csv

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, below_header
from benchmarks.fuzz.plain_rows import ROWS
from benchmarks.fuzz.register import kind


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
    at = draft.somewhere(content, below_header(content))
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
