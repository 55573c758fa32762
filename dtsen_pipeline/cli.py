"""The command ``dtsen``.

What belongs here: arguments, exit codes and where the domain is called. Exit 0: done (of ``run``: published). 3: blocked by the
gate. 2: input or usage. 1: anything else. Nothing of a month is computed here: ``run`` starts the Dagster job.
"""

from __future__ import annotations

import os
import sys
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
trail = typer.Typer(no_args_is_help=True, help="Log audit: periksa, perbaiki / the audit log: check it, mend it.")
app.add_typer(trail, name="audit")
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


def _say(text: str) -> None:
    """Print a line as it is: a path may hold what Rich takes for markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _target(to: Path) -> Path:
    """The file that is to be written; raises InputError where it cannot be, before anything is computed."""
    reason = None
    there = next(folder for folder in to.absolute().parents if os.path.lexists(folder))
    if to.is_dir():
        reason = "itu folder / this is a folder"
    elif not there.is_dir():
        reason = f"{there} bukan folder / is no folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        reason = f"{there} tidak dapat ditulisi / cannot be written"
    if reason:
        raise InputError(
            f"berkas tidak dapat ditulis / the file cannot be written: {reason}",
            file=to,
            action="sebut berkas lain dengan --to / name another file",
        )
    return to


def _settings(landing: Path | None, home: Path | None) -> Settings:
    given = {name: path.absolute() for name, path in (("landing", landing), ("home", home)) if path is not None}
    settings = Settings(**given)
    for name, folder in (("LANDING", settings.landing), ("HOME", settings.home)):
        if os.path.lexists(folder) and not folder.is_dir():
            raise InputError(
                "bukan folder / this is no folder",
                file=folder,
                action=f"betulkan DTSEN_{name} atau pilihan --{name.lower()} / correct the setting or the option",
            )
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
        _say(f"{settings.landing} kosong: 20.000 orang disimulasikan / is empty: simulating 20,000 persons")
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
    _say(f"{report.persons:,} orang / persons, {report.keluarga:,} keluarga / families: {to}/{month}")


@app.command()
def export(
    name: Annotated[ExportName, typer.Argument(help="crosswalk: who is who; keluarga, anggota: the marts")],
    month: Annotated[str, typer.Option(help="YYYY-MM of a released month")],
    to: Annotated[Path, typer.Option(help="Target file: .parquet, .csv or .xlsx")],
    home: Home = None,
) -> None:
    """Ekspor dari rilis sebuah bulan, dicatat dalam log audit / export from a month's release; the audit log notes it."""
    from dtsen_pipeline.publication.export import export as write

    rows = write(_settings(None, home), name.value, check_month(month), _target(to))
    _say(f"{rows:,} baris / rows: {to}")


@releases.command("list")
def list_releases(home: Home = None) -> None:
    """Daftar rilis / list the releases; the one that stands is marked, and what was deleted says when."""
    from dtsen_pipeline.publication import audit, release

    settings = _settings(None, home)
    standing = release.current(settings)
    for entry in release.releases(settings):
        mark = "*" if standing is not None and entry.name == standing.name else " "
        place = _deleted(entry) if entry.deleted else entry.path
        _say(
            f"{mark} {entry.name}  {entry.status} / {STATUS[entry.status]}  {entry.created_at:%Y-%m-%d %H:%M} UTC  {place}"
        )
    try:
        audit.verify_chain(settings)
    except audit.Torn as error:
        _say(str(error))
    except DtsenError as error:
        _say(f"{error}\npenghapusan di dalamnya tidak dihitung / deletions in it do not count")


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
    strange = release.verify_home(settings) if name is None else []
    for problem in strange:
        _say(problem)
    damaged = bool(strange)
    for entry in chosen:
        problems = release.verify(settings, entry.month, entry.revision)
        damaged |= bool(problems)
        whole = _deleted(entry) if entry.deleted else "utuh / whole"
        _say(f"{entry.name}  {'TIDAK UTUH / NOT WHOLE' if problems else whole}")
        for problem in problems:
            _say(f"  {problem}")
    _say_whole(audit.verify_chain(settings))
    if damaged:
        raise typer.Exit(1)


@releases.command("set-aside")
def set_aside(
    name: Annotated[str, typer.Argument(help="A folder that `dtsen releases verify` calls unknown, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Singkirkan folder yang tidak dikenal registri, tanpa menghapusnya / put a folder that the registry does not know out of the
    way; it is not deleted."""
    from dtsen_pipeline.publication import release

    aside = release.set_aside(_settings(None, home), name, reason)
    _say(f"{name}  disisihkan / set aside: {aside or '-'}")


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
    _say(f"{name}  ditarik / withdrawn")
    if standing is None:
        _say("tidak ada rilis yang berlaku / no release stands")
    else:
        _say(f"yang berlaku / the release that stands: {standing.name} {standing.path}")


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
    _say(f"{name}  {_deleted(done)}")
    if done.stands:
        _say(
            "bulan yang melanjutkannya tidak dapat lagi dijalankan ulang, atau ditarik sampai ke sana / the month that goes on "
            "from it can no longer be run again, nor be withdrawn down to it"
        )
    if (kept := settings.warehouse(done.month)).exists():
        _say(f"masih ada, milik bulannya / still there, as it is the month's: {kept}")


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


@trail.command("verify")
def verify_trail(home: Home = None) -> None:
    """Periksa rantai log audit / check the chain of the audit log; exit 1 where it is broken or torn."""
    from dtsen_pipeline.publication import audit

    _say_whole(audit.verify_chain(_settings(None, home)))


def _say_whole(entries: int) -> None:
    _say(f"log audit: {entries:,} catatan, rantai utuh / entries, the chain is whole")


@trail.command("repair")
def repair_trail(home: Home = None) -> None:
    """Perbaiki baris terakhir yang terpotong; log mencatatnya / mend a last line that was cut short; the log notes it. Nothing else
    is ever mended: it is evidence."""
    from dtsen_pipeline.publication import audit

    settings = _settings(None, home)
    done = audit.repair(settings)
    if done is None:
        _say("tidak ada yang terpotong / nothing is torn")
    elif done.kept:
        _say(f"baris/line {done.line}: dilengkapi; catatannya utuh / completed; its entry is whole")
    if done is not None and done.file is not None:
        _say(f"baris/line {done.line}: {done.cut} bita disimpan di / bytes are kept in {done.file}")
    _say_whole(audit.verify_chain(settings))


@app.command()
def backup(
    to: Annotated[Path, typer.Option(help="Folder outside the home; the backup is a new dated folder in it")],
    home: Home = None,
) -> None:
    """Cadangkan registri, rilis, tinjauan dan log audit, tanpa kunci / back up registry, releases, review and audit log, without
    the key; exit 1 where the home is not whole, and the backup is as it is."""
    from dtsen_pipeline.publication import backup as backups

    made = backups.make(_settings(None, home), to)
    _say(f"{made.files:,} berkas, terbaca kembali / files, read back: {made.path}")
    _say(f"kunci tidak ikut, simpan tersendiri / the key is not in it, keep it elsewhere: {made.key_id}")
    _tell_problems(made.problems)


@app.command()
def restore(
    backup: Annotated[Path, typer.Option("--from", help="A dated folder that `dtsen backup` wrote")],
    home: Annotated[Path, typer.Option(help="The new home; it must be empty or not be there")],
) -> None:
    """Buat rumah baru dari cadangan, setelah setiap berkasnya dibuktikan / make a new home out of a backup, each file of it proved;
    exit 1 where the home that was backed up was not whole."""
    from dtsen_pipeline.publication import backup as backups
    from dtsen_pipeline.publication import release

    settings = _settings(None, home)
    problems = backups.restore(backup, settings)
    standing = release.newest_standing(release.releases(settings))
    _say(f"dipulihkan / restored: {settings.home}; {standing.name if standing else '-'}")
    _say(
        f"berikutnya / next: dtsen dashboard --home {settings.home}, lalu bulan berikutnya / then the next month: dtsen run "
        f"--home {settings.home}",
    )
    _tell_problems(problems)


def _tell_problems(problems: list[str]) -> None:
    for problem in problems:
        _say(f"TIDAK UTUH / NOT WHOLE: {problem}")
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

    settings = _settings(None, home)
    if not settings.registry.exists():
        raise InputError(
            "belum ada bulan di sini / no month has been run here",
            file=settings.home,
            action="jalankan `dtsen run`, atau sebut --home / run it, or name --home",
        )
    index.write(settings)
    with server.serving(settings, port) as (running, address):
        _say(f"dasbor/dashboard {address}")
        if browser:
            webbrowser.open(address)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            _say("selesai / done")


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
        front.serve(settings, port, daemon=daemon, tell=lambda told: _say(f"Dagster {told}"))
    except KeyboardInterrupt:
        _say("selesai / done")


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
        chosen, pairs = reviewing.write_queue(settings, month, _target(to), size)
        _say(f"{chosen}: {pairs:,} pasangan / pairs: {to}")
    elif read is not None:
        new, undecided = reviewing.read_decisions(settings, read)
        _say(f"{new:,} putusan baru / new decisions, {undecided:,} belum diputus / undecided: {settings.home}/tinjauan")


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
    one person, or why this family is in its decile; the audit log notes it."""
    from dtsen_pipeline.linkage import explain as explaining
    from dtsen_pipeline.welfare import family as families

    settings = _settings(None, home)
    if who == "-":
        who = typer.prompt("id / NIK", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    if who is not None and family is None and families.is_family(who):
        who, family = None, who
    if (who is None) == (family is None):
        raise InputError(
            "sebut salah satu / give one of the two: PERSON_ID, --family",
            action="dtsen explain P... ; dtsen explain --family K...",
        )
    if family is not None:
        told = families.explain(settings, family, month, to and _target(to))
        if to is None:
            families.show(told, console)
        else:
            _say(f"1 keluarga / family: {to}")
    elif who is not None:
        found = explaining.explain(settings, who, month, to and _target(to))
        if to is None:
            explaining.show(found, console)
        else:
            _say(f"{len(found):,} orang / persons: {to}")


def main() -> None:
    """Entry point: turns the errors of the domain into exit codes and a message, never a traceback."""
    os.umask(0o077)  # what it makes is its owner's alone, Dagster's run history and SQLite's side files among it
    try:
        with without_values():
            app(standalone_mode=True)
    except DtsenError as error:
        Console(stderr=True).print(f"[bold red]{type(error).__name__}[/] {escape(str(error))}", highlight=False)
        raise SystemExit(error.exit_code) from error
