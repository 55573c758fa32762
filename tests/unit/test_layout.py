"""Imports point one way, every SQL model can go to Spark, and the code location loads."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import sqlglot

from dtsen_pipeline.sql import macros, models, queries

ROOT = Path(macros.ROOT).parent
# The rooms of the house, the lowest first. A room imports from itself and from those before it.
ROOMS = (
    "dtsen_pipeline.errors",
    "dtsen_pipeline.config",
    "dtsen_pipeline.documents",
    "dtsen_pipeline.bilingual",
    "dtsen_pipeline.simulation",
    "dtsen_pipeline.storage",
    "dtsen_pipeline.sql",
    "dtsen_pipeline.quality",
    "dtsen_pipeline.contracts",
    "dtsen_pipeline.registry",
    "dtsen_pipeline.linkage",
    "dtsen_pipeline.welfare",
    "dtsen_pipeline.review",
    "dtsen_pipeline.linkage.measures",
    "dtsen_pipeline.release",
    "dtsen_pipeline.explain",
    "dtsen_pipeline.dashboard",
    "dtsen_pipeline.orchestration",
    "assets",
    "checks",
    "dtsen_pipeline.definitions",
    "dtsen_pipeline.cli",
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules() -> dict[str, Path]:
    """Every module of the three packages, by its dotted name."""
    top = {room.split(".")[0] for room in ROOMS}
    return {name_of(path): path for package in sorted(top) for path in sorted((ROOT / package).rglob("*.py"))}


def imported(path: Path) -> set[str]:
    """Every dotted name that is imported anywhere in the file ``path``, inside functions and for types too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path.name}: say the whole name of what is imported"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@cache
def house() -> dict[str, set[str]]:
    """Which modules of the house each of them imports; a name that is imported stands for the module that holds it."""
    known = modules()

    def holder(name: str) -> str | None:
        while name and name not in known:
            name = name.rpartition(".")[0]
        return name or None

    return {name: {found for one in imported(path) if (found := holder(one))} - {name} for name, path in known.items()}


def room_of(module: str) -> int:
    rooms = [number for number, room in enumerate(ROOMS) if module == room or module.startswith(f"{room}.")]
    return max(rooms, key=lambda number: len(ROOMS[number]), default=-1)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_downwards(room: str) -> None:
    place = ROOMS.index(room)
    upward = {
        f"{module} -> {other}"
        for module, others in house().items()
        for other in others
        if room_of(module) == place and room_of(other) > place
    }
    assert not upward


def test_every_folder_of_modules_is_a_package_that_says_what_it_holds() -> None:
    folders = {path.parent for path in modules().values()}
    silent = [
        folder.relative_to(ROOT).as_posix()
        for folder in folders
        if not (folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    ]
    assert not silent


def test_every_module_has_a_room() -> None:
    assert {module for module in modules() if room_of(module) < 0} == {"dtsen_pipeline"}


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = house()
    # A package's own file opens its modules; that those import their package's name makes no circle of modules.
    TopologicalSorter(graph).prepare()


def test_the_domain_does_not_know_dagster() -> None:
    knowing = {
        module
        for module, path in modules().items()
        if module.startswith("dtsen_pipeline") and any(name.split(".")[0] == "dagster" for name in imported(path))
    }
    assert {module.split(".")[1] for module in knowing} == {"orchestration", "definitions"}


@pytest.mark.parametrize("name", models.load_models())
def test_every_model_also_parses_as_spark(name):
    spark = macros.to_spark(models.load_models()[name].sql)
    tree = sqlglot.parse_one(spark, read="spark")
    assert isinstance(tree, sqlglot.exp.Query)
    assert not list(tree.find_all(sqlglot.exp.Command))


@pytest.mark.parametrize("path", sorted((macros.ROOT / "tests").glob("*.sql")), ids=lambda path: path.stem)
def test_every_rule_also_parses_as_spark(path):
    assert isinstance(
        sqlglot.parse_one(macros.to_spark(path.read_text(encoding="utf-8")), read="spark"), sqlglot.exp.Query
    )


@pytest.mark.parametrize("name", queries.query_paths())
def test_every_query_is_one_select_that_also_parses_as_spark(name: str) -> None:
    spark = sqlglot.parse_one(macros.to_spark(queries.query_paths()[name].read_text(encoding="utf-8")), read="spark")
    assert isinstance(spark, sqlglot.exp.Query)
    assert not list(spark.find_all(sqlglot.exp.Command))


def test_every_query_is_named_by_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in modules().values())
    assert [name for name in queries.query_paths() if f'"{name}"' not in code] == []


def test_a_macro_call_with_the_wrong_number_of_arguments_is_refused():
    with pytest.raises(Exception, match="takes 1 arguments, got 2"):
        macros.expand("select kosong(a, b) as x from t")


def test_macros_inside_macros_are_inlined_to_the_end():
    expanded = macros.expand("select presisi_tanggal(concat(a, 'x')) as p from t")
    assert not any(f"{path.stem}(" in expanded.lower() for path in (macros.ROOT / "macros").glob("*.sql"))


def test_an_argument_that_is_an_or_keeps_together():
    expanded = macros.expand("select ya_12(a or b) as x from t")
    assert "CASE (a OR b) WHEN" in expanded
