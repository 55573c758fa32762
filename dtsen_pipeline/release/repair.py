"""Put right what a crash or a backup left among the releases.

What belongs here: telling what was cut short from what the ledger does not know. A folder that the ledger does not know is swept
away only where a note written before the rename proves that it was to come onto this very ledger; any other may be a release that
the ledger lost, and nothing is published until somebody has said what it is.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import manifest as contents
from dtsen_pipeline.release.catalogue import (
    SET_ASIDE,
    current_name,
    name_of,
    newest_standing,
    point_to_newest,
    releases,
    unknown_to_the_registry,
)
from dtsen_pipeline.storage.private_files import sync


def needed_by_next_month(known: Sequence[Release]) -> list[Release]:
    """What the next month goes on from: ids, model and scores of the one that stands, open figures of the one that came last."""
    return [entry for entry in (newest_standing(known), *known[-1:]) if entry is not None]


def _hidden(release: Release) -> Path:
    """Where a folder waits while it is removed, so that no half of it looks like a release."""
    return release.path.with_name(f".r{release.revision}.hapus")


def is_unfinished(release: Release) -> bool:
    return release.deleted is not None and (release.path.exists() or _hidden(release).exists())


def remove_folder(release: Release) -> None:
    if not release.path.exists():  # it went by hand, before it was on the trail
        return
    hidden = _hidden(release)
    release.path.rename(hidden)
    sync(hidden.parent)
    shutil.rmtree(hidden)
    sync(hidden.parent)


def heal(settings: Settings) -> list[Release]:
    """Put right what a crash left, and what a backup brought back of deleted releases; return the ledger."""
    known = releases(settings)
    pointed = current_name(settings)
    # The pointer moves last, so no crash makes this: the registry was lost, and what looks unfinished may be a release.
    if pointed is not None and pointed not in {entry.name for entry in known}:
        raise unknown_to_the_registry(pointed)
    unknown = unknown_folders(settings, known)
    if strange := [folder for folder in unknown if not is_cut_short(folder, known)]:
        raise unknown_folders_error(strange)
    for folder in unknown:
        # Under a name that is swept away too, should this be cut short: half of it proves nothing any more.
        folder.rename(folder.with_name(f".{folder.name}.part"))
    for folder in settings.releases.glob("*/.r*"):
        if re.fullmatch(r"\.r\d+\.(part|hapus)", folder.name):
            shutil.rmtree(folder)
        elif folder.name.endswith(".niat"):
            folder.unlink()
    for entry in known:
        # What the next month goes on from was not deleted in this ledger: it is older than the trail, and comes from a backup.
        if entry.deleted is not None and entry.path.exists() and entry not in needed_by_next_month(known):
            remove_folder(entry)
    point_to_newest(settings, known)
    return known


def unknown_folders(settings: Settings, known: Sequence[Release]) -> list[Path]:
    """Folders that look like releases, and that the ledger does not know."""
    names = {entry.name for entry in known}
    found = sorted(folder for folder in settings.releases.glob("*/r*") if re.fullmatch(r"r\d+", folder.name))
    return [folder for folder in found if name_of(folder) not in names]


def note_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.niat")


def intent(known: Sequence[Release], manifest_sha256: str) -> str:
    """What tells a release that was to come onto the ledger ``known`` from any other folder under its name."""
    ledger = "".join(f"{entry.name} {entry.manifest_sha256}\n" for entry in known)
    return hashlib.sha256((ledger + manifest_sha256).encode()).hexdigest()


def is_cut_short(folder: Path, known: Sequence[Release]) -> bool:
    """Whether a publish onto this ledger was cut short behind the rename of ``folder``: it never was a release."""
    note, manifest = note_of(folder), folder / "manifest.json"
    if not (note.exists() and manifest.exists()):
        return False
    return note.read_text(encoding="utf-8") == intent(known, contents.sha256_of(manifest))


def unknown_folders_error(folders: Sequence[Path]) -> DtsenError:
    names = ", ".join(map(name_of, folders))
    return DtsenError(
        f"tidak dikenal registri, dan tidak disentuh / unknown to the registry, and left alone: {names}.\n"
        + SET_ASIDE.format(name=name_of(folders[0]))
    )
