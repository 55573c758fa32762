"""Does anything wrong come out of files that went through spreadsheets?

What belongs here: one month of each simulator written twice, once plain and once with what spreadsheets and report writers do to
cells and files, both read and staged as the pipeline does, and every staged cell of the one compared with the other's by source,
table, key and column. A cell that differs must have a note (``quarantine.catatan``) or be of a row in quarantine.

    python -m benchmarks.damage --persons 20000 --seed 101 [--only own|foreign] [--cells-only] [--work build/damage]

A cell is *noted* where a note of its source, table and column tells the value that was delivered, as it is or masked; what was
delivered is known from the simulator (``kebenaran/<month>/kiriman``), not from what was read. Numbers of persons and cards are
compared without the marks between their digits: staging keeps these, and the repair comes later. Nothing else is excused: a date
that lost its day has to be equal or noted too. ``--cells-only`` sends the cells in plain CSV files.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.datasets import MONTH
from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.contracts import load, reader
from dtsen_pipeline.contracts.rules import mask_sql
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.simulation import ErrorMix, simulate
from dtsen_pipeline.sql.models import load_models, load_seeds, run_models
from dtsen_pipeline.storage.warehouse import scratch

KINDS = ("own", "foreign")
SOURCES = ("dtks", "regsosek", "p3ke")
EQUAL, NOTED, QUARANTINED, SILENT = "sama", "tercatat", "dikarantina", "BEDA TANPA CATATAN"
ENGLISH = {EQUAL: "equal", NOTED: "noted", QUARANTINED: "quarantined", SILENT: "DIFFERENT WITHOUT NOTE"}
_NUMBERS = ("nik", "nokk", "no_kk")


def write(kind: str, persons: int, seed: int, to: Path, *, damaged: bool) -> None:
    """One month into the landing folder ``to``: plain, or through spreadsheets. No row of either breaks its contract otherwise."""
    if kind == "own":
        from dataclasses import replace

        simulate(persons, seed, MONTH, to, errors=replace(ErrorMix(), rusak=0.0), spreadsheet=damaged)
    else:
        write_foreign_month(persons, seed, MONTH, to, spreadsheet=damaged)


def plain_files(landing: Path) -> None:
    """Put the delivered cells of a month into plain CSV files in place of its own."""
    for source in SOURCES:
        for table in load()[source].tables:
            for path in (landing / MONTH / source).glob(f"{table}.*"):
                path.unlink()
            cells = landing.parent / "kebenaran" / MONTH / "kiriman" / f"{source}_{table}.parquet"
            duckdb.sql(f"from '{cells}'").write_csv(str(landing / MONTH / source / f"{table}.csv"))


def stage(con: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """Read and stage the month in ``landing``; raises InputError where a file stops it."""
    reader.read(con, landing, MONTH)
    load_seeds(con)
    run_models(con, [name for name, one in load_models().items() if one.schema == "staging"])


def compared(con: duckdb.DuckDBPyConnection, plain: str, delivered: Path) -> list[tuple[str, str, str, str, int]]:
    """Cells by (source, table, column, kind): the staged month of ``con`` against that of the attached database ``plain``.

    ``delivered`` holds what the simulator wrote into the cells, a Parquet file of text a table.
    """
    noted = con.execute(
        "select count(*) from information_schema.tables where table_schema = 'quarantine' and table_name = 'catatan'"
    ).fetchone() != (0,)
    notes = (
        "quarantine.catatan"
        if noted
        else "(select null as source, null as tabel, null as kolom, null as nilai where false)"
    )
    found: list[tuple[str, str, str, str, int]] = []
    for source in SOURCES:
        for table in load()[source].tables.values():
            key = table.key[0]
            staged = f"staging.stg_{source}__{table.name}"
            columns = [
                name for name, *_ in con.execute(f"describe {staged}").fetchall() if name[0] != "_" and name != key
            ]
            con.execute(f"create or replace temp view kiriman as from '{delivered / f'{source}_{table.name}.parquet'}'")
            written = {name for name, *_ in con.execute("describe kiriman").fetchall()}
            for column in columns:
                # A column that staging adds (the precision of a date, a label as written) is made of the delivered one.
                root = next((name for name in sorted(written, key=len, reverse=True) if column.startswith(name)), None)
                root = "bnpt" if column == "bpnt" else root
                told = f'd."{root}"' if root in written else "null"
                a, b = (f'{t}."{column}"' for t in "pr")
                if column in _NUMBERS:
                    a, b = (f"regexp_replace({cell}, '[^0-9A-Za-z]', '', 'g')" for cell in (a, b))
                found += [
                    (source, table.name, column, kind, int(cells))
                    for kind, cells in con.execute(
                        f"""
                        with catatan as (
                            select distinct nilai from {notes}
                            where source = '{source}' and tabel = '{table.name}' and kolom in ('{root}', '{column}')
                        )
                        select
                            case
                                when r."{key}" is null and q.kunci is not null then '{QUARANTINED}'
                                when r."{key}" is not null and {a} is not distinct from {b} then '{EQUAL}'
                                when left({told}, 60) in (from catatan) or left({mask_sql(told)}, 60) in (from catatan)
                                    then '{NOTED}'
                                else '{SILENT}'
                            end as jenis,
                            count(*)
                        from {plain}.{staged} as p
                        left join {staged} as r on p."{key}" = r."{key}"
                        left join kiriman as d on p."{key}" = d."{key}"
                        left join (select distinct "{key}" as kunci from {table.quarantine}) as q on p."{key}" = q.kunci
                        group by jenis
                        """
                    ).fetchall()
                ]
    return sorted(found)


def measured(
    kind: str, persons: int, seed: int, work: Path, *, cells_only: bool = False
) -> list[tuple[str, str, str, str, int]]:
    """Write, read, stage and compare one simulator's month; ``work`` is emptied. See ``compared``."""
    shutil.rmtree(work, ignore_errors=True)
    for name, damaged in (("polos", False), ("rusak", True)):
        write(kind, persons, seed, work / name / "landing", damaged=damaged)
        if damaged and cells_only:
            plain_files(work / name / "landing")
        with scratch(work / f"{name}.duckdb") as con:
            stage(con, work / name / "landing")
    with scratch(work / "rusak.duckdb") as con:
        con.execute(f"attach '{work / 'polos.duckdb'}' as polos (read_only)")
        found = compared(con, "polos", work / "rusak" / "kebenaran" / MONTH / "kiriman")
    shutil.rmtree(work)
    return found


def page(found: dict[str, list[tuple[str, str, str, str, int]]]) -> Table:
    """Counts by simulator, source, table and column; columns of which every cell is equal are summed into one row a table."""
    table = Table(
        "bulan / month", "tabel / table", "kolom / column", *(f"{kind} / {ENGLISH[kind]}" for kind in ENGLISH)
    )
    for name, cells in found.items():
        for source, tabel in dict.fromkeys((one[0], one[1]) for one in cells):
            mine = [one for one in cells if one[:2] == (source, tabel)]
            columns = {column: dict.fromkeys(ENGLISH, 0) for *_, column, _, _ in mine}
            for *_, column, kind, count in mine:
                columns[column][kind] += count
            lost = min(counts[QUARANTINED] for counts in columns.values())
            rest = dict.fromkeys(ENGLISH, 0)
            for column, counts in columns.items():
                if counts[NOTED] or counts[SILENT]:
                    table.add_row(name, f"{source}.{tabel}", column, *(f"{counts[kind]:,}" for kind in ENGLISH))
                else:
                    rest = {kind: rest[kind] + counts[kind] for kind in ENGLISH}
            table.add_row(
                name,
                f"{source}.{tabel}",
                f"lainnya / others ({lost:,} baris / rows hilang)",
                *(f"{rest[k]:,}" for k in ENGLISH),
            )
    return table


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns 1 where a cell differs without a note, and the code of an error that stops a month."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damage", description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--only", choices=KINDS, help="satu simulasi / one simulator")
    parser.add_argument("--cells-only", action="store_true", help="sel saja, berkas biasa / plain files")
    parser.add_argument("--work", type=Path, default=Path("build/damage"))
    given = parser.parse_args(arguments)
    found: dict[str, list[tuple[str, str, str, str, int]]] = {}
    columns = SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    stopped = 0
    with Progress(*columns, console=Console(stderr=True)) as bar:
        kinds = [given.only] if given.only else list(KINDS)
        task = bar.add_task("mulai / starting", total=len(kinds))
        for kind in kinds:
            bar.update(task, description=kind)
            try:
                found[kind] = measured(kind, given.persons, given.seed, given.work / kind, cells_only=given.cells_only)
            except DtsenError as error:
                # A month that stops says so and where; the other simulator's is measured all the same.
                print(f"{kind}: {error}", file=sys.stderr)
                stopped = error.exit_code
            bar.update(task, advance=1)
    console = Console(width=150)
    console.print(f"{given.persons:,} orang / persons, seed {given.seed}")
    console.print(page(found))
    silent = sum(one[4] for cells in found.values() for one in cells if one[3] == SILENT)
    console.print(f"{SILENT} / {ENGLISH[SILENT]}: {silent:,}")
    return stopped or int(silent > 0)


if __name__ == "__main__":
    sys.exit(main())
