"""The campaigns of ``benchmarks`` that kill a month or refuse its writes: whatever was struck, the same command ends it.

They take longer than any other file, and share nothing with one: here a worker can begin with them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

KILLED_AT = ("raw.run", "linkage.pasangan", "welfare.desil")


def test_a_month_killed_at_its_steps_and_at_every_step_of_publishing_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", "--work", tmp_path, "--seed", "3", "--at", *KILLED_AT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("16 kills, identical\n")


def test_whatever_write_of_an_export_the_disk_refuses_the_same_command_mends_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.faults", "--work", tmp_path, "--sites", "--acts", "export"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" refusals, all whole again\n")
