"""The list of all kinds of mutation.

What belongs here: the modules that define kinds. It imports them, and none of them imports it.
"""

from __future__ import annotations

from functools import cache

from benchmarks.fuzz.kinds import (
    archives,
    codes,
    dates,
    delimiters,
    encodings,
    headers,
    keys,
    landing_folders,
    line_ends,
    numbers,
    parquet_broken,
    parquet_sound,
    persons,
    raw_bytes,
    rows,
    texts,
    workbooks_broken,
    workbooks_sound,
)
from benchmarks.fuzz.register import Kind, registered

_MODULES = (
    raw_bytes,
    line_ends,
    encodings,
    delimiters,
    rows,
    headers,
    archives,
    numbers,
    codes,
    dates,
    texts,
    persons,
    keys,
    parquet_sound,
    parquet_broken,
    workbooks_sound,
    workbooks_broken,
    landing_folders,
)


@cache
def load_kinds() -> dict[str, Kind]:
    """Give every kind by its name."""
    kinds = [kind for module in _MODULES for kind in registered(module.__name__)]
    by_name = {kind.name: kind for kind in kinds}
    assert len(by_name) == len(kinds) and all(kind.what for kind in kinds)
    return by_name
