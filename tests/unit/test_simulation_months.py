"""A later month of the same population: the same people and record numbers, and the life of a month in between."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dtsen_pipeline.errors import InputError
from dtsen_pipeline.simulation import ErrorMix, simulate

PERSONS, SEED, FIRST, SECOND, THIRD = 8_000, 22, "2025-03", "2025-04", "2025-05"
NO_DEFECTS = ErrorMix(rusak=0.0)


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("months") / "landing"
    simulate(PERSONS, SEED, FIRST, to, errors=NO_DEFECTS)
    for month in (SECOND, THIRD):
        simulate(PERSONS, SEED, month, to, after=FIRST, errors=NO_DEFECTS)
    return to


def read_rows(to: Path, month: str, path: str, key: str) -> dict[str, dict[str, str]]:
    with (to / month / f"{path}.csv").open(encoding="utf-8", newline="") as f:
        return {b[key]: b for b in csv.DictReader(f)}


def test_regsosek_and_p3ke_are_delivered_again_unchanged(three_months: Path) -> None:
    for path in ("regsosek/keluarga", "regsosek/anggota", "p3ke/keluarga", "p3ke/individu"):
        assert (three_months / FIRST / f"{path}.csv").read_bytes() == (
            three_months / THIRD / f"{path}.csv"
        ).read_bytes()


def test_dtks_keeps_its_record_numbers_and_most_of_its_rows(three_months: Path) -> None:
    for earlier, later in ((FIRST, SECOND), (SECOND, THIRD)):
        a, b = (read_rows(three_months, m, "dtks/anggota", "idartbdt") for m in (earlier, later))
        kept = a.keys() & b.keys()
        same = [k for k in kept if a[k] == b[k]]
        assert len(kept) > 0.98 * len(a)
        assert 0.90 * len(a) < len(same) < len(a), "most rows are the same, some are not"
        assert b.keys() - a.keys(), "somebody was born or newly registered"


def test_visited_households_carry_a_date_of_the_month(three_months: Path) -> None:
    a, b = (read_rows(three_months, m, "dtks/rumah_tangga", "idbdt") for m in (FIRST, SECOND))
    different = [k for k in b if a.get(k) != b[k]]
    assert different
    assert all("2025-03-01" < b[k]["lastupdatedata"] < "2025-04-01" for k in different)


def test_a_record_number_stays_with_its_person(three_months: Path) -> None:
    truth = three_months.parent / "kebenaran"
    a, b = (pd.read_parquet(truth / m / "orang.parquet") for m in (FIRST, THIRD))
    assert not b.duplicated(["source", "record_id"]).any()
    same = a.merge(b, on=["source", "record_id"])
    assert (same.person_true_x == same.person_true_y).all()
    assert (same.family_true_x != same.family_true_y).any(), "the newly married have left"
    assert b.person_true.max() >= PERSONS, "children of the month are new persons"


def test_families_are_founded_and_grow(three_months: Path) -> None:
    truth = three_months.parent / "kebenaran"
    a, b = (pd.read_parquet(truth / m / "keluarga.parquet") for m in (FIRST, THIRD))
    assert len(b) > len(a)
    assert b.jumlah_anggota.sum() > a.jumlah_anggota.sum() == PERSONS
    assert (a.kode_desa != b.kode_desa[: len(a)]).any(), "some families moved"


def test_proposals_of_the_month_name_the_moves_and_deaths(three_months: Path) -> None:
    proposals = pd.concat(
        pd.DataFrame(read_rows(three_months, m, "pemutakhiran/usulan", "id_usulan")).T for m in (SECOND, THIRD)
    )
    assert proposals.index.is_unique
    assert {"pindah", "sanggah_layak", "sanggah_tidak_layak", "pemutakhiran"} <= set(proposals.jenis)
    assert (proposals.kode_kemendagri_baru[proposals.jenis == "pindah"].str.len() == 10).all()
    assert not (three_months / FIRST / "pemutakhiran").exists()


def test_a_month_is_the_same_whether_or_not_the_months_before_it_were_written(
    three_months: Path, tmp_path: Path
) -> None:
    simulate(PERSONS, SEED, THIRD, tmp_path / "landing", after=FIRST, errors=NO_DEFECTS)
    for path in sorted((three_months / THIRD).rglob("*.csv")):
        assert path.read_bytes() == (tmp_path / "landing" / THIRD / path.relative_to(three_months / THIRD)).read_bytes()


def test_a_month_cannot_continue_a_later_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is earlier than"):
        simulate(100, 1, "2025-02", tmp_path / "landing", after="2025-03")
