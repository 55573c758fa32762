"""The page over all months, ``home/index.html``: links to the page of every release and every blocked month, and trends.

What belongs here: making it from the registry. It is no part of a release, which is never edited. It may be lost: it is written
anew after every publish, withdrawal and blocked month, and by ``dtsen dashboard``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import charts, history
from dtsen_pipeline.dashboard.data import Past
from dtsen_pipeline.dashboard.document import document
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import blocked
from dtsen_pipeline.storage import private_files

PAGE = "dashboard.html"

# Title, whether the figure is a count, and the figure of a month.
TRENDS: tuple[tuple[Bilingual, bool, Callable[[Past], float | None]], ...] = (
    (Bilingual("Orang", "Persons"), True, lambda month: month.counts.get("anggota")),
    (Bilingual("Keluarga", "Families"), True, lambda month: month.counts.get("keluarga")),
    (
        Bilingual("Presisi penautan, perkiraan", "Linkage precision, estimated"),
        False,
        lambda month: month.figures.get("presisi_perkiraan"),
    ),
    (
        Bilingual("Recall penautan, perkiraan", "Linkage recall, estimated"),
        False,
        lambda month: month.figures.get("recall_perkiraan"),
    ),
    (
        Bilingual("R² skor di luar sampel", "R² of the score, out of sample"),
        False,
        lambda month: month.figures.get("r2"),
    ),
    (
        Bilingual("Aturan lulus, bagian", "Rules passed, share"),
        False,
        lambda month: month.passed / len(month.rules) if month.rules else None,
    ),
)


@dataclass(frozen=True)
class Entry:
    """One month of the index.

    ``pages``: (revision, address relative to the index, status in the ledger). ``blocked``: the address of the page of its last run
    where that was blocked.
    """

    past: Past
    pages: tuple[tuple[int, str, str], ...]
    blocked: str | None


def index_path(settings: Settings) -> Path:
    """Path of the index."""
    return settings.home / "index.html"


def write_index(settings: Settings) -> Path:
    """Write the index from the registry; return its path. Only its owner can read it.

    Raises DtsenError where another process keeps the registry.
    """
    # The registry stays open meanwhile: of two months that end together the later one then writes last.
    with store.open(settings) as book, private_files.private_file(index_path(settings)) as part:
        releases = book.releases()
        entries = [_entry(settings, past, releases) for past in history.read_between(book.con, "0000-00", "9999-99")]
        part.write_text(render_index(entries), encoding="utf-8")
    return index_path(settings)


def _entry(settings: Settings, past: Past, releases: Sequence[Release]) -> Entry:
    pages = tuple(
        (release.revision, (release.path / PAGE).relative_to(settings.home).as_posix(), release.status)
        for release in releases
        if release.month == past.month and release.deleted is None and (release.path / PAGE).exists()
    )
    held = blocked.page_path(settings, past.month)
    return Entry(past, pages, held.relative_to(settings.home).as_posix() if held.exists() else None)


def render_index(entries: Sequence[Entry]) -> str:
    """The index of ``entries`` (oldest first) as one self-contained HTML document."""
    published = [entry.past for entry in entries if entry.past.revision is not None]
    trends = []
    for title, whole, figure in TRENDS:
        shown = [(past.month, value) for past in published if (value := figure(past)) is not None]
        if shown:
            trends.append((title, charts.line(shown, whole)))
    return document(
        "indeks.html.j2",
        Bilingual("Semua bulan", "All months"),
        bulan=list(reversed(entries)),
        terakhir=next((e for e in reversed(entries) if e.past.revision is not None), None),
        tren=trends,
    )
