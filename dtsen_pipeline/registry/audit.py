"""The trail of what left the house, was taken back or deleted: ``home/audit.jsonl``, one line an act, only ever appended to.

What belongs here: writing, proving, asking and mending the trail, and what it never holds. Each line carries the SHA-256 of the
line before it, so a line that was changed, removed or slipped in breaks the chain at that point. Lines cut off at the end leave a
chain that is whole. Only a last line that a power cut tore is ever taken out, and that is on the trail then.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.storage.private_files import private_file, private_folder, sync

START = "0" * 64
DELETED = "hapus"
BACKED_UP = "cadangan"
RESTORED = "pulih"

# What people wrote themselves. The other details are ids and hashes, of which some are all digits by chance.
_WRITTEN = ("alasan", "berkas", "tujuan")

# Sixteen digits or more, whatever stands between them, and calendar dates, which are no part of a NIK or a card's number.
_BETWEEN = r"[\s._/\-\u00b7\u200b-\u200d\u2010-\u2015\u2060\ufeff]{0,3}"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{15,}}")
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_DATES = re.compile(rf"(?<!\d)(?:{_YEAR}-{_MONTH}(?:-{_DAY})?|{_DAY}([-./]){_MONTH}\1{_YEAR})(?!\d)")


class Torn(DtsenError):
    """The last line was cut short: nobody was ever told that it was written."""


@dataclass(frozen=True)
class Repair:
    """What ``repair`` did: the number of the line, whether its entry was whole and kept, and of what was cut the number of bytes
    and the file that keeps them (None where nothing was cut)."""

    line: int
    kept: bool
    cut: int
    file: Path | None


def path(settings: Settings) -> Path:
    return settings.home / "audit.jsonl"


def cut_tails(settings: Settings) -> list[Path]:
    """What repairs took out of the trail: evidence as well."""
    return sorted(settings.home.glob("audit.sisa-*.jsonl"))


def append(settings: Settings, action: str, **details: str | int) -> None:
    """Add who (the account of the operating system), when (UTC), ``action`` and ``details``; on disk when it returns.

    Details name files and counts, never a value from a row; a reason is in its writer's own words, without the numbers of anybody.
    Raises Torn or DtsenError where the last line is broken, and OSError where the disk refuses: then the trail is as it was, and
    the act must not happen. So every act calls this last before it takes effect.
    """
    with _held(settings) as trail:
        written = trail.read()
        lines = written.splitlines(keepends=True)
        if lines:
            _read(lines[-1], len(lines))
        try:
            rest = _line(action, details, _hash(lines[-1]) if lines else START)
            while rest:
                rest = rest[os.write(trail.fileno(), rest) :]
            os.fsync(trail.fileno())
            if not lines:
                sync(settings.home)  # else a power cut loses the whole file
        except BaseException:
            # Half a line would stop every later act. Where this fails too, ``repair`` mends it.
            with suppress(OSError):
                os.ftruncate(trail.fileno(), len(written))
                os.fsync(trail.fileno())
            raise


def verify_chain(settings: Settings) -> int:
    """Number of entries of an unbroken trail; raises DtsenError naming the first line that does not fit, Torn where that is the
    last one, cut short."""
    entries, torn = _entries(settings)
    if torn is not None:
        raise torn
    return len(entries)


def deletions(settings: Settings) -> dict[tuple[object, object], datetime]:
    """When which release was deleted, by its name and its manifest's hash, so that another one under that name is not meant.

    Empty where the chain is broken: such a trail proves nothing, and ``verify_chain`` says so. A torn last line tells nothing, and
    takes nothing from those before it.
    """
    try:
        entries, _ = _entries(settings)
    except DtsenError:
        return {}
    return {
        (entry.get("rilis"), entry.get("manifest")): datetime.fromisoformat(entry["waktu"])
        for entry in entries
        if entry.get("tindakan") == DELETED
    }


def repair(settings: Settings) -> Repair | None:
    """Mend a last line that was torn (a full disk, a power cut), and say so in the trail; None where nothing is torn.

    An entry that lacks nothing but its end is kept: what it tells may have happened. Anything else is kept aside, in
    ``audit.sisa-<hash>.jsonl``. Raises DtsenError where any other line does not fit: that is evidence, and stays as it is. The
    trail is changed in one step or not at all.
    """
    if not path(settings).exists():
        return None
    with _held(settings) as trail:
        written = trail.read()
        entries, torn = _parse(written)
        if torn is None:
            return None
        good = written[: written.rfind(b"\n", 0, len(written) - 1) + 1]
        tail = written[len(good) :]
        before = _hash(good.splitlines(keepends=True)[-1]) if good else START
        whole = tail.rstrip(b"\0\n") + b"\n"
        kept = _entry(whole) is not None  # and it continues the chain, or ``_parse`` had refused it
        cut = tail[len(whole) - 1 :] if kept else tail
        details: dict[str, str | int] = {"baris": len(entries) + 1, "utuh": int(kept), "dibuang": len(cut)}
        aside = None
        if cut:
            digest = _hash(cut)
            aside = settings.home / f"audit.sisa-{digest[:8]}.jsonl"
            details |= {"sha256": digest, "berkas": aside.name}
            with private_file(aside) as part:
                part.write_bytes(cut)
        if kept:
            good, before = good + whole, _hash(whole)
        # Another file in its place: of a trail that was cut first, a crash would leave one that tells nothing of the cut.
        with private_file(path(settings).resolve()) as part:
            part.write_bytes(good + _line("perbaikan", details, before))
    return Repair(len(entries) + 1, kept, len(cut), aside)


def holds_number(text: str) -> bool:
    """Whether ``text`` holds a number as long as a NIK, also with dots, dashes or spaces in it. Dates are none."""
    return masked(text) != text


def check_reason(reason: str) -> None:
    """Raise InputError where ``reason`` says nothing, or holds a number as long as a NIK: the trail is kept for good."""
    if not reason.strip():
        raise InputError("alasan kosong / the reason is empty", action="sebutkan sebabnya / say why")
    if holds_number(reason):
        raise InputError(
            "alasan memuat nomor sepanjang NIK / the reason holds a number as long as a NIK",
            expected="sebab yang tidak menyebut siapa pun / a reason that names nobody",
        )


def masked(text: str) -> str:
    """``text`` with stars for every number as long as a NIK or a family card's."""
    return _DIGITS.sub(lambda found: found[0] if _is_of_dates(found[0]) else "*" * 16, text)


def _is_of_dates(text: str) -> bool:
    return sum(character.isdecimal() for character in _DATES.sub("", text)) < 16


@contextmanager
def _held(settings: Settings) -> Iterator[IO[bytes]]:
    """The trail, open at its start, made where it is missing; nobody else writes to it meanwhile."""
    private_folder(settings.home)
    while True:
        with os.fdopen(os.open(path(settings), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+") as trail:
            fcntl.flock(trail, fcntl.LOCK_EX)
            # Else it was repaired while this one waited, and what is opened here is read by nobody any more.
            if path(settings).exists() and os.path.samestat(os.fstat(trail.fileno()), path(settings).stat()):
                yield trail
                return


def _line(action: str, details: dict[str, str | int], before: str) -> bytes:
    entry: dict[str, Any] = {
        **{name: masked(str(told)) if name in _WRITTEN else told for name, told in details.items()},
        "sebelumnya": before,
        "waktu": datetime.now(UTC).isoformat(timespec="seconds"),
        "siapa": _account(),
        "tindakan": action,
    }
    return (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _entries(settings: Settings) -> tuple[list[dict[str, Any]], Torn | None]:
    return _parse(path(settings).read_bytes()) if path(settings).exists() else ([], None)


def _parse(written: bytes) -> tuple[list[dict[str, Any]], Torn | None]:
    """The entries, and the error that tells of a torn last line; raises DtsenError at any other line that does not fit."""
    expected = START
    entries: list[dict[str, Any]] = []
    lines = written.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            entry = _read(line, number)
        except Torn as torn:
            if number < len(lines):
                raise _broken(number) from None
            found = _entry(line.rstrip(b"\0\n"))
            if found is not None and found["sebelumnya"] != expected:
                raise _broken(number) from None
            return entries, torn
        if entry["sebelumnya"] != expected:
            raise _broken(number)
        entries.append(entry)
        expected = _hash(line)
    return entries, None


def _read(line: bytes, number: int) -> dict[str, Any]:
    if not line.endswith(b"\n") or b"\0" in line:  # some file systems leave zeros where nothing was written yet
        raise Torn(
            f"audit.jsonl, baris/line {number}: catatan terakhir terpotong / the last entry was cut short.\n"
            "Tindakan/action: dtsen audit repair"
        )
    entry = _entry(line)
    if entry is None:
        raise _broken(number)
    return entry


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "sebelumnya" in entry else None


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
