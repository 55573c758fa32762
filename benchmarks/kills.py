"""Does a month that was killed at any point end the same as an undisturbed one?

What belongs here: one command that publishes a foreign month, makes the next one undisturbed, and makes it again from the same
home while SIGKILL strikes: at random moments of the run, each followed by a run to the end (``--kills``), or when each of some
tables is made (``--at``; of all, ``--every-step``) and at every step of publishing, each on what the kill before left. After each
kill a reader must see whole releases only, and a registry that knows no id of a month that was not released; at the end ids, events
and content must be the undisturbed ones.

    python -m benchmarks.kills --kills 20 --seed 7 [--persons 300] [--work build/kills]

Nothing is opened in this process: it forks, and a fork of a process with threads may hang.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import Console

from benchmarks.foreign.month import write_foreign_month
from checks.rules import RULES
from dtsen_pipeline import definitions
from dtsen_pipeline.config import Settings
from dtsen_pipeline.orchestration import JOB, runner
from dtsen_pipeline.quality import gate, seals
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Registry
from dtsen_pipeline.release import blocked, catalogue, contents, disclosure, manifest, publishing, verification
from dtsen_pipeline.sql.models import load_models
from dtsen_pipeline.storage.warehouse import connect

FIRST, MONTH = "2025-03", "2025-04"
QUIET = Console(quiet=True)
FORK = multiprocessing.get_context("fork")

# What the steps import only when they need it. None of it starts a thread by being imported.
LATE_IMPORTS = (
    "great_expectations",
    "openpyxl",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "splink",
    "statsmodels.api",
)

# Publishing dies when it is about to do this: target, what is called, at which call.
PUBLISHING: Sequence[tuple[Any, str, int]] = (
    (disclosure, "make_tables", 1),
    (gate, "evaluate", 30),
    (Registry, "record_quality", 1),
    (contents, "write_files", 1),
    (contents, "_write_encrypted", 3),
    (publishing, "build_manifest", 1),
    (contents, "problems", 1),
    (Path, "rename", 1),
    (Registry, "record", 1),
    (Registry, "_derive_events", 1),
    (publishing, "point_to_newest", 1),
)
AFTER = (blocked, "remove_page", 1)


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dying(target: Any, name: str, call: int, when: Callable[..., bool] = lambda *_: True) -> Any:
    """``target.name`` as it is, and the process killed at the ``call``-th call that ``when`` is true of."""
    real, seen = getattr(target, name), iter(range(1, sys.maxsize))

    def called(*args: Any, **kwargs: Any) -> Any:
        if when(*args) and next(seen) == call:
            _die()
        return real(*args, **kwargs)

    return mock.patch.object(target, name, called)


def _child(work: Callable[..., object], *args: object) -> multiprocessing.process.BaseProcess:
    process = FORK.Process(target=work, args=args)
    process.start()
    return process


def _end(process: multiprocessing.process.BaseProcess, expected: int) -> None:
    process.join()
    if process.exitcode != expected:
        raise SystemExit(f"the run ended with {process.exitcode}, expected {expected}")


def _run(landing: Path, home: Path, month: str = MONTH, kill: tuple[Any, ...] | None = None) -> None:
    os.environ |= {"DTSEN_LANDING": str(landing), "DTSEN_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    with _dying(*kill) if kill else nullcontext():
        runner.run(Settings(), month, QUIET, definitions.defs)


def _publish(landing: Path, home: Path, kill: tuple[Any, ...]) -> None:
    settings = Settings(landing=landing, home=home)
    with connect(settings.warehouse(MONTH)) as con, _dying(*kill):
        publishing.publish(con, settings, MONTH, RULES, "coba")


def _look(home: Path, found: Any) -> None:
    """Send what a reader sees: content, ids and events of every release; and what is wrong with it."""
    settings = Settings(home=home)
    standing = catalogue.current(settings)
    wrong = []
    with store.open(settings) as book:
        known = book.releases()
        released = {entry.month for entry in known}
        ids, events = (
            book.con.execute(f"select {columns} from {table} order by all").fetchall()
            for table, columns in (
                ("rekaman", "source, record_id, person_id, family_id, bulan_mulai, bulan_selesai"),
                ("peristiwa", "bulan, jenis, entity, id, id_lain"),
            )
        )
    if {row[4] for row in ids} | {row[0] for row in events} > released:
        wrong.append("the registry knows ids of a month that was not released")
    for entry in known:
        wrong += verification.verify(settings, entry.month, entry.revision)
    if standing is None:
        wrong.append("no release stands")
    elif standing.month == FIRST and len(ids) != len([row for row in ids if row[4] == FIRST and row[5] is None]):
        wrong.append("the ids are not those of the release that stands")
    content = {entry.name: manifest.load_manifest(entry)["content_sha256"] for entry in known}
    found.put((wrong, standing and standing.name, content, ids, events))


def _seen(home: Path, *, whole: bool) -> tuple[Any, ...]:
    """What a reader sees; SystemExit where that is less than a whole release, or (``whole``) not the finished month."""
    found = FORK.SimpleQueue()
    process = _child(_look, home, found)
    wrong, standing, *rest = found.get()
    _end(process, 0)
    left = [path.name for path in (home / "releases").glob("*/.*")]
    if whole and (standing != f"{MONTH}/r1" or left):
        wrong.append(f"{standing} stands, left over: {left}")
    if wrong:
        raise SystemExit("; ".join(wrong))
    return tuple(rest)


def load_all() -> None:
    """Load the libraries, the job and the SQL once: every child would load them anew."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import; see ``gate``
    for name in LATE_IMPORTS:
        importlib.import_module(name)
    definitions.defs().resolve_job_def(JOB)
    for model in load_models().values():
        _ = model.expanded  # kept by ``macros.expand``


def prepare(work: Path, persons: int, seed: int) -> tuple[Path, Path]:
    """Landing zone of two months, and a home in which the first is published."""
    landing, home = work / "landing", work / "home"
    write_foreign_month(persons, seed, FIRST, landing)
    shutil.copytree(landing / FIRST, landing / MONTH)
    _end(_child(_run, landing, home, FIRST), 0)
    return landing, home


def random_moments(
    work: Path, landing: Path, home: Path, kills: int, seed: int, peace: tuple[Any, ...], seconds: float
) -> int:
    """Kill ``kills`` runs, each at its own moment; returns how many it took, as some had ended before."""
    moments = random.Random(seed)
    struck = runs = 0
    while struck < kills:
        runs += 1
        spoiled = work / "dibunuh"
        shutil.copytree(home, spoiled)
        process = _child(_run, landing, spoiled)
        after = moments.uniform(0, seconds)
        time.sleep(after)
        process.kill()
        process.join()
        struck += process.exitcode == -signal.SIGKILL
        _seen(spoiled, whole=False)
        _end(_child(_run, landing, spoiled), 0)
        same = _seen(spoiled, whole=True) == peace
        print(f"{runs:2}: killed after {after:5.1f} s, {'identical' if same else 'DIFFERENT'}", flush=True)
        if not same:
            raise SystemExit(1)
        shutil.rmtree(spoiled)
    return runs


def steps(landing: Path, home: Path, tables: Sequence[str], peace: tuple[Any, ...]) -> int:
    """Kill the month when each of ``tables`` is made and at each step of publishing, then let it end; give the number of kills.

    Each run starts on what the kill before left.
    """
    for table in tables:
        kill = (seals, "seal", 1, lambda con, made, *_, table=table: made == table)
        _end(_child(_run, landing, home, MONTH, kill), -signal.SIGKILL)
        _seen(home, whole=False)
    # Everything is made: from here on publishing can begin without the run.
    _end(_child(_run, landing, home, MONTH, (seals, "broken", 1)), -signal.SIGKILL)
    for point in PUBLISHING:
        _end(_child(_publish, landing, home, point), -signal.SIGKILL)
        _seen(home, whole=False)
    _end(_child(_run, landing, home, MONTH, AFTER), -signal.SIGKILL)
    _end(_child(_run, landing, home), 0)
    if _seen(home, whole=True) != peace:
        raise SystemExit("the month does not end as an undisturbed one")
    return len(tables) + len(PUBLISHING) + 2


def main() -> None:
    """Kill the month as asked, and print whether it always ends as the undisturbed one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7, help="of the month and of the moments")
    parser.add_argument("--work", type=Path, default=Path("build/kills"))
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--kills", type=int, help="at this many random moments")
    how.add_argument(
        "--at", nargs="+", metavar="TABLE", help="when each of these tables is made, and through publishing"
    )
    how.add_argument("--every-step", action="store_true", help="the same with every table")
    asked = parser.parse_args()
    work = asked.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    load_all()
    assets = definitions.defs().resolve_asset_graph().materializable_asset_keys
    made = sorted(".".join(key.path) for key in assets if len(key.path) == 2)
    if unknown := set(asked.at or ()) - set(made):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    landing, home = prepare(work, asked.persons, asked.seed)
    undisturbed = work / "tenang"
    shutil.copytree(home, undisturbed)
    started = time.monotonic()
    _end(_child(_run, landing, undisturbed), 0)
    seconds = time.monotonic() - started
    peace = _seen(undisturbed, whole=True)
    print(f"undisturbed: {seconds:.1f} s", flush=True)
    if not asked.kills:
        print(f"{steps(landing, home, asked.at or made, peace)} kills, identical")
    else:
        runs = random_moments(work, landing, home, asked.kills, asked.seed, peace, seconds)
        print(f"{asked.kills} runs killed, of {runs}: all identical")


if __name__ == "__main__":
    main()
