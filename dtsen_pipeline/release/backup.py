"""Backups of a home, each a dated folder that proves itself, and homes made of them again.

What belongs here: copying what cannot be made again (registry, releases, reviewers' decisions, audit trail; neither key nor
warehouses), proving it, and putting it back. A backup gets its name last, when it has been opened as a home: whatever stops it
earlier leaves nothing that looks like one.

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

SUMS = "SHA256SUMS"
ABOUT = "cadangan.json"
DECISIONS = "tinjauan"
# Of no use in a copy: locks, what is being written, and what the next publish sweeps away unread.
_LEFT_OUT = ("*.lock", ".dtsen.*", ".tumpahan.*", ".r*.part", ".r*.hapus")


@dataclass(frozen=True)
class Backup:
    """A finished backup; ``problems`` are those of the home it was made of, and of the copy too."""

    path: Path
    key_id: str
    files: int
    problems: list[str]


def make(settings: Settings, to: Path) -> Backup:
    """Write a backup of the home into a new dated folder below ``to``, with its line on the audit trail.

    A publish under way is waited for; a month in the making is not part of it. A home that is not whole is backed up as it is,
    and the backup says what is wrong. Raises InputError where there is no such home, its key is missing or another, or ``to`` lies
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
    with _written(to, "cadangan tidak jadi / no backup was made"):
        private_files.private_folder(to)
        with temporary_folder(to, "cadangan") as own, catalogue.one_at_a_time(settings):
            part = own / f".{target.name}"
            about = _write(settings, key, part, target) | {"dibuat": now.isoformat(timespec="seconds")}
            (part / ABOUT).write_bytes(manifest.canonical(about))
            sums = _sums(part)
            (part / SUMS).write_text("".join(f"{digest}  {file}\n" for file, digest in sums.items()), encoding="utf-8")
            publishing.settle(part)
            part.rename(target)
            sync(to)
    return Backup(target, key.id, len(sums), about["masalah"])


def _write(settings: Settings, key: keys.Keys, part: Path, target: Path) -> dict[str, Any]:
    """Copy the home into ``part``, and open it there; what is to be told of it."""
    private_files.private_folder(part)
    store.copy(settings, part / settings.registry.name)
    for folder in (settings.releases, settings.home / DECISIONS):
        if folder.is_dir():
            left_out = shutil.ignore_patterns(*_LEFT_OUT)
            shutil.copytree(folder, part / folder.name, ignore=left_out, copy_function=_copy)
    trail = audit.path(settings)
    if trail.exists():
        _copy(trail, part / trail.name)
    problems = _compared(settings, _as_home(settings, part))
    # Last before it has its name: what is not on the trail has not left the house.
    audit.append(settings, audit.BACKED_UP, cadangan=target.name, tujuan=str(target.parent.absolute()))
    for file in (trail, *audit.left_over(settings)):
        _copy(file, part / file.name)
    standing = catalogue.newest_standing(catalogue.releases(settings))
    return {
        "kunci": key.id,
        "versi_registri": len(store.MIGRATIONS),
        "rilis_berlaku": standing and standing.name,
        "masalah": problems,
    }


def restore(backup: Path, settings: Settings) -> list[str]:
    """Make the home of ``settings``, which must not be there yet, out of ``backup``; returns what was wrong with the home that was
    backed up already, and so is with this one.

    Raises InputError where ``backup`` is none, is not what was written, or is of another key, or where the home is not empty.
    Nothing is left where it fails.
    """
    home = settings.home.absolute()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InputError(
            "rumah tujuan tidak kosong / the home to restore into is not empty",
            file=home,
            expected="folder baru atau kosong / a new or empty folder",
            action="pilih --home lain, lalu arahkan DTSEN_HOME ke sana / choose another --home, then let DTSEN_HOME name it",
        )
    about = _proved(backup)
    # Asked of the backup, which has a registry: for an empty home a key would be made.
    key = keys.load(settings.model_copy(update={"home": backup}))
    if key.id != about["kunci"]:
        raise InputError(
            f"kunci lain / another key: {key.id}",
            file=backup,
            expected=f"kunci/key {about['kunci']}",
            action="beri kunci itu lewat DTSEN_KEY_FILE / give that key by DTSEN_KEY_FILE",
        )
    with _written(home.parent, "tidak dipulihkan / nothing was restored"):
        private_files.private_folder(home.parent)
        with temporary_folder(home.parent, "pulih") as own:
            part = own / home.name
            shutil.copytree(backup, part, ignore=shutil.ignore_patterns(SUMS, ABOUT))
            copied = settings.model_copy(update={"home": part})
            if _sums(part) != {file: digest for file, digest in _listed(backup).items() if file != ABOUT}:
                raise DtsenError("salinan tidak terbaca kembali / the copy does not read back; ulangi / try again")
            problems = _problems(copied)
            audit.append(copied, audit.RESTORED, cadangan=backup.absolute().name)
            (part / "releases" / ".lock").unlink(missing_ok=True)
            publishing.settle(part)
            part.rename(home)
            sync(home.parent)
    return problems


def _proved(backup: Path) -> dict[str, Any]:
    """What the backup says of itself; raises InputError where one of its files is not what was written."""
    if not (backup / SUMS).is_file() or backup.absolute().name.startswith("."):
        raise InputError(
            f"bukan cadangan yang selesai, {SUMS} tidak ada / no finished backup, without {SUMS}",
            file=backup,
            expected="folder bertanggal yang ditulis `dtsen backup` / a dated folder that it wrote",
        )
    listed, found = _listed(backup), _sums(backup)
    wrong = [f"{file}: hilang / missing" for file in sorted(listed.keys() - found.keys())]
    wrong += [f"{file}: tidak tercatat / not listed" for file in sorted(found.keys() - listed.keys())]
    wrong += [
        f"{file}: isi berubah / content changed"
        for file in sorted(found)
        if listed.get(file, found[file]) != found[file]
    ]
    if wrong or ABOUT not in listed:
        raise InputError(
            "cadangan tidak utuh / the backup is not whole: " + "; ".join(wrong or [f"{ABOUT}: hilang / missing"]),
            file=backup,
            action="pakai cadangan lain, atau salin lagi dari asalnya / use another backup, or copy it again from where it came",
        )
    about: dict[str, Any] = json.loads((backup / ABOUT).read_bytes())
    return about


def _listed(backup: Path) -> dict[str, str]:
    lines = (backup / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    read = [re.fullmatch(r"([0-9a-f]{64})  (.+)", line) for line in lines]
    return {match[2]: match[1] for match in read if match}


def _sums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS)
    return {path.relative_to(folder).as_posix(): manifest.sha256_of(path) for path in files}


def _copy(source: str | Path, to: str | Path) -> None:
    """Copy a file; of one that is appended to under its lock (decisions, the trail) no half line."""
    with Path(source).open("rb") as file, Path(to).open("wb") as copy:
        fcntl.flock(file, fcntl.LOCK_SH)
        shutil.copyfileobj(file, copy, 1 << 20)


def _as_home(settings: Settings, copy: Path) -> Settings:
    """``copy`` as a home, with the key of the one it is of, wherever that lies."""
    given = settings.key is not None or settings.key_file is not None
    return settings.model_copy(update={"home": copy} | ({} if given else {"key_file": settings.home / ".kunci"}))


def _compared(settings: Settings, copied: Settings) -> list[str]:
    """What is wrong with the home, and so with its copy; raises DtsenError where the copy has a fault of its own."""
    problems = _problems(copied)
    if problems and problems != (own := _problems(settings)):
        raise DtsenError(
            "cadangan tidak terbaca seperti rumahnya / the backup does not read as its home does: "
            + "; ".join(sorted(set(problems) ^ set(own)))
        )
    return problems


def _problems(settings: Settings) -> list[str]:
    """Everything `dtsen releases verify` finds, but for warehouses, which no backup has."""
    known = catalogue.releases(settings)
    found = [problem for problem in verification.home_problems(settings, known) if not problem.startswith("warehouse/")]
    key = keys.load(settings)
    found += [f"{entry.name}: {problem}" for entry in known for problem in verification.problems(entry, key)]
    try:
        audit.verify_chain(settings)
    except DtsenError as error:
        found.append(str(error))
    return found


@contextmanager
def _written(to: Path, failed: str) -> Iterator[None]:
    """Say of a storage that refuses which one it was."""
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
