"""The code location: what Dagster sees.

What belongs here: putting assets, checks, resources, the job and its schedule together. It is the only module of the package
that knows Dagster.
"""

import os

import dagster as dg

from assets.common import Folders
from assets.landing import landing
from assets.linkage import linkage
from assets.models import model_assets, seeds
from assets.release import openness, release_of, write_blocked_page
from assets.welfare import welfare
from checks import checks
from checks.rules import RULES
from dtsen_pipeline.monthly import fail_the_dead

JOB = "bulanan"

monthly = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
    description=(
        "Satu bulan dari berkas kiriman sampai rilis. / One month from delivered files to a release. A month that the gate blocks "
        "leaves the last release standing."
    ),
    # DuckDB and Splink use all cores inside a step, a step process costs 4-5 s to start, and the warehouse has one writer.
    executor_def=dg.in_process_executor,
    hooks={write_blocked_page},
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
def after_cut_off(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    month = context.scheduled_execution_time.strftime("%Y-%m")
    return dg.RunRequest(run_key=month, partition_key=month)


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


@dg.definitions
def defs() -> dg.Definitions:
    os.umask(0o077)  # as in the command line: what runs of this process leave is their owner's alone
    return dg.Definitions(
        assets=[seeds, landing, *model_assets, *linkage, *welfare, openness, release_of(RULES)],
        asset_checks=checks,
        jobs=[monthly],
        schedules=[after_cut_off],
        sensors=[dead_runs],
        # What is materialised outside the job too: assets selected in the UI.
        executor=dg.in_process_executor,
        resources={"folders": Folders(), "rules": RULES},
    )
