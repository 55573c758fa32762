"""The words in which a score is read out: every term in Indonesian, with English beside it.

What belongs here: names of columns and of canonical values. A column of another survey, which is not listed, goes by its own name.
"""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, str]] = {
    "luas_per_kapita": ("Luas lantai per anggota (m2)", "Floor area a member (m2)"),
    "jumlah_anggota": ("Jumlah anggota keluarga", "Family members"),
    "porsi_anak": ("Bagian anggota berumur 0-14 tahun", "Share of members aged 0-14"),
    "porsi_lansia": ("Bagian anggota berumur 65 tahun ke atas", "Share of members aged 65 and over"),
    "umur_krt": ("Umur kepala keluarga", "Age of the head"),
    "jenis_kelamin_krt": ("Jenis kelamin kepala keluarga", "Sex of the head"),
    "pendidikan_krt": ("Ijazah kepala keluarga", "Schooling of the head"),
    "bekerja_krt": ("Kepala keluarga bekerja", "Head works"),
    "status_rumah": ("Status rumah", "Tenure of the dwelling"),
    "lantai": ("Lantai", "Floor"),
    "dinding": ("Dinding", "Wall"),
    "atap": ("Atap", "Roof"),
    "air_minum": ("Air minum", "Drinking water"),
    "penerangan": ("Penerangan", "Lighting"),
    "daya": ("Daya listrik", "Electric power"),
    "bahan_bakar": ("Bahan bakar memasak", "Cooking fuel"),
    "bab": ("Tempat buang air besar", "Toilet facility"),
    "kloset": ("Kloset", "Toilet bowl"),
    "buang_tinja": ("Pembuangan tinja", "Sewage"),
    "tabung_gas": ("Tabung gas 5,5 kg atau lebih", "Gas cylinder of 5.5 kg or more"),
    "lemari_es": ("Lemari es", "Refrigerator"),
    "ac": ("AC", "Air conditioner"),
    "pemanas_air": ("Pemanas air", "Water heater"),
    "telepon": ("Telepon rumah", "Landline telephone"),
    "televisi": ("Televisi", "Television"),
    "emas": ("Emas 10 g atau lebih", "Gold of 10 g or more"),
    "laptop": ("Komputer atau laptop", "Computer or laptop"),
    "motor": ("Sepeda motor", "Motorcycle"),
    "sepeda": ("Sepeda", "Bicycle"),
    "mobil": ("Mobil", "Car"),
    "perahu": ("Perahu", "Boat"),
    "kapal": ("Kapal atau perahu motor", "Motor boat or ship"),
    "smartphone": ("Telepon pintar", "Smartphone"),
    "lahan": ("Lahan selain tempat tinggal", "Land other than the homestead"),
    "rumah_lain": ("Rumah di tempat lain", "Another house"),
    "sapi": ("Sapi (ekor)", "Cattle (head)"),
    "kerbau": ("Kerbau (ekor)", "Buffaloes (head)"),
    "kuda": ("Kuda (ekor)", "Horses (head)"),
    "babi": ("Babi (ekor)", "Pigs (head)"),
    "kambing": ("Kambing atau domba (ekor)", "Goats or sheep (head)"),
}

_SHARED: dict[str, tuple[str, str]] = {
    "L": ("laki-laki", "man"),
    "P": ("perempuan", "woman"),
    "milik": ("milik sendiri", "owned"),
    "sewa": ("kontrak atau sewa", "rented"),
    "bebas": ("bebas sewa", "rent-free"),
    "dinas": ("rumah dinas", "official residence"),
    "keramik_marmer_ubin": ("keramik, marmer, atau ubin", "ceramic, marble or tile"),
    "semen": ("semen", "cement"),
    "kayu": ("kayu", "wood"),
    "bambu": ("bambu", "bamboo"),
    "tanah": ("tanah", "earth"),
    "tembok": ("tembok", "brick"),
    "plesteran": ("plesteran anyaman bambu", "plastered bamboo"),
    "beton": ("beton", "concrete"),
    "genteng": ("genteng", "tile"),
    "asbes_seng": ("asbes atau seng", "asbestos or zinc"),
    "kayu_sirap": ("kayu atau sirap", "wood or shingle"),
    "jerami": ("jerami, ijuk, atau daun", "thatch"),
    "kemasan_isi_ulang": ("kemasan atau isi ulang", "bottled or refill"),
    "leding": ("leding", "piped"),
    "sumur_bor": ("sumur bor", "borehole"),
    "sumur_terlindung": ("sumur terlindung", "protected well"),
    "sumur_tak_terlindung": ("sumur tak terlindung", "unprotected well"),
    "air_permukaan": ("air permukaan", "surface water"),
    "air_hujan": ("air hujan", "rain water"),
    "pln": ("listrik PLN", "PLN electricity"),
    "non_pln": ("listrik non-PLN", "other electricity"),
    "bukan_listrik": ("bukan listrik", "no electricity"),
    "450": ("450 VA", "450 VA"),
    "900": ("900 VA", "900 VA"),
    ">900": ("di atas 900 VA", "above 900 VA"),
    "tanpa": ("tanpa meteran", "no meter"),
    "listrik_gas": ("listrik atau gas", "electricity or gas"),
    "minyak_tanah": ("minyak tanah", "kerosene"),
    "arang_kayu": ("arang atau kayu", "charcoal or wood"),
    "sendiri": ("sendiri", "own"),
    "bersama_umum": ("bersama atau umum", "shared or public"),
    "leher_angsa": ("leher angsa", "water seal"),
    "plengsengan": ("plengsengan", "squat slab"),
    "cemplung": ("cemplung", "pit"),
    "tidak_pakai": ("tidak pakai", "none"),
    "tangki_septik": ("tangki septik", "septic tank"),
    "spal": ("SPAL", "sewer"),
    "lubang_tanah": ("lubang tanah", "hole in the ground"),
    "kolam_sawah_sungai": ("kolam, sawah, atau sungai", "pond, field or river"),
    "pantai_kebun": ("pantai atau kebun", "beach or garden"),
    "lainnya": ("lainnya", "other"),
}

_SCHOOLING: dict[str, tuple[str, str]] = {
    "0": ("tidak punya", "none"),
    "1": ("SD", "primary"),
    "2": ("SMP", "junior secondary"),
    "3": ("SMA", "senior secondary"),
    "4": ("D1-D3", "diploma"),
    "5": ("D4/S1", "bachelor"),
    "6": ("S2/S3", "postgraduate"),
}

_LEVELS: dict[str, tuple[str, str]] = {
    "provinsi": ("Provinsi", "Province"),
    "kode_provinsi": ("Provinsi", "Province"),
    "kode_kabupaten": ("Kabupaten/kota", "Regency or city"),
    "kabupaten_kota": ("Kabupaten/kota", "Regency or city"),
}


def column_label(kolom: str) -> tuple[str, str]:
    """Indonesian and English name of a column or region level."""
    return COLUMNS.get(kolom) or _LEVELS.get(kolom) or (kolom, kolom)


def value_label(kolom: str, nilai: str) -> tuple[str, str]:
    """Indonesian and English words for a canonical value of a column; the value itself where there are none."""
    return (_SCHOOLING if kolom == "pendidikan_krt" else _SHARED).get(nilai, (nilai, nilai))


def term_label(jenis: str, kolom: str | None, nilai: str | None) -> tuple[str, str]:
    """Indonesian and English words for one term of the sum."""
    if kolom is None:
        return ("Angka dasar", "Constant")
    names = column_label(kolom)
    if nilai is not None:
        values = value_label(kolom, nilai)
        return (f"{names[0]}: {values[0]}", f"{names[1]}: {values[1]}")
    if jenis in ("log", "log1p"):
        return (f"{names[0]}, logaritma", f"{names[1]}, logarithm")
    return names
