"""Mutations of values and keys, in files of any format.

What belongs here: what stands in a single cell, or in all cells of a column. Where one cell is touched (``Draft.cell``), all others
must come out as they were, and that one as it was written or with a note.
"""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.fuzz.draft import ROWS, Draft, File
from benchmarks.fuzz.kinds import kind
from benchmarks.fuzz.text_kinds import NIK, PERSON
from dtsen_pipeline.dashboard.words import BULAN

NUMBERS = ("integer", "decimal")
LISTS = ("code", "label")


def _planted(file: File, *personal: str) -> File:
    file.personal = personal
    return file


# --- numbers


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


# --- codes and labels


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


# --- dates


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
    draft.each(lambda v: f"{int(v[8:])} {BULAN[int(v[5:7]) - 1][0]} {v[:4]}", "date")
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


# --- numbers of persons


def _nik(draft: Draft, value: str) -> File:
    """One population or card number, where it is no key."""
    names = [n for n in draft.view.columns if n in ("nik", "nokk", "no_kk") and n not in draft.table.ids]
    if not names:
        raise LookupError
    name, row = draft.rng.choice(names), draft.rng.randrange(ROWS)
    draft.rows[row][draft.view.columns.index(name)] = value
    file = draft.carried()
    file.touched = row, name, value
    return file


@kind("numbers of persons")
def nik_of_15_digits(draft: Draft) -> File:
    """A population number has lost a digit."""
    return _nik(draft, NIK[:15])


@kind("numbers of persons")
def nik_of_17_digits(draft: Draft) -> File:
    """A population number has a digit too many."""
    return _nik(draft, NIK + "7")


@kind("numbers of persons")
def nik_with_apostrophe(draft: Draft) -> File:
    """An apostrophe stands before a population number."""
    return _nik(draft, f"'{NIK}")


@kind("numbers of persons")
def nik_scientific(draft: Draft) -> File:
    """A spreadsheet rounded a population number."""
    return _nik(draft, draft.rng.choice(("3.17502E+15", "3,17502E+15", "3.175E15", "3175016708920000.0")))


@kind("numbers of persons")
def nik_with_marks(draft: Draft) -> File:
    """Marks group a population number."""
    return _nik(draft, draft.rng.choice(("3175.0167.0892.0004", "317501 670892 0004", "31-75-01-670892-0004")))


@kind("numbers of persons")
def nik_with_letters(draft: Draft) -> File:
    """Letters stand for digits in a population number."""
    return _nik(draft, draft.rng.choice(("31750I67O8920004", "NIK: 3175016708920004", "tidak ada", "0" * 16, "9" * 16)))


# --- texts


def _text(draft: Draft, value: str) -> File:
    return draft.cell(value, "string")


@kind("texts")
def formula(draft: Draft) -> File:
    """A value would be a formula in a spreadsheet."""
    return _text(draft, draft.rng.choice(("=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+62811", "-2+3", "=cmd|' /C calc'!A0")))


@kind("texts")
def formula_in_typed_column(draft: Draft) -> File:
    """A number, code or date would be a formula."""
    return draft.cell(draft.rng.choice(("=1+1", "=A1", '="2"', "=", '=""')), *NUMBERS, *LISTS, "date")


@kind("texts")
def spreadsheet_error(draft: Draft) -> File:
    """A value is an error of a spreadsheet."""
    return draft.cell(draft.rng.choice(("#REF!", "#N/A", "#VALUE!", "Err:502", "#NAME?", "#DIV/0!", "#######")))


@kind("texts")
def no_answer(draft: Draft) -> File:
    """A value is a mark for no answer."""
    return draft.cell(draft.rng.choice(("-", "N/A", "NULL", "null", "None", r"\N", "tidak tahu", "TT", ".", "?", "''")))


@kind("texts")
def control_characters(draft: Draft) -> File:
    """A value holds control characters."""
    return _text(draft, f"Krajan{chr(draft.rng.choice((1, 7, 8, 11, 12, 27, 127, 133, 0x9F)))}Lor")


@kind("texts")
def terminal_escape(draft: Draft) -> File:
    """A value tells the terminal to clear itself."""
    return _text(draft, "\x1b[2J\x1b]0;pwned\x07Krajan")


@kind("texts")
def bidirectional(draft: Draft) -> File:
    """A value turns the direction of writing."""
    return _text(draft, "Krajan \u202enamirahuS\u202c \u2066x\u2069")


@kind("texts")
def emoji(draft: Draft) -> File:
    """A value holds pictures beyond the first plane."""
    return _text(draft, "Krajan \U0001f3e0\U0001f468\u200d\U0001f469\u200d\U0001f467 Lor")


@kind("texts")
def stacked_marks(draft: Draft) -> File:
    """A value has a hundred marks over one letter."""
    return _text(draft, "K" + "\u0301" * 100 + "rajan")


@kind("texts")
def invisible(draft: Draft) -> File:
    """A value holds signs without width, or nothing else."""
    return _text(draft, draft.rng.choice(("Kra\u200bjan", "\ufeffKrajan", "\u2060", "Kra\u00adjan", "\u3164")))


@kind("texts")
def odd_blanks(draft: Draft) -> File:
    """A value holds blanks of other kinds."""
    return _text(
        draft, draft.rng.choice(("Krajan\u00a0Lor", "\u2003Krajan", "Krajan\u2028Lor", "\u00a0", "Krajan\tLor"))
    )


@kind("texts")
def very_long(draft: Draft) -> File:
    """A value has forty thousand letters."""
    return _text(draft, "Karangsari " * 4000)


@kind("texts")
def injected_sql(draft: Draft) -> File:
    """A value would end a statement of SQL."""
    return _text(
        draft, draft.rng.choice(("'; drop schema raw cascade; --", 'x" or 1=1', "$1 {} %s {{ ref }}", "a' || 'b"))
    )


@kind("texts")
def injected_html(draft: Draft) -> File:
    """A value holds a script."""
    return _text(draft, "<script>alert(1)</script><img src=x onerror=y>&amp;")


@kind("texts")
def injected_markup(draft: Draft) -> File:
    """A value holds markup of the terminal."""
    return _text(draft, draft.rng.choice(("[bold red]Krajan[/]", "[/]", "[link=http://x]y", "\\[x]")))


@kind("texts")
def injected_json(draft: Draft) -> File:
    """A value would end a text of JSON."""
    return _text(draft, '"},{"_teks":"x\\u0000\\')


@kind("texts")
def path_for_a_value(draft: Draft) -> File:
    """A value is a path."""
    return _text(draft, draft.rng.choice(("../../../etc/passwd", "C:\\Windows", "file:///etc/passwd", "~/.ssh")))


@kind("texts")
def the_reader_s_own_words(draft: Draft) -> File:
    """A value is a word by which the reader means something."""
    return _text(
        draft, draft.rng.choice(("\ue000", "jumlah_kolom", "lebih_kosong", "_teks", "tanpa_jawaban", "kosong"))
    )


@kind("texts", searched=True)
def person_in_typed_column(draft: Draft) -> File:
    """A name stands where a number, code or date belongs."""
    return _planted(draft.cell(PERSON, *NUMBERS, *LISTS, "date"), PERSON)


@kind("texts", searched=True)
def number_in_typed_column(draft: Draft) -> File:
    """A population number stands where another number, code or date belongs."""
    return _planted(draft.cell(NIK, *NUMBERS, *LISTS, "date"), NIK)


@kind("texts", searched=True)
def person_in_every_cell_of_a_column(draft: Draft) -> File:
    """A column of codes holds names throughout, as where two columns were exchanged."""
    draft.each(lambda value: f"{PERSON} {draft.rng.randrange(9)}", *LISTS, *NUMBERS)
    return _planted(draft.carried(), PERSON)


@kind("texts", searched=True)
def person_in_required_column(draft: Draft) -> File:
    """A name stands where an id belongs."""
    draft.rows[draft.rng.randrange(ROWS)][draft.labels.index(draft.table.key[0])] = PERSON
    return _planted(draft.carried(), PERSON)


@kind("texts", searched=True)
def person_below_the_table(draft: Draft) -> File:
    """A line below the table names who signed it."""
    return File(draft.csv().content + f"Mengetahui, {PERSON} NIP {NIK}\n".encode(), personal=(PERSON, NIK))


@kind("texts", searched=True)
def person_above_the_table(draft: Draft) -> File:
    """A line above the table names who made it."""
    return File(f"Petugas: {PERSON} NIP {NIK}\n".encode() + draft.csv().content, personal=(PERSON, NIK))


@kind("texts", searched=True)
def person_in_a_broken_row(draft: Draft) -> File:
    """A row with a person has fields too many and an open quote."""
    lines = draft.lines()
    lines[draft.rng.randrange(2, ROWS)] += f',"{PERSON},{NIK}'.encode()
    return File(b"\n".join(lines) + b"\n", personal=(PERSON, NIK))


@kind("texts", searched=True)
def bytes_of_a_person_broken(draft: Draft) -> File:
    """A name holds bytes that are no letters."""
    draft.rows[draft.rng.randrange(ROWS)][draft.pick("string")] = f"{PERSON} Ã"
    return File(draft.csv().content.replace("Ã".encode(), b"\x81\xff"), personal=(PERSON,))


# --- keys


def _key(draft: Draft) -> int:
    return draft.labels.index(draft.table.key[0])


@kind("keys")
def key_repeated(draft: Draft) -> File:
    """Two rows have one key."""
    place = _key(draft)
    draft.rows[draft.rng.randrange(1, ROWS)][place] = draft.rows[0][place]
    return draft.carried()


@kind("keys")
def row_repeated(draft: Draft) -> File:
    """A row comes twice."""
    draft.rows.append(list(draft.rows[draft.rng.randrange(ROWS)]))
    return draft.carried()


@kind("keys")
def key_empty(draft: Draft) -> File:
    """A row has no key."""
    draft.rows[draft.rng.randrange(ROWS)][_key(draft)] = draft.rng.choice(("", " ", "-", "NULL"))
    return draft.carried()


@kind("keys")
def required_value_empty(draft: Draft) -> File:
    """A row lacks a value that it must have."""
    draft.rows[draft.rng.randrange(ROWS)][draft.labels.index(draft.rng.choice(draft.table.required))] = ""
    return draft.carried()


@kind("keys")
def orphan(draft: Draft) -> File:
    """A row belongs to a family that was not delivered."""
    if not draft.table.parent:
        raise LookupError
    draft.rows[draft.rng.randrange(ROWS)][draft.labels.index(draft.table.parent.column)] = "TIDAK-DIKIRIM"
    return draft.carried()


@kind("keys")
def key_rounded(draft: Draft) -> File:
    """A spreadsheet rounded a key."""
    draft.rows[draft.rng.randrange(ROWS)][_key(draft)] = draft.rng.choice(("1.10E+09", "1,1E+15", "#######"))
    return draft.carried()


@kind("keys", harmless=True)
def keys_with_empty_fraction(draft: Draft) -> File:
    """Keys have a point and a zero, as pandas writes them."""
    for row in draft.rows:
        row[_key(draft)] += ".0"
    return draft.carried()


@kind("keys", harmless=True)
def keys_as_formulas_of_text(draft: Draft) -> File:
    """Keys stand as ="110", so that Excel leaves them alone."""
    for row in draft.rows:
        row[_key(draft)] = f'="{row[_key(draft)]}"'
    return draft.carried()
