"""Arithmetic on arrays that every step of the foreign month uses: sorted groups, and days counted since 1970.

What belongs here: functions of numpy arrays alone, which know nothing of people or sources.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
DAYS_A_YEAR = 365.25
# Added to the month's last day: the day of what does not happen.
NEVER = 9999


def day_number(text: str) -> int:
    """Count the days from 1970 to an ISO date."""
    return int(np.datetime64(text, "D").astype(np.int64))


def year_month_day(day: Array) -> tuple[Array, Array, Array]:
    """Split days since 1970 into year, month (1-12) and day of the month (1-31)."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    y = date.astype("datetime64[Y]").astype(np.int64) + 1970
    return y, month.astype(np.int64) % 12 + 1, (date - month).astype(np.int64) + 1


def first_of_group(group: Array) -> Array:
    """Give, for each element of a sorted array, the position where its group begins."""
    n = len(group)
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.repeat(begins, np.diff(np.r_[begins, n]))


def running_number(key: Array) -> Array:
    """Number the elements with an equal key 0, 1, 2 ... in the order of the array."""
    order = np.argsort(key, kind="stable")
    number = np.empty(len(key), dtype=np.int64)
    number[order] = np.arange(len(key)) - first_of_group(key[order])
    return number
