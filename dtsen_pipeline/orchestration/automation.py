"""Start a month by itself, and watch the runs.

What belongs here: the schedule, the sensors, and whether a month is made already. What starts a month is off until somebody turns
it on, because it makes a register of people; what watches is on, because it changes nothing.
"""

import time
from collections.abc import Sequence

import dagster as dg

from dtsen_pipeline.config import Settings
from dtsen_pipeline.contracts import check_arrival
from dtsen_pipeline.orchestration import alerts
from dtsen_pipeline.orchestration.failures import alert_of, fail_dead_runs, failure_of_run
from dtsen_pipeline.orchestration.job import MONTHS, monthly


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
    """Request the month of the scheduled day."""
    return request_due_month(
        context.instance, Settings(), context.scheduled_execution_time.strftime("%Y-%m"), time.time()
    )


def request_due_month(
    instance: dg.DagsterInstance, settings: Settings, month: str, now: float
) -> dg.RunRequest | dg.SkipReason:
    """Return the run to request of ``month``, whose cut-off is over at ``now`` (seconds since 1970), or else why there is none."""
    # A delivery that is missing stops the run and is told as its failure: after the cut-off nobody waits any more.
    if reason := reason_not_to_start(instance, month, check_arrival(settings.landing, month, now).changed):
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
    """Request those of the last two months whose deliveries are complete."""
    return request_complete_months(context.instance, Settings(), MONTHS.get_partition_keys()[-2:], time.time())


def request_complete_months(
    instance: dg.DagsterInstance, settings: Settings, months: Sequence[str], now: float
) -> dg.SensorResult:
    """Return the runs to request of ``months`` at ``now`` (seconds since 1970), or else why there is none."""
    requests, reasons = [], []
    for month in months:
        delivered = check_arrival(settings.landing, month, now)
        if reason := delivered.waiting or reason_not_to_start(instance, month, delivered.changed):
            reasons.append(f"{month}: {reason}")
        else:
            # The time is part of the key, so that a file that comes later makes a revision.
            requests.append(dg.RunRequest(run_key=f"{month}/{delivered.changed:.3f}", partition_key=month))
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
    """Declare the runs failed whose process is gone, and name them."""
    dead = fail_dead_runs(context.instance)
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
    """Send the alert of a run that did not publish; its log notes the alert and what could not be sent."""
    run, settings = context.dagster_run, Settings()
    month, failure = run.tags.get("dagster/partition", "-"), failure_of_run(context.instance, run.run_id)
    alert = alert_of(month, run.run_id, run.job_name, failure, settings)
    context.log.error(alert.body)
    for unsent in alerts.send(settings, alert):
        context.log.error(f"tidak terkirim / not sent: {unsent}")


def reason_not_to_start(instance: dg.DagsterInstance, month: str, changed: float) -> str | None:
    """Return why ``month``, whose deliveries last changed at ``changed`` (seconds since 1970), is not to be started.

    None where it is. A run of it is under way or waits, or one has read these very deliveries, whoever started it. If that one was
    blocked, another would be too; if it failed, somebody was told, and takes it up where it failed.
    """
    ended = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
    alive = [status for status in dg.DagsterRunStatus if status not in ended]
    runs = dg.RunsFilter(tags={"dagster/partition": month}, statuses=alive)
    if under_way := instance.get_runs(runs, limit=1):
        return f"{month} sedang dibuat / is being made: {under_way[0].run_id[:8]}"
    read = dg.AssetRecordsFilter(asset_key=dg.AssetKey(["raw", "deliveries"]), asset_partitions=[month])
    for record in instance.fetch_materializations(read, limit=1).records:
        run = instance.get_run_record_by_id(record.run_id)
        if run is not None and run.start_time is not None and run.start_time > changed:
            return f"{month} sudah dibuat dari kiriman ini / is made of these deliveries: {record.run_id[:8]}"
    return None
