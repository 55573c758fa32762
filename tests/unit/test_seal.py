"""A table that is no longer what its step left in it is found, whatever was done to it; and the last deliveries are recalled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.quality import seals
from dtsen_pipeline.registry.ledger import PUBLISHED, REPLACED, WITHDRAWN, Release
from dtsen_pipeline.release import deliveries
from dtsen_pipeline.release import manifest as contents
from dtsen_pipeline.storage import warehouse


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        con.execute(
            """create table marts.keluarga as
            select i as family_id, null as kk, 4.5 as luas, date '2025-01-01' as hari from range(5) t(i)"""
        )
        con.execute("create table marts.kosong (a integer)")
        con.execute("create view linkage.rekaman as from marts.keluarga")
        for table, rows in (("marts.keluarga", 5), ("marts.kosong", 0), ("linkage.rekaman", 5)):
            assert seals.seal(con, table) == rows
        yield con


@pytest.mark.parametrize(
    "edit",
    [
        "update marts.keluarga set luas = 4.6 where family_id = 3",
        "update marts.keluarga set kk = 1 where family_id = 3",
        "update marts.keluarga set family_id = 3 - family_id where family_id < 2",
        "insert into marts.keluarga from marts.keluarga",
        "insert into marts.keluarga from marts.keluarga limit 2",
        "delete from marts.keluarga where family_id = 3",
        "alter table marts.keluarga add column lain integer",
        "delete from raw.segel where tabel = 'marts.keluarga'",
    ],
)
def test_an_edited_table_is_named(con: duckdb.DuckDBPyConnection, edit: str) -> None:
    con.execute(edit)
    assert seals.broken(con) == ["marts.keluarga"]


def test_what_is_gone_is_named(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop view linkage.rekaman; drop table marts.keluarga")
    assert seals.broken(con) == ["linkage.rekaman", "marts.keluarga"]


def test_a_table_that_no_step_made_is_named_and_without_seals_every_table_is(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table welfare.selundupan as select 1 as a")
    assert seals.broken(con) == ["welfare.selundupan"]
    con.execute("drop table raw.segel")
    assert seals.broken(con) == ["marts.keluarga", "marts.kosong", "welfare.selundupan"]


def test_a_table_made_anew_or_in_another_order_holds(con: duckdb.DuckDBPyConnection) -> None:
    assert seals.broken(con) == []
    con.execute("create or replace table marts.keluarga as select * from marts.keluarga order by family_id desc")
    assert seals.broken(con) == []
    con.execute("update marts.keluarga set luas = 9")
    seals.seal(con, "marts.keluarga")
    assert seals.broken(con) == []


def test_what_was_made_of_a_table_that_was_made_anew_since_is_outdated(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table welfare.skor as select family_id from linkage.rekaman; create table welfare.desil as from welfare.skor"
    )
    seals.seal(con, "linkage.rekaman", ["marts.keluarga"])
    seals.seal(con, "welfare.skor", ["linkage.rekaman", "seeds.tanpa_segel"])
    seals.seal(con, "welfare.desil", ["welfare.skor"])
    assert seals.outdated(con) == []
    con.execute("create or replace table welfare.skor as select family_id from linkage.rekaman order by family_id desc")
    seals.seal(con, "welfare.skor", ["linkage.rekaman"])
    assert seals.outdated(con) == [], "the same content again"
    con.execute("insert into marts.keluarga (family_id) values (9)")
    seals.seal(con, "marts.keluarga")
    assert seals.outdated(con) == ["linkage.rekaman"], "through a view as well"
    seals.seal(con, "linkage.rekaman", ["marts.keluarga"])
    assert seals.outdated(con) == ["welfare.skor"] and seals.broken(con) == []


def test_what_was_read_through_a_view_while_the_table_below_it_was_another_is_outdated(
    con: duckdb.DuckDBPyConnection,
) -> None:
    seals.seal(con, "linkage.rekaman", ["marts.keluarga"])
    con.execute("insert into marts.keluarga (family_id) values (9)")
    seals.seal(con, "marts.keluarga")
    con.execute("create table welfare.skor as select family_id from linkage.rekaman")
    seals.seal(con, "welfare.skor", ["linkage.rekaman"])
    assert seals.outdated(con) == ["linkage.rekaman", "welfare.skor"], "the view has no seal yet on what was read"
    con.execute("delete from marts.keluarga where family_id = 9")
    seals.seal(con, "marts.keluarga")
    assert seals.outdated(con) == ["welfare.skor"], "though the view shows again what it showed when it was sealed"


def test_a_table_that_is_sealed_only_after_it_was_read_is_not_what_was_read(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table seeds.kode as select 1 as a; create table welfare.skor as from seeds.kode")
    seals.seal(con, "welfare.skor", ["seeds.kode"])
    assert seals.outdated(con) == []
    seals.seal(con, "seeds.kode")
    assert seals.outdated(con) == ["welfare.skor"]


def test_seeds_keep_their_seals_when_a_month_lands_anew(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table seeds.kode as select 1 as a")
    seals.seal(con, "seeds.kode")
    seals.seal(con, "marts.kosong", ["seeds.kode"])
    seals.forget(con)
    assert seals.broken(con) == ["marts.keluarga", "marts.kosong"] and seals.outdated(con) == []
    con.execute("create table welfare.skor as from seeds.kode")
    seals.seal(con, "welfare.skor", ["seeds.kode"])
    con.execute("update seeds.kode set a = 2")
    seals.seal(con, "seeds.kode")
    assert seals.outdated(con) == ["welfare.skor"]


# The last deliveries


def released(
    home: Path, month: str, revision: int, told: list[tuple[str, str, str | None, int]], status: str
) -> Release:
    path = home / month / f"r{revision}"
    path.mkdir(parents=True)
    columns = ("source", "tabel", "bulan_kirim", "rows_read")
    manifest = {"deliveries": [dict(zip(columns, row, strict=True)) for row in told]}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    sha256 = contents.sha256_of(path / "manifest.json")
    return Release(month, revision, path, sha256, datetime(2025, 1, 1, tzinfo=UTC), status)


@pytest.fixture
def history(tmp_path: Path) -> list[Release]:
    """Five released months; p3ke came anew in the second and the fourth, dtks in two files every month."""
    p3ke = ["2024-11", "2024-12", "2024-12", "2025-02", "2025-02"]
    return [
        released(
            tmp_path,
            month,
            1,
            [
                ("dtks", "anggota", month, 100 * number),
                ("dtks", "anggota", month, 1),
                ("p3ke", "individu", p3ke[number], 10 + number),
                ("referensi", "wilayah", None, 7),
            ],
            PUBLISHED,
        )
        for number, month in enumerate(["2024-11", "2024-12", "2025-01", "2025-02", "2025-03"])
    ]


def recall(con: duckdb.DuckDBPyConnection, history: list[Release], month: str, p3ke: str) -> list[tuple[object, ...]]:
    con.execute("create or replace table raw.deliveries (source varchar, bulan_kirim varchar)")
    con.execute("insert into raw.deliveries values ('dtks', ?), ('p3ke', ?), ('referensi', null)", [month, p3ke])
    deliveries.carry_over(con, history, month)
    return con.execute("select source, kiriman, baris from raw.kiriman_lalu order by all").fetchall()


def test_three_deliveries_of_each_table_are_recalled_and_the_present_one_is_none_of_them(
    con: duckdb.DuckDBPyConnection, history: list[Release]
) -> None:
    assert recall(con, history, "2025-04", "2025-02") == [
        ("dtks", "2025-01", 201),
        ("dtks", "2025-02", 301),
        ("dtks", "2025-03", 401),
        ("p3ke", "2024-11", 10),
        ("p3ke", "2024-12", 12),
        ("referensi", "2025-01", 7),
        ("referensi", "2025-02", 7),
        ("referensi", "2025-03", 7),
    ]


def test_a_month_made_again_is_compared_with_what_was_before_it(
    con: duckdb.DuckDBPyConnection, history: list[Release]
) -> None:
    assert {delivered for _, delivered, _ in recall(con, history, "2024-12", "2024-12")} == {"2024-11"}
    assert recall(con, history, "2024-11", "2024-11") == []


def test_the_columns_of_a_delivery_are_those_of_all_its_files_and_unknown_from_a_manifest_of_before(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    def told(source: str, table: str, delivered: str, **columns: str) -> dict[str, object]:
        return {"source": source, "tabel": table, "bulan_kirim": delivered, "rows_read": 5, **columns}

    def months(month: str, *files: dict[str, object]) -> Release:
        entry = released(tmp_path, month, 1, [], PUBLISHED)
        (entry.path / "manifest.json").write_text(json.dumps({"deliveries": files}), encoding="utf-8")
        return replace(entry, manifest_sha256=contents.sha256_of(entry.path / "manifest.json"))

    history = [
        months("2025-02", told("dtks", "anggota", "2025-02"), told("p3ke", "individu", "2025-02")),
        months(
            "2025-03",
            told("dtks", "anggota", "2025-03", extra_places="12,5", missing_columns=""),
            told("dtks", "anggota", "2025-03", extra_places="5", missing_columns="pendidikan"),
            # The same delivery as a month ago, told by a version that keeps its columns, by their labels.
            told("p3ke", "individu", "2025-02", extra_columns="SITI AMINAH,b", missing_columns="desil"),
        ),
    ]
    recall(con, history, "2025-04", "2025-04")
    assert con.execute(
        "select source, kiriman, baris, extra_count, extra_places, missing_columns from raw.kiriman_lalu order by all"
    ).fetchall() == [
        ("dtks", "2025-02", 5, None, None, None),
        ("dtks", "2025-03", 10, 2, "5,12", "pendidikan"),
        ("p3ke", "2025-02", 5, 2, None, "desil"),
    ]


def test_only_standing_releases_count_one_that_was_removed_is_passed_over_one_that_was_changed_is_not(
    con: duckdb.DuckDBPyConnection, history: list[Release], tmp_path: Path
) -> None:
    replaced = released(tmp_path, "2025-03", 9, [("dtks", "anggota", "2025-03", 9)], REPLACED)
    gone = released(tmp_path / "lain", "2025-03", 1, [], PUBLISHED)
    (gone.path / "manifest.json").unlink()
    gone.path.rmdir()
    withdrawn = released(tmp_path, "2025-03", 8, [("dtks", "anggota", "2025-03", 8)], WITHDRAWN)
    assert ("dtks", "2025-03", 401) in recall(con, [withdrawn, replaced, *history], "2025-04", "2025-02")
    assert len(recall(con, [*history[:2], gone], "2025-04", "2025-02")) == 6
    (history[1].path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DtsenError):
        recall(con, history, "2025-04", "2025-02")
