"""The fuzz campaign: it finds what it looks for, repeats itself, and the reader holds against five hundred mutations."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.fuzz import __main__ as command
from benchmarks.fuzz.campaign import campaign
from benchmarks.fuzz.cases import Case, cases
from benchmarks.fuzz.catalog import load_kinds
from benchmarks.fuzz.leaks import Search
from benchmarks.fuzz.plain_rows import PERSON, tables, views
from benchmarks.fuzz.register import Kind
from dtsen_pipeline.contracts import load, reader
from dtsen_pipeline.contracts.reader import FileReport

MUTATIONS = 500
NOT_PLAIN = "not regexp_full_match(_file, '.*/penduduk[0-9].csv')"


def failures(chosen: list[Case], work: Path, *, searched: bool = False) -> list[str]:
    with campaign(work, searched=searched) as one:
        for _ in one.run(chosen):
            pass
    assert len(one.results) == len(chosen)
    return [f"{result.case.kind.name} {result.case.number}: {why}" for result in one.results for why in result.failures]


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets the reader end in a statement that spoils what it read."""
    read = reader.read_source

    def spoil(statement: str) -> None:
        def spoiled(con: object, *given: object) -> list[FileReport]:
            reports = read(con, *given)  # type: ignore[arg-type]
            con.execute(statement)  # type: ignore[attr-defined]
            return reports

        monkeypatch.setattr(reader, "read_source", spoiled)

    return spoil


def test_a_reader_that_changes_a_value_is_found(careless: Callable[[str], None], tmp_path: Path) -> None:
    """Every file but the plain ones loses the last letter of a column that nothing was done to."""
    careless(f"update raw.dukcapil_penduduk set nama_lengkap = left(nama_lengkap, -1) where {NOT_PLAIN}")
    chosen = _of_table("semicolons", "dukcapil", 2)
    assert failures(chosen, tmp_path) == [f"semicolons {c.number}: harmless, and altered: nama_lengkap" for c in chosen]


def test_a_reader_that_loses_a_row_is_found(careless: Callable[[str], None], tmp_path: Path) -> None:
    careless(f"delete from raw.dukcapil_penduduk where _line = 3 and {NOT_PLAIN}")
    found = failures(_of_table("emoji", "dukcapil", 1), tmp_path)
    assert [why.split(": ")[1] for why in found] == ["rows told are not the rows that are there", "1 rows lost"]


def test_an_error_that_is_not_for_people_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*given: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(reader, "read_source", broken)
    (case,) = _of_table("semicolons", "dukcapil", 1)
    assert failures([case], tmp_path) == [f"semicolons {case.number}: KeyError reached the caller"]


def _of_table(kind: str, source: str, count: int) -> list[Case]:
    return list(
        islice((case for case in cases(1, only=kind) if case.made()[0].table.source == source), count)
    )  # fmt: skip


def test_a_person_is_found_however_written_and_nobody_else() -> None:
    search = Search([PERSON, "3175016708920004", "1990-08-17"])
    for text in (
        f"<td>{PERSON.lower()}</td>",
        "wulandari_purnamasari",
        "x 3175016708920004.",
        "3175-0167-0892-0004",
        "1990/08/17",
    ):
        assert search.matches(text), text
    for text in ("Wulandari", "317501670892000", "Wulandari Sari Purnamasari", "2001-08-17"):
        assert not search.matches(text), text


def test_a_mutation_is_the_same_whatever_else_is_asked() -> None:
    kinds = len(load_kinds())
    listed = {case.number: case for case in islice(cases(7), 2 * kinds)}
    for name in ("bit_flipped", "person_as_label", "workbook_flipped"):
        first, second = islice(cases(7, only=name), 2)
        assert first.number < kinds <= second.number
        assert first.made()[1] == listed[first.number].made()[1] != second.made()[1]


def test_the_kinds_are_many_and_each_says_what_it_does() -> None:
    kinds = load_kinds().values()
    assert len(kinds) >= 120 and all(kind.what.endswith(".") for kind in kinds)
    assert set(load()) == {view.table.source for table in tables() for view in views(table)}
    assert len({kind.group for kind in kinds if kind.harmless}) >= 8


def test_the_command_repeats_one_mutation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--only", "semicolons", "--number", "0", "--work", str(tmp_path / "fuzz")]) == 0
    told = capsys.readouterr().out
    assert "1 mutasi / mutations" in told and "GAGAL / FAILURES: 0" in told


def _light(kind: Kind) -> bool:
    """Without the bombs, which cost seconds each and have tests of their own."""
    return not kind.rare and kind.name != "thousands_of_columns"


def test_five_hundred_mutations_do_no_harm(tmp_path: Path) -> None:
    chosen = list(islice((case for case in cases(1301) if _light(case.kind)), MUTATIONS))
    assert failures(chosen, tmp_path) == []


def test_nobody_is_named_in_what_is_told_of_a_mutated_delivery(tmp_path: Path) -> None:
    assert failures(list(islice(cases(1301, searched=True), 50)), tmp_path, searched=True) == []
