"""Runs that run out of disk, may not write, die, or meet another run of their month: nothing is lost, and it is said why."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRun, DagsterRunStatus

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.orchestration import JOB, failures
from dtsen_pipeline.quality import seals
from dtsen_pipeline.registry import audit, store
from dtsen_pipeline.release import backup, catalogue, verification
from dtsen_pipeline.release.export import export
from dtsen_pipeline.sql.models import seed_paths
from dtsen_pipeline.storage.locks import hold_month
from dtsen_pipeline.storage.warehouse import tables
from dtsen_pipeline.welfare import changes
from tests.integration.conftest import MONTH, NEXT, House
from tests.integration.test_gate_bypass import STANDING, refusal
from tests.unit.test_alerts import webhook

CAPBSET_DROP, DAC_OVERRIDE = 24, 1


def dtsen_run(house: House, before: Callable[[], object] | None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", "run", "--month", house.month]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DAGSTER_") and name != "DTSEN_HOME"
    }
    return subprocess.run(
        [*command, "--landing", house.landing, "--home", house.home],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        preexec_fn=before,
    )


def test_a_full_disk_is_said_in_words_and_the_last_release_stands(house: House) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))

    house.folders.settings.warehouse(MONTH).unlink()
    done = dtsen_run(house, full)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "StorageError" in done.stderr and "the last release stands" in " ".join(done.stderr.split())
    assert house.current() == STANDING and verification.verify(house.folders.settings, MONTH, 1) == []


def test_a_home_that_may_not_be_written_is_said_in_words(house: House) -> None:
    def unprivileged() -> None:
        # Who is root writes everywhere, unless this is taken away. Who is not has nothing to lose here.
        ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE)

    (house.home / "warehouse" / f".{MONTH}.duckdb.lock").unlink()
    folders = [house.home, *(path for path in house.home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    done = dtsen_run(house, unprivileged)
    for folder in folders:
        folder.chmod(0o700)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "StorageError" in done.stderr and "Permission denied" in done.stderr
    assert house.current() == STANDING


def test_a_month_that_another_run_makes_is_left_alone(house: House) -> None:
    with hold_month(house.folders.settings.warehouse(MONTH)):
        done = house.materialize("rilis")
        assert not done.success
        told = dtsen_run(house, None)
        assert replace(house, month=NEXT).materialize(*seed_paths()).success, "other months are free"
    assert (
        told.returncode == 1
        and f"InUse bulan {MONTH} sedang dibuat" in told.stderr
        and f"pid {os.getpid()}" in told.stderr
    )
    assert house.materialize("rilis").success


def test_a_damaged_warehouse_is_made_anew_by_the_next_run(house: House, caplog: pytest.LogCaptureFixture) -> None:
    path = house.folders.settings.warehouse(MONTH)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert house.materialize(*seed_paths()).success
    assert f"{path}: berkas basis data rusak" in caplog.text and "deleted and made anew" in caplog.text
    with house.folders.warehouse(MONTH) as con:
        assert "marts.anggota" not in tables(con)
    assert house.current() == STANDING


def test_a_folder_that_is_not_there_stops_the_run_and_is_named(house: House) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        done = replace(house, landing=house.home / "tidak_ada").materialize(instance=instance)
        assert not done.success and [event.step_key for event in done.get_step_failure_events()] == ["pendaratan"]
        told = failures.failure(instance, done.run_id)
    assert isinstance(told.error, InputError) and "tidak_ada" in str(told.error) and "DTSEN_LANDING" in str(told.error)
    assert house.current() == STANDING


def test_two_months_launched_together_do_not_break_each_other(house: House, tmp_path: Path) -> None:
    """The later one is published, or is told to run again because the earlier came out meanwhile; then it is published."""
    earlier, later = "2025-04", "2025-05"
    landing = tmp_path / "landing"
    shutil.copytree(house.landing / "referensi", landing / "referensi")
    for month in (earlier, later):
        shutil.copytree(house.landing / MONTH, landing / month)
    house = replace(house, landing=landing)
    with ThreadPoolExecutor() as both:
        first, second = both.map(lambda month: dtsen_run(replace(house, month=month), None), (earlier, later))
    assert first.returncode == 0, first.stderr
    if second.returncode != 0:
        assert "InputError" in second.stderr and f"dtsen run --month {later}" in " ".join(second.stderr.split())
        assert house.current() == f"{earlier}/r1"
        assert dtsen_run(replace(house, month=later), None).returncode == 0
    known = catalogue.releases(house.folders.settings)
    assert [one.name for one in known] == [STANDING, f"{earlier}/r1", f"{later}/r1"]
    assert [verification.verify(house.folders.settings, one.month, 1) for one in known] == [[], [], []]
    with store.open(house.folders.settings) as book:
        ids = [book.previous_assignment(month) for month in (NEXT, later, "2025-06")]
    assert ids[0].equals(ids[1]) and ids[1].equals(ids[2]), "the same people, the same ids"


def test_what_was_made_of_another_run_s_table_is_refused(house: House) -> None:
    """As after a step that was made again alone, or by a second run between two steps of the first."""
    with house.folders.warehouse(MONTH) as con:
        con.execute("update intermediate.int_susenas set pengeluaran_per_kapita = 2 * pengeluaran_per_kapita")
        seals.seal(con, "intermediate.int_susenas")
    told = refusal(house.materialize("rilis"))
    assert "DtsenError" in told and "made anew since" in told
    assert "welfare.koefisien" in told and "intermediate.int_susenas" not in told and "marts.anggota" not in told
    assert house.current() == STANDING


def test_a_month_that_goes_on_from_a_deleted_release_is_told_so(house: House) -> None:
    settings = house.folders.settings
    (standing,) = catalogue.releases(settings)
    audit.append(settings, audit.DELETED, rilis=standing.name, manifest=standing.manifest_sha256, alasan="masa simpan")
    shutil.rmtree(standing.path)
    shutil.copy(settings.warehouse(MONTH), settings.warehouse(NEXT))
    after = replace(house, month=NEXT)
    for step in (["linkage.model", "linkage.frekuensi"], [*changes.LAST_RELEASE_TABLES]):
        told = refusal(after.materialize(*step))
        assert "InputError" in told and f"rilis {STANDING} sudah dihapus / was deleted" in told, step


@pytest.mark.parametrize(("alive", "status"), [(False, DagsterRunStatus.FAILURE), (True, DagsterRunStatus.STARTED)])
def test_a_run_of_the_command_whose_process_is_gone_is_said_to_have_failed_and_people_are_told(
    house: House, monkeypatch: pytest.MonkeyPatch, alive: bool, status: DagsterRunStatus
) -> None:
    monkeypatch.setattr(failures, "STARTING_SECONDS", -60)
    monkeypatch.setenv("DTSEN_HOME", str(house.home))
    run = DagsterRun(
        JOB,
        "0" * 32,
        status=DagsterRunStatus.STARTED,
        tags={"dagster/partition": MONTH},
    )
    with dg.DagsterInstance.ephemeral() as instance, webhook() as (url, got):
        monkeypatch.setenv("DTSEN_WEBHOOK", url)
        instance.add_run(run)
        if alive:
            with hold_month(house.folders.settings.warehouse(MONTH)):
                assert failures.fail_the_dead(instance) == []
        else:
            assert failures.fail_the_dead(instance) == [run.run_id]
        found = instance.get_run_by_id(run.run_id)
        assert found is not None and found.status == status
    assert ["its process is gone" in alert["message"] for alert in got] == ([] if alive else [True])


def test_a_home_restored_from_its_backup_is_whole_and_goes_on(house: House, tmp_path: Path) -> None:
    """Neither warehouse nor run history is needed."""
    kept = backup.make(house.folders.settings, tmp_path / "cadangan")
    restored = replace(house, home=tmp_path / "pulih")
    settings = restored.folders.settings
    assert kept.problems == [] and backup.restore(kept.path, settings) == []
    assert restored.current() == STANDING and verification.verify(settings, MONTH, 1) == []
    assert export(settings, "keluarga", MONTH, tmp_path / "keluarga.csv") > 500
    with store.open(settings) as book:
        assert book.previous_assignment(NEXT).num_rows > 5000
