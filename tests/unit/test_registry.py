"""The registry: ids and events follow from released months alone, whatever order the months are published in."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dtsen_pipeline.bilingual import same
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import PUBLISHED, REPLACED, WITHDRAWN, Registry, Release
from dtsen_pipeline.storage import keys, warehouse

Assignment = dict[str, tuple[str, str]]  # record_id -> (person_id, family_id)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Registry]:
    with store.open(settings) as opened:
        yield opened


def release(ledger: Registry, month: str, assignment: Assignment, run_id: str = "uji") -> None:
    """Enter a release of ``month`` in which the records belong to these persons and families."""
    revision = 1 + sum(entry.month == month for entry in ledger.releases())
    path = ledger.settings.home / f"crosswalk-{month}-{revision}.parquet"
    rows = [("dtks", record, *ids) for record, ids in assignment.items()]
    names = ["source", "record_id", "person_id", "family_id"]
    columns = list(zip(*rows, strict=True)) or [[]] * 4
    pq.write_table(
        pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}), path
    )
    entry = Release(month, revision, path, f"sha-{month}-{revision}", datetime.now(UTC), PUBLISHED)
    ledger.record(entry, f"read_parquet('{path}')", {"rekaman": len(rows)}, run_id)


def before(ledger: Registry, month: str) -> Assignment:
    rows = ledger.previous_assignment(month).to_pylist()
    assert len({row["record_id"] for row in rows}) == len(rows), "a record may stand in one place only"
    return {row["record_id"]: (row["person_id"], row["family_id"]) for row in rows}


def events(ledger: Registry, month: str, entity: str = "person") -> set[tuple[str, str, str | None]]:
    return set(
        ledger.con.execute(
            "select jenis, id, id_lain from peristiwa where bulan = ? and entity = ?", [month, entity]
        ).fetchall()
    )


def test_before_the_first_release_nobody_has_an_id(ledger: Registry) -> None:
    assert before(ledger, "2025-01") == {}
    assert ledger.previous_assignment("2025-01").column_names == ["source", "record_id", "person_id", "family_id"]


def test_a_month_that_runs_again_sees_the_month_before_it_not_itself(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    release(ledger, "2025-02", {"a": ("P-9", "K-9")})
    assert before(ledger, "2025-02") == {"a": ("P-1", "K-1")}
    assert before(ledger, "2025-03") == {"a": ("P-9", "K-9")}


def test_a_skipped_month_does_not_break_the_chain(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    assert before(ledger, "2025-04") == {"a": ("P-1", "K-1")}


def test_the_registry_remembers_whose_a_record_was_that_is_not_delivered_any_more(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1"), "b": ("P-1", "K-1"), "c": ("P-3", "K-1")})
    release(ledger, "2025-02", {"a": ("P-2", "K-1"), "b": ("P-1", "K-1")})
    release(ledger, "2025-03", {"b": ("P-1", "K-1")})
    gone = {month: ledger.assignment_of_absent(month).to_pylist() for month in ("2025-02", "2025-03", "2025-04")}
    assert {month: {row["record_id"]: row["person_id"] for row in rows} for month, rows in gone.items()} == {
        "2025-02": {},
        "2025-03": {"c": "P-3"},
        "2025-04": {"a": "P-2", "c": "P-3"},
    }


def test_a_month_that_is_not_a_month_is_refused(ledger: Registry) -> None:
    with pytest.raises(InputError):
        ledger.previous_assignment("2025-13")


def test_the_first_release_creates_every_id(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1"), "b": ("P-2", "K-1")})
    assert events(ledger, "2025-01") == {("created", "P-1", None), ("created", "P-2", None)}
    assert events(ledger, "2025-01", "family") == {("created", "K-1", None)}


def test_every_kind_of_event(ledger: Registry) -> None:
    release(
        ledger,
        "2025-01",
        {
            "same": ("P-same", "K"),
            "a1": ("P-a", "K"),
            "a2": ("P-b", "K"),
            "s1": ("P-s", "K"),
            "s2": ("P-s", "K"),
            "gone": ("P-gone", "K"),
        },
    )
    release(
        ledger,
        "2025-02",
        {
            "same": ("P-same", "K"),
            "a1": ("P-a", "K"),
            "a2": ("P-a", "K"),
            "s1": ("P-s", "K"),
            "s2": ("P-t", "K"),
            "new": ("P-new", "K"),
        },
    )
    assert events(ledger, "2025-02") == {
        ("merged_into", "P-b", "P-a"),
        ("split_from", "P-t", "P-s"),
        ("retired", "P-gone", None),
        ("created", "P-new", None),
    }
    assert events(ledger, "2025-02", "family") == set()


def test_an_id_merges_into_the_one_that_took_most_of_its_records(ledger: Registry) -> None:
    release(ledger, "2025-01", dict.fromkeys("abc", ("P-1", "K")) | {"x": ("P-x", "K"), "y": ("P-y", "K")})
    release(
        ledger,
        "2025-02",
        {"a": ("P-y", "K"), "b": ("P-x", "K"), "c": ("P-x", "K"), "x": ("P-x", "K"), "y": ("P-y", "K")},
    )
    assert events(ledger, "2025-02") == {("merged_into", "P-1", "P-x")}


def test_publishing_a_month_again_replaces_its_ids_and_events(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    release(ledger, "2025-02", {"a": ("P-1", "K-1"), "b": ("P-2", "K-1")})
    release(ledger, "2025-02", {"a": ("P-1", "K-1")})
    assert before(ledger, "2025-03") == {"a": ("P-1", "K-1")}
    assert events(ledger, "2025-02") == set()
    assert [(entry.name, entry.status) for entry in ledger.releases()] == [
        ("2025-01/r1", "terbit"),
        ("2025-02/r1", "diganti"),
        ("2025-02/r2", "terbit"),
    ]


def test_a_record_that_never_changes_takes_one_row_however_many_months(ledger: Registry) -> None:
    for month in ("2025-01", "2025-02", "2025-03", "2025-02", "2025-01"):
        release(ledger, month, {"a": ("P-1", "K-1")})
    assert ledger.con.execute("select bulan_mulai, bulan_selesai from rekaman").fetchall() == [("2025-01", None)]


MONTHS = ("2025-01", "2025-02", "2025-03")
assignments = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(st.sampled_from(("P-1", "P-2", "P-3")), st.sampled_from(("K-1", "K-2")))
)


def expected_events(old: dict[str, str], new: dict[str, str]) -> set[tuple[str, str, str | None]]:
    """The events between two assignments of records to ids, told record by record."""
    gone, fresh = set(old.values()) - set(new.values()), set(new.values()) - set(old.values())

    def most(pairs: list[str]) -> str:
        return min(set(pairs), key=lambda name: (-pairs.count(name), name))

    found: set[tuple[str, str, str | None]] = set()
    for name in gone:
        heirs = [new[record] for record, owner in old.items() if owner == name and record in new]
        found.add(("merged_into", name, most(heirs)) if heirs else ("retired", name, None))
    for name in fresh:
        givers = [old[record] for record, owner in new.items() if owner == name and old.get(record, "") in new.values()]
        found.add(("split_from", name, most(givers)) if givers else ("created", name, None))
    return found


@given(st.lists(st.tuples(st.sampled_from(MONTHS), assignments), min_size=1, max_size=5))
@hypothesis_settings(max_examples=15, deadline=None)
def test_months_in_any_order_end_as_if_published_once_in_order(published: list[tuple[str, Assignment]]) -> None:
    final = dict(sorted(dict(published).items()))
    with TemporaryDirectory() as home, store.open(Settings(home=Path(home))) as ledger:
        for month, assignment in published:
            release(ledger, month, assignment)
        previous: Assignment = {}
        for month, assignment in final.items():
            assert before(ledger, month) == previous
            assert before(ledger, f"{month[:5]}{int(month[5:]) + 1:02d}") == assignment
            for position, entity in enumerate(("person", "family")):
                old, new = ({r: ids[position] for r, ids in a.items()} for a in (previous, assignment))
                assert events(ledger, month, entity) == expected_events(old, new)
            previous = assignment
        # No interval could be written with fewer rows: two rows of one assignment never touch.
        touching = """select count(*) from rekaman as a inner join rekaman as b
            on a.record_id = b.record_id and a.person_id = b.person_id and a.family_id = b.family_id
            and a.bulan_selesai = b.bulan_mulai"""
        assert ledger.con.execute(touching).fetchone() == (0,)


def everything(ledger: Registry) -> list[list[tuple[object, ...]]]:
    """All rows of ids and events, and the releases that stand."""
    return [
        ledger.con.execute(f"from {table} order by all").fetchall()
        for table in ("rekaman", "peristiwa", "(select bulan, revisi from rilis where status = 'terbit')")
    ]


def withdraw_newest(ledger: Registry) -> None:
    """Take back the newest standing release; the revision before it stands again, where there is one."""
    *_, newest = (entry for entry in ledger.releases() if entry.stands)
    before = [e for e in ledger.releases() if e.month == newest.month and e.status == REPLACED][-1:]
    if before:
        file = ledger.settings.home / f"crosswalk-{newest.month}-{before[0].revision}.parquet"
        ledger.withdraw(newest, before[0], f"read_parquet('{file}')")
    else:
        ledger.withdraw(newest)


@given(
    st.lists(st.tuples(st.sampled_from(MONTHS[:2]), assignments), max_size=4),
    st.lists(st.tuples(st.integers(0, 1), assignments), min_size=1, max_size=2),
)
@hypothesis_settings(max_examples=10, deadline=None)
def test_what_was_withdrawn_leaves_ids_and_events_as_if_it_had_never_been_published(
    published: list[tuple[str, Assignment]], withdrawn: list[tuple[int, Assignment]]
) -> None:
    newest = MONTHS.index(max((month for month, _ in published), default=MONTHS[0]))
    with TemporaryDirectory() as home, store.open(Settings(home=Path(home))) as ledger:
        for month, assignment in published:
            release(ledger, month, assignment)
        never = everything(ledger)
        for later, assignment in sorted(withdrawn, key=lambda one: one[0]):
            release(ledger, MONTHS[newest + later], assignment)
        for _ in withdrawn:
            withdraw_newest(ledger)
        assert everything(ledger) == never
        assert sum(entry.status == WITHDRAWN for entry in ledger.releases()) == len(withdrawn)


def test_a_withdrawn_release_stays_withdrawn_and_the_next_month_follows_the_one_restored(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    release(ledger, "2025-01", {"a": ("P-9", "K-9")})
    withdraw_newest(ledger)
    assert before(ledger, "2025-02") == {"a": ("P-1", "K-1")}
    release(ledger, "2025-01", {"a": ("P-5", "K-5")})
    assert [(entry.name, entry.status) for entry in ledger.releases()] == [
        ("2025-01/r1", "diganti"),
        ("2025-01/r2", "ditarik"),
        ("2025-01/r3", "terbit"),
    ]
    standing = ledger.standing_before("2025-02")
    assert standing is not None and standing.name == "2025-01/r3"
    assert ledger.standing_before("2025-01") is None


def test_a_failure_inside_the_transaction_leaves_nothing(ledger: Registry) -> None:
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    entry = Release("2025-02", 1, Path("x"), "sha", datetime.now(UTC), PUBLISHED)
    with pytest.raises(duckdb.Error):
        ledger.record(entry, "read_parquet('tidak_ada.parquet')", {}, "uji")
    assert [known.month for known in ledger.releases()] == ["2025-01"]
    assert before(ledger, "2025-03") == {"a": ("P-1", "K-1")}


def test_quality_of_a_blocked_month_is_kept_and_nothing_else(ledger: Registry) -> None:
    rule = Rule("aturan", "a.b", same("t"), "o", same("r"), maximum=0)
    failed = Verdict(rule, False, None, (("dtks", 3.0), ("p3ke", 0.0)), same(""))
    broken = Verdict(rule, False, "the SQL failed", (), same(""))
    ledger.record_quality([failed, broken], "2025-01", "jalan-1")
    rows = ledger.con.execute("select bulan, run_id, rule, ukuran, nilai, lulus from mutu").fetchall()
    assert rows == [
        ("2025-01", "jalan-1", "aturan", "dtks", 3.0, False),
        ("2025-01", "jalan-1", "aturan", "p3ke", 0.0, False),
        ("2025-01", "jalan-1", "aturan", "galat", None, False),
    ]
    assert ledger.releases() == [] and before(ledger, "2025-02") == {}


def measured(ledger: Registry, month: str, run_id: str, nilai: float) -> None:
    """Keep what a run measured: the linkage, and one rule."""
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema linkage")
        warehouse.execute(
            """create table linkage.evaluasi as select * from (values
            ('recall_perkiraan', 'semua', cast(? as double), cast(0.9 as double), cast(1.0 as double), 'x / y'),
            ('rekaman_per_orang', 'semua', 2.1, null, null, 'x / y')) as t(ukuran, kelompok, nilai, bawah, atas, dasar)""",
            [nilai],
        )
        warehouse.execute("create schema welfare")
        warehouse.execute(
            """create table welfare.laporan as select * from (values
            ('r2', 'semua', cast(? as double), cast(0.4 as double), cast(0.6 as double)),
            ('psi_survei', 'kolom=motor', 0.02, null, null)) as t(ukuran, kelompok, nilai, bawah, atas)""",
            [nilai],
        )
        ledger.record_measures(warehouse, month, run_id)
    ledger.record_quality(
        [Verdict(Rule("a", "a.b", same("t"), "o", same("r"), maximum=0), True, None, (("x", 0.0),), same(""))],
        month,
        run_id,
    )


def recalled(ledger: Registry, month: str) -> float | None:
    rows = ledger.previous_measures(month).to_pylist()
    return next((row["nilai"] for row in rows if row["ukuran"] == "recall_perkiraan"), None)


def test_every_run_keeps_its_welfare_report_once(ledger: Registry) -> None:
    measured(ledger, "2025-01", "tertahan", 0.49)
    measured(ledger, "2025-01", "uji", 0.50)
    measured(ledger, "2025-01", "uji", 0.51)
    rows = ledger.con.execute("from kesejahteraan order by all").fetchall()
    assert rows == [
        ("2025-01", "tertahan", "psi_survei", "kolom=motor", 0.02, None, None),
        ("2025-01", "tertahan", "r2", "semua", 0.49, 0.4, 0.6),
        ("2025-01", "uji", "psi_survei", "kolom=motor", 0.02, None, None),
        ("2025-01", "uji", "r2", "semua", 0.51, 0.4, 0.6),
    ]


def test_every_run_keeps_what_its_linkage_measured_once(ledger: Registry) -> None:
    measured(ledger, "2025-01", "uji", 0.95)
    measured(ledger, "2025-01", "uji", 0.96)
    rows = ledger.con.execute(
        "select bulan, run_id, ukuran, kelompok, nilai, bawah, atas, dasar from penautan"
    ).fetchall()
    assert rows == [
        ("2025-01", "uji", "recall_perkiraan", "semua", 0.96, 0.9, 1.0, "x / y"),
        ("2025-01", "uji", "rekaman_per_orang", "semua", 2.1, None, None, "x / y"),
    ]


def test_a_month_is_compared_with_the_run_that_made_the_last_release(ledger: Registry) -> None:
    assert recalled(ledger, "2025-01") is None
    measured(ledger, "2025-01", "tertahan", 0.50)
    assert recalled(ledger, "2025-02") is None, "a blocked month was never released"
    measured(ledger, "2025-01", "uji", 0.95)
    release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    measured(ledger, "2025-01", "sesudahnya", 0.40)
    measured(ledger, "2025-02", "tertahan", 0.30)
    assert recalled(ledger, "2025-02") == recalled(ledger, "2025-04") == 0.95
    assert recalled(ledger, "2025-01") is None, "a month that runs again is not compared with itself"


def test_a_month_is_compared_with_the_run_of_the_revision_that_stands_again(ledger: Registry) -> None:
    for nilai in (0.95, 0.60):
        measured(ledger, "2025-01", f"jalan-{nilai}", nilai)
        release(ledger, "2025-01", {"a": ("P-1", "K-1")}, f"jalan-{nilai}")
    assert recalled(ledger, "2025-02") == 0.60
    withdraw_newest(ledger)
    assert recalled(ledger, "2025-02") == 0.95
    withdraw_newest(ledger)
    assert recalled(ledger, "2025-02") is None
    history = "select count(*) from (select nilai from ukuran union all select nilai from penautan)"
    assert ledger.con.execute(history).fetchone() == (6,), "what was measured is history, whatever stands"


def test_a_month_blocked_before_anything_was_measured_keeps_nothing(ledger: Registry) -> None:
    with duckdb.connect() as warehouse:
        ledger.record_measures(warehouse, "2025-01", "uji")
    assert ledger.con.execute(
        "select count(*) from penautan union all select count(*) from kesejahteraan"
    ).fetchall() == [
        (0,),
        (0,),
    ]


def test_nobody_else_may_read_the_file(ledger: Registry) -> None:
    assert ledger.settings.registry.stat().st_mode & 0o777 == 0o600


def test_a_registry_held_elsewhere_is_said_in_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_WAIT_SECONDS", 0.0)
    with store.open(settings), pytest.raises(DtsenError, match="dipakai proses lain"), store.open(settings):
        pass


# Earlier and later versions


def earlier(settings: Settings, steps: int, counted: bool) -> None:
    """A registry as the code left it that knew the first ``steps`` migrations, and counted them or not; with one release."""
    with store.open(settings) as ledger:
        for table in ("versi", "kesejahteraan", "penautan")[: 1 + len(store.MIGRATIONS) - steps]:
            ledger.con.execute(f"drop table {table}")
        if counted:
            ledger.con.execute("create table versi (nomor integer not null, sejak timestamptz not null)")
            ledger.con.execute("insert into versi select i, now() from range(1, ? + 1) as t(i)", [steps])
        release(ledger, "2025-01", {"a": ("P-1", "K-1")})


def shape(ledger: Registry) -> list[tuple[object, ...]]:
    return ledger.con.execute(
        """select table_name, column_name, data_type, is_nullable from duckdb_columns()
        where database_name = 'registri' order by all"""
    ).fetchall()


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_registry_of_every_earlier_version_becomes_one_of_this_and_keeps_its_ids(
    settings: Settings, tmp_path: Path, steps: int, counted: bool
) -> None:
    earlier(settings, steps, counted)
    with store.open(Settings(home=tmp_path / "baru")) as new:
        expected = shape(new)
    with store.open(settings) as ledger:
        assert shape(ledger) == expected and store.version(ledger.con) == len(store.MIGRATIONS)
        assert before(ledger, "2025-02") == {"a": ("P-1", "K-1")}
        release(ledger, "2025-02", {"a": ("P-1", "K-1")})
    with store.open(settings) as ledger:
        assert [entry.name for entry in ledger.releases()] == ["2025-01/r1", "2025-02/r1"]
        numbers = ledger.con.execute("select nomor from versi order by nomor").fetchall()
        assert numbers == [(number + 1,) for number in range(len(store.MIGRATIONS))], "each step once"


def test_a_registry_of_a_later_version_is_refused_and_left_as_it_is(settings: Settings) -> None:
    with store.open(settings) as ledger:
        ledger.con.execute("insert into versi values (99, now())")
    before = settings.registry.read_bytes()
    with pytest.raises(InputError, match="of a later version: 99") as refused, store.open(settings):
        pass
    assert refused.value.file == str(settings.registry) and refused.value.action
    assert settings.registry.read_bytes() == before


def test_an_upgrade_that_is_killed_half_way_never_happened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier(settings, 1, counted=False)

    @contextmanager
    def dying(ledger: Registry) -> Iterator[None]:
        ledger.con.begin()
        yield
        os.kill(os.getpid(), signal.SIGKILL)  # every step is done, and nothing is committed

    pid = os.fork()
    if pid == 0:
        monkeypatch.setattr(Registry, "transaction", dying)
        with store.open(settings):
            pass
        os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    with warehouse.in_memory() as con:
        warehouse.attach(con, settings.registry, "registri", keys.load(settings).text("registri"))
        con.execute("use registri")
        assert store.version(con) == 0 and "main.penautan" not in warehouse.tables(con)
    with store.open(settings) as ledger:
        assert store.version(ledger.con) == len(store.MIGRATIONS) and before(ledger, "2025-02") == {"a": ("P-1", "K-1")}


# Damage


def _spoil(path: Path, at: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(count))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(os.urandom(100_000)),
        lambda path: path.write_text("bukan basis data"),
        lambda path: os.truncate(path, 100),
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: _spoil(path, 100),
        lambda path: (_spoil(path, 4096), _spoil(path, 8192)),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["empty", "garbage", "text", "head", "half", "main header", "headers", "directory"],
)
def test_a_damaged_registry_is_named_with_the_way_out_and_never_made_anew(
    settings: Settings, damage: Callable[[Path], object]
) -> None:
    with store.open(settings) as ledger:
        release(ledger, "2025-01", {"a": ("P-1", "K-1")})
    damage(settings.registry)
    content = settings.registry.read_bytes() if settings.registry.is_file() else None
    with pytest.raises(InputError, match="rusak / the database file is damaged") as refused:
        store.check_readable(settings)
    assert refused.value.exit_code == 2 and refused.value.file == str(settings.registry)
    assert "dtsen restore" in str(refused.value)
    assert settings.registry.is_dir() if content is None else settings.registry.read_bytes() == content


def test_damage_that_shows_only_when_a_table_is_read_is_told_too(settings: Settings) -> None:
    with store.open(settings) as ledger:
        ledger.con.execute("insert into ukuran select '2025-01', hash(i), 'x', i from range(100000) as t(i)")
    # Past the headers, and before the last block, which says where the tables are.
    _spoil(settings.registry, settings.registry.stat().st_size // 2)
    with pytest.raises(InputError, match="is damaged") as refused, store.open(settings) as ledger:
        ledger.con.execute("select min(columns(*)) from ukuran").fetchall()
    assert "dtsen restore" in str(refused.value)


def test_damage_of_another_file_is_not_put_on_the_registry(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "lain.duckdb").write_bytes(b"")
    with pytest.raises(duckdb.IOException), store.open(settings) as ledger:
        ledger.con.execute(f"attach '{tmp_path / 'lain.duckdb'}' as lain")


def test_a_damaged_log_is_named(settings: Settings) -> None:
    log = settings.registry.with_name("registry.duckdb.wal")
    pid = os.fork()
    if pid == 0:
        with store.open(settings) as ledger:
            for number in range(3):
                ledger.con.execute("insert into ukuran values ('2025-01', 'jalan', 'x', ?)", [number])
            os._exit(0)
    os.waitpid(pid, 0)
    _spoil(log, log.stat().st_size // 2, 16)
    with pytest.raises(InputError, match="is damaged"), store.open(settings):
        pass


@pytest.mark.parametrize("left", ["releases/CURRENT", "releases/2025-01/r1/manifest.json", "registry.duckdb.wal"])
def test_a_registry_that_is_gone_is_not_made_anew_where_something_tells_of_it(settings: Settings, left: str) -> None:
    (settings.home / left).parent.mkdir(parents=True)
    (settings.home / left).write_text("2025-01/r1")
    with pytest.raises(InputError, match="registri hilang") as refused, store.open(settings):
        pass
    assert "dtsen restore" in str(refused.value)
    assert not settings.registry.exists() and not (settings.home / ".kunci").exists()


def test_a_damaged_registry_whose_key_is_gone_gets_no_new_key(settings: Settings) -> None:
    settings.home.mkdir()
    settings.registry.write_bytes(b"")
    with pytest.raises(InputError), store.open(settings):
        pass
    assert not (settings.home / ".kunci").exists()
