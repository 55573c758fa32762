"""Open the DuckDB file of a month (or a scratch database) with bounded memory and its key.

What belongs here: connections only. The tables are defined by the contracts and ``dbt_like_sql``; the key comes from ``keys``.
DuckDB can attach an encrypted file but not open it, so every connection is one to memory with the file attached; tables are
named ``schema.table`` all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.storage import keys, private_files
from dtsen_pipeline.storage.locks import InUse
from dtsen_pipeline.storage.private_files import private_folder

SCHEMAS = ("raw", "quarantine", "seeds", "staging", "intermediate", "linkage", "marts", "welfare", "publikasi")

# The purpose of the key that encrypts a warehouse file (``Keys.subkey``).
_KEY_PURPOSE = "gudang"


class Unencrypted(InputError):
    """The file is not encrypted: it is of an early version."""


class Damaged(InputError):
    """The bytes of the file are not those that were written. Its key fits and nobody holds it."""


DAMAGED = "berkas basis data rusak / the database file is damaged"


# Messages of DuckDB on a damaged file. It checks the key before it reads anything encrypted, so a wrong AES tag is damage too.
_DAMAGE_MESSAGES = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Could not read enough bytes",
    "AES tag",
    "Failure while replaying WAL",
    "Failed to load metadata pointer",
)


@contextmanager
def connect(path: Path | None, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to the warehouse file ``path`` (to memory for None); the connection is always closed.

    ``path`` is ``home/warehouse/<month>.duckdb``; the key is that of ``home``. Memory is capped by ``DTSEN_MEMORY_LIMIT``; beyond
    it DuckDB spills into a folder beside the file, encrypted too. Raises InUse where somebody holds the file, InputError where the
    key does not fit or the file is damaged or not encrypted.
    """
    if path is not None and not read_only:
        private_folder(path.parent)
    with in_memory(path.parent if path else None) as con:
        if path is not None:
            attach_month(con, path, "gudang", read_only=read_only)
            con.execute("use gudang")
        # Without this DuckDB tries out compressions: 17 s against 6 s for the widest table of 2 million rows.
        con.execute("set force_compression = 'uncompressed'")
        try:
            _make_schemas(con, read_only)
            yield con
        except duckdb.Error as error:
            if path is None or not is_damage(error):
                raise
            raise _run_again_error(DAMAGED, path) from None


@contextmanager
def scratch(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect as ``connect`` does, to a file that is not encrypted: for benchmarks, whose people are made up."""
    with in_memory(path.parent) as con:
        attach(con, path, "gudang", None, read_only=read_only)
        con.execute("use gudang")
        con.execute("set force_compression = 'uncompressed'")
        _make_schemas(con, read_only)
        yield con


def _make_schemas(con: duckdb.DuckDBPyConnection, read_only: bool) -> None:
    if not read_only:
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")


@contextmanager
def in_memory(spill: Path | None = None, settings: Settings | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that can attach encrypted files and read encrypted Parquet.

    What exceeds the memory is spilled into a folder of this connection alone, made in the folder ``spill``, or in the home. Where
    that folder does not exist, nothing is spilled.
    """
    settings = settings or Settings()
    parent = spill or settings.home
    options: dict[str, str | int | bool] = {
        "memory_limit": settings.memory_limit,
        "temp_file_encryption": True,
        # The extensions are in the wheels: nothing is downloaded, or taken from the account's home, which a service may lack.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
    }
    if settings.threads:
        options["threads"] = settings.threads
    # DuckDB empties the folder when it begins to spill: of two connections to one folder, one would lose its data.
    with private_files.temporary_folder(parent, "tumpahan") if parent.is_dir() else nullcontext() as folder:
        # By default DuckDB spills into the current folder.
        options["temp_directory"] = str(folder or "")
        # ``_httpfs`` checks the signature once a process; each check takes 80 ms, and a month makes a hundred connections.
        con = duckdb.connect(config=options | {"allow_unsigned_extensions": True})  # type: ignore[arg-type]
        try:
            con.execute(f"load {path_literal(_httpfs())}")
            con.execute("set allow_unsigned_extensions = false")
            con.execute("set enable_progress_bar = false")
            # Otherwise casting an instant to a day would follow the machine's time zone.
            con.execute(f"set TimeZone = '{TIMEZONE}'")
            yield con
        finally:
            con.close()


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load DuckDB's extension ``name`` from its wheel, without the network and without copying into a home folder."""
    con.execute(f"load {path_literal(_extension(name))}")


def _extension(name: str) -> Path:
    """The file of DuckDB's extension ``name`` in its wheel."""
    wheel = Path(str(files(f"duckdb_extension_{name}")))
    return wheel / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


@cache
def _httpfs() -> Path:
    """The file of DuckDB's extension for encryption, its signature checked."""
    with duckdb.connect() as con:
        load_extension(con, "httpfs")
    return _extension("httpfs")


def attach_month(con: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool = False) -> None:
    """Attach the warehouse file ``path`` as ``name``, with the key of the home it lies in."""
    try:
        attach(con, path, name, _key_of(path), read_only=read_only)
    except (Unencrypted, Damaged) as error:
        raise _run_again_error(error.message, path) from None
    if not read_only:
        path.chmod(0o600)


def _run_again_error(message: str, path: Path) -> InputError:
    """The error for an unusable warehouse file: the next run of its month makes it anew."""
    return InputError(
        message,
        file=path,
        action=f"jalankan lagi bulannya, gudangnya dibuat baru / run the month again, which makes it anew: dtsen run --month "
        f"{path.stem}",
    )


def _key_of(path: Path) -> str:
    """The key of the home that the warehouse file ``path`` lies in."""
    return keys.load(Settings(home=path.absolute().parents[1])).text(_KEY_PURPOSE)


def delete_unusable(path: Path) -> None:
    """Delete the warehouse file ``path`` where it is damaged or not encrypted, and log that.

    For the start of a run, which makes every table of the month anew. A file that somebody holds, or that has another key, stays.
    """
    if not path.is_file():
        return
    with in_memory() as con:
        try:
            attach(con, path, "gudang", _key_of(path))
        except (Unencrypted, Damaged) as error:
            path.unlink()
            path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
            logging.getLogger(__name__).warning(
                "%s: %s; dihapus dan dibuat baru / deleted and made anew.", path, error.message
            )
        except DtsenError:
            return  # the step that opens the file reports it


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, key: str | None, *, read_only: bool = False) -> None:
    """Attach the encrypted file ``path`` as ``name``, made where it is missing. With None for a key: a file without encryption.

    Raises InUse where somebody holds the file, Unencrypted where it is not encrypted, Damaged where its bytes are not those that
    were written, InputError where it has another key.
    """
    options = ([f"encryption_key '{key}'"] if key else []) + (["read_only"] if read_only else [])
    try:
        con.execute(f"attach {path_literal(path)} as {name}" + (f" ({', '.join(options)})" if options else ""))
    except duckdb.Error as error:
        raise _explain_attach_error(error, path) or error from None


def _explain_attach_error(error: duckdb.Error, path: Path) -> DtsenError | None:
    """The error to raise where ``path`` could not be attached; None where the reason is not the file."""
    message = str(error)
    if is_damage(error):
        return Damaged(DAMAGED, file=path)
    if "encryption key" in message:
        return InputError(
            "kunci tidak cocok dengan berkas ini / the key is not the one this file was encrypted with",
            file=path,
            expected="DTSEN_KEY atau DTSEN_KEY_FILE (tanpa keduanya: home/.kunci) dari jalan pertama / that of the first run",
            action="beri kunci itu, atau pakai --home baru / give that key, or use a new --home",
        )
    if "not encrypted" in message:
        return Unencrypted("tidak terenkripsi: dari versi lama / not encrypted: of an earlier version", file=path)
    if "Could not set lock" in message or "already attached" in message:
        return InUse(
            f"{path.name}: dipakai proses lain / in use by another process.\n"
            "Tindakan/action: tunggu pekerjaan itu selesai, lalu ulangi / wait for it to end, then retry"
        )
    return None


def is_damage(error: BaseException) -> bool:
    """Whether ``error`` is DuckDB's report of a file whose bytes are not those that were written."""
    return isinstance(error, duckdb.Error) and any(message in str(error) for message in _DAMAGE_MESSAGES)


def tables(con: duckdb.DuckDBPyConnection, *, views: bool = True) -> set[str]:
    """Every ``schema.table`` of the current database, with or without views."""
    kinds = ["BASE TABLE", "VIEW"] if views else ["BASE TABLE"]
    rows = con.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_catalog = current_database() and table_type in (select unnest(?))
        """,
        [kinds],
    ).fetchall()
    return {f"{schema}.{table}" for schema, table in rows}


def path_literal(path: Path) -> str:
    """The path as a string literal in SQL."""
    return "'" + str(path).replace("'", "''") + "'"
