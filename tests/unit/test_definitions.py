"""What Dagster shows and does by itself: the graph as the story, who is told of what, and when a month starts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster import DagsterRun, DagsterRunStatus
from dagster._core.remote_origin import CodeLocationOrigin, RegisteredCodeLocationOrigin
from pydantic import SecretStr
from rich.console import Console

from assets.common import version_of
from dtsen_pipeline import definitions
from dtsen_pipeline.config import TIMEZONE, Settings
from dtsen_pipeline.contracts import load
from dtsen_pipeline.contracts.delivery import MARKER
from dtsen_pipeline.dashboard.pictures import PICTURES
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError
from dtsen_pipeline.orchestration import JOB, automation, runner
from dtsen_pipeline.orchestration.automation import need_not_start
from dtsen_pipeline.orchestration.failures import Failure, alert_of, failure
from dtsen_pipeline.orchestration.job import MONTHS
from dtsen_pipeline.release import blocked, manifest
from dtsen_pipeline.sql.models import load_models, seed_paths
from tests.unit.test_alerts import CLOSED, webhook
from tests.unit.test_arrival import LATER, MONTH, deliver

STORY = ["landing", "staging", "linkage", "registry", "welfare", "release"]
GROUP_OF = {
    "kiriman": "landing",
    "raw": "landing",
    "quarantine": "landing",
    "seeds": "landing",
    "staging": "staging",
    "intermediate": "staging",
    "linkage": "linkage",
    "marts": "registry",
    "welfare": "welfare",
    "publikasi": "release",
    "rilis": "release",
}
IDS = {"linkage/crosswalk", "linkage/penetapan_lalu", "linkage/penetapan_dulu"}


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    return definitions.defs()


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


# What is typed into the launchpad


@pytest.mark.parametrize("given", [{"landing": "/data"}, {"home": "/hasil"}, {"landing": "/data", "home": "/hasil"}])
def test_no_launchpad_and_no_old_run_sends_a_month_into_other_folders(
    defs: dg.Definitions, given: dict[str, str]
) -> None:
    job = defs.resolve_job_def(JOB)
    dg.validate_run_config(job, {})
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(job, {"resources": {"folders": {"config": given}}})


# The graph


def test_every_table_is_an_asset_and_every_source_one_outside(specs: dict[str, dg.AssetSpec]) -> None:
    tables = {table.raw for source in load().values() for table in source.tables.values()}
    named = {table.replace(".", "/") for table in {*tables, *load_models(), *seed_paths(), *PICTURES}}
    assert named <= specs.keys()
    assert {name for name in specs if name.startswith("kiriman/")} == {f"kiriman/{source}" for source in load()}


def test_every_asset_says_what_it_is_whose_and_of_what_kind(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        schema = name.split("/")[0]
        assert spec.group_name == ("registry" if name in IDS else GROUP_OF[schema]), name
        assert len(spec.description or "") > 30, name
        assert spec.owners and spec.kinds, name
        assert (spec.code_version is None) == (schema == "kiriman"), name
    assert {"team:rekayasa-data"} == {
        owner for name, spec in specs.items() if "kiriman" not in name for owner in spec.owners
    }
    assert specs["kiriman/regsosek"].owners == ["team:badan-pusat-statistik"]


def test_a_model_shows_its_sql_and_a_raw_table_what_a_row_is(specs: dict[str, dg.AssetSpec]) -> None:
    for name, model in load_models().items():
        said, _, sql = (specs[name.replace(".", "/")].description or "").partition("\n\n```sql\n")
        assert said and "--" not in said and sql.startswith(model.sql.strip()), name
    assert "Satu baris satu rumah tangga" in (specs["raw/dtks_rumah_tangga"].description or "")


def test_no_two_tables_are_told_by_the_same_words(specs: dict[str, dg.AssetSpec]) -> None:
    told = Counter(spec.description for name, spec in specs.items() if not name.startswith("seeds/"))
    assert [text for text, times in told.items() if times > 1] == []


def test_the_graph_runs_as_the_story_is_told(specs: dict[str, dg.AssetSpec]) -> None:
    backwards = {
        (dep.asset_key.to_user_string(), name)
        for name, spec in specs.items()
        for dep in spec.deps
        if STORY.index(specs[dep.asset_key.to_user_string()].group_name or "") > STORY.index(spec.group_name or "")
    }
    assert backwards == set()


def test_only_what_is_published_may_be_late(specs: dict[str, dg.AssetSpec]) -> None:
    assert [name for name, spec in specs.items() if spec.freshness_policy] == ["rilis"]


def test_the_code_version_changes_with_the_sql_and_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "_SOURCE", tmp_path)
    for package, code in (("satu", "a = 1"), ("dua", "a = 2")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "modul.py").write_text(code)
    before = version_of("satu", "select 1")
    assert version_of("satu", "select 1") == before
    assert len({before, version_of("satu", "select 2"), version_of("dua", "select 1")}) == 3
    (tmp_path / "dbt_like_sql/queries/tiga").mkdir(parents=True)
    (tmp_path / "dbt_like_sql/queries/tiga/tanya.sql").write_text("select 3")
    assert version_of("tiga") != version_of("empat")


# The calendar


def test_months_are_those_of_jakarta() -> None:
    assert MONTHS.timezone == TIMEZONE == "Asia/Jakarta"
    assert MONTHS.time_window_for_partition_key(MONTH).start == datetime(2025, 3, 1, tzinfo=ZoneInfo(TIMEZONE))
    # The month that is running may be made.
    assert MONTHS.get_partition_keys()[-1] == f"{datetime.now(ZoneInfo(TIMEZONE)):%Y-%m}"


def test_of_waiting_months_the_earliest_is_made_first(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def(JOB)
    assert job.partitions_def == MONTHS
    priority = [
        int(job.get_tags_for_partition_key(month, None)["dagster/priority"])
        for month in ("2024-12", "2025-01", "2025-02")
    ]
    assert priority == sorted(priority, reverse=True) and len(set(priority)) == 3


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A landing zone with a complete month."""
    monkeypatch.setenv("DTSEN_LANDING", str(tmp_path / "landing"))  # for the schedule, which asks the environment
    deliver(tmp_path / "landing", MONTH, "dtks", "regsosek", "p3ke", "referensi")
    return tmp_path / "landing"


def a_run(instance: dg.DagsterInstance, status: DagsterRunStatus, month: str = MONTH) -> None:
    instance.add_run(DagsterRun(JOB, "0" * 32, status=status, tags={"dagster/partition": month}))


def read_now(instance: dg.DagsterInstance, month: str = MONTH) -> None:
    """Any run, whoever started it, that reads the deliveries of ``month``; published or not."""

    @dg.asset(key=["raw", "deliveries"], partitions_def=MONTHS)
    def deliveries() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    assert dg.materialize([deliveries], instance=instance, partition_key=month, run_config=quiet).success


def cut_off(instance: dg.DagsterInstance, landing: Path) -> dg.RunRequest | dg.SkipReason:
    return automation.due(instance, Settings(landing=landing), MONTH, time.time())


def sensed(instance: dg.DagsterInstance, landing: Path, seconds: float = LATER) -> dg.SensorResult:
    return automation.starts(instance, Settings(landing=landing), ["2025-02", MONTH], time.time() + seconds)


def test_the_day_after_the_cut_off_makes_the_month_that_is_running(landing: Path, tmp_path: Path) -> None:
    # Its tick is that of Jakarta, where the 18th begins while Greenwich has the 17th.
    eighteenth = datetime(2025, 3, 18, 2, 0, tzinfo=ZoneInfo(TIMEZONE))
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=eighteenth)
        asked = automation.after_cut_off(context)
    assert isinstance(asked, dg.RunRequest) and asked.partition_key == MONTH
    assert (automation.after_cut_off.cron_schedule, automation.after_cut_off.execution_timezone) == (
        "0 2 18 * *",
        TIMEZONE,
    )
    assert "bulan berjalan" in (automation.after_cut_off.description or "")


def test_after_the_cut_off_nobody_waits_for_what_is_missing(instance: dg.DagsterInstance, landing: Path) -> None:
    for path in (landing / MONTH / "p3ke").iterdir():
        path.unlink()
    assert isinstance(cut_off(instance, landing), dg.RunRequest), "its run fails, and its alert names p3ke"


def test_complete_deliveries_start_their_month_alone(instance: dg.DagsterInstance, landing: Path) -> None:
    requests = sensed(instance, landing).run_requests or []
    assert [request.partition_key for request in requests] == [MONTH]


def test_incomplete_deliveries_are_named(instance: dg.DagsterInstance, landing: Path) -> None:
    (landing / MONTH / "p3ke" / "individu.csv").unlink()
    found = sensed(instance, landing)
    assert not found.run_requests
    said = found.skip_reason.skip_message if found.skip_reason else ""
    assert "individu" in said and "Kemenko PMK" in said and "2025-02: belum ada kiriman" in said


def test_a_month_whose_folder_is_not_called_as_one_is_named(instance: dg.DagsterInstance, landing: Path) -> None:
    (landing / MONTH).rename(landing / "2025_03")
    found = sensed(instance, landing)
    said = found.skip_reason.skip_message if found.skip_reason else ""
    assert not found.run_requests and "2025_03" in said and "<YYYY-MM>/" in said


def test_two_ticks_ask_for_one_run_and_a_late_file_for_another(instance: dg.DagsterInstance, landing: Path) -> None:
    keys = [[request.run_key for request in sensed(instance, landing).run_requests or []] for _ in range(2)]
    assert keys[0] == keys[1]
    time.sleep(0.02)
    (landing / MONTH / "dtks" / "anggota-susulan.csv").write_text("a\n")
    assert [request.run_key for request in sensed(instance, landing).run_requests or []] != keys[0]


@pytest.mark.parametrize("status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED])
def test_a_month_that_waits_or_runs_is_not_started_again(
    instance: dg.DagsterInstance, landing: Path, status: DagsterRunStatus
) -> None:
    a_run(instance, status)
    assert isinstance(cut_off(instance, landing), dg.SkipReason)
    assert not sensed(instance, landing).run_requests
    assert need_not_start(instance, "2025-02", 0) is None, "other months are free"


def test_a_month_made_of_these_deliveries_is_not_made_again_until_they_change(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    read_now(instance)
    assert isinstance(cut_off(instance, landing), dg.SkipReason)
    assert not sensed(instance, landing).run_requests
    time.sleep(0.02)
    (landing / MONTH / "dtks" / "anggota-susulan.csv").write_text("a\n")
    (landing / MONTH / MARKER).touch()
    assert isinstance(cut_off(instance, landing), dg.RunRequest)
    assert len(sensed(instance, landing, 0).run_requests or []) == 1


def test_a_run_that_failed_before_it_read_anything_is_no_reason_to_leave_the_month(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    a_run(instance, DagsterRunStatus.FAILURE)
    assert isinstance(cut_off(instance, landing), dg.RunRequest)


def test_nothing_starts_by_itself_until_it_is_turned_on_and_what_watches_is_on(defs: dg.Definitions) -> None:
    (schedule,) = defs.schedules or ()
    assert isinstance(schedule, dg.ScheduleDefinition) and schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    on = {sensor.name for sensor in defs.sensors or () if sensor.default_status == dg.DefaultSensorStatus.RUNNING}
    assert on == {"failed_or_blocked", "dead_runs"}


# What people are told

RUN = DagsterRun(JOB, "0" * 32, tags={"dagster/partition": MONTH})


def test_a_blocked_month_is_told_as_blocked_with_its_rules_and_its_page(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    page = blocked.path(settings, MONTH)
    page.parent.mkdir()
    page.touch()
    error = GateBlocked(["nik_sah"])
    alert = alert_of(MONTH, RUN.run_id, JOB, Failure(error, "gerbang", str(error)), settings)
    assert (alert.state, alert.rules, alert.page) == ("tertahan", ("nik_sah",), str(page))
    assert "blocked" in alert.subject and MONTH in alert.subject


def test_a_foreign_error_is_told_without_its_message(tmp_path: Path) -> None:
    error = DtsenError("langkah/step x: could not convert 3573010101010001")
    alert = alert_of(MONTH, RUN.run_id, JOB, Failure(error, "x", None), Settings(home=tmp_path))
    assert alert.state == "gagal" and alert.step == "x" and alert.page is None
    assert "3573010101010001" not in alert.body


def test_a_run_whose_process_is_gone_says_so(instance: dg.DagsterInstance) -> None:
    instance.add_run(DagsterRun(JOB, RUN.run_id, status=DagsterRunStatus.STARTED, tags=RUN.tags))
    run = instance.get_run_by_id(RUN.run_id)
    assert run is not None
    instance.report_run_failed(run, "prosesnya mati / its process is gone")
    assert "its process is gone" in (failure(instance, RUN.run_id).message or "")


# ... by the command, which the sensor does not see


@dg.op
def failing() -> None:
    raise InputError("berkas rusak / a broken file")


@pytest.mark.parametrize(
    ("location", "repository", "told"),
    [(RegisteredCodeLocationOrigin("dtsen"), "__repository__", 0), (None, None, 1)],
    ids=["the daemon's sensor", "a sensor of no code location, as such a run is of none"],
)
def test_the_sensor_passes_over_runs_of_the_command_which_tells_of_them_itself(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    location: CodeLocationOrigin | None,
    repository: str | None,
    told: int,
) -> None:
    def tick(cursor: str | None) -> str | None:
        context = dg.SensorEvaluationContext(
            None,
            cursor=cursor,
            repository_name=repository,
            repository_def=defs.get_repository_def(),
            instance=instance,
            code_location_origin=location,
        )
        return automation.failed_or_blocked.evaluate_tick(context).cursor

    cursor = tick(None)
    dg.GraphDefinition(JOB, node_defs=[failing]).to_job().execute_in_process(instance=instance, raise_on_error=False)
    with webhook() as (url, got):
        monkeypatch.setenv("DTSEN_WEBHOOK", url)
        tick(cursor)
    assert len(got) == told


def stopped(settings: Settings) -> InputError:
    """What `dtsen run` says of a home with a key that is none."""
    with pytest.raises(InputError) as refused:
        runner.run(settings, MONTH, Console(quiet=True), definitions.defs)
    return refused.value


def test_a_month_that_could_not_even_begin_is_told_with_what_the_command_says(tmp_path: Path) -> None:
    with webhook() as (url, got):
        said = stopped(Settings(home=tmp_path, key=SecretStr("bukan kunci"), webhook=SecretStr(url)))
    (alert,) = got
    assert (alert["state"], alert["month"], alert["job"], alert["step"]) == ("gagal", MONTH, JOB, None)
    assert alert["message"] == str(said) and "bukan kunci" not in str(alert)


def test_a_receiver_that_is_down_hides_neither_the_error_nor_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = SecretStr("bukan kunci")
    alone = stopped(Settings(home=tmp_path, key=key))
    assert capsys.readouterr().err == ""
    said = stopped(Settings(home=tmp_path, key=key, webhook=SecretStr(CLOSED)))
    assert str(said) == str(alone) and said.exit_code == 2
    told = capsys.readouterr().err
    assert "tidak terkirim / not sent: webhook (DTSEN_WEBHOOK)" in told and "rahasia" not in told
