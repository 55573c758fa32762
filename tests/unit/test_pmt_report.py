"""The report on the proxy means test: its measures are those counted by hand, it shows a score that is off and a covariate
that moved, and what cannot be told is left out and said so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from welfare_fixture import households, warehouse

from benchmarks.pmt_study import __main__, study
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.welfare import pmt, report
from dtsen_pipeline.welfare.metrics import ALL, SHARES, Row, bootstrap, measure, psi, tenths, within_band

Told = dict[tuple[str, str], Row]


def sample(count: int = 600, seed: int = 3, unit_size: int = 10, unit_noise: float = 0.0) -> pd.DataFrame:
    """Households whose score is right on average; ``unit_noise`` is an error that all of a sampling unit share."""
    rng = np.random.default_rng(seed)
    score = rng.normal(6, 0.5, count)
    unit = np.arange(count) // unit_size
    shared = rng.normal(0, unit_noise, unit.max() + 1)[unit] if unit_noise else 0.0
    return pd.DataFrame(
        {
            "skor": score,
            "nyata": score + shared + rng.normal(0, 0.4, count),
            "penimbang": rng.uniform(0.5, 1.5, count),
            "unit": unit,
            "dalam_90": rng.random(count) < 0.9,
        }
    )


def by_key(rows: list[Row]) -> Told:
    found = {(row.ukuran, row.kelompok): row for row in rows}
    assert len(found) == len(rows), "a measure of a group stands once"
    return found


def measured(frame: pd.DataFrame, groups: dict[str, list[str]] | None = None, replicates: int = 200) -> Told:
    return by_key(report.reported_rows(report.measure_groups(frame, groups or {}, replicates)))


# --- the measures -------------------------------------------------------------------------------------------------------------


def test_over_everybody_it_says_what_the_models_card_says() -> None:
    frame = sample()
    # Equal values share a rank, as in the card.
    frame["skor"] = frame["skor"].round(1)
    told = by_key(bootstrap(frame, {}, 5).rows())
    card = measure(*(frame[name].to_numpy() for name in ("nyata", "skor", "penimbang")))
    for name in ("r2", "korelasi_peringkat", "rmse"):
        assert told[name, ALL].nilai == pytest.approx(card[name], abs=1e-4)
    for share in (round(100 * x) for x in SHARES):
        assert told[f"galat_eksklusi_{share}", ALL].nilai == pytest.approx(card[f"galat_sasaran_{share}"], abs=1e-4)
        assert told[f"galat_inklusi_{share}", ALL].nilai == pytest.approx(card[f"galat_sasaran_{share}"], abs=0.01)


def test_errors_of_a_group_are_counted_at_the_cut_of_everybody() -> None:
    frame = sample().assign(penimbang=1.0)
    group = np.where(frame["skor"] > 6, "atas", "bawah")
    told = measured(frame, {"kelas": group.tolist()})
    poor, chosen = (frame[name].rank() <= 0.4 * len(frame) for name in ("nyata", "skor"))
    for label in ("atas", "bawah"):
        own = group == label
        missed = (poor & ~chosen & own).sum() / (poor & own).sum()
        assert told["galat_eksklusi_40", f"kelas={label}"].nilai == pytest.approx(missed, abs=1e-4)
    wrong = (chosen & ~poor).sum() / chosen.sum()
    assert told["galat_inklusi_40", "kelas=bawah"].nilai == pytest.approx(wrong, abs=1e-4)
    # Nobody of the upper half is chosen, so there is nothing to be wrong about.
    assert ("galat_inklusi_40", "kelas=atas") not in told
    assert told["galat_eksklusi_40", "kelas=atas"].nilai == 1


def test_measures_within_a_group_are_those_of_the_group_alone() -> None:
    frame = sample()
    own = frame["unit"] < 30
    told = measured(frame, {"bagian": np.where(own, "a", "").tolist()})
    alone = measure(*(frame.loc[own, name].to_numpy() for name in ("nyata", "skor", "penimbang")))
    for name in ("r2", "korelasi_peringkat", "rmse"):
        assert told[name, "bagian=a"].nilai == pytest.approx(alone[name], abs=1e-4)
    assert not any(group == "bagian=" for _, group in told), "who is in no group makes none"


def test_every_value_lies_in_its_interval_and_the_same_sample_gives_the_same() -> None:
    told = measured(sample(), {"jk_krt": ["L", "P"] * 300})
    for row in told.values():
        if row.bawah is not None:
            assert row.bawah - 0.02 <= row.nilai <= row.atas + 0.02, row
    assert told == measured(sample(), {"jk_krt": ["L", "P"] * 300})


def test_neighbours_who_err_together_widen_the_interval() -> None:
    frame = sample(1200, unit_size=30, unit_noise=0.4)
    together = measured(frame)["selisih", ALL]
    apart = measured(frame.assign(unit=range(len(frame))))["selisih", ALL]
    assert together.nilai == apart.nilai
    assert together.atas - together.bawah > 2 * (apart.atas - apart.bawah)


def test_a_score_spread_too_far_is_seen_in_slope_and_tenths() -> None:
    right = measured(sample(2000))
    assert right["kemiringan", ALL].bawah < 1 < right["kemiringan", ALL].atas
    frame = sample(2000)
    off = measured(frame.assign(skor=6 + 1.5 * (frame["skor"] - 6)))
    assert off["kemiringan", ALL].atas < 0.8
    for tenth, taken_for_richer in (("01", False), ("10", True)):
        key = f"{report.TENTHS}={tenth}"
        assert (off["rata_skor", key].nilai > off["rata_nyata", key].atas) == taken_for_richer
        assert off["rata_skor", key].nilai != pytest.approx(off["rata_nyata", key].nilai, abs=0.2)
        assert right["rata_skor", key].nilai == pytest.approx(right["rata_nyata", key].nilai, abs=0.1)


def test_a_group_taken_for_richer_than_it_is_stands_out() -> None:
    frame = sample(2000)
    hurt = np.arange(2000) % 4 == 0
    told = measured(frame.assign(skor=frame["skor"] + 0.3 * hurt), {"jk_krt": np.where(hurt, "P", "L").tolist()})
    assert told["selisih", "jk_krt=P"].bawah > 0.2 > told["selisih", "jk_krt=L"].atas
    assert told["galat_eksklusi_40", "jk_krt=P"].bawah > told["galat_eksklusi_40", ALL].nilai


@pytest.mark.parametrize(("households", "units"), [(40, 40), (300, 9)])
def test_a_group_of_few_households_or_few_units_is_left_out_and_said_so(households: int, units: int) -> None:
    frame = sample(1000).assign(unit=range(1000))
    frame.loc[: households - 1, "unit"] = np.arange(households) % units
    told = measured(frame, {"provinsi": ["Kecil"] * households + ["Besar"] * (1000 - households)})
    small = {name: row for (name, group), row in told.items() if group == "provinsi=Kecil"}
    assert small == {"terlalu_sedikit": Row("terlalu_sedikit", "provinsi=Kecil", households, None, None)}
    assert told["rumah_tangga", "provinsi=Besar"].nilai == 1000 - households
    assert ("r2", "provinsi=Besar") in told


def test_an_error_over_a_handful_of_poor_is_not_told() -> None:
    frame = sample(1000).sort_values("nyata", ignore_index=True).assign(penimbang=1.0)
    few = np.isin(np.arange(1000), [*range(395, 400), *range(800, 1000)])
    told = measured(frame.assign(unit=range(1000)), {"jk_krt": np.where(few, "P", "L").tolist()})
    assert ("r2", "jk_krt=P") in told and ("galat_eksklusi_40", "jk_krt=L") in told
    assert ("galat_eksklusi_40", "jk_krt=P") not in told


def test_a_score_that_does_not_vary_has_no_rank_correlation() -> None:
    told = measured(sample().assign(skor=6.0))
    assert ("korelasi_peringkat", ALL) not in told
    assert told["r2", ALL].nilai <= 0


def test_a_difference_is_told_from_chance_on_the_same_draws() -> None:
    frame = sample()
    ours = bootstrap(frame, {}, 200)
    worse = frame.assign(skor=frame["skor"] + np.random.default_rng(1).normal(0, 0.3, len(frame)))
    same = by_key(ours.difference(bootstrap(frame, {}, 200), ["r2", "galat_eksklusi_40"]))
    assert {(row.nilai, row.bawah, row.atas) for row in same.values()} == {(0.0, 0.0, 0.0)}
    better = by_key(ours.difference(bootstrap(worse, {}, 200), ["r2"]))["r2", ALL]
    assert 0 < better.bawah <= better.nilai <= better.atas


def test_tenths_hold_a_tenth_of_the_weight_each() -> None:
    weight = np.tile([1.0, 3.0], 500)
    tenth = tenths(np.arange(1000.0), weight)
    assert np.bincount(tenth, weight)[1:] == pytest.approx(np.full(10, 200), abs=3)
    assert (np.diff(tenth) >= 0).all()


def test_a_band_measured_on_the_other_folds_holds_its_share() -> None:
    rng = np.random.default_rng(0)
    error, rows = np.abs(rng.normal(size=2000)), np.arange(2000)
    folds = [(rows[rows % 5 != k], rows[rows % 5 == k]) for k in range(5)]
    assert within_band(error, np.ones(2000), folds, 0.9).mean() == pytest.approx(0.9, abs=0.02)
    error[rows % 5 == 0] *= 3
    assert within_band(error, np.ones(2000), folds, 0.9)[rows % 5 == 0].mean() < 0.8


def test_psi_is_nothing_for_the_same_shares_and_large_for_a_shift() -> None:
    counts = np.array([100.0, 300.0, 600.0])
    assert psi(counts, 10 * counts) == pytest.approx(0, abs=1e-4)
    assert psi(counts, counts[::-1]) > 0.25
    assert 0.5 < psi(np.array([500.0, 500, 0]), np.array([300.0, 300, 400])) < 10, "an empty cell is not infinite"
    assert np.isnan(psi(counts, np.zeros(3)))


# --- the month ----------------------------------------------------------------------------------------------------------------

FEATURES = ["lantai", "motor", "luas_per_kapita", "jumlah_anggota"]


@pytest.fixture(scope="module")
def month() -> tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]]:
    """A survey of regencies and a city, and a register like it in which every scored family owns a motorcycle."""
    register = households(500, seed=2)
    register["motor"] = register.index < 400
    register.loc[:99, "luas_lantai"] = None
    survey = households(300)
    survey["kode_kabupaten"] = survey["kode_kabupaten"].replace("3302", "3371")
    con = duckdb.connect()
    warehouse(con, survey, register)
    run_models(con, ["welfare.fitur_susenas", "welfare.fitur_keluarga"])
    con.execute("create table welfare.skor as select family_id from welfare.fitur_keluarga where motor")
    surveyed = con.execute("select * from welfare.fitur_susenas order by id_ruta").df()
    models = {
        name: pmt.fit(surveyed, target="pengeluaran_per_kapita", features=features, challenger=name == "lengkap")
        for name, features in (("lengkap", FEATURES), ("ringkas", FEATURES[-1:]))
    }
    report.write_out_of_sample(con, surveyed["id_ruta"], models)
    return con, models


def test_the_month_says_the_same_of_each_model_as_its_card(
    month: tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]],
) -> None:
    con, models = month
    told = by_key(report.monthly_rows(con))
    expected = {
        ALL: models["lengkap"].card["di_luar_sampel"],
        "model=ringkas": models["ringkas"].card["di_luar_sampel"],
        "model=pembanding": models["lengkap"].card["pembanding"],
    }
    for group, card in expected.items():
        assert told["r2", group].nilai == pytest.approx(card["r2"], abs=1e-4)
        assert told["galat_eksklusi_40", group].nilai == pytest.approx(card["galat_sasaran_40"], abs=1e-4)
    assert told["cakupan_90", ALL].nilai == pytest.approx(expected[ALL]["cakupan_90"], abs=1e-4)
    assert ("cakupan_90", "model=pembanding") not in told, "its band was never measured"


def test_the_month_is_told_by_province_city_members_and_head(
    month: tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]],
) -> None:
    told = by_key(report.monthly_rows(month[0]))
    dimensions = {group.split("=")[0] for _, group in told}
    assert dimensions == {
        ALL, "provinsi", "daerah", "anggota", "jk_krt", "umur_krt", "persepuluhan", "model", "kolom",
    }  # fmt: skip
    assert ("r2", "provinsi=Jawa Tengah") in told and ("r2", "daerah=kota") in told
    assert {group for name, group in told if name == "terlalu_sedikit"} >= {"persepuluhan=01"}


def test_drift_names_the_covariate_that_moved_and_what_is_unknown(
    month: tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]],
) -> None:
    drift = by_key(report.drift(month[0]))
    assert drift["psi_survei", "kolom=motor"].nilai > 0.25
    assert drift["psi_survei", "kolom=umur_krt"].nilai < 0.1
    assert drift["kosong", "kolom=luas_per_kapita"].nilai == pytest.approx(0.25)
    # What is unknown is told by itself and moves no index.
    assert drift["psi_survei", "kolom=luas_per_kapita"].nilai < 0.1
    assert not any("lalu" in name for name, _ in drift)


def test_drift_against_the_last_release_where_there_is_one(
    month: tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]],
) -> None:
    con, _ = month
    con.execute("create or replace table welfare.lalu as select * from welfare.fitur_keluarga where motor")
    con.execute("update welfare.lalu set lantai = 'tanah'")
    con.execute("alter table welfare.lalu drop column kapal")
    drift = by_key(report.drift(con, "welfare.lalu"))
    assert drift["psi_rilis_lalu", "kolom=lantai"].nilai > 0.25
    assert drift["psi_rilis_lalu", "kolom=motor"].nilai == 0
    assert ("psi_rilis_lalu", "kolom=kapal") not in drift
    con.execute("delete from welfare.lalu")
    assert by_key(report.drift(con, "welfare.lalu")) == by_key(report.drift(con))


def test_the_month_is_written_as_a_table(month: tuple[duckdb.DuckDBPyConnection, dict[str, pmt.PmtModel]]) -> None:
    con, _ = month
    count = report.write_report(con)
    found = con.execute("select * from welfare.laporan").fetchall()
    assert [Row(*row) for row in found] == report.monthly_rows(con)
    assert len(found) == count
    assert con.execute("select count(*) from welfare.laporan where nilai is null or isnan(nilai)").fetchone() == (0,)


# --- the page -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    """Invented households in the columns of the survey of Alatas et al., with a province of one village and a half."""
    rng = np.random.default_rng(8)
    count = 640
    wealth = rng.normal(size=count)
    ea = np.arange(count) // 16
    size = 1 + rng.poisson(3, count)
    frame = pd.DataFrame(
        {
            "hhid": range(count), "province": np.where(ea < 2, 99, 10 + ea % 2), "district": ea % 4, "subdistrict": ea,
            "ea": ea, "consumption": np.exp(6 + 0.5 * wealth - 0.1 * size + rng.normal(0, 0.3, count)),
            "pcfloor": np.round(np.exp(2 + 0.4 * wealth + rng.normal(0, 0.3, count)), 1),
            "tfloor": (wealth + rng.normal(size=count) > 0).astype(int),
            "hhsize": size, "hhmale": (rng.random(count) < 0.8).astype(int), "hhage": rng.integers(20, 80, count),
        }
    )  # fmt: skip
    for name in study.BELONGINGS[1:]:
        frame[name] = (wealth + rng.normal(size=count) > 0.5).astype(int)
    return frame


def test_the_page_compares_tells_who_is_missed_and_names_what_it_cannot_say(
    survey: pd.DataFrame, tmp_path: Path
) -> None:
    file, to = tmp_path / "survei.csv", tmp_path / "pmt.md"
    survey.to_csv(file, index=False)
    __main__.main(["--survey", str(file), "--report", str(to)])
    text = to.read_text(encoding="utf-8")
    features = [name for name in survey.columns if name not in study.PLACES]
    card = pmt.fit(survey, target="consumption", features=features, region=["province", "district"], group="ea").card
    # The second column is ours, the last the challenger's.
    line = next(line for line in text.splitlines() if line.startswith("| R2 |")).split("|")
    assert line[2].startswith(f" {card['di_luar_sampel']['r2']:.3f} (")
    assert line[5].startswith(f" {card['pembanding']['r2']:.3f} (")
    assert "| province 99 | 32 | too few" in text
    assert "urban or rural" in text and "nan" not in text
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 132


def test_plain_ols_is_measured_on_folds_it_has_not_seen() -> None:
    frame = sample(300).assign(lipatan=np.arange(300) % 5)
    noise = np.random.default_rng(4).normal(size=(300, 100))
    scored = study.least_squares(frame, noise)
    assert measure(scored["nyata"].to_numpy(), scored["skor"].to_numpy())["r2"] < 0


def test_areas_held_out_whole_are_measured_beside_ols_with_their_intervals(survey: pd.DataFrame) -> None:
    features = [name for name in survey.columns if name not in study.PLACES]
    away = study.held_out(survey, features, seeds=2)
    assert len(away) == 2 and away["r2"].nunique() == 2
    assert (away["ols_r2"] < 1).all() and away["r2"].between(0.3, 0.95).all()
    assert (away["cakupan_50"] < away["cakupan_90"]).all()


def test_a_survey_that_says_urban_is_told_by_it(survey: pd.DataFrame) -> None:
    groups = study.groups_of(survey.assign(urban=[1, 0] * 320))
    assert set(groups["daerah"]) == {"kota", "desa"}
    assert "daerah" not in study.groups_of(survey)
