"""The proxy means test as a sum: what it refuses, what it does with what it does not know, and that it can be read
out."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from welfare_fixture import ASSETS, CATEGORIES, LIVESTOCK, households, warehouse

from dtsen_pipeline import welfare
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.sql.macros import to_spark
from dtsen_pipeline.sql.models import load_models, load_seeds
from dtsen_pipeline.welfare import pmt, scoring
from dtsen_pipeline.welfare.estimation import estimate
from dtsen_pipeline.welfare.metrics import measure, targeting_error

FEATURES = ["lantai", "motor", "luas_lantai", "jumlah_anggota"]
TARGET = "pengeluaran_per_kapita"


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return households(240)


@pytest.fixture(scope="module")
def model(survey: pd.DataFrame) -> pmt.PmtModel:
    return pmt.fit(survey, target=TARGET, features=FEATURES, region="kode_kabupaten")


# What is refused


def test_negative_weight_is_refused_with_its_column(survey: pd.DataFrame) -> None:
    bad = survey.assign(penimbang=1.0)
    bad.loc[3, "penimbang"] = -1
    with pytest.raises(InputError, match="1 penimbang negatif") as error:
        pmt.fit(bad, target=TARGET, features=FEATURES, weight="penimbang")
    assert error.value.column == "penimbang"


def test_missing_weight_is_refused(survey: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="weights"):
        pmt.fit(survey.assign(penimbang=np.nan), target=TARGET, features=FEATURES, weight="penimbang")


def test_too_few_households_are_refused(survey: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="19 rumah tangga"):
        pmt.fit(survey.head(19), target=TARGET, features=FEATURES)


def test_households_without_consumption_do_not_count(survey: pd.DataFrame) -> None:
    empty = survey.assign(**{TARGET: [np.nan, 0.0, -5.0] * 80})
    with pytest.raises(InputError, match="0 rumah tangga"):
        pmt.fit(empty, target=TARGET, features=FEATURES)


def test_one_sampling_unit_cannot_measure_error(survey: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="unit"):
        pmt.fit(survey.assign(unit=1), target=TARGET, features=FEATURES, group="unit")


def test_target_among_the_features_is_refused(survey: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="sasaran"):
        pmt.fit(survey, target=TARGET, features=[TARGET, "lantai"])


def test_unknown_column_is_named(survey: pd.DataFrame, model: pmt.PmtModel) -> None:
    with pytest.raises(InputError, match="jendela"):
        pmt.fit(survey, target=TARGET, features=["jendela"])
    with pytest.raises(InputError, match="lantai"):
        model.predict(survey.drop(columns="lantai"))


def test_level_of_an_interval_lies_between_0_and_1(survey: pd.DataFrame, model: pmt.PmtModel) -> None:
    with pytest.raises(InputError, match="level"):
        model.predict_interval(survey, level=90)


# What carries nothing, and what is not known


def test_constant_and_empty_columns_leave_the_model_with_the_reason(survey: pd.DataFrame) -> None:
    odd = survey.assign(tetap=1, tetap_teks="sama", kosong=None, kosong_angka=np.nan)
    found = pmt.fit(odd, target=TARGET, features=["luas_lantai", "tetap", "tetap_teks", "kosong", "kosong_angka"])
    reasons = found.card["peubah_dikeluarkan"]
    assert "constant" in reasons["tetap"] and "constant" in reasons["tetap_teks"]
    assert "missing" in reasons["kosong"] and "missing" in reasons["kosong_angka"]
    assert found.card["peubah_dipakai"] == ["luas_lantai"]


def test_nothing_but_constants_still_gives_the_mean(survey: pd.DataFrame) -> None:
    found = pmt.fit(survey.assign(tetap=1), target=TARGET, features=["tetap"])
    assert found.predict(survey).nunique() == 1
    assert found.predict(survey).iloc[0] == pytest.approx(np.log(survey[TARGET]).mean())


def test_unknown_category_and_missing_value_are_filled_alike_and_flagged(
    survey: pd.DataFrame, model: pmt.PmtModel
) -> None:
    unknown = survey.head(2).assign(lantai=["marmer hitam", None])
    assert model.imputed(unknown)["lantai"].all()
    same_home = survey.head(1)
    filled = [model.predict(same_home.assign(lantai=value)).iloc[0] for value in ("marmer hitam", None, "")]
    assert filled == [filled[0]] * 3


def test_a_filled_value_is_the_average_of_the_region_with_enough_households(survey: pd.DataFrame) -> None:
    few = survey.copy()
    few.loc[few.index[few["kode_kabupaten"] == "5201"][29:], "kode_kabupaten"] = "3301"
    found = pmt.fit(few, target=TARGET, features=FEATURES, region="kode_kabupaten")
    own = found.contributions(few).filter(like="jumlah_anggota").sum(axis=1)
    blank = found.contributions(few.assign(jumlah_anggota=None)).filter(like="jumlah_anggota").sum(axis=1)
    assert own.nunique() > 1
    for code, rows in few.groupby("kode_kabupaten").groups.items():
        expected = own if code == "5201" else own[rows]
        assert blank[rows].to_numpy() == pytest.approx(expected.mean()), code


def test_a_filled_value_widens_the_interval(survey: pd.DataFrame, model: pmt.PmtModel) -> None:
    def width(frame: pd.DataFrame) -> pd.Series:
        bounds = model.predict_interval(frame, 0.8)
        return bounds["atas"] - bounds["bawah"]

    assert (width(survey.assign(lantai=None)) > width(survey)).all()


@given(
    st.fixed_dictionaries(
        {
            "lantai": st.one_of(st.none(), st.text(max_size=5), st.sampled_from(CATEGORIES["lantai"])),
            "motor": st.sampled_from([True, False, None]),
            "luas_lantai": st.one_of(st.none(), st.floats()),
            "jumlah_anggota": st.one_of(st.none(), st.integers(-5, 10**9)),
            "kode_kabupaten": st.sampled_from(["3301", "9999", None, ""]),
        }
    )
)
def test_whatever_is_delivered_the_score_is_a_number_and_the_sum_of_its_parts(
    model: pmt.PmtModel, survey: pd.DataFrame, row: dict[str, object]
) -> None:
    frame = pd.DataFrame([row])
    score = model.predict(frame).iloc[0]
    assert np.isfinite(score)
    assert model.contributions(frame).sum(axis=1).iloc[0] == pytest.approx(score, abs=1e-9)
    seen = model.predict(survey)
    assert seen.min() - 3 < score < seen.max() + 3


# How it is fitted


def test_the_same_survey_gives_the_same_coefficients(survey: pd.DataFrame, model: pmt.PmtModel) -> None:
    again = pmt.fit(survey, target=TARGET, features=FEATURES, region="kode_kabupaten")
    pd.testing.assert_frame_equal(again.coefficients, model.coefficients)
    assert again.version == model.version
    assert again.card == model.card


def test_a_whole_number_weight_is_that_many_households(survey: pd.DataFrame) -> None:
    twice = survey.assign(penimbang=1.0, unit=range(len(survey)))
    twice.loc[twice.index[:60], "penimbang"] = 2
    copies = pd.concat([twice, twice.head(60)]).assign(penimbang=1.0)
    found = pmt.fit(twice, target=TARGET, features=["jumlah_anggota"], weight="penimbang", group="unit")
    copied = pmt.fit(copies, target=TARGET, features=["jumlah_anggota"], weight="penimbang", group="unit")
    assert found.predict(survey).to_numpy() == pytest.approx(copied.predict(survey).to_numpy(), abs=0.02)


def test_a_weight_of_zero_is_no_household(survey: pd.DataFrame) -> None:
    without = survey.assign(penimbang=np.where(survey.index < 40, 0.0, 1.0))
    left_out = pmt.fit(without, target=TARGET, features=["jumlah_anggota"], weight="penimbang")
    cut = pmt.fit(survey.iloc[40:], target=TARGET, features=["jumlah_anggota"])
    pd.testing.assert_frame_equal(left_out.coefficients, cut.coefficients)


def test_a_thin_region_keeps_less_of_its_deviation_than_a_full_one() -> None:
    rng = np.random.default_rng(1)
    full, thin = 200, 4
    code = ["3301"] * full + ["3302"] * full + ["5201"] * full + ["5202"] * thin
    deviation = pd.Series(code).map({"3301": 0.0, "3302": 0.0, "5201": 0.8, "5202": 0.8})
    frame = pd.DataFrame({"kode": code, "x": rng.normal(size=len(code))})
    frame["y"] = np.exp(10 + deviation + 0.2 * rng.normal(size=len(code)))
    found = pmt.fit(frame, target="y", features=["x"], region="kode")
    effects = found.coefficients.query("jenis == 'wilayah'").set_index("nilai")["koefisien"]
    assert effects["5201"] > effects["5202"] > 0
    unknown, province, known = (
        found.predict(pd.DataFrame({"x": [0.0], "kode": [c]})).iloc[0] for c in ("9901", "5203", "5201")
    )
    assert unknown < province < known


def test_ridge_is_the_one_of_scikit_learn(survey: pd.DataFrame) -> None:
    from sklearn.linear_model import Ridge

    prepared, _, _ = pmt.usable(survey, TARGET)
    equation = estimate(prepared, ["luas_lantai", "umur_krt", "jumlah_anggota"], [])
    value, _ = equation.values(prepared.frame, prepared.codes)
    kept = equation.koefisien != 0
    scaled = value[:, kept] / (2 * value[:, kept].std(axis=0))
    other = Ridge(alpha=equation.chosen["penalti_suku"]).fit(scaled, prepared.y)
    assert equation.predict(prepared.frame, prepared.codes) == pytest.approx(other.predict(scaled), abs=1e-8)


def test_number_codes_are_categories(survey: pd.DataFrame) -> None:
    coded = survey.assign(
        kd_lantai=survey["lantai"].map({v: i for i, v in enumerate(CATEGORIES["lantai"], 1)}).astype(float)
    )
    found = pmt.fit(coded, target=TARGET, features=["kd_lantai"])
    assert set(found.coefficients.dropna(subset=["nilai"])["nilai"]) == {"1", "2", "3"}
    as_text = coded.assign(kd_lantai=coded["kd_lantai"].astype(int).astype(str))
    assert found.predict(as_text).to_numpy() == pytest.approx(found.predict(coded).to_numpy())


def test_a_column_of_categories_stays_as_a_whole_or_goes(model: pmt.PmtModel) -> None:
    kept = model.coefficients.dropna(subset=["nilai"]).query("kolom == 'lantai'")["nilai"].tolist()
    assert kept == [] or sorted(kept) == sorted(CATEGORIES["lantai"])


def test_a_rare_category_is_drawn_to_the_middle_of_its_column() -> None:
    rng = np.random.default_rng(3)
    lantai = np.array(["keramik"] * 200 + ["semen"] * 200 + ["bambu"] * 2, dtype=object)
    effect = pd.Series(lantai).map({"keramik": 0.5, "semen": 0.0, "bambu": -3.0})
    frame = pd.DataFrame({"lantai": lantai, "y": np.exp(10 + effect + 0.3 * rng.normal(size=402))})
    found = pmt.fit(frame, target="y", features=["lantai"]).coefficients.set_index("nilai")["koefisien"]
    assert found["keramik"] - found["semen"] == pytest.approx(0.5, abs=0.1)
    assert found["semen"] - found["bambu"] < 2.5


def test_card_reports_out_of_sample_error_and_the_challenger(model: pmt.PmtModel) -> None:
    outside, inside = model.card["di_luar_sampel"], model.card["di_dalam_sampel"]
    assert outside["r2"] < inside["r2"]
    assert 0 < outside["galat_sasaran_40"] < 0.6
    assert 0.8 < outside["cakupan_90"] < 1
    assert model.card["pembanding"]["dipublikasikan"] is False


def test_coefficients_are_words_in_two_languages(model: pmt.PmtModel) -> None:
    table = model.coefficients.set_index("term")
    assert table.loc["lantai=tanah", ["label", "label_en"]].tolist() == ["Lantai: tanah", "Floor: earth"]
    assert table["koefisien"].notna().all()


def test_noise_alone_is_not_selected() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(300, 8)), columns=[f"x{i}" for i in range(8)])
    frame["y"] = np.exp(rng.normal(size=300))
    found = pmt.fit(frame, target="y", features=[f"x{i}" for i in range(8)])
    assert found.card["jumlah_suku"] <= 1
    assert found.card["di_luar_sampel"]["r2"] < 0.05


# The month: tables and SQL


@pytest.fixture(scope="module")
def month() -> duckdb.DuckDBPyConnection:
    register = households(400, seed=2)
    for name in (*ASSETS, *LIVESTOCK, "luas_lantai", "kloset", "buang_tinja"):
        kept = register[name].astype(object)
        kept.iloc[:60] = None
        register[name] = kept if name in CATEGORIES else kept.astype("boolean" if name in ASSETS else "Float64")
    for name in (*CATEGORIES, "luas_lantai", *ASSETS):
        register.loc[60:69, name] = None
    register.loc[70:99, "motor"] = pd.NA
    register.loc[100:119, "lantai"] = "papan jati"
    register.loc[120:129, "kode_kabupaten"] = None
    register.loc[130:139, ["kode_kabupaten", "kode_provinsi"]] = None
    register.loc[140, "luas_lantai"] = 99999.0
    # Nobody is left of these: of the last no source describes the dwelling either.
    register.loc[[150, 151, 69], ["jumlah_anggota", "jumlah_art_0_14", "jumlah_art_65"]] = 0
    con = duckdb.connect()
    warehouse(con, households(130), register)
    welfare.fit_month(con)
    welfare.score(con)
    return con


def test_every_family_is_either_scored_or_listed_with_the_reason(month: duckdb.DuckDBPyConnection) -> None:
    listed = month.sql("select family_id, alasan from welfare.tanpa_skor order by 1").fetchall()
    assert listed == [(f"K-{i:012d}", "tanpa_data_rumah") for i in range(60, 69)] + [
        (f"K-{i:012d}", "tanpa_anggota_hadir") for i in (69, 150, 151)
    ]
    said = month.sql("select keterangan, explanation from welfare.tanpa_skor where family_id = 'K-000000000150'")
    assert said.fetchall() == [
        (
            "Semua anggota tercatat meninggal, pindah, atau tidak ditemukan; perlu pengecekan lapangan",
            "All members are recorded as dead, moved away or not found; it needs a ground check",
        )
    ]
    both = "select family_id from welfare.skor union all select family_id from welfare.tanpa_skor"
    assert month.sql(f"select count(*), count(distinct family_id) from ({both})").fetchall() == [(400, 400)]


def test_a_family_of_which_nobody_is_left_takes_no_place_and_no_aid_from_the_living(
    month: duckdb.DuckDBPyConnection,
) -> None:
    welfare.rank(month)
    sizes = month.sql("select count(*) from welfare.desil group by desil_nasional").fetchall()
    assert sum(n for (n,) in sizes) == 388 and max(sizes)[0] - min(sizes)[0] <= 1
    load_seeds(month)
    month.execute("update seeds.kebijakan_program set desil_maks = '10'")
    assert set(welfare.apply_policies(month, "2025-03").values()) == {388}
    gone = "select family_id from welfare.kelayakan where family_id in ('K-000000000150', 'K-000000000069')"
    assert month.sql(gone).fetchall() == []


def test_a_family_without_a_toilet_has_no_bowl_to_be_missing(month: duckdb.DuckDBPyConnection) -> None:
    for table in ("fitur_susenas", "fitur_keluarga"):
        found = month.sql(f"select distinct kloset from welfare.{table} where bab = 'lainnya'").fetchall()
        assert found == [("tidak_pakai",)]


def test_regions_are_called_by_their_names(month: duckdb.DuckDBPyConnection) -> None:
    query = "select distinct label, label_en from welfare.koefisien where jenis = 'wilayah' and nilai = '3301'"
    assert month.sql(query).fetchall() == [("Kabupaten/kota: 3301 Cilacap", "Regency or city: 3301 Cilacap")]
    everywhere = (
        "select count(distinct nilai), count(*) from welfare.koefisien where jenis = 'wilayah' and model = 'lengkap'"
    )
    assert month.sql(everywhere).fetchall() == [(7, 7)]


def test_a_family_without_assets_has_the_short_sum(month: duckdb.DuckDBPyConnection) -> None:
    rows = month.sql("select distinct model, lengkap from welfare.skor where family_id < 'K-000000000060'").fetchall()
    assert rows == [("ringkas", False)]


def test_sql_and_python_read_out_the_same_score(month: duckdb.DuckDBPyConnection) -> None:
    fitted = welfare.fit_month(month)
    features = month.sql("select * from welfare.fitur_keluarga where bukti = 'lengkap' order by family_id").df()
    scored = month.sql("select * from welfare.skor where model = 'lengkap' order by family_id").df()
    assert scored["skor"].to_numpy() == pytest.approx(fitted.predict(features).to_numpy(), abs=1e-9)
    assert scored["galat"].to_numpy() == pytest.approx(fitted.error(features).to_numpy(), abs=1e-9)
    flagged = fitted.imputed(features).apply(lambda row: ",".join(row.index[row]), axis=1)
    assert scored["imputasi"].tolist() == flagged.tolist()
    assert scored["lengkap"].tolist() == (flagged == "").tolist()


def test_explanation_sums_to_the_score_with_filled_values_said(month: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match="tanpa_skor"):
        welfare.explain_score(month, "K-000000000060")
    for family in ("K-000000000005", "K-000000000075", "K-000000000110", "K-000000000135"):
        lines = welfare.explain_score(month, family)
        score, filled = month.execute(
            "select skor, imputasi from welfare.skor where family_id = ?", [family]
        ).fetchall()[0]
        assert lines["kontribusi"].sum() == pytest.approx(score, abs=1e-9)
        assert ",".join(lines.loc[lines["diisi"], "kolom"]) == filled


def test_scoring_needs_nothing_but_the_published_tables(month: duckdb.DuckDBPyConnection) -> None:
    month.execute("begin")
    month.execute("update welfare.koefisien set koefisien = koefisien + 1 where jenis = 'konstanta'")
    before = month.sql("select family_id, skor from welfare.skor").df().set_index("family_id")["skor"]
    after = month.sql(scoring.score_sql(month)).df().set_index("family_id")["skor"]
    month.execute("rollback")
    assert (after - before).to_numpy() == pytest.approx(1.0)


def test_welfare_models_can_be_carried_to_spark(month: duckdb.DuckDBPyConnection) -> None:
    for name, found in load_models().items():
        if name.startswith("welfare."):
            assert to_spark(found.sql)
    assert to_spark(scoring.score_sql(month))


# Measures, and the price of an import


def test_targeting_error_of_a_perfect_a_reversed_and_a_weighted_ranking() -> None:
    truth = np.arange(10.0)
    assert targeting_error(truth, truth, 0.4) == 0
    assert targeting_error(truth, -truth, 0.4) == 1
    assert targeting_error(truth, np.array([9, 1, 2, 3, 0, 5, 6, 7, 8, 4.0]), 0.4) == pytest.approx(0.25)
    with pytest.raises(ValueError, match="share"):
        targeting_error(truth, truth, 40)
    assert measure(truth, truth)["r2"] == 1


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "('sklearn', 'statsmodels', 'scipy')"
    code = f"import sys, dtsen_pipeline.welfare; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
