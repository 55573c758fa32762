"""A release is whole or absent, the same for the same inputs, and no crash leaves half of one standing."""

from __future__ import annotations

import csv
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from pydantic import SecretStr
from typer.testing import CliRunner

from dtsen_pipeline import documents
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import index
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError
from dtsen_pipeline.linkage import identity
from dtsen_pipeline.quality import rule as gate
from dtsen_pipeline.quality.rule import Rule
from dtsen_pipeline.registry import audit
from dtsen_pipeline.registry import store as registry
from dtsen_pipeline.registry.ledger import Registry
from dtsen_pipeline.release import (
    catalogue,
    comparison,
    contents,
    deletion,
    deliveries,
    disclosure,
    publishing,
    repair,
    verification,
    withdrawal,
)
from dtsen_pipeline.release.export import export_table
from dtsen_pipeline.release.manifest import _SOURCE_ROOT, build_manifest, canonical, load_manifest, sha256_of
from dtsen_pipeline.release.publishing import Release
from dtsen_pipeline.storage import keys, warehouse

MONTH = "2025-03"
KEY = SecretStr(bytes(range(32)).hex())
CANDIDATE = f"""
create table raw.run as select date '{MONTH}-01' as bulan;
create table raw.deliveries as
select 'dtks' as source, 'anggota' as tabel, '{MONTH}' as bulan_kirim, 'dtks/anggota.csv' as file, 'abc' as sha256,
    30 as rows_read, 0 as rows_quarantined, 'SITI AMINAH' as extra_columns, '' as missing_columns, '5,7' as extra_places,
    2 as values_noted, '' as passed_over;
create table intermediate.int_catatan as
select 'dtks' as source, 'anggota' as tabel, 'jnskel' as kolom, 'kode_tidak_dikenal' as alasan, 2::bigint as jumlah;
create table marts.anggota as
select 'P-' || lpad(cast(i as varchar), 3, '0') as person_id,
    'K-' || lpad(cast(i // 2 as varchar), 3, '0') as family_id,
    '350101010101' || lpad(cast(i as varchar), 4, '0') as nik, date '1980-01-01' + cast(i as integer) as tgl_lahir
from range(30) as t(i);
create table marts.keluarga as
select family_id, '35' as kode_provinsi, 'Jawa Timur' as nama_provinsi,
    case when family_id < 'K-012' then '3501' else '3502' end as kode_kabupaten,
    case when family_id < 'K-012' then 'Pacitan' else 'Ponorogo' end as nama_kabupaten,
    case when family_id < 'K-012' then '350101' else '350201' end as kode_kecamatan, 'Kota' as nama_kecamatan,
    2 as jumlah_anggota
from (select distinct family_id from marts.anggota);
create table linkage.crosswalk as
select 'dtks:' || i as record_uid, 'dtks' as source, cast(i as varchar) as record_id,
    'P-' || lpad(cast(i as varchar), 3, '0') as person_id, 'K-' || lpad(cast(i // 2 as varchar), 3, '0') as family_id
from range(30) as t(i);
create table welfare.skor as select family_id, 14.0 as skor, 'pmt-1' as versi_model from marts.keluarga;
create table welfare.desil as
select family_id, 14.0 as skor, 1 as desil_nasional, 1 as desil_provinsi, 1 as desil_kabupaten_kota from marts.keluarga;
create table welfare.kelayakan as select 'PKH' as program, family_id from marts.keluarga;
create table welfare.perubahan as select family_id, 0 as selisih from marts.keluarga;
create table welfare.kelayakan_perubahan as select 'PKH' as program, 'K-000' as family_id;
create table welfare.fitur_keluarga as select family_id, 'tanah' as lantai from marts.keluarga;
create table welfare.kebijakan as select 'PKH' as program, 4 as desil_maks;
create table welfare.koefisien as select 'lengkap' as model, i as urutan, 0.1 as koefisien from range(3) as t(i);
create table welfare.isian as select 'lengkap' as model, 'lantai' as kolom, 'nasional' as tingkat, '' as kode;
create table welfare.model as select 'lengkap' as model, 'pmt-1' as versi_model;
create table linkage.penetapan_lalu as select source, record_id, person_id, family_id from linkage.crosswalk where false;
create table linkage.model as select '[]' as isi, 'abc' as versi, '2025-03' as bulan, 30 as rekaman;
create table linkage.frekuensi as select 'nama' as kolom, 'SITI' as nilai, 0.1 as tf;
"""


def rule(name: str, **changes: object) -> Rule:
    given: dict[str, object] = {"minimum": 30, "maximum": 30, **changes}
    return Rule(
        name, "marts.anggota", Bilingual("Tiga puluh.", "Thirty."), "penautan", Bilingual("Sebab.", "Because."), **given
    )  # type: ignore[arg-type]


RULES = (rule("jumlah_orang"),)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def con(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a candidate month of 30 persons in 15 families, 12 in one regency and 3 in another."""
    with candidate(monkeypatch, tmp_path) as con:
        yield con


@contextmanager
def candidate(patch: pytest.MonkeyPatch, rules: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    patch.setattr(gate, "TESTS", rules)
    (rules / "jumlah_orang.sql").write_text("select 'orang' as ukuran, count(*) as nilai from marts.anggota")
    (rules / "rusak.sql").write_text(
        "select 'nik' as ukuran, sum(cast(person_id as integer)) as nilai from marts.anggota"
    )
    with warehouse.connect(None) as con:
        con.execute(CANDIDATE)
        yield con


def publish(con: duckdb.DuckDBPyConnection, settings: Settings, **changes: object) -> Release:
    """Publish as at the end of a run of that month: its ids follow from what stands before it."""
    if "month" in changes:
        recall(con, settings, str(changes["month"]))
    return publish_as_it_lies(con, settings, **changes)


def recall(con: duckdb.DuckDBPyConnection, settings: Settings, month: str) -> None:
    with registry.open(settings) as ledger:
        identity.keep_previous(con, ledger.previous_assignment(month), ledger.assignment_of_absent(month))


def publish_as_it_lies(con: duckdb.DuckDBPyConnection, settings: Settings, **changes: object) -> Release:
    given: dict[str, object] = {"month": MONTH, "rules": RULES, "run_id": "jalan", **changes}
    return publishing.publish(con, settings, **given)  # type: ignore[arg-type]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def next_month(con: duckdb.DuckDBPyConnection, month: str = "2025-04") -> None:
    con.execute(f"update raw.run set bulan = date '{month}-01'")


def quality(settings: Settings) -> list[tuple[object, ...]]:
    with registry.open(settings) as ledger:
        return ledger.con.execute("select rule, nilai, lulus from mutu order by dijalankan, rule").fetchall()


# The gate


def test_a_blocked_month_leaves_nothing_but_its_quality_history(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("delete from marts.anggota where person_id = 'P-000'")
    with pytest.raises(GateBlocked) as blocked:
        publish(con, settings)
    assert blocked.value.failed == ["jumlah_orang"]
    assert quality(settings) == [("jumlah_orang", 29.0, False)]
    assert catalogue.releases(settings) == [] and catalogue.current(settings) is None
    assert [path.name for path in settings.releases.rglob("*")] == [".lock"]
    with registry.open(settings) as ledger:
        assert ledger.previous_assignment("2025-04").num_rows == 0


def test_a_blocked_month_leaves_the_last_release_standing(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    first = publish(con, settings)
    next_month(con)
    con.execute("delete from marts.anggota where person_id = 'P-000'")
    with pytest.raises(GateBlocked):
        publish(con, settings, month="2025-04")
    assert catalogue.current(settings) == first
    assert verification.verify(settings, MONTH, 1) == []


def test_a_rule_that_breaks_down_blocks_and_the_others_are_still_asked(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    with pytest.raises(GateBlocked) as blocked:
        publish(con, settings, rules=(rule("rusak", blocking=False), *RULES))
    assert blocked.value.failed == ["rusak"]
    assert sorted(quality(settings), key=str) == [("jumlah_orang", 30.0, True), ("rusak", None, False)]


def test_a_failed_warning_is_published_with_the_release(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    made = publish(con, settings, rules=(rule("jumlah_orang", minimum=31, maximum=None, blocking=False),))
    (told,) = json.loads((made.path / "manifest.json").read_bytes())["rules"]
    assert (told["passed"], told["measures"]) == (False, [["orang", 30.0, False]])


def test_the_rows_of_a_file_are_told_about_where_a_table_comes_in_several(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute("update raw.deliveries set rows_read = 1238")
    for name, rows in (("b.csv", 7), ("c.csv", 0), ("d.csv", 1242)):
        con.execute(
            f"insert into raw.deliveries select * replace ('{name}' as file, {rows} as rows_read) from raw.deliveries limit 1"
        )
    con.execute(
        "insert into raw.deliveries select * replace ('p3ke' as source, 7 as rows_read) from raw.deliveries limit 1"
    )
    manifest = json.loads((publish(con, settings).path / "manifest.json").read_bytes())
    assert [told["rows_read"] for told in manifest["deliveries"]] == [5, 5, 1240, 1240, 7]


def test_without_rules_nothing_is_published(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with pytest.raises(DtsenError, match="no rules"):
        publish(con, settings, rules=())


def test_a_warehouse_of_another_month_is_refused(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with pytest.raises(InputError, match="holds month 2025-03"):
        publish(con, settings, month="2025-04")
    con.execute("drop table raw.run")
    with pytest.raises(InputError, match="holds month -"):
        publish(con, settings)


# The folder


def test_a_release_holds_its_files_and_describes_each(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    made = publish(con, settings, page=lambda context: f"<p>{context.month} r{context.revision}</p>")
    manifest = json.loads((made.path / "manifest.json").read_bytes())
    assert {entry["path"]: entry["rows"] for entry in manifest["files"]} == {
        "pribadi/anggota.parquet": 30,
        "pribadi/keluarga.parquet": 15,
        "pribadi/crosswalk.parquet": 30,
        "pribadi/kelayakan.parquet": 15,
        "pribadi/model_penautan.parquet": 1,
        "pribadi/frekuensi.parquet": 1,
        "pribadi/perubahan.parquet": 15,
        "pribadi/kelayakan_perubahan.parquet": 1,
        "pribadi/fitur_keluarga.parquet": 15,
        "pribadi/kebijakan.parquet": 1,
        "pribadi/koefisien.parquet": 3,
        "pribadi/isian.parquet": 1,
        "pribadi/model_kesejahteraan.parquet": 1,
        "terbatas/anggota.parquet": 30,
        "terbatas/keluarga.parquet": 15,
        "terbuka/desil_indonesia.parquet": 11,
        "terbuka/desil_indonesia.csv": 11,
        "terbuka/desil_kecamatan.parquet": 22,
        "terbuka/desil_kecamatan.csv": 22,
        "kamus_data.csv": 93,
        "terbuka/desil_provinsi.parquet": 11,
        "terbuka/desil_provinsi.csv": 11,
        "terbuka/desil_kabupaten_kota.parquet": 22,
        "terbuka/desil_kabupaten_kota.csv": 22,
    }
    assert manifest["deliveries"][0]["sha256"] == "abc"
    assert [manifest["deliveries"][0][key] for key in ("extra_places", "missing_columns")] == ["5,7", ""]
    assert "SITI AMINAH" not in json.dumps(manifest), "a label that no contract knows"
    noted = {"source": "dtks", "tabel": "anggota", "kolom": "jnskel", "alasan": "kode_tidak_dikenal", "jumlah": 2}
    assert (manifest["notes"], manifest["deliveries"][0]["values_noted"]) == ([noted], 2)
    assert set(manifest["versions"]) == {
        "dtsen_pipeline", "python", "duckdb", "splink", "linkage_model", "welfare_model", "policy",
    }  # fmt: skip
    assert (manifest["versions"]["linkage_model"], manifest["versions"]["welfare_model"]) == ("abc", ["pmt-1"])
    families = next(entry for entry in manifest["files"] if entry["path"] == "pribadi/keluarga.parquet")
    assert ["desil_nasional", "INTEGER"] in families["schema"]
    assert (made.path / "dashboard.html").read_text() == "<p>2025-03 r1</p>"
    assert (settings.releases / "CURRENT").read_text() == "2025-03/r1"
    assert catalogue.current(settings) == made == catalogue.standing_of_month(settings, MONTH)


def test_another_policy_or_model_is_other_content(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    def made() -> tuple[object, dict[str, object]]:
        manifest = build_manifest(con, MONTH, [], [], keys.load(settings))
        return manifest["content_sha256"], manifest["versions"]

    first = made()
    assert made() == first
    con.execute("update welfare.kebijakan set desil_maks = 5")
    second = made()
    assert second[0] != first[0] and second[1]["policy"] != first[1]["policy"]
    con.execute("update linkage.model set versi = 'abd'")
    third = made()
    assert third[0] != second[0] and third[1] == second[1] | {"linkage_model": "abd"}


def test_the_code_is_told_but_other_code_with_the_same_results_is_no_revision(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "sumber"
    for name in ("dtsen_pipeline/a.py", "dbt_like_sql/models/b.sql", "assets/__pycache__/a.pyc", "tests/c.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("1")
    monkeypatch.setattr("dtsen_pipeline.release.manifest._SOURCE_ROOT", source)
    first = publish(con, settings)

    def code() -> object:
        return build_manifest(con, MONTH, [], [], keys.load(settings))["code"]

    told = load_manifest(first)["code"]
    for name in ("assets/__pycache__/a.pyc", "tests/c.py"):
        (source / name).write_text("2")
    assert code() == told
    (source / "dtsen_pipeline/a.py").write_text("# 1")
    assert code() != told
    seen = {told, code()}
    (source / "dbt_like_sql/models/b.sql").rename(source / "dbt_like_sql/models/c.sql")
    assert code() not in seen
    assert publish(con, settings) == first


def test_the_code_of_this_project_is_found() -> None:
    for name in ("assets", "checks", "dtsen_pipeline/contracts/dtks.yaml", "dbt_like_sql/seeds/kebijakan_program.csv"):
        assert (_SOURCE_ROOT / name).exists(), name


def test_nobody_else_may_read_a_release(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish(con, settings, page=lambda _: "halaman")
    for path in settings.releases.rglob("[!.]*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_the_same_inputs_give_the_same_bytes_and_where_encrypted_the_same_content_whatever_the_order_and_threads(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    # More than two row groups, so that several threads have something to write.
    con.execute(
        """insert into marts.anggota
        select 'P-' || i, 'K-000', lpad(cast(hash(i) % 10000000 as varchar), 16, '3'), date '1990-01-01'
        from range(1000, 260000) as t(i)"""
    )
    many = (rule("jumlah_orang", maximum=None),)
    made, content = [], []
    for threads in (1, 4):
        con.execute(f"set threads = {threads}")
        for table in ("marts.anggota", "marts.keluarga", "linkage.crosswalk", "welfare.desil"):
            con.execute(f"create or replace table {table} as from {table} order by random()")
        settings = Settings(home=tmp_path / f"utas-{threads}", key=KEY)
        made.append(tree(publish(con, settings, run_id=f"{threads}", rules=many).path))
        manifest = json.loads(made[-1].pop("manifest.json"))
        encrypted = [entry for entry in manifest["files"] if made[-1].get(entry["path"], b"").startswith(b"PARE")]
        content.append([manifest["content_sha256"], *(entry["content_sha256"] for entry in encrypted)])
        for entry in encrypted:
            del made[-1][entry["path"]]
    assert made[0] == made[1]
    assert content[0] == content[1] and len(content[0]) == 14


def test_open_tables_edited_in_the_warehouse_are_made_anew(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    con.execute(
        """create table publikasi.terbuka as select 2 as tingkat, 'ID/35/3502' as jalur, 1 as desil, '35' as kode_provinsi,
        3 as keluarga, 6 as orang"""
    )
    made = publish(con, settings)
    rows = pq.read_table(made.path / "terbuka/desil_kabupaten_kota.parquet").to_pylist()
    assert len(rows) == 22 and {row["keluarga"] for row in rows} == {None}, (
        "fifteen families are too few for any figure"
    )


# Again


def test_the_same_month_again_is_the_same_release(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    first = publish(con, settings, run_id="satu", page=lambda _: "halaman")
    assert publish(con, settings, run_id="dua", page=lambda _: "halaman lain") == first
    assert len(catalogue.releases(settings)) == 1
    assert [path.name for path in sorted((settings.releases / MONTH).iterdir())] == ["r1"]
    assert len(quality(settings)) == 2


def test_other_content_is_a_new_revision_and_the_old_one_stays_readable(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish(con, settings)
    con.execute("update marts.anggota set nik = null where person_id = 'P-001'")
    second = publish(con, settings)
    assert [(entry.name, entry.status) for entry in catalogue.releases(settings)] == [
        ("2025-03/r1", "diganti"),
        ("2025-03/r2", "terbit"),
    ]
    assert catalogue.current(settings) == second
    assert verification.verify(settings, MONTH, 1) == verification.verify(settings, MONTH, 2) == []


def test_an_older_month_published_again_does_not_become_current(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    next_month(con)
    newest = publish(con, settings, month="2025-04")
    next_month(con, MONTH)
    publish(con, settings)
    assert catalogue.current(settings) == newest


# Damage and crashes


def test_damage_is_named_file_by_file_and_publishing_again_makes_a_whole_copy(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    folder = publish(con, settings).path
    (folder / "terbuka/desil_provinsi.csv").write_text("lain")
    (folder / "pribadi/anggota.parquet").unlink()
    (folder / "tamu.txt").write_text("")
    assert verification.verify(settings, MONTH, 1) == [
        "pribadi/anggota.parquet: hilang / missing",
        "tamu.txt: tidak tercatat / not in the manifest",
        "terbuka/desil_provinsi.csv: isi berubah / content changed",
    ]
    assert publish(con, settings).name == "2025-03/r2"


def test_a_changed_manifest_is_noticed(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    folder = publish(con, settings).path
    (folder / "manifest.json").write_text("{}")
    assert verification.verify(settings, MONTH, 1) == [
        "2025-03/r1/manifest.json: hilang atau berubah / missing or changed since publication"
    ]


def test_verifying_what_never_was_is_refused(settings: Settings) -> None:
    with pytest.raises(InputError):
        verification.verify(settings, MONTH, 1)


class Crash(BaseException):
    """The process dies here."""


def crash(*_: object, **__: object) -> None:
    raise Crash


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (publishing.contents, "write_files"),
        (publishing, "make_private_and_durable"),
        (publishing.Path, "rename"),
        (Registry, "record"),
        (publishing, "point_to_newest"),
    ],
)
def test_a_crash_anywhere_is_healed_by_the_next_publish(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch, target: object, name: str
) -> None:
    before = publish(con, settings)
    next_month(con)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.shutil, "rmtree", lambda *_, **__: None)  # a dead process tidies nothing
        patch.setattr(target, name, crash)
        with pytest.raises(Crash):
            publish(con, settings, month="2025-04")
    assert catalogue.current(settings) == before, "until it is finished, the last release stands"

    healed = publish(con, settings, month="2025-04")
    assert catalogue.current(settings) == healed and healed.name == "2025-04/r1"
    assert verification.verify(settings, "2025-04", 1) == []
    assert sorted(path.name for path in settings.releases.glob("*/*")) == ["r1", "r1"]
    with registry.open(settings) as ledger:
        assert ledger.previous_assignment("2025-05").num_rows == 30


def test_a_page_that_fails_stops_the_release(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with pytest.raises(Crash):
        publish(con, settings, page=crash)
    assert list((settings.releases / MONTH).iterdir()) == [] and catalogue.releases(settings) == []


def test_a_lost_registry_is_not_taken_for_a_crash(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    made = publish(con, settings)
    settings.registry.unlink()
    with pytest.raises(DtsenError, match="pulihkan registry"):
        publish(con, settings)
    with pytest.raises(DtsenError, match="pulihkan registry"):
        catalogue.current(settings)
    assert (made.path / "manifest.json").exists()


# What the ledger does not know


@pytest.fixture
def older_ledger(con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path) -> Settings:
    """A home of two months whose registry was put back to when the first had been published."""
    publish(con, settings)
    shutil.copy(settings.registry, tmp_path / "lama.duckdb")
    next_month(con)
    publish(con, settings, month="2025-04")
    shutil.copy(tmp_path / "lama.duckdb", settings.registry)
    return settings


def acts(settings: Settings) -> list[Callable[[], object]]:
    return [
        lambda: withdrawal.rollback(settings, "2025-03/r1", "salah kirim"),
        lambda: deletion.delete(settings, "2025-03/r1", "lewat masa simpan"),
    ]


@pytest.mark.parametrize("pointed", [True, False])
def test_releases_of_a_newer_registry_are_never_swept_away(
    con: duckdb.DuckDBPyConnection, older_ledger: Settings, pointed: bool
) -> None:
    """As after a restore of an old registry.duckdb alone; CURRENT may have been restored with it."""
    if not pointed:
        (older_ledger.releases / "CURRENT").write_text("2025-03/r1")
    before = tree(older_ledger.releases / "2025-04")
    for act in (lambda: publish_as_it_lies(con, older_ledger, month="2025-04"), *acts(older_ledger)):
        with pytest.raises(DtsenError, match=r"dtsen releases set-aside 2025-04/r1 ") as refused:
            act()
        assert "dtsen restore" in str(refused.value)
    assert tree(older_ledger.releases / "2025-04") == before
    found = verification.verify_home(older_ledger)
    assert any("2025-04/r1" in problem for problem in found) and len(found) == 1 + pointed


def test_a_folder_of_another_home_is_never_swept_away_whatever_it_brings(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    """Two homes mixed by a copy: even the note of a publish that was cut short there says nothing here."""
    other = Settings(home=tmp_path / "lain")
    publish(con, settings)
    publish(con, other)
    next_month(con)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "record", crash)
        with pytest.raises(Crash):
            publish(con, other, month="2025-04")
    shutil.copytree(other.releases / "2025-04", settings.releases / "2025-04")
    assert sorted(path.name for path in (settings.releases / "2025-04").iterdir()) == [".r1.niat", "r1"]
    with pytest.raises(DtsenError, match="unknown to the registry"):
        publish(con, settings, month="2025-04")
    assert (settings.releases / "2025-04/r1/manifest.json").exists()
    assert publish(con, other, month="2025-04").name == "2025-04/r1", "at home it is what a crash left"


@pytest.mark.parametrize("pointed", [True, False])
def test_a_folder_that_was_set_aside_is_kept_under_a_name_that_is_not_given_again(
    con: duckdb.DuckDBPyConnection, older_ledger: Settings, pointed: bool
) -> None:
    if not pointed:
        (older_ledger.releases / "CURRENT").write_text("2025-03/r1")
    before = tree(older_ledger.releases / "2025-04/r1")
    aside = deletion.set_aside(older_ledger, "2025-04/r1", " registri lama dipulihkan ")
    assert aside is not None and tree(aside) == before
    assert verification.verify_home(older_ledger) == []
    current = catalogue.current(older_ledger)
    assert current is not None and current.name == "2025-03/r1"
    entry = json.loads(audit.path(older_ledger).read_text())
    assert [entry[name] for name in ("tindakan", "rilis", "alasan")] == [
        "sisih",
        "2025-04/r1",
        "registri lama dipulihkan",
    ]
    assert publish(con, older_ledger, month="2025-04").name == "2025-04/r2"
    assert tree(aside) == before


def test_a_pointer_to_what_is_nowhere_is_set_right(older_ledger: Settings) -> None:
    shutil.rmtree(older_ledger.releases / "2025-04")
    assert deletion.set_aside(older_ledger, "2025-04/r1", "registri lama dipulihkan") is None
    assert verification.verify_home(older_ledger) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("2025-03/r1", "x"), ("2025-04/r1", " "), ("2025-05/r1", "x"), ("../home", "x"), ("2025-03", "x")],
)
def test_only_what_is_unknown_is_set_aside(older_ledger: Settings, name: str, reason: str) -> None:
    with pytest.raises(InputError):
        deletion.set_aside(older_ledger, name, reason)
    assert folders(older_ledger) == {"2025-03/r1", "2025-04/r1"} and audit.verify_chain(older_ledger) == 0


def test_the_command_sets_aside_and_verify_says_what_does_not_agree(
    older_ledger: Settings, dtsen: Callable[..., Result]
) -> None:
    before = dtsen("verify")
    assert before.exit_code == 1 and "2025-04/r1" in before.stdout
    assert dtsen("set-aside", "2025-04/r1", "--reason", "registri lama").exit_code == 0
    after = dtsen("verify")
    assert after.exit_code == 0 and "2025-04" not in after.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda home: (home / "releases/CURRENT").write_text("2025-03/r1"), "CURRENT: 2025-03/r1"),
        (lambda home: (home / "releases/CURRENT").unlink(), "CURRENT: -"),
        (lambda home: shutil.rmtree(home / "releases/2025-03/r1"), "its folder is missing"),
        (lambda home: (home / "releases/2025-03/r9").mkdir(), "2025-03/r9"),
    ],
)
def test_verify_compares_pointer_folders_and_ledger(
    two_revisions: Settings, dtsen: Callable[..., Result], change: Callable[[Path], object], told: str
) -> None:
    assert dtsen("verify").exit_code == 0
    change(two_revisions.home)
    found = dtsen("verify")
    assert found.exit_code == 1 and told in found.stdout


def test_verify_names_what_an_earlier_version_left_unencrypted(two_revisions: Settings) -> None:
    path = two_revisions.releases / "2025-03/r1/pribadi/anggota.parquet"
    path.write_bytes(b"PAR1" + path.read_bytes()[4:])
    gudang = two_revisions.warehouse(MONTH)
    gudang.parent.mkdir()
    duckdb.connect(str(gudang)).close()
    found = verification.verify_home(two_revisions)
    assert len(found) == 2 and "2025-03/r1/pribadi: 1 berkas" in found[0] and f"warehouse/{MONTH}.duckdb" in found[1]
    assert f"dtsen run --month {MONTH}" in found[0] and "dtsen releases delete 2025-03/r1" in found[0]


@pytest.mark.parametrize(
    "command",
    [
        ("releases", "list"),
        ("releases", "verify"),
        ("releases", "verify", "2025-03/r1"),
        ("releases", "diff"),
        ("releases", "diff", "2025-03/r1", "2025-03/r2"),
        ("releases", "rollback", "2025-03/r1", "--reason", "x"),
        ("releases", "delete", "2025-03/r1", "--reason", "x"),
        ("releases", "set-aside", "2025-03/r1", "--reason", "x"),
        ("dashboard", "--no-open"),
        ("review", "--to", "antrean.csv"),
        ("explain", "P0123456789ABCDEF"),
        ("explain", "K0123456789ABCDEF"),
        ("export", "keluarga", "--month", MONTH, "--to", "keluarga.csv"),
    ],
    ids=" ".join,
)
def test_a_mistyped_home_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(tmp_path))  # the command sets them
    done = CliRunner().invoke(app, [*command, "--home", str(tmp_path / "salah_ketik")])
    assert isinstance(done.exception, InputError) and list(tmp_path.iterdir()) == []


# Releases of earlier versions


def make_early(settings: Settings, name: str) -> None:
    """Let the release be as a version left it that had neither disclosure control nor a stored model nor the score's parts."""
    entry = catalogue.release_named(settings, name)
    kept = ("pribadi/anggota", "pribadi/keluarga", "pribadi/crosswalk", "pribadi/kelayakan", "terbuka/desil_provinsi")
    manifest = json.loads((entry.path / "manifest.json").read_bytes())
    manifest["files"] = [told for told in manifest["files"] if told["path"].startswith(kept)]
    manifest["content_sha256"] = "lain"
    (entry.path / "manifest.json").write_bytes(canonical(manifest))
    left = {told["path"] for told in manifest["files"]} | {"manifest.json"}
    for file in tree(entry.path).keys() - left:
        (entry.path / file).unlink()
    with registry.open(settings) as ledger:
        digest = sha256_of(entry.path / "manifest.json")
        ledger.con.execute("update rilis set manifest_sha256 = ? where path = ?", [digest, name])
    assert verification.verify(settings, entry.month, entry.revision) == []


def test_the_month_after_a_release_of_an_earlier_version_is_published(
    con: duckdb.DuckDBPyConnection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It said "publish that month again", which said the same of itself."""
    publish(con, settings)
    make_early(settings, "2025-03/r1")
    next_month(con)
    assert publish(con, settings, month="2025-04").name == "2025-04/r1"
    with registry.open(settings) as ledger:
        earlier = ledger.standing_before("2025-04")
        assert contents.relations(ledger.con, keys.load(settings), earlier, ["model_penautan", "frekuensi"]) is None
        assert contents.relations(ledger.con, keys.load(settings), earlier, ["crosswalk"]) is not None
    assert "2025-03/r1: dari versi lama yang belum menyimpan model_penautan, frekuensi" in caplog.text


def test_a_month_released_by_an_earlier_version_is_published_again(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish(con, settings)
    next_month(con)
    publish(con, settings, month="2025-04")
    for name in ("2025-03/r1", "2025-04/r1"):
        make_early(settings, name)
    for revision in ("2025-04/r2", "2025-04/r2"):
        assert publish(con, settings, month="2025-04").name == revision
    next_month(con, MONTH)
    assert publish(con, settings, month=MONTH).name == "2025-03/r2"


def test_a_file_that_an_early_release_did_have_must_be_there(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    made = publish(con, settings)
    (made.path / "terbuka/desil_kecamatan.parquet").unlink()
    next_month(con)
    with pytest.raises(DtsenError, match="hilang atau berubah"):
        publish(con, settings, month="2025-04")


# Withdrawing


def withdraw(settings: Settings, name: str, reason: str = "berkas p3ke salah kirim") -> Release | None:
    return withdrawal.rollback(settings, name, reason)


def statuses(settings: Settings) -> dict[str, str]:
    return {entry.name: entry.status for entry in catalogue.releases(settings)}


def ids_before(settings: Settings, month: str) -> set[str]:
    with registry.open(settings) as ledger:
        return set(ledger.previous_assignment(month).column("person_id").to_pylist())


@pytest.fixture(scope="module")
def month_of_two_revisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one month, whose second revision gave P-000 another id; to be left as it is."""
    base = tmp_path_factory.mktemp("dua_revisi")
    with pytest.MonkeyPatch.context() as patch, candidate(patch, base) as con:
        publish(con, Settings(home=base / "home"))
        give_another_id(con)
        publish(con, Settings(home=base / "home"))
    return base / "home"


def give_another_id(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("marts.anggota", "linkage.crosswalk"):
        con.execute(f"update {table} set person_id = 'P-900' where person_id = 'P-000'")


@pytest.fixture
def two_revisions(month_of_two_revisions: Path, settings: Settings) -> Settings:
    shutil.copytree(month_of_two_revisions, settings.home)
    return settings


def test_the_revision_before_it_stands_again_and_no_file_changes(two_revisions: Settings) -> None:
    files = tree(two_revisions.releases / MONTH)
    restored = withdraw(two_revisions, "2025-03/r2")
    assert restored == catalogue.current(two_revisions) == catalogue.standing_of_month(two_revisions, MONTH)
    assert statuses(two_revisions) == {"2025-03/r1": "terbit", "2025-03/r2": "ditarik"}
    assert tree(two_revisions.releases / MONTH) == files
    assert verification.verify(two_revisions, MONTH, 2) == []
    assert "P-000" in ids_before(two_revisions, "2025-04") and "P-900" not in ids_before(two_revisions, "2025-04")


def test_a_month_without_an_earlier_revision_is_withdrawn_altogether(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    first = publish(con, settings)
    next_month(con)
    con.execute("update linkage.crosswalk set person_id = 'P-900' where person_id = 'P-000'")
    publish(con, settings, month="2025-04")
    assert withdraw(settings, "2025-04/r1") == catalogue.current(settings) == first
    with pytest.raises(InputError, match="2025-04 belum diterbitkan"):
        catalogue.standing_of_month(settings, "2025-04")
    assert "P-900" not in ids_before(settings, "2025-05"), "the next month goes on from the one that stands"
    with registry.open(settings) as ledger:
        assert ledger.con.execute("select count(*) from peristiwa where bulan = '2025-04'").fetchone() == (0,)


def test_the_first_month_ever_leaves_no_pointer_and_equal_content_comes_back_under_a_new_name(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish(con, settings)
    assert withdraw(settings, "2025-03/r1") is None
    assert catalogue.current(settings) is None and not (settings.releases / "CURRENT").exists()
    assert ids_before(settings, "2025-04") == set()
    assert publish(con, settings).name == "2025-03/r2"
    assert statuses(settings) == {"2025-03/r1": "ditarik", "2025-03/r2": "terbit"}
    withdraw(settings, "2025-03/r2")
    assert catalogue.current(settings) is None, "what was withdrawn does not stand again by itself"


def test_what_was_withdrawn_last_names_no_revision_anew(
    con: duckdb.DuckDBPyConnection, two_revisions: Settings
) -> None:
    withdraw(two_revisions, "2025-03/r2")
    assert publish(con, two_revisions).name == "2025-03/r1", "the same as what stands again"
    give_another_id(con)
    assert publish(con, two_revisions).name == "2025-03/r3"
    withdraw(two_revisions, "2025-03/r3")
    current = catalogue.current(two_revisions)
    assert current is not None and current.name == "2025-03/r1"


def test_only_the_release_that_stands_may_be_withdrawn(con: duckdb.DuckDBPyConnection, two_revisions: Settings) -> None:
    next_month(con)
    publish(con, two_revisions, month="2025-04")
    withdraw(two_revisions, "2025-04/r1")

    def state() -> tuple[object, ...]:
        return statuses(two_revisions), ids_before(two_revisions, "2025-05"), audit.verify_chain(two_revisions)

    before = state()
    for name in ("2025-03/r1", "2025-03/r3", "2025-02/r1", "2025-04/r1", "bukan nama"):
        with pytest.raises(InputError) as refused:
            withdraw(two_revisions, name)
        assert refused.value.expected == "2025-03/r2", name
        assert refused.value.action is None, "no later month stands in the way"
        assert state() == before, name


def test_a_month_that_others_follow_must_wait_for_them(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish(con, settings)
    next_month(con)
    publish(con, settings, month="2025-04")
    with pytest.raises(InputError, match="withdraw the later months first") as refused:
        withdraw(settings, "2025-03/r1")
    assert refused.value.expected == "2025-04/r1"


def test_without_any_release_there_is_nothing_to_withdraw(settings: Settings) -> None:
    with registry.open(settings):
        pass
    with pytest.raises(InputError, match="none stands"):
        withdraw(settings, "2025-03/r1")


def test_onto_a_damaged_revision_nobody_falls_back(two_revisions: Settings) -> None:
    (two_revisions.releases / "2025-03/r1/pribadi/anggota.parquet").write_bytes(b"lain")
    with pytest.raises(InputError, match=r"anggota\.parquet: isi berubah"):
        withdraw(two_revisions, "2025-03/r2")
    assert statuses(two_revisions) == {"2025-03/r1": "diganti", "2025-03/r2": "terbit"}
    assert "P-900" in ids_before(two_revisions, "2025-04") and audit.verify_chain(two_revisions) == 0


@pytest.mark.parametrize("reason", ["", "  ", "keliru: 3501010101010000", "3501.0101.0101.0000", "3501 0101 0101 0000"])
def test_a_reason_says_something_and_holds_no_nik(two_revisions: Settings, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        withdraw(two_revisions, "2025-03/r2", reason)
    assert not reason.strip() or reason[-16:] not in str(refused.value)
    assert statuses(two_revisions)["2025-03/r2"] == "terbit" and audit.verify_chain(two_revisions) == 0


def test_a_withdrawal_is_on_the_trail_and_does_not_happen_without(two_revisions: Settings) -> None:
    withdraw(two_revisions, "2025-03/r2", " salah kirim ")
    assert audit.verify_chain(two_revisions) == 1
    entry = json.loads(audit.path(two_revisions).read_text())
    assert (entry["tindakan"], entry["rilis"], entry["alasan"]) == ("tarik", "2025-03/r2", "salah kirim")
    audit.path(two_revisions).write_text("rusak\n")
    with pytest.raises(DtsenError, match="rantai putus"):
        withdraw(two_revisions, "2025-03/r1")
    assert statuses(two_revisions)["2025-03/r1"] == "terbit"


def test_a_withdrawal_that_died_before_the_registry_changed_is_no_withdrawal(
    two_revisions: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "_derive_events", crash)
        with pytest.raises(Crash):
            withdraw(two_revisions, "2025-03/r2")
    assert statuses(two_revisions) == {"2025-03/r1": "diganti", "2025-03/r2": "terbit"}
    assert "P-900" in ids_before(two_revisions, "2025-04")
    restored = withdraw(two_revisions, "2025-03/r2")
    assert restored is not None and restored.name == "2025-03/r1"


@pytest.mark.parametrize("revisions", [1, 2])
def test_a_withdrawal_that_died_before_the_pointer_moved_is_finished_by_the_next_publish(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch, revisions: int
) -> None:
    publish(con, settings)
    if revisions == 2:
        con.execute("update marts.anggota set nik = null where person_id = 'P-001'")
        publish(con, settings)
    with monkeypatch.context() as patch:
        patch.setattr(withdrawal, "point_to_newest", crash)
        with pytest.raises(Crash):
            withdraw(settings, f"2025-03/r{revisions}")
    assert (settings.releases / "CURRENT").read_text() == f"2025-03/r{revisions}"
    next_month(con)
    with pytest.raises(GateBlocked):
        publish(con, settings, month="2025-04", rules=(rule("jumlah_orang", minimum=31, maximum=None),))
    healed = catalogue.current(settings)
    assert (healed and healed.name) == ("2025-03/r1" if revisions == 2 else None)
    with pytest.raises(InputError, match="ditarik"):
        withdraw(settings, f"2025-03/r{revisions}")


def test_the_figures_of_a_withdrawn_release_are_still_known_to_everybody(
    con: duckdb.DuckDBPyConnection, two_revisions: Settings
) -> None:
    def beside(month: str) -> list[set[tuple[str, ...]]]:
        found = disclosure.earlier_tables(catalogue.releases(two_revisions), month)
        return [{path.relative_to(two_revisions.releases).parts[:2] for path in files.values()} for files in found]

    withdraw(two_revisions, "2025-03/r2")
    assert beside("2025-04") == [{("2025-03", "r2")}]
    next_month(con)
    publish(con, two_revisions, month="2025-04")
    withdraw(two_revisions, "2025-04/r1")
    assert beside("2025-05") == [{("2025-04", "r1")}]
    assert beside("2025-04") == [{("2025-03", "r2")}, {("2025-04", "r1")}]
    assert beside("2025-03") == [set(), {("2025-03", "r1")}, {("2025-03", "r2")}]


# Deleting


@pytest.fixture
def two_months(con: duckdb.DuckDBPyConnection, two_revisions: Settings) -> Settings:
    """2025-03/r1 (replaced), 2025-03/r2 and 2025-04/r1."""
    next_month(con)
    publish(con, two_revisions, month="2025-04")
    return two_revisions


def deleted(settings: Settings) -> set[str]:
    return {entry.name for entry in catalogue.releases(settings) if entry.deleted}


def folders(settings: Settings) -> set[str]:
    return {path.relative_to(settings.releases).as_posix() for path in settings.releases.glob("*/*")}


def test_what_the_next_month_goes_on_from_is_not_deleted(two_months: Settings) -> None:
    with pytest.raises(InputError, match="cannot be deleted") as refused:
        deletion.delete(two_months, "2025-04/r1", "lewat masa simpan")
    assert refused.value.expected and refused.value.action
    withdraw(two_months, "2025-04/r1")
    for name in ("2025-04/r1", "2025-03/r2"):  # the one's open figures are known, the other stands
        with pytest.raises(InputError, match="cannot be deleted"):
            deletion.delete(two_months, name, "lewat masa simpan")
    assert folders(two_months) == {"2025-03/r1", "2025-03/r2", "2025-04/r1"} and audit.verify_chain(two_months) == 1


@pytest.mark.parametrize(("name", "reason"), [("2025-03/r9", "x"), ("../x", "x"), ("2025-03/r1", " ")])
def test_an_unknown_name_or_no_reason_deletes_nothing(two_revisions: Settings, name: str, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        deletion.delete(two_revisions, name, reason)
    assert refused.value.action
    assert folders(two_revisions) == {"2025-03/r1", "2025-03/r2"} and audit.verify_chain(two_revisions) == 0


def test_a_broken_trail_stops_a_deletion_and_its_own_deletions_count_for_nothing(two_revisions: Settings) -> None:
    deletion.delete(two_revisions, "2025-03/r1", "lewat masa simpan")
    audit.append(two_revisions, "ekspor", baris=3)
    trail = audit.path(two_revisions)
    trail.write_text(trail.read_text().replace("lewat", "lawat"))
    assert deleted(two_revisions) == set()
    assert ["foldernya hilang" in problem for problem in verification.verify(two_revisions, MONTH, 1)] == [True]
    with pytest.raises(DtsenError, match="rantai putus"):
        deletion.delete(two_revisions, "2025-03/r1", "lagi")


def test_a_folder_that_vanished_stays_an_error_until_the_trail_says_why(two_revisions: Settings) -> None:
    shutil.rmtree(two_revisions.releases / "2025-03/r1")
    assert verification.verify(two_revisions, MONTH, 1) != [] and deleted(two_revisions) == set()
    deletion.delete(two_revisions, "2025-03/r1", "dihapus dengan tangan")
    assert verification.verify(two_revisions, MONTH, 1) == []


def test_a_deletion_is_on_the_trail_with_its_reason_and_changes_neither_ledger_nor_other_files(
    two_months: Settings,
) -> None:
    others = tree(two_months.releases / "2025-04")
    before = statuses(two_months)
    gone = deletion.delete(two_months, "2025-03/r2", " lewat masa simpan ")
    assert gone.deleted is not None and gone.gone
    entry = json.loads(audit.path(two_months).read_text())
    told = tuple(entry[name] for name in ("tindakan", "rilis", "manifest", "alasan"))
    assert told == ("hapus", "2025-03/r2", gone.manifest_sha256, "lewat masa simpan")
    assert folders(two_months) == {"2025-03/r1", "2025-04/r1"} and tree(two_months.releases / "2025-04") == others
    assert statuses(two_months) == before and deleted(two_months) == {"2025-03/r2"}
    assert [verification.verify(two_months, MONTH, n) for n in (1, 2)] == [[], []]
    with pytest.raises(InputError, match="was deleted already"):
        deletion.delete(two_months, "2025-03/r2", "lagi")
    assert audit.verify_chain(two_months) == 1


def test_another_release_under_the_name_of_a_deleted_one_is_not_meant(two_revisions: Settings) -> None:
    audit.append(two_revisions, audit.DELETED, rilis="2025-03/r1", manifest="0" * 64)
    assert deleted(two_revisions) == set()
    withdraw(two_revisions, "2025-03/r2")
    assert folders(two_revisions) == {"2025-03/r1", "2025-03/r2"}


@pytest.mark.parametrize(
    ("target", "name"), [(deletion, "remove_folder"), (repair.Path, "rename"), (repair.shutil, "rmtree")]
)
@pytest.mark.parametrize("then", ["delete", "publish"])
def test_a_deletion_that_died_behind_the_trail_is_told_and_finished_by_whatever_comes_next(
    con: duckdb.DuckDBPyConnection,
    two_months: Settings,
    monkeypatch: pytest.MonkeyPatch,
    target: object,
    name: str,
    then: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(target, name, crash)
        with pytest.raises(Crash):
            deletion.delete(two_months, "2025-03/r2", "lewat masa simpan")
    assert deleted(two_months) == {"2025-03/r2"}
    assert ["its folder is still there" in problem for problem in verification.verify(two_months, MONTH, 2)] == [True]
    if then == "delete":
        deletion.delete(two_months, "2025-03/r2", "lewat masa simpan")
    else:
        next_month(con, "2025-05")
        publish(con, two_months, month="2025-05")
    assert folders(two_months) - {"2025-05/r1"} == {"2025-03/r1", "2025-04/r1"}
    assert verification.verify(two_months, MONTH, 2) == [] and audit.verify_chain(two_months) == 1


def test_what_a_backup_brought_back_goes_with_the_next_publish(
    con: duckdb.DuckDBPyConnection, two_months: Settings
) -> None:
    shutil.copytree(two_months.releases / "2025-03/r1", two_months.home / "cadangan")
    deletion.delete(two_months, "2025-03/r1", "lewat masa simpan")
    shutil.copytree(two_months.home / "cadangan", two_months.releases / "2025-03/r1")
    publish(con, two_months, month="2025-04")
    assert folders(two_months) == {"2025-03/r2", "2025-04/r1"}


def test_onto_a_deleted_revision_nobody_falls_back(two_months: Settings) -> None:
    deletion.delete(two_months, "2025-03/r1", "lewat masa simpan")
    withdraw(two_months, "2025-04/r1")
    assert catalogue.current(two_months) == catalogue.release_named(two_months, "2025-03/r2")
    assert withdraw(two_months, "2025-03/r2") is None and deleted(two_months) == {"2025-03/r1"}


def test_a_month_is_not_withdrawn_where_the_one_before_it_was_deleted(two_months: Settings) -> None:
    deletion.delete(two_months, "2025-03/r2", "lewat masa simpan")
    with pytest.raises(InputError, match="would stand then, but was deleted"):
        withdraw(two_months, "2025-04/r1")
    assert statuses(two_months)["2025-04/r1"] == "terbit" and audit.verify_chain(two_months) == 1


def test_every_reader_of_a_deleted_release_says_that_it_was_deleted(
    con: duckdb.DuckDBPyConnection, two_months: Settings
) -> None:
    deletion.delete(two_months, "2025-03/r2", "lewat masa simpan")
    gone = catalogue.release_named(two_months, "2025-03/r2")
    readers: tuple[Callable[[], object], ...] = (
        lambda: export_table(two_months, "keluarga", MONTH, two_months.home / "keluarga.csv"),
        lambda: comparison.compare_releases(two_months),
        lambda: contents.relation(con, keys.load(two_months), gone, "crosswalk"),
        lambda: contents.check_file(gone, "terbuka/desil_provinsi.parquet"),
        lambda: disclosure.earlier_tables(catalogue.releases(two_months), MONTH),
    )
    for reader in readers:
        with pytest.raises(InputError, match="was deleted") as refused:
            reader()
        assert refused.value.expected and refused.value.action
    assert not (two_months.home / "keluarga.csv").exists()
    con.execute("update raw.deliveries set bulan_kirim = '2025-05'")
    deliveries.carry_over(con, catalogue.releases(two_months), "2025-05")
    assert con.execute("select kiriman, baris from raw.kiriman_lalu").fetchall() == [("2025-03", 30)], (
        "2025-04/r1 had it"
    )


def test_the_newest_month_published_again_is_laid_beside_what_is_left(
    con: duckdb.DuckDBPyConnection, two_months: Settings
) -> None:
    deletion.delete(two_months, "2025-03/r2", "lewat masa simpan")
    beside = disclosure.earlier_tables(catalogue.releases(two_months), "2025-04")
    assert [{path.relative_to(two_months.releases).parts[:2] for path in files.values()} for files in beside] == [
        {("2025-04", "r1")}
    ]
    assert publish(con, two_months, month="2025-04").name == "2025-04/r1"


# The command


@pytest.fixture
def dtsen(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))
    return lambda *given: CliRunner().invoke(app, ["releases", *given, "--home", str(settings.home)])


def test_the_list_says_what_stands_and_what_was_withdrawn(
    two_revisions: Settings, dtsen: Callable[..., Result]
) -> None:
    withdraw(two_revisions, "2025-03/r2")
    first, second = dtsen("list").output.splitlines()
    assert first.startswith("* 2025-03/r1  terbit / published") and second.startswith(
        "  2025-03/r2  ditarik / withdrawn"
    )


def test_verify_exits_with_1_where_anything_is_wrong(two_revisions: Settings, dtsen: Callable[..., Result]) -> None:
    audit.append(two_revisions, "ekspor", baris=3)
    done = dtsen("verify")
    assert done.exit_code == 0 and done.output.count("utuh / whole") == 2
    assert "1 catatan, rantai utuh / entries, the chain is whole" in done.output
    (two_revisions.releases / "2025-03/r1/terbuka/desil_provinsi.csv").write_text("lain")
    done = dtsen("verify")
    assert done.exit_code == 1
    assert "terbuka/desil_provinsi.csv: isi berubah / content changed" in done.output
    assert dtsen("verify", "2025-03/r2").exit_code == 0
    assert dtsen("verify", "2025-03/r1").exit_code == 1
    audit.path(two_revisions).write_text("rusak\n")
    broken = dtsen("verify", "2025-03/r2").exception
    assert isinstance(broken, DtsenError) and broken.exit_code == 1 and "rantai putus" in str(broken)


@pytest.mark.parametrize(
    "given",
    [
        ("verify",),
        ("verify", "2025-03/r1"),
        ("rollback", "2025-03/r1", "--reason", "x"),
        ("delete", "2025-03/r1", "--reason", "x"),
        ("diff",),
    ],
)
def test_a_release_that_is_not_there_is_an_input_error(dtsen: Callable[..., Result], given: tuple[str, ...]) -> None:
    assert isinstance(dtsen(*given).exception, InputError)


def test_rollback_asks_for_a_reason_and_says_what_stands_then(
    two_revisions: Settings, dtsen: Callable[..., Result]
) -> None:
    assert dtsen("rollback", "2025-03/r2").exit_code == 2
    assert statuses(two_revisions)["2025-03/r2"] == "terbit"
    done = dtsen("rollback", "2025-03/r2", "--reason", "berkas salah kirim")
    assert done.exit_code == 0
    assert "2025-03/r2  ditarik / withdrawn" in done.output and "the release that stands: 2025-03/r1" in done.output
    assert "no release stands" in dtsen("rollback", "2025-03/r1", "--reason", "juga").output


def test_delete_says_what_stays_and_list_and_verify_say_when(
    two_revisions: Settings, dtsen: Callable[..., Result]
) -> None:
    assert dtsen("delete", "2025-03/r1").exit_code == 2, "a reason must be given"
    kept = two_revisions.warehouse(MONTH)
    kept.parent.mkdir()
    kept.touch()
    page = two_revisions.releases / "2025-03/r1" / index.PAGE
    page.write_text("halaman")
    done = dtsen("delete", "2025-03/r1", "--reason", "lewat masa simpan")
    day = catalogue.release_named(two_revisions, "2025-03/r1").deleted
    said = f"dihapus / deleted {day:%Y-%m-%d}"
    assert done.exit_code == 0 and f"2025-03/r1  {said}" in done.output and str(kept) in done.output
    assert "2025-03/r1" not in index.index_path(two_revisions).read_text()
    first, second = dtsen("list").output.splitlines()
    assert said in first and "diganti / replaced" in first and "deleted" not in second
    checked = dtsen("verify")
    assert checked.exit_code == 0 and f"2025-03/r1  {said}" in checked.output
    shutil.rmtree(two_revisions.releases / "2025-03/r2")
    assert dtsen("verify").exit_code == 1, "this one is on no trail"
    kept_trail = audit.path(two_revisions).read_bytes()
    audit.path(two_revisions).write_text("rusak\n")
    listed = dtsen("list")
    assert listed.exit_code == 0 and "rantai putus" in listed.output and said not in listed.output
    audit.path(two_revisions).write_bytes(kept_trail + b'{"baris')
    listed = dtsen("list")
    assert listed.exit_code == 0 and "dtsen audit repair" in listed.output and said in listed.output
    assert "do not count" not in listed.output
    assert dtsen("verify").exit_code == 1


def test_the_index_links_no_page_of_a_release_whose_deletion_is_under_way(
    two_revisions: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for revision in ("r1", "r2"):
        (two_revisions.releases / MONTH / revision / index.PAGE).write_text("halaman")
    with monkeypatch.context() as patch:
        patch.setattr(deletion, "remove_folder", crash)
        with pytest.raises(Crash):
            deletion.delete(two_revisions, "2025-03/r1", "lewat masa simpan")
    html = index.write_index(two_revisions).read_text()
    assert "2025-03/r2" in html and "2025-03/r1" not in html


def test_diff_shows_counts_and_nobody(two_revisions: Settings, dtsen: Callable[..., Result]) -> None:
    done = dtsen("diff", "2025-03/r1", "2025-03/r2")
    assert done.exit_code == 0
    assert re.search(r"orang/persons\W+30\W+30\W+•\W+•\W+•", done.output), "one came and one left: too few to tell"
    assert "tetap / same: 15" in done.output
    assert not re.search(r"[PK]-\d{3}|3501010101", done.output)
    assert isinstance(dtsen("diff", "2025-03/r2").exception, InputError), "no month before it"


# A month that was run before


def test_a_month_run_on_a_release_that_was_withdrawn_since_is_refused_until_it_runs_again(
    con: duckdb.DuckDBPyConnection, two_revisions: Settings
) -> None:
    next_month(con)
    recall(con, two_revisions, "2025-04")
    withdraw(two_revisions, "2025-03/r2")
    with pytest.raises(InputError, match="do not go on from the release that stands now"):
        publish_as_it_lies(con, two_revisions, month="2025-04")
    assert verification.verify(two_revisions, MONTH, 1) == [] and len(catalogue.releases(two_revisions)) == 2
    assert publish(con, two_revisions, month="2025-04").name == "2025-04/r1"


# Export


def test_a_month_without_release_cannot_be_exported(settings: Settings) -> None:
    with registry.open(settings):
        pass
    with pytest.raises(InputError, match="2025-03 belum diterbitkan"):
        export_table(settings, "crosswalk", MONTH, settings.home / "crosswalk.csv")
    assert audit.verify_chain(settings) == 0


@pytest.mark.parametrize(("name", "file"), [("nik", "a.csv"), ("anggota", "a.docx"), ("anggota", "a")])
def test_an_unknown_table_or_format_is_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, name: str, file: str
) -> None:
    publish(con, settings)
    with pytest.raises(InputError):
        export_table(settings, name, MONTH, settings.home / file)


def test_what_was_changed_since_publication_is_not_exported(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    file = publish(con, settings).path / "pribadi/crosswalk.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(DtsenError, match="berubah"):
        export_table(settings, "crosswalk", MONTH, settings.home / "crosswalk.csv")


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx"])
def test_the_crosswalk_comes_sorted_with_exactly_its_columns(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, suffix: str
) -> None:
    publish(con, settings)
    target = tmp_path / "baru" / f"hasil{suffix}"
    assert export_table(settings, "crosswalk", MONTH, target) == 30
    if suffix == ".xlsx":
        sheet = openpyxl.load_workbook(target).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    elif suffix == ".csv":
        rows = [line.split(",") for line in target.read_text().splitlines()]
    else:
        table = pq.read_table(target)
        rows = [table.column_names, *([*row.values()] for row in table.to_pylist())]
    assert rows[0] == ["source", "record_id", "person_id", "family_id"]
    assert rows[1:3] == [["dtks", "0", "P-000", "K-000"], ["dtks", "1", "P-001", "K-000"]]
    assert rows[1:] == sorted(rows[1:])
    assert target.stat().st_mode & 0o777 == 0o600 and list(target.parent.iterdir()) == [target]


def test_a_nik_stays_text_in_a_sheet(con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path) -> None:
    publish(con, settings)
    export_table(settings, "anggota", MONTH, tmp_path / "anggota.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "anggota.xlsx").active
    assert sheet is not None
    assert sheet["C2"].value == "3501010101010000"


# Record id of a source that takes the NIK for its key, and what a spreadsheet would run.
RECORDS = (
    "3501010101010000",
    "=1+1",
    "'=1+1",
    "''@a",
    "+62",
    "-5",
    "@sum",
    "\tcmd",
    "\rcmd",
    "\uff1dcmd",
    "'tik",
    "a=b",
)


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx"])
def test_text_that_a_spreadsheet_would_run_is_made_text_and_can_be_read_back(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, suffix: str
) -> None:
    con.executemany(
        "insert into linkage.crosswalk values ('p3ke', 'p3ke', ?, 'P-000', 'K-000')", [[one] for one in RECORDS]
    )
    publish(con, settings)
    target = tmp_path / f"hasil{suffix}"
    export_table(settings, "crosswalk", MONTH, target)
    if suffix == ".xlsx":
        sheet = openpyxl.load_workbook(target).active
        assert sheet is not None
        # XML knows one kind of line end.
        found = [
            str(row[1]).replace("\n", "\r") if isinstance(row[1], str) else row[1]
            for row in sheet.iter_rows(values_only=True)
            if row[0] == "p3ke"
        ]
    elif suffix == ".csv":
        with target.open(newline="", encoding="utf-8") as file:
            found = [row[1] for row in csv.reader(file) if row[0] == "p3ke"]
    else:
        found = [row["record_id"] for row in pq.read_table(target).to_pylist() if row["source"] == "p3ke"]
        assert sorted(found) == sorted(RECORDS), "nothing runs a Parquet file"
        return
    assert all(isinstance(one, str) and one[0] not in "=+-@\t\r\uff1d" for one in found)
    assert sorted(documents.unescape_formula(str(one)) for one in found) == sorted(RECORDS)
    assert {"3501010101010000", "'tik", "a=b"} <= set(found), "what is harmless is left alone"


def test_the_name_of_an_area_is_no_formula_in_an_open_table(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    con.execute("update marts.keluarga set nama_provinsi = '=cmd|calc'")
    made = publish(con, settings)
    told = (made.path / "terbuka/desil_provinsi.csv").read_text()
    assert ",'=cmd|calc," in told and ",=cmd" not in told
    names = pq.read_table(made.path / "terbuka/desil_provinsi.parquet").column("nama_provinsi").to_pylist()
    assert set(names) == {"=cmd|calc"}
    assert verification.verify(settings, MONTH, 1) == []


def test_a_number_in_the_name_of_an_export_is_masked_on_the_trail(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    publish(con, settings)
    export_table(settings, "keluarga", MONTH, tmp_path / "3501.0101.0101.0000.csv")
    assert json.loads(audit.path(settings).read_text())["berkas"] == f"{'*' * 16}.csv"


def test_more_rows_than_a_sheet_holds_are_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(con, settings)
    monkeypatch.setattr("dtsen_pipeline.release.export.XLSX_ROWS", 29)
    with pytest.raises(InputError, match="30 baris"):
        export_table(settings, "anggota", MONTH, tmp_path / "anggota.xlsx")
    assert not (tmp_path / "anggota.xlsx").exists()


def test_every_export_is_on_the_trail_and_none_leaves_without(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    publish(con, settings)
    export_table(settings, "keluarga", MONTH, tmp_path / "keluarga.csv")
    assert audit.verify_chain(settings) == 1
    entry = json.loads(audit.path(settings).read_text())
    assert {name: entry[name] for name in ("nama", "bulan", "rilis", "baris", "berkas")} == {
        "nama": "keluarga",
        "bulan": MONTH,
        "rilis": "2025-03/r1",
        "baris": 15,
        "berkas": "keluarga.csv",
    }
    audit.path(settings).write_text("rusak\n")
    with pytest.raises(DtsenError, match="rantai putus"):
        export_table(settings, "keluarga", MONTH, tmp_path / "lagi.csv")
    assert not (tmp_path / "lagi.csv").exists()


def test_two_exports_at_once_that_do_not_fit_in_memory_do_not_break_each_other(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(con, settings)
    many = """(select 'p3ke' as source, sha256(cast(i as varchar)) as record_id, 'P' as person_id, 'K' as family_id
        from range(600000) as t(i))"""
    monkeypatch.setattr(contents, "relation", lambda *_: many)
    poor = settings.model_copy(update={"memory_limit": "60MB", "threads": 1})
    names = ["satu.csv", "dua.csv"]
    spilled = set()
    with ThreadPoolExecutor(len(names)) as pool:
        work = [pool.submit(export_table, poor, "crosswalk", MONTH, tmp_path / name) for name in names]
        while not all(one.done() for one in work):
            spilled |= {path.parent for path in settings.home.glob(".tumpahan.*/duckdb_temp*")}
            time.sleep(0.01)
        assert [one.result() for one in work] == [600000] * 2
    assert len(spilled) == 2 and not any(settings.home.glob(".tumpahan.*"))
    assert len({sha256_of(tmp_path / name) for name in names}) == 1 and audit.verify_chain(settings) == 2
