"""A month that scores only what is new or changed has the pairs, persons and families of a month that scores everything."""

import subprocess
import sys

import pytest
from raw_fixture import warehouse

from dtsen_pipeline.linkage import link
from dtsen_pipeline.storage.warehouse import attach_month, connect

NEEDED = ["intermediate.int_person_record", "intermediate.int_family_record"]
RESULTS = ("pasangan", "pasangan_dalam_keluarga", "orang", "keluarga_orang", "tolakan")


def namesakes(count, changed=()):
    """Women of one name in one village, each in a family of her own, on one day of different years: only the village pairs them.

    And thirty men whom two sources know by NIK, so that matches are not unheard of and a usual name is not everybody's.
    """
    words = ["AGUS", "BAYU", "CAHYO", "DODIK", "EKO", "FAJAR"]
    men = [
        {"nama": f"{one} {two}", "nik": f"351914{day:02d}0179{serial:04d}", "born": f"1979-01-{day:02d}"}
        for serial, one in enumerate(words, start=1)
        for day, two in enumerate(["HADI", "IMAN", "JATMIKO", "KUNCORO", "LEGOWO"], start=1)
    ]
    women = [f"{1930 + n}-05-{18 if n in changed else 17}" for n in range(count)]
    return {
        "regsosek_keluarga": [{"id_keluarga": f"R{n}", "kode_desa": "007"} for n in range(len(men))],
        "regsosek_anggota": [
            {
                "id_anggota": f"RA{n}",
                "id_keluarga": f"R{n}",
                "nama": man["nama"],
                "nik": man["nik"],
                "tgl_lahir": man["born"],
            }
            for n, man in enumerate(men)
        ],
        "p3ke_keluarga": [
            *({"id_keluarga": f"M{n}", "kode_kemdagri": "3519142007"} for n in range(len(men))),
            *({"id_keluarga": f"P{n:03d}", "no_kk": f"35191420030500{n:02d}"} for n in range(count)),
        ],
        "p3ke_individu": [
            *(
                {"id_individu": f"MA{n}", "id_keluarga": f"M{n}", "nama": man["nama"], "nik": man["nik"]}
                | {"tanggal_lahir": man["born"]}
                for n, man in enumerate(men)
            ),
            *(
                {"id_individu": f"PA{n:03d}", "id_keluarga": f"P{n:03d}", "nama": "SUPARMI", "tanggal_lahir": born}
                | {"jenis_kelamin": "Perempuan"}
                for n, born in enumerate(women)
            ),
        ],
    }


PAST_THE_CAP = namesakes(61)


@pytest.fixture
def linked(tmp_path):
    """Links tables, from the model of the first month linked, and from another month's warehouse where one is named."""

    def run(name, tables, earlier=None):
        with warehouse(tables, models=NEEDED) as con:
            link(con, "2025-03", stored=tmp_path, earlier=tmp_path / "warehouse" / earlier if earlier else None)
            for table in ("model", "frekuensi"):
                file = {"model": "model_penautan", "frekuensi": "frekuensi"}[table]
                if not (tmp_path / f"{file}.parquet").exists():
                    con.execute(f"copy linkage.{table} to '{tmp_path}/{file}.parquet'")
            found = {table: sorted(con.execute(f"from linkage.{table}").fetchall()) for table in RESULTS}
            scored = con.execute("select count(*) from linkage.pasangan_calon").fetchone()[0]
            (tmp_path / "warehouse").mkdir(exist_ok=True)
            attach_month(con, tmp_path / "warehouse" / name, "simpan")
            con.execute("create schema simpan.linkage")
            tables_made = con.execute(
                "select table_name from duckdb_tables() where schema_name = 'linkage' and database_name <> 'simpan'"
            ).fetchall()
            for (table,) in tables_made:
                con.execute(f"create table simpan.linkage.{table} as from linkage.{table}")
            con.execute("detach simpan")
        return found, scored

    return run


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(namesakes(40), namesakes(40), id="nothing changed"),
        pytest.param(namesakes(40), namesakes(42), id="two are new"),
        pytest.param(namesakes(42), namesakes(40), id="two are gone"),
        pytest.param(namesakes(40), namesakes(40, changed=(3, 17)), id="two have changed"),
        pytest.param(namesakes(60), PAST_THE_CAP, id="a block grows past the cap"),
        pytest.param(PAST_THE_CAP, namesakes(60), id="a block falls below the cap"),
    ],
)
def test_the_same_as_a_full_run(linked, before, now):
    linked("lalu", before)
    full, all_pairs = linked("penuh", now)
    partly, few_pairs = linked("sebagian", now, earlier="lalu")
    assert full["pasangan"]
    assert partly == full
    if now != PAST_THE_CAP and before != PAST_THE_CAP:
        assert few_pairs < all_pairs


def test_another_model_or_a_missing_warehouse_means_a_full_run(linked, tmp_path):
    full, all_pairs = linked("lalu", namesakes(10))
    assert linked("a", namesakes(10), earlier="tidak-ada") == (full, all_pairs)
    with connect(tmp_path / "warehouse" / "lalu") as con:
        con.execute("update linkage.model set isi = replace(isi, '0.9', '0.8')")
    assert linked("b", namesakes(10), earlier="lalu") == (full, all_pairs)


def test_an_unfinished_warehouse_means_a_full_run(linked, tmp_path):
    full, all_pairs = linked("lalu", namesakes(10))
    with connect(tmp_path / "warehouse" / "lalu") as con:
        con.execute("drop table linkage.pasangan")
    assert linked("b", namesakes(10), earlier="lalu") == (full, all_pairs)


def test_a_warehouse_that_another_process_writes_is_left_alone(linked, tmp_path):
    full, all_pairs = linked("lalu", namesakes(10))
    hold = """if True:
        import pathlib, sys
        from dtsen_pipeline.storage.warehouse import connect
        with connect(pathlib.Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "warehouse" / "lalu")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        assert linked("b", namesakes(10), earlier="lalu") == (full, all_pairs)
        other.communicate("")
