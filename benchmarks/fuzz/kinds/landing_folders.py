"""Mutations of what lies in the landing folder: names of files and folders, and things that are no files.

What belongs here: kinds that put more than one whole file, or something else than a file, into the landing zone. The folder holds
last month's delivery already, with other rows: a month must not be made of it in silence.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from benchmarks.fuzz.draft import Draft
from benchmarks.fuzz.plain_rows import MONTH, NIK, PERSON
from benchmarks.fuzz.register import landing_kind


def _folder(draft: Draft, root: Path) -> Path:
    return root / MONTH / draft.table.source


def _put(draft: Draft, path: Path, content: bytes | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(draft.csv().content if content is None else content)


def _named(draft: Draft, root: Path, end: str, suffix: str = ".csv") -> None:
    _put(draft, _folder(draft, root) / f"{draft.table.files}{end}{suffix}")


def _plain(draft: Draft, root: Path) -> Path:
    path = _folder(draft, root) / f"{draft.table.files or 'usulan'}.csv"
    _put(draft, path)
    return path


# --- names of files


@landing_kind(searched=True)
def number_in_file_name(draft: Draft, root: Path) -> tuple[str, ...]:
    """A file is called after a population number."""
    _named(draft, root, f"_{NIK}")
    return (NIK,)


@landing_kind(searched=True)
def person_in_file_name(draft: Draft, root: Path) -> tuple[str, ...]:
    """A file is called after a person."""
    _named(draft, root, draft.rng.choice((f"_{PERSON}", f" {PERSON.upper()}", f"_{PERSON.replace(' ', '_')}_{NIK}")))
    return PERSON, NIK


@landing_kind(searched=True)
def person_in_folder_name(draft: Draft, root: Path) -> tuple[str, ...]:
    """A folder within the delivery is called after a person."""
    _put(draft, _folder(draft, root) / PERSON / f"{draft.table.files}1.csv")
    return (PERSON,)


@landing_kind(searched=True)
def person_in_name_of_a_broken_file(draft: Draft, root: Path) -> tuple[str, ...]:
    """A file that cannot be read is called after a person."""
    _put(
        draft,
        _folder(draft, root) / f"{draft.table.files}_{PERSON}.csv",
        draft.rng.choice((b"", b"PAR1x", b"PK\3\4x", b"\n")),
    )
    return (PERSON,)


@landing_kind(searched=True)
def person_in_name_of_an_unknown_file(draft: Draft, root: Path) -> tuple[str, ...]:
    """A file of no table is called after a person."""
    _plain(draft, root)
    _put(draft, _folder(draft, root) / f"{PERSON} {NIK}{draft.rng.choice(('.csv', '.xlsx', '.pdf', ''))}")
    return PERSON, NIK


@landing_kind(searched=True)
def person_beside_the_sources(draft: Draft, root: Path) -> tuple[str, ...]:
    """A file beside the folders of the sources is called after a person."""
    _plain(draft, root)
    _put(draft, root / MONTH / f"{PERSON}.csv")
    return (PERSON,)


@landing_kind(harmless=True)
def file_name_of_capitals(draft: Draft, root: Path) -> None:
    """A file name is of capitals."""
    _put(draft, _folder(draft, root) / f"{draft.table.files}_1.csv".upper())


@landing_kind(harmless=True)
def file_name_with_patterns(draft: Draft, root: Path) -> None:
    """A file name holds what other programs take for a pattern."""
    _named(
        draft,
        root,
        draft.rng.choice(("[1]", "*", "?", "{a,b}", "(1)", "_%20", "$HOME", "`x`", " 'x'", ' "x"', "#1", "&")),
    )


@landing_kind(harmless=True)
def file_name_of_markup(draft: Draft, root: Path) -> None:
    """A file name holds markup of the terminal."""
    _named(draft, root, draft.rng.choice(("[bold]", "_[x]", "<b>", "%s", "{0}", "\\n")))


@landing_kind()
def file_name_with_control_characters(draft: Draft, root: Path) -> None:
    """A file name holds a line break or an escape sequence."""
    _named(draft, root, draft.rng.choice(("\n2", "\x1b[2J", "\u202egpj", "\t", "\x07")))


@landing_kind()
def file_name_of_no_encoding(draft: Draft, root: Path) -> None:
    """A file name is of bytes that are no UTF-8."""
    _named(draft, root, os.fsdecode(b"_\xff\xe9"))


@landing_kind(harmless=True)
def file_name_very_long(draft: Draft, root: Path) -> None:
    """A file name is as long as can be."""
    _named(draft, root, "_" + "1" * (240 - len(draft.table.files)))


@landing_kind()
def file_of_other_suffix(draft: Draft, root: Path) -> None:
    """A file has an ending that is none of the contract's."""
    _named(draft, root, "", draft.rng.choice((".txt", ".tsv", ".CSV.ZIP", ".xls", ".dat", "", ".csv ")))


@landing_kind()
def file_being_uploaded(draft: Draft, root: Path) -> None:
    """A file is still being uploaded."""
    _named(draft, root, "", draft.rng.choice((".csv.part", ".csv.filepart", ".csv.crdownload", ".csv.tmp")))


@landing_kind()
def file_hidden(draft: Draft, root: Path) -> None:
    """The file of the month is hidden, or marked as a copy of an editor."""
    _put(draft, _folder(draft, root) / f"{draft.rng.choice(('.', '_', '~'))}{draft.table.files}.csv")


@landing_kind()
def file_hidden_beside_another(draft: Draft, root: Path) -> None:
    """A second part of the delivery has a name that looks like a copy of an editor."""
    _plain(draft, root)
    _put(draft, _folder(draft, root) / f"{draft.rng.choice(('_', '~'))}{draft.table.files}_2.csv")


# --- folders


@landing_kind()
def month_written_otherwise(draft: Draft, root: Path) -> None:
    """The folder of the month is called in another way."""
    name = draft.rng.choice(
        ("2025-3", "2025_03", "202503", "2025-03 ", "Maret 2025", "2025-03-01", "2025-03.bak", "25-03")
    )
    _put(draft, root / name / draft.table.source / f"{draft.table.files}1.csv")


@landing_kind()
def source_written_otherwise(draft: Draft, root: Path) -> None:
    """The folder of the source is called in another way."""
    source = draft.table.source
    name = draft.rng.choice((source.upper(), f"{source}_", f"{source} ", source.title(), f"data {source}", source[:-1]))
    _put(draft, root / MONTH / name / f"{draft.table.files}1.csv")


@landing_kind()
def file_beside_the_sources(draft: Draft, root: Path) -> None:
    """The file lies in the folder of the month."""
    _put(draft, root / MONTH / f"{draft.table.files or 'usulan'}.csv")


@landing_kind()
def file_beside_the_months(draft: Draft, root: Path) -> None:
    """The file lies in the landing folder itself."""
    _put(draft, root / f"{draft.table.files or 'usulan'}.csv")


@landing_kind(harmless=True)
def file_in_a_folder_below(draft: Draft, root: Path) -> None:
    """The file lies in a folder within the delivery."""
    _put(draft, _folder(draft, root) / "bagian 1" / f"{draft.table.files}1.csv")


@landing_kind()
def folder_called_like_a_file(draft: Draft, root: Path) -> None:
    """A folder is called like a file."""
    (_folder(draft, root) / f"{draft.table.files}1.csv").mkdir(parents=True)


@landing_kind(harmless=True)
def what_systems_leave(draft: Draft, root: Path) -> None:
    """Files of systems and of Excel lie beside the delivery."""
    _plain(draft, root)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", f"~${draft.table.files}.xlsx"):
        _put(draft, _folder(draft, root) / name, b"x")


@landing_kind(harmless=True)
def lists_and_readme(draft: Draft, root: Path) -> None:
    """A README and lists of check sums lie beside the delivery."""
    _plain(draft, root)
    for name in ("README.md", "README.txt", "checksum.md5", "SHA256SUMS.sha256"):
        _put(draft, _folder(draft, root) / name, b"x")


@landing_kind()
def table_lacking(draft: Draft, root: Path) -> None:
    """The delivery lacks a table."""
    _put(draft, _folder(draft, root) / "lain.csv")


@landing_kind(harmless=True)
def file_in_two_parts(draft: Draft, root: Path) -> None:
    """The rows lie in two files."""
    rows = draft.rows
    for number, part in ((1, rows[:20]), (2, rows[20:])):
        draft.rows = part
        _named(draft, root, f"_{number}")
    draft.rows = rows


@landing_kind()
def file_twice(draft: Draft, root: Path) -> None:
    """The same file lies there under two names."""
    _plain(draft, root)
    _named(draft, root, " (1)")


# --- what is no file


@landing_kind()
def broken_link(draft: Draft, root: Path) -> None:
    """A link leads nowhere."""
    _folder(draft, root).mkdir(parents=True)
    (_folder(draft, root) / f"{draft.table.files}1.csv").symlink_to(root / "tidak-ada")


@landing_kind(harmless=True)
def link_to_a_file(draft: Draft, root: Path) -> None:
    """A link leads to the file."""
    store = root.parent / "gudang" / "isi"
    _put(draft, store)
    _folder(draft, root).mkdir(parents=True)
    (_folder(draft, root) / f"{draft.table.files}1.csv").symlink_to(store.absolute())


@landing_kind()
def link_to_itself(draft: Draft, root: Path) -> None:
    """A link leads to itself, or a folder to the one above."""
    _folder(draft, root).mkdir(parents=True)
    path = _folder(draft, root) / f"{draft.table.files}1.csv"
    path.symlink_to(draft.rng.choice((path, path.parent)))


@landing_kind()
def pipe(draft: Draft, root: Path) -> None:
    """A pipe is called like a file."""
    _folder(draft, root).mkdir(parents=True)
    os.mkfifo(_folder(draft, root) / f"{draft.table.files}1.csv")


@landing_kind()
def socket_for_a_file(draft: Draft, root: Path) -> None:
    """A socket is called like a file."""
    _folder(draft, root).mkdir(parents=True)
    folder = os.open(_folder(draft, root), os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            # The address of a socket holds a hundred letters, fewer than many a path.
            made.bind(f"/proc/self/fd/{folder}/{draft.table.files}1.csv")
    finally:
        os.close(folder)


@landing_kind()
def month_is_a_file(draft: Draft, root: Path) -> None:
    """The month is a file and no folder."""
    _put(draft, root / MONTH, b"x")
