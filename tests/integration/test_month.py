"""A simulated month through the real job: what is published, what is blocked, and that a second run changes nothing."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dtsen_pipeline.simulation import simulate

MONTH = "2025-03"
# Enough records (22,000) for the linkage model to be trained and not only taken from its starting values.
PERSONS = 11_000


def dtsen(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", *map(str, arguments)]
    environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "160", "HOME": str(home.parent)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home.parent, check=False)


def run(landing: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return dtsen("run", "--month", MONTH, "--landing", landing, "--home", home, home=home)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """One published month that the tests of this module read."""
    base = tmp_path_factory.mktemp("bulan")
    simulate(PERSONS, 3, MONTH, base / "landing")
    done = run(base / "landing", base / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    return base, done


def release(base: Path) -> Path:
    return base / "home" / "releases" / MONTH / "r1"


def test_the_summary_tells_what_happened(published):
    _, done = published
    for expected in (
        "dtks",
        "regsosek",
        "p3ke",
        "orang/persons",
        "f1_orang",
        "desil",
        "aturan lulus",
        "TERBIT",
        "dashboard.html",
    ):
        assert expected in done.stdout


def test_every_row_is_accounted_for(published):
    base, _ = published
    with duckdb.connect(str(base / "home" / "warehouse" / f"{MONTH}.duckdb"), read_only=True) as con:
        deliveries = con.execute(
            "select source, tabel, sum(rows_read), sum(rows_quarantined) from raw.deliveries group by all"
        )
        for source, table, read, quarantined in deliveries.fetchall():
            staged = con.execute(f"select count(*) from staging.stg_{source}__{table}").fetchone()[0]
            assert read == quarantined + staged, f"{source}.{table}"
        reasons = con.execute(
            "select count(*) from quarantine.alasan where alasan is null or keterangan is null"
        ).fetchone()
        assert reasons == (0,)


def test_the_crosswalk_names_every_person_row_once(published, tmp_path):
    base, _ = published
    target = tmp_path / "crosswalk.parquet"
    done = dtsen("export", "crosswalk", "--month", MONTH, "--home", base / "home", "--to", target, home=base / "home")
    assert done.returncode == 0, done.stderr
    rows = duckdb.sql(f"select * from read_parquet('{target}')")
    assert rows.columns == ["source", "record_id", "person_id", "family_id"]
    total, distinct = duckdb.sql(
        f"select count(*), count(distinct (source, record_id)) from read_parquet('{target}')"
    ).fetchone()
    with duckdb.connect(str(base / "home" / "warehouse" / f"{MONTH}.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from intermediate.int_person_record").fetchone() == (total,)
    assert total == distinct
    audit = [json.loads(line) for line in (base / "home" / "audit.jsonl").read_text().splitlines()]
    assert any("crosswalk" in json.dumps(entry) for entry in audit)


def test_linkage_is_better_than_the_floor(published):
    base, _ = published
    with duckdb.connect(str(base / "home" / "warehouse" / f"{MONTH}.duckdb"), read_only=True) as con:
        measures = dict(con.execute("select ukuran, nilai from linkage.evaluasi where kelompok = 'semua'").fetchall())
    assert measures["f1_orang"] >= 0.995
    assert measures["f1_keluarga"] >= 0.97


def test_the_same_month_again_is_the_same_release(published):
    base, _ = published
    before = {path.name: path.read_bytes() for path in release(base).rglob("*") if path.is_file()}
    done = run(base / "landing", base / "home")
    assert done.returncode == 0, done.stderr
    assert not (release(base).parent / "r2").exists()
    assert {path.name: path.read_bytes() for path in release(base).rglob("*") if path.is_file()} == before


def test_shuffled_rows_and_renamed_files_give_the_same_ids(published, tmp_path):
    base, _ = published
    other = tmp_path / "landing"
    for path in (base / "landing").rglob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        target = other / path.relative_to(base / "landing")
        target.parent.mkdir(parents=True, exist_ok=True)
        renamed = target.with_name(f"{target.stem}-kiriman-kedua.csv.gz")
        with gzip.open(renamed, "wt", encoding="utf-8") as file:
            # A line that is broken on purpose may be the last one; reversing keeps all lines and loses their order.
            file.write("\n".join([header, *reversed(rows)]) + "\n")
    done = run(other, tmp_path / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    ids = "select source, record_id, person_id, family_id from read_parquet('{}') order by all"
    mine = duckdb.sql(ids.format(tmp_path / "home/releases" / MONTH / "r1/pribadi/crosswalk.parquet")).fetchall()
    theirs = duckdb.sql(ids.format(release(base) / "pribadi/crosswalk.parquet")).fetchall()
    assert mine == theirs


def test_a_file_without_its_required_column_stops_with_exit_2_and_changes_nothing(tmp_path):
    landing = tmp_path / "landing"
    simulate(500, 4, MONTH, landing)
    file = landing / MONTH / "dtks" / "anggota.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("idartbdt", "kolom_lain", 1), encoding="utf-8")
    done = run(landing, tmp_path / "home")
    assert done.returncode == 2
    assert "idartbdt" in done.stderr and "anggota.csv" in done.stderr
    assert not (tmp_path / "home" / "releases").exists() or not any((tmp_path / "home" / "releases").glob("*/r*"))


def test_a_spoiled_month_is_blocked_with_exit_3_and_the_last_release_stands(published, tmp_path):
    base, _ = published
    landing = tmp_path / "landing"
    simulate(PERSONS, 3, MONTH, landing)
    file = landing / MONTH / "regsosek" / "anggota.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    column = header.replace('"', "").split(",").index("nik")

    def without_nik(row: str) -> str:
        cells = row.split(",")
        if len(cells) > column:
            cells[column] = '"-"'
        return ",".join(cells)

    file.write_text("\n".join([header, *map(without_nik, rows)]) + "\n", encoding="utf-8")
    later = tmp_path / "landing-later" / "2025-04"
    later.parent.mkdir()
    (landing / MONTH).rename(later)
    (landing / "referensi").rename(later.parent / "referensi")
    standing = (base / "home" / "releases" / "CURRENT").read_text()
    done = dtsen("run", "--month", "2025-04", "--landing", later.parent, "--home", base / "home", home=base / "home")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "nik_sah" in done.stderr + done.stdout
    assert (base / "home" / "releases" / "CURRENT").read_text() == standing
    assert "nik_sah" in (base / "home" / "tertahan" / "2025-04.html").read_text(encoding="utf-8")


def test_a_month_that_is_no_month_is_a_usage_error(tmp_path):
    done = dtsen("run", "--month", "2025-13", "--home", tmp_path / "home", home=tmp_path / "home")
    assert done.returncode == 2
    assert "YYYY-MM" in done.stderr
