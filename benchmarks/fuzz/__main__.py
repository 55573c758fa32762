"""Does the reader hold against damaged, odd and hostile files?

What belongs here: the command line and the tables of what was tried.

    python -m benchmarks.fuzz --mutations 20000 --seed 1301          # what becomes of mutated files
    python -m benchmarks.fuzz --search 10000 --seed 1301             # is anybody named in what leaves?
    python -m benchmarks.fuzz --only header_missing --number 4711    # one of them again; its file stays in --work

Mutation i of a seed is the same file whatever else is asked. A failure is: an error that is not for people, or names no file; more
than 10 s; more memory than DTSEN_MEMORY_LIMIT and a gigabyte; a harmless mutation after which a row or a value is another; rows
lost; other cells than the touched one altered, or that one without a note; a value of a person in what is told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.fuzz.campaign import OUTCOMES, Result, campaign, chosen, peak_megabytes
from benchmarks.fuzz.kinds import load_kinds
from dtsen_pipeline.config import Settings

_SHOWN = 40
_SLOWEST = 5


def page(results: list[Result]) -> Table:
    """Counts by kind: tried, what became of them, failures."""
    table = Table("kelompok / group", "mutasi / mutation", "dicoba / tried", *OUTCOMES, "GAGAL / FAILURES")
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        by_kind[one.case.kind.name].append(one)
    for kind in sorted(load_kinds().values(), key=lambda kind: (kind.group, kind.name)):
        if mine := by_kind.get(kind.name):
            counts = Counter(one.outcome for one in mine)
            failed = sum(bool(one.failures) for one in mine)
            mark = " *" if kind.harmless else ""
            table.add_row(
                kind.group, kind.name + mark, f"{len(mine):,}", *(f"{counts[o]:,}" for o in OUTCOMES), f"{failed:,}"
            )
    return table


def memory_bound() -> float:
    """Megabytes that the process may hold: the setting and a gigabyte."""
    with duckdb.connect(config={"memory_limit": Settings().memory_limit}) as con:
        (limit,) = con.execute(
            "select max(memory_limit) from (select cast(value as varchar) as memory_limit from duckdb_settings() "
            "where name = 'memory_limit')"
        ).fetchone() or ("",)
    number, unit = str(limit).split()
    return float(number) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}.get(unit, 1) + 1024


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=0, help="berapa mutasi / how many mutations")
    parser.add_argument("--search", type=int, default=0, help="berapa dengan pencarian / how many searched for persons")
    parser.add_argument("--seed", type=int, default=1301)
    parser.add_argument("--only", choices=sorted(load_kinds()), metavar="KIND", help="satu jenis / one kind")
    parser.add_argument("--number", type=int, help="satu mutasi / the one mutation of this number")
    parser.add_argument("--work", type=Path, default=Path("build/fuzz"))
    given = parser.parse_args(arguments)
    rounds = [(given.mutations, False), (given.search, True)]
    if given.number is not None:
        rounds = [(1, load_kinds()[given.only].searched)] if given.only else [(1, False)]
    elif not given.mutations and not given.search:
        rounds = [(2000, False)]
    results: list[Result] = []
    console = Console(width=150)
    columns = SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    for mutations, searched in rounds:
        if not mutations:
            continue
        listed = chosen(given.seed, mutations, only=given.only, number=given.number, searched=searched)
        start, used = time.monotonic(), time.process_time()
        with (
            campaign(given.work, searched=searched) as one,
            Progress(*columns, console=Console(stderr=True)) as bar,
        ):
            task = bar.add_task("cari / search" if searched else "baca / read", total=len(listed))
            for done in one.run(listed):
                bar.update(task, advance=done)
            results += one.results
        seconds, cpu = time.monotonic() - start, time.process_time() - used
        console.print(page(one.results))
        told = f"; teks dicari / texts searched: {one.texts_searched:,}" if searched else ""
        console.print(
            f"{len(listed):,} mutasi / mutations, {len({case.kind.name for case in listed})} jenis / kinds, seed {given.seed}: "
            f"{seconds:.0f} s ({len(listed) / seconds:.1f}/s), CPU {cpu:.0f} s ({len(listed) / cpu:.1f}/s){told}"
        )
    slowest = sorted(results, key=lambda one: -one.seconds)[:_SLOWEST]
    named = ", ".join(f"{one.case.kind.name} {one.case.number}: {one.seconds:.1f} s" for one in slowest)
    console.print(f"paling lambat / slowest: {named}")
    peak, bound = peak_megabytes(), memory_bound()
    console.print(f"puncak memori / peak memory: {peak:,.0f} MB, batas / bound: {bound:,.0f} MB")
    failed = [one for one in results if one.failures]
    for result in failed[:_SHOWN]:
        told = escape("; ".join(result.failures))
        console.print(f"--only {result.case.kind.name} --number {result.case.number}: {told}", soft_wrap=True)
    console.print(f"GAGAL / FAILURES: {len(failed):,}")
    return int(bool(failed) or peak > bound)


if __name__ == "__main__":
    sys.exit(main())
