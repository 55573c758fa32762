"""Where Dagster keeps its history: SQLite below its home, or a real PostgreSQL where the environment names one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.orchestration import instance as runner
from tests.integration.conftest import MONTH, House

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture
def postgres() -> Iterator[str]:
    """Address of an empty PostgreSQL of this test's own, that listens on a socket alone."""
    if BIN is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    # It refuses to run as root, and must get to its folder, which below pytest's it could not.
    account = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="dtsen-pg-") as folder:
        if account:
            shutil.chown(folder, "postgres", "postgres")

        def run(program: str, *arguments: str) -> None:
            command = [BIN / program, "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, **account)

        run("initdb", "-U", "dtsen", "-A", "trust")
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses=", "start")
        yield f"postgresql+psycopg2://dtsen@/postgres?host={folder}"
        run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.delenv("DTSEN_POSTGRES_URL", raising=False)
    return tmp_path / "rumah"


def test_without_an_address_the_history_is_sqlite_below_its_home(home: Path) -> None:
    folder = runner.instance_home(Settings(home=home))
    assert "storage" not in yaml.safe_load((folder / "dagster.yaml").read_text())
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        assert instance.get_runs() == []
    assert list(folder.rglob("*.db"))


def test_commands_that_start_together_in_a_new_home_all_find_its_tables(home: Path) -> None:
    """Left to itself Dagster lets one fail: asking whether a table is there and making it are two steps."""
    code = "import sys, dagster; from dtsen_pipeline import config; from dtsen_pipeline.orchestration import instance as home\n"
    code += "print(flush=True); sys.stdin.read()\n"
    code += "with home.opened(config.Settings()) as instance: instance.get_runs()"
    environment = os.environ | {"DTSEN_HOME": str(home)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen([sys.executable, "-c", code], text=True, env=environment, **pipes) for _ in range(3)]
    for one in started:
        assert one.stdout is not None
        one.stdout.readline()
    for one in started:
        assert one.stdin is not None
        one.stdin.close()
    failed = [one.stderr.read() if one.stderr is not None else "" for one in started]
    assert [one.wait() for one in started] == [0, 0, 0], failed


def test_a_dagster_yaml_in_a_home_of_its_own_is_left_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "lain"))
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "dagster.yaml").write_text("telemetry: {enabled: false}")
    assert runner.instance_home(Settings(home=home)) == tmp_path / "lain"
    assert (tmp_path / "lain" / "dagster.yaml").read_text() == "telemetry: {enabled: false}"


def test_an_address_for_another_driver_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_POSTGRES_URL", "postgresql://dtsen:rahasia@server/dagster")
    with pytest.raises(InputError, match="psycopg2") as refused:
        runner.instance_home(Settings(home=home))
    assert "rahasia" not in str(refused.value)


def test_a_month_published_with_its_history_in_postgresql(
    house: House, home: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTSEN_POSTGRES_URL", postgres)
    folder = runner.instance_home(Settings(home=home))
    assert postgres not in (folder / "dagster.yaml").read_text(), "the address may hold a password"
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        done = house.materialize("rilis", instance=instance)
        assert done.success
    with dg.DagsterInstance.from_config(str(folder)) as again:
        (run,) = again.get_runs()
        assert run.run_id == done.run_id and run.tags["dagster/partition"] == MONTH
        assert again.get_latest_materialization_event(dg.AssetKey("rilis")) is not None
    assert not list(folder.rglob("*.db"))
