"""Rules on the linkage: blocks, pairs, persons and families."""

from __future__ import annotations

from checks.rules.forms import PENAUTAN, PENERIMAAN, none_wrong
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Rule

LINKAGE = (
    none_wrong(
        "crosswalk_lengkap",
        "linkage.crosswalk",
        Bilingual(
            "Setiap rekaman milik tepat satu orang dan satu keluarga.",
            "Every record belongs to exactly one person and one family.",
        ),
        PENAUTAN,
    ),
    none_wrong(
        "orang_satu_keluarga",
        "linkage.crosswalk",
        Bilingual("Tidak ada orang dalam dua keluarga.", "No person is in two families."),
        PENAUTAN,
    ),
    Rule(
        "klaster_besar",
        "linkage.crosswalk",
        Bilingual(
            "Hampir tidak ada orang dengan lebih dari enam rekaman.", "Hardly any person has more than six records."
        ),
        PENAUTAN,
        reason=Bilingual(
            "Tiga sumber, masing-masing paling banyak dua kali, memberi enam; selebihnya penggabungan berantai.",
            "Three sources, each at most twice, make six; more is merging through chains.",
        ),
        maximum=0.005,
    ),
    Rule(
        "nik_pada_dua_orang",
        "linkage.crosswalk",
        Bilingual(
            "NIK sah yang tertinggal pada lebih dari satu orang sedikit.",
            "Few NIKs in good order are left on more than one person.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "NIK yang dipakai dua orang memang ada; di atas lima persen penautan tidak lagi menyatukan rekaman.",
            "One NIK on two people does occur in real data; above five percent the linkage no longer joins records.",
        ),
        maximum=0.05,
    ),
    Rule(
        "sumber_sejalan",
        "linkage.crosswalk",
        Bilingual(
            "Tiap sumber sejalan dengan salah satu sumber lain tentang tanggal lahir, kelamin, dan daerah orang yang sama.",
            "Each source agrees with one of the others on birth date, sex and regency of the persons that they share.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Lazimnya 0,90 untuk tanggal, 0,98 untuk kelamin, 0,93 untuk kabupaten/kota; sumber di bawah 0,75 terhadap "
            "semua yang lain telah bergeser.",
            "Usual are 0.90 for the date, 0.98 for the sex, 0.93 for the regency; a source below 0.75 against all others "
            "has shifted.",
        ),
        minimum=0.75,
    ),
    Rule(
        "jawaban_sejalan",
        "linkage.crosswalk",
        Bilingual(
            "Jawaban tiap sumber tentang orang dan rumah yang sama sejalan dengan salah satu sumber lain.",
            "The answers of each source on the same persons and dwellings agree with one of the others.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Kappa lazimnya 0,75 sampai 0,99; di bawah 0,3 jawabannya nyaris seperti kebetulan: kode lain artinya, kolom "
            "berisi satu nilai, atau baris tertukar.",
            "Usual kappas are 0.75 to 0.99; below 0.3 answers are nearly as by chance: codes mean something else, a "
            "column holds one value, or rows changed places.",
        ),
        minimum=0.3,
    ),
    Rule(
        "presisi_penautan",
        "linkage.evaluasi",
        Bilingual("Perkiraan presisi penautan memadai.", "The estimated precision of the linkage suffices."),
        PENAUTAN,
        reason=Bilingual(
            "Dua orang yang disatukan kehilangan satu hak; lebih dari satu dari dua puluh tidak dapat dibela.",
            "Two people made one lose one entitlement; more than one link in twenty wrong cannot be answered for.",
        ),
        minimum=0.95,
    ),
    Rule(
        "recall_penautan",
        "linkage.evaluasi",
        Bilingual("Perkiraan recall penautan memadai.", "The estimated recall of the linkage suffices."),
        PENAUTAN,
        reason=Bilingual(
            "NIK yang sama persis saja sudah mencapai sekitar 0,8; model harus lebih baik dari itu.",
            "Exact NIK alone already reaches about 0.8; the model must do better.",
        ),
        minimum=0.85,
    ),
    Rule(
        "penautan_bergeser",
        "linkage.evaluasi_lalu",
        Bilingual("Penautan masih seperti pada rilis terakhir.", "The linkage is still like that of the last release."),
        PENAUTAN,
        reason=Bilingual(
            "Setiap perubahan dibagi perubahan yang lazim bagi ukurannya; di atas 1, lihat kiriman atau modelnya.",
            "Each change is divided by the change ordinary for its measure; above 1, look at the deliveries and the model.",
        ),
        maximum=1,
        blocking=False,
    ),
    Rule(
        "penautan_memburuk",
        "linkage.evaluasi_lalu",
        Bilingual(
            "Mutu penautan tidak jatuh sejak rilis terakhir.",
            "The quality of the linkage has not fallen since the last release.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "Lima poin persen berarti satu dari dua puluh orang salah gabung atau terpisah: orang itu akan kehilangan haknya.",
            "Five points are one person in twenty merged or split wrongly, who would lose what they are entitled to.",
        ),
        maximum=0.05,
    ),
)
