"""Dated policy decides whom a programme reaches; a policy that cannot be read reaches nobody by accident."""

from __future__ import annotations

import duckdb
import pytest

from dtsen_pipeline import welfare
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.models import load_seeds

HEADER = ("program", "desil_maks", "kuota", "berlaku_dari", "berlaku_sampai", "dasar_hukum", "catatan")
Row = tuple[str | None, ...]
OLD = ("PKH", "4", None, "2025-01-01", "2025-12-31", "A", None)
NEW = ("PKH", "3", None, "2026-01-01", None, "B", None)


def database(*policies: Row) -> duckdb.DuckDBPyConnection:
    """A hundred families, ten a tenth, K-000 the poorest, and the given policy rows."""
    con = duckdb.connect()
    for schema in ("seeds", "welfare"):
        con.execute(f"create schema {schema}")
    con.execute(f"create table seeds.kebijakan_program ({', '.join(f'{c} varchar' for c in HEADER)})")
    if policies:
        con.executemany("insert into seeds.kebijakan_program values (?, ?, ?, ?, ?, ?, ?)", policies)
    con.execute(
        """create table welfare.desil as select 'K-' || lpad(cast(i as varchar), 3, '0') as family_id, i + 1 as
        urutan_nasional, i // 10 + 1 as desil_nasional, 0.5 as peluang_desil_1_4 from range(100) as t(i)"""
    )
    return con


@pytest.mark.parametrize(
    "broken",
    [
        ("PKH", "empat", None, "2025-01-01", None, "A", None),
        ("PKH", "0", None, "2025-01-01", None, "A", None),
        ("PKH", "11", None, "2025-01-01", None, "A", None),
        ("PKH", "4", None, None, None, "A", None),
        ("PKH", "4", None, "2025-01-01", "akhir tahun", "A", None),
        ("PKH", "4", None, "2025-01-01", "2024-12-31", "A", None),
        ("PKH", "4", "banyak", "2025-01-01", None, "A", None),
        ("PKH", "4", "-1", "2025-01-01", None, "A", None),
        ("", "4", None, "2025-01-01", None, "A", None),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(broken: Row) -> None:
    with pytest.raises(InputError, match="unreadable"):
        welfare.apply_policies(database(broken), "2025-03")


@pytest.mark.parametrize("second", [("PKH", "3", None, "2025-06-01", None, "B", None), OLD])
def test_two_rows_of_one_programme_on_one_day_are_refused(second: Row) -> None:
    with pytest.raises(InputError, match="overlap"):
        welfare.apply_policies(database(OLD, second), "2026-03")


def test_a_month_without_policy_is_refused() -> None:
    with pytest.raises(InputError, match="2024-12"):
        welfare.apply_policies(database(OLD, NEW), "2024-12")
    with pytest.raises(InputError, match="no policy"):
        welfare.apply_policies(database(), "2025-03")


def test_a_month_that_is_no_month_is_refused() -> None:
    with pytest.raises(InputError, match="2025-13"):
        welfare.apply_policies(database(OLD), "2025-13")


@pytest.mark.parametrize(("month", "reached", "basis"), [("2025-12", 40, "A"), ("2026-01", 30, "B")])
def test_the_policy_of_the_month_holds(month: str, reached: int, basis: str) -> None:
    con = database(OLD, NEW)
    assert welfare.apply_policies(con, month) == {"PKH": reached}
    assert con.sql("select distinct dasar_hukum from welfare.kelayakan").fetchall() == [(basis,)]
    assert con.sql("select max(desil_nasional) from welfare.kelayakan").fetchall() == [(reached // 10,)]


def test_a_quota_takes_the_poorest_first() -> None:
    con = database(
        ("PKH", "4", "7", "2025-01-01", None, "A", None), ("Sembako", "5", "0", "2025-01-01", None, "A", None)
    )
    assert welfare.apply_policies(con, "2025-03") == {"PKH": 7, "Sembako": 0}
    assert con.sql("select max(family_id) from welfare.kelayakan").fetchall() == [("K-006",)]


def test_the_delivered_policies_of_2025() -> None:
    con = database()
    load_seeds(con)
    assert welfare.apply_policies(con, "2025-03") == {"PBI-JK": 50, "PKH": 40, "Sembako": 50}
    # A family in tenth 5 has Sembako and PBI-JK, not PKH.
    rows = con.sql("select program from welfare.kelayakan where family_id = 'K-045' order by 1").fetchall()
    assert rows == [("PBI-JK",), ("Sembako",)]
