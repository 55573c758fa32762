"""The code location: what Dagster sees.

What belongs here: putting assets, checks, resources, the job, and what starts and watches it together. Of the package
it alone knows Dagster, beside ``monthly`` and ``front``. What starts a month is off until somebody turns it on, because it makes a
register of people; what watches is on, because it changes nothing.
"""

import os
import time
from collections.abc import Sequence

import dagster as dg

from assets.common import MONTHS, Folders
from assets.landing import deliveries_of_sources, landing
from assets.linkage import linkage
from assets.models import model_assets, seeds
from assets.release import openness, release_of
from assets.welfare import welfare
from checks import checks
from checks.rules import RULES
from dtsen_pipeline import alerts
from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts import arrival
from dtsen_pipeline.monthly import JOB, alert_of, fail_the_dead, failure, need_not_start


def first_things_first(month: str) -> dict[str, str]:
    """Run tags of ``month``: of the months that wait in the queue the earliest goes first, since ids follow from month to month."""
    year, number = month.split("-")
    return {"dagster/priority": str(-(12 * int(year) + int(number)))}


monthly = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
    description=(
        "Satu bulan dari berkas kiriman sampai rilis. / One month from delivered files to a release. A month that the gate blocks "
        "leaves the last release standing."
    ),
    # DuckDB and Splink use all cores inside a step, a step process costs 4-5 s to start, and the warehouse has one writer.
    executor_def=dg.in_process_executor,
    config=dg.PartitionedConfig(
        partitions_def=MONTHS,
        run_config_for_partition_key_fn=lambda month: {},
        tags_for_partition_key_fn=first_things_first,
    ),
)


@dg.schedule(
    job=monthly,
    cron_schedule="0 2 18 * *",
    execution_timezone="Asia/Jakarta",
    description=(
        "Tanggal 18 pukul 02.00 WIB, sehari setelah batas tanggal 17: membuat bulan berjalan. / On the 18th at 02:00 Jakarta time, "
        "the day after the cut-off: makes the month that is running."
    ),
)
def after_cut_off(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    return due(context.instance, Settings(), context.scheduled_execution_time.strftime("%Y-%m"), time.time())


def due(instance: dg.DagsterInstance, settings: Settings, month: str, now: float) -> dg.RunRequest | dg.SkipReason:
    """The run to request of ``month`` whose cut-off is over at ``now`` (seconds since 1970), or else why none is."""
    # What is missing stops the run and is told as its failure: after the cut-off nobody waits any more.
    if reason := need_not_start(instance, month, arrival(settings.landing, month, now).changed):
        return dg.SkipReason(reason)
    return dg.RunRequest(run_key=month, partition_key=month)


@dg.sensor(
    job=monthly,
    minimum_interval_seconds=60,
    description=(
        "Memulai bulan berjalan dan bulan sebelumnya begitu semua kirimannya lengkap (berkas SELESAI, atau 30 menit tanpa "
        "perubahan), dan lagi bila berkasnya berubah; selama belum, menyebut yang kurang. Bulan lebih lama: backfill. / Starts "
        "the month that is running and the one before once all their deliveries are complete (a file SELESAI, or 30 minutes "
        "without a change), and again when files change; until then it names what is missing. Older months: by a backfill."
    ),
)
def complete_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    return starts(context.instance, Settings(), MONTHS.get_partition_keys()[-2:], time.time())


def starts(instance: dg.DagsterInstance, settings: Settings, months: Sequence[str], now: float) -> dg.SensorResult:
    """The runs to request of ``months`` at ``now`` (seconds since 1970), or else why none is."""
    requests, reasons = [], []
    for month in months:
        came = arrival(settings.landing, month, now)
        if reason := came.waiting or need_not_start(instance, month, came.changed):
            reasons.append(f"{month}: {reason}")
        else:
            # The time is part of the key, so that a file that comes later makes a revision.
            requests.append(dg.RunRequest(run_key=f"{month}/{came.changed:.3f}", partition_key=month))
    return dg.SensorResult(run_requests=requests) if requests else dg.SensorResult(skip_reason="\n".join(reasons))


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Jalan yang prosesnya mati dinyatakan gagal, agar antrean tidak menunggunya. / Runs whose process is gone are said to have "
        "failed, so that the queue does not wait for them."
    ),
)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    dead = fail_the_dead(context.instance)
    return dg.SkipReason(f"{len(dead)} jalan mati / dead runs: {', '.join(dead)}" if dead else "-")


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description=(
        "Memberi tahu bila sebuah bulan gagal atau ditahan gerbang mutu: log, webhook, surel menurut DTSEN_WEBHOOK, DTSEN_SMTP dan "
        "DTSEN_ALERT_TO. / Tells when a month failed or the gate blocked it: log, webhook, e-mail as configured."
    ),
)
def failed_or_blocked(context: dg.RunFailureSensorContext) -> None:
    run, settings = context.dagster_run, Settings()
    month, why = run.tags.get("dagster/partition", "-"), failure(context.instance, run.run_id)
    alert = alert_of(month, run.run_id, run.job_name, why, settings)
    context.log.error(alert.body)
    for unsent in alerts.send(settings, alert):
        context.log.error(f"tidak terkirim / not sent: {unsent}")


@dg.definitions
def defs() -> dg.Definitions:
    os.umask(0o077)  # as in the command line: what runs of this process leave is their owner's alone
    return dg.Definitions(
        assets=[*deliveries_of_sources, seeds, landing, *model_assets, *linkage, *welfare, openness, release_of(RULES)],
        asset_checks=checks,
        jobs=[monthly],
        schedules=[after_cut_off],
        sensors=[complete_deliveries, failed_or_blocked, dead_runs],
        # What is materialised outside the job too: assets selected in the UI.
        executor=dg.in_process_executor,
        resources={"folders": Folders()},
    )
