"""Show an explanation of a person as one HTML page (``jelaskan.html.j2``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dtsen_pipeline import documents
from dtsen_pipeline.explain.person.shapes import FACTS, KINDS, REASONS, Explanation, scale, signed

FOLDER = Path(__file__).parent


def html(explanations: Sequence[Explanation]) -> str:
    """One page that loads nothing from anywhere and runs no script."""
    environment = documents.templates(FOLDER)
    environment.filters["bobot"] = signed
    environment.globals |= {"FACTS": FACTS, "KINDS": KINDS, "REASONS": REASONS, "scale": scale}
    return environment.get_template("jelaskan.html.j2").render(explanations=explanations)
