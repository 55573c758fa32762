"""Find the files of the landing folder that a month's run takes, and tell whether a month's deliveries are complete.

What belongs here: the rule "for each source its latest delivery at or before the month", which file is which table, what may lie in
the landing folder beside the deliveries, and when to wait. Nothing is opened here. How names are masked is in ``file_names``.

Anything in the landing folder that is not understood stops the run: if it were ignored and is somebody's delivery, last month's
would be taken in its place. In an older month's folder it stops the run only where the search for a source gets that far.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.file_names import SUFFIXES, letters_and_digits, public_name
from dtsen_pipeline.contracts.model import SourceContract, load
from dtsen_pipeline.errors import InputError

# A file of this name in ``<landing>/<YYYY-MM>/`` says that nothing more will come; its content is not read.
MARKER = "SELESAI"

# Without the marker, nothing may have changed for this long. An upload that stalls for longer is rare, and costs a revision.
QUIET_MINUTES = 30

_CHECKSUM_SUFFIXES = (".md5", ".sha1", ".sha256", ".sha512")

# Names that may lie anywhere beside the deliveries: leftovers of systems, and papers that come along. Letters (*.pdf) too, unless
# they bear the name of a source or a table (``_is_ignored``). Listed in docs/operations.md.
_IGNORED_NAMES = (
    *(MARKER.lower(), ".*", "thumbs.db", "ehthumbs.db", "desktop.ini", "_success", "__macosx", "lost+found"),
    *("$recycle.bin", "system volume information", "@eadir", "#recycle"),
    *("readme*", "checksum*", "md5sum*", "sha*sum*", *(f"*{suffix}" for suffix in _CHECKSUM_SUFFIXES)),
)

# Files of macOS, LibreOffice and Excel beside an open file of any name.
_LOCK_PREFIXES = ("._", ".~lock.", "~$")

_UPLOAD_SUFFIXES = (".part", ".filepart", ".crdownload", ".tmp", ".partial")

# rsync writes .anggota.csv.Xy12Za until the file is whole.
_RSYNC_TEMPORARY = re.compile(r"\..+\.[A-Za-z0-9]{6}")

_MONTH = re.compile(r"20[0-9][0-9]-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Delivery:
    """The files of one source by table, in name order; ``month`` is None for reference data and where nothing came.

    ``public_names`` are the names by which the files may be shown, each a different one.
    """

    source: str
    month: str | None
    folder: Path | None
    files: dict[str, tuple[Path, ...]]
    public_names: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """How complete the deliveries of a month are.

    ``waiting`` says what is waited for, None where they are complete. ``changed`` is when the files that the month would read last
    changed, in seconds since 1970; the current time where these files are not known.
    """

    waiting: str | None
    changed: float


def check_arrival(landing: Path, month: str, now: float) -> Arrival:
    """Check whether ``month`` can be made at ``now`` (seconds since 1970) without waiting for more.

    It can where its marker is there (a source that did not come anew is then taken from its last delivery), or where every monthly
    source came for this very month and nothing has changed for QUIET_MINUTES. Where something is not understood, the month waits.
    """
    try:
        if month not in _months_up_to(landing, month):
            return Arrival("belum ada kiriman / nothing delivered yet", now)
        taken = find_deliveries(landing, month)
        files = [path for delivery in taken for paths in delivery.files.values() for path in paths]
        # Not the time of modification, which copying tools keep. The time of the folder changes when a file goes.
        changed = max(path.stat().st_ctime for path in {*files, *(path.parent for path in files)})
    except InputError as error:
        return Arrival(str(error), now)
    except OSError as error:  # a file went while we looked
        return Arrival(f"berkas berubah / files are changing: {error.strerror}", now)
    if (landing / month / MARKER).exists():
        return Arrival(None, changed)
    late = [
        load()[delivery.source]
        for delivery in taken
        if load()[delivery.source].delivery == "bulanan" and delivery.month != month
    ]
    if late:
        names = ", ".join(f"{contract.source} ({contract.owner})" for contract in late)
        return Arrival(
            f"belum ada kiriman bulan {month} / no delivery of this month yet: {names}. "
            f"Tindakan/action: tunggu, atau buat berkas {MARKER} / wait, or make a file {month}/{MARKER}",
            changed,
        )
    if (quiet := (now - changed) / 60) < QUIET_MINUTES:
        return Arrival(
            f"kiriman {month} berubah {quiet:.0f} menit lalu, ditunggu sampai {QUIET_MINUTES} / changed {quiet:.0f} minutes ago, "
            f"waiting for {QUIET_MINUTES}",
            changed,
        )
    return Arrival(None, changed)


def find_deliveries(landing: Path, month: str) -> list[Delivery]:
    """Find the delivery of every source that the run of ``month`` (YYYY-MM) takes; an optional source may have no files.

    Raises InputError where a required source has no delivery at or before the month, where a delivery lacks a table, and where the
    landing folder, the month's folder or a delivery holds anything that is not understood.
    """
    return [find_delivery(landing, month, source) for source in load()]


def find_delivery(landing: Path, month: str, source: str) -> Delivery:
    """Find the delivery of one source, as ``find_deliveries`` does."""
    check_month(month)
    contract = load()[source]
    months = _months_up_to(landing, month)
    if contract.delivery == "referensi":
        files, names = _files_by_table(landing / source, source, contract) if _exists(landing / source) else ({}, {})
        if files:
            return Delivery(source, None, landing / source, files, names)
        months = []
    doubt: InputError | None = None
    for name in months:
        sources, not_understood = _sources_of_month(landing, name)
        for entry, error in not_understood:
            if name == month or source in letters_and_digits(entry):
                raise error
        folder, label = landing / name / source, f"{name}/{source}"
        files, names = _files_by_table(folder, label, contract) if source in sources else ({}, {})
        if files and doubt:
            raise doubt  # an entry that was not understood may be a newer delivery
        if files:
            return Delivery(source, name, folder, files, names)
        doubt = doubt or next((error for _, error in not_understood), None)
    if contract.delivery == "opsional":
        return Delivery(source, None, None, dict.fromkeys(contract.tables, ()))
    if doubt:
        raise doubt
    where = f"{source}/" if contract.delivery == "referensi" else f"<YYYY-MM>/{source}/, <YYYY-MM> <= {month}"
    raise InputError(
        f"tidak ada kiriman {source} / no delivery of {source}: looked in {landing} for {where}",
        expected=_expected_names(contract),
        action=f"minta kiriman kepada / ask for the delivery: {contract.owner}",
    )


def _is_ignored(name: str, begins: Collection[str]) -> bool:
    """Whether ``name`` may lie beside deliveries and is ignored; ``begins`` is how the names of deliveries begin there."""
    low = name.casefold()
    if low.startswith(_LOCK_PREFIXES):
        return True
    may_be_delivery = any(suffix in low for suffix in SUFFIXES) and not low.endswith(_CHECKSUM_SUFFIXES)
    if low.startswith("."):
        may_be_delivery |= bool(_MONTH.search(low)) or any(source in low for source in load())
    letter = low.endswith(".pdf") and not low.startswith(tuple(begins))
    return not may_be_delivery and (letter or any(fnmatchcase(low, pattern) for pattern in _IGNORED_NAMES))


def _exists(path: Path) -> bool:
    return os.path.lexists(path)  # a broken link is there too


def _names_in(folder: Path, label: str) -> list[str]:
    """The names of all entries of ``folder``, sorted by their bytes. Raises InputError where it cannot be listed."""
    try:
        return sorted((entry.name for entry in folder.iterdir()), key=os.fsencode)
    except OSError as error:
        raise InputError(
            f"tidak dapat dibaca sebagai folder / cannot be read as a folder: {error.strerror}",
            file=label,
            expected="folder yang dapat dibaca / a folder that can be read",
            action="perbaiki izin, tautan atau namanya, atau pindahkan dari folder kiriman / mend its permissions, link or name, "
            "or move it out of the landing folder",
        ) from None


def _not_understood(name: str, label: str, expected: str, message: str | None = None) -> InputError:
    """The error for an entry of the landing folder that nobody can place; ``label`` is its name as it may be shown."""
    if name.lower().endswith(_UPLOAD_SUFFIXES) or _RSYNC_TEMPORARY.fullmatch(name):
        message = "masih diunggah / still being uploaded"
    elif name != name.strip():
        message = "ada spasi di ujung namanya / its name begins or ends with a blank"
    return InputError(
        message
        or "tidak dikenali, bisa jadi kiriman yang akan terlewat / not understood: it may be a delivery that would be missed",
        file=label,
        expected=expected,
        action="tunggu sampai selesai, ganti namanya, atau pindahkan dari folder kiriman / wait until it is done, rename it, "
        "or move it out of the landing folder",
    )


def _months_up_to(landing: Path, month: str) -> list[str]:
    """The months up to ``month`` that have an entry in the landing folder, the newest first; later months are ignored.

    Raises InputError where the landing folder is missing or holds an entry that is not understood.
    """
    if not landing.is_dir():
        raise InputError(
            f"folder kiriman tidak ada / there is no landing folder: {landing}",
            expected="<landing>/<YYYY-MM>/<source>/ and <landing>/referensi/",
            action="betulkan DTSEN_LANDING atau pilihan --landing / correct DTSEN_LANDING or the option --landing",
        )
    names = _names_in(landing, str(landing))
    reference = [source for source, contract in load().items() if contract.delivery == "referensi"]
    for name in names:
        if not (_MONTH.fullmatch(name) or name in reference or _is_ignored(name, load())):
            raise _not_understood(
                name, public_name(name, names), f"<YYYY-MM>/, {', '.join(f'{source}/' for source in reference)}"
            )
    return sorted((name for name in names if _MONTH.fullmatch(name) and name <= month), reverse=True)


def _sources_of_month(landing: Path, month: str) -> tuple[list[str], list[tuple[str, InputError]]]:
    """The sources that have an entry in the folder of ``month``, and the entries that are not understood: name and error."""
    try:
        names = _names_in(landing / month, month)
    except InputError as error:
        return [], [("", error)]
    sources = [source for source, contract in load().items() if contract.delivery != "referensi"]
    expected = f"{', '.join(f'{month}/{source}/' for source in sources)}, {month}/{MARKER}"
    unknown = [name for name in names if not (name in sources or _is_ignored(name, load()))]
    return [name for name in names if name in sources], [
        (name, _not_understood(name, f"{month}/{public_name(name, names)}", expected)) for name in unknown
    ]


def _walk_files(
    folder: Path, label: str, contract: SourceContract, above: tuple[tuple[int, int], ...] = ()
) -> Iterator[tuple[Path, str]]:
    """Yield every file below ``folder`` that may be data, with its name as it may be shown.

    ``above`` are device and inode of the folders around it. Raises InputError at links that go nowhere or in circles, and at
    anything that is neither a file nor a folder.
    """
    names, expected = _names_in(folder, label), _expected_names(contract)
    begins = [t.files for t in contract.tables.values() if t.files]
    for name in names:
        if _is_ignored(name, begins):
            continue
        path, own = folder / name, f"{label}/{public_name(name, names)}"
        try:
            status = path.stat()
        except OSError as error:
            reason = f"tidak dapat dibaca, tautan putus? / cannot be read, a broken link? {error.strerror}"
            raise _not_understood(name, own, expected, reason) from None
        if stat.S_ISREG(status.st_mode):
            yield path, own
        elif not stat.S_ISDIR(status.st_mode):
            raise _not_understood(name, own, expected, "bukan berkas dan bukan folder / neither a file nor a folder")
        elif name.lower().endswith((*SUFFIXES, *_UPLOAD_SUFFIXES)):
            reason = "folder yang bernama seperti berkas / a folder named like a file"
            raise _not_understood(name, own, expected, reason)
        elif (status.st_dev, status.st_ino) in above:
            reason = "tautan ke folder yang memuatnya / a link to a folder that it is in"
            raise _not_understood(name, own, expected, reason)
        else:
            yield from _walk_files(path, own, contract, (*above, (status.st_dev, status.st_ino)))


def _files_by_table(
    folder: Path, label: str, contract: SourceContract
) -> tuple[dict[str, tuple[Path, ...]], dict[Path, str]]:
    """The files of a delivery by table, and their names as they may be shown; both empty where the folder holds no file.

    Raises InputError where a file belongs to no table, or a table has no file.
    """
    by_table: dict[str, list[Path]] = {table: [] for table in contract.tables}
    names = dict(sorted(_walk_files(folder, label, contract)))
    for path, own in names.items():
        name = path.name.lower()
        tables = [t for t in contract.tables.values() if name.startswith(t.files)]
        if not tables or not name.endswith(SUFFIXES) or name.startswith((".", "_", "~")):
            raise _not_understood(
                path.name,
                own,
                _expected_names(contract),
                "berkas tidak dikenali / this file belongs to no table of the contract",
            )
        by_table[tables[0].name].append(path)
    if not any(by_table.values()):
        return {}, {}
    if missing := [table for table, paths in by_table.items() if not paths]:
        raise InputError(
            f"kiriman tidak lengkap / the delivery in {label} lacks: {', '.join(missing)}",
            expected=_expected_names(contract, missing),
            action=f"minta berkas yang kurang kepada / ask for the missing files: {contract.owner}",
        )
    return {table: tuple(paths) for table, paths in by_table.items()}, names


def _expected_names(contract: SourceContract, tables: Collection[str] | None = None) -> str:
    """The names that files of these tables (all where None) may have, as patterns for a message."""
    begins = [t.files for t in contract.tables.values() if tables is None or t.name in tables]
    return ", ".join(f"{begin}*{{{','.join(SUFFIXES)}}}" for begin in begins)
