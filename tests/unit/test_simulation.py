"""What a simulated month must be: readable by the contracts, dirty in every known way, and with its truth beside it."""

import csv
import hashlib
import re
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

import dtsen_pipeline.contracts as contracts_package
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation import ErrorMix, SimulationReport, simulate
from dtsen_pipeline.simulation.calendar import iso
from dtsen_pipeline.simulation.country import build_country
from dtsen_pipeline.simulation.damage import Damager, Notes, damage_dates
from dtsen_pipeline.simulation.names import names_as_text, vocabulary
from dtsen_pipeline.simulation.numbers import issue_numbers
from dtsen_pipeline.simulation.text_damage import damage_names, damage_nik

PERSONS = 6_000
MONTH = "2025-03"
NIK = re.compile(r"^[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{2}(?!0000)\d{4}$")
CONTRACTS = Path(contracts_package.__file__).parent


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationReport]:
    to = tmp_path_factory.mktemp("simulation") / "landing"
    return to, simulate(PERSONS, 11, MONTH, to, errors=ErrorMix(rusak=0.004), dukcapil=True)


def read_rows(to: Path, path: str, month: str = MONTH) -> list[dict[str, str]]:
    folder = to if path.startswith("referensi") else to / month
    with (folder / f"{path}.csv").open(encoding="utf-8", newline="") as f:
        return [b for b in csv.DictReader(f) if None not in b.values()]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        simulate(400, seed, MONTH, tmp_path / name / "landing")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    same = {k for k, v in digests(tmp_path / "a").items() if digests(tmp_path / "c").get(k) == v}
    assert not [k for k in same if MONTH in k]


def test_truth_stays_outside_the_landing_folder(month: tuple[Path, SimulationReport]) -> None:
    to, report = month
    assert to.resolve() not in report.truth.resolve().parents
    for p in (p for p in to.rglob("*") if p.is_file()):
        assert "kebenaran" not in str(p.relative_to(to))
        assert b"_true" not in p.read_bytes()[:2000]
    assert {p.name for p in report.truth.iterdir()} == {"orang.parquet", "keluarga.parquet", "kesalahan.parquet"}


def test_every_row_of_every_source_has_one_true_person(month: tuple[Path, SimulationReport]) -> None:
    to, report = month
    truth = pq.read_table(report.truth / "orang.parquet").to_pylist()
    keys = [(b["source"], b["record_id"]) for b in truth]
    assert len(keys) == len(set(keys))
    written = {
        (s, b[k])
        for s, t, k in (
            ("dtks", "anggota", "idartbdt"),
            ("regsosek", "anggota", "id_anggota"),
            ("p3ke", "individu", "id_individu"),
        )
        for b in read_rows(to, f"{s}/{t}")
    }
    assert written == set(keys)


@pytest.mark.parametrize(
    "path",
    [
        "dtks/rumah_tangga",
        "dtks/anggota",
        "regsosek/keluarga",
        "regsosek/anggota",
        "p3ke/keluarga",
        "p3ke/individu",
        "dukcapil/penduduk",
        "referensi/wilayah",
        "referensi/susenas",
    ],
)
def test_every_contract_column_is_delivered(month: tuple[Path, SimulationReport], path: str) -> None:
    source, table = path.split("/")
    contract = yaml.safe_load((CONTRACTS / f"{source}.yaml").read_text("utf-8"))["tables"][table]["columns"]
    contract.pop("_include", None)  # the survey takes over the family columns, which are asked for below
    header = set(read_rows(month[0], path)[0])
    if path == "p3ke/keluarga":
        assert "bnpt" in header, "P3KE delivers the column under its alias"
        header |= {"bpnt"}
    assert set(contract) <= header
    if table == "susenas":
        housing = yaml.safe_load((CONTRACTS / "regsosek.yaml").read_text("utf-8"))["tables"]["keluarga"]["columns"]
        names = list(housing)
        assert set(names[names.index("kd_stat_bangunan_tinggal") : names.index("jumlah_kambing_domba") + 1]) <= header


def test_clean_rows_keep_every_rule(tmp_path: Path) -> None:
    to = tmp_path / "landing"
    report = simulate(1_500, 3, MONTH, to, errors=ErrorMix().without_damage())
    assert report.damage == {}
    areas = {b["kode_kemendagri"] for b in read_rows(to, "referensi/wilayah")}
    for path, sex_column, birth_column in (
        ("dtks/anggota", "jnskel", "tgllahir"),
        ("regsosek/anggota", "kd_jenis_kelamin", "tgl_lahir"),
    ):
        for b in read_rows(to, path):
            assert NIK.match(b["nik"]), "the rule of the NIK"
            assert b["nik"][:6] in areas
            day_of_birth = int(b["nik"][6:8])
            assert (day_of_birth > 40) == (b[sex_column] == "2")
            if re.match(r"\d{4}-", b[birth_column]):
                birth = date.fromisoformat(b[birth_column])
                assert (birth.day, birth.month, birth.year % 100) == (
                    day_of_birth - 40 * (day_of_birth > 40),
                    int(b["nik"][8:10]),
                    int(b["nik"][10:12]),
                )
    keluarga = {b["id_keluarga"]: b for b in read_rows(to, "regsosek/keluarga")}
    anggota = read_rows(to, "regsosek/anggota")
    assert {b["id_keluarga"] for b in anggota} == set(keluarga)
    heads = [b["id_keluarga"] for b in anggota if b["kd_hubungan_keluarga"] == "1"]
    assert sorted(heads) == sorted(keluarga), "one head a family"


def test_no_row_breaks_the_contract_unless_asked(tmp_path: Path) -> None:
    damage = simulate(2_000, 3, MONTH, tmp_path / "a" / "landing", errors=ErrorMix(rusak=0.0)).damage
    assert not [k for k in damage if k.startswith("rusak")]


def test_contract_breaks_are_of_every_kind(month: tuple[Path, SimulationReport]) -> None:
    to, report = month
    kinds = {k for k in report.damage if k.startswith("rusak_")}
    assert kinds >= {
        "rusak_kode",
        "rusak_label",
        "rusak_kosong",
        "rusak_tanggal",
        "rusak_yatim",
        "rusak_kunci_ganda",
        "rusak_panjang",
        "rusak_minus",
        "rusak_angka",
    }
    anggota = read_rows(to, "dtks/anggota")
    keys = [b["idartbdt"] for b in anggota]
    assert len(keys) > len(set(keys))
    assert any(b["nama"] == "" for b in anggota)
    assert {b["idbdt"] for b in anggota} - {b["idbdt"] for b in read_rows(to, "dtks/rumah_tangga")} == {"TIDAK-DIKIRIM"}


def test_every_kind_of_damage_occurs(month: tuple[Path, SimulationReport]) -> None:
    kinds = set(ErrorMix().__dataclass_fields__) - {"rusak", "sifat_salah"}
    assert kinds - set(month[1].damage) == set()


def test_damage_is_correlated_within_a_row(month: tuple[Path, SimulationReport]) -> None:
    damage = pq.read_table(month[1].truth / "kesalahan.parquet").to_pandas()
    damage = damage[damage.tabel.isin(["anggota", "individu"])]
    n = sum(month[1].rows[k] for k in ("dtks/anggota", "regsosek/anggota", "p3ke/individu"))
    nik = {
        (s, i) for s, i, j in damage[["source", "record_id", "jenis"]].itertuples(index=False) if j.startswith("nik_")
    }
    name = {
        (s, i) for s, i, j in damage[["source", "record_id", "jenis"]].itertuples(index=False) if j.startswith("nama_")
    }
    assert len(nik & name) / n > 1.2 * (len(nik) / n) * (len(name) / n)


def test_all_38_provinces_occur_even_in_a_small_country(tmp_path: Path) -> None:
    to = tmp_path / "landing"
    report = simulate(600, 2, MONTH, to)
    keluarga = pq.read_table(report.truth / "keluarga.parquet").to_pandas()
    assert keluarga.kode_provinsi.nunique() == 38
    assert sum(b["tingkat"] == "1" for b in read_rows(to, "referensi/wilayah")) == 38


def test_the_two_code_systems_differ_where_they_should() -> None:
    w = build_country()
    assert len(w.kabupaten["code"]) == 514
    assert int((w.kabupaten["code"] != w.kabupaten["bps"]).sum()) == 199
    for area_table in (w.provinsi, w.kabupaten, w.kecamatan, w.desa):
        assert len(np.unique(area_table["code"])) == len(np.unique(area_table["bps"])) == len(area_table["code"])
    assert (w.kecamatan["old_code"] != b"").sum() > 100, "Papua's districts had other codes before 2022"


def test_old_area_codes_lead_to_their_successors(month: tuple[Path, SimulationReport]) -> None:
    w = read_rows(month[0], "referensi/wilayah")
    valid = {b["kode_kemendagri"] for b in w if b["berlaku_sampai"] == ""}
    replaced = [b for b in w if b["berlaku_sampai"] != ""]
    assert replaced
    assert all(b["kode_kemendagri_baru"] in valid and b["berlaku_dari"] < b["berlaku_sampai"] for b in replaced)


def test_poor_families_are_covered_more_and_sources_keep_their_size(month: tuple[Path, SimulationReport]) -> None:
    k = month[1].truth
    rows = duckdb.sql(f"""
        select source, desil, count(distinct person_true) / any_value(orang) as bagian
        from '{k}/orang.parquet' join '{k}/keluarga.parquet' using (family_true)
        join (select desil, sum(jumlah_anggota) as orang from '{k}/keluarga.parquet' group by desil) using (desil)
        group by source, desil""").fetchall()
    share = {(s, d): b for s, d, b in rows}
    for source, target in (("dtks", 0.54), ("regsosek", 0.87), ("p3ke", 0.62)):
        assert abs(np.mean([share[source, d] for d in range(1, 11)]) - target) < 0.06
        assert np.mean([share[source, d] for d in (1, 2, 3)]) > np.mean([share[source, d] for d in (8, 9, 10)])
    assert share["dtks", 1] > 1.6 * share["dtks", 10]


def test_proxies_explain_about_half_of_log_consumption(month: tuple[Path, SimulationReport]) -> None:
    d = pd.read_csv(month[0] / "referensi" / "susenas.csv", dtype={"kode_bps_kabupaten": str})
    traits = pd.get_dummies(d.filter(regex="^kd_").fillna(-1).astype(int).astype(str), drop_first=True)
    x = traits.join(
        pd.DataFrame({"luas": np.log(d.luas_lantai / d.jumlah_art), "art": d.jumlah_art, "umur": d.umur_krt})
    )
    x, y = x.assign(tetap=1.0).to_numpy(float), np.log(d.pengeluaran_per_kapita.to_numpy())
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    r2 = 1 - (residuals @ residuals / (len(y) - np.linalg.matrix_rank(x))) / y.var(ddof=1)
    assert 0.40 < r2 < 0.60
    assert 900_000 < d.pengeluaran_per_kapita.mean() < 1_900_000
    poor = d.kode_bps_kabupaten.str[:2].isin(["53", "97"])
    assert (
        d.pengeluaran_per_kapita[poor].median()
        < 0.75 * d.pengeluaran_per_kapita[d.kode_bps_kabupaten.str[:2] == "31"].median()
    )


def test_the_survey_is_drawn_in_blocks_of_at_most_ten_neighbours(month: tuple[Path, SimulationReport]) -> None:
    d = pd.read_csv(month[0] / "referensi" / "susenas.csv", dtype=str)
    block = d.groupby(["kode_bps_kabupaten", "nks"]).size()
    assert block.max() <= 10 and block.median() >= 8
    assert len(d) == 4_000


def test_families_share_what_families_share(month: tuple[Path, SimulationReport]) -> None:
    to = month[0]
    dtks = read_rows(to, "dtks/anggota")
    mothers: dict[tuple[str, str], set[str]] = {}
    for b in dtks:
        if b["hub_krt"] == "3" and b["namagadis_ibukandung"]:
            mothers.setdefault((b["idbdt"], b["nuk"]), set()).add(b["namagadis_ibukandung"])
    assert np.mean([len(v) == 1 for v in mothers.values()]) > 0.7
    batak = [b["nama"].split()[-1] for b in dtks if b["nik"].startswith("1202") and " " in b["nama"]]
    assert not batak or len(set(batak)) < len(batak), "marga repeat"
    assert any(int(b["jumlah_keluarga"]) > 1 for b in read_rows(to, "dtks/rumah_tangga"))
    assert any(b["idbdt"].endswith("X") for b in read_rows(to, "dtks/rumah_tangga"))


@pytest.mark.parametrize("shape", ["semicolon", "gz", "cp1252", "parquet", "xlsx"])
def test_other_file_forms_hold_the_same_rows(tmp_path: Path, shape: str) -> None:
    plain = simulate(300, 4, MONTH, tmp_path / "csv" / "landing", errors=ErrorMix(rusak=0.0))
    other = simulate(
        300, 4, MONTH, tmp_path / shape / "landing", errors=ErrorMix(rusak=0.0), format=shape, rows_per_file=200
    )
    assert plain.rows == other.rows
    names = sorted(p.name for p in (tmp_path / shape / "landing" / MONTH / "regsosek").iterdir())
    assert names[0].startswith("anggota_001."), "big tables come in several files"


def test_unknown_form_month_and_size_are_refused(tmp_path: Path) -> None:
    for arguments, options, message in (
        ((0, 1, MONTH), {}, "at least 1"),
        ((10, -1, MONTH), {}, "at least 0"),
        ((10, 1, "2025-3"), {}, "YYYY-MM"),
        ((10, 1, "2025-13"), {}, "YYYY-MM"),
        ((10, 1, MONTH), {"format": "dbf"}, "unknown file form"),
        ((10, 1, MONTH), {"rows_per_file": 0}, "rows_per_file"),
    ):
        with pytest.raises(InputError, match=message) as refused:
            simulate(*arguments, tmp_path / "landing", **options)
        assert refused.value.expected and refused.value.action
    assert not (tmp_path / "landing").exists(), "nothing is written before the wish is understood"


def damager(**rate: float) -> Damager:
    from dataclasses import replace

    return Damager(replace(ErrorMix().without_damage(), **rate), np.ones(400), np.random.default_rng(1), Notes())


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("nik_kosong", r"^$"),
        ("nik_ilmiah", r"^\d\.\d{5}E\+15$"),
        ("nik_titik_nol", r"^\d{16}\.0$"),
        ("nik_akhir_nol", r"^\d{15}0$"),
        ("nik_panjang", r"^(\d{15}|\d{17})$"),
        ("nik_huruf", r"^[\dOI]{16}$"),
        ("nik_kepala", r"^9{16}$"),
        ("nik_sama_kk", r"^7{16}$"),
        ("nik_salah_digit", r"^\d{16}$"),
        ("nik_tukar_digit", r"^\d{16}$"),
        ("nik_pemisah", r"^[' ]?\d{6}[ .]?\d{6}[ .]?\d{4}$"),
        ("nik_pengganti", r"^(-|0{16}|9{16}|1234567890123456|\d{6}0{10}|3{16})$"),
    ],
)
def test_damaged_nik_looks_as_it_does_in_registers(kind: str, pattern: str) -> None:
    true_nik = np.full(400, b"3201015708900123", "S16")
    result = damage_nik(
        damager(**{kind: 1.0}), true_nik, np.full(400, b"9" * 16, "S16"), np.full(400, b"7" * 16, "S16")
    ).astype(str)
    assert all(re.match(pattern, x) for x in result)
    assert (result != "3201015708900123").all()


@pytest.mark.parametrize(
    ("kind", "examples"),
    [
        ("nama_hilang", {"SITI"}),
        ("nama_spasi", {"SITIRAHAYU", "SIT IRAHAYU", "SITIR AHAYU"}),
        ("nama_singkat", {"ST. RAHAYU", "SITTI RAHAYU", "SITY RAHAYU", "S. RAHAYU"}),
        ("nama_bin", {"SITI RAHAYU BIN SITI", "SITI RAHAYU BINTI SITI"}),
    ],
)
def test_damaged_names_look_as_they_do_in_registers(kind: str, examples: set[str]) -> None:
    number = {k: i for i, k in enumerate(vocabulary().words.to_pylist())}
    names = np.tile(np.array([number["SITI"], number["RAHAYU"], -1], np.int32), (400, 1))
    assert names_as_text(names[:1]).to_pylist() == ["SITI RAHAYU"]
    assert examples <= set(damage_names(damager(**{kind: 1.0}), names).to_pylist())


def test_damaged_dates_are_of_every_known_form() -> None:
    birth_day = np.full(400, np.datetime64("1980-03-07", "D").astype(int))
    assert damage_dates(damager(), birth_day, 0.0)[0].to_pylist() == ["1980-03-07"] * 400
    assert set(damage_dates(damager(tgl_tukar=1.0), birth_day, 0.0)[0].to_pylist()) == {"1980-07-03"}
    assert set(damage_dates(damager(tgl_hanya_tahun=1.0), birth_day, 0.0)[0].to_pylist()) == {
        "1980",
        "1980-00-00",
        "00/00/1980",
    }
    assert set(damage_dates(damager(tgl_excel=1.0), birth_day, 0.0)[0].to_pylist()) == {"29287", "29287.0"}
    assert set(damage_dates(damager(tgl_mustahil=1.0), birth_day, 0.0)[0].to_pylist()) == {"31/02/1980"}
    assert set(damage_dates(damager(tgl_tumpuk=1.0), birth_day, 0.0)[0].to_pylist()) == {
        "1980-01-01",
        "1980-12-31",
        "1980-07-01",
    }
    assert set(damage_dates(damager(), birth_day, 1.0)[0].to_pylist()) == {"07/03/1980", "07-03-1980"}


def test_a_wrong_year_never_lies_ahead_nor_heaps_on_one_day() -> None:
    birth_day = np.datetime64("2024-12-01", "D").astype(int) + np.arange(400) % 60
    _, wrong = damage_dates(damager(tgl_tahun=1.0), birth_day, 0.0)
    assert (wrong != birth_day).all() and wrong.max() <= birth_day.max()
    assert np.unique(wrong, return_counts=True)[1].max() <= 7


def test_serials_are_unique_within_district_and_day() -> None:
    area, days = np.full(3_000, b"320101", "S6"), np.full(3_000, 4_000)
    nik = issue_numbers(area, days, np.zeros(3_000, bool), np.random.default_rng(2), 45)
    assert len(set(nik.tolist())) == 3_000
    assert all(NIK.match(x.decode()) for x in nik)
    assert iso(days[:1])[0] == b"1980-12-14"


@pytest.mark.parametrize("persons", [1, 7])
def test_a_handful_of_people_is_a_month_too(tmp_path: Path, persons: int) -> None:
    report = simulate(persons, 1, MONTH, tmp_path / "landing", errors=ErrorMix().without_damage())
    assert report.rows["regsosek/anggota"] <= persons
