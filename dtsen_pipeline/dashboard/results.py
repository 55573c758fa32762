"""What linkage and welfare of a month came to, as plain shapes.

What belongs here: the shapes of these two sections of the page and of what the registry keeps of them. ``measured`` fills them from
the warehouse, ``history`` from the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LARGEST_CLUSTER = 10
"""Cluster sizes from here on share one bar."""


@dataclass(frozen=True)
class Measure:
    """A quality figure.

    ``basis``: what it was measured on; ``low`` and ``high``: its 95 % interval; None where not stored. ``group``: the part of the
    people it is of, None for all.
    """

    name: str
    value: float | None
    basis: str | None = None
    low: float | None = None
    high: float | None = None
    group: str | None = None


@dataclass(frozen=True)
class Evidence:
    """One level of one comparison of the linkage model and the match weight it adds, log2(m/u)."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True)
class Queue:
    """Pairs for reviewers: those just below and above the threshold, refused merges by reason, and decisions that stand."""

    just_below: int
    just_above: int
    refused: tuple[tuple[str, int], ...]
    decided: int


@dataclass(frozen=True)
class Events:
    """What became of ids since the last release: counts by (entity, kind), named as in the registry's ``peristiwa``."""

    counts: Mapping[tuple[str, str], int]

    def of(self, entity: str, kind: str) -> int:
        """How many ids of ``entity`` had an event of ``kind``; 0 where none had."""
        return self.counts.get((entity, kind), 0)


@dataclass(frozen=True)
class Linkage:
    """The linkage section.

    ``sizes``: (records in a person, persons), from ``LARGEST_CLUSTER`` on together. ``sources``: (names joined by +, persons).
    ``evaluation``: measures of all; ``groups``: measures of a part (a province, a kind of damage, a blocking rule). ``weights``:
    (lower end of a band of ``WEIGHT_BAND``, candidate pairs). ``queue`` is None where its tables are not there, ``events`` before
    the first release.
    """

    persons: int
    sizes: tuple[tuple[int, int], ...]
    sources: tuple[tuple[str, int], ...]
    evaluation: tuple[Measure, ...]
    groups: tuple[Measure, ...]
    threshold: float
    weights: tuple[tuple[int, int], ...]
    evidence: tuple[Evidence, ...]
    queue: Queue | None
    events: Events | None


WEIGHT_BAND = 4
"""Width of a bar of the histogram of match weights, in bits."""


@dataclass(frozen=True)
class ProvinceDeciles:
    """Families of one province by national desil 1..10, as the open table has them; None where withheld."""

    kode: str | None
    nama: str
    total: int | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Cause:
    """Families that changed for one cause: how many went up and how many down; None where hidden."""

    cause: str
    up: int | None
    down: int | None


@dataclass(frozen=True)
class Programme:
    """Families that a programme's policy reaches, and those that came in and went out since the last release.

    The last two are both None where either is a small count.
    """

    name: str
    families: int
    entered: int | None
    left: int | None


@dataclass(frozen=True)
class Drift:
    """Population stability index of one covariate of the families, against the survey and against the last release."""

    column: str
    survey: float | None
    release: float | None


@dataclass(frozen=True)
class Welfare:
    """The welfare section.

    ``deciles``: families by national desil, None where hidden. ``without_score``: (reason, families). ``quality``: measures of the
    score on the survey, with intervals; ``groups``: those of a part. ``provinces`` is None where the open table is not there,
    ``moved`` before the first release.
    """

    deciles: tuple[int | None, ...]
    total: int
    provinces: tuple[ProvinceDeciles, ...] | None
    without_score: tuple[tuple[str, int], ...]
    quality: tuple[Measure, ...]
    groups: tuple[Measure, ...]
    drift: tuple[Drift, ...]
    moved: tuple[Cause, ...] | None
    programmes: tuple[Programme, ...]
