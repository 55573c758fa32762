"""The page as one HTML text: Jinja2 templates, styles, script and charts all inline.

What belongs here: putting ``PageData`` into the templates, number formats and the names that readers see in Indonesian
and English.

Charts are SVG and HTML drawn by ``bagan.html.j2``, not Vega-Lite. Vega compiles its expressions with ``new Function``,
which a strict content security policy forbids; its inline bundle weighs 0.9 MB and needs vl-convert-python to make; and
it shows nothing without scripts. Drawn here, the page needs its script only for the language switch, sorting and
filtering.

The page carries its own policy: nothing may be loaded from anywhere, and the one style sheet and the one script are
named by hash. So there is no ``style=""`` and no ``onclick=""``: colours are classes, geometry is SVG attributes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from dtsen_pipeline import documents
from dtsen_pipeline.dashboard import charts
from dtsen_pipeline.dashboard.data import LARGEST_CLUSTER, SMALLEST_SHOWN, PageData

FOLDER = Path(__file__).parent

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
        f"galat_sasaran_{n}": (f"Galat sasaran, {n} % termiskin", f"Targeting error, poorest {n}%")
        for n in (10, 20, 30, 40)
    }
)
"""Names of measures in ``linkage.evaluasi`` and ``welfare.kartu``; one that is not here is shown by its own name."""

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
    "tanggal_tak_terbaca": ("tanggal tak terbaca", "unreadable date"),
    "tanpa_data_rumah": ("tanpa data rumah", "no data on the dwelling"),
}
"""Codes in ``quarantine.alasan`` and ``welfare.tanpa_skor``; one that is not here is shown by its own name."""

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
    "tanpa_wilayah": ("Wilayah tidak dikenal", "Unknown area"),
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
        "Rekaman",
        "Satu baris orang dari satu sumber, setelah dibakukan.",
        "Record: one row about a person from one source, standardised.",
    ),
)


def render(data: PageData) -> str:
    """The page of ``data`` as one self-contained HTML document; the same data give the same text, byte for byte."""
    environment = documents.templates(FOLDER)
    environment.filters |= {"angka": number, "persen": percent, "persen_polos": plain_percent, "desimal": decimal}
    gaya = (FOLDER / "gaya.html.j2").read_text(encoding="utf-8")
    skrip = (FOLDER / "skrip.html.j2").read_text(encoding="utf-8")
    judul_id, judul_en = month_names(data.month)
    read = sum(delivery.rows_read for delivery in data.deliveries or ())
    quarantined = sum(delivery.rows_quarantined for delivery in data.deliveries or ())
    environment.globals |= {
        "d": data,
        "dwi": bilingual,
        "kata": {key: bilingual(*names) for key, names in WORDS.items()},
        "nama_bulan": lambda month: bilingual(*month_names(month)),
        "nama_ukuran": lambda name: _named(name, MEASURES),
        "nama_alasan": lambda name: _named(name, REASONS),
        "dua_bahasa": _both,
        "sumber": _source_names,
        "terbaca": _readable,
        "charts": charts,
    }
    return environment.get_template("halaman.html.j2").render(
        judul_id=judul_id,
        judul_en=judul_en,
        langkah=STEPS,
        seri=_series(data),
        glosarium=GLOSSARY,
        sumber_bulanan=MONTHLY_SOURCES,
        terkecil=SMALLEST_SHOWN,
        karantina_bagian=quarantined / read if read else None,
        gaya=Markup(gaya),
        skrip=Markup(skrip),
        hash_gaya=_hash(gaya),
        hash_skrip=_hash(skrip),
    )


@dataclass(frozen=True)
class _Row:
    """One row of a bar chart: its label in both languages, the count and its bar."""

    label: Markup
    count: int | None
    bar: charts.Bar


def _series(data: PageData) -> dict[str, list[_Row]]:
    """The bar charts of the page by name."""

    def rows(items: Iterable[tuple[Markup, int | None]], total: int | None = None) -> list[_Row]:
        listed = list(items)
        bars = charts.bars([count for _, count in listed], total)
        return [_Row(label, count, bar) for (label, count), bar in zip(listed, bars, strict=True)]

    series = {"corong": rows((bilingual(*STEPS[s.key]), s.count) for s in data.funnel if s.count is not None)}
    if link := data.linkage:
        sizes = ((f"{size}+" if size == LARGEST_CLUSTER else str(size), persons) for size, persons in link.sizes)
        series["rekaman"] = rows(((escape(size), persons) for size, persons in sizes), link.persons)
        series["sumber"] = rows(((_source_names(names), persons) for names, persons in link.sources), link.persons)
    if welfare := data.welfare:
        desil = ((escape(n), families) for n, families in enumerate(welfare.deciles, start=1))
        series["desil"] = rows(desil, welfare.total)
        without = welfare.without_score
        series["tanpa_skor"] = rows(((_named(a, REASONS), n) for a, n in without), sum(n for _, n in without))
    if data.quarantine is not None:
        reasons: Counter[str] = Counter()
        for found in data.quarantine:
            reasons[found.alasan] += found.count
        series["karantina"] = rows(
            ((_named(alasan, REASONS), n) for alasan, n in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))),
            reasons.total(),
        )
    return series


def bilingual(teks: object, text: object) -> Markup:
    """Both languages; the style sheet shows the one the document is in."""
    return Markup('<span lang="id">{}</span><span lang="en">{}</span>').format(teks, text)


def number(value: int | None) -> Markup:
    """A count the Indonesian way (1.234), its plain value beside it; the script swaps the marks for English."""
    if value is None:
        hidden = bilingual(*WORDS["disamarkan"])
        return Markup('<span class="samar" aria-hidden="true">•</span><span class="sr">{}</span>').format(hidden)
    return Markup('<data value="{}">{}</data>').format(value, _indonesian(f"{value:,}"))


def percent(share: float | None, digits: int = 1) -> Markup:
    """A share (0..1) in percent; a dash where there is none."""
    if share is None:
        return Markup('<span class="samar">–</span>')
    return Markup('<data value="{}">{}</data>%').format(f"{share:.6g}", _indonesian(f"{100 * share:,.{digits}f}"))


def plain_percent(share: float) -> str:
    """A share in percent as text alone, for inside SVG."""
    return _indonesian(f"{100 * share:.1f}")


def decimal(value: float | None) -> Markup:
    """A measure or a threshold to six significant digits, so that 0.94996 does not read as the 0.95 that it missed."""
    if value is None:
        return Markup('<span class="samar">–</span>')
    text = f"{value:,.0f}" if value == int(value) else f"{value:.6g}"
    return Markup('<data value="{}">{}</data>').format(value, _indonesian(text))


def month_names(month: str) -> tuple[str, str]:
    """'2025-03' as ('Maret 2025', 'March 2025')."""
    year, which = month.split("-")
    teks, text = BULAN[int(which) - 1]
    return f"{teks} {year}", f"{text} {year}"


def _source_names(sources: str) -> Markup:
    return escape(" + ".join(SOURCES.get(source, source) for source in sources.split("+")))


def _named(name: str, names: dict[str, tuple[str, str]]) -> Markup:
    return bilingual(*names.get(name, (_readable(name),) * 2))


def _both(text: str) -> Markup:
    """A text written 'Indonesian / English' in one column."""
    teks, slash, english = text.partition(" / ")
    return bilingual(teks, english if slash else teks)


def _readable(name: str) -> str:
    return name.replace("_", " ")


def _indonesian(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
