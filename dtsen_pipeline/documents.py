"""Write pages and sheets for people: escape formulas in spreadsheets, load templates of pages.

What belongs here: what all writers of pages and sheets share.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

# Text that a spreadsheet may run as a formula (OWASP, CSV injection), after any apostrophes that it begins with already.
FORMULA = "^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"


def escape_formula(text: str) -> str:
    """Put an apostrophe in front of text that a spreadsheet would run as a formula; ``unescape_formula`` takes it off again."""
    return f"'{text}" if re.match(FORMULA, text) else text


def unescape_formula(text: str) -> str:
    """Take off the apostrophe that ``escape_formula`` put in front."""
    return text[1:] if text.startswith("'") and re.match(FORMULA, text) else text


@cache  # compiling the templates of a page takes ten times as long as filling them
def templates(folder: Path) -> Environment:
    """The Jinja environment of ``folder``: everything is escaped, and a missing name is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
