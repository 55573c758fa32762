"""The contracts themselves, and which delivery a month takes."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts import find_deliveries, find_delivery, load
from dtsen_pipeline.contracts.file_names import public_name
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
        find_deliveries(tmp_path, "2025-03")
    assert "p3ke" in str(error.value)
    assert str(tmp_path) in str(error.value)
    assert "keluarga*" in str(error.value)


def test_a_later_delivery_is_not_taken(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-04")
    with pytest.raises(InputError):
        find_deliveries(tmp_path, "2025-03")


def test_a_delivery_without_one_of_its_tables_stops_the_run(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    (tmp_path / "2025-03/dtks/anggota.csv").unlink()
    with pytest.raises(InputError, match="anggota"):
        find_delivery(tmp_path, "2025-03", "dtks")


@pytest.mark.parametrize("name", ["data_anggota.csv", "anggota.csv.filepart", "anggota.xls", "anggota.zip"])
def test_a_file_that_would_be_passed_over_stops_the_run(tmp_path: Path, name: str) -> None:
    whole_month(tmp_path, "2025-03")
    put(tmp_path, f"2025-03/dtks/{name}")
    with pytest.raises(InputError, match=name):
        find_delivery(tmp_path, "2025-03", "dtks")


def two_months(landing: Path) -> None:
    """A month before, whole, which must not be taken for the one that came."""
    for month in ("2025-02", "2025-03"):
        whole_month(landing, month)


ODD_MONTHS = ["2025-3", "2025_03", "202503", "2025-03 ", " 2025-03", "Maret 2025", "2025-03-rev", "2025-3.zip", ".2025-03",
              "2025-03.part", "REFERENSI", "dtks", "\uff12025-03"]  # fmt: skip


@pytest.mark.parametrize("name", ODD_MONTHS)
def test_a_month_whose_folder_is_not_called_as_one_is_never_replaced_by_the_month_before(
    tmp_path: Path, name: str
) -> None:
    two_months(tmp_path)
    (tmp_path / "2025-03").rename(tmp_path / name)
    with pytest.raises(InputError, match="<YYYY-MM>/") as error:
        find_deliveries(tmp_path, "2025-03")
    assert error.value.file == public_name(name, [name]) and error.value.action


@pytest.mark.parametrize("name", ["DTKS", "dtks_", "dtks baru", "Data DTKS", "dtks.zip", ".dtks", "dtks.part"])
def test_a_source_whose_folder_is_not_called_as_it_is_never_replaced_by_last_month(tmp_path: Path, name: str) -> None:
    two_months(tmp_path)
    (tmp_path / "2025-03" / "dtks").rename(tmp_path / "2025-03" / name)
    for source in load():
        if source != "referensi":
            with pytest.raises(InputError) as error:
                find_delivery(tmp_path, "2025-03", source)
            assert (error.value.file or "").startswith("2025-03/") and "2025-03/dtks/" in (error.value.expected or "")
    # As an older month it concerns the search for that source alone.
    whole_month(tmp_path, "2025-04")
    assert {one.month for one in find_deliveries(tmp_path, "2025-04") if one.files} >= {"2025-04"}
    shutil.rmtree(tmp_path / "2025-04" / "dtks")
    with pytest.raises(InputError):
        find_delivery(tmp_path, "2025-04", "dtks")
    assert find_delivery(tmp_path, "2025-04", "p3ke").month == "2025-04"


def link(path: Path, target: str) -> None:
    path.symlink_to(target)


ODD_FILES = {
    "anggota_2.csv": lambda path: link(path, "hilang.csv"),
    "anggota_3.csv": lambda path: link(path, "anggota_3.csv"),
    "anggota_4.csv": lambda path: os.mkfifo(path),
    "anggota_5.csv": lambda path: socket.socket(socket.AF_UNIX).bind(os.path.relpath(path)),
    "anggota_6.csv": lambda path: path.mkdir(),
    "anggota.parquet": lambda path: put(path, "part-0.parquet"),
    "bagian": lambda path: link(path, "../dtks"),
    "_anggota_2.csv": lambda path: path.touch(),
    "~anggota.csv": lambda path: path.touch(),
    ".anggota.csv": lambda path: path.touch(),
    ".anggota.csv.Xy12Za": lambda path: path.touch(),
    "anggota.pdf": lambda path: path.touch(),
    "anggota.csv.tmp": lambda path: path.touch(),
    "catatan.xlsx": lambda path: path.touch(),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_what_is_not_understood_in_a_delivery_stops_the_run(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_months(tmp_path)
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    ODD_FILES[name](tmp_path / "2025-03" / "dtks" / name)
    beside = [path.name for path in (tmp_path / "2025-03" / "dtks").iterdir()]
    with pytest.raises(InputError) as error:
        find_delivery(tmp_path, "2025-03", "dtks")
    assert (error.value.file or "").startswith(f"2025-03/dtks/{public_name(name, beside)}")
    assert error.value.expected and error.value.action


@pytest.mark.parametrize(
    "name", ["anggota.csv", "dtks.csv", "catatan.txt", "referensi", "SELESAI.txt", "dukcapil.csv.part"]
)
def test_a_file_beside_the_sources_of_the_month_stops_the_run(tmp_path: Path, name: str) -> None:
    two_months(tmp_path)
    put(tmp_path, f"2025-03/{name}")
    with pytest.raises(InputError, match="SELESAI") as error:
        find_deliveries(tmp_path, "2025-03")
    assert error.value.file == f"2025-03/{name}"


@pytest.mark.parametrize("broken", ["2025-03", "2025-03/dtks"])
@pytest.mark.parametrize("how", ["file", "link", "unreadable"])
def test_a_folder_that_cannot_be_read_is_not_passed_over(
    tmp_path: Path, broken: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_months(tmp_path)
    folder = tmp_path / broken
    if how == "unreadable":  # not by chmod, which does not keep root out
        listed = Path.iterdir

        def refuse(self: Path) -> object:
            if self == folder:
                raise PermissionError(13, "Permission denied", str(self))
            return listed(self)

        monkeypatch.setattr(Path, "iterdir", refuse)
    else:
        shutil.rmtree(folder)
        folder.write_text("x") if how == "file" else folder.symlink_to("hilang")
    with pytest.raises(InputError) as error:
        find_delivery(tmp_path, "2025-03", "dtks")
    assert error.value.file == broken
    # A newer month does not ask it, unless a source is looked for past it.
    whole_month(tmp_path, "2025-04")
    assert {one.month for one in find_deliveries(tmp_path, "2025-04") if one.source in REQUIRED} == {"2025-04"}
    shutil.rmtree(tmp_path / "2025-04" / "dtks")
    with pytest.raises(InputError):
        find_delivery(tmp_path, "2025-04", "dtks")


HARMLESS = [".DS_Store", "._anggota.csv", "Thumbs.db", "desktop.ini", ".~lock.anggota.csv#", "~$anggota.xlsx", "README",
            "README.txt", "checksums.txt", "SHA256SUMS", "anggota.csv.md5", "kiriman.sha256", "SELESAI", ".sync", "lost+found/x",
            "surat pengantar.pdf", "__MACOSX/._anggota.csv", "_SUCCESS"]  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_systems_leave_and_papers_that_come_along_are_passed_over(tmp_path: Path, name: str) -> None:
    two_months(tmp_path)
    put(tmp_path, name, f"2025-03/{name}", f"2025-03/dtks/{name}", f"referensi/{name}", f"2025-02/dtks/{name}")
    files = {one.source: one.files for one in find_deliveries(tmp_path, "2025-03")}
    assert [path.name for path in files["dtks"]["anggota"]] == ["anggota.csv"]
    assert sum(map(len, files["referensi"].values())) == 2


def test_folders_below_a_source_and_links_to_elsewhere_are_read(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    two_months(landing)
    put(tmp_path, "lain/anggota_aceh.csv", "bulan/dtks/anggota.csv", "bulan/dtks/rumah_tangga.csv")
    put(landing, "2025-03/dtks/bagian 2/anggota.csv")
    link(landing / "2025-03" / "dtks" / "aceh", str(tmp_path / "lain"))
    names = set(find_delivery(landing, "2025-03", "dtks").public_names.values())
    assert {"2025-03/dtks/bagian 2/anggota.csv", "2025-03/dtks/aceh/anggota_aceh.csv"} < names
    link(landing / "2025-04", str(tmp_path / "bulan"))
    assert find_delivery(landing, "2025-04", "dtks").month == "2025-04"


# how files are told

PERSONAL = ["anggota_BUDI SANTOSO_3175010101010001.csv", "anggota_SITI_3175014101010002.csv", "anggota 317501 010101 0003.csv",
            "anggota_Ni Luh Putu.xlsx", "rumah_tangga_keluarga pak RT.csv", "anggotaJOKO.csv"]  # fmt: skip


def test_a_file_that_is_called_after_a_person_is_told_without_the_person(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    put(
        tmp_path,
        *(f"2025-03/dtks/{name}" for name in PERSONAL),
        "2025-03/dtks/BUDI/anggota.csv",
        "2025-03/dtks/WATI/anggota.csv",
    )
    names = find_delivery(tmp_path, "2025-03", "dtks").public_names
    assert sorted(name.removeprefix("2025-03/dtks/") for name in names.values()) == [
        "*~1/anggota.csv", "*~2/anggota.csv", "anggota *.csv", "anggota*~3.csv", "anggota.csv", "anggota_*.xlsx", "anggota_*~1.csv",
        "anggota_*~2.csv", "rumah_tangga.csv", "rumah_tangga_keluarga *.csv",
    ]  # fmt: skip
    put(tmp_path, "2025-03/dtks/SITI_3175014101010002.txt", "2025-03/BUDI 3175010101010001.csv", "BUDI.csv")
    for odd in ("BUDI.csv", "2025-03/BUDI 3175010101010001.csv", "2025-03/dtks/SITI_3175014101010002.txt"):
        with pytest.raises(InputError) as error:
            find_delivery(tmp_path, "2025-03", "dtks")
        assert "*" in (error.value.file or "") and not {"BUDI", "SITI"} & set(
            str(error.value).replace(".", " ").split()
        )
        (tmp_path / odd).unlink()


@pytest.mark.parametrize(
    "name",
    ["anggota.csv", "Anggota_2.CSV", "anggota (1).csv.gz", "anggota_kab_3519_20250315_v2.csv",
     "rumah_tangga-bagian 3 of 10.csv",
     "hasil musdes Maret 2025.xlsx", "individu_prov. Jawa Timur_final rev 2.parquet", "wilayah+susulan.csv"],
)  # fmt: skip
def test_a_name_that_names_nobody_is_told_as_it_is(name: str) -> None:
    assert public_name(name, [name, "anggota_lain.csv"]) == name


@pytest.mark.parametrize(
    "odd",
    [
        "\n",
        "[/]",
        "\x1b[31m",
        "\u202e",
        "\udcff",
        "\x07",
        "'",
        '"',
        "%s",
        "{0}",
        "<b>",
        "`",
        "$(x)",
        "\\",
        "*",
        "?",
        "~",
    ],
)
def test_an_odd_name_comes_out_printable(odd: str) -> None:
    name = f"anggota{odd}1.csv"
    assert public_name(name, [name]).startswith("anggota*") and public_name(name, [name]).endswith("1.csv")
    assert public_name(name, [name]).isprintable() and public_name(name, [name]).isascii()


pieces = st.sampled_from(
    [
        "anggota",
        "ANGGOTA",
        "BUDI",
        "SITI",
        "2025",
        "3175010101010001",
        "1",
        "_",
        " ",
        "-",
        ".",
        "~1",
        "~2",
        "*",
        "[",
        "\n",
        "\udcff",
        ".csv",
    ]
)


@example(
    {f"anggota_BUDI{n}.csv" for n in (1, 11, 111, 2, 12, 112, 1112, 1111)} | {f"anggota_A{n}.csv" for n in range(20)}
)
@example({f"anggota_BUDI{n}1{end}" for n in range(12) for end in ("", ".csv", ".csv.gz", ".", ".x")})
@given(st.sets(st.lists(pieces, min_size=1, max_size=5).map("".join), min_size=2, max_size=8))
def test_two_files_are_never_told_by_one_name(names: set[str]) -> None:
    assert len({public_name(name, names) for name in names}) == len(names)


@pytest.mark.parametrize(
    "month", ["2025-13", "2025-3", "maret", "", "2020-00", "2019-12", "2099-01", "\uff12025-03", "2025-03\n"]
)
def test_a_month_that_cannot_be_made_is_refused_and_those_that_can_are_named(month: str) -> None:
    with pytest.raises(InputError, match=r"2020-01\.\.20") as error:
        check_month(month)
    assert error.value.exit_code == 2
    assert check_month("2020-01") == "2020-01"


@pytest.mark.parametrize("month", ["2025-13", "2025-3", "maret", ""])
def test_what_is_no_month_is_refused(tmp_path: Path, month: str) -> None:
    whole_month(tmp_path, "2025-03")
    with pytest.raises(InputError):
        find_deliveries(tmp_path, month)


def test_a_landing_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tidak-ada"):
        find_deliveries(tmp_path / "tidak-ada", "2025-03")


def test_each_source_is_taken_from_its_own_latest_month(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-01")
    put(tmp_path, "2025-03/dtks/anggota.csv", "2025-03/dtks/rumah_tangga.csv", "2025-04/dtks/anggota.csv")
    taken = {d.source: d.month for d in find_deliveries(tmp_path, "2025-03")}
    assert taken["dtks"] == "2025-03"
    assert taken["p3ke"] == taken["regsosek"] == "2025-01"
    assert taken["referensi"] is None


def test_an_optional_source_may_stay_away(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    without = {d.source: d.files for d in find_deliveries(tmp_path, "2025-03")}
    assert without["dukcapil"] == {"penduduk": ()}
    put(tmp_path, "2025-02/pemutakhiran/hasil musdes.csv")
    assert find_delivery(tmp_path, "2025-03", "pemutakhiran").month == "2025-02"


def test_several_files_a_table_come_in_name_order_and_other_papers_are_left_alone(tmp_path: Path) -> None:
    whole_month(tmp_path, "2025-03")
    put(
        tmp_path,
        *(f"2025-03/dtks/{n}" for n in ("Anggota_2.CSV", "anggota_1.csv.gz", "README.md", ".sync", "~$anggota.xlsx")),
    )
    files = find_delivery(tmp_path, "2025-03", "dtks").files
    assert sorted(f.name for f in files["anggota"]) == ["Anggota_2.CSV", "anggota.csv", "anggota_1.csv.gz"]


def test_every_column_says_what_it_means_and_every_code_has_a_meaning() -> None:
    for source in load().values():
        for table in source.tables.values():
            assert set(table.key) <= set(table.columns), table.raw
            for column in table.columns.values():
                assert column.meaning.id and column.meaning.en, f"{table.raw}.{column.name}"
                assert all(column.codes.values()), f"{table.raw}.{column.name}"


def test_every_number_and_date_has_a_range_that_a_country_can_fill() -> None:
    without = [
        f"{table.raw}.{column.name}"
        for source in load().values()
        for table in source.tables.values()
        for column in table.columns.values()
        if column.type in ("integer", "decimal", "date") and (column.min is None or column.max is None)
    ]
    assert without == []


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
