"""Writing tables as the files a landing holds: delimiters, compression, encodings, several files a table, rows that
break.

Belongs here: everything about files. `bentuk` is one of BENTUK.
"""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dtsen_pipeline.errors import InputError

BENTUK = ("csv", "semicolon", "gz", "cp1252", "parquet", "xlsx")
BARIS_PER_BERKAS = 600_000
SALAH_KODE = 97
SALAH_LABEL = "TIDAK DIKENAL"


def periksa_bentuk(bentuk: str) -> None:
    """Raise InputError for a file form that is not one of BENTUK."""
    if bentuk not in BENTUK:
        raise InputError(
            f"bentuk berkas tidak dikenal / unknown file form {bentuk!r}",
            expected=", ".join(BENTUK),
            action="pilih salah satu / choose one of them",
        )


def tulis_tabel(
    tabel: pa.Table,
    folder: Path,
    nama: str,
    bentuk: str,
    baris_per_berkas: int = BARIS_PER_BERKAS,
    baris_pendek: int = 0,
) -> list[Path]:
    """Write one table as one or more files; `baris_pendek` lines of a text file end after two fields."""
    periksa_bentuk(bentuk)
    folder.mkdir(parents=True, exist_ok=True)
    potongan = max(1, -(-tabel.num_rows // baris_per_berkas))
    berkas = []
    for i in range(potongan):
        bagian = tabel.slice(i * baris_per_berkas, baris_per_berkas)
        dasar = nama if potongan == 1 else f"{nama}_{i + 1:03d}"
        berkas.append(_tulis_satu(bagian, folder, dasar, bentuk, baris_pendek if i == potongan - 1 else 0))
    return berkas


def _tulis_satu(tabel: pa.Table, folder: Path, dasar: str, bentuk: str, baris_pendek: int) -> Path:
    if bentuk == "parquet":
        jalur = folder / f"{dasar}.parquet"
        pq.write_table(tabel, jalur, compression="zstd")
        return jalur
    if bentuk == "xlsx":
        return _tulis_xlsx(tabel, folder / f"{dasar}.xlsx")
    pemisah = ";" if bentuk in ("semicolon", "cp1252") else ","
    pilihan = pacsv.WriteOptions(delimiter=pemisah)
    jalur = folder / (f"{dasar}.csv.gz" if bentuk == "gz" else f"{dasar}.csv")
    if bentuk == "csv" and not baris_pendek:
        pacsv.write_csv(tabel, jalur, pilihan)
        return jalur
    penampung = io.BytesIO()
    pacsv.write_csv(tabel, penampung, pilihan)
    isi = penampung.getvalue()
    if baris_pendek and tabel.num_rows:
        # Two fields are the keys, which hold neither delimiter nor quote.
        pertama = isi.split(b"\n", 2)[1].split(pemisah.encode())[:2]
        isi += (pemisah.encode().join(pertama) + b"\n") * baris_pendek
    if bentuk == "cp1252":
        isi = isi.decode("utf-8").encode("cp1252", errors="replace")
    if bentuk == "gz":
        with (
            jalur.open("wb") as keluar,
            gzip.GzipFile(fileobj=keluar, mode="wb", compresslevel=1, mtime=0, filename="") as z,
        ):
            z.write(isi)
    else:
        jalur.write_bytes(isi)
    return jalur


def _tulis_xlsx(tabel: pa.Table, jalur: Path) -> Path:
    from openpyxl import Workbook  # an extra: only tests deliver spreadsheets

    buku = Workbook(write_only=True)
    lembar = buku.create_sheet("data")
    lembar.append(tabel.column_names)
    for baris in zip(*(kolom.to_pylist() for kolom in tabel.columns), strict=True):
        lembar.append(baris)
    buku.save(jalur)
    return jalur


def langgar_kontrak(
    tabel: pa.Table,
    kunci: str,
    induk: str | None,
    bagian: float,
    rng: np.random.Generator,
    cacat: list[tuple[str, str]],
    catat: Callable[[str, np.ndarray], None],
) -> pa.Table:
    """Break the contract in a share of the rows: `cacat` lists (column, kind) beside a repeated key and an orphan.

    Kinds: kode (a code that is not on the list), label, kosong (missing though required), angka (not a number),
    tanggal (unreadable), panjang (wrong length). Repeated keys are rows added at the end, so that the first one is
    the true one.
    """
    n = tabel.num_rows
    baris = np.flatnonzero(rng.random(n) < bagian)
    if bagian > 0 and n and not len(baris):
        baris = rng.choice(n, 1)
    macam = rng.integers(0, len(cacat) + 2, len(baris))
    for i, (kolom, jenis) in enumerate(cacat):
        di = baris[macam == i]
        if len(di):
            tabel = _ganti(tabel, kolom, di, jenis)
            catat(f"rusak_{jenis}", di)
    di = baris[macam == len(cacat)]
    if induk is not None and len(di):
        tabel = _ganti(tabel, induk, di, "yatim")
        catat("rusak_yatim", di)
    di = baris[macam == len(cacat) + 1]
    if len(di):
        # The copy carries another row's values under a key that is already there.
        lain = tabel.take(pa.array((di + 1) % n))
        lain = lain.set_column(lain.column_names.index(kunci), kunci, tabel.column(kunci).take(pa.array(di)))
        tabel = pa.concat_tables([tabel, lain])
        catat("rusak_kunci_ganda", di)
    return tabel


def _ganti(tabel: pa.Table, kolom: str, di: np.ndarray, jenis: str) -> pa.Table:
    isi = tabel.column(kolom).combine_chunks()
    if jenis == "kode" and pa.types.is_integer(isi.type):
        pengganti: pa.Scalar = pa.scalar(SALAH_KODE, isi.type)
    else:
        isi = isi.cast(pa.string())
        pengganti = pa.scalar(
            {
                "kode": str(SALAH_KODE),
                "label": SALAH_LABEL,
                "kosong": "",
                "angka": "tiga puluh",
                "tanggal": "tidak tahu",
                "panjang": "7",
                "yatim": "TIDAK-DIKIRIM",
                "minus": "-5",
            }[jenis]
        )
    topeng = np.zeros(len(isi), bool)
    topeng[di] = True
    return tabel.set_column(tabel.column_names.index(kolom), kolom, pc.if_else(pa.array(topeng), pengganti, isi))
