"""Share the forms of rules.

What belongs here: units that answer for a breach, counts of what is wrong, and expectations of one column.
"""

from __future__ import annotations

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Expectation, Rule

# The units that answer for a breach.
PENERIMAAN = "penerimaan-data"

PENAUTAN = "penautan"

PEMERINGKATAN = "pemeringkatan"

PELINDUNGAN = "pelindungan-data"


def none_wrong(
    name: str,
    table: str,
    statement: Bilingual,
    owner: str,
    *,
    expectations: tuple[Expectation, ...] = (),
    may_be_empty: bool = False,
) -> Rule:
    """Return a rule that counts what is wrong, with maximum 0: by its SQL, or by ``expectations`` where there are any."""
    return Rule(
        name,
        table,
        statement,
        owner,
        reason=Bilingual(
            "Ini hitungan kesalahan; satu pun tidak boleh ada.", "This counts what is wrong; not one may occur."
        ),
        maximum=0,
        kind="expectations" if expectations else "sql",
        expectations=expectations,
        may_be_empty=may_be_empty,
    )


def not_null(column: str) -> Expectation:
    """Return the expectation that every row has a value."""
    return Expectation("ExpectColumnValuesToNotBeNull", column)


def unique(column: str) -> Expectation:
    """Return the expectation that no value occurs twice."""
    return Expectation("ExpectColumnValuesToBeUnique", column)


def one_of(column: str, *values: object) -> Expectation:
    """Return the expectation that every value is one of ``values``."""
    return Expectation("ExpectColumnValuesToBeInSet", column, {"value_set": list(values)})


def like(column: str, regex: str) -> Expectation:
    """Return the expectation that every value matches ``regex``."""
    return Expectation("ExpectColumnValuesToMatchRegex", column, {"regex": regex})


def between(column: str, lowest: float | None = None, highest: float | None = None) -> Expectation:
    """Return the expectation that every value is within the bounds, which it may equal.

    Not for codes: Great Expectations tests a range value by value in Python, but a set (``one_of``) in one vectorised call.
    """
    return Expectation("ExpectColumnValuesToBeBetween", column, {"min_value": lowest, "max_value": highest})
