"""The command ``dtsen``.

What belongs here: arguments, exit codes and where the domain is called. Exit 0: done (of ``run``: published). 3: blocked by the
gate. 2: input or usage. 1: anything else. Nothing of a month is computed here: ``run`` starts the Dagster job.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from dtsen_pipeline.config import Settings, check_month, last_closed_month
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError, without_values

if TYPE_CHECKING:
    from dtsen_pipeline.publication.registry import Release

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="DTSEN: register sosial tunggal Indonesia, bulan demi bulan / Indonesia's social register, month by month.",
)
releases = typer.Typer(no_args_is_help=True, help="Rilis: daftar, periksa, tarik, hapus, bandingkan / the releases.")
app.add_typer(releases, name="releases")
console = Console()

Month = Annotated[str | None, typer.Option(help="YYYY-MM; the last closed month where not given")]
Landing = Annotated[
    Path | None, typer.Option(help="Folder of the deliveries; DTSEN_LANDING or ./landing where not given")
]
Home = Annotated[Path | None, typer.Option(help="Folder of the results; DTSEN_HOME or ./home where not given")]


Reason = Annotated[
    str,
    typer.Option(
        help="Why; it is kept in the audit log for good, so it must name nobody and hold no number of anybody"
    ),
]

STATUS = {"terbit": "published", "diganti": "replaced", "ditarik": "withdrawn"}


class ExportName(StrEnum):
    crosswalk = "crosswalk"
    keluarga = "keluarga"
    anggota = "anggota"


def _settings(landing: Path | None, home: Path | None) -> Settings:
    given = {name: path.absolute() for name, path in (("landing", landing), ("home", home)) if path is not None}
    settings = Settings(**given)  # type: ignore[arg-type]
    # The job's resources read the environment, in this process and in any it starts.
    os.environ["DTSEN_LANDING"] = str(settings.landing.absolute())
    os.environ["DTSEN_HOME"] = str(settings.home.absolute())
    return Settings()


@app.command()
def run(month: Month = None, landing: Landing = None, home: Home = None) -> None:
    """Jalankan pekerjaan bulanan / run the monthly job; an empty landing zone gets 20,000 simulated persons first."""
    from dtsen_pipeline import monthly, summary

    settings = _settings(landing, home)
    chosen = check_month(month) if month else last_closed_month()
    if landing is None and not (settings.landing.exists() and any(settings.landing.iterdir())):
        console.print(
            f"[bold]{settings.landing}[/] kosong: 20.000 orang disimulasikan / is empty: simulating 20,000 persons"
        )
        _simulate(20_000, 1, chosen, settings.landing)
    try:
        monthly.run(settings, chosen, console)
    except GateBlocked:
        summary.show(settings, chosen, console)
        raise
    summary.show(settings, chosen, console)


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
    console.print(f"{report.orang:,} orang / persons, {report.keluarga:,} keluarga / families: {to}/{month}")


@app.command()
def export(
    name: Annotated[ExportName, typer.Argument(help="crosswalk: who is who; keluarga, anggota: the marts")],
    month: Annotated[str, typer.Option(help="YYYY-MM of a released month")],
    to: Annotated[Path, typer.Option(help="Target file: .parquet, .csv or .xlsx")],
    home: Home = None,
) -> None:
    """Ekspor dari rilis sebuah bulan, dicatat dalam log audit / export from a month's release; the audit log notes it."""
    from dtsen_pipeline.publication.export import export as write

    rows = write(_settings(None, home), name.value, check_month(month), to)
    console.print(f"{rows:,} baris / rows: {to}")


@releases.command("list")
def list_releases(home: Home = None) -> None:
    """Daftar rilis / list the releases; the one that stands is marked, and what was deleted says when."""
    from dtsen_pipeline.publication import audit, release

    settings = _settings(None, home)
    standing = release.current(settings)
    for entry in release.releases(settings):
        mark = "*" if standing is not None and entry.name == standing.name else " "
        place = _deleted(entry) if entry.deleted else entry.path
        console.print(
            f"{mark} {entry.name}  {entry.status} / {STATUS[entry.status]}  {entry.created_at:%Y-%m-%d %H:%M} UTC  {place}",
            soft_wrap=True,
        )
    try:
        audit.verify_chain(settings)
    except DtsenError as error:
        console.print(
            f"{error}\npenghapusan di dalamnya tidak dihitung / deletions in it do not count",
            markup=False,
            soft_wrap=True,
        )


def _deleted(entry: Release) -> str:
    return f"dihapus / deleted {entry.deleted:%Y-%m-%d}"


@releases.command()
def verify(
    name: Annotated[str | None, typer.Argument(help="Like 2025-03/r1; every release where not given")] = None,
    home: Home = None,
) -> None:
    """Periksa setiap berkas rilis dan log audit / check every file of the releases, and the audit log; exit 1 where one is not
    what it was."""
    from dtsen_pipeline.publication import audit, release

    settings = _settings(None, home)
    chosen = release.releases(settings) if name is None else [release.named(settings, name)]
    if not chosen:
        raise InputError("belum ada rilis / there is no release", file=settings.releases)
    damaged = False
    for entry in chosen:
        problems = release.verify(settings, entry.month, entry.revision)
        damaged |= bool(problems)
        whole = _deleted(entry) if entry.deleted else "utuh / whole"
        console.print(f"{entry.name}  {'TIDAK UTUH / NOT WHOLE' if problems else whole}")
        for problem in problems:
            console.print(f"  {problem}", markup=False, soft_wrap=True)
    console.print(f"log audit: {audit.verify_chain(settings):,} catatan, rantai utuh / entries, the chain is whole")
    if damaged:
        raise typer.Exit(1)


@releases.command()
def rollback(
    name: Annotated[str, typer.Argument(help="The release that stands, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Tarik rilis yang berlaku; yang sebelumnya berlaku lagi / withdraw the release that stands; the one before it stands again.
    No file is deleted."""
    from dtsen_pipeline.dashboard import index
    from dtsen_pipeline.publication import release

    settings = _settings(None, home)
    standing = release.rollback(settings, name, reason)
    index.write(settings)
    console.print(f"{name}  ditarik / withdrawn")
    if standing is None:
        console.print("tidak ada rilis yang berlaku / no release stands")
    else:
        console.print(f"yang berlaku / the release that stands: {standing.name} {standing.path}", soft_wrap=True)


@releases.command()
def delete(
    name: Annotated[str, typer.Argument(help="A release that the next month does not go on from, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Hapus berkas sebuah rilis lama untuk selamanya; barisnya dalam daftar tetap / delete the files of an old release for good;
    its line in the list stays."""
    from dtsen_pipeline.dashboard import index
    from dtsen_pipeline.publication import release

    settings = _settings(None, home)
    done = release.delete(settings, name, reason)
    index.write(settings)
    console.print(f"{name}  {_deleted(done)}")
    if done.stands:
        console.print(
            "bulan yang melanjutkannya tidak dapat lagi dijalankan ulang, atau ditarik sampai ke sana / the month that goes on "
            "from it can no longer be run again, nor be withdrawn down to it",
            soft_wrap=True,
        )
    if (kept := settings.warehouse(done.month)).exists():
        console.print(f"masih ada, milik bulannya / still there, as it is the month's: {kept}", soft_wrap=True)


@releases.command()
def diff(
    first: Annotated[
        str | None,
        typer.Argument(metavar="A", help="Like 2025-03/r1; without B it is compared with the month before it"),
    ] = None,
    second: Annotated[str | None, typer.Argument(metavar="B", help="Like 2025-04/r1")] = None,
    home: Home = None,
) -> None:
    """Bandingkan dua rilis, dalam hitungan saja / compare two releases, in counts alone; by default the one that stands with
    that of the month before."""
    from dtsen_pipeline import summary
    from dtsen_pipeline.publication.comparison import compare

    summary.show_comparison(compare(_settings(None, home), first, second), console)


@app.command()
def dashboard(
    home: Home = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; any free one where not given")] = 0,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser")] = True,
) -> None:
    """Dasbor semua bulan di peramban / the dashboard over all months in the browser; on this machine alone, Ctrl-C ends it."""
    import webbrowser

    from dtsen_pipeline.dashboard import index, server

    settings = _settings(None, home)
    if not settings.registry.exists():
        raise InputError(
            "belum ada bulan di sini / no month has been run here",
            file=settings.home,
            action="jalankan `dtsen run`, atau sebut --home / run it, or name --home",
        )
    index.write(settings)
    with server.serving(settings, port) as (running, address):
        console.print(f"dasbor/dashboard {address}", soft_wrap=True)
        if browser:
            webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            console.print("selesai / done")


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
    from dtsen_pipeline import front

    settings = _settings(landing, home)
    # It serves this process alone: neither runs nor code servers inherit it.
    os.environ.pop("DTSEN_UI_TOKEN", None)
    try:
        front.serve(settings, port, daemon=daemon, tell=lambda told: console.print(f"Dagster {told}", soft_wrap=True))
    except KeyboardInterrupt:
        console.print("selesai / done")


@app.command()
def review(
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest released month where not given")] = None,
    to: Annotated[Path | None, typer.Option(help="Write the queue here: .xlsx or .csv")] = None,
    size: Annotated[int, typer.Option(min=50, help="How many pairs the queue asks about")] = 400,
    read: Annotated[Path | None, typer.Option(help="Read the decisions of a filled-in queue")] = None,
    home: Home = None,
) -> None:
    """Antrean tinjauan pasangan dan putusannya / the queue of pairs to review, and the decisions on them."""
    from dtsen_pipeline.linkage import review as reviewing

    settings = _settings(None, home)
    if (to is None) == (read is None):
        raise InputError(
            "sebut salah satu / give one of the two: --to, --read",
            action="--to menulis antrean, --read membaca putusan / --to writes the queue, --read reads the decisions",
        )
    if to is not None:
        chosen, pairs = reviewing.write_queue(settings, month, to, size)
        console.print(f"{chosen}: {pairs:,} pasangan / pairs: {to}", soft_wrap=True)
    elif read is not None:
        new, undecided = reviewing.read_decisions(settings, read)
        console.print(
            f"{new:,} putusan baru / new decisions, {undecided:,} belum diputus / undecided: {settings.home}/tinjauan",
            soft_wrap=True,
        )


@app.command()
def explain(
    who: Annotated[
        str | None, typer.Argument(help="Person id (P...) or NIK; or a family id (K...)", metavar="PERSON_ID")
    ] = None,
    family: Annotated[
        str | None, typer.Option(help="Family id (K...): explain its decile", metavar="FAMILY_ID")
    ] = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest released month where not given")] = None,
    to: Annotated[Path | None, typer.Option(help="Write one HTML page here instead of text")] = None,
    home: Home = None,
) -> None:
    """Mengapa rekaman ini satu orang, atau mengapa keluarga ini di desilnya; dicatat dalam log audit / why these records are
    one person, or why this family is in its decile; the audit log notes it."""
    from dtsen_pipeline.linkage import explain as explaining
    from dtsen_pipeline.welfare import family as families

    settings = _settings(None, home)
    if who is not None and family is None and families.is_family(who):
        who, family = None, who
    if (who is None) == (family is None):
        raise InputError(
            "sebut salah satu / give one of the two: PERSON_ID, --family",
            action="dtsen explain P... ; dtsen explain --family K...",
        )
    if family is not None:
        told = families.explain(settings, family, month, to)
        if to is None:
            families.show(told, console)
        else:
            console.print(f"1 keluarga / family: {to}", soft_wrap=True)
    elif who is not None:
        found = explaining.explain(settings, who, month, to)
        if to is None:
            explaining.show(found, console)
        else:
            console.print(f"{len(found):,} orang / persons: {to}", soft_wrap=True)


def main() -> None:
    """Entry point: turns the errors of the domain into exit codes and a message, never a traceback."""
    os.umask(0o077)  # what it makes is its owner's alone, Dagster's run history and SQLite's side files among it
    try:
        with without_values():
            app(standalone_mode=True)
    except DtsenError as error:
        Console(stderr=True).print(f"[bold red]{type(error).__name__}[/] {escape(str(error))}", highlight=False)
        raise SystemExit(error.exit_code) from error
