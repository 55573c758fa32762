"""Simulate a population with known truth, and write the landing files of a month. The entry point is `simulate`.

From the ground up: `base`, `calendar`, `country` and `names`; the true population (`people`, `composition`, `ties`,
`numbers`, `population`, `welfare`); a month of life (`events`); what goes wrong (`damage`, `text_damage`); who is
listed and what is written of them (`enumeration`, `entries`); one module a source (`dtks`, `regsosek`, `p3ke`,
`dukcapil`, `susenas`); files (`delivery`, `files`, `spreadsheet`); the whole month (`month`).

The vectorised code uses these short names: `p` population, `k` its families, `o` its persons, `w` the country,
`h` welfare, `g` activities, `c` an enumeration.
"""

from dtsen_pipeline.simulation.damage import ErrorMix
from dtsen_pipeline.simulation.month import SimulationReport, simulate

__all__ = ["ErrorMix", "SimulationReport", "simulate"]
