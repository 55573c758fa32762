"""The names that readers see, in Indonesian and English.

What belongs here: only words. A code that is not listed is shown by its own name.
"""

from __future__ import annotations

BULAN = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
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
    "baris": ("Baris orang dibaca", "Person rows read"),
    "diterima": ("Baris diterima", "Rows accepted"),
    "rekaman": ("Rekaman orang baku", "Standardised person records"),
    "orang": ("Orang", "Persons"),
    "keluarga": ("Keluarga", "Families"),
    "ber_desil": ("Keluarga ber-desil", "Families with a desil"),
}

MEASURES = (
    {
        "presisi_perkiraan": ("Presisi, perkiraan", "Precision, estimated"),
        "recall_perkiraan": ("Recall, perkiraan", "Recall, estimated"),
        "presisi_orang": ("Presisi orang", "Precision, persons"),
        "recall_orang": ("Recall orang", "Recall, persons"),
        "f1_orang": ("F1 orang", "F1, persons"),
        "presisi_keluarga": ("Presisi keluarga", "Precision, families"),
        "recall_keluarga": ("Recall keluarga", "Recall, families"),
        "f1_keluarga": ("F1 keluarga", "F1, families"),
        "presisi_tinjauan": ("Presisi, dari tinjauan", "Precision, from review"),
        "recall_tinjauan": ("Recall, dari tinjauan", "Recall, from review"),
        "tak_tertaut": ("Rekaman yang tidak dapat ditautkan", "Records that cannot be linked"),
        "recall_nik_ditahan": ("Recall bila NIK disembunyikan", "Recall with the NIK hidden"),
        "recall_tanaman": ("Recall salinan yang dirusak", "Recall of damaged copies"),
        "mustahil_terskor": ("Pasangan mustahil di atas ambang", "Impossible pairs above the threshold"),
        "mustahil_tergabung": ("Pasangan mustahil yang tergabung", "Impossible pairs merged"),
        "recall_blok": ("Recall blok", "Recall of blocking"),
        "recall_blok_tahap_satu": ("Recall blok, tahap pertama", "Recall of blocking, first pass"),
        "recall_blok_tanpa_batas": ("Recall blok tanpa batas ukuran", "Recall of blocking without the size cap"),
        "recall_aturan": ("Pasangan yang ditemukan aturan", "Pairs found by the rule"),
        "recall_hanya_aturan": ("Pasangan yang hanya ditemukan aturan", "Pairs found by this rule alone"),
        "blok_terbesar": ("Isi blok terbesar", "Size of the largest block"),
        "blok_dilewati": ("Blok yang terlalu besar", "Blocks too large to use"),
        "rekaman_per_orang": ("Rekaman per orang", "Records a person"),
        "porsi_rekaman_tergabung": ("Bagian rekaman yang tergabung", "Share of records merged"),
        "rata_bobot_gabung": ("Rata-rata bobot pasangan di atas ambang", "Mean weight of pairs above the threshold"),
        "porsi_pita_bobot": ("Bagian pasangan menurut bobot", "Share of pairs by weight"),
        "r2_luar_sampel": ("R² di luar sampel", "R² out of sample"),
        "korelasi_peringkat": ("Korelasi peringkat", "Rank correlation"),
        "rmse": ("Akar galat kuadrat rata-rata (log)", "Root mean squared error (log)"),
        "cakupan_90": ("Cakupan rentang 90 %", "Coverage of the 90% band"),
        "r2": ("R² di luar sampel", "R² out of sample"),
        "rumah_tangga": ("Rumah tangga survei", "Households surveyed"),
        "terlalu_sedikit": ("Rumah tangga, terlalu sedikit untuk diukur", "Households, too few to measure"),
        "kemiringan": ("Kemiringan kalibrasi (1: tepat)", "Calibration slope (1: exact)"),
        "selisih": ("Rata-rata skor dikurangi nyata (log)", "Mean score less true value (log)"),
    }
    | {
        f"{name}_{kind}": (f"{teks} {kind}", f"{text}, {english}")
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
        f"galat_{kind}_{n}": (f"{teks}, {n} % termiskin", f"{text}, poorest {n}%")
        for kind, teks, text in (
            ("eksklusi", "Miskin yang terlewat", "Poor who are missed"),
            ("inklusi", "Terpilih yang tidak miskin", "Chosen who are not poor"),
        )
        for n in (10, 20, 30, 40)
    }
    | {
        f"galat_sasaran_{n}": (f"Galat sasaran, {n} % termiskin", f"Targeting error, poorest {n}%")
        for n in (10, 20, 30, 40)
    }
)
"""Names of measures in ``linkage.evaluasi``, ``welfare.laporan`` and ``welfare.kartu``."""

EXPECTATIONS = {
    "ExpectColumnValuesToNotBeNull": ("tidak terisi", "not filled in"),
    "ExpectColumnValuesToBeUnique": ("tidak unik", "not unique"),
    "ExpectColumnValuesToBeInSet": ("kode di luar daftar", "codes outside the list"),
    "ExpectColumnValuesToMatchRegex": ("bentuk salah", "wrong form"),
    "ExpectColumnValuesToBeBetween": ("di luar batas", "outside the limits"),
}
"""Kinds of expectation in ``checks.rules``, named by the values that break them, which are counted."""

REASONS = {
    "jumlah_kolom": ("jumlah kolom berbeda dari judul", "number of fields differs from the header"),
    "kutip_rusak": ("tanda kutip tidak berpasangan", "quotes do not pair"),
    "karakter_nul": ("karakter NUL", "NUL characters"),
    "wajib_kosong": ("nilai wajib kosong", "required value missing"),
    "kunci_ganda": ("kunci berulang", "key repeated"),
    "induk_tidak_ada": ("induk tidak dikirim", "parent not delivered"),
    "panjang": ("panjang salah", "wrong length"),
    "bukan_bilangan": ("bukan bilangan", "not a number"),
    "di_luar_batas": ("di luar batas", "outside the limits"),
    "kode_tidak_dikenal": ("kode tidak dikenal", "unknown code"),
    "label_tidak_dikenal": ("label tidak dikenal", "unknown label"),
    "kolom_bergeser": ("kolom bergeser", "columns shifted"),
    "angka_hilang": ("dibulatkan lembar kerja", "rounded by a spreadsheet"),
    "galat_lembar_kerja": ("galat lembar kerja", "error of a spreadsheet"),
    "tanpa_jawaban": ("tanda tanpa jawaban", "mark for no answer"),
    "tanggal_nol": ("nol dari program, bukan tanggal", "zero of a program, no date"),
    "hari_terlalu_sering": ("hari yang dipakai terlalu sering", "day used far too often"),
    "urutan_kolom": ("urutan hari dan bulan dari kolomnya", "order of day and month told by the column"),
    "urutan_tak_pasti": ("urutan hari dan bulan tidak pasti", "order of day and month unknown"),
    "abad_ditebak": ("tahun dua angka, abadnya diperkirakan", "year of two digits, century guessed"),
    "tanggal_tak_terbaca": ("tanggal tak terbaca", "unreadable date"),
    "tanpa_data_rumah": ("tanpa data rumah", "no data on the dwelling"),
    "tanpa_anggota_hadir": ("tanpa anggota yang hadir", "no member present"),
}
"""Codes in ``quarantine.alasan``, ``quarantine.catatan`` and ``welfare.tanpa_skor``."""

CAUSES = {
    "data_baru": ("Data keluarga itu sendiri berubah", "The family's own data changed"),
    "model_baru": ("Model baru", "New model"),
    "peringkat": ("Batas desil bergeser", "The bounds moved"),
    "gabung": ("Keluarga bergabung", "Families merged"),
    "pisah": ("Keluarga berpisah", "Families split"),
    "keluarga_baru": ("Keluarga baru", "New family"),
    "keluarga_hilang": ("Keluarga tidak ada lagi", "Family no longer there"),
}
"""Codes in ``welfare.perubahan.sebab``."""

EVENTS = {
    "created": ("Baru", "New"),
    "retired": ("Berhenti", "Retired"),
    "merged_into": ("Dilebur", "Merged"),
    "split_from": ("Dipecah", "Split off"),
}
"""Kinds of ``peristiwa`` in the registry."""

GROUPS = {
    "provinsi": ("Provinsi", "Province"),
    "daerah": ("Daerah", "Kind of area"),
    "anggota": ("Anggota keluarga", "Family members"),
    "jk_krt": ("Kepala keluarga", "Head of the family"),
    "umur_krt": ("Umur kepala keluarga", "Age of the head"),
    "jk": ("Jenis kelamin", "Sex"),
    "nik": ("NIK", "NIK"),
    "nama_tunggal": ("Nama satu kata", "Single name"),
    "bobot": ("Bobot", "Weight"),
    "aturan": ("Aturan blok", "Blocking rule"),
    "jenis": ("Jenis", "Kind"),
}
"""Kinds of group: what stands before the = of a ``kelompok``."""

PARTS = {
    "L": ("laki-laki", "men"),
    "P": ("perempuan", "women"),
    "ya": ("ya", "yes"),
    "tidak": ("tidak", "no"),
    "ada": ("ada", "there"),
    "tidak ada": ("tidak ada", "not there"),
    "kota": ("kota", "city"),
    "kabupaten": ("kabupaten", "regency"),
}
"""Groups: what stands after the = of a ``kelompok``; names and numbers stand for themselves."""

STATES = {
    "terbit": ("Terbit", "Published"),
    "tertahan": ("Tertahan", "Blocked"),
    "diganti": ("diganti", "replaced"),
    "ditarik": ("ditarik", "withdrawn"),
}

WORDS = {
    "tabel": ("Tabel data", "Data table"),
    "bagian": ("Bagian", "Share"),
    "jumlah": ("Jumlah", "Total"),
    "provinsi": ("Provinsi", "Province"),
    "kabupaten": ("Kabupaten/kota", "Regency/city"),
    "kode": ("Kode", "Code"),
    "keluarga": ("Keluarga", "Families"),
    "orang": ("Orang", "Persons"),
    "ber_desil": ("Ber-desil", "With a desil"),
    "cakupan": ("Cakupan", "Coverage"),
    "ukuran": ("Ukuran", "Measure"),
    "nilai": ("Nilai", "Value"),
    "dasar": ("Diukur pada", "Measured on"),
    "kelompok": ("Kelompok", "Group"),
    "rentang": ("Rentang 95 %", "95% interval"),
    "disamarkan": ("disamarkan", "hidden"),
    "tanpa_data": ("tanpa data", "no data"),
    "bulan": ("Bulan", "Month"),
    "aturan": ("Aturan", "Rule"),
    "bobot": ("Bobot", "Weight"),
    "pasangan": ("Pasangan", "Pairs"),
    "bukti": ("Bukti", "Evidence"),
    "langgar": ("melanggar", "broken"),
}

GLOSSARY = (
    (
        "Ambang",
        "Batas terendah atau tertinggi yang diperbolehkan bagi suatu nilai.",
        "Threshold: the lowest or highest value that a rule allows.",
    ),
    (
        "Desil",
        "Sepersepuluh keluarga menurut skor; 1 yang terendah, 10 yang tertinggi. Dihitung secara nasional, "
        "per provinsi, dan per kabupaten/kota.",
        "A tenth of the families by score, 1 the lowest, 10 the highest: cut nationally, by province and by regency.",
    ),
    (
        "DTKS",
        "Data Terpadu Kesejahteraan Sosial: penerima bantuan, Kementerian Sosial.",
        "Register of people who receive aid, Ministry of Social Affairs.",
    ),
    (
        "Regsosek",
        "Registrasi Sosial Ekonomi 2022, BPS.",
        "Socio-economic registration of 2022, Statistics Indonesia.",
    ),
    (
        "P3KE",
        "Pensasaran Percepatan Penghapusan Kemiskinan Ekstrem, Kemenko PMK.",
        "Family data for the elimination of extreme poverty, Coordinating Ministry for Human Development.",
    ),
    (
        "Bobot kecocokan",
        "Seberapa kuat bukti bahwa dua rekaman itu satu orang, dalam bit: +1 berarti dua kali lebih mungkin. Di atas ambang "
        "keduanya digabung.",
        "Match weight: how strongly the evidence says that two records are one person, in bits; +1 is twice as likely. Above the "
        "threshold they are joined.",
    ),
    (
        "Galat eksklusi, inklusi",
        "Keluarga miskin yang tidak terpilih skor; keluarga terpilih yang tidak miskin. Diukur pada survei, di luar sampel.",
        "Exclusion and inclusion error: poor families that the score does not choose; chosen families that are not poor. Measured "
        "on the survey, out of sample.",
    ),
    (
        "Gerbang",
        "Pemeriksaan yang harus dilewati suatu bulan sebelum terbit.",
        "The gate: the tests a month must pass before it is published.",
    ),
    (
        "Karantina",
        "Tempat baris yang melanggar kontrak sumbernya, lengkap dengan alasannya.",
        "Quarantine: where rows that break their source's contract are kept, with the reason.",
    ),
    (
        "Kontrak",
        "Kesepakatan tertulis tentang kolom, kode, dan kunci setiap tabel yang dikirim.",
        "The written agreement on columns, codes and keys of every table delivered.",
    ),
    ("NIK, KK", "Nomor Induk Kependudukan; Kartu Keluarga.", "Population number; family card."),
    (
        "Penautan",
        "Mencari rekaman yang menunjuk orang yang sama di semua sumber.",
        "Record linkage: finding the records that mean the same person across all sources.",
    ),
    (
        "PMT",
        "Proxy means test: perkiraan pengeluaran per orang dari ciri rumah, aset, dan susunan keluarga. "
        "Perkiraan, bukan pengukuran; galatnya dilaporkan.",
        "Proxy means test: spending per person estimated from housing, assets and make-up of the family. "
        "An estimate, not a measurement; its error is reported.",
    ),
    (
        "Presisi, recall",
        "Dari pasangan yang digabung, bagian yang benar; dari pasangan yang seharusnya digabung, bagian yang ditemukan.",
        "Precision and recall: of the pairs joined, the share that is right; of the pairs that should be joined, the share found.",
    ),
    (
        "PSI",
        "Indeks pergeseran sebaran suatu ciri. Di bawah 0,1 tenang; di atas 0,25 lazim disebut bergeser.",
        "Population stability index of a feature's distribution. Below 0.1 is calm; above 0.25 is by custom a shift.",
    ),
    (
        "Rekaman",
        "Satu baris orang dari satu sumber, setelah dibakukan.",
        "Record: one row about a person from one source, standardised.",
    ),
    (
        "Rentang 95 %",
        "Batas bawah dan atas tempat nilai sebenarnya diperkirakan berada, 95 dari 100 kali.",
        "95% interval: the bounds between which the true value is estimated to lie, 95 times in 100.",
    ),
    (
        "Revisi",
        "Suatu bulan yang terbit lagi dengan isi lain; rilis lama disimpan dan ditandai diganti.",
        "Revision: a month published again with other content; the old release is kept and marked as replaced.",
    ),
)
