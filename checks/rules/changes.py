"""Rules on what changed since the last release."""

from __future__ import annotations

from checks.rules.forms import PEMERINGKATAN, PENERIMAAN, none_wrong
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Rule

# How many families move by two tenths or more, and how many at all: in a simulated month of ordinary life 0.2 and 1.8 percent; by a
# refit on half of the 4,000 surveyed households 1 and 31 percent; on the other half 8 and 48 percent.
CHANGES = (
    none_wrong(
        "kabupaten_hilang",
        "welfare.keluarga_lalu",
        Bilingual(
            "Tidak ada kabupaten/kota pada rilis terakhir yang kini tanpa keluarga.",
            "No regency of the last release is now without families.",
        ),
        PENERIMAAN,
    ),
    Rule(
        "kabupaten_per_sumber",
        "welfare.keluarga_lalu",
        Bilingual(
            "Tidak ada sumber yang kehilangan banyak rekaman di satu kabupaten/kota sejak rilis terakhir.",
            "No source has lost many of its records in a regency since the last release.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Secara nasional hilangnya satu dari 514 daerah tidak terlihat; separuh rekamannya tidak hilang karena "
            "perpindahan.",
            "Nationally one of 514 regencies is not missed; half of its records do not go by people moving.",
        ),
        maximum=0.5,
        subject="areas",
    ),
    Rule(
        "perubahan_massal",
        "welfare.perubahan",
        Bilingual(
            "Sedikit keluarga berpindah dua desil atau lebih sejak rilis terakhir, atau hilang dari peringkat.",
            "Few families have moved by two deciles or more since the last release, or are ranked no longer.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Sebulan biasa memindahkan 0,2 persen; di atas lima persen sebabnya bukan kehidupan keluarga, melainkan "
            "model, survei, atau satu kiriman.",
            "An ordinary month moves 0.2 percent; above five the cause is not the families' lives but the model, the "
            "survey or one delivery.",
        ),
        maximum=0.05,
        subject="families",
    ),
    Rule(
        "perubahan_massal_daerah",
        "welfare.perubahan",
        Bilingual(
            "Di setiap kabupaten/kota sedikit keluarga berpindah dua desil atau lebih sejak rilis terakhir.",
            "In every regency few families have moved by two deciles or more since the last release.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Pemutakhiran serentak satu daerah dapat memindahkan satu dari sepuluh; di atas dua puluh persen kiriman daerah itu "
            "rusak atau kodenya tertukar.",
            "A campaign that interviews a whole regency anew may move one in ten; above twenty percent its delivery is damaged or "
            "its codes are swapped.",
        ),
        maximum=0.20,
        subject="areas",
    ),
    Rule(
        "perubahan_meningkat",
        "welfare.perubahan",
        Bilingual(
            "Sedikit keluarga berganti desil sejak rilis terakhir.",
            "Few families have another decile than in the last release.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Sebulan biasa menggeser dua persen; di atas sepuluh ke satu arah siapkan penjelasan bagi yang menyanggah.",
            "An ordinary month shifts two percent; above ten in one direction have an answer ready for those who object.",
        ),
        maximum=0.10,
        blocking=False,
        subject="families",
    ),
)
