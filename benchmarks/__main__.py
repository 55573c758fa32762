"""``make bench``: prepares every set, runs every contender, writes ``docs/benchmarks.md``.

What belongs here: the order of things and the progress display.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks import contenders, datasets, measure, registers, report
from benchmarks.datasets import Dataset
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.warehouse import connect

FULL, QUICK = [100_000, 1_000_000], [5_000]
MODEL_PERSONS, QUICK_MODEL_PERSONS = 100_000, 10_000
_VERSIONS = "import importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in ('pseudopeople', 'recordlinkage')}))"


def _contenders(dataset: Dataset) -> list[str]:
    # The stored model was learnt on Indonesian months: it has nothing to say about other countries' registers.
    return ["stored", "trained", "plain", "exact"] if dataset.month else ["trained", "plain", "exact"]


def _prepared(dataset: Dataset, folder: Path) -> Path:
    """The set's file, made in a process of its own, so that its memory is given back before anything is measured."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(datasets.prepare, dataset, folder, folder / "siap.duckdb").result()
    return folder / "siap.duckdb"


def _described(dataset: Dataset, data: Path) -> dict[str, Any]:
    with connect(data, read_only=True) as con:
        row = con.execute(
            "select count(*), count(distinct person_true), (select detik from persiapan) from kebenaran"
        ).fetchone()
    assert row is not None
    about = {"name": dataset.name, "about": dataset.about, "month": dataset.month}
    return about | {"records": row[0], "persons": row[1], "prepared": row[2]}


def _run(dataset: Dataset, data: Path, contender: str, **more: Path) -> dict[str, Any]:
    scratch = data.parent / "kerja.duckdb"
    scratch.unlink(missing_ok=True)
    spec = {"contender": contender, "number": dataset.number, "month": dataset.month}
    spec |= {name: str(path) for name, path in ({"data": data, "scratch": scratch} | more).items()}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contenders", json.dumps(spec)], capture_output=True, text=True, check=False
    )
    scratch.unlink(missing_ok=True)
    about = {"set": dataset.name, "contender": contender, "number": dataset.number}
    if done.returncode:
        (data.parent.parent / f"{dataset.name}-{contender}.log").write_text(done.stderr, encoding="utf-8")
        # A message may run over several lines: the one that names the error says most.
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        reason = next((line for line in reversed(lines) if re.match(r"[\w.]+: ", line)), lines[-1])
        return about | {"failed": reason[:160].replace("|", "/")}
    return about | json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    """Returns 0 when every contender ran on every set, 1 when one failed (the page says which and why)."""
    parser = argparse.ArgumentParser(
        prog="make bench BENCH=...", description="Measure the linkage against plain Splink."
    )
    parser.add_argument("--quick", action="store_true", help="months of 5,000 persons: minutes, to try it out")
    parser.add_argument("--persons", type=int, nargs="+", help="sizes of the simulated months; default 100000 1000000")
    parser.add_argument("--only", default="", help="only sets whose name contains this")
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="folder for what is made on the way")
    parser.add_argument("--to", type=Path, default=Path("docs/benchmarks.md"), help="the page")
    parser.add_argument(
        "--python", type=Path, default=Path(".venv-bench/bin/python"), help="the Python that has pseudopeople"
    )
    chosen = parser.parse_args()
    sizes = sorted(chosen.persons or (QUICK if chosen.quick else FULL))
    model_persons = QUICK_MODEL_PERSONS if chosen.quick else MODEL_PERSONS
    flat = chosen.work / "registers"
    sets = [one for one in [*datasets.months(sizes), *datasets.registers(flat)] if chosen.only in one.name]
    if not sets:
        raise DtsenError(f"no set is called like '{chosen.only}'")

    console = Console(stderr=True)
    described: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    bar = Progress(
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
    )
    with bar:
        task = bar.add_task("mulai / starting", total=2 + sum(1 + len(_contenders(one)) for one in sets))

        def step(words: str) -> None:
            bar.update(task, advance=1 if words else 0, description=words)

        bar.update(task, description="register / registers")
        if any(not one.month for one in sets):
            subprocess.run(
                [chosen.python, "-W", "ignore", "-m", "benchmarks.registers", "--to", flat],
                check=True,
                capture_output=True,
            )
        step("model")
        folder = chosen.work / "model"
        if any(one.month for one in sets):
            month = datasets.model_month(model_persons)
            data = _prepared(month, folder)
            trained = _run(month, data, "trained", keep_model=folder)
            data.unlink()
            if "failed" in trained:
                raise DtsenError(f"the stored model could not be trained: {trained['failed']}")
        for dataset in sets:
            step(f"{dataset.name}: persiapan / preparing")
            data = _prepared(dataset, chosen.work / dataset.name)
            described.append(_described(dataset, data))
            for contender in _contenders(dataset):
                step(f"{dataset.name}: {contender}")
                runs.append(_run(dataset, data, contender, model=folder))
            shutil.rmtree(data.parent)
        step("selesai / done")

    versions = subprocess.run([chosen.python, "-c", _VERSIONS], check=True, capture_output=True, text=True).stdout
    facts: dict[str, Any] = {
        "machine": measure.machine(),
        "arguments": f' (`BENCH="{shlex.join(sys.argv[1:])}"`)' if sys.argv[1:] else "",
        "model_persons": model_persons,
        "model_seed": datasets.MODEL_SEED,
        "register_seed": registers.SEED,
        "thresholds": len(contenders.WEIGHTS),
    } | json.loads(versions)
    (chosen.work / "results.json").write_text(
        json.dumps({"facts": facts, "sets": described, "runs": runs}, indent=1), encoding="utf-8"
    )
    chosen.to.write_text(report.page(facts, described, runs), encoding="utf-8")
    failed = [run for run in runs if "failed" in run]
    console.print(f"{chosen.to}: {len(runs)} runs, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
