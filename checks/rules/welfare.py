"""Rules on the welfare model, the scores and the deciles."""

from __future__ import annotations

from checks.rules.forms import PEMERINGKATAN, none_wrong
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Rule

WELFARE = (
    Rule(
        "pmt_r2",
        "welfare.kartu",
        Bilingual(
            "Model kesejahteraan cukup menjelaskan pengeluaran di luar sampel.",
            "The welfare model explains enough of expenditure out of sample.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Di Indonesia R2 0,45 sampai 0,55; di bawah 0,40 model atau survei bermasalah.",
            "R2 is 0.45 to 0.55 in Indonesia; below 0.40 something is wrong with the model or the survey.",
        ),
        minimum=0.40,
    ),
    Rule(
        "keluarga_tanpa_skor",
        "welfare.skor",
        Bilingual(
            "Hampir setiap keluarga yang masih beranggota hadir mempunyai skor.",
            "Nearly every family of which somebody is present has a score.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Keluarga tanpa skor tidak mendapat desil; lebih dari lima persen berarti satu sumber tidak terpakai.",
            "A family without a score gets no decile; more than five percent means a source was left unused.",
        ),
        maximum=0.05,
        subject="families",
    ),
    Rule(
        "kovariat_diisi",
        "welfare.skor",
        Bilingual(
            "Sedikit keluarga yang dinilai dengan ciri isian atau tanpa data aset.",
            "Few families are scored on features that were filled in, or without any of their assets.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Bulan biasa di bawah lima persen; di atas seperempat satu kolom atau satu sumber tidak terpakai "
            "dan desil menjadi tebakan.",
            "An ordinary month has less than five percent; above a quarter a column or a source is unused, "
            "and deciles are guesses.",
        ),
        maximum=0.25,
        subject="families",
    ),
    none_wrong(
        "tanpa_skor_beralasan",
        "welfare.tanpa_skor",
        Bilingual(
            "Setiap keluarga punya skor atau alasan mengapa tidak.", "Every family has a score or a reason why not."
        ),
        PEMERINGKATAN,
    ),
    none_wrong(
        "desil_lengkap",
        "welfare.desil",
        Bilingual(
            "Setiap keluarga berskor punya desil nasional dan desil wilayahnya, tepat sekali.",
            "Every scored family has its national decile and those of its areas, exactly once.",
        ),
        PEMERINGKATAN,
    ),
    Rule(
        "desil_seimbang",
        "welfare.desil",
        Bilingual(
            "Isi desil satu wilayah berbeda paling banyak satu keluarga.",
            "The deciles of an area differ by one family at most.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Desil adalah sepersepuluh keluarga; sisa pembagian memberi selisih satu, tidak lebih.",
            "A decile is a tenth of the families; the remainder makes a difference of one, no more.",
        ),
        maximum=1,
    ),
    Rule(
        "desil_sepersepuluh",
        "welfare.desil",
        Bilingual(
            "Setiap desil nasional memuat sepersepuluh keluarga.",
            "Every national decile holds a tenth of the families.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Mulai seribu keluarga sepersepuluh dapat dipenuhi sampai 0,001.",
            "From a thousand families on, a tenth can be met to 0.001.",
        ),
        maximum=0.001,
    ),
    none_wrong(
        "desil_urut_skor",
        "welfare.desil",
        Bilingual(
            "Desil yang lebih miskin tidak memuat skor yang lebih tinggi, secara nasional dan di setiap daerah.",
            "A poorer decile holds no higher score, in the nation and in every area.",
        ),
        PEMERINGKATAN,
    ),
    none_wrong(
        "skor_pada_desil",
        "welfare.desil",
        Bilingual("Setiap keluarga diperingkat menurut skornya sendiri.", "Every family is ranked by its own score."),
        PEMERINGKATAN,
    ),
    none_wrong(
        "kelayakan_sesuai_desil",
        "welfare.kelayakan",
        Bilingual(
            "Daftar setiap program memuat tepat keluarga yang dijangkau kebijakannya.",
            "The list of every programme holds just the families that its policy reaches.",
        ),
        PEMERINGKATAN,
    ),
    none_wrong(
        "penerima_hadir",
        "welfare.kelayakan",
        Bilingual(
            "Tidak ada daftar program, dan tidak ada desil, yang memuat keluarga tanpa anggota yang hidup dan hadir.",
            "No list of a programme, and no decile, holds a family without a member alive and present.",
        ),
        PEMERINGKATAN,
    ),
    Rule(
        "pergeseran_ciri",
        "welfare.laporan",
        Bilingual(
            "Ciri keluarga masih seperti di survei dan di rilis terakhir.",
            "The families' covariates are still like the survey's and the last release's.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Indeks PSI di atas 0,25 lazim disebut pergeseran; sebulan simulasi paling tinggi 0,06. Sebabnya bisa kode jawaban "
            "yang berubah, bisa keadaan: maka peringatan.",
            "By custom a PSI above 0.25 is a shift; a simulated month has 0.06 at most. Changed answer codes may be the cause, or "
            "life: hence a warning.",
        ),
        maximum=0.25,
        blocking=False,
    ),
    Rule(
        "provinsi_sejalan_susenas",
        "welfare.desil",
        Bilingual(
            "Provinsi yang lebih miskin menurut Susenas lebih miskin pula menurut desil.",
            "Provinces that are poorer in Susenas are poorer by decile too.",
        ),
        PEMERINGKATAN,
        reason=Bilingual(
            "Hubungan terbalik berarti kode wilayah atau tanda tertukar; sampel kecil bergoyang, maka peringatan.",
            "An inverse relation means swapped area codes or signs; small samples wobble, hence a warning only.",
        ),
        minimum=0.3,
        blocking=False,
    ),
)
