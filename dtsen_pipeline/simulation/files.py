"""Write tables as the files of a landing, and break rows so that they violate their contract.

Belongs here: delimiters, compression, encodings, several files a table. What spreadsheets do to files belongs in
`spreadsheet`.
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

FORMATS = ("csv", "semicolon", "gz", "cp1252", "parquet", "xlsx")
ROWS_PER_FILE = 600_000
WRONG_CODE = 97
WRONG_LABEL = "TIDAK DIKENAL"


def check_format(file_format: str) -> None:
    """Raise InputError if `file_format` is not one of FORMATS."""
    if file_format not in FORMATS:
        raise InputError(
            f"bentuk berkas tidak dikenal / unknown file form {file_format!r}",
            expected=", ".join(FORMATS),
            action="pilih salah satu / choose one of them",
        )


def write_table(
    table: pa.Table,
    folder: Path,
    name: str,
    file_format: str,
    rows_per_file: int = ROWS_PER_FILE,
    short_lines: int = 0,
) -> list[Path]:
    """Write one table as one or more files; Append `short_lines` lines that end after two fields (text files only)."""
    check_format(file_format)
    folder.mkdir(parents=True, exist_ok=True)
    pieces = max(1, -(-table.num_rows // rows_per_file))
    paths = []
    for i in range(pieces):
        part = table.slice(i * rows_per_file, rows_per_file)
        base_name = name if pieces == 1 else f"{name}_{i + 1:03d}"
        paths.append(_write_file(part, folder, base_name, file_format, short_lines if i == pieces - 1 else 0))
    return paths


def _write_file(table: pa.Table, folder: Path, base_name: str, file_format: str, short_lines: int) -> Path:
    if file_format == "parquet":
        path = folder / f"{base_name}.parquet"
        pq.write_table(table, path, compression="zstd")
        return path
    if file_format == "xlsx":
        return _write_xlsx(table, folder / f"{base_name}.xlsx")
    delimiter = ";" if file_format in ("semicolon", "cp1252") else ","
    options = pacsv.WriteOptions(delimiter=delimiter)
    path = folder / (f"{base_name}.csv.gz" if file_format == "gz" else f"{base_name}.csv")
    if file_format == "csv" and not short_lines:
        pacsv.write_csv(table, path, options)
        return path
    buffer = io.BytesIO()
    pacsv.write_csv(table, buffer, options)
    content = buffer.getvalue()
    if short_lines and table.num_rows:
        # The first two fields are keys, which hold neither delimiter nor quote.
        keys = content.split(b"\n", 2)[1].split(delimiter.encode())[:2]
        content += (delimiter.encode().join(keys) + b"\n") * short_lines
    if file_format == "cp1252":
        content = content.decode("utf-8").encode("cp1252", errors="replace")
    if file_format == "gz":
        with (
            path.open("wb") as out,
            gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0, filename="") as z,
        ):
            z.write(content)
    else:
        path.write_bytes(content)
    return path


def _write_xlsx(table: pa.Table, path: Path) -> Path:
    from openpyxl import Workbook  # an extra: only tests deliver spreadsheets

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("data")
    sheet.append(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        sheet.append(row)
    workbook.save(path)
    return path


def break_contract(
    table: pa.Table,
    key: str,
    parent_column: str | None,
    share: float,
    rng: np.random.Generator,
    defects: list[tuple[str, str]],
    note: Callable[[str, np.ndarray], None],
) -> pa.Table:
    """Break the contract in a share of the rows. `defects` lists (column, kind); repeated keys and orphans come on top.

    Kinds: kode (a code that is not on the list), label (a label that is not), kosong (missing though required),
    angka (not a number), tanggal (unreadable date), panjang (wrong length), minus (negative). Rows with a repeated
    key are added at the end, so the first one is the true one. `note` receives each kind with its row numbers.
    """
    n = table.num_rows
    rows = np.flatnonzero(rng.random(n) < share)
    if share > 0 and n and not len(rows):
        rows = rng.choice(n, 1)
    choice = rng.integers(0, len(defects) + 2, len(rows))
    for i, (column, kind) in enumerate(defects):
        at = rows[choice == i]
        if len(at):
            table = _replace_cells(table, column, at, kind)
            note(f"rusak_{kind}", at)
    at = rows[choice == len(defects)]
    if parent_column is not None and len(at):
        table = _replace_cells(table, parent_column, at, "yatim")
        note("rusak_yatim", at)
    at = rows[choice == len(defects) + 1]
    if len(at):
        # The copy carries another row's values under a key that exists already.
        copies = table.take(pa.array((at + 1) % n))
        copies = copies.set_column(copies.column_names.index(key), key, table.column(key).take(pa.array(at)))
        table = pa.concat_tables([table, copies])
        note("rusak_kunci_ganda", at)
    return table


def _replace_cells(table: pa.Table, column: str, at: np.ndarray, kind: str) -> pa.Table:
    """Put a value that breaks the contract into the rows `at` of one column."""
    content = table.column(column).combine_chunks()
    if kind == "kode" and pa.types.is_integer(content.type):
        substitute: pa.Scalar = pa.scalar(WRONG_CODE, content.type)
    else:
        content = content.cast(pa.string())
        substitute = pa.scalar(
            {
                "kode": str(WRONG_CODE),
                "label": WRONG_LABEL,
                "kosong": "",
                "angka": "tiga puluh",
                "tanggal": "tidak tahu",
                "panjang": "7",
                "yatim": "TIDAK-DIKIRIM",
                "minus": "-5",
            }[kind]
        )
    mask = np.zeros(len(content), bool)
    mask[at] = True
    return table.set_column(table.column_names.index(column), column, pc.if_else(pa.array(mask), substitute, content))
