"""A later month of the same population: the same people and record numbers, and the life of a month in between."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation import ErrorMix, simulate

ORANG, SEED, PERTAMA, KEDUA, KETIGA = 8_000, 22, "2025-03", "2025-04", "2025-05"
TANPA_CACAT = ErrorMix(rusak=0.0)


@pytest.fixture(scope="module")
def tiga_bulan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("bulan") / "landing"
    simulate(ORANG, SEED, PERTAMA, to, kesalahan=TANPA_CACAT)
    for bulan in (KEDUA, KETIGA):
        simulate(ORANG, SEED, bulan, to, after=PERTAMA, kesalahan=TANPA_CACAT)
    return to


def baca(to: Path, bulan: str, jalur: str, kunci: str) -> dict[str, dict[str, str]]:
    with (to / bulan / f"{jalur}.csv").open(encoding="utf-8", newline="") as f:
        return {b[kunci]: b for b in csv.DictReader(f)}


def test_regsosek_and_p3ke_are_delivered_again_unchanged(tiga_bulan: Path) -> None:
    for jalur in ("regsosek/keluarga", "regsosek/anggota", "p3ke/keluarga", "p3ke/individu"):
        assert (tiga_bulan / PERTAMA / f"{jalur}.csv").read_bytes() == (
            tiga_bulan / KETIGA / f"{jalur}.csv"
        ).read_bytes()


def test_dtks_keeps_its_record_numbers_and_most_of_its_rows(tiga_bulan: Path) -> None:
    for lama, baru in ((PERTAMA, KEDUA), (KEDUA, KETIGA)):
        a, b = (baca(tiga_bulan, m, "dtks/anggota", "idartbdt") for m in (lama, baru))
        tetap = a.keys() & b.keys()
        sama = [k for k in tetap if a[k] == b[k]]
        assert len(tetap) > 0.98 * len(a)
        assert 0.90 * len(a) < len(sama) < len(a), "most rows are the same, some are not"
        assert b.keys() - a.keys(), "somebody was born or newly registered"


def test_visited_households_carry_a_date_of_the_month(tiga_bulan: Path) -> None:
    a, b = (baca(tiga_bulan, m, "dtks/rumah_tangga", "idbdt") for m in (PERTAMA, KEDUA))
    berubah = [k for k in b if a.get(k) != b[k]]
    assert berubah
    assert all("2025-03-01" < b[k]["lastupdatedata"] < "2025-04-01" for k in berubah)


def test_a_record_number_stays_with_its_person(tiga_bulan: Path) -> None:
    kebenaran = tiga_bulan.parent / "kebenaran"
    a, b = (pd.read_parquet(kebenaran / m / "orang.parquet") for m in (PERTAMA, KETIGA))
    assert not b.duplicated(["source", "record_id"]).any()
    sama = a.merge(b, on=["source", "record_id"])
    assert (sama.person_true_x == sama.person_true_y).all()
    assert (sama.family_true_x != sama.family_true_y).any(), "the newly married have left"
    assert b.person_true.max() >= ORANG, "children of the month are new persons"


def test_families_are_founded_and_grow(tiga_bulan: Path) -> None:
    kebenaran = tiga_bulan.parent / "kebenaran"
    a, b = (pd.read_parquet(kebenaran / m / "keluarga.parquet") for m in (PERTAMA, KETIGA))
    assert len(b) > len(a)
    assert b.jumlah_anggota.sum() > a.jumlah_anggota.sum() == ORANG
    assert (a.kode_desa != b.kode_desa[: len(a)]).any(), "some families moved"


def test_proposals_of_the_month_name_the_moves_and_deaths(tiga_bulan: Path) -> None:
    usulan = pd.concat(pd.DataFrame(baca(tiga_bulan, m, "pemutakhiran/usulan", "id_usulan")).T for m in (KEDUA, KETIGA))
    assert usulan.index.is_unique
    assert {"pindah", "sanggah_layak", "sanggah_tidak_layak", "pemutakhiran"} <= set(usulan.jenis)
    assert (usulan.kode_kemendagri_baru[usulan.jenis == "pindah"].str.len() == 10).all()
    assert not (tiga_bulan / PERTAMA / "pemutakhiran").exists()


def test_a_month_is_the_same_whether_or_not_the_months_before_it_were_written(tiga_bulan: Path, tmp_path: Path) -> None:
    simulate(ORANG, SEED, KETIGA, tmp_path / "landing", after=PERTAMA, kesalahan=TANPA_CACAT)
    for jalur in sorted((tiga_bulan / KETIGA).rglob("*.csv")):
        assert (
            jalur.read_bytes() == (tmp_path / "landing" / KETIGA / jalur.relative_to(tiga_bulan / KETIGA)).read_bytes()
        )


def test_a_month_cannot_continue_a_later_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is earlier than"):
        simulate(100, 1, "2025-02", tmp_path / "landing", after="2025-03")
