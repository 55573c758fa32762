"""What an office's spreadsheet makes of a table before it is sent.

What belongs here: cells typed anew and files put together by hand. The mixture is another than that of
``dtsen_pipeline.simulation``, with which this shares nothing. Every table has its own habits (``_HABITS``).
"""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb

# By table: what happens to the cells of some columns (``_CELLS``), and to the file.
_HABITS: dict[tuple[str, str], tuple[dict[str, str], str]] = {
    ("dtks", "rumah_tangga"): (
        {"kdprop": "formula", "kdkab": "formula", "kdkec": "number", "nama_sls": "error", "jumlah_kamar": "word"},
        "commas",
    ),
    ("dtks", "anggota"): (
        {"tgllahir": "american", "tmplahir": "error", "namagadis_ibukandung": "word", "lastupdatedata": "formula"},
        "title",
    ),
    ("regsosek", "keluarga"): (
        {
            "kode_provinsi": "point",
            "kode_kabupaten": "number",
            "kode_kecamatan": "number",
            "kode_desa": "number",
            "luas_lantai": "point",
            "tanggal_pendataan": "spoken",
            "alamat": "error",
        },
        "separator",
    ),
    ("regsosek", "anggota"): ({"tgl_lahir": "instant", "tempat_lahir": "error", "kd_bekerja": "word"}, "padded"),
    ("p3ke", "keluarga"): (
        {"kode_kemdagri": "dots", "alamat": "error", "pengeluaran": "word", "tanggal_data": "formula"},
        "encodings",
    ),
    ("p3ke", "individu"): ({"tanggal_lahir": "spoken", "pekerjaan": "word", "padan_dukcapil": "word"}, "encodings"),
}
_BIRTH_DATES = ("tgllahir", "tgl_lahir", "tanggal_lahir")
# SQL list of the names of the months.
_MONTHS = (
    "['JANUARI','FEBRUARI','MARET','APRIL','MEI','JUNI','JULI','AGUSTUS','SEPTEMBER','OKTOBER','NOVEMBER','DESEMBER']"
)
# SQL of what becomes of the cell @c (text); @d is its day, null where it is no full date, @u a number from 0 to 1 of its own.
_CELLS = {
    "formula": """case when @c <> '' and @u < 0.25 then '="' || @c || '"' else @c end""",
    "number": "case when @u < 0.5 then cast(try_cast(@c as integer) as varchar) else @c end",
    "point": "case when @c <> '' and @u < 0.4 then concat(try_cast(@c as integer), '.0') else @c end",
    "dots": "case when @u < 0.8 then concat_ws('.', @c[1:2], @c[3:4], @c[5:6], @c[7:]) else @c end",
    "american": "coalesce(strftime(@d, '%m/%d/%Y 12:00:00 AM'), @c)",
    "instant": "coalesce(strftime(@d - 1, '%Y-%m-%dT17:00:00.000Z'), @c)",
    "spoken": f"""case when @d is null or @u > 0.5 then @c
        when @u < 0.2 then concat(day(@d), ' ', list_extract({_MONTHS}, month(@d)), ' ', year(@d))
        when @u < 0.3 then concat(strftime(@d, '%d'), ' ', left(list_extract({_MONTHS}, month(@d)), 3), ' ', year(@d))
        when @u < 0.4 and year(@d) > 1926 then strftime(@d, '%d-%b-%y')
        else strftime(@d, '%d%m%Y') end""",
    "error": "case when @c <> '' and @u < 0.004 then case when @u < 0.002 then '#REF!' else '#NAME?' end else @c end",
    "word": r"""case when coalesce(@c, '') = '' then case when @u < 0.1 then '-' else @c end
        when @u < 0.001 then 'N/A' when @u < 0.002 then '\N' when @u < 0.004 then 'TIDAK TAHU' else @c end""",
    "": "@c",
}
# Share of birth dates that become the day of an empty cell.
_EMPTY_DATES = 0.003
# SQL of the day that the cell @c holds.
_DAY = """coalesce(
    try_cast(case when @c similar to '[0-9]{4}-[0-9]{2}-[0-9]{2}' then @c end as date),
    cast(try_strptime(case when @c similar to '[0-9]{2}/[0-9]{2}/[0-9]{4}' then @c end, '%d/%m/%Y') as date))"""


def retype(con: duckdb.DuckDBPyConnection, rows: str, source: str, table: str, file: Path, cells: Path) -> None:
    """Write the rows of the query ``rows``, whose first column is the key, to ``file`` as the office sends them.

    ``cells`` is a Parquet file that gets the same cells as text. A padded file is compressed and gets the suffix ``.gz``.
    """
    kinds, kind_of_file = _HABITS[source, table]
    names = [name for name, *_ in con.execute(f"describe {rows}").fetchall()]
    columns = [f"{_cell_sql(name, names[0], kinds.get(name, ''))} as {name}" for name in names]
    con.execute(f"copy (select {', '.join(columns)} from ({rows})) to '{cells}'")
    con.sql(f"from '{cells}'").write_csv(str(file), sep=";" if kind_of_file == "separator" else ",")
    text = _put_together(file.read_bytes().split(b"\n"), kind_of_file)
    if kind_of_file == "padded":
        file.unlink()
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(text, 1, mtime=0) + bytes(1024))
    else:
        file.write_bytes(text)


def _cell_sql(name: str, key: str, kind: str) -> str:
    """Write the SQL of column ``name`` after ``kind`` happened to its cells; ``key`` is the column that tells rows apart."""
    cell = _CELLS[kind].replace("@d", _DAY)
    if name in _BIRTH_DATES:
        empty = f"['1899-12-30', '1970-01-01', '0', '1900-01-00'][1 + cast(hash({key}) % 4 as integer)]"
        cell = f"case when @u between 0.9 and {0.9 + _EMPTY_DATES} then {empty} else {cell} end"
    chance = f"(hash({key}, '{name}') % 100000 / 1e5)"
    return cell.replace("@c", f"cast({name} as varchar)").replace("@u", chance)


def _put_together(lines: list[bytes], kind: str) -> bytes:
    """Join the lines of a file as an office does that puts it together by hand."""
    if kind == "separator":
        lines.insert(0, b"sep=;")
    elif kind == "title":
        lines[:0] = [b"LAPORAN DATA ANGGOTA RUMAH TANGGA,,", b""]
    elif kind == "commas":
        lines = [line + b",," if line else line for line in lines]
    elif kind == "encodings":
        # what one operator typed came in Windows' letters
        lines = [_in_windows(line) if n % 3 == 0 and not line.isascii() else line for n, line in enumerate(lines)]
    return (b"\r\n" if kind == "title" else b"\n").join(lines)


def _in_windows(line: bytes) -> bytes:
    return line.decode("utf-8").encode("cp1252", errors="replace")
