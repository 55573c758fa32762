"""Mutations of a CSV file's encoding.

What belongs here: other encodings, marks of byte order, and bytes that are no letters.
"""

from __future__ import annotations

import codecs

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, below_header
from benchmarks.fuzz.register import kind


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
    return File(content[: draft.somewhere(content, 3) | 1])


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
    at = draft.somewhere(content, below_header(content))
    return File(content[:at] + draft.rng.choice((b"\x81", b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80")) + content[at:])


@kind("encodings")
def mark_before_windows_letters(draft: Draft) -> File:
    """The mark says UTF-8, the text is Windows-1252."""
    return File(codecs.BOM_UTF8 + draft.text().encode("cp1252"))


@kind("encodings")
def ebcdic(draft: Draft) -> File:
    """The file comes from a mainframe."""
    return File(draft.text().encode("cp500", "replace"))
