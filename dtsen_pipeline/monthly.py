"""Running the monthly Dagster job from the command line, with a progress display, and reading what became of its runs.

What belongs here: starting the job that the UI runs too, watching its events, turning its failure into the domain's errors and
into what people are told of it, and whether a month is made already. Dagster is imported inside, so that the other commands start
fast.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dtsen_pipeline import alerts
from dtsen_pipeline.config import Settings
from dtsen_pipeline.documents import private_file
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError, StorageError, storage_reason, without_values
from dtsen_pipeline.publication import blocked, keys
from dtsen_pipeline.warehouse import InUse, in_turn, is_held

if TYPE_CHECKING:
    import dagster as dg

JOB = "bulanan"

INSTANCE = Path(__file__).parents[1] / "dagster.yaml"
# Dagster speaks psycopg2; of a plain postgresql:// SQLAlchemy 2.1 makes another driver's.
POSTGRES_DRIVER = "postgresql+psycopg2://"
# The address stays in the environment: it may hold a password.
POSTGRES = """
storage:
  postgres:
    postgres_url:
      env: DTSEN_POSTGRES_URL
"""

LOCK = ".dtsen.lock"

POLL_SECONDS = 0.3

# A run counts as started before it has its month.
STARTING_SECONDS = 240


def instance_home(settings: Settings) -> Path:
    """Dagster's home: $DAGSTER_HOME where set, so that the UI shows the run, else ``home/dagster``.

    Its ``dagster.yaml`` is the project's, with the storage that ``settings`` name; one that stands in another home is left alone.
    """
    if settings.postgres_url and not settings.postgres_url.get_secret_value().startswith(POSTGRES_DRIVER):
        raise InputError(
            "DTSEN_POSTGRES_URL bukan alamat PostgreSQL dengan pengandar psycopg2 / is no address for the driver psycopg2",
            expected=f"{POSTGRES_DRIVER}user:password@host/database",
        )
    own = settings.home.absolute() / "dagster"
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(own)))
    with in_turn(home / LOCK):
        if home == own or not (home / "dagster.yaml").exists():
            storage = POSTGRES if settings.postgres_url else ""
            with private_file(home / "dagster.yaml") as part:
                part.write_text(INSTANCE.read_text(encoding="utf-8") + storage, encoding="utf-8")
    return home


@contextmanager
def opened(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance in ``instance_home``.

    Dagster asks whether its tables are there and then makes them: of two commands that start together in a new home, one would
    fail over a table that the other has made meanwhile. So they open it in turn.
    """
    import dagster as dg

    with in_turn(instance_home(settings) / LOCK):
        instance = dg.DagsterInstance.get()
    with instance:
        yield instance


def run(settings: Settings, month: str, console: Console) -> None:
    """Run the job for ``month`` until it is published; where it is not, tell so as the sensor tells it of other runs.

    Raises GateBlocked with the rules that failed, InputError where a delivery cannot be used, DtsenError for anything else
    that stopped the job; whether telling it worked or not.
    """
    run_id = str(uuid.uuid4())
    try:
        with without_values():
            why = _run(settings, month, run_id, console)
    except DtsenError as error:
        why = Failure(error, None, str(error))  # before the run began: the key, the storage, Dagster's home
    if why is not None:
        _tell(settings, alert_of(month, run_id, JOB, why, settings))
        raise why.error


def _run(settings: Settings, month: str, run_id: str, console: Console) -> Failure | None:
    keys.load(settings)  # a key that cannot be used is said before anything is loaded
    with console.status("memuat pipa / loading the pipeline"):
        from dtsen_pipeline.definitions import defs
    with opened(settings) as instance:
        fail_the_dead(instance)
        job = defs().resolve_job_def(JOB)
        with _Watch(instance, run_id, len(job.graph.nodes), month, console):
            result = job.execute_in_process(
                partition_key=month,
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        return None if result.success else failure(instance, run_id)


def _tell(settings: Settings, alert: alerts.Alert) -> None:
    for unsent in alerts.send(settings, alert):
        Console(stderr=True, soft_wrap=True).print(f"tidak terkirim / not sent: {unsent}", markup=False)


def fail_the_dead(instance: dg.DagsterInstance) -> list[str]:
    """Say of every run of a month that Dagster takes for running, and whose process is gone, that it failed; returns their ids.

    A killed process cannot say so itself, and Dagster asks nobody: the run would look alive for ever, and hold back the queue.
    People are told of it here where ``dtsen run`` had started it: the sensor sees the code location's own runs alone.
    """
    from dagster import DagsterRunStatus, RunsFilter

    dead, settings = [], Settings()
    before = datetime.now(UTC) - timedelta(seconds=STARTING_SECONDS)
    running = instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED], updated_before=before))
    for run in running:
        month = run.tags.get("dagster/partition")
        if month and not is_held(settings.warehouse(month)):
            instance.report_run_failed(run, "prosesnya mati / its process is gone")
            dead.append(run.run_id)
            if run.remote_job_origin is None:
                why = failure(instance, run.run_id)
                _tell(settings, alert_of(month, run.run_id, run.job_name, why, settings))
    return dead


def need_not_start(instance: dg.DagsterInstance, month: str, changed: float) -> str | None:
    """Why ``month``, whose deliveries last changed at ``changed`` (seconds since 1970), is not to be started; None where it is.

    A run of it is under way or waits, or one has read these very deliveries, whoever started it. If that one was blocked, another
    would be too; if it failed, somebody was told, and takes it up where it failed.
    """
    import dagster as dg
    from dagster import DagsterRunStatus, RunsFilter

    ended = {DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
    alive = [status for status in DagsterRunStatus if status not in ended]
    runs = RunsFilter(tags={"dagster/partition": month}, statuses=alive)
    if under_way := instance.get_runs(runs, limit=1):
        return f"{month} sedang dibuat / is being made: {under_way[0].run_id[:8]}"
    read = dg.AssetRecordsFilter(asset_key=dg.AssetKey(["raw", "deliveries"]), asset_partitions=[month])
    for record in instance.fetch_materializations(read, limit=1).records:
        run = instance.get_run_record_by_id(record.run_id)
        if run is not None and run.start_time is not None and run.start_time > changed:
            return f"{month} sudah dibuat dari kiriman ini / is made of these deliveries: {record.run_id[:8]}"
    return None


@dataclass(frozen=True)
class Failure:
    """Why a run failed; ``step`` is where, None before the first. ``message`` is None where ``error`` may quote a foreign one."""

    error: DtsenError
    step: str | None
    message: str | None


def failure(instance: dg.DagsterInstance, run_id: str) -> Failure:
    """What stopped the run ``run_id``, from its events: GateBlocked, InputError, StorageError, InUse, or else a DtsenError."""
    from dagster import DagsterEventType

    wanted = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}
    records = instance.get_records_for_run(run_id, of_type=wanted).records
    events = [event for record in records if (event := record.event_log_entry.dagster_event)]
    checks = [e.asset_check_evaluation_data for e in events if e.event_type == DagsterEventType.ASSET_CHECK_EVALUATION]
    steps = [e for e in events if e.event_type == DagsterEventType.STEP_FAILURE]
    step = steps[0].step_key if steps else None
    if blocked := [check.check_name for check in checks if not check.passed and check.blocking]:
        return _told(GateBlocked(blocked), step)
    for event in steps:
        message, foreign = "", True
        error = event.step_failure_data.error
        while error is not None:
            message, foreign = error.message.partition(": ")[2].strip(), error.cls_name not in _ours()
            if error.cls_name == InputError.__name__:
                return _told(InputError(message), step)
            if error.cls_name == GateBlocked.__name__:
                return _told(GateBlocked(message.rpartition(": ")[2].split(", ")), step)
            error = error.cause
        if reason := storage_reason(message):
            return _told(StorageError(reason), step)
        told = DtsenError(f"langkah/step {event.step_key}: {message}")
        return Failure(told, step, None if foreign else str(told))
    ended = next((e for e in events if e.event_type == DagsterEventType.RUN_FAILURE), None)
    error = cause = getattr(ended.event_specific_data, "error", None) if ended else None
    while cause is not None:
        for kind in (InUse, InputError):
            if cause.cls_name == kind.__name__:
                return _told(kind(cause.message.partition(": ")[2].strip()), None)
        cause = cause.cause
    told = DtsenError(f"pekerjaan gagal / the job failed: {(ended.message if ended else None) or '-'}")
    # Without an error it is what was said of the run: that its process is gone, or that somebody ended it.
    return Failure(told, None, None if error else str(told))


def alert_of(month: str, run_id: str, job: str, why: Failure, settings: Settings) -> alerts.Alert:
    """What people are told of a run of ``month`` that failed for the reason ``why``."""
    rules = tuple(why.error.failed) if isinstance(why.error, GateBlocked) else ()
    page = blocked.path(settings, month)
    return alerts.Alert(
        state="tertahan" if rules else "gagal",
        month=month,
        run_id=run_id,
        job=job,
        step=why.step,
        rules=rules,
        message=why.message or "pesannya hanya ada di Dagster / its message is in Dagster only",
        page=str(page.absolute()) if rules and page.exists() else None,
    )


def _told(error: DtsenError, step: str | None) -> Failure:
    return Failure(error, step, str(error))


def _ours() -> set[str]:
    kinds = [DtsenError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.__name__ for kind in kinds}


class _Watch:
    """Shows which step runs, from the run's own events, while the job holds the main thread."""

    def __init__(self, instance: dg.DagsterInstance, run_id: str, steps: int, month: str, console: Console) -> None:
        self._instance, self._run_id = instance, run_id
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn(f"[bold]{month}[/]"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
        )
        self._task = self._bar.add_task("mulai / starting", total=steps)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> None:
        self._bar.start()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._bar.stop()

    def _show(self) -> None:
        try:
            self._follow()
        except Exception as error:
            # A full disk stops the run too, and there it is told.
            if storage_reason(error) is None:
                raise

    def _follow(self) -> None:
        from dagster import DagsterEventType

        cursor: str | None = None
        watched = {DagsterEventType.STEP_START, DagsterEventType.STEP_SUCCESS}
        last = False
        while not last:
            last = self._done.wait(POLL_SECONDS)
            found = self._instance.get_records_for_run(self._run_id, cursor=cursor, of_type=watched)
            cursor = found.cursor
            for record in found.records:
                event = record.event_log_entry
                if event.dagster_event_type == DagsterEventType.STEP_START:
                    self._bar.update(self._task, description=event.step_key)
                else:
                    self._bar.advance(self._task)


if __name__ == "__main__":
    # For `make ui`: webserver and daemon find their home as a run leaves it.
    os.umask(0o077)
    with opened(Settings()):
        pass
