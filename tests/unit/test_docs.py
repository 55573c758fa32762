"""The documents are true to the code: links lead somewhere, named files exist, and the picture of the rooms is as the imports are.

What belongs here: what of a document a machine can check. After the imports between rooms have changed, write the picture anew with

    python -m tests.unit.test_docs
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.test_layout import ROOMS, ROOT, house, room_of

ARCHITECTURE = ROOT / "docs" / "architecture.md"
DECISIONS = ROOT / "docs" / "decisions"
# The dictionary is generated and has a test of its own.
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")]
    if page.name != "data-dictionary.md"
)
BEGIN = "<!-- rooms: written by `python -m tests.unit.test_docs`, held by its test -->\n"
END = "<!-- end of rooms -->"
# Folders of the repository, below which a name in backticks must be a file that exists.
FOLDERS = ("dtsen_pipeline", "assets", "checks", "dbt_like_sql", "tests", "benchmarks", "docs", ".ci", ".github")


def room_imports() -> dict[int, set[int]]:
    """Which rooms each room imports from, by their places in ``ROOMS``; a room's imports from itself are left out."""
    imports: dict[int, set[int]] = {room: set() for room in range(len(ROOMS))}
    for module, others in house().items():
        room = room_of(module)
        imports.get(room, set()).update({room_of(other) for other in others} - {room, -1})
    return imports


def drawn(imports: dict[int, set[int]]) -> list[tuple[int, int]]:
    """The arrows of the picture: imports that no other path of imports implies."""

    def reached(room: int) -> set[int]:
        below = imports[room]
        return below.union(*(reached(other) for other in below))

    return [
        (room, other)
        for room, others in imports.items()
        for other in sorted(others)
        if not any(other in reached(between) for between in others - {other})
    ]


def picture() -> str:
    """The rooms and their imports as a Mermaid graph, the highest room on top."""
    labels = [room.removeprefix("dtsen_pipeline.") for room in ROOMS]
    nodes = [f"    {label.replace('.', '_')}[{label}]" for label in reversed(labels)]
    arrows = [
        f"    {labels[room].replace('.', '_')} --> {labels[other].replace('.', '_')}"
        for room, other in reversed(drawn(room_imports()))
    ]
    return "\n".join(["```mermaid", "graph TD", *nodes, *arrows, "```", ""])


def with_picture(text: str) -> str:
    """The text of the page with the picture as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{picture()}{END}{after}"


def test_the_picture_of_the_rooms_is_as_the_imports_are() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert BEGIN in text and END in text
    assert text == with_picture(text), "python -m tests.unit.test_docs"


def test_the_table_of_rooms_lists_every_room_lowest_first() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    _, _, section = text.partition("## The rooms\n")
    table, _, _ = section.partition("\n## ")
    listed = re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)
    assert tuple(listed) == ROOMS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, heading = link.partition("#")
        target = page.parent / file if file else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert not broken


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page have."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    missing = []
    for name in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        path = name.rstrip("/")
        # A name with a placeholder stands for several files, or for one that is still to be written.
        if "/" not in path or path.split("/")[0] not in FOLDERS or re.search(r"[<>*{}\s]", path):
            continue
        if not (ROOT / path).exists():
            missing.append(name)
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_module_that_is_to_be_run_exists(page: Path) -> None:
    named = re.findall(r"python -m ((?:benchmarks|dtsen_pipeline|tests)[\w.]*)", page.read_text(encoding="utf-8"))
    paths = [ROOT / name.rstrip(".").replace(".", "/") for name in named]
    assert [
        path for path in paths if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()
    ] == []


def test_every_decision_has_its_three_parts_and_its_line_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [file.name[:2] for file in files] == [f"{number:02d}" for number in range(1, len(files) + 1)]
    for number, file in enumerate(files, start=1):
        title, *rest = file.read_text(encoding="utf-8").splitlines()
        assert title.startswith(f"# {number}. "), file.name
        headings = [line for line in rest if line.startswith("#")]
        assert headings == ["## Context", "## Decision", "## Consequence"], file.name
        assert f"| {number} | [{title.partition('. ')[2]}]({file.name}) |" in index, file.name


if __name__ == "__main__":
    ARCHITECTURE.write_text(with_picture(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
