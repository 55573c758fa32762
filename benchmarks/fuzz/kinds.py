"""The register of mutations: what a kind is, and the mark under which it stands.

What belongs here: the decorator alone. The kinds themselves stand by what they change: ``text_kinds``, ``gzip_kinds``,
``value_kinds``, ``binary_kinds``, ``landing_kinds``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.fuzz.draft import Draft, File

Make = Callable[[Draft], File]
Arrange = Callable[[Draft, Path], tuple[str, ...] | None]


@dataclass(frozen=True)
class Kind:
    """A kind of mutation.

    ``harmless``: a right reader gives exactly the rows of the plain file. ``searched``: it puts persons into headers, names or
    values. ``rare``: it takes long, so that it comes in one round of ten. ``make`` makes a file of a draft; a kind of
    ``landing`` puts files into a landing folder itself (``arrange``) and returns the personal values in it.
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


_KINDS: dict[str, Kind] = {}


def kind(
    group: str, *, harmless: bool = False, searched: bool = False, rare: bool = False, only: tuple[str, ...] = ()
) -> Callable[[Make], Make]:
    """Register a function that makes one file; ``only`` names the sources it is for."""

    def register(make: Make) -> Make:
        name, what = make.__name__, (make.__doc__ or "").strip()
        assert name not in _KINDS and what
        _KINDS[name] = Kind(
            name, group, what, make, None, harmless=harmless, searched=searched, rare=rare, only=frozenset(only)
        )
        return make

    return register


def landing(*, harmless: bool = False, searched: bool = False) -> Callable[[Arrange], Arrange]:
    """Register a function that arranges a landing folder."""

    def register(arrange: Arrange) -> Arrange:
        name, what = arrange.__name__, (arrange.__doc__ or "").strip()
        assert name not in _KINDS and what
        _KINDS[name] = Kind(name, "landing", what, None, arrange, harmless=harmless, searched=searched)
        return arrange

    return register


@cache
def load_kinds() -> dict[str, Kind]:
    """Every kind by name."""
    from benchmarks.fuzz import binary_kinds, gzip_kinds, landing_kinds, text_kinds, value_kinds  # noqa: F401  (they register)

    return dict(_KINDS)
