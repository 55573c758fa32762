"""Mutations of Parquet files that are damaged, hostile, or hold what no contract means.

What belongs here: wrong types, wrong columns, and damage to the container.
"""

from __future__ import annotations

import pyarrow as pa

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, parquet
from benchmarks.fuzz.plain_rows import NIK, PERSON
from benchmarks.fuzz.register import kind


@kind("parquet")
def parquet_without_rows(draft: Draft) -> File:
    """The file has columns and no row."""
    return parquet(draft.arrow().slice(0, 0))


@kind("parquet")
def parquet_without_columns(draft: Draft) -> File:
    """The file has no column."""
    return parquet(pa.table({"x": pa.array([1])}).select([]))


@kind("parquet")
def parquet_nested_where_a_value_belongs(draft: Draft) -> File:
    """A column of the contract holds lists."""
    table, at = draft.arrow(), draft.pick()
    lists = pa.array([[value] for value in table.column(at).to_pylist()])
    return parquet(table.set_column(at, draft.labels[at], lists))


@kind("parquet")
def parquet_of_truth_values(draft: Draft) -> File:
    """A column of the contract holds truth values."""
    table, at = draft.arrow(), draft.pick("code", "label", "integer")
    return parquet(table.set_column(at, draft.labels[at], pa.array([i % 2 == 0 for i in range(table.num_rows)])))


@kind("parquet")
def parquet_of_a_null_column(draft: Draft) -> File:
    """A column of the contract has the type of nothing."""
    table, at = draft.arrow(), draft.rng.randrange(len(draft.labels))
    return parquet(table.set_column(at, draft.labels[at], pa.nulls(table.num_rows)))


@kind("parquet")
def parquet_of_odd_numbers(draft: Draft) -> File:
    """Numbers are NaN, infinite or enormous."""
    odd = (float("nan"), float("inf"), float("-inf"), 1e300, -0.0, 5e-324)
    return draft.typed_parquet(lambda values: pa.array([draft.rng.choice(odd) for _ in values]), "decimal")


@kind("parquet")
def parquet_of_clocks(draft: Draft) -> File:
    """Dates are times of day, or durations."""
    clock = draft.rng.choice((pa.array([3600], pa.time32("s")), pa.array([3600], pa.duration("s"))))
    return draft.typed_parquet(lambda values: pa.concat_arrays([clock] * len(values)), "date")


@kind("parquet")
def parquet_of_broken_text(draft: Draft) -> File:
    """Bytes that are called text are none."""
    table, at = draft.arrow(), draft.pick("string")
    content = parquet(
        table.set_column(at, draft.labels[at], pa.array([b"Krajan\xffLor"] * table.num_rows)),
        use_dictionary=False,
        compression="none",
    ).content
    return File(content, ".parquet")


@kind("parquet")
def parquet_names_twice(draft: Draft) -> File:
    """Two columns have one name, or names that differ by capitals."""
    table, at = draft.arrow(), draft.rng.randrange(len(draft.labels))
    name = draft.rng.choice((draft.labels[at], draft.labels[at].upper()))
    return parquet(table.append_column(name, table.column(at)))


@kind("parquet", searched=True)
def parquet_with_person_as_column(draft: Draft) -> File:
    """A column is called after a person."""
    file = parquet(draft.arrow().append_column(f"{PERSON} {NIK}", pa.array(["1"] * len(draft.rows))))
    file.personal = (PERSON, NIK)
    return file


@kind("parquet")
def parquet_column_called_like_the_reader_s(draft: Draft) -> File:
    """A column is called like one of the reader's own."""
    name = draft.rng.choice(("file_row_number", "_file", "_line", "_cacat", "_lain", "filename", "rowid", '"', "'", ""))
    return parquet(draft.arrow().append_column(name, pa.array(["9"] * len(draft.rows))))


@kind("parquet")
def parquet_cut(draft: Draft) -> File:
    """The file ends early."""
    content = draft.parquet().content
    return File(content[: draft.rng.randrange(4, len(content))], ".parquet")


@kind("parquet")
def parquet_flipped(draft: Draft) -> File:
    """Bytes of the file are others."""
    content = bytearray(draft.parquet(compression="none").content)
    for _ in range(draft.rng.randrange(1, 4)):
        content[draft.rng.randrange(4, len(content))] ^= 1 + draft.rng.randrange(255)
    return File(bytes(content), ".parquet")


@kind("parquet")
def parquet_footer_damaged(draft: Draft) -> File:
    """The footer says another length, or holds noise."""
    content = bytearray(draft.parquet().content)
    at = len(content) - draft.rng.randrange(5, 200)
    content[at : at + 4] = draft.rng.randbytes(4)
    return File(bytes(content), ".parquet")


@kind("parquet")
def parquet_with_something_behind(draft: Draft) -> File:
    """Something follows the file, or stands before it."""
    content = draft.parquet().content
    return File(draft.rng.choice((content + b"\n", content + content, b"\n" + content)), ".parquet")


@kind("parquet", rare=True)
def parquet_bomb(draft: Draft) -> File:
    """A column of one value repeats it for a quarter of a gigabyte."""
    value = pa.array(["Krajan " * 150_000] * 256)
    width = {name: pa.array([""] * 256) for name in draft.labels}
    at = draft.labels[draft.pick("string")]
    return parquet(pa.table({**width, at: value}), compression="zstd")
