"""The publish step, and the page of a month that was blocked.

What belongs here: handing the month to ``dtsen_pipeline.publication``. The rules come as a resource, because they are declared
in ``checks``, which may import assets and not the other way round.
"""

from collections.abc import Sequence

import dagster as dg

from assets.common import ENGINEERS, MONTHS, POOL, Folders, key_of
from dtsen_pipeline.dashboard.data import collect
from dtsen_pipeline.dashboard.page import render
from dtsen_pipeline.errors import GateBlocked
from dtsen_pipeline.publication import blocked, gate, release

READS = [
    "marts.anggota",
    "marts.keluarga",
    "linkage.crosswalk",
    "linkage.evaluasi",
    "linkage.evaluasi_lalu",
    "welfare.desil",
    "welfare.kelayakan",
]


@dg.asset(
    key=["rilis"],
    deps=[key_of(table) for table in READS],
    group_name="release",
    description=(
        "Rilis bulan ini: utuh atau tidak sama sekali. Setiap aturan gerbang ditanyakan lagi di sini. / The month's release, whole "
        "or not at all. Every rule of the gate is asked again here, so no selection of assets gets around it."
    ),
    kinds={"parquet"},
    owners=[ENGINEERS],
    partitions_def=MONTHS,
    pool=POOL,
)
def publish(
    context: dg.AssetExecutionContext, folders: Folders, rules: dg.ResourceParam[Sequence[gate.Rule]]
) -> dg.MaterializeResult[None]:
    month, settings = context.partition_key, folders.settings
    with folders.warehouse(month) as con:
        done = release.publish(con, settings, month, rules, context.run_id, _page)
    blocked.clear(settings, month)
    return dg.MaterializeResult(
        metadata={
            "rilis": dg.MetadataValue.text(done.name),
            "folder": dg.MetadataValue.path(str(done.path)),
            "dasbor": dg.MetadataValue.path(str(done.path / "dashboard.html")),
        }
    )


def _page(context: release.ReleaseContext) -> str:
    return render(collect(context.con, context.month, context.verdicts, revision=context.revision))


@dg.failure_hook(required_resource_keys={"folders", "rules"})
def write_blocked_page(context: dg.HookContext) -> None:
    """Leave a page that says which rules blocked the month. Any other failure is not the gate's and leaves none."""
    # Dagster exports no class for a failed blocking check, so it is told by its name.
    if type(context.op_exception).__name__ not in ("DagsterAssetCheckFailedError", GateBlocked.__name__):
        return
    run = context.instance.get_run_by_id(context.run_id)
    folders: Folders = context.resources.folders
    if run is not None and (month := run.tags.get("dagster/partition")):
        with folders.warehouse(month) as con:
            verdicts = blocked.ask_what_exists(con, context.resources.rules)
            page = render(collect(con, month, verdicts))
            blocked.write(con, folders.settings, month, verdicts, page, context.run_id)
