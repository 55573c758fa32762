"""DTKS (Kemensos): households (ruta) that may hold several families (nuk), mostly poor ones, updated until last
month.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.dasar import Logika, rng_untuk
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import ErrorMix, ke_arrow, tertukar
from dtsen_pipeline.simulation.kesejahteraan import Kegiatan, Kesejahteraan
from dtsen_pipeline.simulation.pencacahan import Cacah, alamat, cacah, isian, kartu, kode_desa, nama_sls, umur_pada
from dtsen_pipeline.simulation.penduduk import Penduduk
from dtsen_pipeline.simulation.regsosek import potong, teks_bilangan
from dtsen_pipeline.simulation.tulisan import rusak_kk, rusak_nama

# Regsosek codes (position) -> DTKS codes.
BAHAN_BAKAR = np.array([9, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8])
BAB = np.array([0, 1, 2, 3, 3, 4, 4])
KLOSET = np.array([0, 1, 2, 2, 3])
TINJA = np.array([0, 1, 2, 4, 3, 5, 6])
ASET_12 = (
    ("ada_tabung_gas", "tabung_gas"),
    ("ada_ac", "ac"),
    ("ada_telepon", "telepon"),
    ("ada_emas", "emas"),
    ("ada_sepeda", "sepeda"),
    ("ada_mobil", "mobil"),
    ("ada_kapal", "kapal"),
    ("aset_tak_bergerak", "lahan"),
)
ASET_34 = (
    ("ada_lemari_es", "lemari_es"),
    ("ada_pemanas", "pemanas"),
    ("ada_tv", "tv"),
    ("ada_laptop", "laptop"),
    ("ada_motor", "motor"),
    ("ada_perahu", "perahu"),
    ("rumah_lain", "rumah_lain"),
)
TERNAK = (
    ("jumlah_sapi", "sapi"),
    ("jumlah_kerbau", "kerbau"),
    ("jumlah_kuda", "kuda"),
    ("jumlah_babi", "babi"),
    ("jumlah_kambing", "kambing"),
)
TANGGAL_MIRING = 0.30
HARI_BUKU = 4


def tulis_dtks(
    p: Penduduk, h: Kesejahteraan, g: Kegiatan, campuran: ErrorMix, seed: int, kunjungan: Logika | None = None
) -> tuple[Cacah, dict[str, pa.Table]]:
    """The tables `rumah_tangga` and `anggota` of one delivery, or only what this month's visits to some ruta found."""
    rng = rng_untuk(seed, "dtks")
    n = len(p.keluarga.desa)
    # Updated within the last months for most, while some ruta have not been visited for years; a month's visits are
    # booked in its last days, when what happened in the month is known.
    jeda = 16 + rng.exponential(260, n) % 1_480 if kunjungan is None else rng.integers(1, HARI_BUKU, n)
    hari = p.hari_ini - jeda.astype(np.int64)[p.keluarga.rumah]
    c = cacah(p, h.tetap, "dtks", hari, campuran, seed, kunjungan)
    return c, {"rumah_tangga": _rumah_tangga(p, h, c, rng), "anggota": _anggota(p, h, g, c, rng)}


def _rumah_tangga(p: Penduduk, h: Kesejahteraan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    kode = kode_desa(p, c, "bps")
    n = len(c.keluarga)
    q = c.perusak_roster
    s = {nama: tertukar(q, nilai[c.keluarga]) for nama, nilai in h.sifat.items()}
    kepala = np.searchsorted(c.roster, np.arange(n))
    # Lighting: Regsosek's "PLN without a meter" is a power code here.
    terang = np.array([0, 1, 1, 2, 3])[s["penerangan"]]
    daya = np.where(s["penerangan"] == 2, 6, s["daya"])
    luas = np.where(
        rng.random(n) < 0.3, np.maximum(6, np.round(h.luas[c.keluarga] * rng.normal(1, 0.14, n))), h.luas[c.keluarga]
    )
    kolom: dict[str, pa.Array] = {
        "idbdt": ke_arrow(c.id_roster),
        "kdprop": ke_arrow(kode.astype("S2")),
        "kdkab": potong(kode, 2, 4),
        "kdkec": potong(kode, 4, 7),
        "kddesa": potong(kode, 7, 10),
        "nama_sls": nama_sls(p, c),
        "alamat": alamat(p, c, rng),
        "nama_krt": rusak_nama(q, p.orang.nama[c.orang[kepala]]),
        "nokk": ke_arrow(rusak_kk(q, kartu(p, c, c.keluarga, c.hari, rng))),
        "jumlah_art": pa.array(c.jumlah),
        "jumlah_keluarga": pa.array(c.jumlah_keluarga),
        "sta_bangunan": pa.array(s["status_rumah"]),
        "sta_lahan": pa.array(s["status_lahan"]),
        "luas_lantai": pa.array(luas.astype(np.int64)),
        "lantai": pa.array(s["lantai"]),
        "dinding": pa.array(s["dinding"]),
        "kondisi_dinding": pa.array(s["kondisi_dinding"]),
        "atap": pa.array(s["atap"]),
        "kondisi_atap": pa.array(s["kondisi_atap"]),
        "jumlah_kamar": pa.array(np.clip(np.round(luas / 24 + rng.normal(0, 0.7, n)), 0, 9).astype(np.int64)),
        "sumber_airminum": pa.array(s["air"]),
        "sumber_penerangan": pa.array(terang),
        "daya": teks_bilangan(daya, terang != 1),
        "bb_masak": pa.array(BAHAN_BAKAR[s["bahan_bakar"]]),
        "fasbab": pa.array(BAB[s["bab"]]),
        "kloset": pa.array(np.where(s["bab"] >= 5, 4, KLOSET[s["kloset"]])),
        "buang_tinja": pa.array(TINJA[s["tinja"]]),
    }
    kolom |= {nama: pa.array(2 - s[aset]) for nama, aset in ASET_12}
    kolom |= {nama: pa.array(4 - s[aset]) for nama, aset in ASET_34}
    kolom |= {nama: pa.array(s[ternak]) for nama, ternak in TERNAK}
    kolom["sta_pkh"] = pa.array(2 - tertukar(q, h.pkh[c.keluarga].astype(int)))
    kolom["sta_kks"] = pa.array(2 - tertukar(q, h.sembako[c.keluarga].astype(int)))
    kolom["lastupdatedata"] = ke_arrow(iso(c.hari))
    kolom["nonaktif"] = pa.array((rng.random(n) < 0.03).astype(int))
    return pa.table(kolom)


def _anggota(p: Penduduk, h: Kesejahteraan, g: Kegiatan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    o, n = p.orang, len(c.orang)
    x = isian(p, c, TANGGAL_MIRING)
    umur = umur_pada(c.hari[c.roster], x.hari_lahir)
    q = c.perusak
    ibu = ibu_kandung(p, c)
    tertinggi = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), umur, side="right")
    bekerja = g.bekerja[c.orang] & (umur >= 10)
    bekerja ^= (rng.random(n) < 0.06) & (umur >= 18)
    lapangan = np.where(g.lapangan[c.orang] > 0, np.minimum(g.lapangan[c.orang], 21), rng.integers(1, 22, n))
    status = np.where(g.status_kerja[c.orang] > 0, g.status_kerja[c.orang], rng.integers(1, 9, n))
    keberadaan = np.where(
        c.meninggal, 2, np.where(c.pergi, 3, rng.choice(np.array([1, 4, 5]), n, p=[0.986, 0.012, 0.002]))
    )
    keluarga = o.keluarga[c.orang]
    sekolah = np.where(umur < 6, 0, np.where((umur < 16) & (g.sekolah[c.orang] == 3), 1, g.sekolah[c.orang] - 1))
    return pa.table(
        {
            "idartbdt": ke_arrow(c.id_orang),
            "idbdt": ke_arrow(c.id_roster[c.roster]),
            "nuk": pa.array(c.nuk),
            "nik": x.nik,
            "nokk": x.kk,
            "nama": x.nama,
            "tmplahir": x.tempat,
            "tgllahir": x.tanggal_lahir,
            "jnskel": pa.array(1 + x.perempuan.astype(int)),
            "namagadis_ibukandung": ibu,
            "hub_krt": pa.array(x.hubungan),
            "sta_kawin": pa.array(np.where(umur < 16, 1, o.kawin[c.orang])),
            "jenis_cacat": pa.array(tertukar(q, g.disabilitas[c.orang], 0.02)),
            "penyakit_kronis": pa.array(tertukar(q, g.kronis[c.orang], 0.05)),
            "partisipasi_sekolah": pa.array(sekolah),
            "ijazah_tertinggi": pa.array(np.minimum(tertukar(q, g.ijazah[c.orang], 0.06), tertinggi)),
            "sta_bekerja": pa.array(2 - bekerja.astype(int)),
            "lapangan_usaha": teks_bilangan(lapangan, ~bekerja),
            "status_pekerjaan": teks_bilangan(status, ~bekerja),
            "sta_keberadaan_art": pa.array(keberadaan),
            "ada_pkh": pa.array(2 - (h.pkh[keluarga] & (rng.random(n) < 0.45)).astype(int)),
            "ada_bpnt": pa.array(2 - tertukar(q, h.sembako[keluarga].astype(int))),
            "ada_pbi": pa.array(2 - tertukar(q, h.pbi[keluarga].astype(int))),
            "lastupdatedata": ke_arrow(iso(c.hari[c.roster])),
        }
    )


def ibu_kandung(p: Penduduk, c: Cacah) -> pa.Array:
    """The mother's maiden name: often missing, sometimes mistyped or a spelling of its own."""
    q = c.perusak
    kosong = q.kena("ibu_kosong")
    salah = q.kena("ibu_salah")
    benar = rusak_nama(q, p.orang.ibu[c.orang])
    teks = benar.to_numpy(zero_copy_only=False)
    teks[salah] = teks[q.rng.permutation(salah)]
    teks[kosong] = ""
    return pa.array(teks, pa.string())
