"""Rules on the open tables: no cell tells of few people."""

from __future__ import annotations

from checks.rules.forms import PELINDUNGAN, none_wrong
from dtsen_pipeline.bilingual import Bilingual

DISCLOSURE = (
    none_wrong(
        "pengungkapan_batas",
        "publikasi.terbuka",
        Bilingual(
            "Tabel terbuka tidak memuat hitungan di bawah 10, angka bukan kelipatan 5, atau daerah yang hampir "
            "seluruhnya satu desil.",
            "The open tables hold no count under 10, no figure but multiples of 5, and no area that is nearly all of one tenth.",
        ),
        PELINDUNGAN,
    ),
    none_wrong(
        "pengungkapan_terpecahkan",
        "publikasi.terbuka",
        Bilingual(
            "Tidak ada sel yang ditahan yang dapat dihitung kembali dari jumlahnya.",
            "No withheld cell can be worked out from its sums.",
        ),
        PELINDUNGAN,
    ),
    none_wrong(
        "pengungkapan_selisih",
        "publikasi.terbuka",
        Bilingual(
            "Selisih tabel terbuka dengan rilis terakhir tidak mengungkap perubahan di bawah sepuluh keluarga.",
            "The open tables less those of the last release tell of no change below ten families.",
        ),
        PELINDUNGAN,
    ),
    none_wrong(
        "pengungkapan_kolom",
        "publikasi.kolom",
        Bilingual(
            "Tidak ada kolom pribadi atau tanpa tingkat di tabel terbuka dan terbatas.",
            "No column that is personal, or of no declared tier, is in an open or restricted table.",
        ),
        PELINDUNGAN,
    ),
)
