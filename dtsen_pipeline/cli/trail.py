"""The commands ``dtsen audit ...``.

What belongs here: their arguments and what they print. The work is done in ``registry.audit``.
"""

from __future__ import annotations

import typer

from dtsen_pipeline.cli.common import Home, say, settings_of

trail = typer.Typer(no_args_is_help=True, help="Log audit: periksa, perbaiki / the audit log: check it, mend it.")


@trail.command("verify")
def verify_trail(home: Home = None) -> None:
    """Periksa rantai log audit / check the chain of the audit log; exit 1 where it is broken or torn."""
    from dtsen_pipeline.registry import audit

    say_chain_is_whole(audit.verify_chain(settings_of(None, home)))


def say_chain_is_whole(entries: int) -> None:
    """Print that the trail is whole, with the number of its entries."""
    say(f"log audit: {entries:,} catatan, rantai utuh / entries, the chain is whole")


@trail.command("repair")
def repair_trail(home: Home = None) -> None:
    """Perbaiki baris terakhir yang terpotong; log mencatatnya / mend a last line that was cut short; the log notes it. Nothing else
    is ever mended: it is evidence.
    """
    from dtsen_pipeline.registry import audit

    settings = settings_of(None, home)
    done = audit.repair(settings)
    if done is None:
        say("tidak ada yang terpotong / nothing is torn")
    elif done.kept:
        say(f"baris/line {done.line}: dilengkapi; catatannya utuh / completed; its entry is whole")
    if done is not None and done.file is not None:
        say(f"baris/line {done.line}: {done.cut} bita disimpan di / bytes are kept in {done.file}")
    say_chain_is_whole(audit.verify_chain(settings))
