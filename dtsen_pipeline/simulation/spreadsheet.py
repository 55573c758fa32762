"""Damage a delivery as spreadsheets, report writers and transfers do: cells change their spelling, files their shape.

Belongs here: damage that happens after the clerk, to whole columns and whole files. Every table has its own mixture,
so one delivery has them all. What a clerk gets wrong belongs in `damage` and `text_damage`, plain files in `files`.
"""

import gzip
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import pyarrow as pa

# Shares of cells that hold a formula's error, a word for "unknown", a date that stands for none; and the share of
# empty cells that hold a mark.
ERROR_SHARE, UNKNOWN_SHARE, EMPTY_DATE_SHARE, EMPTY_MARK_SHARE = 0.003, 0.002, 0.004, 0.05
MONTH_NAMES = (
    "'Januari','Februari','Maret','April','Mei','Juni','Juli','Agustus','September','Oktober','November','Desember'"
)
MONTH_ABBREVIATIONS = "'Jan','Feb','Mar','Apr','Mei','Jun','Jul','Agt','Sep','Okt','Nov','Des'"
EMPTY_DATES = "'1899-12-30', '1900-01-01', '0', '0000-00-00', '1970-01-01'"
# A date as YYYY-MM-DD, a pattern in SQL.
ISO_PATTERN = r"'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'"

# (source, table) -> column -> kind of damage to its cells (see `_cell_sql`).
CELL_DAMAGE: dict[tuple[str, str], dict[str, str]] = {
    ("dtks", "rumah_tangga"): {
        "kdkec": "zeros_lost",
        "kddesa": "zeros_lost",
        "kdkab": "formula",
        "alamat": "formula_error",
        "nama_sls": "formula_error",
        "luas_lantai": "unknown",
        "lastupdatedata": "month_first",
    },
    ("dtks", "anggota"): {
        "nik": "formula",
        "tgllahir": "month_name",
        "tmplahir": "formula_error",
        "namagadis_ibukandung": "unknown",
        "hub_krt": "point_zero",
    },
    ("regsosek", "keluarga"): {
        "kode_provinsi": "point_zero",
        "kode_kabupaten": "point_zero",
        "kode_kecamatan": "point_zero",
        "kode_desa": "formula",
        "luas_lantai": "point_zero",
        "kd_jenis_lantai_terluas": "point_zero",
        "tanggal_pendataan": "formula",
        "alamat": "formula_error",
        "jumlah_kambing_domba": "unknown",
    },
    ("regsosek", "anggota"): {"tempat_lahir": "formula_error"},
    ("p3ke", "keluarga"): {
        "kode_kemdagri": "dotted",
        "tanggal_data": "instant",
        "alamat": "formula_error",
        "jenis_dinding": "unknown",
        "penghasilan": "unknown",
    },
    ("p3ke", "individu"): {"tanggal_lahir": "month_first", "status_kawin": "unknown", "nik": "formula"},
}
# (source, table) -> shape of its file (see `write_spreadsheet`).
FILE_SHAPES = {
    ("dtks", "rumah_tangga"): "sep",
    ("dtks", "anggota"): "gz_zeros",
    ("regsosek", "keluarga"): "title",
    ("regsosek", "anggota"): "workbook_1904",
    ("p3ke", "keluarga"): "trailing_comma",
    ("p3ke", "individu"): "two_encodings",
}
BIRTH_COLUMNS = {"tgllahir", "tgl_lahir", "tanggal_lahir"}


def damage_cells(table: pa.Table, source: str, table_name: str, key: str, seed: int) -> pa.Table:
    """Return the table as a spreadsheet left it, all columns text. The same arguments give the same cells."""
    cells = CELL_DAMAGE[source, table_name]
    columns = []
    for k in table.column_names:
        # Each cell has its own number, so damage in one column says nothing about the next.
        u = f"(hash(concat({key}, ':{k}:{seed}')) % 1000000 / 1e6)"
        content = _cell_sql(cells.get(k, ""), f'cast("{k}" as varchar)', u)
        if k in BIRTH_COLUMNS:
            which = f"(hash(concat({key}, 'nol')) % 1000000 / 1e6)"
            empty_date = f"list_extract([{EMPTY_DATES}], 1 + cast(floor({which} * 5) as int))"
            content = f"case when {u} between 0.5 and {0.5 + EMPTY_DATE_SHARE} then {empty_date} else {content} end"
        columns.append(f'{content} as "{k}"')
    with duckdb.connect() as con:
        con.register("cells", table)
        return con.sql(f"select {', '.join(columns)} from cells").to_arrow_table()


def _cell_sql(kind: str, c: str, u: str) -> str:
    """Return the SQL of cell `c` after one kind of damage. `u` is the SQL of the cell's own number from 0 to 1."""
    date = f"cast(case when regexp_matches({c}, {ISO_PATTERN}) then {c} end as date)"
    if kind == "zeros_lost":
        return f"case when {u} < 0.7 then coalesce(nullif(ltrim({c}, '0'), ''), '0') else {c} end"
    if kind == "point_zero":
        return f"case when {c} <> '' and {u} < 0.6 then {c} || '.0' else {c} end"
    if kind == "formula":
        return f"""case when {c} <> '' and {u} < 0.5 then '="' || {c} || '"' else {c} end"""
    if kind == "dotted":
        return f"concat_ws('.', {c}[1:2], {c}[3:4], {c}[5:6], {c}[7:])"
    if kind == "instant":
        return f"coalesce(strftime({date} - 1, '%Y-%m-%dT17:00:00Z'), {c})"
    if kind == "month_name":
        long_date = f"day({date}) || ' ' || list_extract([{MONTH_NAMES}], month({date})) || ' ' || year({date})"
        abbreviation = f"list_extract([{MONTH_ABBREVIATIONS}], month({date}))"
        short_date = f"strftime({date}, '%d') || '-' || {abbreviation} || '-' || strftime({date}, '%y')"
        # The reader resolves a year of two digits by the age it gives. Before 1927 two ages would be possible.
        return f"""case when {date} is null then {c} when {u} < 0.2 then {long_date}
            when {u} < 0.3 and year({date}) > 1926 then {short_date} else {c} end"""
    if kind == "month_first":
        month_first = rf"regexp_replace({c}, '^(0[1-9]|[12]\d|3[01])[/-](\d\d)[/-](\d{{4}})$', '\2/\1/\3 12:00:00 AM')"
        return f"coalesce(strftime({date}, '%-m/%-d/%Y 12:00:00 AM'), {month_first})"
    if kind == "formula_error":
        error = f"list_extract(['#NAME?', '#REF!', '#VALUE!'], 1 + cast(floor({u} / {ERROR_SHARE} * 3) as int))"
        return f"case when {c} <> '' and {u} < {ERROR_SHARE} then {error} else {c} end"
    if kind == "unknown":
        word = f"list_extract(['TIDAK TAHU', '-', '\\N', 'N/A'], 1 + cast(floor({u} * 1000) as int) % 4)"
        share = f"case when coalesce({c}, '') = '' then {EMPTY_MARK_SHARE} else {UNKNOWN_SHARE} end"
        return f"case when {u} < {share} then {word} else {c} end"
    return c


def write_spreadsheet(table: pa.Table, folder: Path, source: str, table_name: str) -> Path:
    """Write a table of text in the shape that FILE_SHAPES has for it."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = FILE_SHAPES[source, table_name]
    if shape == "workbook_1904":
        return _write_workbook(table, folder / f"{table_name}.xlsx")
    delimiter = ";" if shape == "sep" else ","
    with duckdb.connect() as con:
        con.register("cells", table)
        path = folder / f"{table_name}.csv"
        con.sql("from cells").write_csv(str(path), sep=delimiter)
    content = path.read_bytes()
    if shape == "sep":
        content = b"sep=;\r\n" + content.replace(b"\n", b"\r\n")
    elif shape == "title":
        content = f"DATA {table_name.upper()} {source.upper()}\n\n".encode() + content
    elif shape == "trailing_comma":
        header, body = content.split(b"\n", 1)
        content = header + b"\n" + body.replace(b"\n", b",\n")
    elif shape == "two_encodings":
        # Half of the offices write cp1252; the file was put together from all.
        line_number = iter(range(len(content)))
        content = re.sub(
            rb"[^\n]*[\x80-\xff][^\n]*", lambda m: _windows(m[0]) if next(line_number) % 2 else m[0], content
        )
    elif shape == "gz_zeros":
        path.unlink()
        path = folder / f"{table_name}.csv.gz"
        content = gzip.compress(content, compresslevel=1, mtime=0) + bytes(512)
    path.write_bytes(content)
    return path


def _windows(line: bytes) -> bytes:
    """Encode a line of UTF-8 as cp1252."""
    return line.decode("utf-8").encode("cp1252", errors="replace")


# Days of the serial numbers of a spreadsheet between 1899-12-30 and 1904-01-01.
DAYS_1900_TO_1904 = 1462


def _write_workbook(table: pa.Table, path: Path) -> Path:
    """Write a workbook that counts days from 1904, with dates as numbers and empty cells typed as text."""
    n = table.num_columns
    with duckdb.connect() as con:
        con.register("cells", table)
        date_columns = [k for k in table.column_names if k in BIRTH_COLUMNS]
        serial_numbers = ", ".join(
            f"""case when regexp_matches({k}, {ISO_PATTERN}) and {k} > '1904-01-01'
            then '@' || (cast({k} as date) - date '1904-01-01')
            when regexp_matches({k}, '^\\d{{4,5}}(\\.0)?$') and try_cast({k} as double) > 2200
            then '@' || cast(cast({k} as double) - {DAYS_1900_TO_1904} as int) else {k} end as {k}"""
            for k in date_columns
        )
        rows = con.sql(f"select * replace ({serial_numbers}) from cells" if serial_numbers else "from cells").fetchall()
    header = "".join(f'<c r="{_column_letters(i)}1" t="s"><v>{i}</v></c>' for i in range(n))
    row_xml = [f'<row r="1">{header}</row>']
    for r, cells in enumerate(rows, start=2):
        row_xml.append(f'<row r="{r}">{"".join(_workbook_cell(x, i, r) for i, x in enumerate(cells))}</row>')
    shared_strings = "".join(f"<si><t>{escape(k)}</t></si>" for k in table.column_names)
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relationships_ns = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_ns = "http://schemas.openxmlformats.org/package/2006"
    type_prefix = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package_ns}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{part}.xml" ContentType="{type_prefix}.{content}+xml"/>'
            for part, content in (
                ("workbook", "sheet.main"),
                ("worksheets/sheet1", "worksheet"),
                ("sharedStrings", "sharedStrings"),
                ("styles", "styles"),
            )
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package_ns}/relationships">'
        f'<Relationship Id="r1" Type="{relationships_ns}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main_ns}" xmlns:r="{relationships_ns}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package_ns}/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{relationships_ns}/{content}" Target="{target}.xml"/>'
            for i, (content, target) in enumerate(
                (("worksheet", "worksheets/sheet1"), ("sharedStrings", "sharedStrings"), ("styles", "styles")), start=1
            )
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{main_ns}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main_ns}" count="{n}" uniqueCount="{n}">{shared_strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main_ns}"><sheetData>{"".join(row_xml)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as z:
        for part_name, body in parts.items():
            # With the present time every run would write other bytes.
            entry = zipfile.ZipInfo(part_name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(entry, f'<?xml version="1.0" encoding="UTF-8"?>{body}', compresslevel=1)
    return path


def _column_letters(i: int) -> str:
    return chr(65 + i) if i < 26 else chr(64 + i // 26) + chr(65 + i % 26)


def _workbook_cell(value: str | None, i: int, r: int) -> str:
    """Return the XML of the cell in column `i`, row `r`. A value after '@' is a date's serial number."""
    cell_start = f'<c r="{_column_letters(i)}{r}"'
    if not value:
        return ("", f'{cell_start} t="s"/>', f'{cell_start} t="s"></c>')[(i + r) % 3]
    if value[0] == "@":
        return f'{cell_start} s="1"><v>{value[1:]}</v></c>'
    return f'{cell_start} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
