"""Find a release, and keep the pointer ``CURRENT`` on the one that stands.

What belongs here: looking releases up in the ledger, and the lock under which one process at a time changes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.storage import locks
from dtsen_pipeline.storage.private_files import private_file, sync


def releases(settings: Settings) -> list[Release]:
    """Every release, by month and revision; raises InputError where no month has been run."""
    with store.open(settings, create=False) as ledger:
        return ledger.releases()


def current(settings: Settings) -> Release | None:
    """The release that stands: what ``CURRENT`` names. None before the first, and where all were withdrawn."""
    name = current_name(settings)
    if name is None:
        return None
    for entry in releases(settings):
        if entry.name == name:
            return entry
    raise unknown_to_the_registry(name)


def named(settings: Settings, name: str) -> Release:
    """The release ``name`` ('2025-03/r1'), whatever its status; raises InputError where there is none."""
    return find(releases(settings), name)


def of_month(settings: Settings, month: str) -> Release:
    """The standing release of ``month``; raises InputError where there is none."""
    check_month(month)
    for entry in releases(settings):
        if entry.month == month and entry.stands:
            return entry
    raise InputError(
        f"bulan {month} belum diterbitkan / month {month} has no release",
        expected="sebuah bulan dari `dtsen releases list` / a month listed there",
        action=f"jalankan dahulu `dtsen run --month {month}` / run it first",
    )


def find(known: Sequence[Release], name: str) -> Release:
    for entry in known:
        if entry.name == name:
            return entry
    raise no_such_release(name)


def no_such_release(name: str) -> InputError:
    return InputError(
        f"rilis {name} tidak ada / no such release",
        expected="nama dari `dtsen releases list`, misalnya 2025-03/r1 / a name listed there",
        action="periksa namanya dan --home / check the name and --home",
    )


def newest_standing(known: Sequence[Release]) -> Release | None:
    """The standing release of the newest month."""
    return next((entry for entry in reversed(known) if entry.stands), None)


def one_at_a_time(settings: Settings) -> AbstractContextManager[None]:
    """Publishing is serial over all months: ids of a month follow from the one before."""
    return locks.hold_lock(settings.releases / ".lock")


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def current_name(settings: Settings) -> str | None:
    pointer = settings.releases / "CURRENT"
    return pointer.read_text(encoding="utf-8") if pointer.exists() else None


SET_ASIDE = (
    "Tindakan/action: bila registri lebih tua daripada rilisnya, pulihkan registry.duckdb dari cadangan yang lebih baru (`dtsen "
    "restore`); bila folder itu bukan rilis rumah ini, `dtsen releases set-aside {name} --reason ...` / if the registry is older "
    "than the releases, restore a newer backup of it; if the folder is no release of this home, set it aside"
)


def unknown_to_the_registry(name: str) -> DtsenError:
    return DtsenError(
        f"CURRENT menunjuk {name}, yang tidak dikenal registri / names a release that the registry does not know.\n"
        + SET_ASIDE.format(name=name)
    )


def point_to_newest(settings: Settings, known: Sequence[Release]) -> None:
    """Let ``CURRENT`` name the newest month's standing release; without one there is no ``CURRENT``."""
    newest = newest_standing(known)
    pointer = settings.releases / "CURRENT"
    if newest is None:
        pointer.unlink(missing_ok=True)
    elif current_name(settings) != newest.name:
        with private_file(pointer) as part:
            part.write_text(newest.name, encoding="utf-8")
    sync(settings.releases)
