"""What a kind of mutation is, and the decorators that register one.

What belongs here: the register alone. The kinds themselves are in ``kinds``, and ``catalog`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File

Make = Callable[[Draft], File]
Arrange = Callable[[Draft, Path], tuple[str, ...] | None]


@dataclass(frozen=True)
class Kind:
    """A kind of mutation: its function's name, its group, and ``what`` it does.

    ``make`` makes a file of a draft; a kind of the group ``landing`` puts files into a landing folder itself (``arrange``) and
    returns the personal values in it. ``harmless``: a right reader gives exactly the rows of the plain file. ``searched``: it puts
    persons into headers, names or values. ``rare``: it takes long, so that it comes in one round of ten. ``only`` these sources,
    or all if it is empty.
    """

    name: str
    group: str
    what: str
    make: Make | None = None
    arrange: Arrange | None = None
    harmless: bool = False
    searched: bool = False
    rare: bool = False
    only: frozenset[str] = frozenset()


# By the name of the module that defines them.
_REGISTERED: dict[str, list[Kind]] = {}


def kind(
    group: str, *, harmless: bool = False, searched: bool = False, rare: bool = False, only: tuple[str, ...] = ()
) -> Callable[[Make], Make]:
    """Register a function that makes one file; ``only`` names the sources it is for."""

    def register(make: Make) -> Make:
        name, what = make.__name__, (make.__doc__ or "").strip()
        made = Kind(name, group, what, make, None, harmless, searched, rare, frozenset(only))
        _REGISTERED.setdefault(make.__module__, []).append(made)
        return make

    return register


def landing_kind(*, harmless: bool = False, searched: bool = False) -> Callable[[Arrange], Arrange]:
    """Register a function that arranges a landing folder."""

    def register(arrange: Arrange) -> Arrange:
        name, what = arrange.__name__, (arrange.__doc__ or "").strip()
        made = Kind(name, "landing", what, None, arrange, harmless, searched)
        _REGISTERED.setdefault(arrange.__module__, []).append(made)
        return arrange

    return register


def registered(module: str) -> list[Kind]:
    """Give the kinds that the module of this name defines, in its order."""
    return _REGISTERED[module]
