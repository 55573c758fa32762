"""A month as the documented service runs it: the account has no home, and only the home of the register may be written."""

from __future__ import annotations

import csv
import ctypes
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.config import Settings
from dtsen_pipeline.release import catalogue
from tests.integration.conftest import KEY, MONTH
from tests.integration.test_crashes import CAPBSET_DROP, DAC_OVERRIDE

READS_WINDOWS = """
from dtsen_pipeline.storage import warehouse
with warehouse.in_memory() as con:
    for name in ("httpfs", "excel", "encodings"):
        warehouse.load_extension(con, name)
    print(con.sql("select count(*) from read_csv('nama.csv', encoding = 'CP1252')").fetchone()[0])
"""


def as_service(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with ``arguments`` as ProtectSystem=strict leaves it ``folder``: ``home`` may be written, the rest only be read."""

    def unprivileged() -> None:
        os.umask(0o077)
        # Who is root writes everywhere, unless this is taken away. Who is not has nothing to lose here.
        ctypes.CDLL(None).prctl(CAPBSET_DROP, DAC_OVERRIDE)

    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": "/dev/null",
        "DTSEN_LANDING": str(folder / "landing"),
        "DTSEN_HOME": str(folder / "home"),
        "DTSEN_KEY": KEY,
    }
    closed = [path for path in (folder / "app", *(folder / "landing").rglob("*")) if path.is_dir()]
    for path in closed:
        path.chmod(0o500)
    try:
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            cwd=folder / "app",
            env=environment,
            check=False,
            preexec_fn=unprivileged,
        )
    finally:
        for path in closed:
            path.chmod(0o700)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("app", "landing", "home"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_every_extension_loads_where_the_account_has_no_home(folder: Path) -> None:
    (folder / "app" / "nama.csv").write_bytes("nama\nRENÉ\nJOSÉ\n".encode("cp1252"))
    done = as_service(folder, "-c", READS_WINDOWS)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


def test_a_month_of_workbooks_comes_out_and_goes_out_as_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_KEY", KEY)
    write_foreign_month(300, 5, MONTH, folder / "landing")
    for file in (folder / "landing" / MONTH).rglob("*.csv"):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                sheet.append(row)
        book.save(file.with_suffix(".xlsx"))
        file.unlink()
    dtsen = ("-c", "from dtsen_pipeline.cli import main; main()")
    done = as_service(folder, *dtsen, "run", "--month", MONTH)
    assert done.returncode == 0, done.stdout + done.stderr
    standing = catalogue.current(Settings(home=folder / "home"))
    assert standing is not None and standing.name == f"{MONTH}/r1"

    to = folder / "home" / "keluarga.xlsx"
    done = as_service(folder, *dtsen, "export", "keluarga", "--month", MONTH, "--to", str(to))
    assert done.returncode == 0, done.stderr
    sheet = openpyxl.load_workbook(to).active
    assert sheet is not None and sheet.max_row > 50
    assert list((folder / "app").iterdir()) == []
    assert [path for path in (folder / "home").rglob("*") if path.stat().st_mode & 0o077] == []
