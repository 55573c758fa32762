"""Mutations of where lines of a CSV end, and of what pads the file.

What belongs here: what systems and transfers make of line ends, and blank lines.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.register import kind


@kind("line ends", harmless=True)
def windows_line_ends(draft: Draft) -> File:
    """Lines end as on Windows."""
    return draft.csv(end="\r\n")


@kind("line ends", harmless=True)
def old_mac_line_ends(draft: Draft) -> File:
    """Lines end with a carriage return alone."""
    return draft.csv(end="\r")


@kind("line ends", harmless=True)
def mixed_line_ends(draft: Draft) -> File:
    """Each line ends in its own way."""
    return File(b"".join(line + draft.rng.choice((b"\n", b"\r\n")) for line in draft.lines()))


@kind("line ends", harmless=True)
def doubled_returns(draft: Draft) -> File:
    """Lines end with two carriage returns and a line feed, as text transfers leave them."""
    return draft.csv(end="\r\r\n")


@kind("line ends", harmless=True)
def no_end_of_last_line(draft: Draft) -> File:
    """The last line has no end."""
    return File(draft.csv().content[:-1])


@kind("line ends", harmless=True)
def padded_with_nul(draft: Draft) -> File:
    """NULs pad the file to whole blocks."""
    return File(draft.csv().content + bytes(512))


@kind("line ends", harmless=True)
def ended_by_control_z(draft: Draft) -> File:
    """The end mark of DOS stands last."""
    return File(draft.csv(end="\r\n").content + b"\x1a")


@kind("line ends", harmless=True)
def blank_lines(draft: Draft) -> File:
    """Blank lines stand between rows."""
    return File(b"".join(line + draft.rng.choice((b"\n", b"\n\n", b"\n \n")) for line in draft.lines()))


@kind("line ends", harmless=True)
def blank_lines_at_end(draft: Draft) -> File:
    """Blank lines stand at the end."""
    return File(draft.csv().content + b"\n" * draft.rng.randrange(1, 30))
