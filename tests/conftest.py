"""What holds for every test: the order in which workers take files."""

from __future__ import annotations

import pytest

# The longest first, by seconds measured: with a file a worker, one that begins last decides when a run ends.
LONGEST = (
    "integration/test_kills.py",
    "integration/test_month.py",
    "browser/test_first_hour.py",
    "integration/test_crashes.py",
    "integration/test_personal_values.py",
    "unit/test_incremental.py",
    "integration/test_planted_defects.py",
    "unit/test_fuzz.py",
    "integration/test_service.py",
    "integration/test_front.py",
    "unit/test_benchmarks.py",
    "integration/test_dagster_month.py",
    "browser/test_pages.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = "/".join(item.path.parts[-2:])
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=place)  # stable: the tests of a file keep their order
