"""Which files of the landing folder a month's run takes.

What belongs here: the rule "for each source its latest delivery at or before the month", which file is which table, and when a
month's deliveries are complete. Nothing is opened here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.model import SourceContract, load
from dtsen_pipeline.errors import InputError

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")

MARKER = "SELESAI"
"""A file of this name in ``<landing>/<YYYY-MM>/`` says that nothing more will come; its content is not read."""

QUIET_MINUTES = 30
"""Without the marker: nothing may have changed for this long. An upload that stalls for longer is rare, and costs a revision."""


@dataclass(frozen=True)
class Delivery:
    """The files of one source by table, in name order; ``month`` is None for reference data and where nothing came."""

    source: str
    month: str | None
    folder: Path | None
    files: dict[str, tuple[Path, ...]]


@dataclass(frozen=True)
class Arrival:
    """How far the deliveries of a month are: ``waiting`` says for what, None where they are complete; ``changed`` is when the
    files the month would read last changed, in seconds since 1970 (now, where they cannot be told)."""

    waiting: str | None
    changed: float


def arrival(landing: Path, month: str, now: float) -> Arrival:
    """Whether ``month`` can be made at ``now`` (seconds since 1970) without waiting for more.

    Either its marker is there, and a source that did not come anew is taken from its last delivery, or every monthly source came
    for this very month and nothing has changed for a while.
    """
    try:
        found = deliveries(landing, month)
    except InputError as error:
        return Arrival(str(error), now)
    files = [path for one in found for paths in one.files.values() for path in paths]
    # Not the time of modification: tools that copy keep the old one. The folder's changes when a file goes.
    changed = max(path.stat().st_ctime for path in {*files, *(path.parent for path in files)})
    if (landing / month / MARKER).exists():
        return Arrival(None, changed)
    late = [load()[one.source] for one in found if load()[one.source].delivery == "bulanan" and one.month != month]
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


def deliveries(landing: Path, month: str) -> list[Delivery]:
    """The delivery of every source that the run of ``month`` (YYYY-MM) takes; an optional source may have no files.

    Raises InputError where a required source has no delivery at or before the month, where a delivery lacks a table,
    and where a file belongs to no table: ignoring it would lose what somebody sent.
    """
    return [delivery(landing, month, source) for source in load()]


def delivery(landing: Path, month: str, source: str) -> Delivery:
    """As ``deliveries``, for one source."""
    check_month(month)
    contract = load()[source]
    if not landing.is_dir():
        raise InputError(
            f"folder kiriman tidak ada / there is no landing folder: {landing}",
            expected="<landing>/<YYYY-MM>/<source>/ and <landing>/referensi/",
            action="betulkan DTSEN_LANDING atau pilihan --landing / correct DTSEN_LANDING or the option --landing",
        )
    if contract.delivery == "referensi":
        candidates: list[tuple[str | None, Path]] = [(None, landing / source)]
    else:
        months = sorted(
            (f.name for f in landing.iterdir() if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", f.name)), reverse=True
        )
        candidates = [(name, landing / name / source) for name in months if name <= month]
    for name, folder in candidates:
        if folder.is_dir() and (files := _by_table(landing, folder, contract)):
            return Delivery(source, name, folder, files)
    if contract.delivery == "opsional":
        return Delivery(source, None, None, dict.fromkeys(contract.tables, ()))
    where = f"{source}/" if contract.delivery == "referensi" else f"<YYYY-MM>/{source}/, <YYYY-MM> <= {month}"
    raise InputError(
        f"tidak ada kiriman {source} / no delivery of {source}: looked in {landing} for {where}",
        expected=", ".join(f"{t.files}*{{{','.join(SUFFIXES)}}}" for t in contract.tables.values()),
        action=f"minta kiriman kepada / ask for the delivery: {contract.owner}",
    )


def _by_table(landing: Path, folder: Path, contract: SourceContract) -> dict[str, tuple[Path, ...]]:
    """Files by table, or nothing where the folder holds no file at all."""
    found: dict[str, list[Path]] = {table: [] for table in contract.tables}
    entries = [f for f in sorted(folder.rglob("*")) if f.is_file() and not f.name.startswith((".", "_", "~"))]
    for path in entries:
        name = path.name.lower()
        tables = [t for t in contract.tables.values() if name.startswith(t.files)]
        if not tables and not name.endswith(SUFFIXES):
            continue  # a README or a checksum list that came along
        if not tables or not name.endswith(SUFFIXES):
            raise InputError(
                "berkas tidak dikenali / this file belongs to no table of the contract, or is still being uploaded",
                file=path.relative_to(landing).as_posix(),
                expected=", ".join(f"{t.files}*{{{','.join(SUFFIXES)}}}" for t in contract.tables.values()),
                action="ganti namanya atau pindahkan / rename it or move it out of the landing folder",
            )
        found[tables[0].name].append(path)
    if not any(found.values()):
        return {}
    if missing := [table for table, paths in found.items() if not paths]:
        raise InputError(
            f"kiriman tidak lengkap / the delivery in {folder.relative_to(landing)} lacks: {', '.join(missing)}",
            expected=", ".join(f"{contract.tables[table].files}*{{{','.join(SUFFIXES)}}}" for table in missing),
            action=f"minta berkas yang kurang kepada / ask for the missing files: {contract.owner}",
        )
    return {table: tuple(paths) for table, paths in found.items()}
