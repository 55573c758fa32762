"""What the page shows: plain counts and measures as dataclasses.

What belongs here: the shapes, and the hiding of small counts. Reading them is the work of ``collect`` (the month), ``measured``
(linkage and welfare) and ``history`` (the months before); how they look that of ``page``. A section whose tables are not there
(the month was blocked before they were made) is ``None``.

Measures of rules are told as ``gate.Rule.told`` says them.

Small counts: families and persons of an area stand on the page only as the open tables have them (``publikasi.terbuka``:
withheld and rounded), and the share of an area only as a class, since a finer one would undo the rounding. Families of a
national desil, and families that moved, are hidden from 1 to 9 together with the next smallest of the same total. Counts of the
work itself (rows, quarantine, cluster sizes, families without a score) describe the process and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dtsen_pipeline.quality.rule import Told

SMALLEST_SHOWN = 10
"""Smallest count of families or persons shown; the minimum that statistical offices use."""

LARGEST_CLUSTER = 10
"""Cluster sizes from here on share one bar."""

Measures = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Point:
    """One month of a trend; ``value`` is None where the month did not measure it, ``good`` whether it was within the bounds.

    ``kelas`` is told in place of the value where only a class is, of which the value is an edge.
    """

    month: str
    value: float | None
    good: bool
    kelas: str | None = None


@dataclass(frozen=True)
class RuleResult:
    """One line of the rules table.

    ``status``: 'lulus', 'gagal', or 'galat' (the question could not be answered, which blocks even where a breach would
    only warn). ``measures``: the worst first. ``trend``: the worst measure of each of the last
    twelve months that asked the rule, this one last.
    """

    name: str
    teks: str
    text: str
    owner: str
    blocking: bool
    blocks: bool
    status: str
    measures: tuple[Told, ...]
    minimum: float | None
    maximum: float | None
    alasan: str
    reason: str
    keterangan: str
    explanation: str
    trend: tuple[Point, ...] = ()

    @property
    def passed(self) -> bool:
        return self.status == "lulus"


def worst(measures: Iterable[Told], minimum: float | None, maximum: float | None) -> Told | None:
    """The measure with least room to its bound, or farthest beyond it; None without any."""
    return min(measures, key=lambda told: slack(told.nilai, minimum, maximum), default=None)


def slack(nilai: float, minimum: float | None, maximum: float | None) -> float:
    """Room of a value to its nearer bound; negative beyond it."""
    below = float("inf") if minimum is None else nilai - minimum
    above = float("inf") if maximum is None else maximum - nilai
    return min(below, above)


@dataclass(frozen=True)
class Delivery:
    """One table of one source in one delivery month (None for reference data, which has none).

    ``age`` is the months from then to the month of the page; ``rows_staged`` is None where staging was not reached, ``usual``
    (mean rows of the last deliveries) and ``since`` where there is nothing to compare with. Columns are those of all its files;
    missing ones are named as in the contract, of extra ones only the places are told: their labels are whatever stood in the file.
    ``passed_over`` is what was not data.
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
    """Columns of the contract that came and went since the delivery of ``month``; for reference data, since the release of it.

    ``extra`` are the columns outside the contract then and now, how many or, where as many stand elsewhere, at which places; None
    where they are the same.
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
class Measure:
    """A quality figure; ``basis`` says what it was measured on, ``low`` and ``high`` bound it at 95 %, ``group`` says of whom it is
    (None: of all), each where that was stored."""

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
    """Pairs that want a reviewer's eye: by how near their weight is to the threshold, merges refused by reason, and decisions
    that stand."""

    just_below: int
    just_above: int
    refused: tuple[tuple[str, int], ...]
    decided: int


@dataclass(frozen=True)
class Events:
    """What became of ids since the last release: counts by (entity, kind), as the registry's ``peristiwa`` names them."""

    counts: Mapping[tuple[str, str], int]

    def of(self, entity: str, kind: str) -> int:
        return self.counts.get((entity, kind), 0)


@dataclass(frozen=True)
class Linkage:
    """``sizes``: (records in a person, persons), the last one open-ended. ``sources``: (names joined by +, persons).

    ``evaluation`` are the measures of all, ``groups`` those of a part (a province, a kind of damage, a blocking rule). ``weights``:
    (lower end of a band of ``WEIGHT_BAND``, candidate pairs). ``events`` is None before the first release.
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
    """Families of one province by national desil 1..10, as the open table has them; None is withheld."""

    kode: str | None
    nama: str
    total: int | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Cause:
    """Families that changed, by cause: those that went up and down (of a programme: in and out); None is a hidden count."""

    cause: str
    up: int | None
    down: int | None


@dataclass(frozen=True)
class Programme:
    """Families that a programme's policy reaches, and those that came in and went out since the last release; the last two are
    None where either is a small count."""

    name: str
    families: int
    entered: int | None
    left: int | None


@dataclass(frozen=True)
class Drift:
    """Population stability index of one covariate of the families against the survey and the last release."""

    column: str
    survey: float | None
    release: float | None


@dataclass(frozen=True)
class Welfare:
    """``quality``: measures of the score on the survey, with intervals, ``groups`` those of a part. ``moved`` is None before the
    first release."""

    deciles: tuple[int | None, ...]
    total: int
    provinces: tuple[ProvinceDeciles, ...] | None
    without_score: tuple[tuple[str, int], ...]
    quality: tuple[Measure, ...]
    groups: tuple[Measure, ...]
    drift: tuple[Drift, ...]
    moved: tuple[Cause, ...] | None
    programmes: tuple[Programme, ...]


@dataclass(frozen=True)
class Area:
    """Families with a desil and their members in one area, as the open table has them; None is withheld.

    ``level``: class 1..5 of the share of its families that have a desil (``COVERAGE_BREAKS``), of a small area the highest that may
    be told of it, 0 where the area is withheld or none may.
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
    """What the registry keeps of one month: that of the run which made its standing release, or of its last run.

    ``rules``: per rule whether it held and its measures. ``figures``: measures of linkage and welfare of all (kelompok 'semua').
    ``counts``: rows of the released tables. ``events``: as ``Events``. ``revision`` is None where the month was not published.
    """

    month: str
    revision: int | None
    rules: Mapping[str, tuple[bool, Measures]]
    figures: Mapping[str, float]
    counts: Mapping[str, float]
    events: Events

    @property
    def passed(self) -> int:
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
        return tuple(rule for rule in self.rules if rule.blocks)

    @property
    def warnings(self) -> tuple[RuleResult, ...]:
        return tuple(rule for rule in self.rules if not rule.blocks and not rule.passed)

    @property
    def passed_rules(self) -> tuple[RuleResult, ...]:
        return tuple(rule for rule in self.rules if rule.passed)

    @property
    def previous(self) -> Past | None:
        """The last published month before this one."""
        return next((month for month in reversed(self.past) if month.revision is not None), None)

    def step(self, key: str) -> int | None:
        return next((step.count for step in self.funnel if step.key == key), None)


def month_number(month: str) -> int:
    """Months since year 0, of 'YYYY-MM'; neighbours differ by one."""
    return 12 * int(month[:4]) + int(month[5:])


def hide_small(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts that share one published total, the small ones (1 to 9) as None.

    The next smallest are hidden too until at least two are hidden that sum to 10 or more: otherwise the total minus the
    rest would give a small count away. Zeros are shown while enough others can be hidden.
    """
    hidden = [0 < n < SMALLEST_SHOWN for n in counts]
    for i in sorted(range(len(counts)), key=lambda i: (counts[i] == 0, counts[i], i)):
        enough = sum(hidden) >= 2 and sum(n for n, h in zip(counts, hidden, strict=True) if h) >= SMALLEST_SHOWN
        if not any(hidden) or enough:
            break
        hidden[i] = True
    return tuple(None if h else n for n, h in zip(counts, hidden, strict=True))
