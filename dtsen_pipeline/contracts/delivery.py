"""Which files of the landing folder a month's run takes.

What belongs here: the rule "for each source its latest delivery at or before the month", and which file is which table.
Nothing is opened here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.model import SourceContract, load
from dtsen_pipeline.errors import InputError

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")


@dataclass(frozen=True)
class Delivery:
    """The files of one source by table, in name order; ``month`` is None for reference data and where nothing came."""

    source: str
    month: str | None
    folder: Path | None
    files: dict[str, tuple[Path, ...]]


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
