"""The manifest of a release: what it holds, how it was made, and by what its content is known.

What belongs here: making, reading and proving it. Which files a release has stands in ``contents``.
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
from dtsen_pipeline.storage.keys import Keys

# What this project consists of, found beside this file whether it runs from a checkout or installed.
_SOURCE = Path(__file__).parents[2]


_PACKAGES = ("dtsen_pipeline", "assets", "checks", "dbt_like_sql")


_SUFFIXES = (".py", ".sql", ".csv", ".yaml", ".j2")


# Rows of a file of raw.deliveries as they are told. A table that comes in several files comes by area: then only about, and 5 where
# there are fewer than ten. They sum to about the table's.
ROWS_OF_FILE = f"""case when count(*) over (partition by source, tabel) = 1 then rows_read
    when rows_read < {SMALLEST_COUNT} then 5 else cast(5 * round(rows_read / 5.0) as bigint) end as rows_read"""


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
                "measures": [[measure.ukuran, measure.figure, measure.holds] for measure in verdict.shown],
            }
            for verdict in verdicts
        ],
    }
    content = {**manifest, "files": [_content_alone(entry) for entry in files]}
    manifest["content_sha256"] = hashlib.sha256(canonical(content)).hexdigest()
    manifest["code"] = code_sha256(*_PACKAGES)
    manifest["key"] = keys.manifest_entry()
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
