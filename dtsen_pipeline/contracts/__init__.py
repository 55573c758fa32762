"""Hold the source contracts and the reader that turns landing files into ``raw`` and ``quarantine``.

What belongs here: what the sources promised (YAML, ``load``), which files a month takes (``find_deliveries``), and
``reader.read``, which reads them. What the values mean for the register belongs in ``dbt_like_sql``.
"""

from dtsen_pipeline.contracts.delivery import Arrival, Delivery, check_arrival, find_deliveries, find_delivery
from dtsen_pipeline.contracts.model import Column, Parent, SourceContract, TableContract, load

__all__ = [
    "Arrival",
    "Column",
    "Delivery",
    "Parent",
    "SourceContract",
    "TableContract",
    "check_arrival",
    "find_deliveries",
    "find_delivery",
    "load",
]
