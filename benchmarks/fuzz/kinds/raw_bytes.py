"""Mutations of a CSV file's bytes, whatever they mean.

What belongs here: what can befall a file on its way: bits flipped, blocks lost, ends cut off.
"""

from __future__ import annotations

import codecs

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.files import File, below_header
from benchmarks.fuzz.plain_rows import ROWS
from benchmarks.fuzz.register import kind


@kind("bytes")
def bit_flipped(draft: Draft) -> File:
    """One bit of the file is another."""
    content = bytearray(draft.csv().content)
    content[draft.somewhere(content)] ^= 1 << draft.rng.randrange(8)
    return File(bytes(content))


@kind("bytes")
def bytes_flipped(draft: Draft) -> File:
    """Twenty bytes are any others."""
    content = bytearray(draft.csv().content)
    for _ in range(20):
        content[draft.somewhere(content)] = draft.rng.randrange(256)
    return File(bytes(content))


@kind("bytes")
def cut_anywhere(draft: Draft) -> File:
    """The file ends at any point."""
    content = draft.csv().content
    return File(content[: draft.somewhere(content, 1)])


@kind("bytes")
def cut_in_header(draft: Draft) -> File:
    """The file ends within its header."""
    content = draft.csv().content
    return File(content[: draft.rng.randrange(1, below_header(content))])


@kind("bytes")
def cut_in_last_row(draft: Draft) -> File:
    """The last row has lost its second half."""
    lines = draft.lines()
    return File(b"\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))


@kind("bytes")
def nul_inserted(draft: Draft) -> File:
    """A NUL stands somewhere below the header."""
    content = draft.csv().content
    at = draft.somewhere(content, below_header(content))
    return File(content[:at] + b"\0" + content[at:])


@kind("bytes")
def nul_block(draft: Draft) -> File:
    """A block of the file is NULs, as after a crash of its disk."""
    content = draft.csv().content
    at, size = draft.somewhere(content), draft.rng.randrange(1, 512)
    return File(content[:at] + bytes(size) + content[at + size :])


@kind("bytes")
def control_z_inserted(draft: Draft) -> File:
    """The end mark of DOS stands in the middle, where files were joined."""
    lines = draft.lines()
    at = draft.rng.randrange(2, ROWS)
    return File(b"\n".join([*lines[:at], b"\x1a" + lines[at], *lines[at + 1 :]]) + b"\n")


@kind("bytes")
def block_doubled(draft: Draft) -> File:
    """A block of bytes comes twice."""
    content = draft.csv().content
    at = draft.somewhere(content)
    end = at + draft.rng.randrange(1, 2000)
    return File(content[:end] + content[at:end] + content[end:])


@kind("bytes")
def block_lost(draft: Draft) -> File:
    """A block of bytes is missing."""
    content = draft.csv().content
    at = draft.somewhere(content)
    return File(content[:at] + content[at + draft.rng.randrange(1, 2000) :])


@kind("bytes")
def blocks_swapped(draft: Draft) -> File:
    """Two blocks below the header have changed places."""
    content = draft.csv().content
    a, b, c = sorted(draft.somewhere(content, below_header(content)) for _ in range(3))
    return File(content[:a] + content[b:c] + content[a:b] + content[c:])


@kind("bytes")
def random_bytes(draft: Draft) -> File:
    """The file is noise."""
    return File(draft.rng.randbytes(draft.rng.randrange(1, 4000)))


@kind("bytes")
def empty_file(draft: Draft) -> File:
    """The file has no byte."""
    return File(b"")


@kind("bytes")
def blank_file(draft: Draft) -> File:
    """The file holds blank lines alone."""
    return File(draft.rng.choice((b"\n", b"\r\n\r\n", b" \n", b"\t\n", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n")))


@kind("bytes")
def foreign_format(draft: Draft) -> File:
    """The file is of a format that is no table for this reader."""
    start = draft.rng.choice(
        (b"%PDF-1.4\n", b"<html><table>", b'{"a": [', b"SQLite format 3\0", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1")
    )
    return File(start + draft.csv().content)
