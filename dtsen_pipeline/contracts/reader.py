"""The reader: landing files in, ``raw.*`` and ``quarantine.*`` out, and a report a file.

What belongs here: applying a contract's rules to the rows that came, and putting the result in place of the former one.
Everything is read and checked in tables on the side; the swap is one transaction, so a file that stops the run
changes nothing. A rule on a value is tried on the distinct values of its column, of which there are few, and only the
broken ones are looked up again in the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts.delivery import Delivery, deliveries, delivery
from dtsen_pipeline.contracts.ingest import create_incoming, load_file
from dtsen_pipeline.contracts.model import Column, TableContract, load
from dtsen_pipeline.contracts.rules import broken, canonical_key, explain, inline, mask_sql, quoted, text

_NEW = "__baru"


@dataclass(frozen=True)
class FileReport:
    """What became of one file; ``bulan_kirim`` is None for reference data. rows_read = accepted + rows_quarantined."""

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


Progress = Callable[[FileReport], None]


def read(
    con: duckdb.DuckDBPyConnection, landing: Path, month: str, progress: Progress | None = None
) -> list[FileReport]:
    """Read the month's delivery of every source into ``raw`` and ``quarantine``; all of it, or, on an error, nothing.

    ``progress`` is told each file once its rows are checked. Raises InputError where a required source has no delivery
    or a file cannot be read to its end or lacks a required column. Reading again gives the same tables.
    """
    return _read(con, month, deliveries(landing, month), landing, progress)


def read_source(
    con: duckdb.DuckDBPyConnection, landing: Path, month: str, source: str, progress: Progress | None = None
) -> list[FileReport]:
    """As ``read``, for one source: the others' tables stay as they are."""
    return _read(con, month, [delivery(landing, month, source)], landing, progress)


def _read(
    con: duckdb.DuckDBPyConnection, month: str, wanted: list[Delivery], landing: Path, progress: Progress | None
) -> list[FileReport]:
    check_month(month)
    for schema in ("raw", "quarantine"):
        con.execute(f"create schema if not exists {schema}")
    con.execute(_ALASAN.format(name="temp.alasan_baru", create="create or replace temp table"))
    reports: list[FileReport] = []
    tables: list[TableContract] = []
    try:
        for one in wanted:
            contract = load()[one.source]
            for table in contract.tables.values():
                tables.append(table)
                done = _read_table(con, table, one, landing)
                reports += done
                for report in done if progress else ():
                    progress(report)  # type: ignore[misc]
        _swap(con, month, tables, reports)
    except BaseException:
        with suppress(duckdb.Error):  # a connection that died of the error must not hide it
            _clear(con, tables)
        raise
    _clear(con, tables)
    return reports


def _clear(con: duckdb.DuckDBPyConnection, tables: list[TableContract]) -> None:
    for table in tables:
        for name in (table.raw, table.quarantine):
            con.execute(f"drop table if exists {name}{_NEW}")
    for name in ("masuk", "tolak", "beda", "rusak", "alasan_baru", *{f"induk_{t.name}" for t in tables}):
        con.execute(f"drop table if exists temp.{name}")


def _read_table(con: duckdb.DuckDBPyConnection, table: TableContract, one: Delivery, landing: Path) -> list[FileReport]:
    create_incoming(con, table)
    loaded = []
    for path in one.files[table.name]:
        name = path.relative_to(landing).as_posix()
        loaded.append((name, *load_file(con, path, name, table)))
    _judge(con, table, {column for *_, header in loaded for column in header.positions})
    _keep(con, table)
    counts = {
        name: (rows, rejected)
        for name, rows, rejected in con.execute(
            "select _file, count(*), count(_cacat) from masuk group by _file"
        ).fetchall()
    }
    return [
        FileReport(
            source=table.source,
            tabel=table.name,
            bulan_kirim=one.month,
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
        )
        for name, facts, delimiter, header in loaded
    ]


def _judge(con: duckdb.DuckDBPyConnection, table: TableContract, delivered: set[str]) -> None:
    """Fill ``tolak`` (baris, kolom, nilai, alasan) with what is wrong in ``masuk``; mark the rejected rows there."""
    con.execute("create or replace temp table tolak (baris bigint, kolom varchar, nilai varchar, alasan varchar)")
    con.execute("insert into tolak select rowid, null, null, _cacat from masuk where _cacat is not null")
    _judge_values(con, [column for column in table.columns.values() if column.name in delivered])
    _judge_parent(con, table)
    # A key is repeated only among rows that are good otherwise: a broken first row must not cost us its good successor.
    _mark(con)
    _judge_key(con, table)
    _mark(con)


def _judge_values(con: duckdb.DuckDBPyConnection, columns: list[Column]) -> None:
    ruled = {column.name: rule for column in columns if (rule := broken(column))}
    if not ruled:
        return
    # A table of its own: in one query, the optimizer would try the rule on every row before it looks for the distinct.
    distinct = (
        f"select distinct {text(name)} as kolom, {quoted(name)} as nilai from masuk where _cacat is null"
        for name in ruled
    )
    con.execute(f"create or replace temp table beda as {' union all '.join(distinct)}")
    trials = (
        f"select kolom, nilai, {rule} as alasan from beda where kolom = {text(name)}" for name, rule in ruled.items()
    )
    con.execute(f"create or replace temp table rusak as from ({' union all '.join(trials)}) where alasan is not null")
    for (name,) in con.execute("select distinct kolom from rusak").fetchall():
        con.execute(
            f"insert into tolak select m.rowid, r.kolom, r.nilai, r.alasan from masuk m "
            f"join rusak r on m.{quoted(name)} is not distinct from r.nilai where m._cacat is null and r.kolom = ?",
            [name],
        )


def _judge_parent(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Rows without a delivered parent. A parent in quarantine was delivered: its members go on."""
    for other in load()[table.source].tables.values():
        if other.parent and other.parent.table == table.name:
            key = inline("kosong", quoted(other.parent.key))
            con.execute(f"create or replace temp table induk_{table.name} as select distinct {key} as kunci from masuk")
    if table.parent:
        own = inline("kosong", f"m.{quoted(table.parent.column)}")
        con.execute(
            f"insert into tolak select m.rowid, {text(table.parent.column)}, m.{quoted(table.parent.column)}, "
            f"'induk_tidak_ada' from masuk m anti join induk_{table.parent.table} i on i.kunci = {own} "
            f"where m._cacat is null and {own} is not null"
        )


def _judge_key(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    keys = ", ".join(f"{sql} as k{i}" for i, sql in enumerate(canonical_key(table)))
    names = ", ".join(f"k{i}" for i in range(len(table.key)))
    con.execute(
        f"create or replace temp table rusak as select {names} from (select {keys} from masuk where _cacat is null) "
        f"group by {names} having count(*) > 1"
    )
    if con.execute("select count(*) from rusak").fetchone() != (0,):
        # Which row stays is decided by what the rows say: by their order, a re-sorted delivery would be another month.
        content = ", ".join(f"coalesce({quoted(name)}, '')" for name in table.columns)
        con.execute(
            f"insert into tolak select baris, {text(table.key[0])}, nilai, 'kunci_ganda' from ("
            f"select baris, nilai, row_number() over (partition by {names} order by isi, baris) as ke from ("
            f"select rowid as baris, {quoted(table.key[0])} as nilai, concat_ws('|', {content}) as isi, {keys} "
            f"from masuk where _cacat is null) semi join rusak using ({names})) where ke > 1"
        )


def _mark(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update masuk set _cacat = 'ditolak' where _cacat is null and rowid in (select baris from tolak)")


def _keep(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """The new raw and quarantine table, beside the former ones, and the reasons in words."""
    columns = ", ".join([*map(quoted, table.columns), "_file", "_line", "_lain"])
    con.execute(f"create or replace table {table.raw}{_NEW} as select {columns} from masuk where _cacat is null")
    con.execute(
        f"create or replace table {table.quarantine}{_NEW} as select {columns} from masuk where _cacat is not null"
    )
    for column, reason in con.execute("select distinct kolom, alasan from tolak order by all").fetchall():
        personal = column is not None and table.columns[column].pii
        value = f"left({mask_sql('t.nilai') if personal else 't.nilai'}, 60)"
        con.execute(
            f"insert into temp.alasan_baru select ?, ?, m._file, m._line, t.kolom, {value}, t.alasan, ?, ? "
            "from tolak t join masuk m on m.rowid = t.baris where t.kolom is not distinct from ? and t.alasan = ?",
            [table.source, table.name, *explain(reason, table, column), column, reason],
        )


_ALASAN = (
    "{create} {name} (source varchar, tabel varchar, file varchar, line bigint, kolom varchar, nilai varchar, "
    "alasan varchar, keterangan varchar, explanation varchar)"
)
_DELIVERIES = (
    "create table if not exists raw.deliveries (source varchar, tabel varchar, bulan_kirim varchar, file varchar, "
    "format varchar, encoding varchar, delimiter varchar, bytes bigint, sha256 varchar, rows_read bigint, "
    "rows_quarantined bigint, extra_columns varchar, missing_columns varchar)"
)


def _swap(con: duckdb.DuckDBPyConnection, month: str, tables: list[TableContract], reports: list[FileReport]) -> None:
    """Put the new tables in place of the former, in one transaction."""
    sources = sorted({table.source for table in tables})
    con.execute("begin transaction")
    try:
        con.execute(_ALASAN.format(name="quarantine.alasan", create="create table if not exists"))
        con.execute(_DELIVERIES)
        for table in tables:
            for name in (table.raw, table.quarantine):
                con.execute(f"drop table if exists {name}")
                con.execute(f"alter table {name}{_NEW} rename to {name.split('.')[1]}")
        for source in sources:
            con.execute("delete from quarantine.alasan where source = ?", [source])
            con.execute("delete from raw.deliveries where source = ?", [source])
        con.execute("insert into quarantine.alasan from temp.alasan_baru order by all")
        for report in reports:
            values = [",".join(v) if isinstance(v, tuple) else v for v in vars(report).values()]
            con.execute(f"insert into raw.deliveries values ({', '.join('?' * len(values))})", values)
        con.execute("create or replace table raw.run as select cast(? as date) as bulan", [f"{month}-01"])
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
