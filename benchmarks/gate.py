"""What does the gate cost of a month?

What belongs here: one command that writes a foreign month, runs the monthly job on it in this process, and says which share of the
time went to the rules (asked by the checks and again by the publish step), to the seals and to disclosure control.

    python -m benchmarks.gate --persons 100000 --seed 77 [--work build/gate]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import Console

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline import definitions
from dtsen_pipeline.config import Settings
from dtsen_pipeline.orchestration import runner
from dtsen_pipeline.quality import gate, seals
from dtsen_pipeline.quality.rule import Rule
from dtsen_pipeline.release import disclosure, publishing

MONTH = "2025-03"
# What is timed, and what of it: the gate's own, or what stands beside it.
GATE = {
    "rules / aturan": (gate, "evaluate"),
    "seals taken / segel dibuat": (seals, "seal"),
    "seals asked / segel diperiksa": (seals, "broken"),
}
BESIDE = {
    "disclosure control / pengungkapan": (disclosure, "make_tables"),
    "publishing, rules and all / terbit": (publishing, "publish"),
}


def _timed(
    work: Callable[..., Any], name: str, seconds: dict[str, float], costliest: dict[str, float]
) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            took = time.perf_counter() - started
            seconds[name] += took
            if isinstance(rule := args[-1], Rule):
                costliest[rule.name] += took

    return called


def main() -> None:
    """Make the month, and print what its gate took of the time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--work", type=Path, default=Path("build/gate"))
    given = parser.parse_args()
    work = given.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    write_foreign_month(given.persons, given.seed, MONTH, work / "landing")
    os.environ |= {"DTSEN_LANDING": str(work / "landing"), "DTSEN_HOME": str(work / "home")}
    os.environ["DAGSTER_HOME"] = str(work / "home" / "dagster")

    seconds: dict[str, float] = defaultdict(float)
    costliest: dict[str, float] = defaultdict(float)
    patches = [
        mock.patch.object(module, function, _timed(getattr(module, function), name, seconds, costliest))
        for name, (module, function) in (GATE | BESIDE).items()
    ]
    for patch in patches:
        patch.start()
    started = time.perf_counter()
    runner.run(Settings(), MONTH, Console(), definitions.defs)
    total = time.perf_counter() - started
    print(f"{given.persons:,} persons, seed {given.seed}: {total:.1f} s", end=", ")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")
    for name in (*GATE, *BESIDE):
        print(f"  {name:36} {seconds[name]:6.1f} s {seconds[name] / total:7.1%}")
    cost = sum(seconds[name] for name in GATE)
    print(f"the gate: {cost:.1f} s, {cost / total:.1%} of the run")
    for name, took in sorted(costliest.items(), key=lambda item: -item[1])[:10]:
        print(f"  {name:36} {took:6.1f} s")


if __name__ == "__main__":
    main()
