"""The data dictionary says what is declared, and is not older than it."""

from __future__ import annotations

from pathlib import Path

from dtsen_pipeline.contracts.model import load
from dtsen_pipeline.release import dictionary, reference
from dtsen_pipeline.sql.models import load_models

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_what_its_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference.page(), (
        "python -m dtsen_pipeline.release.reference docs/data-dictionary.md"
    )


def test_every_delivered_column_model_and_published_column_is_on_it() -> None:
    lines = reference.page().splitlines()
    for source in load().values():
        for table in source.tables.values():
            assert f"#### `{table.raw}`" in lines
            assert all(any(line.startswith(f"| `{column}`") for line in lines) for column in table.columns)
    for name, model in load_models().items():
        assert f"### `{name}`" in lines and model.description in lines and model.description
    assert sum(line.count(" | L2 | ") + line.count(" | L3 | ") + line.count(" | L4 | ") for line in lines) == len(
        dictionary.entries()
    )


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    cells = 0
    for line in reference.page().splitlines():
        found = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not (found and cells) or found == cells, line
        cells = found
