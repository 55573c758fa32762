"""The audit trail: what was tampered with is named by its line."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError
from dtsen_pipeline.publication import audit


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


def test_a_line_cut_short_is_named(settings: Settings) -> None:
    audit.path(settings).write_bytes(audit.path(settings).read_bytes()[:-1])
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
