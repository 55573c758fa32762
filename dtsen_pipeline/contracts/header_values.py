"""Find values that stand where labels of a header should be.

What belongs here: telling a label from a value. A file that lost the line end after its header has its first person among the
labels.
"""

from __future__ import annotations

import re
from itertools import pairwise

from dtsen_pipeline.contracts.model import Column, TableContract, columns_by_label, normal_label
from dtsen_pipeline.contracts.rules import DATE_PATTERN

# No label is a whole day, or a person's number that a spreadsheet rounded.
_DAY_PATTERN = re.compile(rf"{DATE_PATTERN}|^\d{{1,2}}[- ][A-Za-z]{{3,9}}[- ](\d\d)?\d\d$")
_ROUNDED_NUMBER = re.compile(r"\d([.,]\d+)?[Ee][+]?\d+")

# Digits that a label may hold after a word: nilai_202503, unduh_20250317, TA 20242025, bantuan 600000.
_PERIOD = re.compile(r"(19|20)\d\d((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(\d{4}|\d{6})?)?|(19|20)\d\d)|[1-9]\d{2,5}000")

_NUMBER = re.compile(r"\d+([.,]\d+)?")


def value_positions(names: list[str], places_by_column: dict[str, list[int]], table: TableContract) -> list[int]:
    """Positions of labels that are values: those that certainly are, those of a row that follows the header, and mere numbers.

    ``places_by_column`` are the positions of the contract's columns. Offices add columns and call them "1", "Kolom17",
    "tahun 2024", "nilai_2025-03": none of these is a value by itself.
    """
    known = {place for places in places_by_column.values() for place in places}
    others = {i: label.strip(" '\"=\0\t") for i, label in enumerate(names) if i not in known and normal_label(label)}
    lost = [label for label, column in columns_by_label(table).items() if column not in places_by_column]
    values = {i for i, label in others.items() if _is_value(label) or _is_glued(names[i], lost)}
    # A second half as long as the first, whose cells fit the columns with a rule.
    width = (len(names) + 1) // 2
    if all(place < width for place in known):
        fit = [
            (place + len(names) // 2, fits)
            for column, (place, *_) in places_by_column.items()
            if (label := others.get(place + len(names) // 2)) is not None
            and (fits := fits_column(label, table.columns[column])) is not None
        ]
        glued = len(names) % 2 == 1 and _is_glued(names[width - 1], lost, digits=1)
        if len(fit) + glued >= 2 and all(fits for _, fits in fit):
            values |= {i for i in others if i >= width}
    numbers = [(i, float(label.replace(",", "."))) for i, label in others.items() if _NUMBER.fullmatch(label)]
    codes = [(i, number) for i, number in numbers if not 1900 <= number < 2100]
    if len(codes) >= 3 and any(after <= before for (_, before), (_, after) in pairwise(codes)):
        values |= {i for i, _ in codes}
    return sorted(values)


def _is_value(label: str) -> bool:
    """Whether a label is certainly a value: a day, a rounded number, or six digits or more that are no period."""
    digits = re.sub(r"\D", "", label)
    if _DAY_PATTERN.match(label) or _ROUNDED_NUMBER.fullmatch(label):
        return True
    if not any(sign.isalpha() for sign in label):
        return len(digits) >= 6
    return any(not _PERIOD.fullmatch(run) for run in re.findall(r"\d{6,}", label))


def _is_glued(label: str, lost: list[str], digits: int = 3) -> bool:
    """Whether a value follows the label of a missing column (``lost``) at once: a quote, or ``digits`` digits and no year."""
    for name in lost:
        words = r"[\W_]+".join(map(re.escape, name.split("_")))
        if after := re.match(rf"(?is)\W*{words}([^\W_].*|\s*[\"'].*)", label.strip()):
            rest = after[1].strip()
            if rest[0] in "\"'" or len(re.sub(r"\D", "", re.sub(r"(19|20)\d\d$", "", rest))) >= digits:
                return True
    return False


def fits_column(label: str, column: Column) -> bool | None:
    """Whether ``label`` could be a value of the column; None where the contract has no rule for its values."""
    if column.type == "date":
        return bool(_DAY_PATTERN.match(label))
    if column.type == "code":
        return label.lower() in {code.lower() for code in column.codes}
    if column.type == "label":
        return "".join(label.split()).lower() in column.spellings
    if column.type in ("integer", "decimal"):
        return bool(_NUMBER.fullmatch(label))
    return len(label) == column.length if column.length else None
