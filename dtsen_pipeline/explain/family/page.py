"""Show an explanation of a family as one HTML page (``keluarga.html.j2``)."""

from __future__ import annotations

from pathlib import Path

from dtsen_pipeline import documents
from dtsen_pipeline.explain.family.shapes import CHANGES, FamilyExplanation
from dtsen_pipeline.explain.family.words import card, effect, few, number, percent, rupiah, scale, standing

FOLDER = Path(__file__).parent


def html(explanation: FamilyExplanation) -> str:
    """One page that loads nothing from anywhere and runs no script."""
    environment = documents.templates(FOLDER)
    environment.filters |= {"angka": number, "persen": percent, "pengaruh": effect, "rupiah": rupiah}
    environment.globals |= {"scale": scale, "CHANGES": CHANGES, "card": card, "few": few, "standing": standing}
    return environment.get_template("keluarga.html.j2").render(e=explanation)
