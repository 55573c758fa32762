"""What is locked: a server gets no tools of tests, every package has its hashes, and an advisory about one of them is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+?)( \\)?$", re.MULTILINE)
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt", "benchmarks/requirements.txt")


def pins(lock: str) -> dict[str, str]:
    return {name.lower().replace("_", "-"): version for name, version, _ in PIN.findall((ROOT / lock).read_text())}


@pytest.fixture(scope="module")
def asked() -> dict[str, dict[str, str]]:
    """The pins of pyproject.toml: of the pipeline, of its developers, of the tools."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {
        "requirements.txt": told["project"]["dependencies"],
        "requirements-dev.txt": told["project"]["optional-dependencies"]["dev"],
        "requirements-tools.txt": told["dependency-groups"]["tools"],
    }
    return {lock: {pin.split("==")[0].lower(): pin.split("==")[1] for pin in given} for lock, given in groups.items()}


def test_every_lock_holds_what_is_asked_for_in_that_version(asked: dict[str, dict[str, str]]) -> None:
    for lock, given in asked.items():
        assert given.items() <= pins(lock).items(), lock


def test_a_server_gets_no_tools_of_tests_and_a_developer_the_same_versions(asked: dict[str, dict[str, str]]) -> None:
    server, developer = pins("requirements.txt"), pins("requirements-dev.txt")
    assert not server.keys() & (asked["requirements-dev.txt"].keys() | asked["requirements-tools.txt"].keys())
    assert server.items() <= developer.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash_and_no_lock_says_where_it_was_found(lock: str) -> None:
    text = (ROOT / lock).read_text()
    told = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert told and all("--hash=sha256:" in one for one in told)
    assert "://" not in text and set(re.findall(r"(?<![^\s])--[a-z-]+", text)) == {"--hash"}


def advisory(name: str, **entry: object) -> str:
    package = {"name": name, "ecosystem": "PyPI"}
    return json.dumps({"id": "UJI-1", "summary": "terbuka", "affected": [{"package": package, **entry}]})


def between(**events: str) -> list[dict[str, object]]:
    return [{"type": "ECOSYSTEM", "events": [{name: version} for name, version in events.items()]}]


def compared(folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "kunci.txt").write_text("Kolam.Ikan==1.5.0 \\\n    --hash=sha256:00\nlain[semua]==2.0\n")
    command = [sys.executable, ROOT / ".ci" / "advisories.py", folder / "db", folder / "kunci.txt"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (advisory("kolam-ikan", ranges=between(introduced="0", fixed="1.5.1")), 1),
        (advisory("kolam_ikan", ranges=between(introduced="1.10", fixed="2", last_affected="1.2")), 0),
        (advisory("kolam-ikan", ranges=between(introduced="0", fixed="1.5.0")), 0),
        (advisory("kolam-ikan", ranges=between(introduced="1.5", last_affected="1.5.0")), 1),
        (advisory("kolam-ikan", versions=["1.5.0"]), 1),
        (advisory("kolam-ikan", versions=["1.5"], ranges=[{"type": "GIT", "events": [{"introduced": "0"}]}]), 0),
        (advisory("kolam-ikan", ranges=between(introduced="entah")), 1),
        (advisory("lain", ranges=between(introduced="0")), 1),
        (advisory("kolam", ranges=between(introduced="0")), 0),
        (advisory("kolam-ikan", ranges=between(introduced="0"))[:-1] + ', "withdrawn": "2026-01-01T00:00:00Z"}', 0),
        (advisory("kolam-ikan", ranges=between(introduced="0")).replace("PyPI", "npm"), 0),
        ("{}", 2),
        ("bukan json", 2),
        (None, 2),
    ],
)
def test_an_advisory_about_a_locked_version_is_found(tmp_path: Path, told: str | None, code: int) -> None:
    (tmp_path / "db").mkdir()
    if told is not None:
        (tmp_path / "db" / "UJI-1.json").write_text(told)
    done = compared(tmp_path)
    assert done.returncode == code and "Traceback" not in done.stderr, done.stderr
    assert ("UJI-1 terbuka" in done.stdout) == (code == 1)
