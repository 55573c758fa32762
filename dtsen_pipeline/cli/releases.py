"""The commands ``dtsen releases ...``.

What belongs here: their arguments and what they print. The work is done in ``release``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dtsen_pipeline.cli.common import Home, Reason, console, say, settings_of
from dtsen_pipeline.cli.trail import say_chain_is_whole
from dtsen_pipeline.errors import DtsenError, InputError

if TYPE_CHECKING:
    from dtsen_pipeline.registry.ledger import Release

releases = typer.Typer(no_args_is_help=True, help="Rilis: daftar, periksa, tarik, hapus, bandingkan / the releases.")

STATUS_IN_ENGLISH = {"terbit": "published", "diganti": "replaced", "ditarik": "withdrawn"}


@releases.command("list")
def list_releases(home: Home = None) -> None:
    """Daftar rilis / list the releases; the one that stands is marked, and what was deleted says when."""
    from dtsen_pipeline.registry import audit
    from dtsen_pipeline.release import catalogue

    settings = settings_of(None, home)
    standing = catalogue.current(settings)
    for entry in catalogue.releases(settings):
        mark = "*" if standing is not None and entry.name == standing.name else " "
        place = deleted_on(entry) if entry.deleted else entry.path
        status = f"{entry.status} / {STATUS_IN_ENGLISH[entry.status]}"
        say(f"{mark} {entry.name}  {status}  {entry.created_at:%Y-%m-%d %H:%M} UTC  {place}")
    try:
        audit.verify_chain(settings)
    except audit.Torn as error:
        say(str(error))
    except DtsenError as error:
        say(f"{error}\npenghapusan di dalamnya tidak dihitung / deletions in it do not count")


def deleted_on(entry: Release) -> str:
    """Return the words that say when a release was deleted."""
    return f"dihapus / deleted {entry.deleted:%Y-%m-%d}"


@releases.command()
def verify(
    name: Annotated[str | None, typer.Argument(help="Like 2025-03/r1; every release where not given")] = None,
    home: Home = None,
) -> None:
    """Periksa setiap berkas rilis dan log audit / check every file of the releases, and the audit log; exit 1 where one is not
    what it was.
    """
    from dtsen_pipeline.registry import audit
    from dtsen_pipeline.release import catalogue, verification

    settings = settings_of(None, home)
    chosen = catalogue.releases(settings) if name is None else [catalogue.release_named(settings, name)]
    if not chosen:
        raise InputError("belum ada rilis / there is no release", file=settings.releases)
    problems_of_home = verification.verify_home(settings) if name is None else []
    for problem in problems_of_home:
        say(problem)
    damaged = bool(problems_of_home)
    for entry in chosen:
        problems = verification.verify(settings, entry.month, entry.revision)
        damaged |= bool(problems)
        whole = deleted_on(entry) if entry.deleted else "utuh / whole"
        say(f"{entry.name}  {'TIDAK UTUH / NOT WHOLE' if problems else whole}")
        for problem in problems:
            say(f"  {problem}")
    say_chain_is_whole(audit.verify_chain(settings))
    if damaged:
        raise typer.Exit(1)


@releases.command("set-aside")
def set_aside(
    name: Annotated[str, typer.Argument(help="A folder that `dtsen releases verify` calls unknown, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Singkirkan folder yang tidak dikenal registri, tanpa menghapusnya / put a folder that the registry does not know out of the
    way; it is not deleted.
    """
    from dtsen_pipeline.release import deletion

    aside = deletion.set_aside(settings_of(None, home), name, reason)
    say(f"{name}  disisihkan / set aside: {aside or '-'}")


@releases.command()
def rollback(
    name: Annotated[str, typer.Argument(help="The release that stands, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Tarik rilis yang berlaku; yang sebelumnya berlaku lagi / withdraw the release that stands; the one before it stands again.
    No file is deleted.
    """
    from dtsen_pipeline.dashboard import index
    from dtsen_pipeline.release import withdrawal

    settings = settings_of(None, home)
    standing = withdrawal.rollback(settings, name, reason)
    index.write_index(settings)
    say(f"{name}  ditarik / withdrawn")
    if standing is None:
        say("tidak ada rilis yang berlaku / no release stands")
    else:
        say(f"yang berlaku / the release that stands: {standing.name} {standing.path}")


@releases.command()
def delete(
    name: Annotated[str, typer.Argument(help="A release that the next month does not go on from, like 2025-03/r1")],
    reason: Reason,
    home: Home = None,
) -> None:
    """Hapus berkas sebuah rilis lama untuk selamanya; barisnya dalam daftar tetap / delete the files of an old release for good;
    its line in the list stays.
    """
    from dtsen_pipeline.dashboard import index
    from dtsen_pipeline.release import deletion

    settings = settings_of(None, home)
    done = deletion.delete(settings, name, reason)
    index.write_index(settings)
    say(f"{name}  {deleted_on(done)}")
    if done.stands:
        say(
            "bulan yang melanjutkannya tidak dapat lagi dijalankan ulang, atau ditarik sampai ke sana / the month that goes on "
            "from it can no longer be run again, nor be withdrawn down to it"
        )
    if (kept := settings.warehouse(done.month)).exists():
        say(f"masih ada, milik bulannya / still there, as it is the month's: {kept}")


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
    that of the month before.
    """
    from dtsen_pipeline.cli import summary
    from dtsen_pipeline.release.comparison import compare_releases

    summary.show_comparison(compare_releases(settings_of(None, home), first, second), console)
