"""One month of another simulator, published once, for the tests that spoil it or try to get around the gate."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from assets.common import Folders
from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.config import Settings
from dtsen_pipeline.definitions import defs
from dtsen_pipeline.release import catalogue
from dtsen_pipeline.storage.locks import hold_lock
from tests.integration.statements import Statements, recorded

MONTH, NEXT = "2025-03", "2025-04"
KEY = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f"
Rows = list[dict[str, str]]

POISONED = (
    '=HYPERLINK("http://jahat.example","KLIK")',
    "<script>alert(1)</script>",
    "+SITI @SUM(A1)",
    "BUDI\x07\x1b[31m SANTOSO",
    "'; drop table marts.anggota; --",
    "{{ 7 * 7 }} %s %n",
    "PANJANG " * 700,
)


class _Folders(Folders):
    """Folders of one house: several stand beside each other in one process, and the environment names but one."""

    landing: str
    home: str

    @property
    def settings(self) -> Settings:
        return Settings(landing=Path(self.landing), home=Path(self.home))


@dataclass(frozen=True)
class House:
    """A landing zone and a home; ``month`` is the one that is in the making."""

    landing: Path
    home: Path
    month: str = MONTH

    @property
    def folders(self) -> Folders:
        return _Folders(landing=str(self.landing), home=str(self.home))

    def edit(self, statement: str) -> None:
        """What a hand in the warehouse does."""
        with self.folders.warehouse(self.month) as con:
            con.execute(statement)

    def materialize(
        self,
        *selected: str,
        checks: Sequence[dg.AssetChecksDefinition] = (),
        instance: dg.DagsterInstance | None = None,
        **resources: object,
    ) -> dg.ExecuteInProcessResult:
        """Run the named assets (all where none is named), with no check but the given ones."""
        with nullcontext(instance) if instance else dg.DagsterInstance.ephemeral() as used:
            return dg.materialize(
                [*(defs().assets or ()), *checks],
                selection=dg.AssetSelection.assets(*(name.split(".") for name in selected)) if selected else None,
                partition_key=self.month,
                resources={"folders": self.folders, **resources},
                instance=used,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )

    def current(self) -> str | None:
        standing = catalogue.current(self.folders.settings)
        return standing.name if standing else None


def rewrite(file: Path, change: Callable[[Rows], Rows]) -> None:
    """Change the rows of a delivered CSV."""
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows, names = change(list(reader)), list(reader.fieldnames or ())
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)


def poison(rows: Rows) -> Rows:
    for row, name in zip(rows[::50], POISONED, strict=False):
        row["nama"] = name
    return rows


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[dg.DagsterEvent], Statements]:
    """The foreign month with a few poisoned names, published without one of Dagster's checks; the events of its run, and which
    statements its steps gave the warehouse.

    Made by the first worker that needs it; the others wait and read it.
    """
    own = tmp_path_factory.getbasetemp()
    base = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "asing"
    house, events, statements = House(base / "landing", base / "home"), base / "events.json", base / "statements.json"
    base.mkdir(exist_ok=True)
    with hold_lock(base / ".lock"):
        if not statements.exists():
            write_foreign_month(3000, 11, MONTH, house.landing)
            rewrite(house.landing / MONTH / "dtks" / "anggota.csv", poison)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("DTSEN_KEY", KEY)
                with recorded() as logs:
                    result = house.materialize()
            assert result.success
            events.write_text(dg.serialize_value(result.all_events), encoding="utf-8")
            statements.write_text(json.dumps(logs), encoding="utf-8")
    return house, dg.deserialize_value(events.read_text(encoding="utf-8"), list), json.loads(statements.read_text())


@pytest.fixture(scope="session")
def _published(_made: tuple[House, list[dg.DagsterEvent], Statements]) -> House:
    return _made[0]


@pytest.fixture(scope="session")
def _statements(_made: tuple[House, list[dg.DagsterEvent], Statements]) -> Statements:
    """The statements of the steps that made the month."""
    return _made[2]


@pytest.fixture
def told(_made: tuple[House, list[dg.DagsterEvent], Statements]) -> list[dg.DagsterEvent]:
    """What the run that published the month told Dagster."""
    return _made[1]


@pytest.fixture
def published(_published: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The published month and the key it was published with. To be left as it is."""
    monkeypatch.setenv("DTSEN_KEY", KEY)
    return _published


@pytest.fixture
def house(published: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A copy of the published month's home, for one test to spoil."""
    monkeypatch.setenv("DTSEN_KEY", KEY)
    shutil.copytree(published.home, tmp_path / "home")
    return House(published.landing, tmp_path / "home")
