"""What somebody reads: pages and sheets.

What belongs here: what a spreadsheet must not run as a formula, and how a page's template is read.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

# Text that a spreadsheet may run as a formula (OWASP, CSV injection), behind any apostrophes that it begins with already.
FORMULA = "^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"


def harmless(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; ``bare`` takes it off again."""
    return f"'{text}" if re.match(FORMULA, text) else text


def bare(text: str) -> str:
    return text[1:] if text.startswith("'") and re.match(FORMULA, text) else text


@cache  # to compile the templates of a page takes ten times as long as to fill them
def templates(folder: Path) -> Environment:
    """Templates of ``folder``: everything escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
