"""Make and read the manifest of a release: what it holds, how it was made, and the hash of its content.

What belongs here: the manifest itself, and how a file is hashed. Which files a release has stands in ``contents``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from dtsen_pipeline.config import SMALLEST_COUNT
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.quality.rule import Verdict
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage.keys import Keys

# What this project consists of, whether it runs from a checkout or installed.
_SOURCE_ROOT = Path(__file__).parents[2]


_CODE_FOLDERS = ("dtsen_pipeline", "assets", "checks", "dbt_like_sql")


_CODE_SUFFIXES = (".py", ".sql", ".csv", ".yaml", ".j2")


def build_manifest(
    con: duckdb.DuckDBPyConnection,
    month: str,
    files: list[dict[str, Any]],
    verdicts: Sequence[Verdict],
    keys: Keys,
) -> dict[str, Any]:
    """Return what a release was made of and what the rules said, without any clock, run or revision in it.

    ``notes`` count what was emptied or read other than delivered, by source, table, column and reason. ``versions`` are those of
    packages and models, and a hash of the rows of the policies valid in the month.

    ``content_sha256`` covers all of that, of encrypted files their content and not the bytes. It leaves out the key; the page,
    which may show the months before; and ``code``, a hash of this project's own source, or a changed comment would make a
    revision.
    """
    deliveries = _rows(con, "release/kiriman", terkecil=SMALLEST_COUNT)
    notes = _rows(con, "release/catatan")
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
                "teks": verdict.rule.statement.id,
                "text": verdict.rule.statement.en,
                "owner": verdict.rule.owner,
                "blocking": verdict.rule.blocking,
                "minimum": verdict.rule.minimum,
                "maximum": verdict.rule.maximum,
                "passed": verdict.passed,
                "measures": [[measure.ukuran, measure.figure, measure.holds] for measure in verdict.shown],
            }
            for verdict in verdicts
        ],
    }
    content = {**manifest, "files": [_content_alone(entry) for entry in files]}
    manifest["content_sha256"] = hashlib.sha256(canonical(content)).hexdigest()
    manifest["code"] = code_sha256(*_CODE_FOLDERS)
    manifest["key"] = keys.manifest_entry()
    manifest["page"] = None
    return manifest


def _rows(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[dict[str, Any]]:
    """The rows of query ``name`` by column."""
    result = con.execute(query(name), parameters or None)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def _content_alone(entry: dict[str, Any]) -> dict[str, Any]:
    left_out = ("sha256", "bytes") if "content_sha256" in entry else ()
    return {name: value for name, value in entry.items() if name not in left_out}


def _policy_sha256(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("select cast(columns(*) as varchar) from welfare.kebijakan order by all").fetchall()
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def code_sha256(*folders: str) -> str:
    """Return a hash of the path and the bytes of every source file below ``folders`` of this project."""
    digest = hashlib.sha256()
    paths = (path for folder in folders for path in (_SOURCE_ROOT / folder).rglob("*") if path.suffix in _CODE_SUFFIXES)
    for name, path in sorted((path.relative_to(_SOURCE_ROOT).as_posix(), path) for path in paths):
        digest.update(f"{name}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def load_manifest(release: Release) -> dict[str, Any]:
    """Return the manifest of a release.

    Raises DtsenError where it is not the one the ledger knows, InputError where the release was deleted.
    """
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


def counts(manifest: dict[str, Any]) -> dict[str, float]:
    """Return the number of rows of each personal table of a release."""
    return {
        Path(entry["path"]).stem: entry["rows"] for entry in manifest["files"] if entry["path"].startswith("pribadi/")
    }


def canonical(content: dict[str, Any]) -> bytes:
    """Return ``content`` as JSON in the one way manifests are written, so that equal content has equal bytes."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
