"""Define the monthly job and its months.

What belongs here: partitions, which assets and checks the job takes, and how it is executed.
"""

import dagster as dg

from dtsen_pipeline.config import FIRST_MONTH, TIMEZONE
from dtsen_pipeline.orchestration import JOB

# A monthly partition ends with its month; ``end_offset`` adds the month that is running, made after its cut-off on the 17th.
MONTHS = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt="%Y-%m", timezone=TIMEZONE, end_offset=1)


def earliest_month_first(month: str) -> dict[str, str]:
    """Return the tag that lets the earliest month in the queue go first, since ids follow from month to month."""
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
        tags_for_partition_key_fn=earliest_month_first,
    ),
)
