"""Open, upgrade, check and copy the file ``home/registry.duckdb``.

What belongs here: the file and its tables. What is read from and written into them stands in ``ledger``. ``versi`` says which of
``MIGRATIONS`` the file has been through.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry.ledger import Registry
from dtsen_pipeline.storage import keys, private_files, warehouse
from dtsen_pipeline.storage.locks import InUse
from dtsen_pipeline.storage.private_files import private_file, sync

# Months are refreshed side by side, and DuckDB lets one process in; a publish holds the registry for seconds.
LOCK_WAIT_SECONDS = 60.0

_KEY_NAME = "registri"


# The steps that made the tables what they are. Homes have been through them, so a step never changes, and a new one comes last.
# The first three say "if not exists", since the versions that made them counted no steps.
MIGRATIONS = (
    """
    create table if not exists rekaman (
        source varchar not null, record_id varchar not null, person_id varchar not null, family_id varchar not null,
        bulan_mulai varchar not null, bulan_selesai varchar
    );
    create table if not exists peristiwa (
        bulan varchar not null, jenis varchar not null, entity varchar not null, id varchar not null, id_lain varchar
    );
    create table if not exists rilis (
        bulan varchar not null, revisi integer not null, path varchar not null, manifest_sha256 varchar not null,
        created_at timestamptz not null, status varchar not null
    );
    create table if not exists mutu (
        bulan varchar not null, run_id varchar not null, rule varchar not null, ukuran varchar not null, nilai double,
        lulus boolean not null, dijalankan timestamptz not null
    );
    create table if not exists ukuran (
        bulan varchar not null, run_id varchar not null, nama varchar not null, nilai double not null
    );
    """,
    """
    create table if not exists penautan (
        bulan varchar not null, run_id varchar not null, ukuran varchar not null, kelompok varchar not null,
        nilai double not null, bawah double, atas double, dasar varchar not null
    );
    """,
    """
    create table if not exists kesejahteraan (
        bulan varchar not null, run_id varchar not null, ukuran varchar not null, kelompok varchar not null,
        nilai double not null, bawah double, atas double
    );
    """,
)


@contextmanager
def open(settings: Settings, *, create: bool = True) -> Iterator[Registry]:
    """Open the registry of ``settings.home``; make it in a new home, and encrypt and upgrade one of an earlier version.

    Raises DtsenError where another process keeps it; InputError where it is damaged, was lost, was encrypted with another key or
    is of a later version, and, without ``create``, where no month has been run.
    """
    if settings.registry.is_dir():
        raise _lost_registry(warehouse.DAMAGED, settings.registry)
    if not settings.registry.exists():
        _check_new(settings, create)
    # The key first: a home that has a registry but no key has lost its key.
    private_files.private_folder(settings.home)
    key = keys.load(settings)
    with warehouse.in_memory(settings.home, settings) as con:
        try:
            _attach(con, settings.registry, key.text(_KEY_NAME))
            settings.registry.chmod(0o600)
            con.execute("use registri")
            con.execute("set timezone = 'UTC'")
            # A folder left by a crash is written again under the same name, and the cache knows files by name and second.
            con.execute("set enable_external_file_cache = false")
            registry = Registry(con, settings)
            migrate(registry)
            yield registry
        except warehouse.Damaged as error:
            raise _lost_registry(error.message, settings.registry) from None
        except duckdb.Error as error:
            # The caller also reads files of releases over this connection, and those may be what is damaged.
            if warehouse.is_damage(error) and _is_damaged(con):
                raise _lost_registry(warehouse.DAMAGED, settings.registry) from None
            raise


def version(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many of ``MIGRATIONS`` the file has been through; 0 where it was made before they were counted, or is new."""
    if "main.versi" not in warehouse.tables(con):
        return 0
    row = con.execute("select max(nomor) from versi").fetchone()
    return (row and row[0]) or 0


def migrate(registry: Registry) -> None:
    """Bring the file up to this version, all or nothing; raises InputError where it is of a later one."""
    reached = version(registry.con)
    if reached > len(MIGRATIONS):
        raise InputError(
            f"rumah ini dari versi yang lebih baru / this home is of a later version: {reached} > {len(MIGRATIONS)}",
            file=registry.settings.registry,
            expected=f"versi/version {len(MIGRATIONS)} atau kurang / or less",
            action="pakai versi dtsen yang terakhir menjalankan rumah ini, tidak ada yang diubah / use the version of dtsen "
            "that ran it last; nothing was changed",
        )
    if reached == len(MIGRATIONS):
        return
    with registry.transaction():
        registry.con.execute("create table if not exists versi (nomor integer not null, sejak timestamptz not null)")
        for number, step in enumerate(MIGRATIONS[reached:], start=reached + 1):
            registry.con.execute(step)
            registry.con.execute("insert into versi values (?, ?)", [number, datetime.now(UTC)])


def _check_new(settings: Settings, create: bool) -> None:
    """Raise InputError where a home lost its registry, or, without ``create``, where there is none: --home may be mistyped."""
    if (settings.releases / "CURRENT").exists() or any(settings.releases.glob("*/r*")):
        raise _lost_registry(
            "registri hilang, padahal ada rilis / the registry is gone, and there are releases", settings.registry
        )
    log = settings.registry.with_name(f"{settings.registry.name}.wal")
    if log.exists():
        raise _lost_registry(
            "registri hilang, hanya catatannya ada / the registry is gone, and its log is there", settings.registry
        )
    if not create:
        raise InputError(
            "belum ada bulan di sini / no month has been run here",
            file=settings.home,
            expected=f"folder dengan {settings.registry.name} / a folder that holds it",
            action="periksa --home, atau jalankan `dtsen run` / check it, or run a month",
        )


def _lost_registry(message: str, file: Path) -> InputError:
    return InputError(
        message,
        file=file,
        action="pulihkan registry.duckdb dari cadangan, jangan hapus apa pun / restore it from a backup and delete nothing: "
        "dtsen restore --from CADANGAN --home RUMAH_BARU",
    )


def _read_whole(con: duckdb.DuckDBPyConnection) -> None:
    for table in con.execute("select table_name from duckdb_tables() where database_name = 'registri'").fetchall():
        con.execute(f"select min(columns(*)) from registri.{table[0]}").fetchall()


def _is_damaged(con: duckdb.DuckDBPyConnection) -> bool:
    with con.cursor() as own:  # What failed may have left its transaction open.
        try:
            _read_whole(own)
        except duckdb.Error as error:
            return warehouse.is_damage(error)
    return False


def _attach(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            try:
                warehouse.attach(con, path, "registri", key)
            except warehouse.Unencrypted:
                _encrypt(con, path, key)
                warehouse.attach(con, path, "registri", key)
            return
        except InUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _encrypt(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    """Replace a registry that is not encrypted by an encrypted copy: its ids must not be lost."""
    warehouse.attach(con, path, "lama", None)
    # Stays attached until it is replaced, so that nobody writes into the file that goes.
    con.execute("checkpoint lama")
    with private_file(path) as part:
        _copy(con, "lama", part, key)
    con.execute("detach lama")


def check_readable(settings: Settings) -> None:
    """Read every value of the registry; raises InputError where one cannot be read."""
    with open(settings, create=False) as registry:
        _read_whole(registry.con)


def copy_registry(settings: Settings, to: Path) -> None:
    """Write the registry with what is in its log into the new file ``to``, encrypted with the same key."""
    with open(settings, create=False) as registry:
        _copy(registry.con, "registri", to, keys.load(settings).text(_KEY_NAME))


def _copy(con: duckdb.DuckDBPyConnection, name: str, to: Path, key: str) -> None:
    to.unlink(missing_ok=True)
    warehouse.attach(con, to, "baru", key)
    to.chmod(0o600)
    con.execute(f"copy from database {name} to baru")
    con.execute("detach baru")
    sync(to)
