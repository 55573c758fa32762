"""What an explanation of a family's decile consists of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Facts that are shown, at most, among those that would change the decile.
CHANGES = 3


@dataclass(frozen=True)
class Term:
    """One line of the sum that makes the score.

    ``contribution`` and ``average`` (what the surveyed households have there) are in log points; ``filled`` says how a value that
    was not known was replaced, '' where it was known.
    """

    column: str
    label: str
    value: str
    contribution: float
    average: float
    filled: str
    source: str
    observed: str

    @property
    def difference(self) -> float:
        """How far the term sets the family apart from the surveyed households, in log points."""
        return self.contribution - self.average


@dataclass(frozen=True)
class Change:
    """One fact tried out as another, and what becomes of the score and the decile.

    ``value`` (in words ``other``) stands instead of ``now``: the score moves by ``step`` (log points), the decile to ``decile``.
    """

    fact: str
    value: Any
    label: str
    now: str
    other: str
    step: float
    decile: int


@dataclass(frozen=True)
class Programme:
    """A programme, and how far the family is from its edge.

    ``margin``: how far the score may rise (above 0) before the programme no longer reaches the family, or must fall (below 0)
    until it does; log points, None where no family stands on the other side.
    """

    name: str
    highest: int
    quota: int | None
    reached: bool
    margin: float | None
    since: str
    law: str


@dataclass(frozen=True)
class Place:
    """Place of the family among those of its regency: ``rank`` of ``families``, the poorest is 1.

    ``bars`` are families between ``low`` and ``high`` (scores; the outer hundredths are in the end bars), rounded to 5, None where
    under 10.
    """

    rank: int
    families: int
    low: float
    high: float
    bars: tuple[int | None, ...]

    @property
    def poorer(self) -> float:
        """Share of the families that rank before this one."""
        return (self.rank - 1) / self.families

    def at(self, score: float) -> float:
        """Where ``score`` lies between ``low`` (0) and ``high`` (1)."""
        return min(max((score - self.low) / (self.high - self.low), 0.0), 1.0) if self.high > self.low else 0.5


@dataclass(frozen=True)
class FamilyExplanation:
    """All that is known of why this family is in its decile. ``terms`` sum to ``score`` (log rupiah a head and month)."""

    month: str
    released: bool
    family_id: str
    area: str
    model: str
    version: str
    card: Mapping[str, Any]
    survey: str
    score: float
    error: float
    terms: tuple[Term, ...]
    deciles: Mapping[str, int | None]
    """Of the nation, the province and the regency, by a name to show."""
    chances: tuple[tuple[str, float], ...]
    place: Place | None
    changes: tuple[Change, ...]
    tried: int
    """How many facts were tried out."""
    programmes: tuple[Programme, ...]

    @property
    def decile(self) -> int:
        """The first of ``deciles`` that is known, of the nation where there is one."""
        return next(decile for decile in self.deciles.values() if decile is not None)

    @property
    def average(self) -> float:
        """What the sum would be with every value as the surveyed households have it on average."""
        return math.fsum(term.average for term in self.terms)

    @property
    def ordered(self) -> list[Term]:
        """The constant, then what sets the family apart the most."""
        return [self.terms[0], *sorted(self.terms[1:], key=lambda term: (-abs(term.difference), term.column))]

    @property
    def filled(self) -> list[Term]:
        """The terms whose value was not known and was replaced."""
        return [term for term in self.terms if term.filled]

    @property
    def nearest(self) -> Programme | None:
        """The programme with the smallest margin, None where no margin is known."""
        known = [programme for programme in self.programmes if programme.margin is not None]
        return min(known, key=lambda programme: (abs(programme.margin or 0.0), programme.name), default=None)

    @property
    def inputs(self) -> list[tuple[str, str, list[str]]]:
        """Source, day observed and the facts that came from there, for a place where each line has no room for it."""
        by_origin: dict[tuple[str, str], list[str]] = {}
        for term in self.terms:
            if term.source:
                by_origin.setdefault((term.source, term.observed), []).append(term.label)
        return [(source, observed, labels) for (source, observed), labels in sorted(by_origin.items())]
