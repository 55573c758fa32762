"""A backup proves itself and has its name last; a home made of it is the one it was made of."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from dtsen_pipeline.cli import app
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.registry import audit
from dtsen_pipeline.registry import store as registry
from dtsen_pipeline.release import backup, catalogue, publishing, verification
from dtsen_pipeline.storage import private_files
from tests.unit.test_release import Crash, candidate, crash, next_month, publish

KEY, OTHER = "".join(f"{byte:02x}" for byte in range(32)), "".join(f"{byte:02x}" for byte in range(100, 132))


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DTSEN_KEY", KEY)
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):
        monkeypatch.setenv(name, str(tmp_path))  # the commands set them


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two months, with a decision of a reviewer and an entry on the trail; to be left as it is."""
    base = tmp_path_factory.mktemp("rumah")
    with pytest.MonkeyPatch.context() as patch, candidate(patch, base) as con:
        patch.setenv("DTSEN_KEY", KEY)
        settings = Settings(home=base / "home")
        publish(con, settings)
        next_month(con)
        publish(con, settings, month="2025-04")
    (settings.home / "tinjauan").mkdir()
    (settings.home / "tinjauan/keputusan.csv").write_text("putusan\nsama\n")
    (settings.home / "warehouse").mkdir()
    (settings.home / "warehouse/2025-04.duckdb").write_bytes(b"besar")
    audit.append(settings, "ekspor", baris=1)
    return settings.home


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    return backup.make(settings, tmp_path / "cadangan").path


def new_home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "baru")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.exists() else []


def dtsen(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def ledger(settings: Settings) -> list[tuple[object, ...]]:
    with registry.open(settings) as book:
        return [
            row
            for table in ("rekaman", "peristiwa", "rilis", "mutu", "ukuran", "versi")
            for row in book.con.execute(f"from {table} order by all").fetchall()
        ]


def test_a_restored_home_is_the_one_that_was_backed_up_and_the_next_month_goes_on(
    settings: Settings, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored = new_home(tmp_path)
    assert backup.restore(kept, restored) == []
    assert ledger(restored) == ledger(settings)
    for entry in catalogue.releases(restored):
        assert (
            entry.path.is_relative_to(restored.home)
            and verification.verify(restored, entry.month, entry.revision) == []
        )
    standing = catalogue.current(restored)
    assert standing is not None and standing.name == "2025-04/r1" and verification.verify_home(restored) == []
    assert (restored.home / "tinjauan/keputusan.csv").read_text() == "putusan\nsama\n"
    assert not (restored.home / "warehouse").exists(), "it is made anew"
    told = [json.loads(line)["tindakan"] for line in audit.path(restored).read_text().splitlines()]
    assert told == ["ekspor", "cadangan", "pulih"] and audit.verify_chain(restored) == 3
    for path in restored.home.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    with candidate(monkeypatch, tmp_path) as con:
        next_month(con, "2025-05")
        assert publish(con, restored, month="2025-05").name == "2025-05/r1"


def test_a_torn_trail_is_mended_before_a_backup_which_keeps_what_was_taken_out(
    settings: Settings, tmp_path: Path
) -> None:
    trail = audit.path(settings)
    trail.write_bytes(trail.read_bytes() + b'{"baris')
    with pytest.raises(audit.Torn, match="dtsen audit repair"):
        backup.make(settings, tmp_path / "cadangan")
    assert left(tmp_path / "cadangan") == []
    done = audit.repair(settings)
    assert done is not None and done.file is not None
    restored = new_home(tmp_path)
    backup.restore(backup.make(settings, tmp_path / "cadangan").path, restored)
    assert (restored.home / done.file.name).read_bytes() == b'{"baris' and audit.verify_chain(restored) == 4


def test_what_is_only_in_the_registry_s_log_is_in_the_backup(settings: Settings, tmp_path: Path) -> None:
    """A run that is killed leaves its last transactions there; copying the file alone loses them."""
    pid = os.fork()
    if pid == 0:
        with registry.open(settings) as book:
            book.con.execute("insert into ukuran values ('2025-04', 'jalan', 'di_log', 1)")
            os._exit(0)
    os.waitpid(pid, 0)
    assert settings.registry.with_name("registry.duckdb.wal").exists()
    kept = backup.make(settings, tmp_path / "cadangan").path
    assert not (kept / "registry.duckdb.wal").exists()
    backup.restore(kept, new_home(tmp_path))
    assert any("di_log" in row for row in ledger(new_home(tmp_path)))


def test_the_copied_registry_still_refuses_what_it_refused(kept: Path, tmp_path: Path) -> None:
    backup.restore(kept, new_home(tmp_path))
    with registry.open(new_home(tmp_path)) as book, pytest.raises(duckdb.ConstraintException):
        book.con.execute("insert into rilis values (null, 1, '', '', now(), '')")


def test_its_sums_are_those_of_sha256sum_and_it_tells_the_key_s_id_but_holds_no_key(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DTSEN_KEY")
    home = tmp_path / "home"
    shutil.copytree(made, home)
    (home / ".kunci").write_text(KEY)
    (home / ".kunci").chmod(0o600)
    done = backup.make(Settings(home=home), tmp_path / "cadangan")
    assert (
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=done.path, check=False
        ).returncode
        == 0
    )
    assert not any(KEY in path.read_text(errors="replace") for path in done.path.rglob("*") if path.is_file())
    assert left(done.path) == [
        "SHA256SUMS", "audit.jsonl", "cadangan.json", "registry.duckdb", "releases", "tinjauan",
    ]  # fmt: skip
    with pytest.raises(InputError, match="kunci tidak ada"):
        backup.restore(done.path, new_home(tmp_path))
    monkeypatch.setenv("DTSEN_KEY_FILE", str(home / ".kunci"))
    assert backup.restore(done.path, new_home(tmp_path)) == []
    assert json.loads((done.path / "cadangan.json").read_text())["kunci"] == done.key_id


def test_a_publish_under_way_is_waited_for(settings: Settings, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as beside:
        with catalogue.one_at_a_time(settings):
            waiting = beside.submit(backup.make, settings, tmp_path / "cadangan")
            assert not wait([waiting], timeout=1).done
        done = waiting.result(timeout=300)
    assert left(tmp_path / "cadangan") == [done.path.name]


@pytest.mark.parametrize("to", [".", "cadangan", "releases/2025-03"])
def test_within_its_own_home_there_is_no_backup(settings: Settings, to: str) -> None:
    before = set(settings.home.rglob("*"))
    with pytest.raises(InputError, match="within its own home"):
        backup.make(settings, settings.home / to)
    assert set(settings.home.rglob("*")) - before <= {settings.releases / ".lock"}


def test_a_home_that_is_not_there_has_no_backup(tmp_path: Path) -> None:
    done = dtsen("backup", "--home", tmp_path / "salah_ketik", "--to", tmp_path / "cadangan")
    assert isinstance(done.exception, InputError) and left(tmp_path) == []


def test_with_another_key_nothing_is_copied(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTSEN_KEY", OTHER)
    with pytest.raises(InputError, match="kunci tidak cocok"):
        backup.make(Settings(home=settings.home), tmp_path / "cadangan")
    assert left(tmp_path / "cadangan") == [] and audit.verify_chain(settings) == 1


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("target", "name"),
    [(backup.shutil, "copyfileobj"), (backup, "_computed_sums"), (publishing, "make_private_and_durable")],
)
def test_a_disk_that_is_full_leaves_nothing_that_looks_like_a_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: object, name: str
) -> None:
    monkeypatch.setattr(target, name, full)
    with pytest.raises(DtsenError, match=r"no backup was made.*No space left"):
        backup.make(settings, tmp_path / "cadangan")
    assert left(tmp_path / "cadangan") == []


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (backup.shutil, "copytree"),
        (audit, "append"),
        (backup, "_problems_of_home"),
        (publishing, "make_private_and_durable"),
    ],
)
def test_what_a_backup_that_died_left_is_cleared_by_the_next(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: object, name: str
) -> None:
    to = tmp_path / "cadangan"
    with monkeypatch.context() as patch:
        patch.setattr(target, name, crash)
        patch.setattr(private_files, "rmtree", lambda *_, **__: None)  # a dead process tidies nothing
        with pytest.raises(Crash):
            backup.make(settings, to)
    (half,) = (path for path in to.rglob("*.*") if path.parent.parent == to and path.is_dir())
    assert half.name.startswith(".") and half.parent.name.startswith(".")
    with pytest.raises(InputError, match="no finished backup"):
        backup.restore(half, new_home(tmp_path))
    done = backup.make(settings, to)
    assert left(to) == [done.path.name]


def test_what_was_copied_badly_gets_no_name(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(source: str, to: str) -> None:
        Path(to).write_bytes(Path(source).read_bytes()[:-1])

    monkeypatch.setattr(backup, "_copy_file", bad)
    with pytest.raises(DtsenError, match="does not read as its home does"):
        backup.make(settings, tmp_path / "cadangan")
    assert left(tmp_path / "cadangan") == []


def test_a_home_that_is_not_whole_is_backed_up_as_it_is_and_both_commands_say_so(
    settings: Settings, tmp_path: Path
) -> None:
    """The disk may be dying: a backup that is refused for one old file would be missed for all the others."""
    (settings.releases / "2025-03/r1/pribadi/anggota.parquet").unlink()
    done = dtsen("backup", "--home", settings.home, "--to", tmp_path / "cadangan")
    told = "NOT WHOLE: 2025-03/r1: pribadi/anggota.parquet: hilang / missing"
    assert done.exit_code == 1 and told in done.stdout
    (kept,) = left(tmp_path / "cadangan")
    again = dtsen("restore", "--from", tmp_path / "cadangan" / kept, "--home", tmp_path / "baru")
    assert again.exit_code == 1 and told in again.stdout
    assert (tmp_path / "baru/releases/CURRENT").read_text() == "2025-04/r1"


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda kept: _append(kept / "releases/2025-04/r1/manifest.json"), "manifest.json: isi berubah"),
        (lambda kept: _append(kept / "registry.duckdb"), "registry.duckdb: isi berubah"),
        (lambda kept: (kept / "audit.jsonl").unlink(), "audit.jsonl: hilang"),
        (lambda kept: (kept / "releases/tamu.txt").write_text(""), "tamu.txt: tidak tercatat"),
        (lambda kept: (kept / "SHA256SUMS").write_text(""), "cadangan tidak utuh"),
        (lambda kept: (kept / "SHA256SUMS").unlink(), "no finished backup"),
    ],
)
def test_a_backup_that_is_not_what_was_written_is_not_restored(
    kept: Path, tmp_path: Path, change: Callable[[Path], object], told: str
) -> None:
    change(kept)
    with pytest.raises(InputError, match=told):
        backup.restore(kept, new_home(tmp_path))
    assert not (tmp_path / "baru").exists()


def test_over_a_home_nothing_is_restored(settings: Settings, kept: Path) -> None:
    before = ledger(settings)
    with pytest.raises(InputError, match="is not empty"):
        backup.restore(kept, settings)
    assert ledger(settings) == before


def test_with_another_key_nothing_is_restored(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_KEY", OTHER)
    with pytest.raises(InputError, match="another key"):
        backup.restore(kept, new_home(tmp_path))
    assert not (tmp_path / "baru").exists()


def test_a_disk_that_is_full_leaves_no_half_home(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "make_private_and_durable", full)
    with pytest.raises(DtsenError, match=r"nothing was restored.*No space left"):
        backup.restore(kept, new_home(tmp_path))
    assert not (tmp_path / "baru").exists() and not list(tmp_path.glob(".pulih.*"))


def test_the_commands_say_where_it_is_and_what_comes_next(settings: Settings, tmp_path: Path) -> None:
    done = dtsen("backup", "--home", settings.home, "--to", tmp_path / "cadangan")
    (kept,) = left(tmp_path / "cadangan")
    assert done.exit_code == 0 and kept in done.stdout and "the key is not in it" in done.stdout
    again = dtsen("restore", "--from", tmp_path / "cadangan" / kept, "--home", tmp_path / "baru")
    assert again.exit_code == 0 and "2025-04/r1" in again.stdout and "dtsen run --home" in again.stdout
