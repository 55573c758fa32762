"""The command ``dtsen``.

What belongs here: arguments, exit codes and calls of the domain. Exit 0: done (of ``run``: published). 3: blocked by the gate.
2: input or usage. 1: anything else. Nothing of a month is computed here: ``run`` starts the Dagster job.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from dtsen_pipeline.cli.common import Home, Landing, Month, console, say, settings_of, target_of
from dtsen_pipeline.cli.releases import releases
from dtsen_pipeline.cli.trail import trail
from dtsen_pipeline.config import check_month, last_closed_month
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError, strip_row_values

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="DTSEN: register sosial tunggal Indonesia, bulan demi bulan / Indonesia's social register, month by month.",
)
app.add_typer(releases, name="releases")
app.add_typer(trail, name="audit")


class ExportName(StrEnum):
    """The tables that ``export`` can write."""

    crosswalk = "crosswalk"
    keluarga = "keluarga"
    anggota = "anggota"


@app.command()
def run(month: Month = None, landing: Landing = None, home: Home = None) -> None:
    """Jalankan pekerjaan bulanan / run the monthly job; an empty landing zone gets 20,000 simulated persons first."""
    from dtsen_pipeline.cli import summary
    from dtsen_pipeline.orchestration import runner

    settings = settings_of(landing, home)
    chosen = check_month(month) if month else last_closed_month()
    if landing is None and not (settings.landing.exists() and any(settings.landing.iterdir())):
        say(f"{settings.landing} kosong: 20.000 orang disimulasikan / is empty: simulating 20,000 persons")
        _simulate(20_000, 1, chosen, settings.landing)
    try:
        runner.run(settings, chosen, console, _code_location)
    except GateBlocked:
        summary.show_month(settings, chosen, console)
        raise
    summary.show_month(settings, chosen, console)


def _code_location() -> Any:
    from dtsen_pipeline.definitions import defs

    return defs()


@app.command()
def simulate(
    persons: Annotated[int, typer.Option(min=100, help="How many persons live in the simulated country")],
    to: Annotated[Path, typer.Option(help="Landing folder to write; the truth goes beside it, into kebenaran/")],
    month: Month = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files")] = 1,
) -> None:
    """Tulis bulan simulasi / write a simulated month of deliveries, and the truth beside it."""
    _simulate(persons, seed, check_month(month) if month else last_closed_month(), to)


def _simulate(persons: int, seed: int, month: str, to: Path) -> None:
    from dtsen_pipeline import simulation

    with console.status("simulasi / simulating"):
        report = simulation.simulate(persons, seed, month, to)
    say(f"{report.persons:,} orang / persons, {report.keluarga:,} keluarga / families: {to}/{month}")


@app.command()
def export(
    name: Annotated[ExportName, typer.Argument(help="crosswalk: who is who; keluarga, anggota: the marts")],
    month: Annotated[str, typer.Option(help="YYYY-MM of a released month")],
    to: Annotated[Path, typer.Option(help="Target file: .parquet, .csv or .xlsx")],
    home: Home = None,
) -> None:
    """Ekspor dari rilis sebuah bulan, dicatat dalam log audit / export from a month's release; the audit log notes it."""
    from dtsen_pipeline.release.export import export_table

    rows = export_table(settings_of(None, home), name.value, check_month(month), target_of(to))
    say(f"{rows:,} baris / rows: {to}")


@app.command()
def backup(
    to: Annotated[Path, typer.Option(help="Folder outside the home; the backup is a new dated folder in it")],
    home: Home = None,
) -> None:
    """Cadangkan registri, rilis, tinjauan dan log audit, tanpa kunci / back up registry, releases, review and audit log, without
    the key; exit 1 where the home is not whole, and the backup is as it is.
    """
    from dtsen_pipeline.release import backup as backups

    made = backups.make(settings_of(None, home), to)
    say(f"{made.files:,} berkas, terbaca kembali / files, read back: {made.path}")
    say(f"kunci tidak ikut, simpan tersendiri / the key is not in it, keep it elsewhere: {made.key_id}")
    _tell_problems(made.problems)


@app.command()
def restore(
    backup: Annotated[Path, typer.Option("--from", help="A dated folder that `dtsen backup` wrote")],
    home: Annotated[Path, typer.Option(help="The new home; it must be empty or not be there")],
) -> None:
    """Buat rumah baru dari cadangan, setelah setiap berkasnya dibuktikan / make a new home out of a backup, each file of it proved;
    exit 1 where the home that was backed up was not whole.
    """
    from dtsen_pipeline.release import backup as backups
    from dtsen_pipeline.release import catalogue

    settings = settings_of(None, home)
    problems = backups.restore(backup, settings)
    standing = catalogue.newest_standing(catalogue.releases(settings))
    say(f"dipulihkan / restored: {settings.home}; {standing.name if standing else '-'}")
    say(
        f"berikutnya / next: dtsen dashboard --home {settings.home}, lalu bulan berikutnya / then the next month: dtsen run "
        f"--home {settings.home}",
    )
    _tell_problems(problems)


def _tell_problems(problems: list[str]) -> None:
    """Print what is wrong with a home, and exit 1 where anything is."""
    for problem in problems:
        say(f"TIDAK UTUH / NOT WHOLE: {problem}")
    if problems:
        raise typer.Exit(1)


@app.command()
def dashboard(
    home: Home = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; any free one where not given")] = 0,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser")] = True,
) -> None:
    """Dasbor semua bulan di peramban / the dashboard over all months in the browser; on this machine alone, Ctrl-C ends it."""
    import webbrowser

    from dtsen_pipeline.dashboard import index, server

    settings = settings_of(None, home)
    if not settings.registry.exists():
        raise InputError(
            "belum ada bulan di sini / no month has been run here",
            file=settings.home,
            action="jalankan `dtsen run`, atau sebut --home / run it, or name --home",
        )
    index.write_index(settings)
    with server.serving(settings, port) as (running, address):
        say(f"dasbor/dashboard {address}")
        if browser:
            webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            say("selesai / done")


@app.command()
def ui(
    landing: Landing = None,
    home: Home = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any free one")] = 3000,
    daemon: Annotated[
        bool, typer.Option("--daemon/--no-daemon", help="With what starts runs, or where that is a service of its own")
    ] = True,
) -> None:
    """Dagster di peramban, di mesin ini saja / Dagster in the browser, on this machine alone; Ctrl-C ends all of it."""
    from dtsen_pipeline.orchestration import front

    settings = settings_of(landing, home)
    # The settings hold it already, and neither runs nor code servers may inherit it.
    os.environ.pop("DTSEN_UI_TOKEN", None)
    try:
        front.serve(settings, port, daemon=daemon, tell=lambda address: say(f"Dagster {address}"))
    except KeyboardInterrupt:
        say("selesai / done")


@app.command()
def review(
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest released month where not given")] = None,
    to: Annotated[Path | None, typer.Option(help="Write the queue here: .xlsx or .csv")] = None,
    size: Annotated[int, typer.Option(min=50, help="How many pairs the queue asks about")] = 400,
    read: Annotated[Path | None, typer.Option(help="Read the decisions of a filled-in queue")] = None,
    home: Home = None,
) -> None:
    """Antrean tinjauan pasangan dan putusannya / the queue of pairs to review, and the decisions on them."""
    from dtsen_pipeline.review import intake, queue

    settings = settings_of(None, home)
    if (to is None) == (read is None):
        raise InputError(
            "sebut salah satu / give one of the two: --to, --read",
            action="--to menulis antrean, --read membaca putusan / --to writes the queue, --read reads the decisions",
        )
    if to is not None:
        chosen, pairs = queue.write_queue(settings, month, target_of(to), size)
        say(f"{chosen}: {pairs:,} pasangan / pairs: {to}")
    elif read is not None:
        new, undecided = intake.read_decisions(settings, read)
        say(f"{new:,} putusan baru / new decisions, {undecided:,} belum diputus / undecided: {settings.home}/tinjauan")


@app.command()
def explain(
    who: Annotated[
        str | None,
        typer.Argument(
            help="Person id (P...), or a family id (K...); '-' asks for it, or reads it from a pipe: a NIK in the command "
            "would stand in the shell's history and in the list of processes",
            metavar="PERSON_ID",
        ),
    ] = None,
    family: Annotated[
        str | None, typer.Option(help="Family id (K...): explain its decile", metavar="FAMILY_ID")
    ] = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest released month where not given")] = None,
    to: Annotated[Path | None, typer.Option(help="Write one HTML page here instead of text")] = None,
    home: Home = None,
) -> None:
    """Mengapa rekaman ini satu orang, atau mengapa keluarga ini di desilnya; dicatat dalam log audit / why these records are
    one person, or why this family is in its decile; the audit log notes it.
    """
    from dtsen_pipeline.explain.family.find import is_family
    from dtsen_pipeline.explain.family.gather import explain_family
    from dtsen_pipeline.explain.family.terminal import show_family
    from dtsen_pipeline.explain.person.gather import explain_person
    from dtsen_pipeline.explain.person.terminal import show_persons

    settings = settings_of(None, home)
    if who == "-":
        who = typer.prompt("id / NIK", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    if who is not None and family is None and is_family(who):
        who, family = None, who
    if (who is None) == (family is None):
        raise InputError(
            "sebut salah satu / give one of the two: PERSON_ID, --family",
            action="dtsen explain P... ; dtsen explain --family K...",
        )
    if family is not None:
        explanation = explain_family(settings, family, month, to and target_of(to))
        if to is None:
            show_family(explanation, console)
        else:
            say(f"1 keluarga / family: {to}")
    elif who is not None:
        persons = explain_person(settings, who, month, to and target_of(to))
        if to is None:
            show_persons(persons, console)
        else:
            say(f"{len(persons):,} orang / persons: {to}")


def main() -> None:
    """Run the command line, turning the errors of the domain into exit codes and a message, never a traceback."""
    os.umask(0o077)  # All files are their owner's alone, Dagster's run history and SQLite's side files among them.
    try:
        with strip_row_values():
            app(standalone_mode=True)
    except DtsenError as error:
        Console(stderr=True).print(f"[bold red]{type(error).__name__}[/] {escape(str(error))}", highlight=False)
        raise SystemExit(error.exit_code) from error
