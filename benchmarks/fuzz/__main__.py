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

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.fuzz.campaign import OUTCOMES, Result, campaign
from benchmarks.fuzz.cases import chosen
from benchmarks.fuzz.catalog import load_kinds
from benchmarks.fuzz.limits import allowed_megabytes, peak_megabytes

_SHOWN = 40
_SLOWEST = 5


def page(results: list[Result]) -> Table:
    """Counts by kind: tried, what became of them, failures."""
    table = Table("kelompok / group", "mutasi / mutation", "dicoba / tried", *OUTCOMES, "GAGAL / FAILURES")
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result.case.kind.name].append(result)
    for kind in sorted(load_kinds().values(), key=lambda kind: (kind.group, kind.name)):
        if of_kind := by_kind.get(kind.name):
            counts = Counter(result.outcome for result in of_kind)
            failed = sum(bool(result.failures) for result in of_kind)
            mark = " *" if kind.harmless else ""
            table.add_row(
                kind.group, kind.name + mark, f"{len(of_kind):,}", *(f"{counts[o]:,}" for o in OUTCOMES), f"{failed:,}"
            )
    return table


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
            campaign(given.work, searched=searched) as running,
            Progress(*columns, console=Console(stderr=True)) as bar,
        ):
            task = bar.add_task("cari / search" if searched else "baca / read", total=len(listed))
            for done in running.run(listed):
                bar.update(task, advance=done)
            results += running.results
        seconds, cpu = time.monotonic() - start, time.process_time() - used
        console.print(page(running.results))
        searches = f"; teks dicari / texts searched: {running.texts_searched:,}" if searched else ""
        console.print(
            f"{len(listed):,} mutasi / mutations, {len({case.kind.name for case in listed})} jenis / kinds, seed {given.seed}: "
            f"{seconds:.0f} s ({len(listed) / seconds:.1f}/s), CPU {cpu:.0f} s ({len(listed) / cpu:.1f}/s){searches}"
        )
    slowest = sorted(results, key=lambda result: -result.seconds)[:_SLOWEST]
    named = ", ".join(f"{result.case.kind.name} {result.case.number}: {result.seconds:.1f} s" for result in slowest)
    console.print(f"paling lambat / slowest: {named}")
    peak, bound = peak_megabytes(), allowed_megabytes()
    console.print(f"puncak memori / peak memory: {peak:,.0f} MB, batas / bound: {bound:,.0f} MB")
    failed = [result for result in results if result.failures]
    for result in failed[:_SHOWN]:
        why = escape("; ".join(result.failures))
        console.print(f"--only {result.case.kind.name} --number {result.case.number}: {why}", soft_wrap=True)
    console.print(f"GAGAL / FAILURES: {len(failed):,}")
    return int(bool(failed) or peak > bound)


if __name__ == "__main__":
    sys.exit(main())
