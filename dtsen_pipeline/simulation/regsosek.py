"""Regsosek 2022 (BPS): one row a family, one a member, codes of the questionnaire. Seen in October and November
2022.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.dasar import Bilangan, nol, rng_untuk
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import ErrorMix, Perusak, ke_arrow, tertukar
from dtsen_pipeline.simulation.kesejahteraan import Kegiatan, Kesejahteraan
from dtsen_pipeline.simulation.pencacahan import Cacah, alamat, cacah, isian, kartu, kode_desa, nama_sls, umur_pada
from dtsen_pipeline.simulation.penduduk import Penduduk
from dtsen_pipeline.simulation.tulisan import rusak_kk

MULAI = int(np.datetime64("2022-10-15", "D").astype(int))
LAMA_HARI = 31
# Map from the finer DTKS codes to the Regsosek ones; position = DTKS code.
LANTAI = np.array([0, 1, 2, 3, 4, 5, 6, 7, 5, 8, 9])
ATAP = np.array([0, 1, 2, 2, 2, 4, 3, 5, 6, 7, 8])
AIR = np.array([0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11])
# DTKS certificate 0..6 -> Regsosek codes with their shares.
IJAZAH = (
    ((23,), (1.0,)),
    ((3, 4, 1, 2), (0.84, 0.12, 0.035, 0.005)),
    ((8, 9, 6, 7), (0.79, 0.16, 0.045, 0.005)),
    ((13, 15, 14, 11, 12), (0.55, 0.29, 0.10, 0.055, 0.005)),
    ((18,), (1.0,)),
    ((19, 20), (0.94, 0.06)),
    ((21, 22), (0.93, 0.07)),
)
SIFAT = (
    ("kd_jenis_dinding", "dinding"),
    ("kd_fasilitas_tempat_bab", "bab"),
    ("kd_jenis_kloset", "kloset"),
    ("kd_pembuangan_akhir_tinja", "tinja"),
)
ASET = (
    ("kd_tabung_gas_5_5_kg", "tabung_gas"),
    ("kd_lemari_es", "lemari_es"),
    ("kd_ac", "ac"),
    ("kd_pemanas_air", "pemanas"),
    ("kd_telepon_rumah", "telepon"),
    ("kd_televisi", "tv"),
    ("kd_perhiasan_10_gr_emas", "emas"),
    ("kd_komputer_laptop", "laptop"),
    ("kd_sepeda_motor", "motor"),
    ("kd_sepeda", "sepeda"),
    ("kd_mobil", "mobil"),
    ("kd_perahu", "perahu"),
    ("kd_kapal_perahu_motor", "kapal"),
    ("kd_smartphone", "smartphone"),
    ("kd_lahan", "lahan"),
    ("kd_rumah_ditempat_lain", "rumah_lain"),
)
TERNAK = (
    ("jumlah_sapi", "sapi"),
    ("jumlah_kerbau", "kerbau"),
    ("jumlah_kuda", "kuda"),
    ("jumlah_babi", "babi"),
    ("jumlah_kambing_domba", "kambing"),
)


def tulis_regsosek(
    p: Penduduk, h: Kesejahteraan, g: Kegiatan, campuran: ErrorMix, seed: int
) -> tuple[Cacah, dict[str, pa.Table]]:
    """The tables `keluarga` and `anggota` of one delivery."""
    rng = rng_untuk(seed, "regsosek")
    hari_desa = MULAI + (p.keluarga.desa * 7919) % LAMA_HARI
    c = cacah(p, h.tetap, "regsosek", hari_desa, campuran, seed)
    return c, {"keluarga": _keluarga(p, h, c, rng), "anggota": _anggota(p, h, g, c, rng)}


def kolom_rumah(h: Kesejahteraan, keluarga: Bilangan, perusak: Perusak) -> dict[str, pa.Array]:
    """The family columns from `kd_stat_bangunan_tinggal` to `jumlah_kambing_domba`; the survey sample has the same."""
    s = {nama: tertukar(perusak, nilai[keluarga]) for nama, nilai in h.sifat.items()}
    terang = s["penerangan"]
    tanpa_jamban = s["bab"] >= 5
    kolom: dict[str, pa.Array] = {
        "kd_stat_bangunan_tinggal": pa.array(s["status_rumah"]),
        "luas_lantai": pa.array(_luas(h.luas[keluarga], perusak)),
        "kd_jenis_lantai_terluas": pa.array(LANTAI[s["lantai"]]),
        "kd_jenis_dinding": pa.array(s["dinding"]),
        "kd_jenis_atap": pa.array(ATAP[s["atap"]]),
        "kd_sumber_air_minum": pa.array(AIR[s["air"]]),
        "kd_sumber_penerangan_utama": pa.array(terang),
        "kd_daya_terpasang": teks_bilangan(s["daya"], terang != 1),
        "kd_bahan_bakar_memasak": pa.array(s["bahan_bakar"]),
        "kd_fasilitas_tempat_bab": pa.array(s["bab"]),
        "kd_jenis_kloset": pa.array(s["kloset"], mask=tanpa_jamban),
        "kd_pembuangan_akhir_tinja": pa.array(np.where(tanpa_jamban & (s["tinja"] < 3), 5, s["tinja"])),
    }
    for nama, aset in ASET:
        kolom[nama] = pa.array(2 - s[aset])
    for nama, ternak in TERNAK:
        kolom[nama] = pa.array(s[ternak])
    return kolom


def teks_bilangan(nilai: Bilangan, kosong: np.ndarray) -> pa.Array:
    """Small integers as text, '' where there is no answer (as the questionnaires' exports have it)."""
    daftar = pa.array([str(i) for i in range(int(nilai.max(initial=0)) + 1)] + [""])
    return daftar.take(pa.array(np.where(kosong, len(daftar) - 1, nilai)))


def ijazah_regsosek(tingkat: Bilangan, rng: np.random.Generator) -> Bilangan:
    hasil = np.zeros(len(tingkat), np.int64)
    for i, (kode, bagian) in enumerate(IJAZAH):
        di = tingkat == i
        hasil[di] = rng.choice(np.array(kode), int(di.sum()), p=bagian)
    return hasil


def _luas(luas: Bilangan, perusak: Perusak) -> Bilangan:
    salah = perusak.rng.random(len(luas)) < 0.30
    return np.where(salah, np.maximum(6, np.round(luas * perusak.rng.normal(1, 0.12, len(luas)))), luas).astype(
        np.int64
    )


def _keluarga(p: Penduduk, h: Kesejahteraan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    k = p.keluarga
    kode = kode_desa(p, c, "bps")
    n = len(c.keluarga)
    hasil = np.where(rng.random(n) < 0.96, 1, rng.choice(np.array([2, 3, 4, 5]), n, p=[0.5, 0.25, 0.15, 0.10]))
    kolom: dict[str, pa.Array] = {
        "id_keluarga": ke_arrow(c.id_roster),
        "kode_provinsi": ke_arrow(kode.astype("S2")),
        "kode_kabupaten": potong(kode, 2, 4),
        "kode_kecamatan": potong(kode, 4, 7),
        "kode_desa": potong(kode, 7, 10),
        "kode_sls": ke_arrow(nol(k.rt[c.keluarga] + 10 * (k.rw[c.keluarga] % 4), 4)),
        "nama_sls": nama_sls(p, c),
        "alamat": alamat(p, c, rng),
        "no_kk": ke_arrow(rusak_kk(c.perusak_roster, kartu(p, c, c.keluarga, c.hari, rng))),
        "kd_kk": pa.array(
            np.where(
                k.induk[c.keluarga] >= 0, rng.choice(3, n, p=[0.7, 0.05, 0.25]), rng.choice(3, n, p=[0.9, 0.09, 0.01])
            )
        ),
        "jumlah_anggota": pa.array(c.jumlah),
        "kd_hasil_pendataan": pa.array(hasil),
        "tanggal_pendataan": ke_arrow(iso(c.hari)),
        **kolom_rumah(h, c.keluarga, c.perusak_roster),
    }
    kolom["kd_pkh"] = pa.array(2 - tertukar(c.perusak_roster, h.pkh[c.keluarga].astype(int)))
    kolom["kd_bss_bnpt"] = pa.array(2 - tertukar(c.perusak_roster, h.sembako[c.keluarga].astype(int)))
    return pa.table(kolom)


def potong(kode: np.ndarray, dari: int, sampai: int) -> pa.Array:
    """Characters dari..sampai of fixed-width codes."""
    m = np.ascontiguousarray(kode.astype("S10").view(np.uint8).reshape(len(kode), 10)[:, dari:sampai])
    return ke_arrow(m.view(f"S{sampai - dari}").ravel())


def _anggota(p: Penduduk, h: Kesejahteraan, g: Kegiatan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    o, n = p.orang, len(c.orang)
    x = isian(p, c, 0.0)
    hari = c.hari[c.roster]
    umur = umur_pada(hari, x.hari_lahir)
    # What is true today was true then, except for the young who were still at school.
    sekolah = np.where(
        (umur < 6), 1, np.where((umur < 17) & (g.sekolah[c.orang] == 3) & (rng.random(n) < 0.7), 2, g.sekolah[c.orang])
    )
    sekolah = np.where((umur >= 7) & (umur < 13) & (sekolah == 1) & (rng.random(n) < 0.9), 2, sekolah)
    tertinggi = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), umur, side="right")
    ijazah = np.minimum(tertukar(c.perusak, g.ijazah[c.orang], 0.06), tertinggi)
    bekerja = g.bekerja[c.orang] & (umur >= 10)
    bekerja ^= (rng.random(n) < 0.05) & (umur >= 18)
    lapangan = np.where(g.lapangan[c.orang] > 0, g.lapangan[c.orang], rng.integers(1, 27, n))
    status = np.where(g.status_kerja[c.orang] > 0, g.status_kerja[c.orang], rng.integers(1, 9, n))
    kesulitan = np.where(
        g.disabilitas[c.orang] > 0,
        rng.choice(np.array([1, 2, 3]), n, p=[0.25, 0.4, 0.35]),
        np.where(rng.random(n) < 0.02, 3, 4),
    )
    kronis = np.where(g.kronis[c.orang] > 0, g.kronis[c.orang] * 17 // 9 + 1, 1)
    jaminan = np.where(
        h.pbi[o.keluarga[c.orang]],
        1,
        np.where(status == 5, 4, rng.choice(np.array([0, 2, 4, 8, 99]), n, p=[0.42, 0.30, 0.2, 0.05, 0.03])),
    )
    jaminan = np.where((jaminan < 8) & (rng.random(n) < 0.01), jaminan | 2, jaminan)
    keberadaan = np.where(
        c.meninggal,
        2,
        np.where(
            c.pergi,
            rng.choice(np.array([3, 4, 6]), n, p=[0.7, 0.1, 0.2]),
            rng.choice(np.array([1, 5, 6]), n, p=[0.985, 0.012, 0.003]),
        ),
    )
    return pa.table(
        {
            "id_anggota": ke_arrow(c.id_orang),
            "id_keluarga": ke_arrow(c.id_roster[c.roster]),
            "no_urut": pa.array(c.urut),
            "nama": x.nama,
            "nik": x.nik,
            "kd_jenis_kelamin": pa.array(1 + x.perempuan.astype(int)),
            "tempat_lahir": x.tempat,
            "tgl_lahir": x.tanggal_lahir,
            "umur": pa.array(np.minimum(umur, 119)),
            "kd_status_kawin": pa.array(np.where(umur < 16, 1, o.kawin[c.orang])),
            "kd_hubungan_keluarga": pa.array(x.hubungan),
            "kd_keberadaan": pa.array(keberadaan),
            "kd_partisipasi_sekolah": pa.array(sekolah),
            "kd_ijazah_tertinggi": pa.array(ijazah_regsosek(ijazah, rng)),
            "kd_bekerja": pa.array(2 - bekerja.astype(int)),
            "kd_lapangan_usaha": teks_bilangan(lapangan, ~bekerja),
            "kd_status_pekerjaan": teks_bilangan(status, ~bekerja),
            "kd_kesulitan_fungsi": pa.array(kesulitan),
            "kd_penyakit_kronis": pa.array(kronis),
            "kd_jaminan_kesehatan": pa.array(jaminan),
        }
    )
