"""Private files come whole or not at all, follow no planted link, and what a killed process left does not stay."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from dtsen_pipeline.storage import locks, private_files

SPAWN = multiprocessing.get_context("spawn")


def write(to: Path, text: str) -> None:
    with private_files.private_file(to) as part:
        part.write_text(text)


def test_a_private_file_takes_the_place_of_what_stood_there_and_is_its_owners_alone(tmp_path: Path) -> None:
    to = tmp_path / "baru" / "a.html"
    for text in ("satu", "dua"):
        write(to, text)
        assert to.read_text() == text and to.stat().st_mode & 0o777 == 0o600
        assert list(to.parent.iterdir()) == [to]


def test_after_an_error_what_stood_there_stands_and_nothing_is_left(tmp_path: Path) -> None:
    to = tmp_path / "a.html"
    write(to, "satu")
    with pytest.raises(ZeroDivisionError), private_files.private_file(to) as part:
        part.write_text("setengah")
        raise ZeroDivisionError
    assert to.read_text() == "satu" and list(tmp_path.iterdir()) == [to]


def test_where_it_is_written_nobody_can_know_or_enter_before(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with private_files.private_file(tmp_path / "a.csv") as part:
            part.touch()
            seen.append(part.parent)
            assert part.parent.parent == tmp_path and part.parent.stat().st_mode & 0o777 == 0o700
    assert seen[0] != seen[1]


def test_a_planted_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "milik_orang_lain"
    theirs.write_text("isi")
    for name in ("a.csv", ".a.part.csv"):
        (tmp_path / name).symlink_to(theirs)
    write(tmp_path / "a.csv", "ekspor")
    assert theirs.read_text() == "isi"
    assert (tmp_path / "a.csv").read_text() == "ekspor" and not (tmp_path / "a.csv").is_symlink()


def test_a_link_in_the_place_of_a_lock_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "milik_orang_lain"
    theirs.write_text("isi")
    month = tmp_path / "2025-03.duckdb"
    month.with_name(f".{month.name}.lock").symlink_to(theirs)
    with pytest.raises(OSError), locks.hold_month(month):
        pass
    assert theirs.read_text() == "isi"


def linger(folder: Path, ready: Event) -> None:
    with private_files.temporary_folder(folder, "coba") as own:
        (own / "isi").write_text("isi")
        ready.set()
        time.sleep(60)


@pytest.fixture
def other(tmp_path: Path) -> Callable[[], multiprocessing.process.BaseProcess]:
    """Starts a process that has its own folder in ``tmp_path`` and stays in it."""

    def start() -> multiprocessing.process.BaseProcess:
        ready = SPAWN.Event()
        process = SPAWN.Process(target=linger, args=(tmp_path, ready), daemon=True)
        process.start()
        assert ready.wait(60)
        return process

    return start


def test_what_a_killed_process_left_is_cleared_by_the_next_and_what_a_live_one_holds_is_not(
    tmp_path: Path, other: Callable[[], multiprocessing.process.BaseProcess]
) -> None:
    process = other()
    held = list(tmp_path.glob(".coba.*"))
    with private_files.temporary_folder(tmp_path, "coba"):
        assert len(list(tmp_path.glob(".coba.*/isi"))) == 1, "it lives"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert list(tmp_path.glob(".coba.*")) == held
    with private_files.temporary_folder(tmp_path, "lain"):
        assert list(tmp_path.glob(".coba.*")) == held, "of another kind"
    with private_files.temporary_folder(tmp_path, "coba") as own:
        assert list(tmp_path.glob(".coba.*")) == [own]
    assert list(tmp_path.iterdir()) == []


def test_a_link_or_a_file_that_is_named_like_a_left_folder_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "milik_orang_lain"
    theirs.mkdir()
    (theirs / "isi").touch()
    (tmp_path / ".coba.tautan").symlink_to(theirs)
    (tmp_path / ".coba.berkas").touch()
    with private_files.temporary_folder(tmp_path, "coba"):
        pass
    assert (theirs / "isi").exists() and list(theirs.iterdir()) == [theirs / "isi"]
