"""Does every act of publishing recover when the disk refuses any one of its writes?

What belongs here: one command that does an act once to see what it writes (files made, written, renamed, synced and removed, and
DuckDB's statements that write), and then again and again from the same home, each time with another of these writes refused: alone,
or with all that follow it, as on a disk that stays full; and once for each of some sizes that the system lets no file grow beyond.
After each, the same command once more (``dtsen audit repair`` before it where the trail was torn) must end as an undisturbed one:
every release whole, the trail unbroken, ``CURRENT`` the release that stands, nothing left over; after a withdrawal or a deletion
the next month must be published. The month is that of ``tests/unit/test_release.py``.

    python -m benchmarks.faults [--acts publish export ...] [--sites] [--work build/faults]

``--sites`` refuses of the writes that one place of the code does in a loop the first alone. The module is long because every act
shares the disk that refuses and the home that it begins from.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import index
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.release import backup, catalogue, deletion, publishing, verification, withdrawal
from dtsen_pipeline.release.export import export_table
from dtsen_pipeline.review import decisions, intake
from dtsen_pipeline.storage import private_files
from tests.unit import test_release as tiny

NEXT = "2025-04"
ROOT = Path(__file__).parents[1]

_WRITES = re.compile(r"\s*(copy|attach|create|insert|update|delete|merge|commit|checkpoint|detach|drop|alter)\b", re.I)
# Bytes that no file may grow beyond: the registry of that month has 2.6 million.
SIZES = (0, 400, 2_000, 20_000, 300_000, 2_700_000)

# A full disk still lets files go.
_FREES = ("rmtree", "ftruncate")


def refuse() -> None:
    """Raise the error of a full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Disk:
    """A disk that notes where each write comes from and refuses the ``at``-th; with ``stays`` also all that follow."""

    def __init__(self, at: int = 0, stays: bool = False) -> None:
        self.at, self.stays = at, stays
        self.places: list[str] = []

    def refuses(self, what: str) -> bool:
        """Note a write of the kind ``what`` and the code it comes from; true where it is to be refused."""
        frame, chain = sys._getframe(1), []
        while frame is not None:
            file = Path(frame.f_code.co_filename)
            if file.is_relative_to(ROOT / "dtsen_pipeline"):
                chain.append(f"{file.stem}:{frame.f_lineno}")
            frame = frame.f_back  # type: ignore[assignment]
        self.places.append(f"{what} < {' < '.join(chain)}")
        number = len(self.places)
        return number == self.at or (self.stays and 0 < self.at < number and what not in _FREES)


class Connection:
    """A connection of DuckDB that asks ``disk`` before each statement that writes."""

    def __init__(self, con: duckdb.DuckDBPyConnection, disk: Disk) -> None:
        self._con, self._disk = con, disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, sql: str, *given: Any) -> Any:
        """Run ``sql``; raise as on a full disk where it writes and the disk refuses."""
        if (found := _WRITES.match(sql)) and self._disk.refuses(f"duckdb {found[1].lower()}"):
            raise duckdb.IOException("IO Error: " + os.strerror(errno.ENOSPC))
        return self._con.execute(sql, *given)

    def commit(self) -> Any:
        """Commit; raise as on a full disk where the disk refuses."""
        if self._disk.refuses("duckdb commit"):
            raise duckdb.IOException("IO Error: " + os.strerror(errno.ENOSPC))
        return self._con.commit()


@contextmanager
def refusing(disk: Disk) -> Iterator[None]:  # noqa: C901 - each way to write has a small stand-in, all around one disk
    """Have every write of the block ask ``disk``, which may refuse it."""

    def counted(name: str, real: Callable[..., Any], half: Callable[..., object] = lambda *_, **__: None) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            if disk.refuses(name):
                half(*given, **named)
                refuse()
            return real(*given, **named)

        return call

    real_open, real_write, real_mkdir, real_rmtree, connect = os.open, os.write, os.mkdir, shutil.rmtree, duckdb.connect

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & os.O_CREAT and disk.refuses("open"):
            refuse()
        return real_open(path, flags, *given, **named)

    def made(path: Any, *given: Any, **named: Any) -> None:
        if not Path(path).exists() and disk.refuses("mkdir"):
            refuse()
        real_mkdir(path, *given, **named)

    def removed(path: Any, ignore_errors: bool = False, **named: Any) -> None:
        if not disk.refuses("rmtree"):
            real_rmtree(path, ignore_errors, **named)
        elif first := next((found for found in Path(path).rglob("*") if found.is_file()), None):
            first.unlink()
            if not ignore_errors:
                refuse()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "mkdir", made)
        for name in ("fsync", "rename", "replace", "ftruncate"):
            patch.setattr(os, name, counted(name, getattr(os, name)))
        patch.setattr(os, "open", opened)
        patch.setattr(
            os, "write", counted("write", os.write, lambda handle, data: real_write(handle, data[: len(data) // 2]))
        )
        for name in ("write_text", "write_bytes"):
            real = getattr(Path, name)
            half = lambda path, text, real=real, **named: real(path, text[: len(text) // 2], **named)  # noqa: E731
            patch.setattr(Path, name, counted(name, real, half))
        patch.setattr(shutil, "rmtree", removed)
        patch.setattr(private_files, "rmtree", removed)
        patch.setattr(duckdb, "connect", lambda *given, **named: Connection(connect(*given, **named), disk))
        yield


@dataclass(frozen=True)
class House:
    """A home, the folder that things leave it for, and the warehouse of its next month."""

    settings: Settings
    out: Path
    con: Any

    @property
    def restored(self) -> Settings:
        """The home that a backup is restored into."""
        return Settings(home=self.settings.home.with_name("pulih"), key_file=self.settings.home / ".kunci")


def publish(house: House) -> None:
    """Publish the next month."""
    publishing.publish(house.con, house.settings, NEXT, tiny.RULES, "jalan", lambda _: "halaman")


def torn(house: House) -> None:
    """Cut the last 20 bytes off the audit trail, as a write that was broken off leaves it."""
    trail = audit.path(house.settings)
    trail.write_bytes(trail.read_bytes()[:-20])


def queue(house: House) -> None:
    """Write a review queue with one decision in it."""
    (house.out / "antrean.csv").write_text(
        "putusan,pemutus,tanggal,alasan,record_l,record_r,stratum,peluang_terpilih,bobot\n"
        "sama,Ani,2025-03-20,nama,p3ke:PA8,dtks:DA5,,,\n"
    )


def restore(house: House) -> None:
    """Make a new home out of the one backup there is."""
    (made,) = house.out.glob("2*Z")
    backup.restore(made, house.restored)


def nothing(_: House) -> None:
    """Prepare nothing: the act needs the home only."""


# What is done, and what is made ready for it.
ACTS: dict[str, tuple[Callable[[House], object], Callable[[House], object]]] = {
    "publish": (publish, nothing),
    "export": (lambda house: export_table(house.settings, "keluarga", tiny.MONTH, house.out / "keluarga.csv"), nothing),
    "rollback": (lambda house: withdrawal.rollback(house.settings, "2025-03/r2", "salah kirim"), nothing),
    "delete": (lambda house: deletion.delete(house.settings, "2025-03/r1", "lewat masa simpan"), nothing),
    "repair": (lambda house: audit.repair(house.settings), torn),
    "review": (lambda house: intake.read_decisions(house.settings, house.out / "antrean.csv"), queue),
    "index": (lambda house: index.write_index(house.settings), nothing),
    "backup": (lambda house: backup.make(house.settings, house.out), nothing),
    "restore": (restore, lambda house: backup.make(house.settings, house.out)),
}


def again(act: Callable[[House], object], house: House) -> str:
    """Do what the documents say after a refusal, and return what that was."""
    said = ""
    try:
        audit.verify_chain(house.settings)
    except audit.Torn:
        audit.repair(house.settings)
        said = "repair, "
    try:
        act(house)
    except InputError as error:
        # It was done, and only its last step was refused: to be told so is fine, as long as ``state`` agrees.
        return f"{said}'{error.message[:40]}'"
    return f"{said}again"


def state(house: House) -> list[object]:
    """What an undisturbed act leaves, without clocks; AssertionError where anything is not whole."""
    settings = house.settings
    known = catalogue.releases(settings)
    standing = next((entry for entry in reversed(known) if entry.stands), None)
    assert catalogue.current(settings) == standing, "CURRENT"
    for entry in known:
        assert not (found := verification.verify(settings, entry.month, entry.revision)), found
    audit.verify_chain(settings)
    if house.restored.home.exists():
        assert catalogue.releases(house.restored) and not verification.home_problems(
            house.restored, catalogue.releases(house.restored)
        )
        audit.verify_chain(house.restored)
    for place in (settings.home, settings.releases, settings.home / "tinjauan", house.out):
        for kind in ("dtsen", "tumpahan", "cadangan"):
            if any(place.glob(f".{kind}.*")):  # whoever comes next clears it
                with private_files.temporary_folder(place, kind):
                    pass
    # What lies within a backup is cleared by the first who opens it as a home.
    left = [path.name for path in (*settings.home.rglob(".*"), *house.out.glob(".*")) if path.is_dir()]
    assert not left, left
    return [
        [(entry.name, entry.status, entry.deleted is not None) for entry in known],
        sorted(
            path.relative_to(settings.home).as_posix()
            for path in settings.home.rglob("[!.]*")
            if "sisa" not in path.name
        ),
        {(path.suffix, path.is_dir() or path.read_bytes()) for path in house.out.iterdir()},
        house.restored.home.exists(),
        [(one.pair, one.putusan) for one in decisions.standing_decisions(settings.home)],
    ]


@contextmanager
def house(work: Path, ready: Callable[[House], object], disk: Disk) -> Iterator[House]:
    """A fresh copy of the home, beside the warehouse of the next month."""
    shutil.rmtree(work / "coba", ignore_errors=True)
    shutil.copytree(work / "rumah", work / "coba" / "home")
    (work / "coba" / "keluar").mkdir()
    settings = Settings(home=work / "coba" / "home")
    with pytest.MonkeyPatch.context() as patch, tiny.candidate(patch, work) as con:
        tiny.next_month(con)
        tiny.recall(con, settings, NEXT)
        made = House(settings, work / "coba" / "keluar", Connection(con, disk))
        ready(made)
        yield made


def undisturbed(work: Path, name: str) -> tuple[list[str], list[object]]:
    """Where the act writes, and what it leaves."""
    act, ready = ACTS[name]
    disk = Disk()
    with house(work, ready, disk) as made:
        disk.places.clear()
        with refusing(disk):
            act(made)
        places = list(disk.places)
        return places, state(made)


@contextmanager
def at_write(disk: Disk, at: int, stays: bool) -> Iterator[None]:
    """Let ``disk`` refuse the ``at``-th write from now on."""
    disk.places.clear()
    disk.at, disk.stays = at, stays
    with refusing(disk):
        yield
    disk.at, disk.stays = 0, False


def past_size(_: Disk, size: int) -> AbstractContextManager[None]:
    """Refuse writes beyond ``size`` bytes of a file, in the form of the other ways: the disk is not asked."""
    return limited(size)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let the operating system refuse writes beyond ``size`` bytes of a file, DuckDB's own among them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refused(work: Path, name: str, peace: list[object], how: Callable[[Disk], AbstractContextManager[None]]) -> str:
    """Do the act while the disk refuses; returns how it was mended. AssertionError where it was not."""
    act, ready = ACTS[name]
    disk = Disk()
    with house(work, ready, disk) as made:
        with how(disk):
            try:
                act(made)
                said = "done all the same"
            except (OSError, duckdb.Error, DtsenError) as error:
                said = type(error).__name__
        exported = made.out / "keluarga.csv"
        assert not exported.exists() or b'"ekspor"' in audit.path(made.settings).read_bytes(), "it left without a line"
        catalogue.current(made.settings)
        with suppress(duckdb.Error):
            made.con.rollback()
        mended = again(act, made)
        assert state(made) == peace, (state(made), peace)
        if name in ("rollback", "delete"):
            tiny.recall(made.con, made.settings, NEXT)
            publish(made)
            standing = catalogue.current(made.settings)
            assert standing is not None and standing.name == f"{NEXT}/r1"
    return f"{said}, {mended}"


def prepare(work: Path) -> None:
    """A home of one month of two revisions, with a line on its trail."""
    settings = Settings(home=work / "rumah")
    with pytest.MonkeyPatch.context() as patch, tiny.candidate(patch, work) as con:
        tiny.publish(con, settings)
        tiny.give_another_id(con)
        tiny.publish(con, settings)
    for number in range(2):
        audit.append(settings, "ekspor", baris=number)


def main() -> None:
    """Do every act that is asked for, each of its writes refused in turn; end at the first that is not whole again."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--acts", nargs="+", choices=ACTS, default=[*ACTS])
    parser.add_argument("--sites", action="store_true", help="of each place of the code one write")
    parser.add_argument("--work", type=Path, default=Path("build/faults"))
    asked = parser.parse_args()
    work = asked.work.absolute()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    prepare(work)
    rounds = 0
    for name in asked.acts:
        started = time.monotonic()
        places, peace = undisturbed(work, name)
        chosen = sorted({place: number for number, place in reversed([*enumerate(places, start=1)])}.values())
        ways: dict[str, Callable[[Disk], AbstractContextManager[None]]] = {
            f"{at} {'and all after it' if stays else 'alone'} [{places[at - 1]}]": partial(at_write, at=at, stays=stays)
            for at in (chosen if asked.sites else range(1, len(places) + 1))
            for stays in (False, True)
        }
        for size in SIZES:
            ways[f"past {size} bytes"] = partial(past_size, size=size)
        for way, how in ways.items():
            try:
                told = refused(work, name, peace, how)
            except BaseException:
                print(f"{name} {way}: NOT MENDED", file=sys.stderr, flush=True)
                raise
            rounds += 1
            print(f"{name} {way}: {told}", flush=True)
        print(f"{name}: {len(places)} writes, {len(chosen)} places, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{rounds} refusals, all whole again")


if __name__ == "__main__":
    main()
