"""Mutations of gzip around a CSV, and other packers.

What belongs here: archives that are whole, damaged, of another program, or far larger inside than out.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, packed
from benchmarks.fuzz.register import kind


@kind("gzip", harmless=True)
def gzip_whole(draft: Draft) -> File:
    """The file is packed by gzip."""
    return File(gzip.compress(draft.csv().content, mtime=0), ".csv.gz")


@kind("gzip", harmless=True)
def gzip_called_csv(draft: Draft) -> File:
    """The packed file is called .csv."""
    return File(gzip.compress(draft.csv().content, mtime=0))


@kind("gzip", harmless=True)
def csv_called_gzip(draft: Draft) -> File:
    """The file is called packed and is not."""
    return File(draft.csv().content, ".csv.gz")


@kind("gzip", harmless=True)
def gzip_of_members(draft: Draft) -> File:
    """Several archives stand one behind the other, as parallel packers write."""
    content = draft.csv().content
    at = draft.somewhere(content)
    return File(gzip.compress(content[:at], mtime=0) + gzip.compress(content[at:], mtime=0), ".csv.gz")


@kind("gzip", harmless=True)
def gzip_padded(draft: Draft) -> File:
    """NULs pad the archive to whole blocks."""
    return File(gzip.compress(draft.csv().content, mtime=0) + bytes(1024), ".csv.gz")


@kind("gzip")
def gzip_cut(draft: Draft) -> File:
    """The archive ends early."""
    content = gzip.compress(draft.csv().content, mtime=0)
    return File(content[: draft.somewhere(content, 1)], ".csv.gz")


@kind("gzip")
def gzip_flipped(draft: Draft) -> File:
    """One byte of the archive is another."""
    content = bytearray(gzip.compress(draft.csv().content, mtime=0))
    content[draft.somewhere(content)] ^= 1 + draft.rng.randrange(255)
    return File(bytes(content), ".csv.gz")


@kind("gzip")
def gzip_with_garbage_behind(draft: Draft) -> File:
    """Something else follows the archive."""
    return File(gzip.compress(draft.csv().content, mtime=0) + draft.rng.randbytes(40), ".csv.gz")


@kind("gzip")
def gzip_of_wrong_sum(draft: Draft) -> File:
    """The check sum of the archive is of another file."""
    return File(gzip.compress(draft.csv().content, mtime=0)[:-8] + draft.rng.randbytes(8), ".csv.gz")


@kind("gzip")
def gzip_in_gzip(draft: Draft) -> File:
    """The archive holds an archive."""
    return File(gzip.compress(gzip.compress(draft.csv().content, mtime=0), mtime=0), ".csv.gz")


@kind("gzip")
def gzip_of_a_parquet(draft: Draft) -> File:
    """The archive holds a file that is no text."""
    inner = draft.rng.choice((draft.parquet, draft.xlsx))().content
    return File(gzip.compress(inner, mtime=0), ".csv.gz")


@kind("gzip")
def other_packers(draft: Draft) -> File:
    """The file is packed by another program."""
    content = draft.csv().content
    return File(
        draft.rng.choice(
            (bz2.compress(content), lzma.compress(content), zlib.compress(content), packed({"a.csv": content}))
        ),
        ".csv.gz",
    )


@kind("gzip", rare=True)
def gzip_bomb_of_rows(draft: Draft) -> File:
    """A few kilobytes unpack to a quarter of a gigabyte of blank lines."""
    return File(
        gzip.compress(draft.csv().content, mtime=0) + gzip.compress(b"\n" * (16 << 20), mtime=0) * 16, ".csv.gz"
    )


@kind("gzip", rare=True)
def gzip_bomb_of_one_line(draft: Draft) -> File:
    """A few kilobytes unpack to a line of a quarter of a gigabyte."""
    zeros = gzip.compress(draft.rng.choice((b"\0", b"a", b"0", b",")) * (16 << 20), mtime=0) * 16
    return File(gzip.compress(draft.csv().content, mtime=0) + zeros, ".csv.gz")
