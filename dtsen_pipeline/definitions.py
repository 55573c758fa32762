"""Put together the code location, which is what Dagster sees.

What belongs here: the list of assets, checks, resources, the job, and what starts and watches it.
"""

import os

import dagster as dg

from assets.common import Folders
from assets.landing import landing, source_specs
from assets.linkage import linkage
from assets.models import model_assets, seeds
from assets.release import disclosure_step, release_of
from assets.welfare import welfare
from checks import checks
from checks.rules import RULES
from dtsen_pipeline.orchestration.automation import after_cut_off, complete_deliveries, dead_runs, failed_or_blocked
from dtsen_pipeline.orchestration.job import monthly


@dg.definitions
def defs() -> dg.Definitions:
    """Give Dagster everything that it runs and shows."""
    os.umask(0o077)  # As in the command line: what runs of this process leave is their owner's alone.
    return dg.Definitions(
        assets=[*source_specs, seeds, landing, *model_assets, *linkage, *welfare, disclosure_step, release_of(RULES)],
        asset_checks=checks,
        jobs=[monthly],
        schedules=[after_cut_off],
        sensors=[complete_deliveries, failed_or_blocked, dead_runs],
        # For what is materialised outside the job too: assets selected in the UI.
        executor=dg.in_process_executor,
        resources={"folders": Folders()},
    )
