"""Delete the folder of an old release, or set aside a folder that the ledger does not know.

What belongs here: what takes a folder away from the releases for good. A deletion is the line of the audit trail and then the
folder; the ledger stays as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release.catalogue import (
    current_name,
    find,
    name_of,
    no_such_release,
    one_at_a_time,
    point_to_newest,
    releases,
)
from dtsen_pipeline.release.repair import heal, is_unfinished, needed_by_next_month, remove_folder, unknown_folders
from dtsen_pipeline.storage.private_files import sync


def delete(settings: Settings, name: str, reason: str) -> Release:
    """Delete the folder of release ``name`` for good, and return its line of the ledger, which stays.

    Finishes a deletion that a crash cut short, without a second line on the trail. Raises InputError where there is no such
    release, it was deleted before, or the next month needs it, or where ``reason`` says nothing or holds a number as long as a
    NIK; DtsenError where the audit trail is broken.
    """
    audit.check_reason(reason)
    audit.verify_chain(settings)  # On a broken one a deletion would count for nothing.
    releases(settings)  # Raises where there is no such home, before one is made.
    with one_at_a_time(settings):
        unfinished = is_unfinished(find(releases(settings), name))
        known = heal(settings)
        doomed = find(known, name)
        if doomed in needed_by_next_month(known):
            raise InputError(
                f"{name} tidak dapat dihapus / cannot be deleted: bulan berikutnya melanjutkannya / the next month goes on from it",
                expected="bukan rilis yang berlaku, dan bukan yang terbit terakhir dalam bulan terbaru / neither the release that "
                "stands nor the one published last in the newest month",
                action="terbitkan dulu bulan berikutnya atau revisi baru / publish the next month or a new revision first",
            )
        if doomed.deleted is None:
            audit.append(settings, audit.DELETED, rilis=name, manifest=doomed.manifest_sha256, alasan=reason.strip())
            remove_folder(doomed)
        elif not unfinished:
            raise InputError(
                f"{name} sudah dihapus / was deleted already: {doomed.deleted:%Y-%m-%d}",
                expected="rilis yang masih ada / a release that is there",
                action="lihat / see: dtsen releases list",
            )
    return find(releases(settings), name)


def set_aside(settings: Settings, name: str, reason: str) -> Path | None:
    """Move the folder ``name`` ('2025-03/r1'), which the ledger does not know, aside, and let ``CURRENT`` follow the ledger.

    Nothing is deleted. Returns where the folder lies now, None where only ``CURRENT`` named it. Its number is not given again.
    Raises InputError where there is no such folder, where the ledger knows it, or where ``reason`` says nothing or holds a number
    as long as a NIK.
    """
    audit.check_reason(reason)
    if any(entry.name == name for entry in releases(settings)):
        raise InputError(
            f"{name} dikenal registri / is a release of this home",
            expected="folder yang disebut asing oleh `dtsen releases verify` / one that it calls unknown",
            action="tarik dengan `dtsen releases rollback`, atau hapus dengan `dtsen releases delete` / withdraw or delete it",
        )
    with one_at_a_time(settings):
        known = releases(settings)
        there = name in {name_of(folder) for folder in unknown_folders(settings, known)}
        if not there and name != current_name(settings):
            raise no_such_release(name)
        audit.append(settings, "sisih", rilis=name, alasan=reason.strip())
        aside = None
        if there:
            folder = settings.releases / name
            aside = folder.with_name(f".{folder.name}.asing-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            folder.rename(aside)
            sync(folder.parent)
        point_to_newest(settings, known)
    return aside
