"""Mutations that touch the numbers of persons, or put persons where none belong.

What belongs here: NIK and card numbers as offices spoil them; names and numbers in cells and lines, where a search must find that
nobody is named in what leaves.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import LISTS, NUMBERS, Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import NIK, PERSON, ROWS
from benchmarks.fuzz.register import kind


def _planted(file: File, *personal: str) -> File:
    """Mark the file as one that holds these values of persons."""
    file.personal = personal
    return file


def _nik(draft: Draft, value: str) -> File:
    """Write the file with one population or card number set to ``value``, where it is no key."""
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
