"""What is true of the simulated people whatever the seed: even ages, whole names, any amount of damage."""

import csv
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation import ErrorMix, simulate
from dtsen_pipeline.simulation.base import CHILD, DAYS_PER_YEAR, HEAD, PARENT, SPOUSE, fold
from dtsen_pipeline.simulation.calendar import heaped_days, year_month_day
from dtsen_pipeline.simulation.country import build_country
from dtsen_pipeline.simulation.damage import EMPTY_DATES, Damager, Notes
from dtsen_pipeline.simulation.names import names_as_text
from dtsen_pipeline.simulation.people import Population
from dtsen_pipeline.simulation.population import build_population, set_identities
from dtsen_pipeline.simulation.text_damage import damage_names

TODAY = int(np.datetime64("2025-03-01", "D").astype(int))
HEAPED_DATES = {(1, 1), (12, 31), (7, 1)}
RATES = [f.name for f in fields(ErrorMix) if f.name != "rusak"]


@pytest.fixture(scope="module", params=[3, 21, 77])
def population(request: pytest.FixtureRequest) -> Population:
    p = build_population(build_country(), 40_000, request.param, TODAY)
    set_identities(p, 0.012, 0.003, request.param)
    return p


def highest_count(days: np.ndarray) -> int:
    return int(np.unique(days, return_counts=True)[1].max())


def test_no_birth_date_is_shared_by_more_people_than_chance_allows(population: Population) -> None:
    # 40,000 births over some 60 years: 1.4 a day, at the peak about 2.2.
    assert highest_count(population.persons.birth_day) <= 16


def test_official_births_heap_on_the_days_that_registers_heap_on_and_no_others(population: Population) -> None:
    _, months, days = year_month_day(population.persons.official_birth_day)
    heaped = np.array([b in HEAPED_DATES for b in zip(months.tolist(), days.tolist(), strict=True)])
    assert highest_count(population.persons.official_birth_day[~heaped]) <= 16
    assert heaped.mean() > 4 * 3 / 365, "they do heap there"
    assert (population.persons.official_birth_day <= TODAY).all()


@pytest.mark.parametrize("relation", range(1, 9))
def test_ages_do_not_heap_at_the_bounds_of_a_relation(population: Population, relation: int) -> None:
    age = (TODAY - population.persons.birth_day[population.persons.relation == relation]) / DAYS_PER_YEAR
    _, counts = np.unique(np.floor(age * 12), return_counts=True)
    for end_count in (counts[0], counts[-1]):
        assert end_count <= 3 * np.median(counts) + 12
    assert age.min() >= {HEAD: 18.99, SPOUSE: 17.49, PARENT: 16.99}.get(relation, 0)
    assert age.max() < 99


def test_mothers_ages_at_birth_do_not_heap_at_the_lowest(population: Population) -> None:
    o = population.persons
    children = np.flatnonzero((o.relation == CHILD) & (o.mother >= 0))
    age_at_birth = o.birth_day[children] - o.birth_day[o.mother[children]]
    assert age_at_birth.min() >= 16 * DAYS_PER_YEAR
    assert highest_count(age_at_birth) < 0.002 * len(age_at_birth)


def test_days_on_which_cards_were_issued_do_not_heap(population: Population) -> None:
    for cards in (population.keluarga.kk, population.keluarga.old_kk):
        assert highest_count(np.array([k[6:12] for k in cards.tolist()])) < 0.0025 * len(cards)


def test_names_have_no_gap_and_no_word_taken_over_twice(population: Population) -> None:
    for names in (population.persons.name, population.persons.mother_name):
        assert (names[:, 0] >= 0).all()
        assert not ((names[:, 1] < 0) & (names[:, 2] >= 0)).any()
        assert not ((names[:, 1] >= 0) & (names[:, 1] == names[:, 2])).any()


@settings(max_examples=25, deadline=None)
@given(rates=st.lists(st.floats(0, 1), min_size=len(RATES), max_size=len(RATES)), seed=st.integers(0, 2**32))
def test_any_mixture_of_damage_leaves_a_text_for_every_name(
    small_population: Population, rates: list[float], seed: int
) -> None:
    names = small_population.persons.name
    mix = ErrorMix(**dict(zip(RATES, rates, strict=True)))
    result = damage_names(Damager(mix, np.full(len(names), 3.0), np.random.default_rng(seed), Notes()), names)
    assert len(result) == len(names) and result.null_count == 0
    assert all(result.to_pylist())


@pytest.fixture(scope="module")
def small_population() -> Population:
    p = build_population(build_country(), 1_500, 8, TODAY)
    set_identities(p, 0.0, 0.0, 8)
    assert names_as_text(p.persons.name).null_count == 0
    return p


def test_the_last_word_of_every_name_can_go_missing(population: Population) -> None:
    mix = ErrorMix(**dict.fromkeys(RATES, 0.0) | {"nama_hilang": 1.0})
    names = population.persons.name
    result = damage_names(Damager(mix, np.ones(len(names)), np.random.default_rng(1), Notes()), names)
    two_words = (names >= 0).sum(1) > 1
    original = np.array(names_as_text(names).to_pylist())
    # A last word that is an initial already (TEUKU M.) may be left as that initial.
    two_words &= ~np.char.endswith(original, ".")
    assert (np.array(result.to_pylist())[two_words] != original[two_words]).all()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_month_of_very_bad_rows_can_be_written(tmp_path: Path, seed: int) -> None:
    terrible = ErrorMix(**dict.fromkeys(RATES, 0.35), rusak=0.05)
    report = simulate(1_200, seed, "2025-03", tmp_path / "landing", errors=terrible, dukcapil=True)
    assert all(report.rows.values())


@given(
    values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=50),
    lowest=st.floats(-100, 100),
    width=st.floats(0.5, 200),
)
def test_folding_keeps_what_lies_inside_and_brings_in_the_rest(
    values: list[float], lowest: float, width: float
) -> None:
    x = np.array(values)
    result = fold(x, lowest, lowest + width)
    assert (result >= lowest - 1e-9).all() and (result <= lowest + width + 1e-9).all()
    inside = (x >= lowest) & (x <= lowest + width)
    assert np.allclose(result[inside], x[inside])


def test_heaped_dates_are_the_same_days_in_leap_years() -> None:
    dates = np.datetime64("1980-05-05", "D").astype(int) + np.arange(2_000)
    _, months, days = year_month_day(heaped_days(dates, [0.3, 0.3, 0.4], np.random.default_rng(1)))
    assert set(zip(months.tolist(), days.tolist(), strict=True)) == HEAPED_DATES


def twins_of(p: Population) -> tuple[np.ndarray, np.ndarray]:
    """Second- and third-born, and the first of their birth."""
    younger = np.flatnonzero(p.persons.first_born != np.arange(len(p.persons.birth_day)))
    return younger, p.persons.first_born[younger]


def test_one_birth_in_eighty_is_of_twins_and_two_thirds_of_them_are_of_one_sex(population: Population) -> None:
    o = population.persons
    younger, elder = twins_of(population)
    births = (o.relation == CHILD).sum() - len(younger)
    assert 1 / 110 < len(younger) / births < 1 / 60
    assert 0.5 < (o.female[younger] == o.female[elder]).mean() < 0.83
    for same in (o.keluarga, o.birth_day, o.official_birth_day, o.birth_kecamatan, o.ethnicity, o.mother):
        assert (same[younger] == same[elder]).all()
    assert (o.mother_name[younger] == o.mother_name[elder]).all()


def test_most_twins_are_called_nearly_alike_and_none_quite_alike(population: Population) -> None:
    younger, elder = twins_of(population)
    names = names_as_text(population.persons.name)
    pairs = pa.table({"a": names.take(pa.array(younger)), "k": names.take(pa.array(elder))})
    distances = duckdb.from_arrow(pairs).project("levenshtein(a, k) as distance").fetchnumpy()["distance"]
    assert distances.min() >= 1
    assert 0.4 < (distances <= 3).mean() < 0.75
    assert {1, 2, 3} <= set(distances.tolist())


def test_twins_have_numbers_of_their_own_that_mostly_follow_each_other() -> None:
    p = build_population(build_country(), 40_000, 5, TODAY)
    set_identities(p, 0.0, 0.0, 5)
    younger, elder = twins_of(p)
    nik = p.persons.nik.astype(np.int64)
    assert len(np.unique(nik)) == len(nik)
    same_sex = p.persons.female[younger] == p.persons.female[elder]
    consecutive = np.abs(nik[younger] - nik[elder]) <= 2
    assert consecutive[same_sex].mean() > 0.5


def test_twins_are_as_many_as_asked_for(tmp_path: Path) -> None:
    for twins, fewest, most in ((0.0, 0, 8), (0.3, 250, 2_000)):
        report = simulate(4_000, 1, "2025-03", tmp_path / str(twins) / "landing", twins=twins)
        truth = pq.read_table(report.truth / "orang.parquet").to_pandas().drop_duplicates("person_true")
        assert fewest <= (truth.birth_true != truth.person_true).sum() <= most
    with pytest.raises(InputError, match="births of twins"):
        simulate(4_000, 1, "2025-03", tmp_path / "landing", twins=0.7)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Rows of a clean month with their truth: tables `regsosek` and `dtks`."""
    to = tmp_path_factory.mktemp("clean") / "landing"
    report = simulate(20_000, 4, "2025-03", to, errors=ErrorMix().without_damage())
    with duckdb.connect() as con:
        for source, key in (("regsosek", "id_anggota"), ("dtks", "idartbdt")):
            con.execute(
                f"""
                create table {source} as
                select * from read_csv('{to}/2025-03/{source}/anggota.csv', all_varchar = true) as a
                inner join '{report.truth}/orang.parquet' as b on b.source = '{source}' and b.record_id = a.{key}
                """
            )
        yield con


def test_some_husbands_head_two_cards_at_two_addresses_and_live_in_one_family(
    clean: duckdb.DuckDBPyConnection,
) -> None:
    two_cards = clean.execute(
        """
        select person_true, count(distinct family_true), count(distinct id_keluarga)
        from regsosek
        where kd_hubungan_keluarga = '1' and kd_jenis_kelamin = '1'
        group by person_true having count(distinct id_keluarga) > 1
        """
    ).fetchall()
    assert 10 < len(two_cards) < 80
    assert {(keluarga, cards) for _, keluarga, cards in two_cards} == {(1, 2)}
    others = clean.execute(
        """
        select count(*), count(*) filter (s.kd_hubungan_keluarga = '2'), count(*) filter (s.kd_hubungan_keluarga = '3')
        from regsosek as a
        inner join regsosek as s on a.id_keluarga = s.id_keluarga and a.family_true <> s.family_true
        where a.kd_hubungan_keluarga = '1' and a.kd_jenis_kelamin = '1'
        """
    ).fetchone()
    assert others and others[1] >= 10 and others[2] >= 10, "the second wife and her children are another family"


def test_families_that_died_out_stay_on_a_list(clean: duckdb.DuckDBPyConnection) -> None:
    died_out = clean.execute(
        "select count(*) from (select idbdt from dtks group by idbdt having bool_and(sta_keberadaan_art = '2'))"
    ).fetchone()
    assert died_out and died_out[0] >= 2


def test_a_date_that_was_never_entered_leaves_the_age_that_was_asked(tmp_path: Path) -> None:
    simulate(6_000, 4, "2025-03", tmp_path / "landing", errors=replace(ErrorMix().without_damage(), tgl_nol=0.02))
    with (tmp_path / "landing/2025-03/regsosek/anggota.csv").open(encoding="utf-8", newline="") as f:
        empty_dates = [b for b in csv.DictReader(f) if b["tgl_lahir"].encode() in EMPTY_DATES]
    assert 50 < len(empty_dates) < 250
    assert len({b["tgl_lahir"] for b in empty_dates}) > 2
    assert len({b["umur"] for b in empty_dates}) > 20
