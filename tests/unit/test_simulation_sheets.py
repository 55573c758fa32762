"""Deliveries that went through spreadsheets: every known damage is in them, and what the cells hold is known beside them."""

import gzip
import hashlib
import re
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.contracts import load
from dtsen_pipeline.simulation import simulate

MONTH = "2025-03"
TABLES = [
    "dtks_anggota",
    "dtks_rumah_tangga",
    "p3ke_individu",
    "p3ke_keluarga",
    "regsosek_anggota",
    "regsosek_keluarga",
]


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By simulator the folder of a month that went through spreadsheets."""
    to = {name: tmp_path_factory.mktemp(name) for name in ("own", "foreign")}
    simulate(4_000, 6, MONTH, to["own"] / "landing", spreadsheet=True)
    write_foreign_month(4_000, 6, MONTH, to["foreign"] / "landing", spreadsheet=True)
    return to


def file_content(folder: Path, path: str) -> bytes:
    return (folder / "landing" / MONTH / path).read_bytes()


def cells(folder: Path, table: str, column: str) -> list[str]:
    content = pq.read_table(folder / "kebenaran" / MONTH / "kiriman" / f"{table}.parquet").column(column).to_pylist()
    return [x for x in content if x]


@pytest.mark.parametrize("simulator", ["own", "foreign"])
def test_the_cells_of_every_table_are_known(deliveries: dict[str, Path], simulator: str) -> None:
    folder = deliveries[simulator] / "kebenaran" / MONTH / "kiriman"
    assert sorted(p.stem for p in folder.iterdir()) == TABLES
    for source in ("dtks", "regsosek", "p3ke"):
        for table in load()[source].tables.values():
            delivered = pq.read_table(folder / f"{source}_{table.name}.parquet")
            assert delivered.num_rows > 300
            assert {str(kind) for kind in delivered.schema.types} == {"string"}


@pytest.mark.parametrize(
    ("simulator", "table", "column", "shape"),
    [
        ("own", "dtks_rumah_tangga", "kddesa", r"[1-9]\d?"),
        ("own", "dtks_rumah_tangga", "kdkab", r'="\d\d"'),
        ("own", "dtks_rumah_tangga", "lastupdatedata", r"\d{1,2}/\d{1,2}/\d{4} 12:00:00 AM"),
        ("own", "dtks_rumah_tangga", "alamat", r"#(NAME\?|REF!|VALUE!)"),
        ("own", "dtks_anggota", "tgllahir", r"\d{1,2} (Januari|Maret|Mei|Agustus|Oktober|Desember) \d{4}"),
        ("own", "dtks_anggota", "tgllahir", r"\d\d-(Jan|Mei|Agt|Okt|Des)-\d\d"),
        ("own", "dtks_anggota", "namagadis_ibukandung", r"TIDAK TAHU|-|\\N|N/A"),
        ("own", "regsosek_keluarga", "kode_kecamatan", r"\d{3}\.0"),
        ("own", "p3ke_keluarga", "kode_kemdagri", r"\d\d\.\d\d\.\d\d\.\d{4}"),
        ("own", "p3ke_keluarga", "tanggal_data", r"\d{4}-\d\d-\d\dT17:00:00Z"),
        ("own", "p3ke_individu", "tanggal_lahir", r"1899-12-30|1900-01-01|0|0000-00-00|1970-01-01"),
        ("foreign", "dtks_anggota", "tgllahir", r"\d\d/\d\d/\d{4} 12:00:00 AM"),
        ("foreign", "dtks_rumah_tangga", "kdkec", r"[1-9]\d?"),
        ("foreign", "regsosek_keluarga", "kode_provinsi", r"\d\d\.0"),
        ("foreign", "regsosek_anggota", "tgl_lahir", r"\d{4}-\d\d-\d\dT17:00:00\.000Z"),
        ("foreign", "p3ke_individu", "tanggal_lahir", r"\d{1,2} (JANUARI|MEI|DESEMBER) \d{4}"),
        ("foreign", "p3ke_individu", "tanggal_lahir", r"\d{8}"),
        ("foreign", "p3ke_individu", "tanggal_lahir", r"1899-12-30|1900-01-00|0|1970-01-01"),
        ("foreign", "p3ke_keluarga", "kode_kemdagri", r"\d\d\.\d\d\.\d\d\.\d{4}"),
    ],
)
def test_cells_look_as_spreadsheets_leave_them(
    deliveries: dict[str, Path], simulator: str, table: str, column: str, shape: str
) -> None:
    assert [x for x in cells(deliveries[simulator], table, column) if re.fullmatch(shape, x)]


def test_a_column_of_american_dates_holds_no_other_slashes(deliveries: dict[str, Path]) -> None:
    for simulator, table, column in (
        ("own", "p3ke_individu", "tanggal_lahir"),
        ("foreign", "dtks_anggota", "tgllahir"),
    ):
        slashed = [x for x in cells(deliveries[simulator], table, column) if "/" in x and not x.startswith("00/00")]
        assert slashed and all(x.endswith(" 12:00:00 AM") and int(x.split("/")[0]) <= 12 for x in slashed)


def test_files_have_the_shapes_that_offices_send(deliveries: dict[str, Path]) -> None:
    own, foreign = deliveries["own"], deliveries["foreign"]
    assert file_content(own, "dtks/rumah_tangga.csv").startswith(b"sep=;\r\nidbdt;")
    assert file_content(own, "regsosek/keluarga.csv").startswith(b"DATA KELUARGA REGSOSEK\n\nid_keluarga,")
    header, first_line = file_content(own, "p3ke/keluarga.csv").split(b"\n")[:2]
    assert first_line.endswith(b",") and not header.endswith(b",")
    assert file_content(foreign, "dtks/anggota.csv").startswith(b"LAPORAN")
    assert file_content(foreign, "regsosek/keluarga.csv").startswith(b"sep=;\n")
    assert file_content(foreign, "dtks/rumah_tangga.csv").split(b"\n")[0].endswith(b",,")
    for content in (file_content(own, "dtks/anggota.csv.gz"), file_content(foreign, "regsosek/anggota.csv.gz")):
        assert content.endswith(bytes(512))
        assert gzip.decompress(content).count(b"\n") > 300, "a whole archive before the zeros"


@pytest.mark.parametrize("simulator", ["own", "foreign"])
def test_a_file_put_together_by_two_offices_has_lines_in_two_encodings(tmp_path: Path, simulator: str) -> None:
    if simulator == "own":
        simulate(60_000, 6, MONTH, tmp_path / "landing", spreadsheet=True)
    else:
        write_foreign_month(60_000, 6, MONTH, tmp_path / "landing", spreadsheet=True)
    non_ascii = [b for b in file_content(tmp_path, "p3ke/individu.csv").split(b"\n") if not b.isascii()]

    def utf8(line: bytes) -> bool:
        try:
            return bool(line.decode("utf-8"))
        except UnicodeDecodeError:
            return False

    assert len(non_ascii) > 5
    assert 0 < sum(map(utf8, non_ascii)) < len(non_ascii)


def test_the_workbook_counts_from_1904_and_has_empty_cells_that_say_text(deliveries: dict[str, Path]) -> None:
    with zipfile.ZipFile(deliveries["own"] / "landing" / MONTH / "regsosek/anggota.xlsx") as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
        assert b'date1904="1"' in z.read("xl/workbook.xml")
    assert re.search(r'<c r="[A-Z]+\d+" t="s"/>', sheet) and re.search(r'<c r="[A-Z]+\d+" t="s"></c>', sheet)
    serials = {int(x) for x in re.findall(r' s="1"><v>(\d+)</v>', sheet)}
    youngest = duckdb.sql(
        "select date '1904-01-01' + max(x) from (select unnest($x) as x)", params={"x": list(serials)}
    ).fetchone()
    assert youngest and str(youngest[0])[:4] in ("2021", "2022"), (
        "the youngest were born shortly before the visits of 2022"
    )


@pytest.mark.parametrize("simulator", ["own", "foreign"])
def test_the_same_arguments_give_the_same_files_and_the_same_people_as_plain_ones(
    tmp_path: Path, simulator: str
) -> None:
    def write(name: str, *, sheets: bool) -> dict[str, str]:
        to = tmp_path / name / "landing"
        if simulator == "own":
            simulate(500, 3, MONTH, to, spreadsheet=sheets)
        else:
            write_foreign_month(500, 3, MONTH, to, spreadsheet=sheets)
        all_files = sorted(p for p in to.parent.rglob("*") if p.is_file())
        return {str(p.relative_to(to.parent)): hashlib.sha256(p.read_bytes()).hexdigest() for p in all_files}

    a, b, plain = write("a", sheets=True), write("b", sheets=True), write("plain", sheets=False)
    assert a == b
    truth = f"kebenaran/{MONTH}/orang.parquet"
    assert a[truth] == plain[truth]
