"""The command line: what cannot be used is named and ends with 2, before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtsen_pipeline import cli


class Said:
    """What a command left: its exit code, and its text on one line."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, " ".join(text.split())


@pytest.fixture
def dtsen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Runs ``dtsen`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):  # the command sets them, and they must not stay
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Said:
        monkeypatch.setattr("sys.argv", ["dtsen", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        return Said(code if isinstance(code, int) else int(code is not None), "".join(capsys.readouterr()))

    return run


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DTSEN_HOME", ""),
        ("DTSEN_LANDING", ""),
        ("DTSEN_THREADS", "abc"),
        ("DTSEN_THREADS", "0"),
        ("DTSEN_THREADS", "-1"),
        ("DTSEN_THREADS", "1e9"),
        ("DTSEN_MEMORY_LIMIT", "lots"),
        ("DTSEN_MEMORY_LIMIT", "-3GB"),
        ("DTSEN_MEMORY_LIMIT", "0GB"),
        ("DTSEN_MEMORY_LIMIT", "4"),
        ("DTSEN_MEMORY_LIMIT", "80%"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    dtsen, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    said = dtsen("releases", "list")
    assert said.code == 2
    assert setting in said.text and "Tindakan/action" in said.text


@pytest.mark.parametrize("value", ["800MB", "3GB", "3 gib", "1.5TB", "512kb"])
def test_limits_as_people_write_them_are_taken(dtsen, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DTSEN_MEMORY_LIMIT", value)
    assert "DTSEN_MEMORY_LIMIT" not in dtsen("releases", "list").text


def test_a_secret_that_cannot_be_used_is_not_repeated(dtsen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_KEY", "hunter2")
    said = dtsen("releases", "list")
    assert said.code == 2
    assert "hunter2" not in said.text


@pytest.mark.parametrize(
    "words", [["run"], ["export", "crosswalk", "--to", "x.csv"], ["simulate", "--persons", "100", "--to", "l"]]
)
@pytest.mark.parametrize("month", ["2025-13", "2025-00", "2025-3", "03-2025", "2025-03-01", "２０２５-03", ""])
def test_a_month_that_is_none_is_named(dtsen, words: list[str], month: str) -> None:
    said = dtsen(*words, "--month", month or "Maret")
    assert said.code == 2
    assert "YYYY-MM" in said.text


@pytest.mark.parametrize("option", ["--home", "--landing"])
def test_a_file_is_no_folder(dtsen, tmp_path: Path, option: str) -> None:
    (tmp_path / "berkas").write_text("")
    said = dtsen("run", "--month", "2025-03", option, "berkas")
    assert said.code == 2
    assert "berkas" in said.text


@pytest.mark.parametrize("to", ["folder.csv", "berkas/x.csv", "folder.csv/a/b.csv/"])
def test_a_target_that_cannot_be_written_is_named(dtsen, tmp_path: Path, to: str) -> None:
    (tmp_path / "folder.csv" / "a" / "b.csv").mkdir(parents=True)
    (tmp_path / "berkas").write_text("")
    said = dtsen("export", "crosswalk", "--month", "2025-03", "--to", to)
    assert said.code == 2
    assert Path(to).name in said.text and "--to" in said.text


def test_a_path_may_hold_what_looks_like_markup(dtsen, tmp_path: Path) -> None:
    said = dtsen("simulate", "--persons", "100", "--month", "2025-03", "--to", "kiriman[/]")
    assert (said.code, "kiriman[/]/2025-03" in said.text) == (0, True)
    said = dtsen("releases", "verify", "[bold]2025-03[/red]", "--home", "rumah[/]")
    assert said.code == 2
