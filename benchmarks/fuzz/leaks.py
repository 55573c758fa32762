"""Is a person named in what leaves the encrypted warehouse?

What belongs here: the texts that a month says of its deliveries, each from the function that the pipeline makes it by, and the
search through them. A value matches by its words and numbers in their order, whatever stands between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from assets.landing import observe_deliveries
from benchmarks.fuzz.plain_rows import MONTH, View
from dtsen_pipeline.dashboard import page
from dtsen_pipeline.dashboard.collect import collect
from dtsen_pipeline.release import manifest
from dtsen_pipeline.storage.keys import Keys

# Letters and digits from which a value is looked for: five letters turn up in ordinary words.
SHORTEST = 6

_GROUPED = re.compile("[0-9]+(?:[-. '][0-9]+)+")
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.upper())


class Search:
    """Finds values of persons in a text."""

    def __init__(self, values: Iterable[str]) -> None:
        self._single: set[str] = set()
        self._several: set[str] = set()
        for value in values:
            words = _words(value)
            if len("".join(words)) < SHORTEST:
                continue
            if len(words) > 1:
                self._several.add(" ".join(words))
            if len(words) == 1 or "".join(words).isdigit():
                self._single.add("".join(words))

    def matches(self, text: str) -> set[str]:
        """Give the values that stand in the text."""
        words = _words(text)
        whole = f" {' '.join(words)} "
        grouped = {re.sub("[^0-9]", "", run) for run in _GROUPED.findall(text)}
        return (
            self._single.intersection(words)
            | (self._single & grouped)
            | {form for form in self._several if f" {form} " in whole}
        )


def texts(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Give place and text of all that a run says of the deliveries in ``raw``: page, manifest, and what Dagster keeps."""
    yield "page", page.render_page(collect(con, MONTH, ()))
    _empty_month(con)
    yield (
        "manifest",
        json.dumps(manifest.build_manifest(con, MONTH, [], [], Keys("luar", b"0" * 32)), ensure_ascii=False),
    )
    for observation in observe_deliveries(con):
        yield "observation", f"{observation.description} {observation.metadata}"


def _empty_month(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that a manifest reads beside the deliveries, without any content."""
    con.execute("create table if not exists linkage.model as select 'x' as versi")
    con.execute("create table if not exists welfare.skor as select 'x' as versi_model where false")
    con.execute("create table if not exists welfare.kebijakan as select 'x' as program where false")
    con.execute(
        "create or replace view intermediate.int_catatan as select source, tabel, kolom, alasan, sum(jumlah)::bigint as jumlah "
        "from quarantine.catatan group by all"
    )


def personal_values(view: View, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the personal values of a file: of the columns that the contract says are, and the ids."""
    columns = view.table.columns
    places = [i for i, name in enumerate(view.columns) if columns[name].pii or name in view.table.ids]
    for row in rows:
        for place in places:
            yield row[place]
