"""Every rule of the gate, declared once: what it states, where it stands, its bounds and why, and who answers.

What belongs here: declarations. A SQL rule's question is ``dbt_like_sql/tests/<name>.sql``; a rule of expectations
names them here. How a rule is asked stands in ``dtsen_pipeline.quality.gate``; how it becomes an asset check in
``checks``. A rule stands on the most downstream table it reads, so that its check can wait for all of them.

A count of what is wrong has maximum 0. A share has the bound at which the fault is no longer ordinary dirt in the
sources but something broken: a shifted column, a lost delivery, a model that no longer fits.
"""

from __future__ import annotations

from dtsen_pipeline.contracts.model import load
from dtsen_pipeline.quality.rule import Expectation, Rule

PENERIMAAN = "penerimaan-data"
PENAUTAN = "penautan"
PEMERINGKATAN = "pemeringkatan"
PELINDUNGAN = "pelindungan-data"


def _none_wrong(
    name: str,
    table: str,
    teks: str,
    text: str,
    owner: str,
    *,
    expectations: tuple[Expectation, ...] = (),
    may_be_empty: bool = False,
) -> Rule:
    return Rule(
        name,
        table,
        teks,
        text,
        owner,
        alasan="Ini hitungan kesalahan; satu pun tidak boleh ada.",
        reason="This counts what is wrong; not one may occur.",
        maximum=0,
        kind="expectations" if expectations else "sql",
        expectations=expectations,
        may_be_empty=may_be_empty,
    )


def _not_null(column: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeNull", column)


def _unique(column: str) -> Expectation:
    return Expectation("ExpectColumnValuesToBeUnique", column)


def _one_of(column: str, *values: object) -> Expectation:
    return Expectation("ExpectColumnValuesToBeInSet", column, {"value_set": list(values)})


def _like(column: str, regex: str) -> Expectation:
    return Expectation("ExpectColumnValuesToMatchRegex", column, {"regex": regex})


# Great Expectations tests a range value by value in Python, a set in one vectorised call: codes are sets.
def _between(column: str, lowest: float | None = None, highest: float | None = None) -> Expectation:
    return Expectation("ExpectColumnValuesToBeBetween", column, {"min_value": lowest, "max_value": highest})


# The contract reader has judged every value already. What a suite adds: typing and renaming have left keys whole and codes codes,
# whatever is changed in the SQL of staging. So it asks about the keys and about the codes that linkage and score stand on.
def _contract_of(source: str, table: str, *codes: str) -> Rule:
    contract = load()[source].tables[table]
    keys = [_not_null(column) for column in contract.key]
    if len(contract.key) == 1:
        keys.append(_unique(contract.key[0]))
    if contract.parent:
        keys.append(_not_null(contract.parent.column))
    sets = []
    for name in codes:
        column = contract.columns[name]
        # Staging turns codes of digits into numbers; the register's labels it writes in capitals.
        labels = [spelling for label in column.labels for spelling in (label, label.upper())]
        sets.append(_one_of(name, *(int(code) if code.isdigit() else code for code in column.codes), *labels))
    return _none_wrong(
        f"kontrak_{source}_{table}",
        f"staging.stg_{source}__{table}",
        f"Kunci dan kode {source} {table} utuh setelah diberi tipe.",
        f"The keys and codes of {source} {table} are whole once typed.",
        PENERIMAAN,
        expectations=(*keys, *sets),
        may_be_empty=load()[source].delivery == "opsional",
    )


_BERLAKU = ", ".join(f"{source} {one.berlaku_bulan}" for source, one in load().items() if one.berlaku_bulan)

RECEPTION = (
    _none_wrong(
        "baris_masuk_sama_keluar",
        "quarantine.alasan",
        "Setiap baris setiap berkas diterima atau dikarantina, tepat sekali.",
        "Every row of every file was accepted or quarantined, exactly once.",
        PENERIMAAN,
    ),
    _none_wrong(
        "karantina_beralasan",
        "quarantine.alasan",
        "Setiap baris karantina punya alasan, dan setiap alasan punya baris.",
        "Every quarantined row has a reason, and every reason a row.",
        PENERIMAAN,
    ),
    Rule(
        "sumber_terisi",
        "raw.deliveries",
        "Setiap tabel wajib berisi baris yang dapat dipakai.",
        "Every table that must be delivered holds usable rows.",
        PENERIMAAN,
        alasan="Tabel wajib yang kosong berarti kiriman hilang.",
        reason="A mandatory table without rows is a lost delivery.",
        minimum=1,
    ),
    Rule(
        "porsi_karantina",
        "raw.deliveries",
        "Porsi baris yang dikarantina per sumber wajar.",
        "The share of quarantined rows of each source is ordinary.",
        PENERIMAAN,
        alasan="Kotoran biasa di bawah satu persen; di atas dua persen biasanya kolom bergeser atau kode berubah.",
        reason="Ordinary dirt stays below one percent; above two, a column has usually shifted or codes changed.",
        maximum=0.02,
    ),
    Rule(
        "porsi_catatan",
        "quarantine.isian",
        "Porsi nilai tak terbaca pada setiap kolom tiap sumber wajar.",
        "The share of unreadable values in each column of each source is ordinary.",
        PENERIMAAN,
        alasan=(
            "Nilai yang rusak hanya dikosongkan dan barisnya tetap dipakai. Salah tulis biasa di bawah satu persen; di atas lima, "
            "kolomnya bergeser, kodenya berubah, atau lembar kerja merusaknya."
        ),
        reason=(
            "A broken value is emptied and its row goes on. Ordinary slips stay below one percent; above five the column has "
            "shifted, its codes have changed, or a spreadsheet has spoiled it."
        ),
        maximum=0.05,
    ),
    Rule(
        "volume_kiriman",
        "raw.deliveries",
        "Banyaknya baris tiap kiriman mendekati rata-rata tiga kiriman terakhirnya.",
        "Every delivery has about as many rows as the mean of the last three.",
        PENERIMAAN,
        alasan=(
            "Register tumbuh beberapa persen setahun; seperlima kurang atau seperempat lebih berarti sebagian hilang "
            "atau terkirim dua kali."
        ),
        reason="A register grows a few percent a year; a fifth less or a quarter more is a part that is lost or was sent twice.",
        minimum=0.8,
        maximum=1.25,
    ),
    Rule(
        "umur_kiriman",
        "raw.deliveries",
        "Kiriman tiap sumber tidak lebih tua dari masa berlaku dalam kontraknya (bulan lewat masa berlaku).",
        "The delivery of each source is no older than its contract allows (months beyond that).",
        PENERIMAAN,
        alasan=(
            "Sumber yang tidak datang diambil dari kiriman terakhirnya; yang lebih tua dari masa berlakunya bicara tentang "
            f"wilayah, keluarga dan penduduk yang lain. Masa berlaku: {_BERLAKU} bulan."
        ),
        reason=(
            "A source that did not come is taken from its last delivery; one older than its contract allows speaks of other areas, "
            f"families and people. Allowed months: {_BERLAKU}."
        ),
        maximum=0,
    ),
    _none_wrong(
        "staging_sama_diterima",
        "staging.stg_dtks__anggota",
        "Baris staging sama banyak dengan baris yang diterima.",
        "Staging holds as many rows as were accepted.",
        PENERIMAAN,
    ),
    Rule(
        "anggota_terkirim",
        "staging.stg_dtks__anggota",
        "Banyaknya anggota yang dikirim sama dengan yang disebut baris keluarganya, per sumber.",
        "As many members were delivered as the family rows of each source speak of.",
        PENERIMAAN,
        alasan="Keduanya dari pendataan yang sama dan cocok sampai 0,1 persen; sepersepuluh kurang berarti satu berkas terpotong.",
        reason="Both come from one interview and agree to 0.1 percent; a tenth less is a file that was cut off.",
        minimum=0.9,
        maximum=1.1,
    ),
    Rule(
        "anggota_per_keluarga",
        "staging.stg_dtks__anggota",
        "Hampir setiap keluarga datang dengan anggotanya sendiri, per sumber.",
        "Nearly every family of each source came with its own members.",
        PENERIMAAN,
        alasan=(
            "Bulan biasa di atas 0,99; di bawah 0,8 kolom kunci keluarga bergeser atau tertukar, walau jumlah seluruhnya "
            "tetap cocok."
        ),
        reason=(
            "An ordinary month has more than 0.99; below 0.8 the column that names the family has shifted or is another "
            "one, though the totals still agree."
        ),
        minimum=0.8,
    ),
    _contract_of("dtks", "rumah_tangga", "sta_bangunan", "lantai", "dinding", "daya"),
    _contract_of("dtks", "anggota", "jnskel", "hub_krt", "sta_kawin", "sta_keberadaan_art"),
    _contract_of(
        "regsosek",
        "keluarga",
        "kd_stat_bangunan_tinggal",
        "kd_jenis_lantai_terluas",
        "kd_jenis_dinding",
        "kd_daya_terpasang",
    ),
    _contract_of("regsosek", "anggota", "kd_jenis_kelamin", "kd_hubungan_keluarga", "kd_status_kawin", "kd_keberadaan"),
    _contract_of("p3ke", "keluarga", "kepemilikan_rumah", "jenis_lantai", "jenis_dinding", "daya_terpasang"),
    _contract_of("p3ke", "individu", "jenis_kelamin", "hub_dgn_kpl_keluarga", "status_kawin"),
    _contract_of("referensi", "wilayah", "tingkat"),
    _contract_of("referensi", "susenas", "kd_jenis_lantai_terluas", "kd_daya_terpasang"),
    _contract_of("dukcapil", "penduduk", "jenis_kelamin", "status"),
    _contract_of("pemutakhiran", "usulan", "jenis", "status"),
)

RECORDS = (
    _none_wrong(
        "rekaman_orang_terjaga",
        "intermediate.int_person_record",
        "Setiap baris orang yang diterima menjadi tepat satu rekaman.",
        "Every accepted person row becomes exactly one record.",
        PENAUTAN,
    ),
    Rule(
        "nik_sah",
        "intermediate.int_person_record",
        "Porsi rekaman dengan NIK sah per sumber memadai.",
        "Enough records of each source carry a NIK in good order.",
        PENAUTAN,
        alasan="DTKS 2019 padan 83 persen dengan Dukcapil, terburuk yang diketahui; di bawah 70 kolom NIK rusak.",
        reason="DTKS matched Dukcapil at 83 percent in 2019, the worst known; below 70 the column is damaged.",
        minimum=0.70,
    ),
    Rule(
        "wilayah_dikenal",
        "intermediate.int_person_record",
        "Kabupaten/kota hampir setiap rekaman dikenal, per sumber.",
        "The regency of nearly every record of each source is known.",
        PENAUTAN,
        alasan="Desil kabupaten/kota memerlukannya; di atas dua persen daftar wilayah ketinggalan pemekaran.",
        reason="The regency decile needs it; more than two percent means the area table missed a split.",
        minimum=0.98,
    ),
    Rule(
        "tanggal_lahir_wajar",
        "intermediate.int_person_record",
        "Hampir setiap rekaman tiap sumber punya tanggal lahir antara 1900 dan akhir bulan.",
        "Nearly every record of each source has a birth date between 1900 and the end of the month.",
        PENAUTAN,
        alasan="Satu persen tanpa tanggal itu biasa; di atas lima persen kolom bergeser atau bentuk tanggal berubah.",
        reason="One percent without a date is ordinary; above five a column has shifted or the form of dates has changed.",
        minimum=0.95,
    ),
    Rule(
        "nik_padan_dukcapil",
        "intermediate.int_person_record",
        "NIK sah tiap sumber dikenal Dukcapil, di kabupaten/kota yang tercakup petikannya.",
        "The population register knows the NIKs of each source, in the regencies its extract covers.",
        PENAUTAN,
        alasan=(
            "DTKS 2019 padan 83 persen, terburuk yang diketahui; di bawah 70 kolom NIK rusak atau "
            "petikannya bukan dari daerah itu."
        ),
        reason=(
            "DTKS of 2019 matched at 83 percent, the worst known; below 70 the column is damaged or "
            "the extract is of elsewhere."
        ),
        minimum=0.70,
    ),
    Rule(
        "nik_sejalan",
        "intermediate.int_person_record",
        "NIK sah tiap sumber menyebut tanggal lahir dan jenis kelamin yang tertulis di sampingnya.",
        "The NIKs in good order of each source say the birth date and the sex that stand beside them.",
        PENERIMAAN,
        alasan=(
            "Lazimnya 0,92 sampai 0,95 untuk tanggal dan 0,99 untuk kelamin; di bawah 0,85 tanggalnya bergeser, hari dan bulannya "
            "tertukar, atau kode kelaminnya lain."
        ),
        reason=(
            "Usual are 0.92 to 0.95 for the date and 0.99 for the sex; below 0.85 dates have shifted, days and months "
            "changed places, or the codes of the sex are others."
        ),
        minimum=0.85,
    ),
    Rule(
        "nik_sejalan_berkas",
        "intermediate.int_person_record",
        "Demikian pula NIK sah tiap berkas.",
        "So do the NIKs in good order of each file.",
        PENERIMAAN,
        alasan=(
            "Satu berkas rusak dari sepuluh tersembunyi dalam rata-rata sumbernya; lima puluh baris bergoyang, maka "
            "batasnya lebih rendah. Hari dan bulan tertukar menyisakan 0,4."
        ),
        reason=(
            "One bad file of ten hides in the mean of its source; fifty rows wobble, so the bound is lower. Days and months that "
            "changed places leave 0.4."
        ),
        minimum=0.70,
        subject="areas",
    ),
    Rule(
        "umur_sejalan",
        "intermediate.int_person_record",
        "Umur yang dilaporkan Regsosek adalah umur menurut tanggal lahirnya.",
        "The ages told by Regsosek are those of its birth dates.",
        PENERIMAAN,
        alasan="Lazimnya di atas 0,98; di bawah 0,9 tahun lahir bergeser, atau umur bukan kolom umur.",
        reason="Usual is more than 0.98; below 0.9 years of birth have shifted, or the age is not the column of ages.",
        minimum=0.9,
    ),
    Rule(
        "kk_sewilayah",
        "intermediate.int_person_record",
        "KK terbit di kabupaten/kota tempat pemegangnya tinggal, per sumber.",
        "Family cards were issued in the regency where their holders live, by source.",
        PENERIMAAN,
        alasan=(
            "Lazimnya di atas 0,98, sebab KK berganti bila pindah; di bawah 0,85 kolom wilayah bergeser, atau kode BPS terbaca "
            "sebagai kode Kemendagri."
        ),
        reason=(
            "Usual is more than 0.98, as a card changes with a move; below 0.85 the columns of the area have shifted, or codes of "
            "BPS were read as those of Kemendagri."
        ),
        minimum=0.85,
    ),
    Rule(
        "susunan_wajar",
        "intermediate.int_person_record",
        "Umur, kelamin, status kawin, dan ijazah anggota sesuai kedudukannya dalam keluarga, per sumber.",
        "Age, sex, marriage and schooling of members fit their place in the family, by source.",
        PENERIMAAN,
        alasan=(
            "Lazimnya di atas 0,97; di bawah 0,9 kode hubungan, kelamin, kawin, atau ijazah lain artinya, atau anggotanya milik "
            "keluarga lain."
        ),
        reason=(
            "Usual is more than 0.97; below 0.9 a code of relation, sex, marriage or schooling means something else, or "
            "the members are another family's."
        ),
        minimum=0.9,
    ),
)

LINKAGE = (
    _none_wrong(
        "crosswalk_lengkap",
        "linkage.crosswalk",
        "Setiap rekaman milik tepat satu orang dan satu keluarga.",
        "Every record belongs to exactly one person and one family.",
        PENAUTAN,
    ),
    _none_wrong(
        "orang_satu_keluarga",
        "linkage.crosswalk",
        "Tidak ada orang dalam dua keluarga.",
        "No person is in two families.",
        PENAUTAN,
    ),
    Rule(
        "klaster_besar",
        "linkage.crosswalk",
        "Hampir tidak ada orang dengan lebih dari enam rekaman.",
        "Hardly any person has more than six records.",
        PENAUTAN,
        alasan="Tiga sumber, masing-masing paling banyak dua kali, memberi enam; selebihnya penggabungan berantai.",
        reason="Three sources, each at most twice, make six; more is merging through chains.",
        maximum=0.005,
    ),
    Rule(
        "nik_pada_dua_orang",
        "linkage.crosswalk",
        "NIK sah yang tertinggal pada lebih dari satu orang sedikit.",
        "Few NIKs in good order are left on more than one person.",
        PENAUTAN,
        alasan="NIK yang dipakai dua orang memang ada; di atas lima persen penautan tidak lagi menyatukan rekaman.",
        reason="One NIK on two people does occur in real data; above five percent the linkage no longer joins records.",
        maximum=0.05,
    ),
    Rule(
        "sumber_sejalan",
        "linkage.crosswalk",
        "Tiap sumber sejalan dengan salah satu sumber lain tentang tanggal lahir, kelamin, dan daerah orang yang sama.",
        "Each source agrees with one of the others on birth date, sex and regency of the persons that they share.",
        PENERIMAAN,
        alasan=(
            "Lazimnya 0,90 untuk tanggal, 0,98 untuk kelamin, 0,93 untuk kabupaten/kota; sumber di bawah 0,75 terhadap "
            "semua yang lain telah bergeser."
        ),
        reason=(
            "Usual are 0.90 for the date, 0.98 for the sex, 0.93 for the regency; a source below 0.75 against all others "
            "has shifted."
        ),
        minimum=0.75,
    ),
    Rule(
        "jawaban_sejalan",
        "linkage.crosswalk",
        "Jawaban tiap sumber tentang orang dan rumah yang sama sejalan dengan salah satu sumber lain.",
        "The answers of each source on the same persons and dwellings agree with one of the others.",
        PENERIMAAN,
        alasan=(
            "Kappa lazimnya 0,75 sampai 0,99; di bawah 0,3 jawabannya nyaris seperti kebetulan: kode lain artinya, kolom "
            "berisi satu nilai, atau baris tertukar."
        ),
        reason=(
            "Usual kappas are 0.75 to 0.99; below 0.3 answers are nearly as by chance: codes mean something else, a "
            "column holds one value, or rows changed places."
        ),
        minimum=0.3,
    ),
    Rule(
        "presisi_penautan",
        "linkage.evaluasi",
        "Perkiraan presisi penautan memadai.",
        "The estimated precision of the linkage suffices.",
        PENAUTAN,
        alasan="Dua orang yang disatukan kehilangan satu hak; lebih dari satu dari dua puluh tidak dapat dibela.",
        reason="Two people made one lose one entitlement; more than one link in twenty wrong cannot be answered for.",
        minimum=0.95,
    ),
    Rule(
        "recall_penautan",
        "linkage.evaluasi",
        "Perkiraan recall penautan memadai.",
        "The estimated recall of the linkage suffices.",
        PENAUTAN,
        alasan="NIK yang sama persis saja sudah mencapai sekitar 0,8; model harus lebih baik dari itu.",
        reason="Exact NIK alone already reaches about 0.8; the model must do better.",
        minimum=0.85,
    ),
    Rule(
        "penautan_bergeser",
        "linkage.evaluasi_lalu",
        "Penautan masih seperti pada rilis terakhir.",
        "The linkage is still like that of the last release.",
        PENAUTAN,
        alasan="Setiap perubahan dibagi perubahan yang lazim bagi ukurannya; di atas 1, lihat kiriman atau modelnya.",
        reason="Each change is divided by the change ordinary for its measure; above 1, look at the deliveries and the model.",
        maximum=1,
        blocking=False,
    ),
    Rule(
        "penautan_memburuk",
        "linkage.evaluasi_lalu",
        "Mutu penautan tidak jatuh sejak rilis terakhir.",
        "The quality of the linkage has not fallen since the last release.",
        PENAUTAN,
        alasan="Lima poin persen berarti satu dari dua puluh orang salah gabung atau terpisah: orang itu akan kehilangan haknya.",
        reason="Five points are one person in twenty merged or split wrongly, who would lose what they are entitled to.",
        maximum=0.05,
    ),
)

MARTS = (
    _none_wrong(
        "anggota_sama_crosswalk",
        "marts.anggota",
        "Orang dan keluarganya dalam anggota sama dengan crosswalk.",
        "The persons and their families in anggota are those of the crosswalk.",
        PENAUTAN,
    ),
    _none_wrong(
        "kepala_keluarga",
        "marts.keluarga",
        "Setiap keluarga punya tepat satu kepala, yaitu anggotanya sendiri, dan yang hadir bila ada.",
        "Every family has exactly one head, who is one of its members, and a present one where there is one.",
        PENAUTAN,
    ),
    _none_wrong(
        "keluarga_sama_anggota",
        "marts.keluarga",
        "Jumlah anggota setiap keluarga, yang hadir dan yang tercatat, cocok dengan tabel anggota.",
        "Every family has as many members, present and on record, as the member table says.",
        PENAUTAN,
    ),
    Rule(
        "keluarga_kosong",
        "marts.keluarga",
        "Sedikit keluarga yang semua anggotanya meninggal, pindah, atau tidak ditemukan.",
        "Few families have only members who died, moved away or were not found.",
        PENERIMAAN,
        alasan=(
            "Bulan biasa di bawah satu persen; di atas seperlima kode keberadaan lain artinya, dan yang hidup kehilangan "
            "haknya."
        ),
        reason=(
            "An ordinary month has less than one percent; above a fifth the codes of presence mean something else, and "
            "the living lose what they are entitled to."
        ),
        maximum=0.2,
        subject="families",
    ),
    Rule(
        "wilayah_keluarga",
        "marts.keluarga",
        "Kabupaten/kota hampir setiap keluarga dikenal.",
        "The regency of nearly every family is known.",
        PENAUTAN,
        alasan="Tanpa kabupaten/kota keluarga tidak mendapat desil daerah; batasnya sama dengan batas rekaman.",
        reason="Without a regency a family gets no regional decile; the bound is that of the records.",
        minimum=0.98,
        subject="families",
    ),
    Rule(
        "ukuran_keluarga",
        "marts.keluarga",
        "Hampir semua keluarga mencatat 1 sampai 15 anggota.",
        "Nearly all families have 1 to 15 members on record.",
        PENAUTAN,
        alasan="Keluarga di atas 15 anggota sangat jarang; lebih dari 0,5 persen berarti keluarga tergabung.",
        reason="A family above 15 members is very rare; more than 0.5 percent means families run together.",
        maximum=0.005,
        subject="families",
    ),
    Rule(
        "rata_ukuran_keluarga",
        "marts.keluarga",
        "Rata-rata anggota per keluarga mendekati angka nasional.",
        "The mean family size is near the national figure.",
        PENAUTAN,
        alasan="DTSEN Januari 2026 mencatat 3,04; daerah tertentu wajar menyimpang, maka hanya peringatan.",
        reason="DTSEN of January 2026 counts 3.04; a single region may differ, hence a warning only.",
        minimum=2.5,
        maximum=4.5,
        blocking=False,
    ),
    _none_wrong(
        "wilayah_berlaku",
        "marts.keluarga",
        "Kode wilayah keluarga berlaku pada bulan ini dan bersarang.",
        "The area codes of families are in force in the month and lie within one another.",
        PENAUTAN,
    ),
    _none_wrong(
        "kontrak_anggota",
        "marts.anggota",
        "Isi kolom anggota sesuai tata letak yang diterbitkan.",
        "The columns of anggota hold what the published layout says.",
        PENAUTAN,
        expectations=(
            _not_null("person_id"),
            _unique("person_id"),
            _not_null("family_id"),
            _like("nik", r"^\d{16}$"),
            _like("kk", r"^\d{16}$"),
            _one_of("jenis_kelamin", "L", "P"),
            _one_of("tgl_lahir_presisi", "hari", "tahun"),
            _one_of("hubungan", *range(1, 9)),
            _one_of("status_kawin", *range(1, 5)),
            _one_of("pendidikan", *range(7)),
            _one_of("partisipasi_sekolah", *range(1, 4)),
            _one_of("status_keberadaan", "ada", "meninggal", "pindah", "tidak_ditemukan"),
        ),
    ),
    _none_wrong(
        "kontrak_keluarga",
        "marts.keluarga",
        "Isi kolom keluarga sesuai tata letak yang diterbitkan.",
        "The columns of keluarga hold what the published layout says.",
        PENAUTAN,
        expectations=(
            _not_null("family_id"),
            _unique("family_id"),
            _not_null("kepala_person_id"),
            _unique("kepala_person_id"),
            _like("kk", r"^\d{16}$"),
            _like("kode_provinsi", r"^\d{2}$"),
            _like("kode_kabupaten", r"^\d{4}$"),
            _like("kode_kecamatan", r"^\d{6}$"),
            _like("kode_desa", r"^\d{10}$"),
            _not_null("jumlah_anggota"),
            _between("jumlah_anggota", 0),
            _not_null("jumlah_tercatat"),
            _between("jumlah_tercatat", 1),
            _one_of("status_rumah", "milik", "sewa", "bebas", "dinas", "lainnya"),
            _one_of("daya", "450", "900", ">900", "tanpa"),
            _between("luas_lantai", 0),
        ),
    ),
)

WELFARE = (
    Rule(
        "pmt_r2",
        "welfare.kartu",
        "Model kesejahteraan cukup menjelaskan pengeluaran di luar sampel.",
        "The welfare model explains enough of expenditure out of sample.",
        PEMERINGKATAN,
        alasan="Di Indonesia R2 0,45 sampai 0,55; di bawah 0,40 model atau survei bermasalah.",
        reason="R2 is 0.45 to 0.55 in Indonesia; below 0.40 something is wrong with the model or the survey.",
        minimum=0.40,
    ),
    Rule(
        "keluarga_tanpa_skor",
        "welfare.skor",
        "Hampir setiap keluarga yang masih beranggota hadir mempunyai skor.",
        "Nearly every family of which somebody is present has a score.",
        PEMERINGKATAN,
        alasan="Keluarga tanpa skor tidak mendapat desil; lebih dari lima persen berarti satu sumber tidak terpakai.",
        reason="A family without a score gets no decile; more than five percent means a source was left unused.",
        maximum=0.05,
        subject="families",
    ),
    Rule(
        "kovariat_diisi",
        "welfare.skor",
        "Sedikit keluarga yang dinilai dengan ciri isian atau tanpa data aset.",
        "Few families are scored on features that were filled in, or without any of their assets.",
        PEMERINGKATAN,
        alasan=(
            "Bulan biasa di bawah lima persen; di atas seperempat satu kolom atau satu sumber tidak terpakai "
            "dan desil menjadi tebakan."
        ),
        reason=(
            "An ordinary month has less than five percent; above a quarter a column or a source is unused, "
            "and deciles are guesses."
        ),
        maximum=0.25,
        subject="families",
    ),
    _none_wrong(
        "tanpa_skor_beralasan",
        "welfare.tanpa_skor",
        "Setiap keluarga punya skor atau alasan mengapa tidak.",
        "Every family has a score or a reason why not.",
        PEMERINGKATAN,
    ),
    _none_wrong(
        "desil_lengkap",
        "welfare.desil",
        "Setiap keluarga berskor punya desil nasional dan desil wilayahnya, tepat sekali.",
        "Every scored family has its national decile and those of its areas, exactly once.",
        PEMERINGKATAN,
    ),
    Rule(
        "desil_seimbang",
        "welfare.desil",
        "Isi desil satu wilayah berbeda paling banyak satu keluarga.",
        "The deciles of an area differ by one family at most.",
        PEMERINGKATAN,
        alasan="Desil adalah sepersepuluh keluarga; sisa pembagian memberi selisih satu, tidak lebih.",
        reason="A decile is a tenth of the families; the remainder makes a difference of one, no more.",
        maximum=1,
    ),
    Rule(
        "desil_sepersepuluh",
        "welfare.desil",
        "Setiap desil nasional memuat sepersepuluh keluarga.",
        "Every national decile holds a tenth of the families.",
        PEMERINGKATAN,
        alasan="Mulai seribu keluarga sepersepuluh dapat dipenuhi sampai 0,001.",
        reason="From a thousand families on, a tenth can be met to 0.001.",
        maximum=0.001,
    ),
    _none_wrong(
        "desil_urut_skor",
        "welfare.desil",
        "Desil yang lebih miskin tidak memuat skor yang lebih tinggi, secara nasional dan di setiap daerah.",
        "A poorer decile holds no higher score, in the nation and in every area.",
        PEMERINGKATAN,
    ),
    _none_wrong(
        "skor_pada_desil",
        "welfare.desil",
        "Setiap keluarga diperingkat menurut skornya sendiri.",
        "Every family is ranked by its own score.",
        PEMERINGKATAN,
    ),
    _none_wrong(
        "kelayakan_sesuai_desil",
        "welfare.kelayakan",
        "Daftar setiap program memuat tepat keluarga yang dijangkau kebijakannya.",
        "The list of every programme holds just the families that its policy reaches.",
        PEMERINGKATAN,
    ),
    _none_wrong(
        "penerima_hadir",
        "welfare.kelayakan",
        "Tidak ada daftar program, dan tidak ada desil, yang memuat keluarga tanpa anggota yang hidup dan hadir.",
        "No list of a programme, and no decile, holds a family without a member alive and present.",
        PEMERINGKATAN,
    ),
    Rule(
        "pergeseran_ciri",
        "welfare.laporan",
        "Ciri keluarga masih seperti di survei dan di rilis terakhir.",
        "The families' covariates are still like the survey's and the last release's.",
        PEMERINGKATAN,
        alasan=(
            "Indeks PSI di atas 0,25 lazim disebut pergeseran; sebulan simulasi paling tinggi 0,06. Sebabnya bisa kode jawaban "
            "yang berubah, bisa keadaan: maka peringatan."
        ),
        reason=(
            "By custom a PSI above 0.25 is a shift; a simulated month has 0.06 at most. Changed answer codes may be the cause, or "
            "life: hence a warning."
        ),
        maximum=0.25,
        blocking=False,
    ),
    Rule(
        "provinsi_sejalan_susenas",
        "welfare.desil",
        "Provinsi yang lebih miskin menurut Susenas lebih miskin pula menurut desil.",
        "Provinces that are poorer in Susenas are poorer by decile too.",
        PEMERINGKATAN,
        alasan="Hubungan terbalik berarti kode wilayah atau tanda tertukar; sampel kecil bergoyang, maka peringatan.",
        reason="An inverse relation means swapped area codes or signs; small samples wobble, hence a warning only.",
        minimum=0.3,
        blocking=False,
    ),
)

# A simulated month of ordinary life moves 0.2 percent of the families by two tenths or more and 1.8 percent at all; a refit on
# half of the 4,000 surveyed households 1 and 31 percent; on the other half 8 and 48 percent.
CHANGES = (
    _none_wrong(
        "kabupaten_hilang",
        "welfare.keluarga_lalu",
        "Tidak ada kabupaten/kota pada rilis terakhir yang kini tanpa keluarga.",
        "No regency of the last release is now without families.",
        PENERIMAAN,
    ),
    Rule(
        "kabupaten_per_sumber",
        "welfare.keluarga_lalu",
        "Tidak ada sumber yang kehilangan banyak rekaman di satu kabupaten/kota sejak rilis terakhir.",
        "No source has lost many of its records in a regency since the last release.",
        PENERIMAAN,
        alasan=(
            "Secara nasional hilangnya satu dari 514 daerah tidak terlihat; separuh rekamannya tidak hilang karena "
            "perpindahan."
        ),
        reason="Nationally one of 514 regencies is not missed; half of its records do not go by people moving.",
        maximum=0.5,
        subject="areas",
    ),
    Rule(
        "perubahan_massal",
        "welfare.perubahan",
        "Sedikit keluarga berpindah dua desil atau lebih sejak rilis terakhir, atau hilang dari peringkat.",
        "Few families have moved by two deciles or more since the last release, or are ranked no longer.",
        PEMERINGKATAN,
        alasan=(
            "Sebulan biasa memindahkan 0,2 persen; di atas lima persen sebabnya bukan kehidupan keluarga, melainkan "
            "model, survei, atau satu kiriman."
        ),
        reason=(
            "An ordinary month moves 0.2 percent; above five the cause is not the families' lives but the model, the "
            "survey or one delivery."
        ),
        maximum=0.05,
        subject="families",
    ),
    Rule(
        "perubahan_massal_daerah",
        "welfare.perubahan",
        "Di setiap kabupaten/kota sedikit keluarga berpindah dua desil atau lebih sejak rilis terakhir.",
        "In every regency few families have moved by two deciles or more since the last release.",
        PEMERINGKATAN,
        alasan=(
            "Pemutakhiran serentak satu daerah dapat memindahkan satu dari sepuluh; di atas dua puluh persen kiriman daerah itu "
            "rusak atau kodenya tertukar."
        ),
        reason=(
            "A campaign that interviews a whole regency anew may move one in ten; above twenty percent its delivery is damaged or "
            "its codes are swapped."
        ),
        maximum=0.20,
        subject="areas",
    ),
    Rule(
        "perubahan_meningkat",
        "welfare.perubahan",
        "Sedikit keluarga berganti desil sejak rilis terakhir.",
        "Few families have another decile than in the last release.",
        PEMERINGKATAN,
        alasan="Sebulan biasa menggeser dua persen; di atas sepuluh ke satu arah siapkan penjelasan bagi yang menyanggah.",
        reason="An ordinary month shifts two percent; above ten in one direction have an answer ready for those who object.",
        maximum=0.10,
        blocking=False,
        subject="families",
    ),
)

DISCLOSURE = (
    _none_wrong(
        "pengungkapan_batas",
        "publikasi.terbuka",
        "Tabel terbuka tidak memuat hitungan di bawah 10, angka bukan kelipatan 5, atau daerah yang hampir seluruhnya satu desil.",
        "The open tables hold no count under 10, no figure but multiples of 5, and no area that is nearly all of one tenth.",
        PELINDUNGAN,
    ),
    _none_wrong(
        "pengungkapan_terpecahkan",
        "publikasi.terbuka",
        "Tidak ada sel yang ditahan yang dapat dihitung kembali dari jumlahnya.",
        "No withheld cell can be worked out from its sums.",
        PELINDUNGAN,
    ),
    _none_wrong(
        "pengungkapan_selisih",
        "publikasi.terbuka",
        "Selisih tabel terbuka dengan rilis terakhir tidak mengungkap perubahan di bawah sepuluh keluarga.",
        "The open tables less those of the last release tell of no change below ten families.",
        PELINDUNGAN,
    ),
    _none_wrong(
        "pengungkapan_kolom",
        "publikasi.kolom",
        "Tidak ada kolom pribadi atau tanpa tingkat di tabel terbuka dan terbatas.",
        "No column that is personal, or of no declared tier, is in an open or restricted table.",
        PELINDUNGAN,
    ),
)

RULES: tuple[Rule, ...] = RECEPTION + RECORDS + LINKAGE + MARTS + WELFARE + CHANGES + DISCLOSURE
