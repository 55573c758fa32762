"""Does a home that an earlier version made go on with this one?

What belongs here: one command that takes earlier states of this repository from its history, lets each publish two simulated
months by its own code, and lets the present code verify that home and publish the third; where it is refused, it does what the
message says, and tries again. It prints what each command said.

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
FIRST, SECOND, THIRD = MONTHS = ("2025-03", "2025-04", "2025-05")
ROUNDS = 4

# The states after which a home or its registry looked otherwise, oldest first.
MILESTONES = (
    "ccb5664",  # the first command
    "f3eef7b",  # the first night's end
    "2bbca60",  # releases carry the linkage model
    "7e0e014",  # registry: penautan
    "86b6bfc",  # releases carry what changed
    "ac3c588",  # registry: kesejahteraan
    "a3d7b63",  # a key, and disclosure control
    "957ecb2",  # encrypted at rest
    "646a048",  # releases can be withdrawn
    "8d276a2",  # the manifest names code and policies
    "c4ad10d",  # releases can be deleted
    "4bd06d9",  # notes of the reader
)


def _dtsen(code: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DTSEN_", "DAGSTER_"))}
    environment |= {"PYTHONPATH": str(code), "DAGSTER_HOME": str(home / "dagster"), "COLUMNS": "400"}
    (home / "dagster").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    """What it said last that is not a place or an action, in one line."""
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"\w*(Error|GateBlocked|InUse)\b", line)]
    return (errors or lines or ["-"])[-1][:300]


def make(commit: str, work: Path, persons: int) -> tuple[Path, Path] | str:
    """Landing zone and home of the code of ``commit``, or why it cannot make them."""
    code, landing, home = (work / commit / name for name in ("code", "landing", "home"))
    code.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", code], input=archive.stdout, check=True)
    for month in MONTHS:
        written = ("simulate", "--persons", str(persons), "--seed", "7", "--month", month, "--to", str(landing))
        if (done := _dtsen(code, home, *written)).returncode:
            return f"simulate {month}: {_last(done)}"
    for month in (FIRST, SECOND):
        done = _dtsen(code, home, "run", "--month", month, "--landing", str(landing), "--home", str(home))
        if done.returncode:
            return f"run {month}: exit {done.returncode}, {_last(done)}"
    return landing, home


def go_on(landing: Path, home: Path) -> list[str]:
    """What the present code says of the home, each command with its exit code; the last is that of the third month."""
    told = []

    def say(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = _dtsen(ROOT, home, *arguments, "--home", str(home))
        told.append(
            f"`dtsen {' '.join(arguments)}` {done.returncode}" + (f": {_last(done)}" if done.returncode else "")
        )
        return done

    def run(month: str, rounds: int = ROUNDS) -> bool:
        done = _dtsen(ROOT, home, "run", "--month", month, "--landing", str(landing), "--home", str(home))
        told.append(f"`dtsen run --month {month}` {done.returncode}" + (f": {_last(done)}" if done.returncode else ""))
        if done.returncode == 0:
            return True
        said = re.findall(r"dtsen run --month (20\d\d-\d\d)", re.sub(r"\s+", " ", done.stderr + done.stdout))
        asked = next((other for other in said if other != month), None)
        return bool(rounds and asked and run(asked, rounds - 1) and run(month, rounds - 1))

    say("releases", "verify")
    run(THIRD)
    say("releases", "verify")
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.old_homes", description=__doc__.splitlines()[0])
    parser.add_argument("commits", nargs="*", default=MILESTONES)
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--work", type=Path, default=Path("build/old_homes"))
    asked = parser.parse_args(arguments)
    work = asked.work.absolute()
    for commit in asked.commits:
        shutil.rmtree(work / commit, ignore_errors=True)
        made = make(commit, work, asked.persons)
        day = subprocess.run(
            ["git", "log", "-1", "--format=%ad", "--date=format:%Y-%m-%d %H:%M", commit],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"{commit} {day.stdout.strip()}", flush=True)
        for line in [f"cannot be made: {made}"] if isinstance(made, str) else go_on(*made):
            print(f"    {line}", flush=True)


if __name__ == "__main__":
    main()
