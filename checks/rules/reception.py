"""Rules on what was delivered: files, rows and keys, by the contracts."""

from __future__ import annotations

from checks.rules.forms import PENERIMAAN, none_wrong, not_null, one_of, unique
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.contracts.model import load
from dtsen_pipeline.quality.rule import Rule


# The contract reader has judged every value already. These rules check that staging, however its SQL changes, has left keys whole
# and codes codes. So they ask about the keys, and about the codes that linkage and score depend on.
def _contract_of(source: str, table: str, *codes: str) -> Rule:
    contract = load()[source].tables[table]
    keys = [not_null(column) for column in contract.key]
    if len(contract.key) == 1:
        keys.append(unique(contract.key[0]))
    if contract.parent:
        keys.append(not_null(contract.parent.column))
    sets = []
    for name in codes:
        column = contract.columns[name]
        # Staging turns codes of digits into numbers, and writes the register's labels in capitals.
        labels = [spelling for label in column.labels for spelling in (label, label.upper())]
        sets.append(one_of(name, *(int(code) if code.isdigit() else code for code in column.codes), *labels))
    return none_wrong(
        f"kontrak_{source}_{table}",
        f"staging.stg_{source}__{table}",
        Bilingual(
            f"Kunci dan kode {source} {table} utuh setelah diberi tipe.",
            f"The keys and codes of {source} {table} are whole once typed.",
        ),
        PENERIMAAN,
        expectations=(*keys, *sets),
        may_be_empty=load()[source].delivery == "opsional",
    )


# Source and how many months its last delivery may stand in for a new one, as the texts of ``umur_kiriman`` list them.
STANDING_DELIVERIES = ", ".join(
    f"{source} {contract.berlaku_bulan}" for source, contract in load().items() if contract.berlaku_bulan
)

RECEPTION = (
    none_wrong(
        "baris_masuk_sama_keluar",
        "quarantine.alasan",
        Bilingual(
            "Setiap baris setiap berkas diterima atau dikarantina, tepat sekali.",
            "Every row of every file was accepted or quarantined, exactly once.",
        ),
        PENERIMAAN,
    ),
    none_wrong(
        "karantina_beralasan",
        "quarantine.alasan",
        Bilingual(
            "Setiap baris karantina punya alasan, dan setiap alasan punya baris.",
            "Every quarantined row has a reason, and every reason a row.",
        ),
        PENERIMAAN,
    ),
    Rule(
        "sumber_terisi",
        "raw.deliveries",
        Bilingual(
            "Setiap tabel wajib berisi baris yang dapat dipakai.",
            "Every table that must be delivered holds usable rows.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Tabel wajib yang kosong berarti kiriman hilang.", "A mandatory table without rows is a lost delivery."
        ),
        minimum=1,
    ),
    Rule(
        "porsi_karantina",
        "raw.deliveries",
        Bilingual(
            "Porsi baris yang dikarantina per sumber wajar.",
            "The share of quarantined rows of each source is ordinary.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Kotoran biasa di bawah satu persen; di atas dua persen biasanya kolom bergeser atau kode berubah.",
            "Ordinary dirt stays below one percent; above two, a column has usually shifted or codes changed.",
        ),
        maximum=0.02,
    ),
    Rule(
        "porsi_catatan",
        "quarantine.isian",
        Bilingual(
            "Porsi nilai tak terbaca pada setiap kolom tiap sumber wajar.",
            "The share of unreadable values in each column of each source is ordinary.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Nilai yang rusak hanya dikosongkan dan barisnya tetap dipakai. Salah tulis biasa di bawah satu persen; di atas lima, "
            "kolomnya bergeser, kodenya berubah, atau lembar kerja merusaknya.",
            "A broken value is emptied and its row goes on. Ordinary slips stay below one percent; above five the column has "
            "shifted, its codes have changed, or a spreadsheet has spoiled it.",
        ),
        maximum=0.05,
    ),
    Rule(
        "volume_kiriman",
        "raw.deliveries",
        Bilingual(
            "Banyaknya baris tiap kiriman mendekati rata-rata tiga kiriman terakhirnya.",
            "Every delivery has about as many rows as the mean of the last three.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Register tumbuh beberapa persen setahun; seperlima kurang atau seperempat lebih berarti sebagian hilang "
            "atau terkirim dua kali.",
            "A register grows a few percent a year; a fifth less or a quarter more is a part that is lost or was sent twice.",
        ),
        minimum=0.8,
        maximum=1.25,
    ),
    Rule(
        "umur_kiriman",
        "raw.deliveries",
        Bilingual(
            "Kiriman tiap sumber tidak lebih tua dari masa berlaku dalam kontraknya (bulan lewat masa berlaku).",
            "The delivery of each source is no older than its contract allows (months beyond that).",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Sumber yang tidak datang diambil dari kiriman terakhirnya; yang lebih tua dari masa berlakunya bicara tentang "
            f"wilayah, keluarga dan penduduk yang lain. Masa berlaku: {STANDING_DELIVERIES} bulan.",
            "A source that did not come is taken from its last delivery; one older than its contract allows speaks of other areas, "
            f"families and people. Allowed months: {STANDING_DELIVERIES}.",
        ),
        maximum=0,
    ),
    none_wrong(
        "staging_sama_diterima",
        "staging.stg_dtks__anggota",
        Bilingual(
            "Baris staging sama banyak dengan baris yang diterima.", "Staging holds as many rows as were accepted."
        ),
        PENERIMAAN,
    ),
    Rule(
        "anggota_terkirim",
        "staging.stg_dtks__anggota",
        Bilingual(
            "Banyaknya anggota yang dikirim sama dengan yang disebut baris keluarganya, per sumber.",
            "As many members were delivered as the family rows of each source speak of.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Keduanya dari pendataan yang sama dan cocok sampai 0,1 persen; sepersepuluh kurang berarti satu berkas terpotong.",
            "Both come from one interview and agree to 0.1 percent; a tenth less is a file that was cut off.",
        ),
        minimum=0.9,
        maximum=1.1,
    ),
    Rule(
        "anggota_per_keluarga",
        "staging.stg_dtks__anggota",
        Bilingual(
            "Hampir setiap keluarga datang dengan anggotanya sendiri, per sumber.",
            "Nearly every family of each source came with its own members.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Bulan biasa di atas 0,99; di bawah 0,8 kolom kunci keluarga bergeser atau tertukar, walau jumlah seluruhnya "
            "tetap cocok.",
            "An ordinary month has more than 0.99; below 0.8 the column that names the family has shifted or is another "
            "one, though the totals still agree.",
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
