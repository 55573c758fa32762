"""Tenths: exact, reproducible, and honest about their error."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from dtsen_pipeline import welfare
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.welfare.deciles import consumption_bounds

Family = tuple[str, float, str | None]


def ranked(families: list[Family], error: float = 0.4) -> duckdb.DuckDBPyConnection:
    """A database in which ``families`` (id, score, regency) are ranked."""
    con = duckdb.connect()
    con.execute("create schema welfare")
    con.execute("create schema marts")
    con.execute("create table welfare.skor (family_id varchar, skor double, galat double)")
    con.execute(
        "create table welfare.fitur_keluarga (family_id varchar, kode_provinsi varchar, kode_kabupaten varchar)"
    )
    if families:
        con.executemany("insert into welfare.skor values (?, ?, ?)", [(i, s, error) for i, s, _ in families])
        con.executemany(
            "insert into welfare.fitur_keluarga values (?, ?, ?)", [(i, k and k[:2], k) for i, _, k in families]
        )
    welfare.rank(con)
    return con


def tenths(con: duckdb.DuckDBPyConnection, column: str, where: str = "true") -> list[int]:
    join = "welfare.desil as d inner join welfare.fitur_keluarga as f on d.family_id = f.family_id"
    return [
        row[0]
        for row in con.sql(f"select d.{column} from {join} where {where} order by d.skor, md5(d.family_id)").fetchall()
    ]


def test_no_scored_family_is_an_error_and_not_an_empty_ranking() -> None:
    with pytest.raises(InputError, match="kosong"):
        ranked([])


def test_family_of_unknown_area_has_a_national_tenth_and_no_regional_one() -> None:
    con = ranked([("K-a", 1.0, None), ("K-b", 2.0, "3301")])
    rows = con.sql(
        "select desil_nasional, desil_provinsi, desil_kabupaten_kota from welfare.desil order by family_id"
    ).fetchall()
    assert rows == [(3, None, None), (8, 5, 5)]


def test_all_scores_tied_still_gives_exact_tenths_and_the_same_ones_every_time() -> None:
    families = [(f"K-{i:03d}", 12.0, "3301") for i in range(1000)]
    first, second = ranked(families), ranked(families[::-1])
    query = "select family_id, desil_nasional from welfare.desil order by 1"
    assert first.sql(query).fetchall() == second.sql(query).fetchall()
    assert first.sql("select distinct count(*) from welfare.desil group by desil_nasional").fetchall() == [(100,)]
    # The tie is not broken by the id itself, which grows with the date of entry.
    poorest = [row[0] for row in first.sql("select family_id from welfare.desil where desil_nasional = 1").fetchall()]
    assert poorest != sorted(f"K-{i:03d}" for i in range(100))


def test_a_difference_past_the_ninth_digit_is_a_tie() -> None:
    noise = [(f"K-{i:03d}", 12.0 + (i % 7) * 1e-13, "3301") for i in range(100)]
    clean = [(f"K-{i:03d}", 12.0, "3301") for i in range(100)]
    query = "select family_id, desil_nasional from welfare.desil order by 1"
    assert ranked(noise).sql(query).fetchall() == ranked(clean).sql(query).fetchall()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(8, 20).map(lambda s: round(s, 1)), min_size=1, max_size=120), st.integers(1, 3))
def test_tenths_differ_by_one_family_at_most_and_follow_the_score(scores: list[float], areas: int) -> None:
    families: list[Family] = [(f"K-{i}", s, f"33{i % areas:02d}") for i, s in enumerate(scores)]
    con = ranked(families)
    for column, where in (("desil_nasional", "true"), ("desil_kabupaten_kota", "f.kode_kabupaten = '3300'")):
        found = tenths(con, column, where)
        sizes = [found.count(d) for d in range(1, 11)]
        assert max(sizes) - min(sizes) <= 1
        assert found == sorted(found)
        assert all(1 <= d <= 10 for d in found)


def test_an_area_of_three_families_is_spread_over_the_ten() -> None:
    con = ranked([("K-a", 1.0, "3301"), ("K-b", 2.0, "3301"), ("K-c", 3.0, "3301")])
    assert tenths(con, "desil_kabupaten_kota") == [2, 5, 9]


def test_bounds_cut_consumption_and_not_the_narrower_scores() -> None:
    score = np.random.default_rng(0).normal(13, 0.4, 4000)
    bounds = consumption_bounds(score, np.full(4000, 0.3), np.ones(4000))
    assert bounds == pytest.approx(norm.ppf(np.arange(1, 10) / 10, 13, 0.5), abs=0.03)


def test_chances_follow_the_error_of_the_score() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(13, 0.4, 2000)
    con = ranked([(f"K-{i}", float(s), "3301") for i, s in enumerate(scores)], error=0.3)
    bounds = [row[0] for row in con.sql("select batas_konsumsi from welfare.batas_desil order by desil").fetchall()]
    assert bounds[9] is None
    rows = con.sql(
        "select skor, desil_nasional, peluang_desil_1_4, peluang_desil_bawah, peluang_desil_ini, peluang_desil_atas "
        "from welfare.desil"
    ).fetchall()
    edges = [-math.inf, *bounds[:9], math.inf]
    for skor, desil, up_to_four, below, here, above in rows:
        expected = np.diff(norm.cdf([(edge - skor) / 0.3 for edge in edges]))
        assert up_to_four == pytest.approx(expected[:4].sum(), abs=5e-4)
        assert here == pytest.approx(expected[desil - 1], abs=5e-4)
        assert below == pytest.approx(expected[desil - 2] if desil > 1 else 0, abs=5e-4)
        assert above == pytest.approx(expected[desil] if desil < 10 else 0, abs=5e-4)
    # Over all families the chances add up to the tenths they speak of.
    assert np.mean([row[2] for row in rows]) == pytest.approx(0.4, abs=0.005)
