"""Hands a table of a published month to somebody: Parquet, CSV or XLSX, by the name of the file.

What belongs here: exports. They read the release, never the warehouse, and none leaves without its line in the audit
trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.release import catalogue, contents, manifest
from dtsen_pipeline.storage import keys, private_files
from dtsen_pipeline.storage.warehouse import in_memory, load_extension, path_literal

# What is exported, sorted as by whom it is read. ``{berkas}`` is the released Parquet file.
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "crosswalk": "select source, record_id, person_id, family_id from {berkas} order by source, record_id",
        "keluarga": "select * from {berkas} order by family_id",
        "anggota": "select * from {berkas} order by family_id, person_id",
    }
)
FORMATS = {
    ".parquet": contents.FORMATS["parquet"],
    ".csv": contents.FORMATS["csv"],
    ".xlsx": "format xlsx, header true",
}
XLSX_ROWS = 1_048_575  # a sheet's rows less the header


def export(settings: Settings, name: str, month: str, to: Path) -> int:
    """Write table ``name`` of the standing release of ``month`` to ``to``; returns the number of rows.

    Raises InputError where there is no such table, format or release, or more rows than a sheet holds; DtsenError where
    the release's file is no longer what was published. ``to`` appears whole or not at all, readable to its owner alone.

    For a spreadsheet (.csv, .xlsx) text that it would run as a formula gets an apostrophe in front; Parquet holds what is.
    """
    if name not in TABLES:
        raise InputError(
            f"'{name}' tidak dapat diekspor / cannot be exported",
            expected=", ".join(TABLES),
            action="pilih satu / pick one",
        )
    if to.suffix.lower() not in FORMATS:
        raise InputError(f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=", ".join(FORMATS))
    standing = catalogue.of_month(settings, month)
    with private_files.private_file(to) as part:
        with in_memory(settings.home, settings) as con:
            released = contents.relation(con, keys.load(settings), standing, name)
            rows = _copy(con, _told(con, TABLES[name].format(berkas=released), to), part, to)
        # Before the file gets its name: what is not on the trail does not leave.
        audit.append(
            settings,
            "ekspor",
            nama=name,
            bulan=month,
            rilis=standing.name,
            baris=rows,
            berkas=to.name,
            sha256=manifest.sha256_of(part),
        )
    return rows


def _told(con: duckdb.DuckDBPyConnection, sql: str, to: Path) -> str:
    return sql if to.suffix.lower() == ".parquet" else contents.for_spreadsheets(con, sql)


def _copy(con: duckdb.DuckDBPyConnection, sql: str, part: Path, to: Path) -> int:
    found = con.execute(f"select count(*) from ({sql})").fetchone()
    assert found is not None
    rows: int = found[0]
    if to.suffix.lower() == ".xlsx":
        if rows > XLSX_ROWS:
            raise InputError(
                f"{rows} baris tidak muat dalam satu lembar / rows do not fit one sheet",
                file=to,
                expected=f"<= {XLSX_ROWS}",
                action="pakai .parquet atau .csv / use .parquet or .csv",
            )
        load_extension(con, "excel")
    con.execute(f"copy ({sql}) to {path_literal(part)} ({FORMATS[to.suffix.lower()]})")
    return rows
