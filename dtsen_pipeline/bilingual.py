"""One text in Indonesian and in English.

What belongs here: the type of every text that is declared in both languages, and how it is stored in one column.
"""

from __future__ import annotations

from dataclasses import dataclass

# What stands between the two languages where one text holds both.
_BETWEEN = " / "


@dataclass(frozen=True)
class Bilingual:
    """A text in Indonesian (``id``) and in English (``en``); as one string 'id / en', or the text alone where both are the same.

    No tuple: 'a' in a tuple asks for a whole language, and would let a test for a word pass unseen.
    """

    id: str
    en: str

    def __str__(self) -> str:
        return self.id if self.id == self.en else f"{self.id}{_BETWEEN}{self.en}"


def same(text: str) -> Bilingual:
    """A text that reads the same in both languages: a name, a code, a number."""
    return Bilingual(text, text)


def from_stored(text: str) -> Bilingual:
    """Read what ``str`` of a ``Bilingual`` left in a column of a table, such as ``linkage.evaluasi.dasar``.

    Only for stored texts: what the code declares is ``Bilingual`` from the start. A text that does not have two halves is the
    same in both languages.
    """
    halves = text.split(_BETWEEN)
    return Bilingual(*halves) if len(halves) == 2 else same(text)
