"""Compare the releases with the ledger, the manifests and the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dtsen_pipeline.config import Settings
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import contents
from dtsen_pipeline.release.catalogue import (
    current_name,
    name_of,
    named,
    newest_standing,
    one_at_a_time,
    releases,
    unknown_to_the_registry,
)
from dtsen_pipeline.release.repair import is_cut_short, is_unfinished, strange_folders, unknown_folders
from dtsen_pipeline.storage import keys

_LEFT_OVER = (
    "sudah dihapus menurut log audit, tetapi foldernya masih ada / deleted by the audit log, but its folder is still there.\n"
    "Tindakan/action: ulangi `dtsen releases delete`; penerbitan berikutnya juga membuangnya / run it again; the next publish "
    "takes it away too"
)


def verify(settings: Settings, month: str, revision: int) -> list[str]:
    """What no longer agrees with the ledger and the manifest, file by file; empty where every byte does, and where the release
    was deleted and nothing is left of it."""
    return problems(named(settings, f"{month}/r{revision}"), keys.load(settings))


def verify_home(settings: Settings) -> list[str]:
    """What of ``CURRENT``, the folders and the ledger does not agree, and what an earlier version left unencrypted.

    Raises InputError where the registry cannot be read to its end.
    """
    store.check(settings)
    with one_at_a_time(settings):
        return home_problems(settings, releases(settings))


def home_problems(settings: Settings, known: Sequence[Release]) -> list[str]:
    """As ``verify_home``, for who publishes nothing meanwhile: the ledger is ``known``."""
    newest, pointed = newest_standing(known), current_name(settings)
    found = []
    if pointed is not None and pointed not in {entry.name for entry in known}:
        found.append(str(unknown_to_the_registry(pointed)))
    elif pointed != (newest and newest.name):
        found.append(
            f"CURRENT: {pointed or '-'}, menurut registri / by the registry: {newest.name if newest else '-'}.\n"
            "Tindakan/action: penerbitan berikutnya membetulkannya / the next publish puts it right"
        )
    for folder in unknown_folders(settings, known):
        if is_cut_short(folder, known):
            found.append(
                f"{name_of(folder)}: sisa penerbitan yang terhenti / left of a publish that was cut short.\n"
                "Tindakan/action: penerbitan berikutnya membereskannya / the next publish clears it away"
            )
        else:
            found.append(str(strange_folders([folder])))
    for entry in known:
        if plain := [path for path in entry.path.glob("pribadi/*.parquet") if not _is_encrypted(path)]:
            found.append(
                f"{entry.name}/pribadi: {len(plain)} berkas tidak terenkripsi, dari versi lama / files not encrypted, of an "
                f"earlier version.\nTindakan/action: terbitkan bulannya lagi, lalu hapus yang ini / publish its month again, then "
                f"delete this one: dtsen run --month {entry.month}; dtsen releases delete {entry.name} --reason ..."
            )
    for path in sorted((settings.home / "warehouse").glob("*.duckdb")):
        if keys.is_unencrypted(path):
            found.append(
                f"warehouse/{path.name}: tidak terenkripsi, dari versi lama / not encrypted, of an earlier version.\n"
                f"Tindakan/action: hapus, atau / delete it, or: dtsen run --month {path.stem}"
            )
    return found


def problems(release: Release, key: keys.Keys) -> list[str]:
    """As ``verify``, of a release that was looked up."""
    if release.deleted is not None:
        return [_LEFT_OVER] if is_unfinished(release) else []
    if not release.path.exists():
        return [
            "foldernya hilang / its folder is missing.\nTindakan/action: pulihkan dari cadangan / restore it from a backup"
        ]
    return contents.problems(release, key)


def _is_encrypted(parquet: Path) -> bool:
    with parquet.open("rb") as file:
        return file.read(4) == b"PARE"
