"""The words in which a score is read out: every term in Indonesian, with English beside it.

What belongs here: names of columns and of canonical values. A column of another survey, which is not listed, goes by its own name.
"""

from __future__ import annotations

from dtsen_pipeline.bilingual import Bilingual, same

COLUMNS: dict[str, Bilingual] = {
    "luas_per_kapita": Bilingual("Luas lantai per anggota (m2)", "Floor area a member (m2)"),
    "jumlah_anggota": Bilingual("Jumlah anggota keluarga", "Family members"),
    "porsi_anak": Bilingual("Bagian anggota berumur 0-14 tahun", "Share of members aged 0-14"),
    "porsi_lansia": Bilingual("Bagian anggota berumur 65 tahun ke atas", "Share of members aged 65 and over"),
    "umur_krt": Bilingual("Umur kepala keluarga", "Age of the head"),
    "jenis_kelamin_krt": Bilingual("Jenis kelamin kepala keluarga", "Sex of the head"),
    "pendidikan_krt": Bilingual("Ijazah kepala keluarga", "Schooling of the head"),
    "bekerja_krt": Bilingual("Kepala keluarga bekerja", "Head works"),
    "status_rumah": Bilingual("Status rumah", "Tenure of the dwelling"),
    "lantai": Bilingual("Lantai", "Floor"),
    "dinding": Bilingual("Dinding", "Wall"),
    "atap": Bilingual("Atap", "Roof"),
    "air_minum": Bilingual("Air minum", "Drinking water"),
    "penerangan": Bilingual("Penerangan", "Lighting"),
    "daya": Bilingual("Daya listrik", "Electric power"),
    "bahan_bakar": Bilingual("Bahan bakar memasak", "Cooking fuel"),
    "bab": Bilingual("Tempat buang air besar", "Toilet facility"),
    "kloset": Bilingual("Kloset", "Toilet bowl"),
    "buang_tinja": Bilingual("Pembuangan tinja", "Sewage"),
    "tabung_gas": Bilingual("Tabung gas 5,5 kg atau lebih", "Gas cylinder of 5.5 kg or more"),
    "lemari_es": Bilingual("Lemari es", "Refrigerator"),
    "ac": Bilingual("AC", "Air conditioner"),
    "pemanas_air": Bilingual("Pemanas air", "Water heater"),
    "telepon": Bilingual("Telepon rumah", "Landline telephone"),
    "televisi": Bilingual("Televisi", "Television"),
    "emas": Bilingual("Emas 10 g atau lebih", "Gold of 10 g or more"),
    "laptop": Bilingual("Komputer atau laptop", "Computer or laptop"),
    "motor": Bilingual("Sepeda motor", "Motorcycle"),
    "sepeda": Bilingual("Sepeda", "Bicycle"),
    "mobil": Bilingual("Mobil", "Car"),
    "perahu": Bilingual("Perahu", "Boat"),
    "kapal": Bilingual("Kapal atau perahu motor", "Motor boat or ship"),
    "smartphone": Bilingual("Telepon pintar", "Smartphone"),
    "lahan": Bilingual("Lahan selain tempat tinggal", "Land other than the homestead"),
    "rumah_lain": Bilingual("Rumah di tempat lain", "Another house"),
    "sapi": Bilingual("Sapi (ekor)", "Cattle (head)"),
    "kerbau": Bilingual("Kerbau (ekor)", "Buffaloes (head)"),
    "kuda": Bilingual("Kuda (ekor)", "Horses (head)"),
    "babi": Bilingual("Babi (ekor)", "Pigs (head)"),
    "kambing": Bilingual("Kambing atau domba (ekor)", "Goats or sheep (head)"),
}

_SHARED: dict[str, Bilingual] = {
    "L": Bilingual("laki-laki", "man"),
    "P": Bilingual("perempuan", "woman"),
    "milik": Bilingual("milik sendiri", "owned"),
    "sewa": Bilingual("kontrak atau sewa", "rented"),
    "bebas": Bilingual("bebas sewa", "rent-free"),
    "dinas": Bilingual("rumah dinas", "official residence"),
    "keramik_marmer_ubin": Bilingual("keramik, marmer, atau ubin", "ceramic, marble or tile"),
    "semen": Bilingual("semen", "cement"),
    "kayu": Bilingual("kayu", "wood"),
    "bambu": Bilingual("bambu", "bamboo"),
    "tanah": Bilingual("tanah", "earth"),
    "tembok": Bilingual("tembok", "brick"),
    "plesteran": Bilingual("plesteran anyaman bambu", "plastered bamboo"),
    "beton": Bilingual("beton", "concrete"),
    "genteng": Bilingual("genteng", "tile"),
    "asbes_seng": Bilingual("asbes atau seng", "asbestos or zinc"),
    "kayu_sirap": Bilingual("kayu atau sirap", "wood or shingle"),
    "jerami": Bilingual("jerami, ijuk, atau daun", "thatch"),
    "kemasan_isi_ulang": Bilingual("kemasan atau isi ulang", "bottled or refill"),
    "leding": Bilingual("leding", "piped"),
    "sumur_bor": Bilingual("sumur bor", "borehole"),
    "sumur_terlindung": Bilingual("sumur terlindung", "protected well"),
    "sumur_tak_terlindung": Bilingual("sumur tak terlindung", "unprotected well"),
    "air_permukaan": Bilingual("air permukaan", "surface water"),
    "air_hujan": Bilingual("air hujan", "rain water"),
    "pln": Bilingual("listrik PLN", "PLN electricity"),
    "non_pln": Bilingual("listrik non-PLN", "other electricity"),
    "bukan_listrik": Bilingual("bukan listrik", "no electricity"),
    "450": Bilingual("450 VA", "450 VA"),
    "900": Bilingual("900 VA", "900 VA"),
    ">900": Bilingual("di atas 900 VA", "above 900 VA"),
    "tanpa": Bilingual("tanpa meteran", "no meter"),
    "listrik_gas": Bilingual("listrik atau gas", "electricity or gas"),
    "minyak_tanah": Bilingual("minyak tanah", "kerosene"),
    "arang_kayu": Bilingual("arang atau kayu", "charcoal or wood"),
    "sendiri": Bilingual("sendiri", "own"),
    "bersama_umum": Bilingual("bersama atau umum", "shared or public"),
    "leher_angsa": Bilingual("leher angsa", "water seal"),
    "plengsengan": Bilingual("plengsengan", "squat slab"),
    "cemplung": Bilingual("cemplung", "pit"),
    "tidak_pakai": Bilingual("tidak pakai", "none"),
    "tangki_septik": Bilingual("tangki septik", "septic tank"),
    "spal": Bilingual("SPAL", "sewer"),
    "lubang_tanah": Bilingual("lubang tanah", "hole in the ground"),
    "kolam_sawah_sungai": Bilingual("kolam, sawah, atau sungai", "pond, field or river"),
    "pantai_kebun": Bilingual("pantai atau kebun", "beach or garden"),
    "lainnya": Bilingual("lainnya", "other"),
}

_SCHOOLING: dict[str, Bilingual] = {
    "0": Bilingual("tidak punya", "none"),
    "1": Bilingual("SD", "primary"),
    "2": Bilingual("SMP", "junior secondary"),
    "3": Bilingual("SMA", "senior secondary"),
    "4": Bilingual("D1-D3", "diploma"),
    "5": Bilingual("D4/S1", "bachelor"),
    "6": Bilingual("S2/S3", "postgraduate"),
}

_LEVELS: dict[str, Bilingual] = {
    "provinsi": Bilingual("Provinsi", "Province"),
    "kode_provinsi": Bilingual("Provinsi", "Province"),
    "kode_kabupaten": Bilingual("Kabupaten/kota", "Regency or city"),
    "kabupaten_kota": Bilingual("Kabupaten/kota", "Regency or city"),
}


def column_label(kolom: str) -> Bilingual:
    """The name of a column or region level."""
    return COLUMNS.get(kolom) or _LEVELS.get(kolom) or same(kolom)


def value_label(kolom: str, nilai: str) -> Bilingual:
    """The words for a canonical value of a column; the value itself where there are none."""
    return (_SCHOOLING if kolom == "pendidikan_krt" else _SHARED).get(nilai) or same(nilai)


def term_label(jenis: str, kolom: str | None, nilai: str | None) -> Bilingual:
    """The words for one term of the sum."""
    if kolom is None:
        return Bilingual("Angka dasar", "Constant")
    names = column_label(kolom)
    if nilai is not None:
        values = value_label(kolom, nilai)
        return Bilingual(f"{names.id}: {values.id}", f"{names.en}: {values.en}")
    if jenis in ("log", "log1p"):
        return Bilingual(f"{names.id}, logaritma", f"{names.en}, logarithm")
    return names
