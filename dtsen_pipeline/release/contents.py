"""Write, describe and check the files of a release folder.

What belongs here: which tables a release holds, writing them, and checking files against the manifest. ``manifest`` makes that;
when all this happens, and what makes a folder a release, stands in ``publishing``.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dtsen_pipeline import documents
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import dictionary
from dtsen_pipeline.release.manifest import load_manifest, sha256_of
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.keys import Keys
from dtsen_pipeline.storage.warehouse import in_memory, path_literal

# Tables of the private tier by their query. Each ends in a total order: the bytes must not depend on the threads that wrote them.
PRIVATE = {
    "anggota": "release/anggota",
    "keluarga": "release/keluarga",
    "crosswalk": "release/crosswalk",
    "kelayakan": "release/kelayakan",
    # What the next month's linkage starts from (``linkage.training``).
    "model_penautan": "release/model_penautan",
    "frekuensi": "release/frekuensi",
    # What changed since the last release, and what the next month is compared with (``welfare.changes``).
    "perubahan": "release/perubahan",
    "kelayakan_perubahan": "release/kelayakan_perubahan",
    "fitur_keluarga": "release/fitur_keluarga",
    "kebijakan": "release/kebijakan",
    "koefisien": "release/koefisien",
    "isian": "release/isian",
    "model_kesejahteraan": "release/model_kesejahteraan",
}

_AREAS_OF_TABLE = {
    "desil_indonesia": (),
    "desil_provinsi": ("provinsi",),
    "desil_kabupaten_kota": ("provinsi", "kabupaten"),
    "desil_kecamatan": ("provinsi", "kabupaten", "kecamatan"),
}


# Tables of the open tier: one SELECT a level of area, whose columns are put in here. ``disclosure`` decides what they may tell.
OPEN = {
    name: f"""select {"".join(f"kode_{area}, nama_{area}, " for area in areas)}
        case desil when 0 then 'semua' else cast(desil as varchar) end as desil_nasional, keluarga, orang
        from publikasi.terbuka where tingkat = {len(areas)} order by jalur, case desil when 0 then 11 else desil end"""
    for name, areas in _AREAS_OF_TABLE.items()
}


# The same back from the file: jalur, desil, keluarga, orang.
OPEN_BACK = {
    name: f"""select concat_ws('/', 'ID'{"".join(f", kode_{area}" for area in areas)}) as jalur,
        cast(case desil_nasional when 'semua' then '0' else desil_nasional end as integer) as desil, keluarga, orang
        from read_parquet(?)"""
    for name, areas in _AREAS_OF_TABLE.items()
}


FORMATS = {
    "parquet": "format parquet, compression zstd, compression_level 1, row_group_size 122880",
    "csv": "format csv, header true",
}


_ENCRYPTION = "encryption_config {footer_key: 'pribadi'}"


_DICTIONARY_FILE = (
    "kamus_data",
    [
        [column, "VARCHAR"]
        for column in ("tabel", "kolom", "tipe", "tingkat", "arti", "meaning", "satuan", "unit", "sumber")
    ],
)


def write_files(con: duckdb.DuckDBPyConnection, folder: Path, keys: Keys) -> list[dict[str, Any]]:
    """Write every table of a release below ``folder`` and describe each from its own bytes.

    Raises DtsenError where a file reads back with other rows than were written.
    """
    _add_key(con, keys)
    files = [_write_encrypted(con, folder, f"pribadi/{name}.parquet", query(sql)) for name, sql in PRIVATE.items()]
    files += [
        _write_file(con, folder, f"terbatas/{name}.parquet", sql)
        for name, sql in dictionary.restricted(con, keys).items()
    ]
    files += [_write_file(con, folder, f"terbuka/{name}.{kind}", sql) for name, sql in OPEN.items() for kind in FORMATS]
    described = dictionary.dictionary_rows(
        [(entry["path"].rpartition(".")[0], entry["schema"]) for entry in files] + [_DICTIONARY_FILE]
    )
    con.register("kamus_data", pa.Table.from_pylist(described))
    files.append(_write_file(con, folder, f"{_DICTIONARY_FILE[0]}.csv", "select * from kamus_data"))
    con.unregister("kamus_data")
    return files


def _write_file(con: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> dict[str, Any]:
    path = folder / name
    select = for_spreadsheets(con, sql) if path.suffix == ".csv" else sql
    written = con.execute(f"copy ({select}) to {path_literal(path)} ({FORMATS[path.suffix[1:]]})").fetchone()
    rows = pq.read_metadata(path).num_rows if path.suffix == ".parquet" else pacsv.read_csv(path).num_rows
    return _describe(con, path, name, sql, written, rows)


def for_spreadsheets(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the query with every text that a spreadsheet would run as a formula made ``documents.harmless``."""
    texts = [f'"{column}"' for column, kind, *_ in con.execute(f"describe {sql}").fetchall() if kind == "VARCHAR"]
    formula = documents.FORMULA.replace("'", "''")
    harmless = [
        f"case when regexp_matches({text}, '{formula}') then chr(39) || {text} else {text} end as {text}"
        for text in texts
    ]
    return f"select * replace ({', '.join(harmless)}) from ({sql})" if harmless else sql


def _write_encrypted(con: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> dict[str, Any]:
    path = folder / name
    written = con.execute(f"copy ({sql}) to {path_literal(path)} ({FORMATS['parquet']}, {_ENCRYPTION})").fetchone()
    rows, content = _content_of(con, path)
    return {**_describe(con, path, name, sql, written, rows), "content_sha256": content}


def _describe(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, sql: str, written: tuple[int] | None, rows: int
) -> dict[str, Any]:
    if written is None or written[0] != rows:
        raise DtsenError(f"{name}: {rows} baris terbaca kembali / rows read back, {written} ditulis / written")
    schema = [[column, kind] for column, kind, *_ in con.execute(f"describe {sql}").fetchall()]
    return {"path": name, "sha256": sha256_of(path), "bytes": path.stat().st_size, "rows": rows, "schema": schema}


def _content_of(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, str]:
    """Return the rows of an encrypted file, and a hash of their values in order, whatever nonces it was encrypted with.

    It is made of DuckDB's own hash of each row, which takes a fifth of the time of writing rows out for SHA-256. So it compares
    content within one version of DuckDB, as the manifest does anyway.
    """
    row = con.execute(
        f"""with
        baris as (select file_row_number as nomor, lpad(to_hex(hash(t)), 16, '0') as sidik
            from {_read_encrypted(path, "file_row_number = true")} as t),
        potongan as (select nomor // 4096 as nomor, count(*) as baris, sha256(string_agg(sidik, '' order by nomor)) as sidik
            from baris group by nomor // 4096)
        select coalesce(sum(baris), 0)::bigint, sha256(coalesce(string_agg(sidik, '' order by nomor), '')) from potongan"""
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _add_key(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Give the connection the key of the private tier, under the tier's name."""
    con.execute(f"pragma add_parquet_key('pribadi', '{keys.text('rilis')}')")


def _read_encrypted(path: Path, *options: str) -> str:
    return f"read_parquet({', '.join((path_literal(path), _ENCRYPTION.replace(' ', ' = ', 1), *options))})"


def relation(con: duckdb.DuckDBPyConnection, keys: Keys, release: Release, table: str) -> str:
    """Return the SQL by which ``con`` reads a table of the private tier, once its file agrees with the manifest.

    Raises DtsenError where it is missing or changed. Releases of versions that did not encrypt are read as well.
    """
    path, entry = _checked(release, f"pribadi/{table}.parquet")
    if "content_sha256" not in entry:
        return f"read_parquet({path_literal(path)})"
    _add_key(con, keys)
    return _read_encrypted(path)


def relations(
    con: duckdb.DuckDBPyConnection, keys: Keys, release: Release | None, tables: Sequence[str]
) -> dict[str, str] | None:
    """Return ``relation`` of each table; None without a release, or where its version did not write them all, which is logged."""
    if release is None:
        return None
    if not manifest_lists(release, *(f"pribadi/{table}.parquet" for table in tables)):
        logging.getLogger(__name__).warning(
            "%s: dari versi lama yang belum menyimpan %s, dikerjakan tanpa itu / of an earlier version that did not keep them; "
            "done without.",
            release.name,
            ", ".join(tables),
        )
        return None
    return {table: relation(con, keys, release, table) for table in tables}


def manifest_lists(release: Release, *names: str) -> bool:
    """Whether the manifest lists every one of these files; raises as ``load_manifest`` does."""
    return set(names) <= {entry["path"] for entry in load_manifest(release)["files"]}


def check_file(release: Release, name: str) -> Path:
    """Return the path of a file of the release; raises DtsenError where it is missing, or not as in the manifest."""
    return _checked(release, name)[0]


def _checked(release: Release, name: str) -> tuple[Path, dict[str, Any]]:
    path = release.path / name
    for entry in load_manifest(release)["files"]:
        if entry["path"] == name and path.exists() and sha256_of(path) == entry["sha256"]:
            return path, entry
    raise DtsenError(
        f"{release.name}/{name}: hilang atau berubah / missing or changed since publication.\n"
        f"Tindakan/action: terbitkan ulang bulan itu / publish the month again: dtsen run --month {release.month}"
    )


def problems(release: Release, keys: Keys) -> list[str]:
    """Return what of the release no longer agrees with its manifest, or the manifest with the ledger, or does not decrypt.

    Empty where all is well.
    """
    try:
        manifest = load_manifest(release)
    except DtsenError as error:
        return [str(error)]
    listed = {entry["path"]: entry["sha256"] for entry in [*manifest["files"], *filter(None, [manifest["page"]])]}
    there = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*") if path.is_file()}
    messages = [f"{name}: hilang / missing" for name in sorted(listed.keys() - there)]
    messages += [
        f"{name}: tidak tercatat / not in the manifest" for name in sorted(there - listed.keys() - {"manifest.json"})
    ]
    changed = [name for name in sorted(listed.keys() & there) if sha256_of(release.path / name) != listed[name]]
    messages += [f"{name}: isi berubah / content changed" for name in changed]
    whole = there - set(changed)
    encrypted = [entry for entry in manifest["files"] if "content_sha256" in entry and entry["path"] in whole]
    return messages + _problems_of_encrypted(release, keys, encrypted)


def _problems_of_encrypted(release: Release, keys: Keys, encrypted: Sequence[dict[str, Any]]) -> list[str]:
    """Return the encrypted files whose footers do not open with this key, or count other rows than the manifest."""
    messages = []
    with in_memory() as con:
        _add_key(con, keys)
        for entry in encrypted:
            try:
                rows = con.execute(f"select count(*) from {_read_encrypted(release.path / entry['path'])}").fetchone()
            except duckdb.Error:
                messages.append(f"{entry['path']}: tidak terbuka dengan kunci ini / does not open with this key")
            else:
                if rows != (entry["rows"],):
                    messages.append(f"{entry['path']}: jumlah baris lain / another number of rows")
    return messages
