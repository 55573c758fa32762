"""Names and helpers that every part of the simulation shares.

Belongs here: relations to the head, array types, random streams, and small array functions that know nothing of
people.
"""

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]
Booleans = NDArray[np.bool_]
Codes = NDArray[np.bytes_]

DAYS_PER_YEAR = 365.2425
# Relation of a person to the head of the family: codes of the questionnaires.
HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, SERVANT, OTHER = range(1, 9)


def rng_for(seed: int, stage: str) -> np.random.Generator:
    """Return the random stream of one stage. Each has its own, so a change in one stage leaves the others' draws alone."""
    return np.random.default_rng([seed, crc32(stage.encode())])


def fold(values: NDArray[np.float64], lowest: float, highest: float) -> NDArray[np.float64]:
    """Reflect values at the bounds. Clipping would heap all that lies outside on one value, hence on one birth day."""
    width = highest - lowest
    return np.asarray(highest - np.abs((values - lowest) % (2 * width) - width))


def position_in_group(group: NDArray[Any]) -> Integers:
    """Return the position of each element in its run of equal values, from 0. Equal values must lie side by side."""
    start = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.arange(len(group)) - np.repeat(start, np.diff(start, append=len(group)))


def zero_padded(numbers: Integers, width: int) -> Codes:
    """Write non-negative integers as byte strings of `width` digits, with zeros in front."""
    digit = np.empty((len(numbers), width), np.uint8)
    rest = numbers.astype(np.int64)
    for i in range(width - 1, -1, -1):
        rest, d = np.divmod(rest, 10)
        digit[:, i] = d + 48
    return digit.view(f"S{width}").ravel()
