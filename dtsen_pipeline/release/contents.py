"""What a release folder holds, and how its bytes are described and proved.

What belongs here: the tables of a release as SQL, writing them, the manifest, and checking files against it. When all
this happens, and what makes a folder a release, stands in ``publishing``.
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
from dtsen_pipeline.storage.keys import Keys
from dtsen_pipeline.storage.warehouse import in_memory, path_literal

# Every query ends in a total order: the bytes must not depend on the threads that wrote them.
PRIVATE = {
    "anggota": "select * from marts.anggota order by person_id",
    "keluarga": """select keluarga.*, desil.skor, desil.desil_nasional, desil.desil_provinsi, desil.desil_kabupaten_kota
        from marts.keluarga as keluarga left join welfare.desil as desil on keluarga.family_id = desil.family_id
        order by keluarga.family_id""",
    "crosswalk": """select source, record_id, person_id, family_id from linkage.crosswalk
        order by source, record_id""",
    "kelayakan": "select * from welfare.kelayakan order by all",
    # What the next month's linkage starts from (``linkage.training``).
    "model_penautan": "from linkage.model",
    "frekuensi": "select kolom, nilai, tf from linkage.frekuensi order by kolom, nilai",
    # What changed since the last release, and what the next month is compared with (``welfare.changes``).
    "perubahan": "select * from welfare.perubahan order by family_id",
    "kelayakan_perubahan": "select * from welfare.kelayakan_perubahan order by program, family_id",
    "fitur_keluarga": "select * from welfare.fitur_keluarga order by family_id",
    "kebijakan": "select * from welfare.kebijakan order by program",
    "koefisien": "select * from welfare.koefisien order by model, urutan",
    "isian": "select * from welfare.isian order by model, kolom, tingkat, kode",
    "model_kesejahteraan": "select * from welfare.model order by model",
}


_LEVELS = {
    "desil_indonesia": (),
    "desil_provinsi": ("provinsi",),
    "desil_kabupaten_kota": ("provinsi", "kabupaten"),
    "desil_kecamatan": ("provinsi", "kabupaten", "kecamatan"),
}


# What may be told of families by area and tenth is decided in ``disclosure``.
OPEN = {
    name: f"""select {"".join(f"kode_{area}, nama_{area}, " for area in areas)}
        case desil when 0 then 'semua' else cast(desil as varchar) end as desil_nasional, keluarga, orang
        from publikasi.terbuka where tingkat = {len(areas)} order by jalur, case desil when 0 then 11 else desil end"""
    for name, areas in _LEVELS.items()
}


# ... and back, from the file: jalur, desil, keluarga, orang.
OPEN_BACK = {
    name: f"""select concat_ws('/', 'ID'{"".join(f", kode_{area}" for area in areas)}) as jalur,
        cast(case desil_nasional when 'semua' then '0' else desil_nasional end as integer) as desil, keluarga, orang
        from read_parquet(?)"""
    for name, areas in _LEVELS.items()
}


FORMATS = {
    "parquet": "format parquet, compression zstd, compression_level 1, row_group_size 122880",
    "csv": "format csv, header true",
}


_ENCRYPTED = "encryption_config {footer_key: 'pribadi'}"


_DICTIONARY = (
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
    _use(con, keys)
    files = [_write_encrypted(con, folder, f"pribadi/{name}.parquet", sql) for name, sql in PRIVATE.items()]
    files += [
        _write_file(con, folder, f"terbatas/{name}.parquet", sql)
        for name, sql in dictionary.restricted(con, keys).items()
    ]
    files += [_write_file(con, folder, f"terbuka/{name}.{kind}", sql) for name, sql in OPEN.items() for kind in FORMATS]
    described = dictionary.rows(
        [(entry["path"].rpartition(".")[0], entry["schema"]) for entry in files] + [_DICTIONARY]
    )
    con.register("kamus_data", pa.Table.from_pylist(described))
    files.append(_write_file(con, folder, f"{_DICTIONARY[0]}.csv", "select * from kamus_data"))
    con.unregister("kamus_data")
    return files


def _write_file(con: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> dict[str, Any]:
    path = folder / name
    told = for_spreadsheets(con, sql) if path.suffix == ".csv" else sql
    written = con.execute(f"copy ({told}) to {path_literal(path)} ({FORMATS[path.suffix[1:]]})").fetchone()
    rows = pq.read_metadata(path).num_rows if path.suffix == ".parquet" else pacsv.read_csv(path).num_rows
    return _described(con, path, name, sql, written, rows)


def for_spreadsheets(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The query with every text that a spreadsheet would run as a formula made ``documents.harmless``."""
    texts = [f'"{column}"' for column, kind, *_ in con.execute(f"describe {sql}").fetchall() if kind == "VARCHAR"]
    formula = documents.FORMULA.replace("'", "''")
    told = [
        f"case when regexp_matches({text}, '{formula}') then chr(39) || {text} else {text} end as {text}"
        for text in texts
    ]
    return f"select * replace ({', '.join(told)}) from ({sql})" if told else sql


def _write_encrypted(con: duckdb.DuckDBPyConnection, folder: Path, name: str, sql: str) -> dict[str, Any]:
    path = folder / name
    written = con.execute(f"copy ({sql}) to {path_literal(path)} ({FORMATS['parquet']}, {_ENCRYPTED})").fetchone()
    rows, content = _content_of(con, path)
    return {**_described(con, path, name, sql, written, rows), "content_sha256": content}


def _described(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, sql: str, written: tuple[int] | None, rows: int
) -> dict[str, Any]:
    if written is None or written[0] != rows:
        raise DtsenError(f"{name}: {rows} baris terbaca kembali / rows read back, {written} ditulis / written")
    schema = [[column, kind] for column, kind, *_ in con.execute(f"describe {sql}").fetchall()]
    return {"path": name, "sha256": sha256_of(path), "bytes": path.stat().st_size, "rows": rows, "schema": schema}


def _content_of(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[int, str]:
    """Rows of an encrypted file, and a hash of what it says, row after row, whatever nonces it was encrypted with.

    Of the engine's hash of each row, which takes a fifth of the time of writing rows out for SHA-256; so it tells content
    of one version of DuckDB, as the manifest does anyway.
    """
    found = con.execute(
        f"""with
        baris as (select file_row_number as nomor, lpad(to_hex(hash(t)), 16, '0') as sidik
            from {_encrypted(path, "file_row_number = true")} as t),
        potongan as (select nomor // 4096 as nomor, count(*) as baris, sha256(string_agg(sidik, '' order by nomor)) as sidik
            from baris group by nomor // 4096)
        select coalesce(sum(baris), 0)::bigint, sha256(coalesce(string_agg(sidik, '' order by nomor), '')) from potongan"""
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def _use(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Give the connection the key of the private tier, under the tier's name."""
    con.execute(f"pragma add_parquet_key('pribadi', '{keys.text('rilis')}')")


def _encrypted(path: Path, *options: str) -> str:
    return f"read_parquet({', '.join((path_literal(path), _ENCRYPTED.replace(' ', ' = ', 1), *options))})"


def relation(con: duckdb.DuckDBPyConnection, keys: Keys, release: Release, table: str) -> str:
    """What ``con`` reads a table of the private tier by, as SQL; the file is proved against the manifest first.

    Raises DtsenError where it is missing or changed. Releases of versions that did not encrypt are read as well.
    """
    path, told = _proved(release, f"pribadi/{table}.parquet")
    if "content_sha256" not in told:
        return f"read_parquet({path_literal(path)})"
    _use(con, keys)
    return _encrypted(path)


def relations(
    con: duckdb.DuckDBPyConnection, keys: Keys, release: Release | None, tables: Sequence[str]
) -> dict[str, str] | None:
    """``relation`` of each table; None without a release, and of one whose version did not write all of them, which is logged."""
    if release is None:
        return None
    if not lists(release, *(f"pribadi/{table}.parquet" for table in tables)):
        logging.getLogger(__name__).warning(
            "%s: dari versi lama yang belum menyimpan %s, dikerjakan tanpa itu / of an earlier version that did not keep them; "
            "done without.",
            release.name,
            ", ".join(tables),
        )
        return None
    return {table: relation(con, keys, release, table) for table in tables}


def lists(release: Release, *names: str) -> bool:
    """Whether the manifest tells of every one of these files; raises as ``load_manifest``."""
    return set(names) <= {entry["path"] for entry in load_manifest(release)["files"]}


def check_file(release: Release, name: str) -> Path:
    """Path of a file of the release, proved against the manifest; raises DtsenError where it is missing or changed."""
    return _proved(release, name)[0]


def _proved(release: Release, name: str) -> tuple[Path, dict[str, Any]]:
    for told in load_manifest(release)["files"]:
        if told["path"] == name and (release.path / name).exists() and sha256_of(release.path / name) == told["sha256"]:
            return release.path / name, told
    raise DtsenError(
        f"{release.name}/{name}: hilang atau berubah / missing or changed since publication.\n"
        f"Tindakan/action: terbitkan ulang bulan itu / publish the month again: dtsen run --month {release.month}"
    )


def problems(release: Release, keys: Keys) -> list[str]:
    """What of the release no longer agrees with its manifest, or the manifest with the ledger, or cannot be decrypted.

    Empty where all does.
    """
    try:
        manifest = load_manifest(release)
    except DtsenError as error:
        return [str(error)]
    told = {entry["path"]: entry["sha256"] for entry in [*manifest["files"], *filter(None, [manifest["page"]])]}
    there = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*") if path.is_file()}
    found = [f"{name}: hilang / missing" for name in sorted(told.keys() - there)]
    found += [
        f"{name}: tidak tercatat / not in the manifest" for name in sorted(there - told.keys() - {"manifest.json"})
    ]
    changed = [name for name in sorted(told.keys() & there) if sha256_of(release.path / name) != told[name]]
    found += [f"{name}: isi berubah / content changed" for name in changed]
    whole = there - set(changed)
    encrypted = [entry for entry in manifest["files"] if "content_sha256" in entry and entry["path"] in whole]
    return found + _locked(release, keys, encrypted)


def _locked(release: Release, keys: Keys, encrypted: Sequence[dict[str, Any]]) -> list[str]:
    """Those of the encrypted files whose footers do not open with this key, or tell of other rows than the manifest."""
    found = []
    with in_memory() as con:
        _use(con, keys)
        for entry in encrypted:
            try:
                rows = con.execute(f"select count(*) from {_encrypted(release.path / entry['path'])}").fetchone()
            except duckdb.Error:
                found.append(f"{entry['path']}: tidak terbuka dengan kunci ini / does not open with this key")
            else:
                if rows != (entry["rows"],):
                    found.append(f"{entry['path']}: jumlah baris lain / another number of rows")
    return found
