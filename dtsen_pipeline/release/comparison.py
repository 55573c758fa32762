"""Compare two releases: who entered and left, what moved, and which deliveries, columns, versions and rules differ.

What belongs here: counting. Both are read as they were published, each file proved against its manifest, and nothing but counts
comes out. ``summary`` shows them; why a family moved is told month by month by ``welfare.changes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import catalogue, contents
from dtsen_pipeline.release.manifest import load_manifest
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage import keys
from dtsen_pipeline.storage.warehouse import in_memory

T = TypeVar("T")


@dataclass(frozen=True)
class Flow:
    """How many are in the first release, in the second, and in both."""

    before: int = 0
    after: int = 0
    stayed: int = 0

    @property
    def entered(self) -> int:
        """How many are in the second release only."""
        return self.after - self.stayed

    @property
    def left(self) -> int:
        """How many are in the first release only."""
        return self.before - self.stayed


@dataclass(frozen=True)
class Change(Generic[T]):
    """One thing that differs, by its name; ``before`` or ``after`` is None where that release has no such thing."""

    name: str
    before: T | None
    after: T | None


@dataclass(frozen=True)
class Delivered:
    """The files of one table of a source; ``months`` are those of the files, and the same files of another month are equal."""

    sha256: tuple[str, ...]
    rows_read: int
    rows_quarantined: int
    months: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True)
class Judged:
    """Whether a rule passed, and its measures that were out of bounds."""

    passed: bool
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two releases side by side.

    ``deciles`` counts the families in both by their national decile (before, after), None for a family without one;
    ``programmes`` the families each programme reaches. The changes name only what differs: deliveries by source and table,
    columns by file, versions, and rules with another verdict, on the whole or on one of their measures.
    """

    before: Release
    after: Release
    persons: Flow
    families: Flow
    deciles: Mapping[tuple[int | None, int | None], int]
    programmes: Mapping[str, Flow]
    deliveries: tuple[Change[Delivered], ...]
    columns: tuple[Change[str], ...]
    versions: tuple[Change[str], ...]
    rules: tuple[Change[Judged], ...]

    @property
    def moves(self) -> Counter[int | None]:
        """Families in both by how many deciles they rose (a fall is negative); None where either release gives no decile."""
        moved: Counter[int | None] = Counter()
        for (old, new), families in self.deciles.items():
            moved[None if old is None or new is None else new - old] += families
        return moved


def compare_releases(settings: Settings, first: str | None = None, second: str | None = None) -> Comparison:
    """Compare release ``first`` with ``second`` ('2025-03/r1').

    Where only ``first`` is named, the standing release of the month before is compared with it; where neither is, the release
    that stands takes its place.

    Raises InputError where there is no such release or none before it, DtsenError where a file of either is missing or changed.
    """
    before, after = _choose(settings, first, second)
    key = keys.load(settings)
    was, now = load_manifest(before), load_manifest(after)
    with in_memory(settings.home, settings) as con:
        old, new = (
            {name: contents.relation(con, key, entry, name) for name in ("anggota", "keluarga", "kelayakan")}
            for entry in (before, after)
        )
        return Comparison(
            before=before,
            after=after,
            persons=_count_flows(con, old["anggota"], new["anggota"], "person_id").get("", Flow()),
            families=_count_flows(con, old["keluarga"], new["keluarga"], "family_id").get("", Flow()),
            deciles=_count_decile_moves(con, old["keluarga"], new["keluarga"]),
            programmes=_count_flows(con, old["kelayakan"], new["kelayakan"], "family_id", by="program"),
            deliveries=_differences(_deliveries_of(was), _deliveries_of(now)),
            columns=_column_changes(was, now),
            versions=_differences(_versions_of(was), _versions_of(now)),
            rules=_differences(_rules_of(was), _rules_of(now)),
        )


def _choose(settings: Settings, first: str | None, second: str | None) -> tuple[Release, Release]:
    if first is not None and second is not None:
        return catalogue.release_named(settings, first), catalogue.release_named(settings, second)
    after = catalogue.current(settings) if first is None else catalogue.release_named(settings, first)
    if after is None:
        raise InputError("belum ada rilis yang berlaku / no release stands", file=settings.releases)
    with store.open(settings) as registry:
        before = registry.standing_before(after.month)
    if before is None:
        raise InputError(
            f"tidak ada rilis yang berlaku sebelum {after.month} / no release stands before it",
            action="sebut dua rilis dari `dtsen releases list` / name two releases listed there",
        )
    return before, after


def _count_flows(con: duckdb.DuckDBPyConnection, old: str, new: str, entity: str, by: str = "''") -> dict[str, Flow]:
    _lay_side_by_side(con, old, new, f"{by} as kelompok, {entity} as id")
    return {group: Flow(*counts) for group, *counts in con.execute(query("release/arus")).fetchall()}


def _count_decile_moves(con: duckdb.DuckDBPyConnection, old: str, new: str) -> dict[tuple[int | None, int | None], int]:
    _lay_side_by_side(con, old, new, "family_id, desil_nasional")
    rows = con.execute(query("release/perpindahan_desil")).fetchall()
    return {(before, after): families for before, after, families in rows}


def _lay_side_by_side(con: duckdb.DuckDBPyConnection, old: str, new: str, columns: str) -> None:
    """Give ``columns`` of one table of both releases the names ``lama`` and ``baru``, by which the queries know them."""
    for name, relation in (("lama", old), ("baru", new)):
        con.execute(f"create or replace temp view {name} as select {columns} from {relation}")


def _differences(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[Change[T], ...]:
    return tuple(
        Change(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _deliveries_of(manifest: Mapping[str, Any]) -> dict[str, Delivered]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for file in manifest["deliveries"]:
        tables.setdefault(f"{file['source']}.{file['tabel']}", []).append(file)
    return {
        table: Delivered(
            tuple(sorted(file["sha256"] for file in files)),
            sum(file["rows_read"] for file in files),
            sum(file["rows_quarantined"] for file in files),
            tuple(sorted({file["bulan_kirim"] or "-" for file in files})),
        )
        for table, files in tables.items()
    }


def _column_changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change[str], ...]:
    """Return the columns that differ; of a file that one of the two lacks, only how many columns it has."""
    old, new = ({entry["path"]: dict(entry["schema"]) for entry in manifest["files"]} for manifest in (was, now))
    both = old.keys() & new.keys()

    def described(files: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        columns = {f"{path}: {name}": kind for path in both for name, kind in files[path].items()}
        return columns | {path: f"{len(files[path])} kolom / columns" for path in files.keys() - both}

    return _differences(described(old), described(new))


def _versions_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    versions = manifest["versions"] | ({"code": manifest["code"]} if "code" in manifest else {})
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in versions.items()}


def _rules_of(manifest: Mapping[str, Any]) -> dict[str, Judged]:
    return {
        rule["name"]: Judged(rule["passed"], tuple(sorted(_measures_out_of_bounds(rule)))) for rule in manifest["rules"]
    }


def _measures_out_of_bounds(rule: Mapping[str, Any]) -> list[str]:
    lowest, highest = rule["minimum"], rule["maximum"]
    # Manifests of earlier versions hold the exact value alone; later ones say whether it held.
    return [
        measure
        for measure, value, *held in rule["measures"]
        if not (held[0] if held else (lowest is None or value >= lowest) and (highest is None or value <= highest))
    ]
