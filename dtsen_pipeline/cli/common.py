"""Share options, settings and the printing of a line among the commands.

What belongs here: what several commands need.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError

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


def say(text: str) -> None:
    """Print a line without Rich's markup: a path may hold what looks like it."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def target_of(to: Path) -> Path:
    """Return the file that is to be written; raises InputError where it cannot be, before anything is computed."""
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


def settings_of(landing: Path | None, home: Path | None) -> Settings:
    """Return the settings with the folders of the options, and put them into the environment.

    Raises InputError where a folder is none.
    """
    given = {name: path.absolute() for name, path in (("landing", landing), ("home", home)) if path is not None}
    settings = Settings(**given)
    for name, folder in (("LANDING", settings.landing), ("HOME", settings.home)):
        if os.path.lexists(folder) and not folder.is_dir():
            raise InputError(
                "bukan folder / this is no folder",
                file=folder,
                action=f"betulkan DTSEN_{name} atau pilihan --{name.lower()} / correct the setting or the option",
            )
    # The job's resources read the environment, in this process and in any that it starts.
    os.environ["DTSEN_LANDING"] = str(settings.landing.absolute())
    os.environ["DTSEN_HOME"] = str(settings.home.absolute())
    return Settings()
