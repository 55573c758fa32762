"""What the page of a month shows, as plain shapes of counts and measures.

What belongs here: the shapes, and the hiding of small counts. ``collect`` (the month), ``measured`` (linkage and welfare, whose
shapes are in ``results``) and ``history`` (the months before) fill them; ``page`` says how they look. A section is ``None`` where
its tables are not there, since the month was blocked before they were made. Measures of rules stand as the rule itself writes them.

Small counts: families and persons of an area stand on the page only as the open tables have them (``publikasi.terbuka``: withheld
and rounded), and the share of an area only as a class, since a finer one would undo the rounding. Families of a national desil,
and families that moved, are hidden from 1 to 9 together with the next smallest of the same total. Counts of the work itself (rows,
quarantine, cluster sizes, families without a score) describe the process and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.dashboard.results import Events, Linkage, Welfare
from dtsen_pipeline.quality.rule import ShownMeasure

SMALLEST_SHOWN = 10
"""Smallest count of families or persons shown; the minimum that statistical offices use."""

Measures = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Point:
    """One month of a trend; ``value`` is None where the month did not measure it, ``good`` whether it was within the bounds.

    ``kelas`` is shown in place of the value where only a class may be shown; the value is then an edge of it.
    """

    month: str
    value: float | None
    good: bool
    kelas: str | None = None


@dataclass(frozen=True)
class RuleResult:
    """One line of the rules table.

    ``status``: 'lulus', 'gagal', or 'galat' (the rule could not be asked, which blocks even where a breach would only warn).
    ``measures``: the worst first. ``trend``: the worst measure of each of the last twelve months that asked the rule, this one
    last.
    """

    name: str
    statement: Bilingual
    owner: str
    blocking: bool
    blocks: bool
    status: str
    measures: tuple[ShownMeasure, ...]
    minimum: float | None
    maximum: float | None
    reason: Bilingual
    explanation: Bilingual
    trend: tuple[Point, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rule was answered and held."""
        return self.status == "lulus"


def worst(measures: Iterable[ShownMeasure], minimum: float | None, maximum: float | None) -> ShownMeasure | None:
    """The measure with the least room to its bound, or farthest beyond it; None where there is no measure."""
    return min(measures, key=lambda measure: slack(measure.nilai, minimum, maximum), default=None)


def slack(nilai: float, minimum: float | None, maximum: float | None) -> float:
    """Distance of a value to its nearer bound; negative beyond it, infinite without bounds."""
    below = float("inf") if minimum is None else nilai - minimum
    above = float("inf") if maximum is None else maximum - nilai
    return min(below, above)


@dataclass(frozen=True)
class Delivery:
    """One table of one source in one delivery month (None for reference data, which has none).

    ``age``: months from then to the month of the page. ``rows_staged``: None where staging was not reached. ``usual``: mean rows
    of the last deliveries; it and ``since`` are None where there is nothing to compare with. ``missing_columns`` and
    ``extra_places`` are those of all its files: missing columns by their names in the contract, extra ones only by their places,
    since their labels are whatever stood in the file. ``passed_over``: what in the files was not data.
    """

    source: str
    tabel: str
    month: str | None
    age: int | None
    files: int
    formats: tuple[str, ...]
    rows_read: int
    rows_quarantined: int
    rows_staged: int | None
    usual: float | None
    extra_places: tuple[int, ...]
    missing_columns: tuple[str, ...]
    since: ColumnChange | None = None
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnChange:
    """Columns of the contract that came and went since the delivery of ``month``.

    For reference data, since the release of ``month``. ``extra``: the columns outside the contract then and now; how many, or at
    which places where as many stand elsewhere. None where they are the same.
    """

    month: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    extra: tuple[str, str] | None = None


@dataclass(frozen=True)
class Step:
    """One step of the funnel: its count now and in the previous release (None: not reached, or no previous one)."""

    key: str
    count: int | None
    previous: int | None


@dataclass(frozen=True)
class Area:
    """Families with a desil and their members in one area, as the open table has them; None is withheld.

    ``level``: class 1..5 of the share of its families that have a desil (``COVERAGE_BREAKS``). A small area gets the highest class
    that may be shown of it; 0 where the area is withheld or no class may be shown.
    """

    kode: str
    nama: str
    provinsi: str | None
    families: int | None
    persons: int | None
    level: int


COVERAGE_BREAKS = (0.90, 0.95, 0.98, 0.995)
"""Lower ends of the coverage classes 2 to 5. Nearly every family should have a desil, so the classes lie close to 1."""


@dataclass(frozen=True)
class Coverage:
    """The areas of the map, in each of its two levels."""

    provinces: tuple[Area, ...]
    regencies: tuple[Area, ...]


@dataclass(frozen=True)
class ReasonCount:
    """Values of one column with one reason.

    In quarantine they are broken, and a row there has at least one. Among the notes they were emptied, or read other than
    delivered, and their rows are used.
    """

    source: str
    tabel: str
    kolom: str
    alasan: str
    count: int


@dataclass(frozen=True)
class Past:
    """What the registry keeps of one month: of the run that made its standing release, else of its last run.

    ``rules``: whether each rule held, and its measures. ``figures``: measures of linkage and welfare of all (kelompok 'semua').
    ``counts``: rows of the released tables. ``revision`` is None where the month was not published.
    """

    month: str
    revision: int | None
    rules: Mapping[str, tuple[bool, Measures]]
    figures: Mapping[str, float]
    counts: Mapping[str, float]
    events: Events

    @property
    def passed(self) -> int:
        """How many rules held."""
        return sum(held for held, _ in self.rules.values())


@dataclass(frozen=True)
class PageData:
    """Everything the page of ``month`` ('YYYY-MM') shows. ``state``: 'terbit', 'tertahan' or 'belum' (no verdicts).

    ``past`` are the months before, oldest first.
    """

    month: str
    revision: int | None
    state: str
    rules: tuple[RuleResult, ...]
    deliveries: tuple[Delivery, ...] | None
    funnel: tuple[Step, ...]
    linkage: Linkage | None
    welfare: Welfare | None
    coverage: Coverage | None
    quarantine: tuple[ReasonCount, ...] | None
    notes: tuple[ReasonCount, ...] | None = None
    past: tuple[Past, ...] = field(default=())

    @property
    def blocked_by(self) -> tuple[RuleResult, ...]:
        """The rules that keep the month from being published."""
        return tuple(rule for rule in self.rules if rule.blocks)

    @property
    def warnings(self) -> tuple[RuleResult, ...]:
        """The rules that did not hold, but only warn."""
        return tuple(rule for rule in self.rules if not rule.blocks and not rule.passed)

    @property
    def passed_rules(self) -> tuple[RuleResult, ...]:
        """The rules that held."""
        return tuple(rule for rule in self.rules if rule.passed)

    @property
    def previous(self) -> Past | None:
        """The last published month before this one."""
        return next((month for month in reversed(self.past) if month.revision is not None), None)

    def step(self, key: str) -> int | None:
        """Count of the step ``key`` of the funnel, None where it was not reached."""
        return next((step.count for step in self.funnel if step.key == key), None)


def month_number(month: str) -> int:
    """Months since year 0, of 'YYYY-MM'; neighbours differ by one."""
    return 12 * int(month[:4]) + int(month[5:])


def hide_small(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Hide the small counts (1 to 9) of ``counts`` that share one published total: they become None.

    The next smallest are hidden too until at least two are hidden that sum to 10 or more: otherwise the total minus the rest would
    give a small count away. Zeros are shown while enough others can be hidden.
    """
    hidden = [0 < n < SMALLEST_SHOWN for n in counts]
    for i in sorted(range(len(counts)), key=lambda i: (counts[i] == 0, counts[i], i)):
        enough = sum(hidden) >= 2 and sum(n for n, h in zip(counts, hidden, strict=True) if h) >= SMALLEST_SHOWN
        if not any(hidden) or enough:
            break
        hidden[i] = True
    return tuple(None if h else n for n, h in zip(counts, hidden, strict=True))
