"""Run the monthly job from the command line, with a progress display.

What belongs here: starting the job that the UI runs too, and watching its events. Dagster is imported inside functions, so that the
other commands start fast.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, storage_reason, strip_row_values
from dtsen_pipeline.orchestration import JOB
from dtsen_pipeline.orchestration.failures import Failure, alert_of, fail_the_dead, failure, send_alert
from dtsen_pipeline.orchestration.instance import opened
from dtsen_pipeline.storage import keys

if TYPE_CHECKING:
    import dagster as dg

POLL_SECONDS = 0.3


def run(settings: Settings, month: str, console: Console, load: Callable[[], dg.Definitions]) -> None:
    """Run the job for ``month`` until it is published; where it is not, send the alert that the sensor sends of other runs.

    ``load`` gives the code location; it is called here because importing it takes seconds, in which the console says so. Raises
    GateBlocked with the rules that failed, InputError where a delivery cannot be used, DtsenError for anything else that stopped
    the job; whether an alert could be sent or not.
    """
    run_id = str(uuid.uuid4())
    try:
        with strip_row_values():
            why = _run(settings, month, run_id, console, load)
    except DtsenError as error:
        why = Failure(error, None, str(error))  # before the run began: the key, the storage, Dagster's home
    if why is not None:
        send_alert(settings, alert_of(month, run_id, JOB, why, settings))
        raise why.error


def _run(
    settings: Settings, month: str, run_id: str, console: Console, load: Callable[[], dg.Definitions]
) -> Failure | None:
    keys.load(settings)  # a key that cannot be used is said before anything is loaded
    with console.status("memuat pipa / loading the pipeline"):
        job = load().resolve_job_def(JOB)
    with opened(settings) as instance:
        fail_the_dead(instance)
        with _Watch(instance, run_id, len(job.graph.nodes), month, console):
            result = job.execute_in_process(
                partition_key=month,
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        return None if result.success else failure(instance, run_id)


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
