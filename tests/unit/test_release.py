"""A release is whole or absent, the same for the same inputs, and no crash leaves half of one standing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr

from dtsen_pipeline import warehouse
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError
from dtsen_pipeline.publication import audit, gate, registry, release
from dtsen_pipeline.publication.export import export
from dtsen_pipeline.publication.gate import Rule

MONTH = "2025-03"
KEY = SecretStr(bytes(range(32)).hex())
CANDIDATE = f"""
create table raw.run as select date '{MONTH}-01' as bulan;
create table raw.deliveries as
select 'dtks' as source, 'anggota' as tabel, '{MONTH}' as bulan_kirim, 'dtks/anggota.csv' as file, 'abc' as sha256,
    30 as rows_read, 0 as rows_quarantined;
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
create table linkage.model as select '[]' as isi, 'abc' as versi, '2025-03' as bulan, 30 as rekaman;
create table linkage.frekuensi as select 'nama' as kolom, 'SITI' as nilai, 0.1 as tf;
"""


def rule(name: str, **changes: object) -> Rule:
    given: dict[str, object] = {"minimum": 30, "maximum": 30, **changes}
    return Rule(name, "marts.anggota", "Tiga puluh.", "Thirty.", "penautan", "Sebab.", "Because.", **given)  # type: ignore[arg-type]


RULES = (rule("jumlah_orang"),)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def con(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a candidate month of 30 persons in 15 families, 12 in one regency and 3 in another."""
    monkeypatch.setattr(gate, "TESTS", tmp_path)
    (tmp_path / "jumlah_orang.sql").write_text("select 'orang' as ukuran, count(*) as nilai from marts.anggota")
    (tmp_path / "rusak.sql").write_text(
        "select 'nik' as ukuran, sum(cast(person_id as integer)) as nilai from marts.anggota"
    )
    with warehouse.connect(None) as con:
        con.execute(CANDIDATE)
        yield con


def publish(con: duckdb.DuckDBPyConnection, settings: Settings, **changes: object) -> release.Release:
    given: dict[str, object] = {"month": MONTH, "rules": RULES, "run_id": "jalan", **changes}
    return release.publish(con, settings, **given)  # type: ignore[arg-type]


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
    assert release.releases(settings) == [] and release.current(settings) is None
    assert [path.name for path in settings.releases.rglob("*")] == [".lock"]
    with registry.open(settings) as ledger:
        assert ledger.previous_assignment("2025-04").num_rows == 0


def test_a_blocked_month_leaves_the_last_release_standing(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    first = publish(con, settings)
    next_month(con)
    con.execute("delete from marts.anggota where person_id = 'P-000'")
    with pytest.raises(GateBlocked):
        publish(con, settings, month="2025-04")
    assert release.current(settings) == first
    assert release.verify(settings, MONTH, 1) == []


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
    assert (told["passed"], told["measures"]) == (False, [["orang", 30.0]])


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
    assert manifest["versions"]["welfare_model"] == ["pmt-1"]
    families = next(entry for entry in manifest["files"] if entry["path"] == "pribadi/keluarga.parquet")
    assert ["desil_nasional", "INTEGER"] in families["schema"]
    assert (made.path / "dashboard.html").read_text() == "<p>2025-03 r1</p>"
    assert (settings.releases / "CURRENT").read_text() == "2025-03/r1"
    assert release.current(settings) == made == release.of_month(settings, MONTH)


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
    assert len(release.releases(settings)) == 1
    assert [path.name for path in sorted((settings.releases / MONTH).iterdir())] == ["r1"]
    assert len(quality(settings)) == 2


def test_other_content_is_a_new_revision_and_the_old_one_stays_readable(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish(con, settings)
    con.execute("update marts.anggota set nik = null where person_id = 'P-001'")
    second = publish(con, settings)
    assert [(entry.name, entry.status) for entry in release.releases(settings)] == [
        ("2025-03/r1", "diganti"),
        ("2025-03/r2", "terbit"),
    ]
    assert release.current(settings) == second
    assert release.verify(settings, MONTH, 1) == release.verify(settings, MONTH, 2) == []


def test_an_older_month_published_again_does_not_become_current(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    next_month(con)
    newest = publish(con, settings, month="2025-04")
    next_month(con, MONTH)
    publish(con, settings)
    assert release.current(settings) == newest


def test_a_month_whose_ids_are_of_before_the_last_release_is_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """As of two months made side by side: the later one took its ids over before the earlier was out."""
    con.execute("create table linkage.penetapan_lalu as select * exclude (record_uid) from linkage.crosswalk limit 0")
    first = publish(con, settings)
    assert publish(con, settings) == first, "a month does not follow from itself"
    next_month(con)
    with pytest.raises(DtsenError, match=r"2025-03/r1.*published since"):
        publish(con, settings, month="2025-04")
    assert release.current(settings) == first
    con.execute("insert into linkage.penetapan_lalu select * exclude (record_uid) from linkage.crosswalk")
    assert publish(con, settings, month="2025-04").name == "2025-04/r1"


# Damage and crashes


def test_damage_is_named_file_by_file_and_publishing_again_makes_a_whole_copy(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    folder = publish(con, settings).path
    (folder / "terbuka/desil_provinsi.csv").write_text("lain")
    (folder / "pribadi/anggota.parquet").unlink()
    (folder / "tamu.txt").write_text("")
    assert release.verify(settings, MONTH, 1) == [
        "pribadi/anggota.parquet: hilang / missing",
        "tamu.txt: tidak tercatat / not in the manifest",
        "terbuka/desil_provinsi.csv: isi berubah / content changed",
    ]
    assert publish(con, settings).name == "2025-03/r2"


def test_a_changed_manifest_is_noticed(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    folder = publish(con, settings).path
    (folder / "manifest.json").write_text("{}")
    assert release.verify(settings, MONTH, 1) == [
        "2025-03/r1/manifest.json: hilang atau berubah / missing or changed since publication"
    ]


def test_verifying_what_never_was_is_refused(settings: Settings) -> None:
    with pytest.raises(InputError):
        release.verify(settings, MONTH, 1)


class Crash(BaseException):
    """The process dies here."""


def crash(*_: object, **__: object) -> None:
    raise Crash


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (release.contents, "write_files"),
        (release, "_seal"),
        (release.Path, "rename"),
        (registry.Registry, "record"),
        (release, "_point"),
    ],
)
def test_a_crash_anywhere_is_healed_by_the_next_publish(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch, target: object, name: str
) -> None:
    before = publish(con, settings)
    next_month(con)
    with monkeypatch.context() as patch:
        patch.setattr(release.shutil, "rmtree", lambda *_, **__: None)  # a dead process tidies nothing
        if name == "_point":
            calls = iter((lambda *_: None, crash))
            patch.setattr(target, name, lambda *_: next(calls)())
        else:
            patch.setattr(target, name, crash)
        with pytest.raises(Crash):
            publish(con, settings, month="2025-04")
    assert release.current(settings) == before, "until it is finished, the last release stands"

    healed = publish(con, settings, month="2025-04")
    assert release.current(settings) == healed and healed.name == "2025-04/r1"
    assert release.verify(settings, "2025-04", 1) == []
    assert sorted(path.name for path in settings.releases.glob("*/*")) == ["r1", "r1"]
    with registry.open(settings) as ledger:
        assert ledger.previous_assignment("2025-05").num_rows == 30


def test_a_page_that_fails_stops_the_release(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with pytest.raises(Crash):
        publish(con, settings, page=crash)
    assert list((settings.releases / MONTH).iterdir()) == [] and release.releases(settings) == []


def test_a_lost_registry_is_not_taken_for_a_crash(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    made = publish(con, settings)
    settings.registry.unlink()
    with pytest.raises(DtsenError, match="pulihkan registry"):
        publish(con, settings)
    with pytest.raises(DtsenError, match="pulihkan registry"):
        release.current(settings)
    assert (made.path / "manifest.json").exists()


# Export


def test_a_month_without_release_cannot_be_exported(settings: Settings) -> None:
    with pytest.raises(InputError, match="2025-03 belum diterbitkan"):
        export(settings, "crosswalk", MONTH, settings.home / "crosswalk.csv")
    assert audit.verify_chain(settings) == 0


@pytest.mark.parametrize(("name", "file"), [("nik", "a.csv"), ("anggota", "a.docx"), ("anggota", "a")])
def test_an_unknown_table_or_format_is_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, name: str, file: str
) -> None:
    publish(con, settings)
    with pytest.raises(InputError):
        export(settings, name, MONTH, settings.home / file)


def test_what_was_changed_since_publication_is_not_exported(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    file = publish(con, settings).path / "pribadi/crosswalk.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(DtsenError, match="berubah"):
        export(settings, "crosswalk", MONTH, settings.home / "crosswalk.csv")


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx"])
def test_the_crosswalk_comes_sorted_with_exactly_its_columns(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, suffix: str
) -> None:
    publish(con, settings)
    target = tmp_path / "baru" / f"hasil{suffix}"
    assert export(settings, "crosswalk", MONTH, target) == 30
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
    export(settings, "anggota", MONTH, tmp_path / "anggota.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "anggota.xlsx").active
    assert sheet is not None
    assert sheet["C2"].value == "3501010101010000"


def test_more_rows_than_a_sheet_holds_are_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(con, settings)
    monkeypatch.setattr("dtsen_pipeline.publication.export.XLSX_ROWS", 29)
    with pytest.raises(InputError, match="30 baris"):
        export(settings, "anggota", MONTH, tmp_path / "anggota.xlsx")
    assert not (tmp_path / "anggota.xlsx").exists()


def test_every_export_is_on_the_trail_and_none_leaves_without(
    con: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    publish(con, settings)
    export(settings, "keluarga", MONTH, tmp_path / "keluarga.csv")
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
        export(settings, "keluarga", MONTH, tmp_path / "lagi.csv")
    assert not (tmp_path / "lagi.csv").exists()
