"""Review: what cannot be read is named cell by cell, decisions stick, and a queue drawn unevenly still estimates evenly."""

from __future__ import annotations

import contextlib
import csv
import json
import stat
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import hypothesis
import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.review import decisions, estimates, intake, spreadsheet
from dtsen_pipeline.review.queue import write_queue
from dtsen_pipeline.review.strata import LAYERS
from dtsen_pipeline.storage.warehouse import connect

MONTH = "2025-03"
PAIRS = 3000
HEADING = ("putusan", "pemutus", "tanggal", "alasan", "record_l", "record_r", "stratum", "peluang_terpilih", "bobot")
A, B, C, D = "dtks:A", "p3ke:B", "regsosek:C", "p3ke:D"


def people(con: duckdb.DuckDBPyConnection, count: int = PAIRS) -> None:
    """``count`` pairs of two nodes, one record each. The weight goes from -12 to 50; of each fifth pair one side has no NIK, each
    seventh is of single names; each 150th merge is refused. Nothing else is in the tables than what review reads."""
    con.execute(
        f"""
        create table pasang as
        select cast(i as bigint) as i, -12.0 + 62.0 * i / {count} as bobot, i % 5 = 0 as tanpa_nik, i % 7 = 0 as tunggal
        from range({count}) as r (i);
        create table satu as
        select 2 * i as node, concat('dtks:A', lpad(cast(i as varchar), 6, '0')) as uid, i, true as kiri, * exclude (i) from pasang
        union all
        select 2 * i + 1, concat('p3ke:B', lpad(cast(i as varchar), 6, '0')), i, false, * exclude (i) from pasang;
        create table linkage.pasangan as
        select 2 * i as node_l, 2 * i + 1 as node_r, bobot as match_weight from pasang;
        create table linkage.pasangan_dalam_keluarga as
        select 2 * i as node_l, 2 * i + 1 as node_r, bobot as match_weight from pasang where bobot between -8 and 0 and i % 3 = 0;
        create table linkage.tolakan as
        select 2 * i as node_l, 2 * i + 1 as node_r, bobot as match_weight, 'roster' as alasan
        from pasang where bobot > 2 and i % 150 = 0;
        create table linkage.simpul_rekaman as select uid as record_uid, node as node_id, true as wakil from satu;
        create table linkage.simpul as
        select
            node as unique_id,
            case when not (tanpa_nik and kiri) then lpad(cast(i as varchar), 16, '3') end as nik,
            case when not tunggal then 'SANTOSO' end as nama_akhir,
            'BUDISANTOSO' as nama_rapat,
            date '1980-01-02' as tgl_lahir,
            cast(null as varchar) as kk,
            cast(null as varchar) as kk2
        from satu;
        create table linkage.orang as select uid as record_uid from satu;
        create table linkage.crosswalk as select uid as record_uid from satu;
        create table intermediate.int_wilayah__aktif (kode_kemendagri varchar, nama varchar);
        create table intermediate.int_person_record as
        select
            uid as record_uid, 'dtks' as source, case when kiri then '=2+5' else '@BUDI' end as nama_asal, 'BUDI' as nama,
            '3519142003790001' as nik, null::varchar as nik_asal, null::varchar as nik_masalah, null::varchar as kk,
            date '1980-01-02' as tgl_lahir, 'hari' as tgl_lahir_presisi, 1980 as tahun_lahir, 'L' as jenis_kelamin,
            null::varchar as tempat_lahir, null::varchar as ibu, 'JL' || chr(7) || 'MELATI' as alamat_baku, null::varchar as sls,
            null::varchar as kode_desa, null::varchar as kode_kecamatan, null::varchar as kode_kabupaten, 1 as hubungan,
            null::date as tanggal_amatan, 'a.csv' as _file, 2 as _line, uid as family_uid
        from satu;
        """
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def month(settings: Settings) -> Settings:
    """A home that keeps a month of ``PAIRS`` pairs."""
    with connect(settings.warehouse(MONTH)) as con:
        people(con)
    return settings


def row(one: str, other: str, verdict: str, day: str = "2025-04-01", why: str = "nama", **more: str) -> dict[str, str]:
    return dict.fromkeys(HEADING, "") | {
        "putusan": verdict, "pemutus": "Ani", "tanggal": day, "alasan": why, "record_l": one, "record_r": other
    } | more  # fmt: skip


def sheet(to: Path, rows: Sequence[Mapping[str, object]], heading: Sequence[str] = HEADING) -> Path:
    """A filled-in queue as .csv or .xlsx."""
    if to.suffix == ".csv":
        with to.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, heading, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return to
    book = openpyxl.Workbook()
    book.worksheets[0].title = "antrean"
    for line in (list(heading), *([one[name] or None for name in heading] for one in rows)):
        book.worksheets[0].append(line)
    book.save(to)
    return to


def read(settings: Settings, *rows: Mapping[str, object], name: str = "antrean.csv") -> tuple[int, int]:
    return intake.read_decisions(settings, sheet(settings.home.parent / name, rows))


def standing(settings: Settings) -> list[tuple[str, str, str]]:
    with connect(None) as con:
        decisions.load_decisions(con, settings.home)
        return con.execute("select record_l, record_r, putusan from linkage.keputusan").fetchall()


def queue(settings: Settings, size: int = 200, month: str = MONTH, name: str = "antrean.csv") -> list[dict[str, str]]:
    to = settings.home.parent / name
    write_queue(settings, month, to, size)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return [{name.split(" / ")[0]: value for name, value in line.items()} for line in csv.DictReader(file)]


# --- what cannot be read


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("putusan", "sma", "diharapkan/expected sama, beda, ragu"),
        ("putusan", "", "kosong padahal alasan terisi"),
        ("pemutus", "", "wajib diisi"),
        ("alasan", " ", "wajib diisi"),
        ("tanggal", "", "YYYY-MM-DD"),
        ("tanggal", "31-02-2025", "YYYY-MM-DD"),
        ("tanggal", "2999-01-01", "in the future"),
        ("record_r", "BUDI SANTOSO", "dtks|regsosek|p3ke:record_id"),
        ("record_r", A, "the same record twice"),
        ("stratum", "lain", "as the queue wrote it"),
        ("peluang_terpilih", "1,5", "above 0 up to 1"),
        ("peluang_terpilih", "0", "above 0 up to 1"),
        ("bobot", "berat", "expected a number"),
    ],
)
@pytest.mark.parametrize("name", ["antrean.csv", "antrean.xlsx"])
def test_a_cell_that_cannot_be_used_is_named_and_nothing_is_taken_over(settings, column, value, expected, name):
    with pytest.raises(InputError) as caught:
        read(settings, row(C, D, "beda"), row(A, B, "sama") | {column: value}, name=name)
    message = str(caught.value)
    assert name in message
    assert "baris/row 3, kolom/column" in message
    assert column in message
    assert expected in message
    assert ("lembar/sheet antrean" in message) == name.endswith("xlsx")
    assert standing(settings) == []


def test_every_cell_that_cannot_be_used_is_told_at_once_and_no_value_of_it(settings):
    with pytest.raises(InputError) as caught:
        read(settings, row(A, B, "BUDI SANTOSO"), row("3519142003790001", D, "beda", why=""))
    message = str(caught.value)
    assert "3 sel" in message
    assert "BUDI" not in message
    assert "3519142003790001" not in message


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("tidak-ada.xlsx", None, "no such file"),
        ("antrean.xlsx", b"bukan", "not an XLSX workbook"),
        ("antrean.csv", b"putusan,pemutus\n", "record_l"),
        ("antrean.csv", b"", "columns missing"),
        ("antrean.csv", b'putusan\n"' + 200_000 * b"a", "never closed|columns missing"),
        ("antrean.csv", "putusan,\xe9".encode("latin-1"), "not UTF-8"),
        ("antrean.ods", b"", "unknown suffix"),
    ],
)
def test_a_file_that_is_no_queue_is_refused(settings, name, content, expected):
    path = settings.home.parent / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=expected):
        intake.read_decisions(settings, path)


@given(damage=st.data())
@hypothesis.settings(max_examples=150, deadline=None)
def test_a_damaged_queue_is_read_or_refused_by_name(tmp_path_factory, damage):
    """A disk, a mail gateway or half a download: parts cut off, bytes changed, whole parts gone."""
    folder = tmp_path_factory.mktemp("rusak")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = spreadsheet.SHEET
    sheet.append(HEADING)
    sheet.append(("sama", "Ani", date(2025, 3, 21), "KK sama", A, B, "atas", 0.5, 3.25))
    book.save(folder / "a.xlsx")
    with zipfile.ZipFile(folder / "a.xlsx") as whole:
        parts = {name: bytearray(whole.read(name)) for name in whole.namelist()}
    chosen = parts[name := damage.draw(st.sampled_from(sorted(parts)))]
    kind = damage.draw(st.sampled_from(["gone", "cut", "changed", "none"]))
    if kind == "gone":
        del parts[name]
    elif kind == "cut":
        del chosen[damage.draw(st.integers(0, len(chosen) - 1)) :]
    elif kind == "changed":
        for _ in range(damage.draw(st.integers(1, 5))):
            chosen[damage.draw(st.integers(0, len(chosen) - 1))] = damage.draw(st.integers(0, 255))
    with zipfile.ZipFile(folder / "b.xlsx", "w") as spoiled:
        for part, content in parts.items():
            spoiled.writestr(part, bytes(content))
    content = bytearray((folder / "b.xlsx").read_bytes())
    if kind == "none":
        for _ in range(damage.draw(st.integers(1, 5))):
            content[damage.draw(st.integers(0, len(content) - 1))] = damage.draw(st.integers(0, 255))
    (folder / "c.xlsx").write_bytes(content)
    with contextlib.suppress(InputError):
        spreadsheet.read_queue(folder / "c.xlsx")


def test_a_workbook_without_the_sheet_is_refused(settings):
    book = openpyxl.Workbook()
    book.save(path := settings.home.parent / "lain.xlsx")
    with pytest.raises(InputError, match="'antrean'"):
        intake.read_decisions(settings, path)


def test_a_file_of_decisions_that_was_damaged_is_not_written_to(settings):
    read(settings, row(A, B, "sama"))
    path = settings.home / "tinjauan" / "keputusan.csv"
    path.write_text(path.read_text() + "dtks:X,p3ke:Y")
    with pytest.raises(DtsenError, match=r"keputusan.csv, baris/line 3"):
        read(settings, row(C, D, "beda"))


# --- contradictions


def test_a_chain_of_same_against_a_different_names_all_their_rows_and_nothing_is_taken_over(settings):
    with pytest.raises(InputError) as caught:
        read(settings, row(A, B, "sama"), row(A, D, "sama"), row(B, C, "sama"), row(A, C, "beda"))
    message = str(caught.value)
    assert "baris/row 5 (beda)" in message
    assert "baris/row 4" in message
    assert "baris/row 2" in message
    assert "baris/row 3" not in message, "the row that has no part in it is not named"
    assert standing(settings) == []


def test_a_contradiction_with_what_was_read_before_names_the_line_of_the_decisions(settings):
    read(settings, row(A, B, "sama"), row(B, C, "sama"))
    with pytest.raises(InputError, match=r"baris/row 2 \(beda\) <> keputusan.csv"):
        read(settings, row(A, C, "beda"))
    assert len(standing(settings)) == 2


def test_a_later_word_on_a_link_of_the_chain_resolves_it(settings):
    read(settings, row(A, B, "sama"), row(B, C, "sama"))
    read(settings, row(A, C, "beda", "2025-04-02"), row(B, C, "beda", "2025-04-02"))
    assert standing(settings) == [(A, B, "sama"), (A, C, "beda"), (B, C, "beda")]


def test_two_words_on_one_pair_in_one_file_on_one_day_are_refused(settings):
    with pytest.raises(InputError, match="baris/row 3"):
        read(settings, row(A, B, "sama"), row(B, A, "beda"))


# --- decisions that stick


def test_where_nobody_decided_the_table_is_there_and_empty(settings):
    with connect(None) as con:
        decisions.load_decisions(con, settings.home)
        assert con.execute("select count(*) from linkage.keputusan").fetchone() == (0,)
        assert [name for name, *_ in con.execute("describe linkage.keputusan").fetchall()] == [
            "record_l", "record_r", "putusan", "stratum", "peluang", "bobot"
        ]  # fmt: skip


@pytest.mark.parametrize("name", ["antrean.csv", "antrean.xlsx"])
def test_decisions_are_kept_by_pair_and_a_doubt_binds_nobody(settings, name):
    given = row(B, A, "Sama", "01/04/2025", stratum="atas_dekat/biasa", peluang_terpilih="0,25", bobot="3.5")
    assert read(settings, given, row(C, D, "ragu"), row(A, D, "", why=""), name=name) == (2, 1)
    with connect(None) as con:
        decisions.load_decisions(con, settings.home)
        rows = con.execute("from linkage.keputusan").fetchall()
    assert rows == [(A, B, "sama", "atas_dekat/biasa", 0.25, 3.5)]


def test_reading_a_file_twice_adds_nothing(settings):
    assert read(settings, row(A, B, "sama")) == (1, 0)
    before = (settings.home / "tinjauan" / "keputusan.csv").read_bytes()
    assert read(settings, row(A, B, "sama")) == (0, 0)
    assert (settings.home / "tinjauan" / "keputusan.csv").read_bytes() == before


def test_the_later_day_wins_whichever_is_read_first_and_nothing_is_overwritten(settings):
    read(settings, row(A, B, "beda", "2025-04-02"))
    read(settings, row(A, B, "sama", "2025-04-01"))
    assert standing(settings) == [(A, B, "beda")]
    read(settings, row(A, B, "ragu", "2025-04-03"))
    assert standing(settings) == []
    assert len((settings.home / "tinjauan" / "keputusan.csv").read_text().splitlines()) == 4


def test_semicolons_and_formulas_are_read_and_kept_as_text(settings):
    path = settings.home.parent / "antrean.csv"
    path.write_text(";".join(HEADING) + "\n" + ";".join(row(A, B, "sama", why="=1+1").values()) + "\n")
    assert intake.read_decisions(settings, path) == (1, 0)
    assert ",'=1+1," in (settings.home / "tinjauan" / "keputusan.csv").read_text()
    assert intake.read_decisions(settings, path) == (0, 0)


@pytest.mark.parametrize("number", ["3175010101010001", "3175.0101.0101.0001", "3175 0101 0101 0001"])
def test_a_number_in_a_reason_is_masked_and_the_sheet_is_still_known(settings, number):
    assert read(settings, row(A, B, "sama", why=f"NIK {number} pada keduanya"), name=f"{number}.csv") == (1, 0)
    kept = settings.home / "tinjauan" / "keputusan.csv"
    assert number not in kept.read_text() and f"NIK {'*' * 16} pada keduanya" in kept.read_text()
    assert number not in audit.path(settings).read_text()
    kept.write_text(kept.read_text().replace("*" * 16, number))  # as an earlier version wrote it
    assert read(settings, row(A, B, "sama", why=f"NIK {number} pada keduanya")) == (0, 0)


@pytest.mark.parametrize("target", [(Path, "replace"), (Path, "write_text"), (audit, "append")])
def test_on_a_full_disk_no_decision_is_half_read(settings, monkeypatch, target):
    read(settings, row(A, B, "sama"))
    kept = settings.home / "tinjauan" / "keputusan.csv"
    before = kept.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    path = sheet(settings.home.parent / "lagi.csv", [row(C, D, "sama")])
    with monkeypatch.context() as patch:
        patch.setattr(*target, full)
        with pytest.raises(OSError, match="No space left"):
            intake.read_decisions(settings, path)
    assert kept.read_bytes() == before and sorted(one.name for one in kept.parent.iterdir()) == [".lock", kept.name]
    assert intake.read_decisions(settings, path) == (1, 0) and len(standing(settings)) == 2


def test_decisions_are_private_and_on_the_audit_trail(settings):
    read(settings, row(A, B, "sama", why="ibu sama"))
    assert stat.S_IMODE((settings.home / "tinjauan" / "keputusan.csv").stat().st_mode) == 0o600
    assert audit.verify_chain(settings) == 1
    (line,) = audit.path(settings).read_text().splitlines()
    assert json.loads(line)["tindakan"] == "putusan_tinjauan"
    assert json.loads(line)["baris"] == 1
    assert "ibu" not in line


# --- the queue


def test_there_is_no_queue_of_a_month_without_a_warehouse(settings):
    with pytest.raises(InputError, match="2025-04"):
        queue(settings, month="2025-04")
    with pytest.raises(InputError, match="no released month"):
        write_queue(settings, None, settings.home.parent / "antrean.csv", 100)
    with pytest.raises(InputError, match="unknown suffix"):
        write_queue(settings, MONTH, settings.home.parent / "antrean.ods", 100)


def test_the_same_month_gives_the_same_queue_and_another_month_another(month):
    first = queue(month)
    assert queue(month, name="lagi.csv") == first
    month.warehouse(MONTH).rename(month.warehouse("2025-04"))
    other = {line["record_l"] for line in queue(month, month="2025-04")}
    assert len(other - {line["record_l"] for line in first}) > 50


def test_a_queue_asks_on_both_sides_of_the_threshold_and_most_where_it_is_hard(month):
    lines = queue(month)
    assert len(lines) == 200
    layers = {line["stratum"].split("/")[0] for line in lines}
    assert layers == set(LAYERS)
    assert sum(line["stratum"].startswith("tolakan") for line in lines) == 15, "every refused merge"
    with connect(month.warehouse(MONTH), read_only=True) as con:
        without = con.execute("select count(*) from pasang where tanpa_nik").fetchall()[0][0] / PAIRS
    asked = sum(line["stratum"].endswith("tanpa_nik") for line in lines) / len(lines)
    assert asked > 1.3 * without
    assert all("NIK tidak ada" in line["sebab"] for line in lines if line["stratum"].endswith("tanpa_nik"))


def test_the_chances_of_what_was_drawn_add_up_to_what_there_was(month):
    total: dict[str, float] = {}
    for line in queue(month):
        total[line["stratum"]] = total.get(line["stratum"], 0.0) + 1 / float(line["peluang_terpilih"])
    assert sum(total.values()) == pytest.approx(PAIRS)


def test_twins_are_told_from_relatives(month):
    with connect(month.warehouse(MONTH)) as con:
        con.execute(
            "update linkage.simpul set kk = '35', kk2 = '35', nama_rapat = 'RINASANTOSO' where unique_id in (10, 20)"
        )
        con.execute(
            "update linkage.simpul set kk = '35', kk2 = '35', nama_rapat = 'RINISANTOSO' where unique_id in (11, 21)"
        )
    lines = queue(month)
    twins = [line for line in lines if line["stratum"].endswith("kembar")]
    assert [line["record_l"] for line in sorted(twins, key=lambda line: line["record_l"])] == [
        "dtks:A000005",
        "dtks:A000010",
    ]


def test_what_was_decided_is_not_asked_again(month):
    lines = queue(month)
    verdicts = ["sama", "beda", "ragu"]
    decided = [
        line | {"putusan": verdicts[n % 3], "pemutus": "Ani", "tanggal": "2025-04-01", "alasan": "nama"}
        for n, line in enumerate(lines)
    ]
    assert read(month, *decided, name="isi.csv") == (200, 0)
    again = {line["record_l"] for line in queue(month)}
    assert len(again) == 200
    assert not again & {line["record_l"] for line in lines}


def test_the_workbook_is_safe_to_open_and_easy_to_fill_in(month):
    to = month.home.parent / "antrean.xlsx"
    write_queue(month, MONTH, to, 60)
    book = openpyxl.load_workbook(to)
    assert book.sheetnames == ["antrean", "petunjuk"]
    asked = book["antrean"]
    names = {str(cell.value).split(" / ")[0]: cell.column_letter for cell in asked[1]}
    assert asked.freeze_panes == "C2"
    assert asked[f"{names['nama_1']}2"].value == "=2+5"
    assert asked[f"{names['nama_2']}2"].value == "@BUDI"
    assert {cell.data_type for line in asked.iter_rows(min_row=2) for cell in line} <= {"s", "n"}, "no formula"
    assert asked[f"{names['alamat_1']}2"].value == "JL MELATI"
    assert asked[f"{names['nik_1']}2"].value == "3519142003790001"
    (choice,) = asked.data_validations.dataValidation
    assert choice.formula1 == '"sama,beda,ragu"'
    assert f"{names['putusan']}2" in choice.sqref
    assert asked.protection.sheet
    assert not asked[f"{names['putusan']}2"].protection.locked
    assert asked[f"{names['record_l']}2"].protection.locked
    assert asked.column_dimensions[names["nama_1"]].width > 20


def test_a_csv_does_not_run_formulas_either(month):
    assert {line["nama_1"] for line in queue(month)} == {"'=2+5"}
    assert {line["nama_2"] for line in queue(month)} == {"'@BUDI"}


def test_a_queue_is_private_and_on_the_audit_trail_or_it_is_not_there(month, monkeypatch):
    queue(month)
    to = month.home.parent / "antrean.csv"
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    entry = json.loads(audit.path(month).read_text())
    assert (entry["tindakan"], entry["bulan"], entry["baris"], entry["berkas"]) == (
        "antrean_tinjauan", MONTH, 200, "antrean.csv"
    )  # fmt: skip
    to.unlink()
    monkeypatch.setattr(audit, "append", lambda *given, **more: (_ for _ in ()).throw(DtsenError("penuh")))
    with pytest.raises(DtsenError, match="penuh"):
        queue(month)
    assert list(to.parent.glob("*antrean*")) == []


def test_the_workbook_that_was_written_is_read_back(month):
    to = month.home.parent / "antrean.xlsx"
    write_queue(month, MONTH, to, 60)
    book = openpyxl.load_workbook(to)
    names = {str(cell.value).split(" / ")[0]: cell.column_letter for cell in book["antrean"][1]}
    for name, value in (("putusan", "sama"), ("pemutus", "Ani"), ("tanggal", "2025-04-01"), ("alasan", "nama")):
        book["antrean"][f"{names[name]}2"] = value
    book.save(to)
    assert intake.read_decisions(month, to) == (1, 59)
    assert standing(month)[0][2] == "sama"


# --- the estimate


def answer(settings: Settings, size: int, truth: Mapping[str, bool]) -> None:
    """A clerk who knows the truth (by the first record) fills in a whole queue."""
    lines = queue(settings, size)
    rows = [
        line | {"putusan": "sama" if truth[line["record_l"]] else "beda", "pemutus": "Ani", "tanggal": "2025-04-01"}
        | {"alasan": "nama"}
        for line in lines
    ]  # fmt: skip
    read(settings, *rows, name="isi.csv")


def facts_of(settings: Settings) -> dict[str, tuple[float, bool, bool]]:
    """First record to weight, whether a side has no NIK, and whether the model merges the pair."""
    with connect(settings.warehouse(MONTH), read_only=True) as con:
        rows = con.execute(
            """
            select concat('dtks:A', lpad(cast(i as varchar), 6, '0')), p.bobot, p.tanpa_nik,
                t.node_l is null and (p.bobot >= 2 or k.node_l is not null)
            from pasang as p
            left join linkage.tolakan as t on 2 * p.i = t.node_l
            left join linkage.pasangan_dalam_keluarga as k on 2 * p.i = k.node_l
            """
        ).fetchall()
    return {uid: (weight, without, merged) for uid, weight, without, merged in rows}


def estimate(settings: Settings) -> dict[str, tuple[float, float, float]]:
    with connect(settings.warehouse(MONTH)) as con:
        decisions.load_decisions(con, settings.home)
        return {name: (value, low, high) for name, value, low, high, _ in estimates.estimate_from_reviews(con)}


def truly(facts: Mapping[str, tuple[float, bool, bool]], truth: Mapping[str, bool]) -> dict[str, float]:
    hits = sum(truth[uid] for uid, (*_, merged) in facts.items() if merged)
    return {
        "presisi_tinjauan": hits / sum(merged for *_, merged in facts.values()),
        "recall_tinjauan": hits / sum(truth.values()),
    }


def test_an_uneven_draw_estimates_evenly(month):
    """Pairs without a NIK are drawn more often and are wrong more often: the plain share of the queue would be far off."""
    facts = facts_of(month)
    dice = np.random.default_rng(5).random(len(facts))
    truth = {
        uid: bool(roll < (0.6 if without else 0.99) / (1 + 2.0 ** -(weight - 1)))
        for (uid, (weight, without, _)), roll in zip(sorted(facts.items()), dice, strict=True)
    }
    answer(month, 600, truth)
    found, actual = estimate(month), truly(facts, truth)
    for name, (value, low, high) in found.items():
        assert low <= actual[name] <= high
        assert low < value < high
        assert high - low < 0.12
    merged = [one for one in decisions.standing_decisions(month.home) if facts[one.record_l][2]]
    plain = np.mean([one.putusan == "sama" for one in merged])
    value = found["presisi_tinjauan"][0]
    assert abs(value - actual["presisi_tinjauan"]) < abs(plain - actual["presisi_tinjauan"]) / 2


def test_where_no_error_was_seen_the_interval_still_has_a_width(month):
    facts = facts_of(month)
    answer(month, 300, {uid: merged for uid, (*_, merged) in facts.items()})
    for value, low, high in estimate(month).values():
        assert value == high == 1.0
        assert 0.9 < low < 1.0


def test_the_side_is_told_by_the_weight_and_not_by_what_a_decision_made_of_it(month):
    facts = facts_of(month)
    answer(month, 300, {uid: merged and i % 4 > 0 for i, (uid, (*_, merged)) in enumerate(sorted(facts.items()))})
    before = estimate(month)
    with connect(month.warehouse(MONTH)) as con:
        con.execute(
            """insert into linkage.tolakan
            select l.node_id, r.node_id, 9.0, 'keputusan' from linkage.keputusan as k
            inner join linkage.simpul_rekaman as l on k.record_l = l.record_uid
            inner join linkage.simpul_rekaman as r on k.record_r = r.record_uid
            where k.putusan = 'beda'"""
        )
    assert estimate(month) == before
    assert before["presisi_tinjauan"][0] < 0.9


def test_a_pair_that_was_not_drawn_does_not_enter(month):
    facts = facts_of(month)
    answer(month, 300, {uid: merged for uid, (*_, merged) in facts.items()})
    before = estimate(month)
    asked = {one.record_l for one in decisions.standing_decisions(month.home)}
    complaints = [uid for uid, (*_, merged) in sorted(facts.items()) if merged and uid not in asked][:40]
    read(month, *(row(uid, uid.replace("dtks:A", "p3ke:B"), "beda") for uid in complaints))
    assert estimate(month) == before


def test_too_few_reviewed_pairs_give_no_estimate(month):
    assert estimate(month) == {}
    lines = queue(month, 200)
    filled = [line | {"putusan": "sama", "pemutus": "Ani", "tanggal": "2025-04-01", "alasan": "nama"} for line in lines]
    read(month, *filled[:40])
    assert estimate(month) == {}
    # Enough in all, but nothing of one layer.
    read(month, *(line for line in filled if not line["stratum"].startswith("bawah_jauh")))
    assert estimate(month) == {}
    read(month, *filled)
    assert set(estimate(month)) == {"presisi_tinjauan", "recall_tinjauan"}


# --- the command


@pytest.mark.parametrize("given", [[], ["--to", "a.csv", "--read", "b.csv"]])
def test_the_command_writes_or_reads(settings, monkeypatch, given):
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))
    done = CliRunner().invoke(app, ["review", "--home", str(settings.home), *given])
    assert isinstance(done.exception, InputError)


def test_the_command_says_what_it_did(month, monkeypatch):
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(month.home))
    to = month.home.parent / "antrean.csv"
    options = ["review", "--home", str(month.home)]
    done = CliRunner().invoke(app, [*options, "--month", MONTH, "--to", str(to), "--size", "80"])
    assert "80 pasangan" in done.output
    done = CliRunner().invoke(app, [*options, "--read", str(to)])
    assert "0 putusan baru" in done.output
    assert "80 belum diputus" in done.output
