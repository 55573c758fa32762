"""Read the landing files of a month into ``raw.*`` and ``quarantine.*``, with a report a file.

What belongs here: the steps of reading a delivery, and replacing the former tables by the new ones. Everything is read and
checked in tables on the side; the swap is one transaction, so a file that stops the run changes nothing. A rule on a value is
tried on the distinct values of its column, of which there are few, and only the broken ones are looked up in the rows. What a
spreadsheet did to a value is undone before it is judged. A broken value that may be missing does not cost its row: it is
emptied, and a note counts it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.dates import settle_dates
from dtsen_pipeline.contracts.delivery import Delivery, find_deliveries, find_delivery
from dtsen_pipeline.contracts.incoming import create_incoming
from dtsen_pipeline.contracts.ingest import load_file
from dtsen_pipeline.contracts.judgement import judge_rows
from dtsen_pipeline.contracts.model import TableContract, load
from dtsen_pipeline.contracts.rules import explain_reason, mask_sql, quoted_name

# The end of the name of a table on the side, until it takes the place of the former one.
_NEW_SUFFIX = "__baru"


@dataclass(frozen=True)
class FileReport:
    """What became of one file; its fields are columns of ``raw.deliveries``. rows_read = accepted + rows_quarantined.

    ``bulan_kirim`` is None for reference data. ``values_noted`` counts its cells in ``quarantine.catatan``; ``passed_over``
    lists what of the file was no data. ``extra_columns`` are labels as they stand in the file, which may be somebody's name:
    they stay in the warehouse, and only ``extra_places``, counted from 1, are shown. ``file`` is its name as it may be shown;
    ``jalur``, its path below the landing folder, may name a person and stays in the warehouse.
    """

    source: str
    tabel: str
    bulan_kirim: str | None
    file: str
    format: str
    encoding: str | None
    delimiter: str | None
    bytes: int
    sha256: str
    rows_read: int
    rows_quarantined: int
    extra_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    values_noted: int = 0
    passed_over: tuple[str, ...] = ()
    extra_places: tuple[int, ...] = ()
    jalur: str = field(default="", repr=False)


Progress = Callable[[FileReport], None]


def read(
    con: duckdb.DuckDBPyConnection, landing: Path, month: str, progress: Progress | None = None
) -> list[FileReport]:
    """Read the month's delivery of every source into ``raw`` and ``quarantine``: all of it or, on an error, nothing.

    ``progress`` is called with the report of each file once its rows are checked. Raises InputError where a required source has no
    delivery, or a file cannot be read to its end or lacks a required column. Reading again gives the same tables.
    """
    return _read(con, month, find_deliveries(landing, month), landing, progress)


def read_source(
    con: duckdb.DuckDBPyConnection, landing: Path, month: str, source: str, progress: Progress | None = None
) -> list[FileReport]:
    """Read one source as ``read`` does; the tables of the others stay as they are."""
    return _read(con, month, [find_delivery(landing, month, source)], landing, progress)


def _read(
    con: duckdb.DuckDBPyConnection, month: str, deliveries: list[Delivery], landing: Path, progress: Progress | None
) -> list[FileReport]:
    """Read these deliveries and replace the former tables; on an error nothing changes."""
    check_month(month)
    for schema in ("raw", "quarantine"):
        con.execute(f"create schema if not exists {schema}")
    for name, columns in _NOTE_TABLES.items():
        con.execute(f"create or replace temp table {name}_baru ({columns})")
    reports: list[FileReport] = []
    tables: list[TableContract] = []
    try:
        for delivery in deliveries:
            contract = load()[delivery.source]
            for table in contract.tables.values():
                tables.append(table)
                file_reports = _read_table(con, table, delivery, landing)
                reports += file_reports
                for report in file_reports if progress else ():
                    progress(report)  # type: ignore[misc]
        _swap(con, month, tables, reports)
    except BaseException:
        with suppress(duckdb.Error):  # where the error closed the connection, clearing must not hide it
            _drop_working_tables(con, tables)
        raise
    _drop_working_tables(con, tables)
    return reports


def _drop_working_tables(con: duckdb.DuckDBPyConnection, tables: list[TableContract]) -> None:
    """Drop the tables on the side, and those that the steps of reading make."""
    for table in tables:
        for name in (table.raw, table.quarantine):
            con.execute(f"drop table if exists {name}{_NEW_SUFFIX}")
    working = [
        "masuk",
        "tolak",
        "catat",
        "beda",
        "tanda",
        "cela",
        "ubah",
        "rusak",
        *(f"{name}_baru" for name in _NOTE_TABLES),
    ]
    for name in sorted({*working, *(f"induk_{t.name}" for t in tables)}):
        con.execute(f"drop table if exists temp.{name}")


def _read_table(
    con: duckdb.DuckDBPyConnection, table: TableContract, delivery: Delivery, landing: Path
) -> list[FileReport]:
    """Read, settle and judge one table on the side; returns a report a file."""
    create_incoming(con, table)
    loaded = []
    for path in delivery.files[table.name]:
        name = delivery.public_names[path]
        loaded.append((name, path, *load_file(con, path, name, table)))
    settle_dates(con, table, delivery.month)
    judge_rows(con, table, {column for *_, header in loaded for column in header.positions}, delivery.month)
    _make_new_tables(con, table)
    counts = {
        name: (rows, rejected)
        for name, rows, rejected in con.execute(
            "select _file, count(*), count(_cacat) from masuk group by _file"
        ).fetchall()
    }
    values_noted = dict(
        con.execute(
            "select file, sum(jumlah)::bigint from temp.catatan_baru where source = ? and tabel = ? group by file",
            [table.source, table.name],
        ).fetchall()
    )
    return [
        FileReport(
            source=table.source,
            tabel=table.name,
            bulan_kirim=delivery.month,
            file=name,
            format=facts.format,
            encoding=facts.encoding,
            delimiter=delimiter,
            bytes=facts.bytes,
            sha256=facts.sha256,
            rows_read=counts.get(name, (0, 0))[0],
            rows_quarantined=counts.get(name, (0, 0))[1],
            extra_columns=tuple(label for _, label in header.extra),
            missing_columns=header.missing,
            values_noted=values_noted.get(name, 0),
            passed_over=facts.passed_over,
            extra_places=tuple(place + 1 for place, _ in header.extra),
            # A name may hold bytes that are no text.
            jalur=os.fsencode(path.relative_to(landing)).decode("utf-8", "backslashreplace"),
        )
        for name, path, facts, delimiter, header in loaded
    ]


def _make_new_tables(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Make the new raw and quarantine table beside the former ones, and write the reasons to ``temp.alasan_baru``."""
    columns = ", ".join([*map(quoted_name, table.columns), "_file", "_line", "_lain"])
    con.execute(f"create or replace table {table.raw}{_NEW_SUFFIX} as select {columns} from masuk where _cacat is null")
    con.execute(
        f"create or replace table {table.quarantine}{_NEW_SUFFIX} as select {columns} from masuk where _cacat is not null"
    )
    for column, reason in con.execute("select distinct kolom, alasan from tolak order by all").fetchall():
        personal = column is not None and table.columns[column].pii
        value = f"left({mask_sql('t.nilai') if personal else 't.nilai'}, 60)"
        text = explain_reason(reason, table, column)
        con.execute(
            f"insert into temp.alasan_baru select ?, ?, m._file, m._line, t.kolom, {value}, t.alasan, ?, ? "
            "from tolak t join masuk m on m.rowid = t.baris where t.kolom is not distinct from ? and t.alasan = ?",
            [table.source, table.name, text.id, text.en, column, reason],
        )


# Tables beside the rows, in the schema ``quarantine``. ``alasan``: one row a value that cost its row, or a flaw of a row.
# ``catatan``: values that were emptied, or read other than they were delivered, in rows that go on; one row a file, column,
# value (masked where personal) and reason, with the number of cells and the line of the first. ``isian``: the filled cells that
# were read, by column with such notes, against which the notes are measured.
_NOTE_TABLES = {
    "alasan": "source varchar, tabel varchar, file varchar, line bigint, kolom varchar, nilai varchar, alasan varchar, "
    "keterangan varchar, explanation varchar",
    "catatan": "source varchar, tabel varchar, file varchar, kolom varchar, nilai varchar, alasan varchar, "
    "keterangan varchar, explanation varchar, jumlah bigint, baris_pertama bigint",
    "isian": "source varchar, tabel varchar, kolom varchar, terisi bigint",
}


_DELIVERIES = (
    "create table if not exists raw.deliveries (source varchar, tabel varchar, bulan_kirim varchar, file varchar, "
    "format varchar, encoding varchar, delimiter varchar, bytes bigint, sha256 varchar, rows_read bigint, "
    "rows_quarantined bigint, extra_columns varchar, missing_columns varchar, values_noted bigint, passed_over varchar, "
    "extra_places varchar, jalur varchar, berlaku_bulan integer)"
)


def _swap(con: duckdb.DuckDBPyConnection, month: str, tables: list[TableContract], reports: list[FileReport]) -> None:
    """Replace the former tables by the new ones, in one transaction."""
    sources = sorted({table.source for table in tables})
    con.execute("begin transaction")
    try:
        for name, columns in _NOTE_TABLES.items():
            con.execute(f"create table if not exists quarantine.{name} ({columns})")
        con.execute(_DELIVERIES)
        # A warehouse that an earlier version made lacks these columns.
        con.execute("alter table raw.deliveries add column if not exists values_noted bigint")
        con.execute("alter table raw.deliveries add column if not exists passed_over varchar")
        con.execute("alter table raw.deliveries add column if not exists extra_places varchar")
        con.execute("alter table raw.deliveries add column if not exists jalur varchar")
        con.execute("alter table raw.deliveries add column if not exists berlaku_bulan integer")
        for table in tables:
            for name in (table.raw, table.quarantine):
                con.execute(f"drop table if exists {name}")
                con.execute(f"alter table {name}{_NEW_SUFFIX} rename to {name.split('.')[1]}")
        for source in sources:
            for name in ("raw.deliveries", *(f"quarantine.{name}" for name in _NOTE_TABLES)):
                con.execute(f"delete from {name} where source = ?", [source])
        for name in _NOTE_TABLES:
            con.execute(f"insert into quarantine.{name} from temp.{name}_baru order by all")
        for report in reports:
            row = vars(report) | {
                "passed_over": "; ".join(report.passed_over),
                "berlaku_bulan": load()[report.source].berlaku_bulan,
            }
            values = [",".join(map(str, v)) if isinstance(v, tuple) else v for v in row.values()]
            con.execute(
                f"insert into raw.deliveries ({', '.join(row)}) values ({', '.join('?' * len(values))})", values
            )
        con.execute("create or replace table raw.run as select cast(? as date) as bulan", [f"{month}-01"])
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
