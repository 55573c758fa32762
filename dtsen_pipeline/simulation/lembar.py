"""What a spreadsheet, a report writer and a transfer do to a delivery: cells that changed their spelling, files that changed
their shape.

Belongs here: damage that happens after the clerk, to whole columns and whole files. Every table has its own mixture, so that a
delivery has them all. What a clerk gets wrong belongs in `kerusakan` and `tulisan`, plain files in `berkas`.
"""

import gzip
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import pyarrow as pa

# Shares of cells: an error of a formula, a word for "unknown", a date of nothing; of empty cells, those with a mark.
GALAT, TAK_TAHU, TANGGAL_KOSONG, TANDA = 0.003, 0.002, 0.004, 0.05
BULAN = "'Januari','Februari','Maret','April','Mei','Juni','Juli','Agustus','September','Oktober','November','Desember'"
PENDEK = "'Jan','Feb','Mar','Apr','Mei','Jun','Jul','Agt','Sep','Okt','Nov','Des'"
ISO = r"'^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'"

# Of each table, what happened to which columns; and the shape of its file.
SEL: dict[tuple[str, str], dict[str, str]] = {
    ("dtks", "rumah_tangga"): {
        "kdkec": "nol_hilang",
        "kddesa": "nol_hilang",
        "kdkab": "rumus",
        "alamat": "galat",
        "nama_sls": "galat",
        "luas_lantai": "tak_tahu",
        "lastupdatedata": "bulan_dulu",
    },
    ("dtks", "anggota"): {
        "nik": "rumus",
        "tgllahir": "nama_bulan",
        "tmplahir": "galat",
        "namagadis_ibukandung": "tak_tahu",
        "hub_krt": "titik_nol",
    },
    ("regsosek", "keluarga"): {
        "kode_provinsi": "titik_nol",
        "kode_kabupaten": "titik_nol",
        "kode_kecamatan": "titik_nol",
        "kode_desa": "rumus",
        "luas_lantai": "titik_nol",
        "kd_jenis_lantai_terluas": "titik_nol",
        "tanggal_pendataan": "rumus",
        "alamat": "galat",
        "jumlah_kambing_domba": "tak_tahu",
    },
    ("regsosek", "anggota"): {"tempat_lahir": "galat"},
    ("p3ke", "keluarga"): {
        "kode_kemdagri": "bertitik",
        "tanggal_data": "instan",
        "alamat": "galat",
        "jenis_dinding": "tak_tahu",
        "penghasilan": "tak_tahu",
    },
    ("p3ke", "individu"): {"tanggal_lahir": "bulan_dulu", "status_kawin": "tak_tahu", "nik": "rumus"},
}
BENTUK = {
    ("dtks", "rumah_tangga"): "sep",
    ("dtks", "anggota"): "gz_nol",
    ("regsosek", "keluarga"): "judul",
    ("regsosek", "anggota"): "buku_1904",
    ("p3ke", "keluarga"): "koma",
    ("p3ke", "individu"): "dua_sandi",
}
LAHIR = {"tgllahir", "tgl_lahir", "tanggal_lahir"}


def rusak_lembar(tabel: pa.Table, sumber: str, nama: str, kunci: str, seed: int) -> pa.Table:
    """The table as the spreadsheet left it, all columns text; the same arguments give the same cells."""
    sel = SEL[sumber, nama]
    kolom = []
    for k in tabel.column_names:
        # A number of the cell's own: what befalls one column says nothing about the next.
        u = f"(hash(concat({kunci}, ':{k}:{seed}')) % 1000000 / 1e6)"
        isi = _sel(sel.get(k, ""), f'cast("{k}" as varchar)', u)
        if k in LAHIR:
            nol = "list_extract(['1899-12-30', '1900-01-01', '0', '0000-00-00', '1970-01-01'], 1 + cast(floor(u9 * 5) as int))"
            nol = nol.replace("u9", f"(hash(concat({kunci}, 'nol')) % 1000000 / 1e6)")
            isi = f"case when {u} between 0.5 and {0.5 + TANGGAL_KOSONG} then {nol} else {isi} end"
        kolom.append(f'{isi} as "{k}"')
    with duckdb.connect() as con:
        con.register("tabel", tabel)
        return con.sql(f"select {', '.join(kolom)} from tabel").to_arrow_table()


def _sel(macam: str, c: str, u: str) -> str:
    """SQL of a cell `c` after one kind of damage; `u` is a number from 0 to 1 of that cell."""
    hari = f"cast(case when regexp_matches({c}, {ISO}) then {c} end as date)"
    if macam == "nol_hilang":
        return f"case when {u} < 0.7 then coalesce(nullif(ltrim({c}, '0'), ''), '0') else {c} end"
    if macam == "titik_nol":
        return f"case when {c} <> '' and {u} < 0.6 then {c} || '.0' else {c} end"
    if macam == "rumus":
        return f"""case when {c} <> '' and {u} < 0.5 then '="' || {c} || '"' else {c} end"""
    if macam == "bertitik":
        return f"concat_ws('.', {c}[1:2], {c}[3:4], {c}[5:6], {c}[7:])"
    if macam == "instan":
        return f"coalesce(strftime({hari} - 1, '%Y-%m-%dT17:00:00Z'), {c})"
    if macam == "nama_bulan":
        panjang = f"day({hari}) || ' ' || list_extract([{BULAN}], month({hari})) || ' ' || year({hari})"
        pendek = (
            f"strftime({hari}, '%d') || '-' || list_extract([{PENDEK}], month({hari})) || '-' || strftime({hari}, '%y')"
        )
        # Two digits of a year are read by the age that they give; before 1927 they would give two.
        return f"""case when {hari} is null then {c} when {u} < 0.2 then {panjang}
            when {u} < 0.3 and year({hari}) > 1926 then {pendek} else {c} end"""
    if macam == "bulan_dulu":
        miring = rf"regexp_replace({c}, '^(0[1-9]|[12]\d|3[01])[/-](\d\d)[/-](\d{{4}})$', '\2/\1/\3 12:00:00 AM')"
        return f"coalesce(strftime({hari}, '%-m/%-d/%Y 12:00:00 AM'), {miring})"
    if macam == "galat":
        salah = f"list_extract(['#NAME?', '#REF!', '#VALUE!'], 1 + cast(floor({u} / {GALAT} * 3) as int))"
        return f"case when {c} <> '' and {u} < {GALAT} then {salah} else {c} end"
    if macam == "tak_tahu":
        kata = f"list_extract(['TIDAK TAHU', '-', '\\N', 'N/A'], 1 + cast(floor({u} * 1000) as int) % 4)"
        return f"case when {u} < case when coalesce({c}, '') = '' then {TANDA} else {TAK_TAHU} end then {kata} else {c} end"
    return c


def tulis_lembar(tabel: pa.Table, folder: Path, sumber: str, nama: str) -> Path:
    """Write the table in the shape of its table; `tabel` holds text."""
    folder.mkdir(parents=True, exist_ok=True)
    bentuk = BENTUK[sumber, nama]
    if bentuk == "buku_1904":
        return _tulis_buku(tabel, folder / f"{nama}.xlsx")
    pemisah = ";" if bentuk == "sep" else ","
    with duckdb.connect() as con:
        con.register("tabel", tabel)
        jalur = folder / f"{nama}.csv"
        con.sql("from tabel").write_csv(str(jalur), sep=pemisah)
    isi = jalur.read_bytes()
    if bentuk == "sep":
        isi = b"sep=;\r\n" + isi.replace(b"\n", b"\r\n")
    elif bentuk == "judul":
        isi = f"DATA {nama.upper()} {sumber.upper()}\n\n".encode() + isi
    elif bentuk == "koma":
        kepala, sisa = isi.split(b"\n", 1)
        isi = kepala + b"\n" + sisa.replace(b"\n", b",\n")
    elif bentuk == "dua_sandi":
        # Half of the offices write Windows' letters; the file was put together from all.
        ke = iter(range(len(isi)))
        isi = re.sub(rb"[^\n]*[\x80-\xff][^\n]*", lambda m: _windows(m[0]) if next(ke) % 2 else m[0], isi)
    elif bentuk == "gz_nol":
        jalur.unlink()
        jalur = folder / f"{nama}.csv.gz"
        isi = gzip.compress(isi, compresslevel=1, mtime=0) + bytes(512)
    jalur.write_bytes(isi)
    return jalur


def _windows(baris: bytes) -> bytes:
    return baris.decode("utf-8").encode("cp1252", errors="replace")


# Days of the serial numbers of a spreadsheet between 1899-12-30 and 1904-01-01.
SELISIH_1904 = 1462


def _tulis_buku(tabel: pa.Table, jalur: Path) -> Path:
    """A workbook that counts days from 1904, with dates as numbers and empty cells that say that they are text."""
    n = tabel.num_columns
    with duckdb.connect() as con:
        con.register("tabel", tabel)
        tanggal = [k for k in tabel.column_names if k in LAHIR]
        ganti = ", ".join(
            f"""case when regexp_matches({k}, {ISO}) and {k} > '1904-01-01' then '@' || (cast({k} as date) - date '1904-01-01')
            when regexp_matches({k}, '^\\d{{4,5}}(\\.0)?$') and try_cast({k} as double) > 2200
            then '@' || cast(cast({k} as double) - {SELISIH_1904} as int) else {k} end as {k}"""
            for k in tanggal
        )
        baris = con.sql(f"select * replace ({ganti}) from tabel" if ganti else "from tabel").fetchall()
    kepala = "".join(f'<c r="{_huruf(i)}1" t="s"><v>{i}</v></c>' for i in range(n))
    isi = [f'<row r="1">{kepala}</row>']
    for r, nilai in enumerate(baris, start=2):
        isi.append(f'<row r="{r}">{"".join(_sel_buku(x, i, r) for i, x in enumerate(nilai))}</row>')
    teks = "".join(f"<si><t>{escape(k)}</t></si>" for k in tabel.column_names)
    utama = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    hubungan = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    paket = "http://schemas.openxmlformats.org/package/2006"
    jenis = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    isian = {
        "[Content_Types].xml": f'<Types xmlns="{paket}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{bagian}.xml" ContentType="{jenis}.{apa}+xml"/>'
            for bagian, apa in (
                ("workbook", "sheet.main"),
                ("worksheets/sheet1", "worksheet"),
                ("sharedStrings", "sharedStrings"),
                ("styles", "styles"),
            )
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{paket}/relationships">'
        f'<Relationship Id="r1" Type="{hubungan}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{utama}" xmlns:r="{hubungan}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{paket}/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{hubungan}/{apa}" Target="{target}.xml"/>'
            for i, (apa, target) in enumerate(
                (("worksheet", "worksheets/sheet1"), ("sharedStrings", "sharedStrings"), ("styles", "styles")), start=1
            )
        )
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{utama}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{utama}" count="{n}" uniqueCount="{n}">{teks}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{utama}"><sheetData>{"".join(isi)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(jalur, "w") as z:
        for nama, badan in isian.items():
            # The time of the clock would give every run other bytes.
            satu = zipfile.ZipInfo(nama, (1980, 1, 1, 0, 0, 0))
            satu.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(satu, f'<?xml version="1.0" encoding="UTF-8"?>{badan}', compresslevel=1)
    return jalur


def _huruf(i: int) -> str:
    return chr(65 + i) if i < 26 else chr(64 + i // 26) + chr(65 + i % 26)


def _sel_buku(nilai: str | None, i: int, r: int) -> str:
    di = f'<c r="{_huruf(i)}{r}"'
    if not nilai:
        return ("", f'{di} t="s"/>', f'{di} t="s"></c>')[(i + r) % 3]
    if nilai[0] == "@":
        return f'{di} s="1"><v>{nilai[1:]}</v></c>'
    return f'{di} t="inlineStr"><is><t xml:space="preserve">{escape(nilai)}</t></is></c>'
