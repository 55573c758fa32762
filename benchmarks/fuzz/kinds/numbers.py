"""Mutations of numbers, in files of any format.

What belongs here: what stands in one such cell, or in all of a column. Where one cell is touched (``Draft.cell``), all others
must come out as they were, and that one as it was written or with a note. The same holds for codes, dates and
texts.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import NUMBERS, Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.register import kind


@kind("numbers")
def number_huge(draft: Draft) -> File:
    """A number is larger than anything of its kind."""
    return draft.cell(draft.rng.choice(("1e99", "2147483647", "9223372036854775808", "1e309", "9" * 60)), *NUMBERS)


@kind("numbers")
def number_negative(draft: Draft) -> File:
    """A number is below zero."""
    return draft.cell(draft.rng.choice(("-1", "-99", "(5)", "-0.5")), *NUMBERS)


@kind("numbers")
def number_not_a_number(draft: Draft) -> File:
    """A number is what programs print for none."""
    return draft.cell(draft.rng.choice(("NaN", "nan", "inf", "-Infinity", "#NUM!", "1.#QNAN")), *NUMBERS)


@kind("numbers")
def number_zero_with_sign(draft: Draft) -> File:
    """A zero has a sign or a fraction."""
    return draft.cell(draft.rng.choice(("-0", "+0", "0.0", "-0.000")), *NUMBERS)


@kind("numbers")
def number_with_exponent(draft: Draft) -> File:
    """A number has an exponent."""
    return draft.cell(draft.rng.choice(("2E+0", "1.5e1", "3e-1", "1e0", "4E")), *NUMBERS)


@kind("numbers")
def number_with_comma(draft: Draft) -> File:
    """A fraction stands behind a comma."""
    return draft.cell(draft.rng.choice(("2,5", "36,00", "0,75")), "decimal")


@kind("numbers")
def number_with_thousands(draft: Draft) -> File:
    """Points or commas group the digits."""
    return draft.cell(draft.rng.choice(("1.500.000", "1,500,000", "1 500 000", "1'500'000", "1.500")), *NUMBERS)


@kind("numbers")
def number_with_unit(draft: Draft) -> File:
    """A number has its unit beside it."""
    return draft.cell(draft.rng.choice(("Rp 5", "7 m2", "3 orang", "5%", "± 4", "1/2", "2-3", ">5", "$4")), *NUMBERS)


@kind("numbers")
def number_in_words(draft: Draft) -> File:
    """A number stands in words."""
    return draft.cell(draft.rng.choice(("tiga", "dua puluh", "lima belas", "O", "l0", "1O")), *NUMBERS)


@kind("numbers")
def number_of_other_digits(draft: Draft) -> File:
    """A number is of wide or Arabic digits."""
    return draft.cell(draft.rng.choice(("\uff13", "\u0663", "\u09e9", "\u00b2", "\u2462", "\u2167")), *NUMBERS)


@kind("numbers", harmless=True)
def numbers_with_empty_fraction(draft: Draft) -> File:
    """Whole numbers have a point and a zero, as pandas writes them."""
    draft.each(lambda value: f"{value}.0", "integer")
    return draft.carried()


@kind("numbers", harmless=True)
def numbers_with_decimal_comma(draft: Draft) -> File:
    """Fractions of a column stand behind commas."""
    draft.each(lambda value: value.replace(".", ","), "decimal")
    return draft.carried()


@kind("numbers", harmless=True)
def numbers_as_formulas_of_text(draft: Draft) -> File:
    """Numbers stand as ="3", so that Excel leaves them alone."""
    draft.each(lambda value: f'="{value}"', "integer", "code", "decimal")
    return draft.carried()
