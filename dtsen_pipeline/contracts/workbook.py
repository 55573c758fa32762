"""Reading an XLSX workbook row by row, every cell as the text that the spreadsheet shows or holds.

What belongs here: the parts of a workbook and what a cell means. Which sheet and which row is whose is the reader's business.

Why a reader of our own, by CPU time on 200,000 rows of 24 columns: DuckDB's ``read_xlsx`` (11 s) takes the first shared string
for an empty typed cell, knows no 1904 and loses its connection on a bad index; calamine (4 s, the whole sheet in memory) takes the
first string for an index that is no number, makes nothing of ``#REF!`` and stops at an error it does not know; openpyxl (2.6 times
the time of this) says "list index out of range" for a broken index and stops at style sheets it does not like. Expat takes 18 s in
80 MB, and says which cell is broken.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from dtsen_pipeline.errors import InputError

_CHUNK = 1 << 19
_DIGITS = "0123456789"
# Number formats that every spreadsheet knows by number and that show a day: ECMA-376 18.8.30, with those of East Asia.
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LAST_DAY = 2_958_465  # 9999-12-31
_LAST_BARE_DAY = 60_000  # as the macro ``tanggal_lengkap``: what is longer is a date written as digits


@dataclass(frozen=True)
class Sheet:
    """A worksheet; ``number`` counts all sheets of the workbook from 1, ``part`` is its file in the archive."""

    number: int
    name: str
    part: str


class Workbook:
    """An open workbook. ``sheets`` are its worksheets in order, hidden ones too; ``count`` is of sheets of every kind.

    Raises what ``DAMAGE`` lists where the file is no workbook, is cut off or damaged.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._archive = zipfile.ZipFile(path)
        # Writers disagree on capitals and on the slash.
        self._parts = {part.replace("\\", "/").lower(): part for part in self._archive.namelist()}
        try:
            main = next(iter(self._related("", "officeDocument").values()), "xl/workbook.xml")
            book = self._tree(main)
            related = self._related(main, "worksheet")
            nodes = [node for node in book.iter() if _local(node.tag) == "sheet"]
            self.count = len(nodes)
            self.sheets = [
                Sheet(number, node.get("name", ""), part)
                for number, node in enumerate(nodes, start=1)
                if (part := related.get(next((v for k, v in node.attrib.items() if _local(k) == "id"), "")))
            ]
            properties = next((node for node in book.iter() if _local(node.tag) == "workbookPr"), None)
            self.counts_from_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
            self._days = self._day_styles(next(iter(self._related(main, "styles").values()), None))
            self._strings = self._shared(next(iter(self._related(main, "sharedStrings").values()), None))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def rows(
        self, sheet: Sheet, days: Collection[int] = (), numbers: Collection[int] = ()
    ) -> Iterator[tuple[int, dict[int, str]]]:
        """Row number (from 1) and text by column (from 0) of each row with a cell that is not blank, as the sheet has them.

        Whole numbers have no point and no exponent, dates are ISO, errors and truth values as the spreadsheet shows them. ``days``
        are columns of dates, whose bare numbers count from 1904 where the workbook does; ``numbers`` are columns in which a
        date's look means nothing. A number that could be a year (1800 to 2199), and one of the first two days, stays as it is.

        Raises InputError, naming sheet and cell, where a cell points to a text that is not there.
        """
        done: list[tuple[int, dict[int, str]]] = []
        parser = self._row_parser(sheet, done, frozenset(days) if self.counts_from_1904 else frozenset(), numbers)
        with self._open(sheet.part) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
                yield from done
                done.clear()
            parser.Parse(b"", True)
        yield from done

    def _row_parser(
        self, sheet: Sheet, done: list[tuple[int, dict[int, str]]], days: Collection[int], numbers: Collection[int]
    ) -> expat.XMLParserType:
        parser = _parser()
        columns: dict[str, int] = {}
        held: list[str] = []
        strings, day_styles = self._strings, self._days
        number, at, kind, style, sound, filled = 0, -1, "n", "", False, False
        row: dict[int, str] = {}
        row_tag = cell_tag = value_tag = text_tag = sound_tag = ""

        def root(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row_tag, cell_tag, value_tag, text_tag, sound_tag
            prefix = tag[: tag.rfind(":") + 1]
            row_tag, cell_tag, value_tag, text_tag, sound_tag = (
                prefix + name for name in ("row", "c", "v", "t", "rPh")
            )
            parser.StartElementHandler = start

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal number, at, kind, style, sound, row, filled
            if tag == cell_tag:
                if reference := attributes.get("r"):
                    letters = reference.rstrip(_DIGITS)
                    if letters not in columns:
                        columns[letters] = _index(letters)
                    at = columns[letters]
                else:
                    at += 1
                kind = attributes.get("t", "n")
                style = attributes.get("s", "")
                if kind == "inlineStr":
                    held.append("")  # its text is here, if only an empty one
            elif tag == value_tag or (tag == text_tag and not sound):
                parser.CharacterDataHandler = held.append
            elif tag == row_tag:
                number = int(attributes.get("r", number + 1))
                at, row, filled = -1, {}, False
            elif tag == sound_tag:
                sound = True

        def end(tag: str) -> None:
            nonlocal sound, filled
            if tag in (value_tag, text_tag):
                parser.CharacterDataHandler = None
            elif tag == cell_tag:
                if held:
                    value = "".join(held)
                    held.clear()
                    if kind == "s":
                        index = value.strip()
                        if not index.isdecimal() or strings is None or int(index) >= len(strings):
                            raise self._points_nowhere(sheet, number, at)
                        value = strings[int(index)]
                    elif kind == "n":
                        if style in day_styles and at not in numbers:
                            value = _day(_number(value), self.counts_from_1904, _LAST_DAY)
                        elif not value.isdecimal():
                            value = _number(value)
                    elif kind == "d":
                        value = re.sub("T00:00:00([.]0+)?$", "", value)
                    elif kind in ("str", "inlineStr") and "_x" in value:
                        value = _unescaped(value)
                    if at in days and kind != "d":
                        value = _day(value, True, _LAST_BARE_DAY)
                    row[at] = value
                    filled = filled or not (value == "" or value.isspace())
            elif tag == row_tag:
                if filled:
                    done.append((number, row))
            elif tag == sound_tag:
                sound = False

        parser.StartElementHandler = root
        parser.EndElementHandler = end
        return parser

    def _points_nowhere(self, sheet: Sheet, line: int, column: int) -> InputError:
        cell = f"lembar/sheet {sheet.number}, sel/cell {letters(column)}{line}"
        what = (
            "berkas tidak memuat tabel teks (sharedStrings) yang dirujuk / the table of texts that it refers to is missing"
            if self._strings is None
            else "sel merujuk teks yang tidak ada / a cell refers to a text that is not there"
        )
        return InputError(
            f"{what}: {cell}",
            file=self.name,
            line=line,
            expected="a whole XLSX file",
            action="buka dan simpan ulang di Excel atau minta dikirim ulang / open and save it again, or ask for it again",
        )

    def _shared(self, part: str | None) -> list[str] | None:
        if part is None or part.lower() not in self._parts:
            return None
        texts: list[str] = []
        held: list[str] = []
        parser = _parser()
        sound = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal sound
            tag = tag[tag.rfind(":") + 1 :]
            if tag == "t" and not sound:
                parser.CharacterDataHandler = held.append
            elif tag == "rPh":
                sound = True

        def end(tag: str) -> None:
            nonlocal sound
            tag = tag[tag.rfind(":") + 1 :]
            if tag == "t":
                parser.CharacterDataHandler = None
            elif tag == "si":
                value = "".join(held)
                texts.append(_unescaped(value) if "_x" in value else value)
                held.clear()
            elif tag == "rPh":
                sound = False

        parser.StartElementHandler, parser.EndElementHandler = start, end
        with self._open(part) as file:
            parser.ParseFile(file)
        return texts

    def _day_styles(self, part: str | None) -> frozenset[str]:
        if part is None or part.lower() not in self._parts:
            return frozenset()
        tree = self._tree(part)
        own = {
            node.get("numFmtId"): _shows_day(node.get("formatCode", ""))
            for node in tree.iter()
            if _local(node.tag) == "numFmt"
        }
        used = [node for group in tree.iter() if _local(group.tag) == "cellXfs" for node in group]
        return frozenset(
            str(i)
            for i, node in enumerate(used)
            if own.get(node.get("numFmtId"), node.get("numFmtId", "0") in {str(n) for n in _DAY_FORMATS})
        )

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """Parts that ``part`` names as of this kind, by id."""
        folder, _, file = part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels".lstrip("/")
        if relations.lower() not in self._parts:
            return {}
        return {
            node.get("Id", ""): _resolved(folder, node.get("Target", ""))
            for node in self._tree(relations)
            if node.get("Type", "").endswith(f"/{kind}")
        }

    def _tree(self, part: str) -> ElementTree.Element:
        with self._open(part) as file:
            return ElementTree.fromstring(file.read())

    def _open(self, part: str) -> IO[bytes]:
        return self._archive.open(self._parts[part.lower()])


DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    KeyError,  # a part that is not there
    ElementTree.ParseError,
    expat.ExpatError,
    ValueError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # a part behind a password
    EOFError,
)
"""What reading a workbook raises where the file is damaged, beside ``zlib.error`` and OSError."""


def other_archive(path: Path) -> str | None:
    """What an archive is that holds no XLSX workbook; None where it is one, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.lower() for part in archive.namelist()}
    except zipfile.BadZipFile:
        return None
    if any(part.endswith("workbook.xml") for part in parts):
        return None
    if any(part.endswith("workbook.bin") for part in parts):
        return "XLSB"
    return (
        "an OpenDocument or Numbers file"
        if parts & {"content.xml", "mimetype", "index/document.iwa"}
        else "a ZIP archive"
    )


def letters(index: int) -> str:
    """The name of a column counted from 0: A, B, .. Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _index(name: str) -> int:
    index = 0
    for letter in name.upper():
        if not "A" <= letter <= "Z":
            raise ValueError("no column")
        index = index * 26 + ord(letter) - 64
    return index - 1


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    return parser


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target[1:]
    places = folder.split("/") if folder else []
    for place in target.split("/"):
        if place == "..":
            places = places[:-1]
        elif place != ".":
            places.append(place)
    return "/".join(places)


def _shows_day(code: str) -> bool:
    shown = _NO_FORMAT.sub("", code).lower()
    return shown != "general" and any(sign in shown for sign in ("d", "y", "mmm"))


def _unescaped(value: str) -> str:
    def sign(found: re.Match[str]) -> str:
        code = int(found[1], 16)
        return found[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)

    return _ESCAPED.sub(sign, value)


def _number(value: str) -> str:
    """A number as the spreadsheet keeps it: 15 digits behind the point's mess, a whole one in full."""
    try:
        exact = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 20:
        return value
    if exact == exact.to_integral_value():
        return format(exact.to_integral_value(), "f")
    return format(Decimal(format(float(exact), ".15g")), "f")


def _day(value: str, counts_from_1904: bool, last: int) -> str:
    """ISO of a day number up to ``last``; the text as it is where it is none, a year, or a zero."""
    try:
        exact = float(value)
    except ValueError:
        return value
    if not 2 < exact <= last or 1800 <= exact < 2200 or (exact < 61 and not counts_from_1904):
        return value
    seconds = round((exact - int(exact)) * 86_400)
    moment = datetime(1904, 1, 1) if counts_from_1904 else datetime(1899, 12, 30)
    try:
        moment += timedelta(days=int(exact), seconds=seconds)
    except OverflowError:
        return value
    return moment.date().isoformat() if not seconds % 86_400 else str(moment)
