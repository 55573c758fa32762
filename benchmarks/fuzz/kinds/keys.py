"""Mutations of keys, in files of any format.

What belongs here: ids that are repeated, empty, rounded or of nobody.
"""

from __future__ import annotations

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File
from benchmarks.fuzz.plain_rows import ROWS
from benchmarks.fuzz.register import kind


def _key(draft: Draft) -> int:
    return draft.labels.index(draft.table.key[0])


@kind("keys")
def key_repeated(draft: Draft) -> File:
    """Two rows have one key."""
    place = _key(draft)
    draft.rows[draft.rng.randrange(1, ROWS)][place] = draft.rows[0][place]
    return draft.carried()


@kind("keys")
def row_repeated(draft: Draft) -> File:
    """A row comes twice."""
    draft.rows.append(list(draft.rows[draft.rng.randrange(ROWS)]))
    return draft.carried()


@kind("keys")
def key_empty(draft: Draft) -> File:
    """A row has no key."""
    draft.rows[draft.rng.randrange(ROWS)][_key(draft)] = draft.rng.choice(("", " ", "-", "NULL"))
    return draft.carried()


@kind("keys")
def required_value_empty(draft: Draft) -> File:
    """A row lacks a value that it must have."""
    draft.rows[draft.rng.randrange(ROWS)][draft.labels.index(draft.rng.choice(draft.table.required))] = ""
    return draft.carried()


@kind("keys")
def orphan(draft: Draft) -> File:
    """A row belongs to a family that was not delivered."""
    if not draft.table.parent:
        raise LookupError
    draft.rows[draft.rng.randrange(ROWS)][draft.labels.index(draft.table.parent.column)] = "TIDAK-DIKIRIM"
    return draft.carried()


@kind("keys")
def key_rounded(draft: Draft) -> File:
    """A spreadsheet rounded a key."""
    draft.rows[draft.rng.randrange(ROWS)][_key(draft)] = draft.rng.choice(("1.10E+09", "1,1E+15", "#######"))
    return draft.carried()


@kind("keys", harmless=True)
def keys_with_empty_fraction(draft: Draft) -> File:
    """Keys have a point and a zero, as pandas writes them."""
    for row in draft.rows:
        row[_key(draft)] += ".0"
    return draft.carried()


@kind("keys", harmless=True)
def keys_as_formulas_of_text(draft: Draft) -> File:
    """Keys stand as ="110", so that Excel leaves them alone."""
    for row in draft.rows:
        row[_key(draft)] = f'="{row[_key(draft)]}"'
    return draft.carried()
