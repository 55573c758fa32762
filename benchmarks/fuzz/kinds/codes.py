"""Mutations of codes and labels, in files of any format.

What belongs here: what stands in one cell of a list of the contract, or in all of a column.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import LISTS, Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.register import kind


@kind("codes", harmless=True)
def codes_with_empty_fraction(draft: Draft) -> File:
    """Codes have a point and a zero."""
    draft.each(lambda value: f"{value}.0" if value.isdigit() else value, "code")
    return draft.carried()


@kind("codes", harmless=True)
def codes_with_zero_in_front(draft: Draft) -> File:
    """Codes of one digit have a zero in front."""
    draft.each(lambda value: f"0{value}" if len(value) == 1 else value, "code")
    return draft.carried()


@kind("codes", harmless=True)
def labels_of_other_case(draft: Draft) -> File:
    """Labels are of other capitals and blanks."""
    draft.each(lambda value: draft.rng.choice((value.upper(), value.lower(), f" {value} ")), "label")
    return draft.carried()


@kind("codes")
def code_unknown(draft: Draft) -> File:
    """A code is not on its list."""
    return draft.cell(draft.rng.choice(("97", "-1", "1;2", "1 - ya", "A", "ya")), "code")


@kind("codes")
def label_unknown(draft: Draft) -> File:
    """A label is not on its list."""
    return draft.cell(draft.rng.choice(("TIDAK DIKENAL", "1", "Y", "Lain-lain", "yaa")), "label")


@kind("codes")
def truth_values(draft: Draft) -> File:
    """A code or label is a truth value of a program."""
    return draft.cell(draft.rng.choice(("TRUE", "False", "t", "1.0", "yes")), *LISTS)


@kind("codes")
def column_of_unknown_codes(draft: Draft) -> File:
    """Every code of a column is of another list."""
    draft.each(lambda value: f"K{value}", *LISTS)
    return draft.carried()
