"""Python names are English, or made of the official words that the glossary of ``docs/naming.md`` lists.

What belongs here: which words the identifiers of the code are made of: modules, functions, classes, parameters, variables. Of what
is written in SQL, the names of tables, steps, rules, seeds and macros must be explained on the same page; columns and aliases are
not looked at, nor are names in YAML and templates.

List the words that are in neither list, each with an identifier, by

    python -m tests.unit.test_naming
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from checks.rules import RULES
from dtsen_pipeline import definitions
from dtsen_pipeline.sql import macros

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "naming.md"
TABLE_WORDS = "Words of tables, steps, rules and macros"
ENGLISH = Path(__file__).with_name("english_words.txt")
FOLDERS = (".ci", "assets", "benchmarks", "checks", "dbt_like_sql", "dtsen_pipeline", "tests")
# Local names that are still to be translated: a word, and the file in which it stands.
TO_RENAME = {
    "asal": "tests/unit/test_nik.py",
    "gudang": "tests/unit/test_release.py",
}


def glossary(heading: str = "Glossary") -> list[str]:
    """The words that ``docs/naming.md`` explains under a heading, in the order of the page."""
    _, _, rest = GLOSSARY.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    section, _, _ = rest.partition("\n## ")
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def english() -> list[str]:
    lines = ENGLISH.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def words(identifier: str, with_digits: frozenset[str] = frozenset()) -> list[str]:
    """The words of an identifier in lower case; ``with_digits`` are words to keep whole though they hold a digit.

    Single letters are no words.
    """
    for name in with_digits:
        identifier = re.sub(name, "_", identifier, flags=re.IGNORECASE)
    pieces = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return [piece.lower() for piece in pieces if len(piece) > 1]


def base_forms(word: str) -> set[str]:
    """What an English word may be made of: the word without plural, past tense, -ly or un-. It is one of them itself."""
    forms = {word, word.removeprefix("un")}
    for form in list(forms):
        forms |= {form.removesuffix(ending) for ending in ("s", "es", "d", "ed", "ly")}
        forms |= {form.removesuffix(ending) + "y" for ending in ("ies", "ied") if form.endswith(ending)}
    return forms


def defined(tree: ast.AST) -> Iterator[str]:
    """Every identifier that a module defines, attributes and parameters too."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name


def unknown_words() -> dict[str, dict[str, str]]:
    """Words in neither list: for each, the files that hold it, with one identifier of each file."""
    official = glossary()
    listed = {*english(), *official}
    with_digits = frozenset(word for word in official if re.search(r"\d", word))
    unknown: dict[str, dict[str, str]] = {}
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for identifier in [*path.relative_to(ROOT).with_suffix("").parts, *defined(tree)]:
            for word in words(identifier, with_digits):
                if not base_forms(word) & listed and TO_RENAME.get(word) != file:
                    unknown.setdefault(word, {}).setdefault(file, identifier)
    return unknown


def test_every_word_of_a_name_is_english_or_in_the_glossary() -> None:
    unknown = unknown_words()
    assert not unknown, (
        f"{unknown}: English words go into {ENGLISH.name}, official concepts into docs/naming.md; other names become English"
    )


def test_no_word_is_in_both_lists_and_both_are_free_of_repeats() -> None:
    assert not set(english()) & set(glossary())
    assert len(glossary()) == len(set(glossary()))
    assert english() == sorted(set(english()))


def test_every_word_of_a_table_step_rule_seed_or_macro_is_explained() -> None:
    defs = definitions.defs()
    steps = [asset.op.name for asset in defs.assets or () if isinstance(asset, dg.AssetsDefinition)]
    tables = [name for spec in defs.resolve_all_asset_specs() for name in spec.key.path]
    files = [path.stem for folder in ("macros", "seeds") for path in (macros.ROOT / folder).iterdir()]
    names = {*steps, *tables, *files, *(rule.name for rule in RULES)}
    official, of_tables = glossary(), glossary(TABLE_WORDS)
    assert not set(official) & set(of_tables)
    explained = {*english(), *official, *of_tables}
    with_digits = frozenset(word for word in official if re.search(r"\d", word))
    unexplained = {
        word: name for name in sorted(names) for word in words(name, with_digits) if not base_forms(word) & explained
    }
    assert not unexplained, "explain them in docs/naming.md"
    assert set(of_tables) <= {word for name in names for word in words(name)}


def test_a_word_that_is_still_to_be_renamed_is_there() -> None:
    gone = [
        word
        for word, file in TO_RENAME.items()
        if word
        not in {part for name in defined(ast.parse((ROOT / file).read_text(encoding="utf-8"))) for part in words(name)}
    ]
    assert not gone, "take them out of TO_RENAME"


@pytest.mark.parametrize(
    ("word", "base"),
    [("rules", "rule"), ("passes", "pass"), ("untranslated", "translate"), ("tried", "try"), ("niks", "nik")],
)
def test_an_inflected_word_needs_no_line_of_its_own(word: str, base: str) -> None:
    assert base in base_forms(word)


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("rows_by_file", ["rows", "by", "file"]),
        ("ProvinceDeciles", ["province", "deciles"]),
        ("XLSX_ROWS", ["xlsx", "rows"]),
        ("parseXMLFile2", ["parse", "xml", "file"]),
        ("_p3ke_tables", ["tables"]),
        ("x", []),
    ],
)
def test_an_identifier_is_split_into_words(identifier: str, expected: list[str]) -> None:
    assert words(identifier, frozenset({"p3ke"})) == expected


def test_every_way_to_define_a_name_is_seen() -> None:
    code = """
import a as imported
class Shelf:
    field: int = 0
def function(parameter, *rest, key=0, **others):
    self.attribute = local = 1
    with open() as handle: pass
    try: pass
    except ValueError as error: pass
    match parameter:
        case [head, *tail]: pass
        case {"k": value, **left}: pass
    return [item for item in parameter if (walrus := item)], lambda inner: inner
"""
    assert {*defined(ast.parse(code))} == {
        *("imported", "Shelf", "field", "function", "parameter", "rest", "key", "others", "attribute", "local"),
        *("handle", "error", "head", "tail", "value", "left", "item", "walrus", "inner"),
    }


if __name__ == "__main__":
    for word, places in sorted(unknown_words().items()):
        print(word, *(f"{identifier} ({file})" for file, identifier in places.items()))
