"""The rules of a contract as SQL, the words in which a broken one is told, and the mask over personal values.

What belongs here: what makes one value or one row unacceptable. How it is applied to whole files is the reader's
business.
"""

from __future__ import annotations

import re
from functools import cache

from dtsen_pipeline.contracts.model import Column, TableContract
from dtsen_pipeline.sql_models import expand

# Code of the reason: Indonesian, English. The words in braces are filled in by ``explain``.
REASONS: dict[str, tuple[str, str]] = {
    "jumlah_kolom": (
        "banyaknya kolom pada baris ini tidak sama dengan judul kolom",
        "this row has another number of fields than the header",
    ),
    "kutip_rusak": ("tanda kutip pada baris ini tidak berpasangan", "the quotes of this row do not pair"),
    "karakter_nul": ("baris ini memuat karakter NUL", "this row holds NUL characters"),
    "wajib_kosong": ("nilai wajib kosong", "a required value is missing"),
    "kunci_ganda": (
        "kunci ({key}) dipakai beberapa baris; satu dipertahankan, menurut urutan abjad isinya",
        "the key ({key}) is used by several rows; one is kept, the first by the alphabet of its content",
    ),
    "induk_tidak_ada": ("tidak ada di {parent}", "not delivered in {parent}"),
    "panjang": ("panjangnya bukan {length} karakter", "not {length} characters long"),
    "bukan_bilangan": ("bukan bilangan {number_id}", "not a {number_en} number"),
    "di_luar_batas": ("di luar batas {limits}", "outside the limits {limits}"),
    "kode_tidak_dikenal": ("bukan salah satu kode {choices}", "not one of the codes {choices}"),
    "label_tidak_dikenal": ("bukan salah satu label {choices}", "not one of the labels {choices}"),
    "tanggal_tak_terbaca": (
        "tanggal tidak terbaca; tulis YYYY-MM-DD atau DD/MM/YYYY",
        "not a readable date; write YYYY-MM-DD or DD/MM/YYYY",
    ),
}


@cache
def inline(macro: str, column: str = "nilai") -> str:
    """SQL of a macro of ``dbt_like_sql`` over one column; cached, since taking SQL apart costs more than running it."""
    return "(" + expand(f"select {macro}({column})").removeprefix("SELECT ") + ")"


def broken(column: Column) -> str | None:
    """SQL over a text ``nilai``: the code of the first rule it breaks, else NULL; None where there is no rule."""
    tests = _tests(column)
    if not tests and not column.required:
        return None
    missing = "'wajib_kosong'" if column.required else "null"
    cases = "".join(f" when {test} then '{reason}'" for test, reason in tests)
    return f"case when {inline('kosong')} is null then {missing}{cases} end"


def _tests(column: Column) -> list[tuple[str, str]]:
    if column.type == "string":
        return [(f"length({inline('kosong')}) <> {column.length}", "panjang")] if column.length else []
    if column.type in ("integer", "decimal"):
        number = inline("bulat" if column.type == "integer" else "angka")
        limits = [f"{number} < {column.min}"] if column.min is not None else []
        limits += [f"{number} > {column.max}"] if column.max is not None else []
        return [(f"{number} is null", "bukan_bilangan"), *((limit, "di_luar_batas") for limit in limits)]
    if column.type == "code":
        numbers = all(code.isdigit() for code in column.codes)
        known = inline("kode") if numbers else f"lower({inline('kosong')})"
        choices = ", ".join(code if numbers else text(code.lower()) for code in column.codes)
        return [(f"coalesce({known} not in ({choices}), true)", "kode_tidak_dikenal")]
    if column.type == "label":
        choices = ", ".join(map(text, column.spellings))
        return [(f"{inline('kunci_label')} not in ({choices})", "label_tidak_dikenal")]
    return [(f"{inline('tanggal')} is null", "tanggal_tak_terbaca")]


def canonical_key(table: TableContract) -> list[str]:
    """SQL of the key's columns, so that two spellings of one key are one key."""
    read = {"date": "tanggal", "integer": "bulat", "decimal": "angka", "code": "kode"}
    return [inline(read.get(table.columns[name].type, "kosong"), quoted(name)) for name in table.key]


def explain(reason: str, table: TableContract, column: str | None) -> tuple[str, str]:
    """The reason in Indonesian and in English, with what was expected; ``column`` is None for a flaw of the row."""
    c = table.columns.get(column or "")
    words = {
        "key": ", ".join(table.key),
        "parent": f"{table.source}.{table.parent.table}" if table.parent else "",
        "length": c and c.length,
        "number_id": "bulat" if c and c.type == "integer" else "desimal",
        "number_en": "whole" if c and c.type == "integer" else "decimal",
        "limits": c and f"{'' if c.min is None else f'{c.min:g}'}..{'' if c.max is None else f'{c.max:g}'}",
        "choices": c and ", ".join(c.codes or c.labels),
    }
    indonesian, english = REASONS[reason]
    return indonesian.format(**words), english.format(**words)


def mask(value: str) -> str:
    """The shape of a personal value: each digit a 9, each letter an x; signs and blanks stay, so that damage shows."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))


def mask_sql(expression: str) -> str:
    """SQL of ``mask``."""
    letters = r"[\p{L}\p{Nl}\p{No}]"
    return rf"regexp_replace(regexp_replace({expression}, '{letters}', 'x', 'g'), '\p{{Nd}}', '9', 'g')"


def text(value: str) -> str:
    """A SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
