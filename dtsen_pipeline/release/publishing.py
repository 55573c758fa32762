"""Make a release out of a candidate month: everything or nothing, and the same bytes for the same inputs.

What belongs here: how a release comes to be. What its folder holds stands in ``contents``. The order is the point: rules asked
inside one transaction of the warehouse, files written beside their place, synced and read back, one rename, the registry's
transaction, and last the pointer ``CURRENT``. The next publish puts right whatever a crash leaves between two of these steps
(``repair``). How a release is withdrawn or deleted stands in ``withdrawal`` and ``deletion``.

    home/releases/CURRENT                2025-03/r1
    home/releases/2025-03/.r1.niat       while r1 is on its way: what it comes onto
    home/releases/2025-03/.r2.asing-...  a folder that was set aside, since the ledger does not know it
    home/releases/2025-03/r1/            manifest.json, dashboard.html
        pribadi/                         rows of persons and families
        terbatas/                        rows of persons and families without personal columns, under surrogate ids
        terbuka/                         aggregates under disclosure control
        kamus_data.csv                   what every column means
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError
from dtsen_pipeline.quality import gate
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import PUBLISHED, Release
from dtsen_pipeline.release import contents, disclosure
from dtsen_pipeline.release.catalogue import newest_standing, one_at_a_time, point_to_newest
from dtsen_pipeline.release.manifest import build_manifest, canonical, counts, load_manifest, sha256_of
from dtsen_pipeline.release.repair import heal, intent_digest, note_path
from dtsen_pipeline.storage import keys, private_files
from dtsen_pipeline.storage.private_files import sync


@dataclass(frozen=True)
class ReleaseContext:
    """What the page is made of: the warehouse inside the publish transaction, the verdicts on it and the manifest.

    No clock and no run id: a page that shows them would differ from run to run.
    """

    con: duckdb.DuckDBPyConnection
    settings: Settings
    month: str
    revision: int
    verdicts: Sequence[Verdict]
    manifest: dict[str, Any]


def publish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    month: str,
    rules: Sequence[Rule],
    run_id: str,
    page: Callable[[ReleaseContext], str] | None = None,
) -> Release:
    """Publish ``month`` from its warehouse ``con``, after asking every one of ``rules`` again.

    The same content as the month's standing release makes no new revision: that release is returned. Raises GateBlocked
    where a rule blocks (what the rules measured is kept), InputError where ``con`` holds another month, or its ids follow
    from a release that no longer stands.
    """
    check_month(month)
    if not rules:
        raise DtsenError("tidak ada aturan untuk diperiksa / no rules to ask: an open gate publishes nothing")
    key = keys.load(settings)
    with store.open(settings):
        pass  # Makes the registry of a new home; from here on one that is missing was lost.
    with one_at_a_time(settings):
        known = heal(settings)
        _check_month_held(con, month)
        con.begin()
        try:
            # Made anew, whatever the warehouse holds: the open tables must stand beside the releases of this moment.
            disclosure.make_tables(con, known, month, key)
            verdicts = _ask_rules(con, rules)
            with store.open(settings) as registry:
                registry.record_quality(verdicts, month, run_id)
                registry.record_measures(con, month, run_id)
                previous = registry.previous_assignment(month)
            if blocking := [verdict.rule.name for verdict in verdicts if verdict.blocks]:
                raise GateBlocked(blocking)
            _check_ids_follow(con, previous, month)
            return _write_release(con, settings, key, month, verdicts, run_id, page, known)
        finally:
            con.rollback()


def _check_month_held(con: duckdb.DuckDBPyConnection, month: str) -> None:
    """Raise InputError where the warehouse holds another month."""
    try:
        months = con.execute("select strftime(bulan, '%Y-%m') from raw.run").fetchall()
    except duckdb.CatalogException:
        months = []
    if months != [(month,)]:
        held = ", ".join(row[0] for row in months) or "-"
        raise InputError(
            f"gudang data berisi bulan {held} / the warehouse holds month {held}",
            expected=month,
            action=f"jalankan `dtsen run --month {month}` / run it",
        )


def _check_ids_follow(con: duckdb.DuckDBPyConnection, previous: pa.Table, month: str) -> None:
    """Raise InputError where the ids go on from a release that was withdrawn, or replaced, after the month was run."""
    con.register("berlaku", previous)
    fingerprints = [
        con.execute(
            f"select count(*), sum(cast(hash(source, record_id, person_id, family_id) as hugeint)) from {table}"
        ).fetchone()
        for table in ("berlaku", "linkage.penetapan_lalu")
    ]
    con.unregister("berlaku")
    if fingerprints[0] != fingerprints[1]:
        raise InputError(
            f"id bulan {month} bukan lanjutan rilis yang kini berlaku / the ids of month {month} do not go on from the release "
            "that stands now",
            expected="tidak ada terbit ulang atau penarikan sejak bulan itu dijalankan / none published again or withdrawn since",
            action=f"jalankan lagi / run it again: dtsen run --month {month}",
        )


def _ask_rules(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Verdict]:
    verdicts = []
    for rule in rules:
        verdict = gate.evaluate(con, rule)
        verdicts.append(verdict)
        if verdict.error is not None:
            # DuckDB refuses everything after a failed statement. Nothing will be published from the new transaction, because an
            # error blocks. The other rules are still asked, so that the page can name all that is wrong.
            con.rollback()
            con.begin()
    return verdicts


def _write_release(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    key: keys.Keys,
    month: str,
    verdicts: Sequence[Verdict],
    run_id: str,
    page: Callable[[ReleaseContext], str] | None,
    known: Sequence[Release],
) -> Release:
    earlier = [entry for entry in known if entry.month == month]
    revision = _next_revision(settings, month, earlier)
    standing = newest_standing(earlier)
    folder = settings.releases / month / f"r{revision}"
    part = folder.with_name(f".r{revision}.part")
    for path in (part.parent, part, part / "pribadi", part / "terbatas", part / "terbuka"):
        private_files.private_folder(path)
    try:
        manifest = build_manifest(con, month, contents.write_files(con, part, key), verdicts, key)
        # Only the revision that stands: what was withdrawn comes back as a revision of its own.
        if standing and _is_unchanged(standing, manifest, key):
            return standing
        if page:
            html = page(ReleaseContext(con, settings, month, revision, verdicts, manifest)).encode()
            (part / "dashboard.html").write_bytes(html)
            manifest["page"] = {"path": "dashboard.html", "sha256": sha256_of(part / "dashboard.html")}
        (part / "manifest.json").write_bytes(canonical(manifest))
        sha256 = sha256_of(part / "manifest.json")
        release = Release(month, revision, part, sha256, datetime.now(UTC), PUBLISHED)
        make_private_and_durable(part)
        if problems := contents.problems(release, key):
            raise DtsenError("rilis tidak terbaca kembali / the release does not read back: " + "; ".join(problems))
        note_path(folder).write_text(intent_digest(known, sha256), encoding="utf-8")
        note_path(folder).chmod(0o600)
        sync(note_path(folder))
        part.rename(folder)
        sync(folder.parent)
        sync(settings.releases)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    release = replace(release, path=folder)
    with store.open(settings) as registry:
        crosswalk = contents.relation(registry.con, key, release, "crosswalk")
        registry.record(release, crosswalk, counts(manifest), run_id)
        point_to_newest(settings, registry.releases())
    note_path(folder).unlink()
    return release


def _next_revision(settings: Settings, month: str, earlier: Sequence[Release]) -> int:
    """Return a number that no release of the month ever had, neither in the ledger, whatever its status, nor set aside."""
    aside = [int(path.name.split(".")[1][1:]) for path in (settings.releases / month).glob(".r*.asing-*")]
    return 1 + max([entry.revision for entry in earlier] + aside, default=0)


def _is_unchanged(standing: Release, manifest: dict[str, Any], key: keys.Keys) -> bool:
    """Whether the standing revision is whole and holds just the content of ``manifest``."""
    if contents.problems(standing, key):
        return False
    return bool(load_manifest(standing)["content_sha256"] == manifest["content_sha256"])


def make_private_and_durable(part: Path) -> None:
    """Let nobody but the owner read the folder ``part``, and flush all of it to the disk."""
    for path in part.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        sync(path)
    sync(part)
