"""How long a file may take to read, and how much memory the process may hold.

What belongs here: the limits, the alarm that ends what hangs, and the measurement of memory.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from dtsen_pipeline.config import Settings

# Of the processor: what a file costs must not hang on what else the machine does.
LIMIT_SECONDS = 10.0
# Of the clock, after which the reading of a file is ended.
HANGING_SECONDS = 60


class TooLong(Exception):
    """A file took so long that its reading was ended; no OSError, which the reader would take for its own."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise TooLong in what takes longer: a pipe without a writer would be waited for without an end."""

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def peak_megabytes() -> float:
    """Give the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def allowed_megabytes() -> float:
    """Give the memory that the process may hold: the setting and a gigabyte."""
    with duckdb.connect(config={"memory_limit": Settings().memory_limit}) as con:
        (limit,) = con.execute(
            "select max(memory_limit) from (select cast(value as varchar) as memory_limit from duckdb_settings() "
            "where name = 'memory_limit')"
        ).fetchone() or ("",)
    number, unit = str(limit).split()
    return float(number) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}.get(unit, 1) + 1024
