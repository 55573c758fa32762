"""The strata of the month's candidate pairs: their layers of weight and their kinds.

What belongs here: what a stratum is called, and putting the pairs into them. ``queue`` draws by them, ``estimates`` weights back by
them.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, THRESHOLD
from dtsen_pipeline.sql.queries import make_table

# Bounds between the layers (match weight, log2). The side of the threshold decides what a weight means for the month, and near it
# the model is least sure.
_BOUNDS = {"bawah_dekat": THRESHOLD - 8.0, "atas_sedang": THRESHOLD + 6.0, "atas_jauh": THRESHOLD + 14.0}

# Layer: (emphasis in the draw, why a pair of it is asked about).
LAYERS: Mapping[str, tuple[float, Bilingual]] = {
    "tolakan": (1.0, Bilingual("penggabungan ditolak", "merge refused")),
    "dalam_keluarga": (2.0, Bilingual("digabung dalam keluarga yang sama", "merged inside one family")),
    "atas_jauh": (1.0, Bilingual("jauh di atas ambang", "far above the threshold")),
    "atas_sedang": (1.0, Bilingual("di atas ambang", "above the threshold")),
    "atas_dekat": (2.0, Bilingual("sedikit di atas ambang", "just above the threshold")),
    "bawah_dekat": (2.0, Bilingual("sedikit di bawah ambang", "just below the threshold")),
    "bawah_jauh": (1.0, Bilingual("jauh di bawah ambang", "far below the threshold")),
}

# The layers whose pairs the model merges.
MERGED = ("dalam_keluarga", "atas_jauh", "atas_sedang", "atas_dekat")

# Kind: (emphasis in the draw, why a pair of it is asked about; None where the kind is no reason).
KINDS: Mapping[str, tuple[float, Bilingual | None]] = {
    "kembar": (2.0, Bilingual("mungkin kembar", "perhaps twins")),
    "tanpa_nik": (2.0, Bilingual("NIK tidak ada", "no NIK on a side")),
    "nama_tunggal": (2.0, Bilingual("nama satu kata", "single name")),
    "biasa": (1.0, None),
}

STRATUM_NAMES = {f"{layer}/{kind}" for layer in LAYERS for kind in KINDS}


def stratify(con: duckdb.DuckDBPyConnection) -> None:
    """Make temp table ``pasangan_berlapis``: every candidate pair of the month with its layer (lapis) and kind (jenis)."""
    make_table(
        con,
        "pasangan_berlapis",
        "review/pasangan_berlapis",
        ambang=THRESHOLD,
        ambang_keluarga=FAMILY_THRESHOLD,
        **_BOUNDS,
    )
