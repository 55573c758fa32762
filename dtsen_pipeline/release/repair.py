"""Put right what a crash or a backup left among the releases.

What belongs here: telling apart a publish or deletion that was cut short and a folder that the ledger does not know. Such a folder
is deleted only where a note, written before its rename, proves that it was to be added to this very ledger. Any other may be a
release that the ledger lost, and nothing is published until somebody has said what it is.
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
from dtsen_pipeline.release.catalogue import (
    SET_ASIDE_ACTION,
    current_name,
    name_of,
    newest_standing,
    point_to_newest,
    releases,
    unknown_to_the_registry,
)
from dtsen_pipeline.release.manifest import sha256_of
from dtsen_pipeline.storage.private_files import sync


def needed_by_next_month(known: Sequence[Release]) -> list[Release]:
    """Return what the next month goes on from: the release that stands (ids, model, scores) and the last one (open figures)."""
    return [entry for entry in (newest_standing(known), *known[-1:]) if entry is not None]


def _removal_path(release: Release) -> Path:
    """Return the name a folder has while it is removed, so that no half of it looks like a release."""
    return release.path.with_name(f".r{release.revision}.hapus")


def is_unfinished(release: Release) -> bool:
    """Whether the release was deleted by the audit trail, but some of its folder is still there."""
    return release.deleted is not None and (release.path.exists() or _removal_path(release).exists())


def remove_folder(release: Release) -> None:
    """Remove the folder of a release, if it is there, so that a crash half way leaves nothing that looks like one."""
    if not release.path.exists():  # Somebody removed it by hand before it was on the trail.
        return
    hidden = _removal_path(release)
    release.path.rename(hidden)
    sync(hidden.parent)
    shutil.rmtree(hidden)
    sync(hidden.parent)


def heal(settings: Settings) -> list[Release]:
    """Put right what a crash left, and what a backup brought back of deleted releases; return the ledger.

    Raises DtsenError where ``CURRENT`` or a folder is of a release that the ledger does not know.
    """
    known = releases(settings)
    pointed = current_name(settings)
    # The pointer moves last, so no crash causes this: the registry was lost, and what looks unfinished may be a release.
    if pointed is not None and pointed not in {entry.name for entry in known}:
        raise unknown_to_the_registry(pointed)
    unknown = unknown_folders(settings, known)
    if unexplained := [folder for folder in unknown if not is_cut_short(folder, known)]:
        raise unknown_folders_error(unexplained)
    for folder in unknown:
        # First a name that the next lines delete too, should this be cut short: half a folder proves nothing any more.
        folder.rename(folder.with_name(f".{folder.name}.part"))
    for folder in settings.releases.glob("*/.r*"):
        if re.fullmatch(r"\.r\d+\.(part|hapus)", folder.name):
            shutil.rmtree(folder)
        elif folder.name.endswith(".niat"):
            folder.unlink()
    for entry in known:
        # Not what the next month goes on from: where the trail says that was deleted, the ledger is an older one, from a backup.
        if entry.deleted is not None and entry.path.exists() and entry not in needed_by_next_month(known):
            remove_folder(entry)
    point_to_newest(settings, known)
    return known


def unknown_folders(settings: Settings, known: Sequence[Release]) -> list[Path]:
    """Return the folders that look like releases, and that the ledger does not know."""
    names = {entry.name for entry in known}
    folders = sorted(folder for folder in settings.releases.glob("*/r*") if re.fullmatch(r"r\d+", folder.name))
    return [folder for folder in folders if name_of(folder) not in names]


def note_path(folder: Path) -> Path:
    """Return where the note stands that says what ledger the release in ``folder`` is to be added to."""
    return folder.with_name(f".{folder.name}.niat")


def intent_digest(known: Sequence[Release], manifest_sha256: str) -> str:
    """Return a hash that tells a release to be added to the ledger ``known`` from any other folder under its name."""
    ledger = "".join(f"{entry.name} {entry.manifest_sha256}\n" for entry in known)
    return hashlib.sha256((ledger + manifest_sha256).encode()).hexdigest()


def is_cut_short(folder: Path, known: Sequence[Release]) -> bool:
    """Whether a publish onto the ledger ``known`` was cut short after the rename of ``folder``, so that it never was a release."""
    note, manifest = note_path(folder), folder / "manifest.json"
    if not (note.exists() and manifest.exists()):
        return False
    return note.read_text(encoding="utf-8") == intent_digest(known, sha256_of(manifest))


def unknown_folders_error(folders: Sequence[Path]) -> DtsenError:
    """Return the error that names ``folders``, which the ledger does not know."""
    names = ", ".join(map(name_of, folders))
    return DtsenError(
        f"tidak dikenal registri, dan tidak disentuh / unknown to the registry, and left alone: {names}.\n"
        + SET_ASIDE_ACTION.format(name=name_of(folders[0]))
    )
