"""The contracts themselves, and which delivery a month takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtsen_pipeline.contracts import deliveries, delivery, load
from dtsen_pipeline.errors import InputError

REQUIRED = ("dtks", "regsosek", "p3ke")


def put(landing: Path, *names: str) -> None:
    for name in names:
        (landing / name).parent.mkdir(parents=True, exist_ok=True)
        (landing / name).write_text("x")


def whole_month(landing: Path, month: str) -> None:
    put(
        landing,
        *(f"{month}/{s}/{t}.csv" for s in REQUIRED for t in load()[s].tables),
        "referensi/wilayah.csv",
        "referensi/susenas.csv",
    )


def test_a_source_that_never_came_stops_the_run_and_says_where_it_was_looked_for(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    for file in (tmp_path / "2025-03" / "p3ke").iterdir():
        file.unlink()
    with pytest.raises(InputError) as error:
        deliveries(tmp_path, "2025-03")
    assert "p3ke" in str(error.value)
    assert str(tmp_path) in str(error.value)
    assert "keluarga*" in str(error.value)


def test_a_later_delivery_is_not_taken(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-04")
    with pytest.raises(InputError):
        deliveries(tmp_path, "2025-03")


def test_a_delivery_without_one_of_its_tables_stops_the_run(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    (tmp_path / "2025-03/dtks/anggota.csv").unlink()
    with pytest.raises(InputError, match="anggota"):
        delivery(tmp_path, "2025-03", "dtks")


@pytest.mark.parametrize("name", ["data_anggota.csv", "anggota.csv.filepart", "anggota.xls", "anggota.zip"])
def test_a_file_that_would_be_passed_over_stops_the_run(tmp_path: Path, name: str) -> None:
    whole_month(tmp_path, "2025-03")
    put(tmp_path, f"2025-03/dtks/{name}")
    with pytest.raises(InputError, match=name):
        delivery(tmp_path, "2025-03", "dtks")


@pytest.mark.parametrize("month", ["2025-13", "2025-3", "maret", ""])
def test_what_is_no_month_is_refused(tmp_path: Path, month: str) -> None:
    whole_month(tmp_path, "2025-03")
    with pytest.raises(InputError):
        deliveries(tmp_path, month)


def test_a_landing_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tidak-ada"):
        deliveries(tmp_path / "tidak-ada", "2025-03")


def test_each_source_is_taken_from_its_own_latest_month(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-01")
    put(tmp_path, "2025-03/dtks/anggota.csv", "2025-03/dtks/rumah_tangga.csv", "2025-04/dtks/anggota.csv")
    taken = {d.source: d.month for d in deliveries(tmp_path, "2025-03")}
    assert taken["dtks"] == "2025-03"
    assert taken["p3ke"] == taken["regsosek"] == "2025-01"
    assert taken["referensi"] is None


def test_an_optional_source_may_stay_away(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    without = {d.source: d.files for d in deliveries(tmp_path, "2025-03")}
    assert without["dukcapil"] == {"penduduk": ()}
    put(tmp_path, "2025-02/pemutakhiran/hasil musdes.csv")
    assert delivery(tmp_path, "2025-03", "pemutakhiran").month == "2025-02"


def test_several_files_a_table_come_in_name_order_and_other_papers_are_left_alone(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    put(
        tmp_path,
        *(f"2025-03/dtks/{n}" for n in ("Anggota_2.CSV", "anggota_1.csv.gz", "README.md", ".sync", "~$anggota.xlsx")),
    )
    files = delivery(tmp_path, "2025-03", "dtks").files
    assert sorted(f.name for f in files["anggota"]) == ["Anggota_2.CSV", "anggota.csv", "anggota_1.csv.gz"]


def test_every_column_says_what_it_means_and_every_code_has_a_meaning() -> None:
    for source in load().values():
        for table in source.tables.values():
            assert set(table.key) <= set(table.columns), table.raw
            for column in table.columns.values():
                assert column.arti and column.english, f"{table.raw}.{column.name}"
                assert all(column.codes.values()), f"{table.raw}.{column.name}"


def test_numbers_and_names_of_people_are_marked_as_personal() -> None:
    words = ("nik", "nokk", "no_kk", "alamat", "nama_krt", "lahir", "kepala_keluarga", "ibu")
    for source in load().values():
        for table in source.tables.values():
            for column in table.columns.values():
                named = any(word in column.name for word in words) or (
                    column.name == "nama" and source.source != "referensi"
                )
                if named and not column.codes and not column.labels:
                    assert column.pii, f"{table.raw}.{column.name}"


def test_labels_are_told_apart_and_their_spellings_lead_back_to_them() -> None:
    lantai = load()["p3ke"].tables["keluarga"].columns["jenis_lantai"]
    assert lantai.spellings["keramik/granit/marmer"] == "Keramik/Granit/Marmer/Ubin/Tegel/Teraso"
    for table in load()["p3ke"].tables.values():
        for column in table.columns.values():
            assert len(column.spellings) == sum(1 + len(more) for more in column.labels.values()), column.name


def test_the_sample_survey_asks_housing_as_regsosek_does() -> None:
    survey, family = load()["referensi"].tables["susenas"].columns, load()["regsosek"].tables["keluarga"].columns
    shared = [name for name in family if name in survey]
    assert shared[0] == "kd_stat_bangunan_tinggal" and shared[-1] == "jumlah_kambing_domba" and len(shared) == 33
    assert all(survey[name] == family[name] for name in shared)
