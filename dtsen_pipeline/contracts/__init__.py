"""The source contracts and the reader that turns landing files into ``raw`` and ``quarantine``.

What belongs here: what the sources promised (YAML, ``load``), which files a month takes (``deliveries``), and
``reader.read`` that brings them in. What the values mean for the register belongs in ``dbt_like_sql``.
"""

from dtsen_pipeline.contracts.delivery import Arrival, Delivery, arrival, deliveries, delivery
from dtsen_pipeline.contracts.model import Column, Parent, SourceContract, TableContract, load

__all__ = [
    "Arrival",
    "Column",
    "Delivery",
    "Parent",
    "SourceContract",
    "TableContract",
    "arrival",
    "deliveries",
    "delivery",
    "load",
]
