"""Every step declares the tables it reads, no more and no fewer, and publishing refuses what was made of a table since made anew.

The reads are those of two months: the first has no release before it and has a truth, the second goes on from the first's release.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import duckdb
import pytest

from checks.rules import RULES
from dtsen_pipeline.definitions import defs
from dtsen_pipeline.quality import seals
from dtsen_pipeline.sql.models import load_models
from tests.integration.conftest import KEY, MONTH, NEXT, House
from tests.integration.statements import RELEASE, Statements, reads_of_rules, reads_of_steps, recorded, tables_in
from tests.integration.test_gate_bypass import refusal

# Declared for the order alone.
ONLY_AWAITED = {
    # The landing drops what an earlier run derived, so steps that read no table must come after it.
    "linkage.keputusan": {"raw.run"},
    "linkage.penetapan_lalu": {"raw.run"},
    "linkage.penetapan_dulu": {"raw.run"},
    # Only rules read these two, and no other step follows on them: their checks hold the release back.
    RELEASE: {"linkage.evaluasi_lalu", "publikasi.kolom"},
}


@pytest.fixture(scope="module")
def declared() -> dict[str, set[str]]:
    """The tables that each table, and the release, is declared to be made of; deliveries are no tables."""
    specs = [spec for spec in defs().resolve_all_asset_specs() if spec.key.path[0] != "kiriman"]
    return {
        ".".join(spec.key.path): {
            ".".join(dep.asset_key.path) for dep in spec.deps if dep.asset_key.path[0] != "kiriman"
        }
        for spec in specs
    }


@pytest.fixture(scope="module")
def second_month(_published: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Statements]:
    """The month after the published one, from the same deliveries, published too; and the statements of its steps."""
    home = tmp_path_factory.mktemp("lanjut") / "home"
    shutil.copytree(_published.home, home)
    house = House(_published.landing, home, NEXT)
    with pytest.MonkeyPatch.context() as patch, recorded() as logs:
        patch.setenv("DTSEN_KEY", KEY)
        assert house.materialize().success
    return house, logs


@pytest.fixture(scope="module")
def read(_statements: Statements, second_month: tuple[House, Statements]) -> dict[str, set[str]]:
    """The tables that each step read in either month."""
    return reads_of_steps([*_statements, *second_month[1]])


@pytest.mark.parametrize(
    ("statement", "sources", "targets"),
    [
        ("with desil as (from welfare.skor) select * from desil, linkage.a", {"welfare.skor", "linkage.a"}, set()),
        ("select marts.x from bingkai as marts", set(), set()),
        ("select 1 from lalu.linkage.simpul join gudang.linkage.simpul using (a)", {"linkage.simpul"}, set()),
        ('select (select max(a) from "raw"."run") from t', {"raw.run"}, set()),
        ("create or replace table marts.b as from marts.a", {"marts.a"}, {"marts.b"}),
        ("create table marts.b (a integer)", set(), {"marts.b"}),
        ("create or replace temp view b as from marts.a", {"marts.a"}, set()),
        ("insert into marts.b (a) select a from marts.a", {"marts.a"}, {"marts.b"}),
        ("insert into marts.b select a from marts.b", {"marts.b"}, {"marts.b"}),
        ("update marts.b set a = (select max(a) from marts.a)", {"marts.a", "marts.b"}, set()),
        ("delete from marts.b where a in (from marts.a)", {"marts.a", "marts.b"}, set()),
        ("copy (from marts.a) to 'berkas.csv' (format csv)", {"marts.a"}, set()),
        ("describe marts.a", {"marts.a"}, set()),
        ("explain SELECT * FROM marts.a", {"marts.a"}, set()),
        ("drop table if exists marts.a", set(), {"marts.a"}),
        ("alter table raw.a__baru rename to a", set(), {"raw.a__baru", "raw.a"}),
    ],
)
def test_the_tables_of_a_statement_are_named(statement: str, sources: set[str], targets: set[str]) -> None:
    assert tables_in(statement) == (sources, targets)


# Of the publish step the page counts, since it is a file of the release. The rules do not. Their checks declare what they read; and
# were their tables declared here, Dagster would skip the step where an early rule blocks, which leaves the page of the whole month.
def test_every_step_declares_what_it_reads(declared: dict[str, set[str]], read: dict[str, set[str]]) -> None:
    assert read.keys() == declared.keys()
    undeclared = {table: missing for table in declared if (missing := read[table] - declared[table])}
    assert undeclared == {}
    unread = {table: extra for table in declared if (extra := declared[table] - read[table])}
    assert unread == ONLY_AWAITED


def test_the_rules_read_what_their_checks_declare(
    _statements: Statements, second_month: tuple[House, Statements]
) -> None:
    assert reads_of_rules([*_statements, *second_month[1]]) == {table for rule in RULES for table in rule.tables}


@pytest.fixture
def con(second_month: tuple[House, Statements], monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    house, _ = second_month
    monkeypatch.setenv("DTSEN_KEY", KEY)
    with house.folders.warehouse(NEXT) as con:
        yield con


def make_anew(con: duckdb.DuckDBPyConnection, table: str, made_of: set[str]) -> None:
    """Leave another content in ``table`` and a new seal on it, as its step would that runs again by itself."""
    model = load_models().get(table)
    if model and model.kind == "view":
        con.execute(f"create or replace view {table} as from ({model.expanded}) offset 1")
    elif con.execute(f"from {table} limit 1").fetchall():
        con.execute(f"insert into {table} from {table} limit 1")
    else:
        con.execute(f"insert into {table} default values")
    seals.seal(con, table, made_of)


# The release is no table: it is made of what stands in the warehouse when it is published.
def test_of_every_pair_of_step_and_input_the_table_is_outdated_once_the_input_is_made_anew(
    con: duckdb.DuckDBPyConnection, declared: dict[str, set[str]]
) -> None:
    assert seals.outdated(con) == []
    made_of = {table: sources for table, sources in declared.items() if table != RELEASE}
    views = {name for name, model in load_models().items() if model.kind == "view"}
    assert views, "else nobody has looked through one"
    for source in sorted(set().union(*made_of.values())):
        con.begin()
        make_anew(con, source, made_of[source])
        direct = {table for table, sources in made_of.items() if source in sources}
        assert set(seals.outdated(con)) == direct, source
        # A view that is made anew shows the change, and hands it on to what was made of it.
        for view in direct & views:
            seals.seal(con, view, made_of[view])
            behind = {table for table, sources in made_of.items() if view in sources}
            assert set(seals.outdated(con)) == direct - {view} | behind, source
        con.rollback()


@pytest.mark.parametrize(
    ("source", "outdated"),
    [
        ("linkage.rumah", {"linkage.kelompok_keluarga", "linkage.keluarga_orang"}),
        ("linkage.pasangan_sisa", {"linkage.orang", "linkage.evaluasi"}),
        ("welfare.kebijakan_lalu", {"welfare.kelayakan"}),
        ("intermediate.int_person_record", {"linkage.rekaman", "marts.anggota"}),  # the first is a view
    ],
)
def test_the_publish_step_refuses_the_month(
    house: House, declared: dict[str, set[str]], source: str, outdated: set[str]
) -> None:
    with house.folders.warehouse(MONTH) as con:
        make_anew(con, source, declared[source])
    told = refusal(house.materialize(RELEASE))
    assert "made anew since" in told and "no longer what" not in told
    assert {table for table in outdated if table not in told} == set()
