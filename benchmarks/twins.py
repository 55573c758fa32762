"""Do twins stay two people?

What belongs here: months of both simulators, linked as the pipeline links them, and of the pairs of one birth the share that shares
no person, by the numbers on record and by the letters between the names; beside it precision, recall and F1 of persons and families
of the same month. A month of 100,000 has some hundreds of pairs: ``--rate 10`` has ten times the births of twins.

    python -m benchmarks.twins --persons 100000 --seed 101 [--rate 10] [--only own|foreign] [--work build/twins]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import contenders, datasets, measure
from benchmarks.datasets import MONTH, Dataset
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation.composition import TWIN_SHARE
from dtsen_pipeline.storage.warehouse import scratch

KINDS = {"own": "simulasi sendiri / own simulation", "foreign": "simulasi asing / foreign simulation"}
NUMBERS = {
    "two": "dua NIK cocok / two NIKs that fit",
    "some": "NIK lain / other NIKs",
    "none": "tanpa NIK / without any",
}

# One row a pair of twins of whom both are on record. ``numbers``: two, where each has a row whose NIK fits its own birth date and
# sex and is not on any row of the other; none, where neither has any. ``letters`` lie between the most frequent spellings.
_PAIRS = """
    with baris as (
        select
            t.birth_true as lahir, t.person_true as siapa, p.nik, p.nama_rapat as nama, coalesce(p.nik_cocok = 1, false) as cocok,
            coalesce(cast(h.orang as varchar), t.record_uid) as orang
        from siap.kebenaran as t
        inner join siap.intermediate.int_person_record as p on t.record_uid = p.record_uid
        left join hasil as h on t.record_uid = h.record_uid
        where t.birth_true in (select birth_true from siap.kebenaran group by birth_true having count(distinct person_true) > 1)
    ),
    orang_benar as (
        select
            lahir, siapa, list(distinct orang) as orang, mode(nama order by nama) as nama,
            coalesce(list(distinct nik) filter (where nik is not null), []) as nik,
            coalesce(list(distinct nik) filter (where nik is not null and cocok), []) as nik_cocok
        from baris
        group by lahir, siapa
    )
    select
        case
            when len(list_filter(l.nik_cocok, x -> not list_contains(r.nik, x))) > 0
                and len(list_filter(r.nik_cocok, x -> not list_contains(l.nik, x))) > 0 then 'two'
            when len(l.nik) = 0 and len(r.nik) = 0 then 'none'
            else 'some'
        end as numbers,
        least(damerau_levenshtein(l.nama, r.nama), 4) as letters,
        not list_has_any(l.orang, r.orang) as apart
    from orang_benar as l
    inner join orang_benar as r on l.lahir = r.lahir and l.siapa < r.siapa
"""


def months(persons: int, seed: int, rate: float) -> list[Dataset]:
    """Both simulators, with and without NIK; ``rate`` times as many births of twins as in the world."""
    return [
        Dataset(f"{kind}{'' if number else '-no-nik'}", "", kind, number, persons, seed, twins=rate * TWIN_SHARE)
        for kind in KINDS
        for number in (True, False)
    ]


def measured(dataset: Dataset, folder: Path) -> dict[str, Any]:
    """Link one month: set, pairs as (numbers, letters, apart, count) and the figures of ``contenders.ours``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    datasets.prepare(dataset, folder, folder / "siap.duckdb")
    with scratch(folder / "kerja.duckdb") as con:
        con.execute(f"attach '{folder / 'siap.duckdb'}' as siap (read_only)")
        for table in ("int_person_record", "int_family_record"):
            con.execute(f"create view intermediate.{table} as from siap.intermediate.{table}")
        figures = contenders.ours(con, MONTH, None)
        found = {"set": dataset.name, "pairs": pairs(con)} | figures
    shutil.rmtree(folder)
    return found


def pairs(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, bool, int]]:
    """Pairs of twins (numbers, letters up to 4, kept apart, how many) of temp table ``hasil`` (record_uid, orang)."""
    return con.execute(f"select numbers, letters, apart, count(*) from ({_PAIRS}) group by all order by all").fetchall()


def _row(name: str, which: str, letters: str, chosen: list[tuple[str, int, bool, int]]) -> tuple[str, ...]:
    of, apart = sum(one[3] for one in chosen), sum(one[3] for one in chosen if one[2])
    if not of:
        return name, which, letters, "0", "", ""
    share, low, high = measure.wilson(apart, of)
    return name, which, letters, f"{of:,}", f"{share:.4f}", f"{low:.4f} - {high:.4f}"


def tables(found: list[dict[str, Any]]) -> list[Table]:
    """What was measured, as two tables: pairs kept apart, and the figures of all records."""
    kept = Table("bulan / month", "NIK", "huruf / letters", "pasang / pairs", "tetap dua / kept two", "95 %")
    for one in found:
        for numbers, name in NUMBERS.items():
            chosen = [pair for pair in one["pairs"] if pair[0] == numbers]
            if chosen:
                kept.add_row(*_row(one["set"], name, "semua / all", chosen))
                for letters in range(5):
                    some = [pair for pair in chosen if pair[1] == letters]
                    if some:
                        kept.add_row(*_row("", "", f"{letters}{'+' * (letters == 4)}", some))
    scores = Table("bulan / month", "apa / of what", "presisi / precision", "recall", "F1", "detik / seconds")
    for one in found:
        for what in ("persons", "families"):
            scores.add_row(one["set"], what, *(f"{value:.5f}" for value in one[what].values()), f"{one['seconds']:.1f}")
    return [kept, scores]


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.twins", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--rate", type=float, default=1.0, help="kali kembar di dunia / times the twins of the world")
    parser.add_argument("--only", choices=KINDS, help="satu simulasi / one simulator")
    parser.add_argument("--work", type=Path, default=Path("build/twins"))
    given = parser.parse_args(arguments)
    sets = [one for one in months(given.persons, given.seed, given.rate) if given.only in (None, one.kind)]
    found = []
    columns = SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("mulai / starting", total=len(sets))
            for one in sets:
                bar.update(task, description=f"{one.name}: {KINDS[one.kind]}")
                found.append(measured(one, given.work / one.name))
                bar.update(task, advance=1)
    except InputError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    console = Console(width=120)
    console.print(f"{given.persons:,} orang / persons, seed {given.seed}, {given.rate:g} x 1/80")
    for table in tables(found):
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
