"""Which mutation has which number.

What belongs here: the order of the kinds for a seed, and the draft that a mutation begins from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from random import Random

from benchmarks.fuzz.catalog import load_kinds
from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import View, tables, views
from benchmarks.fuzz.register import Kind
from dtsen_pipeline.contracts.model import load

# Kinds that take long come in one round of so many.
_RARE_TURN = 10


@dataclass(frozen=True)
class Case:
    """Mutation ``number`` of the campaign of ``seed``: always the same file."""

    seed: int
    number: int
    kind: Kind

    def rng(self) -> Random:
        """A new generator that depends on the seed, the number and the kind only."""
        return Random(f"{self.seed}:{self.number}:{self.kind.name}")

    def made(self) -> tuple[Draft, File | None]:
        """Make the draft and the mutated file, None where the kind arranges a landing folder."""
        rng = self.rng()
        if self.kind.arrange:
            return Draft(views(load()["dukcapil"].tables["penduduk"])[-1], self.number, rng), None
        assert self.kind.make
        # fewer files are of tables of fifty columns, whose rules take longest to plan
        allowed = [view for table in tables() for view in views(table) if table.source in (self.kind.only or load())]

        def rank(view: View) -> tuple[bool, float]:
            return len(view.table.columns) > 25 and rng.random() < 0.7, rng.random()

        for view in sorted(allowed, key=rank):
            draft = Draft(view, self.number, rng)
            with suppress(LookupError):
                return draft, self.kind.make(draft)
        raise AssertionError(f"{self.kind.name}: no table has what it needs")


def cases(seed: int, *, only: str | None = None, searched: bool = False) -> Iterator[Case]:
    """List all mutations of a seed in their order, without an end.

    ``only`` one kind of them, or those that are ``searched`` for persons, have the same numbers as among all.
    """
    kinds = load_kinds()
    names = sorted(kinds)
    Random(seed).shuffle(names)
    wanted = [
        place for place, name in enumerate(names) if only in (None, name) and (kinds[name].searched or not searched)
    ]
    for turn in count():
        for place in wanted:
            kind = kinds[names[place]]
            if not kind.rare or turn % _RARE_TURN == 0:
                yield Case(seed, turn * len(names) + place, kind)


def chosen(
    seed: int, mutations: int, *, only: str | None = None, number: int | None = None, searched: bool = False
) -> list[Case]:
    """List the first ``mutations`` cases, or the one of ``number``."""
    listed = cases(seed, only=only, searched=searched)
    if number is None:
        return list(islice(listed, mutations))
    return [next(case for case in listed if case.number >= number)]
