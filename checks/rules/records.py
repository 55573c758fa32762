"""Rules on the records of persons and families, before they are linked."""

from __future__ import annotations

from checks.rules.forms import PENAUTAN, PENERIMAAN, none_wrong
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Rule

RECORDS = (
    none_wrong(
        "rekaman_orang_terjaga",
        "intermediate.int_person_record",
        Bilingual(
            "Setiap baris orang yang diterima menjadi tepat satu rekaman.",
            "Every accepted person row becomes exactly one record.",
        ),
        PENAUTAN,
    ),
    Rule(
        "nik_sah",
        "intermediate.int_person_record",
        Bilingual(
            "Porsi rekaman dengan NIK sah per sumber memadai.",
            "Enough records of each source carry a NIK in good order.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "DTKS 2019 padan 83 persen dengan Dukcapil, terburuk yang diketahui; di bawah 70 kolom NIK rusak.",
            "DTKS matched Dukcapil at 83 percent in 2019, the worst known; below 70 the column is damaged.",
        ),
        minimum=0.70,
    ),
    Rule(
        "wilayah_dikenal",
        "intermediate.int_person_record",
        Bilingual(
            "Kabupaten/kota hampir setiap rekaman dikenal, per sumber.",
            "The regency of nearly every record of each source is known.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "Desil kabupaten/kota memerlukannya; di atas dua persen daftar wilayah ketinggalan pemekaran.",
            "The regency decile needs it; more than two percent means the area table missed a split.",
        ),
        minimum=0.98,
    ),
    Rule(
        "tanggal_lahir_wajar",
        "intermediate.int_person_record",
        Bilingual(
            "Hampir setiap rekaman tiap sumber punya tanggal lahir antara 1900 dan akhir bulan.",
            "Nearly every record of each source has a birth date between 1900 and the end of the month.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "Satu persen tanpa tanggal itu biasa; di atas lima persen kolom bergeser atau bentuk tanggal berubah.",
            "One percent without a date is ordinary; above five a column has shifted or the form of dates has changed.",
        ),
        minimum=0.95,
    ),
    Rule(
        "nik_padan_dukcapil",
        "intermediate.int_person_record",
        Bilingual(
            "NIK sah tiap sumber dikenal Dukcapil, di kabupaten/kota yang tercakup petikannya.",
            "The population register knows the NIKs of each source, in the regencies its extract covers.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "DTKS 2019 padan 83 persen, terburuk yang diketahui; di bawah 70 kolom NIK rusak atau "
            "petikannya bukan dari daerah itu.",
            "DTKS of 2019 matched at 83 percent, the worst known; below 70 the column is damaged or "
            "the extract is of elsewhere.",
        ),
        minimum=0.70,
    ),
    Rule(
        "nik_sejalan",
        "intermediate.int_person_record",
        Bilingual(
            "NIK sah tiap sumber menyebut tanggal lahir dan jenis kelamin yang tertulis di sampingnya.",
            "The NIKs in good order of each source say the birth date and the sex that stand beside them.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Lazimnya 0,92 sampai 0,95 untuk tanggal dan 0,99 untuk kelamin; di bawah 0,85 tanggalnya bergeser, hari dan bulannya "
            "tertukar, atau kode kelaminnya lain.",
            "Usual are 0.92 to 0.95 for the date and 0.99 for the sex; below 0.85 dates have shifted, days and months "
            "changed places, or the codes of the sex are others.",
        ),
        minimum=0.85,
    ),
    Rule(
        "nik_sejalan_berkas",
        "intermediate.int_person_record",
        Bilingual("Demikian pula NIK sah tiap berkas.", "So do the NIKs in good order of each file."),
        PENERIMAAN,
        reason=Bilingual(
            "Satu berkas rusak dari sepuluh tersembunyi dalam rata-rata sumbernya; lima puluh baris bergoyang, maka "
            "batasnya lebih rendah. Hari dan bulan tertukar menyisakan 0,4.",
            "One bad file of ten hides in the mean of its source; fifty rows wobble, so the bound is lower. Days and months that "
            "changed places leave 0.4.",
        ),
        minimum=0.70,
        subject="areas",
    ),
    Rule(
        "umur_sejalan",
        "intermediate.int_person_record",
        Bilingual(
            "Umur yang dilaporkan Regsosek adalah umur menurut tanggal lahirnya.",
            "The ages told by Regsosek are those of its birth dates.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Lazimnya di atas 0,98; di bawah 0,9 tahun lahir bergeser, atau umur bukan kolom umur.",
            "Usual is more than 0.98; below 0.9 years of birth have shifted, or the age is not the column of ages.",
        ),
        minimum=0.9,
    ),
    Rule(
        "kk_sewilayah",
        "intermediate.int_person_record",
        Bilingual(
            "KK terbit di kabupaten/kota tempat pemegangnya tinggal, per sumber.",
            "Family cards were issued in the regency where their holders live, by source.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Lazimnya di atas 0,98, sebab KK berganti bila pindah; di bawah 0,85 kolom wilayah bergeser, atau kode BPS terbaca "
            "sebagai kode Kemendagri.",
            "Usual is more than 0.98, as a card changes with a move; below 0.85 the columns of the area have shifted, or codes of "
            "BPS were read as those of Kemendagri.",
        ),
        minimum=0.85,
    ),
    Rule(
        "susunan_wajar",
        "intermediate.int_person_record",
        Bilingual(
            "Umur, kelamin, status kawin, dan ijazah anggota sesuai kedudukannya dalam keluarga, per sumber.",
            "Age, sex, marriage and schooling of members fit their place in the family, by source.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Lazimnya di atas 0,97; di bawah 0,9 kode hubungan, kelamin, kawin, atau ijazah lain artinya, atau anggotanya milik "
            "keluarga lain.",
            "Usual is more than 0.97; below 0.9 a code of relation, sex, marriage or schooling means something else, or "
            "the members are another family's.",
        ),
        minimum=0.9,
    ),
)
