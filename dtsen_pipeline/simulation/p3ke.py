"""P3KE (Kemenko PMK, from BKKBN's PK-21): families with text labels that changed between releases, Kemendagri
codes.
"""

import numpy as np
import pyarrow as pa

from dtsen_pipeline.simulation.dasar import Bilangan, rng_untuk
from dtsen_pipeline.simulation.kalender import iso
from dtsen_pipeline.simulation.kerusakan import ErrorMix, ke_arrow, tertukar
from dtsen_pipeline.simulation.kesejahteraan import Kegiatan, Kesejahteraan, peringkat_desil
from dtsen_pipeline.simulation.pencacahan import Cacah, alamat, cacah, isian, kartu, kode_desa, umur_pada
from dtsen_pipeline.simulation.penduduk import Penduduk
from dtsen_pipeline.simulation.tulisan import rusak_kk

RILIS = np.array([np.datetime64(t, "D").astype(np.int64) for t in ("2021-12-31", "2022-06-30", "2023-06-30")])
RILIS_BAGIAN = (0.15, 0.25, 0.60)
YA_TIDAK = ("Ya", "Tidak")
# Position = code of `kesejahteraan`; the second tuple holds the labels of the older release.
RUMAH = (
    ("", "Milik Sendiri", "Kontrak/Sewa", "Bebas Sewa/Menumpang", "Dinas", "Lainnya"),
    ("", "Milik Sendiri", "Kontrak/Sewa", "Bebas Sewa", "Dinas", "Lainnya"),
)
ATAP = (
    (
        "",
        "Beton",
        "Genteng",
        "Genteng",
        "Genteng",
        "Asbes/Seng",
        "Asbes/Seng",
        "Kayu/Sirap",
        "Bambu",
        "Jerami/Ijuk/Rumbia/Daun-daunan",
        "Lainnya",
    ),
    (
        "",
        "Beton",
        "Genteng",
        "Genteng",
        "Genteng",
        "Asbes",
        "Seng",
        "Kayu/Sirap",
        "Bambu",
        "Jerami/Ijuk/Rumbia",
        "Lainnya",
    ),
)
DINDING = ("", "Tembok", "Plesteran anyaman bambu/kawat", "Kayu/Papan", "Bambu", "Kayu/Papan", "Bambu", "Lainnya")
LANTAI = (
    (
        "",
        *("Keramik/Granit/Marmer/Ubin/Tegel/Teraso",) * 2,
        "Lainnya",
        "Keramik/Granit/Marmer/Ubin/Tegel/Teraso",
        "Kayu/Papan",
        "Semen",
        "Bambu",
        "Kayu/Papan",
        "Tanah",
        "Lainnya",
    ),
    (
        "",
        *("Keramik/Granit/Marmer",) * 2,
        "Lainnya",
        "Keramik/Granit/Marmer",
        "Kayu/Papan",
        "Semen",
        "Bambu",
        "Kayu/Papan",
        "Tanah",
        "Lainnya",
    ),
)
AIR = (
    "",
    "Air Kemasan/Isi Ulang",
    "Air Kemasan/Isi Ulang",
    "Ledeng/PAM",
    "Ledeng/PAM",
    "Sumur Bor",
    "Sumur Terlindung",
    "Sumur Tidak Terlindung",
    "Lainnya",
    "Lainnya",
    "Air Permukaan (Sungai, Danau, dll)",
    "Air Hujan",
    "Lainnya",
)
BAHAN_BAKAR = ("Lainnya", *("Listrik/Gas",) * 6, "Minyak Tanah", *("Arang/Kayu",) * 3, "Lainnya")
BAB = (
    ("", "Milik sendiri", "Umum/Bersama", "Umum/Bersama", "Umum/Bersama", "Lainnya", "Lainnya"),
    (
        "",
        "Ya, dengan Septictank",
        "Tidak, Jamban Umum/Bersama",
        "Tidak, Jamban Umum/Bersama",
        "Tidak, Jamban Umum/Bersama",
        "Lainnya",
        "Lainnya",
    ),
)
KAWIN = ("", "Belum kawin", "Kawin", "Cerai hidup", "Cerai mati")
PEKERJAAN = (
    "Petani",
    "Nelayan",
    "Pedagang",
    "Wiraswasta",
    "Swasta",
    "PNS/TNI/Polri",
    "Pekerja Lepas",
    "Pensiunan",
    "Belum/Tidak Bekerja",
    "Lainnya",
    "Pegawai Swasta",
    "Tidak/Belum Bekerja",
)


def tulis_p3ke(
    p: Penduduk, h: Kesejahteraan, g: Kegiatan, campuran: ErrorMix, seed: int
) -> tuple[Cacah, dict[str, pa.Table]]:
    """The tables `keluarga` and `individu` of one delivery."""
    rng = rng_untuk(seed, "p3ke")
    desa = np.unique(p.keluarga.desa)
    rilis_desa = rng.choice(3, len(desa), p=RILIS_BAGIAN)
    rilis = rilis_desa[np.searchsorted(desa, p.keluarga.desa)]
    c = cacah(p, h.tetap, "p3ke", RILIS[rilis], campuran, seed)
    tabel = {"keluarga": _keluarga(p, h, c, rng), "individu": _individu(p, g, c, rng)}
    kepala = np.searchsorted(c.roster, np.arange(len(c.keluarga)))
    keluarga = tabel["keluarga"]
    # The head's name and NIK on the family row are the head's own row, copied.
    for tujuan, asal in (("kepala_keluarga", "nama"), ("nik", "nik")):
        isi = tabel["individu"].column(asal).take(pa.array(kepala))
        keluarga = keluarga.set_column(keluarga.column_names.index(tujuan), tujuan, isi)
    tabel["keluarga"] = keluarga
    return c, tabel


def label(
    daftar: tuple[str, ...] | tuple[tuple[str, ...], tuple[str, ...]], kode: Bilangan, lama: np.ndarray | None = None
) -> pa.Array:
    """Labels by position; with two lists, rows of the older release take the second."""
    if isinstance(daftar[0], str):
        return pa.array(list(daftar)).take(pa.array(kode))
    semua = pa.array([*daftar[0], *daftar[1]])
    assert lama is not None
    return semua.take(pa.array(np.where(lama, kode + len(daftar[0]), kode)))


def _keluarga(p: Penduduk, h: Kesejahteraan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    k, w, n, q = p.keluarga, p.wilayah, len(c.keluarga), c.perusak_roster
    kode = kode_desa(p, c, "kemendagri")
    lama = (c.hari == RILIS[0]) | (rng.random(n) < 0.30)
    s = {nama: tertukar(q, nilai[c.keluarga]) for nama, nilai in h.sifat.items()}
    mewah = s["daya"] >= 3
    terang_baru = np.array(["", "Listrik PLN meteran", "Listrik PLN non meteran", "Listrik non-PLN", "Bukan listrik"])[
        s["penerangan"]
    ]
    terang_lama = np.array(["", "", "Listrik Bersama", "Genset/Solar Cell", "Non-Listrik"])[s["penerangan"]]
    terang_lama = np.where(
        s["penerangan"] == 1, np.where(mewah, "Listrik Pribadi > 900 Watt", "Listrik Pribadi s/d 900 Watt"), terang_lama
    )
    daya = np.where(s["penerangan"] != 1, 3, np.minimum(s["daya"], 3) - 1)
    daya_teks = np.where(
        lama,
        np.array(["450 VA", "<= 900", "> 900", "Tidak Ada"])[daya],
        np.array(["450 VA", "900 VA", "> 900 VA", "Tidak Ada"])[daya],
    )
    daya_teks = np.where((daya_teks == "> 900") & (rng.random(n) < 0.3), ">900", daya_teks)
    septik = s["tinja"] <= 2
    bab_lama = np.where((s["bab"] == 1) & ~septik, "Ya, Tanpa Septictank", np.array(BAB[1])[s["bab"]])
    konsumsi = np.exp(h.log_konsumsi[c.keluarga]) * k.jumlah[c.keluarga]
    pengeluaran = konsumsi * rng.lognormal(-0.1, 0.38, n)
    penghasilan = pengeluaran * rng.lognormal(0.08, 0.22, n)
    nol = rng.random(n) < 0.01
    sembako = tertukar(q, h.sembako[c.keluarga].astype(int))
    risiko = np.where(
        rng.random(n) < np.clip(0.30 - 0.08 * h.tetap[c.keluarga], 0.05, 0.6), rng.choice(np.array([0, 1]), n), 2
    )
    desa_nama = w.desa["nama"]
    tanggal = iso(c.hari)
    kab = kode.astype("S4")
    return pa.table(
        {
            "id_keluarga": ke_arrow(c.id_roster),
            "kode_kemdagri": ke_arrow(kode),
            "provinsi": ke_arrow(kode.astype("S2")),
            "kabupaten": ke_arrow(kab),
            "kecamatan": ke_arrow(kode.astype("S6")),
            "desa": pa.array(desa_nama).take(pa.array(c.desa)),
            "alamat": alamat(p, c, rng),
            "no_kk": ke_arrow(rusak_kk(q, kartu(p, c, c.keluarga, c.hari, rng))),
            "kepala_keluarga": pa.nulls(n, pa.string()),
            "nik": pa.nulls(n, pa.string()),
            "padan_dukcapil": _padan(n, lama, rng),
            "desil_kesejahteraan": pa.array(peringkat_desil(h.log_konsumsi[c.keluarga] + rng.normal(0, 0.35, n))),
            "kepemilikan_rumah": label(RUMAH, s["status_rumah"], lama),
            "memiliki_simpanan": _ya(s["simpanan"], lama & (rng.random(n) < 0.4)),
            "jenis_atap": label(ATAP, s["atap"], lama),
            "jenis_dinding": label(DINDING, s["dinding"]),
            "jenis_lantai": label(LANTAI, s["lantai"], lama),
            "sumber_penerangan": pa.array(np.where(lama, terang_lama, terang_baru)),
            "daya_terpasang": pa.array(daya_teks),
            "bahan_bakar_memasak": label(BAHAN_BAKAR, s["bahan_bakar"]),
            "sumber_air_minum": label(AIR, s["air"]),
            "fasilitas_bab": pa.array(np.where(lama, bab_lama, np.array(BAB[0])[s["bab"]])),
            "penghasilan": pa.array(_bulat(penghasilan, nol, rng)),
            "pengeluaran": pa.array(_bulat(pengeluaran, nol, rng)),
            "bpnt": _ya(sembako),
            "bst": _ya((rng.random(n) < 0.06).astype(int)),
            "pkh": _ya(tertukar(q, h.pkh[c.keluarga].astype(int))),
            "sembako": _ya(sembako),
            "resiko_stunting": label(("Beresiko Stunting", "Tidak Beresiko Stunting", "Bukan Target Sasaran"), risiko),
            "tanggal_data": ke_arrow(tanggal),
        }
    )


def _ya(nilai: Bilangan, besar: np.ndarray | None = None) -> pa.Array:
    if besar is None:
        return label(YA_TIDAK, 1 - nilai)
    return label((*YA_TIDAK, "YA", "TIDAK"), 1 - nilai + np.where(besar, 2, 0))


def _padan(n: int, lama: np.ndarray, rng: np.random.Generator) -> pa.Array:
    return label(
        ("YA", "TIDAK", "Ya", "Tidak"),
        (rng.random(n) < 0.12).astype(int) + np.where(lama & (rng.random(n) < 0.5), 2, 0),
    )


def _bulat(rupiah: np.ndarray, nol: np.ndarray, rng: np.random.Generator) -> Bilangan:
    """Reported money heaps on round numbers."""
    langkah = rng.choice(np.array([1_000, 50_000, 100_000, 500_000]), len(rupiah), p=[0.2, 0.3, 0.35, 0.15])
    return np.where(nol, 0, np.maximum(np.round(rupiah / langkah), 1) * langkah).astype(np.int64)


def _individu(p: Penduduk, g: Kegiatan, c: Cacah, rng: np.random.Generator) -> pa.Table:
    o, n = p.orang, len(c.orang)
    x = isian(p, c, 0.0)
    lama = (c.hari == RILIS[0])[c.roster]
    umur = umur_pada(c.hari[c.roster], x.hari_lahir)
    macam_istri = np.where(lama, 1, np.where(x.perempuan, 2, 3))
    hub = np.select([x.hubungan == 1, x.hubungan == 2, x.hubungan == 3], [0, macam_istri, 4], 5)
    return pa.table(
        {
            "id_individu": ke_arrow(c.id_orang),
            "id_keluarga": ke_arrow(c.id_roster[c.roster]),
            "nama": x.nama,
            "nik": x.nik,
            "padan_dukcapil": _padan(n, lama, rng),
            "jenis_kelamin": label(
                ("Laki-laki", "Perempuan", "L", "P"),
                x.perempuan.astype(int) + np.where(lama & (rng.random(n) < 0.3), 2, 0),
            ),
            "tanggal_lahir": x.tanggal_lahir,
            "hub_dgn_kpl_keluarga": label(("Kepala Keluarga", "Istri/Suami", "Istri", "Suami", "Anak", "Lainnya"), hub),
            "status_kawin": label(KAWIN, np.where(umur < 16, 1, o.kawin[c.orang])),
            "pekerjaan": label(PEKERJAAN, _pekerjaan(g, c, umur, lama, rng)),
            "pendidikan": _pendidikan(g, c, umur, rng),
        }
    )


def _pekerjaan(g: Kegiatan, c: Cacah, umur: Bilangan, lama: np.ndarray, rng: np.random.Generator) -> Bilangan:
    n = len(umur)
    bekerja = g.bekerja[c.orang] & (umur >= 10)
    bekerja ^= (rng.random(n) < 0.06) & (umur >= 18)
    lapangan, status = g.lapangan[c.orang], g.status_kerja[c.orang]
    hasil = np.select(
        [
            ~bekerja & (umur > 60) & (g.ijazah[c.orang] >= 3),
            ~bekerja,
            lapangan == 4,
            (lapangan >= 1) & (lapangan <= 5),
            status == 5,
            status == 4,
            (status == 6) | (status == 7),
            lapangan == 12,
            status <= 3,
        ],
        [7, 8, 1, 0, 5, 4, 6, 2, 3],
        9,
    )
    return np.where(lama & (hasil == 4), 10, np.where(lama & (hasil == 8), 11, hasil))


def _pendidikan(g: Kegiatan, c: Cacah, umur: Bilangan, rng: np.random.Generator) -> pa.Array:
    daftar = (
        "Tidak/Belum Sekolah",
        "Tidak Tamat SD/Sederajat",
        "Masih SD/Sederajat",
        "Tamat SD/Sederajat",
        "Masih SLTP/Sederajat",
        "Tamat SLTP/Sederajat",
        "Masih SLTA/Sederajat",
        "Tamat SLTA/Sederajat",
        "Masih PT/Akademi",
        "Tamat PT/Akademi",
    )
    tertinggi = np.searchsorted(np.array([12, 15, 18, 21, 22, 26]), umur, side="right")
    tingkat = np.minimum(tertukar(c.perusak, g.ijazah[c.orang], 0.06), tertinggi)
    masih = (umur >= 6) & ((umur < 16) | (g.sekolah[c.orang] == 2)) & (umur < 25)
    tamat = np.array([1, 3, 5, 7, 9, 9, 9])[tingkat]
    sedang = np.array([2, 4, 6, 8, 9, 9, 9])[tingkat]
    hasil = np.where(umur < 6, 0, np.where(masih, sedang, tamat))
    hasil = np.where((hasil == 1) & (rng.random(len(umur)) < 0.3), 0, hasil)
    return label(daftar, hasil)
