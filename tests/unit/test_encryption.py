"""What lies on the disk says nothing without the key, and what was written before there was one is not lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import audit, store
from dtsen_pipeline.registry.ledger import PUBLISHED, Registry, Release
from dtsen_pipeline.release import contents
from dtsen_pipeline.release.manifest import build_manifest, canonical, load_manifest, sha256_of
from dtsen_pipeline.storage import keys, warehouse

MONTH = "2025-03"
KEY, OTHER = "".join(f"{byte:02x}" for byte in range(32)), "".join(f"{byte:02x}" for byte in range(100, 132))
SECRET = "ZULKARNAEN-QOMARUDDIN"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_KEY", KEY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables of a release of one person, whose name is ``SECRET``."""
    with warehouse.in_memory() as con:
        con.execute(f"create table orang as select i as person_id, '{SECRET}' as nama from range(20) as t(i)")
        yield con


@pytest.fixture
def released(con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Release:
    return written(con, settings, monkeypatch)


def written(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: str = "r1"
) -> Release:
    """A release whose one table is ``orang``; ``manifest.json`` is as the publish step writes it, but for the rules."""
    path = settings.releases / MONTH / folder
    for tier in ("pribadi", "terbatas", "terbuka"):
        (path / tier).mkdir(parents=True)
    monkeypatch.setattr(contents, "PRIVATE", {"anggota": "select * from orang order by person_id"})
    monkeypatch.setattr(contents, "OPEN", {})
    monkeypatch.setattr(contents.dictionary, "restricted", lambda *_: {})
    for schema in ("raw", "intermediate", "linkage", "welfare"):
        con.execute(f"create schema if not exists {schema}")
    columns = ("source", "tabel", "bulan_kirim", "file", "sha256", "rows_read", "rows_quarantined")
    columns += ("extra_places", "missing_columns", "values_noted", "passed_over")
    con.execute(f"create or replace table raw.deliveries ({', '.join(f'{column} varchar' for column in columns)})")
    con.execute("alter table raw.deliveries alter rows_read type bigint")
    notes = "source varchar, tabel varchar, kolom varchar, alasan varchar, jumlah bigint"
    con.execute(f"create or replace table intermediate.int_catatan ({notes})")
    con.execute("create or replace table welfare.skor (versi_model varchar)")
    con.execute("create or replace table linkage.model as select 'abc' as versi")
    con.execute("create or replace table welfare.kebijakan as select 'PKH' as program")
    key = keys.load(settings)
    manifest = build_manifest(con, MONTH, contents.write_files(con, path, key), [], key)
    (path / "manifest.json").write_bytes(canonical(manifest))
    digest = sha256_of(path / "manifest.json")
    return Release(MONTH, 1, path, digest, datetime.now(UTC), PUBLISHED)


def content_of(entry: Release) -> str:
    return str(load_manifest(entry)["content_sha256"])


def names(settings: Settings, entry: Release) -> list[tuple[str]]:
    with warehouse.in_memory() as con:
        told = contents.relation(con, keys.load(settings), entry, "anggota")
        return con.execute(f"select distinct nama from {told}").fetchall()


def telling(folder: Path) -> list[str]:
    """Files below the folder in which the secret can be read."""
    return [path.name for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def enter(ledger: Registry) -> None:
    ledger.con.execute("insert into rekaman values ('dtks', ?, 'P-1', 'K-1', ?, null)", [SECRET, MONTH])


def known(settings: Settings) -> list[tuple[str]]:
    with store.open(settings) as ledger:
        return ledger.con.execute("select record_id from rekaman").fetchall()


# The warehouse


def test_nothing_of_a_warehouse_can_be_read_from_the_disk(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path) as con:
        con.execute(f"create table marts.anggota as select '{SECRET}' as nama")
        assert path.with_suffix(".duckdb.wal").exists()
        assert telling(settings.home) == [], "while it is open: file and log"
    assert telling(settings.home) == []
    with warehouse.connect(path, read_only=True) as con:
        assert con.execute("select nama from marts.anggota").fetchall() == [(SECRET,)]


def test_what_does_not_fit_in_memory_is_spilled_encrypted(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path) as con:
        con.execute("set memory_limit = '60MB'; set threads = 1")
        con.execute(f"create temp table besar as select concat('{SECRET}', i) as nama from range(2000000) as t(i)")
        assert list(path.parent.glob(".tumpahan.*/duckdb_temp*"))
        assert telling(settings.home) == []


def test_a_warehouse_does_not_open_with_another_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with warehouse.connect(settings.warehouse(MONTH)):
        pass
    monkeypatch.setenv("DTSEN_KEY", OTHER)
    with pytest.raises(InputError, match="kunci tidak cocok") as refused, warehouse.connect(settings.warehouse(MONTH)):
        pass
    made = keys.load(settings)
    assert not any(secret in str(refused.value) for secret in (OTHER, KEY, made.text("gudang")))


def test_a_warehouse_that_is_not_encrypted_is_refused_and_left_as_it_is(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create table lama as select 1")
    before = path.read_bytes()
    with pytest.raises(InputError, match=f"dtsen run --month {MONTH}"), warehouse.connect(path):
        pass
    assert path.read_bytes() == before


def test_a_warehouse_held_elsewhere_is_said_in_words(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path), pytest.raises(DtsenError, match="dipakai proses lain"), warehouse.connect(path):
        pass


def spoiled(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(bytes(64))


@pytest.mark.parametrize(
    "damage",
    [lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"x" * 9999), spoiled],
    ids=["empty", "garbage", "header"],
)
def test_a_damaged_warehouse_makes_way_at_the_start_of_a_run(
    settings: Settings, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path) as con:
        con.execute("create table marts.anggota as select 1 as satu")
    damage(path)
    with pytest.raises(InputError, match=f"dtsen run --month {MONTH}") as refused, warehouse.connect(path):
        pass
    assert refused.value.file == str(path) and path.exists()
    warehouse.delete_unusable(path)
    assert not path.exists() and "deleted and made anew" in caplog.text and str(path) in caplog.text
    with warehouse.connect(path) as con:
        assert "marts.anggota" not in warehouse.tables(con)


def test_what_is_whole_of_another_key_held_or_no_file_does_not_make_way(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path) as con:
        con.execute("create table marts.anggota as select 1 as satu")
        warehouse.delete_unusable(path)
    before = path.read_bytes()
    warehouse.delete_unusable(path)
    monkeypatch.setenv("DTSEN_KEY", OTHER)
    warehouse.delete_unusable(path)
    assert path.read_bytes() == before and caplog.text == ""
    folder = settings.warehouse("2025-04")
    folder.mkdir()
    warehouse.delete_unusable(folder)
    assert folder.is_dir()


def test_a_warehouse_that_is_not_encrypted_makes_way_at_the_start_of_a_run(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    path.parent.mkdir(parents=True)
    duckdb.connect(str(path)).close()
    warehouse.delete_unusable(path)
    assert not path.exists()


def test_damage_in_the_middle_of_a_warehouse_is_named_and_quotes_nothing(settings: Settings) -> None:
    path = settings.warehouse(MONTH)
    with warehouse.connect(path) as con:
        con.execute(f"create table marts.anggota as select '{SECRET}' || i as nama from range(100000) as t(i)")
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(64))
    with pytest.raises(InputError, match="is damaged") as refused, warehouse.connect(path) as con:
        con.execute("select max(nama) from marts.anggota").fetchall()
    assert refused.value.file == str(path) and SECRET not in str(refused.value)


# The registry


def test_nothing_of_the_registry_can_be_read_from_the_disk(settings: Settings) -> None:
    with store.open(settings) as ledger:
        enter(ledger)
        assert telling(settings.home) == []
    assert telling(settings.home) == []
    assert known(settings) == [(SECRET,)]


def test_the_registry_does_not_open_with_another_key(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.open(settings):
        pass
    monkeypatch.setenv("DTSEN_KEY", OTHER)
    with pytest.raises(InputError, match="kunci tidak cocok"), store.open(Settings(home=settings.home)):
        pass


@pytest.fixture
def unencrypted(settings: Settings) -> Path:
    """A registry as earlier versions left it, with one record."""
    settings.home.mkdir()
    with duckdb.connect(str(settings.registry)) as con:
        con.execute(store.MIGRATIONS[0])
        enter(Registry(con, settings))
    return settings.registry


def test_a_registry_of_an_earlier_version_is_encrypted_and_keeps_its_ids(settings: Settings, unencrypted: Path) -> None:
    assert telling(settings.home) == ["registry.duckdb"]
    assert known(settings) == [(SECRET,)]
    assert telling(settings.home) == []
    assert unencrypted.stat().st_mode & 0o777 == 0o600
    assert known(settings) == [(SECRET,)]


def test_a_crash_while_the_registry_is_encrypted_loses_nothing(
    settings: Settings, unencrypted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        pass

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(Crash), store.open(settings):
            pass
    assert telling(settings.home) == ["registry.duckdb"]
    assert known(settings) == [(SECRET,)]


def test_without_a_key_a_registry_of_an_earlier_version_gets_a_local_one(
    settings: Settings, unencrypted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DTSEN_KEY")
    assert known(Settings(home=settings.home)) == [(SECRET,)]
    assert telling(settings.home) == []


# The private tier of a release


def test_nothing_of_the_private_tier_can_be_read_without_the_key(settings: Settings, released: Release) -> None:
    file = released.path / "pribadi/anggota.parquet"
    assert telling(settings.home) == []
    with pytest.raises(duckdb.Error, match="encrypted"):
        duckdb.sql(f"select * from read_parquet('{file}')").fetchall()
    assert names(settings, released) == [(SECRET,)]


def test_verifying_with_another_key_names_what_does_not_open(settings: Settings, released: Release) -> None:
    assert contents.problems(released, keys.load(settings)) == []
    stranger = keys.load(Settings(home=settings.home, key=SecretStr(OTHER)))
    assert contents.problems(released, stranger) == [
        "pribadi/anggota.parquet: tidak terbuka dengan kunci ini / does not open with this key"
    ]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ("select 1", True),
        ("set threads = 1", True),
        ("update orang set nama = null where person_id = 3", False),
        ("update orang set person_id = 19 - person_id, nama = concat(nama, person_id)", False),
        ("delete from orang where person_id = 19", False),
        ("insert into orang select * from orang where person_id = 19", False),
        ("alter table orang alter person_id type integer", False),
        ("delete from orang", False),
    ],
)
def test_the_content_is_told_from_other_content_and_not_by_its_nonces(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    released: Release,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    same: bool,
) -> None:
    con.execute(change)
    again = written(con, settings, monkeypatch, "r2")
    bytes_of = [(entry.path / "pribadi/anggota.parquet").read_bytes() for entry in (released, again)]
    assert bytes_of[0] != bytes_of[1]
    assert (content_of(again) == content_of(released)) is same


def test_a_release_of_a_version_that_did_not_encrypt_is_still_read(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(contents, "_write_encrypted", contents._write_file)
        released = written(con, settings, patch)
    assert telling(settings.home) == ["anggota.parquet"]
    assert names(settings, released) == [(SECRET,)]
    assert contents.problems(released, keys.load(settings)) == []


def test_the_manifest_says_whose_key_it_was_and_nothing_of_it(
    con: duckdb.DuckDBPyConnection, settings: Settings, released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.load(settings)
    assert load_manifest(released)["key"] == {"kunci": "luar", "id": made.id}
    text = (released.path / "manifest.json").read_text()
    assert not any(secret in text for secret in (KEY, made.text("rilis"), made.subkey("rilis").hex()))
    monkeypatch.delenv("DTSEN_KEY")
    local = written(con, Settings(home=settings.home), monkeypatch, "r2")
    assert load_manifest(local)["key"]["kunci"] == "lokal"
    assert "hanya layak untuk data simulasi" in (local.path / "manifest.json").read_text()


# Rights


def test_nobody_else_may_read_what_is_made(settings: Settings) -> None:
    with warehouse.connect(settings.warehouse(MONTH)), store.open(settings):
        audit.append(settings, "uji")
    assert settings.home.stat().st_mode & 0o777 == 0o700
    found = {path.relative_to(settings.home).as_posix(): path for path in settings.home.rglob("*")}
    assert {"warehouse", f"warehouse/{MONTH}.duckdb", "registry.duckdb", "audit.jsonl"} <= found.keys()
    for path in found.values():
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
