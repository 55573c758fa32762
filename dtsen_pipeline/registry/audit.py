"""The audit trail of what left the house, was taken back or deleted: ``home/audit.jsonl``, one line an act, only appended to.

What belongs here: writing, proving, reading and mending the trail, and what it never holds. Each line carries the SHA-256 of the
line before it, so a line that was changed, removed or slipped in breaks the chain at that point. Lines cut off at the end leave a
chain that is whole. Only a last line that a power cut tore is ever taken out, and the trail then says so.
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

FIRST_HASH = "0" * 64
DELETED = "hapus"
BACKED_UP = "cadangan"
RESTORED = "pulih"

# Details in people's own words, which are masked. The others are ids and hashes, of which some are all digits by chance.
_FREE_TEXT = ("alasan", "berkas", "tujuan")

# Sixteen digits or more, whatever separates them; and calendar dates, which are no part of a NIK or of a card's number.
_SEPARATOR = r"[\s._/\-\u00b7\u200b-\u200d\u2010-\u2015\u2060\ufeff]{0,3}"
_LONG_NUMBER = re.compile(rf"\d(?:{_SEPARATOR}\d){{15,}}")
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(rf"(?<!\d)(?:{_YEAR}-{_MONTH}(?:-{_DAY})?|{_DAY}([-./]){_MONTH}\1{_YEAR})(?!\d)")


class Torn(DtsenError):
    """The last line was cut short: ``append`` never returned for it."""


@dataclass(frozen=True)
class Repair:
    """What ``repair`` did to the last line.

    ``line`` is its number, ``kept`` whether its entry was whole and stayed, ``cut`` how many bytes were taken out, ``file`` where
    they are kept (None where there were none).
    """

    line: int
    kept: bool
    cut: int
    file: Path | None


def path(settings: Settings) -> Path:
    """Return where the trail lies."""
    return settings.home / "audit.jsonl"


def cut_tails(settings: Settings) -> list[Path]:
    """Files of what repairs took out of the trail. They are evidence as well."""
    return sorted(settings.home.glob("audit.sisa-*.jsonl"))


def append(settings: Settings, action: str, **details: str | int) -> None:
    """Add a line: who (the account of the operating system), when (UTC), ``action`` and ``details``. It is on disk on return.

    Details name files and counts, never a value from a row. A reason is in its writer's own words, without anybody's number.
    Raises Torn or DtsenError where the last line is broken, OSError where the disk refuses: then the trail is as it was, and the
    act must not happen. So every act calls this last before it takes effect.
    """
    with _locked_trail(settings) as trail:
        written = trail.read()
        lines = written.splitlines(keepends=True)
        if lines:
            _read_line(lines[-1], len(lines))
        try:
            rest = _line_of(action, details, _sha256(lines[-1]) if lines else FIRST_HASH)
            while rest:
                rest = rest[os.write(trail.fileno(), rest) :]
            os.fsync(trail.fileno())
            if not lines:
                sync(settings.home)  # Else a power cut loses the whole file.
        except BaseException:
            # Half a line would stop every later act. Where this fails too, ``repair`` mends it.
            with suppress(OSError):
                os.ftruncate(trail.fileno(), len(written))
                os.fsync(trail.fileno())
            raise


def verify_chain(settings: Settings) -> int:
    """Return the number of entries of an unbroken trail.

    Raises DtsenError naming the first line that does not fit, Torn where that is the last one, cut short.
    """
    entries, torn = _entries(settings)
    if torn is not None:
        raise torn
    return len(entries)


def deletions(settings: Settings) -> dict[tuple[object, object], datetime]:
    """Return when each deleted release was deleted, by its name and its manifest's hash.

    The hash keeps another release under that name from being meant. Empty where the chain is broken: such a trail proves nothing,
    and ``verify_chain`` says so. A torn last line is left out; the lines before it count.
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

    An entry that lacks only its line end is kept: what it tells may have happened. Anything else goes into
    ``audit.sisa-<hash>.jsonl``. Raises DtsenError where any other line does not fit: that is evidence, and stays as it is. The
    trail changes in one step or not at all.
    """
    if not path(settings).exists():
        return None
    with _locked_trail(settings) as trail:
        written = trail.read()
        entries, torn = _parse_trail(written)
        if torn is None:
            return None
        good = written[: written.rfind(b"\n", 0, len(written) - 1) + 1]
        tail = written[len(good) :]
        before = _sha256(good.splitlines(keepends=True)[-1]) if good else FIRST_HASH
        whole = tail.rstrip(b"\0\n") + b"\n"
        kept = _entry_of(whole) is not None  # It continues the chain: ``_parse_trail`` would have refused it.
        cut = tail[len(whole) - 1 :] if kept else tail
        details: dict[str, str | int] = {"baris": len(entries) + 1, "utuh": int(kept), "dibuang": len(cut)}
        aside = None
        if cut:
            digest = _sha256(cut)
            aside = settings.home / f"audit.sisa-{digest[:8]}.jsonl"
            details |= {"sha256": digest, "berkas": aside.name}
            with private_file(aside) as part:
                part.write_bytes(cut)
        if kept:
            good, before = good + whole, _sha256(whole)
        # A new file takes its place: were the trail cut first, a crash would leave one that says nothing of the cut.
        with private_file(path(settings).resolve()) as part:
            part.write_bytes(good + _line_of("perbaikan", details, before))
    return Repair(len(entries) + 1, kept, len(cut), aside)


def holds_number(text: str) -> bool:
    """Whether ``text`` holds a number as long as a NIK, also with dots, dashes or spaces in it. Dates do not count."""
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
    """Return ``text`` with stars for every number as long as a NIK or a family card's."""
    return _LONG_NUMBER.sub(lambda match: match[0] if _is_dates_alone(match[0]) else "*" * 16, text)


def _is_dates_alone(text: str) -> bool:
    return sum(character.isdecimal() for character in _DATE.sub("", text)) < 16


@contextmanager
def _locked_trail(settings: Settings) -> Iterator[IO[bytes]]:
    """Open the trail at its start under an exclusive lock, making it where it is missing."""
    private_folder(settings.home)
    while True:
        with os.fdopen(os.open(path(settings), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+") as trail:
            fcntl.flock(trail, fcntl.LOCK_EX)
            # Otherwise a repair put another file in its place while this one waited for the lock.
            if path(settings).exists() and os.path.samestat(os.fstat(trail.fileno()), path(settings).stat()):
                yield trail
                return


def _line_of(action: str, details: dict[str, str | int], before: str) -> bytes:
    entry: dict[str, Any] = {
        **{name: masked(str(value)) if name in _FREE_TEXT else value for name, value in details.items()},
        "sebelumnya": before,
        "waktu": datetime.now(UTC).isoformat(timespec="seconds"),
        "siapa": _account(),
        "tindakan": action,
    }
    return (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _entries(settings: Settings) -> tuple[list[dict[str, Any]], Torn | None]:
    return _parse_trail(path(settings).read_bytes()) if path(settings).exists() else ([], None)


def _parse_trail(written: bytes) -> tuple[list[dict[str, Any]], Torn | None]:
    """Return the entries and, where the last line is torn, its error; raises DtsenError at any other line that does not fit."""
    expected = FIRST_HASH
    entries: list[dict[str, Any]] = []
    lines = written.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            entry = _read_line(line, number)
        except Torn as torn:
            if number < len(lines):
                raise _chain_broken(number) from None
            torn_entry = _entry_of(line.rstrip(b"\0\n"))
            if torn_entry is not None and torn_entry["sebelumnya"] != expected:
                raise _chain_broken(number) from None
            return entries, torn
        if entry["sebelumnya"] != expected:
            raise _chain_broken(number)
        entries.append(entry)
        expected = _sha256(line)
    return entries, None


def _read_line(line: bytes, number: int) -> dict[str, Any]:
    if not line.endswith(b"\n") or b"\0" in line:  # Some file systems leave zeros where nothing was written yet.
        raise Torn(
            f"audit.jsonl, baris/line {number}: catatan terakhir terpotong / the last entry was cut short.\n"
            "Tindakan/action: dtsen audit repair"
        )
    entry = _entry_of(line)
    if entry is None:
        raise _chain_broken(number)
    return entry


def _entry_of(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "sebelumnya" in entry else None


def _chain_broken(number: int) -> DtsenError:
    return DtsenError(
        f"audit.jsonl, baris/line {number}: rantai putus / the chain is broken.\n"
        "Tindakan/action: simpan berkas itu sebagai bukti dan laporkan / keep the file as evidence and report it"
    )


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _account() -> str:
    # Not getpass.getuser(), which believes the environment: the user sets that.
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
