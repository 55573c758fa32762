"""What is measured: pairs right and wrong, peak memory, and what machine it was.

What belongs here: figures about a grouping and about this process. Nothing about who made the grouping.
"""

from __future__ import annotations

import math
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Pairs:
    """Pairwise precision, recall and F1 of a grouping of records against the truth; each 0..1."""

    precision: float
    recall: float
    f1: float

    def as_dict(self) -> dict[str, float]:
        """The three figures by name, as JSON takes them."""
        return asdict(self)


def pairs(con: duckdb.DuckDBPyConnection, table: str, found: str, true: str) -> Pairs:
    """Compare the groups of column ``found`` with those of ``true``, over the rows of ``table`` whose truth is known.

    Pairs are counted from the sizes of the groups and of their intersections, never made. A grouping without any pair has
    precision 1: it claims nothing false.
    """

    def count(columns: str) -> float:
        row = con.execute(
            f"""
            select coalesce(sum(n * (n - 1.0) / 2), 0)
            from (select count(*) as n from {table} where {true} is not null group by {columns})
            """
        ).fetchone()
        assert row is not None
        return float(row[0])

    both, claimed, actual = count(f"{found}, {true}"), count(found), count(true)
    precision = both / claimed if claimed else 1.0
    recall = both / actual if actual else 1.0
    return Pairs(precision, recall, 2 * both / (claimed + actual) if claimed + actual else 1.0)


def wilson(hits: int, of: int) -> tuple[float, float, float]:
    """Share of ``hits``, and Wilson's 95 % interval around it (JASA 22, 1927). ``of`` is 1 or more."""
    share, z = hits / of, 1.96
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    width = z / (1 + z**2 / of) * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return share, max(0.0, middle - width), min(1.0, middle + width)


def peak_megabytes() -> float:
    """Most memory this process has held (resident, MB = 10**6 bytes).

    From ``VmHWM``: the maximum that ``getrusage`` gives starts at what the parent held when it started this process.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError("/proc/self/status has no VmHWM: peak memory can only be read on Linux")


def machine() -> dict[str, str]:
    """The facts without which seconds mean nothing."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    libraries = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "splink", "numpy", "scipy", "pyarrow"))
    return {
        "inti / cores": str(os.cpu_count()),
        "memori / memory": f"{memory:.0f} GB",
        "sistem / system": f"{platform.system()} {platform.release().split('-')[0]}, {platform.machine()}",
        "Python": platform.python_version(),
        "pustaka / libraries": libraries,
    }
