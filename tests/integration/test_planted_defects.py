"""Defects planted in the delivery of a month that this project did not simulate, each caught or harmless.

The month before is published; its delivery comes again, spoiled. Only the steps are made that the rules of the defect wait for,
and every rule is asked that has by then what it asks about.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from checks.rules import RULES
from dtsen_pipeline.contracts import reader
from dtsen_pipeline.quality import gate
from dtsen_pipeline.quality.rule import Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.release import deliveries
from dtsen_pipeline.sql.models import load_models, run_models
from tests.integration.conftest import MONTH, NEXT, House, Rows, rewrite

Spoil = Callable[[Path], None]
RECEIVED = ("raw", "quarantine")
RECORDED = (*RECEIVED, "staging", "intermediate")
# Of each source: its tables, and the key that members and their family share.
TABLES = {
    "dtks": ("rumah_tangga", "anggota", "idbdt"),
    "regsosek": ("keluarga", "anggota", "id_keluarga"),
    "p3ke": ("keluarga", "individu", "id_keluarga"),
}


def delivered_again(
    published: House,
    tmp_path: Path,
    spoil: Spoil,
    made: tuple[str, ...] = RECEIVED,
    *,
    history: bool = True,
    linked: bool = False,
) -> dict[str, Verdict]:
    """What the rules say of the next month, in which the last delivery came again after ``spoil`` had its way with it.

    The schemas ``made`` are of that month. Without ``history`` it is as if nothing had been released before. ``linked``: the
    records are those persons that they were the month before.
    """
    landing = tmp_path / "landing"
    shutil.copytree(published.landing / MONTH, landing / NEXT)
    shutil.copytree(published.landing / "referensi", landing / "referensi")
    spoil(landing / NEXT)
    home = tmp_path / "home"
    (home / "warehouse").mkdir(parents=True)
    shutil.copy(published.home / "warehouse" / f"{MONTH}.duckdb", home / "warehouse" / f"{NEXT}.duckdb")
    with store.open(published.folders.settings) as book:
        released = book.releases() if history else []
    with House(landing, home).folders.warehouse(NEXT) as con:
        some = "true" if history else "false"
        con.execute(
            f"create or replace table linkage.penetapan_lalu as select source, record_id, person_id, family_id "
            f"from linkage.crosswalk where {some}"
        )
        con.execute(f"create or replace table welfare.keluarga_lalu as from marts.keluarga where {some}")
        reader.read(con, landing, NEXT)
        deliveries.carry_over(con, released, NEXT)
        run_models(con, [name for name, model in load_models().items() if model.schema in made])
        there = {table for rule in RULES for table in rule.tables if table.split(".")[0] in made}
        if made == RECORDED:
            there |= {"linkage.penetapan_lalu", "welfare.keluarga_lalu"}
        if linked:
            there.add("linkage.crosswalk")
        return {rule.name: gate.evaluate(con, rule) for rule in RULES if rule.tables <= there}


def blocking(verdicts: dict[str, Verdict]) -> set[str]:
    assert [verdict.error for verdict in verdicts.values() if verdict.error] == []
    return {name for name, verdict in verdicts.items() if verdict.blocks}


def each_file(folder: Path, source: str, change: Callable[[Rows], Rows]) -> None:
    for table in TABLES[source][:2]:
        rewrite(folder / source / f"{table}.csv", change)


def cut(source: str) -> Spoil:
    key = TABLES[source][2]

    def spoil(folder: Path) -> None:
        families = {row[key] for row in _rows(folder / source / f"{TABLES[source][0]}.csv")[::2]}
        each_file(folder, source, lambda rows: [row for row in rows if row[key] in families])

    return spoil


def _rows(file: Path) -> Rows:
    found: Rows = []
    rewrite(file, lambda rows: found.extend(rows) or rows)  # type: ignore[func-returns-value]
    return found


def test_the_delivery_as_it_was_holds(published: House, tmp_path: Path) -> None:
    verdicts = delivered_again(published, tmp_path, lambda folder: None, RECORDED)
    assert {name for name, verdict in verdicts.items() if not verdict.passed} == set()
    told = verdicts["volume_kiriman"].measures
    assert ("dtks anggota", 1.0) in told and len(told) == 7
    assert len(verdicts["kabupaten_per_sumber"].measures) > 3


def test_each_source_cut_in_half_is_blocked(published: House, tmp_path: Path) -> None:
    def spoil(folder: Path) -> None:
        for source in TABLES:
            cut(source)(folder)

    verdicts = delivered_again(published, tmp_path, spoil)
    assert blocking(verdicts) == {"volume_kiriman"}
    halved = {ukuran for ukuran, nilai in verdicts["volume_kiriman"].measures if 0.4 < nilai < 0.6}
    assert halved == {f"{source} {table}" for source, (*tables, _) in TABLES.items() for table in tables}


def test_a_cut_file_of_members_is_blocked_even_in_the_first_month(published: House, tmp_path: Path) -> None:
    def spoil(folder: Path) -> None:
        for source, (_, members, _) in TABLES.items():
            rewrite(folder / source / f"{members}.csv", lambda rows: rows[: len(rows) // 2])

    verdicts = delivered_again(published, tmp_path, spoil, (*RECEIVED, "staging"), history=False)
    assert "anggota_terkirim" in blocking(verdicts)
    assert max(nilai for _, nilai in verdicts["anggota_terkirim"].measures) < 0.8


def test_a_regency_gone_from_one_source_and_a_nik_column_that_holds_its_neighbour_are_blocked(
    published: House, tmp_path: Path
) -> None:
    def spoil(folder: Path) -> None:
        file = folder / "regsosek" / "keluarga.csv"
        gone = {row["id_keluarga"] for row in _rows(file) if row["kode_provinsi"] + row["kode_kabupaten"] == "3210"}
        each_file(folder, "regsosek", lambda rows: [row for row in rows if row["id_keluarga"] not in gone])
        rewrite(
            folder / "dtks" / "anggota.csv",
            lambda rows: [{**row, "nik": row["nama"]} for row in rows],
        )

    verdicts = delivered_again(published, tmp_path, spoil, RECORDED)
    assert blocking(verdicts) == {"kabupaten_per_sumber", "nik_sah"}
    assert "regsosek 3210" in verdicts["kabupaten_per_sumber"].explanation.en
    assert [source for source, share in verdicts["nik_sah"].measures if share < 0.7] == ["dtks"]


def test_a_file_sent_twice_rows_shifted_by_a_column_and_people_sent_twice_are_blocked(
    published: House, tmp_path: Path
) -> None:
    def spoil(folder: Path) -> None:
        shutil.copy(folder / "dtks" / "anggota.csv", folder / "dtks" / "anggota_kiriman_kedua.csv")
        rewrite(folder / "p3ke" / "individu.csv", shifted)
        each_file(folder, "regsosek", lambda rows: [*rows, *(renumbered(row) for row in rows)])

    verdicts = delivered_again(published, tmp_path, spoil)
    assert blocking(verdicts) == {"porsi_karantina", "sumber_terisi", "volume_kiriman"}
    quarantined = dict(verdicts["porsi_karantina"].measures)
    assert quarantined["dtks"] > 0.3 and quarantined["p3ke"] > 0.5 and quarantined["regsosek"] < 0.02
    doubled = {ukuran for ukuran, nilai in verdicts["volume_kiriman"].measures if nilai == 2}
    assert doubled == {"dtks anggota", "regsosek anggota", "regsosek keluarga"}


def shifted(rows: Rows) -> Rows:
    names = list(rows[0])
    return [dict(zip(names, [*list(row.values())[1:], ""], strict=True)) for row in rows]


def renumbered(row: dict[str, str]) -> dict[str, str]:
    return {name: f"X{value}" if name in ("id_keluarga", "id_anggota") else value for name, value in row.items()}


def _one_day_later(row: dict[str, str]) -> dict[str, str]:
    born = row["tgllahir"]
    if len(born) < 10 or born.startswith("0"):
        return row
    form = "%Y-%m-%d" if born[4] == "-" else "%d/%m/%Y"
    return {**row, "tgllahir": (datetime.strptime(born[:10], form) + timedelta(1)).strftime(form)}


def _month_first(row: dict[str, str]) -> dict[str, str]:
    """12 March, written 3/12 and read as 3 December; what cannot be read so is read rightly."""
    year, month, day = (*row["tanggal_lahir"].split("-"), "", "")[:3]
    return {**row, "tanggal_lahir": f"{year}-{day}-{month}"} if day and int(day) <= 12 else row


def _sexes_swapped(row: dict[str, str]) -> dict[str, str]:
    return {**row, "kd_jenis_kelamin": {"1": "2", "2": "1"}.get(row["kd_jenis_kelamin"], "")}


def _heads_are_children(row: dict[str, str]) -> dict[str, str]:
    return {**row, "hub_krt": {"1": "3", "3": "1"}.get(row["hub_krt"], row["hub_krt"])}


@pytest.mark.parametrize(
    ("source", "change", "named", "measure"),
    [
        ("dtks", _one_day_later, {"nik_sejalan", "nik_sejalan_berkas", "sumber_sejalan"}, "tanggal lahir / birth date"),
        ("p3ke", _month_first, {"nik_sejalan", "nik_sejalan_berkas", "sumber_sejalan"}, "tanggal lahir / birth date"),
        ("regsosek", _sexes_swapped, {"nik_sejalan", "nik_sejalan_berkas", "sumber_sejalan"}, "jenis kelamin / sex"),
        ("dtks", _heads_are_children, {"susunan_wajar", "jawaban_sejalan"}, "anak lebih muda"),
    ],
)
def test_a_source_that_has_shifted_is_blocked_and_named(
    published: House,
    tmp_path: Path,
    source: str,
    change: Callable[[dict[str, str]], dict[str, str]],
    named: set[str],
    measure: str,
) -> None:
    def spoil(folder: Path) -> None:
        rewrite(folder / source / f"{TABLES[source][1]}.csv", lambda rows: [change(row) for row in rows])

    verdicts = delivered_again(published, tmp_path, spoil, RECORDED, linked=True)
    assert blocking(verdicts) == named
    first = verdicts[sorted(named)[-1]]
    broken = {ukuran for ukuran, nilai in first.measures if not first.rule.holds(nilai)}
    assert any(measure in ukuran for ukuran in broken) and {ukuran.split(":")[0] for ukuran in broken} == {source}


def test_members_under_the_key_of_the_next_family_are_blocked_though_the_totals_agree(
    published: House, tmp_path: Path
) -> None:
    def spoil(folder: Path) -> None:
        for source, (families, members, key) in TABLES.items():
            ids = [row[key] for row in _rows(folder / source / f"{families}.csv")]
            following = dict(zip(ids, [*ids[1:], ids[0]], strict=True))
            rewrite(
                folder / source / f"{members}.csv",
                lambda rows, key=key, following=following: [{**row, key: following[row[key]]} for row in rows],  # type: ignore[misc]
            )

    verdicts = delivered_again(published, tmp_path, spoil, (*RECEIVED, "staging"))
    assert blocking(verdicts) == {"anggota_per_keluarga"}
    assert [source for source, share in verdicts["anggota_per_keluarga"].measures if share < 0.8] == sorted(TABLES)


def test_poisoned_names_are_published_as_mere_letters(published: House) -> None:
    (folder,) = (published.home / "releases" / MONTH).glob("r*")
    page = (folder / "dashboard.html").read_text(encoding="utf-8")
    assert "alert(1)" not in page and "HYPERLINK" not in page
    with published.folders.warehouse(MONTH) as con:
        # Of the seven, those whose other sources do not outvote the poison.
        poison = "'SCRIPT.*ALERT|HYPERLINK|SUM A1|DROP TABLE|7 7|(PANJANG ?){50}'"
        (count,) = con.execute(
            f"select count(*) from marts.anggota where regexp_matches(nama, {poison})"
        ).fetchone() or (0,)
        assert count >= 1
        assert [found for table in ("anggota", "keluarga") for found in _active(con, table)] == []


def _active(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Columns with a value that a spreadsheet would compute, a browser run or a terminal obey."""
    columns = [name for name, kind, *_ in con.execute(f"describe marts.{table}").fetchall() if kind == "VARCHAR"]
    asked = ", ".join(rf"count(*) filter (where regexp_matches({name}, '^[=+@-]|<|[\x00-\x1f]'))" for name in columns)
    counts = con.execute(f"select {asked} from marts.{table}").fetchone()
    assert counts is not None
    return [f"{table}.{name}" for name, count in zip(columns, counts, strict=True) if count]


@pytest.mark.parametrize(
    ("defect", "rule"),
    [
        ("update welfare.desil as d set desil_nasional = 11 - d.desil_nasional", "desil_urut_skor"),
        ("update welfare.desil as d set desil_provinsi = 11 - d.desil_provinsi", "desil_urut_skor"),
        ("update welfare.desil as d set skor = 28 - d.skor, desil_provinsi = 11 - d.desil_provinsi", "skor_pada_desil"),
    ],
)
def test_the_deciles_of_one_province_swapped_are_blocked(house: House, defect: str, rule: str) -> None:
    where = "from marts.keluarga as k where k.family_id = d.family_id and k.kode_provinsi = '32'"
    with house.folders.warehouse(MONTH) as con:
        con.execute(f"{defect} {where}")
        asked = [gate.evaluate(con, one) for one in RULES if one.name.startswith(("desil_", "skor_"))]
    assert rule in {verdict.rule.name for verdict in asked if verdict.blocks}
