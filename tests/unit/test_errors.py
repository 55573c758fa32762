"""Errors that nobody here wrote: what of them goes on, and that it never holds a value of a row."""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pytest

from assets.common import Folders
from dtsen_pipeline import cli
from dtsen_pipeline.errors import DtsenError, InputError, strip_row_values, value_free_message
from dtsen_pipeline.sql import models

NAME = "SITI AMINAH"


def cast() -> None:
    duckdb.execute(f"select cast(nama as integer) from (select '{NAME}' as nama)")


def by_hand() -> None:
    raise ValueError(NAME)


def in_pandas() -> None:
    pd.Series([NAME]).astype(int)


def as_a_key() -> None:
    {}[NAME]


def in_a_note() -> None:
    error = RuntimeError("gagal")
    error.add_note(NAME)
    raise error


def from_another() -> None:
    try:
        by_hand()
    except ValueError as error:
        raise InputError("tidak terbaca / not readable", file="a.csv") from error


def while_another_is_handled() -> None:
    try:
        by_hand()
    finally:
        raise InputError("tidak terbaca / not readable", file="a.csv")


@pytest.mark.parametrize(
    "step", [cast, by_hand, in_pandas, as_a_key, in_a_note, from_another, while_another_is_handled]
)
def test_nothing_that_is_printed_or_kept_of_an_error_holds_the_value(step: Callable[[], None]) -> None:
    with pytest.raises(DtsenError) as caught, strip_row_values():
        step()
    assert NAME not in "".join(traceback.format_exception(caught.value))


def test_the_kind_and_the_lines_of_this_project_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "staging.stg_dtks__anggota"
    refused = replace(models.load_models()[name], sql=f"select cast(nama as integer) from (select '{NAME}' as nama)")
    monkeypatch.setitem(models.load_models(), name, refused)
    with duckdb.connect() as con, pytest.raises(DtsenError) as caught, strip_row_values():
        con.execute("create schema staging")
        models.run_models(con, [name])
    told = str(caught.value)
    assert told.startswith("ConversionException: pesannya dihilangkan")
    assert re.search(r"^Tempat/where: dtsen_pipeline/sql/models\.py:\d+ run_models$", told, re.MULTILINE)


def test_an_error_of_this_project_keeps_its_place_and_its_action() -> None:
    with pytest.raises(InputError) as caught, strip_row_values():
        from_another()
    assert caught.value.file == "a.csv"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            duckdb.CatalogException(f"Catalog Error: Table a does not exist\n\nLINE 1: select '{NAME}'"),
            "Table a does not exist",
        ),
        (duckdb.OutOfMemoryException("Out of Memory Error: 3.0 GiB/3.0 GiB used"), "3.0 GiB used"),
        (OSError(errno.ENOSPC, "No space left on device"), "OSError: No space left on device"),
        (duckdb.ConversionException(f"Could not convert '{NAME}'"), "ConversionException"),
        (OSError(NAME), "OSError"),
    ],
)
def test_what_cannot_hold_a_value_is_told(error: Exception, told: str) -> None:
    assert told in value_free_message(error) and NAME not in value_free_message(error)


@pytest.mark.parametrize("control", [dg.Failure("gagal"), dg.RetryRequested(1), KeyboardInterrupt()])
def test_what_dagster_steers_by_goes_on_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, control: BaseException
) -> None:
    monkeypatch.setenv("DTSEN_HOME", str(tmp_path))
    with pytest.raises(type(control)) as caught, Folders().warehouse("2025-03"):
        raise control
    assert caught.value is control


def test_no_error_carries_a_value_past_the_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTSEN_HOME", str(tmp_path))
    with pytest.raises(DtsenError, match="ValueError: pesannya dihilangkan"), Folders().warehouse("2025-03"):
        by_hand()


def test_the_command_line_prints_no_traceback_of_an_error_that_nobody_foresaw(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", lambda **_: by_hand())
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == DtsenError.exit_code
    assert "ValueError" in (told := capsys.readouterr().err) and NAME not in told


def test_the_command_line_prints_brackets_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise InputError("tidak terbaca / not readable", file="[b]a[/i].csv")

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit):
        cli.main()
    assert "[b]a[/i].csv" in capsys.readouterr().err
