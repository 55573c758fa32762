"""Why a run failed, and what people are told of it.

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


# A run counts as started before it has its month.
STARTING_SECONDS = 240


def send_alert(settings: Settings, alert: alerts.Alert) -> None:
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
        if month and not is_month_held(settings.warehouse(month)):
            instance.report_run_failed(run, "prosesnya mati / its process is gone")
            dead.append(run.run_id)
            if run.remote_job_origin is None:
                why = failure(instance, run.run_id)
                send_alert(settings, alert_of(month, run.run_id, run.job_name, why, settings))
    return dead


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
        return _failed(GateBlocked(blocked), step)
    for event in steps:
        message, foreign = "", True
        error = event.step_failure_data.error
        while error is not None:
            message, foreign = error.message.partition(": ")[2].strip(), error.cls_name not in _ours()
            if error.cls_name == InputError.__name__:
                return _failed(InputError(message), step)
            if error.cls_name == GateBlocked.__name__:
                return _failed(GateBlocked(message.rpartition(": ")[2].split(", ")), step)
            error = error.cause
        if reason := storage_reason(message):
            return _failed(StorageError(reason), step)
        told = DtsenError(f"langkah/step {event.step_key}: {message}")
        return Failure(told, step, None if foreign else str(told))
    ended = next((e for e in events if e.event_type == DagsterEventType.RUN_FAILURE), None)
    error = cause = getattr(ended.event_specific_data, "error", None) if ended else None
    while cause is not None:
        for kind in (InUse, InputError):
            if cause.cls_name == kind.__name__:
                return _failed(kind(cause.message.partition(": ")[2].strip()), None)
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


def _failed(error: DtsenError, step: str | None) -> Failure:
    return Failure(error, step, str(error))


def _ours() -> set[str]:
    kinds = [DtsenError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.__name__ for kind in kinds}
