"""Mutations of Parquet files that a right reader takes as they are.

What belongs here: what programs that write Parquet do otherwise than others: physical types, pages, names.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, parquet
from benchmarks.fuzz.plain_rows import PERSON
from benchmarks.fuzz.register import kind

# Sources whose keys are no NIK of 16 digits.
_NO_KEY_OF_16 = ("dtks", "regsosek", "p3ke", "referensi", "pemutakhiran")


def _made(kind_of: pa.DataType, read: Callable[[str], object]) -> Callable[[list[str]], pa.Array]:
    """Make a column of a type, each cell as ``read`` reads it and null where it is empty."""
    return lambda values: pa.array([read(value) if value else None for value in values], kind_of)


def _code(value: str) -> int | None:
    return int(value) if value.isdigit() else None


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _whole_codes(draft: Draft) -> list[int]:
    """Give the places of codes that are numbers. Raises LookupError where there are none."""
    names = [draft.table.columns[name] for name in draft.view.columns]
    whole = [i for i, c in enumerate(names) if c.type == "code" and all(code.isdigit() for code in c.codes)]
    if not whole:
        raise LookupError
    return whole


@kind("parquet", harmless=True)
def parquet_of_texts(draft: Draft) -> File:
    """Every column is text."""
    return draft.parquet()


@kind("parquet", harmless=True)
def parquet_of_large_texts(draft: Draft) -> File:
    """Every column is large text."""
    return parquet(draft.arrow().cast(pa.schema([(name, pa.large_string()) for name in draft.labels])))


@kind("parquet", harmless=True)
def parquet_of_dictionaries(draft: Draft) -> File:
    """Every column is a dictionary."""
    table = draft.arrow()
    return parquet(pa.table({name: table[name].dictionary_encode() for name in draft.labels}))


@kind("parquet", harmless=True)
def parquet_of_bytes(draft: Draft) -> File:
    """Every column is bytes without a word that they are text, as old programs write."""
    return parquet(draft.arrow().cast(pa.schema([(name, pa.binary()) for name in draft.labels])))


@kind("parquet", harmless=True)
def parquet_of_nulls(draft: Draft) -> File:
    """Empty cells are nulls."""
    make = _made(pa.string(), str)
    return draft.parquet(dict.fromkeys(range(len(draft.labels)), make))


@kind("parquet", harmless=True)
def parquet_of_integers(draft: Draft) -> File:
    """Whole numbers are integers of some width."""
    kind_of = draft.rng.choice((pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint64()))
    return draft.typed_parquet(_made(kind_of, int), "integer")


@kind("parquet", harmless=True)
def parquet_of_integer_codes(draft: Draft) -> File:
    """Codes are integers."""
    return draft.parquet(dict.fromkeys(_whole_codes(draft), _made(pa.int32(), _code)))


@kind("parquet", harmless=True)
def parquet_of_float_codes(draft: Draft) -> File:
    """Codes and whole numbers are floats, as pandas makes of columns with gaps."""
    return draft.parquet(dict.fromkeys([*_whole_codes(draft), *draft.places("integer")], _made(pa.float64(), float)))


@kind("parquet", harmless=True)
def parquet_of_floats(draft: Draft) -> File:
    """Numbers are floats of some width."""
    return draft.typed_parquet(_made(draft.rng.choice((pa.float32(), pa.float64())), float), "decimal")


@kind("parquet", harmless=True)
def parquet_of_decimals(draft: Draft) -> File:
    """Numbers are exact decimals."""
    scale = draft.rng.choice((2, 6))
    exact = _made(pa.decimal128(20, scale), lambda value: Decimal(value).quantize(Decimal(1).scaleb(-scale)))
    return draft.typed_parquet(exact, "decimal")


@kind("parquet", harmless=True)
def parquet_of_days(draft: Draft) -> File:
    """Dates are days."""
    return draft.typed_parquet(_made(draft.rng.choice((pa.date32(), pa.date64())), date.fromisoformat), "date")


@kind("parquet", harmless=True)
def parquet_of_moments(draft: Draft) -> File:
    """Dates are moments without a zone."""
    return draft.typed_parquet(_made(pa.timestamp(draft.rng.choice(("s", "ms", "us", "ns"))), _instant), "date")


@kind("parquet", harmless=True)
def parquet_of_zoned_moments(draft: Draft) -> File:
    """Dates are instants of midnight in one of Indonesia's zones."""
    zone = draft.rng.choice(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))
    hours = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}[zone]

    def instant(value: str) -> datetime:
        return datetime.fromtimestamp(_instant(value).replace(tzinfo=UTC).timestamp() - hours * 3600, UTC)

    return draft.typed_parquet(_made(pa.timestamp("us", zone), instant), "date")


@kind("parquet", harmless=True)
def parquet_of_spark_moments(draft: Draft) -> File:
    """Dates are instants as old Spark and Impala write them (INT96)."""

    def instant(value: str) -> datetime:
        return datetime.fromtimestamp(_instant(value).replace(tzinfo=UTC).timestamp() - 7 * 3600, UTC).replace(
            tzinfo=None
        )

    return draft.typed_parquet(_made(pa.timestamp("ns"), instant), "date", use_deprecated_int96_timestamps=True)


@kind("parquet", harmless=True, only=_NO_KEY_OF_16)
def parquet_of_integer_keys(draft: Draft) -> File:
    """Keys are integers."""
    return draft.parquet({draft.labels.index(draft.table.key[0]): _made(pa.int64(), int)})


@kind("parquet", harmless=True)
def parquet_packed_otherwise(draft: Draft) -> File:
    """The pages are packed by some program."""
    return draft.parquet(compression=draft.rng.choice(("none", "gzip", "zstd", "brotli", "lz4", "snappy")))


@kind("parquet", harmless=True)
def parquet_of_newer_pages(draft: Draft) -> File:
    """The pages are of the second version, without dictionaries or statistics."""
    return draft.parquet(data_page_version="2.0", use_dictionary=False, write_statistics=False)


@kind("parquet", harmless=True)
def parquet_of_many_groups(draft: Draft) -> File:
    """Rows stand in groups of seven."""
    return draft.parquet(row_group_size=7)


@kind("parquet", harmless=True)
def parquet_called_csv(draft: Draft) -> File:
    """The Parquet file is called .csv."""
    return File(draft.parquet().content, ".csv")


@kind("parquet", harmless=True)
def parquet_with_nested_column(draft: Draft) -> File:
    """A column that nobody knows holds structures."""
    table = draft.arrow()
    nested = pa.array([{"a": [1, 2], "b": {"c": "x"}}] * table.num_rows)
    return parquet(table.append_column("lampiran", nested))


@kind("parquet", harmless=True)
def parquet_with_notes(draft: Draft) -> File:
    """The file carries notes of its maker."""
    return parquet(draft.arrow().replace_schema_metadata({"author": PERSON, "pandas": "{}"}))
