"""Lays two releases side by side: who entered and left, what moved, and which deliveries, columns, versions and rules differ.

What belongs here: counting. The two are read as they were published, each file proved against its manifest, and nothing
but counts comes out. How they are shown stands in ``summary``; why a family moved is told month by month by
``welfare.changes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import duckdb

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import store as registry
from dtsen_pipeline.registry.ledger import Release
from dtsen_pipeline.release import catalogue, contents
from dtsen_pipeline.release.manifest import load_manifest
from dtsen_pipeline.sql.queries import query
from dtsen_pipeline.storage import keys
from dtsen_pipeline.storage.warehouse import in_memory

T = TypeVar("T")


@dataclass(frozen=True)
class Flow:
    """How many are in the one release, in the other, and in both."""

    before: int = 0
    after: int = 0
    stayed: int = 0

    @property
    def entered(self) -> int:
        return self.after - self.stayed

    @property
    def left(self) -> int:
        return self.before - self.stayed


@dataclass(frozen=True)
class Change(Generic[T]):
    """What differs, by its name; None where one of the two releases has no such thing."""

    name: str
    before: T | None
    after: T | None


@dataclass(frozen=True)
class Delivered:
    """The files of one table of a source. That another month's file holds the same rows is no difference."""

    sha256: tuple[str, ...]
    rows_read: int
    rows_quarantined: int
    months: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True)
class Judged:
    """What a rule said, and its measures that were out of bounds."""

    passed: bool
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two releases side by side.

    ``deciles`` counts the families in both by their national decile (before, after), None for a family without one;
    ``programmes`` the families each programme reaches. The changes name what differs alone: deliveries by source and table,
    columns by file, versions, and rules of which the verdict, or that on one of its measures, is another.
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
        """Families in both by how many deciles they rose (a fall is negative), None where either release has none."""
        moved: Counter[int | None] = Counter()
        for (old, new), families in self.deciles.items():
            moved[None if old is None or new is None else new - old] += families
        return moved


def compare_releases(settings: Settings, first: str | None = None, second: str | None = None) -> Comparison:
    """Compare release ``first`` with ``second`` ('2025-03/r1'); where only one is named, the standing release of the month
    before it with it; where none is, that before the one that stands with that.

    Raises InputError where there is no such release or none before it, DtsenError where a file of either is missing or changed.
    """
    before, after = _chosen(settings, first, second)
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
            persons=_flows(con, old["anggota"], new["anggota"], "person_id").get("", Flow()),
            families=_flows(con, old["keluarga"], new["keluarga"], "family_id").get("", Flow()),
            deciles=_deciles(con, old["keluarga"], new["keluarga"]),
            programmes=_flows(con, old["kelayakan"], new["kelayakan"], "family_id", by="program"),
            deliveries=_changes(_deliveries(was), _deliveries(now)),
            columns=_columns(was, now),
            versions=_changes(_versions(was), _versions(now)),
            rules=_changes(_rules(was), _rules(now)),
        )


def _chosen(settings: Settings, first: str | None, second: str | None) -> tuple[Release, Release]:
    if first is not None and second is not None:
        return catalogue.release_named(settings, first), catalogue.release_named(settings, second)
    after = catalogue.current(settings) if first is None else catalogue.release_named(settings, first)
    if after is None:
        raise InputError("belum ada rilis yang berlaku / no release stands", file=settings.releases)
    with registry.open(settings) as ledger:
        before = ledger.standing_before(after.month)
    if before is None:
        raise InputError(
            f"tidak ada rilis yang berlaku sebelum {after.month} / no release stands before it",
            action="sebut dua rilis dari `dtsen releases list` / name two releases listed there",
        )
    return before, after


def _flows(con: duckdb.DuckDBPyConnection, old: str, new: str, entity: str, by: str = "''") -> dict[str, Flow]:
    _lay_side_by_side(con, old, new, f"{by} as kelompok, {entity} as id")
    return {group: Flow(*counts) for group, *counts in con.execute(query("release/arus")).fetchall()}


def _deciles(con: duckdb.DuckDBPyConnection, old: str, new: str) -> dict[tuple[int | None, int | None], int]:
    _lay_side_by_side(con, old, new, "family_id, desil_nasional")
    rows = con.execute(query("release/perpindahan_desil")).fetchall()
    return {(before, after): families for before, after, families in rows}


def _lay_side_by_side(con: duckdb.DuckDBPyConnection, old: str, new: str, columns: str) -> None:
    """Give ``columns`` of one table of both releases the names ``lama`` and ``baru``, by which the queries know them."""
    for name, relation in (("lama", old), ("baru", new)):
        con.execute(f"create or replace temp view {name} as select {columns} from {relation}")


def _changes(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[Change[T], ...]:
    return tuple(
        Change(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _deliveries(manifest: Mapping[str, Any]) -> dict[str, Delivered]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for told in manifest["deliveries"]:
        tables.setdefault(f"{told['source']}.{told['tabel']}", []).append(told)
    return {
        table: Delivered(
            tuple(sorted(told["sha256"] for told in files)),
            sum(told["rows_read"] for told in files),
            sum(told["rows_quarantined"] for told in files),
            tuple(sorted({told["bulan_kirim"] or "-" for told in files})),
        )
        for table, files in tables.items()
    }


def _columns(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change[str], ...]:
    """Of a file that one of the two lacks only how many columns it has."""
    old, new = ({entry["path"]: dict(entry["schema"]) for entry in manifest["files"]} for manifest in (was, now))
    both = old.keys() & new.keys()

    def told(files: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        columns = {f"{path}: {name}": kind for path in both for name, kind in files[path].items()}
        return columns | {path: f"{len(files[path])} kolom / columns" for path in files.keys() - both}

    return _changes(told(old), told(new))


def _versions(manifest: Mapping[str, Any]) -> dict[str, str]:
    told = manifest["versions"] | ({"code": manifest["code"]} if "code" in manifest else {})
    return {name: ", ".join(found) if isinstance(found, list) else found for name, found in told.items()}


def _rules(manifest: Mapping[str, Any]) -> dict[str, Judged]:
    return {rule["name"]: Judged(rule["passed"], tuple(sorted(_broken(rule)))) for rule in manifest["rules"]}


def _broken(rule: Mapping[str, Any]) -> list[str]:
    lowest, highest = rule["minimum"], rule["maximum"]
    # Earlier versions told the value alone, and exactly.
    return [
        measure
        for measure, value, *held in rule["measures"]
        if not (held[0] if held else (lowest is None or value >= lowest) and (highest is None or value <= highest))
    ]
