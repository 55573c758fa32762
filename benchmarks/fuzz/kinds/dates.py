"""Mutations of dates, in files of any format.

What belongs here: what stands in one cell of a date, or in all of a column.
"""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.register import kind
from dtsen_pipeline.dashboard.words import BULAN


@kind("dates")
def date_impossible(draft: Draft) -> File:
    """A date is of a day that no month has."""
    return draft.cell(draft.rng.choice(("2001-02-30", "31/11/1999", "1999-13-45", "00/00/1990", "32-01-2000")), "date")


@kind("dates")
def date_ambiguous(draft: Draft) -> File:
    """A date of the form D/M/Y stands alone among ISO dates."""
    return draft.cell(draft.rng.choice(("03/04/1985", "3-4-85", "1/2/2003", "11.12.99")), "date")


@kind("dates")
def date_before_1900(draft: Draft) -> File:
    """A date is older than anybody."""
    return draft.cell(draft.rng.choice(("1875-05-04", "0001-01-01", "1066-10-14", "-0044-03-15", "01/01/1800")), "date")


@kind("dates")
def date_in_future(draft: Draft) -> File:
    """A date has not come yet."""
    return draft.cell(draft.rng.choice(("2099-01-01", "9999-12-31", "31/12/2525", "2025-04-01", "10000-01-01")), "date")


@kind("dates")
def date_zero(draft: Draft) -> File:
    """A date is the zero of a program."""
    return draft.cell(
        draft.rng.choice(("1899-12-30", "1970-01-01", "0000-00-00", "1900-01-00", "0", "1753-01-01", "00000000")),
        "date",
    )


@kind("dates")
def date_as_number(draft: Draft) -> File:
    """A date is a number of a spreadsheet or a program."""
    return draft.cell(
        draft.rng.choice(("32874", "32874.5", "19900101", "-1", "631152000", "631152000000", "1")), "date"
    )


@kind("dates")
def date_with_clock(draft: Draft) -> File:
    """A date has a clock and a zone."""
    clocks = ("1990-01-02T00:00:00Z", "1990-01-02 17:00:00+00", "1990-01-02 25:61:61", "1/2/1990 12:00 AM")
    return draft.cell(draft.rng.choice(clocks), "date")


@kind("dates")
def date_in_words(draft: Draft) -> File:
    """A date has the name of a month."""
    days = ("17 Agustus 1990", "17-Agt-90", "Aug 17, 1990", "17 Agustsu 1990", "17 Ramadan 1410", "Senin, 17/08/1990")
    return draft.cell(draft.rng.choice(days), "date")


@kind("dates")
def date_of_nothing(draft: Draft) -> File:
    """A date is no date at all."""
    return draft.cell(draft.rng.choice(("tidak tahu", "--/--/----", "????", "1990", "VIII/90", "#######")), "date")


@kind("dates", harmless=True)
def dates_by_slashes(draft: Draft) -> File:
    """Every date of a column is DD/MM/YYYY."""
    draft.each(lambda value: date.fromisoformat(value).strftime("%d/%m/%Y"), "date")
    return draft.carried()


@kind("dates", harmless=True)
def dates_with_midnight(draft: Draft) -> File:
    """Every date of a column has the clock of midnight."""
    draft.each(lambda value: f"{value} 00:00:00", "date")
    return draft.carried()


@kind("dates", harmless=True)
def dates_in_words(draft: Draft) -> File:
    """Every date of a column has an Indonesian month."""
    draft.each(lambda v: f"{int(v[8:])} {BULAN[int(v[5:7]) - 1].id} {v[:4]}", "date")
    return draft.carried()


@kind("dates", harmless=True)
def dates_as_day_numbers(draft: Draft) -> File:
    """Every date of a column is the number that a spreadsheet keeps."""
    draft.each(lambda value: str((date.fromisoformat(value) - date(1899, 12, 30)).days), "date")
    return draft.csv()


@kind("dates")
def dates_of_two_orders(draft: Draft) -> File:
    """Half of a column is DD/MM/YYYY and half MM/DD/YYYY."""
    draft.each(lambda v: date.fromisoformat(v).strftime(draft.rng.choice(("%d/%m/%Y", "%m/%d/%Y"))), "date")
    return draft.carried()


@kind("dates")
def dates_of_two_digit_years(draft: Draft) -> File:
    """Years of a column have two digits."""
    draft.each(lambda value: date.fromisoformat(value).strftime("%d/%m/%y"), "date")
    return draft.carried()


@kind("dates")
def dates_of_any_form(draft: Draft) -> File:
    """Every date of a column is of another form and often another day."""
    forms = ("%Y%m%d", "%d-%m-%Y", "%d.%m.%y", "%d %b %Y", "%Y/%m/%d", "%j/%Y", "%A")
    draft.each(
        lambda v: (date.fromisoformat(v) + timedelta(draft.rng.randrange(99))).strftime(draft.rng.choice(forms)), "date"
    )
    return draft.carried()
