"""Imports point one way, every SQL model can go to Spark, and the code location loads."""

import ast
from pathlib import Path

import pytest
import sqlglot

from dtsen_pipeline import sql_models

ROOT = Path(sql_models.ROOT).parent
# What each package may import of the others. definitions.py, and what starts it, stand above all.
ALLOWED = {"dtsen_pipeline": set(), "assets": {"dtsen_pipeline"}, "checks": {"dtsen_pipeline", "assets"}}
ABOVE = {Path("dtsen_pipeline/definitions.py")}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_point_one_way(package):
    forbidden = set(ALLOWED) - ALLOWED[package] - {package}
    wrong = {
        str(path.relative_to(ROOT)): sorted(imported(path) & forbidden)
        for path in (ROOT / package).rglob("*.py")
        if path.relative_to(ROOT) not in ABOVE and imported(path) & forbidden
    }
    assert not wrong


def test_the_domain_does_not_know_dagster():
    knowing = {
        str(path.relative_to(ROOT)) for path in (ROOT / "dtsen_pipeline").rglob("*.py") if "dagster" in imported(path)
    }
    assert knowing == {f"dtsen_pipeline/{name}.py" for name in ("definitions", "front", "monthly")}


@pytest.mark.parametrize("name", sql_models.load_models())
def test_every_model_also_parses_as_spark(name):
    spark = sql_models.to_spark(sql_models.load_models()[name].sql)
    tree = sqlglot.parse_one(spark, read="spark")
    assert isinstance(tree, sqlglot.exp.Query)
    assert not list(tree.find_all(sqlglot.exp.Command))


@pytest.mark.parametrize("path", sorted((sql_models.ROOT / "tests").glob("*.sql")), ids=lambda path: path.stem)
def test_every_rule_also_parses_as_spark(path):
    assert isinstance(
        sqlglot.parse_one(sql_models.to_spark(path.read_text(encoding="utf-8")), read="spark"), sqlglot.exp.Query
    )


def test_a_macro_call_with_the_wrong_number_of_arguments_is_refused():
    with pytest.raises(Exception, match="takes 1 arguments, got 2"):
        sql_models.expand("select kosong(a, b) as x from t")


def test_macros_inside_macros_are_inlined_to_the_end():
    expanded = sql_models.expand("select presisi_tanggal(concat(a, 'x')) as p from t")
    assert not any(f"{path.stem}(" in expanded.lower() for path in (sql_models.ROOT / "macros").glob("*.sql"))


def test_an_argument_that_is_an_or_keeps_together():
    expanded = sql_models.expand("select ya_12(a or b) as x from t")
    assert "CASE (a OR b) WHEN" in expanded
