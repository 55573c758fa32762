"""``make bench``: prepares every set, runs every contender, writes ``docs/benchmarks.md``.

What belongs here: the order of things and the progress display.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
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
from dtsen_pipeline.storage.warehouse import scratch

FULL, QUICK = [100_000, 1_000_000], [5_000]
WORK, PAGE = Path("build/bench"), Path("docs/benchmarks.md")
PYTHON = Path(".venv-bench/bin/python")
_VERSIONS = "import importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in ('pseudopeople', 'recordlinkage')}))"


def _contenders(dataset: Dataset) -> list[str]:
    # Stored models were learnt on Indonesian months: they have nothing to say about other countries' registers.
    stored = ["stored"] * dataset.month + ["strange"] * (dataset.kind == "foreign")
    return [*stored, "trained", "plain", "exact"]


def _prepared(dataset: Dataset, folder: Path) -> Path:
    """The set's file, made in a process of its own, so that its memory is given back before anything is measured."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(datasets.prepare, dataset, folder, folder / "siap.duckdb").result()
    return folder / "siap.duckdb"


def _described(dataset: Dataset, data: Path) -> dict[str, Any]:
    with scratch(data, read_only=True) as con:
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
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return about | result


def _measure(sets: list[Dataset], console: Console) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every set (name, about, records, ...) and every run of a contender on it, in the order of ``sets``."""
    described: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("mulai / starting", total=1 + sum(1 + len(_contenders(one)) for one in sets))

        def done(following: str) -> None:
            bar.update(task, advance=1, description=following)

        if any(not one.month for one in sets):
            bar.update(task, description="register / registers")
            command = [str(PYTHON), "-W", "ignore", "-m", "benchmarks.registers", "--to", str(WORK / "registers")]
            subprocess.run(command, check=True, capture_output=True)
        for month in datasets.model_months(sets):
            bar.update(task, description=f"{month.name}: pelatihan / training")
            data = _prepared(month, WORK / month.name)
            trained = _run(month, data, "trained", keep_model=data.parent)
            data.unlink()
            if "failed" in trained:
                raise DtsenError(f"the stored model could not be trained: {trained['failed']}")
        done("")
        for dataset in sets:
            bar.update(task, description=f"{dataset.name}: persiapan / preparing")
            data = _prepared(dataset, WORK / dataset.name)
            described.append(_described(dataset, data))
            for contender in _contenders(dataset):
                done(f"{dataset.name}: {contender}")
                model = dataset.stranger if contender == "strange" else dataset.model
                runs.append(_run(dataset, data, contender, model=WORK / model))
            shutil.rmtree(data.parent)
            done("")
    return described, runs


def _said(chosen: argparse.Namespace) -> str:
    """What was asked for beyond the full run, as it is typed."""
    words = ["--quick"] * chosen.quick
    words += ["--persons", *map(str, chosen.persons)] if chosen.persons else []
    words += ["--only", chosen.only] if chosen.only else []
    return f' BENCH="{" ".join(words)}"' if words else ""


def main() -> int:
    """Returns 0 when every contender ran on every set, 1 when one failed (the page says which and why)."""
    parser = argparse.ArgumentParser(
        prog="make bench BENCH=...", description="Measure the linkage against plain Splink."
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"months of {QUICK[0]:,} persons, page in {WORK}: to try it out"
    )
    parser.add_argument("--persons", type=int, nargs="+", help=f"sizes of the simulated months, default {FULL}")
    parser.add_argument("--only", default="", help="only the sets whose name contains this")
    chosen = parser.parse_args()
    sizes = sorted(chosen.persons or (QUICK if chosen.quick else FULL))
    known = [*datasets.months(sizes), *datasets.registers(WORK / "registers")]
    sets = [one for one in known if chosen.only in one.name]
    if not sets:
        parser.error(f"no set is called like '{chosen.only}'; there are {', '.join(one.name for one in known)}")
    console = Console(stderr=True)
    described, runs = _measure(sets, console)

    versions = subprocess.run([PYTHON, "-c", _VERSIONS], check=True, capture_output=True, text=True).stdout
    facts: dict[str, Any] = {
        "machine": measure.machine(),
        "arguments": _said(chosen),
        "model_seed": datasets.MODEL_SEED,
        "register_seed": registers.SEED,
        "thresholds": len(contenders.WEIGHTS),
    } | json.loads(versions)
    # A trial must not take the place of the figures that the documents speak of.
    page = WORK / PAGE.name if chosen.quick else PAGE
    page.write_text(report.page(facts, described, runs), encoding="utf-8")
    failed = [run for run in runs if "failed" in run]
    console.print(f"{page}: {len(runs)} runs, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
