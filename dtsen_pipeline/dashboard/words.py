"""The names that readers see, in Indonesian and English.

What belongs here: only words. A code that is not listed is shown by its own name. It is long because it is one table in which
people look a code up; cut, they would look in two places.
"""

from __future__ import annotations

from dtsen_pipeline.bilingual import Bilingual

BULAN = (
    Bilingual("Januari", "January"),
    Bilingual("Februari", "February"),
    Bilingual("Maret", "March"),
    Bilingual("April", "April"),
    Bilingual("Mei", "May"),
    Bilingual("Juni", "June"),
    Bilingual("Juli", "July"),
    Bilingual("Agustus", "August"),
    Bilingual("September", "September"),
    Bilingual("Oktober", "October"),
    Bilingual("November", "November"),
    Bilingual("Desember", "December"),
)

SOURCES = {
    "dtks": "DTKS",
    "regsosek": "Regsosek",
    "p3ke": "P3KE",
    "dukcapil": "Dukcapil",
    "referensi": "Referensi",
    "pemutakhiran": "Pemutakhiran",
}

MONTHLY_SOURCES = ("dtks", "regsosek", "p3ke")

STEPS = {
    "baris": Bilingual("Baris orang dibaca", "Person rows read"),
    "diterima": Bilingual("Baris diterima", "Rows accepted"),
    "rekaman": Bilingual("Rekaman orang baku", "Standardised person records"),
    "orang": Bilingual("Orang", "Persons"),
    "keluarga": Bilingual("Keluarga", "Families"),
    "ber_desil": Bilingual("Keluarga ber-desil", "Families with a desil"),
}

MEASURES = (
    {
        "presisi_perkiraan": Bilingual("Presisi, perkiraan", "Precision, estimated"),
        "recall_perkiraan": Bilingual("Recall, perkiraan", "Recall, estimated"),
        "presisi_orang": Bilingual("Presisi orang", "Precision, persons"),
        "recall_orang": Bilingual("Recall orang", "Recall, persons"),
        "f1_orang": Bilingual("F1 orang", "F1, persons"),
        "presisi_keluarga": Bilingual("Presisi keluarga", "Precision, families"),
        "recall_keluarga": Bilingual("Recall keluarga", "Recall, families"),
        "f1_keluarga": Bilingual("F1 keluarga", "F1, families"),
        "presisi_tinjauan": Bilingual("Presisi, dari tinjauan", "Precision, from review"),
        "recall_tinjauan": Bilingual("Recall, dari tinjauan", "Recall, from review"),
        "tak_tertaut": Bilingual("Rekaman yang tidak dapat ditautkan", "Records that cannot be linked"),
        "recall_nik_ditahan": Bilingual("Recall bila NIK disembunyikan", "Recall with the NIK hidden"),
        "recall_tanaman": Bilingual("Recall salinan yang dirusak", "Recall of damaged copies"),
        "mustahil_terskor": Bilingual("Pasangan mustahil di atas ambang", "Impossible pairs above the threshold"),
        "mustahil_tergabung": Bilingual("Pasangan mustahil yang tergabung", "Impossible pairs merged"),
        "recall_blok": Bilingual("Recall blok", "Recall of blocking"),
        "recall_blok_tahap_satu": Bilingual("Recall blok, tahap pertama", "Recall of blocking, first pass"),
        "recall_blok_tanpa_batas": Bilingual(
            "Recall blok tanpa batas ukuran", "Recall of blocking without the size cap"
        ),
        "recall_aturan": Bilingual("Pasangan yang ditemukan aturan", "Pairs found by the rule"),
        "recall_hanya_aturan": Bilingual("Pasangan yang hanya ditemukan aturan", "Pairs found by this rule alone"),
        "blok_terbesar": Bilingual("Isi blok terbesar", "Size of the largest block"),
        "blok_dilewati": Bilingual("Blok yang terlalu besar", "Blocks too large to use"),
        "rekaman_per_orang": Bilingual("Rekaman per orang", "Records a person"),
        "porsi_rekaman_tergabung": Bilingual("Bagian rekaman yang tergabung", "Share of records merged"),
        "rata_bobot_gabung": Bilingual(
            "Rata-rata bobot pasangan di atas ambang", "Mean weight of pairs above the threshold"
        ),
        "porsi_pita_bobot": Bilingual("Bagian pasangan menurut bobot", "Share of pairs by weight"),
        "r2_luar_sampel": Bilingual("R² di luar sampel", "R² out of sample"),
        "korelasi_peringkat": Bilingual("Korelasi peringkat", "Rank correlation"),
        "rmse": Bilingual("Akar galat kuadrat rata-rata (log)", "Root mean squared error (log)"),
        "cakupan_90": Bilingual("Cakupan rentang 90 %", "Coverage of the 90% band"),
        "r2": Bilingual("R² di luar sampel", "R² out of sample"),
        "rumah_tangga": Bilingual("Rumah tangga survei", "Households surveyed"),
        "terlalu_sedikit": Bilingual("Rumah tangga, terlalu sedikit untuk diukur", "Households, too few to measure"),
        "kemiringan": Bilingual("Kemiringan kalibrasi (1: tepat)", "Calibration slope (1: exact)"),
        "selisih": Bilingual("Rata-rata skor dikurangi nyata (log)", "Mean score less true value (log)"),
    }
    | {
        f"{name}_{kind}": Bilingual(f"{teks} {kind}", f"{text}, {english}")
        for kind, english in (("orang", "persons"), ("keluarga", "families"))
        for name, teks, text in (
            ("presisi_b3", "Presisi B-cubed", "B-cubed precision"),
            ("recall_b3", "Recall B-cubed", "B-cubed recall"),
            ("f1_b3", "F1 B-cubed", "B-cubed F1"),
            ("utuh", "Ditemukan utuh:", "Found whole"),
            ("tepat", "Kelompok yang tepat:", "Clusters exactly right"),
        )
    }
    | {
        f"galat_{kind}_{n}": Bilingual(f"{teks}, {n} % termiskin", f"{text}, poorest {n}%")
        for kind, teks, text in (
            ("eksklusi", "Miskin yang terlewat", "Poor who are missed"),
            ("inklusi", "Terpilih yang tidak miskin", "Chosen who are not poor"),
        )
        for n in (10, 20, 30, 40)
    }
    | {
        f"galat_sasaran_{n}": Bilingual(f"Galat sasaran, {n} % termiskin", f"Targeting error, poorest {n}%")
        for n in (10, 20, 30, 40)
    }
)
"""Names of measures in ``linkage.evaluasi``, ``welfare.laporan`` and ``welfare.kartu``."""

EXPECTATIONS = {
    "ExpectColumnValuesToNotBeNull": Bilingual("tidak terisi", "not filled in"),
    "ExpectColumnValuesToBeUnique": Bilingual("tidak unik", "not unique"),
    "ExpectColumnValuesToBeInSet": Bilingual("kode di luar daftar", "codes outside the list"),
    "ExpectColumnValuesToMatchRegex": Bilingual("bentuk salah", "wrong form"),
    "ExpectColumnValuesToBeBetween": Bilingual("di luar batas", "outside the limits"),
}
"""Kinds of expectation in ``checks.rules``, named by the values that break them, which are counted."""

REASONS = {
    "jumlah_kolom": Bilingual("jumlah kolom berbeda dari judul", "number of fields differs from the header"),
    "kutip_rusak": Bilingual("tanda kutip tidak berpasangan", "quotes do not pair"),
    "karakter_nul": Bilingual("karakter NUL", "NUL characters"),
    "wajib_kosong": Bilingual("nilai wajib kosong", "required value missing"),
    "kunci_ganda": Bilingual("kunci berulang", "key repeated"),
    "induk_tidak_ada": Bilingual("induk tidak dikirim", "parent not delivered"),
    "panjang": Bilingual("panjang salah", "wrong length"),
    "bukan_bilangan": Bilingual("bukan bilangan", "not a number"),
    "di_luar_batas": Bilingual("di luar batas", "outside the limits"),
    "kode_tidak_dikenal": Bilingual("kode tidak dikenal", "unknown code"),
    "label_tidak_dikenal": Bilingual("label tidak dikenal", "unknown label"),
    "kolom_bergeser": Bilingual("kolom bergeser", "columns shifted"),
    "angka_hilang": Bilingual("dibulatkan lembar kerja", "rounded by a spreadsheet"),
    "galat_lembar_kerja": Bilingual("galat lembar kerja", "error of a spreadsheet"),
    "tanpa_jawaban": Bilingual("tanda tanpa jawaban", "mark for no answer"),
    "tanggal_nol": Bilingual("nol dari program, bukan tanggal", "zero of a program, no date"),
    "hari_terlalu_sering": Bilingual("hari yang dipakai terlalu sering", "day used far too often"),
    "urutan_kolom": Bilingual("urutan hari dan bulan dari kolomnya", "order of day and month told by the column"),
    "urutan_tak_pasti": Bilingual("urutan hari dan bulan tidak pasti", "order of day and month unknown"),
    "abad_ditebak": Bilingual("tahun dua angka, abadnya diperkirakan", "year of two digits, century guessed"),
    "tanggal_tak_terbaca": Bilingual("tanggal tak terbaca", "unreadable date"),
    "tanpa_data_rumah": Bilingual("tanpa data rumah", "no data on the dwelling"),
    "tanpa_anggota_hadir": Bilingual("tanpa anggota yang hadir", "no member present"),
}
"""Codes in ``quarantine.alasan``, ``quarantine.catatan`` and ``welfare.tanpa_skor``."""

CAUSES = {
    "data_baru": Bilingual("Data keluarga itu sendiri berubah", "The family's own data changed"),
    "model_baru": Bilingual("Model baru", "New model"),
    "peringkat": Bilingual("Batas desil bergeser", "The bounds moved"),
    "gabung": Bilingual("Keluarga bergabung", "Families merged"),
    "pisah": Bilingual("Keluarga berpisah", "Families split"),
    "keluarga_baru": Bilingual("Keluarga baru", "New family"),
    "keluarga_hilang": Bilingual("Keluarga tidak ada lagi", "Family no longer there"),
}
"""Codes in ``welfare.perubahan.sebab``."""

EVENTS = {
    "created": Bilingual("Baru", "New"),
    "retired": Bilingual("Berhenti", "Retired"),
    "merged_into": Bilingual("Dilebur", "Merged"),
    "split_from": Bilingual("Dipecah", "Split off"),
}
"""Kinds of ``peristiwa`` in the registry."""

GROUPS = {
    "provinsi": Bilingual("Provinsi", "Province"),
    "daerah": Bilingual("Daerah", "Kind of area"),
    "anggota": Bilingual("Anggota keluarga", "Family members"),
    "jk_krt": Bilingual("Kepala keluarga", "Head of the family"),
    "umur_krt": Bilingual("Umur kepala keluarga", "Age of the head"),
    "jk": Bilingual("Jenis kelamin", "Sex"),
    "nik": Bilingual("NIK", "NIK"),
    "nama_tunggal": Bilingual("Nama satu kata", "Single name"),
    "bobot": Bilingual("Bobot", "Weight"),
    "aturan": Bilingual("Aturan blok", "Blocking rule"),
    "jenis": Bilingual("Jenis", "Kind"),
}
"""Kinds of group: what stands before the = of a ``kelompok``."""

PARTS = {
    "L": Bilingual("laki-laki", "men"),
    "P": Bilingual("perempuan", "women"),
    "ya": Bilingual("ya", "yes"),
    "tidak": Bilingual("tidak", "no"),
    "ada": Bilingual("ada", "there"),
    "tidak ada": Bilingual("tidak ada", "not there"),
    "kota": Bilingual("kota", "city"),
    "kabupaten": Bilingual("kabupaten", "regency"),
}
"""Groups: what stands after the = of a ``kelompok``; names and numbers stand for themselves."""

STATES = {
    "terbit": Bilingual("Terbit", "Published"),
    "tertahan": Bilingual("Tertahan", "Blocked"),
    "diganti": Bilingual("diganti", "replaced"),
    "ditarik": Bilingual("ditarik", "withdrawn"),
}

WORDS = {
    "tabel": Bilingual("Tabel data", "Data table"),
    "bagian": Bilingual("Bagian", "Share"),
    "jumlah": Bilingual("Jumlah", "Total"),
    "provinsi": Bilingual("Provinsi", "Province"),
    "kabupaten": Bilingual("Kabupaten/kota", "Regency/city"),
    "kode": Bilingual("Kode", "Code"),
    "keluarga": Bilingual("Keluarga", "Families"),
    "orang": Bilingual("Orang", "Persons"),
    "ber_desil": Bilingual("Ber-desil", "With a desil"),
    "cakupan": Bilingual("Cakupan", "Coverage"),
    "ukuran": Bilingual("Ukuran", "Measure"),
    "nilai": Bilingual("Nilai", "Value"),
    "dasar": Bilingual("Diukur pada", "Measured on"),
    "kelompok": Bilingual("Kelompok", "Group"),
    "rentang": Bilingual("Rentang 95 %", "95% interval"),
    "disamarkan": Bilingual("disamarkan", "hidden"),
    "tanpa_data": Bilingual("tanpa data", "no data"),
    "bulan": Bilingual("Bulan", "Month"),
    "aturan": Bilingual("Aturan", "Rule"),
    "bobot": Bilingual("Bobot", "Weight"),
    "pasangan": Bilingual("Pasangan", "Pairs"),
    "bukti": Bilingual("Bukti", "Evidence"),
    "langgar": Bilingual("melanggar", "broken"),
}

GLOSSARY = (
    (
        "Ambang",
        Bilingual(
            "Batas terendah atau tertinggi yang diperbolehkan bagi suatu nilai.",
            "Threshold: the lowest or highest value that a rule allows.",
        ),
    ),
    (
        "Desil",
        Bilingual(
            "Sepersepuluh keluarga menurut skor; 1 yang terendah, 10 yang tertinggi. Dihitung secara nasional, "
            "per provinsi, dan per kabupaten/kota.",
            "A tenth of the families by score, 1 the lowest, 10 the highest: cut nationally, by province and by regency.",
        ),
    ),
    (
        "DTKS",
        Bilingual(
            "Data Terpadu Kesejahteraan Sosial: penerima bantuan, Kementerian Sosial.",
            "Register of people who receive aid, Ministry of Social Affairs.",
        ),
    ),
    (
        "Regsosek",
        Bilingual("Registrasi Sosial Ekonomi 2022, BPS.", "Socio-economic registration of 2022, Statistics Indonesia."),
    ),
    (
        "P3KE",
        Bilingual(
            "Pensasaran Percepatan Penghapusan Kemiskinan Ekstrem, Kemenko PMK.",
            "Family data for the elimination of extreme poverty, Coordinating Ministry for Human Development.",
        ),
    ),
    (
        "Bobot kecocokan",
        Bilingual(
            "Seberapa kuat bukti bahwa dua rekaman itu satu orang, dalam bit: +1 berarti dua kali lebih mungkin. Di atas ambang "
            "keduanya digabung.",
            "Match weight: how strongly the evidence says that two records are one person, in bits; +1 is twice as likely. Above "
            "the threshold they are joined.",
        ),
    ),
    (
        "Galat eksklusi, inklusi",
        Bilingual(
            "Keluarga miskin yang tidak terpilih skor; keluarga terpilih yang tidak miskin. Diukur pada survei, di luar sampel.",
            "Exclusion and inclusion error: poor families that the score does not choose; chosen families that are not poor. "
            "Measured on the survey, out of sample.",
        ),
    ),
    (
        "Gerbang",
        Bilingual(
            "Pemeriksaan yang harus dilewati suatu bulan sebelum terbit.",
            "The gate: the tests a month must pass before it is published.",
        ),
    ),
    (
        "Karantina",
        Bilingual(
            "Tempat baris yang melanggar kontrak sumbernya, lengkap dengan alasannya.",
            "Quarantine: where rows that break their source's contract are kept, with the reason.",
        ),
    ),
    (
        "Kontrak",
        Bilingual(
            "Kesepakatan tertulis tentang kolom, kode, dan kunci setiap tabel yang dikirim.",
            "The written agreement on columns, codes and keys of every table delivered.",
        ),
    ),
    ("NIK, KK", Bilingual("Nomor Induk Kependudukan; Kartu Keluarga.", "Population number; family card.")),
    (
        "Penautan",
        Bilingual(
            "Mencari rekaman yang menunjuk orang yang sama di semua sumber.",
            "Record linkage: finding the records that mean the same person across all sources.",
        ),
    ),
    (
        "PMT",
        Bilingual(
            "Proxy means test: perkiraan pengeluaran per orang dari ciri rumah, aset, dan susunan keluarga. "
            "Perkiraan, bukan pengukuran; galatnya dilaporkan.",
            "Proxy means test: spending per person estimated from housing, assets and make-up of the family. "
            "An estimate, not a measurement; its error is reported.",
        ),
    ),
    (
        "Presisi, recall",
        Bilingual(
            "Dari pasangan yang digabung, bagian yang benar; dari pasangan yang seharusnya digabung, bagian yang ditemukan.",
            "Precision and recall: of the pairs joined, the share that is right; of the pairs that should be joined, "
            "the share found.",
        ),
    ),
    (
        "PSI",
        Bilingual(
            "Indeks pergeseran sebaran suatu ciri. Di bawah 0,1 tenang; di atas 0,25 lazim disebut bergeser.",
            "Population stability index of a feature's distribution. Below 0.1 is calm; above 0.25 is by custom a shift.",
        ),
    ),
    (
        "Rekaman",
        Bilingual(
            "Satu baris orang dari satu sumber, setelah dibakukan.",
            "Record: one row about a person from one source, standardised.",
        ),
    ),
    (
        "Rentang 95 %",
        Bilingual(
            "Batas bawah dan atas tempat nilai sebenarnya diperkirakan berada, 95 dari 100 kali.",
            "95% interval: the bounds between which the true value is estimated to lie, 95 times in 100.",
        ),
    ),
    (
        "Revisi",
        Bilingual(
            "Suatu bulan yang terbit lagi dengan isi lain; rilis lama disimpan dan ditandai diganti.",
            "Revision: a month published again with other content; the old release is kept and marked as replaced.",
        ),
    ),
)
