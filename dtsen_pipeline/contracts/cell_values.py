"""Read the value of a spreadsheet's cell: its column, numbers, days, escaped characters.

What belongs here: what a single cell or number format means, whatever the workbook around it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

# Number formats that every spreadsheet knows by number and that show a day: ECMA-376 18.8.30, with those of East Asia.
DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))

# The last day number that is read: 9999-12-31. Of a number without a date's format: as in the macro ``tanggal_lengkap``, since a
# longer one is a date written as digits.
LAST_DAY = 2_958_465
LAST_BARE_DAY = 60_000

# Parts of a number format that show nothing of the value: quoted text, escapes, padding, colours and conditions.
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def column_letters(index: int) -> str:
    """The name of a column counted from 0: A, B, .. Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """The index, from 0, of the column with this name; raises ValueError where it is none."""
    index = 0
    for letter in name.upper():
        if not "A" <= letter <= "Z":
            raise ValueError("no column")
        index = index * 26 + ord(letter) - 64
    return index - 1


def shows_day(code: str) -> bool:
    """Whether the number format ``code`` shows a day."""
    shown = _FORMAT_LITERALS.sub("", code).lower()
    return shown != "general" and any(sign in shown for sign in ("d", "y", "mmm"))


def unescaped(value: str) -> str:
    """Replace ``_x000D_`` and the like by the character; NUL and halves of surrogate pairs stay as they are."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)

    return _ESCAPED.sub(character, value)


def plain_number(value: str) -> str:
    """Write a number as the spreadsheet keeps it: to 15 digits, a whole one in full; other text stays as it is."""
    try:
        exact = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 20:
        return value
    if exact == exact.to_integral_value():
        return format(exact.to_integral_value(), "f")
    return format(Decimal(format(float(exact), ".15g")), "f")


def iso_day(value: str, counts_from_1904: bool, last: int) -> str:
    """Write a day number up to ``last`` as ISO; text that is none, a year or a zero stays as it is."""
    try:
        exact = float(value)
    except ValueError:
        return value
    if not 2 < exact <= last or 1800 <= exact < 2200 or (exact < 61 and not counts_from_1904):
        return value
    seconds = round((exact - int(exact)) * 86_400)
    moment = datetime(1904, 1, 1) if counts_from_1904 else datetime(1899, 12, 30)
    try:
        moment += timedelta(days=int(exact), seconds=seconds)
    except OverflowError:
        return value
    return moment.date().isoformat() if not seconds % 86_400 else str(moment)
