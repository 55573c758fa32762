"""Find out why a run failed, and what people are told of it.

What belongs here: turning the events of a run into the domain's errors and into an alert, and finding runs whose process is gone.
Dagster is imported inside functions, so that the commands that need none start fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError, StorageError, storage_reason
from dtsen_pipeline.orchestration import alerts
from dtsen_pipeline.release import blocked
from dtsen_pipeline.storage.locks import InUse, is_month_held

if TYPE_CHECKING:
    import dagster as dg


# How long a started run may be without the lock of its month: it counts as started before it has that.
STARTING_SECONDS = 240


def send_alert(settings: Settings, alert: alerts.Alert) -> None:
    """Send ``alert``, and say on standard error what could not be sent."""
    for unsent in alerts.send(settings, alert):
        Console(stderr=True, soft_wrap=True).print(f"tidak terkirim / not sent: {unsent}", markup=False)


def fail_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark every run of a month that Dagster takes for running, but whose process is gone, as failed; returns their ids.

    A killed process cannot say so itself, and Dagster does not ask: the run would look alive for ever, and hold back the queue.
    Sends the alert where ``dtsen run`` had started the run: the sensor sees the code location's own runs alone.
    """
    from dagster import DagsterRunStatus, RunsFilter

    dead, settings = [], Settings()
    before = datetime.now(UTC) - timedelta(seconds=STARTING_SECONDS)
    running = instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED], updated_before=before))
    for run in running:
        month = run.tags.get("dagster/partition")
        if month and not is_month_held(settings.warehouse(month)):
            instance.report_run_failed(run, "prosesnya mati / its process is gone")
            dead.append(run.run_id)
            if run.remote_job_origin is None:
                failure = failure_of_run(instance, run.run_id)
                send_alert(settings, alert_of(month, run.run_id, run.job_name, failure, settings))
    return dead


@dataclass(frozen=True)
class Failure:
    """Why a run failed.

    ``step`` is where, None before the first step. ``message`` is None where ``error`` may quote the message of another library,
    which may hold a value of a row.
    """

    error: DtsenError
    step: str | None
    message: str | None


def failure_of_run(instance: dg.DagsterInstance, run_id: str) -> Failure:
    """Return what stopped the run ``run_id``, by its events: GateBlocked, InputError, StorageError, InUse, or else a DtsenError."""
    from dagster import DagsterEventType

    wanted = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}
    records = instance.get_records_for_run(run_id, of_type=wanted).records
    events = [event for record in records if (event := record.event_log_entry.dagster_event)]
    checks = [e.asset_check_evaluation_data for e in events if e.event_type == DagsterEventType.ASSET_CHECK_EVALUATION]
    steps = [e for e in events if e.event_type == DagsterEventType.STEP_FAILURE]
    step = steps[0].step_key if steps else None
    if blocking := [check.check_name for check in checks if not check.passed and check.blocking]:
        return _failure(GateBlocked(blocking), step)
    for event in steps:
        message, foreign = "", True
        error = event.step_failure_data.error
        while error is not None:
            message, foreign = error.message.partition(": ")[2].strip(), error.cls_name not in _own_error_names()
            if error.cls_name == InputError.__name__:
                return _failure(InputError(message), step)
            if error.cls_name == GateBlocked.__name__:
                return _failure(GateBlocked(message.rpartition(": ")[2].split(", ")), step)
            error = error.cause
        if reason := storage_reason(message):
            return _failure(StorageError(reason), step)
        stopped = DtsenError(f"langkah/step {event.step_key}: {message}")
        return Failure(stopped, step, None if foreign else str(stopped))
    ended = next((e for e in events if e.event_type == DagsterEventType.RUN_FAILURE), None)
    error = cause = getattr(ended.event_specific_data, "error", None) if ended else None
    while cause is not None:
        for kind in (InUse, InputError):
            if cause.cls_name == kind.__name__:
                return _failure(kind(cause.message.partition(": ")[2].strip()), None)
        cause = cause.cause
    stopped = DtsenError(f"pekerjaan gagal / the job failed: {(ended.message if ended else None) or '-'}")
    # Without an error the message is Dagster's or ours: that the process is gone, or that somebody ended the run.
    return Failure(stopped, None, None if error else str(stopped))


def alert_of(month: str, run_id: str, job: str, failure: Failure, settings: Settings) -> alerts.Alert:
    """Return what people are told of a run of ``month`` that failed."""
    rules = tuple(failure.error.failed) if isinstance(failure.error, GateBlocked) else ()
    page = blocked.page_path(settings, month)
    return alerts.Alert(
        state="tertahan" if rules else "gagal",
        month=month,
        run_id=run_id,
        job=job,
        step=failure.step,
        rules=rules,
        message=failure.message or "pesannya hanya ada di Dagster / its message is in Dagster only",
        page=str(page.absolute()) if rules and page.exists() else None,
    )


def _failure(error: DtsenError, step: str | None) -> Failure:
    return Failure(error, step, str(error))


def _own_error_names() -> set[str]:
    """Return the names of the domain's errors, whose messages hold no value of a row."""
    kinds = [DtsenError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.__name__ for kind in kinds}
