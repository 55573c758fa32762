"""Back up a home into a dated folder that proves itself, and restore a home from one.

What belongs here: copying what cannot be made again (registry, releases, reviewers' decisions, audit trail; neither key nor
warehouses), proving it, and putting it back. A backup gets its name last, after it has been opened as a home: whatever stops it
earlier leaves nothing that looks like a backup.

    FOLDER/2025-04-03T020000Z/          registry.duckdb, audit.jsonl, releases/, tinjauan/: as below home
        cadangan.json                   when, the key's id, what stood, and what was wrong with the home already
        SHA256SUMS                      of every file; `sha256sum -c SHA256SUMS` proves it without this code
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError, storage_reason
from dtsen_pipeline.registry import audit, store
from dtsen_pipeline.release import catalogue, manifest, publishing, verification
from dtsen_pipeline.storage import keys, private_files
from dtsen_pipeline.storage.private_files import sync, temporary_folder

SUMS_FILE = "SHA256SUMS"
ABOUT_FILE = "cadangan.json"
DECISIONS_FOLDER = "tinjauan"
# Of no use in a copy: locks, unfinished files, and what the next publish deletes unread.
_LEFT_OUT = ("*.lock", ".dtsen.*", ".tumpahan.*", ".r*.part", ".r*.hapus")


@dataclass(frozen=True)
class Backup:
    """A finished backup; ``problems`` are those of the home, which the copy shares."""

    path: Path
    key_id: str
    files: int
    problems: list[str]


def make(settings: Settings, to: Path) -> Backup:
    """Write a backup of the home into a new dated folder below ``to``, with its line on the audit trail.

    Waits for a publish under way; an unpublished month is not part of it. A home that is not whole is backed up as it is, and the
    backup says what is wrong. Raises InputError where there is no such home, its key is missing or another, or ``to`` lies
    within it; DtsenError where the copy cannot be written, or does not read back as the home does.
    """
    catalogue.releases(settings)
    if to.exists() and not to.is_dir():
        raise InputError("bukan folder / not a folder", file=to, action="sebut sebuah folder / name a folder")
    if to.absolute().resolve().is_relative_to(settings.home.absolute().resolve()):
        raise InputError(
            "cadangan di dalam rumahnya sendiri / a backup within its own home",
            file=to,
            expected="folder di luar rumah, sebaiknya di disk lain / a folder outside of it, best on another disk",
        )
    key = keys.load(settings)
    now = datetime.now(UTC)
    target = to / f"{now:%Y-%m-%dT%H%M%SZ}"
    if target.exists():
        raise InputError("sudah ada cadangan dari detik ini / there is a backup of this second", file=target)
    with _naming_the_storage(to, "cadangan tidak jadi / no backup was made"):
        private_files.private_folder(to)
        with temporary_folder(to, "cadangan") as own, catalogue.one_at_a_time(settings):
            part = own / f".{target.name}"
            about = _copy_home(settings, key, part, target) | {"dibuat": now.isoformat(timespec="seconds")}
            (part / ABOUT_FILE).write_bytes(manifest.canonical(about))
            sums = _computed_sums(part)
            (part / SUMS_FILE).write_text(
                "".join(f"{digest}  {file}\n" for file, digest in sums.items()), encoding="utf-8"
            )
            publishing.make_private_and_durable(part)
            part.rename(target)
            sync(to)
    return Backup(target, key.id, len(sums), about["masalah"])


def _copy_home(settings: Settings, key: keys.Keys, part: Path, target: Path) -> dict[str, Any]:
    """Copy the home into ``part``, open it there, and return what ``cadangan.json`` says of it but for the time."""
    private_files.private_folder(part)
    store.copy_registry(settings, part / settings.registry.name)
    for folder in (settings.releases, settings.home / DECISIONS_FOLDER):
        if folder.is_dir():
            left_out = shutil.ignore_patterns(*_LEFT_OUT)
            shutil.copytree(folder, part / folder.name, ignore=left_out, copy_function=_copy_file)
    trail = audit.path(settings)
    if trail.exists():
        _copy_file(trail, part / trail.name)
    problems = _common_problems(settings, _as_home(settings, part))
    # Last before it gets its name: nothing leaves without its line on the trail.
    audit.append(settings, audit.BACKED_UP, cadangan=target.name, tujuan=str(target.parent.absolute()))
    for file in (trail, *audit.cut_tails(settings)):
        _copy_file(file, part / file.name)
    standing = catalogue.newest_standing(catalogue.releases(settings))
    return {
        "kunci": key.id,
        "versi_registri": len(store.MIGRATIONS),
        "rilis_berlaku": standing and standing.name,
        "masalah": problems,
    }


def restore(backup: Path, settings: Settings) -> list[str]:
    """Make the home of ``settings``, which must not be there yet or be empty, out of ``backup``.

    Returns what was wrong already with the home that was backed up, and so is with this one. Raises InputError where ``backup`` is
    none, is not what was written, or is of another key, or where the home is not empty. Where it fails, nothing is left.
    """
    home = settings.home.absolute()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InputError(
            "rumah tujuan tidak kosong / the home to restore into is not empty",
            file=home,
            expected="folder baru atau kosong / a new or empty folder",
            action="pilih --home lain, lalu arahkan DTSEN_HOME ke sana / choose another --home, then let DTSEN_HOME name it",
        )
    about = _prove(backup)
    # Loaded as the backup's key, since it has a registry: for an empty home a key would be made.
    key = keys.load(settings.model_copy(update={"home": backup}))
    if key.id != about["kunci"]:
        raise InputError(
            f"kunci lain / another key: {key.id}",
            file=backup,
            expected=f"kunci/key {about['kunci']}",
            action="beri kunci itu lewat DTSEN_KEY_FILE / give that key by DTSEN_KEY_FILE",
        )
    with _naming_the_storage(home.parent, "tidak dipulihkan / nothing was restored"):
        private_files.private_folder(home.parent)
        with temporary_folder(home.parent, "pulih") as own:
            part = own / home.name
            shutil.copytree(backup, part, ignore=shutil.ignore_patterns(SUMS_FILE, ABOUT_FILE))
            copied = settings.model_copy(update={"home": part})
            if _computed_sums(part) != {
                file: digest for file, digest in _listed_sums(backup).items() if file != ABOUT_FILE
            }:
                raise DtsenError("salinan tidak terbaca kembali / the copy does not read back; ulangi / try again")
            problems = _problems_of_home(copied)
            audit.append(copied, audit.RESTORED, cadangan=backup.absolute().name)
            (part / "releases" / ".lock").unlink(missing_ok=True)
            publishing.make_private_and_durable(part)
            part.rename(home)
            sync(home.parent)
    return problems


def _prove(backup: Path) -> dict[str, Any]:
    """Return ``cadangan.json`` of the backup; raises InputError where one of its files is not what was written."""
    if not (backup / SUMS_FILE).is_file() or backup.absolute().name.startswith("."):
        raise InputError(
            f"bukan cadangan yang selesai, {SUMS_FILE} tidak ada / no finished backup, without {SUMS_FILE}",
            file=backup,
            expected="folder bertanggal yang ditulis `dtsen backup` / a dated folder that it wrote",
        )
    listed, computed = _listed_sums(backup), _computed_sums(backup)
    wrong = [f"{file}: hilang / missing" for file in sorted(listed.keys() - computed.keys())]
    wrong += [f"{file}: tidak tercatat / not listed" for file in sorted(computed.keys() - listed.keys())]
    wrong += [
        f"{file}: isi berubah / content changed"
        for file in sorted(computed)
        if listed.get(file, computed[file]) != computed[file]
    ]
    if wrong or ABOUT_FILE not in listed:
        raise InputError(
            "cadangan tidak utuh / the backup is not whole: " + "; ".join(wrong or [f"{ABOUT_FILE}: hilang / missing"]),
            file=backup,
            action="pakai cadangan lain, atau salin lagi dari asalnya / use another backup, or copy it again from where it came",
        )
    about: dict[str, Any] = json.loads((backup / ABOUT_FILE).read_bytes())
    return about


def _listed_sums(backup: Path) -> dict[str, str]:
    lines = (backup / SUMS_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    matches = [re.fullmatch(r"([0-9a-f]{64})  (.+)", line) for line in lines]
    return {match[2]: match[1] for match in matches if match}


def _computed_sums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS_FILE)
    return {path.relative_to(folder).as_posix(): manifest.sha256_of(path) for path in files}


def _copy_file(source: str | Path, to: str | Path) -> None:
    """Copy a file under a shared lock, so that one that is appended to (decisions, the trail) has no half line."""
    with Path(source).open("rb") as file, Path(to).open("wb") as copy:
        fcntl.flock(file, fcntl.LOCK_SH)
        shutil.copyfileobj(file, copy, 1 << 20)


def _as_home(settings: Settings, copy: Path) -> Settings:
    """Return the settings of ``copy`` as a home, with the key of the home it was copied from, wherever that lies."""
    given = settings.key is not None or settings.key_file is not None
    return settings.model_copy(update={"home": copy} | ({} if given else {"key_file": settings.home / ".kunci"}))


def _common_problems(settings: Settings, copied: Settings) -> list[str]:
    """Return what is wrong with the home and its copy alike; raises DtsenError where the copy has a fault of its own."""
    problems = _problems_of_home(copied)
    if problems and problems != (own := _problems_of_home(settings)):
        raise DtsenError(
            "cadangan tidak terbaca seperti rumahnya / the backup does not read as its home does: "
            + "; ".join(sorted(set(problems) ^ set(own)))
        )
    return problems


def _problems_of_home(settings: Settings) -> list[str]:
    """Return everything `dtsen releases verify` finds, but for warehouses, which no backup has."""
    known = catalogue.releases(settings)
    problems = [text for text in verification.home_problems(settings, known) if not text.startswith("warehouse/")]
    key = keys.load(settings)
    problems += [f"{entry.name}: {text}" for entry in known for text in verification.problems(entry, key)]
    try:
        audit.verify_chain(settings)
    except DtsenError as error:
        problems.append(str(error))
    return problems


@contextmanager
def _naming_the_storage(to: Path, failed: str) -> Iterator[None]:
    """Raise a DtsenError that names ``to`` where the storage refuses within the block."""
    try:
        yield
    except (OSError, duckdb.Error, shutil.Error) as error:
        reason = storage_reason(error)
        if reason is None:
            raise
        raise DtsenError(
            f"{failed}: {to}: {reason}.\n"
            "Tindakan/action: kosongkan ruang atau periksa izin folder itu, lalu ulangi / free some space or check who may write "
            "there, then try again"
        ) from None
