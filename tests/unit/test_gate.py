"""The gate: bad data fails, an unanswerable question fails with its own message, and neither shows a personal value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checks.rules import RULES
from dtsen_pipeline import config
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality import gate
from dtsen_pipeline.quality.rule import STEP, Expectation, Rule, Verdict
from dtsen_pipeline.storage import warehouse

NIK = "3573016212900004"


def rule(name: str = "uji", **changes: object) -> Rule:
    given: dict[str, object] = {
        "name": name,
        "table": "marts.anggota",
        "statement": Bilingual("Pernyataan.", "Statement."),
        "owner": "penautan",
        "reason": Bilingual("Sebab.", "Because."),
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
    monkeypatch.setattr("dtsen_pipeline.quality.rule.TESTS", tmp_path)

    def evaluate(sql: str, **changes: object) -> Verdict:
        (tmp_path / "uji.sql").write_text(sql, encoding="utf-8")
        return gate.evaluate(con, rule(**changes))

    return evaluate


def test_one_measure_out_of_bounds_fails_the_rule_and_is_named(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select * from (values ('dtks', 0.0), ('p3ke', 3.0)) as t(ukuran, nilai)")
    assert not verdict.passed and verdict.blocks and verdict.error is None
    assert verdict.explanation.id == "Gagal: Pernyataan. p3ke = 3 (batas: paling tinggi 0)"
    assert verdict.explanation.en == "Failed: Statement. p3ke = 3 (bounds: at most 0)"


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
    assert verdict.explanation.id.startswith("Aturan tidak dapat diperiksa")


def test_a_missing_test_file_is_an_error(con: duckdb.DuckDBPyConnection) -> None:
    assert "FileNotFoundError" in (gate.evaluate(con, rule("tidak_ada_berkas")).error or "")


def test_an_error_never_repeats_the_value_it_stumbled_over(asks) -> None:  # type: ignore[no-untyped-def]
    verdict = asks("select 'a' as ukuran, cast(nik as integer) as nilai from marts.anggota where jk = 'P'")
    assert "BUKAN" not in f"{verdict.error} {verdict.explanation}"


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
    assert "BUKAN" not in str(verdict.explanation)


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


# --- how closely a measure is told ------------------------------------------------------------------------------------------------


def test_a_count_is_told_whole_and_a_share_no_closer_than_the_bounds_need() -> None:
    assert rule(maximum=0).shown("a", 3.0).teks == "a = 3"
    assert rule(maximum=0).shown("a", 1234567.0).teks == "a = 1234567"
    assert rule(minimum=0.7, maximum=None).shown("a", 0.831234).teks == "a = 0.831"


@pytest.mark.parametrize(
    ("bounds", "nilai", "step", "told"),
    [
        ({"minimum": 0.95, "maximum": None}, 0.94996, 0.001, 0.949),
        ({"minimum": 0.95, "maximum": None}, 0.9501, 0.001, 0.95),
        ({"maximum": 0.02}, 0.02004, 0.001, 0.021),
        ({"maximum": 0.005}, 0.0051, 0.01, 0.01),
        ({"maximum": 0.005}, 0.0049, 0.01, 0.0),
        ({"minimum": 0.98, "maximum": None}, 0.97, 0.1, 0.9),
    ],
)
def test_a_rounded_share_never_reads_as_the_bound_that_it_missed(
    bounds: dict[str, float | None], nilai: float, step: float, told: float
) -> None:
    found = rule(**bounds).shown("a", nilai, step)
    assert (found.nilai, found.holds) == (told, rule(**bounds).holds(nilai))


BY_AREA = [one for one in RULES if one.subject == "areas"]
FEWEST = 50  # records that every rule by areas or files asks for
SMALL = config.SMALLEST_COUNT


def test_rules_by_area_are_these() -> None:
    assert [one.name for one in BY_AREA] == ["nik_sejalan_berkas", "kabupaten_per_sumber", "perubahan_massal_daerah"]


@pytest.mark.parametrize("one", BY_AREA, ids=lambda one: one.name)
@given(size=st.integers(FEWEST, 3000), part=st.floats(0, 1))
def test_the_class_of_an_area_leaves_every_small_count_open(one: Rule, size: int, part: float) -> None:
    """Who knows the size of an area learns of no count below ten more than that it is below ten, nor of what is left of it."""
    shown = one.shown("a", round(part * size) / size)
    alike = [count for count in range(size + 1) if one.shown("a", count / size) == shown]
    assert len(alike) >= SMALL or (min(alike) >= SMALL and size - max(alike) >= SMALL)


@settings(deadline=None)
@given(families=st.integers(200, 60_000), count=st.integers(0, 400), rest=st.booleans())
def test_a_share_of_families_times_their_number_gives_no_count_below_ten_back(
    families: int, count: int, rest: bool
) -> None:
    assume(count <= families)
    count = families - count if rest else count
    one, step = rule(maximum=1.0, subject="families"), 0.1 if families < 2000 else 0.01 if families < 20000 else 0.001
    shown = one.shown("a", count / families, step)
    near = range(max(0, count - 250), min(families, count + 250) + 1)
    assert len([n for n in near if one.shown("a", n / families, step) == shown]) >= SMALL


def test_the_step_follows_the_families_there_are(asks, con: duckdb.DuckDBPyConnection) -> None:  # type: ignore[no-untyped-def]
    for families, step in (
        (199, 1.0),
        (200, 0.1),
        (1999, 0.1),
        (2000, 0.01),
        (19999, 0.01),
        (20000, 0.001),
        (10**6, 0.001),
    ):
        con.execute(f"create or replace table marts.anggota as select range as person_id from range({families})")
        assert asks("select 'a' as ukuran, 0.5 as nilai", maximum=1, subject="families").step == step, families
    assert asks("select 'a' as ukuran, 0.5 as nilai", maximum=1).step == STEP
