"""Write the data dictionary that people read, ``docs/data-dictionary.md``, from the contracts, the SQL models and ``kamus.csv``.

What belongs here: laying those declarations out as Markdown; every fact is declared there. Rewrite the page with

    python -m dtsen_pipeline.release.reference docs/data-dictionary.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import sqlglot
from sqlglot import exp

from dtsen_pipeline.contracts.model import Column, TableContract, load
from dtsen_pipeline.contracts.rules import limits
from dtsen_pipeline.release import dictionary
from dtsen_pipeline.sql.models import Model, load_models

_PAGE_HEAD = """# Kamus data / data dictionary

Dibuat dari kontrak sumber, model SQL, dan kamus rilis; jangan diubah dengan tangan / made from the source contracts, the SQL models
and the dictionary of the release; not to be edited by hand: `python -m dtsen_pipeline.release.reference docs/data-dictionary.md`.

1. [Kiriman / what is delivered](#1-kiriman--what-is-delivered): `landing/`, after reading `raw.*`
2. [Model SQL / SQL models](#2-model-sql--sql-models): every table made by one SELECT of `dbt_like_sql/models`
3. [Rilis / the release](#3-rilis--the-release): every published column, and how freely it may go

A column marked **P** is personal data, **S** what the law calls specific (UU 27/2022 art. 4).
"""


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([_PAGE_HEAD, *_deliveries(), *_models(), *_release()]) + "\n"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(columns)
    cells = [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *cells)] + [""]


def _deliveries() -> list[str]:
    lines = ["## 1. Kiriman / what is delivered", ""]
    for source in load().values():
        lines += [f"### {source.name} (`{source.source}`)", "", f"{source.english}. Pemilik/owner: {source.owner}.", ""]
        for table in source.tables.values():
            lines += _contract(table)
    return lines


def _contract(table: TableContract) -> list[str]:
    parent = table.parent
    above = f" `{parent.column}` -> `{parent.table}.{parent.key}`." if parent else ""
    return [
        f"#### `{table.raw}`",
        "",
        f"{table.grain} / {table.english}. Kunci/key: `{', '.join(table.key)}`.{above}",
        "",
        *_table(
            ("kolom / column", "tipe / type", "", "arti", "meaning", "nilai / values"),
            (
                (
                    f"`{column.name}`" + (" (wajib/required)" if column.name in table.required else ""),
                    column.type + (f"({column.length})" if column.length else ""),
                    "P" * column.pii + "S" * column.sensitive,
                    column.meaning.id + (f" ({column.note})" if column.note else ""),
                    column.meaning.en,
                    _values(column),
                )
                for column in table.columns.values()
            ),
        ),
    ]


def _values(column: Column) -> str:
    if column.codes:
        return "; ".join(f"{code} {meaning}" for code, meaning in column.codes.items())
    if column.labels:
        return "; ".join(column.labels)
    if column.min is None and column.max is None:
        return column.unit or ""
    return str(limits(column)) + (f" {column.unit}" if column.unit else "")


def _models() -> list[str]:
    lines = ["## 2. Model SQL / SQL models", ""]
    for name, model in sorted(load_models().items()):
        lines += [
            f"### `{name}`",
            "",
            model.description,
            "",
            f"Dari/from: {', '.join(f'`{table}`' for table in sorted(model.depends_on)) or '-'}. "
            f"Kolom/columns: {_columns(model)}.",
            "",
        ]
    return lines


def _columns(model: Model) -> str:
    # A star stands for the columns of its table, which is on this page too.
    query = sqlglot.parse_one(model.sql, read="duckdb")
    return ", ".join(f"`{name}`" for name in query.named_selects) if isinstance(query, exp.Query) else ""


def _release() -> list[str]:
    restricted = {"ya": "ya/yes", "samar": "samar/coarser", "tidak": "-"}
    return [
        "## 3. Rilis / the release",
        "",
        "L2 terbuka/open; L3 kuasi-pengenal, hanya bersama yang lain menunjuk orang / a quasi-identifier, tells a person only "
        "together with others; L4 pribadi/personal. `*`: dalam tabel mana pun / in any table. Kolom yang sumbernya dipilih punya "
        "`_sumber` dan `_tanggal` di sampingnya / a column whose source is chosen has `_sumber` and `_tanggal` beside it.",
        "",
        *_table(
            (
                "tabel / table",
                "kolom / column",
                "",
                "terbatas / restricted",
                "arti",
                "meaning",
                "satuan / unit",
                "sumber / source",
            ),
            (
                (
                    f"`{entry.tabel}`",
                    f"`{entry.kolom}`",
                    entry.tingkat,
                    restricted[entry.terbatas],
                    entry.arti,
                    entry.meaning,
                    " / ".join(filter(None, dict.fromkeys((entry.satuan, entry.unit)))),
                    entry.sumber,
                )
                for entry in dictionary.entries().values()
            ),
        ),
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
