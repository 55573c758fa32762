"""When the deliveries of a month are complete, and what is still missing where they are not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dtsen_pipeline.contracts import Arrival, check_arrival, load
from dtsen_pipeline.contracts.delivery import MARKER, QUIET_MINUTES

MONTH, BEFORE = "2025-03", "2025-02"
LATER = 60.0 * (QUIET_MINUTES + 1)


def deliver(landing: Path, month: str, *sources: str) -> None:
    for source in sources:
        folder = landing / (month if load()[source].delivery != "referensi" else "") / source
        folder.mkdir(parents=True)
        for table in load()[source].tables.values():
            (folder / f"{table.files}.csv").write_text("a\n", encoding="utf-8")


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """A landing zone in which everything came that must."""
    deliver(tmp_path, MONTH, "dtks", "regsosek", "p3ke", "referensi")
    return tmp_path


def at(landing: Path, seconds: float) -> Arrival:
    return check_arrival(landing, MONTH, time.time() + seconds)


def test_all_sources_and_a_quiet_half_hour_make_a_month_complete(landing: Path) -> None:
    assert at(landing, LATER).waiting is None


def test_files_that_have_just_changed_are_waited_for(landing: Path) -> None:
    assert "ditunggu" in str(at(landing, 0).waiting)
    assert "waiting for 30" in str(at(landing, 60.0 * (QUIET_MINUTES - 1)).waiting)


def test_the_marker_ends_the_waiting(landing: Path) -> None:
    (landing / MONTH / MARKER).touch()
    assert at(landing, 0).waiting is None


def test_a_source_that_came_last_month_only_is_named_and_taken_as_it_is_with_the_marker(landing: Path) -> None:
    (landing / BEFORE).mkdir()
    (landing / MONTH / "regsosek").rename(landing / BEFORE / "regsosek")
    waiting = str(at(landing, LATER).waiting)
    assert "regsosek (Badan Pusat Statistik)" in waiting and "dtks" not in waiting and MARKER in waiting
    (landing / MONTH / MARKER).touch()
    assert at(landing, 0).waiting is None


@pytest.mark.parametrize("file", ["regsosek/keluarga.csv", "p3ke/individu.csv"])
def test_a_table_that_is_missing_is_named_even_with_the_marker(landing: Path, file: str) -> None:
    (landing / MONTH / MARKER).touch()
    (landing / MONTH / file).unlink()
    assert Path(file).stem in str(at(landing, LATER).waiting)


def test_a_source_that_never_came_and_a_half_uploaded_file_are_waited_for(landing: Path) -> None:
    (landing / MONTH / "dtks" / "anggota.csv.part").touch()
    assert "anggota.csv.part" in str(at(landing, LATER).waiting)
    for path in (landing / MONTH / "dtks").iterdir():
        path.unlink()
    assert "dtks" in str(at(landing, LATER).waiting)


def test_a_file_that_comes_or_goes_later_is_a_change(landing: Path) -> None:
    deliver(landing, MONTH, "pemutakhiran")
    first = at(landing, LATER).changed
    time.sleep(0.02)
    (landing / MONTH / "dtks" / "anggota-2.csv").write_text("a\n", encoding="utf-8")
    second = at(landing, LATER).changed
    time.sleep(0.02)
    (landing / MONTH / "dtks" / "anggota-2.csv").unlink()
    assert first < second < at(landing, LATER).changed


@pytest.mark.parametrize("odd", ["2025_03", f"{MONTH}/DTKS", f"{MONTH}/dtks/_anggota_2.csv"])
def test_what_is_not_understood_is_told_and_starts_nothing(landing: Path, odd: str) -> None:
    (landing / MONTH / MARKER).touch()
    (landing / odd).mkdir()
    waiting = str(at(landing, LATER).waiting)
    assert odd in waiting and "Tindakan/action" in waiting


def test_a_month_that_nothing_came_for_is_told(landing: Path) -> None:
    assert "belum ada kiriman" in str(check_arrival(landing, "2025-02", time.time()).waiting)
    assert "tidak ada" in str(check_arrival(landing / "lain", MONTH, time.time()).waiting)
