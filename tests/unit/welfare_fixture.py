"""A small invented survey and register with the columns of int_susenas and marts.keluarga, and nothing personal in
them."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

CATEGORIES = {
    "status_rumah": ["milik", "sewa", "bebas"],
    "lantai": ["keramik_marmer_ubin", "semen", "tanah"],
    "dinding": ["tembok", "kayu", "bambu"],
    "atap": ["genteng", "asbes_seng", "jerami"],
    "air_minum": ["kemasan_isi_ulang", "leding", "sumur_tak_terlindung"],
    "penerangan": ["pln", "non_pln", "bukan_listrik"],
    "daya": [">900", "900", "450"],
    "bahan_bakar": ["listrik_gas", "minyak_tanah", "arang_kayu"],
    "bab": ["sendiri", "bersama_umum", "lainnya"],
    "kloset": ["leher_angsa", "plengsengan", "cemplung"],
    "buang_tinja": ["tangki_septik", "lubang_tanah", "kolam_sawah_sungai"],
}
ASSETS = [
    "tabung_gas",
    "lemari_es",
    "ac",
    "pemanas_air",
    "telepon",
    "televisi",
    "emas",
    "laptop",
    "motor",
    "sepeda",
    "mobil",
    "perahu",
    "kapal",
    "smartphone",
    "lahan",
    "rumah_lain",
]
LIVESTOCK = ["sapi", "kerbau", "kuda", "babi", "kambing"]


def households(count: int, seed: int = 7) -> pd.DataFrame:
    """``count`` households; the poorer, the worse their dwelling. Column ``kaya`` is the wealth all else follows."""
    rng = np.random.default_rng(seed)
    wealth = rng.normal(size=count)
    frame = pd.DataFrame({"kaya": wealth})
    for name, values in CATEGORIES.items():
        rank = np.clip(np.floor(1.5 - wealth + rng.normal(size=count)), 0, 2).astype(int)
        frame[name] = np.array(values, dtype=object)[rank]
    frame.loc[frame["bab"] == "lainnya", "kloset"] = None
    for i, name in enumerate(ASSETS):
        frame[name] = wealth + rng.normal(size=count) > (i - 4) / 6
    for name in LIVESTOCK:
        frame[name] = rng.poisson(0.3, count)
    frame["jumlah_anggota"] = 1 + rng.poisson(2.5, count)
    frame["jumlah_art_0_14"] = rng.binomial(frame["jumlah_anggota"] - 1, 0.4)
    frame["jumlah_art_65"] = rng.binomial(1, 0.1, count)
    frame["luas_lantai"] = np.round(np.exp(3.8 + 0.3 * wealth + 0.3 * rng.normal(size=count)), 1)
    frame["umur_krt"] = rng.integers(20, 80, count)
    frame["jenis_kelamin_krt"] = np.where(rng.random(count) < 0.85, "L", "P")
    frame["pendidikan_krt"] = np.clip(np.round(2 + wealth + rng.normal(size=count)), 0, 6).astype(int)
    frame["bekerja_krt"] = rng.random(count) < 0.8
    frame["kode_kabupaten"] = rng.choice(["3301", "3302", "3501", "5201"], count)
    frame["kode_provinsi"] = frame["kode_kabupaten"].str[:2]
    richer = frame["kode_kabupaten"].map({"3301": 0.2, "3302": -0.1, "3501": 0.1, "5201": -0.3})
    log = 13.5 + 0.4 * wealth - 0.4 * np.log(frame["jumlah_anggota"]) + richer + 0.35 * rng.normal(size=count)
    frame["pengeluaran_per_kapita"] = np.exp(log)
    return frame


def warehouse(con: duckdb.DuckDBPyConnection, survey: pd.DataFrame, register: pd.DataFrame) -> None:
    """Fill intermediate.int_susenas, int_wilayah__aktif and marts.keluarga from ``households`` frames."""
    for schema in ("seeds", "intermediate", "marts", "welfare"):
        con.execute(f"create schema if not exists {schema}")
    sampled = survey.rename(columns={"jumlah_anggota": "jumlah_art"}).drop(columns="kaya")
    sampled = sampled.assign(id_ruta=[f"S{i:06d}" for i in range(len(survey))], penimbang=40.0)
    sampled["unit_sampel"] = sampled["id_ruta"]
    families = register.drop(columns=["kaya", "pengeluaran_per_kapita"])
    families = families.assign(family_id=[f"K-{i:012d}" for i in range(len(register))])
    con.execute("create or replace table intermediate.int_wilayah__aktif (kode_kemendagri varchar, nama varchar)")
    con.execute("insert into intermediate.int_wilayah__aktif values ('33', 'Jawa Tengah'), ('3301', 'Cilacap')")
    for table, frame in (("intermediate.int_susenas", sampled), ("marts.keluarga", families)):
        con.register("_frame", frame)
        con.execute(f"create or replace table {table} as select * from _frame")
        con.unregister("_frame")
