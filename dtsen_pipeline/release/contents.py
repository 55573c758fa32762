"""What a release folder holds, and how its bytes are described and proved.

What belongs here: the tables of a release as SQL, writing them, the manifest, and checking files against it. When all
this happens, and what makes a folder a release, stands in ``publishing``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dtsen_pipeline import documents
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.quality.rule import Verdict
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import dictionary
from dtsen_pipeline.storage.keys import Keys
from dtsen_pipeline.storage.warehouse import in_memory, quoted

# What this project consists of, found beside this file whether it runs from a checkout or installed.
_SOURCE = Path(__file__).parents[2]
_PACKAGES = ("dtsen_pipeline", "assets", "checks", "dbt_like_sql")
_SUFFIXES = (".py", ".sql", ".csv", ".yaml", ".j2")

SMALLEST_COUNT = 10  # statistical offices use ten; no Indonesian number is known

# Rows of a file of raw.deliveries as they are told. A table that comes in several files comes by area: then only about, and 5 where
# there are fewer than ten. They sum to about the table's.
ROWS_OF_FILE = f"""case when count(*) over (partition by source, tabel) = 1 then rows_read
    when rows_read < {SMALLEST_COUNT} then 5 else cast(5 * round(rows_read / 5.0) as bigint) end as rows_read"""

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
    written = con.execute(f"copy ({told}) to {quoted(path)} ({FORMATS[path.suffix[1:]]})").fetchone()
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
    written = con.execute(f"copy ({sql}) to {quoted(path)} ({FORMATS['parquet']}, {_ENCRYPTED})").fetchone()
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
    return f"read_parquet({', '.join((quoted(path), _ENCRYPTED.replace(' ', ' = ', 1), *options))})"


def relation(con: duckdb.DuckDBPyConnection, keys: Keys, release: Release, table: str) -> str:
    """What ``con`` reads a table of the private tier by, as SQL; the file is proved against the manifest first.

    Raises DtsenError where it is missing or changed. Releases of versions that did not encrypt are read as well.
    """
    path, told = _proved(release, f"pribadi/{table}.parquet")
    if "content_sha256" not in told:
        return f"read_parquet({quoted(path)})"
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


def build_manifest(
    con: duckdb.DuckDBPyConnection,
    month: str,
    files: list[dict[str, Any]],
    verdicts: Sequence[Verdict],
    keys: Keys,
) -> dict[str, Any]:
    """What a release was made of and what the rules said, without any clock, run or revision in it.

    ``notes`` count what was emptied or read other than delivered, by source, table, column and reason.
    ``content_sha256`` covers all of it, of encrypted files their content and not the bytes. The key is no part of it,
    nor the page: it may show the months before; nor ``code``, a hash of this project's own source, or a comment changed
    would make a revision. ``versions`` are part of it: packages, the models' versions, and of the policies valid in the
    month a hash of their rows.
    """
    deliveries = _rows(
        con,
        f"""select source, tabel, bulan_kirim, file, sha256, {ROWS_OF_FILE}, rows_quarantined, extra_places, missing_columns,
            values_noted, passed_over
        from raw.deliveries order by all""",
    )
    notes = _rows(con, "select source, tabel, kolom, alasan, jumlah from intermediate.int_catatan order by all")
    manifest: dict[str, Any] = {
        "month": month,
        "files": files,
        "deliveries": deliveries,
        "notes": notes,
        "versions": {
            "dtsen_pipeline": version("dtsen-pipeline"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            **{package: version(package) for package in ("duckdb", "splink")},
            "linkage_model": con.execute("select versi from linkage.model").fetchall()[0][0],
            "welfare_model": [
                row[0] for row in con.execute("select distinct versi_model from welfare.skor order by 1").fetchall()
            ],
            "policy": _policy_sha256(con),
        },
        "rules": [
            {
                "name": verdict.rule.name,
                "teks": verdict.rule.teks,
                "text": verdict.rule.text,
                "owner": verdict.rule.owner,
                "blocking": verdict.rule.blocking,
                "minimum": verdict.rule.minimum,
                "maximum": verdict.rule.maximum,
                "passed": verdict.passed,
                "measures": [[told.ukuran, told.figure, told.holds] for told in verdict.told],
            }
            for verdict in verdicts
        ],
    }
    content = {**manifest, "files": [_content_alone(entry) for entry in files]}
    manifest["content_sha256"] = hashlib.sha256(canonical(content)).hexdigest()
    manifest["code"] = code_sha256(*_PACKAGES)
    manifest["key"] = keys.described()
    manifest["page"] = None
    return manifest


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = con.execute(sql)
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _content_alone(entry: dict[str, Any]) -> dict[str, Any]:
    left_out = ("sha256", "bytes") if "content_sha256" in entry else ()
    return {name: value for name, value in entry.items() if name not in left_out}


def _policy_sha256(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("select cast(columns(*) as varchar) from welfare.kebijakan order by all").fetchall()
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def code_sha256(*folders: str) -> str:
    """Of the path and the bytes of every source file below ``folders`` of this project."""
    digest = hashlib.sha256()
    found = (path for folder in folders for path in (_SOURCE / folder).rglob("*") if path.suffix in _SUFFIXES)
    for name, path in sorted((path.relative_to(_SOURCE).as_posix(), path) for path in found):
        digest.update(f"{name}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def load_manifest(release: Release) -> dict[str, Any]:
    """The manifest of a release; raises DtsenError where it is not the one the ledger knows, InputError where the release was
    deleted."""
    if release.gone:
        raise InputError(
            f"rilis {release.name} sudah dihapus / was deleted: {release.deleted:%Y-%m-%d}",
            expected="rilis yang masih disimpan, menurut `dtsen releases list` / a release that is kept",
            action="pakai rilis lain; bulan yang melanjutkan rilis ini tidak dapat dijalankan ulang, perbaiki di bulan "
            "berikutnya / use another one; a month that goes on from this one cannot be run again: mend it in the next month",
        )
    path = release.path / "manifest.json"
    if not path.exists() or sha256_of(path) != release.manifest_sha256:
        raise DtsenError(f"{release.name}/manifest.json: hilang atau berubah / missing or changed since publication")
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    return manifest


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


def counts(manifest: dict[str, Any]) -> dict[str, float]:
    """Rows of each personal table of a release."""
    return {
        Path(entry["path"]).stem: entry["rows"] for entry in manifest["files"] if entry["path"].startswith("pribadi/")
    }


def canonical(content: dict[str, Any]) -> bytes:
    """The one way a manifest is written, so that equal content has equal bytes."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
