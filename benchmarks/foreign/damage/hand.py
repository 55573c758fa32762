"""How badly each row of a source is written, and which rows err.

What belongs here: the severity that all kinds of error share. A row errs with a severity that multiplies its village's, its
visit's and its own; a few rows are simply written badly, in several fields at once.
"""

from __future__ import annotations

import numpy as np

from benchmarks.foreign.arrays import Array
from benchmarks.foreign.country.places import Places
from benchmarks.foreign.listing import Listing

# What the severities below multiply to on average, so that a share in this package is the share that comes out.
_MEAN_SEVERITY = 1.6
_MEAN_OF_ROSTER = 1.4


class Hand:
    """The hand that wrote one source's rows: ``severity`` by row, ``by_roster`` by roster, ``broken`` rows written badly."""

    def __init__(self, rng: np.random.Generator, rows: Listing, places: Places, damage: float) -> None:
        n = len(rows.person)
        by_village = np.where(rng.random(len(places.weight)) < 0.08, 4.0, 1.0)  # careless
        by_visit = np.where(rng.random(len(rows.family)) < 0.10, 2.5, 1.0)  # answered by somebody else
        of_roster = by_village[rows.village] * by_visit
        self.rng, self.damage = rng, damage
        self.by_roster = of_roster / _MEAN_OF_ROSTER
        self.severity = of_roster[rows.roster] * rng.lognormal(0, 0.5, n) / _MEAN_SEVERITY * damage
        self.broken = rng.random(n) < (0.012 * self.severity).clip(0, 0.5)

    def errs(self, share: float, times: Array | float = 1.0) -> Array:
        """Draw the rows that err, where a row of ordinary severity does with probability ``share`` (times ``times``)."""
        n = len(self.severity)
        by_severity = self.rng.random(n) < (share * times * self.severity).clip(0, 0.9)
        return by_severity | (self.broken & (self.rng.random(n) < min(0.4, 12 * share)))

    def roster_errs(self, share: float) -> Array:
        """Draw the rosters that err, where one of ordinary severity does with probability ``share``."""
        return self.rng.random(len(self.by_roster)) < (share * self.by_roster * self.damage).clip(0, 0.9)

    def kinds(self, weights: dict[str, float]) -> Array:
        """Draw a kind of error for every row, as a position in ``weights``."""
        reach = np.cumsum(list(weights.values()))
        drawn = np.searchsorted(reach / reach[-1], self.rng.random(len(self.severity)), side="right")
        return drawn.clip(0, len(reach) - 1)
