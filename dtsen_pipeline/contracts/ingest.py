"""Load one file into ``masuk``, every value as the text it was delivered as.

What belongs here: the choice of the loader by format, and what holds for files of every format. No rule of the contract is applied
here; rows that are no data, such as a header that comes again, are left out and noted.
"""

from __future__ import annotations

import re
import time
import zlib
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts.delimited import (
    MIN_CP1252_BYTES,
    judge_blank_surplus,
    keep_broken_text,
    load_csv_by_record,
    load_csv_with_duckdb,
)
from dtsen_pipeline.contracts.files import Scan, scan
from dtsen_pipeline.contracts.header import Header, find_csv_header
from dtsen_pipeline.contracts.incoming import unreadable_error
from dtsen_pipeline.contracts.leave_out import leave_out_rows
from dtsen_pipeline.contracts.model import TableContract
from dtsen_pipeline.contracts.parquet import load_parquet
from dtsen_pipeline.contracts.sheets import load_xlsx
from dtsen_pipeline.contracts.workbook_archive import DAMAGE
from dtsen_pipeline.errors import InputError, out_of_memory, storage_reason

# Seconds. A file that was written a moment ago may be written again within the same step of the file system's clock.
_CLOCK_STEP = 0.02


def load_file(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract
) -> tuple[Scan, str | None, Header]:
    """Append one file to ``masuk`` under the name ``name``; returns its scan, delimiter (None unless CSV) and header.

    Raises InputError where the file cannot be read to its end, lacks a required column or changes meanwhile.
    """
    # In a path whose brackets and stars are escaped, DuckDB takes a backslash for the end of a folder's name.
    if not path.name.isprintable() or ("\\" in str(path) and re.search(r"[\[*?]", str(path))):
        raise InputError(
            "nama berkas memuat tanda yang tidak dapat dipakai / the name of the file holds signs that cannot be used",
            file=name,
            expected="UTF-8: huruf, angka, spasi, tanda baca selain \\ / letters, digits, blanks, and signs other than \\",
            action="ganti namanya / rename it",
        )
    try:
        before = _identity(path)
        try:
            loaded = _load_file(con, path, name, table, Settings())
        except InputError:
            _check_unchanged(path, name, before)
            raise
        except (duckdb.Error, pa.ArrowException, zlib.error, *DAMAGE) as error:
            # An error of the machine must not be blamed on the file.
            if out_of_memory(error) or isinstance(error, duckdb.InterruptException) or storage_reason(error):
                raise
            _check_unchanged(path, name, before)
            raise unreadable_error(name, path) from None
        _check_unchanged(path, name, before)
        return loaded
    except OSError as error:
        raise InputError(
            f"berkas tidak dapat dibuka / the file cannot be opened: {error.strerror or type(error).__name__}",
            file=name,
            action="periksa izin dan penyimpanannya / check its permissions and where it lies",
        ) from None


def _identity(path: Path) -> tuple[int, ...]:
    """Numbers that differ once the file is replaced or written to. Waits where a change could not show yet."""
    status = path.stat()
    if abs(time.time() - status.st_ctime) < _CLOCK_STEP:
        time.sleep(_CLOCK_STEP)
        status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _check_unchanged(path: Path, name: str, before: tuple[int, ...]) -> None:
    """Raise InputError where the file has changed: its hash may not be of the bytes that were read."""
    try:
        after = _identity(path)
    except FileNotFoundError:
        after = ()
    if after != before:
        raise InputError(
            "berkas berubah selagi dibaca / the file changed while it was read",
            file=name,
            expected="a file that nobody writes to, moves or replaces",
            action="tunggu sampai pengirimannya selesai, lalu ulangi / wait until its upload has ended, then run again",
        )


def _load_file(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, table: TableContract, bounds: Settings
) -> tuple[Scan, str | None, Header]:
    """Load one file by the loader of its format; returns as ``load_file``."""
    facts = scan(path, name, bounds)
    delimiter = None
    notes: tuple[str, ...] = ()
    if facts.format == "parquet":
        header = load_parquet(con, path, name, table, bounds, facts.bytes)
    elif facts.format == "xlsx":
        header, notes = load_xlsx(con, path, name, table, bounds)
    else:
        delimiter, header, notes = find_csv_header(path, name, facts, table, bounds)
        by_duckdb = facts.plain and (facts.encoding == "utf-8" or facts.bytes >= MIN_CP1252_BYTES)
        if not (by_duckdb and load_csv_with_duckdb(con, path, name, facts, delimiter, header, table)):
            load_csv_by_record(con, path, name, facts, delimiter, header, table, bounds.max_line)
        judge_blank_surplus(con, name, table, header)
        keep_broken_text(con, path, name, facts)
    notes += leave_out_rows(con, name, table, header)
    return replace(facts, passed_over=notes + facts.passed_over), delimiter, header
