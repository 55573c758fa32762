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
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import Catatan, Perusak, rusak_tanggal
from dtsen_pipeline.simulation.nama import kamus, rangkai
from dtsen_pipeline.simulation.nomor import susun
from dtsen_pipeline.simulation.tulisan import rusak_nama, rusak_nik
from dtsen_pipeline.simulation.wilayah import bangun_wilayah

ORANG = 6_000
BULAN = "2025-03"
NIK = re.compile(r"^[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{2}(?!0000)\d{4}$")
KONTRAK = Path(contracts_package.__file__).parent


@pytest.fixture(scope="module")
def bulan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationReport]:
    to = tmp_path_factory.mktemp("simulasi") / "landing"
    return to, simulate(ORANG, 11, BULAN, to, kesalahan=ErrorMix(rusak=0.004), dukcapil=True)


def baca(to: Path, jalur: str, bulan: str = BULAN) -> list[dict[str, str]]:
    folder = to if jalur.startswith("referensi") else to / bulan
    with (folder / f"{jalur}.csv").open(encoding="utf-8", newline="") as f:
        return [b for b in csv.DictReader(f) if None not in b.values()]


def sidik(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for nama, seed in (("a", 5), ("b", 5), ("c", 6)):
        simulate(400, seed, BULAN, tmp_path / nama / "landing")
    assert sidik(tmp_path / "a") == sidik(tmp_path / "b")
    sama = {k for k, v in sidik(tmp_path / "a").items() if sidik(tmp_path / "c").get(k) == v}
    assert not [k for k in sama if BULAN in k]


def test_truth_stays_outside_the_landing_folder(bulan: tuple[Path, SimulationReport]) -> None:
    to, laporan = bulan
    assert to.resolve() not in laporan.kebenaran.resolve().parents
    for p in (p for p in to.rglob("*") if p.is_file()):
        assert "kebenaran" not in str(p.relative_to(to))
        assert b"_true" not in p.read_bytes()[:2000]
    assert {p.name for p in laporan.kebenaran.iterdir()} == {"orang.parquet", "keluarga.parquet", "kesalahan.parquet"}


def test_every_row_of_every_source_has_one_true_person(bulan: tuple[Path, SimulationReport]) -> None:
    to, laporan = bulan
    benar = pq.read_table(laporan.kebenaran / "orang.parquet").to_pylist()
    kunci = [(b["source"], b["record_id"]) for b in benar]
    assert len(kunci) == len(set(kunci))
    tertulis = {
        (s, b[k])
        for s, t, k in (
            ("dtks", "anggota", "idartbdt"),
            ("regsosek", "anggota", "id_anggota"),
            ("p3ke", "individu", "id_individu"),
        )
        for b in baca(to, f"{s}/{t}")
    }
    assert tertulis == set(kunci)


@pytest.mark.parametrize(
    "jalur",
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
def test_every_contract_column_is_delivered(bulan: tuple[Path, SimulationReport], jalur: str) -> None:
    sumber, tabel = jalur.split("/")
    kontrak = yaml.safe_load((KONTRAK / f"{sumber}.yaml").read_text("utf-8"))["tables"][tabel]["columns"]
    kontrak.pop("_include", None)  # the survey takes over the family columns, which are asked for below
    kepala = set(baca(bulan[0], jalur)[0])
    if jalur == "p3ke/keluarga":
        assert "bnpt" in kepala, "P3KE delivers the column under its alias"
        kepala |= {"bpnt"}
    assert set(kontrak) <= kepala
    if tabel == "susenas":
        rumah = yaml.safe_load((KONTRAK / "regsosek.yaml").read_text("utf-8"))["tables"]["keluarga"]["columns"]
        nama = list(rumah)
        assert set(nama[nama.index("kd_stat_bangunan_tinggal") : nama.index("jumlah_kambing_domba") + 1]) <= kepala


def test_clean_rows_keep_every_rule(tmp_path: Path) -> None:
    to = tmp_path / "landing"
    laporan = simulate(1_500, 3, BULAN, to, kesalahan=ErrorMix().tanpa())
    assert laporan.kesalahan == {}
    wilayah = {b["kode_kemendagri"] for b in baca(to, "referensi/wilayah")}
    for jalur, jk, tgl in (
        ("dtks/anggota", "jnskel", "tgllahir"),
        ("regsosek/anggota", "kd_jenis_kelamin", "tgl_lahir"),
    ):
        for b in baca(to, jalur):
            assert NIK.match(b["nik"]), "the rule of the NIK"
            assert b["nik"][:6] in wilayah
            hari = int(b["nik"][6:8])
            assert (hari > 40) == (b[jk] == "2")
            if re.match(r"\d{4}-", b[tgl]):
                lahir = date.fromisoformat(b[tgl])
                assert (lahir.day, lahir.month, lahir.year % 100) == (
                    hari - 40 * (hari > 40),
                    int(b["nik"][8:10]),
                    int(b["nik"][10:12]),
                )
    keluarga = {b["id_keluarga"]: b for b in baca(to, "regsosek/keluarga")}
    anggota = baca(to, "regsosek/anggota")
    assert {b["id_keluarga"] for b in anggota} == set(keluarga)
    kepala = [b["id_keluarga"] for b in anggota if b["kd_hubungan_keluarga"] == "1"]
    assert sorted(kepala) == sorted(keluarga), "one head a family"


def test_no_row_breaks_the_contract_unless_asked(tmp_path: Path) -> None:
    bersih = simulate(2_000, 3, BULAN, tmp_path / "a" / "landing", kesalahan=ErrorMix(rusak=0.0)).kesalahan
    assert not [k for k in bersih if k.startswith("rusak")]


def test_contract_breaks_are_of_every_kind(bulan: tuple[Path, SimulationReport]) -> None:
    to, laporan = bulan
    jenis = {k for k in laporan.kesalahan if k.startswith("rusak_")}
    assert jenis >= {
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
    anggota = baca(to, "dtks/anggota")
    kunci = [b["idartbdt"] for b in anggota]
    assert len(kunci) > len(set(kunci))
    assert any(b["nama"] == "" for b in anggota)
    assert {b["idbdt"] for b in anggota} - {b["idbdt"] for b in baca(to, "dtks/rumah_tangga")} == {"TIDAK-DIKIRIM"}


def test_every_kind_of_damage_occurs(bulan: tuple[Path, SimulationReport]) -> None:
    semua = set(ErrorMix().__dataclass_fields__) - {"rusak", "sifat_salah"}
    assert semua - set(bulan[1].kesalahan) == set()


def test_damage_is_correlated_within_a_row(bulan: tuple[Path, SimulationReport]) -> None:
    salah = pq.read_table(bulan[1].kebenaran / "kesalahan.parquet").to_pandas()
    salah = salah[salah.tabel.isin(["anggota", "individu"])]
    n = sum(bulan[1].baris[k] for k in ("dtks/anggota", "regsosek/anggota", "p3ke/individu"))
    nik = {
        (s, i) for s, i, j in salah[["source", "record_id", "jenis"]].itertuples(index=False) if j.startswith("nik_")
    }
    nama = {
        (s, i) for s, i, j in salah[["source", "record_id", "jenis"]].itertuples(index=False) if j.startswith("nama_")
    }
    assert len(nik & nama) / n > 1.2 * (len(nik) / n) * (len(nama) / n)


def test_all_38_provinces_occur_even_in_a_small_country(tmp_path: Path) -> None:
    to = tmp_path / "landing"
    laporan = simulate(600, 2, BULAN, to)
    keluarga = pq.read_table(laporan.kebenaran / "keluarga.parquet").to_pandas()
    assert keluarga.kode_provinsi.nunique() == 38
    assert sum(b["tingkat"] == "1" for b in baca(to, "referensi/wilayah")) == 38


def test_the_two_code_systems_differ_where_they_should() -> None:
    w = bangun_wilayah()
    assert len(w.kabupaten["kode"]) == 514
    assert int((w.kabupaten["kode"] != w.kabupaten["bps"]).sum()) == 199
    for tabel in (w.provinsi, w.kabupaten, w.kecamatan, w.desa):
        assert len(np.unique(tabel["kode"])) == len(np.unique(tabel["bps"])) == len(tabel["kode"])
    assert (w.kecamatan["lama"] != b"").sum() > 100, "Papua's districts had other codes before 2022"


def test_old_area_codes_lead_to_their_successors(bulan: tuple[Path, SimulationReport]) -> None:
    w = baca(bulan[0], "referensi/wilayah")
    berlaku = {b["kode_kemendagri"] for b in w if b["berlaku_sampai"] == ""}
    lama = [b for b in w if b["berlaku_sampai"] != ""]
    assert lama
    assert all(b["kode_kemendagri_baru"] in berlaku and b["berlaku_dari"] < b["berlaku_sampai"] for b in lama)


def test_poor_families_are_covered_more_and_sources_keep_their_size(bulan: tuple[Path, SimulationReport]) -> None:
    k = bulan[1].kebenaran
    baris = duckdb.sql(f"""
        select source, desil, count(distinct person_true) / any_value(orang) as bagian
        from '{k}/orang.parquet' join '{k}/keluarga.parquet' using (family_true)
        join (select desil, sum(jumlah_anggota) as orang from '{k}/keluarga.parquet' group by desil) using (desil)
        group by source, desil""").fetchall()
    bagian = {(s, d): b for s, d, b in baris}
    for sumber, sasaran in (("dtks", 0.54), ("regsosek", 0.87), ("p3ke", 0.62)):
        assert abs(np.mean([bagian[sumber, d] for d in range(1, 11)]) - sasaran) < 0.06
        assert np.mean([bagian[sumber, d] for d in (1, 2, 3)]) > np.mean([bagian[sumber, d] for d in (8, 9, 10)])
    assert bagian["dtks", 1] > 1.6 * bagian["dtks", 10]


def test_proxies_explain_about_half_of_log_consumption(bulan: tuple[Path, SimulationReport]) -> None:
    d = pd.read_csv(bulan[0] / "referensi" / "susenas.csv", dtype={"kode_bps_kabupaten": str})
    sifat = pd.get_dummies(d.filter(regex="^kd_").fillna(-1).astype(int).astype(str), drop_first=True)
    x = sifat.join(
        pd.DataFrame({"luas": np.log(d.luas_lantai / d.jumlah_art), "art": d.jumlah_art, "umur": d.umur_krt})
    )
    x, y = x.assign(tetap=1.0).to_numpy(float), np.log(d.pengeluaran_per_kapita.to_numpy())
    sisa = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    r2 = 1 - (sisa @ sisa / (len(y) - np.linalg.matrix_rank(x))) / y.var(ddof=1)
    assert 0.40 < r2 < 0.60
    assert 900_000 < d.pengeluaran_per_kapita.mean() < 1_900_000
    miskin = d.kode_bps_kabupaten.str[:2].isin(["53", "97"])
    assert (
        d.pengeluaran_per_kapita[miskin].median()
        < 0.75 * d.pengeluaran_per_kapita[d.kode_bps_kabupaten.str[:2] == "31"].median()
    )


def test_the_survey_is_drawn_in_blocks_of_at_most_ten_neighbours(bulan: tuple[Path, SimulationReport]) -> None:
    d = pd.read_csv(bulan[0] / "referensi" / "susenas.csv", dtype=str)
    blok = d.groupby(["kode_bps_kabupaten", "nks"]).size()
    assert blok.max() <= 10 and blok.median() >= 8
    assert len(d) == 4_000


def test_families_share_what_families_share(bulan: tuple[Path, SimulationReport]) -> None:
    to = bulan[0]
    dtks = baca(to, "dtks/anggota")
    ibu: dict[tuple[str, str], set[str]] = {}
    for b in dtks:
        if b["hub_krt"] == "3" and b["namagadis_ibukandung"]:
            ibu.setdefault((b["idbdt"], b["nuk"]), set()).add(b["namagadis_ibukandung"])
    assert np.mean([len(v) == 1 for v in ibu.values()]) > 0.7
    batak = [b["nama"].split()[-1] for b in dtks if b["nik"].startswith("1202") and " " in b["nama"]]
    assert not batak or len(set(batak)) < len(batak), "marga repeat"
    assert any(int(b["jumlah_keluarga"]) > 1 for b in baca(to, "dtks/rumah_tangga"))
    assert any(b["idbdt"].endswith("X") for b in baca(to, "dtks/rumah_tangga"))


@pytest.mark.parametrize("bentuk", ["semicolon", "gz", "cp1252", "parquet", "xlsx"])
def test_other_file_forms_hold_the_same_rows(tmp_path: Path, bentuk: str) -> None:
    biasa = simulate(300, 4, BULAN, tmp_path / "csv" / "landing", kesalahan=ErrorMix(rusak=0.0))
    lain = simulate(
        300, 4, BULAN, tmp_path / bentuk / "landing", kesalahan=ErrorMix(rusak=0.0), format=bentuk, rows_per_file=200
    )
    assert biasa.baris == lain.baris
    nama = sorted(p.name for p in (tmp_path / bentuk / "landing" / BULAN / "regsosek").iterdir())
    assert nama[0].startswith("anggota_001."), "big tables come in several files"


def test_unknown_form_month_and_size_are_refused(tmp_path: Path) -> None:
    for argumen, pilihan, pesan in (
        ((0, 1, BULAN), {}, "at least 1"),
        ((10, -1, BULAN), {}, "at least 0"),
        ((10, 1, "2025-3"), {}, "YYYY-MM"),
        ((10, 1, "2025-13"), {}, "YYYY-MM"),
        ((10, 1, BULAN), {"format": "dbf"}, "unknown file form"),
        ((10, 1, BULAN), {"rows_per_file": 0}, "rows_per_file"),
    ):
        with pytest.raises(InputError, match=pesan) as salah:
            simulate(*argumen, tmp_path / "landing", **pilihan)
        assert salah.value.expected and salah.value.action
    assert not (tmp_path / "landing").exists(), "nothing is written before the wish is understood"


def perusak(**rate: float) -> Perusak:
    from dataclasses import replace

    return Perusak(replace(ErrorMix().tanpa(), **rate), np.ones(400), np.random.default_rng(1), Catatan())


@pytest.mark.parametrize(
    ("jenis", "pola"),
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
def test_damaged_nik_looks_as_it_does_in_registers(jenis: str, pola: str) -> None:
    benar = np.full(400, b"3201015708900123", "S16")
    hasil = rusak_nik(
        perusak(**{jenis: 1.0}), benar, np.full(400, b"9" * 16, "S16"), np.full(400, b"7" * 16, "S16")
    ).astype(str)
    assert all(re.match(pola, x) for x in hasil)
    assert (hasil != "3201015708900123").all()


@pytest.mark.parametrize(
    ("jenis", "contoh"),
    [
        ("nama_hilang", {"SITI"}),
        ("nama_spasi", {"SITIRAHAYU", "SIT IRAHAYU", "SITIR AHAYU"}),
        ("nama_singkat", {"ST. RAHAYU", "SITTI RAHAYU", "SITY RAHAYU", "S. RAHAYU"}),
        ("nama_bin", {"SITI RAHAYU BIN SITI", "SITI RAHAYU BINTI SITI"}),
    ],
)
def test_damaged_names_look_as_they_do_in_registers(jenis: str, contoh: set[str]) -> None:
    nomor = {k: i for i, k in enumerate(kamus().kata.to_pylist())}
    nama = np.tile(np.array([nomor["SITI"], nomor["RAHAYU"], -1], np.int32), (400, 1))
    assert rangkai(nama[:1]).to_pylist() == ["SITI RAHAYU"]
    assert contoh <= set(rusak_nama(perusak(**{jenis: 1.0}), nama).to_pylist())


def test_damaged_dates_are_of_every_known_form() -> None:
    lahir = np.full(400, np.datetime64("1980-03-07", "D").astype(int))
    assert rusak_tanggal(perusak(), lahir, 0.0)[0].to_pylist() == ["1980-03-07"] * 400
    assert set(rusak_tanggal(perusak(tgl_tukar=1.0), lahir, 0.0)[0].to_pylist()) == {"1980-07-03"}
    assert set(rusak_tanggal(perusak(tgl_hanya_tahun=1.0), lahir, 0.0)[0].to_pylist()) == {
        "1980",
        "1980-00-00",
        "00/00/1980",
    }
    assert set(rusak_tanggal(perusak(tgl_excel=1.0), lahir, 0.0)[0].to_pylist()) == {"29287", "29287.0"}
    assert set(rusak_tanggal(perusak(tgl_mustahil=1.0), lahir, 0.0)[0].to_pylist()) == {"31/02/1980"}
    assert set(rusak_tanggal(perusak(tgl_tumpuk=1.0), lahir, 0.0)[0].to_pylist()) == {
        "1980-01-01",
        "1980-12-31",
        "1980-07-01",
    }
    assert set(rusak_tanggal(perusak(), lahir, 1.0)[0].to_pylist()) == {"07/03/1980", "07-03-1980"}


def test_a_wrong_year_never_lies_ahead_nor_heaps_on_one_day() -> None:
    lahir = np.datetime64("2024-12-01", "D").astype(int) + np.arange(400) % 60
    _, salah = rusak_tanggal(perusak(tgl_tahun=1.0), lahir, 0.0)
    assert (salah != lahir).all() and salah.max() <= lahir.max()
    assert np.unique(salah, return_counts=True)[1].max() <= 7


def test_serials_are_unique_within_district_and_day() -> None:
    area, hari = np.full(3_000, b"320101", "S6"), np.full(3_000, 4_000)
    nik = susun(area, hari, np.zeros(3_000, bool), np.random.default_rng(2), 45)
    assert len(set(nik.tolist())) == 3_000
    assert all(NIK.match(x.decode()) for x in nik)
    assert iso(hari[:1])[0] == b"1980-12-14"


@pytest.mark.parametrize("orang", [1, 7])
def test_a_handful_of_people_is_a_month_too(tmp_path: Path, orang: int) -> None:
    laporan = simulate(orang, 1, BULAN, tmp_path / "landing", kesalahan=ErrorMix().tanpa())
    assert laporan.baris["regsosek/anggota"] <= orang
