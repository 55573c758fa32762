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

BULAN = "2025-03"
TABEL = ["dtks_anggota", "dtks_rumah_tangga", "p3ke_individu", "p3ke_keluarga", "regsosek_anggota", "regsosek_keluarga"]


@pytest.fixture(scope="module")
def kirim(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By simulator the folder of a month that went through spreadsheets."""
    to = {nama: tmp_path_factory.mktemp(nama) for nama in ("sendiri", "asing")}
    simulate(4_000, 6, BULAN, to["sendiri"] / "landing", spreadsheet=True)
    write_foreign_month(4_000, 6, BULAN, to["asing"] / "landing", spreadsheet=True)
    return to


def berkas(folder: Path, jalur: str) -> bytes:
    return (folder / "landing" / BULAN / jalur).read_bytes()


def sel(folder: Path, tabel: str, kolom: str) -> list[str]:
    isi = pq.read_table(folder / "kebenaran" / BULAN / "kiriman" / f"{tabel}.parquet").column(kolom).to_pylist()
    return [x for x in isi if x]


@pytest.mark.parametrize("simulasi", ["sendiri", "asing"])
def test_the_cells_of_every_table_are_known(kirim: dict[str, Path], simulasi: str) -> None:
    folder = kirim[simulasi] / "kebenaran" / BULAN / "kiriman"
    assert sorted(p.stem for p in folder.iterdir()) == TABEL
    for sumber in ("dtks", "regsosek", "p3ke"):
        for tabel in load()[sumber].tables.values():
            isi = pq.read_table(folder / f"{sumber}_{tabel.name}.parquet")
            assert isi.num_rows > 300
            assert {str(jenis) for jenis in isi.schema.types} == {"string"}


@pytest.mark.parametrize(
    ("simulasi", "tabel", "kolom", "bentuk"),
    [
        ("sendiri", "dtks_rumah_tangga", "kddesa", r"[1-9]\d?"),
        ("sendiri", "dtks_rumah_tangga", "kdkab", r'="\d\d"'),
        ("sendiri", "dtks_rumah_tangga", "lastupdatedata", r"\d{1,2}/\d{1,2}/\d{4} 12:00:00 AM"),
        ("sendiri", "dtks_rumah_tangga", "alamat", r"#(NAME\?|REF!|VALUE!)"),
        ("sendiri", "dtks_anggota", "tgllahir", r"\d{1,2} (Januari|Maret|Mei|Agustus|Oktober|Desember) \d{4}"),
        ("sendiri", "dtks_anggota", "tgllahir", r"\d\d-(Jan|Mei|Agt|Okt|Des)-\d\d"),
        ("sendiri", "dtks_anggota", "namagadis_ibukandung", r"TIDAK TAHU|-|\\N|N/A"),
        ("sendiri", "regsosek_keluarga", "kode_kecamatan", r"\d{3}\.0"),
        ("sendiri", "p3ke_keluarga", "kode_kemdagri", r"\d\d\.\d\d\.\d\d\.\d{4}"),
        ("sendiri", "p3ke_keluarga", "tanggal_data", r"\d{4}-\d\d-\d\dT17:00:00Z"),
        ("sendiri", "p3ke_individu", "tanggal_lahir", r"1899-12-30|1900-01-01|0|0000-00-00|1970-01-01"),
        ("asing", "dtks_anggota", "tgllahir", r"\d\d/\d\d/\d{4} 12:00:00 AM"),
        ("asing", "dtks_rumah_tangga", "kdkec", r"[1-9]\d?"),
        ("asing", "regsosek_keluarga", "kode_provinsi", r"\d\d\.0"),
        ("asing", "regsosek_anggota", "tgl_lahir", r"\d{4}-\d\d-\d\dT17:00:00\.000Z"),
        ("asing", "p3ke_individu", "tanggal_lahir", r"\d{1,2} (JANUARI|MEI|DESEMBER) \d{4}"),
        ("asing", "p3ke_individu", "tanggal_lahir", r"\d{8}"),
        ("asing", "p3ke_individu", "tanggal_lahir", r"1899-12-30|1900-01-00|0|1970-01-01"),
        ("asing", "p3ke_keluarga", "kode_kemdagri", r"\d\d\.\d\d\.\d\d\.\d{4}"),
    ],
)
def test_cells_look_as_spreadsheets_leave_them(
    kirim: dict[str, Path], simulasi: str, tabel: str, kolom: str, bentuk: str
) -> None:
    assert [x for x in sel(kirim[simulasi], tabel, kolom) if re.fullmatch(bentuk, x)]


def test_a_column_of_american_dates_holds_no_other_slashes(kirim: dict[str, Path]) -> None:
    for simulasi, tabel, kolom in (
        ("sendiri", "p3ke_individu", "tanggal_lahir"),
        ("asing", "dtks_anggota", "tgllahir"),
    ):
        miring = [x for x in sel(kirim[simulasi], tabel, kolom) if "/" in x and not x.startswith("00/00")]
        assert miring and all(x.endswith(" 12:00:00 AM") and int(x.split("/")[0]) <= 12 for x in miring)


def test_files_have_the_shapes_that_offices_send(kirim: dict[str, Path]) -> None:
    sendiri, asing = kirim["sendiri"], kirim["asing"]
    assert berkas(sendiri, "dtks/rumah_tangga.csv").startswith(b"sep=;\r\nidbdt;")
    assert berkas(sendiri, "regsosek/keluarga.csv").startswith(b"DATA KELUARGA REGSOSEK\n\nid_keluarga,")
    kepala, baris = berkas(sendiri, "p3ke/keluarga.csv").split(b"\n")[:2]
    assert baris.endswith(b",") and not kepala.endswith(b",")
    assert berkas(asing, "dtks/anggota.csv").startswith(b"LAPORAN")
    assert berkas(asing, "regsosek/keluarga.csv").startswith(b"sep=;\n")
    assert berkas(asing, "dtks/rumah_tangga.csv").split(b"\n")[0].endswith(b",,")
    for isi in (berkas(sendiri, "dtks/anggota.csv.gz"), berkas(asing, "regsosek/anggota.csv.gz")):
        assert isi.endswith(bytes(512))
        assert gzip.decompress(isi).count(b"\n") > 300, "a whole archive before the zeros"


@pytest.mark.parametrize("simulasi", ["sendiri", "asing"])
def test_a_file_put_together_by_two_offices_has_lines_in_two_encodings(tmp_path: Path, simulasi: str) -> None:
    if simulasi == "sendiri":
        simulate(60_000, 6, BULAN, tmp_path / "landing", spreadsheet=True)
    else:
        write_foreign_month(60_000, 6, BULAN, tmp_path / "landing", spreadsheet=True)
    asing = [b for b in berkas(tmp_path, "p3ke/individu.csv").split(b"\n") if not b.isascii()]

    def utf8(baris: bytes) -> bool:
        try:
            return bool(baris.decode("utf-8"))
        except UnicodeDecodeError:
            return False

    assert len(asing) > 5
    assert 0 < sum(map(utf8, asing)) < len(asing)


def test_the_workbook_counts_from_1904_and_has_empty_cells_that_say_text(kirim: dict[str, Path]) -> None:
    with zipfile.ZipFile(kirim["sendiri"] / "landing" / BULAN / "regsosek/anggota.xlsx") as z:
        lembar = z.read("xl/worksheets/sheet1.xml").decode()
        assert b'date1904="1"' in z.read("xl/workbook.xml")
    assert re.search(r'<c r="[A-Z]+\d+" t="s"/>', lembar) and re.search(r'<c r="[A-Z]+\d+" t="s"></c>', lembar)
    nomor = {int(x) for x in re.findall(r' s="1"><v>(\d+)</v>', lembar)}
    hari = duckdb.sql(
        "select date '1904-01-01' + max(x) from (select unnest($x) as x)", params={"x": list(nomor)}
    ).fetchone()
    assert hari and str(hari[0])[:4] in ("2021", "2022"), "the youngest were born shortly before the visits of 2022"


@pytest.mark.parametrize("simulasi", ["sendiri", "asing"])
def test_the_same_arguments_give_the_same_files_and_the_same_people_as_plain_ones(
    tmp_path: Path, simulasi: str
) -> None:
    def tulis(nama: str, *, lembar: bool) -> dict[str, str]:
        to = tmp_path / nama / "landing"
        if simulasi == "sendiri":
            simulate(500, 3, BULAN, to, spreadsheet=lembar)
        else:
            write_foreign_month(500, 3, BULAN, to, spreadsheet=lembar)
        semua = sorted(p for p in to.parent.rglob("*") if p.is_file())
        return {str(p.relative_to(to.parent)): hashlib.sha256(p.read_bytes()).hexdigest() for p in semua}

    a, b, polos = tulis("a", lembar=True), tulis("b", lembar=True), tulis("polos", lembar=False)
    assert a == b
    benar = f"kebenaran/{BULAN}/orang.parquet"
    assert a[benar] == polos[benar]
