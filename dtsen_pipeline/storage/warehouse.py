"""Opening the files of a month (or a scratch database) with bounded memory, and what is encrypted of them with its key.

What belongs here: connection handling only. What the tables are is said by the contracts and ``dbt_like_sql``, where the key comes
from by ``keys``. DuckDB can attach an encrypted file but not open it, so every connection is one to memory that the
file hangs on; tables go by ``schema.table`` all the same.
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

_KEY = "gudang"


class Unencrypted(InputError):
    """The file is of a version that did not encrypt."""


class Damaged(InputError):
    """The bytes of the file are not those that were written: not a question of the key, nor of who holds it."""


DAMAGED = "berkas basis data rusak / the database file is damaged"


# What DuckDB says of such a file. The key is proved before anything it encrypted is read, so that a tag that differs is damage too.
_DAMAGE = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Could not read enough bytes",
    "AES tag",
    "Failure while replaying WAL",
    "Failed to load metadata pointer",
)


@contextmanager
def connect(path: Path | None, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connection to the warehouse file ``path`` (in memory for None), closed on every way out.

    ``path`` is ``home/warehouse/<month>.duckdb``; the key is that of ``home``. Memory is capped by ``DTSEN_MEMORY_LIMIT``; beyond
    it DuckDB spills into a folder beside the file, encrypted too. Raises InUse, and InputError where the key is another, the file
    is damaged or of a version that did not encrypt.
    """
    if path is not None and not read_only:
        private_folder(path.parent)
    with in_memory(path.parent if path else None) as con:
        if path is not None:
            attach_month(con, path, "gudang", read_only=read_only)
            con.execute("use gudang")
        # Trying compressions takes longer than computing the tables: 17 s against 6 s for the widest table of 2 million rows.
        con.execute("set force_compression = 'uncompressed'")
        try:
            _make_schemas(con, read_only)
            yield con
        except duckdb.Error as error:
            if path is None or not is_damage(error):
                raise
            raise _make_anew(DAMAGED, path) from None


@contextmanager
def scratch(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Like ``connect``, to a file that is not encrypted: for benchmarks, whose people are made up."""
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
    """A database in memory that can attach encrypted files and read encrypted Parquet; what exceeds the memory is spilled into a
    folder of this connection alone, made in the folder ``spill``, or the home: where that is not there, nothing is."""
    settings = settings or Settings()
    parent = spill or settings.home
    options: dict[str, str | int | bool] = {
        "memory_limit": settings.memory_limit,
        "temp_file_encryption": True,
        # What is needed is in the wheels: nothing is fetched, and nothing taken from the account's home, which a service may lack.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
    }
    if settings.threads:
        options["threads"] = settings.threads
    # DuckDB empties the folder that it begins to spill to: of two in one folder, one loses what it spilled.
    with private_files.own_folder(parent, "tumpahan") if parent.is_dir() else nullcontext() as folder:
        # Left to itself DuckDB spills into the folder that the command was called in.
        options["temp_directory"] = str(folder or "")
        # Its signature was proved once in this process (``_httpfs``); again takes 80 ms, at a hundred connections a month.
        con = duckdb.connect(config=options | {"allow_unsigned_extensions": True})  # type: ignore[arg-type]
        try:
            con.execute(f"load {quoted(_httpfs())}")
            con.execute("set allow_unsigned_extensions = false")
            con.execute("set enable_progress_bar = false")
            # Else a cast of an instant to a day follows the machine's zone.
            con.execute(f"set TimeZone = '{TIMEZONE}'")
            yield con
        finally:
            con.close()


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load DuckDB's extension ``name`` from its wheel: no network, and nothing copied into anybody's home folder."""
    con.execute(f"load {quoted(_extension(name))}")


def _extension(name: str) -> Path:
    wheel = Path(str(files(f"duckdb_extension_{name}")))
    return wheel / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


@cache
def _httpfs() -> Path:
    """DuckDB's extension for encryption, after its signature was proved."""
    with duckdb.connect() as con:
        load_extension(con, "httpfs")
    return _extension("httpfs")


def attach_month(con: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool = False) -> None:
    """Attach the warehouse file ``path`` as ``name``, with the key of the home it lies in."""
    try:
        attach(con, path, name, _key_of(path), read_only=read_only)
    except (Unencrypted, Damaged) as error:
        raise _make_anew(error.message, path) from None
    if not read_only:
        path.chmod(0o600)


def _make_anew(message: str, path: Path) -> InputError:
    return InputError(
        message,
        file=path,
        action=f"jalankan lagi bulannya, gudangnya dibuat baru / run the month again, which makes it anew: dtsen run --month "
        f"{path.stem}",
    )


def _key_of(path: Path) -> str:
    return keys.load(Settings(home=path.absolute().parents[1])).text(_KEY)


def make_way(path: Path) -> None:
    """Delete the warehouse file ``path`` where it is damaged, or of a version that did not encrypt, and say so in the log.

    For the start of a run, which makes every table of the month: nothing is in there that is not made anew. A file that somebody
    holds, or that has another key, stays.
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
            return  # the step that opens it says so


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, key: str | None, *, read_only: bool = False) -> None:
    """Attach the encrypted file ``path`` as ``name``, made where it is missing; one that is not encrypted with None for a key.

    Raises InUse where somebody holds it, Unencrypted where it is not encrypted, Damaged where it is not what was written,
    InputError where it is by another key.
    """
    options = ([f"encryption_key '{key}'"] if key else []) + (["read_only"] if read_only else [])
    try:
        con.execute(f"attach {quoted(path)} as {name}" + (f" ({', '.join(options)})" if options else ""))
    except duckdb.Error as error:
        raise _opened_badly(error, path) or error from None


def _opened_badly(error: duckdb.Error, path: Path) -> DtsenError | None:
    """What it means that ``path`` could not be attached; None where that is not about the file."""
    told = str(error)
    if is_damage(error):
        return Damaged(DAMAGED, file=path)
    if "encryption key" in told:
        return InputError(
            "kunci tidak cocok dengan berkas ini / the key is not the one this file was encrypted with",
            file=path,
            expected="DTSEN_KEY atau DTSEN_KEY_FILE (tanpa keduanya: home/.kunci) dari jalan pertama / that of the first run",
            action="beri kunci itu, atau pakai --home baru / give that key, or use a new --home",
        )
    if "not encrypted" in told:
        return Unencrypted("tidak terenkripsi: dari versi lama / not encrypted: of an earlier version", file=path)
    if "Could not set lock" in told or "already attached" in told:
        return InUse(
            f"{path.name}: dipakai proses lain / in use by another process.\n"
            "Tindakan/action: tunggu pekerjaan itu selesai, lalu ulangi / wait for it to end, then retry"
        )
    return None


def is_damage(error: BaseException) -> bool:
    """Whether DuckDB says of a file it reads that its bytes are not those that were written."""
    return isinstance(error, duckdb.Error) and any(said in str(error) for said in _DAMAGE)


def tables(con: duckdb.DuckDBPyConnection, *, views: bool = True) -> set[str]:
    """Every ``schema.table`` there is, with or without views."""
    kinds = ["BASE TABLE", "VIEW"] if views else ["BASE TABLE"]
    found = con.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_catalog = current_database() and table_type in (select unnest(?))
        """,
        [kinds],
    ).fetchall()
    return {f"{schema}.{table}" for schema, table in found}


def quoted(path: Path) -> str:
    """The path as a string literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
