"""Does a home that an earlier version made go on with this one?

What belongs here: one command that takes earlier states of this repository from its history, lets each publish two simulated
months by its own code, and lets the present code verify that home and publish the third; where it is refused, it does what the
message says, and tries again. It prints what each command said. With ``--months 2`` the second is the present code's.

    python -m benchmarks.old_homes [--persons 1000] [--work build/old_homes] [COMMIT ...]

What an earlier state can no longer make (another package is installed than it was written for) is said, and passed over.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
MONTHS = ("2025-03", "2025-04", "2025-05")
ROUNDS = 4

# The states after which a home or its registry looked otherwise, oldest first.
MILESTONES = (
    "9fe5898",  # the first months through the job: nothing encrypted, no stored model, other open tables
    "ff4e77d",  # releases carry the linkage model; registry: penautan
    "d481b4b",  # releases carry what changed
    "051f251",  # a key, disclosure control; registry: kesejahteraan
    "957ecb2",  # encrypted at rest
    "8d276a2",  # withdrawals; the manifest names code and policies
    "c4ad10d",  # deletions
    "4bd06d9",  # notes of the reader
)


def _dtsen(code: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DTSEN_", "DAGSTER_"))}
    environment |= {"PYTHONPATH": str(code), "DAGSTER_HOME": str(home / "dagster"), "COLUMNS": "400"}
    (home / "dagster").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """The error it ended with, else what it printed first."""
    told, errors = ([line.strip() for line in text.splitlines() if line.strip()] for text in (done.stdout, done.stderr))
    named = [line for line in errors if re.match(r"\w*(Error|GateBlocked|InUse)\b", line)]
    return [*named[-1:], *told, *errors, "-"][0][:300]


def make(commit: str, work: Path, persons: int, months: Sequence[str]) -> tuple[Path, Path] | str:
    """Landing zone and home of the code of ``commit``, or why it cannot make them."""
    code, landing, home = (work / commit / name for name in ("code", "landing", "home"))
    code.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", code], input=archive.stdout, check=True)
    for month in months:
        written = ("simulate", "--persons", str(persons), "--seed", "7", "--month", month, "--to", str(landing))
        if (done := _dtsen(code, home, *written)).returncode:
            return f"simulate {month}: {_said(done)}"
    for month in months[:-1]:
        done = _dtsen(code, home, "run", "--month", month, "--landing", str(landing), "--home", str(home))
        if done.returncode:
            return f"run {month}: exit {done.returncode}, {_said(done)}"
    return landing, home


def go_on(landing: Path, home: Path, last: str) -> list[str]:
    """What the present code says of the home, and makes of the month ``last``, each command with its exit code."""
    told = []

    def say(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = _dtsen(ROOT, home, *arguments, "--home", str(home))
        told.append(
            f"`dtsen {' '.join(arguments)}` {done.returncode}" + (f": {_said(done)}" if done.returncode else "")
        )
        return done

    def run(month: str, rounds: int = ROUNDS) -> bool:
        done = _dtsen(ROOT, home, "run", "--month", month, "--landing", str(landing), "--home", str(home))
        told.append(f"`dtsen run --month {month}` {done.returncode}" + (f": {_said(done)}" if done.returncode else ""))
        if done.returncode == 0:
            return True
        said = re.findall(r"dtsen run --month (20\d\d-\d\d)", re.sub(r"\s+", " ", done.stderr + done.stdout))
        asked = next((other for other in said if other != month), None)
        return bool(rounds and asked and run(asked, rounds - 1) and run(month, rounds - 1))

    say("releases", "verify")
    run(last)
    say("releases", "verify")
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Go on with a home of each of the commits, and print what each command said."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.old_homes", description=__doc__.splitlines()[0])
    parser.add_argument("commits", nargs="*", default=MILESTONES)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--months", type=int, choices=(2, 3), default=3)
    parser.add_argument("--work", type=Path, default=Path("build/old_homes"))
    asked = parser.parse_args(arguments)
    work = asked.work.absolute()
    for commit in asked.commits:
        shutil.rmtree(work / commit, ignore_errors=True)
        months = MONTHS[: asked.months]
        made = make(commit, work, asked.persons, months)
        day = subprocess.run(
            ["git", "log", "-1", "--format=%ad", "--date=format:%Y-%m-%d %H:%M", commit],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"{commit} {day.stdout.strip()}", flush=True)
        for line in [f"cannot be made: {made}"] if isinstance(made, str) else go_on(*made, months[-1]):
            print(f"    {line}", flush=True)


if __name__ == "__main__":
    main()
