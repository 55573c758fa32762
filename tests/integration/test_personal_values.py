"""No personal value where none may be: all that a month leaves behind is searched for every personal value that went in.

A personal value is one of a column that the contracts mark ``pii`` or the dictionary of a release marks L4. It is found by its
words and numbers in their order: what stands between them does not count, nor do capitals, so a date is found with dashes or
slashes. A failure tells the file, the kind and the number of values, never a value.
"""

from __future__ import annotations

import csv
import gzip
import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import duckdb
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from benchmarks.foreign.month import write_foreign_month
from dtsen_pipeline.contracts import model
from dtsen_pipeline.release import dictionary
from dtsen_pipeline.storage.warehouse import connect, path_literal
from tests.integration.conftest import KEY, MONTH

ROOT = Path(__file__).parents[2]
Form = tuple[bytes, ...]

# A shorter value would turn up by chance in 30 MB of encrypted bytes.
SHORTEST = 6
_PRINTED = re.compile(rb"[\t\n\r\x20-\x7e]{%d,}" % SHORTEST)
_WORD = re.compile(rb"[0-9]+|[A-Za-z]+")
_LINE_END_IN_JSON = re.compile(rb"\\+[nrt]")


def words(text: bytes) -> list[bytes]:
    return _WORD.findall(_LINE_END_IN_JSON.sub(b" ", text))


def forms_of(kind: str, value: str) -> Iterator[Form]:
    """A value as delivered; a date in either order of its parts, a number without what divides it."""
    parts = words(value.upper().encode())
    yield tuple(parts)
    if kind == "date of birth":
        yield tuple(reversed(parts))
    if "number" in kind:
        yield tuple(words(re.sub(r"[\W_]", "", value.upper()).encode()))


class Personal:
    """Personal values by kind, which is what contract and dictionary call the column, and how to find them."""

    def __init__(self, landing: Path, warehouse: Path | None = None) -> None:
        self.values: defaultdict[str, set[str]] = defaultdict(set)
        for kind, value in [*_delivered(landing), *(_standardised(warehouse) if warehouse else ())]:
            self.values[kind].add(value)
        self.kinds = {
            form: kind
            for kind, values in self.values.items()
            for value in values
            for form in forms_of(kind, value)
            if len(b"".join(form)) >= SHORTEST
        }
        self._lengths: defaultdict[bytes, set[int]] = defaultdict(set)
        for form in self.kinds:
            self._lengths[form[0]].add(len(form))
        for form in self.find(public_words(landing)):
            del self.kinds[form]

    def find(self, texts: Iterable[bytes]) -> set[Form]:
        found = set()
        for text in texts:
            for printed in _PRINTED.findall(text):
                said = words(printed)
                upper = [word.upper() for word in said]
                for i, word in enumerate(upper):
                    for n in self._lengths.get(word, ()):
                        # One word may be a name here and an ordinary word there: the name has a capital.
                        if (form := tuple(upper[i : i + n])) in self.kinds and (n > 1 or said[i][:1] == word[:1]):
                            found.add(form)
        return found

    def leaks(self, places: Iterable[Path]) -> dict[str, Counter[str]]:
        """How many values of which kind stand in which file."""
        found = {str(place): Counter(self.kinds[form] for form in self.find(texts_of(place))) for place in places}
        return {place: counts for place, counts in found.items() if counts}

    def searched(self, kind: str) -> float:
        """Share of the values of ``kind`` that are looked for."""
        values = [value for value in self.values[kind] if value.strip(" -")]
        return sum(any(form in self.kinds for form in forms_of(kind, value)) for value in values) / len(values)


def _delivered(landing: Path) -> Iterator[tuple[str, str]]:
    """What the contracts mark as personal."""
    for source in model.load().values():
        for table in source.tables.values():
            kinds = {column.name: column.meaning.en for column in table.columns.values() if column.pii}
            for file in landing.glob(f"*/{source.source}/{table.files}*.csv"):
                with file.open(encoding="utf-8", newline="") as stream:
                    for row in csv.DictReader(stream):
                        yield from ((kinds[name], row[name]) for name in kinds.keys() & row.keys())


def _standardised(warehouse: Path) -> Iterator[tuple[str, str]]:
    """What the dictionary of the release marks as personal, the ids of persons and families among it."""
    declared = dictionary.entries()
    with connect(warehouse, read_only=True) as con:
        for table in ("anggota", "keluarga"):
            relation = con.execute(f"from marts.{table}")
            columns = [name for name, *_ in relation.description or ()]
            found = [declared.get((table, name)) or declared.get((dictionary.ANY, name)) for name in columns]
            for row in relation.fetchall():
                for entry, value in zip(found, row, strict=True):
                    if entry and entry.tingkat == "L4" and value is not None:
                        yield entry.meaning.lower(), str(value)


def public_words(landing: Path) -> Iterator[bytes]:
    """What is nobody's: what the project says of itself, and what areas are called."""
    for folder in ("dtsen_pipeline", "assets", "checks", "dbt_like_sql", "docs"):
        for path in (ROOT / folder).rglob("*"):
            # Lists of names, of which some people's consist.
            if (
                path.suffix in (".py", ".sql", ".j2", ".yaml", ".csv", ".md")
                and "nama" not in path.name
                and path.name != "names.yaml"
            ):
                yield path.read_bytes()
    yield (landing / "referensi" / "wilayah.csv").read_bytes()


def texts_of(path: Path) -> Iterator[bytes]:
    """The name and bytes of a file, and what they say where they are packed: SQLite, Parquet, gzip, zlib."""
    content = path.read_bytes()
    yield path.name.encode()
    yield content
    if content.startswith(b"SQLite format 3"):
        yield from _rows(path)
    elif content.startswith(b"PAR1"):
        for row in duckdb.connect().execute("from read_parquet(?)", [str(path)]).fetchall():
            yield "\n".join(map(str, row)).encode()
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


def _rows(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        con.text_factory = bytes
        for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in con.execute(f'select * from "{table.decode()}"'):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            yield zlib.decompress(value)


# The command once for each folder, which gets all it says, and all that any library would say; in one process, since loading the
# libraries takes longer than a month that fails.
COMMAND = """
import logging, os, sys
from pathlib import Path
from dtsen_pipeline.cli import main
month, *bases = sys.argv[1:]
logging.basicConfig(level=1, stream=open(2, 'w'))
for base in map(Path, bases):
    for stream, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(base / name, os.O_CREAT | os.O_WRONLY), stream)
    os.environ.pop("DAGSTER_HOME", None)
    if (base / "langkah.py").exists():
        exec((base / "langkah.py").read_text())
    sys.argv = ["dtsen", "run", "--month", month, "--landing", str(base / "landing"), "--home", str(base / "home")]
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    (base / "exit").write_text(str(code))
"""


def run(*bases: Path) -> None:
    """``dtsen run`` in each folder."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(bases[0]),
        "DTSEN_KEY": KEY,
        "COLUMNS": "300",
    }
    command = [sys.executable, "-c", COMMAND, MONTH, *map(str, bases)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=bases[0], check=False)
    assert done.returncode == 0 and not done.stdout, done.stderr


def left_by(base: Path) -> list[Path]:
    """All files of a month but what was delivered."""
    apart = (base / "landing", base / "kebenaran")
    return [path for path in base.rglob("*") if path.is_file() and not any(path.is_relative_to(one) for one in apart)]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each month of ``MONTHS``: landing, home, stdout, stderr and exit code."""
    landing = tmp_path_factory.mktemp("kiriman") / "landing"
    write_foreign_month(1500, 12, MONTH, landing)
    bases = {}
    for spoil in MONTHS:
        bases[spoil.__name__] = tmp_path_factory.mktemp(spoil.__name__)
        shutil.copytree(landing, bases[spoil.__name__] / "landing")
        spoil(bases[spoil.__name__] / "landing")
    run(*bases.values())
    return bases


@pytest.fixture(scope="module")
def personal(months: dict[str, Path]) -> Personal:
    month = months[whole.__name__]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTSEN_KEY", KEY)
        return Personal(month / "landing", month / "home" / "warehouse" / f"{MONTH}.duckdb")


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("population number", 0.999),
        ("the head's population number", 0.99),
        ("family card number", 0.999),
        ("address", 0.999),
        ("date of birth", 0.98),
        ("name", 0.9),
        ("full name, standardised", 0.9),
        ("name of the head", 0.85),
        ("name of the household head", 0.85),
        ("mother's maiden name", 0.85),
        ("id of the person inside dtsen", 0.999),
        ("id of the family inside dtsen", 0.999),
        ("monthly income (financial data, uu 27/2022 art. 4)", 0.999),
    ],
)
def test_nearly_all_values_are_looked_for(personal: Personal, kind: str, least: float) -> None:
    """The others are names of five letters or fewer, years, and what the project's own texts say too."""
    assert personal.searched(kind) >= least


def in_a_log(folder: Path, value: str) -> None:
    (folder / "a.log").write_text(f"2025-03-18 02:00:00 INFO dibaca:{value};\n")


def in_json_in_sqlite(folder: Path, value: str) -> None:
    with closing(sqlite3.connect(folder / "runs.db")) as con, con:
        con.execute("create table event_logs (id integer, event text)")
        con.execute("insert into event_logs values (1, ?)", [json.dumps({"message": f"gagal\n{value}\n"})])


def deflated_in_sqlite(folder: Path, value: str) -> None:
    with closing(sqlite3.connect(folder / "runs.db")) as con, con:
        con.execute("create table snapshots (body blob)")
        con.execute("insert into snapshots values (?)", [zlib.compress(value.encode())])


def in_parquet(folder: Path, value: str) -> None:
    rows = "select range as nomor, ? as isi from range(5)"
    duckdb.connect().execute(
        f"copy ({rows}) to {path_literal(folder / 'a.parquet')} (format parquet, compression zstd)", [value]
    )


def in_a_page(folder: Path, value: str) -> None:
    (folder / "a.html").write_text(f"<td>{html.escape(value)}</td>")


def in_gzip(folder: Path, value: str) -> None:
    (folder / "a.gz").write_bytes(gzip.compress(value.encode()))


def between_bytes(folder: Path, value: str) -> None:
    (folder / "a.bin").write_bytes(b"\x00\xff\x93" + value.encode() + b"\x00\x01")


@pytest.mark.parametrize(
    "plant", [in_a_log, in_json_in_sqlite, deflated_in_sqlite, in_parquet, in_a_page, in_gzip, between_bytes]
)
def test_a_value_of_any_kind_is_found_wherever_it_stands(
    personal: Personal, tmp_path: Path, plant: Callable[[Path, str], None]
) -> None:
    for form, kind in {kind: (form, kind) for form, kind in personal.kinds.items()}.values():
        folder = tmp_path / str(abs(hash(form)))
        folder.mkdir()
        plant(folder, " ".join(word.decode() for word in form))
        assert [kind in counts for counts in personal.leaks(left_by(folder)).values()] == [True]


def test_a_value_is_found_as_it_is_written_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "landing" / MONTH / "p3ke"
    folder.mkdir(parents=True)
    (folder / "individu.csv").write_text("nik,nama,tanggal_lahir\n33.7405-5708 9000012,Siti  Zulaikha,17/08/1990\n")
    (tmp_path / "landing" / "referensi").mkdir()
    (tmp_path / "landing" / "referensi" / "wilayah.csv").touch()
    searched = Personal(tmp_path / "landing")
    for text in (
        "33740557089000012",
        "SITI ZULAIKHA",
        "siti zulaikha",
        "1990-08-17",
        "17-08-1990",
        "nik33740557089000012x",
    ):
        assert searched.find([text.encode()]), text
    for text in ("33740557089000013", "SITI", "ZULAIKHA", "1990-08-18", "08-17"):
        assert not searched.find([text.encode()]), text


def whole(landing: Path) -> None:
    """A good month, in which a column that no contract knows has somebody's name for its label."""
    file = landing / MONTH / "dtks" / "anggota.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        label = next(row["nama"] for row in csv.DictReader(stream) if len(row["nama"]) > 5 and row["nama"].isalpha())
    edit(file, lambda lines: [f"{lines[0]},{label}", *(f"{line},x" for line in lines[1:])])


def without_header(landing: Path) -> None:
    edit(landing / MONTH / "dtks" / "anggota.csv", lambda lines: lines[1:])


def shifted_columns_and_an_open_quote(landing: Path) -> None:
    whole(landing)
    edit(
        landing / MONTH / "regsosek" / "anggota.csv", lambda lines: [lines[0], *(_shifted(line) for line in lines[1:])]
    )
    edit(
        landing / MONTH / "p3ke" / "individu.csv",
        lambda lines: [*lines[:9], lines[9].replace(",", ',"', 3), *lines[10:]],
    )


def _shifted(line: str) -> str:
    first, *others, last = line.split(",")
    return ",".join([first, last, *others])


def bad_encoding(landing: Path) -> None:
    file = landing / MONTH / "p3ke" / "individu.csv"
    file.write_bytes(file.read_bytes().replace(b"SITI", b"S\x81TI"))


def broken_parquet(landing: Path) -> None:
    file = landing / MONTH / "p3ke" / "individu.csv"
    pq.write_table(pacsv.read_csv(file), file, compression="none", use_dictionary=False)
    before, after = file.read_bytes().split(b"SITI", 1)
    length = b"\xff\xff\xff\x7f"  # past the page
    file.write_bytes(before[: -len(length)] + length + b"SITI" + after)


def edit(file: Path, change: Callable[[list[str]], list[str]]) -> None:
    file.write_text("\n".join(change(file.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")


# What a mistake in a step may do: four steps that do not wait for one another, so that one run meets all of it.
MISTAKES = """
from dataclasses import replace
import assets.models
from dtsen_pipeline import welfare
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.review import decisions
from dtsen_pipeline.sql import models as sql_models

def refused_by_a_cast(name):
    models = sql_models.load_models()
    models[name] = replace(models[name], sql="select cast(nama as integer) as nomor from raw.dtks_anggota")

def raised_with_a_row(con, names):
    if names == ["staging.stg_p3ke__individu"]:
        raise ValueError(con.execute("from raw.p3ke_individu").fetchone())
    sql_models.run_models(con, names)

def quoted_by_pandas(con):
    con.execute("select nama from raw.regsosek_anggota").df()["nama"].astype(int)

def chained(con, home):
    try:
        raise ValueError(con.execute("from raw.regsosek_anggota").fetchone())
    except ValueError as error:
        raise InputError("putusan tidak terbaca / decisions not readable") from error

refused_by_a_cast("staging.stg_dtks__anggota")
assets.models.run_models = raised_with_a_row
welfare.fit_month = quoted_by_pandas
decisions.load_decisions = chained
"""


def mistakes_in_steps(landing: Path) -> None:
    (landing.parent / "langkah.py").write_text(MISTAKES)


# Exit code, and what is said.
MONTHS: dict[Callable[[Path], None], tuple[str, tuple[str, ...]]] = {
    whole: ("0", ("TERBIT",)),
    without_header: ("2", ("anggota.csv", "no header line?")),
    shifted_columns_and_an_open_quote: ("3", ("kontrak_regsosek_anggota", "DITAHAN")),
    bad_encoding: ("2", ("individu.csv", "neither UTF-8")),
    broken_parquet: ("2", ("individu.csv", "Parquet")),
    mistakes_in_steps: ("2", ("decisions not readable",)),  # the last one: its patches stay
}


@pytest.mark.parametrize("spoil", MONTHS)
def test_a_month_says_how_it_ended_and_leaves_no_personal_value_in_the_open(
    months: dict[str, Path], personal: Personal, spoil: Callable[[Path], None]
) -> None:
    base = months[spoil.__name__]
    code, expected = MONTHS[spoil]
    told = (base / "stdout").read_text() + (base / "stderr").read_text()
    assert (base / "exit").read_text() == code
    assert [part for part in expected if part not in told] == []
    assert personal.leaks(left_by(base)) == {}


def test_what_is_searched_is_all_that_a_month_leaves(months: dict[str, Path]) -> None:
    left = left_by(months[whole.__name__])
    assert {path.name for path in left} >= {
        "stdout",
        "stderr",
        "dashboard.html",
        "manifest.json",
        "kamus_data.csv",
        "registry.duckdb",
        f"{MONTH}.duckdb",
        "runs.db",
        "index.db",
        "CURRENT",
    }
    assert {path.parent.name for path in left} >= {"terbuka", "terbatas", "pribadi", "compute_logs"}
    blocked = months[shifted_columns_and_an_open_quote.__name__]
    assert blocked / "home" / "tertahan" / f"{MONTH}.html" in left_by(blocked)


def test_mistakes_in_steps_are_told_by_kind_and_line_of_code(months: dict[str, Path]) -> None:
    (history,) = (months[mistakes_in_steps.__name__] / "home" / "dagster" / "history" / "runs").glob("*-*.db")
    told = b"\n".join(_rows(history)).decode(errors="replace")
    expected = (
        "ConversionException: pesan",
        "ValueError: pesan",
        "dtsen_pipeline/sql/models.py:",
        "assets/welfare.py:",
    )
    assert [part for part in expected if part not in told] == []
