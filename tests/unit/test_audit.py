"""The audit trail: what was tampered with is named by its line."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import pwd
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.registry import audit


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three entries in a new home."""
    settings = Settings(home=tmp_path / "home")
    for number in range(3):
        audit.append(settings, "ekspor", nama="crosswalk", baris=number)
    return settings


def spoil(settings: Settings, number: int, new: bytes) -> None:
    lines = audit.path(settings).read_bytes().splitlines(keepends=True)
    lines[number - 1] = new
    audit.path(settings).write_bytes(b"".join(lines))


def test_a_changed_line_breaks_the_chain_at_the_next(settings: Settings) -> None:
    line = audit.path(settings).read_bytes().splitlines(keepends=True)[0]
    spoil(settings, 1, line.replace(b'"baris": 0', b'"baris": 9'))
    with pytest.raises(DtsenError, match="baris/line 2"):
        audit.verify_chain(settings)


@pytest.mark.parametrize("removed", [1, 2])
def test_a_removed_line_breaks_the_chain(settings: Settings, removed: int) -> None:
    spoil(settings, removed, b"")
    with pytest.raises(DtsenError, match=f"baris/line {removed}"):
        audit.verify_chain(settings)


@pytest.mark.parametrize("garbage", [b"bukan json\n", b"[]\n", b"{}\n", b"\xff\xfe\n"])
def test_a_line_that_is_no_entry_is_named_and_nothing_is_added_behind_it(settings: Settings, garbage: bytes) -> None:
    spoil(settings, 3, garbage)
    with pytest.raises(DtsenError, match="baris/line 3"):
        audit.verify_chain(settings)
    with pytest.raises(DtsenError, match="baris/line 3"):
        audit.append(settings, "ekspor")


def test_an_unbroken_trail_is_counted(settings: Settings) -> None:
    assert audit.verify_chain(settings) == 3
    assert audit.verify_chain(Settings(home=settings.home / "kosong")) == 0


def test_an_entry_says_who_when_and_what(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER"):
        monkeypatch.setenv(name, "orang_lain")
    audit.append(settings, "ekspor", nama="keluarga", bulan="2025-03")
    entry = json.loads(audit.path(settings).read_text().splitlines()[-1])
    assert entry["siapa"] == pwd.getpwuid(os.getuid()).pw_name
    assert entry["waktu"].endswith("+00:00")
    assert (entry["tindakan"], entry["nama"], entry["bulan"]) == ("ekspor", "keluarga", "2025-03")


def test_nobody_else_may_read_the_trail(settings: Settings) -> None:
    assert audit.path(settings).stat().st_mode & 0o777 == 0o600


# A full disk


Failing = Callable[..., object]


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def half_and_then_full(real: Failing) -> Failing:
    def write(handle: int, data: bytes) -> object:
        real(handle, data[: len(data) // 2])
        full()

    return write


def in_small_pieces(real: Failing) -> Failing:
    return lambda handle, data: real(handle, data[:7])


@pytest.mark.parametrize("entries", [0, 3])
@pytest.mark.parametrize(
    ("name", "broken"),
    [("write", lambda _: full), ("write", half_and_then_full), ("fsync", lambda _: full), ("open", None)],
    ids=["write", "half", "fsync", "open"],
)
def test_on_a_full_disk_the_trail_stays_as_it_was_and_goes_on_afterwards(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    broken: Callable[[Failing], Failing] | None,
    entries: int,
) -> None:
    if not entries:
        audit.path(settings).unlink()
    before = audit.path(settings).read_bytes() if entries else b""
    with monkeypatch.context() as patch:
        patch.setattr(audit.os, name, broken(getattr(os, name)) if broken else full)
        with pytest.raises(OSError, match="No space left"):
            audit.append(settings, "ekspor", baris=9)
    assert (audit.path(settings).read_bytes() if audit.path(settings).exists() else b"") == before
    audit.append(settings, "ekspor", baris=9)
    assert audit.verify_chain(settings) == entries + 1


def test_what_the_system_writes_in_pieces_is_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit.os, "write", in_small_pieces(os.write))
    audit.append(settings, "ekspor", baris=9)
    assert audit.verify_chain(settings) == 4


# A torn last line


def die_in_the_middle(settings: Settings) -> None:
    real = os.write

    def write(handle: int, data: bytes) -> None:
        real(handle, data[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    audit.os.write = write  # type: ignore[attr-defined]
    audit.append(settings, "ekspor", baris=9)


def cut(settings: Settings, by: int, end: bytes = b"") -> None:
    audit.path(settings).write_bytes(audit.path(settings).read_bytes()[:-by] + end)


def zeros_alone(settings: Settings) -> None:
    audit.path(settings).write_bytes(b"\0" * 300)


# What happened to three entries, how many of them are left whole, and whether the last one is kept by its repair.
TORN: dict[str, tuple[Callable[[Settings], object], int, bool]] = {
    "half": (lambda settings: cut(settings, 60), 2, False),
    "brace alone": (lambda settings: cut(settings, 2), 2, False),
    "newline alone": (lambda settings: cut(settings, 1), 2, True),
    "newline alone, zeros instead": (lambda settings: cut(settings, 1, b"\0" * 9), 2, True),
    "half, then zeros": (lambda settings: cut(settings, 60, b"\0" * 59 + b"\n"), 2, False),
    "zeros behind a whole line": (lambda settings: cut(settings, 1, b"\n" + b"\0" * 4096), 3, False),
    "zeros alone": (zeros_alone, 0, False),
}


@pytest.fixture(params=TORN)
def torn(request: pytest.FixtureRequest, settings: Settings) -> tuple[Settings, int, bool]:
    tear, whole, kept = TORN[request.param]
    tear(settings)
    return settings, whole, kept


def entries(settings: Settings) -> list[dict[str, object]]:
    return [json.loads(line) for line in audit.path(settings).read_text().splitlines()]


def test_a_torn_last_line_stops_every_act_and_names_the_command(torn: tuple[Settings, int, bool]) -> None:
    settings, whole, _ = torn
    before = audit.path(settings).read_bytes()
    for act in (lambda: audit.append(settings, "ekspor"), lambda: audit.verify_chain(settings)):
        with pytest.raises(DtsenError, match=rf"baris/line {whole + 1}(.|\n)*dtsen audit repair"):
            act()
    assert audit.path(settings).read_bytes() == before


def test_a_repair_keeps_what_is_whole_and_stands_on_the_trail(torn: tuple[Settings, int, bool]) -> None:
    settings, whole, kept = torn
    before = audit.path(settings).read_bytes()
    done = audit.repair(settings)
    assert done is not None and (done.line, done.kept) == (whole + 1, kept)
    assert audit.verify_chain(settings) == whole + kept + 1
    *old, last = entries(settings)
    assert [entry["baris"] for entry in old] == list(range(whole + kept))
    assert (last["tindakan"], last["baris"], last["utuh"], last["dibuang"]) == (
        "perbaikan",
        whole + 1,
        int(kept),
        done.cut,
    )
    left = sorted(settings.home.glob("audit.sisa-*"))
    assert left == ([done.file] if done.file else []) and audit.path(settings).stat().st_mode & 0o777 == 0o600
    if done.file:
        assert done.file.stat().st_mode & 0o777 == 0o600 and before.endswith(done.file.read_bytes())
        assert (last["sha256"], last["berkas"]) == (audit._sha256(done.file.read_bytes()), done.file.name)
    assert audit.repair(settings) is None, "a second time there is nothing"
    audit.append(settings, "ekspor", baris=9)
    assert audit.verify_chain(settings) == whole + kept + 2


def test_a_process_that_is_killed_while_it_writes_leaves_what_can_be_repaired(settings: Settings) -> None:
    child = multiprocessing.get_context("fork").Process(target=die_in_the_middle, args=(settings,))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    with pytest.raises(audit.Torn):
        audit.append(settings, "ekspor")
    assert audit.repair(settings) is not None and audit.verify_chain(settings) == 4


def changed(settings: Settings) -> None:
    audit.path(settings).write_bytes(audit.path(settings).read_bytes().replace(b'"baris": 0', b'"baris": 9'))


def forged(settings: Settings) -> None:
    """The last entry without its newline, and of another chain."""
    cut(settings, 1)
    audit.path(settings).write_bytes(audit.path(settings).read_bytes().replace(b'"baris": 1', b'"baris": 8'))


@pytest.mark.parametrize("tear", [True, False])
@pytest.mark.parametrize(
    "spoil",
    [
        changed,
        forged,
        lambda settings: spoil(settings, 2, b""),
        lambda settings: spoil(settings, 2, b"\0" * 90 + b"\n"),
        lambda settings: spoil(settings, 3, b"bukan json\n"),
    ],
    ids=["changed", "forged", "removed", "zeros in the middle", "written over"],
)
def test_anything_else_is_evidence_and_is_not_mended(
    settings: Settings, spoil: Callable[[Settings], object], tear: bool
) -> None:
    spoil(settings)
    before = audit.path(settings).read_bytes()
    if tear:
        before = before.removesuffix(b"\n") + b'\n{"bar'
        audit.path(settings).write_bytes(before)
    with pytest.raises(DtsenError, match="keep the file as evidence"):
        audit.repair(settings)
    assert audit.path(settings).read_bytes() == before and list(settings.home.glob("audit.sisa-*")) == []


@pytest.mark.parametrize("call", range(1, 8))
def test_a_repair_on_a_full_disk_changes_nothing_and_can_be_done_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    cut(settings, 60)
    before = audit.path(settings).read_bytes()
    calls = iter(range(1, 100))

    def counted(real: Failing) -> Failing:
        return lambda *given, **named: full() if next(calls) == call else real(*given, **named)

    with monkeypatch.context() as patch:
        for target, name in ((os, "fsync"), (Path, "write_bytes"), (Path, "replace")):
            patch.setattr(target, name, counted(getattr(target, name)))
        with pytest.raises(OSError, match="No space left"):
            audit.repair(settings)
    assert audit.path(settings).read_bytes() == before
    assert audit.repair(settings) is not None and audit.verify_chain(settings) == 3


def test_who_waited_while_the_trail_was_repaired_writes_to_the_repaired_one(settings: Settings) -> None:
    cut(settings, 1)
    real, waiting = audit.fcntl.flock, iter((True, False, False, False))

    def flock(handle: object, how: int) -> None:
        if next(waiting):  # opened, and not yet held: meanwhile another repairs it
            audit.repair(settings)
        real(handle, how)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit.fcntl, "flock", flock)
        audit.append(settings, "ekspor", baris=9)
    assert [entry["tindakan"] for entry in entries(settings)] == ["ekspor"] * 3 + ["perbaikan", "ekspor"]
    assert audit.verify_chain(settings) == 5


def test_deletions_before_a_torn_line_count(settings: Settings) -> None:
    audit.append(settings, audit.DELETED, rilis="2025-03/r1", manifest="abc")
    audit.append(settings, "ekspor")
    cut(settings, 60)
    assert list(audit.deletions(settings)) == [("2025-03/r1", "abc")]


def test_the_command_says_what_it_did(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(settings.home))

    def dtsen(what: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["audit", what, "--home", str(settings.home)])
        return done.exit_code, done.output + str(done.exception or "")

    assert dtsen("verify")[0] == 0 and "nothing is torn" in dtsen("repair")[1]
    cut(settings, 60)
    code, told = dtsen("verify")
    assert code == 1 and "dtsen audit repair" in told
    code, told = dtsen("repair")
    assert code == 0 and "audit.sisa-" in told and "3 catatan" in told
    cut(settings, 1)
    code, told = dtsen("repair")
    assert code == 0 and "its entry is whole" in told and "audit.sisa-" not in told
    assert dtsen("verify")[0] == 0


# What never stands there

NIK = (
    "3175010101010001",
    "3175.0101.0101.0001",
    "3175 0101 0101 0001",
    "31-75-01-010101-0001",
    "3175 - 0101 - 0101 - 0001",
    "317501\u200b010101\u00a00001",
    "٣١٧٥٠١٠١٠١٠١٠٠٠١",
    "nik3175010101010001baru",
    "2025-03-01_3175010101010001",
    "317501010101000199",
)
NO_NIK = (
    "salah kirim",
    "kiriman 2025-03-01 - 2025-04-01 ganda",
    "crosswalk_2025-03-01_2025-04-01.csv",
    "15-03-2025 02-04-2025",
    "2025-03 2025-04 2025-05",
    "baris 101, 102, 103, 104, 105, 106",
    "081234567890",
    "SK No. 12/3/2025 tanggal 15-03-2025",
)


@pytest.mark.parametrize("number", NIK)
def test_a_number_of_somebody_is_masked_in_what_people_wrote(settings: Settings, number: str) -> None:
    assert audit.holds_number(number)
    audit.append(settings, "ekspor", berkas=f"{number}.csv", alasan=f"lihat {number}.")
    line = audit.path(settings).read_text().splitlines()[-1]
    assert number not in line and "0101" not in line and line.count("*" * 16) == 2
    assert audit.verify_chain(settings) == 4


@pytest.mark.parametrize("text", NO_NIK)
def test_dates_and_other_numbers_are_left_alone(text: str) -> None:
    assert audit.masked(text) == text


def test_ids_and_hashes_are_no_numbers_of_anybody(settings: Settings) -> None:
    told = {"orang": "P1234567890123456", "sha256": "9" * 64}
    audit.append(settings, "ekspor", **told)
    assert {name: entries(settings)[-1][name] for name in told} == told
