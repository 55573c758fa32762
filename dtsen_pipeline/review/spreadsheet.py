"""The spreadsheet in which pairs are reviewed: its columns and look, and reading its cells back.

What belongs here: files and cells, .xlsx or .csv. What a row means stands in ``decisions``.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.contracts.workbook_archive import DAMAGE
from dtsen_pipeline.documents import FORMULA, escape_formula, unescape_formula
from dtsen_pipeline.errors import InputError

SHEET, HELP = "antrean", "petunjuk"
FORMATS = (".xlsx", ".csv")
SAME, APART, UNSURE = "sama", "beda", "ragu"

Cells = Mapping[str, str | float]

# Control characters, which a sheet cannot store and which could steer a terminal, and marks that turn the direction of the text
# around them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# What openpyxl raises, beside ``DAMAGE``, on a workbook whose parts are there with the wrong content.
_WRONG_CONTENT = (
    InvalidFileException,
    zlib.error,
    SyntaxError,
    RuntimeError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
)

# Column: (name in English, width in characters). What is filled in comes first, and the first two columns stay in sight.
_QUESTION: Mapping[str, tuple[str, int]] = {
    "nomor": ("number", 8),
    "putusan": ("decision", 12),
    "pemutus": ("who decided", 16),
    "tanggal": ("date decided", 14),
    "alasan": ("reason", 30),
    "sebab": ("why in the queue", 34),
}
SHOWN: Mapping[str, tuple[str, int]] = {
    "sumber": ("source", 10),
    "nama": ("name", 28),
    "nik": ("NIK", 19),
    "tgl_lahir": ("birth date", 12),
    "jenis_kelamin": ("sex", 9),
    "kk": ("family card", 19),
    "tempat_lahir": ("birthplace", 18),
    "hubungan": ("relation", 22),
    "alamat": ("address", 28),
    "desa": ("village", 32),
}
_TECHNICAL: Mapping[str, tuple[str, int]] = {
    "bobot": ("match weight, log2", 10),
    "stratum": ("stratum", 24),
    "peluang_terpilih": ("inclusion probability", 12),
    "record_l": ("record 1", 24),
    "record_r": ("record 2", 24),
}
FILLED = ("putusan", "pemutus", "tanggal", "alasan")
_NEEDED = (*FILLED, "record_l", "record_r", "stratum", "peluang_terpilih", "bobot")

_INSTRUCTIONS = (
    Bilingual(
        "Setiap baris adalah dua rekaman dari sumber. Apakah keduanya orang yang sama?",
        "Every row is two records of the sources. Are they one person?",
    ),
    Bilingual(
        "Sel kuning: kedua rekaman berbeda dalam hal itu. Kosong berarti sumber tidak menyebutnya.",
        "Yellow cells: the two records differ there. Empty means that the source does not say.",
    ),
    Bilingual(
        "putusan: sama (satu orang), beda (dua orang), ragu (tidak dapat diputuskan). Yang belum diputus dibiarkan kosong.",
        "decision: sama (one person), beda (two persons), ragu (cannot be decided). Leave empty what is not decided yet.",
    ),
    Bilingual(
        "pemutus: siapa yang memutuskan. tanggal: TTTT-BB-HH, misalnya 2025-03-21. alasan: dasar putusan. Ketiganya wajib.",
        "who decided, the date as YYYY-MM-DD, e.g. 2025-03-21, and the reason. All three are required.",
    ),
    Bilingual(
        "Kerjakan dari atas ke bawah: urutannya acak, sehingga sebagian yang selesai tetap mewakili seluruhnya.",
        "Work from the top: the order is random, so a part that is done still stands for the whole.",
    ),
    Bilingual(
        "Putusan mengalahkan model pada setiap bulan berikutnya. Putusan baru atas pasangan yang sama mengalahkan yang lama.",
        "Decisions outrank the model in every month to come. A later decision on a pair outranks an earlier one.",
    ),
    Bilingual(
        "Kolom abu-abu di kanan dipakai mesin; jangan diubah. Kembalikan dengan: dtsen review --read BERKAS",
        "The grey columns on the right are for the machine; leave them. Hand back with: dtsen review --read FILE",
    ),
    Bilingual(
        "Berkas ini memuat data pribadi (UU 27/2022): jangan dikirim lewat jalur terbuka, hapus setelah dibaca kembali.",
        "This file holds personal data (UU 27/2022): never send it by an open channel, delete it once it is read back.",
    ),
)


def printable(value: object) -> str:
    """``value`` as one line of text without characters that a sheet refuses or a terminal obeys; '' for None."""
    return "" if value is None else _UNPRINTABLE.sub(" ", str(value)).strip()


def _columns() -> dict[str, tuple[str, int]]:
    """Every column of the queue in order, with the heading that a person reads and its width in characters."""
    both = {
        f"{name}_{side}": (f"{english} {side}", width) for name, (english, width) in SHOWN.items() for side in (1, 2)
    }
    return {
        name: (f"{name} / {english}", width) for name, (english, width) in {**_QUESTION, **both, **_TECHNICAL}.items()
    }


def write_queue(rows: Sequence[Cells], to: Path) -> None:
    """Write the queue as .csv or .xlsx; every row has the names of all columns."""
    (_write_csv if to.suffix.lower() == ".csv" else _write_xlsx)(rows, to)


def _write_csv(rows: Sequence[Cells], to: Path) -> None:
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([heading for heading, _ in _columns().values()])
        writer.writerows(
            [escape_formula(value) if isinstance(value := row[name], str) else value for name in _columns()]
            for row in rows
        )


def _write_xlsx(rows: Sequence[Cells], to: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    columns = _columns()
    light, differs, filled = (PatternFill("solid", start_color=colour) for colour in ("F2F2F2", "FFF2CC", "E2F0D9"))
    for place, (name, (heading, width)) in enumerate(columns.items(), start=1):
        top = sheet.cell(1, place, heading)
        top.font = Font(bold=True)
        top.fill = filled if name in FILLED else light
        top.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = width
    for line, row in enumerate(rows, start=2):
        for place, name in enumerate(columns, start=1):
            cell = sheet.cell(line, place)
            _put(cell, row[name])
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if name in FILLED:
                cell.fill, cell.protection = filled, Protection(locked=False)
                if name == "tanggal":
                    cell.number_format = "yyyy-mm-dd"
            elif name in _TECHNICAL:
                cell.fill, cell.font = light, Font(color="808080")
            elif name[:-2] in SHOWN and _differ(name[:-2], row):
                cell.fill = differs
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 32
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    choice = DataValidation(
        type="list",
        formula1=f'"{SAME},{APART},{UNSURE}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="putusan",
        error=f"Pilih/choose: {SAME}, {APART}, {UNSURE}",
    )
    letter = get_column_letter(list(columns).index("putusan") + 1)
    choice.add(f"{letter}2:{letter}{max(len(rows) + 1, 2)}")
    sheet.add_data_validation(choice)
    # Protects against slips, not against intent: there is no password.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    _write_help(workbook.create_sheet(HELP))
    workbook.save(to)


def _differ(name: str, row: Cells) -> bool:
    """Whether both records have a value of the fact ``name``, and not the same one; the source is no such fact."""
    first, second = row[f"{name}_1"], row[f"{name}_2"]
    return name != "sumber" and first != "" and second != "" and first != second


def _put(cell: Cell | MergedCell, value: str | float) -> None:
    """Write ``value``; text is kept as text, also where it looks like a formula."""
    cell.value = None if value == "" else value
    if isinstance(value, str):
        cell.number_format = "@"
        if re.match(FORMULA, value):
            cell.data_type = "s"
            cell.quotePrefix = True


def _write_help(sheet: Worksheet) -> None:
    sheet.append(["Petunjuk", "Instructions"])
    for text in _INSTRUCTIONS:
        sheet.append((text.id, text.en))
    for name in "AB":
        sheet.column_dimensions[name].width = 70
        sheet[f"{name}1"].font = Font(bold=True, size=14)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def read_queue(path: Path) -> tuple[dict[int, dict[str, object]], str]:
    """Read the rows of the queue, by their number in the file; and how messages call a row of it. Raises InputError."""
    if not path.is_file():
        raise InputError(
            "berkas tidak ada / no such file", file=path, expected="antrean yang sudah diisi / a filled-in queue"
        )
    if path.suffix.lower() == ".csv":
        where, table = "baris/row", _csv_rows(path)
    elif path.suffix.lower() == ".xlsx":
        where, table = f"lembar/sheet {SHEET}, baris/row", _xlsx_rows(path)
    else:
        raise InputError(
            f"akhiran '{path.suffix}' tidak dikenal / unknown suffix", file=path, expected=", ".join(FORMATS)
        )
    heading = [str(value or "").split("/")[0].strip() for value in (table[0] if table else ())]
    missing = [name for name in _NEEDED if name not in heading]
    if missing:
        raise InputError(
            f"{where} 1: kolom tidak ada / columns missing: {', '.join(missing)}",
            file=path,
            expected="kolom seperti ditulis oleh / the columns as written by `dtsen review --to`",
            action="isi antrean yang asli / fill in the original queue",
        )
    rows = {
        number: dict(zip(heading, values, strict=False))
        for number, values in enumerate(table[1:], start=2)
        if any(value not in (None, "") for value in values)
    }
    return rows, where


def _csv_rows(path: Path) -> list[Sequence[object]]:
    """Read the rows of a CSV file, heading first; comma or semicolon. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "bukan UTF-8 / not UTF-8", file=path, action="simpan sebagai CSV UTF-8 / save as CSV UTF-8"
        ) from error
    # A spreadsheet with Indonesian settings writes semicolons.
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[unescape_formula(value) for value in row] for row in rows]
    except csv.Error as error:
        raise InputError(
            "tanda kutip yang tidak ditutup / a quotation mark that is never closed",
            file=path,
            line=rows.line_num,
            action="perbaiki baris itu, atau isi antrean yang asli / mend that line, or fill in the original queue",
        ) from error


def _xlsx_rows(path: Path) -> list[Sequence[object]]:
    """Read the rows of the queue's sheet, heading first. Raises InputError."""
    try:
        workbook = openpyxl.load_workbook(path, data_only=True)
    except (*DAMAGE, *_WRONG_CONTENT) as error:
        raise InputError(
            "bukan buku kerja XLSX, atau rusak / not an XLSX workbook, or a damaged one",
            file=path,
            action="simpan ulang sebagai .xlsx / save again as .xlsx",
        ) from error
    if SHEET not in workbook.sheetnames:
        raise InputError(
            f"lembar/sheet '{SHEET}' tidak ada / is missing", file=path, expected=f"lembar/sheet '{SHEET}'"
        )
    return list(workbook[SHEET].iter_rows(values_only=True))
