"""A simulated month through the real job: what is published, what is blocked, and that a second run changes nothing."""

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

import duckdb
import pytest

from checks.rules import RULES
from dtsen_pipeline.config import Settings
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import Registry
from dtsen_pipeline.release import contents
from dtsen_pipeline.simulation import simulate
from dtsen_pipeline.storage import keys
from dtsen_pipeline.storage.warehouse import connect
from tests.unit.test_alerts import CLOSED, webhook

MONTH = "2025-03"
# Enough records (22,000) for the linkage model to be trained and not only taken from its starting values.
PERSONS = 11_000


def dtsen(*arguments: str | Path, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", *map(str, arguments)]
    environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "160", "HOME": str(home.parent), **settings}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home.parent, check=False)


def run(landing: Path, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return dtsen("run", "--month", MONTH, "--landing", landing, "--home", home, home=home, **settings)


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
    with connect(base / "home" / "warehouse" / f"{MONTH}.duckdb", read_only=True) as con:
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


def test_nobody_else_may_read_what_a_month_leaves(published):
    base, _ = published
    left = [base / "home", *(base / "home").rglob("*")]
    assert {path.name for path in left} >= {".kunci", "dagster", "registry.duckdb", "manifest.json"}
    assert [path for path in left if path.stat().st_mode & 0o077] == []


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
    with connect(base / "home" / "warehouse" / f"{MONTH}.duckdb", read_only=True) as con:
        assert con.execute("select count(*) from intermediate.int_person_record").fetchone() == (total,)
    assert total == distinct
    audit = [json.loads(line) for line in (base / "home" / "audit.jsonl").read_text().splitlines()]
    assert any("crosswalk" in json.dumps(entry) for entry in audit)


def test_every_published_column_is_explained_and_no_open_count_is_small(published):
    base, _ = published
    with (release(base) / "kamus_data.csv").open(encoding="utf-8", newline="") as file:
        explained = list(csv.DictReader(file))
    assert {row["tabel"] for row in explained} >= {"pribadi/anggota", "terbatas/anggota", "terbuka/desil_kecamatan"}
    assert [row for row in explained if not (row["arti"] and row["meaning"] and row["sumber"])] == []
    for path in (release(base) / "terbuka").glob("*.csv"):
        counts = duckdb.sql(f"select keluarga, orang from read_csv('{path}')").fetchall()
        assert all(n is None or (n >= 10 and n % 5 == 0) for row in counts for n in row), path.name


def test_linkage_is_better_than_the_floor(published):
    base, _ = published
    with connect(base / "home" / "warehouse" / f"{MONTH}.duckdb", read_only=True) as con:
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


STRANGER = {"id_keluarga": "RE-ASING", "id_anggota": "RE-ASING-1", "no_kk": "", "nama": "ZULKARNAEN QOMARUDDIN"}
STRANGER |= {"nik": "", "nama_kk": "ZULKARNAEN QOMARUDDIN", "tgl_lahir": "1951-02-03", "kd_hubungan_keluarga": "1"}


def with_a_stranger(header: str, row: str) -> str:
    """The row as that of a person, or of a family, whom nobody knows."""
    names, cells = next(csv.reader([header])), next(csv.reader([row]))
    given = dict(zip(names, cells, strict=True))
    line = io.StringIO()
    csv.DictWriter(line, names, lineterminator="").writerow(given | {k: v for k, v in STRANGER.items() if k in given})
    return line.getvalue()


def ids_of(home: Path) -> list[tuple[str, ...]]:
    settings = Settings(home=home)
    with store.open(settings) as book:
        (released,) = book.releases()
        rows = contents.relation(book.con, keys.load(settings), released, "crosswalk")
        return book.con.execute(f"select source, record_id, person_id, family_id from {rows} order by all").fetchall()


def test_shuffled_rows_renamed_files_and_a_stranger_more_change_no_id(published, tmp_path):
    base, _ = published
    other = tmp_path / "landing"
    for path in (base / "landing").rglob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        target = other / path.relative_to(base / "landing")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.parent.name == "regsosek":
            rows.append(with_a_stranger(header, rows[0]))
        renamed = target.with_name(f"{target.stem}-kiriman-kedua.csv.gz")
        with gzip.open(renamed, "wt", encoding="utf-8") as file:
            # A line that is broken on purpose may be the last one; reversing keeps all lines and loses their order.
            file.write("\n".join([header, *reversed(rows)]) + "\n")
    # Ids rest on the key of the home.
    done = run(other, tmp_path / "home", DTSEN_KEY=(base / "home" / ".kunci").read_text().strip())
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copy2(base / "home" / ".kunci", tmp_path / "home" / ".kunci")
    mine, theirs = (ids_of(home) for home in (tmp_path / "home", base / "home"))
    assert [row for row in mine if row[1] != STRANGER["id_anggota"]] == theirs
    assert len(mine) == len(theirs) + 1


def test_the_next_month_keeps_model_and_ids_and_scores_only_what_is_new(published, tmp_path):
    base, _ = published
    home = tmp_path / "home"
    shutil.copytree(base / "home", home)
    simulate(PERSONS, 3, "2025-04", tmp_path / "landing", after=MONTH)
    done = dtsen("run", "--month", "2025-04", "--landing", tmp_path / "landing", "--home", home, home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    with connect(home / "warehouse" / "2025-04.duckdb", read_only=True) as con:
        assert con.execute("select bulan from linkage.model").fetchone() == (MONTH,)
        scored, known = con.execute(
            "select (select count(*) from linkage.pasangan_calon), (select count(*) from linkage.pasangan)"
        ).fetchone()
        assert scored < known / 5
    with store.open(Settings(home=home)) as book:
        kept, lost = book.con.execute(
            """select count(*) filter (where bulan_selesai is null), count(*) filter (where bulan_selesai = '2025-04')
            from rekaman where bulan_mulai = ?""",
            [MONTH],
        ).fetchone()
        assert lost < kept / 50
        kinds = dict(
            book.con.execute("select jenis, count(*) from peristiwa where bulan = '2025-04' group by all").fetchall()
        )
        assert kinds["created"] > 0
        check_page(book, home, "2025-04")


def check_page(book: Registry, home: Path, month: str) -> None:
    """The page of the month says what registry and manifest say: the measures of every rule, the counts, the events of ids."""
    html = (home / "releases" / month / "r1" / "dashboard.html").read_text(encoding="utf-8")
    shown = {float(value) for value in re.findall(r'<data value="([^"]+)"', html)}
    rules = {rule.name: rule for rule in RULES if rule.subject == "work"}
    measured = {
        rules[name].shown(ukuran, nilai).nilai
        for name, ukuran, nilai in book.con.execute(
            "select rule, ukuran, nilai from mutu where bulan = ?", [month]
        ).fetchall()
        if name in rules
    }
    manifest = json.loads((home / "releases" / month / "r1" / "manifest.json").read_bytes())
    figures = [figure for rule in manifest["rules"] for _, figure, _ in rule["measures"]]
    measured |= {figure for figure in figures if not isinstance(figure, str)}
    assert [figure for figure in figures if isinstance(figure, str) and escape(figure) not in html] == []
    counted = {
        row[0]
        for row in book.con.execute(
            "select nilai from ukuran where bulan = ? and nama in ('anggota', 'keluarga', 'crosswalk')", [month]
        ).fetchall()
    }
    assert measured | counted <= shown
    table = html[html.index('id="t-peristiwa"') :]
    first, second = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)[:2]
    for row, told in ((first, month), (second, MONTH)):
        assert told in row
        expected = {
            (entity, kind): count
            for entity, kind, count in book.con.execute(
                "select entity, jenis, count(*) from peristiwa where bulan = ? group by all", [told]
            ).fetchall()
        }
        kinds = ("created", "retired", "merged_into", "split_from")
        assert [int(value) for value in re.findall(r'<data value="(\d+)"', row)] == [
            expected.get((entity, kind), 0) for entity in ("person", "family") for kind in kinds
        ]
    trend = html[html.index('id="t-tren"') : html.index('id="kiriman"')]
    assert f">{MONTH}<" in trend and f">{month}<" in trend
    listed = (home / "index.html").read_text(encoding="utf-8")
    assert f'href="releases/{month}/r1/dashboard.html"' in listed and f'href="releases/{MONTH}/r1/' in listed


def test_a_file_without_its_required_column_stops_with_exit_2_and_changes_nothing(tmp_path):
    landing = tmp_path / "landing"
    simulate(500, 4, MONTH, landing)
    file = landing / MONTH / "dtks" / "anggota.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("idartbdt", "kolom_lain", 1), encoding="utf-8")
    done = run(landing, tmp_path / "home", DTSEN_WEBHOOK=CLOSED)
    assert done.returncode == 2, "whether people could be told or not"
    assert "idartbdt" in done.stderr and "anggota.csv" in done.stderr
    assert done.stderr.count("tidak terkirim / not sent: webhook") == 1 and CLOSED not in done.stderr
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
    given = ("--month", "2025-04", "--landing", later.parent, "--home", base / "home")
    with webhook() as (url, got):
        done = dtsen("run", *given, home=base / "home", DTSEN_WEBHOOK=url)
    assert done.returncode == 3, done.stdout + done.stderr
    (alert,) = got
    assert (alert["state"], alert["month"]) == ("tertahan", "2025-04") and "nik_sah" in alert["rules"]
    assert alert["page"] == str(base / "home" / "tertahan" / "2025-04.html") and "not sent" not in done.stderr
    assert "nik_sah" in done.stderr + done.stdout
    assert (base / "home" / "releases" / "CURRENT").read_text() == standing
    page = (base / "home" / "tertahan" / "2025-04.html").read_text(encoding="utf-8")
    assert "nik_sah" in page and MONTH in page[page.index('id="t-tren"') : page.index('id="kiriman"')]
    assert 'href="tertahan/2025-04.html"' in (base / "home" / "index.html").read_text(encoding="utf-8")


def test_a_month_that_is_no_month_is_a_usage_error(tmp_path):
    done = dtsen("run", "--month", "2025-13", "--home", tmp_path / "home", home=tmp_path / "home")
    assert done.returncode == 2
    assert "YYYY-MM" in done.stderr
