"""The trail of what left the house, was taken back or deleted: ``home/audit.jsonl``, one line an act, only ever appended to.

What belongs here: writing, proving and asking the trail. Each line carries the SHA-256 of the line before it, so a line that
was changed, removed or slipped in breaks the chain at that point. Lines cut off at the end leave a chain that is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.warehouse import private_folder

START = "0" * 64
DELETED = "hapus"
BACKED_UP = "cadangan"
RESTORED = "pulih"


def path(settings: Settings) -> Path:
    return settings.home / "audit.jsonl"


def append(settings: Settings, action: str, **details: str | int) -> None:
    """Add who (the account of the operating system), when (UTC), ``action`` and ``details``; on disk when it returns.

    Details name files and counts, never a value from a row; a reason is in its writer's own words. Raises DtsenError where
    the last line is broken.
    """
    private_folder(settings.home)
    with os.fdopen(os.open(path(settings), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+") as trail:
        fcntl.flock(trail, fcntl.LOCK_EX)
        lines = trail.read().splitlines(keepends=True)
        if lines:
            _read(lines[-1], len(lines))
        entry: dict[str, Any] = {
            **details,
            "sebelumnya": _hash(lines[-1]) if lines else START,
            "waktu": datetime.now(UTC).isoformat(timespec="seconds"),
            "siapa": _account(),
            "tindakan": action,
        }
        trail.write((json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode())
        trail.flush()
        os.fsync(trail.fileno())


def verify_chain(settings: Settings) -> int:
    """Number of entries of an unbroken trail; raises DtsenError naming the first line that does not fit."""
    return len(_entries(settings))


def deletions(settings: Settings) -> dict[tuple[object, object], datetime]:
    """When which release was deleted, by its name and its manifest's hash, so that another one under that name is not meant.

    Empty where the chain is broken: such a trail proves nothing, and ``verify_chain`` says so.
    """
    try:
        entries = _entries(settings)
    except DtsenError:
        return {}
    return {
        (entry.get("rilis"), entry.get("manifest")): datetime.fromisoformat(entry["waktu"])
        for entry in entries
        if entry.get("tindakan") == DELETED
    }


def _entries(settings: Settings) -> list[dict[str, Any]]:
    if not path(settings).exists():
        return []
    expected, entries = START, []
    for number, line in enumerate(path(settings).read_bytes().splitlines(keepends=True), start=1):
        entries.append(_read(line, number))
        if entries[-1]["sebelumnya"] != expected:
            raise _broken(number)
        expected = _hash(line)
    return entries


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise _broken(number) from error
    if not line.endswith(b"\n") or not isinstance(entry, dict) or "sebelumnya" not in entry:
        raise _broken(number)
    return entry


def _broken(number: int) -> DtsenError:
    return DtsenError(
        f"audit.jsonl, baris/line {number}: rantai putus / the chain is broken.\n"
        "Tindakan/action: simpan berkas itu sebagai bukti dan laporkan / keep the file as evidence and report it"
    )


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _account() -> str:
    # Not getpass.getuser(): that believes the environment, which the user sets.
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
