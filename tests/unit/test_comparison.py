"""Two releases side by side: counted as one would by hand, and only what differs is named."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from dtsen_pipeline.cli import summary
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import PUBLISHED, Release
from dtsen_pipeline.release import manifest as contents
from dtsen_pipeline.release import withdrawal
from dtsen_pipeline.release.comparison import Change, Comparison, Flow, Judged, compare_releases

COLUMNS = {
    "anggota": (("person_id", pa.string()),),
    "keluarga": (("family_id", pa.string()), ("desil_nasional", pa.int32())),
    "kelayakan": (("program", pa.string()), ("family_id", pa.string())),
    "crosswalk": tuple((name, pa.string()) for name in ("source", "record_id", "person_id", "family_id")),
}
Rows = list[tuple[Any, ...]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def entered(settings: Settings, month: str, tables: dict[str, Rows], **told: Any) -> Release:
    """A release of these rows; ``told`` is what its manifest says beside its files."""
    with store.open(settings) as ledger:
        revision = 1 + sum(entry.month == month for entry in ledger.releases())
        folder = settings.releases / month / f"r{revision}"
        (folder / "pribadi").mkdir(parents=True)
        files = []
        for name, columns in COLUMNS.items():
            path, rows = folder / f"pribadi/{name}.parquet", tables.get(name, [])
            arrays = [pa.array([row[number] for row in rows], kind) for number, (_, kind) in enumerate(columns)]
            pq.write_table(pa.table(arrays, names=[column for column, _ in columns]), path)
            schema = [[column, str(kind)] for column, kind in columns]
            files.append({"path": f"pribadi/{name}.parquet", "sha256": contents.sha256_of(path), "schema": schema})
        manifest = {"deliveries": [], "versions": {}, "rules": [], "page": None, **told}
        manifest["files"] = files + told.get("files", [])
        (folder / "manifest.json").write_bytes(contents.canonical(manifest))
        sha256 = contents.sha256_of(folder / "manifest.json")
        made = Release(month, revision, folder, sha256, datetime.now(UTC), PUBLISHED)
        ledger.record(made, f"read_parquet('{folder}/pribadi/crosswalk.parquet')", {"rekaman": 0}, "uji")
    (settings.releases / "CURRENT").write_text(made.name)
    return made


def test_people_families_and_programmes_are_counted_as_by_hand(settings: Settings) -> None:
    old: dict[str, Rows] = {
        "anggota": [("P1",), ("P2",), ("P3",)],
        "keluarga": [("K1", 1), ("K2", 4), ("K3", None)],
        "kelayakan": [("PKH", "K1"), ("PKH", "K2"), ("Sembako", "K1"), ("Lama", "K1")],
    }
    new: dict[str, Rows] = {
        "anggota": [("P2",), ("P3",), ("P4",), ("P5",)],
        "keluarga": [("K2", 2), ("K3", 7), ("K4", 1)],
        "kelayakan": [("PKH", "K2"), ("PKH", "K4"), ("Sembako", "K2")],
    }
    entered(settings, "2025-03", old)
    entered(settings, "2025-04", new)
    found = compare_releases(settings)
    assert found.persons == Flow(3, 4, 2) and (found.persons.entered, found.persons.left) == (2, 1)
    assert found.families == Flow(3, 3, 2)
    assert found.deciles == {(4, 2): 1, (None, 7): 1}
    assert found.programmes == {"Lama": Flow(1, 0, 0), "PKH": Flow(2, 2, 1), "Sembako": Flow(1, 1, 0)}


def test_moves_of_many_families_add_up(settings: Settings) -> None:
    draw = random.Random(7)
    old, new = ({f"K{i}": draw.choice([None, *range(1, 11)]) for i in draw.sample(range(400), 300)} for _ in range(2))
    for month, families in (("2025-03", old), ("2025-04", new)):
        entered(settings, month, {"keluarga": list(families.items())})
    found = compare_releases(settings)
    both = old.keys() & new.keys()
    assert found.deciles == Counter((old[name], new[name]) for name in both)
    expected: Counter[int | None] = Counter()
    for name in both:
        was, now = old[name], new[name]
        expected[None if was is None or now is None else now - was] += 1
    assert found.moves == expected and found.moves.total() == found.families.stayed == len(both)


def test_two_empty_releases_differ_in_nothing(settings: Settings) -> None:
    entered(settings, "2025-03", {})
    entered(settings, "2025-04", {})
    found = compare_releases(settings)
    assert found.persons == found.families == Flow()
    assert found.deciles == found.programmes == {}
    assert found.deliveries == found.columns == found.versions == found.rules == ()


# Which two


def chosen(settings: Settings, *names: str) -> tuple[str, str]:
    found = compare_releases(settings, *names)
    return found.before.name, found.after.name


def test_the_one_before_is_what_stands_of_the_month_before(settings: Settings) -> None:
    for month in ("2025-01", "2025-02", "2025-02", "2025-04"):
        entered(settings, month, {})
    assert chosen(settings) == ("2025-02/r2", "2025-04/r1")
    assert chosen(settings, "2025-02/r1") == ("2025-01/r1", "2025-02/r1"), (
        "a revision does not follow the one it replaces"
    )
    assert chosen(settings, "2025-02/r2", "2025-02/r1") == ("2025-02/r2", "2025-02/r1")
    withdrawal.rollback(settings, "2025-04/r1", "salah kirim")
    withdrawal.rollback(settings, "2025-02/r2", "salah kirim")
    assert chosen(settings) == ("2025-01/r1", "2025-02/r1")
    assert chosen(settings, "2025-04/r1") == ("2025-02/r1", "2025-04/r1"), "one that was withdrawn may be looked at"


def test_without_one_to_compare_with_it_is_said(settings: Settings) -> None:
    with pytest.raises(InputError, match="no release stands"):
        compare_releases(settings)
    entered(settings, "2025-03", {})
    with pytest.raises(InputError, match="no release stands before it"):
        compare_releases(settings)
    with pytest.raises(InputError, match="2025-02/r1"):
        compare_releases(settings, "2025-02/r1", "2025-03/r1")


def test_a_release_that_was_changed_is_not_compared(settings: Settings) -> None:
    entered(settings, "2025-03", {})
    made = entered(settings, "2025-04", {})
    (made.path / "pribadi/keluarga.parquet").write_bytes(b"lain")
    with pytest.raises(DtsenError, match="berubah"):
        compare_releases(settings)


# What the manifests say


def delivery(table: str, month: str | None, sha256: str, read: int = 10, quarantined: int = 0) -> dict[str, Any]:
    source, _, name = table.partition(".")
    return {
        "source": source, "tabel": name, "bulan_kirim": month, "file": f"{month}-{sha256}.csv", "sha256": sha256,
        "rows_read": read, "rows_quarantined": quarantined,
    }  # fmt: skip


def rule(name: str, passed: bool, *measures: tuple[str, float], maximum: float = 0.02) -> dict[str, Any]:
    return {"name": name, "passed": passed, "minimum": None, "maximum": maximum, "measures": list(measures)}


def two(settings: Settings, before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    entered(settings, "2025-03", {}, **before)
    entered(settings, "2025-04", {}, **after)
    return compare_releases(settings)


def test_a_delivery_differs_by_its_bytes_and_rows_not_by_its_files_order_or_month(settings: Settings) -> None:
    found = two(
        settings,
        {
            "deliveries": [
                delivery("dtks.anggota", "2025-03", "a"),
                delivery("dtks.anggota", "2025-03", "b"),
                delivery("p3ke.individu", "2025-03", "c"),
                delivery("regsosek.anggota", "2025-03", "d"),
                delivery("dukcapil.penduduk", "2025-03", "e"),
                delivery("referensi.wilayah", None, "f"),
            ]
        },
        {
            "deliveries": [
                delivery("dtks.anggota", "2025-04", "b"),
                delivery("dtks.anggota", "2025-04", "a"),
                delivery("p3ke.individu", "2025-04", "x"),
                delivery("regsosek.anggota", "2025-03", "d", quarantined=1),
                delivery("referensi.wilayah", None, "f"),
            ]
        },
    )
    assert [change.name for change in found.deliveries] == ["dukcapil.penduduk", "p3ke.individu", "regsosek.anggota"]
    gone, other, quarantined = found.deliveries
    assert gone.after is None and gone.before is not None
    assert other.before is not None and other.after is not None
    assert (other.before.sha256, other.after.sha256) == (("c",), ("x",))
    assert quarantined.after is not None and quarantined.after.rows_quarantined == 1


def test_columns_differ_by_name_and_type_and_a_new_file_is_one_line(settings: Settings) -> None:
    def files(*columns: tuple[str, str]) -> list[dict[str, Any]]:
        return [{"path": "terbuka/a.csv", "schema": [list(column) for column in columns]}]

    found = two(
        settings,
        {"files": files(("kode", "VARCHAR"), ("orang", "INTEGER"), ("lama", "DATE"))},
        {
            "files": [
                *files(("orang", "BIGINT"), ("kode", "VARCHAR")),
                {"path": "terbuka/b.csv", "schema": [["x", "DATE"], ["y", "DATE"]]},
            ]
        },
    )
    assert found.columns == (
        Change("terbuka/a.csv: lama", "DATE", None),
        Change("terbuka/a.csv: orang", "INTEGER", "BIGINT"),
        Change("terbuka/b.csv", None, "2 kolom / columns"),
    )


def test_versions_that_one_manifest_does_not_know_are_told_too(settings: Settings) -> None:
    found = two(
        settings,
        {"versions": {"duckdb": "1.5.4", "splink": "5.0.0", "welfare_model": ["a", "b"]}},
        {"versions": {"duckdb": "1.5.5", "splink": "5.0.0", "welfare_model": ["a", "c"]}, "code": "f00"},
    )
    assert found.versions == (
        Change("code", None, "f00"),
        Change("duckdb", "1.5.4", "1.5.5"),
        Change("welfare_model", "a, b", "a, c"),
    )


def test_a_rule_differs_by_what_it_says_of_itself_or_of_one_measure(settings: Settings) -> None:
    found = two(
        settings,
        {
            "rules": [
                rule("tetap", True, ("dtks", 0.01)),
                rule("tetap_gagal", False, ("dtks", 0.03)),
                rule("gagal", True, ("dtks", 0.01)),
                rule("berganti", False, ("dtks", 0.03), ("p3ke", 0.01)),
                rule("batas", True, ("dtks", 0.03), maximum=0.05),
                rule("dihapus", True),
            ]
        },
        {
            "rules": [
                rule("tetap", True, ("dtks", 0.02)),
                rule("tetap_gagal", False, ("dtks", 0.04)),
                rule("gagal", False, ("dtks", 0.03)),
                rule("berganti", False, ("dtks", 0.01), ("p3ke", 0.03)),
                rule("batas", False, ("dtks", 0.03)),
            ]
        },
    )
    assert found.rules == (
        Change("batas", Judged(True, ()), Judged(False, ("dtks",))),
        Change("berganti", Judged(False, ("dtks",)), Judged(False, ("p3ke",))),
        Change("dihapus", Judged(True, ()), None),
        Change("gagal", Judged(True, ()), Judged(False, ("dtks",))),
    )


# What is read


def shown(found: Comparison) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        summary.show_comparison(found, console)
    return capture.get()


def test_what_is_shown_holds_the_counts_and_nobody(settings: Settings) -> None:
    entered(settings, "2025-03", {"anggota": [("P1",)], "keluarga": [("K1", 4), ("K2", 3), ("K3", 1), ("K4", None)]})
    entered(
        settings,
        "2025-04",
        {"anggota": [("P1",)], "keluarga": [("K1", 2), ("K2", 4), ("K3", 10), ("K4", 5)]},
        rules=[rule("batas", False, ("dtks", 1.0), ("p3ke", 1.0), ("regsosek", 1.0), ("x", 1.0))],
        deliveries=[delivery("dtks.anggota", "2025-04", "abcdef99", 1234, 5)],
        versions={"duckdb": "1.5.5"},
    )
    told = shown(compare_releases(settings))
    for expected in (
        "2025-03/r1 -> 2025-04/r1",
        "naik 1 / up 1: <10; naik 2+ / up 2+: <10; turun 1 / down 1: 0; turun 2+ / down 2+: <10; tanpa desil / without: <10",
        "2025-04  1,234 (5)  abcdef",
        "tidak lulus / failed (4): dtks, p3ke, regsosek, ...",
        "Kolom / columns: sama / the same",
    ):
        assert expected in told
    assert "P1" not in told and "K1" not in told


def test_a_small_flow_cannot_be_had_from_what_is_beside_it(settings: Settings) -> None:
    entered(settings, "2025-03", {"anggota": [(f"P{n}",) for n in range(60)]})
    entered(settings, "2025-04", {"anggota": [(f"P{n}",) for n in range(3, 100)]})
    (row,) = [line for line in shown(compare_releases(settings)).splitlines() if "orang/persons" in line]
    assert re.findall(r"[\d,]+|•", row) == ["60", "97", "•", "•", "•"], (
        "3 left: 57 that stayed would say so, and 40 that entered"
    )
