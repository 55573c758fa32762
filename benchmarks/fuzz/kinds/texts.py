"""Mutations of texts, in files of any format.

What belongs here: signs and words that some program takes for more than a text.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import LISTS, NUMBERS, Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.register import kind


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
