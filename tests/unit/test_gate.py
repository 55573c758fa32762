"""The gate: bad data fails, an unanswerable question fails with its own message, and neither shows a personal value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dtsen_pipeline import warehouse
from dtsen_pipeline.publication import gate
from dtsen_pipeline.publication.gate import Expectation, Rule

NIK = "3573016212900004"


def rule(name: str = "uji", **changes: object) -> Rule:
    given: dict[str, object] = {
        "name": name,
        "table": "marts.anggota",
        "teks": "Pernyataan.",
        "text": "Statement.",
        "owner": "penautan",
        "alasan": "Sebab.",
        "reason": "Because.",
        "maximum": 0,
    }
    return Rule(**{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        con.execute(
            f"""create table marts.anggota as
            select * from (values ('P-1', '{NIK}', 'L'), ('P-2', 'BUKAN', 'P'), ('P-3', null, null))
            as t(person_id, nik, jk)"""
        )
        yield con


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, con: duckdb.DuckDBPyConnection):  # type: ignore[no-untyped-def]
    """Evaluate a rule whose test file holds the given SQL."""
    monkeypatch.setattr(gate, "TESTS", tmp_path)

    def evaluate(sql: str, **changes: object) -> gate.Verdict:
        (tmp_path / "uji.sql").write_text(sql, encoding="utf-8")
        return gate.evaluate(con, rule(**changes))

    return evaluate


def test_one_measure_out_of_bounds_fails_the_rule_and_is_named(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select * from (values ('dtks', 0.0), ('p3ke', 3.0)) as t(ukuran, nilai)")
    assert not verdict.passed and verdict.blocks and verdict.error is None
    assert verdict.keterangan == "Gagal: Pernyataan. p3ke = 3 (batas: paling tinggi 0)"
    assert verdict.explanation == "Failed: Statement. p3ke = 3 (bounds: at most 0)"


def test_measures_on_the_bound_hold(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select 'a' as ukuran, 0.4 as nilai union all select 'b', 0.5", minimum=0.4, maximum=0.5)
    assert verdict.passed and not verdict.blocks
    assert verdict.measures == (("a", 0.4), ("b", 0.5))


def test_a_warning_fails_without_blocking(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select 'a' as ukuran, 1 as nilai", blocking=False)
    assert not verdict.passed and not verdict.blocks


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select 'a' as ukuran, 0 as nilai where false", "no row"),
        ("select 'a' as ukuran, null as nilai", "no value for a"),
        ("select 'a' as ukuran, cast('nan' as double) as nilai", "no value for a"),
        ("select 0 as nilai, 'a' as ukuran", "columns ukuran and nilai"),
        ("select 'a' as ukuran, count(*) as nilai from marts.tidak_ada", "tidak_ada does not exist"),
        ("select 'a' as ukuran, sum(cast(nik as integer)) as nilai from marts.anggota", "ConversionException"),
        ("select from where (", "ParseError"),
    ],
)
def test_a_question_that_cannot_be_answered_blocks_even_as_a_warning(asks, sql: str, told: str) -> None:  # type: ignore[no-untyped-def]
    verdict = asks(sql, blocking=False)
    assert not verdict.passed and verdict.blocks and verdict.measures == ()
    assert verdict.error is not None and told in verdict.error
    assert verdict.keterangan.startswith("Aturan tidak dapat diperiksa")


def test_a_missing_test_file_is_an_error(con: duckdb.DuckDBPyConnection) -> None:
    assert "FileNotFoundError" in (gate.evaluate(con, rule("tidak_ada_berkas")).error or "")


def test_an_error_never_repeats_the_value_it_stumbled_over(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select 'a' as ukuran, cast(nik as integer) as nilai from marts.anggota where jk = 'P'")
    assert "BUKAN" not in f"{verdict.error} {verdict.keterangan} {verdict.explanation}"


def test_a_rule_without_bounds_is_refused_because_it_could_never_fail() -> None:
    with pytest.raises(ValueError, match="never fail"):
        rule(maximum=None)


def test_a_rule_knows_every_table_its_check_must_wait_for(asks) -> None:  # type: ignore[no-untyped-def]
    asks("with a as (select * from raw.x) select 'a' as ukuran, count(*) as nilai from a join marts.y on true")
    assert rule().tables == {"raw.x", "marts.y"}


def suite(*expectations: Expectation) -> Rule:
    return rule(kind="expectations", expectations=expectations)


def test_broken_values_are_counted_per_expectation_and_not_shown(con: duckdb.DuckDBPyConnection) -> None:
    verdict = gate.evaluate(
        con,
        suite(
            Expectation("ExpectColumnValuesToNotBeNull", "nik"),
            Expectation("ExpectColumnValuesToMatchRegex", "nik", {"regex": r"^\d{16}$"}),
            Expectation("ExpectColumnValuesToBeInSet", "jk", {"value_set": ["L", "P"]}),
        ),
    )
    assert [nilai for _, nilai in verdict.measures] == [1, 1, 0]
    assert not verdict.passed and verdict.error is None
    assert "BUKAN" not in verdict.keterangan + verdict.explanation


@pytest.mark.parametrize(
    "expectation",
    [
        Expectation("ExpectColumnValuesToNotBeNull", "kolom_tidak_ada"),
        Expectation("ExpectColumnValuesToBeBetween", "nik", {"min_value": 1}),
    ],
)
def test_an_expectation_that_breaks_down_is_an_error_not_a_data_fault(
    con: duckdb.DuckDBPyConnection,
    expectation: Expectation,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    verdict = gate.evaluate(con, suite(Expectation("ExpectColumnValuesToBeUnique", "person_id"), expectation))
    assert verdict.error is not None and verdict.blocks
    captured = capfd.readouterr()
    assert NIK not in f"{verdict}{caplog.text}{captured.out}{captured.err}"


def test_expectations_over_an_empty_table_are_an_error(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from marts.anggota")
    assert (
        gate.evaluate(con, suite(Expectation("ExpectColumnValuesToBeUnique", "nik"))).error == "marts.anggota is empty"
    )


def test_a_code_out_of_its_list_is_counted_row_by_row(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into marts.anggota values ('P-4', null, 'X'), ('P-5', null, 'X'), ('P-6', null, 'Y')")
    verdict = gate.evaluate(con, suite(Expectation("ExpectColumnValuesToBeInSet", "jk", {"value_set": ["L", "P"]})))
    assert [nilai for _, nilai in verdict.measures] == [3]


def test_a_delivery_that_need_not_come_may_be_empty(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from marts.anggota")
    unique = Expectation("ExpectColumnValuesToBeUnique", "nik")
    verdict = gate.evaluate(con, rule(kind="expectations", expectations=(unique,), may_be_empty=True))
    assert verdict.passed and verdict.measures == (("nik: ExpectColumnValuesToBeUnique", 0.0),)
